//! A value being edited, and what becomes of it.

use std::sync::Arc;

use crate::model::{CollectionKey, Record, Version};
use crate::tui::editor::Editor;
use crate::tui::event::EditId;
use crate::tui::overlay::{Merging, Theirs};
use crate::tui::pane::Pane;

/// A value being edited.
#[derive(Debug)]
pub struct Editing {
    /// Names it among all edits.
    pub id: EditId,
    /// The text and its cursor.
    pub editor: Editor,
    /// What becomes of it.
    pub target: Target,
    /// The version whose text this was, where it is an older one than the base.
    pub text_of: Option<Version>,
    /// It was opened only to hand the text to the person's own editor.
    pub is_handed_out: bool,
    /// The newest version where it is newer than the base.
    pub theirs: Option<Box<Theirs>>,
    /// When it was begun, in ms since 1970.
    pub begun: i64,
    /// When something was typed last, in ms since 1970.
    pub changed: i64,
    /// When the newest version was looked at last, in ms since 1970.
    pub looked: i64,
    /// How far what is typed is kept as a draft.
    pub keeping: Keeping,
    /// What happens once it is kept.
    pub then: Option<Then>,
    /// What the person's own editor left is no text, and lies in a file beside the draft.
    pub lies_beside: bool,
    /// The merge with theirs as far as it was settled.
    pub merging: Option<Box<Merging>>,
    /// The pane that had the focus before, and gets it back.
    pub came_from: Pane,
}

/// What happens once what is typed is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The editor closes.
    Close,
    /// The program ends.
    Quit,
}

/// How far what is typed is kept as a draft.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keeping {
    /// All of it is, or there is nothing.
    #[default]
    Done,
    /// It lies in the file that the person's own editor left, and the draft has what was before. Both stay until more is
    /// typed.
    Beside,
    /// In a moment it will be.
    Soon,
    /// It is being written.
    Writing {
        /// More was typed since.
        more: bool,
    },
}

impl Editing {
    /// Returns an edit that has just begun.
    pub fn new(id: EditId, editor: Editor, target: Target, now: i64) -> Self {
        Self {
            id,
            editor,
            target,
            text_of: None,
            is_handed_out: false,
            theirs: None,
            begun: now,
            changed: now,
            looked: now,
            keeping: Keeping::Done,
            then: None,
            lies_beside: false,
            merging: None,
            came_from: Pane::Value,
        }
    }

    /// Returns whether there is something that isn't stored. The text of an older version is, as long as nothing was
    /// typed.
    pub fn has_unsaved(&self) -> bool {
        let is_typed = self.text_of.is_none() || !self.editor.is_untouched();
        self.editor.is_modified() && is_typed || self.lies_beside || matches!(self.target, Target::Entry { .. })
    }
}

/// What becomes of an edited value.
#[derive(Clone, Debug)]
pub enum Target {
    /// A new version on top of this one.
    Version {
        /// The version it is based on.
        base: Arc<Record>,
    },
    /// A new entry.
    Entry {
        /// The collection it goes into.
        collection: CollectionKey,
        /// Its name.
        name: String,
    },
}
