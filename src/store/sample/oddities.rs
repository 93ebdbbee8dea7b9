//! `sandbox`: every kind of row that real tables hold and nobody planned for.

use aws_sdk_dynamodb::types::AttributeValue;

use super::history::{DAY, HOUR, Sample, YEAR, entry_key};
use crate::model::{Record, Version};
use crate::store::row::{Row, Table, attribute, write_record};

/// Names that would do harm on a terminal if they were printed as they are.
const HOSTILE: [&str; 9] = [
    "\u{1b}[31mred",
    "bell\u{7}",
    "\u{202e}gnp.eciovni",
    "\u{1b}]0;new title\u{7}",
    "\u{9b}2J\u{9d}52;c;aGk=\u{9c}",
    "two\nlines\r\ttab",
    "zero\u{200b}width\u{feff}",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "nul\u{0}delete\u{7f}",
];

pub(super) fn add(sample: &mut Sample) {
    let hostile = sample.collection(("sandbox", "u-1042", "hostile-strings"), (200 * DAY, "mallory@lab"));
    for name in HOSTILE {
        let text = super::doc::quoted(name);
        let value = format!(r#"{{"text":{text},"nested":{{{text}:[{text},"\u001b[2J\u001b[H\u202e\u2066"]}}}}"#);
        let history = sample.entry(&hostile, name, (100 * DAY, "mallory@lab"), value);
        history.edit(50 * DAY, "mallory\u{1b}[1m@lab", "a note\u{7} that \u{1b}[5mblinks", &["seen = true"]);
    }
    // Control characters as they are, which JSON does not allow.
    sample.entry(
        &hostile,
        "raw control characters",
        (90 * DAY, "mallory@lab"),
        "{\"raw\": \"\u{1b}[41m \u{9b}1m\u{7}\"}",
    );

    let odd = sample.collection(("sandbox", "u-1042", "oddities"), (2 * YEAR, ""));
    for (name, value) in [
        ("an array", r#"["one",2,[3,[4,[5]]],{"six":6}]"#),
        ("a number", "42"),
        ("a boolean", "false"),
        ("a string", r#""just text""#),
        ("null", "null"),
        ("empty object", "{}"),
        ("empty text", ""),
        ("large integer", r#"{"id":12345678901234567890,"negative":-98765432109876543210}"#),
        ("numbers as typed", r#"{"one":1.0,"huge":1e400,"tiny":1E-400,"minusZero":-0,"cents":12.50}"#),
        ("duplicate keys", r#"{"limit":5000,"limit":12500,"nested":{"a":1,"a":2}}"#),
        (
            "unusual unicode",
            r#"{"lone":"\ud83d","escaped":"\u00e9\ud83d\ude00","":"empty key","ｆｕｌｌ":"𝔘𝔫𝔦","\u0000":"nul"}"#,
        ),
        ("spaced out", "{\n\t\"tabs\" : [ 1 ,2 ],\r\n  \"b\":{ }\n}\n"),
        ("one long line", &format!(r#"{{"line":"{}"}}"#, "lamp 灯 ".repeat(500))),
    ] {
        sample.entry(&odd, name, (600 * DAY, ""), value);
    }
    sample
        .entry(&odd, "not JSON", (500 * DAY, ""), r#"{"limit":5000}"#)
        .put(499 * DAY, "", "", r#"{"limit":5000,}"#)
        .put(2 * HOUR, "bob@cli", "it was pasted", "limit: 5000 # YAML, really\n- 'one'\n");
    sample
        .entry(&odd, "value absent", (400 * DAY, ""), "{}")
        .rename(399 * DAY, "", "value absent (renamed)")
        .without(false, true);
    sample.entry(&odd, "name absent", (398 * DAY, ""), r#"{"nameless":true}"#).without(true, false);
    sample.entry(&odd, "name and value absent", (397 * DAY, ""), "{}").without(true, true);
    sample.entry(&odd, "", (396 * DAY, ""), r#"{"name":"is empty"}"#);
    // One name for two entries, as the original allows.
    sample.entry(&odd, "twin", (395 * DAY, ""), r#"{"which":"the elder"}"#);
    sample.entry(&odd, "twin 2", (395 * DAY, ""), r#"{"which":"the younger"}"#).rename(394 * DAY, "", "twin");
    let seconds = Version::from_ms(sample.version(1000 * DAY).ms() / 1000);
    let in_seconds = Record {
        name: Some("version in seconds".to_owned()),
        value: Some(r#"{"written":"with the wrong unit"}"#.to_owned()),
        ..Record::bare(entry_key(&odd, "version in seconds"), seconds)
    };
    sample.raw(Table::Entries, write_record(&in_seconds));

    let partition = odd.entries_partition();
    for (sort, name) in [("imported-by-hand", "no # in its key"), ("legacy#2021-03-04", "a date for a version")] {
        let row = named(Table::Entries.key(partition.as_str(), sort), AttributeValue::S(name.to_owned()));
        sample.raw(Table::Entries, row);
    }
    let sort = format!("{}#{}", entry_key(&odd, "name is a number").id, sample.version(390 * DAY));
    sample.raw(Table::Entries, named(Table::Entries.key(partition, sort), AttributeValue::N("7".to_owned())));
    let row = Table::Collections.key("sandbox", "collection-without-a-user");
    sample.raw(Table::Collections, named(row, AttributeValue::S("lost".to_owned())));
}

fn named(mut row: Row, name: AttributeValue) -> Row {
    row.insert(attribute::NAME.to_owned(), name);
    row
}
