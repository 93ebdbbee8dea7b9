//! The value pane: the shown version's text, or its difference from another one, with scroll and search.

mod cursor;
mod difference;
mod text;

pub use cursor::{Cursor, Room};
pub use difference::Difference;
pub use text::Text;

use crate::json::Folded;
use crate::text::contains;
use crate::text::{display_safe, width};
use crate::tui::input::Input;

/// What the value pane shows and how far it is scrolled.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// What is shown.
    pub body: Body,
    /// The first line on the screen.
    pub scroll: usize,
    /// How far lines are moved to the left, in columns.
    pub column: usize,
    /// Long lines go on in the next row.
    pub wrap: bool,
    /// What is searched for.
    pub search: Input,
    /// The lines that hold what is searched for.
    matches: Vec<usize>,
    /// Columns in front of the line numbers, for what is told of each line.
    pub margin: usize,
    /// The line that the person is on.
    cursor: Option<Box<Cursor>>,
    /// Where the person went to, which outlives the versions that don't have it.
    wanted: Option<Box<cursor::Wanted>>,
}

/// What the value pane shows.
#[derive(Clone, Debug, Default)]
pub enum Body {
    /// Nothing is selected that has a value.
    #[default]
    Nothing,
    /// A text, and a sentence above it where there is something to say.
    Text(Text),
    /// The difference between two versions.
    Difference(Difference),
}

impl From<Difference> for Value {
    fn from(difference: Difference) -> Self {
        Self { body: Body::Difference(difference), ..Self::default() }
    }
}

impl Value {
    /// Shows another body. The cursor stays on its path, and the scroll where the new one is long enough, so that stepping
    /// through versions keeps the place.
    pub fn show(&mut self, body: Body, room: Room) {
        self.body = body;
        self.scroll = self.scroll.min(self.len().saturating_sub(room.rows.max(1)));
        self.go_to_wanted(room);
        self.find();
    }

    /// Goes back to the beginning, for another subject.
    pub fn rewind(&mut self) {
        self.wanted = None;
        self.put_cursor(0);
        self.to_top();
    }

    /// Scrolls to the beginning.
    pub fn to_top(&mut self) {
        self.scroll = 0;
        self.column = 0;
    }

    /// Returns how many rows the sentence above the lines takes.
    pub fn notice_rows(&self, columns: usize) -> usize {
        self.notice().map_or(0, |notice| width(notice).div_ceil(columns.max(1)) + 1)
    }

    /// Returns what there is to say above the lines.
    pub fn notice(&self) -> Option<&str> {
        match &self.body {
            Body::Nothing => None,
            Body::Text(text) => text.notice.as_deref(),
            Body::Difference(difference) => difference.notice.as_deref(),
        }
    }

    /// Returns the number of lines.
    pub fn len(&self) -> usize {
        match &self.body {
            Body::Nothing => 0,
            Body::Text(text) => text.len(),
            Body::Difference(difference) => difference.folded.len(),
        }
    }

    /// Returns whether there are no lines.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the text of a line as it is searched and shown.
    pub fn line(&self, at: usize) -> &str {
        match &self.body {
            Body::Nothing => "",
            Body::Text(text) => text.line(at),
            Body::Difference(difference) => match difference.folded.get(at) {
                Some(Folded::Line(line)) => difference.lines[*line].text.as_str(),
                Some(Folded::Gap { .. }) | None => "",
            },
        }
    }

    /// Scrolls by so many lines, as far as the last screen of `height` lines. Where lines may take several rows, or a
    /// sentence stands above them, as far as the last line; and never back from where a search has led.
    pub fn scroll_by(&mut self, by: isize, height: usize) {
        let height = if self.notice().is_some() { 1 } else { height };
        let last = self.len().saturating_sub(height).max(self.scroll);
        self.scroll = self.scroll.saturating_add_signed(by).min(last);
    }

    /// Scrolls wrapped lines by so many rows, each of `columns`; what has been scrolled past of the first line is in
    /// [`Value::column`]. The end is the last line with as many of its rows as `height` holds.
    pub fn scroll_rows(&mut self, by: isize, columns: usize, height: usize) {
        let columns = columns.max(1);
        let last = self.len().saturating_sub(1);
        match by {
            isize::MIN => self.to_top(),
            isize::MAX => {
                self.scroll = last;
                self.column = self.rows_of(last, columns).saturating_sub(height) * columns;
            }
            by => {
                let mut rows = self.rows_of(self.scroll, columns);
                for _ in 0..by.unsigned_abs() {
                    if by > 0 && self.column / columns + 1 < rows {
                        self.column += columns;
                    } else if by > 0 && self.scroll < last {
                        (self.scroll, self.column) = (self.scroll + 1, 0);
                        rows = self.rows_of(self.scroll, columns);
                    } else if by < 0 && self.column > 0 {
                        self.column = self.column.saturating_sub(columns);
                    } else if by < 0 && self.scroll > 0 {
                        self.scroll -= 1;
                        rows = self.rows_of(self.scroll, columns);
                        self.column = (rows - 1) * columns;
                    }
                }
            }
        }
    }

    /// Returns how many rows a line takes when it is wrapped.
    fn rows_of(&self, at: usize, columns: usize) -> usize {
        width(&display_safe(self.line(at))).div_ceil(columns).max(1)
    }

    /// Returns how many columns the line numbers and signs take.
    pub fn gutter(&self) -> usize {
        let digits = |lines: usize| lines.to_string().len();
        self.margin
            + match &self.body {
                Body::Nothing => 0,
                Body::Text(text) => digits(text.len()) + 2,
                Body::Difference(difference) => 2 * digits(difference.lines.len()) + 4,
            }
    }

    /// Wraps long lines, or cuts them; what was scrolled to the side is at the first column again.
    pub fn toggle_wrap(&mut self) {
        self.wrap = !self.wrap;
        self.column = 0;
    }

    /// Finds the lines that hold what is searched for, and returns how many there are.
    pub fn find(&mut self) -> usize {
        let needle = self.search.text().to_lowercase();
        self.matches.clear();
        if !needle.is_empty() {
            self.matches = (0..self.len()).filter(|&at| contains(self.line(at), &needle)).collect();
        }
        self.matches.len()
    }

    /// Moves the lines to the left by some columns, as long as one of the `height` on the screen goes on there.
    pub fn move_left(&mut self, by: usize, height: usize) {
        let column = self.column + by;
        let goes_on = (self.scroll..self.len()).take(height).any(|at| width(self.line(at)) > column);
        if goes_on && !self.wrap {
            self.column = column;
        }
    }

    /// Returns how many lines were found, in words.
    pub fn found(&self) -> String {
        match self.matches.len() {
            _ if self.search.text().is_empty() => String::new(),
            0 => "not found".to_owned(),
            1 => "1 line".to_owned(),
            lines => format!("{} lines", crate::text::count(lines)),
        }
    }

    /// Goes to the first match at or below the top line.
    pub fn to_match_from_here(&mut self) {
        if let Some(&found) = self.matches.iter().find(|&&at| at >= self.scroll).or(self.matches.first()) {
            self.go_to(found);
        }
    }

    /// Goes to the next place, or the one before: of the search, or else of the changes. Goes round at the ends.
    pub fn step(&mut self, forward: bool) {
        let places = match &self.body {
            Body::Difference(difference) if self.search.text().is_empty() => difference.change_rows(),
            _ => self.matches.clone(),
        };
        let from = self.cursor.as_ref().map_or(self.scroll, |cursor| cursor.line);
        let next = if forward {
            places.iter().find(|&&at| at > from).or(places.first())
        } else {
            places.iter().rev().find(|&&at| at < from).or(places.last())
        };
        if let Some(&next) = next {
            self.go_to(next);
        }
    }

    /// Goes to a line, which becomes the first one on the screen.
    fn go_to(&mut self, line: usize) {
        self.scroll = line;
        if self.cursor.is_some() {
            self.put_cursor(line);
            self.note_place();
        }
    }
}
