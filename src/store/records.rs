//! Listings of collections, of entries and of the versions of one, page by page.

use std::mem;

use super::Store;
use super::cost::{Bill, Cost};
use super::error::StoreError;
use super::newest::{Newest, give, is_later};
use super::query::{Cursor, Partition};
use super::row::{Row, Within, unreadable, write_record};
use super::stride::{Limits, Stride};
use crate::model::{Filter, Moment, Record, Subject, Unreadable};

/// What one request of a listing found.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What was found, in the order of the table.
    pub items: Vec<T>,
    /// Rows that are not of the form.
    pub unreadable: Vec<Unreadable>,
    /// What the page consumed.
    pub cost: Cost,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), unreadable: Vec::new(), cost: Cost::default() }
    }
}

/// A listing of records. Each call of [`Records::next`] sends one request, and in a listing of the past a second, small
/// one at most; whoever has enough drops the listing.
pub struct Records {
    store: Store,
    partition: Partition,
    within: Within,
    keep: Keep,
    cursor: Cursor,
    /// No page was given yet.
    is_first: bool,
    stride: Stride,
    consistent: bool,
    /// A page that was read and not given, since what belongs to it could not be.
    read: Option<Page<Record>>,
}

/// Which of the rows read are given.
#[expect(clippy::large_enum_variant, reason = "there is one for each listing")]
pub(super) enum Keep {
    /// The version of each that is in force.
    Newest(Newest),
    /// The versions of each that are in force at two moments, for one reading of both. `then` holds those of the earlier
    /// one that were not given yet.
    Both { later: Newest, earlier: Newest, then: Vec<Record> },
    /// Every version of each; with `by`, as of that moment.
    Every { by: Option<Moment> },
    /// Every version of one, newest first; with `by`, as of that moment. `short` holds versions of fewer than 13 digits
    /// back to the end, since they are older than all others and sort among them.
    History { subject: Subject, short: Vec<Record>, by: Option<Moment> },
}

/// Whether a row belongs to another subject than the one asked for.
enum Stranger {
    No,
    /// It is listed where it belongs.
    Elsewhere,
    /// It belongs to nothing that is listed, so it must show here.
    Nowhere,
}

impl Records {
    pub(super) fn new(store: Store, partition: Partition, within: Within, keep: Keep, limits: Limits) -> Self {
        let consistent = store.inner.consistent_read;
        let (cursor, stride) = (Cursor::Start, Stride::new(limits));
        Self { store, partition, within, keep, cursor, is_first: true, stride, consistent, read: None }
    }

    /// Reads strongly consistent whatever the connection says, for what decides about a write.
    pub(super) fn strongly(self) -> Self {
        Self { consistent: true, ..self }
    }

    /// Begins at a sort key, or right below it, instead of at the top.
    pub(super) fn down_from(self, sort: &str) -> Self {
        Self { cursor: Partition::down_from(sort), ..self }
    }

    /// Returns the next page, or `None` after the last one. A page may be empty and not the last. After a failure the
    /// same page can be asked for again.
    pub async fn next(&mut self) -> Result<Option<Page<Record>>, StoreError> {
        let store = self.store.clone();
        let mut bill = store.bill();
        let page = self.next_on(&mut bill).await?;
        let cost = bill.close(()).cost;
        Ok(page.map(|page| Page { cost, ..page }))
    }

    /// Returns the next page, its cost on the bill of a larger question.
    pub(super) async fn next_on(&mut self, bill: &mut Bill<'_>) -> Result<Option<Page<Record>>, StoreError> {
        let mut page = match self.read.take() {
            Some(page) => page,
            None if self.is_complete() => return Ok(None),
            None => self.read_on(bill).await?,
        };
        if !self.is_complete() {
            if let Err(error) = self.seek(bill, &mut page.items).await {
                self.read = Some(page);
                return Err(error);
            }
            self.skip_older();
        }
        self.store.remember(&page.items);
        Ok(Some(page))
    }

    async fn read_on(&mut self, bill: &mut Bill<'_>) -> Result<Page<Record>, StoreError> {
        if let (true, Within::Collection(collection)) = (self.is_first, &self.within) {
            self.store.reach(bill, collection).await?;
        }
        let limit = self.stride.rows();
        let rows = self.store.page(bill, &self.partition, &mut self.cursor, limit, self.consistent).await?;
        self.is_first = false;
        if !self.is_complete() {
            self.stride.learn(rows.len());
        }
        Ok(self.sort_out(rows))
    }

    /// Looks for the version in force where a page ended among those that are later than a moment asked for.
    async fn seek(&mut self, bill: &mut Bill<'_>, given: &mut Vec<Record>) -> Result<(), StoreError> {
        let how = (self.partition.columns, self.consistent);
        let top = match &mut self.keep {
            Keep::Newest(newest) => newest.seek(&self.store, bill, how, given).await?,
            Keep::Both { later, earlier, then } => {
                let top = later.seek(&self.store, bill, how, given).await?;
                let lower = earlier.seek(&self.store, bill, how, then).await?;
                if later.found().is_some() { lower } else { top }
            }
            Keep::Every { .. } | Keep::History { .. } => None,
        };
        if let (Some(top), Cursor::After(sort)) = (top, &self.cursor)
            && *sort > top
        {
            self.cursor = Partition::down_from(&top);
        }
        Ok(())
    }

    /// Returns what was in force at the earlier of two moments in the pages given so far, once.
    pub(super) fn take_earlier(&mut self) -> Vec<Record> {
        if let Keep::Both { then, .. } = &mut self.keep { mem::take(then) } else { Vec::new() }
    }

    /// Jumps over the rest of a subject's versions where the last page ended among them.
    pub fn skip(&mut self, subject: &Subject) {
        let prefix = subject.sort_prefix();
        if matches!(&self.cursor, Cursor::After(sort) if sort.starts_with(&prefix)) {
            self.cursor = self.partition.past(&prefix);
        }
    }

    /// Returns whether the last page was given.
    pub fn is_complete(&self) -> bool {
        matches!(self.cursor, Cursor::End)
    }

    /// Returns all pages as one.
    pub async fn all(mut self) -> Result<Page<Record>, StoreError> {
        let mut whole = Page::default();
        while let Some(page) = self.next().await? {
            whole.items.extend(page.items);
            whole.unreadable.extend(page.unreadable);
            whole.cost += page.cost;
        }
        Ok(whole)
    }

    fn sort_out(&mut self, rows: Vec<Row>) -> Page<Record> {
        let mut page = Page::default();
        for row in rows {
            match self.within.read(row) {
                Ok(record) => match self.stranger(&record) {
                    Stranger::No => self.keep.offer(record, &mut page.items),
                    Stranger::Elsewhere => {}
                    Stranger::Nowhere => {
                        let row = write_record(&record);
                        page.unreadable.push(unreadable(self.partition.table, &row, "its user holds a #"));
                    }
                },
                Err(row) => page.unreadable.push(row),
            }
        }
        if self.is_complete() {
            self.keep.finish(&mut page.items);
        }
        page
    }

    /// Says whether a row is of someone whose name or id begins like the one asked for and goes on after a `#`.
    fn stranger(&self, record: &Record) -> Stranger {
        match (&self.keep, &record.subject) {
            (Keep::History { subject, .. }, found) if found != subject => Stranger::Elsewhere,
            (Keep::Newest(_) | Keep::Both { .. } | Keep::Every { .. }, Subject::Collection(key))
                if !self.partition.prefix.is_empty() && format!("{}#", key.user) != self.partition.prefix =>
            {
                Stranger::Nowhere
            }
            _ => Stranger::No,
        }
    }

    /// Jumps over the rest of a subject of which all that is asked for is known.
    fn skip_older(&mut self) {
        let known = match &self.keep {
            Keep::Newest(newest) => newest.found(),
            Keep::Both { later, earlier, .. } => earlier.found().filter(|subject| later.found() == Some(subject)),
            Keep::Every { .. } | Keep::History { .. } => None,
        };
        if let Some(subject) = known {
            self.cursor = self.partition.past(&subject.sort_prefix());
        }
    }
}

impl Keep {
    /// Returns what a filter keeps, of now or as of a moment.
    pub(super) fn by(filter: Filter, by: Option<Moment>) -> Self {
        match filter {
            Filter::Latest => Self::Newest(Newest::new(false, by)),
            Filter::Current => Self::Newest(Newest::new(true, by)),
            Filter::All => Self::Every { by },
        }
    }

    /// Returns what keeps the versions of each, deleted ones too, of an earlier moment and of a later one, or now.
    pub(super) fn both(earlier: Moment, later: Option<Moment>) -> Self {
        Self::Both { later: Newest::new(true, later), earlier: Newest::new(true, Some(earlier)), then: Vec::new() }
    }

    fn offer(&mut self, record: Record, given: &mut Vec<Record>) {
        match self {
            Self::Newest(newest) => {
                if newest.wants(&record, given) {
                    newest.take(record, given);
                }
            }
            Self::Both { later, earlier, then } => match (later.wants(&record, given), earlier.wants(&record, then)) {
                (true, true) => {
                    later.take(record.clone(), given);
                    earlier.take(record, then);
                }
                (true, false) => later.take(record, given),
                (false, true) => earlier.take(record, then),
                (false, false) => {}
            },
            Self::Every { by } => {
                if !is_later(&record, *by) {
                    give(record, true, *by, given);
                }
            }
            Self::History { short, by, .. } => {
                if record.version.sorts_by_number() {
                    if !is_later(&record, *by) {
                        give(record, true, *by, given);
                    }
                } else {
                    short.push(record);
                }
            }
        }
    }

    fn finish(&mut self, given: &mut Vec<Record>) {
        match self {
            Self::Every { .. } => {}
            Self::Newest(newest) => newest.close(given),
            Self::Both { later, earlier, then } => {
                later.close(given);
                earlier.close(then);
            }
            Self::History { short, by, .. } => {
                short.sort_by_key(|record| std::cmp::Reverse(record.version));
                for record in mem::take(short) {
                    if !is_later(&record, *by) {
                        give(record, true, *by, given);
                    }
                }
            }
        }
    }
}
