//! What a new selection brings along: its children, its timeline and its value, from memory at once and read behind.

use std::sync::Arc;

use super::super::app::{App, Followed, Opening, Shown};
use super::super::compare::ToCompare;
use super::super::event::{Effect, Load, RequestId};
use super::super::input::Input;
use super::super::list::{LoadState, RowState};
use super::super::pane::{Level, Pane};
use super::super::value::{Body, Text};
use super::{compare, outage, past};
use crate::history::search::Place;
use crate::model::{CollectionKey, Record, Subject, Version};

/// What was loaded less long ago than this is not read again because the cursor passes over it, in ms.
const FRESH: i64 = 2_000;

/// Notes of more characters are told in full above the value: the timeline cuts them.
const SHORT_NOTE: usize = 16;

/// Brings everything in line with the selections.
pub(super) fn follow(app: &mut App, effects: &mut Vec<Effect>) {
    // Without a store nothing would answer.
    if !matches!(app.opening, Opening::Open) {
        return;
    }
    leave_what_is_off_the_path(app, effects);
    let children = app.level.child().and_then(|level| app.load_of(level));
    let subject = app.subject();
    let deepest = app.level;
    for level in Level::ALL.into_iter().take_while(|level| *level <= deepest) {
        if let Some(load) = app.load_of(level) {
            ensure_list(app, &load, effects);
        }
    }
    if let Some(children) = &children {
        ensure_list(app, children, effects);
        if app.followed.children.as_ref() != Some(children) {
            refresh_if_old(app, children, effects);
        }
    }
    if let Some(subject) = &subject {
        let is_new = app.followed.subject.as_ref() != Some(subject);
        follow_timeline(app, subject, is_new, effects);
        if is_new {
            app.value.rewind();
        }
    }
    app.followed = Followed { children, subject };
    read_on(app, effects);
    show(app);
}

/// Returns what the selections need.
pub(super) fn wanted(app: &App) -> Vec<Load> {
    let lists = Level::ALL.into_iter().filter_map(|level| app.load_of(level));
    lists.chain(app.subject().map(Load::History)).collect()
}

/// Selects a collection or an entry wherever it is, and one of its versions where one is named, or that one's deletion;
/// what hides it is taken off.
pub(super) fn go_to(
    app: &mut App,
    subject: &Subject,
    version: Option<(Version, bool)>,
    is_deleted: bool,
    effects: &mut Vec<Effect>,
) {
    // In the past, what is later can't be gone to.
    if app
        .as_of
        .is_some_and(|then| version.is_none_or(|(version, is_deletion)| is_deletion || version > then.version()))
    {
        past::leave(app, effects);
    }
    go_to_then(app, subject, version, is_deleted, effects);
}

/// The same, where all of it is known to be of the moment that the explorer shows.
pub(super) fn go_to_then(
    app: &mut App,
    subject: &Subject,
    version: Option<(Version, bool)>,
    is_deleted: bool,
    effects: &mut Vec<Effect>,
) {
    if is_deleted {
        app.show_deleted = true;
    }
    let CollectionKey { application, user, id } = subject.collection();
    let mut path = vec![
        (Load::Applications, application.as_str()),
        (Load::Users(application.clone()), user.as_str()),
        (Load::Collections(application.clone(), user.clone()), id.as_str()),
    ];
    app.level = Level::Collections;
    if let Subject::Entry(key) = subject {
        path.push((Load::Entries(key.collection.clone()), key.id.as_str()));
        app.level = Level::Entries;
    }
    let show_deleted = app.show_deleted;
    for (load, id) in path {
        let list = app.lists.entry(load.clone()).or_default();
        list.set_filter(String::new());
        list.set_show_deleted(show_deleted);
        list.want(id.into());
        // What was read before it was created doesn't have it.
        if list.label_of(id).is_none() && list.load.request().is_none() {
            load_list(app, &load, effects);
        }
    }
    app.focus = Pane::List(app.level);
    if let Some((version, deletion)) = version {
        let timeline = app.keep_timeline(subject);
        timeline.want(version, deletion);
        // What was read before it was written doesn't have it.
        if timeline.wants_a_load() {
            load_timeline(app, subject, effects);
        }
    }
    follow(app, effects);
}

/// Stops loads that the selection has left behind.
fn leave_what_is_off_the_path(app: &mut App, effects: &mut Vec<Effect>) {
    let wanted = wanted(app);
    let left: Vec<RequestId> =
        app.loads.iter().filter(|(_, load)| !wanted.contains(load)).map(|(request, _)| *request).collect();
    for request in left {
        end_load(app, request, LoadState::New);
        effects.push(Effect::Cancel(request));
    }
}

/// Takes a load off the list of those under way and notes on what it was filling how it ended.
pub(super) fn end_load(app: &mut App, request: RequestId, state: LoadState) -> Option<Load> {
    let load = app.loads.remove(&request)?;
    if matches!(state, LoadState::New | LoadState::Stopped) {
        outage::forget(app, &load);
    }
    if let Load::History(subject) = &load {
        if let Some(timeline) = app.timelines.iter_mut().find(|timeline| timeline.subject == *subject) {
            timeline.give_up(state);
        }
    } else if let Some(list) = app.lists.get_mut(&load) {
        if matches!(state, LoadState::Complete) {
            list.loaded_at = app.now;
        }
        list.finish(state);
    }
    Some(load)
}

fn ensure_list(app: &mut App, load: &Load, effects: &mut Vec<Effect>) {
    let is_new = app.lists.get(load).is_none_or(|list| matches!(list.load, LoadState::New));
    if is_new {
        load_list(app, load, effects);
    }
}

fn refresh_if_old(app: &mut App, load: &Load, effects: &mut Vec<Effect>) {
    // The past stays as it is.
    if app.as_of.is_some() {
        return;
    }
    let is_old = app
        .lists
        .get(load)
        .is_some_and(|list| matches!(list.load, LoadState::Complete) && list.loaded_at + FRESH < app.now);
    if is_old {
        load_list(app, load, effects);
    }
}

/// Reads a list, anew where it is there already.
pub(super) fn load_list(app: &mut App, load: &Load, effects: &mut Vec<Effect>) {
    if let Some(request) = app.lists.get(load).and_then(|list| list.load.request()) {
        end_load(app, request, LoadState::New);
        effects.push(Effect::Cancel(request));
    }
    app.forget_far_lists();
    let request = app.request();
    let show_deleted = app.show_deleted;
    let list = app.lists.entry(load.clone()).or_default();
    list.set_show_deleted(show_deleted);
    list.begin(request);
    app.loads.insert(request, load.clone());
    effects.push(Effect::Load(request, load.clone(), app.as_of));
}

fn follow_timeline(app: &mut App, subject: &Subject, is_new: bool, effects: &mut Vec<Effect>) {
    let (now, is_past) = (app.now, app.as_of.is_some());
    let timeline = app.keep_timeline(subject);
    let is_old = !is_past && timeline.loaded_at + FRESH < now && !timeline.load.is_loading();
    if matches!(timeline.load, LoadState::New) || (is_new && is_old) {
        load_timeline(app, subject, effects);
    }
}

/// Reads a timeline, anew where it is there already.
pub(super) fn load_timeline(app: &mut App, subject: &Subject, effects: &mut Vec<Effect>) {
    if let Some(request) = app.keep_timeline(subject).load.request() {
        end_load(app, request, LoadState::New);
        effects.push(Effect::Cancel(request));
    }
    let request = app.request();
    app.keep_timeline(subject).begin(request);
    let load = Load::History(subject.clone());
    app.loads.insert(request, load.clone());
    effects.push(Effect::Load(request, load, app.as_of));
}

/// Reads older versions where the selection nears the last one that has arrived.
fn read_on(app: &mut App, effects: &mut Vec<Effect>) {
    if let Some(timeline) = app.timeline_mut()
        && let Some(request) = timeline.needs_more()
    {
        timeline.load = LoadState::Loading(request);
        effects.push(Effect::More(request));
    }
}

/// Goes to a place in the value of a version, which shows now or will; a text that was found there is what `n` goes on
/// with.
pub(super) fn seek(app: &mut App, subject: Subject, version: Version, place: Place, text: Option<&str>) {
    app.value.search = Input::new(text.unwrap_or_default());
    app.differing = false;
    app.seeking = Some((subject, version, place));
    // It may show already.
    app.shown = None;
    show(app);
}

/// Shows the value, or the difference, of the selected version.
pub(super) fn show(app: &mut App) {
    let shown = what_to_show(app);
    if shown == app.shown {
        return;
    }
    let body = match &shown {
        None => Body::Nothing,
        Some(Shown::Unreadable(row)) => Body::Text(Text::of_unreadable(row)),
        Some(Shown::Version(record)) => match &record.subject {
            Subject::Entry(_) => Body::Text(Text::of(record)),
            Subject::Collection(_) => Body::Text(card(app, record)),
        },
        Some(Shown::Difference { pair, .. }) => compare::body(&ToCompare::Pair(pair.clone(), app.look)),
    };
    let note = shown.as_ref().and_then(Shown::record).and_then(|record| record.note.as_ref());
    let is_long = |note: &&String| note.chars().count() > SHORT_NOTE;
    app.value.note = note.filter(is_long).map(|note| format!("note: {note}"));
    let room = app.room_of_value();
    app.value.show(body, room);
    if let (Some(Shown::Version(record)), Some((subject, version, place))) = (&shown, &app.seeking)
        && (&record.subject, record.version) == (subject, *version)
    {
        match place {
            Place::Path(path) => {
                app.value.go_to_path(path, room);
                app.value.show_match(room.columns);
            }
            Place::Line(_) => app.value.to_match_from_here(room.columns),
            Place::Name | Place::Note => {}
        }
        app.seeking = None;
    }
    app.shown = shown;
}

fn what_to_show(app: &App) -> Option<Shown> {
    if let Some(RowState::Unreadable(row)) = app.row(app.level).map(|row| &row.state) {
        return Some(Shown::Unreadable(row.clone()));
    }
    let timeline = app.timeline()?;
    if let Some(row) = timeline.shown_unreadable() {
        return Some(Shown::Unreadable(row.clone()));
    }
    let record = timeline.shown()?;
    Some(compare::pair(app, timeline, record).unwrap_or_else(|| Shown::Version(Arc::clone(record))))
}

/// What there is to say of a collection's version, which has no value of its own.
fn card(app: &App, record: &Arc<Record>) -> Text {
    let mut lines = vec![
        format!("collection  {}", record.name.as_deref().unwrap_or("(no name)")),
        format!("id          {}", record.subject.id()),
        format!("version     {}", record.version),
        format!("written     {}", app.when(record.version.ms(), true)),
    ];
    let more = [
        ("author      ", record.author.clone()),
        ("note        ", record.note.clone()),
        ("restored    ", record.restored_from.map(|version| format!("from {}", app.when(version.ms(), true)))),
        ("deleted     ", record.deleted_at.clone()),
        ("deleted by  ", record.deleted_by.clone()),
    ];
    lines.extend(more.into_iter().filter_map(|(label, text)| Some(format!("{label}{}", text?))));
    Text::new(lines.join("\n"), false, None)
}
