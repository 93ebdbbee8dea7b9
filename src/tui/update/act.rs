//! What each action does.

use std::sync::Arc;

use super::super::action::Action;
use super::super::app::{App, Mood, Opening, Then};
use super::super::compare::ToCompare;
use super::super::event::{Effect, Write};
use super::super::input::Input;
use super::super::journal::Order;
use super::super::list::{List, LoadState, RowState};
use super::super::overlay::{Answer, Awaited, Choice, Decision, Form, FormKind, Overlay, Review};
use super::super::pane::{Level, Pane};
use super::super::value::{Body, Value};
use super::follow::{follow, load_list, load_timeline};
use super::guard::may_write;
use super::{blame, bring_back, changes, compare, comparison, drafts, edit, guard, outage, past, search, trash, undo};
use crate::model::{Record, Subject};

/// Does what was asked for.
pub(super) fn act(app: &mut App, action: Action, effects: &mut Vec<Effect>) {
    match action {
        Action::Down => step(app, 1, effects),
        Action::Up => step(app, -1, effects),
        Action::HalfDown => step(app, half_a_screen(app), effects),
        Action::HalfUp => step(app, -half_a_screen(app), effects),
        Action::First => step(app, isize::MIN, effects),
        Action::Last => step(app, isize::MAX, effects),
        Action::Child => into_child(app, effects),
        Action::Parent => to_parent(app, effects),
        Action::NextPane => focus(app, app.focus.step(1), effects),
        Action::PreviousPane => focus(app, app.focus.step(-1), effects),
        Action::Focus(pane) => focus(app, pane, effects),
        Action::Older => step_version(app, 1, effects),
        Action::Newer => step_version(app, -1, effects),
        Action::Find => find(app),
        Action::NextMatch => step_place(app, true),
        Action::PreviousMatch => step_place(app, false),
        Action::Difference => compare::toggle(app),
        Action::Look => compare::next_look(app),
        Action::Blame => blame::toggle(app, effects),
        Action::Mark => compare::mark(app),
        Action::AsOf => past::open(app),
        Action::Edit => edit::open(app, effects),
        Action::EditOutside => edit::open_outside(app, effects),
        Action::Restore => restore(app, effects),
        Action::Undo => undo::undo(app, effects),
        Action::Redo => undo::redo(app, effects),
        Action::Trash => trash::open(app, effects),
        Action::Changes => changes::open(app, effects),
        Action::Search => search::open(app),
        Action::Journal => undo::open_journal(app),
        Action::Drafts => drafts::open_list(app, effects),
        Action::ReadOnly => guard::toggle_read_only(app, effects),
        Action::Add => add(app),
        Action::MarkRow => bring_back::mark_row(app, effects),
        Action::MarkRange => bring_back::mark_range(app),
        Action::BringBack => bring_back::open(app, effects),
        Action::Compare => comparison::open(app, effects),
        Action::Rename => rename(app),
        Action::Delete => delete(app),
        Action::Copy => copy(app, effects),
        Action::ShowDeleted => show_deleted(app, effects),
        Action::FullScreen => full_screen(app),
        Action::Wrap => wrap(app),
        Action::Refresh => refresh(app, effects),
        Action::Help => app.overlays.push(Overlay::Help { scroll: 0 }),
        Action::Quit => quit(app, effects),
        Action::QuitNow => quit_now(app, effects),
        Action::Redraw => effects.push(Effect::Redraw),
        Action::Suspend => effects.push(Effect::Suspend),
        Action::Back => {}
    }
}

fn half_a_screen(app: &App) -> isize {
    isize::try_from(app.rows_of(app.focus) / 2).unwrap_or(1).max(1)
}

fn step(app: &mut App, by: isize, effects: &mut Vec<Effect>) {
    match app.focus {
        Pane::List(level) => {
            if let Some(list) = app.list_mut(level) {
                list.select(list.selected().saturating_add_signed(by));
            }
        }
        Pane::Timeline => {
            if let Some(timeline) = app.timeline_mut() {
                match by {
                    isize::MAX => timeline.select_oldest(),
                    by => timeline.select(timeline.selected().saturating_add_signed(by)),
                }
            }
        }
        Pane::Value => {
            let room = app.room_of_value();
            app.value.move_by(by, room);
        }
    }
    follow(app, effects);
}

fn step_version(app: &mut App, by: isize, effects: &mut Vec<Effect>) {
    let Some(timeline) = app.timeline_mut() else {
        return app.say(Mood::Plain, "select a collection or an entry first");
    };
    let before = timeline.selected();
    timeline.select(before.saturating_add_signed(by));
    if timeline.selected() == before {
        let end = if by > 0 { "there is no older version" } else { "there is no newer version" };
        if !timeline.load.is_loading() {
            app.say(Mood::Plain, end);
        }
    }
    follow(app, effects);
}

/// Goes to the next match or change, or to the one before.
fn step_place(app: &mut App, forward: bool) {
    let columns = app.room_of_value().columns;
    app.value.step(forward, columns);
}

/// Gives a pane the focus; a list also becomes the one whose selection the right side shows.
pub(super) fn focus(app: &mut App, pane: Pane, effects: &mut Vec<Effect>) {
    app.focus = pane;
    if pane != Pane::Value {
        app.full_screen = false;
    }
    if let Pane::List(level) = pane {
        app.level = level;
    }
    follow(app, effects);
}

fn into_child(app: &mut App, effects: &mut Vec<Effect>) {
    match app.focus {
        Pane::List(level) => match (app.row(level).map(|row| &row.state), level.child()) {
            (None, _) => app.say(Mood::Plain, "nothing is selected"),
            (Some(RowState::Unreadable(_)), _) => focus(app, Pane::Value, effects),
            (Some(_), Some(child)) => focus(app, Pane::List(child), effects),
            (Some(_), None) => focus(app, Pane::Timeline, effects),
        },
        Pane::Timeline => focus(app, Pane::Value, effects),
        Pane::Value => {
            let height = app.rows_of(Pane::Value);
            match app.value.first_fold(height) {
                Some(fold) => app.value.unfold(fold),
                None => app.value.move_left(SIDE_STEP, height),
            }
        }
    }
}

/// Columns that the value moves to a side.
pub(super) const SIDE_STEP: usize = 8;

fn to_parent(app: &mut App, effects: &mut Vec<Effect>) {
    match app.focus {
        Pane::List(level) => {
            if let Some(parent) = level.parent() {
                focus(app, Pane::List(parent), effects);
            }
        }
        Pane::Timeline => focus(app, Pane::List(app.level), effects),
        Pane::Value if app.value.column > 0 && !app.value.wrap => {
            app.value.column = app.value.column.saturating_sub(SIDE_STEP);
        }
        Pane::Value => focus(app, Pane::Timeline, effects),
    }
}

fn find(app: &mut App) {
    if app.focus == Pane::Timeline {
        app.focus = Pane::Value;
    }
    app.typing = true;
}

fn full_screen(app: &mut App) {
    app.full_screen = !app.full_screen;
    if app.full_screen {
        app.focus = Pane::Value;
    }
}

fn wrap(app: &mut App) {
    app.value.toggle_wrap();
    if !app.value.wrap {
        // No further than the last screen of lines that take a row each.
        let rows = app.rows_of(Pane::Value);
        app.value.scroll = app.value.scroll.min(app.value.len().saturating_sub(rows));
    }
}

fn show_deleted(app: &mut App, effects: &mut Vec<Effect>) {
    app.show_deleted = !app.show_deleted;
    let show = app.show_deleted;
    app.lists.values_mut().for_each(|list| list.set_show_deleted(show));
    app.say(Mood::Plain, if show { "deleted ones show" } else { "deleted ones are hidden" });
    follow(app, effects);
}

fn refresh(app: &mut App, effects: &mut Vec<Effect>) {
    match app.opening {
        Opening::Connecting => return app.say(Mood::Plain, "the store is being opened"),
        Opening::Failed(_) => {
            app.opening = Opening::Connecting;
            return effects.push(Effect::Connect);
        }
        Opening::Open => {}
    }
    // Where something is waited for, it is that.
    if app.outage.is_some() {
        return outage::retry(app, effects);
    }
    let child = app.level.child();
    let levels = Level::ALL.into_iter().filter(|level| *level <= app.level || Some(*level) == child);
    for load in levels.filter_map(|level| app.load_of(level)).collect::<Vec<_>>() {
        load_list(app, &load, effects);
    }
    if let Some(subject) = app.subject() {
        load_timeline(app, &subject, effects);
    }
}

fn copy(app: &mut App, effects: &mut Vec<Effect>) {
    let shown = app.timeline().and_then(|timeline| timeline.shown());
    match (shown.map(|record| (&record.subject, record.value.as_ref())), app.row(app.level)) {
        (Some((_, Some(value))), _) => {
            let pretty = crate::json::parse(value).map_or(value.clone(), |document| crate::json::pretty(&document));
            effects.push(Effect::Copy(pretty));
        }
        (Some((Subject::Entry(_), None)), _) => app.say(Mood::Plain, "this version has no value to copy"),
        (_, Some(row)) => effects.push(Effect::Copy(row.label().to_owned())),
        (_, None) => app.say(Mood::Plain, "nothing is shown that could be copied"),
    }
}

/// Returns the newest version of what is selected, or says why there is none.
pub(super) fn newest(app: &mut App) -> Option<Arc<Record>> {
    match app.timeline().map(|timeline| (timeline.newest().cloned(), timeline.load.is_loading())) {
        Some((Some(newest), _)) => return Some(newest),
        Some((None, true)) => app.say(Mood::Plain, "still loading: try again in a moment"),
        Some((None, false)) => app.say(Mood::Plain, "it has no version that can be read"),
        None => app.say(Mood::Plain, "select a collection or an entry first"),
    }
    None
}

fn restore(app: &mut App, effects: &mut Vec<Effect>) {
    if !may_write(app) {
        return;
    }
    let Some(newest) = newest(app) else { return };
    let Some(shown) = app.timeline().and_then(|timeline| timeline.shown()).cloned() else { return };
    let noun = newest.subject.noun();
    let base = Arc::clone(&newest);
    let (title, write) = if shown.version != newest.version {
        let title = format!("Restore the {noun} of {}", app.when(shown.version.ms(), true));
        (title, Write::Restore { base, record: Arc::clone(&shown), delete: false, note: None })
    } else if newest.is_deleted() {
        (format!("Bring back the deleted {noun}"), Write::Undelete { base, note: None })
    } else {
        return app.say(Mood::Plain, "this is the newest version: [ steps to an older one, which r restores");
    };
    let what = ToCompare::Versions(Arc::clone(&newest), shown, "newest → restored".to_owned());
    effects.push(Effect::Look(newest.subject.clone()));
    app.overlays.push(review(app, title, what, Order::plain(write)));
}

/// Returns the window that shows a write before it is written.
pub(super) fn review(app: &App, title: String, what: ToCompare, mut order: Order) -> Overlay {
    let kept = app.note.as_ref().filter(|(about, _)| *about == order.about()).map(|(_, note)| note.as_str());
    let note = order.write.note_mut().is_some().then(|| Input::new(kept.unwrap_or_default()));
    let value = Value::from(compare::body(&what));
    let awaited = matches!(value.body, Body::Comparing).then_some(Awaited::Wanted(what));
    Overlay::Review(Box::new(Review { title, value, awaited, order, note, is_noting: false, sent: None }))
}

fn add(app: &mut App) {
    if !may_write(app) {
        return;
    }
    let kind = match app.level {
        Level::Applications => FormKind::Collection { application: None, user: None },
        Level::Users => FormKind::Collection { application: app.application(), user: None },
        Level::Collections => FormKind::Collection { application: app.application(), user: app.user() },
        Level::Entries => match app.collection() {
            Some(collection) => FormKind::Entry { collection },
            None => FormKind::Collection { application: app.application(), user: app.user() },
        },
    };
    app.overlays.push(Overlay::Form(Form::new(kind)));
}

fn rename(app: &mut App) {
    if may_write(app)
        && let Some(newest) = newest(app)
    {
        if newest.is_deleted() {
            return app.say(Mood::Bad, "it is deleted: r brings it back");
        }
        app.overlays.push(Overlay::Form(Form::new(FormKind::Rename { newest })));
    }
}

fn delete(app: &mut App) {
    if !may_write(app) {
        return;
    }
    let Some(newest) = newest(app) else { return };
    if newest.is_deleted() {
        return app.say(Mood::Plain, "it is deleted already: r brings it back");
    }
    let noun = newest.subject.noun();
    let name = newest.name.clone().unwrap_or_else(|| newest.subject.id().to_owned());
    let mut text = vec![format!("{noun} {}", crate::json::quote(&name))];
    if let Subject::Collection(_) = newest.subject {
        text.push("Its entries stay, and can't be reached until it is brought back.".to_owned());
    }
    text.push("Nothing is erased: the history stays, . shows what is deleted, r brings it back.".to_owned());
    let write = Write::Delete { base: newest };
    app.overlays.push(Overlay::Choice(Choice {
        title: format!("Delete this {noun}?"),
        text,
        answers: vec![
            Answer::new("Cancel", Decision::Nothing),
            Answer::new(format!("Delete the {noun}"), Decision::Write(Order::plain(write))),
        ],
        cursor: 0,
    }));
}

/// Leaves, after a question where something is unsaved.
fn quit(app: &mut App, effects: &mut Vec<Effect>) {
    if !app.has_unsaved() {
        return effects.push(Effect::Quit);
    }
    let mut answers = vec![Answer::new("Stay", Decision::Nothing)];
    let mut text = vec![format!("What was typed for {} is not stored.", edit::what_is_edited(app))];
    if app.can_keep() {
        answers.push(Answer::new("Leave; it stays as a draft", Decision::KeepAndQuit));
    } else {
        text.push("It can't be kept as a draft.".to_owned());
    }
    answers.push(Answer::new("Discard it and leave", Decision::DiscardAndQuit));
    let title = "Leave with an unsaved edit?".to_owned();
    app.overlays.push(Overlay::Choice(Choice { title, text, answers, cursor: 0 }));
}

/// Leaves at once, where what is typed stays as a draft; else asks as [`quit`] does.
pub(super) fn quit_now(app: &mut App, effects: &mut Vec<Effect>) {
    let is_asked = |overlay: &Overlay| match overlay {
        Overlay::Choice(choice) => choice.answers.iter().any(|answer| answer.decision == Decision::DiscardAndQuit),
        _ => false,
    };
    let is_leaving = app.editing.as_ref().is_some_and(|editing| editing.then == Some(Then::Quit));
    // Asked for again while the question stands, or while a disk takes its time: that is an answer.
    if is_leaving || app.overlays.iter().any(is_asked) {
        drafts::keep_at_once(app, effects);
        effects.push(Effect::Quit);
    } else if app.can_keep() && app.has_unsaved() {
        drafts::keep_and(app, Then::Quit, effects);
    } else {
        quit(app, effects);
    }
}

/// Returns whether nothing at all is stored: the list of applications is complete and empty.
pub(super) fn store_is_empty(app: &App) -> bool {
    app.list(Level::Applications).is_some_and(|list: &List| matches!(list.load, LoadState::Complete) && list.is_empty())
}
