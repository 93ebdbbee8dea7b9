//! The window of what was done, of many collections and entries by time.

use crossterm::event::{KeyCode, KeyEvent};

use super::super::app::App;
use super::super::command;
use super::super::event::{Effect, Survey};
use super::super::findings::{Findings, Pressed};
use super::super::layout::rows_of_findings;
use super::super::overlay::{Changes, Overlay};
use super::super::pane::Level;
use super::past;
use super::surveys::{self, Row};
use super::windows::{is_ctrl, scroll_by};
use crate::model::Version;

/// Opens the window for the selected collection, or for the user or the application above it; where it was left for one
/// of its rows, as it was.
pub(super) fn open(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(scope) = surveys::scope(app, Level::Collections) else { return };
    if surveys::come_back(app, |window| matches!(window, Overlay::Changes(_)), &scope) {
        return;
    }
    let as_of = app.as_of;
    let request = surveys::begin(app, Survey::Changes(scope.clone(), as_of), effects);
    app.overlays.push(Overlay::Changes(Changes { scope, as_of, findings: Findings::new(request) }));
}

/// Takes a key of the window.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let height = rows_of_findings(app.size);
    let Some(Overlay::Changes(changes)) = app.overlays.last_mut() else { return };
    match (changes.findings.key(key, scroll_by(key, height), height), key.code) {
        (Pressed::Other, KeyCode::Enter) => go_to(app, effects),
        (Pressed::Other, KeyCode::Char('T')) => look_at(app, effects),
        (Pressed::Other, KeyCode::Char('y')) => copy(app, effects),
        (Pressed::Other, KeyCode::Char('c')) => surveys::close(app, effects),
        (Pressed::Other, KeyCode::Char('r')) if is_ctrl(key, 'r') => surveys::again(app, effects),
        (pressed, _) => surveys::pressed(app, pressed, effects),
    }
}

/// Closes the window and shows the version that the cursor is on.
fn go_to(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Changes(changes)) = app.overlays.last() else { return };
    let Some(change) = changes.findings.selected() else { return };
    let (subject, version) = (change.subject.clone(), change.version);
    let row = Row { subject, version, is_deletion: change.is_deletion(), is_gone: change.is_gone };
    surveys::leave(app, &row, effects);
}

/// Leaves the window for the version that the cursor is on, with everything as it was when that was done.
fn look_at(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Changes(changes)) = app.overlays.last() else { return };
    let Some(at) = changes.findings.selected().map(|change| change.at) else { return };
    go_to(app, effects);
    past::set(app, Version::from_ms(at).into(), effects);
}

/// Copies the addresses of the marked versions, or of the one under the cursor.
fn copy(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Changes(changes)) = app.overlays.last() else { return };
    let chosen = changes.findings.chosen();
    let addresses = command::addresses(chosen.iter().map(|change| (&change.subject, change.version)));
    surveys::copy(app, addresses, effects);
}
