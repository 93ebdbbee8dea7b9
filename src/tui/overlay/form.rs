//! Lines to fill in.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::Reading;
use crate::bring_back::Target;
use crate::model::{Application, CollectionKey, Record, User};
use crate::tui::event::RequestId;
use crate::tui::input::Input;
use crate::tui::journal::Order;

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
    /// The connection's name, before a write that touches more than one item.
    Confirm {
        /// What is written then.
        order: Order,
    },
    /// The connection's name, before these are brought back.
    BringBack(Vec<Arc<Record>>),
    /// The connection's name, before writes are let through.
    Unlock,
    /// A moment of the past.
    Moment {
        /// What it is for.
        goal: Goal,
        /// What is meant, in words.
        place: String,
    },
    /// Another name.
    Rename {
        /// The newest version of what gets it.
        newest: Arc<Record>,
    },
}

/// What a moment is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// To bring back what was there.
    BringBack(Target),
    /// To compare the entries of a collection with those of then.
    Compare(CollectionKey),
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
            FormKind::Confirm { .. } | FormKind::BringBack(_) | FormKind::Unlock => {
                fields.push(("connection", Input::default()));
            }
            FormKind::Moment { .. } => fields.push(("moment", Input::default())),
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
            FormKind::Confirm { .. } | FormKind::BringBack(_) => "More than one item".to_owned(),
            FormKind::Unlock => "Let writes through".to_owned(),
            FormKind::Moment { goal: Goal::BringBack(_), place } => format!("Bring back {place}"),
            FormKind::Moment { goal: Goal::Compare(_), place } => format!("Compare {place}"),
            FormKind::Rename { newest } => format!("Rename the {}", newest.subject.noun()),
        }
    }

    /// Returns what there is to know before filling it in.
    pub fn about(&self) -> Option<String> {
        match &self.kind {
            FormKind::Confirm { order } => Some(format!("Type the connection's name to {}.", order.write.in_words())),
            FormKind::BringBack(records) => {
                Some(format!("Type the connection's name to bring back {} deleted items.", records.len()))
            }
            FormKind::Unlock => Some("Type the connection's name to let writes through again.".to_owned()),
            FormKind::Moment { goal, .. } => {
                let what = match goal {
                    Goal::BringBack(_) => "How it was at which moment? The plan comes before anything is written.",
                    Goal::Compare(_) => "With how it was at which moment?",
                };
                Some(format!("{what} Say 14:00, yesterday 9:30, 2h ago, 2026-11-21 14:00 or a version."))
            }
            _ => None,
        }
    }

    /// Returns what the line of a moment says, nothing where there is none. `now` is in ms since 1970.
    pub fn moment(&self, now: i64, zone: &TimeZone) -> Reading {
        Reading::of(self.field("moment").unwrap_or_default(), now, zone)
    }

    /// Returns what the typed user name will be stored as, where there is such a line and it differs.
    pub fn stored_user(&self) -> Option<Option<User>> {
        let typed = self.field("user")?;
        let stored = User::from_typed(typed);
        (!typed.is_empty() && stored.as_ref().map(User::as_str) != Some(typed)).then_some(stored)
    }
}
