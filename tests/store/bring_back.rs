//! Many brought back to how they were: the plan, and carrying it out.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{pending, ready};
use std::sync::{Arc, Mutex};

use dynamini::bring_back::{Act, Obstacle, Outcome, Plan, Planner, Report, Stopped, Target, carry_out};
use dynamini::model::{CollectionKey, EntryId, EntryKey, Filter, Moment, Record, Subject};
use dynamini::store::StoreError;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::world::{World, Writer, base, line, name, value, version};

contract!(
    a_plan_says_what_has_to_be_done_and_what_it_costs,
    carried_out_all_is_as_it_was_and_a_second_plan_is_empty,
    collections_come_back_before_their_entries_and_go_last,
    someone_who_wrote_since_is_left_alone_and_named,
    a_version_that_slipped_in_is_told,
    what_began_later_can_be_kept,
    chosen_entries_are_brought_back_and_no_others,
    what_can_not_be_brought_back_is_said_to_be_so,
    the_estimate_is_what_is_consumed,
    it_ends_between_writes_when_it_is_asked_to,
    it_ends_where_nothing_can_be_written,
);

fn moment(ms: i64) -> Moment {
    version(ms).into()
}

fn user(world: &World) -> Target {
    Target::User(world.application.clone(), world.user.clone())
}

fn only(collection: &CollectionKey) -> Target {
    Target::Collections(vec![collection.clone()])
}

async fn plan(ann: &Writer, target: Target, ms: i64) -> Plan {
    Plan::make(Planner::new(&ann.store, target, moment(ms), false)).await.unwrap()
}

async fn carry(ann: &Writer, plan: &Plan) -> Report {
    carry_out(&ann.store, plan, pending(), |_, _, _| {}).await
}

/// Tells a plan as `act name`, in its order.
fn told(plan: &Plan) -> Vec<String> {
    plan.items.iter().map(|item| format!("{} {}", item.act.word(), item.title())).collect()
}

async fn live_then(ann: &Writer, collection: &CollectionKey, ms: i64) -> Vec<String> {
    let records = ann.entries_at(collection, moment(ms), Filter::Latest, true).all().await.unwrap().items;
    names_and_values(&records)
}

async fn live_now(ann: &Writer, collection: &CollectionKey) -> Vec<String> {
    names_and_values(&ann.entries(collection, Filter::Latest, true).all().await.unwrap().items)
}

fn names_and_values(records: &[Record]) -> Vec<String> {
    let mut told: Vec<_> =
        records.iter().map(|record| format!("{} {:?} {:?}", record.subject.id(), record.name, record.value)).collect();
    told.sort();
    told
}

/// A collection `notes` in which everything that can happen happened after the world's beginning.
async fn after_a_day(world: &World, ann: &Writer) -> (CollectionKey, BTreeMap<&'static str, Subject>) {
    let notes = ann.new_collection(world, "notes").await;
    let mut entries = BTreeMap::new();
    for entry in ["same", "edited", "renamed", "deleted", "back", "was deleted"] {
        entries.insert(entry, ann.new_entry(&notes, entry, "1").await);
    }
    ann.delete(&entries["was deleted"], base(0)).await.unwrap();
    world.clock.set(10);
    ann.update(&entries["edited"], &value("2"), base(0)).await.unwrap();
    ann.update(&entries["renamed"], &name("other"), base(0)).await.unwrap();
    ann.delete(&entries["deleted"], base(0)).await.unwrap();
    ann.update(&entries["back"], &value("2"), base(0)).await.unwrap();
    ann.update(&entries["back"], &value("1"), base(10)).await.unwrap();
    ann.undelete(&entries["was deleted"], base(0)).await.unwrap();
    entries.insert("new", ann.new_entry(&notes, "new", "1").await);
    world.clock.set(20);
    (notes, entries)
}

async fn a_plan_says_what_has_to_be_done_and_what_it_costs(world: World) {
    let ann = world.writer("ann");
    let (notes, entries) = after_a_day(&world, &ann).await;
    let plan = plan(&ann, only(&notes), 5).await;
    let expected = ["undelete deleted", "restore edited", "delete new", "rename back other", "delete was deleted"];
    assert_eq!(told(&plan), expected);
    assert_eq!(
        (plan.unchanged, plan.kept, plan.writes()),
        (3, 0, 5),
        "the collection, `same` and `back` are as they were"
    );
    let edited = &plan.items[1];
    assert_eq!((edited.now.version, edited.then.as_ref().map(|then| then.version)), (version(10), Some(version(0))));
    assert_eq!(edited.collection.as_ref().and_then(|collection| collection.name.as_deref()), Some("notes"));
    assert_eq!((&plan.items[2].then, &plan.items[2].now.subject), (&None, &entries["new"]));
    assert!(plan.read.rcu > 0.0 && plan.cost().wcu > 5.0);
    let counts = plan.counts();
    assert_eq!((counts.restore, counts.rename, counts.undelete, counts.delete, counts.impossible), (1, 1, 1, 2, 0));
}

async fn carried_out_all_is_as_it_was_and_a_second_plan_is_empty(world: World) {
    let ann = world.writer("ann");
    let (notes, entries) = after_a_day(&world, &ann).await;
    let before: Vec<_> = ann.log(&entries["edited"]).await;
    let first = plan(&ann, only(&notes), 5).await;
    let seen = Mutex::new(Vec::new());
    let report = carry_out(&ann.store, &first, pending(), |progress, place, outcome| {
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        seen.lock().unwrap().push((progress.done, place));
    })
    .await;
    let mut places: Vec<_> = seen.into_inner().unwrap();
    assert!(places.iter().map(|(done, _)| *done).eq(1..=5));
    places.sort_by_key(|(_, place)| *place);
    assert!(places.iter().map(|(_, place)| *place).eq(0..5), "each is told once");
    assert_eq!((report.stopped, report.progress.done), (None, 5));
    assert_eq!(live_now(&ann, &notes).await, live_then(&ann, &notes, 5).await);

    let log = ann.log(&entries["edited"]).await;
    assert_eq!(log[0], "edited 1 +20 restores +0");
    assert_eq!(log.len(), before.len() + 1, "history only grows");
    let newest = ann.history(&entries["edited"]).all().await.unwrap().items.remove(0);
    assert_eq!(newest.note.as_deref(), Some("as of 2023-11-14T22:13:20.005Z"));

    let second = plan(&ann, only(&notes), 5).await;
    assert_eq!((told(&second), second.unchanged), (vec![], 8));
    let (requests, report) = ann.wire.count(carry(&ann, &second)).await;
    assert_eq!((requests, report.progress.of), (0, 0));
}

async fn collections_come_back_before_their_entries_and_go_last(world: World) {
    let ann = world.writer("ann");
    let lost = ann.new_collection(&world, "lost").await;
    let entry = ann.new_entry(&lost, "e", "1").await;
    let renamed = ann.new_collection(&world, "renamed").await;
    world.clock.set(10);
    ann.update(&entry, &value("2"), base(0)).await.unwrap();
    ann.delete(&lost.clone().into(), base(0)).await.unwrap();
    ann.update(&renamed.clone().into(), &name("other"), base(0)).await.unwrap();
    let late = ann.new_collection(&world, "late").await;
    ann.new_entry(&late, "in late", "1").await;

    let plan_now = plan(&ann, user(&world), 5).await;
    assert_eq!(told(&plan_now), ["rename back other", "undelete lost", "restore e", "delete late"]);
    let report = carry(&ann, &plan_now).await;
    assert_eq!(report.progress.done, 4, "{report:?}");
    let then = ann.collections_at(&world.application, &world.user, moment(5), Filter::Latest).all().await.unwrap();
    let now = ann.collections(&world.application, &world.user, Filter::Latest).all().await.unwrap();
    assert_eq!(names_and_values(&now.items), names_and_values(&then.items));
    assert_eq!(live_now(&ann, &lost).await, live_then(&ann, &lost, 5).await);
    assert_eq!(live_now(&ann, &late).await.len(), 1, "what is in it comes back with it");
    assert!(plan(&ann, user(&world), 5).await.items.is_empty());
    let application = Target::Application(world.application.clone());
    assert!(plan(&ann, application, 5).await.items.is_empty());
}

async fn someone_who_wrote_since_is_left_alone_and_named(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let (notes, entries) = after_a_day(&world, &ann).await;
    let plan_of_ann = plan(&ann, only(&notes), 5).await;
    bob.update(&entries["edited"], &value("of bob"), base(10)).await.unwrap();
    bob.delete(&entries["new"], base(10)).await.unwrap();
    bob.undelete(&entries["deleted"], base(0)).await.unwrap();
    world.original_writes(&entries["renamed"], 15, "of the original", "9").await;

    let report = carry(&ann, &plan_of_ann).await;
    assert_eq!((report.progress.done, report.progress.skipped, report.progress.failed), (1, 4, 0), "{report:?}");
    let skipped = |title: &str| {
        let place = plan_of_ann.items.iter().position(|item| item.title() == title).unwrap();
        match &report.outcomes[place] {
            Outcome::Skipped(error) => error,
            other => panic!("{title}: {other:?}"),
        }
    };
    assert!(matches!(skipped("edited"), StoreError::VersionConflict { .. }));
    assert!(matches!(skipped("other"), StoreError::VersionConflict { .. }));
    assert!(matches!(skipped("new"), StoreError::Deleted { .. }));
    assert!(ann.log(&entries["edited"]).await[0].starts_with("edited of bob "));
    assert!(ann.log(&entries["renamed"]).await[0].starts_with("of the original 9 "));

    let again = plan(&ann, only(&notes), 5).await;
    assert_eq!(told(&again), ["restore edited", "restore of the original"], "only what is left");
    assert_eq!(carry(&ann, &again).await.progress.done, 2);
    assert_eq!(live_now(&ann, &notes).await, live_then(&ann, &notes, 5).await);
}

async fn a_version_that_slipped_in_is_told(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.update(&entry, &value("2"), base(0)).await.unwrap();
    let plan = plan(&ann, user(&world), 0).await;
    world.clock.set(20);
    let (original, target) = (world.clone(), entry.clone());
    ann.wire.before("TransactWriteItems", async move {
        original.original_writes(&target, 15, "e", "theirs").await;
    });
    let report = carry(&ann, &plan).await;
    assert_eq!((report.progress.done, report.progress.slipped_in), (1, 1), "{report:?}");
}

async fn what_began_later_can_be_kept(world: World) {
    let ann = world.writer("ann");
    let (notes, _) = after_a_day(&world, &ann).await;
    let plan = Plan::make(Planner::new(&ann.store, only(&notes), moment(5), true)).await.unwrap();
    assert_eq!(told(&plan), ["undelete deleted", "restore edited", "rename back other", "delete was deleted"]);
    assert_eq!((plan.kept, plan.unchanged), (1, 3));
}

async fn chosen_entries_are_brought_back_and_no_others(world: World) {
    let ann = world.writer("ann");
    let (notes, entries) = after_a_day(&world, &ann).await;
    let chosen: BTreeSet<_> = ["same", "edited", "new"].map(|entry| entries[entry].clone()).into();
    let few = Target::Entries { collection: notes.clone(), entries: chosen.clone() };
    assert_eq!(told(&plan(&ann, few, 5).await), ["restore edited", "delete new"]);

    // So many that the collection is listed.
    let of = |id: usize| Subject::from(EntryKey { collection: notes.clone(), id: EntryId::new(format!("x{id}")) });
    let more = chosen.into_iter().chain((0..200).map(of)).collect();
    world.fill((0..300).map(|id| (of(id), version(10))), &[("name", "x"), ("value", "1")]).await;
    let many = plan(&ann, Target::Entries { collection: notes.clone(), entries: more }, 5).await;
    assert_eq!((many.counts().restore, many.counts().delete, many.unchanged), (1, 201, 1));

    ann.delete(&notes.clone().into(), base(0)).await.unwrap();
    let one = Target::Entries { collection: notes, entries: BTreeSet::from([entries["edited"].clone()]) };
    let plan = plan(&ann, one, 5).await;
    assert_eq!(plan.items[0].act, Act::Nothing(Obstacle::InDeletedCollection));
}

async fn what_can_not_be_brought_back_is_said_to_be_so(world: World) {
    let ann = world.writer("ann");
    let notes = ann.new_collection(&world, "notes").await;
    let entry = |id: &str| Subject::from(EntryKey { collection: notes.clone(), id: EntryId::new(id) });
    world.fill([(entry("renamed"), version(0))], &[("name", "renamed")]).await;
    // As large as a row can be without what dynamini notes on it.
    let large = "1".repeat(400 * 1024 - 200);
    world.fill([(entry("large"), version(0))], &[("name", "large"), ("value", &large)]).await;
    world.original_writes(&entry("renamed"), 10, "renamed", "1").await;
    world.original_writes(&entry("large"), 10, "large", "1").await;
    world.put_entry_row(&notes.entries_partition(), "garbage", &[("name", "odd")]).await;

    let plan_now = plan(&ann, only(&notes), 5).await;
    let acts: Vec<_> = plan_now.items.iter().map(|item| (item.title(), item.act)).collect();
    assert_eq!(acts, [("large", Act::Nothing(Obstacle::TooLarge)), ("renamed", Act::Nothing(Obstacle::NoValue))]);
    assert_eq!((plan_now.unreadable.len(), plan_now.unreadable[0].sort.as_str()), (1, "garbage"));
    let (requests, report) = ann.wire.count(carry(&ann, &plan_now)).await;
    assert_eq!(requests, 0);
    assert!(report.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Impossible)), "{report:?}");
}

async fn the_estimate_is_what_is_consumed(world: World) {
    let ann = world.writer("ann");
    let (notes, entries) = after_a_day(&world, &ann).await;
    let long = format!("\"{}\"", "x".repeat(9_000));
    ann.update(&entries["edited"], &value(&long), base(10)).await.unwrap();
    let plan = plan(&ann, only(&notes), 5).await;
    let report = carry(&ann, &plan).await;
    let (reckoned, consumed) = (plan.cost(), report.progress.cost);
    assert_eq!((reckoned.wcu, reckoned.requests), (consumed.wcu, consumed.requests));
    assert!((reckoned.rcu - consumed.rcu).abs() <= 0.2 * consumed.rcu, "{reckoned:?} and {consumed:?}");
}

async fn it_ends_between_writes_when_it_is_asked_to(world: World) {
    let ann = world.writer("ann");
    let notes = ann.new_collection(&world, "notes").await;
    let entry = |id: i64| Subject::from(EntryKey { collection: notes.clone(), id: EntryId::new(format!("e{id}")) });
    let versions = (0..20).flat_map(|id| [(entry(id), version(0))]);
    world.fill(versions, &[("name", "e"), ("value", "1")]).await;
    world.fill((0..20).map(|id| (entry(id), version(10))), &[("name", "e"), ("value", "2")]).await;
    let first = plan(&ann, only(&notes), 5).await;
    let report = carry_out(&ann.store, &first, ready(()), |_, _, _| {}).await;
    assert!(report.progress.done <= 4, "at most those that were on their way: {report:?}");
    assert_eq!(report.stopped, Some(Stopped::Asked));

    let first = plan(&ann, only(&notes), 5).await;
    let left = first.writes();
    let enough = Arc::new(tokio::sync::Notify::new());
    let report = carry_out(&ann.store, &first, enough.notified(), |progress, _, _| {
        if progress.done == 3 {
            enough.notify_one();
        }
    })
    .await;
    assert!((3..=7).contains(&report.progress.done), "{report:?}");
    let not_reached = report.outcomes.iter().filter(|outcome| matches!(outcome, Outcome::NotReached)).count();
    assert_eq!(report.progress.done + not_reached, left);
    assert_eq!(plan(&ann, only(&notes), 5).await.writes(), not_reached, "the next plan holds what is left");
}

async fn it_ends_where_nothing_can_be_written(world: World) {
    let ann = world.writer("ann");
    let (notes, _) = after_a_day(&world, &ann).await;
    let plan = plan(&ann, only(&notes), 5).await;
    ann.set_read_only(true);
    let report = carry(&ann, &plan).await;
    assert_eq!((report.progress.done, report.stopped), (0, Some(Stopped::Failing)));
    assert!(report.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Failed(StoreError::ReadOnly))));
}

/// What may happen to one of a few entries, or to their collection.
#[derive(Clone, Debug)]
enum Deed {
    Create(u8),
    Edit(u8, u8),
    Rename(u8, u8),
    Delete(u8),
    Undelete(u8),
    RenameCollection(u8),
    DeleteCollection,
    UndeleteCollection,
    /// Written by a program that neither looks nor marks.
    Original(u8, u8),
}

fn deeds(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Deed>> {
    let entry = 0..5_u8;
    let text = 0..3_u8;
    let deed = prop_oneof![
        3 => entry.clone().prop_map(Deed::Create),
        4 => (entry.clone(), text.clone()).prop_map(|(entry, text)| Deed::Edit(entry, text)),
        2 => (entry.clone(), text.clone()).prop_map(|(entry, text)| Deed::Rename(entry, text)),
        3 => entry.clone().prop_map(Deed::Delete),
        3 => entry.clone().prop_map(Deed::Undelete),
        1 => text.clone().prop_map(Deed::RenameCollection),
        1 => Just(Deed::DeleteCollection),
        2 => Just(Deed::UndeleteCollection),
        1 => (entry, text).prop_map(|(entry, text)| Deed::Original(entry, text)),
    ];
    vec(deed, count)
}

/// A collection and its entries while deeds happen to them, one each millisecond.
struct Story {
    world: World,
    collection: CollectionKey,
    now: i64,
}

impl Story {
    fn entry(&self, number: u8) -> Subject {
        EntryKey { collection: self.collection.clone(), id: EntryId::new(format!("e{number}")) }.into()
    }

    /// Lets deeds happen, as far as they can.
    async fn goes_on(&mut self, writer: &Writer, deeds: &[Deed]) {
        let any = dynamini::store::Base::Any;
        for deed in deeds {
            self.now += 1;
            self.world.clock.set(self.now);
            let done = match deed {
                Deed::Create(entry) => {
                    let entry = self.entry(*entry);
                    if writer.log(&entry).await.is_empty() {
                        self.world.original_writes(&entry, self.now, "new", "0").await;
                    }
                    continue;
                }
                Deed::Original(entry, text) => {
                    let entry = self.entry(*entry);
                    self.world.original_writes(&entry, self.now, "original", &text.to_string()).await;
                    continue;
                }
                Deed::Edit(entry, text) => writer.update(&self.entry(*entry), &value(&text.to_string()), any).await,
                Deed::Rename(entry, text) => writer.update(&self.entry(*entry), &name(&format!("n{text}")), any).await,
                Deed::Delete(entry) => writer.delete(&self.entry(*entry), any).await,
                Deed::Undelete(entry) => writer.undelete(&self.entry(*entry), any).await,
                Deed::RenameCollection(text) => {
                    writer.update(&self.collection.clone().into(), &name(&format!("c{text}")), any).await
                }
                Deed::DeleteCollection => writer.delete(&self.collection.clone().into(), any).await,
                Deed::UndeleteCollection => writer.undelete(&self.collection.clone().into(), any).await,
            };
            drop(done);
        }
    }

    async fn rows(&self) -> BTreeSet<String> {
        let mut rows = BTreeSet::new();
        for subject in (0..5).map(|number| self.entry(number)).chain([self.collection.clone().into()]) {
            for row in self.world.rows(&subject).await {
                let kept = row
                    .into_iter()
                    .filter(|(name, _)| !["deletedAt", "deletedBy", "supersededBy"].contains(&name.as_str()));
                rows.insert(format!("{:?}", kept.collect::<Vec<_>>()));
            }
        }
        rows
    }
}

async fn live_collections(ann: &Writer, world: &World, ms: Option<i64>) -> Vec<String> {
    let listing = match ms {
        Some(ms) => ann.collections_at(&world.application, &world.user, moment(ms), Filter::Latest),
        None => ann.collections(&world.application, &world.user, Filter::Latest),
    };
    names_and_values(&listing.all().await.unwrap().items)
}

/// A random history, then a plan for a moment of it, then what another writer does meanwhile.
async fn any_history_is_brought_back(world: World, before: &[Deed], since: &[Deed], back: i64, meanwhile: &[Deed]) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let collection = ann.new_collection(&world, "notes").await;
    let mut story = Story { world: world.clone(), collection: collection.clone(), now: 0 };
    story.goes_on(&ann, before).await;
    story.goes_on(&bob, since).await;
    let ms = (i64::try_from(before.len()).unwrap() - back).max(-1);
    let first = plan(&ann, user(&world), ms).await;

    let newest = ann.entries(&collection, Filter::Current, true).all().await.unwrap().items;
    story.goes_on(&bob, meanwhile).await;
    let of_bob = ann.entries(&collection, Filter::Current, true).all().await.unwrap().items;
    let old = story.rows().await;
    story.now += 1;
    world.clock.set(story.now);
    let report = carry(&ann, &first).await;
    assert_eq!(report.progress.failed, 0, "{report:?}");
    assert!(story.rows().await.is_superset(&old), "every version is still there");
    for record in of_bob.iter().filter(|record| !newest.contains(record)) {
        let log = ann.history(&record.subject).all().await.unwrap().items;
        assert_eq!(line(&log[0]), line(record), "nobody's write is covered");
    }

    // With nobody writing, what is left is done, and then nothing is.
    let second = plan(&ann, user(&world), ms).await;
    let report = carry(&ann, &second).await;
    assert_eq!((report.progress.skipped, report.progress.failed), (0, 0), "{report:?}");
    assert_eq!(live_collections(&ann, &world, None).await, live_collections(&ann, &world, Some(ms)).await);
    if !live_collections(&ann, &world, None).await.is_empty() {
        assert_eq!(live_now(&ann, &collection).await, live_then(&ann, &collection, ms).await);
    }
    assert!(plan(&ann, user(&world), ms).await.items.is_empty(), "nothing is left");
    assert!(story.rows().await.is_superset(&old));
}

#[test]
fn any_history_is_brought_back_and_no_writer_is_covered() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut world = runtime.block_on(World::in_memory());
    world.signs = false;
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    let story = (deeds(0..12), deeds(0..12), 0..14_i64, deeds(0..4));
    TestRunner::new(config)
        .run(&story, |(before, since, back, meanwhile)| {
            let run = any_history_is_brought_back(world.apart(), &before, &since, back, &meanwhile);
            let run = std::panic::AssertUnwindSafe(|| runtime.block_on(run));
            std::panic::catch_unwind(run).map_err(|_| TestCaseError::fail("see the panic above"))
        })
        .unwrap();
}
