//! The difference between versions.

use dynamini::tui::pane::Pane;
use insta::assert_snapshot;

use super::driver::Explorer;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_version_changed_is_signed() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("=").await.shows("+1 ~1 -1");
    assert_snapshot!(explorer.pane(Pane::Value), @r#"
    1 1   {
    2   -   "price": 10,
      2 +   "price": 12,
    3   -   "colour": "red",
    4 3     "stock": 3,
      4 +   "tags": [
      5 +     "brass"
      6 +   ]
    5 7   }
    "#);
    explorer.keys("=").await.hides("Difference").shows("6 Value");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_version_is_all_new() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("= [").await.shows("Difference  created").shows("+   \"price\": 10,");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_keys_and_white_space_make_no_difference() {
    let mut explorer = Explorer::lamp().await;
    explorer.other_writes("bob@cli", "{ \"tags\" : [\"brass\"],\n\"stock\":3, \"price\": 12 }").await;
    explorer.keys("ctrl-r =").await.shows("no change").hides(" + ").hides(" - ").shows("unchanged");
}

#[tokio::test(flavor = "multi_thread")]
async fn far_from_changes_lines_are_folded() {
    let mut explorer = Explorer::lamp().await;
    let value = |last: u32| {
        format!("[{}]", (1..100).chain([last]).map(|number| number.to_string()).collect::<Vec<_>>().join(","))
    };
    explorer.other_writes("bob@cli", &value(0)).await;
    explorer.other_writes("bob@cli", &value(7)).await;
    explorer.keys("ctrl-r =").await.shows("⋯ 97 unchanged lines").shows("-   0").shows("+   7");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_change_is_one_key_away() {
    let mut explorer = Explorer::lamp().await;
    let value = |set: [u32; 2]| {
        let item = |number: u32| if number.is_multiple_of(50) { set[number as usize / 50 - 1] } else { number };
        format!("[{}]", (1..120).map(|number| item(number).to_string()).collect::<Vec<_>>().join(","))
    };
    explorer.other_writes("bob@cli", &value([1000, 2000])).await;
    explorer.other_writes("bob@cli", &value([1001, 2001])).await;
    explorer.keys("ctrl-r 6 = n").await.shows("1001");
    explorer.keys("n").await.hides("1001").shows("2001").keys("N").await.shows("1001");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marked_version_is_what_others_are_compared_with() {
    let mut explorer = Explorer::lamp().await;
    explorer.other_writes("bob@cli", r#"{"price":14}"#).await;
    explorer.keys("ctrl-r G [ [ m").await.shows("◆").keys("] ] =").await;
    explorer.shows("-   \"price\": 10,").shows("+   \"price\": 14");
    explorer.keys("[").await.shows("+   \"price\": 12,");
    explorer.keys("[ m").await.shows("mark taken off").keys("] ]").await.shows("-   \"price\": 12,");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_whose_older_one_has_not_arrived_is_not_said_to_be_new() {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&["billing", "u-1042", "invoices", "inv-2026-0007"]).await;
    explorer.keys_at_once("= 5 G");
    explorer.hides("Difference  created");
    explorer.keys_at_once("esc");
    explorer.hides("Difference  created").settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_json_says_why_it_cannot_be_compared() {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&["sandbox", "u-1042", "oddities", "not JSON"]).await;
    explorer.keys("=").await.shows("value is not JSON").shows("Only JSON can be compared");
    explorer.go_to(&["sandbox", "u-1042", "oddities", "value absent (renamed)"]).await;
    explorer.shows("The newer version has no value.").keys("f").await;
    explorer.shows("name \"value absent\" → \"value absent (renamed)\"");
}
