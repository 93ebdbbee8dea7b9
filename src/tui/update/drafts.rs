//! What is typed is kept as a draft while it is typed, and gone on with later.

use std::sync::Arc;

use super::super::app::{App, Editing, Keeping, Mood, Opening, Target, Then};
use super::super::editor::Editor;
use super::super::event::{EditId, Effect, Typed};
use super::super::kept::{self, subject, title};
use super::super::overlay::{Answer, Choice, Decision, Overlay};
use super::{edit, merge, replies};
use crate::drafts::{Base, Draft, DraftError, DraftId, Kept, Names, Owner, Work};
use crate::model::{Record, Subject};
use crate::store::StoreError;

/// How long the newest version is not looked at again while its value is edited, in ms, for each read unit of 4 KB that
/// a look costs.
const LOOK_AGAIN: i64 = 15_000;

/// How long after the first key that isn't kept yet a draft is written, in ms: at most a second behind, with the disk's
/// time.
const KEEP_AFTER: u32 = 400;

/// The same after it could not be written, which a person may mend meanwhile.
const KEEP_AGAIN_AFTER: u32 = 5_000;

/// Notes that something was typed: it is kept in a moment.
pub(super) fn touch(app: &mut App, effects: &mut Vec<Effect>) {
    let (now, keeps) = (app.now, app.keeps_drafts());
    let Some(editing) = &mut app.editing else { return };
    editing.changed = now;
    match &mut editing.keeping {
        _ if !keeps => {}
        keeping @ (Keeping::Done | Keeping::Beside) => {
            *keeping = Keeping::Soon;
            effects.push(Effect::KeepSoon(KEEP_AFTER));
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

/// Keeps what is typed at once, since the program may end.
pub(super) fn keep_at_once(app: &mut App, effects: &mut Vec<Effect>) {
    let is_beside = app.editing.as_ref().is_some_and(|editing| editing.keeping == Keeping::Beside);
    if app.has_unsaved() && !is_beside {
        keep(app, effects);
    }
}

/// Keeps what is typed, and closes the editor or ends the program once it is kept; not if it can't be.
pub(super) fn keep_and(app: &mut App, then: Then, effects: &mut Vec<Effect>) {
    keep_at_once(app, effects);
    match &mut app.editing {
        Some(editing) if matches!(editing.keeping, Keeping::Writing { .. }) => editing.then = Some(then),
        _ => go_on(app, then, effects),
    }
}

fn go_on(app: &mut App, then: Then, effects: &mut Vec<Effect>) {
    match then {
        Then::Close => {
            edit::close(app);
            app.say(Mood::Plain, "what was typed stays as a draft: D lists drafts");
        }
        Then::Quit => effects.push(Effect::Quit),
    }
}

fn keep(app: &mut App, effects: &mut Vec<Effect>) {
    if !app.keeps_drafts() {
        return;
    }
    let Some(typed) = typed(app) else { return };
    let Some(editing) = &mut app.editing else { return };
    if editing.has_unsaved() {
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
pub(super) fn kept(app: &mut App, edit: EditId, result: Result<(), DraftError>, effects: &mut Vec<Effect>) {
    let mut then = None;
    let mut was_awaited = false;
    if let Some(editing) = app.editing.as_mut().filter(|editing| editing.id == edit) {
        let has_more = matches!(editing.keeping, Keeping::Writing { more: true });
        editing.keeping = if has_more || result.is_err() { Keeping::Soon } else { Keeping::Done };
        if result.is_err() {
            was_awaited = editing.then.take().is_some();
            effects.push(Effect::KeepSoon(KEEP_AGAIN_AFTER));
        } else if has_more {
            effects.push(Effect::KeepSoon(KEEP_AFTER));
        } else {
            then = editing.then.take();
        }
    }
    match result {
        Ok(()) => {
            if app.drafts.problem.take().is_some() {
                app.say(Mood::Good, "what you type is kept again");
            }
        }
        Err(error) => {
            let words = format!("what you type is not kept: {error} ^S saves it where the store has room");
            // Said once, not with every key; but who waits for it is told again.
            if was_awaited || app.drafts.problem.as_ref() != Some(&words) {
                app.say(Mood::Bad, words.clone());
            }
            app.drafts.problem = Some(words);
        }
    }
    if let Some(then) = then {
        go_on(app, then, effects);
    }
}

/// Takes in which drafts there are; at the start shows them where some were left.
pub(super) fn listed(app: &mut App, result: Result<Vec<Kept>, DraftError>, effects: &mut Vec<Effect>) {
    match result {
        Ok(kept) => app.drafts.set(kept),
        Err(error) => {
            let words = format!("drafts can't be kept: {error}");
            app.say(Mood::Bad, words.clone());
            app.drafts.problem = Some(words);
        }
    }
    let last = app.drafts.kept.len();
    if std::mem::take(&mut app.drafts.is_asked) && app.editing.is_none() {
        match last {
            0 if app.drafts.problem.is_none() => app.say(Mood::Plain, "there are no drafts"),
            0 => {}
            _ => app.overlays.push(Overlay::Drafts { cursor: 0 }),
        }
        app.drafts.were_shown = true;
    }
    for overlay in &mut app.overlays {
        if let Overlay::Drafts { cursor } = overlay {
            *cursor = (*cursor).min(last.saturating_sub(1));
        }
    }
    if last == 0 {
        app.overlays.retain(|overlay| !matches!(overlay, Overlay::Drafts { .. }));
    }
    if app.overlays.iter().any(|overlay| matches!(overlay, Overlay::Drafts { .. })) {
        look_at_bases(app, effects);
    }
    show_what_was_left(app, effects);
}

/// Looks at what the listed drafts are about, as far as that isn't known.
fn look_at_bases(app: &App, effects: &mut Vec<Effect>) {
    let home = app.connection.home.as_deref().unwrap_or_default();
    let subjects = app.drafts.at(home).map(|(_, draft)| subject(draft));
    effects.extend(subjects.filter(|subject| !app.drafts.newest.contains_key(subject)).map(Effect::Look));
}

/// Shows the drafts of sessions that ended, once, when the store is open.
pub(super) fn show_what_was_left(app: &mut App, effects: &mut Vec<Effect>) {
    let is_free = app.overlays.is_empty() && app.editing.is_none();
    if app.drafts.were_shown || !matches!(app.opening, Opening::Open) || app.drafts.kept.is_empty() || !is_free {
        return;
    }
    app.drafts.were_shown = true;
    if app.drafts.left() > 0 {
        open_list(app, effects);
    }
}

/// Shows the drafts, and looks which of their bases have moved.
pub(super) fn open_list(app: &mut App, effects: &mut Vec<Effect>) {
    if !app.keeps_drafts() {
        return app.say(
            Mood::Plain,
            "no drafts are kept here: the store is gone when you leave, or there is no place for them",
        );
    }
    // What is known may be old: the window opens, or not, with the answer.
    app.drafts.is_asked = true;
    app.drafts.newest.clear();
    effects.push(Effect::ListDrafts);
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
    if app.as_of.is_some() {
        return app.say(Mood::Bad, "a draft is gone on with now, and this is the past: T goes back");
    }
    if app.drafts.opening.is_some() {
        return app.say(Mood::Plain, "a draft is being opened already");
    }
    if matches!(app.opening, Opening::Open) {
        let edit = app.request().into();
        effects.push(Effect::TakeDraft(edit, id));
        app.say(Mood::Plain, "opening the draft…");
    }
}

/// Takes in a draft that was taken over; before it opens, the newest version is looked at.
pub(super) fn taken(app: &mut App, edit: EditId, result: Result<Box<Draft>, DraftError>, effects: &mut Vec<Effect>) {
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
        merge::check_review(app, newest, effects);
    }
    let is_awaited = app.drafts.opening.as_ref().is_some_and(|(_, draft)| subject(draft) == about);
    if let Some((edit, draft)) = app.drafts.opening.take_if(|_| is_awaited) {
        let is_elsewhere = |overlay: &Overlay| !matches!(overlay, Overlay::Drafts { .. });
        match &result {
            Ok(_) if app.as_of.is_some() => {
                app.say(Mood::Plain, "the draft stays where it is: T goes back to now, D opens it");
            }
            // What was begun meanwhile goes first.
            Ok(_) if app.editing.is_some() || !app.writes.is_empty() || app.overlays.iter().any(is_elsewhere) => {
                app.say(Mood::Plain, "the draft stays where it is: D opens it");
            }
            Ok(newest) => open(app, edit, *draft, newest, effects),
            Err(error) => app.say(Mood::Bad, format!("the draft stays where it is: {error}")),
        }
    }
    app.drafts.newest.insert(about, result);
}

/// Opens the editor on a draft; where its base has moved, in the merge with what is there now.
fn open(app: &mut App, edit: EditId, draft: Draft, newest: &Arc<Record>, effects: &mut Vec<Effect>) {
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
    let fits = Editor::fits(&draft.text) && Editor::fits(&before);
    let mut editor = if before == draft.text || !fits {
        Editor::reopened(&draft.text, original.as_deref().unwrap_or_default())
    } else {
        // What an editor left that crashed is taken back with one undo.
        let mut editor = Editor::reopened(&before, original.as_deref().unwrap_or_default());
        editor.take(&draft.text);
        editor
    };
    editor.go_to(draft.cursor);
    let (now, lies_beside) = (app.now, !left.beside.is_empty());
    let editing = Editing::new(edit, editor, target, now);
    edit::show_editor(app, Editing { begun: draft.begun, changed: draft.changed, lies_beside, ..editing });
    merge::saw(app, newest);
    if let Some(beside) = left.beside.first() {
        app.say(Mood::Bad, format!("your editor also left {}, which is not in this text", beside.display()));
    } else if !fits {
        edit::hand_out(app, effects);
    } else if newest.is_deleted() && matches!(newest.subject, Subject::Collection(_)) {
        app.say(Mood::Bad, "its collection is deleted: bring that back first, to save into it");
    } else if app.editing.as_ref().is_some_and(|editing| editing.theirs.is_some()) {
        merge::open(app, effects);
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
