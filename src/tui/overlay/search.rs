//! A search through all versions.

use std::cmp::Reverse;

use crate::history::search::{Occurrence, Search};
use crate::model::{Moment, Subject, Version};
use crate::store::Scope;
use crate::text::contains;
use crate::tui::findings::{Finding, Findings};
use crate::tui::input::Input;

/// The window of a search through history, what was found last written first.
#[derive(Clone, Debug)]
pub struct HistorySearch {
    /// Where is searched.
    pub scope: Scope,
    /// The moment until which, if it isn't now.
    pub as_of: Option<Moment>,
    /// What is searched for, as typed.
    pub line: Input,
    /// It is being typed.
    pub typing: bool,
    /// Why what was typed can't be searched for.
    pub problem: Option<String>,
    /// What is or was searched for.
    pub search: Option<Search>,
    /// The versions in which it was found.
    pub findings: Findings<Occurrence>,
}

impl Finding for Occurrence {
    type Key = (Reverse<Version>, Subject);
    type Filter = String;

    fn key(&self) -> Self::Key {
        Occurrence::key(self)
    }

    fn passes(&self, filter: &String) -> bool {
        let user = self.subject.collection().user.as_str();
        let texts =
            [self.name.as_deref(), self.collection.as_deref(), self.who.as_deref(), Some(&*self.excerpt), Some(user)];
        texts.into_iter().flatten().any(|text| contains(text, filter))
    }
}
