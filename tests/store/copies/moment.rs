//! Copies of one moment: what was in force then, as it stood then.

use dynamini::model::{Filter, Moment};

use super::super::world::Writer;
use super::*;

contract!(
    a_copy_of_a_moment_has_what_was_in_force_then_as_it_stood,
    a_collection_that_began_later_is_left_out_with_its_entries_and_its_claim,
    a_page_of_the_past_that_failed_can_be_read_again,
);

/// A moment after all of [`histories`] and of [`happen`], before what a test does next.
const THEN: i64 = 10_000;

async fn copy_at(store: &Store, scope: Scope, ms: i64) -> Vec<String> {
    let mut copied = Vec::new();
    let write = |line: &str| {
        copied.push(line.to_owned());
        Ok(())
    };
    let rows = store.rows_at(scope, Moment::from(version(ms)));
    export(rows, &Header::default(), true, write, |_| {}).await.unwrap();
    copied
}

/// Returns all collections and entries that a writer's lists show, deleted ones too, with their marks.
async fn lists(world: &World, ann: &Writer, moment: Option<Moment>) -> Vec<String> {
    let (application, user) = (&world.application, &world.user);
    let collections = match moment {
        Some(moment) => ann.collections_at(application, user, moment, Filter::Current),
        None => ann.collections(application, user, Filter::Current),
    };
    let mut told = Vec::new();
    for collection in collections.all().await.unwrap().items {
        let entries = match moment {
            Some(moment) => ann.entries_at(collection.subject.collection(), moment, Filter::Current, true),
            None => ann.entries(collection.subject.collection(), Filter::Current, true),
        };
        told.push(format!("{collection:?}"));
        told.extend(entries.all().await.unwrap().items.iter().map(|entry| format!("  {entry:?}")));
    }
    told
}

async fn a_copy_of_a_moment_has_what_was_in_force_then_as_it_stood(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, r#"{"a": 1.0}"#).await;
    ann.update(&entry, &value("2"), base(0)).await.unwrap();
    world.clock.set(10);
    ann.delete(&entry, base(1)).await.unwrap();
    world.clock.set(20);
    ann.undelete(&entry, base(1)).await.unwrap();
    ann.update(&entry.collection().clone().into(), &super::super::world::name("renamed"), base(0)).await.unwrap();
    for (ms, held) in [
        (0, &[r#""value":{"a": 1.0}"#][..]),
        (1, &[r#""value":2"#]),
        (9, &[r#""value":2"#]),
        (10, &[r#""value":2"#, r#""deletedAt":"2023-11-14T22:13:20.010Z","deletedBy":"ann""#]),
        (19, &[r#""value":2"#, r#""deletedAt":"2023-11-14T22:13:20.010Z""#]),
        (20, &[r#""value":2"#, r#""name":"renamed""#]),
    ] {
        let copied = copy_at(&ann, Scope::Store, ms).await;
        assert_eq!(copied.len(), 2 + 3, "the claim, a row of the collection and one of the entry: {copied:#?}");
        let text = copied.join("\n");
        assert!(held.iter().all(|held| text.contains(held)), "{ms}: {held:?} in {text}");
        assert_eq!(text.contains("deletedAt"), held.join("").contains("deletedAt"), "{ms}: {text}");
        assert!(!text.contains("supersededBy"), "what came on top came later: {ms}: {text}");

        let target = another(&world).await;
        let bob = target.writer("bob");
        assert_eq!(bring(&bob, &copied).await.put, 3);
        let then = Moment::from(version(ms));
        assert_eq!(lists(&target, &bob, None).await, lists(&world, &ann, Some(then)).await, "{ms}");
        let whole = bring(&bob, &copy(&ann, Scope::Store).await).await;
        assert_eq!((whole.put, whole.conflicts), (dump(&world).await.len() as u64 - 3, 0), "the rest goes on top");
        assert_eq!(dump(&target).await, dump(&world).await);
    }
    assert_eq!(copy_at(&ann, Scope::Store, -1).await.len(), 2, "nothing was there");
}

async fn a_collection_that_began_later_is_left_out_with_its_entries_and_its_claim(world: World) {
    let (collection, entry) = histories(&world).await;
    world.clock.set(THEN + 1);
    let ann = world.writer("ann");
    let late = ann.new_collection(&world, "late").await;
    ann.new_entry(&late, "of the late one", "1").await;
    let early = EntryKey { collection: late.clone(), id: dynamini::model::EntryId::new("early") };
    world.original_writes(&early.into(), 0, "before its collection", "1").await;
    ann.new_entry(&collection, "late too", "1").await;
    let Subject::Entry(key) = &entry else { panic!("not an entry") };
    for (scope, rows) in [
        (Scope::Store, 3 + 2 + 2 + 2),
        (Scope::Application(collection.application.clone()), 2 + 2 + 2),
        (Scope::User(collection.application.clone(), collection.user.clone()), 2 + 2 + 2),
        (Scope::Collection(collection.clone()), 2 + 2),
        (Scope::Entry(key.clone()), 3),
        (Scope::Collection(late.clone()), 0),
    ] {
        let copied = copy_at(&ann, scope.clone(), THEN).await;
        assert!(!copied.iter().any(|line| line.contains(late.id.as_str()) || line.contains("late")), "{copied:#?}");
        assert_eq!(copied.len() - 2, rows, "{scope:?}: {copied:#?}");
    }
}

async fn a_page_of_the_past_that_failed_can_be_read_again(world: World) {
    histories(&world).await;
    let ann = world.writer("ann");
    let whole = copy_at(&ann, Scope::Store, THEN).await;
    for request in 0..6 {
        let mut rows = ann.rows_at(Scope::Store, Moment::from(version(THEN)));
        let mut read = Vec::new();
        let mut pages = 0;
        loop {
            if pages == request {
                ann.wire.answer("Query", "InternalServerError", "not now");
                ann.wire.answer("GetItem", "InternalServerError", "not now");
            }
            pages += 1;
            match rows.next().await {
                Ok(Some(page)) => read.extend(page.items.iter().map(line::row)),
                Ok(None) => break,
                Err(_) => {}
            }
        }
        assert_eq!(read, whole[1..whole.len() - 1], "{request}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_done_later_does_not_change_the_copy_of_a_moment(
        before in vec(happening(), 0..25),
        after in vec(happening(), 0..25),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::in_memory().await;
            world.signs = false;
            happen(&world, &before).await;
            let ann = world.writer("ann");
            let copied = copy_at(&ann, Scope::Store, THEN).await;
            world.clock.set(THEN + 1);
            // Rows of other writers may have versions of any time.
            let is_ours = |happening: &&Happening| {
                use Happening::{OddCollection, OddEntry, Original};
                !matches!(happening, Original(..) | OddEntry(..) | OddCollection(..))
            };
            happen(&world, &after.iter().filter(is_ours).cloned().collect::<Vec<_>>()).await;
            assert_eq!(copy_at(&ann, Scope::Store, THEN).await, copied);

            let mut target = World::in_memory().await;
            target.signs = false;
            let bob = target.writer("bob");
            bring(&bob, &copied).await;
            let then = Moment::from(version(THEN));
            assert_eq!(lists(&target, &bob, None).await, lists(&world, &ann, Some(then)).await);
        });
    }
}
