//! The timeline: what happened, newest first.

use dynamini::store::{Base, Edit};
use dynamini::tui::pane::Pane;
use dynamini::tui::timeline::Timeline;
use insta::assert_snapshot;

use super::driver::Explorer;

#[tokio::test(flavor = "multi_thread")]
async fn each_version_says_when_how_large_what_who_and_why() {
    let mut explorer = Explorer::lamp().await;
    let eve = explorer.other_writer("eve@web").await;
    let subject = explorer.app.subject().expect("the lamp is selected");
    let renamed = Edit { name: Some("desk lamp".into()), note: Some("clearer".into()), ..Edit::default() };
    eve.update(&subject, &renamed, Base::Any).await.expect("it is renamed");
    eve.delete(&subject, Base::Any).await.expect("it is deleted");
    eve.undelete(&subject, Base::Any).await.expect("it is brought back");
    let mut history = eve.history(&subject).all().await.expect("it is read").items;
    let first = history.pop().expect("it was created").version;
    eve.restore(&subject, first, Some("the price was right".into()), Base::Any).await.expect("it is restored");
    explorer.keys("ctrl-r").await;
    assert_snapshot!(explorer.pane(Pane::Timeline), @r"
    ▸● 2026-11-22 09:44:00  now    37 B  ↺ 22 Nov 06:39  eve@web        the price was right
     │ 2026-11-22 09:44:00  now    39 B  ↺ undeleted     eve@web
     ⌫ 2026-11-22 09:44:00  now          deleted         eve@web
     │ 2026-11-22 09:44:00  now    39 B  renamed         eve@web        clearer  was desk
     │ 2026-11-22 07:39:00   2h    39 B  +1 ~1 -1        bob@cli        spring sale
     │ 2026-11-22 06:39:00   3h    37 B  ✚ created       bob@cli


     changes ▂        ▂                 █  size ▇▇▇▇▇▇▇▇▇██████████████████▇ 37 B – 39 B
    ");
    explorer.resize(80, 24);
    assert_snapshot!(explorer.pane(Pane::Timeline), @r"
    ▸● 22 Nov 09:44  now  ↺ 22 Nov 06:39  eve@web the pri…
     │ 22 Nov 09:44  now  ↺ undeleted     eve@web
     ⌫ 22 Nov 09:44  now  deleted         eve@web
     │ 22 Nov 09:44  now  renamed         eve@web clearer…
     │ 22 Nov 07:39   2h  +1 ~1 -1        bob@cli spring …
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_shows_its_value_at_once() {
    let mut explorer = Explorer::lamp().await;
    explorer.shows("\"price\": 12").shows("newest");
    explorer.keys_at_once("[");
    explorer.shows("\"price\": 10").hides("\"price\": 12");
    explorer.keys_at_once("]");
    explorer.shows("\"price\": 12");
    explorer.keys_at_once("5 j");
    explorer.shows("\"price\": 10");
}

#[tokio::test(flavor = "multi_thread")]
async fn older_versions_are_read_when_one_scrolls_near_them() {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&["billing", "u-1042", "invoices", "inv-2026-0007"]).await;
    let versions = |explorer: &Explorer| explorer.app.timeline().expect("it shows").versions();
    assert_eq!(versions(&explorer), 30);
    explorer.shows("30+ versions loaded").keys("5").await;
    for _ in 0..25 {
        explorer.keys("j").await;
    }
    assert_eq!(versions(&explorer), 60);
    explorer.shows("60 versions").keys("G").await.shows("✚ created");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shown_version_stays_while_others_write_and_the_newest_follows_them() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("[").await.other_writes("eve@web", "{}").await;
    explorer.keys("ctrl-r").await.shows("\"price\": 10").shows("eve@web");
    assert_eq!(explorer.line(), 2);
    explorer.keys("] ]").await.other_writes("eve@web", r#"{"price":13}"#).await;
    explorer.keys("ctrl-r").await.shows("\"price\": 13");
    assert_eq!(explorer.line(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_has_versions_too() {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&["billing", "u-1042", "dunning"]).await;
    explorer.shows("3 versions").shows("renamed").shows("was reminders").shows("collection  dunning");
    explorer.keys("[").await.shows("collection  dunning 督促");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_version_is_one_key_away() {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&["billing", "u-1042", "invoices", "inv-2026-0007"]).await;
    explorer.shows("30+ versions loaded").keys("5 G").await.hides("loaded").shows("created");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stopped_on_the_way_to_the_oldest_is_not_gone_on_with_later() {
    let mut explorer = Explorer::own_demo().await;
    explorer.go_to(&["billing", "u-1042", "invoices", "inv-2026-0007"]).await;
    explorer.keys_at_once("5 G esc");
    explorer.settle().await;
    explorer.edit("{}").await.keys("ctrl-s enter").await.shows("✓ saved").shows("newest 1 line");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_histories_that_were_left_are_not_all_kept() {
    let mut explorer = Explorer::lamp().await;
    let bob = explorer.other_writer("bob@cli").await;
    let lamps = explorer.app.collection().expect("it is selected");
    let large = format!("\"{}\"", "x".repeat(390_000));
    let names = ["stool", "chair", "table", "bench", "shelf"];
    for name in names {
        let entry = bob.create_entry(&lamps, name, &large, None).await.expect("it is created").value.subject;
        for _ in 0..28 {
            let edit = Edit { value: Some(large.clone()), ..Edit::default() };
            bob.update(&entry, &edit, Base::Any).await.expect("it is saved");
        }
    }
    explorer.keys("4 ctrl-r").await;
    for name in names {
        explorer.go_to(&["shop", "ada", "lamps", name]).await;
        explorer.keys("5 G").await.shows("1 of 29").keys("4").await;
    }
    let (shown, left) = explorer.app.timelines.split_last().expect("one shows");
    assert!(shown.bytes() > 28 * 390_000);
    let left: usize = left.iter().map(Timeline::bytes).sum();
    assert!(left <= 32 << 20, "{left} bytes of what was left");
}
