//! The file of a draft: one JSON object with a format number, for people to read too.
//!
//! A file of a smaller or equal number is read whatever else is in it; one of a greater number is left alone.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Base, Draft, DraftError, DraftId, Left, Names, Work, directory};
use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User, Version};

/// The format that is written, and the greatest that is read.
const FORMAT: u64 = 1;

/// A draft as its file has it.
#[derive(Debug)]
pub(super) struct Stored {
    /// The draft, under the id that it was saved under; it may have been taken over since.
    pub(super) draft: Draft,
    /// The number of the text that was handed out when it was saved, and goes before its own if it was changed.
    pub(super) handed_out: Option<u64>,
}

/// Returns the content of a draft's file.
pub(super) fn write(draft: &Draft, handed_out: Option<u64>) -> Vec<u8> {
    let (collection, work) = match &draft.work {
        Work::Version { entry, base } => {
            let base = BaseFile {
                version: base.version.to_string(),
                name: base.name.clone(),
                value: base.value.clone(),
                deleted: base.deleted,
            };
            (&entry.collection, WorkFile::Version { entry: entry.id.to_string(), base })
        }
        Work::Entry { collection, name } => (collection, WorkFile::Entry { name: name.clone() }),
    };
    let file = File {
        format: FORMAT,
        id: draft.id.to_string(),
        connection: draft.connection.clone(),
        home: draft.home.clone(),
        application: collection.application.to_string(),
        user: collection.user.to_string(),
        collection: collection.id.to_string(),
        collection_name: draft.names.collection.clone(),
        entry_name: draft.names.entry.clone(),
        work,
        begun: draft.begun,
        changed: draft.changed,
        line: draft.cursor.0,
        character: draft.cursor.1,
        handed_out,
        text: draft.text.clone(),
    };
    serde_json::to_vec_pretty(&file).expect("strings, numbers and fixed keys can be written as JSON")
}

/// Reads the file of the draft `id`. Fails with `Gone`, `Damaged`, `Newer`, or what the system says.
pub(super) fn read(path: &Path, id: DraftId) -> Result<Stored, DraftError> {
    let content = fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => DraftError::Gone { id },
        _ => DraftError::from_io("read the draft", path, &error),
    })?;
    let damaged = |reason: String| DraftError::Damaged { path: path.to_owned(), reason };
    // The number first: of a newer format nothing else is known.
    let head: Head = serde_json::from_slice(&content).map_err(|error| damaged(error.to_string()))?;
    if head.format > FORMAT {
        return Err(DraftError::Newer { path: path.to_owned() });
    }
    let file: File = serde_json::from_slice(&content).map_err(|error| damaged(error.to_string()))?;
    file.into_stored().map_err(damaged)
}

#[derive(Deserialize)]
struct Head {
    format: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    format: u64,
    id: String,
    connection: String,
    home: String,
    application: String,
    user: String,
    collection: String,
    collection_name: Option<String>,
    entry_name: Option<String>,
    work: WorkFile,
    begun: i64,
    changed: i64,
    line: usize,
    character: usize,
    handed_out: Option<u64>,
    text: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
enum WorkFile {
    Version { entry: String, base: BaseFile },
    Entry { name: String },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BaseFile {
    version: String,
    name: Option<String>,
    value: Option<String>,
    deleted: bool,
}

impl File {
    fn into_stored(self) -> Result<Stored, String> {
        let id = directory::parse_id(&self.id).ok_or_else(|| format!("`id` {:?} is not the id of a draft", self.id))?;
        let collection = CollectionKey {
            application: Application::new(self.application),
            user: User::new(self.user),
            id: CollectionId::new(self.collection),
        };
        let work = match self.work {
            WorkFile::Version { entry, base } => {
                let version: Version = base.version.parse().map_err(|error| format!("`version`: {error}"))?;
                let base = Base { version, name: base.name, value: base.value, deleted: base.deleted };
                Work::Version { entry: EntryKey { collection, id: EntryId::new(entry) }, base }
            }
            WorkFile::Entry { name } => Work::Entry { collection, name },
        };
        let draft = Draft {
            id,
            connection: self.connection,
            home: self.home,
            work,
            names: Names { collection: self.collection_name, entry: self.entry_name },
            text: self.text,
            cursor: (self.line, self.character),
            begun: self.begun,
            changed: self.changed,
            left: Left::default(),
        };
        Ok(Stored { draft, handed_out: self.handed_out })
    }
}
