//! Listings of applications and users, which have no table of their own.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::Store;
use super::cost::Units;
use super::error::StoreError;
use super::query::{Cursor, Partition};
use super::records::Page;
use super::row::{Row, Table, text, unreadable};
use crate::model::{Application, Moment, User, key};

/// How many rows of the collections table one request for users reads. A row has about 150 bytes, so they are still
/// one read unit (4 KB), and many users with few collections come with each request.
const USER_ROWS: i32 = 25;

/// How many rows one request reads on where those of a user until now are later than the moment asked for.
const LATER_ROWS: i32 = 1000;

/// How many rows one request for applications reads.
const APPLICATION_ROWS: i32 = 500;

/// A listing of the users of an application, in the order of the table. It jumps from one user to the next instead of
/// reading all their collections.
pub struct Users {
    store: Store,
    partition: Partition,
    cursor: Cursor,
    /// The moment asked for, if it isn't now.
    by: Option<Moment>,
    /// The last one given.
    last: Option<User>,
    /// The last page ended within the rows of a user all of which are later than that moment so far.
    undecided: bool,
}

/// A listing of the applications: the ones the connection names, or else the ones that a scan of the collections table
/// comes upon, in no order.
pub struct Applications {
    store: Store,
    named: Option<Vec<Application>>,
    seen: HashSet<Application>,
    cursor: ScanCursor,
    /// The moment asked for, if it isn't now.
    by: Option<Moment>,
}

enum ScanCursor {
    Start,
    After(Row),
    End,
}

impl Users {
    pub(super) fn new(store: Store, partition: Partition, by: Option<Moment>) -> Self {
        Self { store, partition, cursor: Cursor::Start, by, last: None, undecided: false }
    }

    /// Returns the next page, or `None` after the last one. Sends one request. A page may be empty and not the last.
    pub async fn next(&mut self) -> Result<Option<Page<User>>, StoreError> {
        if matches!(self.cursor, Cursor::End) {
            return Ok(None);
        }
        let store = self.store.clone();
        let mut bill = store.bill();
        let consistent = store.inner.consistent_read;
        let limit = if self.undecided { LATER_ROWS } else { USER_ROWS };
        let rows = store.page(&mut bill, &self.partition, &mut self.cursor, limit, consistent).await?;
        let mut page = Page::<User>::default();
        for row in &rows {
            let sort = text(row, Table::Collections.range());
            match sort.and_then(key::user_of) {
                Some(user) if self.last.as_ref() == Some(&user) => {}
                Some(_) if is_later(sort, self.by) => {}
                Some(user) => {
                    self.last = Some(user.clone());
                    page.items.push(user);
                }
                None => page.unreadable.push(unreadable(Table::Collections, row, "the sort key holds no #")),
            }
        }
        let ends_with = rows.last().and_then(|row| text(row, Table::Collections.range())).and_then(key::user_of);
        self.undecided = ends_with.is_some() && ends_with != self.last;
        if let (Cursor::After(_), Some(user), false) = (&self.cursor, ends_with, self.undecided) {
            self.cursor = self.partition.past(&format!("{user}#"));
        }
        page.cost = bill.close(()).cost;
        Ok(Some(page))
    }
}

impl Applications {
    pub(super) fn new(store: Store, named: Option<Vec<Application>>, by: Option<Moment>) -> Self {
        Self { store, named, seen: HashSet::new(), cursor: ScanCursor::Start, by }
    }

    /// Returns the next page, or `None` after the last one. Sends one request, or none where the connection names the
    /// applications.
    pub async fn next(&mut self) -> Result<Option<Page<Application>>, StoreError> {
        if let Some(named) = self.named.take() {
            self.cursor = ScanCursor::End;
            return Ok(Some(Page { items: named, ..Page::default() }));
        }
        if matches!(self.cursor, ScanCursor::End) {
            return Ok(None);
        }
        let mut bill = self.store.bill();
        let table = Table::Collections;
        let mut scan = self
            .store
            .client()
            .scan()
            .table_name(self.store.table_name(table))
            .projection_expression("#hash, #range")
            .expression_attribute_names("#hash", table.hash())
            .expression_attribute_names("#range", table.range())
            .consistent_read(self.store.inner.consistent_read)
            .limit(APPLICATION_ROWS)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        if let ScanCursor::After(key) = &self.cursor {
            scan = scan.set_exclusive_start_key(Some(key.clone()));
        }
        bill.sent(Units::Read);
        let reply = match scan.send().await {
            Ok(reply) => reply,
            Err(error) => return Err(self.store.explain("Scan", table, error).await),
        };
        bill.consumed(Units::Read, reply.consumed_capacity());
        let rows = reply.items.ok_or_else(|| self.store.no_rows("Scan", table))?;
        let mut page = Page::<Application>::default();
        for row in &rows {
            if let Some(name) = text(row, table.hash()).filter(|_| !is_later(text(row, table.range()), self.by)) {
                let application = Application::new(name);
                if self.seen.insert(application.clone()) {
                    page.items.push(application);
                }
            }
        }
        self.cursor = reply.last_evaluated_key.map_or(ScanCursor::End, ScanCursor::After);
        page.cost = bill.close(()).cost;
        Ok(Some(page))
    }
}

/// Returns whether a sort key is of a version later than the moment; one that names no version isn't known to be.
fn is_later(sort: Option<&str>, by: Option<Moment>) -> bool {
    by.is_some_and(|moment| sort.and_then(key::version_of).is_some_and(|version| version > moment.version()))
}
