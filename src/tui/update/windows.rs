//! Keys for the window on top.

mod form;
mod questions;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;

use super::super::app::{App, Mood, Then};
use super::super::event::Effect;
use super::super::journal::Order;
use super::super::layout::columns_of_review;
use super::super::overlay::{Choice, Decision, Form, NOTE_LIMIT, Overlay, Review};
use super::super::value::Value;
use super::act::SIDE_STEP;
use super::{bring_back, changes, comparison, drafts, edit, guard, merge, past, search, trash, undo};

pub(super) use form::write_of;
use questions::explain_connections;
pub(super) use questions::{offer_tables, should_welcome, welcome};

/// What a key of a window leads to.
enum Next {
    Stay,
    Close,
    Decide(Decision),
    Submit,
    Send(Order),
    CopyCommand,
    TakeBack(usize),
    LookOver,
    BackToEditor,
    OpenDraft(usize),
    DiscardDraft(usize),
    CopyDraft(usize),
    TooLong,
}

/// Takes a key for the window on top.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let height = usize::from(app.size.height.saturating_sub(6)).max(1);
    let keys = super::super::help::keys(app.editing.is_none().then_some(app.focus)).len();
    let Some(top) = app.overlays.last_mut() else { return };
    let next = match top {
        Overlay::Help { scroll } => help_key(scroll, key, height, keys),
        Overlay::Choice(choice) => choice_key(choice, key),
        Overlay::Form(form) => form::key(form, key),
        // Three rows less: above the difference stands what is compared, and below the window the bottom line.
        Overlay::Review(review) => review_key(review, key, app.size, height.saturating_sub(3).max(1)),
        Overlay::Merging(merging) => match merge::key(merging, key, height) {
            merge::Next::Stay => Next::Stay,
            merge::Next::Back => Next::BackToEditor,
            merge::Next::Review => Next::LookOver,
        },
        Overlay::Trash(_) => return trash::key(app, key, effects),
        Overlay::Changes(_) => return changes::key(app, key, effects),
        Overlay::Search(_) => return search::key(app, key, effects),
        Overlay::AsOf(_) => return past::key(app, key, effects),
        Overlay::Planning(_) => return bring_back::key(app, key, effects),
        Overlay::Comparison(_) => return comparison::key(app, key, effects),
        Overlay::Looking(_) => return comparison::look_key(app, key, height.saturating_sub(3).max(1), effects),
        Overlay::Drafts { cursor } => drafts_key(cursor, key, height, app.drafts.kept.len()),
        Overlay::Journal { cursor } => journal_key(cursor, key, height, app.journal.deeds().len()),
    };
    keep_note(app);
    match next {
        Next::Stay => {}
        Next::Close => close(app),
        Next::TooLong => app.say(Mood::Bad, format!("a note has at most {NOTE_LIMIT} characters")),
        Next::Decide(decision) => {
            app.overlays.pop();
            decide(app, decision, effects);
        }
        Next::Submit => form::submit(app, effects),
        Next::Send(order) => guard::send(app, order, effects),
        Next::CopyCommand => guard::copy_command(app, effects),
        Next::TakeBack(place) => undo::take_back(app, place, effects),
        Next::LookOver => merge::look_over(app),
        Next::BackToEditor => merge::back(app),
        Next::OpenDraft(cursor) => drafts::open_selected(app, cursor, effects),
        Next::DiscardDraft(cursor) => drafts::ask_to_discard(app, cursor),
        Next::CopyDraft(cursor) => drafts::copy_text(app, cursor, effects),
    }
}

/// Takes a pasted text for the window on top.
pub(super) fn paste(app: &mut App, text: &str) {
    if let Some(Overlay::Form(form)) = app.overlays.last_mut()
        && let Some((_, input)) = form.fields.get_mut(form.cursor)
    {
        input.insert(text);
    }
    match app.overlays.last_mut() {
        Some(Overlay::Trash(trash)) => trash.findings.paste(text),
        Some(Overlay::Changes(changes)) => changes.findings.paste(text),
        Some(Overlay::Search(search)) if search.typing => search.line.insert(text),
        Some(Overlay::Search(search)) => search.findings.paste(text),
        Some(Overlay::Planning(planning)) if planning.is_noting => bring_back::paste_note(app, text),
        Some(Overlay::Planning(planning)) => planning.findings.paste(text),
        Some(Overlay::Comparison(comparison)) => comparison.findings.paste(text),
        _ => {}
    }
    if let Some(Overlay::Review(review)) = app.overlays.last_mut()
        && review.is_noting
        && review.sent.is_none()
    {
        if !review.type_note(|note| note.insert(text.trim())) {
            app.say(Mood::Bad, format!("that would be more than the {NOTE_LIMIT} characters of a note"));
        }
        keep_note(app);
    }
    if let Some(Overlay::AsOf(window)) = app.overlays.last_mut() {
        window.type_in(|input| {
            input.insert(text.trim());
            true
        });
    }
    if let Some(Overlay::Merging(merging)) = app.overlays.last_mut()
        && let Some(input) = &mut merging.typing
    {
        input.insert(text.trim_end_matches('\n'));
    }
}

pub(super) fn is_ctrl(key: KeyEvent, char: char) -> bool {
    key.code == KeyCode::Char(char) && key.modifiers.contains(KeyModifiers::CONTROL)
}

/// Returns by how many lines a key scrolls a window.
pub(super) fn scroll_by(key: KeyEvent, height: usize) -> Option<isize> {
    let half = isize::try_from(height / 2).unwrap_or(1).max(1);
    Some(match key.code {
        KeyCode::PageDown => half,
        KeyCode::PageUp => -half,
        _ if is_ctrl(key, 'd') => half,
        _ if is_ctrl(key, 'u') => -half,
        KeyCode::Char('j') | KeyCode::Down => 1,
        KeyCode::Char('k') | KeyCode::Up => -1,
        KeyCode::Char('g') | KeyCode::Home => isize::MIN,
        KeyCode::Char('G') | KeyCode::End => isize::MAX,
        _ => return None,
    })
}

fn help_key(scroll: &mut usize, key: KeyEvent, height: usize, keys: usize) -> Next {
    if let Some(by) = scroll_by(key, height) {
        *scroll = scroll.saturating_add_signed(by).min(keys.saturating_sub(height));
        return Next::Stay;
    }
    match key.code {
        KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | '?') | KeyCode::F(1) => Next::Close,
        _ => Next::Stay,
    }
}

fn choice_key(choice: &mut Choice, key: KeyEvent) -> Next {
    let last = choice.answers.len().saturating_sub(1);
    match key.code {
        KeyCode::Down | KeyCode::Char('j' | 'l') | KeyCode::Right | KeyCode::Tab => {
            choice.cursor = if choice.cursor == last { 0 } else { choice.cursor + 1 };
        }
        KeyCode::Up | KeyCode::Char('k' | 'h') | KeyCode::Left | KeyCode::BackTab => {
            choice.cursor = choice.cursor.checked_sub(1).unwrap_or(last);
        }
        KeyCode::Enter => {
            if let Some(answer) = choice.answers.get(choice.cursor) {
                return Next::Decide(answer.decision.clone());
            }
        }
        KeyCode::Char('y') => return Next::CopyCommand,
        KeyCode::Esc => return Next::Close,
        _ => {}
    }
    Next::Stay
}

/// Keeps the note that is typed, so that it is there again after a conflict or on the way back from the editor.
fn keep_note(app: &mut App) {
    if let Some(Overlay::Review(review)) = app.overlays.last()
        && let Some(note) = &review.note
    {
        app.note = (!note.text().is_empty()).then(|| (review.order.about(), note.text().to_owned()));
    }
}

/// Closes the window on top. A note goes with it, but for an edit that is gone on with.
fn close(app: &mut App) {
    if let Some(Overlay::Review(review)) = app.overlays.pop()
        && review.order.edit.is_none()
    {
        app.note = None;
    }
}

/// Takes a key while the note is typed. Enter writes as it does without one.
fn note_key(review: &mut Review, key: KeyEvent, height: usize) -> Next {
    match key.code {
        KeyCode::Esc | KeyCode::Tab => review.is_noting = false,
        KeyCode::Enter => return Next::Send(review.noted()),
        KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => {
            if let Some(by) = scroll_by(key, height) {
                review.value.scroll_by(by, height);
            }
        }
        _ if !review.type_note(|note| _ = note.key(key)) => return Next::TooLong,
        _ => {}
    }
    Next::Stay
}

/// Takes a key that moves through the difference of a window of `height` lines. Returns whether it was one.
pub(super) fn look_through(value: &mut Value, key: KeyEvent, terminal: Rect, height: usize) -> bool {
    let columns = usize::from(columns_of_review(terminal)).saturating_sub(2);
    match key.code {
        KeyCode::Char('n') => value.step(true, columns),
        KeyCode::Char('N') => value.step(false, columns),
        KeyCode::Char('w') => value.toggle_wrap(),
        KeyCode::Char('l') | KeyCode::Right => value.move_left(SIDE_STEP, height),
        KeyCode::Char('h') | KeyCode::Left if value.column > 0 && !value.wrap => {
            value.column = value.column.saturating_sub(SIDE_STEP);
        }
        _ => match scroll_by(key, height) {
            Some(by) => value.scroll_by(by, height),
            None => return false,
        },
    }
    true
}

fn review_key(review: &mut Review, key: KeyEvent, terminal: Rect, height: usize) -> Next {
    if review.is_noting && review.sent.is_none() {
        return note_key(review, key, height);
    }
    if look_through(&mut review.value, key, terminal, height) {
        return Next::Stay;
    }
    match key.code {
        KeyCode::Char('y') => return Next::CopyCommand,
        KeyCode::Tab if review.sent.is_none() && review.note.is_some() => review.is_noting = true,
        KeyCode::Enter if review.sent.is_none() && review.awaited.is_none() => return Next::Send(review.noted()),
        KeyCode::Esc if review.sent.is_none() => return Next::Close,
        _ => {}
    }
    Next::Stay
}

fn drafts_key(cursor: &mut usize, key: KeyEvent, height: usize, drafts: usize) -> Next {
    if let Some(by) = scroll_by(key, height) {
        *cursor = cursor.saturating_add_signed(by).min(drafts.saturating_sub(1));
        return Next::Stay;
    }
    match key.code {
        KeyCode::Enter | KeyCode::Char('e') => Next::OpenDraft(*cursor),
        KeyCode::Char('d') => Next::DiscardDraft(*cursor),
        KeyCode::Char('y') => Next::CopyDraft(*cursor),
        KeyCode::Esc | KeyCode::Char('q' | 'D') => Next::Close,
        _ => Next::Stay,
    }
}

fn journal_key(cursor: &mut usize, key: KeyEvent, height: usize, deeds: usize) -> Next {
    let last = deeds.saturating_sub(1);
    if let Some(by) = scroll_by(key, height) {
        *cursor = cursor.saturating_add_signed(by).min(last);
        return Next::Stay;
    }
    match key.code {
        // The newest stands first.
        KeyCode::Enter | KeyCode::Char('u') => Next::TakeBack(last - *cursor),
        KeyCode::Esc | KeyCode::Char('q' | 'W') => Next::Close,
        _ => Next::Stay,
    }
}

fn decide(app: &mut App, decision: Decision, effects: &mut Vec<Effect>) {
    match decision {
        Decision::Nothing => {}
        Decision::Write(order) => guard::send_asked(app, order, effects),
        Decision::Confirmed(order) => guard::send_now(app, order, effects),
        Decision::BringBack(records) => trash::bring_back(app, records, effects),
        Decision::Add(kind) => app.overlays.push(Overlay::Form(Form::new(kind))),
        Decision::ExplainConnections => app.overlays.push(explain_connections()),
        Decision::DiscardEdit => {
            edit::discard(app, effects);
            app.say(Mood::Plain, "what was typed was discarded");
        }
        Decision::SetAside => drafts::keep_and(app, Then::Close, effects),
        Decision::DiscardAndQuit => {
            edit::discard(app, effects);
            effects.push(Effect::Quit);
        }
        Decision::KeepAndQuit => drafts::keep_and(app, Then::Quit, effects),
        Decision::OpenDraft(id) => drafts::take(app, id, effects),
        Decision::DiscardDraft(id) => effects.push(Effect::DropDraft(id)),
        Decision::EditAnew { outside } => edit::open_anew(app, outside, effects),
    }
}
