//! All that was done in a collection, by a user or in an application, in one list by time.

use super::driver::{Explorer, FIRST_LAMP, LAMP, NOW, Setup};
use super::line::{Line, State};
use dynamini::history::Step;
use dynamini::history::changes::{Change, Did};
use dynamini::model::{Application, EntryId, EntryKey, Subject, User, Version};
use dynamini::store::{Base, Edit, Scope};
use dynamini::tui::event::{Effect, Event, Found, Reply, Survey};
use dynamini::tui::findings::Progress;
use dynamini::tui::overlay::Overlay;
use dynamini::tui::pane::Pane;
use insta::assert_snapshot;

/// Ada's lamps, where one entry was renamed and one deleted; and a collection of hers that is deleted with what is in it.
async fn furnished(setup: Setup) -> Explorer {
    let explorer = Explorer::lamp_with(setup).await;
    let bob = explorer.other_writer("bob@cli").await;
    let (shop, ada) = (Application::new("shop"), User::new("ada"));
    let lamps = explorer.app.collection().expect("it is selected");
    let floor = bob.create_entry(&lamps, "floor", "[1]", None).await.expect("it is created").value.subject;
    let edit = Edit { name: Some("standing".into()), note: Some("as all say".into()), ..Edit::default() };
    bob.update(&floor, &edit, Base::Any).await.expect("it is renamed");
    let old = bob.create_entry(&lamps, "old lamp", "[1]", None).await.expect("it is created").value.subject;
    explorer.other_writer("eve@cli").await.delete(&old, Base::Any).await.expect("it is deleted");
    let chairs = bob.create_collection(&shop, &ada, "chairs").await.expect("it is created").value.record.subject;
    bob.create_entry(chairs.collection(), "stool", "{}", None).await.expect("it is created");
    bob.delete(&chairs, Base::Any).await.expect("it is deleted");
    explorer
}

#[tokio::test(flavor = "multi_thread")]
async fn the_changes_of_a_collection_tell_what_who_and_which_entry_newest_first() {
    let mut explorer = furnished(Setup::default()).await;
    explorer.keys("c").await.shows("Changes of shop › ada › lamps   6").shows("6 changes in 5 versions of 3 histories");
    explorer.shows("⌫ deleted").shows("eve@cli").shows("was floor  as all say").shows("spring sale").hides("stool");
    assert_snapshot!("changes_120x36", explorer.screen());
    explorer.keys("esc").await.hides("Changes of");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_past_the_changes_end_then_and_the_title_says_so() {
    let mut explorer = furnished(Setup::default()).await;
    explorer.pass(60_000).await;
    let bob = explorer.other_writer("bob@cli").await;
    let lamps = explorer.app.collection().expect("it is selected");
    bob.create_entry(&lamps, "late", "1", None).await.expect("it is created");
    explorer.keys("T").await.text("30s ago\n").await.keys("c").await;
    explorer.shows("Changes of shop › ada › lamps as of 2026-11-22 ").shows("   6 ").shows("⌫ deleted").hides("late");
    // What was left there is not what is asked for now.
    explorer.keys("enter T enter 3 c").await.shows("Changes of shop › ada › lamps   7").shows("late");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_capacity_is_used_up_the_window_waits_for_it_and_says_so() {
    let line = Line::default();
    let mut explorer = furnished(Setup { line: line.clone(), ..Setup::default() }).await;
    line.is(State::ThrottlesAfter(2));
    explorer.keys("2 c").await.shows("Changes of shop › ada   10").shows("waiting for it").hides("failed");
    assert_eq!(line.state(), State::Up, "a request was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_control_characters_stays_in_its_column() {
    let mut explorer = Explorer::lamp().await;
    let bob = explorer.other_writer("bob@cli").await;
    let lamps = explorer.app.collection().expect("it is selected");
    let note = |text: &str| Some(text.to_owned());
    bob.create_entry(&lamps, "red\u{1b}[31m\u{7}\u{8}", "1", note("a note")).await.expect("it is created");
    bob.create_entry(&lamps, "plain", "1", note("a note")).await.expect("it is created");
    explorer.keys("c").await.shows("red\\u001b[31m");
    let screen = explorer.screen();
    let places: Vec<_> = screen.lines().filter_map(|line| Some(line[..line.find("a note")?].chars().count())).collect();
    assert_eq!((places.len(), places.first()), (2, places.last()), "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_changes_of_a_user_are_those_of_all_collections_and_entries() {
    let mut explorer = furnished(Setup { size: (80, 24), ..Setup::default() }).await;
    explorer.keys("2 c").await.shows("Changes of shop › ada   10").shows("collection chairs").shows("stool in chairs");
    assert_snapshot!("changes_80x24", explorer.screen());
    explorer.keys("esc 1 c").await.shows("Changes of shop   10").shows("stool in ada › chairs");
    // Whose it is can be filtered by.
    explorer.keys("/").await.text("ada").await.hides("nothing passes").text("x").await.shows("nothing passes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_is_by_who_kind_note_and_name() {
    let mut explorer = furnished(Setup::default()).await;
    explorer.keys("2 c /").await.shows("who:ada  kind:deleted  note:sale  or a name");
    explorer.text("kind:del").await.shows("2 of 10").shows("eve@cli").hides("created");
    explorer.text(" who:eve").await.shows("1 of 10").shows("old lamp in lamps");
    explorer
        .keys("ctrl-u")
        .await
        .text("kind:gone")
        .await
        .shows("\"gone\" is no kind of change; there are created, edited");
    explorer.shows("nothing passes the filter").keys("ctrl-u").await.text("stool\n").await.shows("1 of 10");
    // Esc clears the filter first.
    explorer.keys("esc").await.shows("Changes of shop › ada   10").keys("esc").await.hides("Changes of");
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_shows_that_version_and_c_comes_back_to_the_same_place() {
    let mut explorer = furnished(Setup::default()).await;
    explorer.keys("2 c /").await.text("desk kind:created\n").await.keys("enter").await.hides("Changes of");
    explorer.shows("▸ desk").shows("\"price\": 10");
    assert_eq!(explorer.line(), 1, "the first version is selected");
    explorer.keys("c").await.shows("Changes of shop › ada   1 of 10").shows("as it was left").keys("esc esc").await;
    // Where something else is selected, that is meant.
    explorer.keys("j c").await.shows("Changes of shop › ada › lamps   6");
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_on_a_deletion_shows_what_is_deleted() {
    let mut explorer = furnished(Setup::default()).await;
    explorer.hides("old lamp").keys("c /").await.text("kind:deleted\n").await.keys("enter").await;
    explorer.shows("▸ old lamp").shows("⌫");
    assert_eq!(explorer.line(), 0, "the deletion stands above its version");
    // Out of a collection that is deleted itself.
    explorer.keys("2 c /").await.text("stool\n").await.keys("enter").await.shows("▸ stool").shows("▸ chairs");
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_reads_again_what_was_written_since_the_timeline_was_read() {
    let mut explorer = furnished(Setup::default()).await;
    explorer.other_writes("bob@cli", r#"{"price":99}"#).await;
    explorer.hides("99").keys("c enter").await.shows("\"price\": 99").shows("3 versions");
}

#[tokio::test(flavor = "multi_thread")]
async fn y_copies_the_address_of_the_version_and_of_all_that_are_marked() {
    let mut explorer = furnished(Setup::default()).await;
    explorer.keys("c y").await;
    let first = copied(&explorer);
    assert!(first.starts_with("shop/ada/") && first.contains('@'), "{first}");
    explorer.keys("space space y").await;
    assert_eq!(copied(&explorer).lines().count(), 2);
}

fn copied(explorer: &Explorer) -> String {
    let Some(Effect::Copy(text)) = explorer.asked.last() else { panic!("nothing was copied: {:?}", explorer.asked) };
    text.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_collection_says_so() {
    let mut explorer = Explorer::lamp().await;
    let bob = explorer.other_writer("bob@cli").await;
    bob.create_collection(&Application::new("shop"), &User::new("ada"), "empty").await.expect("it is created");
    explorer.keys("3 ctrl-r").await;
    explorer.go_to(&["shop", "ada", "empty"]).await.keys("c").await.shows("Nothing was ever written here.");
    explorer.keys("c").await.hides("Changes of");
    let mut nothing = Explorer::empty().await;
    nothing.keys("esc c").await.shows("select an application, a user or a collection first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_halfway_leaves_what_was_read_and_a_key_reads_again() {
    let line = Line::default();
    let mut explorer = furnished(Setup { line: line.clone(), ..Setup::default() }).await;
    // The collections are read, and then the entries of one of them.
    line.is(State::DownAfter(2));
    explorer.keys("2 c").await.shows("What is listed is a part; ^R reads again").shows("failed: this is a part");
    explorer.shows("collection chairs").hides("Changes of shop › ada   10");
    line.is(State::Up);
    explorer.keys("ctrl-r").await.shows("Changes of shop › ada   10").hides("failed");
}

/// An explorer whose window waits for what a test sends it.
async fn waiting() -> (Explorer, dynamini::tui::event::RequestId) {
    let mut explorer = Explorer::lamp().await;
    let scope = Scope::Collection(explorer.app.collection().expect("it is selected"));
    // The request is asked for and never carried out.
    let effects = dynamini::tui::update::update(&mut explorer.app, key('c'), NOW);
    let request = effects.iter().find_map(|effect| match effect {
        Effect::Survey(request, Survey::Changes(asked, None)) if *asked == scope => Some(*request),
        _ => None,
    });
    (explorer, request.expect("the changes are asked for"))
}

fn key(char: char) -> Event {
    let code = match char {
        '\u{1b}' => crossterm::event::KeyCode::Esc,
        char => crossterm::event::KeyCode::Char(char),
    };
    Event::Key(crossterm::event::KeyEvent::new(code, crossterm::event::KeyModifiers::NONE))
}

/// So many changes of that many entries, as they come: one entry after the other.
fn many(explorer: &Explorer, from: i64, to: i64) -> Vec<Change> {
    let collection = explorer.app.collection().expect("it is selected");
    let change = |number: i64| {
        // As far apart as entries lie in a table: by key, not by time.
        let version = Version::from_ms(NOW - 1 - (number * 7919) % 10_007);
        Change {
            subject: Subject::Entry(EntryKey {
                collection: collection.clone(),
                id: EntryId::new(format!("e{number}")),
            }),
            version,
            at: version.ms(),
            did: Did::Wrote(Step::Created),
            name: Some(format!("entry {number}").into()),
            collection: None,
            who: Some("ada@cli".into()),
            note: None,
            size: Some(2),
            is_gone: false,
        }
    };
    (from..to).map(change).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_show_with_the_first_page_progress_is_told_and_esc_stops_then_closes() {
    let (mut explorer, request) = waiting().await;
    explorer.shows("reading…").shows("Esc stops");
    let found = many(&explorer, 0, 100);
    let progress = Progress { versions: 3_200, subjects: 210, ..Progress::default() };
    explorer.take(Event::Reply(Reply::Found(request, Found::Changes(found), progress)));
    explorer.shows("100+").shows("100 changes in 3,200 versions of 210 histories").shows("entry ");
    explorer.take(key('\u{1b}'));
    explorer.shows("stopped: what is listed is a part").shows("100+").hides("reading…");
    // What comes late is not taken in any more.
    let late = many(&explorer, 100, 200);
    explorer.take(Event::Reply(Reply::Found(request, Found::Changes(late), progress)));
    explorer.shows("100+").keys("esc").await.hides("Changes of");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_changes_stand_in_order_and_the_cursor_stays_on_its_row() {
    let (mut explorer, request) = waiting().await;
    for page in 0..100 {
        let found = many(&explorer, page * 100, (page + 1) * 100);
        let progress = Progress { versions: 100, subjects: 100, ..Progress::default() };
        explorer.take(Event::Reply(Reply::Found(request, Found::Changes(found), progress)));
        if page == 50 {
            explorer.take(key('j'));
        }
    }
    explorer.take(Event::Reply(Reply::Complete(request)));
    explorer.shows("10,000 changes among 10,000 read").hides("reading…");
    let Some(Overlay::Changes(window)) = explorer.app.overlays.last() else { panic!("the window is open") };
    let times: Vec<i64> = window.findings.rows().iter().map(|change| change.at).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older));
    let selected = window.findings.selected().expect("a row is selected").label().to_owned();
    let of_the_first_half = many(&explorer, 0, 5_100);
    let mut newest: Vec<&Change> = of_the_first_half.iter().collect();
    newest.sort_by_key(|change| change.key());
    assert_eq!(selected, newest[1].label(), "the second of what had come by then");
    // As many rows are made as the screen shows.
    assert_eq!(explorer.screen().matches("created").count(), 36 - 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_closed_window_asked_for_is_cancelled_and_dropped() {
    let (mut explorer, request) = waiting().await;
    let found = many(&explorer, 0, 10);
    let effects = dynamini::tui::update::update(&mut explorer.app, key('q'), NOW);
    assert!(effects.contains(&Effect::Cancel(request)));
    explorer.take(Event::Reply(Reply::Found(request, Found::Changes(found), Progress::default())));
    explorer.hides("Changes of").shows("▸ desk");
    assert!(explorer.app.rows_of(Pane::Timeline) > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_compared_for_what_each_version_did() {
    let mut explorer = Explorer::lamp().await;
    assert_ne!(LAMP, FIRST_LAMP);
    explorer.keys("c").await.shows("+1 ~1 -1").shows("✚ created");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_very_small_screen_keeps_what_who_and_which() {
    let mut explorer = furnished(Setup { size: (60, 20), ..Setup::default() }).await;
    explorer.keys("2 c").await.shows("⌫ deleted eve@cli  old lamp in lamps").shows("10 changes in 8 versions");
}
