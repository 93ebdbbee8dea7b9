//! Why something is written: a line in the review, which stays with its version.

use super::driver::{Explorer, Setup};
use dynamini::store::{Base, Cost};
use dynamini::tui::event::Effect;
use dynamini::tui::pane::Pane;
use insta::assert_snapshot;

const MINE: &str = r#"{"price":15,"stock":3,"tags":["brass"]}"#;
const THEIRS: &str = r#"{"price":20,"stock":3,"tags":["brass"]}"#;

fn newest_note(explorer: &Explorer) -> Option<&str> {
    let newest = explorer.app.timeline().and_then(|timeline| timeline.newest()).expect("a timeline shows");
    newest.note.as_deref()
}

#[tokio::test(flavor = "multi_thread")]
async fn saving_says_why_where_one_wants() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s").await.shows("Tab note").hides("┃ note").keys("tab").await;
    explorer.text("  new price list n N y ").await.shows("note    new price list n N y");
    explorer.app.cost = Cost::default();
    assert_snapshot!("note_120x36", explorer.screen());
    explorer.resize(80, 24);
    assert_snapshot!("note_80x24", explorer.screen());
    explorer.keys("enter").await.shows("✓ saved");
    assert_eq!(newest_note(&explorer), Some("new price list n N y"));
    assert!(explorer.pane(Pane::Timeline).contains("new"));
    explorer.edit(THEIRS).await.keys("ctrl-s").await.hides("new price list n").keys("enter").await.shows("✓ saved");
    assert_eq!(newest_note(&explorer), None, "a note is for one version");
}

#[tokio::test(flavor = "multi_thread")]
async fn bringing_back_says_why_too() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("[ r tab").await.text("the old price\n").await.shows("✓ restored");
    assert_eq!(newest_note(&explorer), Some("the old price"));
    explorer.keys("u tab").await.text("or not\n").await.shows("✓ undone");
    assert_eq!(newest_note(&explorer), Some("or not"));
    explorer.keys("d down enter . r tab").await.text("still sold\n").await.shows("✓ brought back");
    assert_eq!(newest_note(&explorer), Some("still sold"));
    explorer.keys("4 a").await.text("floor\n").await.keys("ctrl-s tab").await.text("ordered\n").await;
    explorer.shows("entry \"floor\" created");
    assert_eq!(newest_note(&explorer), Some("ordered"));
    // A deletion mark has no place for one.
    explorer.keys("u").await.shows("Undo: delete entry").hides("Tab note").keys("tab").await.hides("┃ note");
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_leads_from_the_note_to_the_review_and_from_there_to_the_editor_where_it_stays() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s tab").await.text("why").await.keys("esc").await;
    explorer.shows("note  why").shows("Save entry").shows("n N changes").keys("esc").await.hides("Save entry");
    explorer.keys("ctrl-s").await.shows("note  why").keys("tab").await.text(" not\n").await.shows("✓ saved");
    assert_eq!(newest_note(&explorer), Some("why not"));
    explorer.keys("[ r tab").await.text("given up").await.keys("esc esc r").await.hides("given up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_outlives_a_conflict_and_the_merge() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s tab").await.text("mine").await.other_writes("eve@web", THEIRS).await;
    explorer.keys("enter").await.shows("to be settled: 1").keys("m enter").await.shows("merged").shows("note  mine");
    explorer.keys("enter").await.shows("✓ saved").shows("4 versions");
    assert_eq!(newest_note(&explorer), Some("mine"));
    explorer.keys("[ r tab").await.text("theirs was right").await.other_writes("eve@web", MINE).await;
    explorer.keys("enter").await.shows("nothing was written").keys("[ r").await.shows("note  theirs was right");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_outlives_a_write_that_failed() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s tab").await.text("why").await;
    explorer.carry_out(vec![Effect::ReadOnly(true)]);
    explorer.keys("enter").await.shows("not written: the connection is read-only").shows("note  why");
    explorer.carry_out(vec![Effect::ReadOnly(false)]);
    explorer.keys("enter").await.shows("✓ saved");
    assert_eq!(newest_note(&explorer), Some("why"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_outlives_the_question_of_a_protected_connection() {
    let mut explorer = Explorer::lamp_with(Setup { is_protected: true, ..Setup::default() }).await;
    explorer.edit(MINE).await.keys("ctrl-s tab").await.text("why\n").await.shows("Write to local?").keys("enter").await;
    explorer.shows("note  why").keys("enter down enter").await.shows("✓ saved");
    assert_eq!(newest_note(&explorer), Some("why"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_has_its_limit() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s tab").await.paste(&"é".repeat(499)).keys("x").await.hides("at most");
    explorer
        .keys("y")
        .await
        .shows("a note has at most 500 characters")
        .paste("more")
        .shows("more than the 500 characters");
    explorer.keys("backspace z enter").await.shows("✓ saved");
    assert_eq!(newest_note(&explorer), Some(format!("{}z", "é".repeat(499)).as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_copied_command_carries_the_note() {
    let mut explorer = Explorer::lamp().await;
    let subject = explorer.app.subject().expect("the lamp is selected");
    explorer.edit(MINE).await.keys("ctrl-s tab").await.text("it's why").await.keys("esc y").await;
    let copied = |explorer: &Explorer| match explorer.asked.last() {
        Some(Effect::Copy(line)) => line.clone(),
        other => panic!("nothing was copied: {other:?}"),
    };
    assert!(copied(&explorer).contains(r" put --if-version "), "{}", copied(&explorer));
    assert!(copied(&explorer).contains(r" '--note=it'\''s why' -- "), "{}", copied(&explorer));
    explorer.keys("esc esc down enter [ r tab").await.text("-x").await.keys("esc y").await;
    assert!(copied(&explorer).contains(" restore --if-version "), "{}", copied(&explorer));
    assert!(copied(&explorer).contains(" --note=-x -- "), "{}", copied(&explorer));
    explorer.keys("esc").await.other_writer("eve").await.delete(&subject, Base::Any).await.expect("it is deleted");
    explorer.keys("ctrl-r . 5 g r tab").await.text("b").await.keys("esc y").await;
    assert!(copied(&explorer).contains(" undelete --if-version "), "{}", copied(&explorer));
    assert!(copied(&explorer).contains(" --note=b -- "), "{}", copied(&explorer));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_the_timeline_cuts_is_told_in_full_above_the_value() {
    let mut explorer = Explorer::lamp().await;
    let note = "the supplier has told us that brass is dearer from the first of the month on, by a fifth at least";
    explorer.edit(MINE).await.keys("ctrl-s tab").await.text(note).await.keys("enter").await.shows("✓ saved");
    explorer.shows("note: the supplier has told us").shows("fifth at");
    explorer.keys("=").await.shows("note: the supplier has told us").shows("~1");
    explorer.keys("= [").await.hides("note: ").shows("spring sale");
}
