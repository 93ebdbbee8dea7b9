//! What is read for a plan, piece by piece.

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;

use super::{Item, note};
use crate::compare::{Pair, Pairs, Side};
use crate::model::at::At;
use crate::model::{Application, CollectionKey, Moment, Record, Subject, Unreadable, User};
use crate::store::{Cost, Costed, Steps, Store, StoreError, Users};

/// Up to so many chosen entries of one collection are read each by itself; for more the collection is listed.
const FEW: usize = 100;

/// What is to be brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// All collections of an application, with their entries.
    Application(Application),
    /// All collections of a user, with their entries.
    User(Application, User),
    /// These collections, with their entries.
    Collections(Vec<CollectionKey>),
    /// These entries of a collection; the collection itself is left as it is.
    Entries {
        /// The collection.
        collection: CollectionKey,
        /// The entries.
        entries: BTreeSet<Subject>,
    },
}

/// What one step of planning found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// What has to be done.
    pub items: Vec<Item>,
    /// How many collections and entries are as they were.
    pub unchanged: usize,
    /// How many began since and are left as they are.
    pub kept: usize,
    /// Rows that can't be read.
    pub unreadable: Vec<Unreadable>,
    /// What the step consumed.
    pub cost: Cost,
}

/// Finds what has to be done so that a target is as it was at a moment. Each call of [`Planner::next`] sends a request or
/// two; whoever has enough drops it.
pub struct Planner {
    store: Store,
    moment: Moment,
    keep_new: bool,
    why: Option<String>,
    /// The note of the versions that are written, with that.
    note: String,
    /// What is still to be read, the next one last.
    left: Vec<Reading>,
}

/// Something that is read for a plan.
enum Reading {
    Users {
        application: Application,
        users: Users,
    },
    Collections(Box<Pairs>),
    /// A collection and what is in it.
    Collection(CollectionKey),
    Entries {
        collection: Arc<Record>,
        pairs: Box<Pairs>,
        only: Option<BTreeSet<Subject>>,
    },
    Entry {
        collection: Arc<Record>,
        entry: Subject,
    },
    /// Entries of a collection that is to be read first.
    Chosen {
        collection: CollectionKey,
        entries: BTreeSet<Subject>,
    },
}

/// What one step came to.
#[derive(Default)]
struct Step {
    found: Found,
    /// Nothing is left of what was read.
    is_over: bool,
    /// What it led to, the next one last.
    next: Vec<Reading>,
}

impl Planner {
    /// Returns a planner for a target and a moment. With `keep_new`, what was not there then is left as it is.
    pub fn new(store: &Store, target: Target, moment: Moment, keep_new: bool) -> Self {
        let left = match target {
            Target::Application(application) => {
                vec![Reading::Users { users: store.users(&application), application }]
            }
            Target::User(application, user) => vec![collections_of(store, &application, &user, moment)],
            Target::Collections(keys) => keys.into_iter().rev().map(Reading::Collection).collect(),
            Target::Entries { collection, entries } => vec![Reading::Chosen { collection, entries }],
        };
        Self { store: store.clone(), moment, keep_new, why: None, note: note(moment, None), left }
    }

    /// Says why, for the versions that the plan writes: the note takes its place in their rows.
    #[must_use]
    pub fn because(self, why: Option<String>) -> Self {
        Self { note: note(self.moment, why.as_deref()), why, ..self }
    }

    /// Returns why, where that is said.
    pub fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    /// Returns the moment.
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// Returns what the next step finds, or `None` after the last one. A step may find nothing and not be the last. After
    /// a failure the same step can be asked for again.
    pub async fn next(&mut self) -> Result<Option<Found>, StoreError> {
        let Some(mut reading) = self.left.pop() else { return Ok(None) };
        let step = self.read(&mut reading).await;
        if step.as_ref().map_or(true, |step| !step.is_over) {
            self.left.push(reading);
        }
        let Step { found, next, .. } = step?;
        self.left.extend(next);
        Ok(Some(found))
    }

    async fn read(&self, reading: &mut Reading) -> Result<Step, StoreError> {
        let mut step = Step::default();
        match reading {
            Reading::Users { application, users } => match users.next().await? {
                None => step.is_over = true,
                Some(page) => {
                    step.found = Found { unreadable: page.unreadable, cost: page.cost, ..Found::default() };
                    let of = |user| collections_of(&self.store, application, user, self.moment);
                    step.next = page.items.iter().rev().map(of).collect();
                }
            },
            Reading::Collections(pairs) => match pairs.next().await? {
                None => step.is_over = true,
                Some(page) => {
                    step.found = Found { unreadable: page.unreadable, cost: page.cost, ..Found::default() };
                    for pair in page.items.into_iter().rev() {
                        self.collection(pair, &mut step);
                    }
                }
            },
            Reading::Collection(key) => {
                let pair = self.pair(&key.clone().into(), &mut step.found.cost).await?;
                step.is_over = true;
                self.collection(pair, &mut step);
            }
            Reading::Entries { collection, pairs, only } => match pairs.next().await? {
                None => step.is_over = true,
                Some(page) => {
                    step.found = Found { unreadable: page.unreadable, cost: page.cost, ..Found::default() };
                    let wanted = |pair: &Pair| only.as_ref().is_none_or(|only| is_one_of(pair, only));
                    for pair in page.items.into_iter().filter(wanted) {
                        self.plan(pair, Some(collection), &mut step.found);
                    }
                }
            },
            Reading::Entry { collection, entry } => {
                let pair = self.pair(entry, &mut step.found.cost).await?;
                step.is_over = true;
                self.plan(pair, Some(collection), &mut step.found);
            }
            Reading::Chosen { collection, entries } => {
                let read = self.store.at(&collection.clone().into(), At::Newest).await?;
                step.is_over = true;
                step.found.cost = read.cost;
                let (record, entries) = (Arc::new(read.value), mem::take(entries));
                if entries.len() > FEW {
                    step.next.push(self.entries(record, collection.clone(), Some(entries)));
                } else {
                    let one = |entry| Reading::Entry { collection: Arc::clone(&record), entry };
                    step.next.extend(entries.into_iter().rev().map(one));
                }
            }
        }
        Ok(step)
    }

    /// Plans a collection, and has its entries read where it was live then.
    fn collection(&self, pair: Pair, step: &mut Step) {
        let was_live = pair.old.as_ref().is_some_and(|old| !old.record.is_deleted());
        if let (true, Some(new)) = (was_live, &pair.new) {
            // Where it is deleted it is undeleted before its entries are written.
            let record = Record { deleted_at: None, deleted_by: None, ..new.record.clone() };
            let key = record.subject.collection().clone();
            step.next.push(self.entries(Arc::new(record), key, None));
        }
        self.plan(pair, None, &mut step.found);
    }

    fn plan(&self, pair: Pair, collection: Option<&Arc<Record>>, found: &mut Found) {
        let is_new = pair.old.is_none();
        match Item::of(&self.store, pair, collection, &self.note) {
            None => found.unchanged += 1,
            Some(_) if is_new && self.keep_new => found.kept += 1,
            Some(item) => found.items.push(item),
        }
    }

    fn entries(&self, record: Arc<Record>, collection: CollectionKey, only: Option<BTreeSet<Subject>>) -> Reading {
        let then = Side { collection: collection.clone(), moment: Some(self.moment) };
        let now = Side { collection, moment: None };
        let pairs = Box::new(Pairs::of_entries(&self.store, &then, &now));
        Reading::Entries { collection: record, pairs, only }
    }

    /// Reads both states of one collection or entry.
    async fn pair(&self, subject: &Subject, cost: &mut Cost) -> Result<Pair, StoreError> {
        let new = self.store.at(subject, At::Newest).await?;
        *cost += new.cost;
        let old = match self.store.at(subject, At::Time(self.moment.time())).await {
            Ok(Costed { value, cost: read }) => {
                *cost += read;
                Some(value.into())
            }
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(error),
        };
        Ok(Pair { old, new: Some(new.value.into()) })
    }
}

impl Steps for Planner {
    type Step = Found;

    fn step(&mut self) -> impl Future<Output = Result<Option<Found>, StoreError>> + Send {
        self.next()
    }
}

fn collections_of(store: &Store, application: &Application, user: &User, moment: Moment) -> Reading {
    Reading::Collections(Box::new(Pairs::of_collections(store, application, user, moment)))
}

fn is_one_of(pair: &Pair, only: &BTreeSet<Subject>) -> bool {
    pair.shown().is_some_and(|state| only.contains(&state.record.subject))
}
