//! From the names of an address to what they name.
//!
//! Applications and users are their names. Collections and entries are looked for by id and then by the name of their
//! newest version, through the listing of what they are in: names have no index. An entry is only ever looked for in a
//! collection that was found under its application.

use uuid::Uuid;

use super::failure::Failure;
use super::output::say;
use super::record::local_time;
use crate::model::at::At;
use crate::model::{
    Address, Application, CollectionId, CollectionKey, EntryId, EntryKey, Filter, Moment, Record, Subject, User,
};
use crate::store::{Records, Scope, Store, StoreError};

/// Which of several with one name is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A live one; a deleted one is an error.
    Live,
    /// A live one, else a deleted one: for looking at histories.
    LiveFirst,
    /// A deleted one, else a live one: for bringing back.
    DeletedFirst,
    /// One that was live at a moment, by the name it had then; one that was deleted then is an error.
    LiveAt(Moment),
    /// One that was live at a moment, else one that was deleted then: for looking at histories until then.
    LiveFirstAt(Moment),
}

impl Wanted {
    fn needs_live(self) -> bool {
        matches!(self, Self::Live | Self::LiveAt(_))
    }

    /// Returns the version of what an id names.
    fn point(self) -> At {
        match self {
            Self::LiveAt(moment) | Self::LiveFirstAt(moment) => At::Time(moment.time()),
            Self::Live | Self::LiveFirst | Self::DeletedFirst => At::Newest,
        }
    }

    fn collections(self, store: &Store, application: &Application, user: &User) -> Records {
        match self {
            Self::LiveAt(moment) | Self::LiveFirstAt(moment) => {
                store.collections_at(application, user, moment, Filter::Current)
            }
            Self::Live | Self::LiveFirst | Self::DeletedFirst => store.collections(application, user, Filter::Current),
        }
    }

    fn entries(self, store: &Store, collection: &CollectionKey) -> Records {
        match self {
            Self::LiveAt(moment) | Self::LiveFirstAt(moment) => {
                store.entries_at(collection, moment, Filter::Current, false)
            }
            Self::Live | Self::LiveFirst | Self::DeletedFirst => store.entries(collection, Filter::Current, false),
        }
    }

    /// Returns the error for what is, or was, deleted.
    fn deleted(self, record: &Record) -> Failure {
        match self {
            Self::LiveAt(_) => deleted_then(record),
            Self::Live | Self::LiveFirst | Self::DeletedFirst | Self::LiveFirstAt(_) => deleted(record),
        }
    }
}

/// What a name led to.
pub enum Found {
    /// One live collection or entry, or a deleted one where such a one is wanted.
    One(Box<Record>),
    /// Only deleted ones, where a live one is wanted: the one deleted last.
    Deleted(Box<Record>),
    /// None.
    None,
}

/// What an address names: the newest version of a collection, or of an entry with that of its collection.
pub struct Target {
    /// The collection that an entry is in; `None` for a collection.
    pub collection: Option<Record>,
    /// The newest version, without its value where it was found by name.
    pub record: Record,
}

/// Returns the user of a typed name; says so where it is stored under another one.
pub fn user(typed: &str) -> Result<User, Failure> {
    let user = User::from_typed(typed).ok_or_else(|| {
        Failure::Usage(format!("no user can be named {typed:?}: nothing of the name is left as it would be stored"))
    })?;
    if user.as_str() != typed {
        say(format_args!("the user {typed:?} is stored as {user}"));
    }
    Ok(user)
}

/// Returns the collection or entry that an address names.
pub async fn target(store: &Store, address: &Address, wanted: Wanted) -> Result<Target, Failure> {
    match address {
        Address::Store | Address::Application { .. } | Address::User { .. } => Err(Failure::Usage(format!(
            "{:?} names no collection and no entry: give APPLICATION/USER/COLLECTION or APPLICATION/USER/COLLECTION/ENTRY",
            address.to_string()
        ))),
        Address::Collection { application, user: typed, collection: name, .. } => {
            let (application, user) = (Application::new(application.as_str()), user(typed)?);
            let record = collection(store, &application, &user, name, wanted).await?;
            Ok(Target { collection: None, record })
        }
        Address::Entry { application, user: typed, collection: name, entry: entry_name, .. } => {
            let (application, user) = (Application::new(application.as_str()), user(typed)?);
            // A deleted entry may be in a live collection, and a history in a deleted one.
            let wanted_collection = if wanted == Wanted::DeletedFirst { Wanted::LiveFirst } else { wanted };
            let collection = collection(store, &application, &user, name, wanted_collection).await?;
            let record = match entry(store, &collection, entry_name, wanted).await? {
                Found::One(record) => *record,
                Found::Deleted(record) => return Err(wanted.deleted(&record)),
                Found::None => return Err(no_entry(&collection, entry_name, wanted)),
            };
            Ok(Target { collection: Some(collection), record })
        }
    }
}

/// Returns the part of the store that an address names, and the collection that it is or is in.
pub async fn scope(store: &Store, address: &Address, wanted: Wanted) -> Result<(Scope, Option<Record>), Failure> {
    let scope = match address {
        Address::Store => Scope::Store,
        Address::Application { application } => Scope::Application(Application::new(application.as_str())),
        Address::User { application, user: typed } => Scope::User(Application::new(application.as_str()), user(typed)?),
        Address::Collection { .. } | Address::Entry { .. } => {
            let Target { collection, record } = target(store, address, wanted).await?;
            return Ok(match record.subject.clone() {
                Subject::Collection(key) => (Scope::Collection(key), Some(record)),
                Subject::Entry(key) => (Scope::Entry(key), collection),
            });
        }
    };
    Ok((scope, None))
}

/// Returns the newest version of a user's collection of that name or uuid.
pub async fn collection(
    store: &Store,
    application: &Application,
    user: &User,
    name: &str,
    wanted: Wanted,
) -> Result<Record, Failure> {
    let key = CollectionKey { application: application.clone(), user: user.clone(), id: CollectionId::new(name) };
    let found = match by_uuid(store, key.into(), name, wanted).await? {
        Some(found) => found,
        None => by_name(wanted.collections(store, application, user), name, wanted).await?,
    };
    match found {
        Found::One(record) => Ok(*record),
        Found::Deleted(record) => Err(wanted.deleted(&record)),
        Found::None => {
            let place = Address::User { application: application.to_string(), user: user.to_string() }.to_string();
            Err(Failure::NotFound { noun: "collection", name: name.to_owned(), place, hint: hint(name, wanted) })
        }
    }
}

/// Looks for an entry of that name or uuid; the value may be left out of what is found.
pub async fn entry(store: &Store, collection: &Record, name: &str, wanted: Wanted) -> Result<Found, Failure> {
    let key = collection.subject.collection();
    let subject = EntryKey { collection: key.clone(), id: EntryId::new(name) };
    match by_uuid(store, subject.into(), name, wanted).await? {
        Some(found) => Ok(found),
        None => by_name(wanted.entries(store, key), name, wanted).await,
    }
}

/// Returns the error for an entry that isn't there.
pub fn no_entry(collection: &Record, name: &str, wanted: Wanted) -> Failure {
    let place = super::record::address_of(None, collection).to_string();
    Failure::NotFound { noun: "entry", name: name.to_owned(), place, hint: hint(name, wanted) }
}

/// Returns the error for what is deleted.
pub fn deleted(record: &Record) -> Failure {
    let what = format!("{} {:?}", record.subject.noun(), record.title());
    StoreError::Deleted { what, at: record.deleted_at.clone().unwrap_or_default() }.into()
}

/// Returns the error for what was deleted at the moment asked for, of which the record is as it stood then.
fn deleted_then(record: &Record) -> Failure {
    let key = record.subject.collection();
    let (application, user, collection) = (key.application.to_string(), key.user.to_string(), key.id.to_string());
    let at = Some(At::Version(record.version));
    // By ids, since names may have changed since then.
    let address = match &record.subject {
        Subject::Collection(_) => Address::Collection { application, user, collection, at },
        Subject::Entry(entry) => Address::Entry { application, user, collection, entry: entry.id.to_string(), at },
    };
    Failure::DeletedThen {
        noun: record.subject.noun(),
        name: record.title().to_owned(),
        since: record.deleted_at.clone().unwrap_or_default(),
        address: Box::new(address),
    }
}

/// A text that is no version was taken for a part of the name, or the name is of another time.
fn hint(name: &str, wanted: Wanted) -> &'static str {
    if let Wanted::LiveAt(_) | Wanted::LiveFirstAt(_) = wanted {
        "; names are those of that moment, and what began later was not there: a uuid is the same at all times"
    } else if name.contains('@') {
        "; a version after the @ is milliseconds (@1700000000000), steps back (@-1) or a time (@2026-11-22T09:41:03Z)"
    } else {
        ""
    }
}

async fn by_uuid(store: &Store, subject: Subject, id: &str, wanted: Wanted) -> Result<Option<Found>, Failure> {
    if Uuid::try_parse(id).is_err() {
        return Ok(None);
    }
    match store.at(&subject, wanted.point()).await {
        Ok(record) => Ok(Some(one(record.value, wanted))),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn one(record: Record, wanted: Wanted) -> Found {
    if record.is_deleted() && wanted.needs_live() {
        Found::Deleted(Box::new(record))
    } else {
        Found::One(Box::new(record))
    }
}

async fn by_name(mut listing: Records, name: &str, wanted: Wanted) -> Result<Found, Failure> {
    let (mut live, mut dead) = (Vec::new(), Vec::new());
    while let Some(page) = listing.next().await? {
        for record in page.items {
            if record.subject.id() == name {
                return Ok(one(record, wanted));
            }
            if record.name.as_deref() == Some(name) {
                if record.is_deleted() { &mut dead } else { &mut live }.push(record);
            }
        }
    }
    let candidates = match wanted {
        Wanted::Live | Wanted::LiveAt(_) if live.is_empty() => {
            let last = dead.into_iter().max_by(|a, b| a.deleted_at.cmp(&b.deleted_at));
            return Ok(last.map_or(Found::None, |record| Found::Deleted(Box::new(record))));
        }
        Wanted::LiveFirst | Wanted::LiveFirstAt(_) if live.is_empty() => dead,
        Wanted::DeletedFirst if !dead.is_empty() => dead,
        _ => live,
    };
    match <[Record; 1]>::try_from(candidates) {
        Ok([record]) => Ok(Found::One(Box::new(record))),
        Err(candidates) => match candidates.first() {
            None => Ok(Found::None),
            Some(first) => Err(Failure::Ambiguous {
                noun: match first.subject {
                    Subject::Collection(_) => "collections",
                    Subject::Entry(_) => "entries",
                },
                name: name.to_owned(),
                ids: candidates.iter().map(describe).collect(),
            }),
        },
    }
}

/// Returns the line by which one of several with the same name can be told from the others.
fn describe(record: &Record) -> String {
    let author = record.author.as_deref().map(|author| format!(" by {author}")).unwrap_or_default();
    let deleted = record.deleted_at.as_deref().map(|at| format!(", deleted {at}")).unwrap_or_default();
    format!("{}  written {}{author}{deleted}", record.subject.id(), local_time(record.version))
}
