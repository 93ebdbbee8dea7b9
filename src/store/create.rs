//! New collections and new entries.
//!
//! Creating a collection is safe to repeat, also from many processes at once: its id is made from its application, user
//! and name, and its first row is put together with a claim on that id, so that only one of them writes it. The claim is
//! one small row in the entries table under a hash key that no collection has, where the original never looks.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::AttributeValue;
use uuid::Uuid;

use super::Store;
use super::cost::{Bill, Costed};
use super::error::StoreError;
use super::row::{Row, Table, attribute, check_size, write_record};
use super::write::{ATTEMPTS, Attempt, Edit, pause};
use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, Filter, Record, User, Version};

/// The namespace of the ids made from names; drawn once at random, never to change.
const NAMES: Uuid = Uuid::from_u128(0x6d0f_4a0c_93f5_4b0e_8a3b_2f7c_51d9_e860);

/// The sort key of a claim.
pub(super) const CLAIM: &str = "claim";

/// A collection that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its newest version.
    pub record: Record,
    /// Whether this call made it, or it was there.
    pub is_new: bool,
}

/// What a look at all collections of a user for a name found.
enum Look {
    /// The live one that has it.
    Found(Box<Record>),
    /// None, but these ids, which no new one can have.
    Taken(HashSet<CollectionId>),
}

impl Store {
    /// Returns the user's live collection of that name, and creates it where there is none.
    pub async fn create_collection(
        &self,
        application: &Application,
        user: &User,
        name: &str,
    ) -> Result<Costed<Created>, StoreError> {
        self.writable()?;
        require_name(name)?;
        let write_id = super::new_id();
        let first_version = |generation| {
            let id = collection_id(application, user, name, generation);
            let key = CollectionKey { application: application.clone(), user: user.clone(), id };
            let record = Record {
                name: Some(name.to_owned()),
                author: Some(self.inner.author.clone()),
                write_id: Some(write_id.clone()),
                ..Record::bare(key.clone(), Version::after(None, self.now_ms()))
            };
            (key, record)
        };
        // The size is the same for each generation, and keys over the limit can't even be looked for.
        check_size(&first_version(0).1)?;
        let mut bill = self.bill();
        let taken = match self.look_for_collection(&mut bill, application, user, name).await? {
            Look::Found(record) => return Ok(bill.close(Created { record: *record, is_new: false })),
            Look::Taken(taken) => taken,
        };
        // A name that was used and given up many times is not tried again for each of them.
        for (key, record) in (0_u32..).map(first_version).filter(|(key, _)| !taken.contains(&key.id)) {
            let is_new = self.put_with_claim(&mut bill, &key, &record).await?;
            if is_new {
                self.remember(std::slice::from_ref(&record));
                return Ok(bill.close(Created { record, is_new }));
            }
            // Someone has this id: at this moment, or long ago and it was renamed or deleted since.
            let found = self.newest_row(&mut bill, &key.into()).await;
            match found {
                Ok(found) if !found.is_deleted() && found.name.as_deref() == Some(name) => {
                    let is_new = found.write_id.as_ref() == Some(&write_id);
                    return Ok(bill.close(Created { record: found, is_new }));
                }
                Ok(_) | Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Busy)
    }

    /// Creates an entry with a new id. Several entries of a collection may have one name, as in the original.
    pub async fn create_entry(
        &self,
        collection: &CollectionKey,
        name: &str,
        value: &str,
        note: Option<String>,
    ) -> Result<Costed<Record>, StoreError> {
        require_name(name)?;
        let edit = Edit { name: Some(name.to_owned()), value: Some(value.to_owned()), note, undelete: false };
        self.add_entry(collection, edit).await
    }

    /// Creates an entry with a new id that has a name, a value or both, as the original lets its clients.
    pub async fn add_entry(&self, collection: &CollectionKey, edit: Edit) -> Result<Costed<Record>, StoreError> {
        self.writable()?;
        let mut bill = self.bill();
        self.live(&mut bill, collection).await?;
        let key = EntryKey { collection: collection.clone(), id: EntryId::new(super::new_id()) };
        let record = Record {
            name: edit.name,
            value: edit.value,
            note: edit.note,
            author: Some(self.inner.author.clone()),
            write_id: Some(super::new_id()),
            ..Record::bare(key, Version::after(None, self.now_ms()))
        };
        check_size(&record)?;
        match self.put_if_free(&mut bill, &record).await? {
            // The id is new, so that a row at this key can only be this one, from an attempt whose reply was lost.
            Attempt::Done | Attempt::Lost => Ok(bill.close(record)),
            Attempt::Contended(error) => Err(error),
        }
    }

    async fn look_for_collection(
        &self,
        bill: &mut Bill<'_>,
        application: &Application,
        user: &User,
        name: &str,
    ) -> Result<Look, StoreError> {
        let mut collections = self.collections(application, user, Filter::Current).strongly();
        let mut taken = HashSet::new();
        while let Some(page) = collections.next_on(bill).await? {
            for record in page.items {
                if !record.is_deleted() && record.name.as_deref() == Some(name) {
                    return Ok(Look::Found(Box::new(record)));
                }
                taken.insert(record.subject.collection().id.clone());
            }
        }
        Ok(Look::Taken(taken))
    }

    /// Puts the first row of a collection and the claim on its id, or neither. Returns whether it did.
    async fn put_with_claim(
        &self,
        bill: &mut Bill<'_>,
        key: &CollectionKey,
        record: &Record,
    ) -> Result<bool, StoreError> {
        let rows = [(Table::Entries, claim(key)), (Table::Collections, write_record(record))];
        let items = rows.map(|(table, row)| self.put_of_new(table, row));
        let mut gave_up = StoreError::Busy;
        for attempt in 0..ATTEMPTS {
            match self.transact(bill, items.to_vec(), record).await? {
                Attempt::Done => return Ok(true),
                Attempt::Lost => return Ok(false),
                Attempt::Contended(error) => {
                    gave_up = error;
                    pause(attempt).await;
                }
            }
        }
        Err(gave_up)
    }
}

/// Returns the row that claims the id of a collection.
pub(super) fn claim(key: &CollectionKey) -> Row {
    let mut claim = Table::Entries.key(claim_hash(&key.entries_partition()), CLAIM);
    let purpose = "dynamini: keeps a collection from being created twice";
    claim.insert(attribute::NOTE.to_owned(), AttributeValue::S(purpose.to_owned()));
    claim
}

/// Returns the hash key of the claim on the collection whose entries are in that partition.
pub(super) fn claim_hash(entries_partition: &str) -> String {
    format!("{entries_partition}{CLAIM}")
}

/// Returns the id of the first collection that has this name, or, where that id is taken, of a later generation.
pub(super) fn collection_id(application: &Application, user: &User, name: &str, generation: u32) -> CollectionId {
    let path = format!("{application}\0{user}\0{name}\0{generation}");
    CollectionId::new(Uuid::new_v5(&NAMES, path.as_bytes()).to_string())
}

fn require_name(name: &str) -> Result<(), StoreError> {
    if name.is_empty() {
        return Err(StoreError::Invalid { reason: "a name can't be empty".to_owned() });
    }
    Ok(())
}
