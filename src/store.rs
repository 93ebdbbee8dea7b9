//! The store: everything that is read from and written to the two tables, on any engine.
//!
//! This is the only module that speaks to DynamoDB, always through its SDK; [`embedded`] plugs the engine of our own
//! file in below it. A call is one question or one write; listings are read page by page ([`Records`], [`Users`],
//! [`Applications`]), and [`mod@past`] gives them as they were. [`row`] is where a row becomes a version, [`mod@write`]
//! where the promises of writes are kept.

mod base;
mod condition;
pub mod connect;
mod contents;
mod cost;
mod create;
mod doubt;
pub mod embedded;
mod error;
mod estimate;
mod in_force;
mod names;
mod one_row;
mod past;
mod patience;
mod put_row;
mod query;
mod raw;
mod reach;
mod records;
mod row;
mod rows;
mod sample;
mod tables;
mod write;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use base::Base;
pub use contents::Contents;
pub use cost::{Cost, Costed};
pub use create::Created;
pub use error::StoreError;
pub use names::{Applications, Users};
pub use patience::Patience;
pub use put_row::RowOutcome;
pub use raw::{Attribute, StoredRow};
pub use records::{Page, Records};
pub use row::Table;
pub use rows::{Rows, Scope};
pub use tables::TableReport;
pub use write::{Edit, Written};

use crate::config::{Capacity, Tables};
use crate::model::at::At;
use crate::model::{Application, CollectionKey, Filter, Record, Subject, User, Version};
use cost::Bill;
use error::Request;
use query::{Columns, Cursor, Order, Partition};
use reach::Reached;
use records::{Keep, Limits};
use row::Within;

/// Rows asked for at first in a listing, and then: one screen soon, then fewer requests.
const LIST: Limits = Limits { first: 100, then: 1000 };
/// The same for versions with their values, of which a few are seen at a time.
const HISTORY: Limits = Limits { first: 30, then: 100 };

/// Tells the milliseconds since 1970; injected, so that tests can step it.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What a store needs to know besides its client.
#[derive(Clone)]
pub struct Options {
    /// The names of the two tables.
    pub tables: Tables,
    /// The applications to list instead of looking for them.
    pub applications: Option<Vec<Application>>,
    /// Whether listings are strongly consistent; reads that decide about a write always are.
    pub consistent_read: bool,
    /// Whether every write is refused.
    pub read_only: bool,
    /// Who writes.
    pub author: String,
    /// How tables are created.
    pub capacity: Capacity,
    /// Where requests go, in words for messages.
    pub place: String,
    /// The profile that the credentials are from, for messages.
    pub profile: Option<String>,
    /// The clock.
    pub clock: Clock,
}

/// A store of versioned collections. Cheap to clone; clones share the meter and the read-only switch.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    /// What the calls of this clone and of its clones consume, where that is counted apart.
    own: Option<Arc<Mutex<Cost>>>,
}

struct Inner {
    client: aws_sdk_dynamodb::Client,
    tables: Tables,
    applications: Option<Vec<Application>>,
    consistent_read: bool,
    read_only: AtomicBool,
    author: String,
    capacity: Capacity,
    place: String,
    profile: Option<String>,
    clock: Clock,
    total: Mutex<Cost>,
    reached: Reached,
}

impl Store {
    /// Returns a store that sends its requests through the client.
    pub fn new(client: aws_sdk_dynamodb::Client, options: Options) -> Self {
        let inner = Inner {
            client,
            tables: options.tables,
            applications: options.applications,
            consistent_read: options.consistent_read,
            read_only: AtomicBool::new(options.read_only),
            author: options.author,
            capacity: options.capacity,
            place: options.place,
            profile: options.profile,
            clock: options.clock,
            total: Mutex::default(),
            reached: Reached::default(),
        };
        Self { inner: Arc::new(inner), own: None }
    }

    /// Returns what all calls so far consumed.
    pub fn total(&self) -> Cost {
        *self.inner.total.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a clone whose calls are counted by themselves, too.
    #[must_use]
    pub fn counted(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), own: Some(Arc::default()) }
    }

    /// Returns what this clone consumed since [`Store::counted`], also in calls that failed; nothing for other clones.
    pub fn spent(&self) -> Cost {
        self.own.as_ref().map_or_else(Cost::default, |own| *own.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns where requests go, in words for messages.
    pub fn place(&self) -> &str {
        &self.inner.place
    }

    /// Returns the names of the two tables.
    pub fn tables(&self) -> &Tables {
        &self.inner.tables
    }

    /// Returns whether writes are refused.
    pub fn is_read_only(&self) -> bool {
        self.inner.read_only.load(Ordering::Relaxed)
    }

    /// Refuses every write from now on, for all clones of this store, or lets them through again. A write that is under
    /// way is finished.
    pub fn set_read_only(&self, read_only: bool) {
        self.inner.read_only.store(read_only, Ordering::Relaxed);
    }

    /// Lists the applications: the ones the connection names, or those that a scan of the collections table finds.
    pub fn applications(&self) -> Applications {
        Applications::new(self.clone(), self.inner.applications.clone(), None)
    }

    /// Lists the users of an application.
    pub fn users(&self, application: &Application) -> Users {
        Users::new(self.clone(), Self::collections_of(application), None)
    }

    /// Lists the collections of a user.
    pub fn collections(&self, application: &Application, user: &User, filter: Filter) -> Records {
        self.list_collections(application, user, Keep::by(filter, None))
    }

    /// Lists the collections of all users of an application.
    pub fn every_collection(&self, application: &Application, filter: Filter) -> Records {
        let partition =
            Partition { order: Order::Descending, columns: Columns::All, ..Self::collections_of(application) };
        let keep = Keep::by(filter, None);
        Records::new(self.clone(), partition, Within::Application(application.clone()), keep, LIST)
    }

    /// Lists the entries of a collection, with or without their values.
    ///
    /// Fails with [`StoreError::NotFound`] at the first page where the collection is not one of its application.
    pub fn entries(&self, collection: &CollectionKey, filter: Filter, values: bool) -> Records {
        self.list_entries(collection, Keep::by(filter, None), values)
    }

    /// Reads every row that belongs to the scope as it stands, whatever it holds: for copies that lose nothing.
    pub fn rows(&self, scope: Scope) -> Rows {
        Rows::new(self.clone(), scope, None)
    }

    /// Reads the collections and entries of the scope, of each the versions that the filter gives.
    pub fn contents(&self, scope: Scope, filter: Filter, values: bool) -> Contents {
        Contents::new(self.clone(), scope, filter, values)
    }

    /// Lists the versions of a collection or an entry with their values, newest first.
    pub fn history(&self, subject: &Subject) -> Records {
        let partition = Self::versions_of(subject);
        let keep = Keep::History { subject: subject.clone(), short: Vec::new(), by: None };
        Records::new(self.clone(), partition, Within::of(subject), keep, HISTORY)
    }

    /// Lists the versions before another one, newest first.
    ///
    /// Versions of fewer than 13 digits, from before September 2001, may be missing: they sort anywhere.
    pub fn history_before(&self, subject: &Subject, version: Version) -> Records {
        self.history(subject).before(subject, version)
    }

    /// Returns one version in full. One that is named by a time is given as it stood then, as listings of the past give
    /// it: marks that were put on it later are taken off.
    ///
    /// Fails with [`StoreError::NotFound`] where there is none, or not so many, or none so early.
    pub async fn at(&self, subject: &Subject, at: At) -> Result<Costed<Record>, StoreError> {
        let mut bill = self.bill();
        self.reach(&mut bill, subject.collection()).await?;
        let record = match at {
            At::Newest => self.newest_row(&mut bill, subject).await?,
            At::Version(version) => self.version(&mut bill, subject, version).await?,
            At::Back(steps) => {
                let steps = usize::try_from(steps).unwrap_or(usize::MAX);
                let mut seen = 0;
                self.first_in_history(&mut bill, subject, |_| {
                    seen += 1;
                    seen > steps
                })
                .await?
            }
            At::Time(time) => self.as_of(&mut bill, subject, time.into()).await?,
        };
        Ok(bill.close(record))
    }

    /// Fails where the collection is missing or deleted; returns its newest version.
    async fn live(&self, bill: &mut Bill<'_>, collection: &CollectionKey) -> Result<Record, StoreError> {
        let record = self.newest_row(bill, &collection.clone().into()).await?;
        match &record.deleted_at {
            Some(at) => Err(StoreError::Deleted { what: describe(&record), at: at.clone() }),
            None => Ok(record),
        }
    }

    /// Reads the newest row, strongly consistent.
    async fn newest_row(&self, bill: &mut Bill<'_>, subject: &Subject) -> Result<Record, StoreError> {
        let within = Within::of(subject);
        let partition = Self::versions_of(subject);
        let mut cursor = Cursor::Start;
        let mut short: Option<Record> = None;
        let mut limit = 1;
        while !matches!(cursor, Cursor::End) {
            for row in self.page(bill, &partition, &mut cursor, limit, true).await? {
                match within.read(row) {
                    Ok(record) if record.subject != *subject => {}
                    Ok(record) if record.version.sorts_by_number() => {
                        self.remember(std::slice::from_ref(&record));
                        return Ok(record);
                    }
                    Ok(record) if short.as_ref().is_none_or(|short| short.version < record.version) => {
                        short = Some(record);
                    }
                    Ok(_) | Err(_) => {}
                }
            }
            limit = HISTORY.then;
        }
        let newest = short.ok_or_else(|| StoreError::not_found(subject))?;
        self.remember(std::slice::from_ref(&newest));
        Ok(newest)
    }

    async fn version(&self, bill: &mut Bill<'_>, subject: &Subject, version: Version) -> Result<Record, StoreError> {
        let table = Table::of(subject);
        let row = self.row(bill, table, &subject.partition(), &subject.sort_key(version)).await?;
        row.and_then(|row| Within::of(subject).read(row).ok()).ok_or_else(|| StoreError::NotFound {
            what: format!("version {version} of {} {}", subject.noun(), subject.id()),
        })
    }

    async fn first_in_history(
        &self,
        bill: &mut Bill<'_>,
        subject: &Subject,
        mut wanted: impl FnMut(&Record) -> bool,
    ) -> Result<Record, StoreError> {
        let mut history = self.history(subject);
        while let Some(page) = history.next_on(bill).await? {
            if let Some(found) = page.items.into_iter().find(&mut wanted) {
                return Ok(found);
            }
        }
        Err(StoreError::NotFound { what: format!("so old a version of {} {}", subject.noun(), subject.id()) })
    }

    fn list_collections(&self, application: &Application, user: &User, keep: Keep) -> Records {
        let partition = Partition {
            prefix: format!("{user}#"),
            order: Order::Descending,
            columns: Columns::All,
            ..Self::collections_of(application)
        };
        Records::new(self.clone(), partition, Within::Application(application.clone()), keep, LIST)
    }

    fn list_entries(&self, collection: &CollectionKey, keep: Keep, values: bool) -> Records {
        let partition = Partition {
            table: Table::Entries,
            hash: collection.entries_partition(),
            prefix: String::new(),
            order: Order::Descending,
            columns: if values { Columns::All } else { Columns::WithoutValue },
        };
        Records::new(self.clone(), partition, Within::Collection(collection.clone()), keep, LIST)
    }

    /// All rows of an application, oldest first in each collection.
    fn collections_of(application: &Application) -> Partition {
        Partition {
            table: Table::Collections,
            hash: application.to_string(),
            prefix: String::new(),
            order: Order::Ascending,
            columns: Columns::WithoutValue,
        }
    }

    fn versions_of(subject: &Subject) -> Partition {
        Partition {
            table: Table::of(subject),
            hash: subject.partition(),
            prefix: subject.sort_prefix(),
            order: Order::Descending,
            columns: Columns::All,
        }
    }

    /// Makes sure that the collection is one of its application, with a read where that isn't known yet.
    async fn reach(&self, bill: &mut Bill<'_>, collection: &CollectionKey) -> Result<(), StoreError> {
        if self.inner.reached.contains(collection) {
            return Ok(());
        }
        self.newest_row(bill, &collection.clone().into()).await.map(drop)
    }

    /// Notes the collections among records that were read under their application.
    fn remember(&self, records: &[Record]) {
        self.inner.reached.note(records);
    }

    fn writable(&self) -> Result<(), StoreError> {
        if self.is_read_only() { Err(StoreError::ReadOnly) } else { Ok(()) }
    }

    fn client(&self) -> &aws_sdk_dynamodb::Client {
        &self.inner.client
    }

    fn table_name(&self, table: Table) -> &str {
        match table {
            Table::Collections => &self.inner.tables.collections,
            Table::Entries => &self.inner.tables.entries,
        }
    }

    fn request(&self, action: &'static str, table: Table) -> Request<'_> {
        Request {
            action,
            table: self.table_name(table),
            place: &self.inner.place,
            profile: self.inner.profile.as_deref(),
        }
    }

    fn bill(&self) -> Bill<'_> {
        Bill::new(&self.inner.total, self.own.as_deref())
    }

    fn now_ms(&self) -> i64 {
        (self.inner.clock)()
    }
}

/// Returns an id that nobody else has.
fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Names a record for a message: its name where it has one, else its id.
fn describe(record: &Record) -> String {
    let noun = record.subject.noun();
    match &record.name {
        Some(name) => format!("{noun} {name:?}"),
        None => format!("{noun} {}", record.subject.id()),
    }
}
