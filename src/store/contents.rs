//! The collections and entries of a part of the store, one listing after the other.

use std::collections::{HashSet, VecDeque};

use super::error::StoreError;
use super::names::{Applications, Users};
use super::records::{Keep, Page, Records};
use super::rows::Scope;
use super::{Cost, Store};
use crate::model::{Application, CollectionKey, EntryKey, Filter, Moment, Record, Subject, User};

/// A reading of what is, or was at a moment, in a scope: the versions that a filter gives of its collections and of the
/// entries in these. Of one collection they are its entries, of one entry its whole history. Each call of [`Contents::next`] reads one page;
/// whoever has enough drops the reading.
///
/// A collection comes before its entries. The rows of one subject follow each other, the newest version first.
pub struct Contents {
    store: Store,
    /// The moment asked for, if it isn't now.
    by: Option<Moment>,
    filter: Filter,
    values: bool,
    /// The listings that are under way, the innermost last.
    under_way: Vec<Listing>,
    /// The collections whose entries are read or will be: several of their rows may pass by.
    seen: HashSet<CollectionKey>,
}

/// A listing, and what its rows so far lead to.
enum Listing {
    Applications(Applications, VecDeque<Application>),
    Users(Users, Application, VecDeque<User>),
    Collections(Records, VecDeque<CollectionKey>),
    Entries(Records),
}

impl Contents {
    pub(super) fn new(store: Store, scope: Scope, by: Option<Moment>, filter: Filter, values: bool) -> Self {
        let mut contents = Self { store, by, filter, values, under_way: Vec::new(), seen: HashSet::new() };
        let first = match scope {
            Scope::Store => contents.applications(),
            Scope::Application(application) => contents.users(application),
            Scope::User(application, user) => contents.collections(&application, &user),
            Scope::Collection(collection) => contents.entries(&collection),
            Scope::Entry(EntryKey { collection, id }) => {
                let entry = Subject::from(EntryKey { collection, id });
                Listing::Entries(match by {
                    Some(moment) => contents.store.history_at(&entry, moment),
                    None => contents.store.history(&entry),
                })
            }
        };
        contents.under_way.push(first);
        contents
    }

    /// Returns the next page, or `None` after the last one. A page may be empty and not the last. After a failure the
    /// same page can be asked for again.
    pub async fn next(&mut self) -> Result<Option<Page<Record>>, StoreError> {
        while let Some(listing) = self.under_way.last_mut() {
            let next = match listing {
                Listing::Applications(_, found) => found.pop_front().map(|application| self.users(application)),
                Listing::Users(_, application, found) => {
                    let application = application.clone();
                    found.pop_front().map(|user| self.collections(&application, &user))
                }
                Listing::Collections(_, found) => found.pop_front().map(|collection| self.entries(&collection)),
                Listing::Entries(_) => None,
            };
            if let Some(next) = next {
                self.under_way.push(next);
            } else if let Some(page) = self.read().await? {
                return Ok(Some(page));
            } else {
                self.under_way.pop();
            }
        }
        Ok(None)
    }

    /// Jumps over the rest of a subject's versions where the last page ended among them.
    pub fn skip(&mut self, subject: &Subject) {
        if let Some(Listing::Collections(records, _) | Listing::Entries(records)) = self.under_way.last_mut() {
            records.skip(subject);
        }
    }

    /// Reads the next page of the innermost listing.
    async fn read(&mut self) -> Result<Option<Page<Record>>, StoreError> {
        let names = |cost: Cost, unreadable| Page { items: Vec::new(), unreadable, cost };
        Ok(match self.under_way.last_mut() {
            None => None,
            Some(Listing::Applications(listing, found)) => listing.next().await?.map(|page| {
                found.extend(page.items);
                names(page.cost, page.unreadable)
            }),
            Some(Listing::Users(listing, _, found)) => listing.next().await?.map(|page| {
                found.extend(page.items);
                names(page.cost, page.unreadable)
            }),
            Some(Listing::Collections(listing, found)) => {
                let page = listing.next().await?;
                for record in page.iter().flat_map(|page| &page.items) {
                    let key = record.subject.collection();
                    if self.seen.insert(key.clone()) {
                        found.push_back(key.clone());
                    }
                }
                page
            }
            Some(Listing::Entries(listing)) => listing.next().await?,
        })
    }

    fn applications(&self) -> Listing {
        let named = self.store.inner.applications.clone();
        Listing::Applications(Applications::new(self.store.clone(), named, self.by), VecDeque::new())
    }

    fn users(&self, application: Application) -> Listing {
        let users = Users::new(self.store.clone(), Store::collections_of(&application), self.by);
        Listing::Users(users, application, VecDeque::new())
    }

    fn collections(&self, application: &Application, user: &User) -> Listing {
        let keep = Keep::by(self.filter, self.by);
        Listing::Collections(self.store.list_collections(application, user, keep), VecDeque::new())
    }

    fn entries(&self, collection: &CollectionKey) -> Listing {
        Listing::Entries(self.store.list_entries(collection, Keep::by(self.filter, self.by), self.values))
    }
}
