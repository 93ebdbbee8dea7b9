//! `grep`: text, paths and values in all versions, with the exit codes of grep.

use crate::{DONE, Place, Ran};

const FOUND: i32 = 0;
const NOT_FOUND: i32 = 1;
const ERROR: i32 = 2;

/// A store in which the limit of one entry went from 5000 to 12500, and another entry was deleted.
struct Versions {
    place: Place,
}

impl Versions {
    fn new() -> Self {
        let versions = Self { place: Place::new() };
        let at = |minute: usize, arguments: &[&str]| {
            let mut command = versions.place.command(arguments);
            command.env("DYNAMINI_NOW", format!("2026-11-22T09:{minute:02}:00Z")).args(["--author", "ada@cli"]);
            Ran::of(command.output().expect("the program starts")).with(DONE)
        };
        let put = |minute: usize, address: &str, note: &str, json: &str| {
            let file = versions.place.directory.path().join("value.json");
            std::fs::write(&file, json).expect("the file can be written");
            at(minute, &["put", address, file.to_str().expect("it is UTF-8"), "--note", note])
        };
        at(0, &["create", "billing/u-1/invoices"]);
        put(1, "billing/u-1/invoices/inv-7", "first draft", r#"{"limit": 5000, "customer": {"name": "Ada"}}"#);
        put(2, "billing/u-1/invoices/inv-7", "raised", r#"{"limit": 12500, "customer": {"name": "Ada"}}"#);
        put(3, "billing/u-1/invoices/gone", "-", r#"{"limit": 5000, "tags": ["Draft", "old"]}"#);
        at(4, &["rm", "billing/u-1/invoices/gone"]);
        at(5, &["create", "shop/u-2/orders"]);
        put(6, "shop/u-2/orders/o-1", "-", r#"{"total": 12500}"#);
        versions
    }

    fn grep(&self, arguments: &[&str]) -> Ran {
        self.place.run(&[&["grep"], arguments].concat())
    }

    fn lines(&self, arguments: &[&str]) -> Vec<String> {
        let mut lines: Vec<_> = self.grep(arguments).with(FOUND).out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }
}

#[test]
fn each_find_is_told_with_its_version_and_its_path() {
    let versions = Versions::new();
    assert_eq!(
        versions.lines(&["12500"]),
        [
            "billing/u-1/invoices/inv-7@1795338120000  2026-11-22 09:02:00  ada@cli  .limit: 12500",
            "shop/u-2/orders/o-1@1795338360000  2026-11-22 09:06:00  ada@cli  .total: 12500",
        ]
    );
    let address = "billing/u-1/invoices/inv-7@1795338060000";
    assert_eq!(
        versions.lines(&["draft", "billing", "-i"]),
        [
            "billing/u-1/invoices/gone@1795338180000  2026-11-22 09:03:00  ada@cli  .tags[0]: \"Draft\"".to_owned(),
            format!("{address}  2026-11-22 09:01:00  ada@cli  note: first draft"),
        ]
    );
    assert!(versions.place.run(&["get", address]).with(DONE).out.contains("5000"), "the address leads there");
}

#[test]
fn the_exit_codes_are_those_of_grep() {
    let versions = Versions::new();
    versions.grep(&["5000", "billing/u-1/invoices"]).with(FOUND);
    let none = versions.grep(&["5001", "billing/u-1/invoices"]).with(NOT_FOUND);
    assert_eq!((none.out.as_str(), none.err.as_str()), ("", ""), "nothing is said where nothing is found");
    for (arguments, reason) in [
        (vec!["x", "billing/u-1/nothing"], "was not found"),
        (vec!["x", "billing/u-1/invoices/nothing"], "was not found"),
        (vec!["x", "billing//x"], "no name before it"),
        (vec!["x", "billing/u-1/invoices@-1"], "no @VERSION"),
        (vec![], "PATTERN"),
        (vec![""], "give a text"),
        (vec!["--path", "limit"], "is no path"),
        (vec!["--path", ".a=[1"], "no JSON value"),
        (vec!["x", "billing", "--path", ".a"], "takes the place of PATTERN"),
        (vec!["x", "-l", "-c"], "cannot be used with"),
        (vec!["x", "--endpoint-url", "http://127.0.0.1:9", "--region", "x", "--demo"], "--demo"),
    ] {
        let wrong = versions.grep(&arguments).with(ERROR);
        assert!(wrong.out.is_empty() && wrong.err.contains(reason), "{arguments:?}: {wrong:?}");
    }
    std::fs::write(versions.place.directory.path().join("data/dynamini.db"), "no store").expect("it can be written");
    versions.grep(&["5000"]).with(ERROR);
}

#[test]
fn it_is_looked_for_as_far_as_the_address_reaches() {
    let versions = Versions::new();
    for (address, found) in [
        ("", 3),
        ("billing", 3),
        ("billing/u-1", 3),
        ("billing/u-1/invoices", 3),
        ("billing/u-1/invoices/inv-7", 2),
        ("billing/u-1/invoices/gone", 1),
    ] {
        assert_eq!(versions.lines(&["limit", address]).len(), found, "{address}");
    }
    versions.grep(&["limit", "shop"]).with(NOT_FOUND);
    versions.grep(&["limit", "nowhere"]).with(NOT_FOUND);
    assert_eq!(versions.lines(&["500", "billing", "--latest"]).len(), 1, "what is deleted is not the latest");
    assert_eq!(versions.lines(&["limit", "billing/u-1/invoices/inv-7", "--latest"]).len(), 1);
    versions.grep(&["limit", "billing/u-1/invoices/gone", "--latest"]).with(ERROR);
}

#[test]
fn a_path_and_a_value_there_are_found() {
    let versions = Versions::new();
    let path = |typed: &str| versions.grep(&["--path", typed, "billing"]);
    assert_eq!(path(".customer.name").with(FOUND).out.lines().count(), 2);
    assert_eq!(path(".customer.name=Ada").with(FOUND).out.lines().count(), 2);
    assert_eq!(path(".customer={ \"name\": \"Ada\" }").with(FOUND).out.lines().count(), 2);
    assert_eq!(path(".limit=12500").with(FOUND).out.lines().count(), 1);
    assert!(path(".tags[]=old").with(FOUND).out.ends_with("  .tags[1]: \"old\"\n"));
    path(".limit=12500.0").with(NOT_FOUND);
    path(".name").with(NOT_FOUND);
}

#[test]
fn addresses_and_counts_stand_for_the_entries() {
    let versions = Versions::new();
    assert_eq!(versions.lines(&["limit", "-l"]), ["billing/u-1/invoices/gone", "billing/u-1/invoices/inv-7"]);
    assert_eq!(versions.lines(&["limit", "-c"]), ["billing/u-1/invoices/gone  1", "billing/u-1/invoices/inv-7  2"]);
    for form in [vec!["nothing", "-l"], vec!["nothing", "-c"]] {
        assert_eq!(versions.grep(&form).with(NOT_FOUND).out, "");
    }
    let counted = versions.grep(&["limit", "billing/u-1/invoices/inv-7", "-c", "--output", "json"]).with(FOUND).json();
    assert_eq!((&counted[0]["count"], &counted[0]["application"]), (&2.into(), &"billing".into()));
}

#[test]
fn names_notes_and_values_can_be_searched_alone() {
    let versions = Versions::new();
    assert_eq!(versions.lines(&["inv", "-l"]), ["billing/u-1/invoices/inv-7"]);
    versions.grep(&["inv", "--values", "--notes"]).with(NOT_FOUND);
    assert_eq!(versions.lines(&["raised", "--notes"]).len(), 1);
    assert_eq!(versions.lines(&["inv", "--names"]).len(), 2, "a name is found in each version that has it");
    versions.grep(&["5000", "--names"]).with(NOT_FOUND);
}

#[test]
fn each_find_is_an_object_for_a_script() {
    let versions = Versions::new();
    let found = versions.grep(&["12500", "billing", "--output", "json"]).with(FOUND).json();
    let found = found.as_array().expect("it is a list");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0]["address"], &found[0]["version"], &found[0]["path"], &found[0]["value"]),
        (
            &"billing/u-1/invoices/inv-7@1795338120000".into(),
            &1_795_338_120_000_i64.into(),
            &".limit".into(),
            &12500.into()
        )
    );
    let lines = versions.grep(&["Ada", "--output", "ndjson"]).with(FOUND).out;
    assert_eq!(lines.lines().count(), 2);
    assert!(
        lines.lines().all(|line| line.starts_with("{\"address\":") && line.ends_with("\"value\":\"Ada\"}")),
        "{lines}"
    );
    assert_eq!(versions.grep(&["nothing", "--output", "json"]).with(NOT_FOUND).out, "[]\n");
}

#[test]
fn many_versions_are_searched_to_the_last_and_what_is_found_cannot_act_on_a_terminal() {
    let place = Place::with_entry(0);
    for n in 0..120 {
        place.put("billing/u-1/invoices/inv-7", &format!("{{\"n\":\"{}\\u001b[2J{n}\"}}", "x".repeat(300)));
    }
    place.put("billing/u-1/invoices/other", "\"\u{9b}2J 119\"");
    assert_eq!(place.run(&["grep", "xx", "-c"]).with(FOUND).out, "billing/u-1/invoices/inv-7  120\n");
    assert_eq!(place.run(&["grep", "x", "-l"]).with(FOUND).out, "billing/u-1/invoices/inv-7\n");
    let found = place.run(&["grep", "119"]).with(FOUND).out;
    assert_eq!(found.lines().count(), 2, "{found}");
    assert!(
        found.contains("2J119") && found.contains("\\u009b2J 119"),
        "the find is shown, not the beginning: {found}"
    );
    assert!(!found.contains(|c: char| c.is_control() && c != '\n'), "{found:?}");
}
