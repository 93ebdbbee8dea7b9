//! A collection compared with how it was, or with another one; and two versions of an entry, for a look.

use crossterm::event::{KeyCode, KeyEvent};

use super::super::app::{App, Mood};
use super::super::event::{Effect, Survey};
use super::super::findings::{Findings, Pressed};
use super::super::layout::rows_of_findings;
use super::super::list::LoadState;
use super::super::overlay::{Comparison, Goal, Looking, Overlay};
use super::super::value::Value;
use super::windows::{is_ctrl, look_through, scroll_by};
use super::{bring_back, surveys};
use crate::bring_back::Target;
use crate::compare::{Kind, Side};
use crate::model::{CollectionKey, Moment, Record, Subject, Version};
use crate::store::Scope;

/// Compares the selected collection with the marked one; where none is marked, with how it was at a moment that is asked
/// for, or that of its own version that is marked. In the past, the one that shows is compared with now.
pub(super) fn open(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(collection) = app.collection() else {
        return app.say(Mood::Plain, "select a collection first");
    };
    let marked = match app.mark.as_ref().map(|mark| (mark.record.subject.clone(), mark.record.version)) {
        Some((Subject::Collection(key), version)) => Some((key, version)),
        _ => None,
    };
    let place = in_words(app, &collection);
    match marked {
        None => match app.as_of {
            Some(moment) => with_moment(app, collection, &place, moment, effects),
            None => bring_back::ask(app, Goal::Compare(collection), place),
        },
        Some((marked, version)) if marked == collection => {
            with_moment(app, collection, &place, version.into(), effects);
        }
        Some((marked, _)) => {
            let title = format!("{} → {place}", in_words(app, &marked));
            let moment = app.as_of;
            let side = |collection| Side { collection, moment };
            begin(app, title, side(marked), side(collection), effects);
        }
    }
}

fn in_words(app: &App, collection: &CollectionKey) -> String {
    app.words_of_scope(&Scope::Collection(collection.clone()))
}

/// Compares a collection with how it was.
pub(super) fn with_moment(
    app: &mut App,
    collection: CollectionKey,
    place: &str,
    moment: Moment,
    effects: &mut Vec<Effect>,
) {
    let title = format!("{place}: {} → now", moment.shown(&app.zone));
    let old = Side { collection: collection.clone(), moment: Some(moment) };
    begin(app, title, old, Side { collection, moment: None }, effects);
}

fn begin(app: &mut App, title: String, old: Side, new: Side, effects: &mut Vec<Effect>) {
    let request = surveys::begin(app, Survey::Compare(old.clone(), new.clone()), effects);
    app.overlays.push(Overlay::Comparison(Comparison { title, old, new, findings: Findings::new(request) }));
}

/// Takes a key of the window of a comparison.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let height = rows_of_findings(app.size);
    let Some(Overlay::Comparison(comparison)) = app.overlays.last_mut() else { return };
    match (comparison.findings.key(key, scroll_by(key, height), height), key.code) {
        (Pressed::Other, KeyCode::Enter | KeyCode::Char('l') | KeyCode::Right) => look_at_row(app, effects),
        (Pressed::Other, KeyCode::Char('r')) if is_ctrl(key, 'r') => surveys::again(app, effects),
        (Pressed::Other, KeyCode::Char('r' | 'B')) => plan(app, effects),
        (Pressed::Other, KeyCode::Char('C')) => surveys::close(app, effects),
        (pressed, _) => surveys::pressed(app, pressed, effects),
    }
}

/// Goes to the plan that brings the marked rows, or where none is marked all that pass the filter, back to the moment.
fn plan(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Comparison(comparison)) = app.overlays.last() else { return };
    let is_one = comparison.old.collection == comparison.new.collection;
    let (true, Some(moment)) = (is_one, comparison.old.moment) else {
        return app.say(Mood::Plain, "these are two collections: there is no moment to go back to");
    };
    let findings = &comparison.findings;
    if findings.load.is_loading() {
        return app.say(Mood::Plain, "the entries are being compared: wait for it, or stop it with Esc");
    }
    let rows = if findings.marked() == 0 { findings.shown().collect() } else { findings.chosen() };
    let entries = rows.iter().filter_map(|row| row.shown()).map(|record| record.subject.clone()).collect();
    let target = Target::Entries { collection: comparison.new.collection.clone(), entries };
    let words = match rows.len() {
        0 => return app.say(Mood::Plain, "nothing differs, so that nothing is to be brought back"),
        1 => "1 entry".to_owned(),
        rows => format!("{} entries", crate::text::count(rows)),
    };
    let words = format!("{words} of {}", in_words(app, &comparison.new.collection));
    bring_back::begin(app, target, words, moment, effects);
}

fn look_at_row(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Comparison(comparison)) = app.overlays.last() else { return };
    let Some(row) = comparison.findings.selected() else { return };
    let version = |record: &Record| (record.subject.clone(), record.version);
    let old = row.old.as_ref().filter(|_| row.kind != Kind::Added).map(version);
    let new = row.new.as_ref().filter(|_| row.kind != Kind::Removed).map(version);
    let (title, compared) = (format!("{} {}", row.kind.word(), row.title()), comparison.title.clone());
    look(app, title, old, new, compared, effects);
}

/// Opens a window with the difference between two versions, or with the value of one.
pub(super) fn look(
    app: &mut App,
    title: String,
    old: Option<(Subject, Version)>,
    new: Option<(Subject, Version)>,
    compared: String,
    effects: &mut Vec<Effect>,
) {
    let request = surveys::begin(app, Survey::Difference { old, new, title: compared }, effects);
    app.overlays.push(Overlay::Looking(Looking { title, load: LoadState::Loading(request), value: Value::default() }));
}

/// Takes a key of the window of a difference.
pub(super) fn look_key(app: &mut App, key: KeyEvent, height: usize, effects: &mut Vec<Effect>) {
    let Some(Overlay::Looking(looking)) = app.overlays.last_mut() else { return };
    if look_through(&mut looking.value, key, app.size, height) {
        return;
    }
    if let KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | 'h') | KeyCode::Left = key.code {
        surveys::close(app, effects);
    }
}
