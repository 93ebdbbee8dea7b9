//! What this session wrote.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::super::app::App;
use super::super::super::journal::{Deed, Role as Why};
use super::super::super::theme::Role;
use super::{open, rows};
use crate::text::{display_safe, fit, number, truncate, width};

/// From this width on there is room for the version and what it consumed.
const FACTS_FROM: u16 = 74;

/// Draws the writes of this session, the newest first.
pub(super) fn journal(app: &App, cursor: usize, frame: &mut Frame<'_>, screen: Rect) {
    let deeds = app.journal.deeds();
    let size = (screen.width.saturating_sub(4).min(116), rows(deeds.len() + 4));
    let title = format!("Written in this session   {}", deeds.len());
    let inner = open(app, &title, "Enter undo  Esc close", size, frame, screen);
    let has_room = inner.width >= FACTS_FROM;
    let facts = if has_room { format!("{}  WCU   ", fit("version", 13)) } else { String::new() };
    let heading = format!("  {}  {facts}what", fit("when", 12));
    frame.render_widget(Line::styled(heading, app.theme.style(Role::Quiet)), Rect { height: 1, ..inner });
    // Below the list, all there is to know of the selected one: a narrow row has no room for it.
    let below = Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner };
    let selected = deeds.len().checked_sub(cursor + 1).and_then(|place| deeds.get(place));
    let facts = selected.map(|deed| all_facts(app, deed)).unwrap_or_default();
    let facts = truncate(&display_safe(&facts), usize::from(inner.width)).into_owned();
    frame.render_widget(Line::styled(facts, app.theme.style(Role::Quiet)), below);
    let height = usize::from(inner.height.saturating_sub(2));
    let first = (cursor + 1).saturating_sub(height);
    for (row, (at, deed)) in deeds.iter().rev().enumerate().skip(first).take(height).enumerate() {
        let area = Rect { y: inner.y + 1 + rows(row), height: 1, ..inner };
        frame.render_widget(line(app, deed, at == cursor, usize::from(inner.width)), area);
    }
}

fn all_facts(app: &App, deed: &Deed) -> String {
    let what = match deed.only().map(|one| &one.written) {
        Some(written) => format!("in {}   @{}", app.place_of(&written.subject), written.version),
        None => number(deed.writes(), "write", "writes"),
    };
    format!("  {what}   {} RCU {} WCU", deed.cost.rcu, deed.cost.wcu)
}

fn line<'a>(app: &App, deed: &Deed, is_selected: bool, columns: usize) -> Line<'a> {
    let mark = if is_selected { "▸ " } else { "  " };
    let mut facts = format!("{}  ", app.when(deed.at, false));
    if columns >= usize::from(FACTS_FROM) {
        let version = deed.only().map(|one| one.written.version.to_string()).unwrap_or_default();
        facts += &format!("{}  {:<4}  ", fit(&version, 13), deed.cost.wcu);
    }
    let why = match (deed.role, deed.undone_by) {
        (_, Some(_)) => "(undone) ",
        (Why::Undo(_), None) => "undo: ",
        (Why::Redo(_), None) => "redo: ",
        (Why::Asked, None) => "",
    };
    let place = deed.only().map(|one| format!("   in {}", app.place_of(&one.written.subject))).unwrap_or_default();
    let words = format!("{why}{}{place}", deed.words);
    let room = columns.saturating_sub(width(mark) + width(&facts));
    let role = match (is_selected, deed.undone_by) {
        (true, _) => Role::Selected,
        (false, Some(_)) => Role::Quiet,
        (false, None) => Role::Text,
    };
    let words =
        if is_selected { fit(&display_safe(&words), room) } else { truncate(&display_safe(&words), room).into_owned() };
    Line::from(vec![Span::raw(mark), Span::raw(facts), Span::raw(words)]).style(app.theme.style(role))
}
