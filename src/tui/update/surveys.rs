//! Long reads for a window: begun with it, stopped with Esc, and dropped when it closes.

use std::sync::Arc;

use super::super::app::{App, Mood};
use super::super::event::{Effect, Found, RequestId, Survey};
use super::super::findings::{Pressed, Progress};
use super::super::list::LoadState;
use super::super::overlay::Overlay;
use crate::store::StoreError;

/// Asks for a long read, and returns the number under which it is answered.
pub(super) fn begin(app: &mut App, survey: Survey, effects: &mut Vec<Effect>) -> RequestId {
    let request = app.request();
    effects.push(Effect::Survey(request, survey));
    request
}

/// Takes in what was found; what a closed window asked for is dropped.
pub(super) fn found(app: &mut App, request: RequestId, found: Found, progress: Progress) {
    app.cost += progress.cost;
    let Some(window) = window(app, request) else { return };
    match (window, found) {
        (Overlay::Trash(trash), Found::Deleted(deleted)) => trash.findings.add(deleted, progress),
        (_, Found::Deleted(_)) => {}
    }
}

/// Notes that a long read has read everything. Returns whether it was one.
pub(super) fn complete(app: &mut App, request: RequestId) -> bool {
    end(app, request, LoadState::Complete)
}

/// Notes that a long read failed, and says so. Returns whether it was one.
pub(super) fn failed(app: &mut App, request: RequestId, error: &Arc<StoreError>) -> bool {
    let was_one = end(app, request, LoadState::Failed(Arc::clone(error)));
    if was_one {
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
