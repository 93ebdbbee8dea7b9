//! Editing a value: opened, checked, reviewed, sent, and never lost on the way.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::app::{App, Editing, Keeping, Mood, Target};
use super::super::compare::ToCompare;
use super::super::editor::{Editor, Outcome};
use super::super::event::{EditId, Effect, Outside, Write};
use super::super::journal::{Order, Role};
use super::super::overlay::{Answer, Choice, Decision, Overlay};
use super::super::pane::Pane;
use super::super::words::quoted;
use super::act::{newest, review};
use super::guard::may_write;
use super::{drafts, merge};
use crate::json;
use crate::model::{CollectionKey, Record, Subject};
use crate::store::Edit;

/// Opens the editor over the shown version's value; where there is a draft, asks whether to go on with that.
pub(super) fn open(app: &mut App, effects: &mut Vec<Effect>) {
    if !has_draft(app, false) {
        open_anew(app, false, effects);
    }
}

/// Hands the shown version's value to the person's own editor, under the same question.
pub(super) fn open_outside(app: &mut App, effects: &mut Vec<Effect>) {
    if !has_draft(app, true) {
        open_anew(app, true, effects);
    }
}

/// Opens the editor here or outside, whatever drafts there are.
pub(super) fn open_anew(app: &mut App, outside: bool, effects: &mut Vec<Effect>) {
    let Some(editing) = prepare(app) else { return };
    if !outside && !Editor::fits(&editing.editor.text()) {
        return app.say(Mood::Bad, "this value has too many lines or columns to edit here: E opens it in $EDITOR");
    }
    show_editor(app, Editing { is_handed_out: outside, ..editing });
    if outside {
        hand_out(app, effects);
    }
}

/// Opens the editor for a new entry.
pub(super) fn open_new(app: &mut App, collection: CollectionKey, name: String) {
    let mut editor = Editor::new("{}");
    // Between the braces, where the first key goes.
    editor.go_to((0, 1));
    let (id, now) = (app.request().into(), app.now);
    show_editor(app, Editing::new(id, editor, Target::Entry { collection, name }, now));
}

/// Asks whether to go on with the draft of what is selected. Returns whether there is one.
fn has_draft(app: &mut App, outside: bool) -> bool {
    let (Some(home), Some(subject)) = (&app.connection.home, app.subject()) else { return false };
    let Some((kept, draft)) = app.drafts.of(home, &subject) else { return false };
    let (id, ago) = (kept.id, app.ago(draft.changed));
    app.overlays.push(Overlay::Choice(Choice {
        title: "There is a draft".to_owned(),
        text: vec![format!("What was typed for this entry {ago} is not stored.")],
        answers: vec![
            Answer::new("Go on with the draft", Decision::OpenDraft(id)),
            Answer::new("Edit the stored value; the draft stays", Decision::EditAnew { outside }),
            Answer::new("Neither", Decision::Nothing),
        ],
        cursor: 0,
    }));
    true
}

pub(super) fn show_editor(app: &mut App, editing: Editing) {
    app.editing = Some(Editing { came_from: app.focus, ..editing });
    app.focus = Pane::Value;
    app.differing = false;
    super::follow::show(app);
}

fn prepare(app: &mut App) -> Option<Editing> {
    if !may_write(app) {
        return None;
    }
    if !matches!(app.subject(), Some(Subject::Entry(_))) {
        app.say(Mood::Plain, "select an entry first: it is values that are edited");
        return None;
    }
    let base = newest(app)?;
    if base.is_deleted() {
        app.say(Mood::Bad, "it is deleted: r brings it back");
        return None;
    }
    let shown = app.timeline()?.shown().cloned()?;
    let original = base.value.clone().unwrap_or_default();
    let text_of = (shown.version != base.version).then_some(shown.version);
    // An older text is a change of the newest one.
    let text = shown.value.clone().unwrap_or_default();
    let text = json::parse(&text).map_or(text.clone(), |document| json::pretty(&document));
    let editor = if text_of.is_some() { Editor::reopened(&text, &original) } else { Editor::new(&text) };
    let (id, now) = (app.request().into(), app.now);
    Some(Editing { text_of, ..Editing::new(id, editor, Target::Version { base }, now) })
}

/// Takes a key for the editor.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let ctrl = |char| key.code == KeyCode::Char(char) && key.modifiers.contains(KeyModifiers::CONTROL);
    let Some(editing) = &mut app.editing else { return };
    if ctrl('s') {
        return save(app, effects);
    }
    if ctrl('o') {
        return hand_out(app, effects);
    }
    match editing.editor.key(key) {
        Outcome::Changed => {
            app.say(Mood::Plain, "");
            drafts::touch(app, effects);
        }
        Outcome::Handled => app.say(Mood::Plain, ""),
        Outcome::Ignored if key.code == KeyCode::F(1) => app.overlays.push(Overlay::Help { scroll: 0 }),
        Outcome::Ignored if key.code == KeyCode::Esc => leave(app, effects),
        Outcome::Ignored => {}
    }
}

/// Takes a pasted text for the editor.
pub(super) fn paste(app: &mut App, text: &str, effects: &mut Vec<Effect>) {
    if let Some(editing) = &mut app.editing {
        editing.editor.paste(text);
        drafts::touch(app, effects);
    }
}

/// Hands what is typed to the person's own editor.
pub(super) fn hand_out(app: &App, effects: &mut Vec<Effect>) {
    effects.extend(drafts::typed(app).map(|typed| Effect::EditOutside(Box::new(typed))));
}

/// Closes the editor where nothing was typed, else asks.
fn leave(app: &mut App, effects: &mut Vec<Effect>) {
    if !app.has_unsaved() {
        return discard(app, effects);
    }
    let mut answers = vec![Answer::new("Go on editing", Decision::Nothing)];
    if app.can_keep() {
        answers.push(Answer::new("Close; what was typed stays as a draft", Decision::SetAside));
    }
    answers.push(Answer::new(format!("Discard what was typed for {}", what_is_edited(app)), Decision::DiscardEdit));
    let mut text = vec!["What was typed is not stored.".to_owned()];
    if app.editing.as_ref().is_some_and(|editing| editing.lies_beside) {
        text.push("What your own editor left is not in the text, and would be discarded too.".to_owned());
    }
    app.overlays.push(Overlay::Choice(Choice { title: "Close the editor?".to_owned(), text, answers, cursor: 0 }));
}

/// Returns what is edited, in words.
pub(super) fn what_is_edited(app: &App) -> String {
    match app.editing.as_ref().map(|editing| &editing.target) {
        Some(Target::Version { base }) => {
            format!("entry {}", quoted(base))
        }
        Some(Target::Entry { name, .. }) => format!("new entry {}", json::quote(name)),
        None => "nothing".to_owned(),
    }
}

/// Closes the editor, and removes the draft: what was typed is stored, or is to go.
pub(super) fn discard(app: &mut App, effects: &mut Vec<Effect>) {
    if let Some(editing) = app.editing.as_ref().filter(|_| app.keeps_drafts()) {
        effects.push(Effect::DropDraftOf(editing.id));
    }
    close(app);
}

/// Notes that the text of an edit is stored: its draft goes, and its editor closes. Where the person's own editor left
/// something that is not in the text, the draft stays for that.
pub(super) fn stored(app: &mut App, edit: Option<EditId>, effects: &mut Vec<Effect>) {
    let Some(edit) = edit else { return };
    let editing = app.editing.as_ref().filter(|editing| editing.id == edit);
    let lies_beside = editing.is_some_and(|editing| editing.lies_beside);
    if app.keeps_drafts() && !lies_beside {
        effects.push(Effect::DropDraftOf(edit));
    }
    if editing.is_some() {
        close(app);
    }
}

/// Closes the editor, whatever becomes of what was typed.
pub(super) fn close(app: &mut App) {
    if let Some(editing) = app.editing.take() {
        app.focus = editing.came_from;
    }
    app.overlays.retain(|overlay| !matches!(overlay, Overlay::Merging(_)));
    super::follow::show(app);
}

/// Shows what saving will change; says why where it can't be saved.
///
/// Where a newer version than the base has been seen, both become one first.
pub(super) fn save(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(editing) = &app.editing else { return };
    if editing.theirs.is_some() {
        return merge::open(app, effects);
    }
    let text = editing.editor.text();
    let Ok(document) = json::parse(&text) else {
        // The editor says what is wrong, and where.
        return app.say(Mood::Bad, "not JSON yet, so it can't be saved: ^E goes to the mistake");
    };
    let value = json::compact(&document);
    let overlay = match &editing.target {
        Target::Entry { collection, name } => {
            let write = Write::CreateEntry {
                collection: collection.clone(),
                name: name.clone(),
                value: value.clone(),
                note: None,
            };
            let what = ToCompare::Value(None, value, "a new entry".to_owned());
            let order = Order { write, role: Role::Asked, edit: Some(editing.id) };
            review(app, format!("Create entry {}", json::quote(name)), what, order)
        }
        Target::Version { base } => {
            let title = format!("{} → mine", app.when(base.version.ms(), true));
            if is_same(base, &document) {
                return app.say(Mood::Plain, "nothing has changed: nothing to save");
            }
            // Someone may have written since it was read: what the answer says comes before Enter does, mostly.
            effects.push(Effect::Look(base.subject.clone()));
            let what = ToCompare::Value(Some(Arc::clone(base)), value.clone(), title);
            review(app, format!("Save entry {}", quoted(base)), what, order_of(editing.id, base, value))
        }
    };
    app.overlays.push(overlay);
}

/// Returns whether a version has that value already; the order of keys makes no difference.
pub(super) fn is_same(version: &Record, value: &json::Document<'_>) -> bool {
    let stored = version.value.as_deref().and_then(|stored| json::parse(stored).ok());
    stored.is_some_and(|stored| json::is_same(&stored, value))
}

/// Returns the order that stores an edited value on top of a version, which it brings back where that is deleted.
pub(super) fn order_of(edit: EditId, base: &Arc<Record>, value: String) -> Order {
    let change = Edit { value: Some(value), undelete: base.is_deleted(), ..Edit::default() };
    let write = Write::Update { base: Arc::clone(base), edit: change };
    Order { write, role: Role::Asked, edit: Some(edit) }
}

/// Takes the text back from the person's own editor: to the review where it is JSON, else into the editor here.
pub(super) fn edited_outside(app: &mut App, outside: Outside, effects: &mut Vec<Effect>) {
    let Some(editing) = &mut app.editing else { return };
    let was_handed_out = std::mem::take(&mut editing.is_handed_out);
    editing.lies_beside |= outside.lies_beside;
    let text = match outside.text {
        Ok(text) => text,
        Err(reason) => return app.say(Mood::Bad, format!("{reason} The text here is as it was")),
    };
    let fits = Editor::fits(&text) && Editor::fits(&editing.editor.text());
    let is_unchanged = text.trim_end() == editing.editor.text().trim_end();
    match outside.problem {
        // Half a text, or none, is no reason to give up a whole one.
        Some(problem) if is_unchanged || text.trim().is_empty() || !fits => {
            if was_handed_out && !editing.has_unsaved() && is_unchanged {
                discard(app, effects);
                return app.say(Mood::Bad, format!("{problem}; nothing was changed"));
            }
            app.say(Mood::Bad, format!("{problem}; the text here is as it was"));
        }
        Some(problem) => {
            editing.editor.take(&text);
            came_back(app, outside.is_kept, effects);
            app.say(Mood::Bad, format!("{problem}; what it left is here, and ^U brings back what was before"));
        }
        None if is_unchanged => {
            if was_handed_out && !editing.has_unsaved() {
                discard(app, effects);
            }
            app.say(Mood::Plain, "nothing was changed");
        }
        None => {
            if fits {
                editing.editor.take(&text);
            } else {
                // Too much for a step that can be undone.
                let original = match &editing.target {
                    Target::Version { base } => base.value.clone().unwrap_or_default(),
                    Target::Entry { .. } => String::new(),
                };
                editing.editor = Editor::reopened(&text, &original);
            }
            came_back(app, outside.is_kept, effects);
            save(app, effects);
        }
    }
}

/// Notes that the text is what the person's own editor left.
fn came_back(app: &mut App, is_kept: bool, effects: &mut Vec<Effect>) {
    match &mut app.editing {
        Some(editing) if is_kept => editing.keeping = Keeping::Beside,
        _ => drafts::touch(app, effects),
    }
}
