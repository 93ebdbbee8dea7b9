//! Writes on top of what is there: a new version, or the deletion mark.
//!
//! A write that names its base is one transaction: it marks the base as superseded, under the condition that nobody did
//! before, and puts the new row, under the condition that its key is free. Of two writers on one base one loses, with
//! nothing written. The strongly consistent read before it finds versions of writers that don't mark; the read after it
//! finds those that slipped in between. A write on whatever is the newest is the same, made anew on the newer one when it
//! loses. A write without a base is one conditional put: the last writer wins, and nothing is overwritten.
//!
//! Each row carries a `writeId` of its writer, by which a reply that was lost after the row was written is recognised.

use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, ReturnConsumedCapacity, TransactWriteItem, Update};
use jiff::Timestamp;

use super::Store;
use super::base::{Base, check_base, refuse_deleted};
use super::condition::Condition;
use super::cost::{Bill, Costed, Units};
use super::doubt::Doubt;
use super::error::StoreError;
use super::one_row::Tried;
use super::query::{Columns, Cursor, Order, Partition};
use super::row::{Row, Table, Within, check_size, write_record};
use crate::model::{Record, Subject, Version};

/// How often a write is tried when others write at the same moment, before it gives up as busy. With 8 writers on one
/// entry the tests see at most a handful.
pub(super) const ATTEMPTS: u32 = 24;

/// What a new version changes; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The new name.
    pub name: Option<String>,
    /// The new value, JSON text, for an entry.
    pub value: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// Whether the version may be written on top of a deleted one, which it then brings back.
    pub undelete: bool,
}

/// A version that was written, or marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The version as it is stored now.
    pub record: Record,
    /// Versions of writers that don't mark what they write on, newer than the base and written without being seen:
    /// they lie under this one or, where their clock was ahead or this is a deletion mark, above it.
    pub slipped_in: Vec<Version>,
}

/// How one attempt ended.
pub(super) enum Attempt {
    Done,
    /// Someone was first: look again.
    Lost,
    /// Nothing was written, and after a moment it may be: this is what to say if it never is.
    Contended(StoreError),
}

impl Store {
    /// Writes a new version with another name, value or both.
    ///
    /// Fails with [`StoreError::VersionConflict`] where `base` is not the newest version any more.
    pub async fn update(&self, subject: &Subject, edit: &Edit, base: Base) -> Result<Costed<Written>, StoreError> {
        self.append(subject, base, |newest| {
            if !edit.undelete {
                refuse_deleted(newest)?;
            }
            Ok(Record {
                name: edit.name.clone().or_else(|| newest.name.clone()),
                value: edit.value.clone().or_else(|| newest.value.clone()),
                note: edit.note.clone(),
                ..Record::bare(subject.clone(), newest.version)
            })
        })
        .await
    }

    /// Writes a new version with the name and value of an older one; also brings back what is deleted.
    pub async fn restore(
        &self,
        subject: &Subject,
        version: Version,
        note: Option<String>,
        base: Base,
    ) -> Result<Costed<Written>, StoreError> {
        let mut bill = self.bill();
        let old = self.version(&mut bill, subject, version).await?;
        let written = self
            .append(subject, base, |newest| {
                if newest.version == version && !newest.is_deleted() {
                    return Err(StoreError::AlreadyNewest { version });
                }
                Ok(Record {
                    name: old.name.clone(),
                    value: old.value.clone(),
                    note: note.clone(),
                    restored_from: Some(version),
                    ..Record::bare(subject.clone(), newest.version)
                })
            })
            .await?;
        let mut cost = bill.close(()).cost;
        cost += written.cost;
        Ok(Costed { value: written.value, cost })
    }

    /// Writes a new version without the deletion mark.
    pub async fn undelete(&self, subject: &Subject, base: Base) -> Result<Costed<Written>, StoreError> {
        self.undelete_with(subject, None, base).await
    }

    /// Writes a new version without the deletion mark, with a note.
    pub async fn undelete_with(
        &self,
        subject: &Subject,
        note: Option<String>,
        base: Base,
    ) -> Result<Costed<Written>, StoreError> {
        self.append(subject, base, |newest| {
            if !newest.is_deleted() {
                return Err(StoreError::NotDeleted { what: super::describe(newest) });
            }
            Ok(Record {
                name: newest.name.clone(),
                value: newest.value.clone(),
                note: note.clone(),
                ..Record::bare(subject.clone(), newest.version)
            })
        })
        .await
    }

    /// Marks the newest version as deleted; nothing is removed.
    pub async fn delete(&self, subject: &Subject, base: Base) -> Result<Costed<Written>, StoreError> {
        self.writable()?;
        let mut bill = self.bill();
        self.reach(&mut bill, subject.collection()).await?;
        let mut own: Option<Record> = None;
        let mut gave_up = StoreError::Busy;
        for attempt in 0..ATTEMPTS {
            let newest = self.newest_row(&mut bill, subject).await?;
            // A mark of ours is there when the reply to an earlier attempt was lost, perhaps under a newer version by now.
            if let Some(mark) = own.take()
                && let Some(found) = self.own_mark(&mut bill, &mark).await?
            {
                return self.finish(bill, found, base).await;
            }
            check_base(&newest, base)?;
            refuse_deleted(&newest)?;
            let mark = Record {
                deleted_at: Some(self.now_text()),
                deleted_by: Some(self.inner.author.clone()),
                ..newest.clone()
            };
            own = Some(mark.clone());
            match self.mark_deleted(&mut bill, &newest, &mark).await? {
                Attempt::Done => return self.finish(bill, mark, base).await,
                Attempt::Lost => {}
                Attempt::Contended(error) => {
                    gave_up = error;
                    pause(attempt).await;
                }
            }
        }
        Err(gave_up)
    }

    /// Puts the version that `make` makes of the newest one on top of it.
    async fn append(
        &self,
        subject: &Subject,
        base: Base,
        make: impl Fn(&Record) -> Result<Record, StoreError>,
    ) -> Result<Costed<Written>, StoreError> {
        self.writable()?;
        let mut bill = self.bill();
        if let Subject::Entry(key) = subject {
            self.live(&mut bill, &key.collection).await?;
        }
        let write_id = super::new_id();
        let mut own: Option<Record> = None;
        let mut taken: Option<Version> = None;
        let mut gave_up = StoreError::Busy;
        for attempt in 0..ATTEMPTS {
            let newest = self.newest_row(&mut bill, subject).await?;
            // A row of ours is there when an earlier attempt arrived late, perhaps under a newer one by now.
            if newest.write_id.as_ref() == Some(&write_id) {
                return self.finish(bill, newest, base).await;
            }
            if let Some(own) = own.take()
                && let Some(found) = self.own_row(&mut bill, &own).await?
            {
                return self.finish(bill, found, base).await;
            }
            check_base(&newest, base)?;
            let record = Record {
                version: Version::after(taken.max(Some(newest.version)), self.now_ms()),
                author: Some(self.inner.author.clone()),
                write_id: Some(write_id.clone()),
                ..make(&newest)?
            };
            check_size(&record)?;
            let outcome = match base {
                Base::Version(_) | Base::Seen { .. } | Base::Newest => {
                    self.put_on_base(&mut bill, &newest, &record).await?
                }
                Base::Any => self.put_if_free(&mut bill, &record).await?,
            };
            match outcome {
                Attempt::Done => return self.finish(bill, record, base).await,
                Attempt::Lost => {
                    // Where no newer version shows, a row that can't be read has the key.
                    taken = Some(record.version);
                    own = Some(record);
                }
                Attempt::Contended(error) => {
                    own = Some(record);
                    gave_up = error;
                    pause(attempt).await;
                }
            }
        }
        Err(gave_up)
    }

    async fn finish(&self, mut bill: Bill<'_>, record: Record, base: Base) -> Result<Costed<Written>, StoreError> {
        let slipped_in = match base.version() {
            Some(base) => self.slipped_in(&mut bill, &record, base).await,
            None => Vec::new(),
        };
        Ok(bill.close(Written { record, slipped_in }))
    }

    async fn put_on_base(&self, bill: &mut Bill<'_>, base: &Record, record: &Record) -> Result<Attempt, StoreError> {
        let table = Table::of(&record.subject);
        let superseded = Condition::unchanged(base).with(":by", record.version.to_string());
        let update = Update::builder()
            .table_name(self.table_name(table))
            .set_key(Some(table.key(base.subject.partition(), base.subject.sort_key(base.version))))
            .update_expression("SET supersededBy = :by")
            .condition_expression(&superseded.expression)
            .set_expression_attribute_values(Some(superseded.values))
            .build()
            .expect("table, key and expression are set");
        let marked = TransactWriteItem::builder().update(update).build();
        let new = self.put_of_new(table, write_record(record));
        self.transact(bill, vec![marked, new], record).await
    }

    /// Carries out a transaction that puts `record`.
    pub(super) async fn transact(
        &self,
        bill: &mut Bill<'_>,
        items: Vec<TransactWriteItem>,
        record: &Record,
    ) -> Result<Attempt, StoreError> {
        let table = Table::of(&record.subject);
        let doubt = Doubt::<TransactWriteItemsError>::new();
        bill.sent(Units::Write);
        let reply = self
            .client()
            .transact_write_items()
            .set_transact_items(Some(items))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .customize()
            .interceptor(doubt.clone())
            .send()
            .await;
        let outcome = match reply {
            Ok(reply) => {
                bill.consumed(Units::Write, reply.consumed_capacity());
                Ok(Attempt::Done)
            }
            Err(SdkError::ServiceError(error))
                if matches!(error.err(), TransactWriteItemsError::TransactionCanceledException(_)) =>
            {
                self.canceled(table, &error.into_err())
            }
            Err(error) => Err(self.explain("TransactWriteItems", table, error).await),
        };
        self.settle(Tried { outcome, in_doubt: doubt.remains() }, Box::pin(self.own_row(bill, record))).await
    }

    /// Returns the part of a transaction that puts a row whose key must be free.
    pub(super) fn put_of_new(&self, table: Table, row: Row) -> TransactWriteItem {
        let put = Put::builder()
            .table_name(self.table_name(table))
            .set_item(Some(row))
            .condition_expression("attribute_not_exists(#range)")
            .expression_attribute_names("#range", table.range())
            .build()
            .expect("table and item are set");
        TransactWriteItem::builder().put(put).build()
    }

    /// Says what the reasons of a cancelled transaction mean.
    pub(super) fn canceled(&self, table: Table, error: &TransactWriteItemsError) -> Result<Attempt, StoreError> {
        let reasons = match error {
            TransactWriteItemsError::TransactionCanceledException(canceled) => canceled.cancellation_reasons(),
            _ => &[],
        };
        let mut attempt = Attempt::Contended(StoreError::Busy);
        for reason in reasons {
            let code = reason.code().unwrap_or("None");
            match code {
                "None" | "TransactionConflict" => {}
                "ConditionalCheckFailed" => attempt = Attempt::Lost,
                _ => {
                    let code = if code == "ValidationError" { "ValidationException" } else { code };
                    let message = reason.message().unwrap_or_default();
                    match self.request("TransactWriteItems", table).coded(code, message) {
                        // The SDK tries throttled requests again by itself, but not a transaction with a throttled part.
                        error @ StoreError::Throttled { .. } if !matches!(attempt, Attempt::Lost) => {
                            attempt = Attempt::Contended(error);
                        }
                        StoreError::Throttled { .. } => {}
                        error => return Err(error),
                    }
                }
            }
        }
        Ok(attempt)
    }

    pub(super) async fn put_if_free(&self, bill: &mut Bill<'_>, record: &Record) -> Result<Attempt, StoreError> {
        let tried = self.put_where_free(bill, Table::of(&record.subject), write_record(record)).await;
        self.settle(tried, Box::pin(self.own_row(bill, record))).await
    }

    async fn mark_deleted(&self, bill: &mut Bill<'_>, newest: &Record, mark: &Record) -> Result<Attempt, StoreError> {
        let table = Table::of(&mark.subject);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let unchanged =
            Condition::unchanged(newest).with(":at", text(&mark.deleted_at)).with(":who", text(&mark.deleted_by));
        let update = self
            .client()
            .update_item()
            .set_key(Some(table.key(mark.subject.partition(), mark.subject.sort_key(mark.version))))
            .update_expression("SET deletedAt = :at, deletedBy = :who")
            .condition_expression(&unchanged.expression)
            .set_expression_attribute_values(Some(unchanged.values));
        let tried = self.update_row(bill, table, update).await;
        self.settle(tried, Box::pin(self.own_mark(bill, mark))).await
    }

    /// Decides what a write that did not end well means: where it may have been carried out all the same, `look` looks
    /// for what it writes. Rarely; boxed, so that it doesn't make every write's future larger.
    async fn settle(
        &self,
        tried: Tried,
        look: impl Future<Output = Result<Option<Record>, StoreError>>,
    ) -> Result<Attempt, StoreError> {
        if !tried.in_doubt || matches!(tried.outcome, Ok(Attempt::Done)) {
            return tried.outcome;
        }
        match look.await {
            Ok(Some(_)) => Ok(Attempt::Done),
            Ok(None) => tried.outcome,
            Err(_) => Err(StoreError::Unconfirmed { place: self.inner.place.clone() }),
        }
    }

    /// Returns the row at a record's key if this writer wrote it.
    async fn own_row(&self, bill: &mut Bill<'_>, record: &Record) -> Result<Option<Record>, StoreError> {
        match self.version(bill, &record.subject, record.version).await {
            Ok(found) if found.write_id == record.write_id => Ok(Some(found)),
            Ok(_) | Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns the row of a deletion mark if this writer set it.
    async fn own_mark(&self, bill: &mut Bill<'_>, mark: &Record) -> Result<Option<Record>, StoreError> {
        match self.version(bill, &mark.subject, mark.version).await {
            Ok(found) if (&found.deleted_at, &found.deleted_by) == (&mark.deleted_at, &mark.deleted_by) => {
                Ok(Some(found))
            }
            Ok(_) | Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns the versions above the base that were written without a look at ours. The write is done when this is
    /// asked, so that a failure here is no failure of the write.
    async fn slipped_in(&self, bill: &mut Bill<'_>, own: &Record, base: Version) -> Vec<Version> {
        let partition = Partition {
            table: Table::of(&own.subject),
            hash: own.subject.partition(),
            prefix: own.subject.sort_prefix(),
            order: Order::Ascending,
            columns: Columns::WithoutValue,
        };
        let mut cursor = Cursor::After(own.subject.sort_key(base));
        let within = Within::of(&own.subject);
        let mut found = Vec::new();
        while !matches!(cursor, Cursor::End) {
            let Ok(rows) = self.page(bill, &partition, &mut cursor, 100, true).await else { break };
            let records = rows.into_iter().filter_map(|row| within.read(row).ok());
            found.extend(
                records
                    .filter(|record| record.subject == own.subject && record.version > base)
                    // Above ours only the original server is sure not to have seen ours.
                    .filter(|record| {
                        record.version < own.version || record.version > own.version && record.write_id.is_none()
                    })
                    .map(|record| record.version),
            );
        }
        found
    }

    fn now_text(&self) -> String {
        let now = Timestamp::from_millisecond(self.now_ms()).unwrap_or(Timestamp::UNIX_EPOCH);
        format!("{now:.3}")
    }
}

/// Waits a little longer each time, and not the same for each writer.
pub(super) async fn pause(attempt: u32) {
    let spread = u64::from(uuid::Uuid::new_v4().as_bytes()[0] % 8);
    tokio::time::sleep(Duration::from_millis((2 << attempt.min(6)) + spread)).await;
}
