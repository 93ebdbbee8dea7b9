//! What this session wrote.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::super::app::App;
use super::super::super::journal::{Entry, Role as Why};
use super::super::super::theme::Role;
use super::{open, rows};
use crate::text::{display_safe, fit, truncate, width};

/// Draws the writes of this session, the newest first.
pub(super) fn journal(app: &App, cursor: usize, frame: &mut Frame<'_>, screen: Rect) {
    let entries = app.journal.entries();
    let size = (screen.width.saturating_sub(4).min(116), rows(entries.len() + 3));
    let title = format!("Written in this session   {}", entries.len());
    let inner = open(app, &title, "Enter take back  Esc close", size, frame, screen);
    let heading = format!("  {}  {}  {}", fit("when", 19), fit("version", 13), "WCU   what");
    frame.render_widget(Line::styled(heading, app.theme.style(Role::Quiet)), Rect { height: 1, ..inner });
    let height = usize::from(inner.height.saturating_sub(1));
    let first = (cursor + 1).saturating_sub(height);
    for (row, (at, entry)) in entries.iter().rev().enumerate().skip(first).take(height).enumerate() {
        let area = Rect { y: inner.y + 1 + rows(row), height: 1, ..inner };
        frame.render_widget(line(app, entry, at == cursor, usize::from(inner.width)), area);
    }
}

fn line<'a>(app: &App, entry: &Entry, is_selected: bool, columns: usize) -> Line<'a> {
    let mark = if is_selected { "▸ " } else { "  " };
    let facts = format!(
        "{}  {}  {:<4}  ",
        app.when(entry.at, true),
        fit(&entry.written.version.to_string(), 13),
        entry.cost.wcu,
    );
    let why = match (entry.role, entry.undone_by) {
        (_, Some(_)) => "taken back: ",
        (Why::Undo(_), None) => "undo: ",
        (Why::Redo(_), None) => "redo: ",
        (Why::Asked, None) => "",
    };
    let words = format!("{why}{}   in {}", entry.words, app.place_of(&entry.written.subject));
    let room = columns.saturating_sub(width(mark) + width(&facts));
    let role = match (is_selected, entry.undone_by) {
        (true, _) => Role::Selected,
        (false, Some(_)) => Role::Quiet,
        (false, None) => Role::Text,
    };
    let words =
        if is_selected { fit(&display_safe(&words), room) } else { truncate(&display_safe(&words), room).into_owned() };
    Line::from(vec![Span::raw(mark), Span::raw(facts), Span::raw(words)]).style(app.theme.style(role))
}
