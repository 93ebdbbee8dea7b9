//! Limits are checked before sending, and what a value says is what comes back.

use dynamini::model::at::At;
use dynamini::model::{Application, CollectionKey, EntryId, EntryKey, Filter, Subject, User};
use dynamini::store::{Base, StoreError};
use proptest::strategy::{Strategy, ValueTree};

use super::wire::WRITES;
use super::world::{World, base, value};

contract!(
    an_item_at_the_limit_is_written_superseded_and_deleted,
    an_item_over_the_limit_is_refused_before_it_is_sent,
    a_sort_key_has_its_limit,
    a_hash_key_has_its_limit,
    a_value_comes_back_as_it_was_typed,
    values_of_any_text_come_back_as_they_were,
);

/// The most of `DynamoDB`, 400 KB, less what is kept free for the marks.
const ITEM_LIMIT: usize = 400 * 1024 - 256;

/// Returns the bytes of an entry's row that are not its value.
async fn overhead(world: &World, entry: &Subject, value: &str) -> usize {
    let rows = world.rows(entry).await;
    let row = rows.last().unwrap();
    row.iter().map(|(name, text)| name.len() + text.len()).sum::<usize>() - value.len()
}

/// Returns JSON text of so many bytes, in characters of three.
fn large(bytes: usize) -> String {
    format!("\"{}{}\"", "漢".repeat((bytes - 2) / 3), "x".repeat((bytes - 2) % 3))
}

async fn an_item_at_the_limit_is_written_superseded_and_deleted(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let full = large(ITEM_LIMIT - overhead(&world, &entry, "1").await);
    let first = ann.new_entry(entry.collection(), "e", &full).await;
    ann.update(&first, &value(&full), base(0)).await.unwrap();
    ann.update(&first, &value(&full), base(1)).await.unwrap();
    ann.delete(&first, base(2)).await.unwrap();
    ann.undelete(&first, base(2)).await.unwrap();
    let history = ann.history(&first).all().await.unwrap().items;
    assert_eq!(history.len(), 4);
    assert!(history.iter().all(|record| record.value.as_ref() == Some(&full)));
}

async fn an_item_over_the_limit_is_refused_before_it_is_sent(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let over = large(ITEM_LIMIT - overhead(&world, &entry, "1").await + 1);
    let before = ann.wire.sent().len();
    let refused = [
        ann.create_entry(entry.collection(), "e", &over, None).await.err(),
        ann.update(&entry, &value(&over), base(0)).await.err(),
        ann.update(&entry, &value(&over), Base::Any).await.err(),
    ];
    for error in refused {
        match error {
            Some(StoreError::TooLarge { what: "the item", size, limit }) => {
                assert_eq!((size, limit), (ITEM_LIMIT + 1, ITEM_LIMIT));
            }
            other => panic!("not too large: {other:?}"),
        }
    }
    assert!(ann.wire.sent()[before..].iter().all(|sent| !WRITES.contains(&sent.as_str())));
    assert_eq!(ann.log(&entry).await, ["e 1 +0"]);
}

async fn a_sort_key_has_its_limit(world: World) {
    let ann = world.writer("ann");
    // {user}#{36 of a UUID}#{13 of a version} is 1,024 bytes.
    let longest = User::new("u".repeat(1024 - 36 - 13 - 2));
    let created = ann.create_collection(&world.application, &longest, "notes").await.unwrap().value;
    let collection = created.record.subject.collection().clone();
    let entry = ann.new_entry(&collection, "e", "1").await;
    ann.update(&entry, &value("2"), base(0)).await.unwrap();
    assert_eq!(ann.collections(&world.application, &longest, Filter::Latest).all().await.unwrap().items.len(), 1);
    assert_eq!(ann.list(&collection, Filter::Latest).await, ["e 2 +1"]);
    ann.delete(&collection.into(), base(0)).await.unwrap();

    for bytes in [1024 - 36 - 13 - 2 + 1, 1024, 3000] {
        let before = ann.wire.sent().len();
        let refused = ann.create_collection(&world.application, &User::new("u".repeat(bytes)), "notes").await;
        match refused {
            Err(StoreError::TooLarge { what: "the sort key", size, limit: 1024 }) => {
                assert_eq!(size, bytes + 36 + 13 + 2);
            }
            other => panic!("not too large: {other:?}"),
        }
        assert_eq!(ann.wire.sent().len(), before);
    }
}

async fn a_hash_key_has_its_limit(world: World) {
    let ann = world.writer("ann");
    let longest = Application::new("a".repeat(2048));
    let created = ann.create_collection(&longest, &world.user, "notes").await.unwrap().value;
    assert!(created.is_new);
    let refused = ann.create_collection(&Application::new("a".repeat(2049)), &world.user, "notes").await;
    match refused {
        Err(StoreError::TooLarge { what: "the hash key", size: 2049, limit: 2048 }) => {}
        other => panic!("not too large: {other:?}"),
    }
}

async fn a_value_comes_back_as_it_was_typed(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let texts = [
        "12345678901234567890",
        "1.0",
        "1e400",
        "-0",
        r#"{"b":1,"a":2,"b":3}"#,
        "{ \"spaced\" :\t[ 1 ,\r\n 2 ] }\n",
        r#""\u0000 \ud83d\ude00 \ud800""#,
        "\"漢字 😀 שלום \u{202e} e\u{301} \u{feff}\"",
        "\"\u{1b}[31m\u{7f}\u{0}\"",
    ];
    for text in texts {
        ann.update(&entry, &value(text), Base::Any).await.unwrap();
        assert_eq!(ann.at(&entry, At::Newest).await.unwrap().value.value.as_deref(), Some(text));
    }
    let history = ann.history(&entry).all().await.unwrap().items;
    assert!(history.iter().rev().skip(1).filter_map(|record| record.value.as_deref()).eq(texts));
}

async fn values_of_any_text_come_back_as_they_were(world: World) {
    let ann = world.writer("ann");
    let collection: CollectionKey = ann.new_collection(&world, "notes").await;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..64 {
        let texts = ("\\PC{1,20}", ".{0,60}", "[a-z0-9-]{1,12}");
        let (name, text, id) = texts.new_tree(&mut runner).unwrap().current();
        let created = ann.create_entry(&collection, &name, &text, Some(id.clone())).await.unwrap().value;
        assert_eq!(ann.at(&created.subject, At::Newest).await.unwrap().value, created);
        let theirs = Subject::from(EntryKey { collection: collection.clone(), id: EntryId::new(id) });
        world.original_writes(&theirs, 0, &name, &text).await;
        let read = ann.at(&theirs, At::Newest).await.unwrap().value;
        assert_eq!((read.name, read.value), (Some(name), Some(text)));
    }
}
