//! Entries: created, edited, renamed, deleted, brought back.

use dynamini::model::{Filter, Subject};
use dynamini::store::{Base, Edit, StoreError};

use super::world::{START, World, base, line, name, value, version};

contract!(
    an_entry_is_created_with_all_that_was_said_of_it,
    an_edit_of_the_value_carries_the_name_over_and_a_rename_the_value,
    a_deletion_marks_the_newest_version_and_an_undeletion_writes_a_new_one,
    an_older_version_is_restored_by_writing_it_again,
    a_deleted_entry_is_restored,
    a_version_without_a_value_is_restored_without_one,
    what_is_not_there_is_not_found,
    nothing_is_written_into_a_deleted_collection,
    the_three_filters_of_entries,
    a_write_without_a_base_is_one_put_on_whatever_is_there,
    an_entry_needs_a_name_when_it_is_new,
    an_entry_of_the_http_api_may_lack_a_name_or_a_value,
);

async fn an_entry_is_created_with_all_that_was_said_of_it(world: World) {
    let ann = world.writer("ann@desk");
    let collection = ann.new_collection(&world, "notes").await;
    let note = Some("to begin with".to_owned());
    let created = ann.create_entry(&collection, "first", r#"{"n": 1}"#, note).await.unwrap().value;
    assert_eq!(line(&created), r#"first {"n": 1} +0"#);
    assert_eq!(created.author.as_deref(), Some("ann@desk"));
    assert_eq!(created.note.as_deref(), Some("to begin with"));
    assert_eq!(ann.history(&created.subject).all().await.unwrap().items, std::slice::from_ref(&created));

    let id = created.subject.id();
    assert!(uuid::Uuid::parse_str(id).is_ok(), "{id}");
    let row = &world.rows(&created.subject).await[0];
    assert_eq!(row["userCollection"], format!("ann#{}#", collection.id));
    assert_eq!(row["entryVersion"], format!("{id}#{START}"));
    assert_eq!((row["name"].as_str(), row["value"].as_str()), ("first", r#"{"n": 1}"#));

    let twin = ann.new_entry(&collection, "first", "2").await;
    assert_ne!(twin, created.subject, "two entries may have one name");
}

async fn an_edit_of_the_value_carries_the_name_over_and_a_rename_the_value(world: World) {
    let ann = world.writer("ann");
    let bob = world.writer("bob");
    let entry = ann.entry(&world, "1").await;
    let edit = Edit { note: Some("a better number".to_owned()), ..value("2") };
    let written = bob.update(&entry, &edit, base(0)).await.unwrap().value;
    assert!(written.slipped_in.is_empty());
    assert_eq!(written.record.note.as_deref(), Some("a better number"));
    assert_eq!(written.record.author.as_deref(), Some("bob"));
    ann.update(&entry, &name("f"), base(1)).await.unwrap();
    let both = Edit { name: Some("g".to_owned()), ..value("3") };
    let written = ann.update(&entry, &both, base(2)).await.unwrap().value;
    assert_eq!(written.record.note, None, "a note is about one version");
    let log = ann.log(&entry).await;
    let wanted = ["g 3 +3", "f 2 +2 superseded by +3", "e 2 +1 superseded by +2", "e 1 +0 superseded by +1"];
    assert_eq!(log, wanted);
    assert_eq!(ann.history(&entry).all().await.unwrap().items[0], written.record);
}

async fn a_deletion_marks_the_newest_version_and_an_undeletion_writes_a_new_one(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.update(&entry, &value("2"), base(0)).await.unwrap();
    let deleted = ann.delete(&entry, base(1)).await.unwrap().value.record;
    assert_eq!(line(&deleted), "e 2 +1 deleted");
    assert_eq!(ann.log(&entry).await, ["e 2 +1 deleted", "e 1 +0 superseded by +1"]);
    assert!(matches!(ann.update(&entry, &value("3"), base(1)).await, Err(StoreError::Deleted { .. })));

    ann.undelete(&entry, base(1)).await.unwrap();
    let log = ann.log(&entry).await;
    assert_eq!(log, ["e 2 +2", "e 2 +1 deleted superseded by +2", "e 1 +0 superseded by +1"]);
    assert!(matches!(ann.undelete(&entry, base(2)).await, Err(StoreError::NotDeleted { .. })));
}

async fn an_older_version_is_restored_by_writing_it_again(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.update(&entry, &Edit { name: Some("f".to_owned()), ..value("2") }, base(0)).await.unwrap();
    let written = ann.restore(&entry, version(0), Some("it was right".to_owned()), base(1)).await.unwrap().value;
    assert_eq!(written.record.note.as_deref(), Some("it was right"));
    let log = ann.log(&entry).await;
    assert_eq!(log, ["e 1 +2 restores +0", "f 2 +1 superseded by +2", "e 1 +0 superseded by +1"]);

    let refused = ann.restore(&entry, version(2), None, base(2)).await;
    assert!(matches!(refused, Err(StoreError::AlreadyNewest { version: newest }) if newest == version(2)));
    assert_eq!(world.rows(&entry).await.len(), 3);
}

async fn a_deleted_entry_is_restored(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.update(&entry, &value("2"), base(0)).await.unwrap();
    ann.delete(&entry, base(1)).await.unwrap();
    ann.restore(&entry, version(0), None, base(1)).await.unwrap();
    let log = ann.log(&entry).await;
    assert_eq!(log, ["e 1 +2 restores +0", "e 2 +1 deleted superseded by +2", "e 1 +0 superseded by +1"]);

    ann.delete(&entry, base(2)).await.unwrap();
    ann.restore(&entry, version(2), None, base(2)).await.unwrap();
    assert_eq!(ann.log(&entry).await[0], "e 1 +3 restores +2", "the deleted version itself comes back too");
}

async fn a_version_without_a_value_is_restored_without_one(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    world.put_entry_row(&entry.partition(), &entry.sort_key(version(5)), &[("name", "renamed")]).await;
    ann.update(&entry, &value("2"), base(5)).await.unwrap();
    ann.restore(&entry, version(5), None, base(6)).await.unwrap();
    assert_eq!(ann.log(&entry).await[0], "renamed - +7 restores +5");
}

async fn what_is_not_there_is_not_found(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let missing = Subject::from(dynamini::model::EntryKey {
        collection: entry.collection().clone(),
        id: dynamini::model::EntryId::new("missing"),
    });
    assert!(matches!(ann.update(&missing, &value("2"), Base::Any).await, Err(StoreError::NotFound { .. })));
    assert!(matches!(ann.delete(&missing, Base::Any).await, Err(StoreError::NotFound { .. })));
    assert!(matches!(ann.undelete(&missing, Base::Any).await, Err(StoreError::NotFound { .. })));
    assert!(matches!(ann.restore(&missing, version(0), None, Base::Any).await, Err(StoreError::NotFound { .. })));
    assert!(matches!(ann.restore(&entry, version(9), None, Base::Any).await, Err(StoreError::NotFound { .. })));
    let nowhere = world.collection("nowhere");
    assert!(matches!(ann.create_entry(&nowhere, "e", "1", None).await, Err(StoreError::NotFound { .. })));
    assert!(matches!(ann.delete(&nowhere.into(), Base::Any).await, Err(StoreError::NotFound { .. })));
    assert!(world.rows(&missing).await.is_empty());
}

async fn nothing_is_written_into_a_deleted_collection(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let collection = entry.collection().clone();
    ann.delete(&collection.clone().into(), Base::Any).await.unwrap();
    assert!(matches!(ann.create_entry(&collection, "f", "1", None).await, Err(StoreError::Deleted { .. })));
    assert!(matches!(ann.update(&entry, &value("2"), Base::Any).await, Err(StoreError::Deleted { .. })));
    assert_eq!(ann.list(&collection, Filter::All).await, ["e 1 +0"], "it can still be read");
}

async fn the_three_filters_of_entries(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    ann.new_entry(&collection, "kept", "1").await;
    let gone = ann.new_entry(&collection, "gone", "1").await;
    let edited = ann.new_entry(&collection, "edited", "1").await;
    ann.delete(&gone, Base::Any).await.unwrap();
    ann.update(&edited, &value("2"), Base::Any).await.unwrap();

    assert_eq!(ann.list(&collection, Filter::Latest).await, ["edited 2 +1", "kept 1 +0"]);
    assert_eq!(ann.list(&collection, Filter::Current).await, ["edited 2 +1", "gone 1 +0 deleted", "kept 1 +0"]);
    let all = ["edited 1 +0", "edited 2 +1", "gone 1 +0 deleted", "kept 1 +0"];
    assert_eq!(ann.list(&collection, Filter::All).await, all);
    let without_values = ann.entries(&collection, Filter::Latest, false).all().await.unwrap().items;
    let mut without_values: Vec<_> = without_values.iter().map(line).collect();
    without_values.sort();
    assert_eq!(without_values, ["edited - +1", "kept - +0"]);
}

async fn a_write_without_a_base_is_one_put_on_whatever_is_there(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    world.original_writes(&entry, 7, "theirs", "2").await;
    let before = ann.wire.sent().len();
    ann.update(&entry, &value("3"), Base::Any).await.unwrap();
    assert_eq!(ann.wire.sent()[before..], ["Query", "Query", "PutItem"], "the collection, the newest version, the put");
    assert_eq!(ann.log(&entry).await, ["theirs 3 +8", "theirs 2 +7", "e 1 +0"]);
}

async fn an_entry_needs_a_name_when_it_is_new(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let refused = ann.create_entry(&collection, "", "1", None).await;
    assert!(matches!(refused, Err(StoreError::Invalid { .. })));
    assert!(ann.list(&collection, Filter::All).await.is_empty());
}

async fn an_entry_of_the_http_api_may_lack_a_name_or_a_value(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    for (edit, expected) in [(name("n"), "n - +0"), (value("1"), "- 1 +0")] {
        let added = ann.add_entry(&collection, edit).await.unwrap().value;
        assert_eq!(line(&added), expected);
        assert_eq!(ann.log(&added.subject).await, [expected]);
    }
}
