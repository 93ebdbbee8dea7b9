//! What lies over the panes: a stack of windows, of which the top one gets the keys.

use std::sync::Arc;

use super::event::{RequestId, Write};
use super::input::Input;
use super::value::{Difference, Value};
use crate::json::{self, ChangeKind};
use crate::model::{Application, CollectionKey, Record, Subject, User};

/// A window over the panes.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are hardly ever more than two")]
pub enum Overlay {
    /// The keys that work here.
    Help {
        /// The first line on the screen.
        scroll: usize,
    },
    /// A question with answers to choose from.
    Choice(Choice),
    /// Lines to fill in.
    Form(Form),
    /// What a write will change, before it is written.
    Review(Review),
    /// Someone else wrote while this was edited.
    Conflict(Box<Conflict>),
}

/// A question with answers. The cursor starts on the first, which does nothing.
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
    Write(Write),
    /// Fill in a form.
    Add(FormKind),
    /// Tell how to connect to `DynamoDB`.
    ExplainConnections,
    /// Close the conflict and the editor, and forget what was typed.
    KeepTheirs,
    /// Close the editor and forget what was typed.
    DiscardEdit,
    /// End the program and forget what was typed.
    DiscardAndQuit,
}

/// Lines to fill in.
#[derive(Clone, Debug)]
pub struct Form {
    /// What it is for.
    pub kind: FormKind,
    /// The lines, by what they are called.
    pub fields: Vec<(&'static str, Input)>,
    /// The line with the cursor.
    pub cursor: usize,
    /// What is wrong with what was filled in.
    pub problem: Option<String>,
    /// The name that others have too, after that was said once.
    pub said_twice: Option<String>,
    /// The write that was sent and not yet answered.
    pub sent: Option<RequestId>,
}

/// What a form is for, with what is known already.
#[derive(Clone, Debug, PartialEq)]
pub enum FormKind {
    /// A new collection; what isn't known is asked for.
    Collection {
        /// The application.
        application: Option<Application>,
        /// The user.
        user: Option<User>,
    },
    /// A new entry; its value is typed in the editor.
    Entry {
        /// The collection it goes into.
        collection: CollectionKey,
    },
    /// Another name.
    Rename {
        /// The newest version of what gets it.
        newest: Arc<Record>,
    },
}

impl Form {
    /// Returns the empty form.
    pub fn new(kind: FormKind) -> Self {
        let mut fields = Vec::new();
        match &kind {
            FormKind::Collection { application, user } => {
                if application.is_none() {
                    fields.push(("application", Input::default()));
                }
                if user.is_none() {
                    fields.push(("user", Input::default()));
                }
                fields.push(("collection", Input::default()));
            }
            FormKind::Entry { .. } => fields.push(("entry", Input::default())),
            FormKind::Rename { newest } => {
                fields.push(("new name", Input::new(newest.name.clone().unwrap_or_default())));
            }
        }
        Self { kind, fields, cursor: 0, problem: None, said_twice: None, sent: None }
    }

    /// Returns the text of a line, without white space around it.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, input)| input.text().trim())
    }

    /// Returns the title of the window.
    pub fn title(&self) -> String {
        match &self.kind {
            FormKind::Collection { application: Some(application), user: Some(user) } => {
                format!("New collection for {application} › {user}")
            }
            FormKind::Collection { application: Some(application), .. } => format!("New collection for {application}"),
            FormKind::Collection { .. } => "New collection".to_owned(),
            FormKind::Entry { .. } => "New entry".to_owned(),
            FormKind::Rename { newest } => format!("Rename the {}", newest.subject.noun()),
        }
    }

    /// Returns what the typed user name will be stored as, where there is such a line and it differs.
    pub fn stored_user(&self) -> Option<Option<User>> {
        let typed = self.field("user")?;
        let stored = User::from_typed(typed);
        (!typed.is_empty() && stored.as_ref().map(User::as_str) != Some(typed)).then_some(stored)
    }
}

/// What a write will change, before it is written.
#[derive(Clone, Debug)]
pub struct Review {
    /// The title of the window.
    pub title: String,
    /// The difference, old first, with its scroll.
    pub value: Value,
    /// What will be written.
    pub write: Write,
    /// The write that was sent and not yet answered.
    pub sent: Option<RequestId>,
}

/// Someone else wrote while this was edited: what each of the two changed since the base.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// What is edited.
    pub subject: Subject,
    /// The version that both worked on.
    pub base: Arc<Record>,
    /// Their version, the newest now.
    pub theirs: Arc<Record>,
    /// Who they are, and when they wrote.
    pub who: String,
    /// What I typed, compact JSON.
    pub mine: String,
    /// What there is to read, from the top.
    pub lines: Vec<ConflictLine>,
    /// The first line on the screen.
    pub scroll: usize,
    /// The write that was sent and not yet answered.
    pub sent: Option<RequestId>,
}

/// One line of what there is to know of a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConflictLine {
    /// What the lines below are.
    Heading(String),
    /// A path that both changed.
    Both(String),
    /// A path that was added, and its value.
    Added(String),
    /// A path that was removed, and its value.
    Removed(String),
    /// A path that changed, and how.
    Changed(String),
    /// Something else to know.
    Plain(String),
}

impl Conflict {
    /// Returns the conflict of `mine`, compact JSON typed on top of `base`, with `theirs`, in words.
    pub fn new(base: Arc<Record>, theirs: Arc<Record>, mine: String, who: String) -> Self {
        let their_changes = Difference::between(&base, &theirs, "base → theirs".to_owned());
        let my_changes = Difference::new(base.value.as_deref(), &mine, "base → yours".to_owned());
        let both = json::overlapping(&their_changes.changes, &my_changes.changes);
        let mut lines = vec![ConflictLine::Heading(format!("They changed ({who}):"))];
        if theirs.is_deleted() {
            lines.push(ConflictLine::Plain("deleted it; writing yours brings it back".to_owned()));
        }
        let only_deleted = theirs.is_deleted() && their_changes.is_empty();
        if theirs.name != base.name {
            let name = theirs.name.as_deref().map_or_else(|| "(no name)".to_owned(), json::quote);
            lines.push(ConflictLine::Plain(format!("renamed it to {name}; writing yours keeps that name")));
        }
        if !only_deleted {
            in_words(&their_changes, &mut lines);
        }
        lines.push(ConflictLine::Plain(String::new()));
        lines.push(ConflictLine::Heading("You changed:".to_owned()));
        in_words(&my_changes, &mut lines);
        lines.push(ConflictLine::Plain(String::new()));
        if both.is_empty() {
            lines.push(ConflictLine::Heading("No path was changed by both.".to_owned()));
        } else {
            lines.push(ConflictLine::Heading("Both changed; writing yours on top replaces theirs here:".to_owned()));
            lines.extend(both.iter().map(|path| ConflictLine::Both(path.to_string())));
        }
        if !their_changes.is_empty() {
            lines.push(ConflictLine::Plain("Writing yours also takes back what only they changed.".to_owned()));
        }
        Self { subject: theirs.subject.clone(), base, theirs, who, mine, lines, scroll: 0, sent: None }
    }

    /// Returns the same conflict after more was typed.
    #[must_use]
    pub fn with_mine(&self, mine: String) -> Self {
        Self::new(Arc::clone(&self.base), Arc::clone(&self.theirs), mine, self.who.clone())
    }

    /// Returns the lines about what they changed.
    pub fn about_theirs(&self) -> &[ConflictLine] {
        let end = self.lines.iter().position(|line| *line == ConflictLine::Plain(String::new()));
        &self.lines[..end.unwrap_or(self.lines.len())]
    }

    /// Returns the number of lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// The changes of a difference, one line for each path.
fn in_words(difference: &Difference, lines: &mut Vec<ConflictLine>) {
    if let Some(notice) = &difference.notice {
        lines.push(ConflictLine::Plain(notice.clone()));
    }
    for change in &difference.changes {
        let path = &change.path;
        lines.push(match &change.kind {
            ChangeKind::Added { new } => ConflictLine::Added(format!("{path}: {new}")),
            ChangeKind::Removed { old } => ConflictLine::Removed(format!("{path}: {old}")),
            ChangeKind::Changed { old, new } => ConflictLine::Changed(format!("{path}: {old} → {new}")),
        });
    }
    if difference.changes.is_empty() && difference.notice.is_none() {
        lines.push(ConflictLine::Plain("no value changed".to_owned()));
    }
}
