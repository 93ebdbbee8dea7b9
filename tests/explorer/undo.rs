//! Taking back what this session wrote, and putting it forward again.

use super::driver::{Explorer, Setup};
use dynamini::model::at::At;
use dynamini::store::{Base, Cost};
use insta::assert_snapshot;

const MINE: &str = r#"{"price":15,"stock":3,"tags":["brass"]}"#;

async fn saved() -> Explorer {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s enter").await.shows("✓ saved; u undoes it").shows("\"price\": 15");
    explorer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_is_taken_back_and_put_forward_as_new_versions() {
    let mut explorer = saved().await;
    explorer.keys("u").await.shows("Undo: bring back the value before of entry \"desk\"");
    explorer.shows("-   \"price\": 15,").shows("+   \"price\": 12,").keys("enter").await;
    explorer.shows("✓ undone; U redoes it").shows("\"price\": 12").shows("4 versions");
    explorer.keys("U").await.shows("Redo: bring back the value before of entry \"desk\"").keys("enter").await;
    explorer.shows("✓ redone").shows("\"price\": 15").shows("5 versions");
    explorer.keys("U").await.shows("nothing was undone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_a_deletion_and_a_creation_are_named_and_taken_back() {
    let mut explorer = Explorer::lamp().await;
    explorer
        .keys("R ctrl-u")
        .await
        .text("table\n")
        .await
        .shows("▸ table")
        .keys("d down enter")
        .await
        .shows("deleted; u");
    explorer.keys("u").await.shows("Undo: bring back entry \"table\"").keys("enter").await.shows("▸ table");
    explorer.keys("u").await.shows("Undo: bring back name \"desk\" of entry \"table\"").keys("enter").await;
    explorer.shows("▸ desk").keys("u").await.shows("nothing was written in this session");
    explorer.keys("a").await.text("stool\n").await.keys("ctrl-s enter").await.shows("entry \"stool\" created");
    explorer
        .keys("u")
        .await
        .shows("Undo: delete entry \"stool\", which was created")
        .keys("enter")
        .await
        .hides("▸ stool");
    explorer.keys("U enter").await.shows("stool").shows("✓ redone");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cursor_of_nothing_is_lost_when_the_window_is_closed() {
    let mut explorer = saved().await;
    explorer.keys("u esc").await.shows("\"price\": 15").shows("3 versions");
    explorer.keys("u enter").await.shows("\"price\": 12");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_someone_has_written_on_is_not_taken_back() {
    // Known before the question, and found out by the store.
    let mut explorer = saved().await;
    explorer.other_writes("eve@web", r#"{"price":99}"#).await;
    explorer.keys("ctrl-r u").await.shows("not undone: eve@web wrote (").hides("Undo:");
    let mut explorer = saved().await;
    explorer.keys("u").await.other_writes("eve@web", r#"{"price":99}"#).await;
    explorer.keys("enter").await.shows("nothing was written: someone else wrote since").shows("\"price\": 99");
    let mut explorer = saved().await;
    let subject = explorer.app.subject().expect("the lamp is selected");
    explorer.other_writer("eve@web").await.delete(&subject, Base::Any).await.expect("it is deleted");
    explorer.keys("ctrl-r . u").await.shows("not undone: eve@web deleted it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_writes_of_the_session_are_listed_and_each_is_taken_back_from_there() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("W").await.shows("this session has written nothing yet");
    explorer.edit(MINE).await.keys("ctrl-s enter").await;
    explorer.keys("3 R").await.text("2\n").await.shows("▸ lamps2");
    explorer.app.cost = Cost::default();
    explorer.keys("W").await;
    assert_snapshot!("journal_120x36", explorer.screen());
    // The save lies under no other write of its entry, though a collection was renamed since.
    explorer.keys("j enter").await.shows("Undo: bring back the value before of entry \"desk\"").keys("enter").await;
    explorer.keys("esc u").await.shows("Undo: bring back name \"lamps\" of collection \"lamps2\"");
    explorer.keys("esc W j j enter").await.shows("that is undone already");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newer_of_two_saves_comes_first() {
    let mut explorer = saved().await;
    explorer.edit(r#"{"price":16}"#).await.keys("ctrl-s enter").await;
    explorer.keys("W j enter").await.shows("this session has written on top of it since: undo that first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_connection_takes_nothing_back() {
    let mut explorer = Explorer::lamp_with(Setup { read_only: true, ..Setup::default() }).await;
    explorer.keys("u").await.shows("nothing was written in this session");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_someone_deleted_meanwhile_is_brought_back_by_the_way() {
    for keys in ["u", "[ r"] {
        let mut explorer = saved().await;
        explorer.keys(keys).await;
        let subject = explorer.app.subject().expect("the lamp is selected");
        let eve = explorer.other_writer("eve@web").await;
        eve.delete(&subject, Base::Any).await.expect("it is deleted");
        explorer.keys("enter").await.shows("nothing was written: entry \"desk\" is deleted");
        assert!(eve.at(&subject, At::Newest).await.expect("it is there").value.is_deleted(), "{keys}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_someone_has_answered_by_writing_closes_by_itself() {
    let mut explorer = saved().await;
    explorer.other_writes("eve@web", r#"{"price":99}"#).await;
    explorer.keys("u").await;
    explorer.until(|explorer| explorer.app.overlays.is_empty()).await.shows("eve@web wrote (").hides("Undo:");
}
