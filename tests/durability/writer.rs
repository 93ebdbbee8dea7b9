//! The process that gets killed: it writes through the real store, and says of each write that it was acknowledged.
//!
//! It is this test binary, run again for the one test below, with its [`Orders`] in the environment. On its standard
//! output stands a line `ready` before it opens the file, then one line for each write, after the call has returned;
//! what it could not write although nobody was in the way is a line that begins with `failed`.

use std::collections::hash_map::DefaultHasher;
use std::fmt::{Display, Write as _};
use std::hash::{Hash, Hasher};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dynamini::config::{Connection, Overrides, resolve};
use dynamini::model::at::At;
use dynamini::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, Record, Subject, User};
use dynamini::store::connect::{clock, connect};
use dynamini::store::{Base, Edit, Store, StoreError};

use super::dice::Dice;

/// The variable that holds the orders.
pub const ORDERS: &str = "DYNAMINI_TEST_WRITER";
/// The full name of the test that is the writer.
pub const TEST: &str = "durability::writer::writes_until_it_is_killed";

/// What a writer is told.
#[derive(Clone, Debug)]
pub struct Orders {
    /// The data directory.
    pub directory: PathBuf,
    /// Who it is; no two have the same name.
    pub author: String,
    pub seed: u64,
    pub collection: String,
    /// Ids of entries that are there already, others may be writing to them.
    pub entries: Vec<String>,
}

impl Orders {
    pub fn text(&self) -> String {
        let Self { directory, author, seed, collection, entries } = self;
        format!("{}|{author}|{seed}|{collection}|{}", directory.display(), entries.join(","))
    }

    fn read(text: &str) -> Self {
        let [directory, author, seed, collection, entries] = text.split('|').collect::<Vec<_>>()[..] else {
            panic!("these are no orders: {text}")
        };
        Self {
            directory: directory.into(),
            author: author.to_owned(),
            seed: seed.parse().unwrap(),
            collection: collection.to_owned(),
            entries: entries.split(',').map(str::to_owned).collect(),
        }
    }
}

/// A write that was acknowledged, as one line tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// "collection" or "entry".
    pub noun: String,
    pub id: String,
    pub version: i64,
    /// Of the record without its marks, see [`fingerprint`].
    pub fingerprint: u64,
    /// The mark, if it was a deletion.
    pub deleted_at: Option<String>,
}

impl Acknowledged {
    pub fn of(record: &Record) -> Self {
        Self {
            noun: record.subject.noun().to_owned(),
            id: record.subject.id().to_owned(),
            version: record.version.ms(),
            fingerprint: fingerprint(record),
            deleted_at: record.deleted_at.clone(),
        }
    }

    fn line(&self) -> String {
        let Self { noun, id, version, fingerprint, deleted_at } = self;
        format!("wrote {noun} {id} {version} {fingerprint} {}", deleted_at.as_deref().unwrap_or("-"))
    }

    /// Returns the write of a line; `None` for what else the test binary prints.
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.strip_prefix("wrote ")?.split(' ');
        let mut word = || words.next().unwrap().to_owned();
        Some(Self {
            noun: word(),
            id: word(),
            version: word().parse().unwrap(),
            fingerprint: word().parse().unwrap(),
            deleted_at: Some(word()).filter(|word| word != "-"),
        })
    }
}

/// Returns a number that tells a record from every other; marks, which are set later, don't count.
pub fn fingerprint(record: &Record) -> u64 {
    let unmarked = Record { deleted_at: None, deleted_by: None, superseded_by: None, ..record.clone() };
    let mut hasher = DefaultHasher::new();
    format!("{unmarked:?}").hash(&mut hasher);
    hasher.finish()
}

/// Returns the value number `n`: its length and its text follow from the number, so that a part of it is found out.
pub fn value(n: u64) -> String {
    let mut dice = Dice::new(n);
    // Most are small; some fill many pages, so that the log is folded into the file while writers are killed.
    let words = if dice.one_in(10) { dice.below(8_000) } else { dice.below(40) };
    let mut value = format!("{{\"n\":{n},\"words\":[");
    for _ in 0..words {
        write!(value, "\"{:x}\",", dice.next()).unwrap();
    }
    value + "null]}"
}

/// Returns whether a value is one of [`value`], from its first to its last byte.
pub fn is_whole(text: &str) -> bool {
    let number = text.strip_prefix("{\"n\":").and_then(|rest| rest.split(',').next());
    number.and_then(|number| number.parse().ok()).is_some_and(|n| value(n) == text)
}

pub fn name(n: u64) -> String {
    format!("name {n} is {:x}", Dice::new(n).next())
}

pub fn is_whole_name(text: &str) -> bool {
    let number = text.strip_prefix("name ").and_then(|rest| rest.split(' ').next());
    number.and_then(|number| number.parse().ok()).is_some_and(|n| name(n) == text)
}

/// Returns the connection to the embedded store of a data directory, as the program makes it.
pub fn connection(directory: &Path) -> Connection {
    let overrides = Overrides { data_dir: Some(directory.to_owned()), ..Overrides::default() };
    resolve(None, &overrides, &|_| None).unwrap()
}

/// Opens the embedded store of a data directory, as the program does.
pub async fn open(directory: &Path, author: &str) -> Result<Store, StoreError> {
    connect(&connection(directory), author, clock(None)).await
}

pub fn collection(id: &str) -> CollectionKey {
    CollectionKey { application: Application::new("app"), user: User::new("ann"), id: CollectionId::new(id) }
}

#[test]
#[ignore = "it is the process that the tests in killing.rs start and kill"]
fn writes_until_it_is_killed() {
    let Ok(orders) = std::env::var(ORDERS) else {
        println!("skipped: nobody gave orders");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let Err(error) = runtime.block_on(write(Orders::read(&orders)));
    say(format_args!("failed: {error}"));
}

/// Says a line at once.
fn say(line: impl Display) {
    // The test harness leaves a line of its own open, and what is said must go out in one piece.
    let line = format!("\n{line}\n");
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).unwrap();
}

async fn write(orders: Orders) -> Result<std::convert::Infallible, StoreError> {
    say("ready");
    let store = open(&orders.directory, &orders.author).await?;
    let collection = collection(&orders.collection);
    let entries = orders.entries.iter().map(|id| EntryId::new(id.as_str()));
    let entries = entries.map(|id| EntryKey { collection: collection.clone(), id }.into()).collect();
    let mut writer = Writer { store: Arc::new(store), collection, entries, dice: Dice::new(orders.seed) };
    loop {
        match writer.write_something().await {
            Ok(record) => say(Acknowledged::of(&record).line()),
            // The other writer was first.
            Err(
                StoreError::VersionConflict { .. }
                | StoreError::Deleted { .. }
                | StoreError::NotDeleted { .. }
                | StoreError::AlreadyNewest { .. },
            ) => {}
            Err(error) => return Err(error),
        }
    }
}

struct Writer {
    store: Arc<Store>,
    collection: CollectionKey,
    entries: Vec<Subject>,
    dice: Dice,
}

impl Writer {
    async fn write_something(&mut self) -> Result<Record, StoreError> {
        if self.dice.one_in(12) {
            let name = name(self.dice.next());
            let CollectionKey { application, user, .. } = &self.collection;
            return Ok(self.store.create_collection(application, user, &name).await?.value.record);
        }
        if self.dice.one_in(6) {
            return self.create().await;
        }
        let subject = self.dice.pick(&self.entries).clone();
        let newest = self.store.at(&subject, At::Newest).await?.value;
        let (base, note) = if self.dice.one_in(8) {
            (Base::Any, None)
        } else {
            (Base::Version(newest.version), Some(on(newest.version.ms())))
        };
        let store = Arc::clone(&self.store);
        if self.dice.one_in(if newest.is_deleted() { 2 } else { 8 }) {
            let older = At::Back(u32::try_from(1 + self.dice.below(3)).unwrap());
            if let Ok(older) = store.at(&subject, older).await {
                return Ok(store.restore(&subject, older.value.version, note, base).await?.value.record);
            }
        }
        let written = if newest.is_deleted() {
            store.undelete(&subject, base).await?
        } else if self.dice.one_in(8) {
            store.delete(&subject, base).await?
        } else if self.dice.one_in(6) {
            let edit = Edit { name: Some(name(self.dice.next())), value: None, note, undelete: false };
            store.update(&subject, &edit, base).await?
        } else {
            let edit = Edit { name: None, value: Some(value(self.dice.next())), note, undelete: false };
            store.update(&subject, &edit, base).await?
        };
        Ok(written.value.record)
    }

    async fn create(&mut self) -> Result<Record, StoreError> {
        let (name, value) = (name(self.dice.next()), value(self.dice.next()));
        let created = self.store.create_entry(&self.collection, &name, &value, None).await?.value;
        self.entries.push(created.subject.clone());
        Ok(created)
    }
}

/// Returns the note of a version that was written on that one, and marked it in the same transaction.
pub fn on(base: i64) -> String {
    format!("on {base}")
}
