//! What this session wrote, and how each of it is undone.
//!
//! A write leads from one state of a collection or entry to another. Taking it back writes what leads to the state
//! before, as a new version; putting it forward again takes that back. Since states that are come back to lie in new
//! versions, the journal knows for each state in which version it lies now: only on top of that is anything taken back.

use std::collections::HashMap;
use std::sync::Arc;

use super::event::{EditId, Write};
use super::words::quoted;
use crate::bring_back::Item;
use crate::model::{Record, Subject, Version};
use crate::store::Cost;

/// Why a write was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// The person asked for it.
    #[default]
    Asked,
    /// It takes back the write at this place of the journal.
    Undo(usize),
    /// It takes back the undo at this place of the journal.
    Redo(usize),
}

impl Role {
    /// Returns the place of the write that is taken back.
    pub fn target(self) -> Option<usize> {
        match self {
            Self::Asked => None,
            Self::Undo(place) | Self::Redo(place) => Some(place),
        }
    }
}

/// A write to be sent, and what it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What to write.
    pub write: Write,
    /// Why.
    pub role: Role,
    /// The edit whose text it stores.
    pub edit: Option<EditId>,
}

impl Order {
    /// Returns what a note for it is about: it stays with that until it is stored.
    pub fn about(&self) -> About {
        (self.edit, self.write.base().map(|base| base.subject.clone()))
    }

    /// Returns the order of what a person asked for, besides an editor's text.
    pub fn plain(write: Write) -> Self {
        Self { write, role: Role::Asked, edit: None }
    }
}

/// What a note is about: an edit, or a collection or entry.
pub type About = (Option<EditId>, Option<Subject>);

/// A write of this session: of one collection or entry, or of many that were brought back together.
#[derive(Clone, Debug)]
pub struct Deed {
    /// When, in ms since 1970.
    pub at: i64,
    /// What it did, in words.
    pub words: String,
    /// Why it was sent.
    pub role: Role,
    /// The write that took it back.
    pub undone_by: Option<usize>,
    /// What it consumed.
    pub cost: Cost,
    moves: Vec<Move>,
    /// Where each collection or entry stands among the moves: a deed of many is asked for each of them.
    places: HashMap<Subject, usize>,
}

/// What a write did to one collection or entry.
#[derive(Clone, Debug)]
pub struct Move {
    /// The version it wrote or marked.
    pub written: Arc<Record>,
    /// The state before; `None` where there was nothing.
    before: Option<Arc<Record>>,
    /// The state after; `None` where what was created is taken away again.
    after: Option<Arc<Record>>,
    /// What was done, as one of many.
    item: Option<Box<Item>>,
}

impl Deed {
    fn new(at: i64, words: String, role: Role, cost: Cost, moves: Vec<Move>) -> Self {
        let places = moves.iter().enumerate().map(|(place, one)| (one.written.subject.clone(), place)).collect();
        Self { at, words, role, undone_by: None, cost, moves, places }
    }

    /// Returns the one thing it was done to; `None` for many that were brought back together.
    pub fn only(&self) -> Option<&Move> {
        self.moves.first().filter(|first| first.item.is_none())
    }

    /// Returns how many versions it wrote or marked.
    pub fn writes(&self) -> usize {
        self.moves.len()
    }

    fn of(&self, subject: &Subject) -> Option<&Move> {
        self.places.get(subject).map(|&place| &self.moves[place])
    }
}

/// What takes a deed back.
#[derive(Clone, Debug, PartialEq)]
pub enum Back {
    /// One write.
    Write(Write),
    /// Many, each on top of what the deed left.
    Items(Vec<Item>),
}

/// A state of a collection or entry: nothing, or a version with or without the deletion mark.
type State = (Subject, Option<(Version, bool)>);

/// Why a write can't be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is taken back already.
    Undone,
    /// This session has written on top of it: that comes first.
    Covered,
    /// Someone else has written since, on top of it or in between.
    Others,
}

/// The writes of this session, in their order.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    deeds: Vec<Deed>,
    /// The version in which a state lies that was come back to.
    lies_in: HashMap<State, Arc<Record>>,
    /// The same the other way round: the state that lies in a version.
    holds: HashMap<State, Arc<Record>>,
}

impl Journal {
    /// Returns the writes, the first one first.
    pub fn deeds(&self) -> &[Deed] {
        &self.deeds
    }

    /// Notes that a write was done: `written` is the version it wrote or marked. Writes that are about no collection or
    /// entry, as creating tables, are not noted.
    pub fn note(&mut self, at: i64, write: &Write, role: Role, written: &Arc<Record>, cost: Cost) {
        let one = self.moved(role, write.base(), written);
        let words = in_words(one.before.as_deref(), one.after.as_deref(), write);
        self.undone(role);
        self.deeds.push(Deed::new(at, words, role, cost, vec![one]));
    }

    /// Notes that many were brought back together, each with the version that was written or marked, without its value.
    /// `is_over` says that what is left of it can't be done.
    pub fn note_many(
        &mut self,
        at: i64,
        words: String,
        role: Role,
        done: Vec<(Item, Record)>,
        cost: Cost,
        is_over: bool,
    ) {
        if done.is_empty() {
            return;
        }
        let one_of_many = |(item, written): (Item, Record)| {
            let one = self.moved(role, Some(&Arc::new(item.now.clone())), &Arc::new(written));
            Move { item: Some(Box::new(item)), ..one }
        };
        let moves = done.into_iter().map(one_of_many).collect();
        if is_over {
            self.undone(role);
        }
        self.deeds.push(Deed::new(at, words, role, cost, moves));
    }

    /// Notes that what was to be taken back is, by the deed that comes next.
    fn undone(&mut self, role: Role) {
        let next = self.deeds.len();
        if let Some(undone) = role.target().and_then(|place| self.deeds.get_mut(place)) {
            undone.undone_by = Some(next);
        }
    }

    /// Returns what a write did to one collection or entry, and notes where the state lies now that it came back to.
    fn moved(&mut self, role: Role, base: Option<&Arc<Record>>, written: &Arc<Record>) -> Move {
        let undone = role.target().and_then(|place| self.deeds.get(place)?.of(&written.subject));
        let (before, after) = match undone {
            Some(undone) => (undone.after.clone(), undone.before.clone()),
            None => (base.map(|base| self.state_of(base)), Some(Arc::clone(written))),
        };
        if role.target().is_some() {
            self.lies_in.insert(state(&written.subject, after.as_deref()), Arc::clone(written));
            if let Some(after) = &after {
                self.holds.insert(state(&written.subject, Some(written)), Arc::clone(after));
            }
        }
        Move { written: Arc::clone(written), before, after, item: None }
    }

    /// Returns the place of the write that undo takes back next.
    pub fn next_undo(&self) -> Option<usize> {
        self.deeds.iter().rposition(|deed| !matches!(deed.role, Role::Undo(_)) && deed.undone_by.is_none())
    }

    /// Returns the place of the undo that redo takes back next: there is none once something else was written.
    pub fn next_redo(&self) -> Option<usize> {
        let since = self.deeds.iter().rposition(|deed| deed.role == Role::Asked).map_or(0, |place| place + 1);
        let undone = |deed: &Deed| matches!(deed.role, Role::Undo(_)) && deed.undone_by.is_none();
        self.deeds[since..].iter().rposition(undone).map(|place| since + place)
    }

    /// Returns what takes back the deed at `place`, and why it is sent. Of many, those that nobody of this session has
    /// written on since.
    pub fn way_back(&self, place: usize) -> Result<(Back, Role), Refusal> {
        let Some(deed) = self.deeds.get(place).filter(|deed| deed.undone_by.is_none()) else {
            return Err(Refusal::Undone);
        };
        let role = if matches!(deed.role, Role::Undo(_)) { Role::Redo(place) } else { Role::Undo(place) };
        let newest = self.newest();
        let back = if let Some(one) = deed.only() {
            self.on_top(one, &newest).map(|present| Back::Write(way(present, one.before.as_ref())))
        } else {
            let item = |one: &Move| {
                let present = self.on_top(one, &newest)?;
                one.item.as_ref()?.way_back(Record::clone(&present), Record::clone(one.before.as_deref()?))
            };
            let items: Vec<Item> = deed.moves.iter().filter_map(item).collect();
            (!items.is_empty()).then_some(Back::Items(items))
        };
        back.map(|back| (back, role)).ok_or_else(|| {
            let is_covering = |later: &Deed| {
                later.undone_by.is_none()
                    && !matches!(later.role, Role::Undo(_))
                    && deed.moves.iter().any(|one| later.of(&one.written.subject).is_some())
            };
            if self.deeds[place + 1..].iter().any(is_covering) { Refusal::Covered } else { Refusal::Others }
        })
    }

    /// Returns of everything that was written to the version that this session wrote or marked last.
    fn newest(&self) -> HashMap<&Subject, &Arc<Record>> {
        self.deeds.iter().flat_map(|deed| &deed.moves).map(|one| (&one.written.subject, &one.written)).collect()
    }

    /// Returns the version in which the state after a move lies, where this session has written nothing else on top.
    fn on_top(&self, one: &Move, newest: &HashMap<&Subject, &Arc<Record>>) -> Option<Arc<Record>> {
        let subject = &one.written.subject;
        let present = self.present(subject, one.after.as_ref())?;
        let newest = newest.get(subject)?;
        (state(subject, Some(newest)) == state(subject, Some(&present))).then_some(present)
    }

    /// Returns what taking back the write at `place` does, in words: `bring back name "posts" of collection "blog"`.
    pub fn words_of_way_back(&self, place: usize) -> String {
        let Some(deed) = self.deeds.get(place) else { return String::new() };
        let Some(one) = deed.only() else { return deed.words.clone() };
        let name = quoted(&one.written);
        let noun = one.written.subject.noun();
        match (one.after.as_deref(), one.before.as_deref()) {
            (_, None) => format!("delete {noun} {name}, which was created"),
            (None, Some(_)) => format!("bring back {noun} {name}"),
            (Some(after), Some(before)) => match (after.is_deleted(), before.is_deleted()) {
                (false, true) => format!("delete {noun} {name} again"),
                (true, false) => format!("bring back {noun} {name}"),
                _ if after.name == before.name => format!("bring back the value before of {noun} {name}"),
                _ if after.value == before.value => format!("bring back name {} of {noun} {name}", quoted(before)),
                _ => format!("bring back name {} and the value before of {noun} {name}", quoted(before)),
            },
        }
    }

    /// Returns the version in which a state lies now, with the value of that state, where that is known.
    fn present(&self, subject: &Subject, of: Option<&Arc<Record>>) -> Option<Arc<Record>> {
        match (self.lies_in.get(&state(subject, of.map(AsRef::as_ref))), of) {
            (Some(lying), Some(of)) => Some(with_value_of(lying, of)),
            (lying, of) => lying.or(of).cloned(),
        }
    }

    /// Returns the state that lies in a version.
    fn state_of(&self, version: &Arc<Record>) -> Arc<Record> {
        match self.holds.get(&state(&version.subject, Some(version))) {
            Some(held) => with_value_of(held, version),
            None => Arc::clone(version),
        }
    }
}

/// Returns a version with the value of one that is like it, where it lacks its own: of many that are brought back together
/// the values are not held.
fn with_value_of(record: &Arc<Record>, like: &Record) -> Arc<Record> {
    if record.value.is_some() || like.value.is_none() {
        return Arc::clone(record);
    }
    Arc::new(Record { value: like.value.clone(), ..Record::clone(record) })
}

fn state(subject: &Subject, record: Option<&Record>) -> State {
    (subject.clone(), record.map(|record| (record.version, record.is_deleted())))
}

/// Returns the write that leads from a version to a state.
fn way(base: Arc<Record>, to: Option<&Arc<Record>>) -> Write {
    match to {
        None => Write::Delete { base },
        // The deletion mark is all that differs.
        Some(to) if (&to.name, &to.value) == (&base.name, &base.value) && to.is_deleted() != base.is_deleted() => {
            if to.is_deleted() { Write::Delete { base } } else { Write::Undelete { base, note: None } }
        }
        Some(to) => Write::Restore { base, record: Arc::clone(to), delete: to.is_deleted(), note: None },
    }
}

/// Returns what a write did, in words.
fn in_words(before: Option<&Record>, after: Option<&Record>, write: &Write) -> String {
    let Some(record) = after.or(before) else { return String::new() };
    let (noun, name) = (record.subject.noun(), quoted(record));
    match (write, before) {
        (Write::Update { edit, .. }, Some(before)) if edit.value.is_none() => {
            format!("renamed {noun} {} to {name}", quoted(before))
        }
        (Write::Update { .. }, _) => format!("saved {noun} {name}"),
        (Write::Delete { .. }, _) => format!("deleted {noun} {name}"),
        (Write::Undelete { .. }, _) => format!("brought back {noun} {name}"),
        (Write::Restore { .. }, _) => format!("restored {noun} {name}"),
        _ => format!("created {noun} {name}"),
    }
}

#[cfg(test)]
mod tests;
