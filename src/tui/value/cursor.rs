//! The line of a JSON text that a person is on: it moves with the keys, and stays on its path from version to version.

use super::{Body, Value};
use crate::json::{self, Path};

/// Where a person is in a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The line.
    pub line: usize,
    /// The path of what the line shows.
    pub path: Path,
    /// The word for its kind: `number`, `object`.
    pub kind: &'static str,
}

/// Where a person went to, which a version may not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    path: Path,
    /// It is the line on which an array or object ends.
    is_end: bool,
    /// The row on the screen, from the first one of the text.
    row: usize,
}

/// What a text has to show itself in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Columns, line numbers and all.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
}

impl Value {
    /// Returns the line that the person is on, where what is shown has one.
    pub fn cursor(&self) -> Option<&Cursor> {
        self.cursor.as_deref()
    }

    /// Returns whether the person went to a line since this subject is shown.
    pub fn is_placed(&self) -> bool {
        self.wanted.is_some()
    }

    /// Returns the path that the person went to, where the version shown does not have it.
    pub fn missing(&self) -> Option<&Path> {
        let wanted = &self.wanted.as_ref()?.path;
        (self.cursor.as_ref()?.path != *wanted).then_some(wanted)
    }

    /// Moves by so many lines: the cursor where there is one, else what is on the screen.
    pub fn move_by(&mut self, by: isize, room: Room) {
        let (columns, rows) = self.lines_room(room);
        match (self.cursor.as_ref().map(|cursor| cursor.line), self.wrap) {
            (None, is_wrapped) if !is_wrapped || self.has_sides() => self.scroll_by(by, room.rows),
            (None, _) => self.scroll_rows(by, columns, room.rows),
            (Some(line), false) => {
                self.put_cursor(line.saturating_add_signed(by));
                self.reveal(columns, rows);
            }
            (Some(_), true) => self.move_wrapped(by, columns, rows),
        }
        self.note_place();
    }

    /// Moves by lines, and through a line that has more rows than the screen by rows.
    fn move_wrapped(&mut self, by: isize, columns: usize, rows: usize) {
        if by == isize::MIN || by == isize::MAX {
            self.put_cursor(if by == isize::MIN { 0 } else { usize::MAX });
            return self.scroll_rows(by, columns, rows);
        }
        for _ in 0..by.unsigned_abs() {
            let Some(line) = self.cursor.as_ref().map(|cursor| cursor.line) else { return };
            if by > 0 && self.rows_down_to(line + 1, columns) > rows {
                self.scroll_rows(1, columns, rows);
            } else if by < 0 && line == self.scroll && self.column > 0 {
                self.scroll_rows(-1, columns, rows);
            } else {
                self.put_cursor(line.saturating_add_signed(by.signum()));
                self.reveal(columns, rows);
            }
        }
    }

    /// Returns how many rows there are from the first one on the screen down to a line.
    fn rows_down_to(&self, line: usize, columns: usize) -> usize {
        let rows: usize = (self.scroll..line).map(|line| self.rows_of(line, columns)).sum();
        rows.saturating_sub(self.column / columns)
    }

    /// Scrolls as little as it takes for the line of the cursor to show.
    fn reveal(&mut self, columns: usize, rows: usize) {
        let Some(line) = self.cursor.as_ref().map(|cursor| cursor.line) else { return };
        if !self.wrap {
            let lowest = (line + 1).saturating_sub(rows);
            self.scroll = self.scroll.clamp(lowest, line);
            return;
        }
        while line < self.scroll {
            self.scroll_rows(-1, columns, rows);
        }
        while self.rows_down_to(line, columns) + 1 > rows {
            self.scroll_rows(1, columns, rows);
        }
    }

    /// Scrolls to the cursor where it was put somewhere and something else made it leave the screen.
    pub fn keep_on_screen(&mut self, room: Room) {
        let (columns, rows) = self.lines_room(room);
        if self.is_placed() && room.rows > 0 {
            self.reveal(columns, rows);
        }
    }

    /// Returns the columns and rows that the lines have, without what stands beside and above them.
    fn lines_room(&self, room: Room) -> (usize, usize) {
        let above: usize = self.sentences(room.columns).map(|(_, rows)| rows).sum();
        let rows = room.rows.saturating_sub(above).max(1);
        (room.columns.saturating_sub(self.gutter()).max(1), rows)
    }

    /// Puts the cursor on a line, or the last one.
    pub(super) fn put_cursor(&mut self, line: usize) {
        self.cursor = match &self.body {
            Body::Text(text) if text.is_json => {
                let line = line.min(text.len().saturating_sub(1));
                let (path, kind) = json::path_of_line(line, |at| text.line(at));
                Some(Box::new(Cursor { line, path, kind }))
            }
            _ => None,
        };
    }

    /// Remembers where the cursor is as where the person went to.
    pub(super) fn note_place(&mut self) {
        if let (Some(cursor), Body::Text(text)) = (&self.cursor, &self.body) {
            let is_end = text.line(cursor.line).trim_start().starts_with([']', '}']);
            let row = cursor.line.saturating_sub(self.scroll);
            self.wanted = Some(Box::new(Wanted { path: cursor.path.clone(), is_end, row }));
        }
    }

    /// Goes to a path, or to the nearest that is there.
    pub fn go_to_path(&mut self, path: &Path, room: Room) {
        // What is around it shows as well.
        self.wanted = Some(Box::new(Wanted { path: path.clone(), is_end: false, row: room.rows / 3 }));
        self.go_to_wanted(room);
    }

    /// Goes to where the person went to, or to the nearest that is there, on the same row of the screen.
    pub(super) fn go_to_wanted(&mut self, room: Room) {
        self.put_cursor(0);
        let (Some(Wanted { path, is_end, row }), Body::Text(text), Some(_)) =
            (self.wanted.as_deref(), &self.body, &self.cursor)
        else {
            return;
        };
        let (lines, is_there) = json::lines_of_path(path, text.len(), |at| text.line(at));
        let line = if *is_end && is_there { *lines.end() } else { *lines.start() };
        (self.scroll, self.column) = (line.saturating_sub(*row), if self.wrap { 0 } else { self.column });
        self.put_cursor(line);
        let (columns, rows) = self.lines_room(room);
        if !self.wrap {
            self.scroll = self.scroll.min(self.len().saturating_sub(rows));
        }
        self.reveal(columns, rows);
    }
}
