//! The difference between versions.

use dynamini::model::Subject;
use dynamini::store::{Base, Edit};
use dynamini::tui::pane::Pane;
use dynamini::tui::theme::Palette;
use insta::assert_snapshot;
use ratatui::style::Modifier;

use super::driver::{Explorer, Setup};

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
async fn versions_of_one_second_are_told_apart() {
    let mut explorer = Explorer::lamp().await;
    explorer.other_writes("bob@cli", "1").await;
    explorer.other_writes("bob@cli", "2").await;
    explorer.keys("ctrl-r =").await;
    let title = explorer.screen().lines().find(|line| line.contains("Difference  old")).map(str::to_owned);
    let title = title.expect("the difference shows");
    let (_, times) = title.split_once("old ").expect("it says what is old");
    let (old, new) = times.split_once(" → new ").expect("it says what is new");
    assert!(!new.starts_with(old), "{title}");
    explorer.resize(60, 20);
    explorer.shows(&format!("old {} → new ", old.rsplit(' ').next().unwrap_or_default()));
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_walked_from_a_list_too() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("4 =").await.shows("1 of 3").keys("n n").await.shows("2 of 3").keys("N").await.shows("1 of 3");
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
    explorer.keys("=").await.shows("value is not JSON").shows("Only JSON can be compared").shows("as text");
    explorer.go_to(&["sandbox", "u-1042", "oddities", "value absent (renamed)"]).await;
    explorer.shows("There is no value after this: all of it goes.").shows("   -").shows("-1");
    explorer.shows("- old  value absent  ").shows("+ new  value absent (renamed)  ");
}

/// The lamp's store with a second entry beside it, `table`, and a second collection, `chairs`, with a `desk` too.
async fn furniture(size: (u16, u16)) -> Explorer {
    let mut explorer = Explorer::lamp_with(Setup { size, ..Setup::default() }).await;
    let bob = explorer.other_writer("bob@cli").await;
    let subject = explorer.app.subject().expect("the desk lamp is selected");
    let lamps = subject.collection().clone();
    bob.create_entry(&lamps, "table", r#"{"price":30,"stock":3,"tags":["brass"]}"#, None).await.expect("it is created");
    let chairs = bob.create_collection(&lamps.application, &lamps.user, "chairs").await.expect("it is created");
    let chairs = chairs.value.record.subject.collection().clone();
    bob.create_entry(&chairs, "desk", r#"{"price":80,"stock":3,"tags":["oak"]}"#, None).await.expect("it is created");
    explorer.keys("ctrl-r").await;
    explorer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_stays_while_one_moves_to_another_entry_and_is_the_old_side() {
    let mut explorer = furniture((120, 36)).await;
    explorer.keys("[ m").await.shows("◆ base: 2026-11-22 06:39:00");
    explorer.go_to(&["shop", "ada", "chairs", "desk"]).await.shows("◆ base: shop › ada › lamps › desk");
    explorer.keys("=").await.shows("- old  lamps › desk  2026-11-22 06:39:00").shows("+ new  chairs › desk");
    explorer.shows("-   \"price\": 10,").shows("+   \"price\": 80,");
    assert_snapshot!("another_entry_at_120x36", explorer.screen());
    explorer.resize(80, 24);
    assert_snapshot!("another_entry_at_80x24", explorer.screen());
    explorer.keys("esc").await.hides("- old").keys("esc").await.shows("mark taken off").hides("◆");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_mark_is_still_the_new_side_of_the_same_entry() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("m [ =").await.shows("old 2026-11-22 06:39:00 → new 2026-11-22 07:39:00");
    explorer.shows("+   \"price\": 12,");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_texts_stand_side_by_side() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("= s").await.shows("side by side, s as text");
    assert_snapshot!("side_by_side_at_120x36", explorer.screen());
    explorer.keys("s").await.shows("as text, s by path").keys("s").await.shows("by path, s side by side");
}

#[tokio::test(flavor = "multi_thread")]
async fn side_by_side_takes_the_whole_of_a_small_screen_and_gives_it_back() {
    let mut explorer = Explorer::lamp_with(Setup { size: (80, 24), ..Setup::default() }).await;
    explorer.keys("s").await.shows("two columns take the whole screen");
    assert_snapshot!("side_by_side_at_80x24", explorer.screen());
    explorer.keys("f").await.shows("5 Timeline").shows("by path, s side by side");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_two_columns_have_no_room_it_says_so() {
    let mut explorer = Explorer::lamp_with(Setup { size: (60, 20), ..Setup::default() }).await;
    explorer.keys("= s").await.shows("side by side takes 78 columns, here are 60").shows("as text, s by path");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_foot_says_which_change_is_at_the_top_and_what_it_is() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("6 =").await.shows("1 of 3  .price  10 → 12 (+2)");
    explorer.keys("n n").await.shows("2 of 3  .colour  removed \"red\"");
    explorer.keys("n").await.shows("3 of 3  .tags  added [\"brass\"]");
    explorer.keys("n").await.shows("1 of 3").keys("N").await.shows("3 of 3");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_moved_is_shown_where_it_was_and_where_it_is() {
    let mut explorer = Explorer::lamp().await;
    explorer.other_writes("bob@cli", r#"[{"id":1},{"id":2},{"id":3},{"id":4}]"#).await;
    explorer.other_writes("bob@cli", r#"[{"id":2},{"id":3},{"id":1},{"id":4}]"#).await;
    explorer.keys("ctrl-r").await.shows(">1").keys("=").await;
    assert_snapshot!(explorer.pane(Pane::Value), @r#"
     1  1   [
     2    <   {  moved to [2]
     3    <     "id": 1
     4    <   },
     5  2     {
     6  3       "id": 2
     7  4     },
     8  5     {
     9  6       "id": 3
    10  7     },
        8 >   {  moved from [0]
        9 >     "id": 1
       10 >   },
    11 11     {
    12 12       "id": 4
    13 13     }
    14 14   ]
    "#);
    explorer.shows("1 of 1  .[2]  moved from [0]").keys("s").await.shows("moved to [2]");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_that_changed_in_a_long_text_stand_out_without_colour() {
    let mut explorer = Explorer::lamp_with(Setup { palette: Palette::Plain, ..Setup::default() }).await;
    explorer.other_writes("bob@cli", r#"{"note":"to be paid in March"}"#).await;
    explorer.other_writes("bob@cli", r#"{"note":"to be paid in April"}"#).await;
    explorer.keys("ctrl-r =").await;
    let marked = |explorer: &mut Explorer| {
        let cells = explorer.draw().content().iter();
        let words = Modifier::BOLD | Modifier::UNDERLINED;
        cells.filter(|cell| cell.modifier.contains(words)).map(|cell| cell.symbol().to_owned()).collect::<String>()
    };
    assert_eq!(marked(&mut explorer), "MarchApril");
    explorer.keys("s").await;
    assert_eq!(marked(&mut explorer), "MarchApril");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fold_opens_with_enter() {
    let mut explorer = Explorer::lamp().await;
    let value =
        |first: u32| format!("[{first},{}]", (1..9).map(|number| number.to_string()).collect::<Vec<_>>().join(","));
    explorer.other_writes("bob@cli", &value(100)).await;
    explorer.other_writes("bob@cli", &value(200)).await;
    explorer.keys("ctrl-r 6 =").await.shows("⋯ 6 unchanged lines").shows("Enter unfold").hides("    7,");
    explorer.keys("enter").await.hides("unchanged").hides("Enter unfold").shows("    7,");
    explorer.keys("s").await.hides("unchanged").shows("    7,");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_text_the_order_of_keys_counts() {
    let mut explorer = Explorer::lamp().await;
    explorer.other_writes("bob@cli", r#"{"stock":3,"tags":["brass"],"price":12}"#).await;
    explorer.keys("ctrl-r =").await.shows("no change").keys("s s").await.shows("lines").shows("+   \"price\": 12");
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_of_a_collection_are_compared_by_what_there_is_to_say_of_them() {
    let mut explorer = Explorer::lamp().await;
    let lamps = explorer.app.subject().expect("an entry is selected").collection().clone();
    let bob = explorer.other_writer("bob@cli").await;
    let name = Edit { name: Some("all lamps".into()), ..Edit::default() };
    bob.update(&Subject::Collection(lamps), &name, Base::Any).await.expect("it is renamed");
    explorer.keys("3 ctrl-r =").await.shows("- name        lamps").shows("+ name        all lamps");
    explorer.keys("m").await.go_to(&["shop", "ada", "all lamps", "desk"]).await.shows("One is a collection");
}

#[tokio::test(flavor = "multi_thread")]
async fn large_values_are_compared_beside_and_only_the_last_ones_show() {
    let mut explorer = Explorer::lamp().await;
    let value = |first: usize| format!("[{first},{}]", vec!["1234567890"; 4000].join(","));
    for first in 0..3 {
        explorer.other_writes("bob@cli", &value(first)).await;
    }
    explorer.keys("ctrl-r 6").await;
    explorer.keys_at_once("=");
    explorer.shows("comparing…").settle().await;
    explorer.shows("-   1,").shows("+   2,");
    // While one is compared the selection moves on twice: what comes of the first does not show.
    explorer.keys_at_once("] [");
    explorer.keys_at_once("[");
    explorer.take_one_reply().await;
    explorer.hides("+   2,").settle().await;
    explorer.shows("-   \"price\": 12,").keys("]").await.shows("+   1,").keys("esc").await.hides("comparing");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_columns_fold_wrap_and_are_searched() {
    let mut explorer = Explorer::lamp().await;
    let value = |word: &str| {
        let note = format!("{} {word}", "a long note that goes on and on".repeat(3));
        format!(r#"{{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"note":"{note}"}}"#)
    };
    explorer.other_writes("bob@cli", &value("early")).await;
    explorer.other_writes("bob@cli", &value("late")).await;
    explorer.keys("ctrl-r 6 = s").await.shows("⋯ 4 unchanged lines").hides("early");
    explorer.keys("w").await.shows("early").shows("late");
    explorer.keys("w /").await.text("early").await.shows("1 line").keys("esc").await;
    explorer.keys("g enter").await.hides("unchanged").shows("\"c\": 3,");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_far_to_the_right_is_moved_onto_the_screen() {
    let mut explorer = Explorer::lamp().await;
    let long = "lorem ipsum ".repeat(40);
    for word in ["oldest", "newest"] {
        explorer.other_writes("bob@cli", &format!(r#"{{"a":1,"text":"{long}{word} {long}"}}"#)).await;
    }
    explorer.keys("ctrl-r =").await;
    assert!(!explorer.pane(Pane::Value).contains("oldest"));
    explorer.keys("n").await;
    for word in ["oldest", "newest"] {
        assert!(explorer.pane(Pane::Value).contains(word), "{}", explorer.pane(Pane::Value));
    }
    // In the review of a restore it goes the same way.
    explorer.keys("= [ r").await.hides("oldest").keys("n").await.shows("oldest").keys("w").await.shows("lorem");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_stays_on_its_version_when_something_is_written_on_top() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("m").await.shows("◆ base").edit(r#"{"price":99}"#).await.keys("ctrl-s enter").await.shows("✓ saved");
    explorer.keys("[ =").await.shows("~1").keys("m").await.shows("mark taken off").hides("◆ base");
}

#[tokio::test(flavor = "multi_thread")]
async fn n_goes_to_the_changes_of_a_difference_whatever_was_searched_for_in_the_value() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("6 /").await.text("brass\n").await.shows("/brass  1 line").keys("=").await.hides("/brass");
    explorer.shows("1 of 3").keys("/").await.text("zzz\n").await.shows("not found").keys("n n esc").await;
    explorer.hides("1 of 3");
}
