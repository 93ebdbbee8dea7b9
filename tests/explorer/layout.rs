//! What is where on screens of all sizes.

use dynamini::store::Cost;
use insta::assert_snapshot;

use super::driver::{Explorer, Setup};
use super::states::each_state;

const INVOICE: [&str; 4] = ["billing", "u-1042", "invoices", "inv-2026-0007"];

#[tokio::test(flavor = "multi_thread")]
async fn a_large_screen_shows_four_lists_beside_timeline_and_value() {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&INVOICE).await;
    explorer.app.cost = Cost::default();
    assert_snapshot!("explorer_120x36", explorer.screen());
}

#[tokio::test(flavor = "multi_thread")]
async fn at_80x24_one_list_shows_beside_timeline_and_value() {
    let mut explorer = Explorer::demo_at((80, 24)).await;
    explorer.go_to(&INVOICE).await;
    explorer.app.cost = Cost::default();
    assert_snapshot!("explorer_80x24", explorer.screen());
    explorer.hides("3 Collections").keys("h").await;
    explorer.shows("3 Collections").hides("4 Entries").shows("5 Timeline").shows("6 Value");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_with_the_focus_grows() {
    let mut explorer = Explorer::demo().await;
    for list in 0..4 {
        let heights = explorer.app.areas().lists.map(|area| area.expect("all four show").height);
        let others = heights.iter().enumerate().filter(|(at, _)| *at != list);
        assert!(others.map(|(_, height)| height).all(|height| *height < heights[list]), "{heights:?}");
        explorer.keys("l").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_narrow_screen_shows_the_pane_with_the_focus() {
    let mut explorer = Explorer::lamp_with(Setup { size: (59, 20), ..Setup::default() }).await;
    explorer.shows("4 Entries").hides("5 Timeline").hides("6 Value");
    explorer.keys("l").await.hides("4 Entries").shows("5 Timeline").hides("6 Value");
    explorer.keys("l").await.hides("4 Entries").hides("5 Timeline").shows("6 Value");
    explorer.keys("3").await.hides("6 Value").shows("3 Collections");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_is_too_small_says_so_in_one_line() {
    let mut explorer = Explorer::lamp().await;
    for (columns, rows) in [(39, 36), (120, 7), (39, 7)] {
        explorer.resize(columns, rows);
        assert_eq!(explorer.screen().trim_end(), "too small: 40x8 is the least", "{columns}x{rows}");
    }
    explorer.resize(40, 8);
    explorer.shows("Entries").shows("desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_top_line_says_where_one_is_and_what_it_cost() {
    let mut explorer = Explorer::lamp().await;
    let top = explorer.screen().lines().next().unwrap_or_default().to_owned();
    assert!(top.starts_with(" local  embedded RW ▏shop › ada › lamps › desk"), "{top}");
    assert!(top.ends_with(" RCU"), "{top}");
    explorer.edit("1").await.keys("ctrl-s enter").await.shows(" WCU");
    explorer.resize(50, 20);
    let top = explorer.screen().lines().next().unwrap_or_default().to_owned();
    assert!(top.contains("desk") && !top.contains("shop"), "the end of the path shows: {top}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_state_fails_at_any_size() {
    let mut explorer = Explorer::lamp().await;
    each_state(&mut explorer, at_every_size).await;
    at_every_size(&mut Explorer::empty().await, "welcome");
}

fn at_every_size(explorer: &mut Explorer, _: &str) {
    let before = explorer.app.size;
    let columns = [1, 2, 10, 39, 40, 41, 60, 61, 100];
    let rows = [1, 2, 7, 8, 9, 10, 11, 12, 20];
    let small = columns.into_iter().flat_map(|columns| rows.map(|rows| (columns, rows)));
    for (columns, rows) in small.chain([(1, 100), (40, 100), (300, 1), (300, 8), (300, 100)]) {
        explorer.resize(columns, rows);
        explorer.draw();
    }
    explorer.resize(before.width, before.height);
}

/// Keys and sizes in an order that nobody would think of.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_fails_while_keys_are_hammered_and_the_terminal_is_resized() {
    const KEYS: [&str; 48] = [
        "j",
        "k",
        "h",
        "l",
        "g",
        "G",
        "tab",
        "backtab",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "[",
        "]",
        "m",
        "=",
        "n",
        "N",
        "f",
        "w",
        "/",
        "a",
        "e",
        "d",
        "R",
        "r",
        ".",
        "y",
        "?",
        "esc",
        "esc",
        "enter",
        "ctrl-d",
        "ctrl-u",
        "ctrl-r",
        "ctrl-s",
        "ctrl-t",
        "ctrl-z",
        "backspace",
        "left",
        "right",
        "up",
        "down",
        "space",
        "{",
        "\"",
    ];
    for seed in 1..4_u64 {
        let mut explorer = Explorer::lamp().await;
        let mut state = seed;
        let mut below = |end: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % end
        };
        for _ in 0..200 {
            let key = usize::try_from(below(KEYS.len() as u64)).expect("it is small");
            explorer.keys_at_once(KEYS[key]);
            if below(4) == 0 {
                let size = |number: u64| u16::try_from(number + 1).expect("it is small");
                explorer.resize(size(below(130)), size(below(40)));
            }
            if below(3) == 0 {
                explorer.settle().await;
            }
            explorer.draw();
        }
    }
}
