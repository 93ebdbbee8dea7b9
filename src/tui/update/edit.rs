//! Editing a value: opened, checked, reviewed, sent, and never lost on the way.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::app::{App, Editing, Mood, Target};
use super::super::editor::{Editor, Outcome};
use super::super::event::{Effect, Write};
use super::super::journal::Role;
use super::super::overlay::{Answer, Choice, Decision, Overlay};
use super::super::pane::Pane;
use super::super::value::Difference;
use super::act::{newest, review};
use super::guard::may_write;
use crate::json;
use crate::model::{CollectionKey, Record, Subject};
use crate::store::Edit;

/// Opens the editor over the shown version's value.
pub(super) fn open(app: &mut App) {
    let Some((editing, _)) = prepare(app) else { return };
    if !Editor::fits(&editing.editor.text()) {
        return app.say(Mood::Bad, "this value has too many lines or columns to edit here: E opens it in $EDITOR");
    }
    show_editor(app, editing);
}

/// Hands the shown version's value to the person's own editor.
pub(super) fn open_outside(app: &mut App, effects: &mut Vec<Effect>) {
    if let Some((editing, text)) = prepare(app) {
        show_editor(app, Editing { is_handed_out: true, ..editing });
        effects.push(Effect::EditOutside(text));
    }
}

/// Opens the editor for a new entry.
pub(super) fn open_new(app: &mut App, collection: CollectionKey, name: String) {
    let mut editor = Editor::new("{}");
    // Between the braces, where the first key goes.
    editor.key(KeyEvent::new(KeyCode::Right, KeyModifiers::NONE));
    show_editor(app, Editing::new(editor, Target::Entry { collection, name }));
}

fn show_editor(app: &mut App, editing: Editing) {
    app.editing = Some(editing);
    app.focus = Pane::Value;
    app.differing = false;
    super::follow::show(app);
}

fn prepare(app: &mut App) -> Option<(Editing, String)> {
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
    let text = shown.value.clone().unwrap_or_default();
    let text = json::parse(&text).map_or(text.clone(), |document| json::pretty(&document));
    let editor = Editor::new(&text);
    let text_of = (shown.version != base.version).then_some(shown.version);
    Some((Editing { text_of, ..Editing::new(editor, Target::Version { base }) }, text))
}

/// Takes a key for the editor.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let ctrl = |char| key.code == KeyCode::Char(char) && key.modifiers.contains(KeyModifiers::CONTROL);
    let Some(editing) = &mut app.editing else { return };
    if ctrl('s') {
        save(app);
    } else if ctrl('o') {
        effects.push(Effect::EditOutside(editing.editor.text()));
    } else if key.code == KeyCode::F(2) {
        show_conflict(app);
    } else if key.code == KeyCode::F(1) {
        app.overlays.push(Overlay::Help { scroll: 0 });
    } else if editing.editor.key(key) != Outcome::Ignored {
        app.say(Mood::Plain, "");
    } else if key.code == KeyCode::Esc {
        leave(app);
    }
}

/// Shows the conflict that is being settled by hand again, with what was typed since.
fn show_conflict(app: &mut App) {
    let Some(editing) = &app.editing else { return };
    let Some(conflict) = &editing.conflict else { return };
    let conflict = match json::parse(&editing.editor.text()) {
        Ok(document) => conflict.with_mine(json::compact(&document)),
        Err(error) => return app.say(Mood::Bad, format!("to be compared with theirs it must be JSON: {error}")),
    };
    app.overlays.push(Overlay::Conflict(Box::new(conflict)));
}

/// Closes the editor where nothing was typed, else asks.
fn leave(app: &mut App) {
    if !app.has_unsaved() {
        return close(app);
    }
    app.overlays.push(Overlay::Choice(Choice {
        title: "Close the editor?".to_owned(),
        text: vec!["What was typed is not stored.".to_owned()],
        answers: vec![
            Answer::new("Go on editing", Decision::Nothing),
            Answer::new("Discard what was typed", Decision::DiscardEdit),
        ],
        cursor: 0,
    }));
}

/// Closes the editor.
pub(super) fn close(app: &mut App) {
    app.editing = None;
    super::follow::show(app);
}

/// Shows what saving will change; says why where it can't be saved.
pub(super) fn save(app: &mut App) {
    let Some(editing) = &app.editing else { return };
    let text = editing.editor.text();
    let Ok(document) = json::parse(&text) else {
        // The editor says what is wrong, and where.
        return app.say(Mood::Bad, "not JSON yet, so it can't be saved: ^E goes to the mistake");
    };
    let value = json::compact(&document);
    let overlay = match &editing.target {
        Target::Entry { collection, name } => {
            let write = Write::CreateEntry { collection: collection.clone(), name: name.clone(), value: value.clone() };
            let difference = Difference::new(None, &value, "a new entry".to_owned());
            review(format!("Create entry {}", json::quote(name)), difference, write, Role::Asked)
        }
        Target::Version { base } => {
            let title = format!("{} → yours", app.when(base.version.ms(), true));
            let difference = Difference::new(base.value.as_deref(), &value, title);
            if difference.notice.is_none() && difference.is_empty() {
                return app.say(Mood::Plain, "nothing has changed: nothing to save");
            }
            let name = base.name.clone().unwrap_or_else(|| base.subject.id().to_owned());
            let write = update_of(base, value);
            review(format!("Save entry {}", json::quote(&name)), difference, write, Role::Asked)
        }
    };
    app.overlays.push(overlay);
}

/// Returns the write of an edited value on top of a version, which it brings back where that is deleted.
pub(super) fn update_of(base: &Arc<Record>, value: String) -> Write {
    let edit = Edit { value: Some(value), undelete: base.is_deleted(), ..Edit::default() };
    Write::Update { base: Arc::clone(base), edit }
}

/// Takes the text back from the person's own editor: to the review where it is JSON, else into the editor here.
pub(super) fn edited_outside(app: &mut App, result: Result<String, String>) {
    let text = match result {
        Ok(text) => text,
        Err(reason) => {
            if let Some(editing) = &mut app.editing {
                editing.is_handed_out = false;
            }
            return app.say(Mood::Bad, format!("{reason}; the text is in the editor here as it was"));
        }
    };
    let Some(editing) = &mut app.editing else { return };
    let original = match &editing.target {
        Target::Version { base } => base.value.clone().unwrap_or_default(),
        Target::Entry { .. } => String::new(),
    };
    if text.trim_end() == editing.editor.text().trim_end() {
        if std::mem::take(&mut editing.is_handed_out) {
            close(app);
        }
        return app.say(Mood::Plain, "nothing was changed");
    }
    editing.is_handed_out = false;
    editing.editor = Editor::reopened(&text, &original);
    save(app);
}
