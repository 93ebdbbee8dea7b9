//! The window of what is deleted.

use crossterm::event::{KeyCode, KeyEvent};

use super::super::app::{App, Mood};
use super::super::event::{Effect, Scope, Survey};
use super::super::findings::{Findings, Pressed};
use super::super::layout::rows_of_findings;
use super::super::overlay::{Overlay, Trash};
use super::super::pane::Level;
use super::windows::{is_ctrl, scroll_by};
use super::{follow, surveys};

/// Opens the window for the selected user, or for the application where no user is.
pub(super) fn open(app: &mut App, effects: &mut Vec<Effect>) {
    let scope = match (app.application(), app.user()) {
        (None, _) => return app.say(Mood::Plain, "select an application or a user first"),
        (Some(application), Some(user)) if app.level > Level::Applications => Scope::User(application, user),
        (Some(application), _) => Scope::Application(application),
    };
    let request = surveys::begin(app, Survey::Trash(scope.clone()), effects);
    app.overlays.push(Overlay::Trash(Trash { scope, findings: Findings::new(request) }));
}

/// Takes a key of the window.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let height = rows_of_findings(app.size);
    let Some(Overlay::Trash(trash)) = app.overlays.last_mut() else { return };
    match (trash.findings.key(key, scroll_by(key, height), height), key.code) {
        (Pressed::Other, KeyCode::Enter) => go_to(app, effects),
        (Pressed::Other, KeyCode::Char('t')) => surveys::close(app, effects),
        (Pressed::Other, KeyCode::Char('r')) if is_ctrl(key, 'r') => again(app, effects),
        (pressed, _) => surveys::pressed(app, pressed, effects),
    }
}

/// Reads again.
fn again(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Trash(trash)) = app.overlays.last() else { return };
    let scope = trash.scope.clone();
    surveys::drop_read(app, effects);
    let request = surveys::begin(app, Survey::Trash(scope), effects);
    if let Some(Overlay::Trash(trash)) = app.overlays.last_mut() {
        trash.findings.begin(request);
    }
}

/// Closes the window and selects what the cursor is on.
fn go_to(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Trash(trash)) = app.overlays.last() else { return };
    let Some(subject) = trash.findings.selected().map(|deleted| deleted.record.subject.clone()) else { return };
    surveys::close(app, effects);
    follow::go_to(app, &subject, None, true, effects);
}
