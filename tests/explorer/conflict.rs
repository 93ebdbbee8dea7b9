//! Another writer saves what is being edited here.

use super::driver::{Explorer, LAMP, Setup};
use dynamini::store::{Base, Cost};
use insta::assert_snapshot;

const MINE: &str = r#"{"price":15,"stock":3,"tags":["brass"],"mine":true}"#;
const THEIRS: &str = r#"{"price":20,"stock":2,"tags":["brass"]}"#;

async fn conflict_at(size: (u16, u16)) -> Explorer {
    let mut explorer = Explorer::lamp_with(Setup { size, ..Setup::default() }).await;
    explorer.edit(MINE).await.keys("ctrl-s").await.other_writes("eve@web", THEIRS).await;
    explorer.keys("enter").await;
    explorer
}

async fn conflict() -> Explorer {
    conflict_at((120, 36)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_are_shown_by_path() {
    let mut explorer = conflict().await;
    explorer.app.cost = Cost::default();
    assert_snapshot!("conflict_120x36", explorer.screen());
    for line in ["~ .price: 12 → 20", "~ .stock: 3 → 2", "~ .price: 12 → 15", "+ .mine: true", "! .price"] {
        explorer.shows(line);
    }
    explorer.shows("eve@web").shows("nothing you typed is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_fits_small_screens() {
    for size in [(80, 24), (60, 10), (40, 8)] {
        let mut explorer = conflict_at(size).await;
        explorer
            .shows("They changed")
            .keys("G")
            .await
            .shows("Writing yours also takes back")
            .keys("g")
            .await
            .shows("They changed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn theirs_is_kept() {
    let mut explorer = conflict().await;
    // One key discards nothing: the cursor of the question is on going back.
    explorer.keys("t enter").await.shows("You changed");
    explorer.keys("t down enter").await.shows("theirs was kept").shows("\"price\": 20").shows("3 versions");
    assert!(explorer.app.editing.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn mine_is_written_on_top() {
    let mut explorer = conflict().await;
    explorer.keys("m").await.shows("✓ saved").shows("\"price\": 15").shows("\"mine\": true").shows("4 versions");
    explorer.keys("[").await.shows("\"price\": 20");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_editor_is_back_with_theirs_at_hand() {
    for key in ["e", "esc"] {
        let mut explorer = conflict().await;
        explorer.keys(key).await.shows("They changed (eve@web").shows("~ .price: 12 → 20").shows("\"mine\":true");
        explorer.keys("f2").await.shows("You changed").keys("esc").await.hides("You changed");
        explorer.keys("ctrl-s").await.shows("-   \"price\": 20,").shows("+   \"price\": 15,").keys("enter").await;
        explorer.shows("✓ saved").shows("4 versions").hides("They changed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_writer_in_a_row_is_a_second_conflict() {
    let mut explorer = conflict().await;
    explorer.other_writes("mallory@web", r#"{"price":21}"#).await;
    explorer.keys("m").await.shows("mallory@web").shows("~ .price: 12 → 21").shows("+ .mine: true");
    explorer.keys("m").await.shows("✓ saved").shows("5 versions").shows("\"mine\": true");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_meanwhile_is_brought_back_with_mine() {
    for keys in ["m", "e ctrl-s enter"] {
        let mut explorer = Explorer::lamp().await;
        explorer.edit(MINE).await.keys("ctrl-s").await;
        let subject = explorer.app.subject().expect("the lamp is selected");
        explorer.other_writer("eve@web").await.delete(&subject, Base::Any).await.expect("it is deleted");
        explorer.keys("enter").await.shows("deleted it; writing yours brings it back").shows("eve@web");
        explorer
            .keys(keys)
            .await
            .shows("✓ saved")
            .shows("\"mine\": true")
            .shows("▸ desk")
            .shows("deleted         eve@web");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_renamed_meanwhile_keeps_that_name() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s").await;
    let subject = explorer.app.subject().expect("the lamp is selected");
    let edit = dynamini::store::Edit { name: Some("table".into()), ..Default::default() };
    explorer.other_writer("eve@web").await.update(&subject, &edit, Base::Any).await.expect("it is renamed");
    explorer.keys("enter").await.shows("renamed it to \"table\"").keys("m").await.shows("✓ saved").shows("▸ table");
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_from_the_conflict_asks_first() {
    let mut explorer = conflict().await;
    explorer.keys("ctrl-c enter").await;
    assert_eq!(explorer.asked, []);
    explorer.shows("You changed:");
    assert_ne!(MINE, LAMP);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_deleted_meanwhile_is_no_conflict_and_loses_no_text() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit("{\"mine\": 1}").await;
    let collection = explorer.app.collection().expect("one is selected");
    let eve = explorer.other_writer("eve@web").await;
    eve.delete(&collection.into(), dynamini::store::Base::Any).await.expect("it is deleted");
    explorer.keys("ctrl-s enter").await.shows("collection \"lamps\" is deleted").hides("Someone else");
    explorer.keys("esc").await.shows("{\"mine\": 1}").shows("✎ changed");
}
