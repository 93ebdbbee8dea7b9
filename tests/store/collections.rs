//! Collections: created, renamed, deleted, brought back.

use dynamini::model::{Application, Filter, Subject, User};
use dynamini::store::{Base, StoreError};

use super::world::{START, World, base, line, name, version};

contract!(
    a_collection_is_created_with_a_name_an_author_and_a_uuid,
    a_rename_is_a_new_version,
    a_deletion_marks_the_newest_version_and_an_undeletion_writes_a_new_one,
    restoring_a_collection_gives_it_the_older_name,
    the_three_filters_of_collections,
    a_collection_needs_a_name,
    the_collections_of_all_users_are_those_of_one_application,
);

async fn a_collection_is_created_with_a_name_an_author_and_a_uuid(world: World) {
    let ann = world.writer("ann@desk");
    let created = ann.create_collection(&world.application, &world.user, "notes").await.unwrap().value;
    assert!(created.is_new);
    assert_eq!(line(&created.record), "notes - +0");
    let id = created.record.subject.id();
    assert!(uuid::Uuid::parse_str(id).is_ok(), "{id}");

    let read = ann.history(&created.record.subject).all().await.unwrap().items;
    assert_eq!(read, std::slice::from_ref(&created.record));
    assert_eq!(read[0].author.as_deref(), Some("ann@desk"));
    let row = &world.rows(&created.record.subject).await[0];
    assert_eq!(row["application"], "billing");
    assert_eq!(row["userCollectionVersion"], format!("ann#{id}#{START}"));
    assert_eq!(row["name"], "notes");
}

async fn a_rename_is_a_new_version(world: World) {
    let ann = world.writer("ann");
    let collection = Subject::from(ann.new_collection(&world, "notes").await);
    world.clock.set(10);
    let written = ann.update(&collection, &name("ideas"), base(0)).await.unwrap().value;
    assert_eq!(line(&written.record), "ideas - +10");
    assert_eq!(ann.log(&collection).await, ["ideas - +10", "notes - +0 superseded by +10"]);
    assert_eq!(ann.list_collections(&world, Filter::Latest).await, ["ideas - +10"]);
}

async fn a_deletion_marks_the_newest_version_and_an_undeletion_writes_a_new_one(world: World) {
    let ann = world.writer("ann");
    let collection = Subject::from(ann.new_collection(&world, "notes").await);
    world.clock.set(10);
    let deleted = ann.delete(&collection, base(0)).await.unwrap().value.record;
    assert_eq!(deleted.deleted_at.as_deref(), Some("2023-11-14T22:13:20.010Z"));
    assert_eq!(deleted.deleted_by.as_deref(), Some("ann"));
    assert_eq!(ann.history(&collection).all().await.unwrap().items, [deleted]);
    assert!(matches!(ann.delete(&collection, base(0)).await, Err(StoreError::Deleted { .. })));
    assert!(matches!(ann.update(&collection, &name("x"), Base::Any).await, Err(StoreError::Deleted { .. })));

    ann.undelete(&collection, base(0)).await.unwrap();
    assert_eq!(ann.log(&collection).await, ["notes - +10", "notes - +0 deleted superseded by +10"]);
    assert!(matches!(ann.undelete(&collection, base(10)).await, Err(StoreError::NotDeleted { .. })));
}

async fn restoring_a_collection_gives_it_the_older_name(world: World) {
    let ann = world.writer("ann");
    let collection = Subject::from(ann.new_collection(&world, "notes").await);
    ann.update(&collection, &name("ideas"), base(0)).await.unwrap();
    ann.restore(&collection, version(0), None, base(1)).await.unwrap();
    let log = ann.log(&collection).await;
    assert_eq!(log, ["notes - +2 restores +0", "ideas - +1 superseded by +2", "notes - +0 superseded by +1"]);
}

async fn the_three_filters_of_collections(world: World) {
    let ann = world.writer("ann");
    ann.new_collection(&world, "kept").await;
    let gone = Subject::from(ann.new_collection(&world, "gone").await);
    let renamed = Subject::from(ann.new_collection(&world, "old").await);
    ann.delete(&gone, Base::Any).await.unwrap();
    ann.update(&renamed, &name("new"), Base::Any).await.unwrap();

    assert_eq!(ann.list_collections(&world, Filter::Latest).await, ["kept - +0", "new - +1"]);
    assert_eq!(ann.list_collections(&world, Filter::Current).await, ["gone - +0 deleted", "kept - +0", "new - +1"]);
    let all = ["gone - +0 deleted", "kept - +0", "new - +1", "old - +0"];
    assert_eq!(ann.list_collections(&world, Filter::All).await, all);
}

async fn a_collection_needs_a_name(world: World) {
    let ann = world.writer("ann");
    let refused = ann.create_collection(&world.application, &world.user, "").await;
    assert!(matches!(refused, Err(StoreError::Invalid { .. })));
    assert!(ann.wire.sent().is_empty());
}

async fn the_collections_of_all_users_are_those_of_one_application(world: World) {
    let ann = world.writer("ann");
    let create = async |application: &str, user: &str, name: &str| {
        let (application, user) = (Application::new(application), User::new(user));
        ann.create_collection(&application, &user, name).await.unwrap().value.record.subject
    };
    create("billing", "ann", "a").await;
    let gone = create("billing", "bob", "b").await;
    create("shop", "cid", "c").await;
    ann.delete(&gone, Base::Any).await.unwrap();
    for (filter, expected) in
        [(Filter::Latest, vec!["a"]), (Filter::Current, vec!["b", "a"]), (Filter::All, vec!["b", "a"])]
    {
        let page = ann.every_collection(&world.application, filter).all().await.unwrap();
        let names: Vec<_> = page.items.iter().filter_map(|record| record.name.as_deref()).collect();
        assert_eq!((names, page.unreadable.len()), (expected, 0), "{filter:?}");
    }
}
