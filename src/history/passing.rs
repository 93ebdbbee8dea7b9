//! What is known of the collections and entries whose versions pass by.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{CollectionKey, Record, Subject, Version};

/// Remembers of the versions that pass by what those after them need to be understood. A subject's versions follow each
/// other, the newest first, and a collection comes before its entries.
#[derive(Debug, Default)]
pub struct Passing {
    current: Option<Current>,
    collections: HashMap<CollectionKey, Collection>,
    subjects: usize,
}

/// The subject whose versions are passing by.
#[derive(Debug)]
struct Current {
    subject: Subject,
    /// The greatest version so far.
    newest: Version,
    is_deleted: bool,
}

#[derive(Debug)]
struct Collection {
    name: Option<Arc<str>>,
    is_deleted: bool,
}

impl Passing {
    /// Takes the next version.
    pub fn note(&mut self, record: &Record) {
        let before = self.current.as_ref().filter(|current| current.subject == record.subject);
        let is_first = before.is_none();
        // Where versions are of fewer digits, the first is not always the newest.
        if before.is_none_or(|before| before.newest < record.version) {
            let (subject, newest, is_deleted) = (record.subject.clone(), record.version, record.is_deleted());
            if let Subject::Collection(key) = &record.subject {
                let name = record.name.as_deref().map(Into::into);
                self.collections.insert(key.clone(), Collection { name, is_deleted });
            }
            self.current = Some(Current { subject, newest, is_deleted });
        }
        self.subjects += usize::from(is_first);
    }

    /// Returns how many subjects have passed by.
    pub fn subjects(&self) -> usize {
        self.subjects
    }

    /// Returns whether the subject that is passing by, or the collection it is in, is deleted now.
    pub fn is_gone(&self) -> bool {
        let Some(current) = &self.current else { return false };
        current.is_deleted || self.collections.get(current.subject.collection()).is_some_and(|found| found.is_deleted)
    }

    /// Returns the name of the collection that the entry is in which is passing by.
    pub fn collection(&self) -> Option<Arc<str>> {
        match &self.current.as_ref()?.subject {
            Subject::Entry(key) => self.collections.get(&key.collection)?.name.clone(),
            Subject::Collection(_) => None,
        }
    }
}
