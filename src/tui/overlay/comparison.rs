//! How the entries of two collections, or of one at two moments, differ.

use crate::compare::{Kind, Side};
use crate::model::{Record, Subject};
use crate::text::contains;
use crate::tui::findings::{Finding, Findings};
use crate::tui::list::LoadState;
use crate::tui::value::Value;

/// The window of a comparison.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What is compared with what, in words, the older first.
    pub title: String,
    /// The older side, or the first of two collections.
    pub old: Side,
    /// The newer side, or the second of two collections.
    pub new: Side,
    /// What differs.
    pub findings: Findings<Compared>,
}

/// An entry that differs, or that is there on one side only.
#[derive(Clone, Debug)]
pub struct Compared {
    /// How.
    pub kind: Kind,
    /// The older version, without its value.
    pub old: Option<Record>,
    /// The newer version, without its value.
    pub new: Option<Record>,
}

impl Compared {
    /// Returns the newer version, or where it is gone the older one.
    pub fn shown(&self) -> Option<&Record> {
        self.new.as_ref().filter(|_| self.kind != Kind::Removed).or(self.old.as_ref())
    }

    /// Returns what it is called: its name if it has one, else its id.
    pub fn title(&self) -> &str {
        self.shown().map_or("", Record::title)
    }
}

impl Finding for Compared {
    type Key = (String, Option<Subject>);
    type Filter = String;

    fn key(&self) -> Self::Key {
        (self.title().to_owned(), self.shown().map(|record| record.subject.clone()))
    }

    fn passes(&self, filter: &String) -> bool {
        let old = self.old.as_ref().map(Record::title);
        let author = self.shown().and_then(|record| record.author.as_deref());
        let texts = [Some(self.title()), old, author, Some(self.kind.word())];
        texts.into_iter().flatten().any(|text| contains(text, filter))
    }
}

/// The window of the difference between two versions, which are read for it.
#[derive(Clone, Debug)]
pub struct Looking {
    /// What it is about.
    pub title: String,
    /// How far it was read.
    pub load: LoadState,
    /// The difference, old first, with its scroll.
    pub value: Value,
}
