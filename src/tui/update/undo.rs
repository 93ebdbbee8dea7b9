//! Undoing what this session wrote, and redoing it: by writing, after a look at what will be written.

use std::sync::Arc;

use super::super::app::{App, Mood};
use super::super::compare::ToCompare;
use super::super::event::{Effect, Write};
use super::super::journal::{Back, Order, Refusal, Role};
use super::super::overlay::Overlay;
use super::act::review;
use super::guard::may_write;
use super::{bring_back, past};
use crate::model::Record;

/// Offers to undo the last write.
pub(super) fn undo(app: &mut App, effects: &mut Vec<Effect>) {
    if app.as_of.is_some() {
        return app.say(Mood::Bad, past::REFUSED);
    }
    match app.journal.next_undo() {
        Some(place) => take_back(app, place, effects),
        None => app.say(Mood::Plain, "nothing was written in this session that could be undone"),
    }
}

/// Offers to redo what was undone last.
pub(super) fn redo(app: &mut App, effects: &mut Vec<Effect>) {
    if app.as_of.is_some() {
        return app.say(Mood::Bad, past::REFUSED);
    }
    match app.journal.next_redo() {
        Some(place) => take_back(app, place, effects),
        None => app.say(Mood::Plain, "nothing was undone that could be redone"),
    }
}

/// Shows what this session wrote.
pub(super) fn open_journal(app: &mut App) {
    if app.journal.deeds().is_empty() {
        return app.say(Mood::Plain, "this session has written nothing yet");
    }
    app.overlays.push(Overlay::Journal { cursor: 0 });
}

/// Offers to undo the write at a place of the journal, or says why it can't be.
pub(super) fn take_back(app: &mut App, place: usize, effects: &mut Vec<Effect>) {
    if !may_write(app) {
        return;
    }
    let (write, role) = match app.journal.way_back(place) {
        Ok((Back::Write(write), role)) => (write, role),
        Ok((Back::Items(items), role)) => return bring_back::plan_back(app, place, role, items),
        Err(Refusal::Undone) => return app.say(Mood::Plain, "that is undone already"),
        Err(Refusal::Covered) => {
            return app.say(Mood::Bad, "this session has written on top of it since: undo that first");
        }
        Err(Refusal::Others) => {
            let words = "not undone: someone else has written since or in between; W lists what else can be";
            return app.say(Mood::Bad, words);
        }
    };
    if let Some(reason) = someone_wrote_since(app, &write) {
        return app.say(Mood::Bad, reason);
    }
    let verb = if matches!(role, Role::Redo(_)) { "Redo" } else { "Undo" };
    let title = format!("{verb}: {}", app.journal.words_of_way_back(place));
    let what = to_compare(&write);
    // Someone may have written since: the answer closes the window then.
    effects.extend(write.base().map(|base| Effect::Look(base.subject.clone())));
    app.overlays.push(review(app, title, what, Order { write, role, edit: None }));
}

/// Returns why a write can't be undone where the timeline shows a newer version already; else the store finds out.
fn someone_wrote_since(app: &App, write: &Write) -> Option<String> {
    let base = write.base()?;
    let timeline = app.timelines.iter().find(|timeline| timeline.subject == base.subject)?;
    let newest = timeline.newest()?;
    // What shows may also be older than the base, where it was not read again since.
    let is_other =
        newest.version > base.version || newest.version == base.version && newest.is_deleted() && !base.is_deleted();
    is_other.then(|| format!("not undone: {} since; W lists what else can be", who_wrote(app, newest)))
}

/// Says who wrote or deleted a version, and when.
pub(super) fn who_wrote(app: &App, record: &Record) -> String {
    let deleted_at = record.deleted_ms();
    let (who, verb, at) = match deleted_at {
        Some(at) => (&record.deleted_by, "deleted it", at),
        None => (&record.author, "wrote", record.version.ms()),
    };
    format!("{} {verb} ({})", who.as_deref().unwrap_or("another writer"), app.when(at, true))
}

/// Returns what undoing shows: the difference, or what else will be.
fn to_compare(write: &Write) -> ToCompare {
    match write {
        Write::Restore { base, record, delete, .. } => {
            let words = if *delete { "now → then, deleted again" } else { "now → then" };
            ToCompare::Versions(Arc::clone(base), Arc::clone(record), words.to_owned())
        }
        Write::Undelete { .. } => {
            ToCompare::Nothing("deleted → live".to_owned(), "A new version is written without the deletion mark.")
        }
        _ => ToCompare::Nothing(
            "live → deleted".to_owned(),
            "Its newest version gets the deletion mark. Nothing is erased: the history stays.",
        ),
    }
}
