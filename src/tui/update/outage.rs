//! What happens while the store does not answer: what failed is asked for again by itself, and all that is here stays.

use std::sync::Arc;

use super::super::app::{App, Mood, Opening};
use super::super::event::{Effect, Load};
use super::super::list::LoadState;
use super::super::outage::{Outage, Wait};
use super::follow::{load_list, load_timeline, wanted};
use crate::store::StoreError;

/// Notes that a read failed, to be asked for again where that may help.
pub(super) fn failed(app: &mut App, load: Load, error: &Arc<StoreError>) {
    match note(app, error) {
        Some(outage) if !outage.loads.contains(&load) => outage.loads.push(load),
        Some(_) => {}
        None => forget(app, &load),
    }
}

/// Notes that the store could not be opened, to be tried again where that may help.
pub(super) fn not_opened(app: &mut App, error: &Arc<StoreError>) {
    match note(app, error) {
        Some(outage) => outage.connect = true,
        None => app.outage = None,
    }
}

/// Notes a failure that may pass; `None` for one that waiting does not help.
fn note<'a>(app: &'a mut App, error: &Arc<StoreError>) -> Option<&'a mut Outage> {
    let new = Outage::begin(error, app.now)?;
    let now = app.now;
    match &mut app.outage {
        Some(outage) => outage.goes_on(error, now),
        empty => *empty = Some(new),
    }
    app.outage.as_mut()
}

/// Notes that a read is not waited for any more: it was given up, or failed for good.
pub(super) fn forget(app: &mut App, load: &Load) {
    if let Some(outage) = &mut app.outage {
        outage.loads.retain(|waiting| waiting != load);
        if outage.loads.is_empty() && !outage.connect {
            app.outage = None;
        }
    }
}

/// Notes that a read was answered.
pub(super) fn answered(app: &mut App, load: &Load) {
    if let Some(outage) = &mut app.outage {
        outage.loads.retain(|waiting| waiting != load);
        end_if_over(app);
    }
}

/// Notes that the store is open.
pub(super) fn opened(app: &mut App) {
    if let Some(outage) = &mut app.outage {
        outage.connect = false;
        outage.loads.clear();
        end_if_over(app);
    }
}

fn end_if_over(app: &mut App) {
    let is_over = app.outage.as_ref().is_some_and(|outage| outage.loads.is_empty() && !outage.connect);
    if is_over {
        app.outage = None;
        app.say(Mood::Good, "answered again");
    }
}

/// Asks again when it is time.
pub(super) fn tick(app: &mut App, effects: &mut Vec<Effect>) {
    if app.outage.as_ref().is_some_and(|outage| outage.is_due(app.now)) {
        retry(app, effects);
    }
}

/// Asks again for all that failed and is still looked at.
pub(super) fn retry(app: &mut App, effects: &mut Vec<Effect>) {
    let still_wanted = wanted(app);
    let Some(outage) = &mut app.outage else { return };
    outage.wait = Wait::Answer;
    if outage.connect {
        app.opening = Opening::Connecting;
        return effects.push(Effect::Connect);
    }
    let (loads, dropped): (Vec<Load>, Vec<Load>) = outage.loads.drain(..).partition(|load| still_wanted.contains(load));
    outage.loads.clone_from(&loads);
    if loads.is_empty() {
        app.outage = None;
    }
    for load in dropped {
        // Whoever comes back to it has it read anew.
        if let Some(list) = app.lists.get_mut(&load) {
            list.load = LoadState::New;
        }
    }
    for load in loads {
        match &load {
            Load::History(subject) => load_timeline(app, subject, effects),
            load => load_list(app, load, effects),
        }
    }
}
