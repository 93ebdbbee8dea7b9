//! The frame of a pane, and its title.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType};

use super::super::app::App;
use super::super::list::LoadState;
use super::super::pane::Pane;
use super::super::theme::Role;
use crate::text::{count, display_safe, truncate, width};

/// Returns the frame of a pane: thick and bold where it has the focus, broken where it shows another moment than now.
pub(super) fn block<'a>(app: &App, pane: Pane, title: Line<'a>) -> Block<'a> {
    let has_focus = app.focus == pane && app.editing.is_none() || app.editing.is_some() && pane == Pane::Value;
    let (kind, style) = match (has_focus, app.as_of.is_some()) {
        (true, false) => (BorderType::Thick, focus_style(app)),
        (false, false) => (BorderType::Plain, app.theme.style(Role::Border)),
        (true, true) => (BorderType::HeavyDoubleDashed, app.theme.style(Role::PastBorder)),
        (false, true) => (BorderType::LightDoubleDashed, app.theme.style(Role::PastBorder)),
    };
    Block::bordered().border_type(kind).border_style(style).title_top(title)
}

/// Returns the style of the frame that has the focus: on a protected connection in its colour.
pub(super) fn focus_style(app: &App) -> Style {
    let colour = app.connection.colour.filter(|_| app.connection.is_protected);
    app.theme.marked(Role::Focus, colour)
}

/// Returns the title of a pane: its number and name, whether it shows another moment than now, and what is counted in it.
pub(super) fn title(app: &App, pane: Pane, name: &str, counted: &str) -> Line<'static> {
    let has_focus = app.focus == pane;
    let role = if has_focus { Role::Focus } else { Role::Strong };
    let mut spans = vec![
        Span::styled(format!(" {} ", pane.number()), app.theme.style(Role::Quiet)),
        Span::styled(format!("{} ", display_safe(name)), app.theme.style(role)),
    ];
    if app.as_of.is_some() {
        spans.push(Span::styled("then ", app.theme.style(Role::PastBorder)));
    }
    if !counted.is_empty() {
        spans.push(Span::styled(format!("{counted} "), app.theme.style(Role::Quiet)));
    }
    Line::from(spans)
}

/// Returns how many there are, and whether there may be more. That something is being read shows only where it takes a
/// moment: what is there at once doesn't flicker.
pub(super) fn counted(app: &App, loaded: usize, load: &LoadState) -> String {
    match load {
        LoadState::Loading(_) if app.is_slow => format!("{}… loading", count(loaded)),
        LoadState::New => String::new(),
        LoadState::Loading(_) if loaded == 0 => String::new(),
        LoadState::Complete | LoadState::Loading(_) => count(loaded),
        LoadState::Paused(_) | LoadState::Stopped | LoadState::Failed(_) => format!("{}+ loaded", count(loaded)),
    }
}

/// Returns a style for the text of a line that is selected, in a pane with the focus or without.
pub(super) fn selection(app: &App, pane: Pane) -> Style {
    let role = if app.focus == pane { Role::Selected } else { Role::SelectedElsewhere };
    app.theme.style(role)
}

/// Returns names one in the other, from the end where they don't all fit: `… › lamps › desk`.
pub(super) fn way(names: &[String], room: usize) -> String {
    for first in 0..names.len() {
        let way = names[first..].join(" › ");
        let way = if first == 0 { way } else { format!("… › {way}") };
        if width(&way) <= room || first + 1 == names.len() {
            return truncate(&way, room).into_owned();
        }
    }
    String::new()
}

/// Returns the hints of a frame's foot that fit into its width, whole ones only: they stand two spaces apart, the most
/// wanted first.
pub(super) fn hints(hints: &str, columns: u16) -> String {
    let room = usize::from(columns).saturating_sub(2);
    let mut fitting = String::new();
    for hint in hints.split("  ") {
        let longer = if fitting.is_empty() { format!(" {hint} ") } else { format!("{fitting} {hint} ") };
        if width(&longer) > room {
            break;
        }
        fitting = longer;
    }
    fitting
}
