//! Listings of applications and users, which have no table of their own.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::Store;
use super::cost::Units;
use super::error::StoreError;
use super::query::{Cursor, Partition};
use super::records::Page;
use super::row::{Row, Table, text, unreadable};
use crate::model::{Application, User, key};

/// How many rows of the collections table one request for users reads. A row has about 150 bytes, so they are still
/// one read unit (4 KB), and many users with few collections come with each request.
const USER_ROWS: i32 = 25;

/// How many rows one request for applications reads.
const APPLICATION_ROWS: i32 = 500;

/// A listing of the users of an application, in the order of the table. It jumps from one user to the next instead of
/// reading all their collections.
pub struct Users {
    store: Store,
    partition: Partition,
    cursor: Cursor,
}

/// A listing of the applications: the ones the connection names, or else the ones that a scan of the collections table
/// comes upon, in no order.
pub struct Applications {
    store: Store,
    named: Option<Vec<Application>>,
    seen: HashSet<Application>,
    cursor: ScanCursor,
}

enum ScanCursor {
    Start,
    After(Row),
    End,
}

impl Users {
    pub(super) fn new(store: Store, partition: Partition) -> Self {
        Self { store, partition, cursor: Cursor::Start }
    }

    /// Returns the next page, or `None` after the last one. Sends one request.
    pub async fn next(&mut self) -> Result<Option<Page<User>>, StoreError> {
        if matches!(self.cursor, Cursor::End) {
            return Ok(None);
        }
        let store = self.store.clone();
        let mut bill = store.bill();
        let consistent = store.inner.consistent_read;
        let rows = store.page(&mut bill, &self.partition, &mut self.cursor, USER_ROWS, consistent).await?;
        let mut page = Page::<User>::default();
        for row in &rows {
            match text(row, Table::Collections.range()).and_then(key::user_of) {
                Some(user) if page.items.last() == Some(&user) => {}
                Some(user) => page.items.push(user),
                None => page.unreadable.push(unreadable(Table::Collections, row, "the sort key holds no #")),
            }
        }
        let ends_with_user = rows.last().and_then(|row| text(row, Table::Collections.range())).and_then(key::user_of);
        if let (Cursor::After(_), Some(user)) = (&self.cursor, ends_with_user) {
            self.cursor = self.partition.past(&format!("{user}#"));
        }
        page.cost = bill.close(()).cost;
        Ok(Some(page))
    }
}

impl Applications {
    pub(super) fn new(store: Store, named: Option<Vec<Application>>) -> Self {
        Self { store, named, seen: HashSet::new(), cursor: ScanCursor::Start }
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
            .projection_expression("#hash")
            .expression_attribute_names("#hash", table.hash())
            .consistent_read(self.store.inner.consistent_read)
            .limit(APPLICATION_ROWS)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        if let ScanCursor::After(key) = &self.cursor {
            scan = scan.set_exclusive_start_key(Some(key.clone()));
        }
        bill.sent();
        let reply = match scan.send().await {
            Ok(reply) => reply,
            Err(error) => return Err(self.store.explain("Scan", table, error).await),
        };
        bill.consumed(Units::Read, reply.consumed_capacity());
        let rows = reply.items.ok_or_else(|| self.store.no_rows("Scan", table))?;
        let mut page = Page::<Application>::default();
        for row in &rows {
            if let Some(name) = text(row, table.hash()) {
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
