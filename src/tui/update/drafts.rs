//! What is typed is kept as a draft while it is typed, and gone on with later.

use std::sync::Arc;

use super::super::app::{App, Editing, Keeping, Mood, Opening, Target};
use super::super::editor::Editor;
use super::super::event::{Effect, RequestId, Typed};
use super::super::kept::{self, subject, title};
use super::super::overlay::{Answer, Choice, Decision, Overlay};
use super::guard::may_write;
use super::{edit, merge, replies};
use crate::drafts::{Base, Draft, DraftError, DraftId, Kept, Names, Owner, Work};
use crate::model::{Record, Subject};
use crate::store::StoreError;

/// How long the newest version is not looked at again while its value is edited, in ms, for each read unit of 4 KB that
/// a look costs.
const LOOK_AGAIN: i64 = 15_000;

/// Notes that something was typed: it is kept in a moment.
pub(super) fn touch(app: &mut App, effects: &mut Vec<Effect>) {
    let (now, keeps) = (app.now, app.keeps_drafts());
    let Some(editing) = &mut app.editing else { return };
    editing.changed = now;
    match &mut editing.keeping {
        _ if !keeps => {}
        keeping @ Keeping::Done => {
            *keeping = Keeping::Soon;
            effects.push(Effect::KeepSoon);
        }
        Keeping::Soon => {}
        Keeping::Writing { more } => *more = true,
    }
}

/// Keeps what is typed, if any of it isn't; also looks whether someone else has written meanwhile.
pub(super) fn keep_now(app: &mut App, effects: &mut Vec<Effect>) {
    if app.editing.as_ref().is_some_and(|editing| editing.keeping == Keeping::Soon) {
        keep(app, effects);
        look_again(app, effects);
    }
}

/// Keeps what is typed at once, since the program ends.
pub(super) fn keep_at_once(app: &mut App, effects: &mut Vec<Effect>) {
    let is_behind = app.editing.as_ref().is_some_and(|editing| editing.keeping != Keeping::Done);
    if is_behind || app.drafts.problem.is_some() {
        keep(app, effects);
    }
}

fn keep(app: &mut App, effects: &mut Vec<Effect>) {
    if !app.keeps_drafts() {
        return;
    }
    let Some(typed) = typed(app) else { return };
    let Some(editing) = &mut app.editing else { return };
    if editing.editor.is_modified() || matches!(editing.target, Target::Entry { .. }) {
        editing.keeping = Keeping::Writing { more: false };
        effects.push(Effect::Keep(Box::new(typed)));
    } else {
        // All of it was undone.
        editing.keeping = Keeping::Done;
        effects.push(Effect::DropDraftOf(editing.id));
    }
}

fn look_again(app: &mut App, effects: &mut Vec<Effect>) {
    let now = app.now;
    let Some(editing) = &mut app.editing else { return };
    let Target::Version { base } = &editing.target else { return };
    let units = 1 + base.value.as_ref().map_or(0, String::len) / 4096;
    if editing.looked + LOOK_AGAIN * i64::try_from(units).unwrap_or(i64::MAX / LOOK_AGAIN) <= now {
        editing.looked = now;
        effects.push(Effect::Look(base.subject.clone()));
    }
}

/// Returns what is typed in the editor.
pub(super) fn typed(app: &App) -> Option<Typed> {
    let editing = app.editing.as_ref()?;
    let (work, subject, entry) = match &editing.target {
        Target::Version { base } => {
            let Subject::Entry(entry) = &base.subject else { return None };
            let on = Base {
                version: base.version,
                name: base.name.clone(),
                value: base.value.clone(),
                deleted: base.is_deleted(),
            };
            let work = Work::Version { entry: entry.clone(), base: on };
            (work, base.subject.clone(), base.name.clone())
        }
        Target::Entry { collection, name } => {
            let work = Work::Entry { collection: collection.clone(), name: name.clone() };
            (work, collection.clone().into(), Some(name.clone()))
        }
    };
    let (line, character) = editing.editor.position();
    Some(Typed {
        edit: editing.id,
        work,
        names: Names { collection: app.collection_name(subject.collection()), entry },
        text: editing.editor.text(),
        cursor: (line - 1, character - 1),
        begun: editing.begun,
        changed: editing.changed,
    })
}

/// Notes that what was typed is kept, or could not be.
pub(super) fn kept(app: &mut App, edit: RequestId, result: Result<(), DraftError>, effects: &mut Vec<Effect>) {
    let editing = app.editing.as_mut().filter(|editing| editing.id == edit);
    if let Some(editing) = editing {
        let has_more = matches!(editing.keeping, Keeping::Writing { more: true });
        editing.keeping = if has_more { Keeping::Soon } else { Keeping::Done };
        if has_more {
            effects.push(Effect::KeepSoon);
        }
    }
    match result {
        Ok(()) => {
            if app.drafts.problem.take().is_some() {
                app.say(Mood::Good, "what you type is kept again");
            }
        }
        Err(error) => {
            let words = format!("what you type is not kept: {error} ^S still saves it");
            // Said once, not with every key.
            if app.drafts.problem.as_ref() != Some(&words) {
                app.say(Mood::Bad, words.clone());
            }
            app.drafts.problem = Some(words);
        }
    }
}

/// Takes in which drafts there are; at the start shows them where some were left.
pub(super) fn listed(app: &mut App, result: Result<Vec<Kept>, DraftError>, effects: &mut Vec<Effect>) {
    match result {
        Ok(kept) => app.drafts.kept = kept,
        Err(error) => {
            let words = format!("drafts can't be kept: {error}");
            app.say(Mood::Bad, words.clone());
            app.drafts.problem = Some(words);
        }
    }
    let last = app.drafts.kept.len();
    for overlay in &mut app.overlays {
        if let Overlay::Drafts { cursor } = overlay {
            *cursor = (*cursor).min(last.saturating_sub(1));
        }
    }
    if last == 0 {
        app.overlays.retain(|overlay| !matches!(overlay, Overlay::Drafts { .. }));
    }
    show_what_was_left(app, effects);
}

/// Shows the drafts of sessions that ended, once, when the store is open.
pub(super) fn show_what_was_left(app: &mut App, effects: &mut Vec<Effect>) {
    let is_free = app.overlays.is_empty() && app.editing.is_none();
    if app.drafts.are_listed || !matches!(app.opening, Opening::Open) || app.drafts.kept.is_empty() || !is_free {
        return;
    }
    app.drafts.are_listed = true;
    if app.drafts.left() > 0 {
        open_list(app, effects);
    }
}

/// Shows the drafts, and looks which of their bases have moved.
pub(super) fn open_list(app: &mut App, effects: &mut Vec<Effect>) {
    if !app.keeps_drafts() {
        return app.say(Mood::Plain, "this store is gone when you leave: no drafts are kept of it");
    }
    if app.drafts.kept.is_empty() {
        return app.say(Mood::Plain, "there are no drafts");
    }
    app.drafts.are_listed = true;
    app.overlays.push(Overlay::Drafts { cursor: 0 });
    let home = app.connection.home.clone().unwrap_or_default();
    app.drafts.newest.clear();
    let subjects: Vec<Subject> = app.drafts.at(&home).map(|(_, draft)| subject(draft)).collect();
    effects.extend(subjects.into_iter().map(Effect::Look));
}

/// Goes on with the draft under the cursor, or says why that can't be.
pub(super) fn open_selected(app: &mut App, cursor: usize, effects: &mut Vec<Effect>) {
    let Some(kept) = app.drafts.kept.get(cursor).cloned() else { return };
    match (&kept.draft, kept.owner) {
        (Err(error), _) => app.say(Mood::Bad, error.to_string()),
        (_, Owner::Running) => app.say(Mood::Bad, "it is open in another dynamini: go on there, or end that one first"),
        (Ok(draft), _) if Some(&draft.home) != app.connection.home.as_ref() => {
            let words =
                format!("it belongs to {} ({}): open that connection to go on with it", draft.connection, draft.home);
            app.say(Mood::Bad, words);
        }
        (Ok(_), _) => take(app, kept.id, effects),
    }
}

/// Takes over a draft to go on with it.
pub(super) fn take(app: &mut App, id: DraftId, effects: &mut Vec<Effect>) {
    if may_write(app) {
        let edit = app.request();
        effects.push(Effect::TakeDraft(edit, id));
    }
}

/// Takes in a draft that was taken over; before it opens, the newest version is looked at.
pub(super) fn taken(app: &mut App, edit: RequestId, result: Result<Box<Draft>, DraftError>, effects: &mut Vec<Effect>) {
    match result {
        Ok(draft) => {
            effects.push(Effect::Look(subject(&draft)));
            app.drafts.opening = Some((edit, draft));
        }
        Err(error) => {
            app.say(Mood::Bad, error.to_string());
            effects.push(Effect::ListDrafts);
        }
    }
}

/// Takes in the newest version of something: for the list of drafts, the editor, and the draft that waits for it.
pub(super) fn looked(
    app: &mut App,
    about: Subject,
    result: Result<Arc<Record>, Arc<StoreError>>,
    effects: &mut Vec<Effect>,
) {
    if let Ok(newest) = &result {
        merge::saw(app, newest);
    }
    let is_awaited = app.drafts.opening.as_ref().is_some_and(|(_, draft)| subject(draft) == about);
    if let Some((edit, draft)) = app.drafts.opening.take_if(|_| is_awaited) {
        match &result {
            Ok(newest) => open(app, edit, *draft, newest, effects),
            Err(error) => app.say(Mood::Bad, format!("the draft stays where it is: {error}")),
        }
    }
    app.drafts.newest.insert(about, result);
}

/// Opens the editor on a draft; where its base has moved, in the merge with what is there now.
fn open(app: &mut App, edit: RequestId, draft: Draft, newest: &Arc<Record>, effects: &mut Vec<Effect>) {
    app.overlays.clear();
    replies::arrived(app, newest, effects);
    let left = draft.left;
    let before = left.before.unwrap_or_else(|| draft.text.clone());
    let (target, original) = match draft.work {
        Work::Entry { collection, name } => (Target::Entry { collection, name }, None),
        Work::Version { entry, base } => {
            let deleted_at = base.deleted.then(|| newest.deleted_at.clone().unwrap_or_default());
            let record = Record { name: base.name, value: base.value, deleted_at, ..Record::bare(entry, base.version) };
            let value = record.value.clone();
            let is_newest = newest.version == record.version && newest.is_deleted() == record.is_deleted();
            let base = if is_newest { Arc::clone(newest) } else { Arc::new(record) };
            (Target::Version { base }, value)
        }
    };
    if !Editor::fits(&draft.text) {
        app.say(Mood::Bad, "this draft has too many lines or columns to edit here: E opens it in $EDITOR");
    }
    let mut editor = Editor::reopened(&before, original.as_deref().unwrap_or_default());
    if before != draft.text {
        // What an editor left that crashed is taken back with one undo.
        editor.take(&draft.text);
    }
    editor.go_to(draft.cursor);
    let now = app.now;
    edit::show_editor(
        app,
        Editing { begun: draft.begun, changed: draft.changed, ..Editing::new(edit, editor, target, now) },
    );
    merge::saw(app, newest);
    if let Some(beside) = left.beside.first() {
        app.say(Mood::Bad, format!("your editor also left {}, which is not in this text", beside.display()));
    } else if app.editing.as_ref().is_some_and(|editing| editing.theirs.is_some()) {
        merge::open(app);
    } else {
        app.say(Mood::Plain, "gone on with the draft");
    }
}

/// Asks before the draft under the cursor is discarded.
pub(super) fn ask_to_discard(app: &mut App, cursor: usize) {
    let Some(kept) = app.drafts.kept.get(cursor) else { return };
    if kept.owner == Owner::Running {
        return app.say(Mood::Bad, "it is open in another dynamini, which has it");
    }
    let (name, text) = match &kept.draft {
        Ok(draft) => (title(draft), format!("In {}, typed {}.", kept::path(draft), app.ago(draft.changed))),
        Err(error) => (kept.path.display().to_string(), error.to_string()),
    };
    let id = kept.id;
    app.overlays.push(Overlay::Choice(Choice {
        title: "Discard this draft?".to_owned(),
        text: vec![name.clone(), text, "What was typed is not stored anywhere else, and goes for good.".to_owned()],
        answers: vec![
            Answer::new("Keep it", Decision::Nothing),
            Answer::new(format!("Discard the draft of {name}"), Decision::DiscardDraft(id)),
        ],
        cursor: 0,
    }));
}

/// Copies the text of the draft under the cursor.
pub(super) fn copy_text(app: &mut App, cursor: usize, effects: &mut Vec<Effect>) {
    if let Some(Ok(draft)) = app.drafts.kept.get(cursor).map(|kept| &kept.draft) {
        effects.push(Effect::Copy(draft.text.clone()));
    }
}
