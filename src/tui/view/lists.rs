//! The lists on the left. Only the rows on the screen are made.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Paragraph, Wrap};

use super::super::app::{App, Opening};
use super::super::layout::inside;
use super::super::list::{List, LoadState, Row, RowState};
use super::super::pane::{Level, Pane};
use super::super::theme::Role;
use super::pane::{block, counted, selection, title};
use crate::text::{count, display_safe, fit, truncate, width};

/// Draws the list of a level.
pub(super) fn list(app: &App, level: Level, frame: &mut Frame<'_>, area: Rect) {
    let pane = Pane::List(level);
    let list = app.list(level);
    let counts = list.map(|list| counts(app, list)).unwrap_or_default();
    let room = usize::from(area.width).saturating_sub(3 + title(app, pane, level.title(), "").width());
    let mut block = block(app, pane, title(app, pane, level.title(), &truncate(&counts, room)));
    if let Some(foot) = list.and_then(|list| foot(app, pane, list)) {
        block = block.title_bottom(foot.alignment(Alignment::Right));
    }
    frame.render_widget(block, area);
    let inner = inside(area);
    if let Some(list) = list.filter(|list| list.shown_len() > 0) {
        for (line, at) in (list.offset..list.shown_len()).take(usize::from(inner.height)).enumerate() {
            let y = inner.y + u16::try_from(line).unwrap_or(0);
            let area = Rect { y, height: 1, ..inner };
            if let Some(row) = list.row(at) {
                frame.render_widget(
                    row_line(app, level, row, (at == list.selected(), list.is_marked(row)), inner.width),
                    area,
                );
            }
        }
    } else {
        let words = Paragraph::new(empty(app, level, list)).wrap(Wrap { trim: true });
        frame.render_widget(words, inner);
    }
}

fn counts(app: &App, list: &List) -> String {
    let hidden = if app.show_deleted { 0 } else { list.deleted() };
    let mut all = counted(app, list.len() - hidden, &list.load);
    if hidden > 0 && !all.is_empty() {
        all += &format!(" +{}⌫", count(hidden));
    }
    let all = if list.filter().is_empty() { all } else { format!("{} of {all}", count(list.shown_len())) };
    match list.marked().len() {
        0 => all,
        marked => format!("{all}, {} marked", count(marked)),
    }
}

/// The filter, or the place of the selection where not all rows fit.
fn foot<'a>(app: &App, pane: Pane, list: &List) -> Option<Line<'a>> {
    if !list.filter().is_empty() || app.typing && app.focus == pane {
        let cursor = if app.typing && app.focus == pane { "▏" } else { "" };
        let text = format!(" /{}{cursor} ", display_safe(list.filter()));
        return Some(Line::styled(text, app.theme.style(Role::Match)));
    }
    let of = list.shown_len();
    (of > 0).then(|| {
        let text = format!(" {}/{} ", count(list.selected() + 1), count(of));
        Line::styled(text, app.theme.style(Role::Quiet))
    })
}

fn row_line<'a>(app: &App, level: Level, row: &Row, (is_selected, is_marked): (bool, bool), columns: u16) -> Line<'a> {
    let theme = app.theme;
    let has_draft = app.has_draft(level, row);
    let (glyph, role) = match &row.state {
        RowState::Deleted(_) => (" ⌫", Role::Deleted),
        RowState::Unreadable(_) => (" ?", Role::Warning),
        RowState::Live(_) if row.name.as_deref().is_none_or(str::is_empty) => ("", Role::Quiet),
        RowState::Live(_) | RowState::Group => ("", Role::Text),
    };
    let glyph = if has_draft { format!(" ✎{glyph}") } else { glyph.to_owned() };
    let mark = match (is_selected, is_marked) {
        (true, true) => "▸*",
        (true, false) => "▸ ",
        (false, true) => " *",
        (false, false) => "  ",
    };
    let room = usize::from(columns).saturating_sub(2 + width(&glyph));
    let label = display_safe(row.label());
    // The selection is a bar to the end, and glyphs stand below each other.
    let is_whole = is_selected || !glyph.is_empty();
    let label = if is_whole { fit(&label, room) } else { truncate(&label, room).into_owned() };
    let style =
        if is_selected { theme.style(role).patch(selection(app, Pane::List(level))) } else { theme.style(role) };
    let glyph_style = match (is_selected, has_draft) {
        (true, _) => style,
        (false, true) => theme.style(Role::Warning),
        (false, false) => theme.style(Role::Quiet),
    };
    Line::from(vec![
        Span::styled(mark, if is_selected { style } else { Style::new() }),
        Span::styled(label, style),
        Span::styled(glyph, glyph_style),
    ])
}

/// What stands in a list without rows.
fn empty(app: &App, level: Level, list: Option<&List>) -> Text<'static> {
    let quiet = app.theme.style(Role::Quiet);
    let words = match (&app.opening, list.map(|list| (&list.load, list))) {
        (Opening::Connecting, _) => "opening…".to_owned(),
        (Opening::Failed(error), _) | (Opening::Open, Some((LoadState::Failed(error), _))) => {
            let text = format!("{}\n^R tries again", crate::text::display_safe_lines(&error.to_string()));
            return Text::styled(text, app.theme.style(Role::Warning));
        }
        (Opening::Open, None | Some((LoadState::New, _))) => String::new(),
        (Opening::Open, Some((LoadState::Loading(_) | LoadState::Paused(_), _))) => reading(app).to_owned(),
        (Opening::Open, Some((LoadState::Stopped, _))) => "stopped; ^R reads again".to_owned(),
        (Opening::Open, Some((LoadState::Complete, list))) => match (list.len(), list.filter().is_empty()) {
            (0, _) if app.as_of.is_some() => format!("no {} then", level.noun()),
            (0, _) => format!("no {} yet: a adds one", level.noun()),
            (_, false) if list.deleted() > 0 && !app.show_deleted => {
                "nothing that isn't deleted passes the filter; . shows deleted ones".to_owned()
            }
            (_, false) => "nothing passes the filter; Esc clears it".to_owned(),
            (_, true) => "all are deleted; . shows them".to_owned(),
        },
    };
    Text::styled(words, quiet)
}

/// What stands where rows will be; nothing at first, since they mostly are there at once.
pub(super) fn reading(app: &App) -> &'static str {
    if app.is_slow { "reading…" } else { "" }
}
