//! What was there at a moment.

use std::collections::{BTreeMap, BTreeSet};

use dynamini::model::at::At;
use dynamini::model::{Application, CollectionKey, EntryId, EntryKey, Filter, Moment, Record, Subject, User, Version};
use dynamini::store::{Records, StoreError};
use proptest::collection::{btree_map, vec};
use proptest::strategy::{Just, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use proptest::{option, prop_oneof};

use super::world::{START, World, Writer, base, line, name, value, version};

contract!(
    a_collection_shows_what_it_held_then,
    collections_have_the_names_they_had_then,
    a_deletion_counts_from_the_moment_it_was_made_and_until_it_was_taken_back,
    random_histories_are_as_their_model_says_at_every_moment,
    users_and_applications_are_those_who_had_a_collection_then,
    what_was_written_since_then_is_jumped_over,
    what_began_later_is_passed_by_however_many_versions_it_has,
    a_version_of_fewer_digits_is_there_where_it_sorts_below_the_moment,
    users_who_began_later_are_left_out_however_many_collections_they_have,
    rows_that_cannot_be_read_are_reported_at_every_moment,
);

fn moment(ms: i64) -> Moment {
    version(ms).into()
}

async fn told(listing: Records) -> Vec<String> {
    let mut lines: Vec<_> = listing.all().await.unwrap().items.iter().map(line).collect();
    lines.sort();
    lines
}

async fn a_collection_shows_what_it_held_then(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let first = ann.new_entry(&collection, "e", "1").await;
    world.clock.set(10);
    ann.update(&first, &value("2"), base(0)).await.unwrap();
    world.clock.set(20);
    ann.update(&first, &name("f"), base(10)).await.unwrap();
    ann.new_entry(&collection, "late", "9").await;

    let at = async |ms| told(ann.entries_at(&collection, moment(ms), Filter::Latest, true)).await;
    assert_eq!(at(-1).await, [""; 0]);
    assert_eq!(at(0).await, ["e 1 +0"], "that it was superseded is of later");
    assert_eq!(at(9).await, ["e 1 +0"]);
    assert_eq!(at(10).await, ["e 2 +10"]);
    assert_eq!(at(20).await, ["f 2 +20", "late 9 +20"]);
    assert_eq!(at(1_000_000).await, ann.list(&collection, Filter::Latest).await);

    let all = told(ann.entries_at(&collection, moment(10), Filter::All, true)).await;
    assert_eq!(all, ["e 1 +0 superseded by +10", "e 2 +10"]);
    let without_values = told(ann.entries_at(&collection, moment(10), Filter::Latest, false)).await;
    assert_eq!(without_values, ["e - +10"]);
}

async fn collections_have_the_names_they_had_then(world: World) {
    let ann = world.writer("ann");
    let notes = ann.new_collection(&world, "notes").await;
    world.clock.set(10);
    ann.update(&notes.into(), &name("ideas"), base(0)).await.unwrap();
    ann.new_collection(&world, "late").await;
    let at = async |ms| told(ann.collections_at(&world.application, &world.user, moment(ms), Filter::Latest)).await;
    assert_eq!(at(-1).await, [""; 0]);
    assert_eq!(at(9).await, ["notes - +0"]);
    assert_eq!(at(10).await, ["ideas - +10", "late - +10"]);
    let other = told(ann.collections_at(&world.application, &User::new("an"), moment(10), Filter::All)).await;
    assert_eq!(other, [""; 0]);
}

async fn a_deletion_counts_from_the_moment_it_was_made_and_until_it_was_taken_back(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let entry = ann.new_entry(&collection, "e", "1").await;
    world.clock.set(10);
    ann.delete(&entry, base(0)).await.unwrap();
    world.clock.set(20);
    ann.undelete(&entry, base(0)).await.unwrap();
    world.clock.set(30);
    ann.delete(&entry, base(20)).await.unwrap();

    for (ms, told_then) in [
        (0, "e 1 +0"),
        (9, "e 1 +0"),
        (10, "e 1 +0 deleted"),
        (19, "e 1 +0 deleted"),
        (20, "e 1 +20"),
        (29, "e 1 +20"),
        (30, "e 1 +20 deleted"),
    ] {
        let current = told(ann.entries_at(&collection, moment(ms), Filter::Current, true)).await;
        assert_eq!(current, [told_then], "{ms}");
        let latest = told(ann.entries_at(&collection, moment(ms), Filter::Latest, true)).await;
        assert_eq!(latest.is_empty(), told_then.ends_with("deleted"), "{ms}");
        let one = ann.at(&entry, At::Time(version(ms).time())).await.unwrap().value;
        assert_eq!((line(&one).as_str(), one.deleted_by.is_some()), (told_then, one.is_deleted()), "{ms}");
    }
}

/// A version of fewer digits, which sorts between those of the first milliseconds and the hundredth.
const BETWEEN: i64 = 170_000_000_001;

/// A subject's versions, each with the text of its deletion mark.
type Versions = BTreeMap<Version, Option<String>>;

fn histories() -> impl Strategy<Value = Vec<Versions>> {
    let few = 0..9_i64;
    // Versions of fewer digits are older than all others, and sort among them.
    let version_of = prop_oneof![
        8 => few.clone().prop_map(version),
        1 => prop_oneof![Just(5), Just(17), Just(1_799), Just(BETWEEN), Just(999_999_999_999)].prop_map(Version::from_ms),
    ];
    let mark = prop_oneof![
        6 => few.prop_map(|ms| format!("{:.3}", version(ms).time())),
        1 => Just("some day".to_owned()),
    ];
    let some = btree_map(version_of, option::weighted(0.3, mark), 1..6);
    // So many later versions that a page ends among them.
    let many = (some.clone(), 20..140_i64).prop_map(|(mut versions, count)| {
        versions.extend((0..count).map(|ms| (version(100 + ms), None)));
        versions
    });
    vec(prop_oneof![2 => some, 1 => many], 1..6)
}

/// The versions that were there at a moment, oldest first: those that are not later, and do not sort above it either.
fn until(versions: &Versions, moment: Moment) -> impl DoubleEndedIterator<Item = (&Version, &Option<String>)> {
    let top = moment.version().to_string();
    versions.range(..=moment.version()).filter(move |(version, _)| version.to_string() <= top)
}

/// What the model says of a subject at a moment: the greatest version of then, and whether it was deleted.
fn model(versions: &Versions, moment: Moment) -> Option<(Version, bool)> {
    let (version, mark) = until(versions, moment).next_back()?;
    let deleted = mark.as_ref().is_some_and(|mark| match mark.parse::<jiff::Timestamp>() {
        Ok(time) => time.as_millisecond() <= moment.version().ms(),
        Err(_) => true,
    });
    Some((*version, deleted))
}

async fn random_histories_are_as_their_model_says_at_every_moment(world: World) {
    let mut runner = TestRunner::deterministic();
    for round in 0..5 {
        let world = world.apart();
        let ann = world.writer("ann");
        let histories = histories().new_tree(&mut runner).unwrap().current();
        let collection = world.collection(&format!("holder-{round}"));
        world.original_writes(&collection.clone().into(), -10, "holder", "").await;
        let entries: BTreeMap<Subject, Versions> = histories
            .iter()
            .enumerate()
            .map(|(id, versions)| {
                let id = EntryId::new(format!("e{id}"));
                (Subject::from(EntryKey { collection: collection.clone(), id }), versions.clone())
            })
            .collect();
        let mut elsewhere = world.clone();
        elsewhere.user = User::new("bob");
        let collections: BTreeMap<Subject, Versions> = histories
            .into_iter()
            .enumerate()
            .map(|(id, versions)| (Subject::from(elsewhere.collection(&format!("c{id}"))), versions))
            .collect();
        for (subject, versions) in entries.iter().chain(&collections) {
            write(&world, subject, versions).await;
        }
        for ms in [-START + 4, -START + 20, -START + 5_000, -1, 0, 1, 3, 5, 8, 99, 120] {
            let moment = moment(ms);
            let list = |filter| ann.entries_at(&collection, moment, filter, true);
            check(&ann, &entries, moment, list).await;
            let list = |filter| ann.collections_at(&elsewhere.application, &elsewhere.user, moment, filter);
            check(&ann, &collections, moment, list).await;
        }
    }
}

async fn write(world: &World, subject: &Subject, versions: &Versions) {
    let (marked, plain): (Vec<_>, Vec<_>) = versions.iter().partition(|(_, mark)| mark.is_some());
    world.fill(plain.into_iter().map(|(version, _)| (subject.clone(), *version)), &[("name", "n")]).await;
    for (version, mark) in marked {
        let attributes = [("name", "n"), ("deletedAt", mark.as_deref().unwrap_or_default())];
        world.fill([(subject.clone(), *version)], &attributes).await;
    }
}

async fn check(ann: &Writer, subjects: &BTreeMap<Subject, Versions>, moment: Moment, list: impl Fn(Filter) -> Records) {
    let told = |records: Vec<Record>| -> BTreeSet<_> {
        let count = records.len();
        let told: BTreeSet<_> =
            records.into_iter().map(|record| (record.subject.clone(), record.version, record.is_deleted())).collect();
        assert_eq!(told.len(), count, "nothing comes twice");
        told
    };
    let expected: BTreeSet<_> = subjects
        .iter()
        .filter_map(|(subject, versions)| {
            model(versions, moment).map(|(version, gone)| (subject.clone(), version, gone))
        })
        .collect();
    let current = list(Filter::Current).all().await.unwrap();
    assert!(current.unreadable.is_empty());
    assert_eq!(told(current.items), expected, "{moment}");
    let live: BTreeSet<_> = expected.iter().filter(|(_, _, gone)| !gone).cloned().collect();
    assert_eq!(told(list(Filter::Latest).all().await.unwrap().items), live, "{moment}");

    let every = list(Filter::All).all().await.unwrap().items;
    let until_then = subjects.values().map(|versions| until(versions, moment).count());
    assert_eq!(every.len(), until_then.sum::<usize>(), "{moment}");
    for (subject, versions) in subjects {
        let history = ann.history_at(subject, moment).all().await.unwrap().items;
        let told: Vec<_> = history.iter().map(|record| (record.version, record.is_deleted())).collect();
        let deleted = |mark: &Option<String>| {
            let later = |mark: &String| mark.parse::<jiff::Timestamp>().is_ok_and(|time| Moment::from(time) > moment);
            mark.as_ref().is_some_and(|mark| !later(mark))
        };
        let until_then = until(versions, moment).rev().map(|(version, mark)| (*version, deleted(mark)));
        assert_eq!(told, until_then.collect::<Vec<_>>(), "{moment}");
        let one = match ann.at(subject, At::Time(moment.time())).await {
            Ok(record) => Some((record.value.version, record.value.is_deleted())),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(one, model(versions, moment), "{moment}");
    }
}

async fn users(ann: &Writer, application: &str, ms: i64) -> Vec<String> {
    let mut users = ann.users_at(&Application::new(application), moment(ms));
    let mut found = Vec::new();
    while let Some(page) = users.next().await.unwrap() {
        found.extend(page.items.iter().map(User::to_string));
    }
    found
}

async fn users_and_applications_are_those_who_had_a_collection_then(world: World) {
    let ann = world.writer("ann");
    for (application, user, id, ms) in [
        ("billing", "ann", "c1", 20),
        ("billing", "ann", "c2", 10),
        ("billing", "ann", "c3", 30),
        ("billing", "bob", "c4", 0),
        ("billing", "bob", "c4", 40),
        ("billing", "zoe", "c5", 40),
        ("shop", "ann", "c6", 30),
    ] {
        let key =
            CollectionKey { application: Application::new(application), user: User::new(user), ..world.collection(id) };
        world.original_writes(&key.into(), ms, "c", "").await;
    }
    let nobody: [&str; 0] = [];
    for (ms, in_billing, in_shop) in [
        (-1, &nobody[..], &nobody[..]),
        (0, &["bob"], &[]),
        (9, &["bob"], &[]),
        (10, &["ann", "bob"], &[]),
        (39, &["ann", "bob"], &["ann"]),
        (40, &["ann", "bob", "zoe"], &["ann"]),
    ] {
        assert_eq!(users(&ann, "billing", ms).await, in_billing, "{ms}");
        assert_eq!(users(&ann, "shop", ms).await, in_shop, "{ms}");
        let mut listing = ann.applications_at(moment(ms));
        let mut found = Vec::new();
        while let Some(page) = listing.next().await.unwrap() {
            found.extend(page.items.iter().map(Application::to_string));
        }
        found.sort();
        let expected = [("billing", in_billing), ("shop", in_shop)];
        let expected = expected.iter().filter(|(_, users)| !users.is_empty()).map(|(name, _)| *name);
        assert_eq!(found, expected.collect::<Vec<_>>(), "{ms}");
    }
}

async fn what_was_written_since_then_is_jumped_over(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let entry = |id: &str| Subject::from(EntryKey { collection: collection.clone(), id: EntryId::new(id) });
    let versions = (0..3000).map(|ms| (entry("long"), version(ms)));
    let neighbours = [(entry("after"), version(0)), (entry("zlast"), version(0))];
    world.fill(versions.chain(neighbours), &[("name", "e"), ("value", "1")]).await;

    let listing = ann.entries_at(&collection, moment(7), Filter::Latest, true);
    let (requests, list) = ann.wire.count(told(listing)).await;
    assert_eq!(list, ["e 1 +0", "e 1 +0", "e 1 +7"]);
    assert!(requests <= 3, "{requests} requests for 3 entries");
    let (requests, one) = ann.wire.count(ann.at(&entry("long"), At::Time(version(7).time()))).await;
    let one = one.unwrap();
    assert_eq!((requests, one.cost.requests, line(&one.value).as_str()), (1, 1, "e 1 +7"));
    let (requests, versions) = ann.wire.count(ann.history_at(&entry("long"), moment(7)).all()).await;
    assert_eq!((requests, versions.unwrap().items.len()), (1, 8), "what is later is not read");
    assert!(one.cost.rcu > 0.0);
}

async fn what_began_later_is_passed_by_however_many_versions_it_has(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let entry = |id: &str| Subject::from(EntryKey { collection: collection.clone(), id: EntryId::new(id) });
    let later = (10..3010).map(|ms| (entry("new"), version(ms)));
    let neighbours = [(entry("after"), version(0)), (entry("zlast"), version(0))];
    world.fill(later.chain(neighbours), &[("name", "e"), ("value", "1")]).await;

    let listing = ann.entries_at(&collection, moment(7), Filter::Latest, true);
    let (requests, list) = ann.wire.count(told(listing)).await;
    assert_eq!(list, ["e 1 +0", "e 1 +0"]);
    assert!(requests <= 3, "{requests} requests for 2 entries");
    let (requests, one) = ann.wire.count(ann.at(&entry("new"), At::Time(version(7).time()))).await;
    assert!(matches!(one, Err(StoreError::NotFound { .. })), "{one:?}");
    assert_eq!(requests, 1, "nothing that is later is read");
}

async fn a_version_of_fewer_digits_is_there_where_it_sorts_below_the_moment(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let entry = |id: &str| Subject::from(EntryKey { collection: collection.clone(), id: EntryId::new(id) });
    let later = ["below", "above"].into_iter().flat_map(|id| (100..300).map(move |ms| (id, version(ms))));
    let short = [("below", Version::from_ms(START / 10)), ("above", Version::from_ms(BETWEEN))];
    let rows = later.chain(short).map(|(id, version)| (entry(id), version));
    world.fill(rows.chain([(entry("after"), version(0))]), &[("name", "e")]).await;
    let found = ann.entries_at(&collection, moment(8), Filter::Latest, true).all().await.unwrap().items;
    let versions: BTreeSet<_> = found.iter().map(|record| record.version).collect();
    assert_eq!(versions, BTreeSet::from([version(0), Version::from_ms(START / 10)]));
    let then = async |id| ann.at(&entry(id), At::Time(version(8).time())).await;
    assert_eq!(then("below").await.unwrap().value.version, Version::from_ms(START / 10));
    assert!(matches!(then("above").await, Err(StoreError::NotFound { .. })), "so that nothing later is read for it");
}

async fn users_who_began_later_are_left_out_however_many_collections_they_have(world: World) {
    let ann = world.writer("ann");
    let of = |user: &str, id: usize| {
        Subject::from(CollectionKey { user: User::new(user), ..world.collection(&format!("c{id:04}")) })
    };
    let later = (0..1500).map(|id| (of("mia", id), version(50)));
    let others = [(of("ann", 0), version(0)), (of("zoe", 0), version(0))];
    world.fill(later.chain(others), &[("name", "c")]).await;
    let (requests, found) = ann.wire.count(users(&ann, "billing", 0)).await;
    assert_eq!(found, ["ann", "zoe"]);
    assert!(requests <= 4, "{requests} requests for 3 users");
    assert_eq!(users(&ann, "billing", 50).await, ["ann", "mia", "zoe"]);
    world.fill([(of("mia", 1499), version(-5))], &[("name", "c")]).await;
    assert_eq!(users(&ann, "billing", 0).await, ["ann", "mia", "zoe"]);
}

async fn rows_that_cannot_be_read_are_reported_at_every_moment(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    ann.new_entry(&collection, "e", "1").await;
    world.put_entry_row(&collection.entries_partition(), "garbage", &[("name", "odd")]).await;
    world.put_collection_row("billing", "ann#odd", &[("name", "odd")]).await;
    for (ms, shown) in [(-1, 0), (0, 1)] {
        let page = ann.entries_at(&collection, moment(ms), Filter::Latest, true).all().await.unwrap();
        assert_eq!((page.items.len(), page.unreadable.len()), (shown, 1), "{ms}");
        let listing = ann.collections_at(&world.application, &world.user, moment(ms), Filter::Latest);
        let page = listing.all().await.unwrap();
        assert_eq!((page.items.len(), page.unreadable.len()), (shown, 1), "{ms}");
        assert_eq!(users(&ann, "billing", ms).await, ["ann"], "so that its rows are found");
    }
}
