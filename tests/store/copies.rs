//! Rows copied from one store to another: all of them, as they are, and nothing that was there is lost.

mod moment;

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamini::model::{Application, CollectionKey, EntryKey, Subject, User};
use dynamini::store::{Attribute, Base, RowOutcome, Scope, Store, StoreError, StoredRow, Table};
use dynamini::transfer::line::{self, Header};
use dynamini::transfer::{Conflict, ImportError, Imported, export, import, lines};
use proptest::collection::vec;
use proptest::prelude::*;
use tokio::sync::Barrier;

use super::wire::mishap::{Break, Mishap};
use super::world::{START, World, base, row, value, version};

contract!(
    every_row_comes_over_and_a_second_copy_has_the_same_bytes,
    a_copy_holds_what_belongs_to_its_scope_and_nothing_else,
    entries_are_copied_only_through_a_collection_of_their_application,
    creating_a_collection_stays_safe_to_repeat_where_it_was_imported,
    marks_that_are_missing_are_added_and_nothing_else_is_changed,
    a_row_that_came_in_between_is_left_alone,
    a_row_put_without_a_reply_is_put_once,
    a_row_whose_outcome_nobody_can_tell_is_unconfirmed,
    a_page_that_failed_can_be_read_again,
    claims_are_looked_for_several_at_once,
    a_read_only_store_takes_no_rows,
    an_import_stops_at_a_bad_line_and_can_be_repeated,
    a_copy_without_its_end_is_told_from_a_whole_one,
);

/// Returns the lines of a copy but for the header, which tells where it is from.
async fn copy(store: &Store, scope: Scope) -> Vec<String> {
    let mut copied = Vec::new();
    let write = |line: &str| {
        copied.push(line.to_owned());
        Ok(())
    };
    export(store.rows(scope), &Header::default(), true, write, |_| {}).await.unwrap();
    copied
}

async fn import_text(store: &Store, text: String) -> (Imported, Vec<Conflict>, Result<(), ImportError>) {
    let mut conflicts = Vec::new();
    let told = |_: &Imported, conflict| conflicts.extend(conflict);
    let lines = lines(Cursor::new(text.into_bytes())).unwrap();
    let (done, ended) = import(store, lines, std::future::pending(), told).await;
    (done, conflicts, ended)
}

/// Brings a copy into a store, to its end and without a conflict.
async fn bring(store: &Store, copied: &[String]) -> Imported {
    let (done, conflicts, ended) = import_text(store, copied.join("\n")).await;
    ended.unwrap();
    assert_eq!(conflicts, []);
    done
}

/// Returns two empty tables on the same engine.
async fn another(world: &World) -> World {
    let other = world.without_tables();
    other.writer("setup").init().await.unwrap();
    other
}

/// Returns all rows of both tables, as they are stored.
async fn dump(world: &World) -> Vec<Vec<(String, String)>> {
    let mut all = Vec::new();
    for table in [&world.tables.collections, &world.tables.entries] {
        let items = world.client().scan().table_name(table).consistent_read(true).into_paginator().items().send();
        for item in items.try_collect().await.unwrap() {
            let mut row: Vec<_> = item.into_iter().map(|(name, value)| (name, shown(value))).collect();
            row.sort();
            all.push(row);
        }
    }
    all.sort();
    all
}

/// Sets and maps come in any order.
fn shown(value: AttributeValue) -> String {
    match value {
        AttributeValue::Ss(mut texts) => {
            texts.sort();
            format!("{texts:?}")
        }
        AttributeValue::M(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(name, value)| (name, shown(value))).collect();
            members.sort();
            format!("{members:?}")
        }
        value => format!("{value:?}"),
    }
}

/// Attributes that no good row has.
fn oddities() -> HashMap<String, AttributeValue> {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    HashMap::from([
        ("colour".to_owned(), text("red")),
        ("valueText".to_owned(), text("no value")),
        ("name".to_owned(), AttributeValue::N("7".to_owned())),
        ("bytes".to_owned(), AttributeValue::B(Blob::new([0, 159, 255]))),
        ("yes".to_owned(), AttributeValue::Bool(true)),
        ("nothing".to_owned(), AttributeValue::Null(true)),
        ("set".to_owned(), AttributeValue::Ss(vec!["b".to_owned(), "a".to_owned()])),
        ("map".to_owned(), AttributeValue::M(HashMap::from([("list".to_owned(), AttributeValue::L(vec![text("")]))]))),
    ])
}

/// Puts every odd row that a real table may have into a collection's partition, and odd ones beside its own versions.
async fn put_odd_rows(world: &World, collection: &CollectionKey) {
    let partition = collection.entries_partition();
    let sorts =
        ["no hash sign", "e#later", "zzz#", "e#17000000000000000", "e#5", "#", "a#b#1700000000000", "\u{1}é\n#7"];
    for sort in sorts {
        world.put_entry_row(&partition, sort, &[("name", "odd"), ("value", "2")]).await;
    }
    let long = "\n\u{1b}\"\\".repeat(1000);
    let attributes: [&[(&str, &str)]; 9] = [
        &[],
        &[("name", "only a name")],
        &[("value", "[1, 2]")],
        &[("name", ""), ("value", "")],
        &[("name", "n"), ("value", "{not JSON")],
        &[("name", "n"), ("value", "{\"a\": 1,\n\"a\": 1e400}")],
        &[("name", "n"), ("value", " 12345678901234567890")],
        &[("name", "n"), ("value", "\"\u{2028}\""), ("restoredFrom", "soon"), ("supersededBy", "")],
        &[("name", &long), ("value", &long), ("deletedAt", "yesterday"), ("deletedBy", "bob"), ("note", "why")],
    ];
    for (ms, attributes) in attributes.into_iter().enumerate() {
        world.put_entry_row(&partition, &format!("odd#{}", START + i64::try_from(ms).unwrap()), attributes).await;
    }
    let mut odd = oddities();
    odd.extend(row(&[("userCollection", partition.as_str()), ("entryVersion", "odd#1800000000000")]));
    world.put(&world.tables.entries, odd).await;

    let application = collection.application.as_str();
    for sort in ["no hash sign", "ann#odd", "ann#too#c1#1700000000000", "ann#c2#later", "ann#c3#17000000000000000"] {
        world.put_collection_row(application, sort, &[("name", "odd")]).await;
    }
    for (partition, sort) in [("ann#too#c1#", "e#1"), ("ann#c2#", "e#1"), ("ann#c3#", "e")] {
        world.put_entry_row(partition, sort, &[("value", "1")]).await;
    }
    let mut odd = oddities();
    odd.extend(row(&[("application", application), ("userCollectionVersion", "bob#c4#1700000000000")]));
    world.put(&world.tables.collections, odd).await;
}

/// A store with a history of every kind.
async fn histories(world: &World) -> (CollectionKey, Subject) {
    let ann = world.writer("ann");
    let entry = ann.entry(world, r#"{"a":1}"#).await;
    ann.update(&entry, &value("12345678901234567890"), base(0)).await.unwrap();
    ann.restore(&entry, version(0), Some("back".to_owned()), base(1)).await.unwrap();
    ann.delete(&entry, base(2)).await.unwrap();
    ann.undelete(&entry, base(2)).await.unwrap();
    ann.new_entry(entry.collection(), "f", "1").await;
    let gone = ann.new_collection(world, "gone").await;
    ann.delete(&gone.into(), Base::Any).await.unwrap();
    let shop = Application::new("shop");
    let theirs = ann.create_collection(&shop, &User::new("bob"), "notes").await.unwrap().value.record;
    ann.create_entry(theirs.subject.collection(), "theirs", "2", None).await.unwrap();
    (entry.collection().clone(), entry)
}

async fn every_row_comes_over_and_a_second_copy_has_the_same_bytes(world: World) {
    let (collection, entry) = histories(&world).await;
    put_odd_rows(&world, &collection).await;
    let ann = world.writer("ann");
    let copied = copy(&ann, Scope::Store).await;
    let target = another(&world).await;
    let bob = target.writer("bob");
    let done = bring(&bob, &copied).await;
    let stored = dump(&world).await;
    assert_eq!((done.put, done.rows()), (stored.len() as u64, stored.len() as u64));
    assert_eq!(dump(&target).await, stored);
    assert_eq!(copy(&bob, Scope::Store).await, copied);
    assert_eq!(bob.log(&entry).await, ann.log(&entry).await);

    let again = bring(&bob, &copied).await;
    assert_eq!((again.same, again.rows()), (done.put, done.put));
    assert_eq!(dump(&target).await, stored);
}

async fn a_copy_holds_what_belongs_to_its_scope_and_nothing_else(world: World) {
    let (collection, entry) = histories(&world).await;
    put_odd_rows(&world, &collection).await;
    world.put_collection_row("billing", "anna#c5#1700000000000", &[("name", "anna's")]).await;
    let ann = world.writer("ann");
    let partition = collection.entries_partition();
    let Subject::Entry(key) = &entry else { panic!("not an entry") };
    let mut all = Vec::new();
    for scope in [
        Scope::Application(Application::new("billing")),
        Scope::User(Application::new("billing"), User::new("ann")),
        Scope::Collection(collection.clone()),
        Scope::Entry(key.clone()),
        Scope::Entry(EntryKey { collection: collection.clone(), id: dynamini::model::EntryId::new("a") }),
    ] {
        let copied = copy(&ann, scope).await;
        let rows: Vec<_> = copied
            .iter()
            .filter_map(|text| match line::read(text.as_bytes()).unwrap() {
                line::Line::Row(row) => Some((row.hash, row.sort)),
                _ => None,
            })
            .collect();
        all.push(rows);
    }
    let [application, user, of_collection, of_entry, of_nothing] = &all[..] else { panic!("five scopes") };
    let holds =
        |rows: &[(String, String)], what: &str| rows.iter().any(|(hash, sort)| format!("{hash} {sort}").contains(what));
    for (what, held) in [
        ("anna#c5#", [true, false, false, false]),
        ("billing no hash sign", [true, false, false, false]),
        ("bob#c4#", [true, false, false, false]),
        ("ann#too#c1# e#1", [true, true, false, false]),
        ("ann#c2# e#1", [true, true, false, false]),
        (&format!("{partition} odd#1800000000000"), [true, true, true, false]),
        (&format!("{partition} {}", entry.sort_prefix()), [true, true, true, true]),
        (&format!("{partition}claim claim"), [true, true, true, true]),
        (&format!("billing {partition}"), [true, true, true, true]),
        ("shop", [false; 4]),
    ] {
        let found = [application, user, of_collection, of_entry].map(|rows| holds(rows, what));
        assert_eq!(found, held, "{what}");
    }
    assert_eq!(of_entry.len(), 2 + 4, "the claim, the collection and the four versions");
    assert!(!holds(of_nothing, "a#b#"), "the id of another begins like it");
}

async fn entries_are_copied_only_through_a_collection_of_their_application(world: World) {
    let (collection, entry) = histories(&world).await;
    let foreign = CollectionKey { application: Application::new("shop"), ..collection };
    let Subject::Entry(key) = entry else { panic!("not an entry") };
    let ann = world.writer("ann");
    for scope in [
        Scope::Collection(foreign.clone()),
        Scope::Entry(EntryKey { collection: foreign.clone(), ..key }),
        Scope::User(foreign.application.clone(), foreign.user.clone()),
    ] {
        assert_eq!(copy(&ann, scope).await.len(), 2, "nothing between the header and the end");
    }
    let named = world.writer_with("ann", |options| options.applications = Some(vec![Application::new("shop")]));
    let copied = copy(&named, Scope::Store).await;
    assert!(!copied.iter().any(|line| line.contains(&foreign.entries_partition())), "{copied:#?}");
    assert!(copied.iter().any(|line| line.contains("theirs")), "{copied:#?}");
}

async fn creating_a_collection_stays_safe_to_repeat_where_it_was_imported(world: World) {
    histories(&world).await;
    let target = another(&world).await;
    let bob = target.writer("bob");
    bring(&bob, &copy(&world.writer("ann"), Scope::Store).await).await;
    target.clock.set(1000);
    let notes = bob.create_collection(&target.application, &target.user, "notes").await.unwrap().value;
    assert!(!notes.is_new);
    let gone = bob.create_collection(&target.application, &target.user, "gone").await.unwrap().value;
    let again = bob.create_collection(&target.application, &target.user, "gone").await.unwrap().value;
    assert_eq!((gone.is_new, again.is_new), (true, false));
    assert_eq!(target.rows(&gone.record.subject).await.len(), 1, "the one that was deleted stays as it was");
}

fn stored(subject: &Subject, ms: i64, attributes: &[(&str, &str)]) -> StoredRow {
    let text = |text: &str| Attribute::Text(text.to_owned());
    StoredRow {
        table: Table::Entries,
        hash: subject.partition(),
        sort: subject.sort_key(version(ms)),
        attributes: attributes.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect(),
    }
}

async fn marks_that_are_missing_are_added_and_nothing_else_is_changed(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let put = async |attributes: &[(&str, &str)]| ann.put_row(&stored(&entry, 5, attributes)).await.unwrap().value;
    let (bare, deleted) = ([("name", "e"), ("value", "1")], [("name", "e"), ("value", "1"), ("deletedAt", "then")]);
    assert_eq!(put(&bare).await, RowOutcome::Put);
    assert_eq!(put(&bare).await, RowOutcome::Same);
    assert_eq!(put(&deleted).await, RowOutcome::Marked);
    assert_eq!(put(&deleted).await, RowOutcome::Same);
    assert_eq!(put(&bare).await, RowOutcome::Ahead);
    assert_eq!(put(&[bare[0], bare[1], ("supersededBy", "7")]).await, RowOutcome::Marked);
    for (odd, name) in [
        (vec![("name", "e"), ("value", "2")], "value"),
        (vec![("name", "e"), ("value", "1"), ("note", "new")], "note"),
        (vec![("name", "e"), ("value", "1"), ("deletedAt", "later")], "deletedAt"),
        (vec![("value", "1"), ("deletedBy", "bob")], "name"),
    ] {
        assert_eq!(put(&odd).await, RowOutcome::Conflict { differing: vec![name.to_owned()] });
    }
    let rows = world.rows(&entry).await;
    let expected = row(&[
        ("userCollection", entry.partition().as_str()),
        ("entryVersion", entry.sort_key(version(5)).as_str()),
        ("name", "e"),
        ("value", "1"),
        ("deletedAt", "then"),
        ("supersededBy", "7"),
    ]);
    let expected = expected.into_iter().map(|(name, value)| (name, value.as_s().unwrap().clone())).collect();
    assert_eq!(rows[1], expected);
}

async fn a_row_that_came_in_between_is_left_alone(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let entry = ann.entry(&world, "1").await;
    let ours = stored(&entry, 5, &[("value", "ours")]);
    let theirs = stored(&entry, 5, &[("value", "theirs")]);
    ann.wire.before("PutItem", async move {
        assert_eq!(bob.put_row(&theirs).await.unwrap().value, RowOutcome::Put);
    });
    let outcome = ann.put_row(&ours).await.unwrap().value;
    assert_eq!(outcome, RowOutcome::Conflict { differing: vec!["value".to_owned()] });

    let marked = stored(&entry, 5, &[("value", "theirs"), ("deletedAt", "ours")]);
    let (bob, theirs) = (world.writer("bob"), stored(&entry, 5, &[("value", "theirs"), ("deletedAt", "theirs")]));
    ann.wire.before("UpdateItem", async move {
        assert_eq!(bob.put_row(&theirs).await.unwrap().value, RowOutcome::Marked);
    });
    let outcome = ann.put_row(&marked).await.unwrap().value;
    assert_eq!(outcome, RowOutcome::Conflict { differing: vec!["deletedAt".to_owned()] });
    assert_eq!(world.rows(&entry).await[1]["deletedAt"], "theirs");
}

async fn a_row_put_without_a_reply_is_put_once(world: World) {
    for ann in [world.writer("ann"), world.stubborn_writer("ann")] {
        let entry = ann.entry(&world.apart(), "1").await;
        ann.wire.lose_reply_to("PutItem");
        let outcome = ann.put_row(&stored(&entry, 5, &[("value", "1")])).await.unwrap().value;
        assert_eq!(outcome, RowOutcome::Put);
        ann.wire.lose_reply_to("UpdateItem");
        let outcome = ann.put_row(&stored(&entry, 5, &[("value", "1"), ("deletedAt", "then")])).await.unwrap().value;
        assert_eq!(outcome, RowOutcome::Marked);
        assert_eq!(world.rows(&entry).await.len(), 2);
    }
}

async fn a_row_whose_outcome_nobody_can_tell_is_unconfirmed(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let new = stored(&entry, 5, &[("value", "1")]);
    ann.wire.cut("PutItem");
    let failed = ann.put_row(&new).await;
    assert!(matches!(failed, Err(StoreError::Unreachable { .. })), "{failed:?}");
    assert_eq!(world.rows(&entry).await.len(), 1);
    // The look at what is there is answered; the put after it and the look for its outcome are not.
    ann.wire.plan_from(1, Mishap::after(Break::Reset));
    let failed = ann.put_row(&new).await;
    assert!(matches!(failed, Err(StoreError::Unconfirmed { .. })), "{failed:?}");
    ann.wire.repair();
    assert_eq!(ann.put_row(&new).await.unwrap().value, RowOutcome::Same, "and it can be repeated");
}

async fn a_page_that_failed_can_be_read_again(world: World) {
    let (collection, _) = histories(&world).await;
    let ann = world.writer("ann");
    let whole = copy(&ann, Scope::Store).await;
    ann.wire.cut("GetItem");
    ann.wire.cut("Query");
    let mut rows = ann.rows(Scope::Store);
    let (mut read, mut failures) = (Vec::new(), 0);
    loop {
        match rows.next().await {
            Ok(None) => break,
            Ok(Some(page)) => read.extend(page.items.iter().map(line::row)),
            Err(error) => {
                assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
                failures += 1;
            }
        }
    }
    assert_eq!((failures, &read[..]), (2, &whole[1..whole.len() - 1]), "{collection:?}");
}

async fn claims_are_looked_for_several_at_once(world: World) {
    let ann = world.writer("ann");
    for number in 0..20 {
        ann.new_collection(&world, &format!("notes {number}")).await;
    }
    let copier = world.writer("copier");
    // The first eight wait for each other.
    let meeting = Arc::new(Barrier::new(8));
    for _ in 0..8 {
        let meeting = Arc::clone(&meeting);
        copier.wire.before("GetItem", async move {
            let _ = meeting.wait().await;
        });
    }
    let (requests, whole) = copier.wire.count(copy(&copier, Scope::User(world.application.clone(), world.user))).await;
    let claims = whole.iter().filter(|line| line.contains("#claim")).count();
    assert_eq!((claims, whole.len()), (20, 42), "between the first line and the last");
    assert_eq!((requests, copier.wire.most_at_once()), (1 + 20 + 20, 8));
    let claim_before = |pair: &[String]| pair[0].contains("#claim") == pair[1].starts_with("{\"collection\"");
    assert!(whole[1..41].chunks(2).all(claim_before), "each before its collection");
}

async fn a_read_only_store_takes_no_rows(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.set_read_only(true);
    let refused = ann.put_row(&stored(&entry, 5, &[])).await;
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
    let copied = copy(&ann, Scope::Store).await;
    let (done, _, ended) = import_text(&ann, copied.join("\n")).await;
    assert!(matches!(ended, Err(ImportError::Store { line: 2, error: StoreError::ReadOnly })), "{ended:?}");
    assert_eq!(done.rows(), 0);
}

async fn an_import_stops_at_a_bad_line_and_can_be_repeated(world: World) {
    histories(&world).await;
    let whole = copy(&world.writer("ann"), Scope::Store).await;
    let target = another(&world).await;
    let bob = target.writer("bob");
    let mut broken = whole.clone();
    broken[3].truncate(40);
    let (done, _, ended) = import_text(&bob, broken.join("\n")).await;
    assert!(matches!(ended, Err(ImportError::BadLine { line: 4, .. })), "{ended:?}");
    assert_eq!((done.put, dump(&target).await.len()), (2, 2));
    let mut large = whole.clone();
    large[4] = line::row(&stored(&bob_entry(), 1, &[("value", &"x".repeat(400 * 1024))]));
    let (done, _, ended) = import_text(&bob, large.join("\n")).await;
    let too_large = matches!(ended, Err(ImportError::Store { line: 5, error: StoreError::TooLarge { .. } }));
    assert!(too_large, "{ended:?}");
    assert_eq!(done.same, 2);
    bring(&bob, &whole).await;
    assert_eq!(dump(&target).await, dump(&world).await);
}

fn bob_entry() -> Subject {
    let (application, user) = (Application::new("billing"), User::new("bob"));
    let collection = CollectionKey { application, user, id: dynamini::model::CollectionId::new("c") };
    EntryKey { collection, id: dynamini::model::EntryId::new("e") }.into()
}

async fn a_copy_without_its_end_is_told_from_a_whole_one(world: World) {
    histories(&world).await;
    let ann = world.writer("ann");
    let whole = copy(&ann, Scope::Store).await;
    let last = whole.len();
    let ended = async |lines: &[String]| import_text(&ann, lines.join("\r\n\n")).await.2;
    assert!(matches!(ended(&whole).await, Ok(())));
    assert!(matches!(ended(&[&whole[..], &whole].concat()).await, Ok(())), "two of them in a row");
    assert!(matches!(ended(&whole[..last - 1]).await, Err(ImportError::BrokenOff { .. })));
    assert!(matches!(ended(&[&whole[..3], &whole].concat()).await, Err(ImportError::BrokenOff { .. })));
    assert!(matches!(ended(&[&whole[..3], &whole[4..]].concat()).await, Err(ImportError::WrongCount { .. })));
    assert!(matches!(ended(&whole[1..]).await, Err(ImportError::NoHeader { line: 1 })));
    assert!(matches!(ended(&[]).await, Err(ImportError::Empty)));
    let newer = whole[0].replace("\"export\":1", "\"export\":2");
    assert!(matches!(ended(&[newer]).await, Err(ImportError::OtherForm { line: 1, .. })));
}

/// One engine will do: it waits for two seconds each.
#[tokio::test]
async fn a_copy_waits_where_the_capacity_is_used_up() {
    let world = World::in_memory().await;
    histories(&world).await;
    let ann = world.writer("ann");
    let whole = copy(&ann, Scope::Store).await;
    let throttled = ("ProvisionedThroughputExceededException", "The level of configured provisioned throughput");
    ann.wire.answer("Query", throttled.0, throttled.1);
    assert_eq!(copy(&ann, Scope::Store).await, whole);
    let target = another(&world).await;
    let bob = target.writer("bob");
    bob.wire.answer("PutItem", throttled.0, throttled.1);
    assert_eq!(bring(&bob, &whole).await.put, whole.len() as u64 - 2);
    assert_eq!((ann.wire.mishaps(), bob.wire.mishaps()), (1, 1));
}

/// The same, and it is asked to end while it waits.
#[tokio::test]
async fn an_import_that_waits_for_capacity_ends_when_it_is_asked_to() {
    let world = World::in_memory().await;
    histories(&world).await;
    let whole = copy(&world.writer("ann"), Scope::Store).await;
    let bob = another(&world).await.writer("bob");
    bob.wire.plan_from(0, Mishap::answer("ProvisionedThroughputExceededException", "Rate exceeded"));
    let stop = async {
        while bob.wire.mishaps() == 0 {
            tokio::task::yield_now().await;
        }
    };
    let lines = lines(Cursor::new(whole.join("\n").into_bytes())).unwrap();
    let (done, ended) = import(&bob.store, lines, stop, |_, _| {}).await;
    assert!(matches!(ended, Err(ImportError::Interrupted { line: 2 })), "{ended:?}");
    assert_eq!(done.rows(), 0);
    assert!(bob.wire.mishaps() <= 8, "those on their way are not tried again");
}

/// What happens to a store, each by numbers that choose whom and what, and a text.
#[derive(Clone, Debug)]
enum Happening {
    Create(usize),
    NewEntry(usize, String),
    Update(usize, String),
    Rename(usize, String),
    Delete(usize),
    Undelete(usize),
    Restore(usize),
    Original(usize, i64, String),
    OddEntry(usize, String, Vec<(usize, String)>),
    OddCollection(usize, String, Vec<(usize, String)>),
}

fn happening() -> impl Strategy<Value = Happening> {
    let text =
        || prop_oneof!["[ -~]{0,8}", r#"[\[\]{}",:0-9 \n]{0,6}"#, any::<String>(), Just("{\"a\": 1.0}".to_owned())];
    let odd = || vec((0..12_usize, text()), 0..4);
    let sort = || prop_oneof!["[a-b#0-9]{1,20}", "[^#]{1,4}", Just("e#12345678901234567".to_owned())];
    let which = 0..8_usize;
    prop_oneof![
        which.clone().prop_map(Happening::Create),
        (which.clone(), text()).prop_map(|(which, text)| Happening::NewEntry(which, text)),
        (which.clone(), text()).prop_map(|(which, text)| Happening::Update(which, text)),
        (which.clone(), text()).prop_map(|(which, text)| Happening::Rename(which, text)),
        which.clone().prop_map(Happening::Delete),
        which.clone().prop_map(Happening::Undelete),
        which.clone().prop_map(Happening::Restore),
        (which.clone(), 0..99_i64, text()).prop_map(|(which, ms, text)| Happening::Original(which, ms, text)),
        (which.clone(), sort(), odd()).prop_map(|(which, sort, odd)| Happening::OddEntry(which, sort, odd)),
        (which, sort(), odd()).prop_map(|(which, sort, odd)| Happening::OddCollection(which, sort, odd)),
    ]
}

async fn happen(world: &World, happenings: &[Happening]) {
    const APPLICATIONS: [&str; 2] = ["billing", "shop"];
    const USERS: [&str; 3] = ["ann", "bob", "株"];
    const NAMES: [&str; 12] = [
        "name",
        "value",
        "deletedAt",
        "deletedBy",
        "author",
        "note",
        "restoredFrom",
        "supersededBy",
        "writeId",
        "valueText",
        "colour",
        "attributes",
    ];
    let ann = world.writer("ann");
    let (mut collections, mut subjects): (Vec<CollectionKey>, Vec<Subject>) = (Vec::new(), Vec::new());
    let attributes = |odd: &[(usize, String)]| -> HashMap<String, AttributeValue> {
        let others = if odd.len() == 3 { oddities() } else { HashMap::new() };
        let odd = odd.iter().map(|(which, text)| (NAMES[*which].to_owned(), AttributeValue::S(text.clone())));
        odd.chain(others).collect()
    };
    // What can't be done to what is there isn't: what counts is what was written.
    for happening in happenings {
        let of = |which: &usize, count: usize| if count == 0 { None } else { Some(which % count) };
        match happening {
            Happening::Create(which) => {
                let (application, user) = (Application::new(APPLICATIONS[which % 2]), User::new(USERS[which % 3]));
                let name = ["notes", "more"][which / 4];
                let made = ann.create_collection(&application, &user, name).await.unwrap().value.record;
                collections.push(made.subject.collection().clone());
                subjects.push(made.subject);
            }
            Happening::NewEntry(which, text) => {
                let Some(at) = of(which, collections.len()) else { continue };
                if let Ok(made) = ann.create_entry(&collections[at], "e", text, Some(text.clone())).await {
                    subjects.push(made.value.subject);
                }
            }
            Happening::OddEntry(which, sort, odd) => {
                let Some(at) = of(which, collections.len()) else { continue };
                let partition = collections[at].entries_partition();
                let mut attributes = attributes(odd);
                attributes.extend(row(&[("userCollection", partition.as_str()), ("entryVersion", sort.as_str())]));
                world.put(&world.tables.entries, attributes).await;
            }
            Happening::OddCollection(which, sort, odd) => {
                let mut attributes = attributes(odd);
                let keys = [("application", APPLICATIONS[which % 2]), ("userCollectionVersion", sort.as_str())];
                attributes.extend(row(&keys));
                world.put(&world.tables.collections, attributes).await;
            }
            Happening::Update(which, text) | Happening::Rename(which, text) | Happening::Original(which, _, text) => {
                let Some(at) = of(which, subjects.len()) else { continue };
                let subject = &subjects[at];
                match happening {
                    Happening::Original(_, ms, _) => world.original_writes(subject, *ms, "o", text).await,
                    Happening::Update(..) if matches!(subject, Subject::Entry(_)) => {
                        let _ = ann.update(subject, &value(text), Base::Any).await;
                    }
                    _ => {
                        let _ = ann.update(subject, &super::world::name(text), Base::Any).await;
                    }
                }
            }
            Happening::Delete(which) | Happening::Undelete(which) | Happening::Restore(which) => {
                let Some(at) = of(which, subjects.len()) else { continue };
                let subject = &subjects[at];
                let _ = match happening {
                    Happening::Delete(_) => ann.delete(subject, Base::Any).await,
                    Happening::Undelete(_) => ann.undelete(subject, Base::Any).await,
                    _ => ann.restore(subject, version(0), None, Base::Any).await,
                };
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_history_comes_over_row_by_row_and_byte_by_byte(happenings in vec(happening(), 0..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::in_memory().await;
            world.signs = false;
            happen(&world, &happenings).await;
            let mut target = World::in_memory().await;
            target.signs = false;
            let copied = copy(&world.writer("ann"), Scope::Store).await;
            let bob = target.writer("bob");
            let done = bring(&bob, &copied).await;
            let stored = dump(&world).await;
            assert_eq!(done.put, stored.len() as u64);
            assert_eq!(dump(&target).await, stored);
            assert_eq!(copy(&bob, Scope::Store).await, copied);
            assert_eq!(bring(&bob, &copied).await.same, done.put);
        });
    }
}
