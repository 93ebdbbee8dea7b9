//! All that was done in a collection, by a user or in an application.

use crate::history::changes::{Change, ChangeKey, Wanted};
use crate::model::Moment;
use crate::store::Scope;
use crate::tui::findings::{Finding, Findings};

/// The window of what was done, the newest first.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Where it was looked for.
    pub scope: Scope,
    /// The moment until which, if it isn't now.
    pub as_of: Option<Moment>,
    /// What was found.
    pub findings: Findings<Change>,
}

impl Finding for Change {
    type Key = ChangeKey;
    type Filter = Wanted;

    fn key(&self) -> ChangeKey {
        Change::key(self)
    }

    fn passes(&self, filter: &Wanted) -> bool {
        filter.holds(self)
    }
}
