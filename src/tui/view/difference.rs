//! A difference: what is compared, its lines merged into one text or beside each other, and where in it one is.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::app::{App, Shown};
use super::super::compare::{DifferenceLook, Pair, Side};
use super::super::pane::Pane;
use super::super::theme::{Role, Theme};
use super::super::value::{Body, Difference, Value};
use super::code::{Look, cut, wrap};
use super::pane::{hints, way};
use crate::json::{DiffLine, SideRow, Sign};
use crate::text::{count, display_safe, truncate, width};

/// From this width on a title has the dates with their years and the seconds.
const WIDE: u16 = 80;

/// Returns the title of the pane: when what is compared was written, old first.
pub(super) fn title(app: &App, columns: u16) -> String {
    let Some(Shown::Difference { pair, .. }) = &app.shown else { return "Difference".to_owned() };
    let is_wide = columns >= WIDE;
    let rough = |side: &Side| app.when(side.record.version.ms(), is_wide);
    let are_near = pair.old.as_ref().is_some_and(|old| rough(old) == rough(&pair.new));
    let when = |side: &Side| {
        if !are_near {
            return rough(side);
        }
        // To the millisecond, without the day where there is no room for it.
        let ms = side.record.version.ms();
        let exact = format!("{}.{:03}", app.when(ms, true), ms.rem_euclid(1000));
        if is_wide { exact } else { exact.rsplit(' ').next().unwrap_or_default().to_owned() }
    };
    let words = match &pair.old {
        None => format!("created {}", when(&pair.new)),
        Some(old) => format!("old {} → new {}", when(old), when(&pair.new)),
    };
    if is_wide { format!("Difference  {words}") } else { words }
}

/// Says above the lines what is compared where there are two sides, or two names; returns what is left of the area.
pub(super) fn head(app: &App, difference: &Difference, frame: &mut Frame<'_>, area: Rect) -> Rect {
    let (Some(pair), rows) = (&difference.pair, difference.head_rows()) else { return area };
    let rows = u16::try_from(rows).unwrap_or(area.height).min(area.height);
    let (old, new) = (side(app, pair, pair.old.as_ref()), side(app, pair, Some(&pair.new)));
    let mut say = |what: &str, role: Role, side: &(String, Vec<String>), area: Rect| {
        let (when, names) = side;
        let room = usize::from(area.width).saturating_sub(width(what) + width(when) + 2);
        let words = format!("{what}  {}{}{when}", way(names, room), if names.is_empty() { "" } else { "  " });
        let words = truncate(&words, usize::from(area.width)).into_owned();
        frame.render_widget(Line::styled(words, app.theme.style(role)), Rect { height: 1, ..area });
    };
    if rows == 1 {
        let [left, right] = halves(area);
        say("old", Role::Removed, &old, left);
        say("new", Role::Added, &new, right);
    } else if rows == 2 {
        say("- old", Role::Removed, &old, area);
        say("+ new", Role::Added, &new, Rect { y: area.y + 1, ..area });
    }
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// Returns when a side was written and by whom, and its names where those of the other side differ.
fn side(app: &App, pair: &Pair, side: Option<&Side>) -> (String, Vec<String>) {
    let Some(side) = side else { return ("nothing: it was not there yet".to_owned(), Vec::new()) };
    let names = pair.names().map(|[old, new]| if *side == pair.new { new } else { old });
    let names = names.iter().flat_map(|names| names.split(" › ")).map(|name| display_safe(name).into_owned());
    let who = side.record.author.as_deref().map(|who| format!("  {}", display_safe(who)));
    (format!("{}{}", app.when(side.record.version.ms(), true), who.unwrap_or_default()), names.collect())
}

/// Returns the foot of the pane: on the left which change is at the top and what it is, on the right the look and the keys.
/// `None` where no difference shows, or something is searched for.
pub(super) fn foot(app: &App, columns: u16) -> Option<[Line<'static>; 2]> {
    let value = &app.value;
    let Body::Difference(difference) = &value.body else { return None };
    if app.typing || !value.search.text().is_empty() {
        return None;
    }
    let look = difference.look();
    let opens_a_fold = app.focus == Pane::Value && value.first_fold(app.rows_of(Pane::Value)).is_some();
    let unfold = if opens_a_fold { "  Enter unfold" } else { "" };
    // The name of the look stays when the keys have to go.
    let looks = match (difference.is_json(), look) {
        (false, DifferenceLook::ByPath) => "as text".to_owned(),
        _ => look.name().to_owned(),
    };
    let keys = format!("{looks}, s {}  n N change{unfold}  = value", look.next().name());
    let first = keys.split("  ").next().map_or(0, width) + 4;
    let room = usize::from(columns).saturating_sub(first + 4);
    let left = match difference.change_at(value.scroll) {
        Some((place, total, what)) => {
            let words = format!("{place} of {total}  {}", display_safe(&what));
            format!(" {} ", truncate(&words, room.max(12)))
        }
        None => String::new(),
    };
    let left = Line::styled(left, app.theme.style(Role::Strong));
    let taken = u16::try_from(left.width()).unwrap_or(columns);
    let right = Line::styled(hints(&keys, columns.saturating_sub(taken)), app.theme.style(Role::Quiet));
    Some([left, right.alignment(Alignment::Right)])
}

/// Returns a row of the merged text: its numbers and sign, the line, and how it is drawn.
pub(super) fn line<'v>(
    difference: &'v Difference,
    at: usize,
    theme: Theme,
    needle: &'v str,
) -> (Vec<Span<'static>>, &'v str, Look<'v>) {
    let digits = difference.lines.len().to_string().len();
    let Some(line) = difference.line_of(at) else {
        let words = fold(difference, at).unwrap_or_default();
        let words = format!("{words:>width$}", width = 2 * digits + 26);
        let look = Look { theme, is_json: false, over: Style::new(), words: &[], needle };
        return (vec![Span::styled(words, theme.style(Role::Quiet))], "", look);
    };
    let number = |line: Option<usize>| line.map_or_else(String::new, |line| line.to_string());
    let numbers = format!("{:>digits$} {:>digits$} ", number(line.old_line), number(line.new_line));
    let (sign, look) = drawn(difference, line, theme, needle);
    (vec![Span::styled(numbers, theme.style(Role::LineNumber)), Span::styled(sign, look.over)], &line.text, look)
}

/// Returns the sign of a line and how it is drawn.
fn drawn<'v>(difference: &Difference, line: &'v DiffLine, theme: Theme, needle: &'v str) -> (&'static str, Look<'v>) {
    let (sign, role) = match line.sign {
        Sign::Same => ("  ", None),
        Sign::Added => ("+ ", Some(Role::Added)),
        Sign::Removed => ("- ", Some(Role::Removed)),
        Sign::MovedAway => ("< ", Some(Role::Moved)),
        Sign::MovedHere => ("> ", Some(Role::Moved)),
    };
    let over = role.map_or(Style::new(), |role| theme.style(role));
    (sign, Look { theme, is_json: difference.is_json() && role.is_none(), over, words: &line.words, needle })
}

/// Returns the words for a row of unchanged lines that are folded away.
fn fold(difference: &Difference, at: usize) -> Option<String> {
    match difference.rows.get(at)? {
        SideRow::Gap { count: lines, .. } => Some(format!("⋯ {} unchanged lines", count(*lines))),
        SideRow::Lines { .. } => None,
    }
}

/// Returns where the item that a row begins moved to or from.
pub(super) fn note(difference: &Difference, at: usize) -> Option<String> {
    match *difference.rows.get(at)? {
        SideRow::Lines { old, new } => difference.moved(new.or(old)?),
        SideRow::Gap { .. } => None,
    }
}

/// Writes a note behind a line that leaves room for it.
pub(super) fn add_note(row: &mut Line<'_>, note: Option<&str>, theme: Theme, columns: usize) {
    if let Some(note) = note
        && row.width() + width(note) + 2 <= columns
    {
        row.push_span(Span::styled(format!("  {note}"), theme.style(Role::Quiet)));
    }
}

/// Returns the places of two columns with a bar between them.
fn halves(area: Rect) -> [Rect; 2] {
    let left = area.width.saturating_sub(1) / 2;
    let right = Rect { x: area.x + left + 1, width: area.width.saturating_sub(left + 1), ..area };
    [Rect { width: left, ..area }, right]
}

/// Draws both texts beside each other.
pub(super) fn sides(
    value: &Value,
    difference: &Difference,
    theme: Theme,
    needle: &str,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let digits = difference.lines.len().to_string().len();
    let mut y = area.y;
    for at in value.scroll..value.len() {
        let left = area.bottom().saturating_sub(y);
        if left == 0 {
            break;
        }
        let below = Rect { y, height: left, ..area };
        let SideRow::Lines { old, new } = difference.rows[at] else {
            let words = fold(difference, at).unwrap_or_default();
            let words = Line::styled(words, theme.style(Role::Quiet)).alignment(Alignment::Center);
            frame.render_widget(words, Rect { height: 1, ..below });
            y += 1;
            continue;
        };
        let mut height = 1;
        for ((place, line), area) in [(0, old), (1, new)].into_iter().zip(halves(below)) {
            let Some(line) = line else { continue };
            let note = difference.moved(line);
            let line = &difference.lines[line];
            let (number, text) =
                if place == 0 { (line.old_line, line.old_text()) } else { (line.new_line, line.new_text()) };
            let (sign, look) = drawn(difference, line, theme, needle);
            let number = number.map_or_else(String::new, |number| number.to_string());
            let gutter = Line::from(vec![
                Span::styled(format!("{number:>digits$} "), theme.style(Role::LineNumber)),
                Span::styled(sign, look.over),
            ]);
            let used = u16::try_from(gutter.width()).unwrap_or(area.width).min(area.width);
            frame.render_widget(gutter, Rect { height: 1, ..area });
            let room = Rect { x: area.x + used, width: area.width - used, ..area };
            let (text, columns) = (text.unwrap_or_default(), usize::from(room.width));
            let rows = if value.wrap {
                wrap(text, look, 0, columns, usize::from(left))
            } else {
                let mut row = cut(text, look, value.column, columns);
                add_note(&mut row, note.as_deref(), theme, columns);
                vec![row]
            };
            for (row, y) in rows.into_iter().zip(room.y..) {
                frame.render_widget(row, Rect { y, height: 1, ..room });
                height = height.max(y - room.y + 1);
            }
        }
        let [before, _] = halves(below);
        for bar in y..y + height {
            frame.render_widget(
                Span::styled("│", theme.style(Role::Border)),
                Rect { x: before.right(), y: bar, width: 1, height: 1 },
            );
        }
        y += height;
    }
}
