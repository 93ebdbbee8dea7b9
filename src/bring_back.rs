//! Many collections and entries brought back to how they were at a moment.
//!
//! [`Planner`] compares what is there with what was there then, page by page, and says what has to be done ([`Plan`]);
//! [`carry_out()`] does it, each by itself under the rule that nobody wrote since the plan was made. Whoever did is listed
//! as skipped, and a plan that is made anew holds only what is left.
//!
//! | then | now | what is done |
//! |---|---|---|
//! | live | live, with another value | the version of then is restored |
//! | live | live, with another name only | the same: it is renamed back |
//! | live | deleted | the version of then is restored, which undeletes it |
//! | deleted, or not there yet | live | it is soft-deleted |
//! | deleted, or not there yet | deleted | nothing |
//! | the same name and value, both live | | nothing |
//!
//! The history only grows: a version that is written says which one it restores, and carries the moment as its note.
//! The entries of a collection that was deleted then, or not there, are left alone: they go with the collection, and
//! come back with it.

mod carry_out;
mod planner;
mod way_back;

use std::fmt;
use std::sync::Arc;

pub use carry_out::{Outcome, Progress, Report, Stopped, carry_out};
pub use planner::{Found, Planner, Target};

use crate::compare::Pair;
use crate::model::{Moment, Record, Unreadable};
use crate::store::{Cost, Store, StoreError};
use crate::text::number;

/// What has to be done so that all is as it was at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The moment.
    pub moment: Moment,
    /// Why, for the versions that it writes.
    pub note: Option<String>,
    /// It takes back what another plan did: what it writes is not noted to be of a moment.
    pub is_way_back: bool,
    /// What has to be done, in that order: collections are brought back before their entries, and deleted last.
    pub items: Vec<Item>,
    /// How many collections and entries are as they were.
    pub unchanged: usize,
    /// How many began since and are left as they are, since it was asked for.
    pub kept: usize,
    /// Rows that can't be read, and are left as they are.
    pub unreadable: Vec<Unreadable>,
    /// What reading for the plan consumed.
    pub read: Cost,
}

/// One collection or entry that is not as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The newest version, which the write is based on; without its value.
    pub now: Record,
    /// The version in force then, as it stood then, without its value; `None` where there was none.
    pub then: Option<Record>,
    /// The collection that an entry is in, as it is now; `None` for a collection.
    pub collection: Option<Arc<Record>>,
    /// What is done.
    pub act: Act,
    /// What that will consume, about.
    pub cost: Cost,
}

/// What is done with a collection or an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Its value of then is written, and its name.
    Restore,
    /// Its name of then is written; the value is the same.
    Rename,
    /// It is deleted now, and comes back as it was.
    Undelete,
    /// It was deleted then, or not there, and is marked as deleted.
    Delete,
    /// It can't be brought back.
    Nothing(Obstacle),
}

impl Act {
    /// Returns the word for it: what is going to be done.
    pub fn word(self) -> &'static str {
        match self {
            Self::Restore => "restore",
            Self::Rename => "rename back",
            Self::Undelete => "undelete",
            Self::Delete => "delete",
            Self::Nothing(_) => "leave",
        }
    }
}

/// Why something can't be brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Its version of then has no value.
    NoValue,
    /// The collection it is in is deleted, and is not brought back with it.
    InDeletedCollection,
    /// What is noted on a restored version makes the row larger than one can be.
    TooLarge,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoValue => "its version of then has no value",
            Self::InDeletedCollection => "its collection is deleted: bring that one back first",
            Self::TooLarge => "with what is noted on a restored version it is larger than 400 KB",
        })
    }
}

/// How many of a plan's items each thing is done with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// To be restored.
    pub restore: usize,
    /// To be renamed back.
    pub rename: usize,
    /// To be undeleted.
    pub undelete: usize,
    /// To be deleted.
    pub delete: usize,
    /// That can't be brought back.
    pub impossible: usize,
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, act: Act) {
        *self.of(act) += 1;
    }

    /// Returns the count of what this is done with.
    pub fn of(&mut self, act: Act) -> &mut usize {
        match act {
            Act::Restore => &mut self.restore,
            Act::Rename => &mut self.rename,
            Act::Undelete => &mut self.undelete,
            Act::Delete => &mut self.delete,
            Act::Nothing(_) => &mut self.impossible,
        }
    }

    /// Returns the words for each thing, with how many it is done with.
    pub fn parts(&self) -> [(usize, &'static str); 5] {
        [
            (self.restore, "to restore"),
            (self.rename, "to rename back"),
            (self.undelete, "to undelete"),
            (self.delete, "to delete"),
            (self.impossible, "that can't be brought back"),
        ]
    }
}

impl Plan {
    /// Returns a plan with nothing in it yet.
    pub fn new(moment: Moment) -> Self {
        let (items, unreadable) = (Vec::new(), Vec::new());
        Self { moment, note: None, is_way_back: false, items, unchanged: 0, kept: 0, unreadable, read: Cost::default() }
    }

    /// Returns a plan for what a planner finds, with nothing in it yet.
    pub fn of(planner: &Planner) -> Self {
        Self { note: planner.why().map(str::to_owned), ..Self::new(planner.moment()) }
    }

    /// Reads all that the planner finds.
    pub async fn make(mut planner: Planner) -> Result<Self, StoreError> {
        let mut plan = Self::of(&planner);
        while let Some(found) = planner.next().await? {
            plan.add(found);
        }
        plan.sort();
        Ok(plan)
    }

    /// Adds what a planner found; [`Plan::sort`] must follow the last.
    pub fn add(&mut self, found: Found) {
        self.items.extend(found.items);
        self.unreadable.extend(found.unreadable);
        self.unchanged += found.unchanged;
        self.kept += found.kept;
        self.read += found.cost;
    }

    /// Puts the items in the order in which they are done, and those that are done together in that of their names.
    pub fn sort(&mut self) {
        self.items.sort_by_cached_key(|item| {
            let key = item.now.subject.collection();
            let place = (key.application.to_string(), key.user.to_string());
            let collection = item.collection.as_ref().map(|collection| collection.name.clone());
            let name = (item.now.name.clone(), item.now.subject.id().to_owned());
            (item.stage(), place, collection, key.id.to_string(), name)
        });
    }

    /// Returns how many items there are of each kind.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.items.iter().for_each(|item| counts.add(item.act));
        counts
    }

    /// Returns what carrying it out will consume, about.
    pub fn cost(&self) -> Cost {
        let mut cost = Cost::default();
        self.items.iter().for_each(|item| cost += item.cost);
        cost
    }

    /// Returns how many writes it takes.
    pub fn writes(&self) -> usize {
        self.items.iter().filter(|item| item.is_possible()).count()
    }

    /// Returns how many collections and entries it writes to, in words: `1 collection and 12 entries`.
    pub fn in_words(&self) -> String {
        let written = || self.items.iter().filter(|item| item.is_possible());
        let collections = written().filter(|item| item.collection.is_none()).count();
        let parts = [(collections, "collection", "collections"), (written().count() - collections, "entry", "entries")];
        let parts = parts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, several)| number(n, one, several));
        parts.collect::<Vec<_>>().join(" and ")
    }

    /// Returns the note that the versions it writes carry: `as of MOMENT`, and why where that is said.
    pub fn note(&self) -> Option<String> {
        if self.is_way_back { self.note.clone() } else { Some(note(self.moment, self.note.as_deref())) }
    }
}

fn note(moment: Moment, why: Option<&str>) -> String {
    match why {
        Some(why) => format!("as of {moment}: {why}"),
        None => format!("as of {moment}"),
    }
}

/// When something is done: what is of a later stage waits for all of the ones before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    CollectionsBack,
    Entries,
    CollectionsAway,
}

impl Item {
    /// Returns whether something is done with it.
    pub fn is_possible(&self) -> bool {
        !matches!(self.act, Act::Nothing(_))
    }

    /// Returns what it is called: its name if it has one, else its id.
    pub fn title(&self) -> &str {
        self.now.title()
    }

    fn stage(&self) -> Stage {
        match (&self.collection, self.act) {
            (Some(_), _) => Stage::Entries,
            (None, Act::Delete) => Stage::CollectionsAway,
            (None, _) => Stage::CollectionsBack,
        }
    }

    /// Returns what has to be done so that the new of a pair is like the old one; `None` where nothing has.
    fn of(store: &Store, pair: Pair, collection: Option<&Arc<Record>>, note: &str) -> Option<Self> {
        // What was there then is there now: its rows stay.
        let new = pair.new?;
        let then = pair.old;
        let old = then.as_ref().filter(|old| !old.record.is_deleted());
        let delete = (Act::Delete, store.estimate_delete(new.size()));
        let (act, cost) = match (old, new.record.is_deleted()) {
            (None, true) => return None,
            (None, false) => delete,
            (Some(old), false) if old.is_like(&new) => return None,
            (Some(old), _)
                if old.value.is_none() && collection.is_some() && (new.record.is_deleted() || new.value.is_some()) =>
            {
                (Act::Nothing(Obstacle::NoValue), Cost::default())
            }
            (Some(old), deleted) => {
                let act = match (deleted, old.value == new.value) {
                    (true, _) => Act::Undelete,
                    (false, true) => Act::Rename,
                    (false, false) => Act::Restore,
                };
                let length = old.value.map(|value| value.length);
                match store.estimate_restore(&old.record, length, note, new.size()) {
                    Ok(cost) => (act, cost),
                    Err(_) => (Act::Nothing(Obstacle::TooLarge), Cost::default()),
                }
            }
        };
        let (act, cost) = match (act, collection) {
            (Act::Delete | Act::Nothing(_), _) | (_, None) => (act, cost),
            (_, Some(collection)) if collection.is_deleted() => {
                (Act::Nothing(Obstacle::InDeletedCollection), Cost::default())
            }
            (act, Some(_)) => (act, cost),
        };
        let then = then.map(|then| then.record);
        Some(Self { now: new.record, then, collection: collection.cloned(), act, cost })
    }
}
