//! Of the rows of many subjects that pass by, newest first, the version of each that is in force.

use super::Store;
use super::cost::Bill;
use super::error::StoreError;
use super::past::Sought;
use super::query::Columns;
use crate::model::{Moment, Record, Subject};

/// Keeps the newest version of each subject, or the newest one that was there at a moment, as it stood then.
pub(super) struct Newest {
    /// Deleted ones too.
    deleted: bool,
    /// The moment asked for, if it isn't now.
    by: Option<Moment>,
    group: Option<Group>,
}

/// The rows of one subject while they pass by, newest first.
struct Group {
    subject: Subject,
    /// Given already: the rest of its rows are older.
    done: bool,
    /// All its rows until now are later than the moment asked for, and the one in force then was not looked for yet.
    later: bool,
    /// The greatest version so far where that isn't sure.
    best: Option<Record>,
}

impl Newest {
    pub(super) fn new(deleted: bool, by: Option<Moment>) -> Self {
        Self { deleted, by, group: None }
    }

    /// Takes note of a row that passes by, and returns whether it may be the one to be kept: then [`Newest::take`] must
    /// follow.
    pub(super) fn wants(&mut self, record: &Record, given: &mut Vec<Record>) -> bool {
        let is_later = is_later(record, self.by);
        if self.group.as_ref().is_none_or(|group| group.subject != record.subject) {
            self.close(given);
            let subject = record.subject.clone();
            self.group = Some(Group { subject, done: false, later: is_later, best: None });
        }
        let Some(group) = &mut self.group else { return false };
        let wants = !group.done && !is_later;
        group.later &= !wants;
        wants
    }

    /// Takes a row that it wants.
    pub(super) fn take(&mut self, record: Record, given: &mut Vec<Record>) {
        let Some(group) = &mut self.group else { return };
        group.done = record.version.sorts_by_number();
        if group.done {
            group.best = None;
            self.give(record, given);
        } else if group.best.as_ref().is_none_or(|best| best.version < record.version) {
            group.best = Some(record);
        }
    }

    /// Looks for the version in force where the rows so far are later than the moment. Returns the sort key from which on
    /// they have to be read where one row doesn't tell.
    pub(super) async fn seek(
        &mut self,
        store: &Store,
        bill: &mut Bill<'_>,
        (columns, consistent): (Columns, bool),
        given: &mut Vec<Record>,
    ) -> Result<Option<String>, StoreError> {
        let (Some(moment), Some(group)) = (self.by, self.group.as_mut().filter(|group| group.later)) else {
            return Ok(None);
        };
        let found = store.in_force(bill, &group.subject, moment, columns, consistent).await?;
        group.later = false;
        group.done = !matches!(found, Sought::Unclear);
        match found {
            Sought::There(record) => self.give(*record, given),
            Sought::NotThere => {}
            Sought::Unclear => return Ok(Some(group.subject.sort_key(moment.version()))),
        }
        Ok(None)
    }

    /// Returns the subject that passes by, where its version is known or known not to be there.
    pub(super) fn found(&self) -> Option<&Subject> {
        self.group.as_ref().filter(|group| group.done).map(|group| &group.subject)
    }

    /// Ends the subject that passed by.
    pub(super) fn close(&mut self, given: &mut Vec<Record>) {
        if let Some(best) = self.group.take().and_then(|group| group.best) {
            self.give(best, given);
        }
    }

    fn give(&self, record: Record, given: &mut Vec<Record>) {
        give(record, self.deleted, self.by, given);
    }
}

pub(super) fn is_later(record: &Record, by: Option<Moment>) -> bool {
    by.is_some_and(|moment| !moment.holds(record.version))
}

pub(super) fn give(record: Record, deleted: bool, by: Option<Moment>, given: &mut Vec<Record>) {
    let record = match by {
        Some(moment) => record.as_of(moment),
        None => record,
    };
    if deleted || !record.is_deleted() {
        given.push(record);
    }
}
