//! All that is in a part of the store, one listing after the other.

use dynamini::history::changes::{Change, Changes, Did};
use dynamini::model::{Application, CollectionKey, Filter, Subject, User};
use dynamini::store::{Base, Scope};

use super::world::{START, World, Writer, base, line, value, version};

contract!(
    collections_come_before_their_entries_and_deleted_ones_are_read_too,
    as_of_a_moment_it_is_what_was_there_then,
    all_histories_of_a_user_are_one_list_by_time,
    a_page_can_be_asked_for_again,
    what_is_empty_is_nothing,
);

/// Tells what is read, a line for each version: `collection` or `entry` and the version.
async fn read(writer: &Writer, scope: Scope, filter: Filter) -> Vec<String> {
    let mut contents = writer.contents(scope, None, filter, true);
    let mut found = Vec::new();
    while let Some(page) = contents.next().await.unwrap() {
        found.extend(page.items.iter().map(|record| format!("{} {}", record.subject.noun(), line(record))));
    }
    found
}

/// Ann's lamps, of which one was changed, in a collection that was renamed; and her chairs, deleted with one in them.
async fn furnish(world: &World) -> (Writer, CollectionKey) {
    let ann = world.writer("ann");
    let lamps = ann.new_collection(world, "lamps").await;
    let desk = ann.new_entry(&lamps, "desk", "1").await;
    world.clock.set(10);
    ann.update(&desk, &value("2"), base(0)).await.unwrap();
    world.clock.set(20);
    let chairs = ann.new_collection(world, "chairs").await;
    ann.new_entry(&chairs, "stool", "1").await;
    world.clock.set(30);
    ann.delete(&chairs.clone().into(), Base::Any).await.unwrap();
    (ann, lamps)
}

async fn collections_come_before_their_entries_and_deleted_ones_are_read_too(world: World) {
    let (ann, lamps) = furnish(&world).await;
    let user = Scope::User(world.application.clone(), world.user.clone());
    let all = read(&ann, user.clone(), Filter::All).await;
    let place =
        |wanted: &str| all.iter().position(|line| line == wanted).unwrap_or_else(|| panic!("{wanted}: {all:?}"));
    assert!(place("collection lamps - +0") < place("entry desk 2 +10"));
    assert!(place("collection chairs - +20 deleted") < place("entry stool 1 +20"));
    assert_eq!(place("entry desk 1 +0 superseded by +10"), place("entry desk 2 +10") + 1, "the newest comes first");
    assert_eq!(all.len(), 5);

    let same_user_elsewhere = Scope::User(Application::new("other"), world.user.clone());
    assert_eq!(read(&ann, same_user_elsewhere, Filter::All).await, Vec::<String>::new());
    assert_eq!(read(&ann, Scope::Application(world.application.clone()), Filter::All).await, all);
    assert_eq!(read(&ann, user, Filter::Current).await.len(), 4, "the newest of each");

    let entries = ["entry desk 2 +10", "entry desk 1 +0 superseded by +10"];
    assert_eq!(read(&ann, Scope::Collection(lamps), Filter::All).await, entries);
}

async fn as_of_a_moment_it_is_what_was_there_then(world: World) {
    let (ann, lamps) = furnish(&world).await;
    let at = async |scope, ms| {
        let mut contents = ann.contents(scope, Some(version(ms).into()), Filter::All, true);
        let mut found = Vec::new();
        while let Some(page) = contents.next().await.unwrap() {
            found.extend(page.items.iter().map(|record| format!("{} {}", record.subject.noun(), line(record))));
        }
        found
    };
    let user = || Scope::User(world.application.clone(), world.user.clone());
    for scope in [user(), Scope::Application(world.application.clone()), Scope::Store] {
        assert_eq!(at(scope, 5).await, ["collection lamps - +0", "entry desk 1 +0"]);
    }
    assert_eq!(at(user(), 25).await.len(), 5, "nothing is deleted yet");
    assert!(at(user(), 25).await.contains(&"collection chairs - +20".to_owned()));
    let desk = ann.entries(&lamps, Filter::Latest, false).all().await.unwrap().items.remove(0).subject;
    let Subject::Entry(desk) = desk else { panic!("it is an entry") };
    assert_eq!(at(Scope::Entry(desk), 9).await, ["entry desk 1 +0"]);
    assert_eq!(at(Scope::Collection(lamps), -1).await, Vec::<String>::new());
}

async fn all_histories_of_a_user_are_one_list_by_time(world: World) {
    let (ann, _) = furnish(&world).await;
    let mut contents =
        ann.contents(Scope::User(world.application.clone(), world.user.clone()), None, Filter::All, true);
    let (mut changes, mut all) = (Changes::default(), Vec::new());
    while let Some(page) = contents.next().await.unwrap() {
        all.extend(changes.add(page.items));
    }
    all.extend(changes.finish());
    all.sort_by_key(Change::key);
    let told = |change: &Change| {
        let did = match &change.did {
            Did::Deleted => "deleted".to_owned(),
            Did::Wrote(step) => step.to_string(),
        };
        format!("+{} {} {did}", change.at - START, change.label())
    };
    let mut told: Vec<_> = all.iter().map(told).collect();
    assert_eq!(told[..2], ["+30 chairs deleted", "+20 chairs created"]);
    // Of the same millisecond, any may stand first.
    told[4..].sort();
    assert_eq!(told[2..], ["+20 stool created", "+10 desk ~1", "+0 desk created", "+0 lamps created"]);
    let collection =
        |name: &str| all.iter().find(|change| change.label() == name).and_then(|change| change.collection.clone());
    assert_eq!(collection("stool").as_deref(), Some("chairs"));
}

async fn a_page_can_be_asked_for_again(world: World) {
    let (ann, _) = furnish(&world).await;
    let many = (0..150).map(|id| (Subject::from(world.collection(&format!("c{id:03}"))), version(0)));
    world.fill(many, &[("name", "c")]).await;
    let user = Scope::User(world.application.clone(), world.user.clone());
    let whole = read(&ann, user.clone(), Filter::All).await;
    let mut contents = ann.contents(user, None, Filter::All, true);
    let mut found = Vec::new();
    let mut failures = 0;
    ann.wire.cut("Query");
    loop {
        match contents.next().await {
            Ok(Some(page)) => {
                found.extend(page.items.iter().map(|record| format!("{} {}", record.subject.noun(), line(record))));
                ann.wire.cut("Query");
            }
            Ok(None) => break,
            Err(_) => failures += 1,
        }
    }
    assert!(failures > 100, "each page failed once");
    assert_eq!(found, whole);
}

async fn what_is_empty_is_nothing(world: World) {
    let ann = world.writer("ann");
    assert_eq!(
        read(&ann, Scope::User(world.application.clone(), User::new("nobody")), Filter::All).await,
        Vec::<String>::new()
    );
    let empty = ann.new_collection(&world, "empty").await;
    assert_eq!(read(&ann, Scope::Collection(empty), Filter::All).await, Vec::<String>::new());
}
