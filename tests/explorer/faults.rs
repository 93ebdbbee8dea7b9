//! The store does not answer, or not this person: what is loaded stays, and what was typed too.

use super::driver::{Explorer, Setup};
use super::line::{Line, State};
use dynamini::tui::pane::{Level, Pane};
use insta::assert_snapshot;

async fn lamp_on(line: &Line) -> Explorer {
    Explorer::lamp_with(Setup { line: line.clone(), ..Setup::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_loaded_stays_and_what_failed_is_asked_for_again_by_itself() {
    let line = Line::default();
    let mut explorer = lamp_on(&line).await;
    line.is(State::Down);
    explorer.keys("ctrl-r").await.shows("the test's store can't be reached: connection refused");
    explorer.shows("⚠ can't be reached, again in 2 s").shows("▸ desk").shows("\"price\": 12");
    assert_snapshot!("unreachable_120x36", explorer.screen());
    // Everything that is here can be used.
    explorer.keys("[").await.shows("\"price\": 10").keys("=").await.shows("created").keys("= ]").await;
    // It counts, tries, waits longer, and is back without a key.
    explorer.pass(1_000).await.shows("again in 1 s");
    explorer.pass(1_500).await.shows("again in 4 s");
    line.is(State::Up);
    explorer.pass(3_000).await.shows("again in 1 s");
    explorer.pass(1_000).await.hides("⚠").shows("✓ answered again").shows("\"price\": 12");
    assert!(explorer.app.beat().is_none(), "nothing wakes the program any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_asks_again_at_once() {
    let line = Line::default();
    let mut explorer = lamp_on(&line).await;
    line.is(State::Answers("ProvisionedThroughputExceededException"));
    explorer.keys("ctrl-r").await.shows("⚠ throttled, again in 2 s");
    line.is(State::Up);
    explorer.keys("ctrl-r").await.hides("⚠").shows("answered again");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_still_looked_at_is_asked_for_again() {
    let line = Line::default();
    let mut explorer = lamp_on(&line).await;
    line.is(State::Down);
    explorer.keys("ctrl-r").await.shows("⚠ can't be reached");
    line.is(State::Up);
    explorer.keys("1").await;
    let waiting = explorer.app.outage.as_ref().expect("it waits").loads.len();
    explorer.pass(60_000).await.hides("⚠");
    assert!(waiting > 1, "more than the applications were waited for");
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_credentials_say_what_to_run_and_a_key_tries_the_same_again() {
    let line = Line::default();
    let mut explorer = lamp_on(&line).await;
    line.is(State::Answers("ExpiredTokenException"));
    explorer.keys("ctrl-r").await.shows("aws sso login").shows("⚠ signed out: sign in, then ^R").shows("▸ desk");
    assert!(explorer.app.beat().is_none(), "a person is waited for");
    line.is(State::Up);
    explorer.keys("ctrl-r").await.hides("⚠").shows("answered again").shows("\"price\": 12");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_fails_keeps_its_window_and_is_sent_again_by_the_same_key() {
    let line = Line::default();
    let mut explorer = lamp_on(&line).await;
    explorer.edit(r#"{"price":15}"#).await.keys("ctrl-s").await;
    for (state, words) in [
        (State::Down, "can't be reached"),
        (State::Answers("ThrottlingException"), "was throttled"),
        (State::Answers("ExpiredTokenException"), "aws sso login"),
    ] {
        line.is(state);
        explorer.keys("enter").await.shows("not written").shows(words).keys("g").await.shows("Save entry \"desk\"");
    }
    line.is(State::Up);
    explorer.keys("enter").await.shows("✓ saved").shows("\"price\": 15").shows("3 versions");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_write_is_on_a_read_only_connection_from_then_on() {
    let line = Line::default();
    let mut explorer = lamp_on(&line).await;
    line.is(State::AnswersWrites("AccessDeniedException"));
    explorer.edit(r#"{"price":15}"#).await.keys("ctrl-s enter").await;
    explorer.shows("READ-ONLY").shows("the credentials may not do dynamodb:PutItem").shows("! lets writes through");
    explorer
        .keys("esc")
        .await
        .shows("{\"price\":15}")
        .keys("esc down enter R")
        .await
        .shows("may not do dynamodb:PutItem");
    line.is(State::Up);
    explorer.keys("! R").await.text("2\n").await.shows("▸ desk2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_never_came_says_why_and_comes_by_itself() {
    let line = Line::default();
    let mut explorer = lamp_on(&line).await;
    explorer.keys("1").await;
    explorer.other_writer("bob").await;
    explorer.app.lists.clear();
    line.is(State::Down);
    explorer.keys("ctrl-r").await;
    let list = explorer.pane(Pane::List(Level::Applications));
    let words: Vec<&str> = list.split_whitespace().collect();
    assert!(words.join(" ").contains("can't be reached"), "{list}");
    line.is(State::Up);
    explorer.pass(2_500).await.shows("▸ shop").hides("⚠");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_ends_when_it_becomes_something_that_waiting_does_not_help() {
    let line = Line::default();
    let mut explorer = lamp_on(&line).await;
    line.is(State::Down);
    explorer.keys("ctrl-r").await.shows("⚠ can't be reached");
    line.is(State::Answers("AccessDeniedException"));
    explorer.pass(2_500).await.hides("⚠").shows("access denied");
    assert!(explorer.app.beat().is_none(), "nothing is tried any more");
    line.is(State::Up);
    explorer.keys("ctrl-r").await.shows("\"price\": 12").hides("loaded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_makes_no_wait_longer() {
    let line = Line::default();
    let mut explorer = lamp_on(&line).await;
    line.is(State::Down);
    explorer.keys("ctrl-r").await.shows("⚠ can't be reached");
    line.is(State::Up);
    explorer.pass(-3_600_000).await.hides("⚠").shows("answered again");
}
