//! The history of one subject, and points in it.

use dynamini::model::at::At;
use dynamini::model::{Subject, Version};
use dynamini::store::StoreError;

use super::world::{START, World, Writer, base, line, value, version};

contract!(
    a_history_is_newest_first_and_page_by_page,
    a_point_in_a_history_is_the_newest_a_version_steps_back_or_a_time,
    versions_of_fewer_digits_are_older_however_they_sort,
    a_history_of_more_than_a_megabyte_is_complete,
);

async fn a_history_is_newest_first_and_page_by_page(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "0").await;
    let versions = (1..200).map(|ms| (entry.clone(), version(ms)));
    world.fill(versions, &[("name", "e"), ("value", "0")]).await;

    let mut history = ann.history(&entry);
    let first = history.next().await.unwrap().unwrap();
    assert_eq!(first.cost.requests, 1);
    assert_eq!(first.items[0].version, version(199));
    assert!(first.items.len() < 200, "the first page is not the whole");
    let mut seen: Vec<_> = first.items.iter().map(|record| record.version).collect();
    while let Some(page) = history.next().await.unwrap() {
        assert_eq!(page.cost.requests, 1);
        seen.extend(page.items.iter().map(|record| record.version));
    }
    assert_eq!(seen, (0..200).rev().map(version).collect::<Vec<_>>());
}

async fn at(ann: &Writer, subject: &Subject, at: At) -> String {
    match ann.at(subject, at).await {
        Ok(record) => line(&record.value),
        Err(StoreError::NotFound { .. }) => "not found".to_owned(),
        Err(error) => panic!("{error}"),
    }
}

async fn a_point_in_a_history_is_the_newest_a_version_steps_back_or_a_time(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    for (step, text) in [(10, "2"), (20, "3")] {
        world.clock.set(step);
        ann.update(&entry, &value(text), base(step - 10)).await.unwrap();
    }
    let (one, two, three) = ("e 1 +0 superseded by +10", "e 2 +10 superseded by +20", "e 3 +20");
    assert_eq!(at(&ann, &entry, At::Newest).await, three);

    assert_eq!(at(&ann, &entry, At::Version(version(10))).await, two);
    assert_eq!(at(&ann, &entry, At::Version(version(11))).await, "not found");

    assert_eq!(at(&ann, &entry, At::Back(1)).await, two);
    assert_eq!(at(&ann, &entry, At::Back(2)).await, one);
    assert_eq!(at(&ann, &entry, At::Back(3)).await, "not found");

    let time = |ms| At::Time(version(ms).time());
    assert_eq!(at(&ann, &entry, time(1000)).await, three);
    assert_eq!(at(&ann, &entry, time(20)).await, three);
    assert_eq!(at(&ann, &entry, time(19)).await, "e 2 +10", "that it was superseded is of later");
    assert_eq!(at(&ann, &entry, time(0)).await, "e 1 +0");
    assert_eq!(at(&ann, &entry, time(-1)).await, "not found");

    let collection = Subject::from(entry.collection().clone());
    assert_eq!(at(&ann, &collection, At::Newest).await, "notes - +0");
}

async fn versions_of_fewer_digits_are_older_however_they_sort(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "new").await;
    for short in [5, 40, 999_999_999_999] {
        world.original_writes(&entry, short - START, "e", &short.to_string()).await;
    }
    let values = |records: &[dynamini::model::Record]| -> Vec<_> {
        records.iter().filter_map(|record| record.value.clone()).collect()
    };
    let history = ann.history(&entry).all().await.unwrap().items;
    assert_eq!(values(&history), ["new", "999999999999", "40", "5"]);
    let list = ann.entries(entry.collection(), dynamini::model::Filter::Latest, true).all().await.unwrap().items;
    assert_eq!(values(&list), ["new"]);
    assert_eq!(at(&ann, &entry, At::Newest).await, "e new +0");
    assert_eq!(ann.at(&entry, At::Back(2)).await.unwrap().value.version, Version::from_ms(40));
    let short = At::Time(Version::from_ms(41).time());
    assert_eq!(ann.at(&entry, short).await.unwrap().value.version, Version::from_ms(40));

    let written = ann.update(&entry, &value("newer"), base(0)).await.unwrap().value;
    assert_eq!(written.record.version, version(1));
}

async fn a_history_of_more_than_a_megabyte_is_complete(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let large = format!("\"{}\"", "x".repeat(100_000));
    let entry = ann.new_entry(&collection, "e", &large).await;
    let other = ann.new_entry(&collection, "f", &large).await;
    for ms in 0..12 {
        ann.update(&entry, &value(&large), base(ms)).await.unwrap();
    }
    let history = ann.history(&entry).all().await.unwrap().items;
    let versions: Vec<_> = history.iter().map(|record| record.version).collect();
    assert_eq!(versions, (0..13).rev().map(version).collect::<Vec<_>>());
    assert!(history.iter().all(|record| record.value.as_ref() == Some(&large)));
    assert_eq!(ann.at(&entry, At::Back(12)).await.unwrap().value.version, version(0));

    let list = ann.entries(&collection, dynamini::model::Filter::Latest, true).all().await.unwrap().items;
    let mut newest: Vec<_> = list.into_iter().map(|record| (record.version, record.subject)).collect();
    newest.sort();
    assert_eq!(newest, [(version(0), other), (version(12), entry)]);
}
