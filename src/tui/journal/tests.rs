//! What is undone and redone, in any order.

use super::*;
use crate::bring_back::Act;
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
        self.write(&Write::CreateEntry { collection, name: "desk".into(), value: "0".into(), note: None }, Role::Asked);
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

    fn carry_out(&mut self, items: Vec<Item>, role: Role) {
        self.clock += 1;
        let version = Version::from_ms(self.clock);
        let done: Vec<_> = items.into_iter().map(|item| (item.clone(), item.done(version))).collect();
        self.newest = done.first().map(|(_, written)| Arc::new(written.clone()));
        self.journal.note_many(0, "brought many back".to_owned(), role, done, Cost::default(), true);
    }

    /// Does `u`s and `U`s, and returns the value after each, `-` where it is deleted, `?` where it is not held.
    fn press(&mut self, keys: &str) -> String {
        let mut values = String::new();
        for key in keys.chars() {
            let place = if key == 'u' { self.journal.next_undo() } else { self.journal.next_redo() };
            let Some(place) = place else {
                values.push('!');
                continue;
            };
            let (back, role) = self.journal.way_back(place).expect("nobody else writes");
            let newest = self.newest.as_deref().map(|newest| (newest.version, newest.is_deleted()));
            let base = |base: &Record| Some((base.version, base.is_deleted()));
            match back {
                Back::Write(write) => {
                    assert_eq!(write.base().and_then(|it| base(it)), newest, "what is taken back must be the newest");
                    self.write(&write, role);
                }
                Back::Items(items) => {
                    assert_eq!(base(&items[0].now), newest, "what is taken back must be the newest");
                    self.carry_out(items, role);
                }
            }
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
    let (base, record) =
        (desk.newest.clone().expect("it was created"), desk.journal.deeds()[0].moves[0].written.clone());
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
    let (back, _) = desk.journal.way_back(2).expect("nobody else writes");
    assert!(matches!(back, Back::Write(Write::Restore { delete: true, .. })));
    assert_eq!(desk.press("uuuUUU"), "-0-0-7");
}

/// Brings the desk back to how it was in its first version, as one of many.
fn bring_back(desk: &mut Desk) {
    let (now, then) = (desk.newest.clone().expect("it was created"), desk.journal.deeds()[0].moves[0].written.clone());
    let bare = |record: &Record| Record { value: None, ..record.clone() };
    let item =
        Item { now: bare(&now), then: Some(bare(&then)), collection: None, act: Act::Restore, cost: Cost::default() };
    desk.carry_out(vec![item], Role::Asked);
}

#[test]
fn many_that_were_brought_back_are_taken_back_and_put_forward_between_other_writes() {
    let mut desk = Desk::default();
    desk.create();
    desk.save("1");
    bring_back(&mut desk);
    assert_eq!(desk.press("uU"), "??", "nobody holds the values");
    assert_eq!(desk.press("uu"), "?0", "what was done before it is taken back on top of the way back");
    assert_eq!(desk.press("UU"), "1?");
    desk.save("7");
    assert_eq!(desk.journal.way_back(2).map(|_| ()), Err(Refusal::Undone));
    assert_eq!(desk.press("uuuu"), "??0-");
}
