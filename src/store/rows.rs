//! All rows of a part of the store, as they stand, or those in force at a moment, as they stood then.
//!
//! What an application holds is what its partition of the collections table leads to: those rows first, each collection
//! with the claim on its id before it, then the entries of one collection after the other. Entries are read only where
//! a row of their collection was seen under the application. The order is that of the keys, so that two reads of the
//! same rows are the same.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::mem;

use tokio::task::JoinSet;
use uuid::Uuid;

use super::Store;
use super::cost::Cost;
use super::create::{CLAIM, claim_hash};
use super::error::StoreError;
use super::in_force::InForce;
use super::names::Applications;
use super::query::{Columns, Cursor, Order, Partition};
use super::raw::StoredRow;
use super::records::Page;
use super::row::{Row, Table, text};
use super::stride::{Limits, Stride};
use crate::model::{Application, CollectionKey, EntryKey, Moment, Subject, User, key};

/// Rows of collections that one request asks for: each may bring a look for a claim with it.
const COLLECTION_ROWS: i32 = 100;
/// How many claims are looked for at once.
const CLAIMS_IN_FLIGHT: usize = 8;
/// Rows of entries that requests ask for.
const ENTRY_ROWS: Limits = Limits { first: 100, then: 1000 };

/// A part of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every application: those that the connection names, or those that a scan finds.
    Store,
    /// An application with the collections of all its users.
    Application(Application),
    /// The collections of a user.
    User(Application, User),
    /// A collection and its entries.
    Collection(CollectionKey),
    /// An entry, and the versions of the collection it is in, without which it could not be reached.
    Entry(EntryKey),
}

/// A reading of all rows of a scope. Each call of [`Rows::next`] reads one page; whoever has enough drops the reading.
pub struct Rows {
    store: Store,
    scope: Scope,
    /// The listing of applications until its end.
    applications: Option<Applications>,
    found: BTreeSet<Application>,
    /// What is still to be read, the next part first.
    parts: VecDeque<Part>,
    /// The partitions of entries that the rows of the part being read led to, to be read after it.
    leads_to: Vec<String>,
    /// All of these so far: two applications can lead to one.
    seen: HashSet<String>,
    /// Leaves out what was not there at the moment asked for, if it isn't now.
    in_force: Option<InForce>,
    /// What pages of entries ask for: entries of one application are mostly of one size.
    stride: Stride,
}

/// A partition and how far it has been read.
#[derive(Clone)]
struct Part {
    partition: Partition,
    cursor: Cursor,
}

impl Rows {
    pub(super) fn new(store: Store, scope: Scope, by: Option<Moment>) -> Self {
        let part = match &scope {
            Scope::Store => None,
            Scope::Application(application) => Some(Part::of_collections(application, String::new())),
            Scope::User(application, user) => Some(Part::of_collections(application, format!("{user}#"))),
            Scope::Collection(key) | Scope::Entry(EntryKey { collection: key, .. }) => {
                Some(Part::of_collections(&key.application, key.sort_prefix()))
            }
        };
        let applications = part.is_none().then(|| store.applications());
        let parts = part.into_iter().collect();
        let (found, leads_to, seen) = (BTreeSet::new(), Vec::new(), HashSet::new());
        let (in_force, stride) = (by.map(InForce::new), Stride::new(ENTRY_ROWS));
        Self { store, scope, applications, found, parts, leads_to, seen, in_force, stride }
    }

    /// Returns the next page, or `None` after the last one. A page may be empty and not the last. After a failure the
    /// same page can be asked for again.
    pub async fn next(&mut self) -> Result<Option<Page<StoredRow>>, StoreError> {
        if let Some(listing) = &mut self.applications {
            if let Some(page) = listing.next().await? {
                self.found.extend(page.items);
                return Ok(Some(Page { cost: page.cost, ..Page::default() }));
            }
            self.applications = None;
            self.parts.extend(self.found.iter().map(|found| Part::of_collections(found, String::new())));
        }
        let Some(mut part) = self.parts.front().cloned() else { return Ok(None) };
        let store = self.store.clone();
        let mut bill = store.bill();
        let limit = match part.partition.table {
            Table::Collections => COLLECTION_ROWS,
            Table::Entries => self.stride.rows(),
        };
        let consistent = store.inner.consistent_read;
        let rows = store.page(&mut bill, &part.partition, &mut part.cursor, limit, consistent).await?;
        let mut stride = self.stride;
        if part.partition.table == Table::Entries && !matches!(part.cursor, Cursor::End) {
            stride.learn(rows.len());
        }
        // A page that fails is read again, with what was held back before it.
        let mut in_force = self.in_force.clone();
        let rows = match &mut in_force {
            Some(in_force) => in_force.pass(part.partition.table, rows, matches!(part.cursor, Cursor::End)),
            None => rows,
        };
        let mut items = Vec::with_capacity(rows.len());
        let mut leads_to = Vec::new();
        let rows: Vec<Row> = rows.into_iter().filter(|row| !self.is_elsewhere(row, part.partition.table)).collect();
        let mut claimed = VecDeque::new();
        if part.partition.table == Table::Collections {
            claimed.extend(
                rows.iter().enumerate().filter_map(|(place, row)| Some((place, self.claimed_by(&mut leads_to, row)?))),
            );
        }
        let (mut claims, cost) = store.claims(claimed).await?;
        for (place, row) in rows.into_iter().enumerate() {
            items.extend(claims.remove(&place));
            items.push(StoredRow::read(part.partition.table, row)?);
        }
        (self.in_force, self.stride) = (in_force, stride);
        self.advance(part, leads_to);
        let mut page = Page { items, cost: bill.close(()).cost, ..Page::default() };
        page.cost += cost;
        Ok(Some(page))
    }

    /// Returns whether a row is of a collection or an entry whose id begins like the one asked for and goes on after a
    /// `#`. What can't be taken apart belongs to all that it begins like.
    fn is_elsewhere(&self, row: &Row, table: Table) -> bool {
        let sort = text(row, table.range()).unwrap_or_default();
        match (&self.scope, table) {
            (Scope::Collection(own) | Scope::Entry(EntryKey { collection: own, .. }), Table::Collections) => {
                key::parse_collection(&own.application, sort).is_some_and(|(found, _)| found != *own)
            }
            (Scope::Entry(own), Table::Entries) => {
                key::parse_entry(&own.collection, sort).is_some_and(|(found, _)| found != *own)
            }
            _ => false,
        }
    }

    /// Notes where the entries of a row's collection are, and returns the hash key of the claim on its id when it is seen
    /// for the first time, and may have one.
    fn claimed_by(&self, leads_to: &mut Vec<String>, row: &Row) -> Option<String> {
        let partition = text(row, Table::Collections.range()).and_then(entries_partition)?;
        if self.seen.contains(partition) || leads_to.iter().any(|seen| seen == partition) {
            return None;
        }
        leads_to.push(partition.to_owned());
        may_be_claimed(partition).then(|| claim_hash(partition))
    }

    /// Takes over what reading a page changed.
    fn advance(&mut self, part: Part, leads_to: Vec<String>) {
        self.seen.extend(leads_to.iter().cloned());
        self.leads_to.extend(leads_to);
        self.parts.pop_front();
        if !matches!(part.cursor, Cursor::End) {
            self.parts.push_front(part);
            return;
        }
        let prefix = match &self.scope {
            Scope::Entry(key) => Subject::from(key.clone()).sort_prefix(),
            _ => String::new(),
        };
        for hash in mem::take(&mut self.leads_to).into_iter().rev() {
            self.parts.push_front(Part::of(Table::Entries, hash, prefix.clone()));
        }
    }
}

impl Store {
    /// Reads claims by their hash keys, several at once: each is a request. Returns them by the number that comes with
    /// the key, and what they cost.
    async fn claims(
        &self,
        mut wanted: VecDeque<(usize, String)>,
    ) -> Result<(HashMap<usize, StoredRow>, Cost), StoreError> {
        let (mut claims, mut cost) = (HashMap::new(), Cost::default());
        let mut under_way = JoinSet::new();
        loop {
            let room = CLAIMS_IN_FLIGHT - under_way.len();
            for (place, hash) in wanted.drain(..room.min(wanted.len())) {
                let store = self.clone();
                under_way.spawn(async move {
                    let mut bill = store.bill();
                    let claim = store.row(&mut bill, Table::Entries, &hash, CLAIM).await?;
                    Ok::<_, StoreError>((place, bill.close(claim)))
                });
            }
            let (place, claim) = match under_way.join_next().await {
                None => return Ok((claims, cost)),
                Some(Ok(read)) => read?,
                Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            };
            cost += claim.cost;
            if let Some(row) = claim.value {
                claims.insert(place, StoredRow::read(Table::Entries, row)?);
            }
        }
    }
}

impl Part {
    fn of(table: Table, hash: String, prefix: String) -> Self {
        let partition = Partition { table, hash, prefix, order: Order::Ascending, columns: Columns::All };
        Self { partition, cursor: Cursor::Start }
    }

    fn of_collections(application: &Application, prefix: String) -> Self {
        Self::of(Table::Collections, application.to_string(), prefix)
    }
}

/// Returns where the entries of the collection are that a sort key belongs to, also where its version is none; `None`
/// where it names no collection.
fn entries_partition(sort: &str) -> Option<&str> {
    let partition = &sort[..=sort.rfind('#')?];
    (partition.matches('#').count() > 1).then_some(partition)
}

/// Returns whether the id of a collection is one that was made from a name: the original's ids are random, and looking
/// for a claim on them would be a request in vain for each.
fn may_be_claimed(entries_partition: &str) -> bool {
    let id = entries_partition.trim_end_matches('#').rsplit('#').next().unwrap_or_default();
    Uuid::try_parse(id).is_ok_and(|id| id.get_version_num() == 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partition_of_the_entries_stands_before_the_version() {
        assert_eq!(entries_partition("ann#c1#17"), Some("ann#c1#"));
        assert_eq!(entries_partition("ann#c1#later"), Some("ann#c1#"));
        assert_eq!(entries_partition("ann#too#c1#17"), Some("ann#too#c1#"));
        for sort in ["", "no hash sign", "ann#odd"] {
            assert_eq!(entries_partition(sort), None, "{sort:?}");
        }
    }

    #[test]
    fn only_ids_made_from_names_are_claimed() {
        assert!(may_be_claimed("ann#aa43bb32-064f-5b29-9a42-06df88df6f61#"));
        assert!(!may_be_claimed("ann#61364c36-2c46-4883-9aea-7e9d0b8d5c27#"));
        assert!(!may_be_claimed("ann#c1#"));
    }
}
