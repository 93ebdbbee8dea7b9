//! Lines of JSON or plain text: highlighted, made safe to show, cut or wrapped to a width.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::super::theme::{Role, Theme};
use crate::json::{Token, lex_line};
use crate::text::{display_safe, width};

/// More bytes than a column can take: an emoji of several joined ones takes some 25 for two columns.
const BYTES_A_COLUMN: usize = 32;

/// How a line is drawn.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) theme: Theme,
    /// The line is JSON.
    pub(super) is_json: bool,
    /// A style over all of it.
    pub(super) over: Style,
    /// The bytes that changed within the line, in order.
    pub(super) words: &'a [Range<usize>],
    /// What is searched for, in lower case; empty for nothing.
    pub(super) needle: &'a str,
}

/// Returns the part of a line between two columns.
pub(super) fn cut<'a>(line: &str, look: Look<'_>, from: usize, columns: usize) -> Line<'a> {
    let mut rows = flow(line, look, from, columns, 1);
    rows.pop().unwrap_or_default()
}

/// Returns a line from a column on in rows of so many columns, at most so many rows.
pub(super) fn wrap<'a>(line: &str, look: Look<'_>, from: usize, columns: usize, rows: usize) -> Vec<Line<'a>> {
    flow(line, look, from, columns, rows)
}

fn flow<'a>(line: &str, look: Look<'_>, from: usize, columns: usize, rows: usize) -> Vec<Line<'a>> {
    let enough = (from + columns * rows).saturating_mul(BYTES_A_COLUMN).saturating_add(64);
    let line = &line[..line.floor_char_boundary(enough)];
    let mut flow = Flow { rows: vec![Vec::new()], at: 0, skip: from, columns: columns.max(1), most: rows };
    for (range, style) in segments(line, look) {
        let text = display_safe(&line[range]);
        let mut part = String::new();
        for grapheme in text.graphemes(true) {
            if !flow.has_room(width(grapheme), &mut part, style) {
                break;
            }
            part.push_str(if flow.skips(width(grapheme)) { "" } else { grapheme });
        }
        flow.flush(&mut part, style);
    }
    flow.rows.into_iter().map(Line::from).collect()
}

/// Text flowing into rows.
struct Flow<'a> {
    rows: Vec<Vec<Span<'a>>>,
    /// The columns used in the last row.
    at: usize,
    /// Columns still to be left out at the beginning.
    skip: usize,
    columns: usize,
    most: usize,
}

impl Flow<'_> {
    /// Makes room for a grapheme, in a new row if need be. Returns whether there is any.
    fn has_room(&mut self, columns: usize, part: &mut String, style: Style) -> bool {
        if self.skip > 0 || self.at + columns <= self.columns {
            return true;
        }
        if self.rows.len() == self.most {
            return false;
        }
        self.flush(part, style);
        self.rows.push(Vec::new());
        self.at = 0;
        true
    }

    /// Returns whether a grapheme is before the first column shown; else counts its columns.
    fn skips(&mut self, columns: usize) -> bool {
        if self.skip > 0 {
            self.skip = self.skip.saturating_sub(columns);
            return true;
        }
        self.at += columns;
        false
    }

    fn flush(&mut self, part: &mut String, style: Style) {
        if let (false, Some(row)) = (part.is_empty(), self.rows.last_mut()) {
            row.push(Span::styled(std::mem::take(part), style));
        }
    }
}

/// Returns the parts of a line by style, in order and without gaps.
fn segments(line: &str, look: Look<'_>) -> Vec<(Range<usize>, Style)> {
    let mut parts = Vec::new();
    let mut end = 0;
    if look.is_json {
        for (range, token) in lex_line(line) {
            if range.start > end {
                parts.push((end..range.start, look.over));
            }
            end = range.end;
            parts.push((range, look.theme.style(role(token)).patch(look.over)));
        }
    }
    if end < line.len() {
        parts.push((end..line.len(), look.theme.style(Role::Text).patch(look.over)));
    }
    if !look.words.is_empty() {
        parts = highlight(parts, look.words, look.theme.style(Role::Word));
    }
    let found = matches(line, look.needle);
    if found.is_empty() { parts } else { highlight(parts, &found, look.theme.style(Role::Match)) }
}

fn highlight(parts: Vec<(Range<usize>, Style)>, found: &[Range<usize>], style: Style) -> Vec<(Range<usize>, Style)> {
    let mut out = Vec::new();
    for (range, plain) in parts {
        let mut at = range.start;
        for hit in found.iter().filter(|hit| hit.start < range.end && hit.end > range.start) {
            let (start, end) = (hit.start.max(range.start), hit.end.min(range.end));
            if start > at {
                out.push((at..start, plain));
            }
            out.push((start..end, plain.patch(style)));
            at = end;
        }
        if at < range.end {
            out.push((at..range.end, plain));
        }
    }
    out
}

/// Returns where the needle stands, whatever the case where both are ASCII.
fn matches(line: &str, needle: &str) -> Vec<Range<usize>> {
    if needle.is_empty() {
        return Vec::new();
    }
    let line = if needle.is_ascii() { line.to_ascii_lowercase() } else { line.to_owned() };
    line.match_indices(needle).map(|(at, found)| at..at + found.len()).collect()
}

fn role(token: Token) -> Role {
    match token {
        Token::Key => Role::JsonKey,
        Token::String => Role::JsonString,
        Token::Number => Role::JsonNumber,
        Token::Keyword => Role::JsonKeyword,
        Token::Punctuation => Role::JsonPunctuation,
        Token::Error => Role::Bad,
    }
}
