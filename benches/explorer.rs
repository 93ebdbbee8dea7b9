//! What a person waits for, in process: a frame after a key in a list of 100,000 rows, and a value of 400 KB opened,
//! highlighted, compared, merged and kept as a draft.
#![allow(missing_docs, clippy::panic, reason = "criterion's macros make undocumented functions")]

use std::fmt::Write;
use std::hint::black_box;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use dynamini::drafts::{Draft, Drafts, Left, Names, Work};
use dynamini::json;
use dynamini::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, Record, User, Version};
use dynamini::store::Cost;
use dynamini::tui::app::{App, Connection};
use dynamini::tui::compare::{DifferenceLook, Pair, Side};
use dynamini::tui::event::{Effect, Event, Reply};
use dynamini::tui::list::Row;
use dynamini::tui::theme::Theme;
use dynamini::tui::update::update;
use dynamini::tui::value::{Difference, Text};
use dynamini::tui::view::view;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const ROWS: usize = 100_000;

/// An explorer whose first list has 100,000 rows.
fn long_list() -> App {
    let connection = Connection {
        name: "local".into(),
        place: "embedded".into(),
        read_only: false,
        read_only_because: None,
        is_protected: false,
        home: None,
        flags: Vec::new(),
        colour: None,
        is_remote: false,
    };
    let (mut app, _) = App::new(connection, Theme::default(), TimeZone::UTC, (120, 36), 0);
    let effects = update(&mut app, Event::Reply(Reply::Connected(Ok(()))), 0);
    let Some(Effect::Load(request, ..)) = effects.first() else { panic!("the applications are read first") };
    for page in 0..ROWS / 1000 {
        let rows = (0..1000).map(|row| Row::group(&format!("application-{:06}", page * 1000 + row))).collect();
        update(&mut app, Event::Reply(Reply::Rows(*request, rows, Cost::default())), 0);
    }
    update(&mut app, Event::Reply(Reply::Complete(*request)), 0);
    app
}

fn key_to_frame(criterion: &mut Criterion) {
    let mut app = long_list();
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).expect("a test backend never fails");
    let mut group = criterion.benchmark_group("100,000 rows");
    let keys = [("j", KeyCode::Char('j')), ("half a screen", KeyCode::PageDown), ("last", KeyCode::End)];
    for (name, code) in keys {
        group.bench_function(format!("{name} to frame"), |bencher| {
            bencher.iter(|| {
                update(&mut app, Event::Key(KeyEvent::new(code, KeyModifiers::NONE)), 0);
                terminal.draw(|frame| view(&app, frame)).expect("a test backend never fails");
            });
        });
    }
    update(&mut app, Event::Key(KeyEvent::new(KeyCode::Char('/'), KeyModifiers::NONE)), 0);
    group.bench_function("a filter's key to frame", |bencher| {
        let mut forward = true;
        bencher.iter(|| {
            let code = if forward { KeyCode::Char('7') } else { KeyCode::Backspace };
            forward = !forward;
            update(&mut app, Event::Key(KeyEvent::new(code, KeyModifiers::NONE)), 0);
            terminal.draw(|frame| view(&app, frame)).expect("a test backend never fails");
        });
    });
}

/// A value of about 400 KB, an order with many lines; of each hundred those in `changed` differ.
fn large_value(changed: Range<usize>) -> String {
    order_of(0..4400, &changed)
}

/// Pairs of values of 400 KB that have as little in common as can be.
fn worst_values() -> [(&'static str, [String; 2]); 3] {
    let noise = |seed: u32| {
        (0..).map(move |at: u32| (at ^ seed).wrapping_mul(2_654_435_761).rotate_left(13).wrapping_mul(0x9e37_79b9) >> 7)
    };
    let words =
        |seed| noise(seed).take(66_000).map(|word| format!("{:05}", word % 100_000)).collect::<Vec<_>>().join(" ");
    let bits = |seed| noise(seed).take(200_000).map(|bit| (bit & 1).to_string()).collect::<Vec<_>>().join(",");
    let shuffled = |seed| {
        let mut items: Vec<(u32, usize)> = noise(seed).zip(0..40_000).collect();
        items.sort_unstable();
        items.into_iter().map(|(_, item)| format!("\"item {item}\"")).collect::<Vec<_>>().join(",")
    };
    [
        ("a string of other words", [words(1), words(2)].map(|words| format!("[\"{words}\"]"))),
        ("bits", [bits(1), bits(2)].map(|bits| format!("[{bits}]"))),
        ("a shuffled array", [shuffled(1), shuffled(2)].map(|items| format!("[{items}]"))),
    ]
}

/// The same with one of each hundred lines at another place.
fn moved_value() -> String {
    let mut lines: Vec<usize> = (0..4400).collect();
    for at in (0..4400).step_by(100) {
        lines[at..at + 50].rotate_left(1);
    }
    order_of(lines, &(0..0))
}

fn order_of(lines: impl IntoIterator<Item = usize>, changed: &Range<usize>) -> String {
    let mut text = String::from(r#"{"order":"o-1","lines":["#);
    for (at, line) in lines.into_iter().enumerate() {
        let price = if changed.contains(&(line % 100)) { 2 * line } else { line };
        let comma = if at == 0 { "" } else { "," };
        write!(text, r#"{comma}{{"sku":"sku-{line:06}","name":"Lamp “Zoë” {line}","price":{price}.50,"tags":["a","b"],"in":true}}"#)
            .expect("writing to a String never fails");
    }
    text.push_str("]}");
    text
}

fn large_values(criterion: &mut Criterion) {
    let (old, new, other) = (large_value(0..0), large_value(0..5), large_value(50..55));
    println!("the value has {} bytes", new.len());
    let mut group = criterion.benchmark_group("a 400 KB value");
    group.bench_function("parse", |bencher| bencher.iter(|| json::parse(black_box(&new)).is_ok()));
    group.bench_function("open", |bencher| {
        bencher.iter(|| {
            let document = json::parse(black_box(&new)).expect("it is JSON");
            Text::new(json::pretty(&document), true, None).len()
        });
    });
    group.bench_function("highlight every line", |bencher| {
        let pretty = json::pretty(&json::parse(&new).expect("it is JSON"));
        bencher.iter(|| pretty.lines().map(|line| json::lex_line(line).len()).sum::<usize>());
    });
    group.bench_function("compare", |bencher| {
        bencher.iter(|| Difference::new(Some(black_box(&old)), Some(black_box(&new)), String::new()).lines.len());
    });
    let pair = |old: &str, new: &str| Pair { old: Some(side(1, old)), new: side(2, new) };
    let moved = moved_value();
    for (name, new, look) in [
        ("compare side by side", &new, DifferenceLook::Beside),
        ("compare as text", &new, DifferenceLook::Text),
        ("compare what moved", &moved, DifferenceLook::ByPath),
    ] {
        let pair = pair(&old, new);
        group.bench_function(name, |bencher| {
            bencher.iter(|| Difference::of(black_box(pair.clone()), look).rows.len());
        });
    }
    let worst = worst_values().map(|(name, [old, new])| (name, pair(&old, &new)));
    say_how_much_longer(&pair(&old, &new), &pair(&old, &moved), &worst);
    group.bench_function("merge", |bencher| {
        let [old, new, other] = [&old, &new, &other].map(|text| json::parse(text).expect("it is JSON"));
        bencher.iter(|| json::merge(black_box(&old), black_box(&other), black_box(&new)).preview().len());
    });
    group.bench_function("keep as a draft", |bencher| {
        let directory = tempfile::tempdir().expect("a directory for the bench");
        let drafts = Drafts::open(directory.path()).expect("it can be opened");
        let draft = draft_of(&drafts, new.clone());
        bencher.iter(|| drafts.save(black_box(&draft)).expect("it is kept"));
    });
}

fn side(version: i64, value: &str) -> Side {
    let (application, user) = (Application::new("shop"), User::new("ada"));
    let collection = CollectionKey { application, user, id: CollectionId::new("orders") };
    let entry = EntryKey { collection, id: EntryId::new("o-1") };
    let record = Record { value: Some(value.to_owned()), ..Record::bare(entry, Version::from_ms(version)) };
    Side { record: Arc::new(record), names: ["shop", "ada", "orders", "o-1"].map(str::to_owned).to_vec() }
}

/// Says how much longer than a comparison by path the others take. They are measured in turn, so that whatever else the
/// machine does in the meantime slows them all.
fn say_how_much_longer(changed: &Pair, moved: &Pair, worst: &[(&str, Pair)]) {
    let mut kinds = vec![
        ("by path", changed, DifferenceLook::ByPath),
        ("side by side", changed, DifferenceLook::Beside),
        ("as text", changed, DifferenceLook::Text),
        ("what moved", moved, DifferenceLook::ByPath),
    ];
    kinds.extend(worst.iter().map(|(name, pair)| (*name, pair, DifferenceLook::ByPath)));
    let mut times: Vec<_> = kinds.iter().map(|_| Vec::new()).collect();
    for _ in 0..25 {
        for ((_, pair, look), times) in kinds.iter().zip(&mut times) {
            let begun = Instant::now();
            black_box(Difference::of(black_box((*pair).clone()), *look));
            times.push(begun.elapsed());
        }
    }
    let medians: Vec<f64> = times
        .into_iter()
        .map(|mut times| {
            times.sort_unstable();
            times[times.len() / 2].as_secs_f64()
        })
        .collect();
    for ((name, ..), median) in kinds.iter().zip(&medians) {
        println!("compare {name}: {:.1} ms, {:.2} of by path", median * 1e3, median / medians[0]);
    }
}

fn draft_of(drafts: &Drafts, text: String) -> Draft {
    let (application, user) = (Application::new("shop"), User::new("ada"));
    let collection = CollectionKey { application, user, id: CollectionId::new("lamps") };
    Draft {
        id: drafts.new_id(),
        connection: "local".into(),
        home: "here".into(),
        work: Work::Entry { collection, name: "desk".into() },
        names: Names::default(),
        text,
        cursor: (0, 0),
        begun: 0,
        changed: 0,
        left: Left::default(),
    }
}

criterion_group!(benches, key_to_frame, large_values);
criterion_main!(benches);
