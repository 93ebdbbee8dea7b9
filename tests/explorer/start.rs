//! The first start, and what fails or is refused.

use std::sync::Arc;

use dynamini::store::StoreError;
use dynamini::tui::event::{Effect, Event, Reply};

use super::driver::{Explorer, Setup};

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_connection_refuses_every_write() {
    let setup = Setup { read_only: true, ..Setup::default() };
    let mut explorer = Explorer::lamp_with(setup).await;
    explorer.shows("READ-ONLY").keys("[").await;
    for key in ["e", "E", "r", "d", "a", "R"] {
        explorer.keys(key).await.shows("this connection is read-only: nothing can be written");
        assert!(explorer.app.overlays.is_empty() && explorer.app.editing.is_none(), "{key}");
        explorer.keys("m m").await;
    }
    assert_eq!(explorer.asked, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_store_welcomes_and_loads_the_sample() {
    let mut explorer = Explorer::empty().await;
    explorer.shows("Welcome to dynamini").shows("▸ Load the sample data").keys("enter").await;
    explorer.shows("rows of sample data written").shows("billing").hides("Welcome");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_welcome_creates_a_first_collection_or_explains_connecting() {
    let mut explorer = Explorer::empty().await;
    explorer.keys("down down enter").await.shows("--endpoint-url").keys("enter").await.hides("--endpoint-url");
    explorer.shows("no application yet: a adds");
    let mut explorer = Explorer::empty().await;
    explorer.keys("down enter").await.text("shop\nada\nlamps\n").await.shows("✓ collection \"lamps\" created");
    let mut explorer = Explorer::start(Setup { read_only: true, ..Setup::default() }).await;
    explorer.shows("read-only, so that nothing can be created").hides("Load the sample data");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_load_says_why_and_keeps_what_is_there() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys_at_once("ctrl-r");
    let requests: Vec<_> = explorer.app.loads.keys().copied().collect();
    for request in requests {
        explorer.take(Event::Reply(Reply::Failed(request, Arc::new(unreachable()))));
    }
    explorer.settle().await;
    explorer.shows("✗ over there can't be reached: no network").shows("▸ desk").shows("\"price\": 12");
    explorer.keys("ctrl-r").await.hides("no network").shows("▸ desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_write_keeps_what_was_typed() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(r#"{"price":1}"#).await.keys("ctrl-s").await.keys_at_once("enter");
    let request = *explorer.app.writes.keys().next().expect("it is being written");
    let long = StoreError::Unconfirmed { place: "a place with a long name ".repeat(8) };
    explorer.take(Event::Reply(Reply::Written(request, Err(long), dynamini::store::Cost::default())));
    // Whether it was written shows in the history, which a review would cover.
    explorer.settle().await;
    explorer.shows("the reply to a write was lost").shows("before writing again").hides("Save entry");
    explorer.keys("g").await.shows("{\"price\":1}").hides("the reply to a write was lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_open_says_so_and_is_tried_again() {
    let mut explorer = Explorer::empty().await;
    explorer.keys("esc").await.take(Event::Reply(Reply::Connected(Err(unreachable()))));
    explorer.shows("can't be reached").shows("^R tries again");
    explorer.keys_at_once("j l a");
    assert!(!explorer.app.is_busy(), "nothing is asked of a store that isn't open");
    explorer.shows("the store is not open").keys("ctrl-r").await.shows("Welcome to dynamini");
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_tables_are_created_on_request_only() {
    let missing = || Reply::Connected(Err(StoreError::TableMissing { table: "entries".into() }));
    let mut explorer = Explorer::empty().await;
    explorer.keys("esc").await.take(Event::Reply(missing()));
    explorer.shows("The table entries does not exist here.").shows("▸ Don't create anything").keys("down enter").await;
    explorer.shows("✓ the tables are there").shows("Welcome to dynamini");
    let mut explorer = Explorer::start(Setup { read_only: true, ..Setup::default() }).await;
    explorer.keys("esc").await.take(Event::Reply(missing()));
    explorer.hides("Create the tables");
    assert!(!explorer.asked.contains(&Effect::Quit));
}

fn unreachable() -> StoreError {
    StoreError::Unreachable { place: "over there".into(), reason: "no network".into() }
}
