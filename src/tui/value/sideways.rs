//! Long lines moved to the side, so that what was gone to shows.

use super::{Body, Value};
use crate::text::{display_safe, width};

impl Value {
    /// Moves the line of the cursor to the side where what is searched for doesn't show in it.
    pub fn show_match(&mut self, columns: usize) {
        if let Some(line) = self.cursor().map(|cursor| cursor.line).filter(|_| !self.wrap) {
            self.reveal_sideways(line, columns);
        }
    }

    /// Moves a line to the side, or where lines are wrapped into it, as far as it takes for what is gone to in it to show:
    /// what is searched for, or else the first word that changed. `columns` are those of the inside of the pane.
    pub(super) fn reveal_sideways(&mut self, line: usize, columns: usize) {
        let halves = if self.has_sides() { 2 } else { 1 };
        let columns = (columns.saturating_sub(self.gutter()) / halves).max(1);
        let Some((start, end)) = self.place_in(line) else { return self.column = 0 };
        if self.wrap {
            // The row of it is the second on the screen, so that it is not taken for the beginning of the line.
            self.column = (start / columns).saturating_sub(1) * columns;
        } else if end.min(start + columns / 2) > self.column + columns || start < self.column {
            self.column = if end <= columns { 0 } else { start.saturating_sub(columns / 3) };
        }
    }

    /// Returns the columns of a line at which what is gone to begins and ends.
    fn place_in(&self, line: usize) -> Option<(usize, usize)> {
        let columns = |text: &str, from: usize, to: usize| {
            let start = width(&display_safe(&text[..from]));
            (start, start + width(&display_safe(&text[from..to])))
        };
        let needle = self.search.text().to_lowercase();
        if needle.is_empty() {
            let Body::Difference(difference) = &self.body else { return None };
            let shown = difference.line_of(line)?;
            let word = shown.words.first()?;
            return Some(columns(&shown.text, word.start, word.end));
        }
        // Lower case is about as wide.
        let text = self.line(line).to_lowercase();
        let at = text.find(&needle)?;
        Some(columns(&text, at, at + needle.len()))
    }
}
