//! The course of a history: where in it the shown version is, and how much changed when.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Sparkline;

use super::super::app::App;
use super::super::list::LoadState;
use super::super::theme::Role;
use super::super::timeline::Timeline;
use crate::text::{count, size};

/// Columns of the slider's bar.
const BAR: usize = 13;
/// The most columns of a chart: more are no clearer.
const MOST: u16 = 48;
/// The words beside the charts: what they show, and from where to where.
const WORDS: u16 = 9;
const BOUNDS: u16 = 16;

/// Returns the slider: the oldest version on the left, the newest on the right, and the place of the shown one among
/// all of them, or among those that are loaded, with an open end where there may be older ones.
pub(super) fn slider<'a>(app: &App, timeline: &Timeline) -> Option<Line<'a>> {
    let (place, loaded) = (timeline.shown_place()?, timeline.versions());
    if loaded < 2 {
        return None;
    }
    let is_all = matches!(timeline.load, LoadState::Complete) && timeline.knows_the_first();
    // The newest is at the right end, however many there are.
    let at = (BAR - 1) - place * (BAR - 1) / (loaded - 1);
    let start = if is_all { "├" } else { "┈" };
    let cell = |column: usize| match column {
        column if column == at => "●",
        0 => start,
        column if column == BAR - 1 => "┤",
        _ if is_all => "─",
        column if column < 3 => "┈",
        _ => "─",
    };
    let bar: String = (0..BAR).map(cell).collect();
    let number = count(loaded - place);
    let words = match is_all {
        true => format!("{number} of {}", count(loaded)),
        false if place == 0 => format!("newest of {}+", count(loaded)),
        false => format!("{} back of {}+", count(place), count(loaded)),
    };
    Some(Line::from(vec![
        Span::styled(format!(" {bar} "), app.theme.style(Role::Text)),
        Span::styled(format!("{words} "), app.theme.style(Role::Quiet)),
    ]))
}

/// Draws the charts of changes and of sizes over time in one row.
pub(super) fn charts(app: &App, timeline: &Timeline, frame: &mut Frame<'_>, area: Rect) {
    let quiet = app.theme.style(Role::Quiet);
    let widths = [WORDS, 0, WORDS - 2, 0, BOUNDS];
    let parts = widths.map(|width| if width == 0 { Constraint::Fill(1) } else { Constraint::Length(width) });
    let [changes, changes_bars, sizes, sizes_bars, bounds] = Layout::horizontal(parts).areas(area);
    frame.render_widget(Span::styled(" changes ", quiet), changes);
    frame.render_widget(
        Sparkline::default().data(timeline.trend(changes_bars.width.min(MOST)).changes).style(quiet),
        changes_bars,
    );
    let trend = timeline.trend(sizes_bars.width.min(MOST));
    if trend.bounds.1 == 0 {
        // Versions of a collection have no value.
        return;
    }
    frame.render_widget(Span::styled("  size ", quiet), sizes);
    frame.render_widget(Sparkline::default().data(visible(trend.sizes)).style(quiet), sizes_bars);
    let bytes = |bytes: u64| size(usize::try_from(bytes).unwrap_or(usize::MAX));
    let (smallest, largest) = trend.bounds;
    let words =
        if smallest == largest { bytes(largest) } else { format!("{} – {}", bytes(smallest), bytes(largest)) };
    frame.render_widget(Span::styled(format!(" {words}"), quiet), bounds);
}

/// Returns sizes of which the least one shows as well: it is not nothing.
fn visible(mut sizes: Vec<u64>) -> Vec<u64> {
    let least = sizes.iter().max().map_or(0, |largest| largest.div_ceil(8));
    for size in &mut sizes {
        *size = least.max(*size);
    }
    sizes
}
