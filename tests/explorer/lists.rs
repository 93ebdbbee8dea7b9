//! Lists: filled page by page, filtered, refreshed, stopped.

use dynamini::model::{Application, User};
use dynamini::store::Cost;
use dynamini::tui::event::{Event, Load, Reply, RequestId};
use dynamini::tui::list::{List, LoadState, Row};
use dynamini::tui::pane::{Level, Pane};

use super::driver::Explorer;

const LAST: Pane = Pane::List(Level::Entries);

#[tokio::test(flavor = "multi_thread")]
async fn every_list_filters_as_one_types() {
    let mut explorer = Explorer::demo().await;
    for (into, typed, passes, hidden) in [
        ("1", "BIL", "billing", "catalog"),
        ("l", "44", "u-1044", "u-1042"),
        ("esc 2 l", "tax", "tax-rates", "customers"),
        ("l", "-JP", "vat-JP", "vat-DE"),
    ] {
        // The lists above keep their filters meanwhile, so that the path stays; a user without tax rates is left again.
        explorer.keys(into).await;
        if typed == "tax" {
            explorer.keys("h esc l").await;
        }
        let level = explorer.app.level;
        explorer.keys("/").await.text(typed).await;
        let list = explorer.pane(Pane::List(level));
        assert!(list.contains(passes) && !list.contains(hidden), "{list}");
        explorer.shows(&format!("/{typed}▏"));
        explorer.keys("backspace").await.text(&typed[typed.len() - 1..]).await.keys("enter").await;
        assert_eq!(explorer.selected(), passes);
        if typed == "44" {
            explorer.keys("esc g").await;
            while explorer.selected() != "u-1042" {
                explorer.keys("j").await;
            }
        }
    }
    explorer.keys("esc").await;
    let list = explorer.pane(LAST);
    assert!(list.contains("vat-DE") && list.contains("▸ vat-JP"), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_can_be_pasted_and_its_first_row_is_followed() {
    let mut explorer = Explorer::demo().await;
    explorer.keys("/").await.paste("billing");
    explorer.settle().await;
    explorer.shows("1 of 8").shows("u-1044");
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_while_typing_clears_the_filter_and_a_filter_without_matches_says_so() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("/ x x").await.shows("nothing passes the filter;");
    explorer.keys("esc").await.shows("▸ desk").hides("/xx");
    explorer.keys("q").await;
    assert_eq!(explorer.asked.len(), 1, "q is a key again");
}

#[tokio::test(flavor = "multi_thread")]
async fn arrows_move_while_a_filter_is_typed() {
    let mut explorer = Explorer::demo().await;
    explorer.keys("/ l down").await;
    assert_eq!(explorer.selected(), "blog");
}

#[tokio::test(flavor = "multi_thread")]
async fn selection_and_scroll_survive_a_refresh_while_others_write() {
    let mut explorer = Explorer::own_demo().await;
    explorer.go_to(&["billing", "u-1042", "invoices", "inv-2026-0150"]).await;
    let scrolled = explorer.pane(LAST);
    let other = explorer.other_writer("bob@cli").await;
    let invoices = explorer.app.collection().expect("one is selected");
    for name in ["zz after all others", "inv-2026-0150b"] {
        other.create_entry(&invoices, name, "{}", None).await.expect("it is created");
    }
    explorer.keys("ctrl-r").await;
    assert_eq!(explorer.selected(), "inv-2026-0150");
    let top = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    assert_eq!(top(&explorer.pane(LAST)), top(&scrolled));
    explorer.keys("j").await;
    assert_eq!(explorer.selected(), "inv-2026-0150b");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_fills_page_by_page_and_is_usable_meanwhile() {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&["billing", "u-1042", "dunning"]).await;
    explorer.keys_at_once("k");
    explorer.keys_at_once("j j");
    let rows = |explorer: &Explorer| explorer.app.list(Level::Entries).map_or(0, List::len);
    while rows(&explorer) == 0 {
        explorer.take_one_reply().await;
    }
    let first = rows(&explorer);
    assert!((1..318).contains(&first), "{first} rows in the first page");
    explorer.take(Event::Tick);
    explorer.shows("… loading").shows("inv-2026-");
    explorer.keys_at_once("l j");
    assert_eq!(explorer.app.focus, LAST);
    explorer.settle().await;
    assert_eq!(rows(&explorer), 318);
    explorer.hides("loading").shows("4 Entries 291 +27⌫");
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_stops_a_load_and_what_still_arrives_is_dropped() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys_at_once("ctrl-r");
    let requests: Vec<RequestId> = explorer.app.loads.keys().copied().collect();
    assert!(explorer.app.is_busy() && !requests.is_empty());
    explorer.keys_at_once("esc");
    assert!(!explorer.app.is_busy());
    explorer.shows("stopped: what is here is a part (^R reads again)").shows("▸ desk");
    for request in requests {
        explorer.take(Event::Reply(Reply::Rows(request, vec![Row::group("ghost")], Cost::default())));
        explorer.take(Event::Reply(Reply::Complete(request)));
    }
    explorer.settle().await;
    explorer.hides("ghost").keys("ctrl-r").await.shows("4 Entries 1 ").shows("▸ desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_thousand_rows_those_on_the_screen_show() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("1").await;
    let mut list = List::default();
    list.begin(RequestId::FIRST);
    list.add((0..100_000).map(|number| Row::group(&format!("app-{number:06}"))).collect());
    list.finish(LoadState::Complete);
    list.loaded_at = explorer.app.now;
    explorer.app.lists.insert(Load::Applications, list);
    explorer.keys("G").await.shows("▸ app-099999").shows("100,000/100,000");
    let height = explorer.app.rows_of(Pane::List(Level::Applications));
    assert_eq!(explorer.pane(Pane::List(Level::Applications)).lines().count(), height);
    explorer.keys("/ 0 4 2 4 2 0").await.shows("▸ app-042420").keys("esc").await;
    assert_eq!(explorer.selected(), "app-042420");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_ones_show_when_asked_for() {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&["billing", "u-1042", "invoices"]).await;
    explorer
        .hides("invoices-2019")
        .keys(".")
        .await
        .shows("invoices-2019")
        .shows("⌫┃")
        .keys(".")
        .await
        .hides("invoices-2019");
    explorer.go_to(&["auth", "u-1042", "roles", "editor"]).await;
    explorer.hides("intern").keys(".").await.shows("intern").shows("⌫");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_cannot_be_read_are_listed_and_shown_as_they_are() {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&["sandbox", "u-1042", "oddities", "imported-by-hand"]).await;
    explorer.shows("sort key: imported-by-hand").shows("no # in its key").keys("e").await;
    assert!(explorer.app.editing.is_none(), "it is never written to");
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_lists_say_how_to_fill_them() {
    let mut explorer = Explorer::lamp().await;
    let other = explorer.other_writer("bob@cli").await;
    other.create_collection(&Application::new("shop"), &User::new("ada"), "empty").await.expect("it is created");
    explorer.keys("3 ctrl-r").await;
    explorer.go_to(&["shop", "ada", "empty"]).await.shows("no entry yet: a adds one");
    explorer.keys("l l").await.shows("nothing is selected");
}
