//! `restore --as-of` as a script sees it.

use super::as_of::Past;
use crate::{DONE, FAILED, Place, REFUSED, USAGE, put_rows};

#[test]
fn a_dry_run_prints_the_plan_and_does_nothing() {
    let past = Past::new();
    let before = past.run(&["export"]).with(DONE).out;
    let plan = past.run(&["restore", "billing", "--as-of", "2026-11-18 12:00", "--dry-run"]).with(DONE);
    let lines: Vec<_> = plan.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines[..4],
        [
            "DO ADDRESS NOW THEN WHY",
            "rename back billing/u-1/bills 2026-11-21 10:00:00 2026-11-16 08:00:00 as \"invoices\"",
            "rename back billing/u-1/bills/inv-8 2026-11-21 08:00:00 2026-11-18 08:00:00 as \"inv-7\"",
            "delete billing/u-2/late 2026-11-21 09:00:00 not there",
        ]
    );
    assert!(lines[4].starts_with("2 to rename back, 1 to delete; about 9.0 WCU and "), "{lines:?}");
    let rows = |export: &str| export.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(&past.run(&["export"]).with(DONE).out), rows(&before));
}

#[test]
fn a_collection_is_brought_back_and_again_there_is_nothing_to_do() {
    let past = Past::new();
    let restore = ["restore", "billing/u-1/bills", "--as-of", "2026-11-17 12:00", "--yes"];
    let restored = past.run(&restore).with(DONE);
    assert!(restored.out.ends_with(" RCU\n") && restored.out.contains("\n2 done; 8.0 WCU"), "{restored:?}");
    assert_eq!(past.run(&["get", "billing/u-1/invoices/inv-7"]).with(DONE).out, "1\n");
    let log = past.run(&["log", "billing/u-1/invoices/inv-7"]).with(DONE).out;
    let newest = log.lines().nth(1).unwrap_or_default();
    assert!(newest.contains("restored from") && newest.ends_with("as of 2026-11-17T12:00:00Z"), "{log}");
    let again = past.run(&["restore", "billing/u-1/invoices", "--as-of", "2026-11-17 12:00", "--yes"]).with(DONE);
    assert_eq!(again.out, "2 as it was\n");
}

#[test]
fn why_is_noted_after_the_moment() {
    let past = Past::new();
    let restore =
        ["restore", "billing/u-1/bills", "--as-of", "2026-11-17 12:00", "--yes", "--note", "the import went wrong"];
    past.run(&restore).with(DONE);
    for of in ["billing/u-1/invoices", "billing/u-1/invoices/inv-7"] {
        let log = past.run(&["log", of]).with(DONE).out;
        let newest = log.lines().nth(1).unwrap_or_default();
        assert!(newest.ends_with("  as of 2026-11-17T12:00:00Z: the import went wrong"), "{log}");
    }
}

#[test]
fn what_is_deleted_comes_back_and_what_was_deleted_goes() {
    let past = Past::new();
    past.run(&["rm", "billing/u-1/bills/inv-8"]).with(DONE);
    past.run(&["rm", "billing/u-1/bills"]).with(DONE);
    past.run(&["restore", "billing/u-1", "--as-of", "2026-11-18 12:00", "--yes"]).with(DONE);
    assert_eq!(past.run(&["get", "billing/u-1/invoices/inv-7"]).with(DONE).out, "2\n");
    // Then it was deleted, under its later name.
    past.run(&["restore", "billing/u-1/invoices/inv-7", "--as-of", "2026-11-20 12:00", "--yes"]).with(DONE);
    assert_eq!(past.names(&["ls", "billing/u-1/invoices"]), [""; 0]);
    let kept = past.run(&["restore", "shop", "--as-of", "friday", "--keep-new", "--yes"]).with(DONE);
    assert_eq!(kept.out, "1 new and kept\n");
    past.run(&["restore", "shop", "--as-of", "friday", "--yes"]).with(DONE);
    assert_eq!(past.names(&["ls", "shop/u-1"]), [""; 0]);
}

#[test]
fn where_nobody_can_be_asked_nothing_is_written_without_a_yes() {
    let past = Past::new();
    let refused = past.run(&["restore", "billing/u-1/bills", "--as-of", "2026-11-17 12:00"]).with(REFUSED);
    assert!(refused.out.contains("1 to restore, 1 to rename back"), "{refused:?}");
    assert!(refused.err.contains("nothing was written: nobody can be asked here; --yes carries"), "{refused:?}");
    assert_eq!(past.run(&["get", "billing/u-1/bills/inv-8"]).with(DONE).out, "2\n");
    let read_only = ["restore", "billing", "--as-of", "friday", "--yes", "--read-only"];
    past.run(&read_only).with(REFUSED);
    for (wrong, says) in [
        (&["restore", "billing/u-1/bills@-1", "--as-of", "friday"][..], "no @VERSION"),
        (&["restore", "billing/u-1/bills", "--dry-run"], "--as-of"),
        (&["restore", "billing/u-1/bills", "--as-of", "soon"], "is no moment"),
        (&["restore", "", "--as-of", "friday"], "say what to bring back"),
        (&["restore", "billing/u-1/bills", "--as-of", "friday", "--if-version", "1"], "cannot be used with"),
    ] {
        let refused = past.run(wrong).with(USAGE);
        assert!(refused.err.contains(says), "{refused:?}");
    }
}

#[test]
fn each_item_is_told_as_json_with_what_became_of_it() {
    let past = Past::new();
    let restore = ["restore", "billing", "--as-of", "2026-11-18 12:00", "--output"];
    let planned = past.run(&[&restore[..], &["ndjson", "--dry-run"]].concat()).with(DONE).out;
    assert_eq!(planned.lines().count(), 3);
    let done = past.run(&[&restore[..], &["json", "--yes"]].concat()).with(DONE).json();
    let items = done.as_array().expect("it is a list");
    let told: Vec<_> = items.iter().map(|item| (item["do"].as_str(), item["outcome"].as_str())).collect();
    let (rename, delete) = (Some("rename back"), Some("delete"));
    assert_eq!(told, [(rename, Some("done")), (rename, Some("done")), (delete, Some("done"))]);
    assert_eq!(items[1]["address"], "billing/u-1/bills/inv-8");
    assert!(items[1]["entry"].is_string() && items[0]["entry"].is_null());
    assert_eq!(items[1]["then"], 1_794_988_800_000_i64);
    let version = items[1]["version"].to_string();
    assert_eq!(past.place.version("billing/u-1/invoices/inv-7"), version);
    let again = past.run(&[&restore[..], &["json", "--yes"]].concat()).with(DONE).json();
    assert_eq!(again, serde_json::json!([]));
}

#[test]
fn what_can_not_be_brought_back_is_told_by_the_exit_code() {
    let place = Place::with_collection();
    let id = place.json(&["get", "billing/u-1/invoices"])["meta"]["collection"].as_str().unwrap_or_default().to_owned();
    let rows: [(&str, &[(&str, &str)]); 3] = [
        ("e#1500000000000", &[("name", "renamed")]),
        ("e#1600000000000", &[("name", "renamed"), ("value", "1")]),
        ("garbage", &[]),
    ];
    put_rows(&place, "dynamomini.entries", ("userCollection", &format!("u-1#{id}#")), "entryVersion", &rows);
    let rows: [(&str, &[(&str, &str)]); 1] = [(&format!("u-1#{id}#1400000000000"), &[("name", "invoices")])];
    put_rows(&place, "dynamomini.collections", ("application", "billing"), "userCollectionVersion", &rows);
    let failed = place.run(&["restore", "billing/u-1", "--as-of", "1550000000000", "--yes"]).with(FAILED);
    assert!(failed.out.contains("its version of then has no value"), "{failed:?}");
    assert!(
        failed.err.contains("unreadable row \"garbage\"") && failed.err.contains("1 could not be brought back"),
        "{failed:?}"
    );
    place.run(&["restore", "billing/u-1", "--as-of", "1550000000000", "--dry-run"]).with(DONE);
}
