//! The value pane: a version's text, the difference from another one, or the editor.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph, Wrap};

use super::super::app::{App, Editing, Target};
use super::super::blame::Blame;
use super::super::editor;
use super::super::layout::inside;
use super::super::pane::{Level, Pane};
use super::super::theme::{Role, Theme};
use super::super::value::{Body, Text, Value};
use super::blame;
use super::code::{Look, cut, wrap};
use super::course;
use super::difference;
use super::pane::{block, focus_style, hints, selection, title};
use crate::text::{count, display_safe, truncate, width};

/// Draws the value pane.
pub(super) fn value(app: &App, frame: &mut Frame<'_>, area: Rect) {
    if let Some(editing) = &app.editing {
        return edit(app, editing, frame, area);
    }
    let pane = Pane::Value;
    let (name, counts) = heading(app, area.width);
    let mut block = block(app, pane, title(app, pane, &name, &counts));
    // Where the timeline does not show, what it tells of the place stands here.
    if let Some(timeline) = app.timeline().filter(|_| app.areas().timeline.is_none())
        && let Some(slider) = course::slider(app, timeline)
        && width(&name) + width(&counts) + slider.width() + 8 < usize::from(area.width)
    {
        block = block.title_top(slider.alignment(Alignment::Right));
    }
    let is_searching = is_searching(app);
    let place = blame::foot(app, area.width).filter(|_| (app.focus == pane || app.value.is_placed()) && !is_searching);
    let taken = place.as_ref().map_or(0, Line::width);
    if let Some(place) = place {
        block = block.title_bottom(place.alignment(Alignment::Left));
    }
    let left = area.width.saturating_sub(u16::try_from(taken).unwrap_or(area.width));
    if let Some(foot) = foot(app, left) {
        block = block.title_bottom(foot.alignment(Alignment::Right));
    }
    if let Some(foot) = difference::foot(app, area.width) {
        block = foot.into_iter().fold(block, Block::title_bottom);
    }
    frame.render_widget(block, area);
    let inner = inside(area);
    match &app.value.body {
        Body::Nothing => {
            let words = Paragraph::new(nothing(app)).style(app.theme.style(Role::Quiet)).wrap(Wrap { trim: true });
            frame.render_widget(words, inner);
        }
        Body::Comparing => frame.render_widget(Line::styled("comparing…", app.theme.style(Role::Quiet)), inner),
        Body::Text(_) => body(&app.value, app.theme, Some(app), frame, inner),
        Body::Difference(shown) => {
            let below = difference::head(app, shown, frame, inner);
            body(&app.value, app.theme, Some(app), frame, below);
        }
    }
}

/// Returns the name of what is shown and what is counted in it.
fn heading(app: &App, columns: u16) -> (String, String) {
    match &app.value.body {
        Body::Nothing => ("Value".to_owned(), String::new()),
        Body::Comparing => (difference::title(app, columns), String::new()),
        Body::Difference(shown) => (difference::title(app, columns), shown.counted()),
        Body::Text(text) => {
            let timeline = app.timeline();
            let shown = timeline.and_then(|timeline| timeline.shown());
            let word = if app.blame.is_some() { "Blame" } else { "Value" };
            let is_newest = timeline.is_some_and(|timeline| timeline.newest() == shown);
            let name = match shown {
                Some(record) => {
                    let newest = if is_newest { "  newest" } else { "" };
                    let deleted = if record.is_deleted() { "  ⌫ deleted" } else { "" };
                    format!("{word}  {}{newest}{deleted}", app.when(record.version.ms(), true))
                }
                None => "Value".to_owned(),
            };
            let lines = match text.len() {
                _ if app.blame.is_some() => blame::counted(app),
                _ if text.is_empty() => String::new(),
                1 => "1 line".to_owned(),
                lines => format!("{} lines", count(lines)),
            };
            (name, lines)
        }
    }
}

/// Returns what is searched for, or the keys that work in the pane.
fn foot<'a>(app: &App, columns: u16) -> Option<Line<'a>> {
    let value = &app.value;
    if is_searching(app) {
        let (before, after) = value.search.split();
        let cursor = if app.typing { "▏" } else { "" };
        let text = format!(" /{}{cursor}{}  {} ", display_safe(before), display_safe(after), value.found());
        return Some(Line::styled(text, app.theme.style(Role::Match)));
    }
    let keys = match &value.body {
        Body::Nothing | Body::Difference(_) => return None,
        Body::Text(_) if app.blame.as_ref().is_some_and(Blame::can_go_on) => {
            "b goes on  Esc ends  Enter to that version"
        }
        Body::Text(_) if app.blame.is_some() => "Enter to that version  [ older  ] newer  b ends",
        Body::Text(_) if app.as_of.is_some() => "= difference  f full screen  w wrap",
        Body::Text(_) => "= difference  e edit  f full screen  w wrap",
        Body::Comparing => "= value",
    };
    Some(Line::styled(hints(keys, columns), app.theme.style(Role::Quiet)))
}

fn is_searching(app: &App) -> bool {
    app.typing && app.focus == Pane::Value || !app.value.search.text().is_empty()
}

fn nothing(app: &App) -> &'static str {
    match app.level {
        Level::Applications => "Select an application; l or Enter goes into it.",
        Level::Users => "Select a user; l or Enter goes into it.",
        Level::Collections | Level::Entries => "Nothing is selected.",
    }
}

/// Draws the lines of a value; in the pane, with what is told of each line and where the cursor is.
pub(super) fn body(value: &Value, theme: Theme, pane: Option<&App>, frame: &mut Frame<'_>, area: Rect) {
    let mut area = area;
    for (sentence, rows) in value.sentences(usize::from(area.width)) {
        let role = if value.notice() == Some(sentence) { Role::Warning } else { Role::Strong };
        area = say(sentence, rows, theme.style(role), frame, area);
    }
    let needle = value.search.text().to_lowercase();
    if let Body::Difference(shown) = &value.body
        && value.has_sides()
    {
        return difference::sides(value, shown, theme, &needle, frame, area);
    }
    let mut y = 0;
    for at in value.scroll..value.len() {
        let left = area.height.saturating_sub(y);
        if left == 0 {
            break;
        }
        let (gutter, line, look) = match &value.body {
            Body::Nothing | Body::Comparing => return,
            Body::Text(text) => text_line(text, at, pane, theme, &needle),
            Body::Difference(shown) => difference::line(shown, at, theme, &needle),
        };
        let note = match &value.body {
            Body::Difference(shown) => difference::note(shown, at),
            _ => None,
        };
        let margin = pane.and_then(|app| blame::margin(app, at, at == value.scroll));
        let gutter = margin.into_iter().chain(gutter).collect::<Line<'_>>();
        let used = u16::try_from(gutter.width()).unwrap_or(area.width).min(area.width);
        let room = Rect { x: area.x + used, y: area.y + y, width: area.width - used, height: left };
        frame.render_widget(gutter, Rect { y: room.y, height: 1, ..area });
        let columns = usize::from(room.width);
        let rows = if value.wrap {
            // The first line may have been scrolled into.
            let from = if at == value.scroll { value.column } else { 0 };
            wrap(line, look, from, columns, usize::from(left))
        } else {
            let mut row = cut(line, look, value.column, columns);
            difference::add_note(&mut row, note.as_deref(), theme, columns);
            vec![row]
        };
        for row in rows {
            frame.render_widget(row, Rect { y: area.y + y, height: 1, ..room });
            y += 1;
        }
    }
}

/// Draws a sentence above the lines, and returns what is left of the area.
fn say(sentence: &str, rows: usize, style: Style, frame: &mut Frame<'_>, area: Rect) -> Rect {
    // A row less than there is, since lines break between words.
    let room = (rows.saturating_sub(1) * usize::from(area.width)).saturating_sub(usize::from(area.width) / 4);
    let sentence = display_safe(sentence);
    let sentence = if rows > 3 { truncate(&sentence, room) } else { sentence };
    let words = Paragraph::new(sentence.into_owned()).style(style).wrap(Wrap { trim: true });
    let height = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height);
    frame.render_widget(words, Rect { height, ..area });
    Rect { y: area.y + height, height: area.height - height, ..area }
}

fn text_line<'v>(
    text: &'v Text,
    at: usize,
    pane: Option<&App>,
    theme: Theme,
    needle: &'v str,
) -> (Vec<Span<'static>>, &'v str, Look<'v>) {
    let look = Look { theme, is_json: text.is_json, over: Style::new(), words: &[], needle };
    let digits = text.len().to_string().len();
    let is_here = |app: &&App| app.value.cursor().is_some_and(|cursor| cursor.line == at);
    let here = pane.filter(is_here).filter(|app| app.focus == Pane::Value || app.value.is_placed());
    let number = match here {
        Some(app) => Span::styled(format!("{:>digits$}▸ ", at + 1), selection(app, Pane::Value)),
        None => Span::styled(format!("{:>digits$}  ", at + 1), theme.style(Role::LineNumber)),
    };
    (vec![number], text.line(at), look)
}

/// Draws the editor.
fn edit(app: &App, editing: &Editing, frame: &mut Frame<'_>, area: Rect) {
    let theme = app.theme;
    let name = match &editing.target {
        Target::Entry { name, .. } => format!("Edit  new entry {}", crate::json::quote(name)),
        Target::Version { base } => {
            let is_wide = area.width >= 80;
            let older = editing.text_of.map(|version| format!("  text of {}", app.when(version.ms(), is_wide)));
            let base_words =
                format!("{}  based on {}", older.unwrap_or_default(), app.when(base.version.ms(), is_wide));
            // The name gives way first: what it is based on must show.
            let room = usize::from(area.width).saturating_sub(width(&base_words) + 22).max(4);
            let name = display_safe(base.name.as_deref().unwrap_or("(no name)"));
            format!("Edit  {}{base_words}", truncate(&name, room))
        }
    };
    let newer = match &editing.theirs {
        Some(theirs) if area.width >= 80 => format!("⚠ newer: {} ", display_safe(&theirs.who)),
        Some(_) => "⚠ newer ".to_owned(),
        None => String::new(),
    };
    let mark = if editing.editor.is_modified() { "✎ changed " } else { "" };
    let mark = truncate(&format!("{mark}{newer}"), usize::from(area.width).saturating_sub(16)).into_owned();
    let room = usize::from(area.width).saturating_sub(width(&mark) + 4);
    let name = truncate(&display_safe(&name), room).into_owned();
    let top = Line::from(vec![
        Span::styled(format!(" {name} "), theme.style(Role::Focus)),
        Span::styled(mark, theme.style(Role::Warning)),
    ]);
    let keys = if editing.theirs.is_some() {
        "^S merge and save  Esc close  F1 keys"
    } else {
        "^S review and save  Esc close  F1 keys"
    };
    let keys = Line::styled(hints(keys, area.width), theme.style(Role::Quiet));
    let block = Block::bordered()
        .border_type(BorderType::Thick)
        .border_style(focus_style(app))
        .title_top(top)
        .title_bottom(keys.alignment(Alignment::Right));
    frame.render_widget(block, area);
    editor::draw(&editing.editor, theme, inside(area), frame.buffer_mut());
}
