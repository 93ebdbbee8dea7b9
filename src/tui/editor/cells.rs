//! What the characters of a line look like, and in which columns.

use std::borrow::Cow;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::{display_safe, width};

/// A grapheme of a line as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cell<'a> {
    /// What is shown: never anything that acts on the terminal.
    pub shown: Cow<'a, str>,
    /// Columns that it takes; at least one.
    pub width: usize,
    /// The first of these columns, from 0.
    pub column: usize,
    /// Its bytes in the line.
    pub bytes: Range<usize>,
    /// Its characters in the line.
    pub characters: Range<usize>,
}

impl Cell<'_> {
    /// Tells whether it stands for something that can't be shown itself.
    pub fn is_stand_in(&self) -> bool {
        matches!(self.shown, Cow::Owned(_))
    }
}

/// Returns the graphemes of a line from left to right, without gaps.
pub(super) fn cells(line: &str) -> impl Iterator<Item = Cell<'_>> {
    let (mut column, mut character) = (0, 0);
    line.grapheme_indices(true).map(move |(byte, grapheme)| {
        let shown = display_safe(grapheme);
        let (width, characters) = (width(&shown), grapheme.chars().count());
        let cell = Cell {
            shown,
            width,
            column,
            bytes: byte..byte + grapheme.len(),
            characters: character..character + characters,
        };
        (column, character) = (column + width, character + characters);
        cell
    })
}

/// Returns the column in which a character of a line begins, or the grapheme that it is part of.
pub(super) fn column_of(line: &str, character: usize) -> usize {
    let mut end = 0;
    for cell in cells(line) {
        if cell.characters.end > character {
            return cell.column;
        }
        end = cell.column + cell.width;
    }
    end
}

/// Returns the character at a column of a line, or the line's end.
pub(super) fn character_at(line: &str, column: usize) -> usize {
    let mut end = 0;
    for cell in cells(line) {
        if cell.column + cell.width > column {
            return cell.characters.start;
        }
        end = cell.characters.end;
    }
    end
}
