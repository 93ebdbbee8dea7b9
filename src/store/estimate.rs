//! What a write will consume, reckoned beforehand from the sizes of its rows.
//!
//! The units are those of "Read/write capacity" in `DynamoDB`'s documentation: a strongly consistent read of 4 KB, a
//! write of 1 KB, each row rounded up by itself, and twice as much for each row of a transaction. Other writers at the
//! same moment make a write dearer.

use super::cost::Cost;
use super::row::{ITEM_LIMIT, ROOM_FOR_MARKS, attribute, size, within, write_record};
use super::{Store, StoreError, new_id};
use crate::model::{Record, Subject};

/// What the mark of a superseded version adds to a row: `supersededBy` and the 13 digits of a version.
const SUPERSEDED: usize = 12 + 13;
/// What the time of a deletion adds to a row: `deletedAt` and a time to the millisecond.
const DELETED_AT: usize = 9 + 24;

impl Store {
    /// Returns the size in bytes of the row of a version, as the limit of 400 KB counts it. `value` is the length of
    /// the value, which the record need not hold.
    pub fn row_size(record: &Record, value: Option<usize>) -> usize {
        let held = record.value.as_ref().map_or(0, |value| attribute::VALUE.len() + value.len());
        size(&write_record(record)) - held + value.map_or(0, |length| attribute::VALUE.len() + length)
    }

    /// Returns what restoring `old` with a note will consume on top of a row of `newest` bytes: reads of the collection,
    /// of both versions and of what came after, and the transaction that marks the one row and puts the other. `value` is
    /// the length of the old value, which the record need not hold.
    ///
    /// Fails with [`StoreError::TooLarge`] where what is added to the old row makes it too large.
    pub fn estimate_restore(
        &self,
        old: &Record,
        value: Option<usize>,
        note: &str,
        newest: usize,
    ) -> Result<Cost, StoreError> {
        let restored = Record {
            name: old.name.clone(),
            author: Some(self.inner.author.clone()),
            note: Some(note.to_owned()),
            restored_from: Some(old.version),
            write_id: Some(new_id()),
            ..Record::bare(old.subject.clone(), old.version)
        };
        let (before, after) = (Self::row_size(old, value), Self::row_size(&restored, value));
        within("the item", after, ITEM_LIMIT - ROOM_FOR_MARKS)?;
        let of_collection = u32::from(matches!(old.subject, Subject::Entry(_)));
        Ok(Cost {
            rcu: units(before, 4096) + units(newest, 4096) + units(after, 4096) + f64::from(of_collection),
            wcu: 2.0 * (units(newest + SUPERSEDED, 1024) + units(after, 1024)),
            requests: 4 + u64::from(of_collection),
            writes: 1,
        })
    }

    /// Returns what marking a row of that size in bytes as deleted will consume: reads of it and of what came after, and
    /// the conditional update.
    pub fn estimate_delete(&self, newest: usize) -> Cost {
        let marked = newest + DELETED_AT + attribute::DELETED_BY.len() + self.inner.author.len();
        Cost { rcu: units(newest, 4096) + 1.0, wcu: units(marked, 1024), requests: 3, writes: 1 }
    }
}

/// Returns how many units of so many bytes a row takes.
fn units(bytes: usize, of: usize) -> f64 {
    f64::from(u32::try_from(bytes.div_ceil(of).max(1)).unwrap_or(u32::MAX))
}
