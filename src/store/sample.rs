//! The sample data: a small company's worth of applications, for `--demo` and for a first start.
//!
//! Everything follows from names and the store's clock: ids are made from names, moments lie some time before now. What
//! is there already is left alone, each collection and each entry as a whole, so that loading is safe to repeat and
//! finishes what an interrupted load began.

mod accounts;
mod billing;
mod catalog;
mod doc;
mod flags;
mod history;
mod oddities;
mod writing;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::Store;
use super::cost::{Bill, Costed, Units};
use super::error::StoreError;
use super::query::{Columns, Cursor, Order, Partition};
use super::row::{Row, Table, size, text};
use super::write::{ATTEMPTS, Attempt, pause};
use history::{Group, Sample};

/// The most rows of one transaction ("Transactions" in `DynamoDB`'s constraints).
const BATCH_ROWS: usize = 100;
/// The most bytes of one transaction; `DynamoDB` allows 4 MB.
const BATCH_BYTES: usize = 1024 * 1024;
/// How many keys one look at what is there asks for.
const KEYS: i32 = 1000;

impl Store {
    /// Writes the sample data where it is missing and returns the number of rows written: about 1,300 into an empty
    /// store, none when repeated.
    ///
    /// Fails with [`StoreError::ReadOnly`] where writes are refused. After any other failure a part may be written;
    /// loading again adds the rest.
    pub async fn load_sample(&self) -> Result<Costed<usize>, StoreError> {
        self.writable()?;
        let mut bill = self.bill();
        let groups = groups(self.now_ms());
        let mut written = 0;
        let mut gave_up = StoreError::Busy;
        for attempt in 0..ATTEMPTS {
            let missing = self.missing(&mut bill, &groups).await?;
            match self.put_groups(&mut bill, &missing, &mut written).await? {
                Attempt::Done => return Ok(bill.close(written)),
                // Someone writes the same things right now: look again at what is there.
                Attempt::Lost => pause(attempt).await,
                Attempt::Contended(error) => {
                    gave_up = error;
                    pause(attempt).await;
                }
            }
        }
        Err(gave_up)
    }

    /// Returns the groups of which nothing is there. A collection is written before its entries, so that the entries of
    /// a missing collection need no look.
    async fn missing<'g>(&self, bill: &mut Bill<'_>, groups: &'g [Group]) -> Result<Vec<&'g Group>, StoreError> {
        let mut known: HashMap<(&str, &str), HashSet<String>> = HashMap::new();
        let mut absent = HashSet::new();
        let mut missing = Vec::new();
        for group in groups {
            if !absent.contains(group.hash.as_str()) {
                let ids = match known.entry((group.table.hash(), group.hash.as_str())) {
                    Entry::Occupied(ids) => ids.into_mut(),
                    Entry::Vacant(free) => free.insert(self.ids(bill, group.table, &group.hash).await?),
                };
                if ids.contains(&group.id) {
                    continue;
                }
            }
            if let Some(entries) = &group.entries {
                absent.insert(entries.as_str());
            }
            missing.push(group);
        }
        Ok(missing)
    }

    /// Returns the sort keys of a partition without their versions.
    async fn ids(&self, bill: &mut Bill<'_>, table: Table, hash: &str) -> Result<HashSet<String>, StoreError> {
        let partition = Partition {
            table,
            hash: hash.to_owned(),
            prefix: String::new(),
            order: Order::Ascending,
            columns: Columns::WithoutValue,
        };
        let mut cursor = Cursor::Start;
        let mut ids = HashSet::new();
        while !matches!(cursor, Cursor::End) {
            let rows = self.page(bill, &partition, &mut cursor, KEYS, true).await?;
            ids.extend(rows.iter().filter_map(|row| text(row, table.range())).map(|sort| history::id(sort).to_owned()));
        }
        Ok(ids)
    }

    /// Puts whole groups, as many in one transaction as it can hold, and counts the rows.
    async fn put_groups(
        &self,
        bill: &mut Bill<'_>,
        groups: &[&Group],
        written: &mut usize,
    ) -> Result<Attempt, StoreError> {
        let mut batch: Vec<&(Table, Row)> = Vec::new();
        let mut bytes = 0;
        for group in groups {
            let more: usize = group.rows.iter().map(|(_, row)| size(row)).sum();
            let full = batch.len() + group.rows.len() > BATCH_ROWS || bytes + more > BATCH_BYTES;
            if full && !batch.is_empty() {
                match self.put_batch(bill, &batch).await? {
                    Attempt::Done => *written += batch.len(),
                    other => return Ok(other),
                }
                batch.clear();
                bytes = 0;
            }
            batch.extend(&group.rows);
            bytes += more;
        }
        if batch.is_empty() {
            return Ok(Attempt::Done);
        }
        let outcome = self.put_batch(bill, &batch).await?;
        if matches!(outcome, Attempt::Done) {
            *written += batch.len();
        }
        Ok(outcome)
    }

    async fn put_batch(&self, bill: &mut Bill<'_>, rows: &[&(Table, Row)]) -> Result<Attempt, StoreError> {
        let puts = rows.iter().map(|(table, row)| self.put_of_new(*table, row.clone()));
        bill.sent(Units::Write);
        let reply = self
            .client()
            .transact_write_items()
            .set_transact_items(Some(puts.collect()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match reply {
            Ok(reply) => {
                bill.consumed(Units::Write, reply.consumed_capacity());
                Ok(Attempt::Done)
            }
            Err(SdkError::ServiceError(error))
                if matches!(error.err(), TransactWriteItemsError::TransactionCanceledException(_)) =>
            {
                self.canceled(Table::Entries, &error.into_err())
            }
            Err(error) => Err(self.explain("TransactWriteItems", Table::Entries, error).await),
        }
    }
}

/// Returns the whole sample data as it is at that moment, each collection before its entries.
fn groups(now_ms: i64) -> Vec<Group> {
    let mut sample = Sample::new(now_ms);
    accounts::add(&mut sample);
    billing::add(&mut sample);
    catalog::add(&mut sample);
    flags::add(&mut sample);
    writing::add(&mut sample);
    oddities::add(&mut sample);
    sample.into_groups()
}

#[cfg(test)]
mod tests;
