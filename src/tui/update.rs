//! What each event does to the state, and what it asks for. Synchronous and pure: no I/O, no clock, no waiting.
//!
//! A key goes to the window on top, else to the line being typed, else to the editor, else to the table of actions.

mod act;
mod blame;
mod bring_back;
mod changes;
mod compare;
mod comparison;
mod drafts;
mod edit;
mod follow;
mod guard;
mod keys;
mod merge;
mod outage;
mod past;
mod replies;
mod search;
mod surveys;
mod trash;
mod undo;
mod windows;

use super::app::App;
use super::event::{Effect, Event};
use super::layout::inside;
use super::pane::{Level, Pane};
use ratatui::layout::Rect;

/// Takes an event into the state and returns what is to be done. `now` is in ms since 1970.
pub fn update(app: &mut App, event: Event, now: i64) -> Vec<Effect> {
    app.now = now;
    let mut effects = Vec::new();
    match event {
        Event::Key(key) => keys::key(app, key, &mut effects),
        Event::Paste(text) => keys::paste(app, &text, &mut effects),
        Event::Ending => drafts::keep_at_once(app, &mut effects),
        Event::Resize(columns, rows) => app.size = Rect::new(0, 0, columns, rows),
        Event::Tick => {
            app.turn = app.turn.wrapping_add(1);
            app.is_slow = true;
            outage::tick(app, &mut effects);
        }
        Event::Reply(reply) => {
            replies::reply(app, reply, &mut effects);
            keys::catch_up(app, &mut effects);
        }
    }
    compare::settle(app, &mut effects);
    blame::follow(app, &mut effects);
    app.is_slow &= app.is_busy();
    keep_selections_on_screen(app);
    tell_editor_its_size(app);
    effects
}

fn keep_selections_on_screen(app: &mut App) {
    for level in Level::ALL {
        let rows = app.rows_of(Pane::List(level));
        if rows > 0
            && let Some(list) = app.list_mut(level)
        {
            list.scroll_to_selection(rows);
        }
    }
    let rows = app.rows_of(Pane::Timeline);
    let pointed = app.pointed().map(|credit| credit.version);
    if rows > 0
        && let Some(timeline) = app.timeline_mut()
    {
        timeline.scroll_to_selection(rows);
        if let Some(line) = pointed.and_then(|version| timeline.line_of(version)) {
            timeline.scroll_to(line, rows);
        }
    }
    let room = app.room_of_value();
    app.value.keep_on_screen(room);
}

/// The editor scrolls by itself, for which it must know how much of it shows.
fn tell_editor_its_size(app: &mut App) {
    if let (Some(area), Some(editing)) = (app.areas().value, &mut app.editing) {
        editing.editor.resize(inside(area));
    }
}
