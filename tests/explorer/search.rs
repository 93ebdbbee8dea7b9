//! A search through all versions.

use super::driver::{Explorer, Setup};
use super::line::{Line, State};
use dynamini::model::{Application, User};
use dynamini::store::Base;
use dynamini::tui::event::Effect;
use dynamini::tui::pane::Pane;
use insta::assert_snapshot;

/// Ada's lamps, and one more collection of hers with a red chair that is deleted.
async fn furnished(setup: Setup) -> Explorer {
    let explorer = Explorer::lamp_with(setup).await;
    let bob = explorer.other_writer("bob@cli").await;
    let chairs = bob.create_collection(&Application::new("shop"), &User::new("ada"), "chairs").await;
    let chairs = chairs.expect("it is created").value.record.subject.collection().clone();
    let value = r#"{"colour":"red","seat":{"colour":"Red"}}"#;
    let stool = bob.create_entry(&chairs, "stool", value, None).await.expect("it is created").value.subject;
    bob.delete(&stool, Base::Any).await.expect("it is deleted");
    explorer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_found_in_all_versions_of_the_collection() {
    let mut explorer = furnished(Setup::default()).await;
    explorer
        .keys("F")
        .await
        .shows("Find in all versions of shop › ada › lamps")
        .shows("small letters find capital ones");
    assert_snapshot!("search_typing_120x36", explorer.screen());
    explorer.text("red\n").await.shows("red in all versions of shop › ada › lamps   1");
    explorer.shows(".colour: \"red\"").shows("1 hit in 2 versions of 1 history").hides("stool");
    assert_snapshot!("search_120x36", explorer.screen());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_of_a_user_goes_through_all_collections_and_what_is_deleted() {
    let mut explorer = furnished(Setup { size: (80, 24), ..Setup::default() }).await;
    explorer.keys("2 F").await.text("red\n").await.shows("stool in chairs").shows("desk in lamps").shows("(+1)");
    assert_snapshot!("search_80x24", explorer.screen());
    explorer.keys("/").await.text("bob\n").await.keys("esc esc").await.hides("in all versions");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_past_what_came_later_is_not_searched() {
    let mut explorer = furnished(Setup::default()).await;
    explorer.pass(60_000).await.other_writes("bob@cli", r#"{"colour":"mauve"}"#).await;
    explorer.keys("T").await.text("30s ago\n").await.keys("F").await.text("mauve\n").await;
    explorer
        .shows("mauve in all versions of shop › ada › lamps as of 2026-11-22 ")
        .shows("It is in none of the versions.");
    explorer.keys("esc T enter F").await.text("mauve\n").await.shows(".colour: \"mauve\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_capacity_is_used_up_it_waits_for_it_and_says_so() {
    let line = Line::default();
    let mut explorer = furnished(Setup { line: line.clone(), ..Setup::default() }).await;
    explorer.keys("2 F").await;
    line.is(State::ThrottlesAfter(2));
    explorer.text("red\n").await.shows("2 hits in").shows("waiting for it").hides("failed");
    assert_eq!(line.state(), State::Up, "a request was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_and_values_at_paths_are_found() {
    let mut explorer = furnished(Setup::default()).await;
    explorer.keys("2 F").await.text(".seat.colour\n").await.shows(".seat.colour: \"Red\"").shows("1 hit in");
    explorer.keys("F ctrl-u").await.text(".colour=red\n").await.shows("2 hits in");
    explorer.keys("F ctrl-u").await.text(".price=[\n").await.shows("✗ \"[\" is no JSON value");
    // What was found before stays until something else is searched for.
    explorer.keys("esc").await.shows("2 hits in");
    explorer.keys("F ctrl-u").await.text("nowhere\n").await.shows("It is in none of the versions.");
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_shows_the_version_at_the_place_and_f_comes_back() {
    let mut explorer = furnished(Setup::default()).await;
    explorer.keys("2 F").await.text("red\n").await.keys("/").await.text("desk\n").await.keys("enter").await;
    explorer.hides("in all versions").shows("▸ desk").shows("\"colour\": \"red\"");
    assert_eq!(explorer.line(), 1, "the older version is selected");
    assert_eq!(explorer.app.focus, Pane::Value);
    assert_eq!(explorer.app.value.search.text(), "red");
    explorer.keys("F").await.shows("red in all versions of shop › ada   1 of 2").shows("as it was left");
    // What is deleted is shown too.
    explorer.keys("esc /").await.text("stool\n").await.keys("enter").await.shows("▸ stool");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_value_is_scrolled_to_what_was_found() {
    let mut explorer = Explorer::lamp().await;
    let lines: Vec<String> = (0..200).map(|number| format!("\"key{number}\":{number}")).collect();
    explorer.other_writes("bob@cli", &format!("{{{}}}", lines.join(","))).await;
    explorer.keys("F").await.text(".key150\n").await.keys("enter").await.shows("\"key150\": 150").hides("\"key3\"");
    let cursor = explorer.app.value.cursor().expect("a value has one");
    assert_eq!(cursor.path.to_string(), ".key150");
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_leaves_a_search_that_was_never_begun() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("F enter").await.shows("type what to search for").keys("esc").await.hides("Find in all versions");
    assert!(!explorer.asked.iter().any(|effect| matches!(effect, Effect::Survey(..))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_halfway_says_that_it_is_a_part() {
    let line = Line::default();
    let mut explorer = furnished(Setup { line: line.clone(), ..Setup::default() }).await;
    line.is(State::DownAfter(2));
    explorer.keys("2 F").await.text("red\n").await.shows("failed: this is a part").shows("^R reads again");
    line.is(State::Up);
    explorer.keys("ctrl-r").await.shows("2 hits in").hides("failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_can_be_pasted() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("F").await.paste("bra\nss").shows("find  bra ss").keys("ctrl-u").await.paste("brass");
    explorer.keys("enter").await.shows(".tags[0]: \"brass\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_very_small_screen_keeps_what_was_found() {
    let mut explorer = furnished(Setup { size: (60, 20), ..Setup::default() }).await;
    explorer.keys("2 F").await.text("red\n").await.shows(".colour: \"red\"").shows("stool in cha").shows("2 hits in");
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_on_an_empty_line_repeats_the_last_search_and_up_brings_it_back() {
    let mut explorer = Explorer::lamp().await;
    explorer
        .keys("F")
        .await
        .text("brass\n")
        .await
        .shows(".tags[0]: \"brass\"")
        .keys("esc")
        .await
        .hides("in all versions");
    explorer.keys("F").await.hides("brass ").keys("enter").await.shows("brass in all versions").shows(".tags[0]");
    explorer.keys("esc F up").await.shows("find  brass").text("es\n").await.shows("It is in none of the versions");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_find_far_to_the_right_is_moved_onto_the_screen() {
    let mut explorer = Explorer::lamp().await;
    let long = "lorem ipsum ".repeat(40);
    explorer.other_writes("bob@cli", &format!(r#"{{"text":"{long}needle {long}"}}"#)).await;
    explorer.keys("ctrl-r F").await.text("needle\n").await.keys("enter").await;
    assert!(explorer.pane(Pane::Value).contains("needle"), "{}", explorer.pane(Pane::Value));
    explorer.keys("w").await.keys("n").await;
    assert!(explorer.pane(Pane::Value).contains("needle"), "{}", explorer.pane(Pane::Value));
}
