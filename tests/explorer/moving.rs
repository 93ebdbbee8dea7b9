//! Moving through lists, panes, versions and values.

use dynamini::tui::event::Effect;
use dynamini::tui::pane::{Level, Pane};

use super::driver::Explorer;

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_walked_with_letters_and_arrows() {
    let mut explorer = Explorer::demo().await;
    for (keys, selected) in [
        ("j", "billing"),
        ("down", "blog"),
        ("k", "billing"),
        ("up", "auth"),
        ("up", "auth"),
        ("G", "support"),
        ("j", "support"),
        ("g", "auth"),
        ("end", "support"),
        ("home", "auth"),
    ] {
        explorer.keys(keys).await;
        assert_eq!(explorer.selected(), selected, "after {keys}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_screen_is_walked_at_once() {
    let mut explorer = Explorer::demo().await;
    explorer.keys("l").await;
    let half = explorer.app.rows_of(Pane::List(Level::Users)) / 2;
    let place = |explorer: &Explorer| explorer.app.list(Level::Users).expect("it is there").selected();
    for (down, up) in [("ctrl-d", "ctrl-u"), ("pagedown", "pageup")] {
        explorer.keys(down).await;
        assert_eq!(place(&explorer), half, "{down}");
        explorer.keys(up).await;
        assert_eq!(place(&explorer), 0, "{up}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn children_and_parents_are_one_key_away() {
    for (into, back) in [("l", "h"), ("right", "left"), ("enter", "h")] {
        let mut explorer = Explorer::lamp().await;
        explorer.keys("1").await;
        for pane in &Pane::ALL[1..] {
            explorer.keys(into).await;
            assert_eq!(explorer.app.focus, *pane, "{into}");
        }
        for pane in Pane::ALL[..5].iter().rev() {
            explorer.keys(back).await;
            assert_eq!(explorer.app.focus, *pane, "{back}");
        }
        explorer.keys(back).await;
        assert_eq!(explorer.app.focus, Pane::ALL[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn panes_have_numbers_and_tab_goes_round() {
    let mut explorer = Explorer::lamp().await;
    for pane in Pane::ALL {
        explorer.keys(&pane.number().to_string()).await;
        assert_eq!(explorer.app.focus, pane);
    }
    for pane in Pane::ALL {
        explorer.keys("tab").await;
        assert_eq!(explorer.app.focus, pane);
    }
    explorer.keys("1 backtab").await;
    assert_eq!(explorer.app.focus, Pane::Value);
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_stepped_through_from_every_pane() {
    let mut explorer = Explorer::lamp().await;
    for pane in ["3", "4", "5", "6"] {
        // The collection has one version only.
        let last = usize::from(pane != "3");
        explorer.keys(pane).await.keys("[ [").await;
        assert_eq!(explorer.line(), last, "{pane}");
        explorer.shows("there is no older version").keys("] ]").await;
        assert_eq!(explorer.line(), 0, "{pane}");
        explorer.shows("there is no newer version");
    }
    explorer.keys("1 [").await.shows("select a collection or an entry first");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timeline_is_walked_like_a_list() {
    let mut explorer = Explorer::lamp().await;
    for (keys, line) in [("5 j", 1), ("j", 1), ("k", 0), ("G", 1), ("g", 0), ("ctrl-d", 1), ("ctrl-u", 0)] {
        explorer.keys(keys).await;
        assert_eq!(explorer.line(), line, "after {keys}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_scrolled_to_its_last_line_and_to_the_side() {
    let mut explorer = Explorer::lamp().await;
    let items = (1..=100).map(|number| format!("\"item {number} {}\"", "and more ".repeat(20)));
    let value = format!("[{}]", items.collect::<Vec<_>>().join(","));
    explorer.other_writes("bob@cli", &value).await;
    explorer.keys("ctrl-r 6").await.shows("  1▸ [");
    explorer.keys("j").await.shows("  1  [").shows("  2▸ ");
    explorer.keys("G").await.hides("  1  [").shows("102▸ ]");
    explorer.keys("k").await.shows("101▸ ").shows("102  ]");
    explorer.keys("g").await.shows("  1▸ [");
    explorer.keys("ctrl-d ctrl-d ctrl-d").await.hides("  1  [").keys("ctrl-u ctrl-u ctrl-u").await.shows("  1▸ [");
    explorer.keys("l").await.shows("2  1 and more").keys("h").await.shows("2    \"item 1 and");
    explorer.keys("h").await;
    assert_eq!(explorer.app.focus, Pane::Timeline);
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_undoes_one_thing_after_the_other_and_never_leaves() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("/ d enter ?").await.shows("Keys that work here");
    explorer.keys("esc").await.hides("Keys that work here").shows("/d ");
    explorer.keys("esc").await.hides("/d ");
    explorer.keys("[ m ] = f").await.hides("4 Entries").shows("Difference");
    explorer.keys("esc").await.shows("4 Entries").shows("Difference");
    explorer.keys("esc").await.hides("Difference").shows("◆");
    explorer.keys("esc").await.hides("◆");
    for pane in ["1", "2", "3", "4", "5", "6"] {
        explorer.keys(pane).await.keys("esc esc esc").await;
    }
    assert!(!explorer.asked.contains(&Effect::Quit));
}

#[tokio::test(flavor = "multi_thread")]
async fn children_show_at_once_from_memory() {
    let mut explorer = Explorer::demo().await;
    explorer.keys("j").await.shows("u-1044");
    explorer.keys("k").await.hides("u-1044");
    explorer.keys_at_once("j");
    explorer.shows("u-1044");
    explorer.settle().await;
}
