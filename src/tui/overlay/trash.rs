//! All that is deleted under a user or an application.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::model::{Record, Subject};
use crate::store::Scope;
use crate::text::contains;
use crate::tui::event::RequestId;
use crate::tui::findings::{Finding, Findings};

/// The window of what is deleted, the latest deletion first.
#[derive(Clone, Debug)]
pub struct Trash {
    /// Where it was looked for.
    pub scope: Scope,
    /// What was found.
    pub findings: Findings<Deleted>,
    /// What is being brought back.
    pub bringing: Option<Bringing>,
}

/// A collection or an entry that is deleted.
#[derive(Clone, Debug)]
pub struct Deleted {
    /// Its newest version, with the mark of the deletion and without its value.
    pub record: Arc<Record>,
    /// The name of the collection that it is in, where it is an entry.
    pub collection: Option<Arc<str>>,
    /// Why it was not brought back.
    pub problem: Option<String>,
}

impl Finding for Deleted {
    type Key = (Reverse<i64>, Subject);
    type Filter = String;

    fn key(&self) -> Self::Key {
        (Reverse(self.record.deleted_ms().unwrap_or_default()), self.record.subject.clone())
    }

    fn passes(&self, filter: &String) -> bool {
        let texts = [self.record.name.as_deref(), self.collection.as_deref(), self.record.deleted_by.as_deref()];
        let ids = [self.record.subject.id(), self.record.subject.collection().user.as_str()];
        texts.into_iter().flatten().chain(ids).any(|text| contains(text, filter))
    }
}

/// The bringing back of several, one after the other.
#[derive(Clone, Debug)]
pub struct Bringing {
    /// What is still to be brought back, the next one first.
    pub queue: VecDeque<Arc<Record>>,
    /// The write under way, and what it brings back.
    pub sent: (RequestId, Arc<Record>),
    /// How many were asked for.
    pub of: usize,
    /// How many were brought back.
    pub done: usize,
    /// How many were not.
    pub refused: usize,
    /// How many of them versions of another writer slipped in under.
    pub slipped_in: usize,
}

impl Trash {
    /// Returns what has to be brought back for the marked rows, or where none is marked the one under the cursor: the
    /// collections first, also those that are not marked and without which an entry can't be reached.
    pub fn to_bring_back(&self) -> Vec<Arc<Record>> {
        let is_collection = |record: &&Arc<Record>| matches!(record.subject, Subject::Collection(_));
        let all = self.findings.rows().iter().map(|row| &row.record);
        let mut deleted: HashMap<_, _> =
            all.filter(is_collection).map(|record| (record.subject.collection(), record)).collect();
        let (mut collections, mut entries) = (Vec::new(), Vec::new());
        for Deleted { record, .. } in self.findings.chosen() {
            // Each collection once.
            collections.extend(deleted.remove(record.subject.collection()).cloned());
            if let Subject::Entry(_) = record.subject {
                entries.push(Arc::clone(record));
            }
        }
        collections.append(&mut entries);
        collections
    }
}
