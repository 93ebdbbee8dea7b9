//! What has to be done so that many are as they were, and what became of each.

use std::collections::{HashMap, HashSet};

use crate::bring_back::{Act, Counts, Found, Item, Plan, Progress as Done, Target};
use crate::model::{Moment, Record, Subject};
use crate::store::Cost;
use crate::text::contains;
use crate::tui::event::{Became, RequestId};
use crate::tui::findings::{Finding, Findings, Progress};
use crate::tui::input::Input;
use crate::tui::journal::Role;
use crate::tui::list::LoadState;

/// The window of a plan: first it is read, then looked over, then carried out.
#[derive(Clone, Debug)]
pub struct Planning {
    /// What it is for.
    pub purpose: Purpose,
    /// The title of the window.
    pub title: String,
    /// What is brought back, in words.
    pub place: String,
    /// The moment that it brings back; for a way back, right before the deed ended.
    pub moment: Moment,
    /// What has to be done.
    pub findings: Findings<Planned>,
    /// How many are as they were.
    pub unchanged: usize,
    /// Why, as it is typed.
    pub note: Input,
    /// The note is being typed.
    pub is_noting: bool,
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
    /// It was carried out, to its end or not.
    pub is_carried_out: bool,
    /// How far the work came.
    pub done: Done,
    /// What became of what was done.
    became: HashMap<Subject, Became>,
}

/// What a plan is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// To make everything there as it was at the moment of the plan.
    Moment(Target),
    /// To take back, or put forward again, a deed of the journal.
    WayBack(Role),
}

/// A row of the plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What is done with what.
    pub item: Item,
    /// What became of it, once the work has ended.
    pub became: Option<Became>,
}

impl Finding for Planned {
    /// What comes back, entries, what goes; then by user, collection, name and id.
    type Key = (u8, String, String, String, Subject);
    type Filter = String;

    fn key(&self) -> Self::Key {
        let item = &self.item;
        let stage = match (&item.collection, item.act) {
            (Some(_), _) => 1,
            (None, Act::Delete) => 2,
            (None, _) => 0,
        };
        let user = item.now.subject.collection().user.to_string();
        let collection = item.collection.as_ref().and_then(|collection| collection.name.clone()).unwrap_or_default();
        (stage, user, collection, item.title().to_owned(), item.now.subject.clone())
    }

    fn passes(&self, filter: &String) -> bool {
        let item = &self.item;
        let collection = item.collection.as_ref().and_then(|collection| collection.name.as_deref());
        let before = item.then.as_ref().and_then(|then| then.name.as_deref());
        let became = match &self.became {
            Some(Became::Done { .. }) => Some("done"),
            Some(Became::Skipped(_)) => Some("skipped"),
            Some(Became::Failed(_)) => Some("failed"),
            None => None,
        };
        let user = item.now.subject.collection().user.as_str();
        let texts = [Some(item.title()), Some(user), collection, before, item.now.author.as_deref(), became];
        // Of what is done the beginning: `delete` is no `undelete`.
        item.act.word().starts_with(filter.as_str()) || texts.into_iter().flatten().any(|text| contains(text, filter))
    }
}

impl Planning {
    /// Returns the window of a plan that is being read.
    pub fn of_moment(target: Target, place: String, moment: Moment, shown: &str, request: RequestId) -> Self {
        let title = format!("Bring back {place} to {shown}");
        Self::new(Purpose::Moment(target), title, place, moment, Findings::new(request))
    }

    /// Returns the window of a plan that is known: what takes back a deed.
    pub fn of_items(role: Role, title: String, place: String, moment: Moment, items: Vec<Item>) -> Self {
        let mut planning = Self::new(Purpose::WayBack(role), title, place, moment, Findings::default());
        planning.add(Found { items, ..Found::default() }, Progress::default());
        planning.findings.load = LoadState::Complete;
        planning
    }

    fn new(purpose: Purpose, title: String, place: String, moment: Moment, findings: Findings<Planned>) -> Self {
        Self {
            purpose,
            title,
            place,
            moment,
            findings,
            unchanged: 0,
            note: Input::default(),
            is_noting: false,
            left_out: HashSet::new(),
            counts: Counts::default(),
            cost: Cost::default(),
            sent: None,
            is_stopping: false,
            is_carried_out: false,
            done: Done::default(),
            became: HashMap::new(),
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
        self.is_carried_out = false;
    }

    /// Takes what was found.
    pub fn add(&mut self, found: Found, progress: Progress) {
        self.unchanged += found.unchanged;
        for item in &found.items {
            if !self.is_left_out(item) {
                self.count(item, true);
            }
        }
        self.findings.add(found.items.into_iter().map(|item| Planned { item, became: None }).collect(), progress);
    }

    /// Leaves the row under the cursor out, or takes it in again. Returns whether there is one that something is done
    /// with.
    pub fn leave_out(&mut self) -> bool {
        let Some(item) = self.findings.selected().map(|row| row.item.clone()).filter(Item::is_possible) else {
            return false;
        };
        let is_in = !self.is_left_out(&item);
        let mut items = vec![item.clone()];
        if item.act == Act::Undelete && item.collection.is_none() {
            // What is in it can't be reached without it.
            let rows = self.findings.rows().iter().map(|row| &row.item);
            let is_in_it = |other: &&Item| {
                other.collection.is_some() && other.now.subject.collection() == item.now.subject.collection()
            };
            items.extend(rows.filter(is_in_it).cloned());
        }
        self.take_out(&items, is_in);
        true
    }

    /// Leaves all rows that pass the filter out, or where none of them is in takes them in again. Returns how many, and
    /// whether they are out now.
    pub fn leave_out_shown(&mut self) -> (usize, bool) {
        let items: Vec<Item> = self.findings.shown().map(|row| row.item.clone()).filter(Item::is_possible).collect();
        let is_in = items.iter().any(|item| !self.is_left_out(item));
        (self.take_out(&items, is_in), is_in)
    }

    /// Leaves items out, or takes them in. Returns how many were not so yet.
    fn take_out(&mut self, items: &[Item], out: bool) -> usize {
        let mut changed = 0;
        for item in items.iter().filter(|item| item.is_possible()) {
            let subject = &item.now.subject;
            let is_new = if out { self.left_out.insert(subject.clone()) } else { self.left_out.remove(subject) };
            if is_new {
                self.count(item, !out);
                changed += 1;
            }
        }
        changed
    }

    fn count(&mut self, item: &Item, is_in: bool) {
        let count = self.counts.of(item.act);
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

    /// Returns how many writes the filter hides.
    pub fn hidden_writes(&self) -> usize {
        let shown = self.findings.shown().filter(|row| row.item.is_possible() && !self.is_left_out(&row.item));
        self.writes() - shown.count()
    }

    /// Returns whether anything is left out of what could be done.
    pub fn leaves_out(&self) -> bool {
        self.findings.rows().iter().any(|row| self.is_left_out(&row.item))
    }

    /// Returns the plan of what is not left out.
    pub fn plan(&self) -> Plan {
        let items = self.findings.rows().iter().map(|row| &row.item);
        let items = items.filter(|item| item.is_possible() && !self.is_left_out(item)).cloned().collect();
        let is_way_back = matches!(self.purpose, Purpose::WayBack(_));
        let mut plan = Plan { items, note: self.why(), is_way_back, ..Plan::new(self.moment) };
        plan.sort();
        plan
    }

    /// Returns why, as it was typed.
    pub fn why(&self) -> Option<String> {
        Some(self.note.text().trim()).filter(|note| !note.is_empty()).map(str::to_owned)
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

    /// Returns what was done, each with the version that was written or marked.
    pub fn brought_back(&self) -> Vec<(Item, Record)> {
        let rows = self.findings.rows().iter().map(|row| &row.item);
        let done = |item: &Item| match self.became(item) {
            Some(Became::Done { version, .. }) => Some((item.clone(), item.done(*version))),
            _ => None,
        };
        rows.filter_map(done).collect()
    }

    /// Notes at each row what became of it, now that the work has ended, and goes to the first that was not done.
    pub fn end(&mut self, height: usize) {
        self.sent = None;
        self.is_stopping = false;
        self.is_carried_out = true;
        for row in self.findings.rows_mut() {
            row.became = self.became.get(&row.item.now.subject).cloned();
        }
        let left_out = &self.left_out;
        let was_not_done = |row: &Planned| {
            let is_wanted = row.item.is_possible() && !left_out.contains(&row.item.now.subject);
            is_wanted && !matches!(row.became, Some(Became::Done { .. }))
        };
        self.findings.go_to_first(was_not_done, height);
    }

    /// Returns whether all was read.
    pub fn is_read(&self) -> bool {
        matches!(self.findings.load, LoadState::Complete) && self.findings.progress.unreadable == 0
    }

    /// Returns whether all that was not as it was is in the plan, with something to be done about it: nothing was left
    /// unread or out, or can't be read or brought back.
    pub fn is_whole(&self) -> bool {
        self.is_read() && !self.leaves_out() && self.counts.impossible == 0
    }

    /// Returns whether it can be carried out now.
    pub fn is_ready(&self) -> bool {
        self.sent.is_none() && !self.is_carried_out && !self.findings.load.is_loading() && self.writes() > 0
    }

    /// Returns whether all of it is in one collection, and whether it is of several users: what goes without saying is
    /// not said at each row.
    pub fn spread(&self) -> (bool, bool) {
        let is_one = match &self.purpose {
            Purpose::Moment(Target::Entries { .. }) => true,
            Purpose::Moment(Target::Collections(keys)) => keys.len() == 1,
            Purpose::Moment(Target::Application(_) | Target::User(..)) => false,
            Purpose::WayBack(_) => {
                let mut keys = self.findings.rows().iter().map(|row| row.item.now.subject.collection());
                keys.next().is_none_or(|first| keys.all(|key| key == first))
            }
        };
        let has_users = match &self.purpose {
            Purpose::Moment(target) => matches!(target, Target::Application(_)),
            Purpose::WayBack(_) => {
                let mut users = self.findings.rows().iter().map(|row| &row.item.now.subject.collection().user);
                users.next().is_some_and(|first| users.any(|user| user != first))
            }
        };
        (is_one, has_users)
    }
}
