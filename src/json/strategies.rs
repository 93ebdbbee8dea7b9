//! Generators of JSON texts for the property tests of this module.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::parse::parse;
use super::path::Segment;

/// Returns a generator of white space, mostly none.
fn space() -> impl Strategy<Value = &'static str> + Clone {
    select(vec!["", "", "", " ", "\n", "\t ", "\r\n"])
}

/// Returns a generator of tokens that are values, the awkward ones included.
fn scalar() -> impl Strategy<Value = String> {
    let awkward = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1",
        "2",
        "1.0",
        "-12.5E-3",
        "1e400",
        "12345678901234567890",
        r#""""#,
        r#""\ud800""#,
        r#""\u00e9""#,
        "\"é\"",
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\ud83d\ude00""#,
        "\"\u{2028}漢字\"",
    ];
    prop_oneof![select(awkward.to_vec()).prop_map(str::to_owned), "-?[1-9][0-9]{0,3}", "\"[a-z é]{0,4}\""]
}

/// Returns a generator of keys, few enough to meet again and to be duplicate now and then.
fn key() -> impl Strategy<Value = &'static str> {
    select(vec![r#""a""#, r#""b""#, r#""c""#, r#""id""#, r#""odd key""#, r#""\u00e9""#, "\"é\"", r#""""#])
}

/// Returns a generator of JSON texts with white space in any place and duplicate keys.
pub fn json_text() -> impl Strategy<Value = String> {
    let bare = scalar().prop_recursive(5, 40, 6, |value| {
        let item =
            (space(), value.clone(), space()).prop_map(|(before, value, after)| format!("{before}{value}{after}"));
        let member = (space(), key(), space(), item.clone())
            .prop_map(|(before, key, after, value)| format!("{before}{key}{after}:{value}"));
        prop_oneof![
            (space(), vec(item, 0..6)).prop_map(|(space, items)| match items.len() {
                0 => format!("[{space}]"),
                _ => format!("[{}]", items.join(",")),
            }),
            (space(), vec(member, 0..6)).prop_map(|(space, members)| match members.len() {
                0 => format!("{{{space}}}"),
                _ => format!("{{{}}}", members.join(",")),
            }),
        ]
    });
    (space(), bare, space()).prop_map(|(before, value, after)| format!("{before}{value}{after}"))
}

/// Returns a generator of JSON texts with a few characters removed, replaced or put in.
pub fn damaged_json_text() -> impl Strategy<Value = String> {
    let damage = (
        any::<Index>(),
        0..3_usize,
        select(r#"[]{},:"\/0123456789+-.eEutfn#é '"#.chars().chain(['\n', '\u{1}', '\u{7f}']).collect::<Vec<_>>()),
    );
    (json_text(), vec(damage, 1..4)).prop_map(|(text, damages)| {
        let mut characters: Vec<char> = text.chars().collect();
        for (place, what, character) in damages {
            let at = place.index(characters.len() + 1);
            let end = (at + usize::from(what != 0)).min(characters.len());
            let put_in = (what != 1).then_some(character);
            characters.splice(at..end, put_in);
        }
        characters.into_iter().collect()
    })
}

/// Returns a generator of tokens and bits of tokens in any order.
pub fn token_soup() -> impl Strategy<Value = String> {
    let bits = [
        "[", "]", "{", "}", ",", ":", "\"a\"", "\"", "\\", "\\u12", "\\uD800", "1", "0", "-", ".", "e", "+", "true",
        "nul", "l", " ", "\n", "é", "\u{feff}", "\u{a0}",
    ];
    prop_oneof![vec(select(bits.to_vec()), 0..8).prop_map(|bits| bits.concat()), any::<String>()]
}

/// Returns a generator of values without duplicate keys, whose equality another library can judge.
pub fn plain_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        (-3..3_i64).prop_map(Into::into),
        "[a-c\n]{0,2}".prop_map(Into::into)
    ];
    leaf.prop_recursive(4, 40, 6, |value| {
        prop_oneof![
            vec(value.clone(), 0..6).prop_map(Into::into),
            vec(("[a-d]", value), 0..6).prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Returns the part of `value` that `segments` lead to.
pub fn value_at<'a>(value: &'a serde_json::Value, segments: &[Segment]) -> Option<&'a serde_json::Value> {
    segments.iter().try_fold(value, |value, segment| match segment {
        Segment::Key(key) => value.get(key),
        Segment::Index(index) => value.get(index),
    })
}

/// What is done to a value: somewhere in it, something is put in the place of, beside, or away with what is there.
pub type ValueEdits = Vec<(Index, u8, serde_json::Value)>;

/// Returns a generator of a few edits.
pub fn value_edits() -> impl Strategy<Value = ValueEdits> {
    vec((any::<Index>(), 0..3_u8, plain_value()), 0..5)
}

/// Returns a generator of values and what they become by a few edits, or of unrelated ones now and then.
pub fn related_values() -> impl Strategy<Value = (serde_json::Value, serde_json::Value)> {
    let edited = (plain_value(), value_edits()).prop_map(|(old, edits)| {
        let new = edited_value(&old, edits);
        (old, new)
    });
    prop_oneof![6 => edited, 1 => (plain_value(), plain_value())]
}

/// Returns `value` with `edits` made to it.
pub fn edited_value(value: &serde_json::Value, edits: ValueEdits) -> serde_json::Value {
    let mut value = value.clone();
    for (place, edit, new) in edits {
        let mut at = &mut value;
        let mut way = place.index(usize::MAX);
        loop {
            let children = match at {
                serde_json::Value::Array(items) => items.len(),
                serde_json::Value::Object(members) => members.len(),
                _ => 0,
            };
            // One way leads here, the others on into a child.
            let choices = children + 1;
            let chosen = way % choices;
            way /= choices;
            if chosen == children {
                break;
            }
            at = match at {
                serde_json::Value::Array(items) => &mut items[chosen],
                serde_json::Value::Object(members) => members.values_mut().nth(chosen).expect("it has that many"),
                _ => break,
            };
        }
        match at {
            serde_json::Value::Array(items) if edit == 0 => items.insert(way % (items.len() + 1), new),
            serde_json::Value::Array(items) if edit == 1 && !items.is_empty() => {
                items.remove(way % items.len());
            }
            serde_json::Value::Object(members) if edit == 0 => {
                let key = ["a", "b", "c", "d", "e"][way % 5];
                members.insert(key.to_owned(), new);
            }
            serde_json::Value::Object(members) if edit == 1 && !members.is_empty() => {
                let key = members.keys().nth(way % members.len()).cloned().expect("it has that many");
                members.remove(&key);
            }
            _ => *at = new,
        }
    }
    value
}

/// Returns a generator of two JSON texts that have much in common, or nothing now and then.
pub fn related_json_texts() -> impl Strategy<Value = (String, String)> {
    let edits = vec((any::<Index>(), select(vec!["1", "[]", "{}", "[1]", "{\"a\":1}", "\"x\""])), 0..3);
    let edited = (json_text(), edits).prop_map(|(old, edits)| {
        let mut new = old.clone();
        for (place, token) in edits {
            new = with_value_replaced(&new, place, token);
        }
        (old, new)
    });
    prop_oneof![4 => edited, 1 => (json_text(), json_text())]
}

/// Returns `text` with one of its values replaced by `token`.
fn with_value_replaced(text: &str, place: Index, token: &str) -> String {
    let document = parse(text).expect("generated JSON");
    let mut spans = Vec::new();
    let mut waiting = vec![document.root()];
    while let Some(node) = waiting.pop() {
        spans.push(node.span.clone());
        waiting.extend(node.children().map(|(_, child)| child));
    }
    let span = place.get(&spans).clone();
    format!("{}{token}{}", &text[..span.start], &text[span.end..])
}
