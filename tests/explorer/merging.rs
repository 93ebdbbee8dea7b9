//! Another writer saves what is being edited here, and both become one.

use super::driver::{Explorer, Setup};
use dynamini::store::{Base, Cost, Edit};
use insta::assert_snapshot;

/// Of the lamp `{"price":12,"stock":3,"tags":["brass"]}`.
const MINE: &str = r#"{"price":15,"stock":3,"tags":["brass"],"mine":true}"#;
const THEIRS: &str = r#"{"price":20,"stock":2,"tags":["brass"]}"#;
/// Touches no path that `MINE` touches.
const ELSEWHERE: &str = r#"{"price":12,"stock":3,"tags":["new","brass"],"theirs":1}"#;

async fn conflict_at(size: (u16, u16), theirs: &str) -> Explorer {
    let mut explorer = Explorer::lamp_with(Setup { size, ..Setup::default() }).await;
    explorer.edit(MINE).await.keys("ctrl-s").await.other_writes("eve@web", theirs).await;
    explorer.keys("enter").await;
    explorer
}

async fn conflict() -> Explorer {
    conflict_at((120, 36), THEIRS).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_changed_is_asked_and_the_rest_merges_by_itself() {
    let mut explorer = conflict().await;
    explorer.app.cost = Cost::default();
    assert_snapshot!("merging_120x36", explorer.screen());
    explorer.shows("nothing you typed is lost").shows("to be settled: 1").shows("▸ .price").hides("▸ .stock");
    explorer.shows("before 12").shows("○ theirs 20").shows("○ mine   15").shows("eve@web wrote");
    explorer.keys("enter").await.shows("1 is not settled yet");
    explorer.keys("m").await.shows("● mine   15").keys("enter").await.shows("Save entry \"desk\", merged");
    // The difference is against theirs.
    explorer.shows("-   \"price\": 20,").shows("+   \"price\": 15,").shows("+   \"mine\": true").hides("\"stock\": 3");
    explorer.keys("enter").await.shows("✓ saved").shows("4 versions");
    explorer.shows("\"price\": 15").shows("\"stock\": 2").shows("\"mine\": true");
    explorer.keys("[").await.shows("\"price\": 20");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_settled_as_theirs_or_with_another_value_and_again() {
    let mut explorer = conflict().await;
    explorer.keys("t enter").await.shows("merged").hides("-   \"price\"").shows("+   \"mine\": true").keys("esc").await;
    explorer.keys("e").await.shows("✎ typed  20▏").keys("ctrl-u").await.text("17.5x").await.keys("enter").await;
    explorer.shows("✗ line 1").keys("backspace enter").await.shows("● typed  17.5").keys("enter enter").await;
    explorer.shows("✓ saved").shows("\"price\": 17.5").shows("\"stock\": 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_that_do_not_touch_need_no_choice_also_within_an_array() {
    let mut explorer = conflict_at((120, 36), ELSEWHERE).await;
    explorer
        .shows("Nothing was changed by both")
        .shows("+ .tags[0]: \"new\"")
        .shows("+ .mine: true")
        .keys("enter enter")
        .await;
    for text in ["\"price\": 15", "\"new\",", "\"theirs\": 1", "\"mine\": true"] {
        explorer.shows(text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_fits_small_screens() {
    for size in [(80, 24), (60, 10), (40, 8)] {
        let mut explorer = conflict_at(size, THEIRS).await;
        explorer.shows("▸ .price").shows("○ mine").keys("m enter").await.shows("merged").keys("esc esc").await;
        explorer.shows("Edit  desk").shows("⚠ newer");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_of_mine_is_left_theirs_is_kept_after_a_question() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(r#"{"price":15,"stock":3,"tags":["brass"]}"#).await.keys("ctrl-s").await;
    explorer.other_writes("eve@web", THEIRS).await;
    explorer.keys("enter t enter").await.shows("Keep theirs?").keys("enter").await.shows("● theirs 20");
    explorer.keys("enter down enter").await.shows("\"price\": 20").shows("3 versions");
    assert!(explorer.app.editing.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_editor_is_back_with_theirs_at_hand_and_saving_merges() {
    let mut explorer = conflict().await;
    explorer.keys("esc").await.shows("There is a newer version").shows("~ .price: 12 → 20").shows("\"mine\":true");
    explorer.shows("⚠ newer: eve@web wrote").shows("^S merge and save");
    explorer.edit(r#"{"price":12,"stock":3,"tags":["brass"],"mine":2}"#).await.keys("ctrl-s").await;
    explorer.shows("Nothing was changed by both").keys("enter enter").await.shows("✓ saved").shows("\"mine\": 2");
    explorer.shows("\"price\": 20").hides("There is a newer version");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_sees_a_newer_version_says_so_before_saving() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.hides("⚠ newer").other_writes("eve@web", THEIRS).await;
    // What is typed is kept every moment, and every so often the newest version is looked at with it.
    explorer.look().await.shows("⚠ newer: eve@web wrote").shows("~ .price: 12 → 20");
    explorer.keys("ctrl-s").await.shows("▸ .price").keys("m enter enter").await.shows("✓ saved").shows("\"stock\": 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_writer_in_a_row_is_a_second_merge_and_the_choices_made_stay() {
    let mut explorer = conflict().await;
    explorer.keys("m enter").await.other_writes("mallory@web", r#"{"price":20,"stock":1,"tags":[]}"#).await;
    explorer.keys("enter").await.shows("mallory@web").shows("Nothing was changed by both").shows("~ .stock: 2 → 1");
    explorer
        .keys("enter enter")
        .await
        .shows("✓ saved")
        .shows("5 versions")
        .shows("\"price\": 15")
        .shows("\"stock\": 1");
    explorer.shows("\"mine\": true").shows("\"tags\": []");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_meanwhile_stays_so_or_is_brought_back_with_mine() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s").await;
    let subject = explorer.app.subject().expect("the lamp is selected");
    explorer.other_writer("eve@web").await.delete(&subject, Base::Any).await.expect("it is deleted");
    explorer
        .keys("enter")
        .await
        .shows("they deleted the entry")
        .shows("○ theirs stays deleted")
        .shows("eve@web deleted it");
    explorer.keys("t enter").await.shows("Keep theirs?").keys("esc m enter").await.shows("merged").keys("enter").await;
    explorer.shows("✓ saved").shows("\"mine\": true").shows("▸ desk").shows("deleted         eve@web");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_renamed_meanwhile_keeps_that_name() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s").await;
    let subject = explorer.app.subject().expect("the lamp is selected");
    let edit = Edit { name: Some("table".into()), ..Default::default() };
    explorer.other_writer("eve@web").await.update(&subject, &edit, Base::Any).await.expect("it is renamed");
    explorer
        .keys("enter")
        .await
        .shows("renamed it to \"table\"")
        .keys("enter enter")
        .await
        .shows("✓ saved")
        .shows("▸ table");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_theirs_that_is_not_json_is_taken_or_left_as_a_whole() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s").await;
    explorer.original_writes("not { json").await;
    explorer.keys("enter").await.shows("the whole value, because their value is not JSON").shows("○ theirs not { json");
    explorer
        .keys("e")
        .await
        .shows("here it is theirs or mine")
        .keys("t enter")
        .await
        .shows("Keep theirs?")
        .keys("esc")
        .await;
    explorer.keys("m enter").await.shows("merged").keys("enter").await.shows("✓ saved").shows("\"mine\": true");
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_from_the_merge_asks_first() {
    let mut explorer = conflict().await;
    explorer.keys("ctrl-c enter").await;
    assert_eq!(explorer.asked, []);
    explorer.shows("You changed:");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_deleted_meanwhile_is_no_conflict_and_loses_no_text() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit("{\"mine\": 1}").await;
    let collection = explorer.app.collection().expect("one is selected");
    let eve = explorer.other_writer("eve@web").await;
    eve.delete(&collection.into(), Base::Any).await.expect("it is deleted");
    explorer.keys("ctrl-s enter").await.shows("collection \"lamps\" is deleted").hides("Someone else");
    explorer.keys("esc").await.shows("{\"mine\": 1}").shows("✎ changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn items_that_both_put_in_at_one_place_can_both_be_taken() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(r#"{"price":12,"stock":3,"tags":["brass",[["mine"]]]}"#).await.keys("ctrl-s").await;
    explorer.other_writes("eve@web", r#"{"price":12,"stock":3,"tags":["brass",["theirs"],7]}"#).await;
    explorer.keys("enter").await.shows("items put in by both").shows(r#"○ theirs [["theirs"],7]"#);
    explorer.keys("b").await.shows(r#"● typed  [["theirs"],7,[["mine"]]]"#).keys("enter enter").await.shows("✓ saved");
    let value = explorer.app.timeline().and_then(|timeline| timeline.newest()).and_then(|newest| newest.value.clone());
    assert_eq!(value.as_deref(), Some(r#"{"price":12,"stock":3,"tags":["brass",["theirs"],7,[["mine"]]]}"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_settled_and_typed_is_there_again_after_a_look_at_the_editor() {
    let mut explorer = conflict().await;
    explorer.keys("e ctrl-u").await.paste("19").keys("enter").await.shows("● typed  19");
    explorer.keys("m").await.shows("● mine   15").shows("○ typed  19").keys("e enter").await.shows("● typed  19");
    explorer.keys("esc").await.shows("✎ changed").keys("ctrl-s").await.shows("● typed  19").shows("all settled");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_the_same_meanwhile_leaves_nothing_to_save() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s").await.other_writes("eve@web", MINE).await;
    explorer.keys("enter").await.shows("nothing of yours to save").shows("\"price\": 15").shows("3 versions");
    assert!(explorer.app.editing.is_none() && explorer.app.overlays.is_empty());
}
