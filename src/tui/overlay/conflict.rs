//! Someone else wrote while a value was edited.

use std::sync::Arc;

use crate::json::{self, ChangeKind};
use crate::model::{Record, Subject};
use crate::tui::event::RequestId;
use crate::tui::value::Difference;

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
