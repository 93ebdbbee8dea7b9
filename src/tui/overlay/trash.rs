//! All that is deleted under a user or an application.

use std::cmp::Reverse;

use crate::model::{Record, Subject};
use crate::text::contains;
use crate::tui::event::Scope;
use crate::tui::findings::{Finding, Findings};

/// The window of what is deleted, the latest deletion first.
#[derive(Clone, Debug)]
pub struct Trash {
    /// Where it was looked for.
    pub scope: Scope,
    /// What was found.
    pub findings: Findings<Deleted>,
}

/// A collection or an entry that is deleted.
#[derive(Clone, Debug)]
pub struct Deleted {
    /// Its newest version, with the mark of the deletion and without its value.
    pub record: Record,
    /// The name of the collection that it is in, where it is an entry.
    pub collection: Option<String>,
}

impl Finding for Deleted {
    type Key = (Reverse<i64>, Subject);

    fn key(&self) -> Self::Key {
        (Reverse(self.record.deleted_ms().unwrap_or_default()), self.record.subject.clone())
    }

    fn passes(&self, filter: &str) -> bool {
        let texts = [self.record.name.as_deref(), self.collection.as_deref(), self.record.deleted_by.as_deref()];
        texts.into_iter().flatten().chain([self.record.subject.id()]).any(|text| contains(text, filter))
    }
}
