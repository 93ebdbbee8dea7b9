//! Differences: what is compared, and how it is looked at.

use std::sync::Arc;

use super::super::app::{App, Mood, Shown};
use super::super::compare::{DifferenceLook, Pair, ToCompare};
use super::super::event::{Effect, RequestId};
use super::super::input::Input;
use super::super::layout::inside;
use super::super::overlay::{Awaited, Overlay};
use super::super::pane::Pane;
use super::super::timeline::Timeline;
use super::super::value::{Body, Difference};
use super::follow::show;
use crate::model::Record;

/// Values of more bytes together are compared beside the thread that draws and takes keys: about 3 ms of work.
const LARGE: usize = 32 * 1024;

/// The least columns for two texts beside each other: 38 for each, so that a terminal of 80 has room for them.
const BESIDE: u16 = 76;

/// Shows the difference, or the value again.
pub(super) fn toggle(app: &mut App) {
    app.differing = !app.differing;
    // What was searched for in the one is not what n goes to in the other.
    app.value.search = Input::default();
    app.value.to_top();
    show(app);
    if app.differing {
        say_if_nothing_differs(app);
    }
}

fn say_if_nothing_differs(app: &mut App) {
    if app.timeline().is_none() {
        app.say(Mood::Plain, "differences show for the versions of a collection or an entry");
    }
}

/// Looks at the difference the next way; shows it, where it doesn't show, side by side.
pub(super) fn next_look(app: &mut App) {
    let mut look = if app.differing { app.look.next() } else { DifferenceLook::Beside };
    if !app.differing {
        app.differing = true;
        app.value.to_top();
    }
    if look == DifferenceLook::Beside && columns(app) < BESIDE {
        let all = app.size.width.saturating_sub(2);
        if all >= BESIDE {
            app.full_screen = true;
            app.focus = Pane::Value;
            app.say(Mood::Plain, "two columns take the whole screen; f goes back");
        } else {
            look = DifferenceLook::Text;
            let words = format!("side by side takes {} columns, here are {}: as text", BESIDE + 2, app.size.width);
            app.say(Mood::Plain, words);
        }
    }
    set_look(app, look);
    say_if_nothing_differs(app);
}

fn set_look(app: &mut App, look: DifferenceLook) {
    let is_another_text = (look == DifferenceLook::Text) != (app.look == DifferenceLook::Text);
    app.look = look;
    if is_another_text {
        app.value.to_top();
    }
    app.value.set_look(look);
    show(app);
}

/// Returns how many columns of the value show.
fn columns(app: &App) -> u16 {
    app.areas().value.map_or(0, |area| inside(area).width)
}

/// Marks the shown version as what others are compared with, or takes the mark off.
pub(super) fn mark(app: &mut App) {
    let Some(shown) = app.timeline().and_then(|timeline| timeline.shown()).cloned() else {
        return app.say(Mood::Plain, "no version is shown that could be marked");
    };
    if app.is_marked(&shown) {
        app.mark = None;
        app.say(Mood::Plain, "mark taken off");
    } else {
        app.mark = Some(app.side(&shown));
        app.say(
            Mood::Plain,
            "marked: = compares any other version with it, also of another entry; m again takes it off",
        );
    }
    show(app);
}

/// Returns what the shown version is compared with: the marked one, or the one before it. `None` where no difference shows.
pub(super) fn pair(app: &App, timeline: &Timeline, record: &Arc<Record>) -> Option<Shown> {
    if !app.differing {
        return None;
    }
    let shown = app.side(record);
    let pair = match &app.mark {
        Some(mark) if !app.is_marked(record) => Pair::of(mark.clone(), shown),
        _ => Pair { old: timeline.before(record.version).map(|older| app.side(older)), new: shown },
    };
    // Until the version before it has arrived, its value shows.
    (pair.old.is_some() || timeline.knows_the_first())
        .then(|| Shown::Difference { pair, as_text: app.look == DifferenceLook::Text })
}

/// Returns a difference, or what shows until it is computed.
pub(super) fn body(what: &ToCompare) -> Body {
    if what.size() > LARGE {
        return Body::Comparing;
    }
    Body::Difference(Box::new(Difference::made_of(what.clone())))
}

/// After each event: asks for the difference that is to show, and leaves two columns where they no longer fit.
pub(super) fn settle(app: &mut App, effects: &mut Vec<Effect>) {
    if app.value.has_sides() && app.areas().value.is_some() && columns(app) < BESIDE {
        set_look(app, DifferenceLook::ByPath);
    }
    if let (Body::Comparing, None, Some(shown @ Shown::Difference { pair, .. })) =
        (&app.value.body, &app.comparing, &app.shown)
    {
        let (shown, pair) = (shown.clone(), pair.clone());
        let request = app.request();
        effects.push(Effect::Compare(request, ToCompare::Pair(pair, app.look)));
        app.comparing = Some((request, shown));
    }
    for overlay in &mut app.overlays {
        if let Overlay::Review(review) = overlay
            && let Some(Awaited::Wanted(what)) = &review.awaited
        {
            let request = app.next_request;
            app.next_request = request.next();
            effects.push(Effect::Compare(request, what.clone()));
            review.awaited = Some(Awaited::Asked(request));
        }
    }
}

/// Takes a difference, unless another one is to show by now.
pub(super) fn compared(app: &mut App, request: RequestId, mut difference: Box<Difference>) {
    let review = app.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Review(review) if matches!(review.awaited, Some(Awaited::Asked(asked)) if asked == request) => {
            Some(review)
        }
        _ => None,
    });
    if let Some(review) = review {
        review.awaited = None;
        review.value.body = Body::Difference(difference);
        return;
    }
    let Some((_, asked)) = app.comparing.take_if(|(awaited, _)| *awaited == request) else { return };
    if app.shown.as_ref() == Some(&asked) {
        difference.set_look(app.look);
        let room = app.room_of_value();
        app.value.show(Body::Difference(difference), room);
    }
}
