//! `--as-of`: lists and values as they were.

use std::fs;

use crate::{DONE, NOT_FOUND, Place, Ran, USAGE};

/// A store with a history over the days before Sunday, 2026-11-22, in UTC.
pub(super) struct Past {
    pub(super) place: Place,
}

impl Past {
    pub(super) fn new() -> Self {
        let past = Self { place: Place::new() };
        let write = |now: &str, arguments: &[&str], input: &str| past.at(now, arguments, input).with(DONE);
        write("2026-11-16T08:00:00Z", &["create", "billing/u-1/invoices"], "");
        write("2026-11-17T08:00:00Z", &["put", "billing/u-1/invoices/inv-7"], "1");
        write("2026-11-18T08:00:00Z", &["put", "billing/u-1/invoices/inv-7"], "2");
        write("2026-11-19T08:00:00Z", &["rename", "billing/u-1/invoices/inv-7", "inv-8"], "");
        write("2026-11-20T08:00:00Z", &["rm", "billing/u-1/invoices/inv-8"], "");
        write("2026-11-21T08:00:00Z", &["undelete", "billing/u-1/invoices/inv-8"], "");
        write("2026-11-21T09:00:00Z", &["create", "billing/u-2/late"], "");
        write("2026-11-21T09:00:00Z", &["create", "shop/u-1/late"], "");
        write("2026-11-21T10:00:00Z", &["rename", "billing/u-1/invoices", "bills"], "");
        past
    }

    pub(super) fn at(&self, now: &str, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.place.command(arguments);
        let file = self.place.directory.path().join("input");
        fs::write(&file, input).expect("the file can be written");
        command.stdin(fs::File::open(&file).expect("it was written")).env("DYNAMINI_NOW", now);
        Ran::of(command.output().expect("the program starts"))
    }

    /// Runs a command on Sunday, 2026-11-22, at noon.
    pub(super) fn run(&self, arguments: &[&str]) -> Ran {
        self.at("2026-11-22T12:00:00Z", arguments, "")
    }

    pub(super) fn names(&self, arguments: &[&str]) -> Vec<String> {
        let listed = self.run(&[arguments, &["--output", "json"]].concat()).with(DONE).json();
        let names = listed.as_array().expect("it is a list").iter();
        names.map(|record| record["name"].as_str().expect("it has a name").to_owned()).collect()
    }
}

#[test]
fn all_four_lists_are_as_they_were() {
    let past = Past::new();
    assert_eq!(past.run(&["ls", "--as-of", "2026-11-15"]).with(DONE).out, "");
    assert_eq!(past.run(&["ls", "--as-of", "friday"]).with(DONE).out, "billing\n");
    assert_eq!(past.run(&["ls", "--as-of", "now"]).with(DONE).out, "billing\nshop\n");
    assert_eq!(past.run(&["ls", "billing", "--as-of", "friday"]).with(DONE).out, "u-1\n");
    assert_eq!(past.run(&["ls", "billing", "--as-of", "1h ago"]).with(DONE).out, "u-1\nu-2\n");
    assert_eq!(past.names(&["ls", "billing/u-1", "--as-of", "yesterday 9:59"]), ["invoices"]);
    assert_eq!(past.names(&["ls", "billing/u-1", "--as-of", "yesterday 10:00"]), ["bills"]);

    let entries = |collection: &str, time: &str| past.names(&["ls", collection, "--as-of", time]);
    assert_eq!(entries("billing/u-1/invoices", "last monday 8:00"), [""; 0]);
    assert_eq!(entries("billing/u-1/invoices", "2026-11-18 07:59"), ["inv-7"]);
    assert_eq!(entries("billing/u-1/invoices", "thursday 8:00"), ["inv-8"]);
    assert_eq!(entries("billing/u-1/invoices", "friday 8:00"), [""; 0], "it was deleted then");
    assert_eq!(entries("billing/u-1/bills", "24 hours ago"), ["inv-8"]);
}

#[test]
fn filters_mean_that_moment() {
    let past = Past::new();
    let list = |filter: &str, time: &str| {
        past.run(&["ls", "billing/u-1/invoices", "--filter", filter, "--as-of", time]).with(DONE).out
    };
    assert_eq!(list("latest", "2026-11-20 12:00"), "");
    let current = list("current", "2026-11-20 12:00");
    assert!(current.contains("inv-8") && current.contains("2026-11-20T08:00:00.000Z"), "{current}");
    let before = list("current", "2026-11-19 12:00");
    assert!(before.contains("inv-8") && !before.contains("2026-11-20T08"), "it was not deleted yet: {before}");
    assert_eq!(list("all", "2026-11-19 12:00").lines().count(), 1 + 3);
}

#[test]
fn a_value_is_the_one_of_then_under_the_name_of_then() {
    let past = Past::new();
    let get = |address: &str, time: &str| past.run(&["get", address, "--as-of", time]);
    assert_eq!(get("billing/u-1/invoices/inv-7", "2026-11-17T08:00:00Z").with(DONE).out, "1\n");
    assert_eq!(get("billing/u-1/invoices/inv-7", "2026-11-19 07:59:59.999").with(DONE).out, "2\n");
    assert_eq!(get("billing/u-1/invoices/inv-8", "3 days ago").with(DONE).out, "2\n");
    let id =
        past.run(&["get", "billing/u-1/bills/inv-8", "--output", "json"]).with(DONE).json()["meta"]["entry"].clone();
    let id = id.as_str().expect("it has an id");
    assert_eq!(get(&format!("billing/u-1/invoices/{id}"), "2026-11-17 09:00").with(DONE).out, "1\n");

    let renamed = get("billing/u-1/invoices/inv-8", "2026-11-18 12:00").with(NOT_FOUND);
    assert!(renamed.err.contains("\"inv-8\" was not found") && renamed.err.contains("of that moment"), "{renamed:?}");
    get("billing/u-1/bills/inv-7", "2026-11-18 12:00").with(NOT_FOUND);
    get("billing/u-1/invoices/inv-7", "2026-11-17 07:59").with(NOT_FOUND);
    get(&format!("billing/u-1/invoices/{id}"), "2026-11-17 07:59").with(NOT_FOUND);
}

#[test]
fn what_was_deleted_then_is_said_to_be_and_its_value_stays_in_reach() {
    let past = Past::new();
    let gone = past.run(&["get", "billing/u-1/invoices/inv-8", "--as-of", "2026-11-20 12:00"]).with(NOT_FOUND);
    assert!(gone.err.contains("\"inv-8\" was deleted then, since 2026-11-20T08:00:00.000Z"), "{gone:?}");
    let address = gone.err.trim_end().rsplit(' ').next().expect("it ends with the address");
    assert_eq!(past.run(&["get", address]).with(DONE).out, "2\n", "{address}");

    let before = ["get", "billing/u-1/invoices/inv-8", "--as-of", "2026-11-19 12:00", "--output", "json"];
    let record = past.run(&before).with(DONE).json();
    assert_eq!(record["meta"]["deletedAt"], serde_json::Value::Null, "it was deleted later");
    let by_time = ["get", "billing/u-1/bills/inv-8@2026-11-19T12:00:00Z", "--output", "json"];
    assert_eq!(past.run(&by_time).with(DONE).json(), record);
}

#[test]
fn an_export_of_a_moment_is_what_was_there_then_and_goes_into_another_store() {
    let past = Past::new();
    let there = Place::new();
    let friday = past.run(&["export", "--as-of", "2026-11-20 12:00"]).with(DONE).out;
    let header: serde_json::Value =
        serde_json::from_str(friday.lines().next().expect("it has a header")).expect("JSON");
    assert_eq!(header["dynamini"]["asOf"], "2026-11-20T12:00:00Z");
    assert_eq!(friday.lines().count(), 2 + 3, "the claim, the collection and the deleted entry: {friday}");
    assert!(friday.contains("\"deletedAt\":\"2026-11-20T08:00:00.000Z\"") && !friday.contains("late"), "{friday}");
    assert_eq!(there.run_with_input(&["import", "-"], &friday).with(DONE).out, "3 rows: 3 put, 0 same\n");
    let list = ["ls", "billing/u-1/invoices", "--filter", "current", "--output", "json"];
    let then = past.run(&[&list[..], &["--as-of", "2026-11-20 12:00"]].concat()).with(DONE).json();
    assert_eq!(there.run(&list).with(DONE).json(), then);
    let thursday = past.run(&["export", "billing/u-1/invoices/inv-8", "--as-of", "thursday 12:00"]).with(DONE).out;
    assert!(thursday.contains("inv-8") && !thursday.contains("deletedAt"), "it was deleted later: {thursday}");
    past.run(&["export", "billing/u-1/invoices/inv-8", "--as-of", "2026-11-20 12:00"]).with(DONE);
    past.run(&["export", "billing/u-1/bills", "--as-of", "2026-11-20 12:00"]).with(NOT_FOUND);
    let nothing = past.run(&["export", "billing", "--as-of", "2026-11-15"]).with(NOT_FOUND);
    assert!(nothing.err.contains("any row of billing of that moment"), "{nothing:?}");
    assert_eq!(past.run(&["export", "--as-of", "2026-11-15"]).with(DONE).out.lines().count(), 2);
}

#[test]
fn a_search_as_of_a_moment_finds_what_was_there_then() {
    let past = Past::new();
    let found = |arguments: &[&str]| {
        let ran = past.run(&[&["grep", "2", "--values"], arguments].concat());
        ran.out.lines().map(|line| line.split_whitespace().nth(1).unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(&["billing", "--as-of", "2026-11-17 12:00"]), [""; 0], "it was 1 then");
    assert_eq!(found(&["billing", "--as-of", "2026-11-19 12:00"]), ["2026-11-19", "2026-11-18"]);
    let entry = "billing/u-1/invoices/inv-8";
    assert_eq!(found(&[entry, "--as-of", "2026-11-19 12:00"]), ["2026-11-19", "2026-11-18"]);
    assert_eq!(found(&[entry, "--as-of", "2026-11-19 12:00", "--latest"]), ["2026-11-19"]);
    assert_eq!(found(&["--as-of", "2026-11-20 12:00", "--latest"]), [""; 0], "it was deleted then");
    assert_eq!(found(&["--as-of", "2026-11-20 12:00"]).len(), 2);
}

#[test]
fn renaming_and_bringing_back_say_why() {
    let past = Past::new();
    let entry = "billing/u-1/bills/inv-8";
    past.run(&["rename", entry, "inv-9", "--note", "new number"]).with(DONE);
    past.run(&["restore", "billing/u-1/bills/inv-9@-1", "--note=-back"]).with(DONE);
    past.run(&["rm", entry]).with(DONE);
    past.run(&["undelete", entry, "--note", "still owed"]).with(DONE);
    let log = past.run(&["log", entry, "--output", "json"]).with(DONE).json();
    let notes: Vec<_> = log.as_array().expect("a list").iter().map(|record| record["meta"]["note"].clone()).collect();
    assert_eq!(notes[..3], ["still owed", "-back", "new number"]);
}

#[test]
fn the_moment_is_said_where_it_was_not_typed_in_full() {
    let past = Past::new();
    assert_eq!(past.run(&["ls", "--as-of", "1h 30m ago"]).with(DONE).err, "dynamini: as of 2026-11-22 10:30\n");
    assert_eq!(
        past.run(&["ls", "--as-of", "1795340463000"]).with(DONE).err,
        "dynamini: as of 2026-11-22 09:41:03.000\n"
    );
    assert_eq!(past.run(&["ls", "--as-of", "2026-11-22 09:41:03"]).with(DONE).err, "");
    let wrong = past.run(&["ls", "--as-of", "soon"]).with(USAGE);
    assert!(wrong.err.contains("\"soon\" is no moment: give") && wrong.err.contains("2h ago"), "{wrong:?}");
    past.run(&["get", "billing/u-1/invoices/inv-7@-1", "--as-of", "yesterday"]).with(USAGE);
}

#[test]
fn a_time_that_is_copied_from_a_list_shows_what_was_written_then() {
    let past = Past::new();
    // Some time within the second that the list shows.
    past.at("2026-11-21T11:00:00.700Z", &["put", "billing/u-1/bills/inv-9"], "9").with(DONE);
    let log = past.run(&["log", "billing/u-1/bills/inv-9"]).with(DONE).out;
    assert!(log.contains("2026-11-21 11:00:00"), "{log}");
    let get = |time: &str| past.run(&["get", "billing/u-1/bills/inv-9", "--as-of", time]);
    assert_eq!(get("2026-11-21 11:00:00").with(DONE).out, "9\n");
    get("2026-11-21 11:00:00.000").with(NOT_FOUND);
}

#[test]
fn a_moment_that_is_still_to_come_is_refused() {
    let past = Past::new();
    for command in [&["ls"][..], &["get", "billing/u-1/bills/inv-8"], &["export"], &["restore", "billing", "--yes"]] {
        let refused = past.run(&[command, &["--as-of", "2027-01-01"]].concat()).with(USAGE);
        assert!(refused.err.contains("2027-01-01 00:00 is still to come"), "{refused:?}");
    }
    // A writer whose clock is ahead may have written it.
    past.run(&["ls", "--as-of", "1798761600000"]).with(DONE);
}
