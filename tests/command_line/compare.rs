//! `diff` of collections.

use super::as_of::Past;
use crate::{DONE, NOT_FOUND, Place, USAGE};

#[test]
fn a_collection_is_compared_with_how_it_was() {
    let past = Past::new();
    past.at("2026-11-22T08:00:00Z", &["put", "billing/u-1/bills/new"], "1").with(DONE);
    let differs = past.run(&["diff", "billing/u-1/bills", "--as-of", "2026-11-17 12:00"]).with(DONE).out;
    assert_eq!(differs, "~ inv-8\n    ~ name: \"inv-7\" → \"inv-8\"\n    ~ .: 1 → 2\n+ new\n");
    let renamed = past.run(&["diff", "billing/u-1/bills@2026-11-18T12:00:00Z"]).with(DONE).out;
    assert_eq!(renamed, "~ inv-8\n    ~ name: \"inv-7\" → \"inv-8\"\n+ new\n");
    let between = past.run(&["diff", "billing/u-1/bills@2026-11-17T12:00:00Z", "@2026-11-20T12:00:00Z"]).with(DONE);
    assert_eq!(between.out, "- inv-7\n", "it was deleted then");
    let json = past.run(&["diff", "billing/u-1/bills", "--as-of", "2026-11-18 12:00", "--output", "json"]).with(DONE);
    let json = json.json();
    assert_eq!((&json[0]["kind"], &json[1]["kind"]), (&"renamed".into(), &"added".into()));
    assert_eq!(json[0]["old"]["entry"], json[0]["new"]["entry"]);
    assert_eq!(json[0]["differences"][0]["path"], "name");
    assert!(json[1]["old"].is_null() && json[1]["new"]["version"].is_i64(), "{json}");
    assert_eq!(past.run(&["diff", "billing/u-1/bills", "--as-of", "now", "--output", "json"]).with(DONE).out, "[]\n");
}

#[test]
fn two_collections_are_compared_by_the_names_of_their_entries() {
    let place = Place::with_entry(1);
    place.run(&["create", "billing/u-2/bills"]).with(DONE);
    place.put("billing/u-2/bills/inv-7", "{\"n\":2}");
    place.put("billing/u-2/bills/inv-8", "1");
    place.put("billing/u-1/invoices/inv-6", "1");
    let differs = place.run(&["diff", "billing/u-1/invoices", "billing/u-2/bills"]).with(DONE).out;
    assert_eq!(differs, "- inv-6\n~ inv-7\n    ~ .n: 1 → 2\n+ inv-8\n");
    let back = place.run(&["diff", "billing/u-2/bills", "billing/u-1/invoices"]).with(DONE).out;
    assert_eq!(back, "+ inv-6\n~ inv-7\n    ~ .n: 2 → 1\n- inv-8\n");
    let past = place.run(&["diff", "billing/u-1/invoices@1700000000000", "billing/u-2/bills"]).with(DONE).out;
    assert_eq!(past, "+ inv-7\n+ inv-8\n");
    place.run(&["diff", "billing/u-1/invoices", "billing/u-2/none"]).with(NOT_FOUND);
    for wrong in [
        &["diff", "billing/u-1/invoices"][..],
        &["diff", "billing/u-1/invoices/inv-7", "billing/u-2/bills"],
        &["diff", "billing/u-1/invoices@-1", "billing/u-2/bills"],
        &["diff", "billing/u-1/invoices@-1", "--as-of", "now"],
        &["diff", "billing/u-1/invoices/inv-7"],
    ] {
        place.run(wrong).with(USAGE);
    }
}
