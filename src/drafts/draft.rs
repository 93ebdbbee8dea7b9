//! What a draft is.

use std::fmt;
use std::path::PathBuf;

use uuid::Uuid;

use super::DraftError;
use crate::model::{CollectionKey, EntryKey, Version};

/// Names one draft: the session that has it and a number there. It changes when another session takes it over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DraftId {
    pub(super) session: Uuid,
    pub(super) number: u64,
}

impl fmt::Display for DraftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.session, self.number)
    }
}

/// The text of an entry's value that is being edited and not stored yet, with all that is needed to go on with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its own name.
    pub id: DraftId,
    /// What the connection was called.
    pub connection: String,
    /// What tells the connection apart from another of that name: place, tables, file.
    pub home: String,
    /// What is being written.
    pub work: Work,
    /// What people call it.
    pub names: Names,
    /// The text exactly as typed; it may be no JSON.
    pub text: String,
    /// The line and the character in it where the cursor is, both from 0. After [`Left::before`] it may be outside of
    /// the text.
    pub cursor: (usize, usize),
    /// When it was begun, in milliseconds since 1970.
    pub begun: i64,
    /// When it was last changed, in milliseconds since 1970.
    pub changed: i64,
    /// What the person's own editor left. Filled in by [`list`](super::Drafts::list) and [`take`](super::Drafts::take);
    /// [`save`](super::Drafts::save) does not look at it.
    pub left: Left,
}

/// What a text is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// A new version of an entry.
    Version {
        /// The entry.
        entry: EntryKey,
        /// What the text was based on.
        base: Base,
    },
    /// A new entry.
    Entry {
        /// The collection it is to be in.
        collection: CollectionKey,
        /// The name it is to have.
        name: String,
    },
}

/// The version that a text was based on, in full, so that it can be merged without the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its number.
    pub version: Version,
    /// The entry's name in it.
    pub name: Option<String>,
    /// The value in it.
    pub value: Option<String>,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// The names that people know the place of a draft by, where they were known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The collection's.
    pub collection: Option<String>,
    /// The entry's.
    pub entry: Option<String>,
}

/// What the person's own editor left that nobody has seen in the explorer yet: it, or the explorer, ended too early.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// The text as it was before the editor, where [`Draft::text`] is what the editor wrote. An editor that crashed
    /// while it was writing may have left less than there was.
    pub before: Option<String>,
    /// Files of the editor whose content is not in the text: it is not UTF-8, or was written after the text was taken
    /// back.
    pub beside: Vec<PathBuf>,
}

/// A draft in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name, also where it can't be read.
    pub id: DraftId,
    /// Whose it is.
    pub owner: Owner,
    /// Its file.
    pub path: PathBuf,
    /// The draft, or why it can't be read.
    pub draft: Result<Draft, DraftError>,
}

/// Whose a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// This session's.
    Ours,
    /// Nobody's: the session that had it has ended. It can be taken over.
    Ended,
    /// Another explorer's that is running.
    Running,
}
