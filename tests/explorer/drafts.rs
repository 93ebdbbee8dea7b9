//! What is typed outlives a crash, a full disk, a conflict and leaving.

use std::fs;
use std::path::{Path, PathBuf};

use super::driver::{Explorer, Setup};
use super::line::{Line, State};
use dynamini::drafts::{Drafts, Owner};
use dynamini::model::Subject;
use dynamini::store::{Base, Cost};
use dynamini::tui::event::{Effect, Event};
use insta::assert_snapshot;
use tempfile::TempDir;

const MINE: &str = r#"{"price":15,"stock":3,"tags":["brass"]}"#;
const THEIRS: &str = r#"{"price":12,"stock":2,"tags":["brass"]}"#;

fn directory() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory for the test");
    let drafts = directory.path().join("drafts");
    (directory, drafts)
}

async fn lamp(drafts: &Path) -> Explorer {
    Explorer::lamp_with(Setup { drafts: Some(drafts.to_owned()), ..Setup::default() }).await
}

/// The drafts on disk, as the next explorer would find them.
fn on_disk(drafts: &Path) -> Vec<String> {
    let kept = Drafts::open(drafts).and_then(|drafts| drafts.list()).expect("they can be read");
    kept.into_iter().map(|kept| kept.draft.expect("it is whole").text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_kept_and_gone_on_with_after_a_crash() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.edit("{\"price\": 1, not yet").await.kept().await.shows("✎").shows("1 draft");
    assert_eq!(on_disk(&drafts), ["{\"price\": 1, not yet"]);
    let mut explorer = explorer.crash_and_start().await;
    explorer.until(|explorer| !explorer.app.overlays.is_empty()).await.settle().await;
    explorer.until(|explorer| explorer.app.drafts.newest.len() == 1).await;
    explorer.app.cost = Cost::default();
    assert_snapshot!("drafts_120x36", explorer.screen());
    explorer
        .shows("Drafts: typed and not stored   1")
        .shows("entry \"desk\"   in shop › ada › lamps")
        .shows("nothing newer");
    explorer.keys("enter").await.until(|explorer| explorer.app.editing.is_some()).await.settle().await;
    explorer.shows("{\"price\": 1, not yet").shows("based on 2026-11-22 07:39:00").shows("▸ desk");
    explorer.edit(MINE).await.keys("ctrl-s enter").await.shows("✓ saved").shows("\"price\": 15");
    // Only now that it is stored, the draft is gone.
    explorer.until(|explorer| explorer.app.drafts.kept.is_empty()).await.hides("draft");
    assert_eq!(on_disk(&drafts), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_whose_base_moved_opens_in_the_merge() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.edit(MINE).await.kept().await.other_writes("eve@web", THEIRS).await;
    let mut explorer = explorer.crash_and_start().await;
    explorer.until(|explorer| explorer.app.drafts.newest.len() == 1).await.shows("⚠ changed since by eve@web");
    explorer.keys("enter").await.until(|explorer| explorer.app.editing.is_some()).await.settle().await;
    explorer.shows("Nothing was changed by both").shows("~ .stock: 3 → 2").shows("~ .price: 12 → 15");
    explorer.keys("enter enter").await.shows("✓ saved").shows("\"price\": 15").shows("\"stock\": 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_what_was_deleted_since_says_so_and_can_bring_it_back() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.edit(MINE).await.kept().await;
    let subject = explorer.app.subject().expect("the lamp is selected");
    explorer.other_writer("eve@web").await.delete(&subject, Base::Any).await.expect("it is deleted");
    let mut explorer = explorer.crash_and_start().await;
    explorer.until(|explorer| explorer.app.drafts.newest.len() == 1).await.shows("⚠ deleted since by eve@web");
    explorer.keys("enter").await.until(|explorer| explorer.app.editing.is_some()).await.settle().await;
    explorer.shows("they deleted the entry").keys("m enter enter").await.shows("✓ saved").shows("\"price\": 15");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_a_new_entry_is_gone_on_with() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.keys("a").await.text("stool\n\"legs\": 3").await.kept().await;
    let mut explorer = explorer.crash_and_start().await;
    explorer.until(|explorer| explorer.app.drafts.newest.len() == 1).await.shows("new entry \"stool\"");
    explorer.keys("enter").await.until(|explorer| explorer.app.editing.is_some()).await.settle().await;
    explorer.keys("ctrl-s enter").await.shows("entry \"stool\" created").shows("\"legs\": 3").shows("▸ stool");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_and_leaving_keep_the_draft_unless_it_is_discarded_by_name() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer
        .edit(MINE)
        .await
        .keys("esc")
        .await
        .shows("Close; what was typed stays as a draft")
        .keys("down enter")
        .await;
    explorer.until(|explorer| explorer.app.drafts.kept.len() == 1).await.shows("▸ desk").shows("✎");
    // Editing the entry again offers the draft.
    explorer.keys("e").await.shows("There is a draft").keys("enter").await;
    explorer.until(|explorer| explorer.app.editing.is_some()).await.settle().await;
    explorer.shows("\"price\":15").keys("esc down down").await.shows("▸ Discard what was typed for entry \"desk\"");
    explorer.keys("enter").await.until(|explorer| explorer.app.drafts.kept.is_empty()).await.hides("✎");
    // Leaving asks; leaving at once does not, and neither loses anything.
    explorer.edit(MINE).await.keys("ctrl-c").await;
    explorer.until(|explorer| explorer.asked == [Effect::Quit]).await;
    assert_eq!(on_disk(&drafts), [MINE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stored_value_can_be_edited_beside_a_draft() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.edit(MINE).await.keys("esc down enter").await;
    explorer
        .until(|explorer| explorer.app.drafts.kept.len() == 1)
        .await
        .keys("e down enter")
        .await
        .shows("\"price\": 12");
    explorer.keys("ctrl-a").await.paste("{\"other\":1}").keys("esc down enter").await;
    explorer.until(|explorer| explorer.app.drafts.kept.len() == 2).await.shows("2 drafts");
    let mut texts = on_disk(&drafts);
    texts.sort();
    assert_eq!(texts, ["{\"other\":1}", MINE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn undoing_everything_leaves_no_draft() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.keys("e").await.text("x").await.kept().await.keys("ctrl-u").await.hides("✎ changed");
    explorer.until(|explorer| explorer.app.drafts.kept.is_empty()).await;
    explorer.keys("esc").await;
    assert_eq!(on_disk(&drafts), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_keeps_what_was_typed_a_moment_ago() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.edit(MINE).await;
    explorer.take(Event::Ending);
    drop(explorer.crash_and_start().await);
    assert_eq!(on_disk(&drafts), [MINE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_explorers_on_one_entry_have_a_draft_each() {
    let (_directory, drafts) = directory();
    let mut first = lamp(&drafts).await;
    let setup = Setup { engine: first.engine.clone(), drafts: Some(drafts.clone()), ..Setup::default() };
    let mut second = Explorer::start(setup).await;
    second.go_to(&["shop", "ada", "lamps", "desk"]).await;
    first.edit("{\"first\":1}").await.kept().await;
    second.edit("{\"second\":1}").await.kept().await;
    let mut texts = on_disk(&drafts);
    texts.sort();
    assert_eq!(texts, ["{\"first\":1}", "{\"second\":1}"]);
    // Each sees the other's, and can't take it while it is being typed.
    second.keys("esc down enter").await.until(|explorer| explorer.app.editing.is_none()).await.keys("D").await;
    let is_running = |explorer: &Explorer| explorer.app.drafts.kept.iter().any(|kept| kept.owner == Owner::Running);
    second.until(is_running).await;
    second.until(|explorer| explorer.app.drafts.kept.len() == 2).await.shows("open in another dynamini");
    let running = second.app.drafts.kept.iter().position(|kept| kept.owner == Owner::Running).expect("it is listed");
    second.keys("g").await.keys(if running == 0 { "enter" } else { "j enter" }).await;
    second.shows("✗ it is open in another dynamini").keys("d").await.shows("which has it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_keeps_nothing_is_said_at_once_and_editing_goes_on() {
    let (_directory, drafts) = directory();
    // A file where the directory should be.
    fs::write(&drafts, "in the way").expect("it is written");
    let mut explorer = lamp(&drafts).await;
    explorer.until(|explorer| explorer.app.drafts.problem.is_some()).await.shows("⚠ drafts not kept");
    explorer.edit(MINE).await;
    explorer.until(|explorer| explorer.app.status.text.contains("what you type is not kept")).await;
    explorer.shows("^S saves it where").keys("x backspace").await;
    // Leaving at once would lose it, so that is asked.
    explorer.keys("ctrl-c").await.shows("Leave with an unsaved edit?").keys("esc").await;
    fs::remove_file(&drafts).expect("it is removed");
    explorer.text(" ").await.until(|explorer| explorer.app.drafts.problem.is_none()).await.shows("kept again");
    assert_eq!(on_disk(&drafts).len(), 1);
    explorer.keys("ctrl-s enter").await.shows("✓ saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_discarded_in_a_dialog_that_names_them() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.keys("D").await.shows("there are no drafts");
    explorer.edit(MINE).await.kept().await;
    let mut explorer = explorer.crash_and_start().await;
    explorer.until(|explorer| explorer.app.drafts.newest.len() == 1).await;
    explorer
        .keys("d")
        .await
        .shows("Discard this draft?")
        .shows("entry \"desk\"")
        .keys("enter")
        .await
        .shows("Drafts: typed and not stored");
    explorer.keys("d down enter").await.until(|explorer| explorer.app.drafts.kept.is_empty()).await;
    explorer.hides("Drafts: typed");
    assert_eq!(on_disk(&drafts), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_draft_and_one_of_another_connection_are_listed_and_left_alone() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.edit(MINE).await.kept().await;
    let Setup { engine, .. } = Setup { engine: explorer.engine.clone(), ..Setup::default() };
    drop(explorer.crash_and_start().await);
    let file = fs::read_dir(&drafts).expect("it is there").map(|entry| entry.expect("it is there").path());
    let file = file.into_iter().find(|path| path.extension().is_some_and(|end| end == "json")).expect("one is kept");
    let text = fs::read_to_string(&file).expect("it can be read");
    fs::write(&file, text.replace(super::driver::HOME, "another store")).expect("it is written");
    fs::write(file.with_file_name("0b7e4f8e-6b1e-4a52-9c3e-6f6a2d6f4f11-1.json"), "{\"form").expect("it is written");
    let mut explorer = Explorer::start(Setup { engine, drafts: Some(drafts.clone()), ..Setup::default() }).await;
    explorer.until(|explorer| !explorer.app.overlays.is_empty()).await.shows("another store").shows("is damaged");
    for _ in 0..2 {
        explorer.keys("enter").await;
        assert!(explorer.app.editing.is_none());
        explorer.keys("j").await;
    }
    explorer.keys("g enter").await;
    assert!(explorer.app.editing.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_credentials_and_an_unreachable_store_lose_no_draft() {
    let (_directory, drafts) = directory();
    let line = Line::default();
    let setup = Setup { drafts: Some(drafts.clone()), line: line.clone(), ..Setup::default() };
    let mut explorer = Explorer::lamp_with(setup).await;
    explorer.edit(MINE).await.keys("ctrl-s").await;
    line.is(State::Answers("ExpiredTokenException"));
    explorer.keys("enter").await.shows("aws sso login").kept().await;
    assert_eq!(on_disk(&drafts), [MINE]);
    explorer.keys("esc esc down enter").await.until(|explorer| explorer.app.editing.is_none()).await.keys("D").await;
    explorer.until(|explorer| !explorer.app.drafts.newest.is_empty()).await.shows("expired");
    line.is(State::Down);
    explorer.keys("enter").await.until(|explorer| explorer.app.status.text.contains("the draft stays")).await;
    line.is(State::Up);
    explorer.keys("enter").await.until(|explorer| explorer.app.editing.is_some()).await.settle().await;
    explorer.keys("ctrl-s enter").await.shows("✓ saved");
    explorer.until(|explorer| explorer.app.drafts.kept.is_empty()).await;
    let subject: Option<Subject> = explorer.app.subject();
    assert!(subject.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_closes_on_a_promise_that_the_disk_does_not_keep() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.edit(MINE).await.kept().await;
    // The disk fails between the question and the answer.
    fs::rename(&drafts, drafts.with_extension("away")).expect("it is moved");
    fs::write(&drafts, "in the way").expect("it is written");
    explorer.keys("esc down enter").await;
    explorer.until(|explorer| explorer.app.drafts.problem.is_some()).await.shows("what you type is not kept");
    explorer.keys("esc").await.shows("{\"price\":15").hides("stays as a draft").keys("enter ctrl-c").await;
    explorer.shows("It can't be kept as a draft").hides("Leave; it stays");
    assert_eq!(explorer.asked, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_opens_late_does_not_replace_what_is_edited_meanwhile() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.edit(MINE).await.keys("esc down enter").await;
    explorer.until(|explorer| explorer.app.editing.is_none()).await.keys("D").await;
    explorer.until(|explorer| !explorer.app.drafts.newest.is_empty()).await;
    explorer.keys_at_once("enter esc e down enter");
    explorer.paste("{\"begun\":\"meanwhile\"}");
    explorer.until(|explorer| explorer.app.status.text.contains("the draft stays where it is")).await;
    explorer.shows("meanwhile").hides("\"price\":15");
    explorer.kept().await;
    assert_eq!(on_disk(&drafts).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_entry_of_which_nothing_was_typed_but_the_name_is_kept() {
    let (_directory, drafts) = directory();
    let mut explorer = lamp(&drafts).await;
    explorer.keys("a").await.text("stool\n").await.keys("esc down enter").await;
    explorer.until(|explorer| !explorer.app.drafts.kept.is_empty()).await.keys("D").await;
    explorer.until(|explorer| !explorer.app.overlays.is_empty()).await.shows("new entry \"stool\"");
}
