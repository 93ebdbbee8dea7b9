//! The versions in which a search finds something, while versions pass by.

use std::cmp::Reverse;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Place, Search};
use crate::history::passing::Passing;
use crate::model::{Record, Subject, Version};

/// How many cells of what was found are kept of each version; a line of a screen shows no more.
const EXCERPT: usize = 160;

/// A version in which something was found. It holds no value, so that many can be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Occurrence {
    /// What it is a version of.
    pub subject: Subject,
    /// The version.
    pub version: Version,
    /// The name that it gives.
    pub name: Option<Box<str>>,
    /// The newest name of the collection that an entry is in, where that came before its entries.
    pub collection: Option<Arc<str>>,
    /// Who wrote it.
    pub who: Option<Box<str>>,
    /// Where in it the first find is.
    pub place: Place,
    /// What stands there, on one line that is safe on a terminal.
    pub excerpt: Box<str>,
    /// How many more finds there are in it.
    pub more: usize,
    /// It, or the collection it is in, is deleted now.
    pub is_gone: bool,
}

impl Occurrence {
    /// Returns its place in a list by time, the newest first.
    pub fn key(&self) -> (Reverse<Version>, Subject) {
        (Reverse(self.version), self.subject.clone())
    }

    /// Returns the name, or the id where there is none.
    pub fn label(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(self.subject.id())
    }
}

/// A search in versions that pass by, in the order of the tables.
#[derive(Debug)]
pub struct Occurrences {
    search: Search,
    passing: Passing,
}

impl Occurrences {
    /// Returns a search that has seen nothing yet.
    pub fn of(search: Search) -> Self {
        Self { search, passing: Passing::default() }
    }

    /// Takes versions, and returns those in which something is found.
    pub fn add(&mut self, records: &[Record]) -> Vec<Occurrence> {
        let mut found = Vec::new();
        for record in records {
            self.passing.note(record);
            found.extend(self.in_version(record));
        }
        found
    }

    /// Returns how many collections and entries have passed by.
    pub fn subjects(&self) -> usize {
        self.passing.subjects()
    }

    fn in_version(&self, record: &Record) -> Option<Occurrence> {
        let (mut first, mut hits) = (None, 0_usize);
        // Nothing stops it, so that all are counted.
        let _ = self.search.visit(record, &mut |hit| {
            hits += 1;
            first.get_or_insert_with(|| (hit.excerpt(EXCERPT).into(), hit.place));
            ControlFlow::Continue(())
        });
        let (excerpt, place) = first?;
        Some(Occurrence {
            subject: record.subject.clone(),
            version: record.version,
            name: record.name.as_deref().map(Into::into),
            collection: self.passing.collection(),
            who: record.author.as_deref().map(Into::into),
            place,
            excerpt,
            more: hits - 1,
            is_gone: self.passing.is_gone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User};

    #[test]
    fn each_version_is_found_once_with_its_first_place_and_how_many_more() {
        let collection =
            CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") };
        let key = EntryKey { collection: collection.clone(), id: EntryId::new("desk") };
        let version = |ms: i64, value: &str| Record {
            value: Some(value.to_owned()),
            ..Record::bare(key.clone(), Version::from_ms(1_700_000_000_000 + ms))
        };
        let lamps = Record {
            name: Some("lamps".to_owned()),
            deleted_at: Some("2026-11-22T09:41:03.000Z".to_owned()),
            ..Record::bare(collection, Version::from_ms(1_700_000_000_000))
        };
        let mut search = Occurrences::of(Search::typed("red").expect("it is a text"));
        let found = search.add(&[lamps, version(3, r#"{"a":"red","b":["red","Red"]}"#), version(2, "{}")]);
        assert_eq!(found.len(), 1, "{found:?}");
        let found = &found[0];
        assert_eq!((found.place.to_string().as_str(), &*found.excerpt, found.more), (".a", "\"red\"", 2));
        assert_eq!((found.label(), found.collection.as_deref(), found.is_gone), ("desk", Some("lamps"), true));
        assert_eq!(search.subjects(), 2);
    }
}
