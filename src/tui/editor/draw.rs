//! How the editor looks: line numbers, highlighted text, cursor, selection, matches, and the mistake with its message.
//!
//! The lines in view are drawn from the text itself and not by the text area's widget, which lets through what acts on
//! the terminal, changes its state while it draws, and counts the columns of joined emoji differently from the buffer.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Clear, Widget};

use crate::json::{Token, lex_line};
use crate::text::{display_safe, truncate, width};
use crate::tui::theme::{Role, Theme};

use super::cells::{self, Cell};
use super::{Editor, Place, View};

/// Marks the line with the mistake, and the mistake itself where nothing else is to be seen.
const MISTAKE: &str = "✗";

impl View {
    /// Returns how many lines of text are in view; the last row is for what there is to tell.
    pub(super) fn rows(self) -> usize {
        usize::from(self.area.height.saturating_sub(1).max(1))
    }
}

/// Draws the editor into `area`.
///
/// Below the text is one row for what there is to tell: the search prompt, what the last key has to say, the mistake
/// or a warning, and the cursor's place. The cursor is a cell in reverse; the terminal's own stays hidden.
pub fn draw(editor: &Editor, theme: Theme, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    Clear.render(area, buf);
    if area.is_empty() {
        return;
    }
    let view = scrolled(editor, area);
    let lines = LineView { editor, theme, view, gutter: gutter(editor) };
    let count = editor.area.lines().len();
    for (row, line) in (view.top..count).take(view.rows()).enumerate() {
        let y = area.y + u16::try_from(row).unwrap_or(u16::MAX);
        lines.draw(line, y, buf);
    }
    if area.height > 1 {
        draw_status(editor, theme, Rect { y: area.bottom() - 1, height: 1, ..area }, buf);
    }
}

/// Returns the view in `area` that has the cursor in it, as near as possible to the present one.
pub(super) fn scrolled(editor: &Editor, area: Rect) -> View {
    let (line, character) = editor.cursor();
    let mut view = View { area, ..editor.view };
    let last = editor.area.lines().len() - 1;
    view.top = follow(view.top.min(last), line, line + 1, view.rows());
    let columns = usize::from(area.width).saturating_sub(gutter(editor)).max(1);
    let start = cells::column_of(editor.line(line), character);
    let width =
        cells::cells(editor.line(line)).find(|cell| cell.characters.end > character).map_or(1, |cell| cell.width);
    let end = start + width.min(columns);
    view.left = if end <= columns { 0 } else { follow(view.left, start, end, columns) };
    view
}

/// Returns the start of a window of `size` that has `start..end` in it and moved the least from `from`.
fn follow(from: usize, start: usize, end: usize, size: usize) -> usize {
    if start < from { start } else { from.max(end.saturating_sub(size)) }
}

/// Returns the columns before the text: the mark, the line number and a space.
fn gutter(editor: &Editor) -> usize {
    editor.area.lines().len().to_string().len() + 2
}

/// Draws lines of text.
struct LineView<'e> {
    editor: &'e Editor,
    theme: Theme,
    view: View,
    gutter: usize,
}

impl LineView<'_> {
    fn draw(&self, line: usize, y: u16, buf: &mut Buffer) {
        let text = self.editor.line(line);
        let mistake = self.mistake().filter(|place| place.0 == line).map(|place| place.1);
        self.draw_gutter(line, mistake.is_some(), y, buf);

        let tokens = lex_line(text);
        let mut token = tokens.iter().peekable();
        let matches = self.matches(text);
        let cursor = self.editor.cursor();
        let selection = self.editor.selection();
        let (mut column, mut character) = (0, 0);
        for cell in cells::cells(text) {
            (column, character) = (cell.column + cell.width, cell.characters.end);
            if cell.column >= self.view.left + usize::from(self.view.area.width) {
                return;
            }
            while token.next_if(|(range, _)| range.end <= cell.bytes.start).is_some() {}
            let mut style = match token.peek() {
                Some((range, token)) if range.start <= cell.bytes.start => self.theme.style(role(*token)),
                _ => self.theme.style(Role::Text),
            };
            if cell.is_stand_in() {
                style = self.theme.style(Role::Warning);
            }
            if matches.iter().any(|found| found.contains(&cell.bytes.start)) {
                style = style.patch(self.theme.style(Role::Match));
            }
            if mistake.is_some_and(|mistake| cell.characters.contains(&mistake)) {
                style = self.theme.style(Role::Bad).add_modifier(Modifier::REVERSED);
            }
            if selection.as_ref().is_some_and(|range| range.contains(&(line, cell.characters.start))) {
                style = style.patch(self.theme.style(Role::Selected));
            }
            if cursor.0 == line && cell.characters.contains(&cursor.1) {
                style = cursor_style(style);
            }
            self.draw_cell(&cell, style, y, buf);
        }

        let end = (line, character);
        let past_end = if cursor == end {
            (" ", Style::new().add_modifier(Modifier::REVERSED))
        } else if mistake.is_some_and(|mistake| mistake >= character) {
            (MISTAKE, self.theme.style(Role::Bad))
        } else if selection.is_some_and(|range| range.contains(&end)) {
            (" ", self.theme.style(Role::Selected))
        } else {
            return;
        };
        let (shown, style) = past_end;
        let cell = Cell { shown: shown.into(), width: 1, column, bytes: 0..0, characters: 0..0 };
        self.draw_cell(&cell, style, y, buf);
    }

    fn draw_gutter(&self, line: usize, has_mistake: bool, y: u16, buf: &mut Buffer) {
        let Rect { x, width, .. } = self.view.area;
        let (mark, role) = if has_mistake { (MISTAKE, Role::Bad) } else { (" ", Role::LineNumber) };
        // The underline of a mistake would run through the padding.
        let style = self.theme.style(role).remove_modifier(Modifier::UNDERLINED);
        let number = format!("{mark}{:>digits$} ", line + 1, digits = self.gutter - 2);
        buf.set_stringn(x, y, number, usize::from(width), style);
    }

    /// Draws a cell where it is in view; of a wide one that is cut by an edge, nothing but its style.
    fn draw_cell(&self, cell: &Cell<'_>, style: Style, y: u16, buf: &mut Buffer) {
        let Rect { x, width, .. } = self.view.area;
        let text = Rect { x: x + clamp(self.gutter), width: width.saturating_sub(clamp(self.gutter)), y, height: 1 };
        let from = cell.column.saturating_sub(self.view.left);
        let to = (cell.column + cell.width).saturating_sub(self.view.left);
        let columns =
            Rect { x: text.x.saturating_add(clamp(from)), width: clamp(to - from), ..text }.intersection(text);
        if columns.is_empty() {
            return;
        }
        buf.set_style(columns, style);
        if cell.column >= self.view.left {
            buf.set_stringn(columns.x, y, &cell.shown, usize::from(columns.width), style);
        }
    }

    fn mistake(&self) -> Option<Place> {
        self.editor.problem().map(|problem| (problem.line - 1, problem.column - 1))
    }

    fn matches(&self, text: &str) -> Vec<Range<usize>> {
        match self.editor.area.search_pattern() {
            Some(pattern) => pattern.find_iter(text).map(|found| found.range()).collect(),
            None => Vec::new(),
        }
    }
}

fn clamp(columns: usize) -> u16 {
    u16::try_from(columns).unwrap_or(u16::MAX)
}

/// Returns the style of the cell under the cursor: reverse, or straight where the rest is in reverse.
fn cursor_style(style: Style) -> Style {
    if style.add_modifier.contains(Modifier::REVERSED) {
        style.remove_modifier(Modifier::REVERSED).add_modifier(Modifier::UNDERLINED)
    } else {
        style.add_modifier(Modifier::REVERSED)
    }
}

fn role(token: Token) -> Role {
    match token {
        Token::Key => Role::JsonKey,
        Token::String => Role::JsonString,
        Token::Number => Role::JsonNumber,
        Token::Keyword => Role::JsonKeyword,
        Token::Punctuation => Role::JsonPunctuation,
        Token::Error => Role::Warning,
    }
}

/// Draws the row below the text.
fn draw_status(editor: &Editor, theme: Theme, area: Rect, buf: &mut Buffer) {
    let (line, character) = editor.position();
    let place = format!(" {line}:{character} ");
    let columns = usize::from(area.width);
    let room = columns.saturating_sub(width(&place));
    if let Some(search) = &editor.search {
        let end = if search.found { "  Enter next  ↑ previous  Esc end" } else { "  not found" };
        let query = display_safe(&search.query);
        let role = if search.found { Role::Text } else { Role::Bad };
        let (x, _) = buf.set_stringn(area.x, area.y, " find: ", room, theme.style(Role::Key));
        let left = room.saturating_sub(usize::from(x - area.x));
        let (x, _) = buf.set_stringn(x, area.y, truncate(&query, left), left, theme.style(role));
        let left = room.saturating_sub(usize::from(x - area.x));
        let caret = Style::new().add_modifier(Modifier::REVERSED);
        let (x, _) = buf.set_stringn(x, area.y, " ", left, caret);
        let left = room.saturating_sub(usize::from(x - area.x));
        buf.set_stringn(x, area.y, truncate(end, left), left, theme.style(Role::Quiet));
    } else {
        let (role, message) = message(editor);
        buf.set_stringn(
            area.x,
            area.y,
            truncate(&message, room),
            room,
            theme.style(role).remove_modifier(Modifier::UNDERLINED),
        );
    }
    let x = area.x + clamp(room);
    buf.set_stringn(x, area.y, place, columns, theme.style(Role::Quiet));
}

/// Returns what there is to tell, most urgent first.
fn message(editor: &Editor) -> (Role, String) {
    if let Some(notice) = &editor.notice {
        return (Role::Warning, format!(" {notice}"));
    }
    if let Some(problem) = editor.problem() {
        return (Role::Bad, format!("{MISTAKE} {}", display_safe(&problem.to_string())));
    }
    match editor.duplicate_keys() {
        [] => (Role::Good, "✓ JSON".to_owned()),
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            let path = first.path.to_string();
            let path = display_safe(&path);
            let line = first.line;
            (Role::Warning, format!("! line {line}: {path} is there twice{more}; most programs see the last one only"))
        }
    }
}
