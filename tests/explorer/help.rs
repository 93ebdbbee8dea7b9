//! The keys in words: the help window and the bottom line.

use dynamini::tui::action::BINDINGS;
use dynamini::tui::pane::Pane;

use super::driver::Explorer;

#[tokio::test(flavor = "multi_thread")]
async fn the_help_shows_every_key_of_the_pane() {
    let mut explorer = Explorer::lamp().await;
    explorer.resize(80, 60);
    for pane in Pane::ALL {
        explorer.keys(&pane.number().to_string()).await.keys("?").await;
        for binding in BINDINGS.iter().filter(|binding| binding.place.holds(pane)) {
            explorer.shows(&format!(" {:<14} {}", binding.shown, binding.what));
        }
        explorer.keys("?").await.hides("Keys that work here").keys("f1").await.shows("Keys that work here");
        explorer.keys("esc").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_help_scrolls_on_a_small_screen() {
    let mut explorer = Explorer::lamp().await;
    explorer.resize(80, 24);
    explorer.keys("?").await.shows("Edit the value here").hides("Leave; asks");
    explorer.keys("G").await.hides("Edit the value here").shows(BINDINGS.last().expect("there are some").what);
    explorer.keys("g").await.shows("Edit the value here");
}

#[tokio::test(flavor = "multi_thread")]
async fn hints_are_dropped_from_the_least_wanted_where_it_is_narrow() {
    let mut explorer = Explorer::lamp().await;
    let bottom = |explorer: &mut Explorer| explorer.screen().lines().last().unwrap_or_default().to_owned();
    let mut before = bottom(&mut explorer);
    for columns in (40..120).rev() {
        explorer.resize(columns, 36);
        let hints = bottom(&mut explorer);
        // The key that shows all the others stays.
        let hints = hints.strip_suffix("? help").expect("it is the last").to_owned();
        assert!(before.starts_with(&hints), "{hints:?} begins like {before:?}");
        before = hints;
    }
    assert!(before.starts_with(" e edit  r restore"), "{before}");
    explorer.keys("r").await;
    let hints = bottom(&mut explorer);
    assert!(!hints.contains("restore  "), "a result takes the place of hints: {hints}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hints_are_for_keys_that_do_something_here() {
    let mut explorer = Explorer::lamp().await;
    explorer.shows(" e edit").keys("1").await.hides(" e edit").hides("d delete…").shows("a add");
    explorer.keys("4 /").await.shows("Enter keep").keys("esc e").await.shows("^S review and save");
}
