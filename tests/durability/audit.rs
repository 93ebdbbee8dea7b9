//! Whether a store keeps its promises: what it acknowledged is there, and what is there is whole.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use aws_sdk_dynamodb::Client;
use dynamini::model::at::At;
use dynamini::model::{CollectionKey, EntryId, EntryKey, Filter, Record, Subject, Version};
use dynamini::store::embedded::{self, Engine};
use dynamini::store::{Records, Store};

use super::writer::{Acknowledged, collection, fingerprint, is_whole, is_whole_name, on};

/// Checks that each of these writes is there as it was acknowledged.
pub async fn acknowledged(store: &Store, home: &CollectionKey, writes: &[Acknowledged]) {
    for write in writes {
        let subject: Subject = match write.noun.as_str() {
            "collection" => collection(&write.id).into(),
            _ => EntryKey { collection: home.clone(), id: EntryId::new(write.id.as_str()) }.into(),
        };
        let found = store.at(&subject, At::Version(Version::from_ms(write.version))).await;
        let found = found.unwrap_or_else(|error| panic!("lost {write:?}: {error}")).value;
        assert_eq!(fingerprint(&found), write.fingerprint, "{write:?} is now {found:?}");
        if write.deleted_at.is_some() {
            assert_eq!(found.deleted_at, write.deleted_at, "the mark is lost: {found:?}");
        }
    }
}

/// Checks all there is: each record whole, lists, histories and versions in agreement, nothing but the acknowledged
/// `writes` and at most one more of each writer, the one at which it was killed. Returns a summary.
pub async fn whole(store: &Store, home: &CollectionKey, writes: &[Acknowledged]) -> String {
    acknowledged(store, home, writes).await;
    let collections = |filter| store.collections(&home.application, &home.user, filter);
    let entries = |filter| store.entries(home, filter, true);
    let mut records = agreeing(store, collections).await;
    records.extend(agreeing(store, entries).await);

    let mut unconfirmed: HashMap<&str, Vec<&Record>> = HashMap::new();
    let versions: HashSet<_> = writes.iter().map(|write| (&*write.id, write.version)).collect();
    let marks: HashSet<_> = writes.iter().filter_map(|write| Some((&*write.id, write.deleted_at.as_ref()?))).collect();
    for record in &records {
        let id = record.subject.id();
        assert!(record.name.as_deref().is_some_and(is_whole_name), "{record:?}");
        let is_entry = matches!(record.subject, Subject::Entry(_));
        assert_eq!(is_entry, record.value.as_deref().is_some_and(is_whole), "{record:?}");
        if !versions.contains(&(id, record.version.ms())) {
            unconfirmed.entry(record.author.as_deref().unwrap()).or_default().push(record);
        }
        assert_eq!(record.deleted_at.is_some(), record.deleted_by.is_some(), "half a mark: {record:?}");
        if let (Some(at), Some(by)) = (&record.deleted_at, &record.deleted_by)
            && !marks.contains(&(id, at))
        {
            unconfirmed.entry(by).or_default().push(record);
        }
    }
    for (author, records) in &unconfirmed {
        assert!(records.len() <= 1, "{author} was killed at one write and these are not acknowledged: {records:?}");
    }
    format!(
        "{} writes acknowledged, {} more done when their writer was killed, {} versions in the store",
        writes.len(),
        unconfirmed.len(),
        records.len()
    )
}

/// Returns all versions of the subjects of a listing, after comparing its filters, their histories and each version.
async fn agreeing(store: &Store, list: impl Fn(Filter) -> Records) -> Vec<Record> {
    let every = read(list(Filter::All)).await;
    let mut subjects: BTreeMap<Subject, Vec<Record>> = BTreeMap::new();
    for record in &every {
        subjects.entry(record.subject.clone()).or_default().push(record.clone());
    }
    let (mut current, mut latest) = (Vec::new(), Vec::new());
    for (subject, listed) in &subjects {
        let history = read(store.history(subject)).await;
        assert_eq!(&history, listed, "the list and the history of {subject:?}");
        assert!(history.is_sorted_by(|above, below| above.version > below.version), "{history:?}");
        for record in &history {
            let found = store.at(subject, At::Version(record.version)).await.unwrap().value;
            assert_eq!(&found, record);
            chained(record, &history);
        }
        current.push(history[0].clone());
        latest.extend(history.first().filter(|newest| !newest.is_deleted()).cloned());
    }
    for (filter, expected) in [(Filter::Current, current), (Filter::Latest, latest)] {
        let mut listed = read(list(filter)).await;
        listed.sort_by(|one, other| one.subject.cmp(&other.subject));
        assert_eq!(listed, expected, "{filter:?}");
    }
    every
}

/// Checks that a version and the mark on its base came together.
fn chained(record: &Record, history: &[Record]) {
    if let Some(by) = record.superseded_by {
        let next = history.iter().find(|next| next.version == by);
        let next = next.unwrap_or_else(|| panic!("superseded by a version that is not there: {record:?}"));
        assert!(next.version > record.version);
        if let Some(note) = &next.note {
            assert_eq!(*note, on(record.version.ms()), "two versions on one base: {history:?}");
        }
    }
    if let Some(base) = record.note.as_ref().and_then(|note| note.strip_prefix("on ")) {
        let base = history.iter().find(|base_record| base_record.version.to_string() == base);
        let base = base.unwrap_or_else(|| panic!("written on a version that is not there: {record:?}"));
        assert_eq!(base.superseded_by, Some(record.version), "the mark on the base is missing: {record:?}");
    }
}

async fn read(list: Records) -> Vec<Record> {
    let page = list.all().await.unwrap();
    assert_eq!(page.unreadable, []);
    page.items
}

/// Checks that each collection that was created has its claim, and each claim its collection.
pub async fn claims(store: &Store, home: &CollectionKey, directory: &Path) {
    let engine = Engine::open(&directory.join("dynamini.db")).unwrap();
    let mut claims = Vec::new();
    for row in rows(&embedded::client(&engine), "dynamomini.entries").await {
        let text = |name: &str| row.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default();
        if text("entryVersion") == "claim" {
            claims.push(text("userCollection"));
        }
    }
    let collections = read(store.collections(&home.application, &home.user, Filter::Current)).await;
    let mut wanted: Vec<_> =
        collections.iter().map(|record| format!("{}claim", record.subject.collection().entries_partition())).collect();
    claims.sort();
    wanted.sort();
    assert_eq!(claims, wanted);
}

async fn rows(client: &Client, table: &str) -> Vec<HashMap<String, aws_sdk_dynamodb::types::AttributeValue>> {
    client.scan().table_name(table).into_paginator().items().send().try_collect().await.unwrap()
}

/// Checks the file below the store, every page of it.
pub fn file(directory: &Path) {
    let path = directory.join("dynamini.db");
    let storage = dynoxide::storage::Storage::new(path.to_str().unwrap()).unwrap();
    let said: String = storage.conn().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(said, "ok");
}
