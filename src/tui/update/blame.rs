//! Blame: which version last changed each line of the shown value.

use super::super::app::{App, Mood};
use super::super::blame::{Blame, margin};
use super::super::event::{Effect, RequestId, Survey};
use super::super::findings::Progress;
use super::super::list::LoadState;
use super::super::pane::Pane;
use super::super::value::Body;
use super::follow::follow as follow_selection;
use super::follow::{load_timeline, show};
use super::surveys;
use crate::history::blame::Credit;
use crate::model::Subject;

/// Begins to tell who changed what, or ends it.
pub(super) fn toggle(app: &mut App, effects: &mut Vec<Effect>) {
    if app.blame.is_some() {
        return end(app, effects);
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

/// Stops the reading, or ends it all where nothing is being read. Returns whether there was anything.
pub(super) fn back(app: &mut App, effects: &mut Vec<Effect>) -> bool {
    // Under a difference it waits.
    let is_hidden = !matches!(app.value.body, Body::Text(_));
    let Some(blame) = app.blame.as_mut().filter(|_| !is_hidden) else { return false };
    if let LoadState::Loading(request) = blame.load {
        blame.load = LoadState::Stopped;
        effects.push(Effect::Cancel(request));
        app.say(Mood::Plain, "stopped: lines without an answer were last changed further back (Esc ends)");
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
    let Some(timeline) = app.timeline() else { return };
    let Some(shown) = timeline.shown().cloned() else { return };
    let version = app.value.cursor().map(|_| shown.version);
    if blame.version == version {
        return;
    }
    let (older, all) = (timeline.older_than(shown.version).to_vec(), timeline.knows_the_first());
    let running = blame.load.request();
    effects.extend(running.map(Effect::Cancel));
    let begun = version.map(|version| {
        let survey = Survey::Blame { shown, older, all };
        (version, surveys::begin(app, survey, effects))
    });
    if let Some(blame) = &mut app.blame {
        match begun {
            Some((version, request)) => blame.begin(version, lines, request),
            None => *blame = Blame::new(blame.subject.clone()),
        }
    }
}

/// Takes in answers; those to a question that isn't asked any more are dropped.
pub(super) fn found(app: &mut App, request: RequestId, credits: Vec<Credit>, progress: Progress) {
    if let Some(blame) = app.blame.as_mut().filter(|blame| blame.load.request() == Some(request)) {
        blame.add(credits, progress);
    }
}

/// Notes how the reading ended. Returns whether it was that.
pub(super) fn ended(app: &mut App, request: RequestId, state: LoadState) -> bool {
    let blame = app.blame.as_mut().filter(|blame| blame.load.request() == Some(request));
    blame.map(|blame| blame.load = state).is_some()
}

fn end(app: &mut App, effects: &mut Vec<Effect>) {
    let running = app.blame.take().and_then(|blame| blame.load.request());
    effects.extend(running.map(Effect::Cancel));
    app.value.margin = 0;
}
