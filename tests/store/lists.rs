//! Lists: what they cost, page by page, however large the partition is.

use dynamini::model::{Application, CollectionKey, EntryId, EntryKey, Filter, Subject, User};
use dynamini::store::Page;

use super::world::{World, Writer, line, version};

contract!(
    users_are_found_by_jumping_from_one_to_the_next,
    applications_are_found_by_a_scan,
    applications_that_are_named_cost_nothing,
    the_first_page_comes_after_one_request,
    an_entry_with_thousands_of_versions_does_not_make_the_list_dear,
    the_rest_of_an_entry_is_skipped_when_it_is_not_wanted,
    a_list_without_consistent_reads_gives_the_same,
    an_empty_place_is_an_empty_list,
);

async fn users(writer: &Writer, application: &str) -> (Vec<String>, u64) {
    let mut users = writer.users(&Application::new(application));
    let (mut found, mut requests) = (Vec::new(), 0);
    while let Some(Page { items, cost, .. }) = users.next().await.unwrap() {
        assert_eq!(cost.requests, 1);
        requests += cost.requests;
        found.extend(items.iter().map(User::to_string));
    }
    (found, requests)
}

async fn users_are_found_by_jumping_from_one_to_the_next(world: World) {
    let collection =
        |user: &str, id: usize| CollectionKey { user: User::new(user), ..world.collection(&format!("c{id:04}")) };
    let many = (0..3000).map(|id| (Subject::from(collection("mia", id)), version(0)));
    let few = ["ann", "bob", "zoe", "ann-2"].map(|user| (Subject::from(collection(user, 0)), version(0)));
    world.fill(many.chain(few), &[("name", "c")]).await;

    let (found, requests) = users(&world.writer("ann"), "billing").await;
    assert_eq!(found, ["ann", "ann-2", "bob", "mia", "zoe"]);
    assert!(requests <= 4, "{requests} requests for 5 users");
}

async fn scan(writer: &Writer) -> Vec<String> {
    let mut applications = writer.applications();
    let mut found = Vec::new();
    while let Some(page) = applications.next().await.unwrap() {
        found.extend(page.items.iter().map(Application::to_string));
    }
    found.sort();
    found
}

async fn applications_are_found_by_a_scan(world: World) {
    let ann = world.writer("ann");
    let rows = |application: &'static str| {
        let world = world.clone();
        (0..600).map(move |id| {
            let key = CollectionKey { application: Application::new(application), ..world.collection(&id.to_string()) };
            (Subject::from(key), version(0))
        })
    };
    world.fill(rows("shop").chain(rows("billing")), &[("name", "c")]).await;
    world.put_collection_row("odd", "no key of ours", &[]).await;
    assert_eq!(scan(&ann).await, ["billing", "odd", "shop"]);
    assert!(ann.wire.sent().iter().all(|operation| operation == "Scan"));
    assert!(ann.total().rcu > 0.0);
}

async fn applications_that_are_named_cost_nothing(world: World) {
    let named = ["one", "two"].map(Application::new).to_vec();
    let ann = world.writer_with("ann", |options| options.applications = Some(named));
    assert_eq!(scan(&ann).await, ["one", "two"]);
    assert!(ann.wire.sent().is_empty());
}

async fn the_first_page_comes_after_one_request(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let entry =
        |id: usize| Subject::from(EntryKey { collection: collection.clone(), id: EntryId::new(format!("{id:04}")) });
    world.fill((0..2500).map(|id| (entry(id), version(0))), &[("name", "e"), ("value", "1")]).await;

    let mut entries = ann.entries(&collection, Filter::Latest, false);
    let (requests, first) = ann.wire.count(entries.next()).await;
    let first = first.unwrap().unwrap();
    assert_eq!((requests, first.cost.requests), (1, 1));
    assert!(!first.items.is_empty() && first.items.len() < 2500);

    let mut found = first.items.len();
    while let Some(page) = entries.next().await.unwrap() {
        found += page.items.len();
    }
    assert_eq!(found, 2500);

    let mut collections = ann.collections(&world.application, &world.user, Filter::Latest);
    let (requests, page) = ann.wire.count(collections.next()).await;
    assert_eq!((requests, page.unwrap().unwrap().items.len()), (1, 1));
}

async fn an_entry_with_thousands_of_versions_does_not_make_the_list_dear(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let entry = |id: &str| Subject::from(EntryKey { collection: collection.clone(), id: EntryId::new(id) });
    let versions = (0..3000).map(|ms| (entry("long"), version(ms)));
    let neighbours = [(entry("after"), version(0)), (entry("zlast"), version(0))];
    world.fill(versions.chain(neighbours), &[("name", "e"), ("value", "1")]).await;

    let (requests, list) = ann.wire.count(ann.list(&collection, Filter::Latest)).await;
    assert_eq!(list, ["e 1 +0", "e 1 +0", "e 1 +2999"]);
    assert!(requests <= 3, "{requests} requests for 3 entries");
    let all = ann.entries(&collection, Filter::All, false).all().await.unwrap();
    assert_eq!(all.items.len(), 3002);
}

async fn the_rest_of_an_entry_is_skipped_when_it_is_not_wanted(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let entry = |id: &str| Subject::from(EntryKey { collection: collection.clone(), id: EntryId::new(id) });
    let versions = (0..3000).map(|ms| (entry("long"), version(ms)));
    world.fill(versions.chain([(entry("after"), version(0))]), &[("name", "e"), ("value", "1")]).await;

    let mut listing = ann.entries(&collection, Filter::All, true);
    let first = listing.next().await.unwrap().unwrap();
    assert!(first.items.iter().all(|record| record.subject == entry("long")));
    listing.skip(&entry("elsewhere"));
    listing.skip(&entry("long"));
    let rest = listing.all().await.unwrap();
    assert_eq!((rest.items.iter().map(line).collect::<Vec<_>>(), rest.cost.requests), (vec!["e 1 +0".to_owned()], 1));
}

async fn a_list_without_consistent_reads_gives_the_same(world: World) {
    let ann = world.writer_with("ann", |options| options.consistent_read = false);
    let collection = ann.new_collection(&world, "notes").await;
    ann.new_entry(&collection, "e", "1").await;
    // An eventually consistent read costs half, which tells that it was asked for.
    let page = ann.entries(&collection, Filter::Latest, true).all().await.unwrap();
    assert_eq!(page.items.iter().map(line).collect::<Vec<_>>(), ["e 1 +0"]);
    let other = world.writer("bob");
    other.collections(&world.application, &world.user, Filter::Latest).all().await.unwrap();
    let consistent = other.entries(&collection, Filter::Latest, true).all().await.unwrap();
    assert!(page.cost.rcu * 2.0 <= consistent.cost.rcu, "{:?} and {:?}", page.cost, consistent.cost);
}

async fn an_empty_place_is_an_empty_list(world: World) {
    let ann = world.writer("ann");
    assert!(scan(&ann).await.is_empty());
    assert!(users(&ann, "billing").await.0.is_empty());
    assert!(ann.list_collections(&world, Filter::All).await.is_empty());
    let collection = ann.new_collection(&world, "notes").await;
    assert!(ann.list(&collection, Filter::All).await.is_empty());
}
