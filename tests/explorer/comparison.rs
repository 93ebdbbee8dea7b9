//! A collection compared with how it was, and with another one.

use super::bring_back::with_changes;
use super::driver::{Explorer, Setup};
use super::line::{Line, State};
use dynamini::model::{Application, User};
use insta::assert_snapshot;

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_is_compared_with_how_it_was() {
    let mut explorer = with_changes(Setup::default()).await;
    explorer.keys("C").await.shows("Compare shop › ada › lamps").text("09:45\n").await;
    explorer.shows("shop › ada › lamps: 2026-11-22 09:45 → now   4");
    explorer.shows("~ changed").shows("- removed").shows("wall → sconce").shows("+ added");
    assert_snapshot!("comparison_120x36", explorer.screen());
    explorer.keys("enter").await.shows("changed desk").shows("\"price\": 99").keys("esc").await.shows("wall → sconce");
    explorer.keys("C").await.hides("wall → sconce");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_capacity_is_used_up_it_waits_for_it_and_lacks_nothing() {
    let line = Line::default();
    let mut explorer = with_changes(Setup { line: line.clone(), ..Setup::default() }).await;
    explorer.keys("C").await;
    line.is(State::ThrottlesAfter(0));
    explorer.text("09:45\n").await.shows("2026-11-22 09:45 → now   4").shows("waiting for it").hides("failed");
    assert_eq!(line.state(), State::Up, "a request was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_brought_back_all_of_it_or_what_is_marked() {
    let mut explorer = with_changes(Setup { size: (80, 24), ..Setup::default() }).await;
    explorer.keys("C").await.text("09:45\n").await;
    assert_snapshot!("comparison_80x24", explorer.screen());
    explorer.keys("r").await.shows("Bring back 4 entries of shop").keys("esc /").await.text("removed\n").await;
    explorer.keys("r").await.shows("Bring back 1 entry of").shows("entry floor").keys("esc esc g space r").await;
    explorer.shows("Bring back 1 entry of").shows("entry desk").keys("ctrl-s").await.shows("1 of 1 done");
    explorer.keys("esc ctrl-r").await.hides("changed").shows("renamed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_marked_collection_is_compared_with_the_selected_one() {
    let mut explorer = Explorer::lamp().await;
    let bob = explorer.other_writer("bob@cli").await;
    let made = bob.create_collection(&Application::new("shop"), &User::new("ada"), "chairs").await.expect("it is made");
    let chairs = made.value.record.subject.collection().clone();
    bob.create_entry(&chairs, "desk", "{\"price\":1}", None).await.expect("it is made");
    bob.create_entry(&chairs, "stool", "1", None).await.expect("it is made");
    explorer.keys("3 ctrl-r").await.go_to(&["shop", "ada", "chairs"]).await.keys("m").await;
    explorer.go_to(&["shop", "ada", "lamps"]).await.keys("C").await;
    explorer.shows("shop › ada › chairs → shop › ada › lamps   2").shows("changed").shows("- removed").shows("stool");
    explorer
        .keys("r")
        .await
        .shows("these are two collections")
        .keys("enter")
        .await
        .shows("changed desk")
        .keys("esc esc")
        .await;
    // A version of the collection itself stands for its moment.
    explorer.keys("m C").await.shows("lamps: 2026-11-22 06:39").shows("+ added").shows("desk");
    explorer.keys("esc ctrl-r").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_selected_or_nothing_different_is_said() {
    let mut explorer = Explorer::empty().await;
    explorer.keys("esc C").await.shows("select a collection first").keys("B").await;
    explorer.shows("select what is to be brought back first");
}
