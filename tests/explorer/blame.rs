//! Blame: which version last changed each line; and stepping through versions on one path.

use dynamini::store::{Base, Edit};
use dynamini::tui::blame::Stage;
use dynamini::tui::event::Event;
use dynamini::tui::pane::Pane;
use insta::assert_snapshot;

use super::driver::{Explorer, Setup, with_sample};
use super::line::{Line, State};

/// A lamp with three more versions: a price, a note on it, and the first price again.
async fn lamp() -> Explorer {
    let mut explorer = Explorer::lamp().await;
    let subject = explorer.app.subject().expect("the lamp is selected");
    let eve = explorer.other_writer("eve@web").await;
    for (value, note) in [
        (r#"{"price":15,"stock":3,"tags":["brass"]}"#, "inflation"),
        (r#"{"price":15,"stock":3,"tags":["steel","brass"],"size":{"w":10,"h":40}}"#, "measured"),
    ] {
        let edit = Edit { value: Some(value.into()), note: Some(note.into()), ..Edit::default() };
        eve.update(&subject, &edit, Base::Any).await.expect("it is saved");
    }
    explorer.keys("ctrl-r").await;
    explorer
}

/// An invoice with 60 versions.
async fn invoice(size: (u16, u16)) -> Explorer {
    let mut explorer = Explorer::demo_at(size).await;
    explorer.go_to(&["billing", "u-1042", "invoices", "inv-2026-0007"]).await;
    explorer
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_says_which_version_last_changed_it() {
    let mut explorer = lamp().await;
    explorer.keys("b").await;
    assert_snapshot!(explorer.pane(Pane::Value), @r#"
    22 Nov 09:44 eve@web      ▐  1▸ {
    22 Nov 09:44 eve@web         2    "price": 15,
    22 Nov 06:39 bob@cli         3    "stock": 3,
    22 Nov 09:44 eve@web      ▐  4    "tags": [
                              ▐  5      "steel",
    22 Nov 07:39 bob@cli         6      "brass"
    22 Nov 09:44 eve@web      ▐  7    ],
                              ▐  8    "size": {
                              ▐  9      "w": 10,
                              ▐ 10      "h": 40
                              ▐ 11    }
                              ▐ 12  }
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn blame_at_120x36_and_80x24() {
    let mut explorer = invoice((120, 36)).await;
    explorer.keys("b j j j j j j j j").await;
    assert_snapshot!("blame_120x36", explorer.screen());
    explorer.resize(80, 24);
    assert_snapshot!("blame_80x24", explorer.screen());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cursor_shows_who_and_why_and_marks_the_version_in_the_timeline() {
    let mut explorer = lamp().await;
    explorer.keys("b j").await.shows(".price  number").shows("eve@web  inflation").shows("▶ line 2");
    assert_eq!(explorer.line(), 0, "what is shown stays");
    explorer.keys("j").await.shows(".stock  number").shows("(the first version)").shows("▶ line 3");
    explorer.keys("G").await.shows(".  object").shows("measured");
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_goes_to_the_version_where_blame_goes_on() {
    let mut explorer = lamp().await;
    explorer.keys("b j enter").await.shows("\"price\": 15").hides("steel").shows("Blame  2026-11-22");
    assert_eq!(explorer.line(), 1);
    explorer.shows("2▸   \"price\": 15").shows("inflation").keys("enter").await.shows("this is the version");
    explorer.keys("[").await.shows("2▸   \"price\": 12").shows("spring sale");
    explorer.keys("enter").await.shows("this is the version");
    explorer.keys("b").await.hides("Blame").shows("6 Value").hides("bob@cli  spring");
    explorer.keys("enter").await.shows("▸ \": 12").keys("h").await;
    assert_eq!(explorer.line(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_goes_to_a_version_far_back() {
    let mut explorer = invoice((120, 36)).await;
    explorer.keys("b").await;
    let mut far = None;
    for _ in 0..explorer.app.value.len() {
        let version = explorer.app.pointed().expect("every line is known").version;
        let line = explorer.app.timeline().and_then(|timeline| timeline.line_of(version));
        far = line.filter(|line| *line > 30).map(|_| version);
        if far.is_some() {
            break;
        }
        explorer.keys("j").await;
    }
    explorer.keys("enter").await;
    let shown = explorer.app.timeline().and_then(|timeline| timeline.shown()).map(|record| record.version);
    assert!(far.is_some(), "a line is of a version that was not loaded before");
    assert_eq!(shown, far);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_come_as_they_are_found_and_esc_stops_and_ends() {
    let mut explorer = Explorer::lamp().await;
    let subject = explorer.app.subject().expect("the lamp is selected");
    let eve = explorer.other_writer("eve@web").await;
    for price in 0..300 {
        let value = format!(r#"{{"price":{price},"stock":3,"tags":["brass"]}}"#);
        eve.update(&subject, &Edit { value: Some(value), ..Edit::default() }, Base::Any).await.expect("it is saved");
    }
    explorer.keys("ctrl-r").await;
    explorer.keys_at_once("b j");
    explorer.shows("0 compared, 7 lines left  Esc stops").shows("…");
    explorer.until(|explorer| explorer.app.pointed().is_some()).await;
    let blame = explorer.app.blame.as_ref().expect("it is on");
    assert!(blame.is_under_way() && blame.compared() <= 50 && blame.left() == 4);
    explorer.keys_at_once("esc");
    explorer.shows("stopped: ").shows("4 lines left").shows("eve@web");
    assert!(explorer.app.blame.as_ref().is_some_and(|blame| blame.stage == Stage::Stopped));
    explorer.settle().await;
    explorer.shows("4 lines left").keys("esc").await.hides("Blame").hides("lines left");
    explorer.keys_at_once("b");
    explorer.until(|explorer| explorer.app.pointed().is_some()).await;
    explorer.keys_at_once("esc");
    explorer.shows("b goes on").keys("b j").await.shows("(the first version)").shows("301 compared");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_once_serves_every_version_and_the_timeline_has_what_is_named() {
    let mut explorer = invoice((120, 36)).await;
    explorer.keys("b").await.shows("59 compared").shows("60 versions");
    let cost = explorer.app.cost;
    explorer.keys("[ [ ] b b").await.shows("58 compared");
    assert_eq!(explorer.app.cost, cost, "nothing is read again");
    for _ in 0..explorer.app.value.len() {
        let version = explorer.app.pointed().expect("every line is known").version;
        assert!(explorer.app.timeline().and_then(|timeline| timeline.line_of(version)).is_some());
        explorer.keys("j").await.shows("▶ line");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn blame_stays_on_while_stepping_and_ends_elsewhere() {
    let mut explorer = lamp().await;
    explorer.original_writes("limit: 5").await;
    explorer.other_writes("bob@cli", r#"{"price":15}"#).await;
    explorer.keys("ctrl-r b j").await.shows("(the value before is not JSON)");
    explorer.keys("[").await.shows("Not JSON: ").shows("only JSON has paths");
    explorer.keys("[").await.shows("inflation").shows("3 compared");
    explorer.keys("=").await.shows("Difference").keys("=").await.shows("Blame").shows("inflation");
    explorer.keys("3").await.hides("Blame").keys("4").await.hides("Blame");
    explorer.keys("3 b").await.shows("blame tells of the values of entries");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_json_has_no_blame() {
    let mut explorer = Explorer::demo().await;
    explorer.go_to(&["sandbox", "u-1042", "oddities", "not JSON"]).await;
    explorer.keys("b").await.shows("only JSON has paths").hides("Blame");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_foot_tells_the_path_and_kind_of_the_line() {
    let mut explorer = lamp().await;
    explorer.hides("object").keys("6").await.shows(" .  object ");
    for shown in
        [".price  number", ".stock  number", ".tags  array", ".tags[0]  string", ".tags[1]  string", ".tags  array"]
    {
        explorer.keys("j").await.shows(shown);
    }
    explorer.keys("j j").await.shows(".size.w  number");
}

#[tokio::test(flavor = "multi_thread")]
async fn stepping_stays_on_the_path_and_comes_back_to_it() {
    let mut explorer = lamp().await;
    explorer.keys("6 j j j j").await.shows("5▸     \"steel\"");
    explorer.keys("j").await.shows(".tags[1]  string").shows("6▸     \"brass\"");
    explorer.keys("[").await.shows("4▸   \"tags\": [").shows(".tags  (.tags[1] is not in this version)");
    explorer.keys("[ [").await.shows("1▸ {").shows(".  (.tags[1] is not in this version)");
    explorer.keys("] ] ]").await.shows("6▸     \"brass\"").hides("not in this version");
    explorer.keys("4 [ ]").await.shows("6▸     \"brass\"");
    explorer.keys("= [ ] =").await.shows("6▸     \"brass\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn stepping_stays_on_the_row_of_the_screen() {
    let mut explorer = Explorer::lamp().await;
    let value = |before: usize| {
        let items = (0..before + 100)
            .map(|number| format!("\"k{}\":{number}", if number < before { number + 1000 } else { number - before }));
        format!("{{{}}}", items.collect::<Vec<_>>().join(","))
    };
    for before in [0, 30] {
        explorer.other_writes("bob@cli", &value(before)).await;
    }
    explorer.keys("ctrl-r 6 G k k").await;
    let row = |explorer: &mut Explorer| {
        let text = explorer.pane(Pane::Value);
        text.lines()
            .position(|line| line.contains("▸   \"k98\""))
            .unwrap_or_else(|| panic!("k98 is not there:\n{text}"))
    };
    let before = row(&mut explorer);
    explorer.keys("[").await;
    assert_eq!(row(&mut explorer), before);
    explorer.keys("]").await;
    assert_eq!(row(&mut explorer), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_page_is_read_long_before_stepping_gets_there() {
    let mut explorer = invoice((120, 36)).await;
    let versions = |explorer: &Explorer| explorer.app.timeline().expect("it shows").versions();
    assert_eq!(versions(&explorer), 30);
    let mut steps = 0;
    while versions(&explorer) == 30 {
        explorer.keys("[").await;
        steps += 1;
    }
    assert!(30 - steps >= 15, "read on only after {steps} steps");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slider_shows_the_place_among_all_versions_or_those_loaded() {
    let mut explorer = lamp().await;
    explorer
        .shows("├───────────● 4 of 4")
        .keys("[")
        .await
        .shows("3 of 4")
        .keys("[ [")
        .await
        .shows("●───────────┤ 1 of 4");
    let mut explorer = invoice((80, 24)).await;
    explorer.shows("● newest of 30+").keys("[ [").await.shows("2 back of 30+").keys("5 G").await.shows("1 of 60");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_timeline_has_charts_of_changes_and_sizes() {
    let mut explorer = lamp().await;
    explorer.shows("changes ").shows("  size ").shows("37 B – ");
    explorer.resize(80, 24);
    explorer.hides("changes ").hides("  size ");
    explorer.take(Event::Resize(120, 29));
    explorer.hides("changes ");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_whole_screen_the_slider_stands_above_the_value() {
    let mut explorer = lamp().await;
    explorer.keys("f").await.hides("5 Timeline").shows("● 4 of 4").keys("[").await.shows("3 of 4");
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_closes_a_difference_before_it_ends_blame() {
    let mut explorer = lamp().await;
    explorer.keys("b = esc").await.hides("Difference").shows("Blame").keys("esc").await.hides("Blame");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_says_how_far_it_came_and_what_is_known_stays() {
    let line = Line::default();
    let mut explorer = Explorer::start(Setup { line: line.clone(), ..with_sample().await }).await;
    explorer.go_to(&["billing", "u-1042", "invoices", "inv-2026-0007"]).await;
    line.is(State::Down);
    explorer.keys("b").await.shows("failed: 29 compared").shows("lines left").shows("b tries again");
    explorer.keys("j j").await.shows("↺ from 10 Nov 09:43  the dispute").keys("j").await.shows("?");
    line.is(State::Up);
    explorer.keys("b").await.shows("59 compared").hides("lines left");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_capacity_is_used_up_it_waits_for_it_and_says_so() {
    let line = Line::default();
    let mut explorer = Explorer::start(Setup { line: line.clone(), ..with_sample().await }).await;
    explorer.go_to(&["billing", "u-1042", "invoices", "inv-2026-0007"]).await;
    line.is(State::ThrottlesAfter(0));
    explorer.keys("b").await.shows("59 compared").shows("waiting for it").hides("lines left");
    assert_eq!(line.state(), State::Up, "a request was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrapped_lines_and_a_narrow_screen_do_not_lose_the_cursor() {
    let mut explorer = Explorer::lamp().await;
    let long = "word ".repeat(400);
    explorer.other_writes("bob@cli", &format!(r#"{{"a":1,"text":"{long}","z":[1,2,3]}}"#)).await;
    explorer.keys("ctrl-r 6 w j j").await.shows("3▸   \"text\"");
    explorer.keys("G").await.shows("▸ }").keys("g").await.shows("1▸ {");
    explorer.resize(60, 20);
    explorer.keys("j j j").await;
    for _ in 0..90 {
        explorer.keys("j").await.shows("▸");
    }
    explorer.shows("▸ }").resize(40, 12);
    explorer.shows("▸ }");
}
