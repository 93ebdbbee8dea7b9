//! What holds of any input. Each function takes bytes, reads them both as the text itself and as decisions that make a
//! text of the right form, and panics where its property fails.
//!
//! `tests/properties.rs` runs them on a bounded number of inputs, the targets in `fuzz/` on as many as one has time for.

#[path = "source.rs"]
mod source;

use std::collections::HashMap;
use std::path::Path;

use dynamini::config::{self, ConfigError, FileConfig, Overrides};
use dynamini::json::{self, Choice, Document, Kind, Merge, Node};
use dynamini::model::{Address, Application, CollectionId, CollectionKey, Subject, User, Version, key};
use dynamini::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use self::source::Source;

/// A sort key that can be taken apart is the sort key of what was found in it, and what is made can be taken apart.
pub fn keys(data: &[u8]) {
    let sort = String::from_utf8_lossy(data);
    let mut source = Source::new(data);
    let made = source.text(8, &["u-1", "c0ffee", "#", "#", "1700000000000", "0", "007", "-1", " ", "é"]);
    for sort in [&*sort, &made] {
        let application = Application::new("billing");
        if let Some((found, version)) = key::parse_collection(&application, sort) {
            assert_eq!(Subject::from(found.clone()).sort_key(version), sort);
            let user = key::user_of(sort).expect("a key that was taken apart starts with a user");
            assert!(found.user.as_str().starts_with(user.as_str()), "{sort:?}");
        }
        let collection = CollectionKey { application, user: User::new("u-1"), id: CollectionId::new("c0ffee") };
        if let Some((found, version)) = key::parse_entry(&collection, sort) {
            assert_eq!(Subject::from(found.clone()).sort_key(version), sort);
            assert_eq!(found.collection, collection);
        }
    }

    let Some(user) = User::from_typed(&sort) else { return };
    let version = Version::from_ms((0..6).fold(0, |ms, _| ms << 7 | i64::try_from(source.below(128)).unwrap()));
    let collection = CollectionKey { application: Application::new("a"), user, id: CollectionId::new("c0ffee") };
    let row = Subject::from(collection.clone()).sort_key(version);
    assert_eq!(key::user_of(&row).as_ref(), Some(&collection.user));
    assert_eq!(key::parse_collection(&collection.application, &row), Some((collection, version)));
}

/// An address that was read is written on one line so that it is read as the same.
pub fn addresses(data: &[u8]) {
    let pieces =
        ["a", "/", "/", "@", "@-1", "@7", "@1700000000000", "@2026-11-22T09:41:03Z", "%2F", "%40", "%c3%a9", "%", "#"];
    for text in [String::from_utf8_lossy(data).into_owned(), Source::new(data).text(12, &pieces)] {
        if let Ok(address) = text.parse::<Address>() {
            let written = address.to_string();
            assert!(!written.contains(char::is_control), "{written:?}");
            assert_eq!(written.parse(), Ok(address), "{text:?} was written as {written:?}");
        }
    }
}

/// JSON is written back with no token changed, compact and pretty.
pub fn json(data: &[u8]) {
    let arbitrary = String::from_utf8_lossy(data);
    let made = Source::new(data).json();
    assert!(json::parse(&made).is_ok(), "{made}");
    for text in [&*arbitrary, &made] {
        let document = match json::parse(text) {
            Ok(document) => document,
            Err(error) => {
                assert!(text.is_char_boundary(error.offset) && error.line > 0 && error.column > 0, "{error}");
                continue;
            }
        };
        let (compact, pretty) = (json::compact(&document), json::pretty(&document));
        for written in [&compact, &pretty] {
            let again = json::parse(written).expect("what was written is JSON");
            assert_eq!((json::compact(&again), json::pretty(&again)), (compact.clone(), pretty.clone()));
            assert_eq!(json::diff(&document, &again), []);
            assert_eq!(tokens(written), tokens(text), "a token changed");
        }
    }
}

/// Returns a JSON text without its white space; that in strings goes too.
fn tokens(text: &str) -> String {
    text.replace([' ', '\n', '\t', '\r'], "")
}

/// Two sides are joined without losing or inventing anything, and without regard to which is whose but for the choices.
pub fn merge(data: &[u8]) {
    let mut source = Source::new(data);
    let base = source.json();
    let (theirs, mine) = (source.edited(&base), source.edited(&base));
    let unrelated = source.json();
    merge_of(&base, &theirs, &mine);
    merge_of(&base, &theirs, &unrelated);

    let arbitrary = String::from_utf8_lossy(data);
    if let [base, theirs, mine] = arbitrary.splitn(3, '|').collect::<Vec<_>>()[..] {
        merge_of(base, theirs, mine);
    }
}

fn merge_of(base: &str, theirs: &str, mine: &str) {
    let (Ok(base), Ok(theirs), Ok(mine)) = (json::parse(base), json::parse(theirs), json::parse(mine)) else { return };

    for side in [&theirs, &mine] {
        for merge in [json::merge(&base, side, &base), json::merge(&base, &base, side), json::merge(&base, side, side)]
        {
            assert_eq!(merge.merged(), Some(json::compact(side)), "one side's changes are taken as typed");
        }
    }

    let (merge, swapped) = (json::merge(&base, &theirs, &mine), json::merge(&base, &mine, &theirs));
    assert_eq!(clashes(&merge, false), clashes(&swapped, true), "the same clashes whoever is who");
    for (choice, opposite) in [(Choice::Theirs, Choice::Mine), (Choice::Mine, Choice::Theirs)] {
        let (merged, mirrored) = (settled(&merge, &choice), settled(&swapped, &opposite));
        let merged = json::parse(&merged).expect("what is merged is JSON");
        let mirrored = json::parse(&mirrored).expect("what is merged is JSON");
        assert_eq!(json::diff(&merged, &mirrored), [], "the same value whoever is who");
        let (chosen, other) = if choice == Choice::Theirs { (&theirs, &mine) } else { (&mine, &theirs) };
        nothing_lost(&base, chosen, other, &merged);
    }
}

/// What is new on the chosen side is there as often as it is there, and everything that is there comes from a side.
fn nothing_lost(base: &Document<'_>, chosen: &Document<'_>, other: &Document<'_>, merged: &Document<'_>) {
    let [base, chosen, other, merged] = [base, chosen, other, merged].map(|document| {
        let mut leaves = HashMap::new();
        count_leaves(document.root(), &mut leaves);
        leaves
    });
    for (leaf, times) in chosen.iter().filter(|(leaf, _)| !base.contains_key(*leaf)) {
        assert!(merged.get(leaf).is_some_and(|there| there >= times), "{leaf} is lost");
    }
    for leaf in merged.keys() {
        assert!(chosen.contains_key(leaf) || other.contains_key(leaf), "{leaf} comes from nowhere");
    }
}

/// Counts the values other than arrays and objects by what they say.
fn count_leaves(node: &Node<'_>, leaves: &mut HashMap<String, usize>) {
    let leaf = match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(raw) => (*raw).to_owned(),
        Kind::String(token) => match token.decode() {
            said if said.contains(char::REPLACEMENT_CHARACTER) => token.raw().to_owned(),
            said => format!("{said:?}"),
        },
        Kind::Array(_) | Kind::Object(_) => return node.children().for_each(|(_, child)| count_leaves(child, leaves)),
    };
    *leaves.entry(leaf).or_default() += 1;
}

/// Returns the clashes in an order of their own, without the paths, whose indexes depend on who is who.
fn clashes(merge: &Merge, swapped: bool) -> Vec<[Option<&str>; 3]> {
    let told = merge.clashes().iter().map(|clash| {
        let (theirs, mine) = if swapped { (&clash.mine, &clash.theirs) } else { (&clash.theirs, &clash.mine) };
        [&clash.base, theirs, mine].map(|side| side.as_deref())
    });
    let mut clashes: Vec<_> = told.collect();
    clashes.sort_unstable();
    clashes
}

fn settled(merge: &Merge, choice: &Choice) -> String {
    let mut merge = merge.clone();
    for clash in 0..merge.clashes().len() {
        assert_eq!(merge.settle(clash, Some(choice.clone())), Ok(()));
    }
    merge.merged().expect("every clash is settled")
}

/// Text made safe acts on nothing, hides nothing, and takes the cells that are counted.
pub fn display_safe(data: &[u8]) {
    let pieces = [
        "a",
        "1",
        "#",
        "\u{301}",
        "\u{200d}",
        "\u{fe0f}",
        "\u{20e3}",
        "❤",
        "👩",
        "🏽",
        "🇫",
        "\u{1b}[2J",
        "\n",
        "\t",
        "\r",
        "\u{202e}",
        "\u{2066}",
        "\u{1100}",
        "\u{1161}",
        "\u{11a8}",
        "한",
        "日",
        "ｶﾞ",
        "क",
        "\u{94d}",
        "\u{e0041}",
        "\\",
    ];
    for given in [String::from_utf8_lossy(data).into_owned(), Source::new(data).text(40, &pieces)] {
        let safe = text::display_safe(&given);
        assert!(!safe.contains(|c: char| c.is_control() || is_bidi_control(c)), "{given:?} is shown as {safe:?}");
        assert_eq!(text::display_safe(&safe), safe, "twice is once");
        let lines = text::display_safe_lines(&given);
        assert!(
            !lines.contains(|c: char| c != '\n' && c != '\t' && (c.is_control() || is_bidi_control(c))),
            "{lines:?}"
        );
        assert_eq!(text::display_safe_lines(&lines), lines, "twice is once");

        let line = Rect::new(0, 0, 400, 1);
        let shown = text::truncate(&safe, usize::from(line.width));
        let (end, _) = Buffer::empty(line).set_stringn(0, 0, &shown, usize::from(line.width), Style::default());
        assert_eq!(text::width(&shown), usize::from(end), "{shown:?}");
        for cells in [0, 1, 2, 7, 40] {
            assert_eq!(text::width(&text::fit(&safe, cells)), cells, "{safe:?}");
        }
    }
}

/// The characters with which Unicode's annex 9 lets a text reorder what is shown around it.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A config file is read, or refused with a line that it has.
pub fn config(data: &[u8]) {
    for text in [String::from_utf8_lossy(data).into_owned(), config_file(&mut Source::new(data))] {
        let overrides = Overrides { data_dir: Some("data".into()), ..Overrides::default() };
        let file = match FileConfig::parse(Path::new("c.toml"), &text) {
            Ok(file) => file,
            Err(error) => {
                assert_a_line_is_named(&error, &text);
                continue;
            }
        };
        let chosen = config::resolve(Some(&file), &overrides, &|_| None);
        match (chosen, config::connections(Some(&file), &overrides, &|_| None)) {
            (Ok(chosen), Ok(all)) => assert!(all.contains(&chosen), "{text}"),
            (Err(error), _) | (_, Err(error)) => assert_a_line_is_named(&error, &text),
        }
    }
}

fn assert_a_line_is_named(error: &ConfigError, text: &str) {
    let message = error.to_string();
    let line = message.strip_prefix("c.toml:").and_then(|rest| rest.split(':').next()?.parse().ok());
    assert!(line.is_some_and(|line| (1..=text.split('\n').count()).contains(&line)), "{message}");
}

fn config_file(source: &mut Source<'_>) -> String {
    let values = [
        "''",
        "'local'",
        "'work'",
        "\"dynamodb\"",
        "'embedded'",
        "'eu-west-1'",
        "'http://h:1'",
        "true",
        "false",
        "0",
        "1",
        "60_000",
        "0x10",
        "-1",
        "1.5",
        "1e9",
        "[]",
        "['a', \"b\"]",
        "[1]",
        "1979-05-27",
        "{ a = 1 }",
        "'~/x'",
        "\"\\u00e9\"",
    ];
    let tables = [
        "[connections.work]",
        "[connections.local]",
        "[connections.'']",
        "[connections.\"a b\"]",
        "[connections]",
        "[[connections]]",
        "[x]",
    ];
    let names: Vec<_> = config::keys::TOP.iter().chain(config::keys::CONNECTION).map(|key| key.name).collect();
    let mut text = String::new();
    for _ in 0..source.below(12) {
        match source.below(8) {
            0 | 1 => text.push_str(source.pick(&tables)),
            2 => text.push_str(&source.text(6, &["=", "[", "]", "'", "\"", "#", "a", ".", "\n"])),
            _ => text.push_str(&format!("{} = {}", source.pick(&names), source.pick(&values))),
        }
        text.push_str(source.pick(&["\n", "\r\n", "\n\n", " # é\n"]));
    }
    text
}
