//! The window of a search through history.

use crossterm::event::{KeyCode, KeyEvent};

use super::super::app::{App, Mood};
use super::super::command;
use super::super::event::Effect;
use super::super::findings::{Findings, Pressed};
use super::super::input::Input;
use super::super::layout::rows_of_findings;
use super::super::overlay::{HistorySearch, Overlay};
use super::super::pane::{Level, Pane};
use super::follow;
use super::surveys::{self, Row};
use super::windows::{is_ctrl, scroll_by};
use crate::history::search::{Place, Search};

/// Opens the window for the selected collection, or for the user or the application above it; where it was left for one
/// of its rows, as it was.
pub(super) fn open(app: &mut App) {
    let Some(scope) = surveys::scope(app, Level::Collections) else { return };
    if surveys::come_back(app, |window| matches!(window, Overlay::Search(_)), &scope) {
        return;
    }
    app.overlays.push(Overlay::Search(Box::new(HistorySearch {
        scope,
        as_of: app.as_of,
        line: Input::default(),
        typing: true,
        problem: None,
        search: None,
        findings: Findings::default(),
    })));
}

/// Takes a key of the window.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let height = rows_of_findings(app.size);
    let Some(Overlay::Search(search)) = app.overlays.last_mut() else { return };
    if search.typing {
        return type_key(app, key, effects);
    }
    match (search.findings.key(key, scroll_by(key, height), height), key.code) {
        (Pressed::Other, KeyCode::Enter) => go_to(app, effects),
        (Pressed::Other, KeyCode::Char('y')) => copy(app, effects),
        (Pressed::Other, KeyCode::Char('F')) => search.typing = true,
        (Pressed::Other, KeyCode::Char('r')) if is_ctrl(key, 'r') => surveys::again(app, effects),
        (pressed, _) => surveys::pressed(app, pressed, effects),
    }
}

/// Takes a key for what is searched for, while it is typed.
fn type_key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let Some(Overlay::Search(search)) = app.overlays.last_mut() else { return };
    match key.code {
        KeyCode::Enter => begin(app, effects),
        // Back to what was found before, if anything was searched for.
        KeyCode::Esc if search.search.is_some() => (search.typing, search.problem) = (false, None),
        KeyCode::Esc => surveys::close(app, effects),
        KeyCode::Up => search.line = Input::new(app.sought.clone()),
        _ => {
            if search.line.key(key) {
                search.problem = None;
            }
        }
    }
}

/// Searches for what was typed, or where nothing was for what was sought last; or says why it can't be searched for.
fn begin(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Search(window)) = app.overlays.last_mut() else { return };
    if window.line.text().is_empty() {
        if app.sought.is_empty() {
            return app.say(Mood::Plain, "type what to search for");
        }
        window.line = Input::new(app.sought.clone());
    }
    match Search::typed(window.line.text()) {
        Err(problem) => window.problem = Some(problem.to_string()),
        Ok(search) => {
            window.line.text().clone_into(&mut app.sought);
            window.search = Some(search);
            window.typing = false;
            surveys::again(app, effects);
        }
    }
}

/// Closes the window and shows the version that the cursor is on, at the place where something was found.
fn go_to(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Search(search)) = app.overlays.last() else { return };
    let Some(found) = search.findings.selected() else { return };
    let text = search.search.as_ref().and_then(Search::text_sought).map(str::to_owned);
    let (subject, version, place) = (found.subject.clone(), found.version, found.place.clone());
    let row = Row { subject, version, is_deletion: false, is_gone: found.is_gone };
    surveys::leave(app, &row, effects);
    if matches!(place, Place::Path(_) | Place::Line(_)) {
        app.focus = Pane::Value;
        follow::seek(app, row.subject, version, place, text.as_deref());
    }
}

/// Copies the addresses of the marked versions, or of the one under the cursor.
fn copy(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Search(search)) = app.overlays.last() else { return };
    let chosen = search.findings.chosen();
    let addresses = command::addresses(chosen.iter().map(|found| (&found.subject, found.version)));
    surveys::copy(app, addresses, effects);
}
