//! What has to be done so that many are as they were, and what became of each.

use std::collections::{HashMap, HashSet};

use crate::bring_back::{Act, Counts, Found, Item, Plan, Progress as Done, Target};
use crate::model::{Moment, Record, Subject, Version};
use crate::store::Cost;
use crate::text::contains;
use crate::tui::event::{Became, RequestId};
use crate::tui::findings::{Finding, Findings, Progress};
use crate::tui::list::LoadState;

/// The window of a plan: first it is read, then looked over, then carried out.
#[derive(Clone, Debug)]
pub struct Planning {
    /// What is brought back.
    pub target: Target,
    /// The same in words.
    pub place: String,
    /// To which moment.
    pub moment: Moment,
    /// What has to be done.
    pub findings: Findings<Planned>,
    /// How many are as they were.
    pub unchanged: usize,
    /// What the person leaves out.
    left_out: HashSet<Subject>,
    /// How many of each kind are not left out.
    counts: Counts,
    /// What those will consume, about.
    cost: Cost,
    /// The work that was begun and has not ended.
    pub sent: Option<RequestId>,
    /// It was asked to stop.
    pub is_stopping: bool,
    /// How far the work came.
    pub done: Done,
    /// What became of what was done.
    became: HashMap<Subject, Became>,
    /// When the work was begun, in ms since 1970.
    pub begun: Option<i64>,
    /// The work that this plan takes back; nothing else is touched then.
    pub takes_back: Option<Work>,
    /// How many of that are left as they are, since someone has written since.
    pub others: usize,
}

/// What became of a plan that was carried out, for taking it back.
#[derive(Clone, Debug)]
pub struct Work {
    /// What was brought back.
    pub target: Target,
    /// The same in words.
    pub place: String,
    /// When the work was begun, in ms since 1970.
    pub begun: i64,
    /// How many writes the journal held when it ended: what was written since is undone first.
    pub deeds: usize,
    /// What it wrote to, and which version it restored there; `None` where it deleted.
    wrote: HashMap<Subject, Option<Version>>,
}

impl Work {
    /// Returns whether something is as this work left it. `None` where the work did not write to it.
    fn left_so(&self, now: &Record) -> Option<bool> {
        let restored = self.wrote.get(&now.subject)?;
        Some(match restored {
            None => now.is_deleted(),
            Some(_) => !now.is_deleted() && now.restored_from == *restored,
        })
    }
}

/// A row of the plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What is done with what.
    pub item: Item,
}

impl Finding for Planned {
    /// What comes back, entries, what goes; then by collection, name and id.
    type Key = (u8, String, String, Subject);
    type Filter = String;

    fn key(&self) -> Self::Key {
        let item = &self.item;
        let stage = match (&item.collection, item.act) {
            (Some(_), _) => 1,
            (None, Act::Delete) => 2,
            (None, _) => 0,
        };
        let collection = item.collection.as_ref().and_then(|collection| collection.name.clone()).unwrap_or_default();
        (stage, collection, item.title().to_owned(), item.now.subject.clone())
    }

    fn passes(&self, filter: &String) -> bool {
        let item = &self.item;
        let collection = item.collection.as_ref().and_then(|collection| collection.name.as_deref());
        let before = item.then.as_ref().and_then(|then| then.name.as_deref());
        let texts = [Some(item.title()), collection, before, item.now.author.as_deref(), Some(item.act.word())];
        texts.into_iter().flatten().any(|text| contains(text, filter))
    }
}

impl Planning {
    /// Returns the window of a plan that is being read.
    pub fn new(target: Target, place: String, moment: Moment, request: RequestId) -> Self {
        Self {
            target,
            place,
            moment,
            findings: Findings::new(request),
            unchanged: 0,
            left_out: HashSet::new(),
            counts: Counts::default(),
            cost: Cost::default(),
            sent: None,
            is_stopping: false,
            done: Done::default(),
            became: HashMap::new(),
            begun: None,
            takes_back: None,
            others: 0,
        }
    }

    /// Begins again: what is left is planned anew, and what was left out stays so.
    pub fn begin(&mut self, request: RequestId) {
        self.findings.begin(request);
        self.unchanged = 0;
        self.counts = Counts::default();
        self.cost = Cost::default();
        self.done = Done::default();
        self.became.clear();
        self.begun = None;
        self.others = 0;
    }

    /// Takes what was found.
    pub fn add(&mut self, mut found: Found, progress: Progress) {
        self.unchanged += found.unchanged;
        if let Some(work) = &self.takes_back {
            found.items.retain(|item| {
                let left_so = work.left_so(&item.now);
                self.others += usize::from(left_so == Some(false));
                left_so == Some(true)
            });
        }
        for item in &found.items {
            if !self.is_left_out(item) {
                self.count(item, true);
            }
        }
        self.findings.add(found.items.into_iter().map(|item| Planned { item }).collect(), progress);
    }

    /// Leaves the row under the cursor out, or takes it in again. Returns whether there is one that something is done
    /// with.
    pub fn leave_out(&mut self) -> bool {
        let Some(item) = self.findings.selected().map(|row| row.item.clone()).filter(Item::is_possible) else {
            return false;
        };
        let subject = item.now.subject.clone();
        let is_in = self.left_out.remove(&subject);
        if !is_in {
            self.left_out.insert(subject);
        }
        self.count(&item, is_in);
        true
    }

    fn count(&mut self, item: &Item, is_in: bool) {
        let counts = &mut self.counts;
        let count = match item.act {
            Act::Restore => &mut counts.restore,
            Act::Rename => &mut counts.rename,
            Act::Undelete => &mut counts.undelete,
            Act::Delete => &mut counts.delete,
            Act::Nothing(_) => &mut counts.impossible,
        };
        *count = if is_in { *count + 1 } else { *count - 1 };
        let sign = if is_in { 1.0 } else { -1.0 };
        self.cost.wcu += sign * item.cost.wcu;
        self.cost.rcu += sign * item.cost.rcu;
    }

    /// Returns whether the person leaves it out.
    pub fn is_left_out(&self, item: &Item) -> bool {
        self.left_out.contains(&item.now.subject)
    }

    /// Returns how many of each kind are not left out.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns how many writes there are to do.
    pub fn writes(&self) -> usize {
        let Counts { restore, rename, undelete, delete, impossible: _ } = self.counts;
        restore + rename + undelete + delete
    }

    /// Returns what they will consume, about.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Returns the plan of what is not left out.
    pub fn plan(&self) -> Plan {
        let items = self.findings.rows().iter().map(|row| &row.item);
        let items = items.filter(|item| item.is_possible() && !self.is_left_out(item)).cloned().collect();
        let mut plan = Plan { items, ..Plan::new(self.moment) };
        plan.sort();
        plan
    }

    /// Takes in what became of a row.
    pub fn take(&mut self, subject: Subject, became: Became, done: Done) {
        self.became.insert(subject, became);
        self.done = done;
    }

    /// Returns what became of a row.
    pub fn became(&self, item: &Item) -> Option<&Became> {
        self.became.get(&item.now.subject)
    }

    /// Returns what is as it was then, of all that was done.
    pub fn brought_back(&self) -> impl Iterator<Item = &Subject> {
        self.became.iter().filter(|(_, became)| matches!(became, Became::Done { .. })).map(|(subject, _)| subject)
    }

    /// Returns what was done, for taking it back; `deeds` is how many writes the journal holds. `None` where nothing was.
    pub fn work(&self, deeds: usize) -> Option<Work> {
        let begun = self.begun?;
        let done: HashSet<&Subject> = self.brought_back().collect();
        let items = self.findings.rows().iter().map(|row| &row.item);
        let restored = |item: &Item| match item.act {
            Act::Delete => None,
            _ => item.then.as_ref().map(|then| then.version),
        };
        let items = items.filter(|item| done.contains(&item.now.subject));
        let wrote: HashMap<_, _> = items.map(|item| (item.now.subject.clone(), restored(item))).collect();
        let (target, place) = (self.target.clone(), self.place.clone());
        (!wrote.is_empty()).then_some(Work { target, place, begun, deeds, wrote })
    }

    /// Returns whether all that was not as it was is in the plan, with something to be done about it: nothing was left
    /// unread or out, or can't be read or brought back.
    pub fn is_whole(&self) -> bool {
        let left_out = self.findings.rows().iter().any(|row| self.is_left_out(&row.item));
        let is_read = matches!(self.findings.load, LoadState::Complete) && self.findings.progress.unreadable == 0;
        is_read && !left_out && self.counts.impossible == 0 && self.others == 0
    }

    /// Returns whether the plan was carried out, to its end or not.
    pub fn is_carried_out(&self) -> bool {
        self.begun.is_some() && self.sent.is_none()
    }
}
