//! Restoring, deleting, adding and renaming.

use dynamini::tui::pane::Level;

use super::driver::Explorer;

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_is_restored_with_two_keys() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("[ r").await.shows("Restore the entry of 2026-11-22 06:39:00").shows("+   \"price\": 10,");
    explorer.keys("enter").await.shows("✓ restored as a new version").shows("3 versions").shows("↺ 22 Nov 06:39");
    explorer.shows("\"price\": 10").keys("5 G").await.shows("\"price\": 10");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_version_needs_no_restoring() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("r").await.shows("this is the newest version");
    assert!(explorer.app.overlays.is_empty());
    explorer.keys("[ r esc").await.shows("2 versions");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_is_asked_with_the_cursor_on_cancel() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("d").await.shows("Delete this entry?").shows("▸ Cancel").keys("enter").await.shows("▸ desk");
    explorer.keys("d d d esc").await.shows("▸ desk");
    explorer.keys("d down enter").await.shows("all are deleted;").hides("▸ desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_entry_is_brought_back() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("d down enter .").await.shows("▸ desk").shows("⌫").shows("deleted");
    explorer.keys("d").await.shows("it is deleted already: r brings it back");
    explorer.keys("r").await.shows("Bring back the deleted entry").keys("enter").await.shows("✓ brought back");
    explorer.keys(".").await.shows("▸ desk").shows("↺ undeleted").keys("e").await.shows("Edit  desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_of_a_deleted_entry_is_restored() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("d down enter . [ [ r enter").await.shows("✓ restored").shows("\"price\": 10");
    explorer.keys(".").await.shows("▸ desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_is_deleted_and_brought_back_with_its_entries() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("3 d").await.shows("Delete this collection?").shows("Its entries stay").keys("down enter").await;
    explorer.hides("▸ lamps").keys(".").await.shows("▸ lamps").keys("r enter").await.shows("✓ brought back");
    explorer.keys(". ctrl-r l").await.shows("▸ desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_collection_is_added_from_the_top() {
    let mut explorer = Explorer::lamp().await;
    explorer
        .keys("1 a")
        .await
        .shows("New collection")
        .text("Billing\nMax Müller\n")
        .await
        .shows("stored as Max-Muller");
    explorer.text("bills\n").await.shows("✓ collection \"bills\" created");
    assert_eq!((explorer.app.level, explorer.selected()), (Level::Collections, "bills"));
    assert_eq!(explorer.app.application().map(|name| name.as_str().to_owned()).as_deref(), Some("Billing"));
    explorer.keys("a").await.hides("application   ").text("bills\n").await.shows("was there already");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_says_what_is_missing_and_keeps_what_was_typed() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("1 a").await.text("shop\n\n\n").await.shows("✗ user can't be empty").shows("shop");
    explorer.text("日").await.shows("nothing of it can be stored").text("\nthings\n").await.shows("✗ nothing of that");
    explorer.keys("backtab ctrl-u").await.text("ada\n\n").await.shows("✓ collection \"things\" created");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_added_with_its_value() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("a").await.shows("New entry").text("floor\n").await.shows("Edit  new entry \"floor\"");
    explorer.keys("ctrl-a").await.paste(r#"{"price":70}"#).keys("ctrl-s").await.shows("Create entry \"floor\"");
    explorer.keys("enter").await.shows("✓ entry \"floor\" created").shows("▸ floor").shows("\"price\": 70");
    explorer.shows("✚ created").shows("4 Entries 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_entry_is_not_lost_by_esc() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("a").await.text("floor\n").await.keys("esc").await.shows("Close the editor?").keys("enter").await;
    explorer.shows("Edit  new entry \"floor\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_added_is_selected_whatever_the_filter() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("/ d e s k enter a").await.text("floor\n").await.keys("ctrl-s enter").await;
    assert_eq!(explorer.selected(), "floor");
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_and_collections_are_renamed() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("R").await.shows("Rename the entry").keys("enter").await.shows("that is its name already");
    explorer.keys("ctrl-u").await.text("table\n").await.shows("✓ renamed").shows("▸ table").shows("was desk");
    explorer.shows("\"price\": 12");
    explorer.keys("3 R ctrl-u").await.text("lights\n").await.shows("▸ lights").shows("was lamps").shows("▸ table");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_typed_while_another_writer_was_first_is_kept() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("R ctrl-u").await.text("table").await.other_writes("eve@web", "{}").await;
    explorer.keys("enter").await.shows("someone else wrote since").shows("table").keys("enter").await;
    explorer.shows("✓ renamed").shows("▸ table").shows("eve@web").shows("1  {}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_came_too_late_writes_nothing() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("d").await.other_writes("eve@web", "{}").await;
    explorer.keys("down enter").await.shows("someone else wrote since").shows("▸ desk").shows("eve@web");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_came_too_late_writes_nothing() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("[ r").await.other_writes("eve@web", "{}").await;
    explorer.keys("enter").await.shows("someone else wrote since").hides("Restore the entry").shows("eve@web");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_entry_of_one_name_is_asked_for_twice() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("a").await.text("desk\n").await.shows("that name is there already");
    explorer.keys("enter").await.shows("new entry \"desk\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_write_right_after_a_save_is_based_on_it() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(r#"{"price":15}"#).await.keys("ctrl-s").await.keys_at_once("enter");
    explorer.until(|explorer| explorer.app.status.text.contains("saved")).await;
    // The history has not been read again yet.
    explorer.shows("\"price\": 15").keys_at_once("R 2 enter");
    explorer.settle().await;
    explorer.shows("▸ desk2").shows("4 versions").hides("someone else");
}
