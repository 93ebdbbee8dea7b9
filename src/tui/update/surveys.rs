//! Long reads for a window: begun with it, stopped with Esc, and dropped when it closes.

use std::sync::Arc;

use super::super::app::{App, Mood};
use super::super::event::{Effect, Found, RequestId, Survey};
use super::super::findings::{Pressed, Progress};
use super::super::list::LoadState;
use super::super::overlay::Overlay;
use super::super::pane::Level;
use super::{blame, follow};
use crate::model::{Subject, Version};
use crate::store::{Scope, StoreError};

/// What a row of a window leads to.
pub(super) struct Row {
    pub(super) subject: Subject,
    pub(super) version: Version,
    /// It is about the deletion of that version.
    pub(super) is_deletion: bool,
    /// It, or what it is in, is deleted now.
    pub(super) is_gone: bool,
}

/// Returns what is selected as what a long read goes through, no deeper than a level; says what to do where nothing is.
pub(super) fn scope(app: &mut App, deepest: Level) -> Option<Scope> {
    let scope = app.scope(deepest);
    if scope.is_none() {
        app.say(Mood::Plain, "select an application, a user or a collection first");
    }
    scope
}

/// Asks for a long read, and returns the number under which it is answered.
pub(super) fn begin(app: &mut App, survey: Survey, effects: &mut Vec<Effect>) -> RequestId {
    let request = app.request();
    effects.push(Effect::Survey(request, survey));
    request
}

/// Reads what the window on top shows, anew where it was read before.
pub(super) fn again(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(survey) = app.overlays.last().and_then(Overlay::survey) else { return };
    drop_read(app, effects);
    let request = begin(app, survey, effects);
    if let Some(window) = app.overlays.last_mut() {
        window.begin(request);
    }
}

/// Leaves the window on top for one of its rows. What it shows is kept, to come back to.
pub(super) fn leave(app: &mut App, to: &Row, effects: &mut Vec<Effect>) {
    drop_read(app, effects);
    let mut is_of_then = false;
    if let Some(mut window) = app.overlays.pop() {
        is_of_then = app.as_of.is_some() && window.as_of() == app.as_of;
        if let Some(load @ LoadState::Loading(_)) = window.load_mut() {
            *load = LoadState::Stopped;
        }
        app.left = Some(Box::new((window, to.subject.clone())));
    }
    let version = Some((to.version, to.is_deletion));
    if is_of_then {
        follow::go_to_then(app, &to.subject, version, to.is_gone, effects);
    } else {
        follow::go_to(app, &to.subject, version, to.is_gone, effects);
    }
}

/// Comes back to the window that was left last, where it is of that kind, of this moment or of now, and still about what is
/// selected. One of now leads to any moment, and from there to the next. Returns whether it was.
pub(super) fn come_back(app: &mut App, is_of_kind: fn(&Overlay) -> bool, scope: &Scope) -> bool {
    let (selected, as_of) = (app.subject(), app.as_of);
    let is_meant = |left: &mut Box<(Overlay, Subject)>| {
        let (window, left_for) = &**left;
        is_of_kind(window)
            && window.as_of().is_none_or(|of| Some(of) == as_of)
            && (window.scope() == Some(scope) || selected.as_ref() == Some(left_for))
    };
    let Some(left) = app.left.take_if(is_meant) else { return false };
    app.overlays.push(left.0);
    app.say(Mood::Plain, "as it was left; ^R reads again");
    true
}

/// Copies the addresses of rows, each on a line of its own.
pub(super) fn copy(app: &mut App, addresses: String, effects: &mut Vec<Effect>) {
    if addresses.is_empty() {
        app.say(Mood::Plain, "there is no address to copy");
    } else {
        effects.push(Effect::Copy(addresses));
    }
}

/// Takes in what was found; what a closed window asked for is dropped.
pub(super) fn found(app: &mut App, request: RequestId, found: Found, progress: Progress) {
    app.cost += progress.cost;
    if let Found::Blamed(told) = found {
        return blame::found(app, request, told);
    }
    let Some(window) = window(app, request) else { return };
    match (window, found) {
        (Overlay::Trash(trash), Found::Deleted(found)) => trash.findings.add(found, progress),
        (Overlay::Changes(changes), Found::Changes(found)) => changes.findings.add(found, progress),
        (Overlay::Search(search), Found::Occurrences(found)) => search.findings.add(found, progress),
        (Overlay::Planning(planning), Found::Planned(found)) => planning.add(found, progress),
        (Overlay::Comparison(comparison), Found::Compared(rows)) => comparison.findings.add(rows, progress),
        (Overlay::Looking(looking), Found::Difference(body)) => looking.value.body = *body,
        (_, _) => {}
    }
}

/// Says that a long read, or a load, waits.
pub(super) fn waits(app: &mut App, request: RequestId) {
    if app.loads.contains_key(&request) || window(app, request).is_some() {
        app.say(Mood::Plain, "the tables' capacity is used up: waiting for it");
    }
}

/// Notes that a long read has read everything. Returns whether it was one.
pub(super) fn complete(app: &mut App, request: RequestId) -> bool {
    blame::ended(app, request) || end(app, request, LoadState::Complete)
}

/// Notes that a long read failed, and says so. Returns whether it was one.
pub(super) fn failed(app: &mut App, request: RequestId, error: &Arc<StoreError>) -> bool {
    let is_list = !matches!(window(app, request), Some(Overlay::Looking(_)));
    let was_one = end(app, request, LoadState::Failed(Arc::clone(error)));
    if was_one && !is_list {
        app.say(Mood::Bad, error.to_string());
    } else if was_one {
        app.say(Mood::Bad, format!("{error}. What is listed is a part; ^R reads again"));
    }
    was_one
}

/// Does what a key did to the rows of the window on top.
pub(super) fn pressed(app: &mut App, pressed: Pressed, effects: &mut Vec<Effect>) {
    match pressed {
        Pressed::Taken | Pressed::Other => {}
        Pressed::Stop(request) => stop(app, request, effects),
        Pressed::Close => close(app, effects),
    }
}

/// Stops a long read; what was found stays.
fn stop(app: &mut App, request: RequestId, effects: &mut Vec<Effect>) {
    if end(app, request, LoadState::Stopped) {
        effects.push(Effect::Cancel(request));
        app.say(Mood::Plain, "stopped: what is listed is a part (^R reads again, Esc closes)");
    }
}

/// Drops what the window on top reads, where it does.
pub(super) fn drop_read(app: &App, effects: &mut Vec<Effect>) {
    if let Some(LoadState::Loading(request)) = app.overlays.last().and_then(Overlay::load) {
        effects.push(Effect::Cancel(*request));
    }
}

/// Closes the window on top, and with it what it reads.
pub(super) fn close(app: &mut App, effects: &mut Vec<Effect>) {
    drop_read(app, effects);
    app.overlays.pop();
}

fn end(app: &mut App, request: RequestId, state: LoadState) -> bool {
    let load = window(app, request).and_then(Overlay::load_mut);
    load.map(|load| *load = state).is_some()
}

fn window(app: &mut App, request: RequestId) -> Option<&mut Overlay> {
    let asked = |overlay: &&mut Overlay| overlay.load().and_then(LoadState::request) == Some(request);
    app.overlays.iter_mut().find(asked)
}
