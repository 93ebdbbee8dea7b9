//! Where a row becomes a version, and a version a row.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::error::StoreError;
use crate::model::{Application, CollectionKey, Record, Subject, Unreadable, Version, key};

/// A row as the SDK gives and takes it.
pub(super) type Row = HashMap<String, AttributeValue>;

/// The attribute names of the two tables.
pub(super) mod attribute {
    pub const NAME: &str = "name";
    pub const VALUE: &str = "value";
    pub const DELETED_AT: &str = "deletedAt";
    pub const DELETED_BY: &str = "deletedBy";
    pub const AUTHOR: &str = "author";
    pub const NOTE: &str = "note";
    pub const RESTORED_FROM: &str = "restoredFrom";
    pub const SUPERSEDED_BY: &str = "supersededBy";
    pub const WRITE_ID: &str = "writeId";
}
use attribute::{AUTHOR, DELETED_AT, DELETED_BY, NAME, NOTE, RESTORED_FROM, SUPERSEDED_BY, VALUE, WRITE_ID};

/// The most an item may hold: attribute names and values in UTF-8 bytes ("Item size" in DynamoDB's constraints).
pub(super) const ITEM_LIMIT: usize = 400 * 1024;
/// The most a sort key may hold, likewise.
pub(super) const SORT_LIMIT: usize = 1024;
/// The most a hash key may hold, likewise.
pub(super) const HASH_LIMIT: usize = 2048;
/// Room kept free in a new item for the marks that may be set on it later: deletedAt (33 bytes), deletedBy (9 and a
/// name of up to 128) and supersededBy (25), so that what could be written can also be deleted and superseded.
pub(super) const ROOM_FOR_MARKS: usize = 256;

/// One of the two tables, seen from the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// The versions of collections.
    Collections,
    /// The versions of entries, and the claims on the ids of collections.
    Entries,
}

impl Table {
    pub(super) fn of(subject: &Subject) -> Self {
        match subject {
            Subject::Collection(_) => Self::Collections,
            Subject::Entry(_) => Self::Entries,
        }
    }

    /// Returns the name of its hash key.
    pub fn hash(self) -> &'static str {
        match self {
            Self::Collections => "application",
            Self::Entries => "userCollection",
        }
    }

    /// Returns the name of its sort key.
    pub fn range(self) -> &'static str {
        match self {
            Self::Collections => "userCollectionVersion",
            Self::Entries => "entryVersion",
        }
    }

    pub(super) fn key(self, hash: impl Into<String>, range: impl Into<String>) -> Row {
        HashMap::from([
            (self.hash().to_owned(), AttributeValue::S(hash.into())),
            (self.range().to_owned(), AttributeValue::S(range.into())),
        ])
    }
}

/// Under what rows were looked for, which their keys don't all repeat.
#[derive(Clone, Debug)]
pub(super) enum Within {
    Application(Application),
    Collection(CollectionKey),
}

impl Within {
    pub(super) fn of(subject: &Subject) -> Self {
        match subject {
            Subject::Collection(key) => Self::Application(key.application.clone()),
            Subject::Entry(key) => Self::Collection(key.collection.clone()),
        }
    }

    pub(super) fn table(&self) -> Table {
        match self {
            Self::Application(_) => Table::Collections,
            Self::Collection(_) => Table::Entries,
        }
    }

    /// Returns the version that the row is, or the row as it stands where it is none.
    pub(super) fn read(&self, row: Row) -> Result<Record, Unreadable> {
        let sort = text(&row, self.table().range()).unwrap_or_default();
        let found: Option<(Subject, Version)> = match self {
            Self::Application(application) => {
                key::parse_collection(application, sort).map(|(key, version)| (key.into(), version))
            }
            Self::Collection(collection) => {
                key::parse_entry(collection, sort).map(|(key, version)| (key.into(), version))
            }
        };
        match found {
            None => Err(unreadable(self.table(), &row, "the sort key is not of the form")),
            Some(_) if [NAME, VALUE].iter().any(|name| row.get(*name).is_some_and(|value| !value.is_s())) => {
                Err(unreadable(self.table(), &row, "its name or value is not text"))
            }
            Some((subject, version)) => Ok(read_record(row, subject, version)),
        }
    }
}

fn read_record(mut row: Row, subject: Subject, version: Version) -> Record {
    let mut take = |name: &str| match row.remove(name) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    };
    Record {
        name: take(NAME),
        value: take(VALUE),
        deleted_at: take(DELETED_AT),
        deleted_by: take(DELETED_BY),
        author: take(AUTHOR),
        note: take(NOTE),
        restored_from: take(RESTORED_FROM).and_then(|text| text.parse().ok()),
        superseded_by: take(SUPERSEDED_BY).and_then(|text| text.parse().ok()),
        write_id: take(WRITE_ID),
        subject,
        version,
    }
}

/// Returns the row of a version.
pub(super) fn write_record(record: &Record) -> Row {
    let subject = &record.subject;
    let mut row = Table::of(subject).key(subject.partition(), subject.sort_key(record.version));
    let attributes = [
        (NAME, record.name.clone()),
        (VALUE, record.value.clone()),
        (DELETED_AT, record.deleted_at.clone()),
        (DELETED_BY, record.deleted_by.clone()),
        (AUTHOR, record.author.clone()),
        (NOTE, record.note.clone()),
        (RESTORED_FROM, record.restored_from.map(|version| version.to_string())),
        (SUPERSEDED_BY, record.superseded_by.map(|version| version.to_string())),
        (WRITE_ID, record.write_id.clone()),
    ];
    for (name, text) in attributes {
        if let Some(text) = text {
            row.insert(name.to_owned(), AttributeValue::S(text));
        }
    }
    row
}

/// Fails where a new version is more than a table can hold, with room for the marks that may be set on it later.
pub(super) fn check_size(record: &Record) -> Result<(), StoreError> {
    let subject = &record.subject;
    within("the hash key", subject.partition().len(), HASH_LIMIT)?;
    within("the sort key", subject.sort_key(record.version).len(), SORT_LIMIT)?;
    within("the item", size(&write_record(record)), ITEM_LIMIT - ROOM_FOR_MARKS)
}

/// Fails where something is larger than it may be.
pub(super) fn within(what: &'static str, size: usize, limit: usize) -> Result<(), StoreError> {
    if size > limit { Err(StoreError::TooLarge { what, size, limit }) } else { Ok(()) }
}

/// Returns the size of a row of strings, as the limit counts it.
pub(super) fn size(row: &Row) -> usize {
    row.iter().map(|(name, value)| name.len() + value.as_s().map_or(0, String::len)).sum()
}

pub(super) fn text<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    row.get(name)?.as_s().ok().map(String::as_str)
}

/// Returns a row that is none of ours, to be shown as it is.
pub(super) fn unreadable(table: Table, row: &Row, reason: &'static str) -> Unreadable {
    let key = |name| text(row, name).unwrap_or_default().to_owned();
    let mut attributes: Vec<_> = row
        .iter()
        .filter(|(name, _)| *name != table.hash() && *name != table.range())
        .map(|(name, value)| (name.clone(), value.as_s().map_or_else(|_| format!("{value:?}"), Clone::clone)))
        .collect();
    attributes.sort();
    Unreadable { partition: key(table.hash()), sort: key(table.range()), reason, attributes }
}
