//! Where a key goes.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::action::{Action, action};
use super::super::app::{App, Mood, Opening};
use super::super::event::Effect;
use super::super::list::LoadState;
use super::super::overlay::Overlay;
use super::super::pane::{Level, Pane};
use super::follow::{end_load, follow, show};
use super::{act, blame, bring_back, edit, windows};

/// Takes a key; one that is about something still being read waits for it.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let ctrl = |char| key.code == KeyCode::Char(char) && key.modifiers.contains(KeyModifiers::CONTROL);
    if ctrl('c') {
        act::quit_now(app, effects);
    } else if ctrl('z') {
        effects.push(Effect::Suspend);
    } else if ctrl('l') {
        effects.push(Effect::Redraw);
    } else if key.code == KeyCode::Esc && !app.ahead.is_empty() {
        app.ahead.clear();
    } else if !app.ahead.is_empty() || must_wait(app, key) {
        app.ahead.push_back(key);
    } else {
        press(app, key, effects);
    }
}

/// Takes the keys that were typed ahead, as far as what they are about has arrived.
pub(super) fn catch_up(app: &mut App, effects: &mut Vec<Effect>) {
    while let Some(key) = app.ahead.front().copied() {
        if must_wait(app, key) {
            break;
        }
        app.ahead.pop_front();
        press(app, key, effects);
    }
}

/// Returns whether a key is about rows or versions of which none has arrived yet.
fn must_wait(app: &App, key: KeyEvent) -> bool {
    // What will change shows before it is written.
    if app.overlays.last().is_some_and(Overlay::awaits_difference) {
        return key.code != KeyCode::Esc;
    }
    // Where the store did not open, nothing is coming.
    if matches!(app.opening, Opening::Failed(_)) || !app.overlays.is_empty() || app.editing.is_some() || app.typing {
        return false;
    }
    let list_is_coming = |level: Level| {
        app.load_of(level).is_some() && app.list(level).is_none_or(|list| list.is_empty() && list.load.is_loading())
    };
    // After the moment was changed, the lists come one after the other.
    let lists_are_coming = Level::ALL.into_iter().take_while(|level| *level <= app.level).any(list_is_coming);
    let is_coming = lists_are_coming && matches!(app.focus, Pane::List(_));
    let versions_are_coming =
        lists_are_coming || app.timeline().is_some_and(|timeline| timeline.is_empty() && timeline.load.is_loading());
    match action(key, app.focus) {
        Some(Action::Down | Action::Up | Action::HalfDown | Action::HalfUp | Action::First | Action::Last) => {
            is_coming || app.focus == Pane::Timeline && versions_are_coming
        }
        Some(
            Action::Child
            | Action::Changes
            | Action::Search
            | Action::Trash
            | Action::MarkRow
            | Action::MarkRange
            | Action::BringBack
            | Action::Compare,
        ) => is_coming,
        Some(
            Action::Edit
            | Action::EditOutside
            | Action::Restore
            | Action::Delete
            | Action::Rename
            | Action::Older
            | Action::Newer
            | Action::Copy
            | Action::Blame
            | Action::Mark
            | Action::AsOf,
        ) => versions_are_coming,
        _ => false,
    }
}

fn press(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    if !app.overlays.is_empty() {
        app.say(Mood::Plain, "");
        windows::key(app, key, effects);
    } else if app.editing.is_some() {
        edit::key(app, key, effects);
    } else if app.typing {
        type_key(app, key, effects);
    } else if key.code == KeyCode::Enter && app.focus == Pane::Value && app.value.margin > 0 {
        app.say(Mood::Plain, "");
        blame::jump(app, effects);
    } else if let Some(action) = action(key, app.focus) {
        // A result stands until the next key.
        app.say(Mood::Plain, "");
        match action {
            Action::Back => back(app, effects),
            action => act::act(app, action, effects),
        }
    }
}

/// Takes a pasted text.
pub(super) fn paste(app: &mut App, text: &str, effects: &mut Vec<Effect>) {
    if !app.overlays.is_empty() {
        windows::paste(app, text);
    } else if app.editing.is_some() {
        edit::paste(app, text, effects);
    } else if app.typing {
        typed(app, |input| {
            input.insert(text);
            true
        });
        follow(app, effects);
    }
}

/// Takes a key for the filter of a list or the search of a value, while it is typed.
fn type_key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    match key.code {
        KeyCode::Enter => app.typing = false,
        KeyCode::Esc => {
            app.typing = false;
            clear_typed(app);
        }
        KeyCode::Up => act::act(app, Action::Up, effects),
        KeyCode::Down => act::act(app, Action::Down, effects),
        _ => {
            typed(app, |input| input.key(key));
        }
    }
    follow(app, effects);
}

/// Changes the line being typed and applies it at once.
fn typed(app: &mut App, change: impl FnOnce(&mut super::super::input::Input) -> bool) {
    if let Pane::List(level) = app.focus {
        if let Some(list) = app.list_mut(level) {
            let mut input = super::super::input::Input::new(list.filter());
            change(&mut input);
            list.set_filter(input.text().to_owned());
        }
    } else if change(&mut app.value.search) {
        app.value.find();
        let columns = app.room_of_value().columns;
        app.value.to_match_from_here(columns);
    }
}

/// Clears the filter or the search of the pane with the focus. Returns whether there was one.
fn clear_typed(app: &mut App) -> bool {
    if let Pane::List(level) = app.focus {
        let Some(list) = app.list_mut(level) else { return false };
        let had_one = !list.filter().is_empty();
        list.set_filter(String::new());
        return had_one;
    }
    let had_one = !app.value.search.text().is_empty();
    app.value.search = super::super::input::Input::default();
    app.value.find();
    had_one
}

/// Closes, clears or stops one thing, the nearest first.
fn back(app: &mut App, effects: &mut Vec<Effect>) {
    if clear_typed(app) || blame::back(app, effects) {
        follow(app, effects);
    } else if bring_back::clear_marks(app) {
        app.say(Mood::Plain, "marks taken off");
    } else if stop_loads(app, effects) {
        app.say(Mood::Plain, "stopped: what is here is a part (^R reads again)");
    } else if app.full_screen {
        app.full_screen = false;
    } else if app.differing {
        app.differing = false;
        show(app);
    } else if app.mark.take().is_some() {
        app.say(Mood::Plain, "mark taken off");
        show(app);
    }
}

/// Stops everything that is being read. Returns whether there was anything.
fn stop_loads(app: &mut App, effects: &mut Vec<Effect>) -> bool {
    let loading = |request: &super::super::event::RequestId| {
        app.lists.values().any(|list| list.load.is_loading() && list.load.request() == Some(*request))
            || app.timelines.iter().any(|line| line.load.is_loading() && line.load.request() == Some(*request))
    };
    let requests: Vec<_> = app.loads.keys().copied().filter(loading).collect();
    for request in &requests {
        end_load(app, *request, LoadState::Stopped);
        effects.push(Effect::Cancel(*request));
    }
    !requests.is_empty()
}
