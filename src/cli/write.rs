//! The commands that write: each prints the record it made.

use std::io::Read;
use std::path::Path;
use std::{fs, io};

use uuid::Uuid;

use super::Session;
use super::args::{Format, Put};
use super::failure::Failure;
use super::find::{self, Found, Wanted};
use super::output::say;
use super::record::address_of;
use crate::json;
use crate::model::{Address, Application, Record, Version};
use crate::store::{Base, Costed, Edit, StoreError, Written};

/// Writes the value of an entry, and creates the entry where there is none of that name.
///
/// Two that create one name at the same moment make two entries of it, as in the original: names are not unique.
pub async fn put(session: &mut Session, put: &Put) -> Result<(), Failure> {
    super::without_version(&put.address, "a version to write on is named with --if-version")?;
    let Address::Entry { application, user, collection, entry: name, .. } = &put.address else {
        return Err(Failure::Usage("only an entry has a value: give APPLICATION/USER/COLLECTION/ENTRY".to_owned()));
    };
    if session.store.is_read_only() {
        return Err(StoreError::ReadOnly.into());
    }
    let value = read_value(put.file.as_deref())?;
    let (application, user) = (Application::new(application.as_str()), find::user(user)?);
    let collection = find::collection(&session.store, &application, &user, collection, Wanted::Live).await?;
    let must_exist = put.if_version.is_some() || put.name.is_some() || Uuid::try_parse(name).is_ok();
    match find::entry(&session.store, &collection, name, Wanted::Live).await? {
        Found::One(record) if put.create_only => {
            Err(Failure::Exists { name: name.clone(), id: record.subject.id().to_owned() })
        }
        Found::One(record) => {
            let edit = Edit { name: put.name.clone(), value: Some(value), note: put.note.clone(), undelete: false };
            let written = session.store.update(&record.subject, &edit, base(put.if_version)).await?;
            session.print_written("wrote", Some(&collection), written)
        }
        Found::Deleted(record) if !put.create_only => Err(find::deleted(&record)),
        Found::None if must_exist => Err(find::no_entry(&collection, name, Wanted::Live)),
        Found::Deleted(_) | Found::None => {
            let key = collection.subject.collection();
            let created = session.store.create_entry(key, name, &value, put.note.clone()).await?;
            session.print_write("created", Some(&collection), &created.value)
        }
    }
}

/// Creates a collection, or finds that it is there.
pub async fn create(session: &mut Session, address: &Address) -> Result<(), Failure> {
    super::without_version(address, "a collection is created with its first version")?;
    let Address::Collection { application, user, collection, .. } = address else {
        return Err(Failure::Usage(
            "only collections are created by name: give APPLICATION/USER/COLLECTION; an entry comes with `put`"
                .to_owned(),
        ));
    };
    let (application, user) = (Application::new(application.as_str()), find::user(user)?);
    let created = session.store.create_collection(&application, &user, collection).await?.value;
    session.print_write(if created.is_new { "created" } else { "exists" }, None, &created.record)
}

/// Gives a collection or an entry another name.
pub async fn rename(
    session: &mut Session,
    address: &Address,
    name: &str,
    note: Option<String>,
    if_version: Option<Version>,
) -> Result<(), Failure> {
    super::without_version(address, "the newest version is renamed")?;
    let found = find::target(&session.store, address, Wanted::Live).await?;
    let edit = Edit { name: Some(name.to_owned()), note, ..Edit::default() };
    let written = session.store.update(&found.record.subject, &edit, base(if_version)).await?;
    session.print_written("renamed", found.collection.as_ref(), written)
}

/// Marks a collection or an entry as deleted.
pub async fn rm(session: &mut Session, address: &Address, if_version: Option<Version>) -> Result<(), Failure> {
    super::without_version(address, "a version to delete is named with --if-version")?;
    let found = find::target(&session.store, address, Wanted::Live).await?;
    let written = session.store.delete(&found.record.subject, base(if_version)).await?;
    session.print_written("deleted", found.collection.as_ref(), written)
}

/// Brings back what is deleted.
pub async fn undelete(
    session: &mut Session,
    address: &Address,
    note: Option<String>,
    if_version: Option<Version>,
) -> Result<(), Failure> {
    super::without_version(address, "an older version is brought back with `restore`")?;
    let found = find::target(&session.store, address, Wanted::DeletedFirst).await?;
    let written = session.store.undelete_with(&found.record.subject, note, base(if_version)).await?;
    session.print_written("undeleted", found.collection.as_ref(), written)
}

/// Brings back an older version.
pub async fn restore(
    session: &mut Session,
    address: &Address,
    note: Option<String>,
    if_version: Option<Version>,
) -> Result<(), Failure> {
    let Some(at) = address.at() else {
        return Err(Failure::Usage("name the version to bring back: ADDRESS@VERSION, for example @-1".to_owned()));
    };
    let found = find::target(&session.store, address, Wanted::LiveFirst).await?;
    let subject = &found.record.subject;
    let version = session.store.at(subject, at).await?.value.version;
    let written = session.store.restore(subject, version, note, base(if_version)).await?;
    session.print_written("restored", found.collection.as_ref(), written)
}

fn base(if_version: Option<Version>) -> Base {
    if_version.map_or(Base::Any, Base::Version)
}

/// Returns the JSON value of a file or of the standard input on one line, with all its tokens as they are.
fn read_value(file: Option<&Path>) -> Result<String, Failure> {
    let file = file.filter(|file| *file != Path::new("-"));
    let source_name = || file.map_or_else(|| "(standard input)".to_owned(), |file| file.display().to_string());
    let bytes = if let Some(path) = file {
        fs::read(path)
    } else {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    };
    let bytes = bytes.map_err(|error| Failure::Input { file: source_name().into(), error })?;
    let text = String::from_utf8(bytes)
        .map_err(|error| Failure::NotText { source_name: source_name(), offset: error.utf8_error().valid_up_to() })?;
    let document = json::parse(&text).map_err(|error| Failure::NotJson { source_name: source_name(), error })?;
    for duplicate in document.duplicate_keys() {
        say(format_args!(
            "{}:{}: the key {} is there twice; most programs see only the last one",
            source_name(),
            duplicate.line,
            duplicate.path
        ));
    }
    Ok(json::compact(&document))
}

impl Session {
    fn print_written(
        &mut self,
        verb: &str,
        collection: Option<&Record>,
        written: Costed<Written>,
    ) -> Result<(), Failure> {
        let Written { record, slipped_in } = written.value;
        for version in slipped_in {
            say(format_args!(
                "version {version} was written at the same moment by someone else; see `log` for which one is the newest"
            ));
        }
        self.print_write(verb, collection, &record)
    }

    fn print_write(&mut self, verb: &str, collection: Option<&Record>, record: &Record) -> Result<(), Failure> {
        if self.out.format != Format::Table {
            return self.print_record(record);
        }
        let address = address_of(collection, record);
        let from = record.restored_from.filter(|_| verb == "restored");
        let from = from.map(|version| format!(" from @{version}")).unwrap_or_default();
        let (version, id) = (record.version, record.subject.id());
        self.out.line(&format!("{verb} {address} @{version}{from}  {id}"))?;
        Ok(())
    }
}
