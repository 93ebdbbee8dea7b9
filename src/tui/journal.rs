//! What this session wrote, and how each of it is undone.
//!
//! A write leads from one state of a collection or entry to another. Taking it back writes what leads to the state
//! before, as a new version; putting it forward again takes that back. Since states that are come back to lie in new
//! versions, the journal knows for each state in which version it lies now: only on top of that is anything taken back.

use std::collections::HashMap;
use std::sync::Arc;

use super::event::{EditId, Write};
use super::words::quoted;
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

/// A write of this session.
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
    /// The version it wrote or marked.
    pub written: Arc<Record>,
    /// What it consumed.
    pub cost: Cost,
    /// The state before; `None` where there was nothing.
    before: Option<Arc<Record>>,
    /// The state after; `None` where what was created is taken away again.
    after: Option<Arc<Record>>,
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
}

impl Journal {
    /// Returns the writes, the first one first.
    pub fn deeds(&self) -> &[Deed] {
        &self.deeds
    }

    /// Notes that a write was done: `written` is the version it wrote or marked. Writes that are about no collection or
    /// entry, as creating tables, are not noted.
    pub fn note(&mut self, at: i64, write: &Write, role: Role, written: &Arc<Record>, cost: Cost) {
        let (before, after) = match role.target().and_then(|place| self.deeds.get(place)) {
            Some(undone) => (undone.after.clone(), undone.before.clone()),
            None => (write.base().map(|base| self.state_of(base)), Some(Arc::clone(written))),
        };
        if let Some(place) = role.target() {
            self.lies_in.insert(state(&written.subject, after.as_deref()), Arc::clone(written));
            let own_place = self.deeds.len();
            if let Some(undone) = self.deeds.get_mut(place) {
                undone.undone_by = Some(own_place);
            }
        }
        let words = in_words(before.as_deref(), after.as_deref(), write);
        self.deeds.push(Deed { at, words, role, undone_by: None, written: Arc::clone(written), cost, before, after });
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

    /// Returns the write that takes back the one at `place`, and why it is sent.
    pub fn way_back(&self, place: usize) -> Result<(Write, Role), Refusal> {
        let Some(deed) = self.deeds.get(place).filter(|deed| deed.undone_by.is_none()) else {
            return Err(Refusal::Undone);
        };
        let subject = &deed.written.subject;
        let present = self.present(subject, deed.after.as_ref());
        let newest = self.deeds.iter().rev().find(|deed| deed.written.subject == *subject).map(|deed| &deed.written);
        let is_newest = |present: &Arc<Record>| {
            newest.is_some_and(|newest| state(subject, Some(newest)) == state(subject, Some(present)))
        };
        let Some(present) = present.filter(is_newest) else {
            let is_covering = |later: &Deed| {
                later.written.subject == *subject && later.undone_by.is_none() && !matches!(later.role, Role::Undo(_))
            };
            let is_covered = self.deeds[place + 1..].iter().any(is_covering);
            return Err(if is_covered { Refusal::Covered } else { Refusal::Others });
        };
        let role = if matches!(deed.role, Role::Undo(_)) { Role::Redo(place) } else { Role::Undo(place) };
        Ok((way(present, deed.before.as_ref()), role))
    }

    /// Returns what taking back the write at `place` does, in words: `bring back name "posts" of collection "blog"`.
    pub fn words_of_way_back(&self, place: usize) -> String {
        let Some(deed) = self.deeds.get(place) else { return String::new() };
        let name = quoted(&deed.written);
        let noun = deed.written.subject.noun();
        match (deed.after.as_deref(), deed.before.as_deref()) {
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

    /// Returns the version in which a state lies now.
    fn present(&self, subject: &Subject, of: Option<&Arc<Record>>) -> Option<Arc<Record>> {
        self.lies_in.get(&state(subject, of.map(AsRef::as_ref))).or(of).cloned()
    }

    /// Returns the state that lies in a version.
    fn state_of(&self, version: &Arc<Record>) -> Arc<Record> {
        let wanted = state(&version.subject, Some(version));
        let lying = self.lies_in.iter().find(|(_, lying)| state(&lying.subject, Some(lying)) == wanted);
        let known = lying.and_then(|((subject, state), _)| {
            let records = self.deeds.iter().flat_map(|deed| [&deed.before, &deed.after]).flatten();
            let mut of_subject = records.filter(|record| record.subject == *subject);
            of_subject.find(|record| Some((record.version, record.is_deleted())) == *state)
        });
        Arc::clone(known.unwrap_or(version))
    }
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
mod tests {
    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User};
    use crate::store::Edit;

    /// One entry and the journal of what is done to it.
    #[derive(Default)]
    struct Desk {
        journal: Journal,
        newest: Option<Arc<Record>>,
        clock: i64,
    }

    impl Desk {
        fn subject() -> Subject {
            let collection =
                CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") };
            Subject::Entry(EntryKey { collection, id: EntryId::new("e") })
        }

        fn write(&mut self, write: &Write, role: Role) {
            self.clock += 1;
            let mut record = Record::bare(Self::subject(), Version::from_ms(self.clock));
            match write {
                Write::Update { base, edit } => {
                    record.name = edit.name.clone().or(base.name.clone());
                    record.value = edit.value.clone().or(base.value.clone());
                }
                Write::Delete { base } => record = Record { deleted_at: Some("now".into()), ..(**base).clone() },
                Write::Undelete { base, .. } => {
                    record.name.clone_from(&base.name);
                    record.value.clone_from(&base.value);
                }
                Write::Restore { record: old, delete, .. } => {
                    record.name.clone_from(&old.name);
                    record.value.clone_from(&old.value);
                    record.deleted_at = delete.then(|| "now".into());
                }
                Write::CreateEntry { name, value, .. } => {
                    record.name = Some(name.clone());
                    record.value = Some(value.clone());
                }
                _ => {}
            }
            let record = Arc::new(record);
            self.newest = Some(Arc::clone(&record));
            self.journal.note(0, write, role, &record, Cost::default());
        }

        fn create(&mut self) {
            let collection = Self::subject().collection().clone();
            self.write(
                &Write::CreateEntry { collection, name: "desk".into(), value: "0".into(), note: None },
                Role::Asked,
            );
        }

        fn save(&mut self, value: &str) {
            let base = self.newest.clone().expect("it was created");
            let edit = Edit { value: Some(value.into()), ..Edit::default() };
            self.write(&Write::Update { base, edit }, Role::Asked);
        }

        fn delete(&mut self) {
            let base = self.newest.clone().expect("it was created");
            self.write(&Write::Delete { base }, Role::Asked);
        }

        /// Does `u`s and `U`s, and returns the value after each, `-` where it is deleted.
        fn press(&mut self, keys: &str) -> String {
            let mut values = String::new();
            for key in keys.chars() {
                let place = if key == 'u' { self.journal.next_undo() } else { self.journal.next_redo() };
                let Some(place) = place else {
                    values.push('!');
                    continue;
                };
                let (write, role) = self.journal.way_back(place).expect("nobody else writes");
                assert_eq!(write.base(), self.newest.as_ref(), "what is taken back must be the newest");
                self.write(&write, role);
                let newest = self.newest.as_ref().expect("something was written");
                values += if newest.is_deleted() { "-" } else { newest.value.as_deref().unwrap_or("?") };
            }
            values
        }
    }

    #[test]
    fn what_was_written_is_taken_back_and_put_forward_in_any_order() {
        let mut desk = Desk::default();
        desk.create();
        desk.save("1");
        desk.save("2");
        desk.delete();
        assert_eq!(desk.press("uuuu"), "210-");
        assert_eq!(desk.press("u"), "!", "there is nothing before");
        assert_eq!(desk.press("UUUU"), "012-");
        assert_eq!(desk.press("U"), "!");
        assert_eq!(desk.press("uuUuUU"), "21212-");
    }

    #[test]
    fn a_new_write_is_on_top_of_what_was_taken_back() {
        let mut desk = Desk::default();
        desk.create();
        desk.save("1");
        desk.save("2");
        assert_eq!(desk.press("u"), "1");
        desk.save("3");
        assert_eq!(desk.press("U"), "!", "what was taken back is no longer ahead");
        assert_eq!(desk.press("uuuUUU"), "10-013");
    }

    #[test]
    fn a_restore_of_what_was_equal_is_taken_back_as_a_version() {
        let mut desk = Desk::default();
        desk.create();
        desk.save("1");
        desk.save("0");
        let (base, record) = (desk.newest.clone().expect("it was created"), desk.journal.deeds()[0].written.clone());
        desk.write(&Write::Restore { base, record, delete: false, note: None }, Role::Asked);
        assert_eq!(desk.press("uuuu"), "010-");
    }

    #[test]
    fn what_someone_else_has_written_between_two_of_ours_is_not_taken_back() {
        let mut desk = Desk::default();
        desk.create();
        desk.save("1");
        // Theirs comes between, and is what the next one is based on.
        let mut theirs = Record::bare(Desk::subject(), Version::from_ms(500));
        theirs.value = Some("theirs".into());
        desk.newest = Some(Arc::new(theirs));
        desk.clock = 600;
        desk.save("2");
        assert_eq!(desk.press("u"), "theirs");
        assert_eq!(desk.journal.way_back(1).map(|_| ()), Err(Refusal::Others));
    }

    #[test]
    fn an_older_write_can_t_be_taken_back_from_under_a_newer_one() {
        let mut desk = Desk::default();
        desk.create();
        desk.save("1");
        desk.save("2");
        assert_eq!(desk.journal.way_back(1).map(|_| ()), Err(Refusal::Covered));
        assert_eq!(desk.press("u"), "1");
        assert_eq!(desk.journal.way_back(2).map(|_| ()), Err(Refusal::Undone));
        assert!(desk.journal.way_back(1).is_ok());
    }

    #[test]
    fn a_state_that_was_deleted_is_deleted_again() {
        let mut desk = Desk::default();
        desk.create();
        desk.delete();
        let base = desk.newest.clone().expect("it was created");
        let edit = Edit { value: Some("7".into()), undelete: true, ..Edit::default() };
        desk.write(&Write::Update { base, edit }, Role::Asked);
        let (write, _) = desk.journal.way_back(2).expect("nobody else writes");
        assert!(matches!(write, Write::Restore { delete: true, .. }));
        assert_eq!(desk.press("uuuUUU"), "-0-0-7");
    }
}
