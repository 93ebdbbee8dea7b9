use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::config::{Capacity, Tables};
use crate::model::{Application, CollectionKey, Filter, Record, Subject, User};
use crate::store::embedded::{Engine, client};
use crate::store::{Options, Page};

const NOON: i64 = 1_795_348_800_000;

/// A store in memory with empty tables and a clock that can be set.
async fn empty_store(read_only: bool) -> (Store, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(NOON));
    let hands = Arc::clone(&clock);
    let options = |read_only| Options {
        tables: Tables { collections: "collections".to_owned(), entries: "entries".to_owned() },
        applications: None,
        consistent_read: true,
        read_only,
        author: "tester".to_owned(),
        capacity: Capacity::OnDemand,
        place: "memory".to_owned(),
        profile: None,
        clock: Arc::new({
            let hands = Arc::clone(&hands);
            move || hands.load(Ordering::Relaxed)
        }),
    };
    let client = client(&Engine::memory().expect("a store in memory opens"));
    Store::new(client.clone(), options(false)).init().await.expect("the tables are made");
    (Store::new(client, options(read_only)), clock)
}

async fn sample_store() -> Store {
    let (store, _) = empty_store(false).await;
    store.load_sample().await.expect("it loads");
    store
}

async fn collections(store: &Store, application: &str, filter: Filter) -> Page<Record> {
    let (application, user) = (Application::new(application), User::new("u-1042"));
    store.collections(&application, &user, filter).all().await.expect("they are listed")
}

async fn collection(store: &Store, application: &str, name: &str) -> CollectionKey {
    let page = collections(store, application, Filter::Latest).await;
    let found = page.items.into_iter().find(|record| record.name.as_deref() == Some(name));
    found.expect("the collection is listed").subject.collection().clone()
}

async fn entries(store: &Store, application: &str, name: &str) -> Page<Record> {
    let key = collection(store, application, name).await;
    store.entries(&key, Filter::Current, true).all().await.expect("they are listed")
}

#[track_caller]
fn find<'a>(page: &'a Page<Record>, name: &str) -> &'a Record {
    let named = |record: &&Record| record.name.as_deref() == Some(name);
    page.items.iter().find(named).expect("an entry of that name is listed")
}

#[tokio::test]
async fn it_is_of_a_size_that_loads_at_once() {
    let groups = groups(NOON);
    let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
    let bytes: usize = groups.iter().flat_map(|group| &group.rows).map(|(_, row)| size(row)).sum();
    assert!((1_000..1_600).contains(&rows), "{rows} rows");
    assert!((700_000..1_600_000).contains(&bytes), "{bytes} bytes");
    let (store, _) = empty_store(false).await;
    let loaded = store.load_sample().await.expect("it loads");
    assert_eq!(loaded.value, rows);
    assert!(loaded.cost.requests < 40, "{} requests", loaded.cost.requests);
}

#[tokio::test]
async fn loading_it_again_later_writes_nothing() {
    let (store, clock) = empty_store(false).await;
    store.load_sample().await.expect("it loads");
    clock.fetch_add(1_000_000_000, Ordering::Relaxed);
    assert_eq!(store.load_sample().await.expect("it loads").value, 0);
}

#[tokio::test]
async fn what_is_there_is_left_alone_and_the_rest_is_added() {
    let (store, _) = empty_store(false).await;
    let (application, user) = (Application::new("billing"), User::new("u-1042"));
    let mine = store.create_collection(&application, &user, "invoices").await.expect("it is made").value.record;
    store.load_sample().await.expect("it loads");
    let again = store.create_collection(&application, &user, "invoices").await.expect("it is there").value;
    assert_eq!((again.is_new, again.record), (false, mine));
    assert_eq!(entries(&store, "billing", "invoices").await.items.len(), 318);
}

#[tokio::test]
async fn creating_under_a_name_that_a_collection_gave_up_makes_a_new_one() {
    let store = sample_store().await;
    let (application, user) = (Application::new("billing"), User::new("u-1042"));
    let renamed = collection(&store, "billing", "dunning").await;
    let created = store.create_collection(&application, &user, "reminders").await.expect("it is made").value;
    assert!(created.is_new && created.record.subject != Subject::Collection(renamed.clone()));
    assert_eq!(collection(&store, "billing", "dunning").await, renamed);
}

#[tokio::test]
async fn a_read_only_store_refuses_it() {
    let (store, _) = empty_store(true).await;
    assert!(matches!(store.load_sample().await, Err(StoreError::ReadOnly)));
}

#[tokio::test]
async fn one_invoice_has_a_long_story() {
    let store = sample_store().await;
    let page = entries(&store, "billing", "invoices").await;
    let history = store.history(&find(&page, "inv-2026-0007").subject).all().await.expect("it is listed").items;
    assert_eq!(history.len(), 60);
    let some = |what: fn(&Record) -> bool| history.iter().filter(|record| what(record)).count();
    assert_eq!(some(Record::is_deleted), 2);
    assert_eq!(some(|record| record.restored_from.is_some()), 3);
    assert!(some(|record| record.note.is_some()) > 20);
    assert!(some(|record| record.name.as_deref() != Some("inv-2026-0007")) > 0, "it was renamed");
    let authors: HashSet<_> = history.iter().map(|record| &record.author).collect();
    assert!(authors.len() >= 6, "{authors:?}");
    for version in history.iter().filter_map(|record| record.restored_from) {
        assert!(history.iter().any(|record| record.version == version), "{version} is in the history");
    }
    for pair in history.windows(2) {
        assert!(pair[0].version > pair[1].version && pair[0].version.ms() <= NOON);
    }
    assert!(page.items.iter().any(Record::is_deleted), "some invoices are deleted");
}

#[tokio::test]
async fn there_are_several_applications_many_users_and_a_deleted_collection() {
    let store = sample_store().await;
    let mut applications = store.applications();
    let mut found = HashSet::new();
    while let Some(page) = applications.next().await.expect("they are listed") {
        found.extend(page.items);
    }
    for name in ["auth", "billing", "blog", "catalog", "flags", "sandbox", "search", "support"] {
        assert!(found.contains(&Application::new(name)), "{name}");
    }
    let mut users = store.users(&Application::new("auth"));
    let mut count = 0;
    while let Some(page) = users.next().await.expect("they are listed") {
        count += page.items.len();
    }
    assert_eq!(count, 41);
    assert!(find(&collections(&store, "billing", Filter::Current).await, "invoices-2019").is_deleted());
}

#[tokio::test]
async fn every_odd_kind_of_row_is_there() {
    let store = sample_store().await;
    let page = entries(&store, "sandbox", "oddities").await;
    let value = |name| find(&page, name).value.clone().unwrap_or_default();
    assert!(value("an array").starts_with('['));
    assert_eq!(
        (value("a number"), value("a boolean"), value("empty text")),
        ("42".into(), "false".into(), String::new())
    );
    assert!(serde_json::from_str::<serde_json::Value>(&value("not JSON")).is_err());
    assert!(value("large integer").contains("12345678901234567890"));
    assert!(["1.0", "1e400"].iter().all(|number| value("numbers as typed").contains(number)));
    assert_eq!(value("duplicate keys").matches("\"limit\"").count(), 2);
    assert_eq!(find(&page, "value absent (renamed)").value, None);
    assert_eq!(find(&page, "").name.as_deref(), Some(""));
    assert_eq!(page.items.iter().filter(|record| record.name.is_none()).count(), 2);
    assert_eq!(page.items.iter().filter(|record| record.name.as_deref() == Some("twin")).count(), 2);
    assert!(find(&page, "version in seconds").version.ms() < 10_000_000_000);
    let mut sorts: Vec<_> = page.unreadable.iter().map(|row| row.sort.as_str()).collect();
    sorts.sort_unstable_by_key(|sort| sort.len());
    assert_eq!(sorts[..2], ["imported-by-hand", "legacy#2021-03-04"]);
    assert_eq!(sorts.len(), 3, "and a name that is a number");
    let mut users = store.users(&Application::new("sandbox"));
    let page = users.next().await.expect("they are listed").expect("there is one page");
    assert_eq!(page.unreadable.len(), 1, "a collection without a user");
}

#[tokio::test]
async fn texts_come_back_as_they_are_however_hostile() {
    let store = sample_store().await;
    let page = entries(&store, "sandbox", "hostile-strings").await;
    for name in ["\u{1b}[31mred", "bell\u{7}", "\u{202e}gnp.eciovni", "nul\u{0}delete\u{7f}"] {
        find(&page, name);
    }
    assert!(find(&page, "raw control characters").value.as_ref().is_some_and(|value| value.contains('\u{1b}')));
    let page = entries(&store, "billing", "customers").await;
    for name in ["株式会社 🧾", "אור ירושלים בע״מ", "مؤسسة النور"] {
        find(&page, name);
    }
    let page = entries(&store, "catalog", "exports").await;
    let large = find(&page, "full-export").value.as_ref().map_or(0, String::len);
    assert!((250_000..390_000).contains(&large), "{large} bytes");
}

#[test]
fn it_follows_from_the_clock_alone_and_suits_any_clock() {
    for now in [0, 1, NOON] {
        let rows = || groups(now).into_iter().flat_map(|group| group.rows).collect::<Vec<_>>();
        assert_eq!(rows(), rows());
        let mut seen = HashSet::new();
        for (table, row) in rows() {
            let key = (text(&row, table.hash()).map(str::to_owned), text(&row, table.range()).map(str::to_owned));
            assert!(seen.insert(key.clone()), "{key:?} is there twice");
        }
    }
}
