//! Where things are on a screen of a given size: the one place that knows, for drawing and for moving by pages.

use ratatui::layout::{Constraint, Layout, Rect};

use super::pane::{Level, Pane};

/// The least size on which panes are drawn; below it one line says so.
pub const SMALLEST: (u16, u16) = (40, 8);
/// Narrower than this, one pane shows at a time.
const ONE_PANE: u16 = 60;
/// From this width and height on, all four lists show at once.
const FOUR_LISTS: (u16, u16) = (100, 20);
/// From this width and height on, the timeline has a row of charts.
const WITH_CHARTS: (u16, u16) = (100, 30);
/// Rows that a timeline with charts has at least, borders included.
const SMALLEST_WITH_CHARTS: u16 = 8;
/// Rows of a list without the focus, borders included.
const FOLDED_LIST: u16 = 5;

/// Where each part of the screen is. What doesn't show is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// The top line.
    pub top: Rect,
    /// The lists by level.
    pub lists: [Option<Rect>; 4],
    /// The timeline.
    pub timeline: Option<Rect>,
    /// The value, the difference or the editor.
    pub value: Option<Rect>,
    /// The bottom line.
    pub bottom: Rect,
}

/// What the arrangement depends on besides the size.
#[derive(Clone, Copy, Debug)]
pub struct Arrangement {
    /// The pane with the focus.
    pub focus: Pane,
    /// The level whose selection the timeline and the value show.
    pub level: Level,
    /// The value fills the screen.
    pub full_screen: bool,
}

/// Returns whether a screen of that size can hold the panes.
pub fn is_large_enough(area: Rect) -> bool {
    area.width >= SMALLEST.0 && area.height >= SMALLEST.1
}

/// Arranges the screen.
pub fn arrange(area: Rect, how: Arrangement) -> Areas {
    let [top, body, bottom] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(0), Constraint::Length(1)]).areas(area);
    let mut areas = Areas { top, bottom, ..Areas::default() };
    if how.full_screen {
        areas.value = Some(body);
    } else if area.width < ONE_PANE {
        match how.focus {
            Pane::List(level) => areas.lists[level.depth()] = Some(body),
            Pane::Timeline => areas.timeline = Some(body),
            Pane::Value => areas.value = Some(body),
        }
    } else {
        let all_lists = area.width >= FOUR_LISTS.0 && area.height >= FOUR_LISTS.1;
        let left = if all_lists { (area.width / 4).clamp(24, 40) } else { (area.width * 3 / 10).clamp(20, 30) };
        let [left, right] = Layout::horizontal([Constraint::Length(left), Constraint::Min(0)]).areas(body);
        if all_lists {
            areas.lists = stack(left, how.level);
        } else {
            areas.lists[how.level.depth()] = Some(left);
        }
        let timeline = match how.focus {
            Pane::Timeline => right.height / 2,
            _ => (right.height / 3).max(4),
        };
        let [timeline, value] = Layout::vertical([Constraint::Length(timeline), Constraint::Min(3)]).areas(right);
        areas.timeline = Some(timeline);
        areas.value = Some(value);
    }
    areas
}

/// The four lists one above the other; the one in use gets what the others leave.
fn stack(area: Rect, level: Level) -> [Option<Rect>; 4] {
    let rows = Level::ALL.map(|each| if each == level { Constraint::Min(3) } else { Constraint::Length(FOLDED_LIST) });
    Layout::vertical(rows).areas::<4>(area).map(Some)
}

/// Returns how many rows of a window of findings show, on a terminal of that size: all but the bottom line, what stays
/// free above and below, the border, the heading and the foot.
pub fn rows_of_findings(terminal: Rect) -> usize {
    usize::from(terminal.height.saturating_sub(1 + 2 + 2 + 2)).max(1)
}

/// Returns how many columns a window with a difference has, on a terminal of that size, with its border.
pub fn columns_of_review(terminal: Rect) -> u16 {
    terminal.width.saturating_sub(8).max(60).min(terminal.width)
}

/// Returns whether a terminal of that size is so large that its timeline can spare a row for charts.
pub fn has_charts(terminal: Rect, timeline: Option<Rect>) -> bool {
    let has_room = |area: Rect| area.height >= SMALLEST_WITH_CHARTS;
    terminal.width >= WITH_CHARTS.0 && terminal.height >= WITH_CHARTS.1 && timeline.is_some_and(has_room)
}

/// Returns the inside of a pane's border.
pub fn inside(area: Rect) -> Rect {
    area.inner(ratatui::layout::Margin::new(1, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOW: Arrangement =
        Arrangement { focus: Pane::List(Level::Entries), level: Level::Entries, full_screen: false };

    #[test]
    fn a_large_screen_shows_all_panes_and_the_list_in_use_is_the_largest() {
        let areas = arrange(Rect::new(0, 0, 120, 36), HOW);
        let heights = areas.lists.map(|list| list.expect("all four show").height);
        assert_eq!(heights.iter().max(), Some(&heights[3]));
        assert!(areas.timeline.is_some() && areas.value.is_some());
    }

    #[test]
    fn a_terminal_of_80_columns_shows_one_list_beside_timeline_and_value() {
        let areas = arrange(Rect::new(0, 0, 80, 24), HOW);
        assert_eq!(areas.lists.iter().flatten().count(), 1);
        assert!(areas.timeline.is_some() && areas.value.is_some());
    }

    #[test]
    fn a_narrow_terminal_shows_the_pane_with_the_focus_alone() {
        let areas = arrange(Rect::new(0, 0, 59, 24), Arrangement { focus: Pane::Timeline, ..HOW });
        assert_eq!((areas.lists, areas.value), ([None; 4], None));
        assert!(areas.timeline.is_some());
    }
}
