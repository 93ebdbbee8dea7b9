//! Blame: which version last changed each line of the shown value.

use std::sync::Arc;

use super::super::app::{App, Mood};
use super::super::blame::{Blame, Stage, Told, margin};
use super::super::event::{Effect, RequestId, Survey};
use super::super::list::LoadState;
use super::super::pane::Pane;
use super::super::timeline::Timeline;
use super::super::value::Body;
use super::follow::follow as follow_selection;
use super::follow::{load_timeline, show};
use crate::model::{Record, Subject};

/// Begins to tell who changed what, goes on where that was stopped, or ends it.
pub(super) fn toggle(app: &mut App, effects: &mut Vec<Effect>) {
    match &app.blame {
        Some(blame) if blame.can_go_on() => return resume(app, effects),
        Some(_) => return end(app, effects),
        None => {}
    }
    let Some(subject @ Subject::Entry(_)) = app.timeline().and_then(|timeline| timeline.shown()).map(|it| &it.subject)
    else {
        return app.say(Mood::Plain, "blame tells of the values of entries: select one first");
    };
    let subject = subject.clone();
    app.differing = false;
    show(app);
    if app.value.cursor().is_none() {
        return app.say(Mood::Plain, "only JSON has paths: what is shown is none");
    }
    app.focus = Pane::Value;
    app.blame = Some(Blame::new(subject));
    follow_selection(app, effects);
}

/// Goes on where it was stopped or failed, and has the timeline read anew where that failed.
fn resume(app: &mut App, effects: &mut Vec<Effect>) {
    if let Some(blame) = &mut app.blame {
        blame.resume();
    }
    let failed = app.timeline().filter(|timeline| matches!(timeline.load, LoadState::Failed(_) | LoadState::Stopped));
    if let Some(subject) = failed.map(|timeline| timeline.subject.clone()) {
        load_timeline(app, &subject, effects);
    }
}

/// Stops the reading, or ends it all where nothing is being read. Returns whether there was anything.
pub(super) fn back(app: &mut App, effects: &mut Vec<Effect>) -> bool {
    // Under a difference it waits.
    let is_hidden = !matches!(app.value.body, Body::Text(_));
    let Some(blame) = app.blame.as_mut().filter(|_| !is_hidden) else { return false };
    if blame.is_under_way() {
        effects.extend(blame.request().map(Effect::Cancel));
        blame.stage = Stage::Stopped;
        app.say(Mood::Plain, "stopped: lines without an answer were last changed further back (b goes on, Esc ends)");
    } else {
        end(app, effects);
    }
    true
}

/// Goes to the version that last changed the line of the cursor.
pub(super) fn jump(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(version) = app.pointed().map(|credit| credit.version) else {
        return app.say(Mood::Plain, "who changed this line is not known yet");
    };
    let Some(timeline) = app.timeline_mut() else { return };
    if timeline.shown().is_some_and(|shown| shown.version == version) {
        return app.say(Mood::Plain, "this is the version that last changed the line: [ shows the one before");
    }
    timeline.want(version, false);
    if timeline.wants_a_load() {
        let subject = timeline.subject.clone();
        load_timeline(app, &subject, effects);
    }
    follow_selection(app, effects);
}

/// Asks about the version that is shown now, where it is another one; ends with another subject.
pub(super) fn follow(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(blame) = &app.blame else { return app.value.margin = 0 };
    if app.subject().as_ref() != Some(&blame.subject) {
        return end(app, effects);
    }
    let Body::Text(text) = &app.value.body else { return app.value.margin = 0 };
    let lines = text.len();
    app.value.margin = if app.value.cursor().is_some() { margin(app.room_of_value().columns) } else { 0 };
    let Some(shown) = app.timeline().and_then(Timeline::shown).cloned() else { return };
    let version = app.value.cursor().map(|_| shown.version);
    let Some(blame) = &mut app.blame else { return };
    if blame.version != version {
        effects.extend(blame.request().map(Effect::Cancel));
        match version {
            Some(version) => blame.begin(version, lines),
            None => *blame = Blame::new(blame.subject.clone()),
        }
    }
    go_on(app, shown, effects);
}

/// Has older versions compared where some have come, and more of them read where none have.
fn go_on(app: &mut App, shown: Arc<Record>, effects: &mut Vec<Effect>) {
    let Some(before) = app.blame.as_ref().and_then(Blame::wants_older_than) else { return };
    let Some(timeline) = app.timeline_mut() else { return };
    let (older, all) = (timeline.older_than(before).to_vec(), timeline.knows_the_first());
    if !older.is_empty() || all {
        let request = app.request();
        let Some(blame) = &mut app.blame else { return };
        let so_far = blame.compare(older.last().map(AsRef::as_ref), request);
        effects.push(Effect::Survey(request, Survey::Blame { shown, so_far, older, all }));
        return;
    }
    match timeline.load {
        LoadState::Paused(request) => {
            timeline.load = LoadState::Loading(request);
            effects.push(Effect::More(request));
        }
        LoadState::Failed(_) | LoadState::Stopped => {
            let why = match &timeline.load {
                LoadState::Failed(error) => error.to_string(),
                _ => "the older versions were not read".to_owned(),
            };
            if let Some(blame) = &mut app.blame {
                blame.stage = Stage::Failed;
            }
            app.say(Mood::Bad, format!("{why}: what is told is a part (b tries again)"));
        }
        LoadState::New => {
            let subject = timeline.subject.clone();
            load_timeline(app, &subject, effects);
        }
        LoadState::Loading(_) | LoadState::Complete => {}
    }
}

/// Takes in answers; those to a question that isn't asked any more are dropped.
pub(super) fn found(app: &mut App, request: RequestId, told: Told) {
    if let Some(blame) = app.blame.as_mut().filter(|blame| blame.request() == Some(request)) {
        blame.add(told);
    }
}

/// Notes that a comparison has ended with every line known. Returns whether it was one.
pub(super) fn ended(app: &mut App, request: RequestId) -> bool {
    let blame = app.blame.as_mut().filter(|blame| blame.request() == Some(request));
    blame.map(|blame| blame.stage = Stage::Done).is_some()
}

fn end(app: &mut App, effects: &mut Vec<Effect>) {
    let running = app.blame.take().and_then(|blame| blame.request());
    effects.extend(running.map(Effect::Cancel));
    app.value.margin = 0;
}
