//! Another moment than now: the whole explorer as it was then, and nothing written there.

use super::driver::{Explorer, Setup};
use dynamini::model::{Application, User};
use dynamini::store::{Base, Cost, Edit};
use dynamini::tui::pane::{Level, Pane};
use insta::assert_snapshot;

/// The lamp of [`Explorer::lamp`], since changed by someone else in every way: in the explorer nothing was read again.
fn changed_at(size: (u16, u16)) -> impl Future<Output = Explorer> {
    // Large enough to lie on the heap.
    Box::pin(async move {
        let explorer = Explorer::lamp_with(Setup { size, ..Setup::default() }).await;
        let desk = explorer.app.subject().expect("the lamp is selected");
        let eve = explorer.other_writer("eve@web").await;
        let name = |name: &str| Edit { name: Some(name.into()), ..Edit::default() };
        eve.update(&desk, &name("table"), Base::Any).await.expect("it is renamed");
        eve.delete(&desk, Base::Any).await.expect("it is deleted");
        eve.create_entry(desk.collection(), "floor", "1", None).await.expect("it is created");
        eve.update(&desk.collection().clone().into(), &name("lights"), Base::Any).await.expect("it is renamed");
        for (application, user, name) in [("shop", "ada", "chairs"), ("shop", "zoe", "late"), ("zoo", "ada", "late")] {
            let (application, user) = (Application::new(application), User::new(user));
            eve.create_collection(&application, &user, name).await.expect("it is created");
        }
        explorer
    })
}

fn changed() -> impl Future<Output = Explorer> {
    changed_at((120, 36))
}

fn names(explorer: &Explorer, level: Level) -> Vec<&str> {
    let list = explorer.app.list(level).expect("it was read");
    (0..list.shown_len()).filter_map(|at| list.row(at)).map(dynamini::tui::list::Row::label).collect()
}

fn all_names(explorer: &Explorer) -> [Vec<&str>; 4] {
    Level::ALL.map(|level| names(explorer, level))
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_as_it_was_then_and_as_it_is_now_again() {
    let mut explorer = changed().await;
    explorer.keys("T").await.text("2026-11-22 08:00\n").await;
    explorer.shows("AS OF 2026-11-22 08:00 (1h ago)  read-only").shows("as of 2026-11-22 08:00: T goes back to now");
    assert_eq!(all_names(&explorer), [vec!["shop"], vec!["ada"], vec!["lamps"], vec!["desk"]]);
    explorer.shows("2 versions").shows("\"price\": 12").hides("table").hides("⌫");
    explorer.app.cost = Cost::default();
    assert_snapshot!("as_of_120x36", explorer.screen());
    explorer
        .keys("T")
        .await
        .shows("▸ Back to now")
        .keys("enter")
        .await
        .shows("back to now")
        .hides("AS OF")
        .shows(" RW ");
    let now = [vec!["shop", "zoo"], vec!["ada", "zoe"], vec!["chairs", "lights"], vec!["floor"]];
    assert_eq!(all_names(&explorer), now);
    explorer.keys(".").await.shows("table ").shows("▸ lights");
}

#[tokio::test(flavor = "multi_thread")]
async fn small_screens_say_that_it_is_the_past_too() {
    let mut explorer = changed_at((80, 24)).await;
    explorer.keys("T").await.text("2026-11-22 08:00\n").await.app.cost = Cost::default();
    assert_snapshot!("as_of_80x24", explorer.screen());
    explorer.resize(60, 20);
    explorer.shows("AS OF 2026-11-22 08:00 (1h ago)  read-only").shows("then");
    explorer.resize(40, 8);
    explorer.shows("AS OF 2026-11-22 08:00");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_says_what_a_text_means_while_it_is_typed() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("T").await.shows("yesterday 9:30").shows("An hour ago").text("yesterday 14").await;
    explorer.shows("no moment yet").text(":00").await.shows("2026-11-21 14:00, 19h ago");
    assert_snapshot!("as_of_window_120x36", explorer.screen());
    explorer.keys("ctrl-u").await.text("soon\n").await.shows("✗ \"soon\" is no moment: give a time").hides("AS OF");
    explorer.keys("ctrl-u").await.text("23:00").await.shows("2026-11-21 23:00");
    explorer.keys("ctrl-u").await.text("2027-01-01\n").await.shows("✗ 2027-01-01 00:00 is still to come");
    explorer.keys("ctrl-u enter").await.shows("type a moment, or choose one").keys("esc").await.hides("Look at");
    explorer.keys("T").await.paste("1h ago").keys("enter").await.shows("AS OF 2026-11-22 08:44");
    explorer.keys("T").await.text("now\n").await.shows("back to now");
    explorer.resize(80, 24);
    explorer.keys("[ T").await;
    assert_snapshot!("as_of_window_80x24", explorer.screen());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shown_version_is_offered_first_where_versions_have_the_focus() {
    let mut explorer = changed().await;
    explorer.keys("5 j T").await.shows("▸ The shown version").keys("enter").await;
    explorer.shows("AS OF 2026-11-22 06:39:00").shows("\"price\": 10").shows("1 version ").shows("● 2026-11-22 06:39");
    explorer
        .keys("T down down enter")
        .await
        .shows("no entry then")
        .shows("the entry that was selected was not there then");
    explorer.keys("T enter").await.shows("back to now").keys("4 .").await.shows("▸ table");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_in_force_then_shows_whichever_was_looked_at_before() {
    let mut explorer = changed().await;
    explorer.keys("[ [").await.shows("\"price\": 10").keys("T").await.paste("08:00").keys("enter").await;
    explorer.shows("AS OF 2026-11-22 08:00").shows("\"price\": 12").shows("newest");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_that_was_not_there_comes_back_with_its_moment() {
    let mut explorer = changed().await;
    explorer.keys("ctrl-r 4 ctrl-r").await.go_to(&["shop", "ada", "lights", "floor"]).await;
    explorer.keys("T").await.paste("08:00").keys("enter").await.shows("the entry that was selected was not there then");
    assert_eq!(explorer.selected(), "desk");
    explorer.keys("T enter").await;
    assert_eq!(explorer.selected(), "floor");
    explorer.keys("3 T").await.paste("08:00").keys("enter").await;
    assert_eq!(explorer.selected(), "lamps", "it is found by its id");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_then_shows_as_deleted() {
    let mut explorer = changed().await;
    let eve = explorer.other_writer("eve@web").await;
    let desk = explorer.app.subject().expect("the lamp is selected");
    explorer.pass(60_000).await;
    eve.undelete(&desk, Base::Any).await.expect("it is brought back");
    explorer.pass(60_000).await;
    explorer.keys("T").await.paste("30s ago").keys("enter").await.hides("deleted then").shows("undeleted");
    explorer.keys("T").await.paste("90s ago").keys("enter").await.shows("entry \"table\" was deleted then: . shows it");
    explorer.keys(".").await.shows("table").shows("⌫ 2026-11-22 09:44").shows("deleted").hides("undeleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_in_the_past() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("R").await.text("2\n").await.shows("renamed").keys("T").await.paste("08:00").keys("enter").await;
    for key in ["e", "E", "r", "a", "R", "d", "u", "U", "!"] {
        explorer.keys("T esc").await.hides("stays as it is");
        explorer.keys(key).await.shows("this is the past, which stays as it is: T goes back to now");
        assert!(explorer.app.overlays.is_empty() && explorer.app.editing.is_none(), "{key}");
    }
    explorer
        .keys("W")
        .await
        .shows("Written in this session")
        .keys("enter")
        .await
        .shows("this is the past")
        .keys("esc")
        .await;
    explorer.keys("t").await.shows("the trash is what is deleted now").keys("esc esc").await.shows("AS OF");
    assert!(explorer.app.writes.is_empty() && explorer.asked.is_empty(), "{:?}", explorer.asked);
    explorer.keys("T enter u enter").await.shows("✓ undone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_not_gone_on_with_in_the_past() {
    let directory = tempfile::tempdir().expect("a directory for the test");
    let drafts = Some(directory.path().join("drafts"));
    let mut explorer = Explorer::lamp_with(Setup { drafts, ..Setup::default() }).await;
    explorer.edit("{\"price\": 1}").await.kept().await.keys("esc down enter").await;
    explorer.until(|explorer| explorer.app.editing.is_none()).await;
    explorer.keys("T").await.paste("08:00").keys("enter D").await.shows("Drafts: typed").keys("enter").await;
    explorer.shows("a draft is gone on with now, and this is the past").hides("✎ ");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_about_now_that_come_late_do_not_mix_in() {
    let mut explorer = changed().await;
    // Both are under way at once: the lists of now, and those of then.
    explorer.keys_at_once("ctrl-r T");
    explorer.paste("08:00").keys_at_once("enter");
    explorer.settle().await;
    assert_eq!(all_names(&explorer), [vec!["shop"], vec!["ada"], vec!["lamps"], vec!["desk"]]);
    explorer.shows("2 versions").keys_at_once("ctrl-r T enter");
    explorer.settle().await;
    assert_eq!(names(&explorer, Level::Entries), ["floor"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_ends_in_the_past_leaves_the_past_as_it_is() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys_at_once("d down enter T");
    explorer.paste("08:00").keys_at_once("enter");
    explorer.settle().await;
    explorer.shows("✓ deleted").shows("AS OF").shows("▸ desk").shows("2 versions").hides("⌫");
    explorer.keys("T enter").await.shows("+1⌫").hides("▸ desk");
    explorer.keys("u enter").await.shows("▸ desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn before_everything_there_was_nothing() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("T").await.text("2026-11-01\n").await.shows("no application then").hides("Welcome");
    explorer.keys("T enter").await.shows("▸ desk").shows("\"price\": 12");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_of_now_is_compared_with_then() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("m T").await.paste("07:00").keys("enter =").await;
    explorer.shows("-   \"price\": 10,").shows("+   \"price\": 12,");
    assert_eq!(explorer.app.focus, Pane::List(Level::Entries));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_typed_ahead_wait_for_the_lists_of_then() {
    let mut explorer = changed().await;
    explorer.keys("ctrl-r").await.keys_at_once("T");
    explorer.paste("08:00").keys_at_once("enter l");
    explorer.settle().await;
    assert_eq!(explorer.app.focus, Pane::Timeline);
    explorer.shows("2 versions").keys("T").await.paste("09:00").keys_at_once("enter j");
    explorer.settle().await;
    explorer.shows("\"price\": 10");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_moment_of_a_change_is_looked_at_from_the_list_of_changes() {
    let mut explorer = changed().await;
    explorer.keys("3 c /").await.text("kind:created desk\n").await.keys("T").await.hides("Changes of");
    explorer.shows("AS OF 2026-11-22 06:39").shows("▸ desk").shows("\"price\": 10").shows("1 version ");
    // What came later is gone to by going back to now.
    explorer
        .keys("c")
        .await
        .shows("as it was left")
        .shows(" until now")
        .keys("esc /")
        .await
        .text("kind:edited\n")
        .await;
    explorer.keys("enter").await.hides("AS OF").shows("\"price\": 12").shows("▸ table");
}
