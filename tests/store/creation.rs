//! Creating a collection is safe to repeat, also many times at once.

use std::collections::HashSet;

use dynamini::model::{Application, Filter, Subject, User};
use dynamini::store::{Base, Created};

use super::world::{START, World, line, name};

contract!(
    a_collection_created_again_is_the_same,
    a_name_is_taken_by_user_and_application,
    many_writers_create_one_collection_at_once,
    a_renamed_collection_makes_room_for_a_new_one_of_its_name,
    a_deleted_collection_makes_room_for_a_new_one_of_its_name,
    many_writers_replace_a_deleted_collection_at_once,
    a_name_given_up_many_times_costs_no_more_than_a_new_one,
    a_collection_of_the_original_server_is_found_by_its_name,
    a_newcomer_at_the_last_moment_is_found,
);

async fn create_at_once(world: &World, count: usize) -> Vec<Created> {
    let tasks: Vec<_> = (0..count)
        .map(|number| {
            let (writer, world) = (world.writer(&number.to_string()), world.clone());
            tokio::spawn(async move { writer.create_collection(&world.application, &world.user, "notes").await })
        })
        .collect();
    let mut created = Vec::new();
    for task in tasks {
        created.push(task.await.unwrap().unwrap().value);
    }
    created
}

async fn a_collection_created_again_is_the_same(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let first = ann.create_collection(&world.application, &world.user, "notes").await.unwrap().value;
    world.clock.set(1000);
    let again = bob.create_collection(&world.application, &world.user, "notes").await.unwrap().value;
    assert_eq!((first.is_new, again.is_new), (true, false));
    assert_eq!(again.record, first.record);
    assert_eq!(world.rows(&first.record.subject).await.len(), 1);
}

async fn a_name_is_taken_by_user_and_application(world: World) {
    let ann = world.writer("ann");
    let mut ids = HashSet::new();
    for (application, user, name) in [
        ("billing", "ann", "notes"),
        ("billing", "bob", "notes"),
        ("shop", "ann", "notes"),
        ("billing", "ann", "Notes"),
    ] {
        let created = ann.create_collection(&Application::new(application), &User::new(user), name).await.unwrap();
        assert!(created.value.is_new, "{application} {user} {name}");
        ids.insert(created.value.record.subject.id().to_owned());
    }
    assert_eq!(ids.len(), 4);
}

async fn many_writers_create_one_collection_at_once(world: World) {
    let created = create_at_once(&world, 32).await;
    let subjects: HashSet<_> = created.iter().map(|created| created.record.subject.clone()).collect();
    assert_eq!(subjects.len(), 1);
    assert_eq!(created.iter().filter(|created| created.is_new).count(), 1);
    assert_eq!(world.writer("ann").list_collections(&world, Filter::All).await, ["notes - +0"]);
}

async fn a_renamed_collection_makes_room_for_a_new_one_of_its_name(world: World) {
    let ann = world.writer("ann");
    let first = Subject::from(ann.new_collection(&world, "notes").await);
    ann.update(&first, &name("ideas"), Base::Any).await.unwrap();
    let second = Subject::from(ann.new_collection(&world, "notes").await);
    assert_ne!(first.id(), second.id());
    assert_eq!(ann.list_collections(&world, Filter::Latest).await, ["ideas - +1", "notes - +0"]);
    let again = ann.create_collection(&world.application, &world.user, "ideas").await.unwrap().value;
    assert_eq!((again.is_new, again.record.subject), (false, first));
}

async fn a_deleted_collection_makes_room_for_a_new_one_of_its_name(world: World) {
    let ann = world.writer("ann");
    let mut ids = HashSet::new();
    for _ in 0..3 {
        let collection = Subject::from(ann.new_collection(&world, "notes").await);
        ann.delete(&collection, Base::Any).await.unwrap();
        ids.insert(collection.id().to_owned());
    }
    assert_eq!(ids.len(), 3);
    assert!(ann.list_collections(&world, Filter::Latest).await.is_empty());
}

async fn many_writers_replace_a_deleted_collection_at_once(world: World) {
    let ann = world.writer("ann");
    let gone = Subject::from(ann.new_collection(&world, "notes").await);
    ann.delete(&gone, Base::Any).await.unwrap();
    let created = create_at_once(&world, 16).await;
    let subjects: HashSet<_> = created.iter().map(|created| created.record.subject.clone()).collect();
    assert_eq!(subjects.len(), 1);
    assert!(!subjects.contains(&gone));
    assert_eq!(ann.list_collections(&world, Filter::All).await, ["notes - +0", "notes - +0 deleted"]);
}

async fn a_name_given_up_many_times_costs_no_more_than_a_new_one(world: World) {
    let ann = world.writer("ann");
    for round in 0..30 {
        let collection = Subject::from(ann.new_collection(&world, "notes").await);
        if round % 2 == 0 {
            ann.delete(&collection, Base::Any).await.unwrap();
        } else {
            ann.update(&collection, &name(&format!("notes of {round}")), Base::Any).await.unwrap();
        }
    }
    let (sent, _) = ann.wire.count(ann.new_collection(&world, "notes")).await;
    assert!(sent <= 3, "{sent} requests");
    let (sent, _) = ann.wire.count(ann.new_collection(&world, "ideas")).await;
    assert!(sent <= 3, "{sent} requests");
    assert_eq!(ann.list_collections(&world, Filter::Current).await.len(), 32);
    let created = create_at_once(&world, 16).await;
    assert!(created.iter().all(|again| !again.is_new && again.record == created[0].record));
}

async fn a_collection_of_the_original_server_is_found_by_its_name(world: World) {
    let ann = world.writer("ann");
    let sort = format!("ann#0b5c2a1e-5f0c-4b53-9f39-0f3a6a3d9d11#{START}");
    world.put_collection_row("billing", &sort, &[("name", "notes")]).await;
    let found = ann.create_collection(&world.application, &world.user, "notes").await.unwrap().value;
    assert!(!found.is_new);
    assert_eq!(found.record.subject.id(), "0b5c2a1e-5f0c-4b53-9f39-0f3a6a3d9d11");
}

async fn a_newcomer_at_the_last_moment_is_found(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let other = world.clone();
    ann.wire.before("TransactWriteItems", async move {
        other.clock.set(-10);
        bob.new_collection(&other, "notes").await;
    });
    let found = ann.create_collection(&world.application, &world.user, "notes").await.unwrap().value;
    assert_eq!((found.is_new, line(&found.record).as_str()), (false, "notes - +-10"));
    assert_eq!(world.rows(&found.record.subject).await.len(), 1);
}
