//! When someone else wrote while a value was edited: seen, compared, settled, and written on top of theirs.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use super::super::app::{App, Mood, Target};
use super::super::compare::ToCompare;
use super::super::editor::Editor;
use super::super::overlay::{Answer, Choice, Decision, Merging, Overlay, Theirs};
use super::super::words::quoted;
use super::act::review;
use super::drafts::touch;
use super::edit::{self, order_of};
use super::follow::load_timeline;
use super::undo::who_wrote;
use super::windows::scroll_by;
use crate::json::{self, Choice as Side};
use crate::model::Record;
use crate::tui::event::Effect;

/// What a key of the window leads to.
pub(super) enum Next {
    /// Nothing outside of it.
    Stay,
    /// Back to the editor.
    Back,
    /// The merged value is to be looked over.
    Review,
}

/// Notes a version of what is edited where it is newer than the base.
pub(super) fn saw(app: &mut App, newest: &Arc<Record>) {
    let Some(editing) = &app.editing else { return };
    let Target::Version { base } = &editing.target else { return };
    let is_same = newest.version == base.version && newest.is_deleted() == base.is_deleted();
    let is_newer = newest.subject == base.subject && newest.version >= base.version && !is_same;
    let is_known = editing.theirs.as_ref().is_some_and(|theirs| theirs.record == *newest);
    if !is_newer || is_known {
        return;
    }
    let theirs = Theirs::new(base, Arc::clone(newest), who_wrote(app, newest));
    if let Some(editing) = &mut app.editing {
        editing.theirs = Some(Box::new(theirs));
    }
}

/// Someone else was first: takes what was to be written as mine, and opens the window in which both become one.
pub(super) fn conflict(app: &mut App, base: &Arc<Record>, mine: &str, theirs: Record, effects: &mut Vec<Effect>) {
    app.overlays.retain(|overlay| !matches!(overlay, Overlay::Merging(_)));
    let Some(editing) = &mut app.editing else { return };
    editing.target = Target::Version { base: Arc::clone(base) };
    (editing.theirs, editing.merging) = (None, None);
    // After a merge it is the merged value that was to be written. No undo leads behind it: its base is another one.
    let is_typed = json::parse(&editing.editor.text()).is_ok_and(|document| json::compact(&document) == mine);
    if !is_typed && let Ok(document) = json::parse(mine) {
        let original = base.value.as_deref().unwrap_or_default();
        editing.editor = Editor::reopened(&json::pretty(&document), original);
        touch(app, effects);
    }
    saw(app, &Arc::new(theirs));
    open(app, effects);
}

/// Opens the window, where what is typed is JSON; as it was left, where neither side has changed since.
pub(super) fn open(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(editing) = &mut app.editing else { return };
    let (Some(theirs), Target::Version { base }) = (&editing.theirs, &editing.target) else { return };
    let text = editing.editor.text();
    match json::parse(&text) {
        Ok(document) => {
            let mine = json::compact(&document);
            let is_same = |merging: &Merging| merging.mine == mine && merging.theirs.record == theirs.record;
            let merging = match editing.merging.take().filter(|merging| is_same(merging)) {
                Some(merging) => merging,
                None => Box::new(Merging::new(base, (**theirs).clone(), mine)),
            };
            if merging.is_theirs_already() {
                let subject = base.subject.clone();
                edit::discard(app, effects);
                load_timeline(app, &subject, effects);
                return app.say(Mood::Plain, "nothing of yours to save: what is stored says the same or more");
            }
            app.overlays.push(Overlay::Merging(merging));
            app.say(Mood::Plain, "");
        }
        Err(_) => app.say(Mood::Bad, "to be merged with theirs it must be JSON: ^E goes to the mistake"),
    }
}

/// Goes back to the editor; what was settled stays.
pub(super) fn back(app: &mut App) {
    if let Some(Overlay::Merging(merging)) = app.overlays.pop()
        && let Some(editing) = &mut app.editing
    {
        editing.merging = Some(merging);
    }
}

/// Takes in the newest version of what an open review is about: one that is based on an older version is closed, and
/// leads to the merge where it stores an edit.
pub(super) fn check_review(app: &mut App, newest: &Record, effects: &mut Vec<Effect>) {
    let Some(Overlay::Review(review)) = app.overlays.last() else { return };
    let Some(base) = review.order.write.base().filter(|base| base.subject == newest.subject) else { return };
    let is_stale =
        newest.version > base.version || newest.version == base.version && newest.is_deleted() != base.is_deleted();
    if !is_stale || review.sent.is_some() {
        return;
    }
    let is_edit = review.order.edit.is_some();
    app.overlays.pop();
    // What was typed ahead was an answer to that window.
    app.ahead.clear();
    if is_edit {
        return open(app, effects);
    }
    load_timeline(app, &newest.subject, effects);
    app.say(Mood::Bad, format!("nothing was written: {}; look again", who_wrote(app, newest)));
}

/// Takes a key for the window.
pub(super) fn key(merging: &mut Merging, key: KeyEvent, height: usize) -> Next {
    if let Some(input) = &mut merging.typing {
        match key.code {
            KeyCode::Enter => {
                let typed = input.text().to_owned();
                merging.settle(Side::Value(typed));
            }
            KeyCode::Esc => (merging.typing, merging.problem) = (None, None),
            _ => drop(input.key(key)),
        }
        return Next::Stay;
    }
    let last = merging.questions.len().saturating_sub(1);
    match key.code {
        KeyCode::Esc => return Next::Back,
        KeyCode::Char('t') => merging.settle(Side::Theirs),
        KeyCode::Char('m') => merging.settle(Side::Mine),
        KeyCode::Char('T') => merging.settle_all(&Side::Theirs),
        KeyCode::Char('M') => merging.settle_all(&Side::Mine),
        KeyCode::Char('e') => merging.begin_typing(),
        KeyCode::Char('b') => merging.take_both(),
        KeyCode::Char('n' | 'j') | KeyCode::Tab | KeyCode::Down if last > 0 => {
            (merging.cursor, merging.scroll) = ((merging.cursor + 1).min(last), None);
        }
        KeyCode::Char('N' | 'k') | KeyCode::BackTab | KeyCode::Up if last > 0 => {
            (merging.cursor, merging.scroll) = (merging.cursor.saturating_sub(1), None);
        }
        KeyCode::Enter => {
            let open = merging.open_questions();
            if open == 0 {
                return Next::Review;
            }
            merging.go_to_open();
            let words = if open == 1 { "1 is" } else { &format!("{open} are") };
            merging.problem = Some(format!("{words} not settled yet: t theirs, m mine, e types another value"));
        }
        _ => {
            if let Some(by) = scroll_by(key, height) {
                let last = merging.lines().saturating_sub(height);
                merging.scroll = Some(merging.scroll.unwrap_or(0).saturating_add_signed(by).min(last));
            }
        }
    }
    Next::Stay
}

/// Shows what the merged value changes in theirs, before it is written.
pub(super) fn look_over(app: &mut App) {
    let (Some(Overlay::Merging(merging)), Some(editing)) = (app.overlays.last(), &app.editing) else { return };
    let theirs = &merging.theirs.record;
    let value = merging.merged();
    let words = format!("{} → merged", app.when(theirs.version.ms(), true));
    let is_same = |value: &str| json::parse(value).is_ok_and(|document| edit::is_same(theirs, &document));
    let is_theirs = |value: &str| theirs.value.as_deref() == Some(value) || is_same(value);
    let overlay = match value {
        Some(value) if theirs.is_deleted() || !is_theirs(&value) => {
            let verb = if theirs.is_deleted() { "Bring back and save" } else { "Save" };
            let title = format!("{verb} entry {}, merged", quoted(theirs));
            let what = ToCompare::Value(Some(Arc::clone(theirs)), value.clone(), words);
            review(app, title, what, order_of(editing.id, theirs, value))
        }
        _ => Overlay::Choice(nothing_of_mine(app)),
    };
    app.overlays.push(overlay);
}

/// What is left to write is what they wrote already.
fn nothing_of_mine(app: &App) -> Choice {
    let mut answers = vec![Answer::new("Go back", Decision::Nothing)];
    if app.can_keep() {
        answers.push(Answer::new("Keep theirs; what you typed stays as a draft", Decision::SetAside));
    }
    answers.push(Answer::new(
        format!("Keep theirs and discard what was typed for {}", edit::what_is_edited(app)),
        Decision::DiscardEdit,
    ));
    Choice {
        title: "Keep theirs?".to_owned(),
        text: vec!["Settled like this, nothing of what you typed would be written.".to_owned()],
        answers,
        cursor: 0,
    }
}
