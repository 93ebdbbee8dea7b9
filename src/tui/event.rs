//! What happens to the explorer ([`Event`]), what it asks for ([`Effect`]) and what comes back ([`Reply`]).

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::blame::Told;
use super::compare::ToCompare;
use super::findings::Progress;
use super::list::Row;
use super::overlay::{Compared, Deleted};
use super::value::{Body, Difference};
use super::words::quoted;
use crate::bring_back::{self, Plan, Stopped, Target};
use crate::compare::Side;
use crate::drafts::{Draft, DraftError, DraftId, Kept, Names, Work};
use crate::history::Step;
use crate::history::blame::Blame;
use crate::history::changes::Change;
use crate::history::search::{Occurrence, Search};
use crate::json;
use crate::model::{Application, CollectionKey, Moment, Record, Subject, Unreadable, User, Version};
use crate::store::{Cost, Created, Edit, Scope, StoreError, Written};

/// Something happened.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "events are taken in one at a time and never kept")]
pub enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The terminal has that many columns and rows now.
    Resize(u16, u16),
    /// The program is being ended from outside: what is typed is to be kept.
    Ending,
    /// A moment passed while something is under way.
    Tick,
    /// Something asked for came back.
    Reply(Reply),
}

/// The number of something asked for. A reply to a number that isn't waited for any more is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(u64);

impl RequestId {
    /// The first number.
    pub const FIRST: Self = Self(0);

    /// Returns the number after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Names one editing of a value, from when its editor opens to when it closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EditId(u64);

impl From<RequestId> for EditId {
    /// Makes a name of a number that nothing else has.
    fn from(number: RequestId) -> Self {
        Self(number.0)
    }
}

/// Something to do outside of the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open the store.
    Connect,
    /// Read, page by page: as of a moment, or what is there now.
    Load(RequestId, Load, Option<Moment>),
    /// Read through much, for a window.
    Survey(RequestId, Survey),
    /// Read on where a load has paused.
    More(RequestId),
    /// Stop a load, or many writes between two of them.
    Cancel(RequestId),
    /// Write. Never cancelled, and finished before the program ends.
    Write(RequestId, Write),
    /// Let the store refuse every write, or none.
    ReadOnly(bool),
    /// Put a text on the clipboard, through the terminal.
    Copy(String),
    /// Hand what is typed to the person's own editor.
    EditOutside(Box<Typed>),
    /// Ask after so many ms for what is typed by then, with [`Reply::KeepNow`].
    KeepSoon(u32),
    /// Keep what is typed as a draft.
    Keep(Box<Typed>),
    /// Remove the draft of an edit, which was stored or discarded.
    DropDraftOf(EditId),
    /// Remove a draft.
    DropDraft(DraftId),
    /// Take over a draft for an edit.
    TakeDraft(EditId, DraftId),
    /// List the drafts.
    ListDrafts,
    /// Read the newest version.
    Look(Subject),
    /// Compare values that are large.
    Compare(RequestId, ToCompare),
    /// Draw everything anew, for a terminal that shows something else.
    Redraw,
    /// Give the terminal back to the shell until `fg`.
    Suspend,
    /// End the program.
    Quit,
}

/// What to read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Load {
    /// The applications.
    Applications,
    /// The users of an application.
    Users(Application),
    /// The collections of a user, deleted ones too.
    Collections(Application, User),
    /// The entries of a collection, deleted ones too, without their values.
    Entries(CollectionKey),
    /// The versions of a collection or an entry; pauses after each page.
    History(Subject),
}

/// What to read through for a window; what is found comes bit by bit.
#[derive(Clone, Debug, PartialEq)]
pub enum Survey {
    /// All that is deleted.
    Trash(Scope),
    /// All that was ever done, or was until a moment.
    Changes(Scope, Option<Moment>),
    /// The versions in which something is found, of all or of those until a moment.
    Search(Scope, Option<Moment>, Search),
    /// Who last changed each line of a version's value.
    Blame {
        /// The version.
        shown: Arc<Record>,
        /// How far that has come; `None` at the beginning.
        so_far: Option<Box<Blame>>,
        /// The versions to go on with, newest first.
        older: Vec<Arc<Record>>,
        /// There are no others.
        all: bool,
    },
    /// What has to be done so that all of it is as it was.
    Plan(Target, Moment),
    /// How the entries of two sides differ, the older first.
    Compare(Side, Side),
    /// The difference between two versions, the older first; where there is only one, its value.
    Difference {
        /// The older one.
        old: Option<(Subject, Version)>,
        /// The newer one.
        new: Option<(Subject, Version)>,
        /// What is compared with what, old first.
        title: String,
    },
}

/// What a long read found.
#[derive(Debug)]
pub enum Found {
    /// What is deleted.
    Deleted(Vec<Deleted>),
    /// What was done.
    Changes(Vec<Change>),
    /// Versions in which what was searched for is.
    Occurrences(Vec<Occurrence>),
    /// Who last changed some lines.
    Blamed(Told),
    /// What has to be done.
    Planned(bring_back::Found),
    /// Entries that differ.
    Compared(Vec<Compared>),
    /// A difference.
    Difference(Box<Body>),
}

/// What to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// Create the two tables.
    Init,
    /// Load the sample data.
    LoadSample,
    /// Create a collection.
    CreateCollection {
        /// The application it is for.
        application: Application,
        /// The user it is for.
        user: User,
        /// Its name.
        name: String,
    },
    /// Create an entry.
    CreateEntry {
        /// The collection it goes into.
        collection: CollectionKey,
        /// Its name.
        name: String,
        /// Its value, compact JSON.
        value: String,
        /// Why.
        note: Option<String>,
    },
    /// Write a new version on top of `base`.
    Update {
        /// The version it is based on, which was seen as the newest.
        base: Arc<Record>,
        /// What changes.
        edit: Edit,
    },
    /// Mark the newest version as deleted.
    Delete {
        /// The version that was seen as the newest.
        base: Arc<Record>,
    },
    /// Write a version without the deletion mark.
    Undelete {
        /// The version that was seen as the newest.
        base: Arc<Record>,
        /// Why.
        note: Option<String>,
    },
    /// Write an older version on top.
    Restore {
        /// The version that was seen as the newest.
        base: Arc<Record>,
        /// The version to bring back.
        record: Arc<Record>,
        /// Delete it then: it was deleted in the state to come back to.
        delete: bool,
        /// Why.
        note: Option<String>,
    },
    /// Bring many back to a moment. It can be stopped between two writes, and tells each of them with
    /// [`Reply::BroughtBack`].
    BringBack(Box<Plan>),
}

impl Write {
    /// Returns the version that the write is based on, where it is about something that is there.
    pub fn base(&self) -> Option<&Arc<Record>> {
        match self {
            Self::Update { base, .. }
            | Self::Delete { base }
            | Self::Undelete { base, .. }
            | Self::Restore { base, .. } => Some(base),
            Self::Init
            | Self::LoadSample
            | Self::CreateCollection { .. }
            | Self::CreateEntry { .. }
            | Self::BringBack(_) => None,
        }
    }

    /// Returns where the write says why, where it can: a version is written, not only marked.
    pub fn note_mut(&mut self) -> Option<&mut Option<String>> {
        match self {
            Self::Update { edit, .. } => Some(&mut edit.note),
            Self::CreateEntry { note, .. } | Self::Undelete { note, .. } | Self::Restore { note, .. } => Some(note),
            Self::Init
            | Self::LoadSample
            | Self::CreateCollection { .. }
            | Self::Delete { .. }
            | Self::BringBack(_) => None,
        }
    }

    /// Returns whether more than one item is touched, or put out of reach.
    pub fn touches_many(&self) -> bool {
        match self {
            Self::Init | Self::LoadSample => true,
            Self::BringBack(plan) => plan.writes() > 1,
            Self::Delete { base } => matches!(base.subject, Subject::Collection(_)),
            _ => false,
        }
    }

    /// Returns what is written, in words: `rename entry "desk" to "table"`.
    pub fn in_words(&self) -> String {
        let named = |record: &Record| format!("{} {}", record.subject.noun(), quoted(record));
        match self {
            Self::Init => "create the two tables".to_owned(),
            Self::LoadSample => "write the sample data".to_owned(),
            Self::CreateCollection { application, user, name } => {
                format!("create collection {} for {application} › {user}", json::quote(name))
            }
            Self::CreateEntry { name, .. } => format!("create entry {}", json::quote(name)),
            Self::Update { base, edit: Edit { name: Some(name), value: None, .. } } => {
                format!("rename {} to {}", named(base), json::quote(name))
            }
            Self::Update { base, .. } => format!("save {}", named(base)),
            Self::Delete { base } => format!("delete {}", named(base)),
            Self::Undelete { base, .. } => format!("bring back {}", named(base)),
            Self::Restore { base, .. } => format!("restore an older version of {}", named(base)),
            Self::BringBack(plan) => format!("bring back {}", plan.in_words()),
        }
    }
}

/// What is typed in the editor, and all that is needed to go on with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// The edit.
    pub edit: EditId,
    /// What it is to become.
    pub work: Work,
    /// What people call it.
    pub names: Names,
    /// The text, which may be no JSON.
    pub text: String,
    /// The line and the character in it where the cursor is, from 0.
    pub cursor: (usize, usize),
    /// When it was begun, in ms since 1970.
    pub begun: i64,
    /// When it was last changed, in ms since 1970.
    pub changed: i64,
}

/// Something that was asked for came back.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "each is taken in once and never kept")]
pub enum Reply {
    /// The store is open, or can't be opened.
    Connected(Result<(), StoreError>),
    /// A page of a list.
    Rows(RequestId, Vec<Row>, Cost),
    /// A page of a history.
    Versions(RequestId, Versions, Cost),
    /// What a long read found since the last time, and how much it read for that.
    Found(RequestId, Found, Progress),
    /// A long read waits, since the tables' capacity is used up, and goes on by itself.
    Waits(RequestId),
    /// A load, or a long read, has read everything.
    Complete(RequestId),
    /// A load, or a long read, failed.
    Failed(RequestId, Arc<StoreError>),
    /// One of many writes ended, and how far the work is.
    BroughtBack(RequestId, Subject, Became, bring_back::Progress),
    /// A write ended.
    Written(RequestId, Result<Outcome, StoreError>, Cost),
    /// A text was sent to the terminal's clipboard: so many bytes, or why not.
    Copied(Result<usize, String>),
    /// The person's own editor ended.
    EditedOutside(Outside),
    /// It is time to keep what is typed.
    KeepNow,
    /// What was typed for an edit is kept, or why not.
    Kept(EditId, Result<(), DraftError>),
    /// The drafts there are.
    Drafts(Result<Vec<Kept>, DraftError>),
    /// A draft was taken over for an edit.
    Taken(EditId, Result<Box<Draft>, DraftError>),
    /// A draft was removed, or why not.
    Dropped(Result<(), DraftError>),
    /// The newest version.
    Looked(Subject, Result<Arc<Record>, Arc<StoreError>>, Cost),
    /// Values are compared.
    Compared(RequestId, Box<Difference>),
}

/// How the person's own editor ended.
#[derive(Debug)]
pub struct Outside {
    /// The text as it left it, or why there is none.
    pub text: Result<String, String>,
    /// What went wrong besides: how the editor failed, or where the text could not be kept.
    pub problem: Option<String>,
    /// What it left is no text, and lies in a file beside the draft.
    pub lies_beside: bool,
    /// The text is on disk, beside the draft with the text as it was before.
    pub is_kept: bool,
}

/// A page of a history, newest first.
#[derive(Debug, Default)]
pub struct Versions {
    /// The versions.
    pub records: Vec<Arc<Record>>,
    /// What each version did. It takes the next older version to know, so that these lag one behind until the
    /// history is complete.
    pub steps: Vec<Step>,
    /// Rows that can't be read.
    pub unreadable: Vec<Arc<Unreadable>>,
    /// Nothing is older.
    pub complete: bool,
}

/// What a write did.
#[derive(Debug)]
pub enum Outcome {
    /// The tables are there.
    Ready,
    /// So many rows of sample data were written.
    Loaded(usize),
    /// A collection was created, or was there.
    Collection(Created),
    /// An entry was created.
    Entry(Record),
    /// A version was written or marked.
    Version(Written),
    /// Someone else wrote since the base of an edit: the newest version as it is now.
    Conflict(Record),
    /// Many were brought back, each as it was told; the work may have ended before its end.
    BroughtBack(Option<Stopped>),
    /// Of two writes that belong together the first was done and the second failed.
    Half(Written, StoreError),
}

/// What became of one of many that were to be brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It is as it was.
    Done {
        /// The version that was written or marked.
        version: Version,
        /// How many versions of other writers slipped in under it at the same moment.
        slipped_in: usize,
    },
    /// It was left as it is, since someone else wrote; in words.
    Skipped(String),
    /// It could not be written; in words.
    Failed(String),
}
