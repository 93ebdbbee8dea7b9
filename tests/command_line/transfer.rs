//! `export` and `import` as a script sees them.

use std::fs;
use std::process::Stdio;

use crate::{CONFLICT, DONE, NOT_FOUND, Place, REFUSED, Ran, USAGE, put_rows};

/// A place with a history of every kind, and with every odd row that the original or anyone else may have left.
fn with_odd_rows() -> Place {
    let place = Place::with_entry(2);
    let entry = "billing/u-1/invoices/inv-7";
    place.run_with_input(&["put", entry, "--note", "why\n", "--if-version", &place.version(entry)], "1e400").with(DONE);
    place.run(&["restore", &format!("{entry}@-1")]).with(DONE);
    place.run(&["rm", entry]).with(DONE);
    place.run(&["create", "billing/u-2/gone"]).with(DONE);
    place.run(&["rm", "billing/u-2/gone"]).with(DONE);
    let id = place.json(&["get", "billing/u-1/invoices"])["meta"]["collection"].as_str().unwrap_or_default().to_owned();
    let partition = format!("u-1#{id}#");
    let rows: [(&str, &[(&str, &str)]); 9] = [
        ("no-value#1500000000000", &[("name", "no value")]),
        ("no-name#1500000000000", &[("value", "[1, 2]")]),
        ("empty#1500000000000", &[("name", ""), ("value", "")]),
        ("no-json#1500000000000", &[("name", "no json"), ("value", "{oops\u{1b}")]),
        ("lines#1500000000000", &[("name", "lines"), ("value", "{\n\"a\": 1,\n\"a\": 2}")]),
        ("true#1500000000000", &[("name", "true"), ("value", "true"), ("colour", "red")]),
        ("garbage", &[("deletedAt", "yesterday")]),
        ("long#15000000000000000", &[("name", "long")]),
        ("odd#later", &[("valueText", "1"), ("restoredFrom", "soon")]),
    ];
    put_rows(&place, "dynamomini.entries", ("userCollection", &partition), "entryVersion", &rows);
    let rows: [(&str, &[(&str, &str)]); 3] =
        [("garbage", &[]), ("u-1#odd", &[("name", "odd")]), ("u-1#c#later", &[("name", "odd")])];
    put_rows(&place, "dynamomini.collections", ("application", "billing"), "userCollectionVersion", &rows);
    place
}

/// The rows of an export: everything between its header and its end.
fn rows(export: &str) -> Vec<&str> {
    let lines: Vec<_> = export.lines().collect();
    lines[1..lines.len() - 1].to_vec()
}

#[test]
fn a_store_goes_into_another_one_without_loss_and_again_without_a_change() {
    let (here, there) = (with_odd_rows(), Place::new());
    let exported = here.run(&["export"]).with(DONE);
    assert_eq!(exported.err, "");
    let lines: Vec<_> = exported.out.lines().collect();
    let header: serde_json::Value = serde_json::from_str(lines[0]).expect("it is JSON");
    assert_eq!(header["dynamini"]["export"], 1);
    assert_eq!(header["dynamini"]["entries"], "dynamomini.entries");
    assert!(header["dynamini"]["place"].as_str().is_some_and(|place| place.contains("dynamini.db")), "{header}");
    assert_eq!(lines[lines.len() - 1], format!("{{\"end\":{{\"rows\":{}}}}}", lines.len() - 2));

    let count = lines.len() - 2;
    let imported = there.run_with_input(&["import", "-"], &exported.out).with(DONE);
    assert_eq!((imported.out, imported.err), (format!("{count} rows: {count} put, 0 same\n"), String::new()));
    let again = there.run_with_input(&["import", "-", "--output", "json"], &exported.out).with(DONE).json();
    let expected = serde_json::json!({
        "rows": count, "put": 0, "same": count, "marked": 0, "ahead": 0, "conflicting": 0, "conflicts": []
    });
    assert_eq!(again, expected);
    assert_eq!(rows(&there.run(&["export"]).with(DONE).out), rows(&exported.out));
    let log = ["log", "billing/u-1/invoices/inv-7", "--output", "ndjson"];
    assert_eq!(there.run(&log).with(DONE).out, here.run(&log).with(DONE).out);
    assert_eq!(there.run(&["get", "billing/u-1/invoices/no json"]).with(DONE).out, "{oops\u{1b}\n");
    let made = there.json(&["create", "billing/u-1/invoices"]);
    assert_eq!(made, here.json(&["get", "billing/u-1/invoices"]), "creating it again finds it");
}

#[test]
fn an_entry_brings_its_collection_and_nothing_else() {
    let (here, there) = (Place::with_entry(2), Place::new());
    here.put("billing/u-1/invoices/other", "1");
    here.run(&["create", "billing/u-1/more"]).with(DONE);
    let file = here.directory.path().join("entry.ndjson");
    let exported = here.run(&["export", "billing/u-1/invoices/inv-7", "--output", "ndjson"]).with(DONE);
    fs::write(&file, &exported.out).expect("the file can be written");
    let file = file.to_str().expect("it is UTF-8");
    assert_eq!(there.run(&["import", file]).with(DONE).out, "4 rows: 4 put, 0 same\n");
    assert_eq!(there.json(&["ls", "billing/u-1/invoices"]).as_array().map(Vec::len), Some(1));
    assert_eq!(there.history("billing/u-1/invoices/inv-7").len(), 2);
    assert_eq!(there.json(&["ls", "billing/u-1"]).as_array().map(Vec::len), Some(1));
    for (address, count) in [("billing/u-1/invoices", 5), ("billing/u-1", 7), ("billing", 7)] {
        assert_eq!(rows(&here.run(&["export", address]).with(DONE).out).len(), count, "{address}");
    }
}

#[test]
fn what_happened_since_comes_over_with_the_next_import() {
    let (here, there) = (Place::with_entry(1), Place::new());
    let address = "billing/u-1/invoices/inv-7";
    let bring = || there.run_with_input(&["import", "-"], here.run(&["export"]).with(DONE).out).with(DONE).out;
    assert_eq!(bring(), "3 rows: 3 put, 0 same\n");
    here.run_with_input(&["put", address, "--if-version", &here.version(address)], "2").with(DONE);
    assert_eq!(bring(), "4 rows: 1 put, 2 same, 1 marked\n");
    here.run(&["rm", address]).with(DONE);
    assert_eq!(bring(), "4 rows: 0 put, 3 same, 1 marked\n");
    there.run(&["get", address]).with(NOT_FOUND);
    there.run(&["rm", "billing/u-1/invoices"]).with(DONE);
    assert_eq!(bring(), "4 rows: 0 put, 3 same, 1 marked here since\n");
    there.run(&["ls", "billing/u-1/invoices"]).with(NOT_FOUND);
}

#[test]
fn a_row_that_is_stored_as_another_is_listed_and_left_alone() {
    let (here, there) = (Place::with_entry(2), Place::new());
    let exported = here.run(&["export"]).with(DONE).out;
    there.run_with_input(&["import", "-"], &exported).with(DONE);
    let changed =
        exported.replace(r#"{"n":1}"#, r#"{"n": 1}"#).replace("inv-7\",\"value\":{\"n\":2", "inv\",\"value\":{\"n\":3");
    let conflicting = there.run_with_input(&["import", "-"], &changed).with(CONFLICT);
    let lines: Vec<_> = conflicting.out.lines().collect();
    assert!(
        lines[0].starts_with("conflict in line 4: entry row ") && lines[0].ends_with(" another value"),
        "{lines:?}"
    );
    assert!(lines[1].starts_with("conflict in line 5: ") && lines[1].ends_with(" another name, value"), "{lines:?}");
    assert_eq!(lines[2..], ["4 rows: 0 put, 2 same, 2 in conflict"]);
    assert!(conflicting.err.contains("2 rows are stored with something else"), "{conflicting:?}");
    let told = there.run_with_input(&["import", "-", "--output", "ndjson"], &changed).with(CONFLICT);
    assert_eq!(told.out.lines().count(), 1);
    let conflict = &told.json()["conflicts"][0];
    assert_eq!((&conflict["line"], &conflict["differing"]), (&4.into(), &serde_json::json!(["value"])));
    assert!(conflict["entryVersion"].is_string() && conflict["userCollection"].is_string(), "{conflict}");
    assert_eq!(rows(&there.run(&["export"]).with(DONE).out), rows(&exported));
}

#[test]
fn a_broken_file_says_where_and_the_import_can_be_repeated() {
    let (here, there) = (Place::with_entry(2), Place::new());
    let exported = here.run(&["export"]).with(DONE).out;
    let lines: Vec<_> = exported.lines().collect();
    for (text, told) in [
        (String::new(), "it is empty"),
        ("{\"n\": 1}\n".to_owned(), "line 1 is not the first line of an export"),
        (lines[0].replace("\"export\":1", "\"export\":9"), "line 1: the export is in form 9"),
    ] {
        let refused = there.run_with_input(&["import", "-"], text).with(REFUSED);
        assert!(refused.err.contains("(standard input): ") && refused.err.contains(told), "{refused:?}");
        assert_eq!(refused.out, "");
    }
    assert_eq!(there.run(&["ls"]).with(DONE).out, "", "nothing was written");

    let mut broken = lines.clone();
    broken[3] = "{\"entry\":{\"userCollection\":\"x\"}}";
    let file = here.directory.path().join("broken.ndjson");
    fs::write(&file, broken.join("\n")).expect("the file can be written");
    let file = file.to_str().expect("it is UTF-8");
    let stopped = there.run(&["import", file]).with(REFUSED);
    assert!(
        stopped.err.contains("broken.ndjson: line 4 is not one of an export: \"entryVersion\" is missing"),
        "{stopped:?}"
    );
    assert_eq!(stopped.out, "2 rows: 2 put, 0 same\n");
    let told = there.run(&["import", file, "--output", "json"]).with(REFUSED).json();
    assert_eq!((&told["same"], &told["stopped"]["line"]), (&2.into(), &4.into()));
    let cut = there.run_with_input(&["import", "-"], lines[..lines.len() - 1].join("\n")).with(REFUSED);
    assert!(cut.err.contains("it breaks off after line 5"), "{cut:?}");
    assert_eq!(there.run_with_input(&["import", "-"], &exported).with(DONE).out, "4 rows: 0 put, 4 same\n");
    there.run(&["import", "nowhere.ndjson"]).with(USAGE);
    let directory = there.directory.path().to_str().expect("it is UTF-8").to_owned();
    there.run(&["import", &directory]).with(USAGE);
}

#[test]
fn a_reader_that_has_seen_enough_of_an_export_is_no_failure() {
    let place = Place::with_entry(3);
    let mut command = place.command(&["export"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    let ran = Ran::of(child.wait_with_output().expect("the program ends")).with(DONE);
    assert_eq!(ran.err, "");
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_read() {
    let place = Place::with_entry(1);
    let refused = place.run(&["import", "nowhere.ndjson", "--read-only"]).with(REFUSED);
    assert!(refused.err.contains("read-only"), "{refused:?}");
    place.run(&["export", "--read-only"]).with(DONE);
    for (arguments, code) in [
        (vec!["export", "--output", "json"], USAGE),
        (vec!["export", "billing/u-1/invoices@-1"], USAGE),
        (vec!["import"], USAGE),
        (vec!["export", "biling"], NOT_FOUND),
        (vec!["export", "billing/u-9"], NOT_FOUND),
        (vec!["export", "billing/u-1/none"], NOT_FOUND),
    ] {
        let ran = place.run(&arguments).with(code);
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{arguments:?}: {ran:?}");
    }
    assert_eq!(
        Place::new().run(&["export"]).with(DONE).out.lines().count(),
        2,
        "an empty store has a header and an end"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_import_says_how_far_it_came_and_can_be_repeated() {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::process::Command;

    const INTERRUPTED: i32 = 130;
    let (here, there) = (Place::with_entry(1), Place::new());
    let exported = here.run(&["export"]).with(DONE).out;
    there.run_with_input(&["import", "-"], &exported).with(DONE);
    let changed = exported.replace(r#"{"n":1}"#, r#"{"n":2}"#);
    let (all_but_the_end, _) = changed.split_once("{\"end\"").expect("it has an end");
    let mut command = there.command(&["import", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(all_but_the_end.as_bytes()).expect("it reads");
    // It tells the conflict when it comes to it, and then waits for more.
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut told = String::new();
    out.read_line(&mut told).expect("it tells of the conflict");
    assert!(told.starts_with("conflict in line 4: "), "{told}");
    let interrupt = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(interrupt.is_ok_and(|status| status.success()));
    told.clear();
    out.read_to_string(&mut told).expect("it ends");
    assert_eq!(told, "3 rows: 0 put, 2 same, 1 in conflict\n");
    let ran = Ran::of(child.wait_with_output().expect("it ends")).with(INTERRUPTED);
    assert!(ran.err.contains("interrupted before line 5"), "{ran:?}");
    drop(stdin);
    assert_eq!(there.run_with_input(&["import", "-"], &exported).with(DONE).out, "3 rows: 0 put, 3 same\n");
}

#[cfg(unix)]
#[test]
fn an_interrupted_export_says_so_and_is_not_taken_for_a_whole_one() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::Command;

    const INTERRUPTED: i32 = 130;
    let place = Place::new();
    let mut command = place.bare(&["export", "--demo"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut text = String::new();
    // The rest is more than the pipe holds, so that it can't end before it is read.
    out.read_line(&mut text).expect("it prints the header");
    let interrupt = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(interrupt.is_ok_and(|status| status.success()));
    out.read_to_string(&mut text).expect("it ends");
    let ran = Ran::of(child.wait_with_output().expect("it ends")).with(INTERRUPTED);
    assert!(ran.err.contains("interrupted after "), "{ran:?}");
    let refused = place.run_with_input(&["import", "-"], &text).with(REFUSED);
    assert!(refused.err.contains("it breaks off after line "), "{refused:?}");
}
