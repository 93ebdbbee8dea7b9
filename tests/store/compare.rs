//! Two states of a collection, or two collections, side by side.

use dynamini::compare::{Pair, Pairs, Side};
use dynamini::model::{CollectionKey, EntryId, EntryKey, Filter, Moment, Subject};

use super::wire::mishap::{Break, Mishap};
use super::world::{World, Writer, base, name, value, version};

contract!(
    a_collection_differs_from_how_it_was_by_id,
    two_collections_differ_by_the_names_of_their_entries,
    entries_that_are_there_in_one_state_only_come_once_in_large_collections,
    two_states_of_one_collection_cost_about_one_listing,
    a_page_of_either_side_that_failed_is_read_again,
);

async fn pairs(ann: &Writer, old: &Side, new: &Side) -> Vec<Pair> {
    let mut pairs = Pairs::of_entries(&ann.store, old, new);
    let mut all = Vec::new();
    while let Some(page) = pairs.next().await.unwrap() {
        all.extend(page.items);
    }
    all
}

/// Tells what differs as `kind old name → new name`, sorted.
async fn differing(ann: &Writer, old: &Side, new: &Side) -> Vec<String> {
    let mut told: Vec<_> = pairs(ann, old, new)
        .await
        .into_iter()
        .filter_map(|pair| {
            let name = |state: &Option<dynamini::compare::State>| {
                state.as_ref().and_then(|state| state.record.name.clone()).unwrap_or_else(|| "-".to_owned())
            };
            Some(format!("{} {} → {}", pair.kind()?.word(), name(&pair.old), name(&pair.new)))
        })
        .collect();
    told.sort();
    told
}

fn then(collection: &CollectionKey, ms: i64) -> Side {
    Side { collection: collection.clone(), moment: Some(Moment::from(version(ms))) }
}

fn now(collection: &CollectionKey) -> Side {
    Side { collection: collection.clone(), moment: None }
}

async fn a_collection_differs_from_how_it_was_by_id(world: World) {
    let ann = world.writer("ann");
    let notes = ann.new_collection(&world, "notes").await;
    let mut entries = Vec::new();
    for entry in ["same", "edited", "renamed", "both", "deleted", "gone and back", "edited and back"] {
        entries.push(ann.new_entry(&notes, entry, "1").await);
    }
    world.clock.set(10);
    ann.update(&entries[1], &value("2"), base(0)).await.unwrap();
    ann.update(&entries[2], &name("other"), base(0)).await.unwrap();
    let both = dynamini::store::Edit { name: Some("neither".to_owned()), ..value("2") };
    ann.update(&entries[3], &both, base(0)).await.unwrap();
    ann.delete(&entries[4], base(0)).await.unwrap();
    ann.delete(&entries[5], base(0)).await.unwrap();
    ann.undelete(&entries[5], base(0)).await.unwrap();
    ann.update(&entries[6], &value("2"), base(0)).await.unwrap();
    world.clock.set(11);
    ann.update(&entries[6], &value("1"), base(10)).await.unwrap();
    world.clock.set(12);
    ann.new_entry(&notes, "same", "1").await;
    let late = ann.new_entry(&notes, "came and went", "1").await;
    world.clock.set(20);
    ann.delete(&late, base(12)).await.unwrap();

    let expected = [
        "added - → same",
        "changed both → neither",
        "changed edited → edited",
        "removed deleted → deleted",
        "renamed renamed → other",
    ];
    assert_eq!(differing(&ann, &then(&notes, 0), &now(&notes)).await, expected);
    assert_eq!(differing(&ann, &then(&notes, 20), &now(&notes)).await, [""; 0]);
    assert_eq!(differing(&ann, &then(&notes, 12), &then(&notes, 20)).await, ["removed came and went → came and went"]);
}

async fn two_collections_differ_by_the_names_of_their_entries(world: World) {
    let ann = world.writer("ann");
    let (here, there) = (ann.new_collection(&world, "here").await, ann.new_collection(&world, "there").await);
    for (collection, entry, value) in [
        (&here, "a", "1"),
        (&here, "b", "1"),
        (&here, "c", "1"),
        (&there, "c", "1"),
        (&there, "b", "2"),
        (&there, "d", "1"),
    ] {
        ann.new_entry(collection, entry, value).await;
    }
    let gone = ann.new_entry(&there, "a", "1").await;
    ann.delete(&gone, base(0)).await.unwrap();
    let differ = differing(&ann, &now(&here), &now(&there)).await;
    assert_eq!(differ, ["added - → d", "changed b → b", "removed a → -"]);
    assert_eq!(differing(&ann, &now(&here), &then(&there, -1)).await.len(), 3, "nothing was there");
}

async fn entries_that_are_there_in_one_state_only_come_once_in_large_collections(world: World) {
    let ann = world.writer("ann");
    let notes = ann.new_collection(&world, "notes").await;
    let entry =
        |id: usize| Subject::from(EntryKey { collection: notes.clone(), id: EntryId::new(format!("e{id:04}")) });
    let old = (0..1300).filter(|id| id % 3 != 0).map(|id| (entry(id), version(0)));
    let new = (0..1300).filter(|id| id % 3 != 1).map(|id| (entry(id), version(10)));
    world.fill(old.chain(new), &[("name", "e"), ("value", "1")]).await;
    let pairs = pairs(&ann, &then(&notes, 5), &now(&notes)).await;
    assert_eq!(pairs.len(), 1300);
    let lonely = pairs.iter().filter(|pair| pair.old.is_none()).count();
    assert_eq!(lonely, 434, "those that began later");
    assert!(pairs.iter().all(|pair| pair.new.is_some()), "nothing vanishes");
}

async fn two_states_of_one_collection_cost_about_one_listing(world: World) {
    let ann = world.writer("ann");
    let notes = ann.new_collection(&world, "notes").await;
    let large = format!("\"{}\"", "x".repeat(20_000));
    for number in 0..30 {
        ann.new_entry(&notes, &format!("e{number}"), &large).await;
    }
    world.clock.set(10);
    let late = ann.new_entry(&notes, "late", "1").await;
    world.clock.set(20);
    ann.delete(&late, base(10)).await.unwrap();

    let one = ann.entries(&notes, Filter::Current, true).all().await.unwrap().cost;
    let before = ann.total();
    assert_eq!(pairs(&ann, &then(&notes, 5), &now(&notes)).await.len(), 31);
    let (rcu, requests) = (ann.total().rcu - before.rcu, ann.total().requests - before.requests);
    assert!(rcu < one.rcu * 1.2, "{rcu} for two states, {} for one", one.rcu);
    assert!(requests <= one.requests + 2, "{requests} for two states, {} for one", one.requests);

    let at = |old, new| [then(&notes, old), then(&notes, new)];
    let [old, new] = at(5, 15);
    assert_eq!(differing(&ann, &old, &new).await, ["added - → late"]);
    assert_eq!(differing(&ann, &new, &old).await, ["removed late → -"]);
    assert_eq!(differing(&ann, &now(&notes), &new).await, ["added late → late"], "it is deleted by now");
    assert_eq!(differing(&ann, &now(&notes), &now(&notes)).await, [""; 0]);
}

async fn a_page_of_either_side_that_failed_is_read_again(world: World) {
    let ann = world.writer("ann");
    let (notes, other) = (ann.new_collection(&world, "notes").await, ann.new_collection(&world, "other").await);
    let of = |collection: &CollectionKey, id: &str| {
        Subject::from(EntryKey { collection: collection.clone(), id: EntryId::new(id) })
    };
    // A page ends among the later versions of one of them, which then is looked for by itself.
    let long = (0..150).map(|ms| (of(&notes, "long"), version(ms)));
    let many = (0..150).map(|id| (of(&other, &format!("e{id}")), version(0)));
    world.fill(long.chain(many), &[("name", "e"), ("value", "1")]).await;
    for (old, new) in [(then(&notes, 5), now(&notes)), (then(&notes, 5), then(&notes, 9)), (now(&notes), now(&other))] {
        let whole = pairs(&ann, &old, &new).await.len();
        let (requests, _) = ann.wire.count(pairs(&ann, &old, &new)).await;
        for spared in 0..requests {
            let mut pairs = Pairs::of_entries(&ann.store, &old, &new);
            ann.wire.plan_after(spared, Mishap::before(Break::Reset));
            let (mut found, mut failures) = (0, 0);
            loop {
                match pairs.next().await {
                    Ok(Some(page)) => found += page.items.len(),
                    Ok(None) => break,
                    Err(_) => failures += 1,
                }
            }
            assert_eq!((found, failures), (whole, 1), "request {spared}");
        }
    }
}
