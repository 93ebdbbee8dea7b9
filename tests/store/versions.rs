//! No version is overwritten, whatever the clocks say.

use dynamini::store::Base;

use super::world::{World, base, value};

contract!(
    writes_in_one_millisecond_are_versions_of_their_own,
    a_clock_that_stepped_back_writes_after_the_newest_version,
    a_version_whose_key_is_taken_at_the_last_moment_is_moved_on,
    unconditional_writers_at_once_all_get_a_version,
    a_row_that_cannot_be_read_is_not_overwritten,
);

async fn writes_in_one_millisecond_are_versions_of_their_own(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "0").await;
    for ms in 0..3 {
        ann.update(&entry, &value("n"), base(ms)).await.unwrap();
    }
    ann.update(&entry, &value("any"), Base::Any).await.unwrap();
    let log = ann.log(&entry).await;
    assert_eq!(log[0], "e any +4");
    assert_eq!(log.len(), 5);
}

async fn a_clock_that_stepped_back_writes_after_the_newest_version(world: World) {
    let ann = world.writer("ann");
    world.clock.set(1000);
    let entry = ann.entry(&world, "1").await;
    world.clock.set(-5_000_000);
    ann.update(&entry, &value("2"), base(1000)).await.unwrap();
    ann.update(&entry, &value("3"), Base::Any).await.unwrap();
    assert_eq!(ann.log(&entry).await, ["e 3 +1002", "e 2 +1001", "e 1 +1000 superseded by +1001"]);
}

async fn a_version_whose_key_is_taken_at_the_last_moment_is_moved_on(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let (original, target) = (world.clone(), entry.clone());
    ann.wire.before("PutItem", async move {
        original.original_writes(&target, 1, "e", "theirs").await;
    });
    ann.update(&entry, &value("2"), Base::Any).await.unwrap();
    assert_eq!(ann.log(&entry).await, ["e 2 +2", "e theirs +1", "e 1 +0"]);
}

async fn unconditional_writers_at_once_all_get_a_version(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "0").await;
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let (writer, entry) = (world.writer("w"), entry.clone());
            tokio::spawn(async move { writer.update(&entry, &value(&number.to_string()), Base::Any).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let mut values: Vec<_> =
        ann.history(&entry).all().await.unwrap().items.into_iter().filter_map(|record| record.value).collect();
    values.sort();
    assert_eq!(values, ["0", "0", "1", "2", "3", "4", "5", "6", "7"]);
}

async fn a_row_that_cannot_be_read_is_not_overwritten(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let sort = entry.sort_key(super::world::version(1));
    let mut odd = super::world::row(&[("userCollection", entry.partition().as_str()), ("entryVersion", sort.as_str())]);
    odd.insert("name".to_owned(), aws_sdk_dynamodb::types::AttributeValue::N("7".to_owned()));
    world.put(&world.tables.entries, odd).await;

    ann.update(&entry, &value("2"), base(0)).await.unwrap();
    let page = ann.history(&entry).all().await.unwrap();
    assert_eq!((page.items.len(), page.unreadable.len()), (2, 1));
}
