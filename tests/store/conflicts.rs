//! No lost update: an edit names the version it was based on, and whoever comes second is told.

use dynamini::store::{Base, StoreError};

use super::world::{World, base, name, value, version};

contract!(
    of_two_writers_on_one_base_the_second_is_told_and_writes_nothing,
    the_base_is_marked_with_the_version_that_supersedes_it,
    a_writer_that_comes_between_the_look_and_the_write_wins,
    a_deletion_and_an_edit_on_one_base_do_not_both_happen,
    a_deletion_is_seen_by_an_edit_that_had_looked_before_it,
    every_conditional_write_checks_its_base,
    a_version_of_the_original_server_is_a_conflict_too,
    a_version_that_slipped_in_between_is_told,
    a_version_that_slipped_in_above_ours_is_told,
    a_version_that_slipped_in_before_a_deletion_is_told,
    of_many_writers_on_one_base_one_wins,
    collections_are_guarded_alike,
    a_write_on_whatever_is_the_newest_keeps_what_came_between,
    a_write_on_whatever_is_the_newest_does_not_undo_a_deletion,
    a_deletion_takes_what_was_written_on_the_newest_while_it_read,
);

macro_rules! assert_conflict {
    ($result:expr, $expected:expr, $actual:expr) => {
        match $result {
            Err(StoreError::VersionConflict { expected, actual }) => {
                assert_eq!((expected, actual), (version($expected), version($actual)));
            }
            other => panic!("no conflict: {other:?}"),
        }
    };
}

async fn of_two_writers_on_one_base_the_second_is_told_and_writes_nothing(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let entry = ann.entry(&world, "1").await;
    ann.update(&entry, &value("ann's"), base(0)).await.unwrap();
    assert_conflict!(bob.update(&entry, &value("bob's"), base(0)).await, 0, 1);
    assert_eq!(ann.log(&entry).await, ["e ann's +1", "e 1 +0 superseded by +1"]);
}

async fn the_base_is_marked_with_the_version_that_supersedes_it(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let written = ann.update(&entry, &value("2"), base(0)).await.unwrap().value.record;
    let rows = world.rows(&entry).await;
    assert_eq!(rows[0]["supersededBy"], written.version.to_string());
    assert_eq!(rows[1].get("supersededBy"), None);
}

async fn a_writer_that_comes_between_the_look_and_the_write_wins(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let entry = ann.entry(&world, "1").await;
    let edit = entry.clone();
    ann.wire.before("TransactWriteItems", async move {
        bob.update(&edit, &value("bob's"), base(0)).await.unwrap();
    });
    assert_conflict!(ann.update(&entry, &value("ann's"), base(0)).await, 0, 1);
    assert_eq!(ann.log(&entry).await, ["e bob's +1", "e 1 +0 superseded by +1"]);

    // The same while the clock has moved on, so that it isn't the key of the new row that is taken.
    let (edit, bob, clock) = (entry.clone(), world.writer("bob"), world.clock.clone());
    ann.wire.before("TransactWriteItems", async move {
        clock.set(100);
        bob.update(&edit, &value("bob's too"), base(1)).await.unwrap();
    });
    assert_conflict!(ann.update(&entry, &value("ann's"), base(1)).await, 1, 100);
    assert_eq!(world.rows(&entry).await.len(), 3);
}

async fn a_deletion_and_an_edit_on_one_base_do_not_both_happen(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let entry = ann.entry(&world, "1").await;
    let edit = entry.clone();
    ann.wire.before("UpdateItem", async move {
        bob.update(&edit, &value("bob's"), base(0)).await.unwrap();
    });
    assert_conflict!(ann.delete(&entry, base(0)).await, 0, 1);
    assert_eq!(ann.log(&entry).await, ["e bob's +1", "e 1 +0 superseded by +1"]);
    assert_conflict!(ann.delete(&entry, base(0)).await, 0, 1);
}

async fn a_deletion_is_seen_by_an_edit_that_had_looked_before_it(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let entry = ann.entry(&world, "1").await;
    let gone = entry.clone();
    ann.wire.before("TransactWriteItems", async move {
        bob.delete(&gone, base(0)).await.unwrap();
    });
    let refused = ann.update(&entry, &value("2"), base(0)).await;
    assert!(matches!(refused, Err(StoreError::Deleted { .. })), "{refused:?}");
    assert_eq!(ann.log(&entry).await, ["e 1 +0 deleted"]);
}

async fn every_conditional_write_checks_its_base(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.update(&entry, &value("2"), base(0)).await.unwrap();
    assert_conflict!(ann.delete(&entry, base(0)).await, 0, 1);
    assert_conflict!(ann.restore(&entry, version(0), None, base(0)).await, 0, 1);
    assert_conflict!(ann.update(&entry, &name("f"), base(7)).await, 7, 1);
    ann.delete(&entry, base(1)).await.unwrap();
    assert_conflict!(ann.undelete(&entry, base(0)).await, 0, 1);
    assert_eq!(ann.log(&entry).await, ["e 2 +1 deleted", "e 1 +0 superseded by +1"]);
}

async fn a_version_of_the_original_server_is_a_conflict_too(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    world.original_writes(&entry, 5, "e", "theirs").await;
    assert_conflict!(ann.update(&entry, &value("2"), base(0)).await, 0, 5);
    assert_conflict!(ann.delete(&entry, base(0)).await, 0, 5);
    assert_eq!(ann.log(&entry).await, ["e theirs +5", "e 1 +0"]);
}

async fn a_version_that_slipped_in_between_is_told(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    world.clock.set(10);
    let (original, target) = (world.clone(), entry.clone());
    ann.wire.before("TransactWriteItems", async move {
        original.original_writes(&target, 5, "e", "theirs").await;
    });
    let written = ann.update(&entry, &value("2"), base(0)).await.unwrap().value;
    assert_eq!(written.slipped_in, [version(5)]);
    assert_eq!(ann.log(&entry).await, ["e 2 +10", "e theirs +5", "e 1 +0 superseded by +10"]);
}

async fn a_version_that_slipped_in_above_ours_is_told(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let (original, target) = (world.clone(), entry.clone());
    ann.wire.before("TransactWriteItems", async move {
        original.original_writes(&target, 5, "e", "from a clock ahead").await;
    });
    let written = ann.update(&entry, &value("2"), base(0)).await.unwrap().value;
    assert_eq!(written.slipped_in, [version(5)]);
}

async fn a_version_that_slipped_in_before_a_deletion_is_told(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let (original, target) = (world.clone(), entry.clone());
    ann.wire.before("UpdateItem", async move {
        original.original_writes(&target, 5, "e", "theirs").await;
    });
    let written = ann.delete(&entry, base(0)).await.unwrap().value;
    assert_eq!(written.slipped_in, [version(5)], "the entry is not deleted: its newest version has no mark");
    assert_eq!(ann.log(&entry).await, ["e theirs +5", "e 1 +0 deleted"]);
}

async fn of_many_writers_on_one_base_one_wins(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let tasks: Vec<_> = (0..12)
        .map(|number| {
            let (writer, entry) = (world.writer(&number.to_string()), entry.clone());
            tokio::spawn(async move { writer.update(&entry, &value(&number.to_string()), base(0)).await })
        })
        .collect();
    let mut winners = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(written) => {
                winners += 1;
                assert!(written.value.slipped_in.is_empty());
            }
            result => assert_conflict!(result, 0, 1),
        }
    }
    assert_eq!((winners, world.rows(&entry).await.len()), (1, 2));
}

async fn collections_are_guarded_alike(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let collection = dynamini::model::Subject::from(ann.new_collection(&world, "notes").await);
    ann.update(&collection, &name("ann's"), base(0)).await.unwrap();
    assert_conflict!(bob.update(&collection, &name("bob's"), base(0)).await, 0, 1);
    assert_conflict!(bob.delete(&collection, base(0)).await, 0, 1);
    assert_eq!(world.rows(&collection).await.len(), 2);
    bob.update(&collection, &name("bob's"), Base::Any).await.unwrap();
}

async fn a_write_on_whatever_is_the_newest_keeps_what_came_between(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let entry = ann.entry(&world, "1").await;
    let edit = entry.clone();
    ann.wire.before("TransactWriteItems", async move {
        bob.update(&edit, &value("bob's"), Base::Newest).await.unwrap();
    });
    let written = ann.update(&entry, &name("renamed"), Base::Newest).await.unwrap().value;
    assert_eq!((written.record.version, written.slipped_in.as_slice()), (version(2), [].as_slice()));
    assert_eq!(ann.log(&entry).await, ["renamed bob's +2", "e bob's +1 superseded by +2", "e 1 +0 superseded by +1"]);
}

async fn a_write_on_whatever_is_the_newest_does_not_undo_a_deletion(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let entry = ann.entry(&world, "1").await;
    let target = entry.clone();
    ann.wire.before("TransactWriteItems", async move {
        bob.delete(&target, Base::Any).await.unwrap();
    });
    let refused = ann.update(&entry, &value("2"), Base::Newest).await;
    assert!(matches!(refused, Err(StoreError::Deleted { .. })), "{refused:?}");
    assert_eq!(ann.log(&entry).await, ["e 1 +0 deleted"]);
}

async fn a_deletion_takes_what_was_written_on_the_newest_while_it_read(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let entry = ann.entry(&world, "1").await;
    let edit = entry.clone();
    ann.wire.before("UpdateItem", async move {
        bob.update(&edit, &value("2"), Base::Newest).await.unwrap();
    });
    ann.delete(&entry, Base::Newest).await.unwrap();
    assert_eq!(ann.log(&entry).await, ["e 2 +1 deleted", "e 1 +0 superseded by +1"]);
}
