//! What lies over the panes: a stack of windows, of which the top one gets the keys.

mod as_of;
mod changes;
mod comparison;
mod form;
mod merging;
mod planning;
mod search;
mod trash;

pub use as_of::{AsOf, Offer, Reading};
pub use changes::Changes;
pub use comparison::{Compared, Comparison, Looking};
pub use form::{Form, FormKind, Goal};
pub use merging::{About, Merging, Question, Said, Theirs};
pub use planning::{Planned, Planning, Purpose};
pub use search::HistorySearch;
pub use trash::{Bringing, Deleted, Trash};

use std::sync::Arc;

use super::compare::ToCompare;
use super::event::{RequestId, Survey};
use super::input::Input;
use super::journal::Order;
use super::list::LoadState;
use super::value::Value;
use crate::drafts::DraftId;
use crate::model::{Moment, Record};
use crate::store::Scope;

/// A window over the panes.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The keys that work here.
    Help {
        /// The first line on the screen.
        scroll: usize,
    },
    /// A question with answers to choose from.
    Choice(Choice),
    /// The moment to look at.
    AsOf(AsOf),
    /// Lines to fill in.
    Form(Form),
    /// What a write will change, before it is written.
    Review(Box<Review>),
    /// Someone else wrote while this was edited.
    Merging(Box<Merging>),
    /// The drafts on this computer.
    Drafts {
        /// The one under the cursor.
        cursor: usize,
    },
    /// All that is deleted.
    Trash(Trash),
    /// All that was done.
    Changes(Changes),
    /// A search through all versions.
    Search(Box<HistorySearch>),
    /// What has to be done so that many are as they were, and doing it.
    Planning(Box<Planning>),
    /// How the entries of two collections, or of one at two moments, differ.
    Comparison(Comparison),
    /// The difference between two versions, for a look.
    Looking(Looking),
    /// What this session wrote.
    Journal {
        /// The line under the cursor; the newest write is the first.
        cursor: usize,
    },
}

impl Overlay {
    /// Returns how far the long read of a window is, where it has one.
    pub fn load(&self) -> Option<&LoadState> {
        match self {
            Self::Trash(trash) => Some(&trash.findings.load),
            Self::Changes(changes) => Some(&changes.findings.load),
            Self::Search(search) => Some(&search.findings.load),
            Self::Planning(planning) => Some(&planning.findings.load),
            Self::Comparison(comparison) => Some(&comparison.findings.load),
            Self::Looking(looking) => Some(&looking.load),
            _ => None,
        }
    }

    /// Returns the same to be changed.
    pub fn load_mut(&mut self) -> Option<&mut LoadState> {
        match self {
            Self::Trash(trash) => Some(&mut trash.findings.load),
            Self::Changes(changes) => Some(&mut changes.findings.load),
            Self::Search(search) => Some(&mut search.findings.load),
            Self::Planning(planning) => Some(&mut planning.findings.load),
            Self::Comparison(comparison) => Some(&mut comparison.findings.load),
            Self::Looking(looking) => Some(&mut looking.load),
            _ => None,
        }
    }

    /// Returns whether the window shows a difference that is not there yet.
    pub fn awaits_difference(&self) -> bool {
        matches!(self, Self::Review(review) if review.awaited.is_some())
    }

    /// Returns what the long read of a window goes through, where it has one.
    pub fn scope(&self) -> Option<&Scope> {
        match self {
            Self::Trash(trash) => Some(&trash.scope),
            Self::Changes(changes) => Some(&changes.scope),
            Self::Search(search) => Some(&search.scope),
            _ => None,
        }
    }

    /// Returns the moment that the long read of a window goes back from, where it isn't now.
    pub fn as_of(&self) -> Option<Moment> {
        match self {
            Self::Changes(changes) => changes.as_of,
            Self::Search(search) => search.as_of,
            _ => None,
        }
    }

    /// Returns the long read that fills a window, where it has one and it was asked for.
    pub fn survey(&self) -> Option<Survey> {
        match self {
            Self::Trash(trash) => Some(Survey::Trash(trash.scope.clone())),
            Self::Changes(changes) => Some(Survey::Changes(changes.scope.clone(), changes.as_of)),
            Self::Search(search) => Some(Survey::Search(search.scope.clone(), search.as_of, search.search.clone()?)),
            Self::Planning(planning) => match &planning.purpose {
                Purpose::Moment(target) => Some(Survey::Plan(target.clone(), planning.moment)),
                Purpose::WayBack(_) => None,
            },
            Self::Comparison(comparison) => Some(Survey::Compare(comparison.old.clone(), comparison.new.clone())),
            _ => None,
        }
    }

    /// Begins the long read of a window anew.
    pub fn begin(&mut self, request: RequestId) {
        match self {
            Self::Trash(trash) => trash.findings.begin(request),
            Self::Changes(changes) => changes.findings.begin(request),
            Self::Search(search) => search.findings.begin(request),
            Self::Planning(planning) => planning.begin(request),
            Self::Comparison(comparison) => comparison.findings.begin(request),
            _ => {}
        }
    }
}

/// A question with answers. The cursor starts on the first, which loses nothing.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The title of the window.
    pub title: String,
    /// What there is to know before answering.
    pub text: Vec<String>,
    /// The answers: a key, words, and what follows.
    pub answers: Vec<Answer>,
    /// The answer under the cursor.
    pub cursor: usize,
}

/// One answer of a [`Choice`].
#[derive(Clone, Debug)]
pub struct Answer {
    /// The words.
    pub words: String,
    /// What follows.
    pub decision: Decision,
}

impl Answer {
    /// Returns an answer.
    pub fn new(words: impl Into<String>, decision: Decision) -> Self {
        Self { words: words.into(), decision }
    }
}

/// What follows from an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Nothing: the window closes.
    Nothing,
    /// Write.
    Write(Order),
    /// Write, after the question that a protected connection asks.
    Confirmed(Order),
    /// Bring back what is deleted, one after the other.
    BringBack(Vec<Arc<Record>>),
    /// Fill in a form.
    Add(FormKind),
    /// Tell how to connect to `DynamoDB`.
    ExplainConnections,
    /// Close the editor and forget what was typed.
    DiscardEdit,
    /// Close the editor; what was typed stays as a draft.
    SetAside,
    /// End the program and forget what was typed.
    DiscardAndQuit,
    /// End the program; what was typed stays as a draft.
    KeepAndQuit,
    /// Go on with a draft.
    OpenDraft(DraftId),
    /// Forget a draft.
    DiscardDraft(DraftId),
    /// Edit the newest version although there is a draft, which stays.
    EditAnew {
        /// In the person's own editor.
        outside: bool,
    },
}

/// What a write will change, before it is written.
#[derive(Clone, Debug)]
pub struct Review {
    /// The title of the window.
    pub title: String,
    /// The difference, old first, with its scroll.
    pub value: Value,
    /// The difference is not there yet. Nothing is written before it shows.
    pub awaited: Option<Awaited>,
    /// What will be written.
    pub order: Order,
    /// Why, as it is typed; `None` where the write has no place for it.
    pub note: Option<Input>,
    /// The note is being typed.
    pub is_noting: bool,
    /// The write that was sent and not yet answered.
    pub sent: Option<RequestId>,
}

/// The difference of a [`Review`] that is being computed.
#[derive(Clone, Debug)]
pub enum Awaited {
    /// It is to be asked for.
    Wanted(ToCompare),
    /// It was asked for.
    Asked(RequestId),
}

/// The characters that a note may have: it is one line of the timeline, and takes its place in the 400 KB of a version.
pub const NOTE_LIMIT: usize = 500;

impl Review {
    /// Returns what will be written, with the note as it is typed now.
    pub fn noted(&self) -> Order {
        let mut order = self.order.clone();
        let typed = self.note.as_ref().map(|note| note.text().trim()).filter(|note| !note.is_empty());
        if let Some(note) = order.write.note_mut() {
            *note = typed.map(str::to_owned);
        }
        order
    }

    /// Changes the note, see [`type_note`].
    pub fn type_note(&mut self, change: impl FnOnce(&mut Input)) -> bool {
        self.note.as_mut().is_none_or(|note| type_note(note, change))
    }
}

/// Changes a note, unless it would be longer than [`NOTE_LIMIT`]: returns whether it is not.
pub fn type_note(note: &mut Input, change: impl FnOnce(&mut Input)) -> bool {
    let mut changed = note.clone();
    change(&mut changed);
    let length = changed.text().chars().count();
    let fits = length <= NOTE_LIMIT || length <= note.text().chars().count();
    if fits {
        *note = changed;
    }
    fits
}
