//! Another moment than now: chosen, shown by the whole explorer, and left again.
//!
//! All lists and timelines are of one moment. When it changes, what is under way is given up and everything is read anew;
//! an answer that comes later has a number that nobody waits for.

use crossterm::event::{KeyCode, KeyEvent};

use super::super::app::{App, Followed, Mood, Opening};
use super::super::event::{Effect, Load, RequestId};
use super::super::list::LoadState;
use super::super::overlay::{AsOf, Offer, Overlay};
use super::super::pane::Pane;
use super::super::timeline::Line;
use super::follow::{end_load, follow};
use crate::model::{Moment, Version};

/// What every write is answered with that is asked for in the past.
pub(super) const REFUSED: &str = "this is the past, which stays as it is: T goes back to now";

/// How far back the last offers go, in ms.
const HOUR: i64 = 3_600_000;

/// Opens the window in which a moment is chosen; in the past the cursor is on the way back to now.
pub(super) fn open(app: &mut App) {
    if !matches!(app.opening, Opening::Open) {
        return app.say(Mood::Plain, "the store is not open yet");
    }
    let is_past = app.as_of.is_some();
    let shown = shown(app);
    let has_version = matches!(app.focus, Pane::Timeline | Pane::Value) && shown.is_some();
    let mut offers = Vec::new();
    if is_past {
        offers.push(Offer { words: "Back to now", moment: None });
    }
    let at = |ms: i64| Some(Moment::from(Version::from_ms(ms)));
    if let Some(shown) = shown {
        offers.push(Offer { words: "The shown version", moment: at(shown) });
        offers.push(Offer { words: "Just before the shown version", moment: at(shown - 1) });
    }
    if let Some(mark) = app.mark.as_ref().map(|mark| mark.record.version).filter(|mark| Some(mark.ms()) != shown) {
        offers.push(Offer { words: "The marked version", moment: Some(mark.into()) });
    }
    for (words, hours) in [("An hour ago", 1), ("A day ago", 24), ("A week ago", 7 * 24)] {
        offers.push(Offer { words, moment: at(app.now - hours * HOUR) });
    }
    app.overlays.push(Overlay::AsOf(AsOf::new(offers, is_past || has_version)));
}

/// Returns when the shown version was written or, where its deletion is selected, deleted, in ms since 1970.
fn shown(app: &App) -> Option<i64> {
    let timeline = app.timeline()?;
    match timeline.line(timeline.selected())? {
        Line::Written(record, _) => Some(record.version.ms()),
        Line::Deleted(record) => record.deleted_ms(),
        Line::Unreadable(_) => None,
    }
}

/// Takes a key of the window.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let now = app.now;
    let Some(Overlay::AsOf(window)) = app.overlays.last_mut() else { return };
    match key.code {
        KeyCode::Esc => drop(app.overlays.pop()),
        KeyCode::Down | KeyCode::Tab => window.step(true),
        KeyCode::Up | KeyCode::BackTab => window.step(false),
        KeyCode::Enter => match window.chosen(now, &app.zone) {
            Ok(moment) => {
                app.overlays.pop();
                match moment {
                    Some(moment) => set(app, moment, effects),
                    None => leave(app, effects),
                }
            }
            Err(problem) => window.problem = Some(problem),
        },
        _ => window.type_in(|input| input.key(key)),
    }
}

/// Lets the whole explorer show a moment. No window should be open that is about another one.
pub(super) fn set(app: &mut App, moment: Moment, effects: &mut Vec<Effect>) {
    go(app, Some(moment), effects);
    let shown = moment.shown(&app.zone);
    app.say(Mood::Plain, format!("as of {shown}: T goes back to now"));
}

/// Goes back to now.
pub(super) fn leave(app: &mut App, effects: &mut Vec<Effect>) {
    if app.as_of.is_none() {
        return app.say(Mood::Plain, "this is now");
    }
    go(app, None, effects);
    app.say(Mood::Plain, "back to now");
}

fn go(app: &mut App, moment: Option<Moment>, effects: &mut Vec<Effect>) {
    let shown = app.timeline().filter(|timeline| timeline.selected() > 0).and_then(|timeline| {
        let version = timeline.shown()?.version;
        Some((timeline.subject.clone(), version))
    });
    let under_way: Vec<RequestId> = app.loads.keys().copied().collect();
    for request in under_way {
        end_load(app, request, LoadState::New);
        effects.push(Effect::Cancel(request));
    }
    app.ahead.clear();
    app.as_of = moment;
    for list in app.lists.values_mut() {
        *list = list.emptied();
    }
    app.timelines.clear();
    app.followed = Followed::default();
    // In the past the version that was in force then shows, whichever was looked at before.
    if let Some((subject, version)) = shown.filter(|_| moment.is_none()) {
        app.keep_timeline(&subject).want(version, false);
    }
    follow(app, effects);
}

/// Says so where what was selected is not there, or is hidden, as of the moment, now that its list is complete.
pub(super) fn tell_missing(app: &mut App, load: &Load) {
    if app.as_of.is_none() || app.load_of(app.level).as_ref() != Some(load) {
        return;
    }
    let noun = app.level.noun();
    let Some(list) = app.lists.get(load) else { return };
    let Some(id) = list.wanted() else { return };
    let words = match list.label_of(id) {
        Some(label) => format!("{noun} {} was deleted then: . shows it", crate::json::quote(label)),
        None => format!("the {noun} that was selected was not there then"),
    };
    app.say(Mood::Plain, words);
}
