//! `log --all`: every change of many collections and entries, by time.

use crate::{DONE, Place, Ran, USAGE};

/// A store in which one invoice was changed and deleted, and another written by someone else.
fn place() -> Place {
    let place = Place::new();
    let at = |minute: usize, author: &str, arguments: &[&str]| {
        let mut command = place.command(arguments);
        command.env("DYNAMINI_NOW", format!("2026-11-22T09:{minute:02}:00Z")).args(["--author", author]);
        Ran::of(command.output().expect("the program starts")).with(DONE)
    };
    let put = |minute: usize, author: &str, address: &str, json: &str| {
        let file = place.directory.path().join("value.json");
        std::fs::write(&file, json).expect("the file can be written");
        at(minute, author, &["put", address, file.to_str().expect("it is UTF-8"), "--note", "as agreed"])
    };
    at(1, "ada", &["create", "billing/u-1/invoices"]);
    put(2, "ada", "billing/u-1/invoices/7", "[1]");
    put(3, "bob", "billing/u-1/invoices/8", "[1]");
    put(4, "ada", "billing/u-1/invoices/7", "[2]");
    at(5, "bob", &["rm", "billing/u-1/invoices/7"]);
    place
}

/// The columns that are the same on every machine: what, who, which.
fn told(place: &Place, arguments: &[&str]) -> Vec<String> {
    let ran = place.run(&[&["log", "--all"], arguments].concat()).with(DONE);
    let words = |line: &str| {
        let columns: Vec<&str> = line.split("  ").map(str::trim).filter(|column| !column.is_empty()).collect();
        columns[2..5].join(" ")
    };
    ran.out.lines().skip(1).map(words).collect()
}

#[test]
fn all_changes_of_a_collection_are_printed_by_time() {
    let place = place();
    let entries = ["deleted bob entry 7", "~1 ada entry 7", "created bob entry 8", "created ada entry 7"];
    assert_eq!(told(&place, &["billing/u-1/invoices"]), entries);
    let all = told(&place, &["billing/u-1"]);
    assert_eq!(all[..4], entries);
    assert_eq!(all[4..], ["created ada collection invoices"]);
    assert_eq!(told(&place, &["billing"]), all);
}

#[test]
fn as_of_a_moment_what_came_later_is_left_out() {
    let place = place();
    let until = ["--as-of", "2026-11-22T09:03:30Z"];
    let created = ["created bob entry 8", "created ada entry 7"];
    assert_eq!(told(&place, &[&["billing/u-1/invoices"][..], &until].concat()), created);
    assert_eq!(told(&place, &[&["billing/u-1/invoices/7"][..], &until].concat()), created[1..]);
    place.run(&[&["log", "billing/u-1/invoices/7"][..], &until].concat()).with(USAGE);
}

#[test]
fn the_changes_of_one_entry_are_printed_as_they_come_in_the_same_order() {
    let place = place();
    let entry = ["deleted bob entry 7", "~1 ada entry 7", "created ada entry 7"];
    assert_eq!(told(&place, &["billing/u-1/invoices/7"]), entry);
}

#[test]
fn only_what_all_words_hold_for_is_printed() {
    let place = place();
    let only = |words: &str| told(&place, &["billing/u-1", "--only", words]);
    assert_eq!(only("who:bob kind:deleted"), ["deleted bob entry 7"]);
    assert_eq!(only("kind:created,edited 7"), ["~1 ada entry 7", "created ada entry 7"]);
    let wrong = place.run(&["log", "billing", "--all", "--only", "kind:gone"]).with(USAGE);
    assert!(wrong.err.contains("\"gone\" is no kind of change; there are created, edited"), "{}", wrong.err);
    let wrong = place.run(&["log", "billing", "--all", "--only", "wh:bob"]).with(USAGE);
    assert!(wrong.err.contains("\"wh:\" is nothing to filter by: who:, kind: and note: are"), "{}", wrong.err);
    place.run(&["log", "billing/u-1/invoices", "--only", "7"]).with(USAGE);
}

#[test]
fn as_json_each_change_is_an_object() {
    let place = place();
    let ran = place.run(&["log", "billing", "--all", "--only", "kind:deleted", "--output", "ndjson"]).with(DONE);
    let change: serde_json::Value = serde_json::from_str(&ran.out).expect("it is JSON");
    assert_eq!(change["did"], serde_json::json!(["deleted"]));
    assert_eq!((change["author"].as_str(), change["name"].as_str()), (Some("bob"), Some("7")));
    assert!(change["at"].as_str().is_some_and(|at| at.starts_with("2026-11-22T09:05:00")), "{change}");
    let none = place.run(&["log", "billing", "--all", "--only", "nothing", "--output", "json"]).with(DONE);
    assert_eq!(none.out.trim(), "[]");
}
