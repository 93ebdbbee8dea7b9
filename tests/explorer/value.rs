//! The value pane.

use dynamini::tui::pane::Pane;
use insta::assert_snapshot;

use super::driver::Explorer;

async fn oddity(name: &str) -> Explorer {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&["sandbox", "u-1042", "oddities", name]).await;
    explorer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_pretty_printed_with_line_numbers() {
    let mut explorer = Explorer::lamp().await;
    assert_snapshot!(explorer.pane(Pane::Value), @r#"
    1  {
    2    "price": 12,
    3    "stock": 3,
    4    "tags": [
    5      "brass"
    6    ]
    7  }
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_value_shows_as_it_is() {
    let mut explorer = oddity("a number").await;
    for (name, shown) in [
        ("a number", "1  42"),
        ("a boolean", "1  false"),
        ("a string", "1  \"just text\""),
        ("null", "1  null"),
        ("an array", "\"one\","),
        ("empty object", "1  {}"),
        ("large integer", "12345678901234567890"),
        ("numbers as typed", "1e400"),
        ("numbers as typed", "\"cents\": 12.50"),
        ("duplicate keys", "2 key(s) stand twice in an object"),
        ("not JSON", "Not JSON: "),
        ("not JSON", "limit: 5000 # YAML, really"),
        ("value absent (renamed)", "This version has no value"),
        ("empty text", "Not JSON: "),
    ] {
        explorer.go_to(&["sandbox", "u-1042", "oddities", name]).await.shows(shown);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lines_are_wrapped_when_asked_for_and_all_lines_can_be_reached() {
    let mut explorer = Explorer::lamp().await;
    let items = (1..=30).map(|number| format!("\"{number} {}\"", "word ".repeat(60)));
    let value = format!("[{}]", items.collect::<Vec<_>>().join(","));
    explorer.other_writes("bob@cli", &value).await;
    explorer.keys("ctrl-r 6").await;
    let third = |explorer: &mut Explorer| explorer.pane(Pane::Value).lines().nth(2).unwrap_or_default().to_owned();
    assert!(third(&mut explorer).starts_with(" 3  "), "one row a line");
    explorer.keys("w").await;
    let row = third(&mut explorer);
    assert!(row.starts_with("    ") && row.contains("word"), "the second line goes on: {row}");
    explorer.keys("G").await.shows("32▸ ]");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrapped_line_longer_than_the_screen_is_scrolled_row_by_row() {
    let mut explorer = Explorer::lamp().await;
    let words = (1..=900).map(|number| format!("word-{number}")).collect::<Vec<_>>().join(" ");
    explorer.other_writes("bob@cli", &format!("{{\"text\": \"{words}\"}}")).await;
    explorer.keys("ctrl-r 6 w").await.shows("word-1 ").hides("word-900");
    explorer.keys("j j j").await.hides("word-1 ").shows("word-99 ");
    explorer.keys("k k k").await.shows("word-1 ");
    explorer.keys("G k k k k").await.shows("word-900").keys("g").await.shows("word-1 ");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_line_can_be_reached_below_a_notice() {
    let mut explorer = Explorer::lamp().await;
    let items = (1..=60).map(|number| format!("\"{number}\"")).collect::<Vec<_>>().join(",");
    explorer.other_writes("bob@cli", &format!(r#"{{"a":1,"a":[{items}]}}"#)).await;
    explorer.keys("ctrl-r 6").await.shows("1 key(s) stand twice").keys("G").await.shows("65▸ }");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_value_fills_the_screen_when_asked_for() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("f").await.hides("4 Entries").hides("5 Timeline").shows("6 Value").shows("\"price\": 12");
    explorer.keys("[").await.shows("\"price\": 10");
    explorer.keys("f").await.shows("4 Entries").shows("5 Timeline");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_searched() {
    let mut explorer = Explorer::lamp().await;
    let items = (1..=99).map(|number| format!("\"{number}{}\"", if number % 40 == 0 { " HERE" } else { "" }));
    let value = format!("[{}]", items.collect::<Vec<_>>().join(","));
    explorer.other_writes("bob@cli", &value).await;
    explorer.keys("ctrl-r 6 /").await.text("here").await.shows("/here▏").shows("2 lines").shows("\"40 HERE\"");
    explorer.keys("enter n").await.shows("\"80 HERE\"").hides("\"40 HERE\"");
    explorer.keys("n").await.shows("\"40 HERE\"").keys("N").await.shows("\"80 HERE\"");
    explorer.keys("j").await.shows("\"80 HERE\"");
    explorer.keys("esc").await.hides("/here").keys("/ n o esc").await.hides("/no");
    explorer.keys("/").await.text("nowhere").await.shows("not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_value_is_searched_from_the_timeline_too() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("5 /").await.text("brass").await.keys("enter").await.shows("/brass").shows("1 line");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shown_value_is_copied_pretty_printed() {
    use dynamini::tui::event::Effect;
    let mut explorer = Explorer::lamp().await;
    explorer.keys("[ y").await;
    let pretty = "{\n  \"price\": 10,\n  \"colour\": \"red\",\n  \"stock\": 3\n}";
    assert_eq!(explorer.asked, [Effect::Copy(pretty.into())]);
}
