//! The screen as a function of the state: no I/O, no clock, the same state gives the same screen.

mod bars;
mod blame;
mod code;
mod course;
mod difference;
mod lists;
mod pane;
mod timeline;
mod value;
mod windows;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::app::App;
use super::layout::is_large_enough;
use super::pane::Level;
use super::theme::Role;

/// Draws the state.
pub fn view(app: &App, frame: &mut Frame<'_>) {
    let area = frame.area();
    if !is_large_enough(area) {
        return too_small(app, frame, area);
    }
    let areas = app.areas();
    bars::top(app, frame, areas.top);
    for level in Level::ALL {
        if let Some(area) = areas.lists[level.depth()] {
            lists::list(app, level, frame, area);
        }
    }
    if let Some(area) = areas.timeline {
        timeline::timeline(app, frame, area);
    }
    if let Some(area) = areas.value {
        value::value(app, frame, area);
    }
    for overlay in &app.overlays {
        windows::window(app, overlay, frame, Rect { height: area.height - 1, ..area });
    }
    // Last, because a result that is too long for its line stands over the windows too.
    bars::bottom(app, frame, areas.bottom);
}

fn too_small(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let (columns, rows) = super::layout::SMALLEST;
    let text = format!("too small: {columns}x{rows} is the least");
    frame.render_widget(Line::styled(text, app.theme.style(Role::Warning)), area);
}
