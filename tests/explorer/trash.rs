//! What is deleted under a user or an application, in one list.

use super::driver::{Explorer, Setup};
use super::line::{Line, State};
use dynamini::model::{Application, Subject, User};
use dynamini::store::Base;
use dynamini::tui::overlay::Overlay;
use insta::assert_snapshot;

/// A store of two users, each with a deleted entry; one also with a deleted collection that holds one.
async fn with_deleted(size: (u16, u16)) -> Explorer {
    with_deleted_on(size, &Line::default(), false).await
}

async fn with_deleted_on(size: (u16, u16), line: &Line, is_protected: bool) -> Explorer {
    let line = line.clone();
    let explorer = Explorer::lamp_with(Setup { size, is_protected, line, ..Setup::default() }).await;
    let bob = explorer.other_writer("bob@cli").await;
    let shop = Application::new("shop");
    for (user, collection, entry, whole) in
        [("ada", "lamps", "old desk", false), ("ada", "chairs", "stool", true), ("eve", "beds", "cot", false)]
    {
        let made = bob.create_collection(&shop, &User::new(user), collection).await.expect("it is created");
        let key = made.value.record.subject.collection().clone();
        let entry = bob.create_entry(&key, entry, "{}", None).await.expect("it is created").value.subject;
        bob.delete(&entry, Base::Any).await.expect("it is deleted");
        if whole {
            bob.delete(&made.value.record.subject, Base::Any).await.expect("it is deleted");
        }
    }
    explorer
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trash_of_a_user_lists_collections_and_entries_with_who_and_when() {
    let mut explorer = with_deleted((120, 36)).await;
    explorer.keys("t").await.shows("Trash of shop › ada   3").shows("entry old desk   in lamps");
    explorer.shows("collection chairs").shows("entry stool   in chairs").hides("cot");
    assert_snapshot!("trash_120x36", explorer.screen());
    explorer.keys("esc").await.hides("Trash of");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trash_of_an_application_goes_through_its_users() {
    let mut explorer = with_deleted((80, 24)).await;
    explorer.keys("1 t").await.shows("Trash of shop   4").shows("entry cot   in eve › beds");
    assert_snapshot!("trash_80x24", explorer.screen());
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_shows_what_is_deleted_where_it_is() {
    let mut explorer = with_deleted((120, 36)).await;
    explorer.keys("1 t /").await.text("cot\n").await.shows("1 of 4").keys("enter").await;
    explorer.hides("Trash of").shows("▸ cot").shows("▸ beds").shows("▸ eve").shows("deleted").shows("bob@cli");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_trash_says_so() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("t").await.shows("Nothing is deleted here.").keys("t").await.hides("Trash of");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_brought_back_at_once_and_u_takes_it_back() {
    let mut explorer = with_deleted((120, 36)).await;
    explorer.keys("t /").await.text("old desk\n").await.keys("r").await;
    explorer.shows("✓ 1 brought back; u undoes it").shows("Trash of shop › ada   0 of 2").keys("esc esc").await;
    explorer.go_to(&["shop", "ada", "lamps", "old desk"]).await.shows("undeleted");
    explorer.keys("u").await.shows("Undo: delete entry \"old desk\" again").keys("enter").await.shows("undone");
    explorer.keys("t").await.shows("Trash of shop › ada   3");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_marked_ones_are_brought_back_collections_first() {
    let mut explorer = with_deleted((120, 36)).await;
    explorer.keys("t space space space").await.shows("3, 3 marked").keys("r").await.shows("Bring back 3?");
    let screen = explorer.screen();
    let place = |text: &str| screen.find(&format!("  {text}")).unwrap_or_else(|| panic!("{text} is not in\n{screen}"));
    assert!(place("collection \"chairs\"") < place("entry \"stool\""), "{screen}");
    assert_snapshot!("bring_back_120x36", screen);
    // The cursor is on Cancel.
    explorer.keys("enter").await.shows("3 marked").keys("r down enter").await;
    explorer.shows("✓ 3 brought back; u undoes one after the other").shows("Nothing is deleted here.");
    explorer.keys("esc").await.go_to(&["shop", "ada", "chairs", "stool"]).await.shows("undeleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_in_a_deleted_collection_comes_back_with_it() {
    let mut explorer = with_deleted((120, 36)).await;
    explorer.keys("t /").await.text("stool\n").await.keys("r").await.shows("Bring back 2?").keys("down enter").await;
    explorer.shows("✓ 2 brought back").keys("esc esc").await.go_to(&["shop", "ada", "chairs", "stool"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_someone_has_written_since_is_left_alone_and_told() {
    let mut explorer = with_deleted((120, 36)).await;
    explorer.keys("t").await.shows("old desk");
    // Bob brings one back himself and deletes it anew.
    let Some(subject) = in_trash(&explorer, "old desk") else { panic!("it is listed") };
    let bob = explorer.other_writer("bob@cli").await;
    bob.undelete(&subject, Base::Any).await.expect("it is brought back");
    bob.delete(&subject, Base::Any).await.expect("it is deleted");
    explorer.keys("g space space space r down enter").await.shows("✗ 2 brought back, 1 not: why stands at the rows");
    explorer.shows("✗ someone else has written since: entry old desk");
    assert_snapshot!("not_brought_back_120x36", explorer.screen());
    explorer.keys("ctrl-r r").await.shows("✓ 1 brought back").shows("Nothing is deleted here.");
}

fn in_trash(explorer: &Explorer, name: &str) -> Option<Subject> {
    let Some(Overlay::Trash(trash)) = explorer.app.overlays.last() else { return None };
    let found = trash.findings.rows().iter().find(|row| row.record.name.as_deref() == Some(name))?;
    Some(found.record.subject.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_stops_between_two() {
    let mut explorer = with_deleted((120, 36)).await;
    explorer.keys("t space space space r down").await;
    explorer.keys_at_once("enter q esc");
    explorer.shows("stopping after this one").settle().await;
    explorer.shows("1 brought back; u undoes it; stopped, 2 were not tried").shows("Trash of shop › ada   2");
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_that_are_refused_are_not_tried_one_after_the_other() {
    let line = Line::default();
    let mut explorer = with_deleted_on((120, 36), &line, false).await;
    explorer.keys("t space space space r down").await;
    line.is(State::AnswersWrites("AccessDeniedException"));
    explorer.keys("enter").await.shows("0 brought back, 1 not").shows("2 were not tried").shows("READ-ONLY");
    explorer.keys("r").await.shows("nothing can be written").shows("Trash of shop › ada   3");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_store_can_not_be_reached_the_others_are_not_tried() {
    let line = Line::default();
    let mut explorer = with_deleted_on((120, 36), &line, false).await;
    explorer.keys("t space space space r down").await;
    line.is(State::Down);
    explorer.keys("enter").await.shows("0 brought back, 1 not").shows("2 were not tried").hides("READ-ONLY");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protected_connection_asks_and_for_several_wants_its_name() {
    let mut explorer = with_deleted_on((120, 36), &Line::default(), true).await;
    explorer.keys("t /").await.text("old desk\n").await.keys("r").await.shows("Bring it back?").keys("enter").await;
    explorer.shows("1 of 3").keys("esc g space space space r down enter").await;
    explorer.shows("Type the connection's name to bring back 3 deleted items.").text("local\n").await;
    explorer.shows("✓ 3 brought back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_marked_and_a_filter_keeps_the_marks() {
    let mut explorer = with_deleted((120, 36)).await;
    explorer.keys("1 t G V").await.shows("4, 4 marked").keys("/").await.text("cot\n").await.shows("1 of 4, 4 marked");
    explorer.keys("esc esc").await.shows("Trash of shop   4").hides("marked");
}
