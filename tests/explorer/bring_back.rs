//! Many brought back to a moment: marked, planned, looked over, carried out, and what is left of it.

use super::driver::{Explorer, Setup};
use super::line::{Line, State};
use dynamini::bring_back::Progress;
use dynamini::model::{Subject, Version};
use dynamini::store::{Base, Cost, Edit};
use dynamini::tui::event::{Became, Effect, Event, Load, Outcome, Reply};
use insta::assert_snapshot;

/// A collection in which an entry was edited, one deleted, one renamed and one created since 09:45.
pub async fn with_changes(setup: Setup) -> Explorer {
    let mut explorer = Explorer::lamp_with(setup).await;
    let bob = explorer.other_writer("bob@cli").await;
    let lamps = explorer.app.collection().expect("it is selected");
    let desk = explorer.app.subject().expect("it is selected");
    let mut made = Vec::new();
    for name in ["floor", "wall", "shade"] {
        made.push(bob.create_entry(&lamps, name, "{\"price\":1}", None).await.expect("it is created").value.subject);
    }
    explorer.pass(120_000).await;
    let edit = |name: Option<&str>, value: Option<&str>| Edit {
        name: name.map(str::to_owned),
        value: value.map(str::to_owned),
        ..Edit::default()
    };
    bob.update(&desk, &edit(None, Some("{\"price\":99}")), Base::Any).await.expect("it is saved");
    bob.delete(&made[0], Base::Any).await.expect("it is deleted");
    bob.update(&made[1], &edit(Some("sconce"), None), Base::Any).await.expect("it is renamed");
    bob.create_entry(&lamps, "torch", "1", None).await.expect("it is created");
    explorer.keys("4 ctrl-r").await;
    explorer
}

async fn planned(setup: Setup) -> Explorer {
    let mut explorer = with_changes(setup).await;
    explorer.keys("B").await.text("09:45\n").await;
    explorer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_is_planned_and_brought_back() {
    let mut explorer = with_changes(Setup::default()).await;
    explorer.keys("B").await.shows("Bring back shop › ada › lamps").text("09:45").await;
    explorer.shows("2026-11-22 09:45:00, 1m ago");
    assert_snapshot!("moment_120x36", explorer.screen());
    explorer.keys("enter").await.shows("Bring back shop › ada › lamps to 2026-11-22 09:45   4");
    explorer.shows("RCU: 1 to restore, 1 to rename back, 1 to undelete, 1 to delete, 2 as it was").shows("about ");
    assert_snapshot!("plan_120x36", explorer.screen());
    explorer.keys("ctrl-s").await.shows("4 of 4 done").shows("✓ done").shows("is as it was: 4 done; u takes it back");
    assert_snapshot!("done_120x36", explorer.screen());
    explorer.keys("esc").await.hides("Bring back").shows("floor").shows("wall").hides("torch").hides("sconce");
    explorer.go_to(&["shop", "ada", "lamps", "desk"]).await.shows("\"price\": 12").shows("as of 2026-11-22");
    explorer.keys("B").await.text("09:45\n").await.shows("Nothing is to be done: all is as it was then.");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_capacity_is_used_up_the_plan_waits_for_it_and_lacks_nothing() {
    let line = Line::default();
    let mut explorer = with_changes(Setup { line: line.clone(), ..Setup::default() }).await;
    explorer.keys("2 B").await;
    // The collections, then the entries of one.
    line.is(State::ThrottlesAfter(1));
    explorer.text("09:45\n").await.shows("to 2026-11-22 09:45   4").shows("waiting for it").hides("failed");
    assert_eq!(line.state(), State::Up, "a request was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_fits_a_small_terminal() {
    let mut explorer = planned(Setup { size: (80, 24), ..Setup::default() }).await;
    assert_snapshot!("plan_80x24", explorer.screen());
    explorer.resize(60, 20);
    explorer.shows("restore").shows("entry desk").shows("^S carry out");
}

#[tokio::test(flavor = "multi_thread")]
async fn marked_entries_are_brought_back_and_no_others() {
    let mut explorer = with_changes(Setup::default()).await;
    explorer.keys("g space").await.shows("4 +1⌫, 1 marked").keys("V").await.shows("2 marked: B brings them back");
    assert_snapshot!("marked_120x36", explorer.screen());
    explorer.keys("B").await.shows("Bring back 2 entries of shop › ada › lamps").text("09:45\n").await;
    explorer.shows("entry desk").shows("entry sconce → wall").hides("torch").keys("ctrl-s").await.shows("2 of 2 done");
    explorer.keys("esc").await.hides("marked").shows("torch");
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_takes_the_marks_off_after_the_filter() {
    let mut explorer = with_changes(Setup::default()).await;
    explorer.keys("space / s enter esc").await.shows("1 marked").keys("esc").await.hides("1 marked");
    explorer.keys("2 space").await.shows("collections and entries can be marked").keys("4 V").await;
    explorer.shows("Space marks the row to start from");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_left_out_and_planned_again() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys("g space").await.shows("left out").shows("1 to rename back, 1 to undelete, 1 to delete, 2 as it was");
    explorer
        .keys("ctrl-s")
        .await
        .shows("3 of 3 done")
        .shows("3 done; the other rows are as they were")
        .hides("is as it was:");
    explorer.keys("B").await.shows("lamps to 2026-11-22 09:45   1").shows("left out").keys("space ctrl-s").await;
    explorer.shows("1 of 1 done").keys("esc").await;
    explorer.go_to(&["shop", "ada", "lamps", "desk"]).await.shows("\"price\": 12");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_someone_else_wrote_meanwhile_is_skipped_and_listed_and_left_to_the_next_plan() {
    let mut explorer = planned(Setup::default()).await;
    let bob = explorer.other_writer("bob@cli").await;
    let desk = explorer
        .app
        .timelines
        .iter()
        .find(|timeline| timeline.newest().is_some_and(|newest| newest.name.as_deref() == Some("desk")));
    let desk = desk.expect("it was shown").subject.clone();
    let edit = Edit { value: Some("{\"price\":100}".into()), ..Edit::default() };
    bob.update(&desk, &edit, Base::Any).await.expect("it is saved");
    explorer
        .keys("ctrl-s")
        .await
        .shows("3 of 4 done, 1 skipped")
        .shows("– skipped: someone else wrote since")
        .shows("B plans what is left");
    assert_snapshot!("skipped_120x36", explorer.screen());
    explorer.keys("B").await.shows("1 to restore, 5 as it was").keys("ctrl-s").await.shows("1 of 1 done");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_slipped_in_at_the_same_moment_is_said_at_its_row() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys_at_once("ctrl-s");
    let request = *explorer.app.writes.keys().next().expect("it is being written");
    let desk = explorer.app.subject().expect("it is selected");
    let done = Progress { done: 4, of: 4, slipped_in: 1, ..Progress::default() };
    let ended = Reply::Written(request, Ok(Outcome::BroughtBack(None)), Cost::default());
    explorer.take(Event::Reply(Reply::BroughtBack(
        request,
        desk,
        Became::Done { version: Version::from_ms(1), slipped_in: 1 },
        done,
    )));
    explorer.take(Event::Reply(ended));
    explorer.shows("✓ done, over 1 version(s) of another writer").shows("1 version(s) of another writer slipped in");
    explorer.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_was_being_read_is_not_mixed_with_what_is_read_after_the_work() {
    let mut explorer = with_changes(Setup::default()).await;
    for price in 100..140 {
        explorer.other_writes("bob@cli", &format!("{{\"price\":{price}}}")).await;
    }
    explorer.keys("ctrl-r").await;
    let desk = Load::History(explorer.app.subject().expect("it is selected"));
    let reads = |explorer: &Explorer| explorer.app.loads.values().filter(|load| **load == desk).count();
    assert_eq!(reads(&explorer), 1, "it waits for the selection to come near");
    explorer.keys("B").await.text("09:45\n").await.keys("ctrl-s").await.shows("4 of 4 done").keys("esc").await;
    assert_eq!(reads(&explorer), 1, "only the new one is waited for");
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_shows_what_will_change() {
    let mut explorer = planned(Setup::default()).await;
    explorer
        .keys("g")
        .await
        .keys("enter")
        .await
        .shows("now → 2026-11-22 09:45")
        .shows("\"price\": 99")
        .shows("\"price\": 12");
    assert_snapshot!("difference_120x36", explorer.screen());
    explorer.keys("esc").await.shows("^S carry out");
    explorer.keys("/").await.text("torch\n").await.keys("enter").await.shows("delete torch").keys("esc esc").await;
    explorer.shows("entry desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_brought_back_is_taken_back() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys("u").await.shows("nothing was carried out yet").keys("ctrl-s").await;
    explorer
        .keys("u")
        .await
        .shows("undelete")
        .shows("torch")
        .keys("ctrl-s")
        .await
        .shows("4 of 4 done")
        .keys("esc")
        .await;
    explorer.shows("sconce").shows("torch").hides("wall");
    explorer.go_to(&["shop", "ada", "lamps", "desk"]).await.shows("\"price\": 99");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_brought_back_is_taken_back_after_its_window_was_closed_too() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys("ctrl-s esc").await.hides("Bring back").keys("W").await;
    explorer.shows("Written in this session   1").shows("brought 4 of shop › ada › lamps back to 2026-11-22 09:45");
    explorer.keys("enter").await.shows("Undo: brought 4 of").shows("torch").keys("esc esc").await;
    explorer.hides("torch").keys("u ctrl-s").await.shows("undone: 4 done; U redoes it").keys("esc").await;
    explorer.shows("sconce").shows("torch").hides("wall");
    explorer.keys("u").await.shows("nothing was written in this session that could be undone");
    explorer.keys("U").await.shows("Redo: brought 4 of").keys("ctrl-s").await.shows("redone: 4 done; u undoes it");
    explorer.keys("esc").await.shows("wall").hides("sconce").keys("W").await.shows("redo: ").shows("(undone) ");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_after_it_is_undone_first() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys("ctrl-s esc").await.go_to(&["shop", "ada", "lamps", "desk"]).await;
    explorer.keys("d down enter").await.keys("u").await.shows("Undo: bring back entry \"desk\"").keys("enter").await;
    explorer.keys("u").await.shows("Undo: brought 4 of").keys("ctrl-s").await;
    explorer.shows("undone: 4 done").keys("esc").await.go_to(&["shop", "ada", "lamps", "desk"]).await;
    explorer.shows("\"price\": 99");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_before_it_is_undone_after_it() {
    let mut explorer = with_changes(Setup::default()).await;
    explorer.go_to(&["shop", "ada", "lamps", "desk"]).await.edit("{\"price\":7}").await.keys("ctrl-s enter").await;
    explorer.keys("4 B").await.text("09:45\n").await.keys("ctrl-s").await.shows("4 of 4 done").keys("esc").await;
    explorer.keys("u ctrl-s").await.shows("undone: 4 done").keys("esc").await;
    explorer.go_to(&["shop", "ada", "lamps", "desk"]).await.shows("\"price\": 7");
    explorer.keys("u").await.shows("Undo: bring back the value before").shows("\"price\": 99").keys("enter").await;
    explorer.shows("\"price\": 99").shows("undone");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_leads_to_the_version_before_also_where_a_clock_was_ahead() {
    let mut explorer = Explorer::lamp().await;
    let bob = explorer.other_writer("bob@cli").await;
    let desk = explorer.app.subject().expect("it is selected");
    // His clock is an hour ahead, and what he wrote the newest version for an hour.
    explorer.pass(3_600_000).await;
    let edit = Edit { value: Some("{\"price\":99}".into()), ..Edit::default() };
    bob.update(&desk, &edit, Base::Any).await.expect("it is saved");
    explorer.pass(-3_600_000).await;
    explorer.keys("ctrl-r B").await.text("09:00\n").await.keys("ctrl-s").await.shows("1 of 1 done");
    explorer.keys("u ctrl-s").await.shows("undone: 1 done").keys("esc").await.shows("\"price\": 99");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_hides_no_write_and_leaves_many_out_at_once() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys("/").await.text("torch\n").await.shows("1 of 4").keys("ctrl-s").await;
    explorer.shows("the filter hides 3 of 4 writes").keys("V").await.shows("1 row left out").keys("esc ctrl-s").await;
    explorer.shows("3 of 3 done").keys("esc").await.shows("torch");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_says_why_in_what_it_writes() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys("tab").await.text("the sale is off\n").await.shows("note  the sale is off").keys("ctrl-s esc").await;
    explorer.go_to(&["shop", "ada", "lamps", "desk"]).await.shows("note: as of 2026-11-22T09:45:00Z: the sale is off");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_can_be_copied_as_the_command_that_does_the_same() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys("tab").await.text("off\n").await.keys("y").await;
    let copied = |explorer: &mut Explorer| match explorer.asked.pop() {
        Some(Effect::Copy(text)) => text,
        other => panic!("nothing was copied: {other:?}"),
    };
    let line = copied(&mut explorer);
    let collection = explorer.app.collection().expect("it is selected").id;
    let flags = r"--data-dir '/srv/it'\''s here'";
    let expected = format!("dynamini {flags} restore --as-of 2026-11-22T09:45:00Z --note=off -- shop/ada/{collection}");
    assert_eq!(line, expected);
    explorer.keys("g space y").await.shows("a command line leaves nothing out");
    let mut explorer = planned(Setup { is_protected: true, ..Setup::default() }).await;
    explorer.keys("ctrl-s ctrl-y").await;
    assert!(copied(&mut explorer).contains(" restore --as-of "));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_wrote_meanwhile_is_not_taken_back() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys("ctrl-s").await.shows("4 of 4 done").pass(120_000).await;
    let bob = explorer.other_writer("bob@cli").await;
    let lamps = explorer.app.collection().expect("it is selected");
    let mut desk = explorer.app.timelines.iter().map(|timeline| timeline.subject.clone()).rev();
    let desk = desk.find(|subject| matches!(subject, Subject::Entry(_))).expect("it was shown");
    let edit = Edit { value: Some("{\"price\":100}".into()), ..Edit::default() };
    bob.update(&desk, &edit, Base::Any).await.expect("it is saved");
    bob.create_entry(&lamps, "chandelier", "1", None).await.expect("it is created");
    explorer.keys("u").await.shows("torch").hides("chandelier");
    explorer
        .keys("ctrl-s")
        .await
        .shows("3 of 4 done, 1 skipped")
        .shows("what someone else has written on since stays as it is")
        .keys("esc ctrl-r")
        .await
        .shows("chandelier")
        .shows("torch");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_that_is_none_is_said_in_the_form() {
    let mut explorer = with_changes(Setup::default()).await;
    explorer
        .keys("B enter")
        .await
        .shows("moment can't be empty")
        .text("soon\n")
        .await
        .shows("\"soon\" is no moment")
        .shows("or a version")
        .shows("Enter plan");
    explorer.keys("esc [ B").await.shows("2026-11-22 07:39").keys("esc").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_that_is_to_come_is_refused() {
    let mut explorer = with_changes(Setup::default()).await;
    explorer.keys("B").await.text("2027-01-01\n").await.shows("2027-01-01 00:00 is still to come");
    explorer.keys("esc C").await.text("now\n").await.shows("that is now: type a moment of the past");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_typed_ahead_wait_for_the_rows_that_they_mark() {
    let mut explorer = with_changes(Setup::default()).await.crash_and_start().await;
    explorer.keys_at_once("l l l space B");
    explorer.settle().await;
    explorer.shows("Bring back 1 entry of shop › ada › lamps");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_plan_have_no_marks() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys("G V").await.shows("4 rows left out").hides("marked").keys("V").await.shows("4 rows taken in again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_can_not_be_looked_at_says_why() {
    let line = Line::default();
    let mut explorer = planned(Setup { line: line.clone(), ..Setup::default() }).await;
    line.is(State::Down);
    explorer.keys("enter").await.shows("can't be reached").hides("What is listed is a part");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guards_hold() {
    let mut explorer = planned(Setup { read_only: true, ..Setup::default() }).await;
    explorer.shows("1 to restore").keys("ctrl-s").await.shows("read-only: nothing can be written");
    let mut explorer = planned(Setup { is_protected: true, ..Setup::default() }).await;
    explorer.keys("ctrl-s").await.shows("Type the connection's name to bring back 4 entries.");
    explorer.keys("esc").await.shows("^S carry out").keys("ctrl-s").await.text("local\n").await.shows("4 of 4 done");
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_stops_between_writes_and_the_next_plan_holds_the_rest() {
    let mut explorer = with_changes(Setup::default()).await;
    let bob = explorer.other_writer("bob@cli").await;
    let lamps = explorer.app.collection().expect("it is selected");
    for name in 0..40 {
        bob.create_entry(&lamps, &format!("lamp {name}"), "1", None).await.expect("it is created");
    }
    explorer.keys("B").await.text("09:45\n").await.shows("41 to delete");
    explorer.keys_at_once("ctrl-s esc");
    explorer.shows("stopping").settle().await;
    explorer.shows("stopped: ").shows("not reached").shows("B plans what is left");
    let done = explorer.screen().matches("✓ done").count();
    explorer.keys("B ctrl-s").await.shows(&format!("{} of {} done", 44 - done, 44 - done));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_can_be_written_it_ends_and_says_so() {
    let line = Line::default();
    let mut explorer = planned(Setup { line: line.clone(), ..Setup::default() }).await;
    line.is(State::AnswersWrites("AccessDeniedException"));
    explorer.keys("ctrl-s").await.shows("✗ failed: access denied").shows("ended, since nothing more could be written");
    line.is(State::Up);
    explorer.keys("B ctrl-s").await.shows("4 of 4 done");
    line.is(State::Down);
    explorer.keys("B").await.shows("can't be reached");
}

#[tokio::test(flavor = "multi_thread")]
async fn collections_are_marked_and_a_user_is_brought_back_as_a_whole() {
    let mut explorer = with_changes(Setup::default()).await;
    explorer.keys("3 d down enter").await.keys(". 3 space").await.shows("1 marked").keys("B").await;
    explorer
        .shows("Bring back 1 collection of shop › ada")
        .text("09:45\n")
        .await
        .shows("undelete     collection lamps");
    explorer.keys("esc esc 2 B").await.shows("Bring back shop › ada ").text("09:45\n").await;
    explorer.shows("undelete     collection lamps").shows("restore      entry desk").keys("ctrl-s").await;
    explorer.shows("5 of 5 done").keys("esc").await;
    explorer.go_to(&["shop", "ada", "lamps", "desk"]).await.shows("\"price\": 12");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_past_what_shows_is_brought_back_and_then_it_is_now() {
    let mut explorer = with_changes(Setup::default()).await;
    explorer.keys("T").await.text("09:45\n").await.shows("AS OF 2026-11-22 09:45").keys("4 g space B").await;
    explorer.shows("Bring back 1 entry of shop › ada › lamps to 2026-11-22 09:45").shows("restore      entry desk");
    explorer.keys("esc C").await.shows("2026-11-22 09:45 → now").shows("~ changed").keys("r").await;
    explorer
        .shows("Bring back 4 entries")
        .keys("ctrl-s")
        .await
        .shows("Write to now?")
        .shows("bring back")
        .keys("enter")
        .await;
    explorer.shows("AS OF").keys("ctrl-s down enter").await.shows("4 of 4 done").keys("esc esc").await;
    explorer.hides("AS OF").shows("wall").hides("torch");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_out_of_an_undo_can_still_be_undone() {
    let mut explorer = planned(Setup::default()).await;
    explorer.keys("ctrl-s u").await.shows("Undo: brought 4 of").shows("09:46:00.");
    explorer.keys("g space ctrl-s").await.shows("3 of 3 done");
    explorer
        .keys("esc u")
        .await
        .shows("Undo: brought 4 of")
        .keys("ctrl-s")
        .await
        .shows("1 of 1 done")
        .keys("esc")
        .await;
    explorer.keys("u").await.shows("nothing was written in this session that could be undone");
}
