//! From the selections of the lists to what they hold and name.

use std::sync::Arc;

use super::App;
use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, Moment, Record, Subject, User};
use crate::store::Scope;
use crate::tui::compare::Side;
use crate::tui::event::Load;
use crate::tui::kept::place;
use crate::tui::list::{List, Row, RowState};
use crate::tui::pane::Level;

impl App {
    /// Returns what the list of a level holds, by the selections above it.
    pub fn load_of(&self, level: Level) -> Option<Load> {
        match level {
            Level::Applications => Some(Load::Applications),
            Level::Users => Some(Load::Users(self.application()?)),
            Level::Collections => Some(Load::Collections(self.application()?, self.user()?)),
            Level::Entries => Some(Load::Entries(self.collection()?)),
        }
    }

    /// Returns the list of a level, where it has been asked for.
    pub fn list(&self, level: Level) -> Option<&List> {
        self.lists.get(&self.load_of(level)?)
    }

    /// Returns the same to be changed.
    pub fn list_mut(&mut self, level: Level) -> Option<&mut List> {
        let load = self.load_of(level)?;
        self.lists.get_mut(&load)
    }

    /// Returns the selected row of a level.
    pub fn row(&self, level: Level) -> Option<&Row> {
        self.list(level)?.selected_row()
    }

    /// Returns the selected application.
    pub fn application(&self) -> Option<Application> {
        self.readable(Level::Applications).map(|row| Application::new(row.id.clone()))
    }

    /// Returns the selected user.
    pub fn user(&self) -> Option<User> {
        self.readable(Level::Users).map(|row| User::new(row.id.clone()))
    }

    /// Returns the selected collection.
    pub fn collection(&self) -> Option<CollectionKey> {
        let id = CollectionId::new(self.readable(Level::Collections)?.id.clone());
        Some(CollectionKey { application: self.application()?, user: self.user()?, id })
    }

    /// Returns the selected entry.
    pub fn entry(&self) -> Option<EntryKey> {
        let id = EntryId::new(self.readable(Level::Entries)?.id.clone());
        Some(EntryKey { collection: self.collection()?, id })
    }

    /// Returns what the timeline is about.
    pub fn subject(&self) -> Option<Subject> {
        match self.level {
            Level::Applications | Level::Users => None,
            Level::Collections => self.collection().map(Subject::Collection),
            Level::Entries => self.entry().map(Subject::Entry),
        }
    }

    /// Returns what a collection or entry is in, in words: `shop › ada`, or `shop › ada › lamps`.
    pub fn place_of(&self, subject: &Subject) -> String {
        let CollectionKey { application, user, id } = subject.collection();
        match subject {
            Subject::Collection(_) => format!("{application} › {user}"),
            Subject::Entry(_) => {
                let name = self.collection_name(subject.collection()).unwrap_or_else(|| id.to_string());
                format!("{application} › {user} › {name}")
            }
        }
    }

    /// Returns what is selected as what a long read goes through, no deeper than a level: the collection, the user or
    /// the application.
    pub fn scope(&self, deepest: Level) -> Option<Scope> {
        let application = self.application()?;
        let level = self.level.min(deepest);
        let user = self.user().filter(|_| level >= Level::Users);
        let collection = self.collection().filter(|_| level >= Level::Collections);
        Some(match (collection, user) {
            (Some(collection), _) => Scope::Collection(collection),
            (None, Some(user)) => Scope::User(application, user),
            (None, None) => Scope::Application(application),
        })
    }

    /// Returns what a long read goes through, in words: `shop › ada`.
    pub fn words_of_scope(&self, scope: &Scope) -> String {
        match scope {
            Scope::Store => "everything".to_owned(),
            Scope::Application(application) => application.to_string(),
            Scope::User(application, user) => format!("{application} › {user}"),
            Scope::Collection(key) => {
                let name = self.collection_name(key).unwrap_or_else(|| key.id.to_string());
                format!("{} › {} › {name}", key.application, key.user)
            }
            Scope::Entry(key) => self.place_of(&key.clone().into()),
        }
    }

    /// Returns the words that follow what is told of a moment; none of now, unless the explorer shows the past.
    pub fn words_of_moment(&self, moment: Option<Moment>) -> String {
        match moment {
            Some(moment) => format!(" as of {}", moment.shown(&self.zone)),
            None if self.as_of.is_some() => " until now".to_owned(),
            None => String::new(),
        }
    }

    /// Returns a version to compare, with the names that lead to it.
    pub fn side(&self, record: &Arc<Record>) -> Side {
        let collection = record.subject.collection();
        let mut names = vec![collection.application.to_string(), collection.user.to_string()];
        if let Subject::Entry(_) = record.subject {
            names.push(self.collection_name(collection).unwrap_or_else(|| collection.id.to_string()));
        }
        names.push(record.name.clone().unwrap_or_else(|| "(no name)".to_owned()));
        Side { record: Arc::clone(record), names }
    }

    /// Returns the name of a collection, where it has been listed.
    pub fn collection_name(&self, key: &CollectionKey) -> Option<String> {
        let list = self.lists.get(&Load::Collections(key.application.clone(), key.user.clone()))?;
        list.label_of(key.id.as_str()).map(str::to_owned)
    }

    /// Returns whether there is a draft at or below a row of a level.
    pub fn has_draft(&self, level: Level, row: &Row) -> bool {
        let Some(home) = &self.connection.home else { return false };
        self.drafts.at(home).any(|(_, draft)| {
            let (collection, entry) = place(draft);
            let is_below = |above: Level| match above {
                Level::Applications => self.application().as_ref() == Some(&collection.application),
                Level::Users => self.user().as_ref() == Some(&collection.user),
                Level::Collections => self.collection().as_ref() == Some(collection),
                Level::Entries => false,
            };
            let id = match level {
                Level::Applications => Some(collection.application.as_str()),
                Level::Users => Some(collection.user.as_str()),
                Level::Collections => Some(collection.id.as_str()),
                Level::Entries => entry.map(EntryId::as_str),
            };
            id == Some(&*row.id) && Level::ALL.into_iter().take_while(|above| *above < level).all(is_below)
        })
    }

    fn readable(&self, level: Level) -> Option<&Row> {
        self.row(level).filter(|row| !matches!(row.state, RowState::Unreadable(_)))
    }
}
