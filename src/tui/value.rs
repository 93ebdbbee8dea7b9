//! The value pane: the shown version's text, or its difference from another one, with scroll and search.

mod cursor;
mod difference;
mod sideways;
mod text;

pub use cursor::{Cursor, Room};
pub use difference::Difference;
pub use text::Text;

use crate::json::SideRow;
use crate::text::{contains, display_safe, width};
use crate::tui::compare::DifferenceLook;
use crate::tui::input::Input;

/// The most rows of a sentence above the lines.
const SENTENCE_ROWS: usize = 3;

/// What the value pane shows and how far it is scrolled.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// What is shown.
    pub body: Body,
    /// Why the version was written, where that is longer than its place in the timeline.
    pub note: Option<String>,
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
    /// A difference that is being computed.
    Comparing,
    /// The difference between two versions.
    Difference(Box<Difference>),
}

impl From<Body> for Value {
    fn from(body: Body) -> Self {
        Self { body, ..Self::default() }
    }
}

impl Value {
    /// Shows another body. The cursor stays on its path, and the scroll where the new one is long enough, so that stepping
    /// through versions keeps the place.
    pub fn show(&mut self, body: Body, room: Room) {
        self.body = body;
        if !matches!(self.body, Body::Comparing) {
            self.scroll = self.scroll.min(self.len().saturating_sub(room.rows.max(1)));
        }
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

    /// Returns the sentences above the lines, each with how many rows it takes: why the version was written, and what
    /// there is to say of its value; of a long one as much as leaves most of the pane to the lines.
    pub fn sentences(&self, columns: usize) -> impl Iterator<Item = (&str, usize)> {
        let rows = move |sentence: &str| width(sentence).div_ceil(columns.max(1)).min(SENTENCE_ROWS) + 1;
        self.note.as_deref().into_iter().chain(self.notice()).map(move |sentence| (sentence, rows(sentence)))
    }

    /// Returns what there is to say above the lines.
    pub fn notice(&self) -> Option<&str> {
        match &self.body {
            Body::Nothing | Body::Comparing => None,
            Body::Text(text) => text.notice.as_deref(),
            Body::Difference(difference) => difference.notice.as_deref(),
        }
    }

    /// Returns the number of lines.
    pub fn len(&self) -> usize {
        match &self.body {
            Body::Nothing | Body::Comparing => 0,
            Body::Text(text) => text.len(),
            Body::Difference(difference) => difference.rows.len(),
        }
    }

    /// Returns whether there are no lines.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the text of a line as it is searched and shown.
    pub fn line(&self, at: usize) -> &str {
        match &self.body {
            Body::Nothing | Body::Comparing => "",
            Body::Text(text) => text.line(at),
            Body::Difference(difference) => difference.line_of(at).map_or("", |line| &line.text),
        }
    }

    /// Returns whether something holds for a line, or for one of two beside each other.
    fn any_text(&self, at: usize, holds: impl Fn(&str) -> bool) -> bool {
        match &self.body {
            Body::Difference(difference) => difference.texts_of(at).any(holds),
            _ => holds(self.line(at)),
        }
    }

    /// Returns how many rows stand above the lines, apart from a notice.
    fn head_rows(&self) -> usize {
        match &self.body {
            Body::Difference(difference) => difference.head_rows(),
            _ => 0,
        }
    }

    /// Returns whether the lines of two texts stand beside each other.
    pub fn has_sides(&self) -> bool {
        matches!(&self.body, Body::Difference(difference) if difference.look() == DifferenceLook::Beside)
    }

    /// Looks at the same difference another way; the change at the top stays there.
    pub fn set_look(&mut self, look: DifferenceLook) {
        let Body::Difference(difference) = &mut self.body else { return };
        let change = difference.change_rows().partition_point(|&row| row < self.scroll);
        difference.set_look(look);
        if self.scroll > 0 {
            let row = difference.change_rows().get(change).or(difference.change_rows().last());
            self.scroll = row.copied().unwrap_or(0);
        }
        self.column = 0;
        self.find();
    }

    /// Returns whether unchanged lines are folded away in one of the rows on the screen, and in which first.
    pub fn first_fold(&self, height: usize) -> Option<usize> {
        let Body::Difference(difference) = &self.body else { return None };
        let mut rows = (self.scroll..difference.rows.len()).take(height.saturating_sub(self.head_rows()));
        rows.find(|&row| matches!(difference.rows[row], SideRow::Gap { .. }))
    }

    /// Shows the lines that are folded away in a row.
    pub fn unfold(&mut self, row: usize) {
        if let Body::Difference(difference) = &mut self.body {
            difference.unfold(row);
            self.find();
        }
    }

    /// Scrolls by so many lines, as far as the last screen of `height` lines. Where lines may take several rows, or a
    /// sentence stands above them, as far as the last line; and never back from where a search has led.
    pub fn scroll_by(&mut self, by: isize, height: usize) {
        // How many rows a sentence or a wrapped line takes is known only where it is drawn.
        let is_open = self.sentences(1).next().is_some() || self.wrap && self.has_sides();
        let height = if is_open { 1 } else { height.saturating_sub(self.head_rows()).max(1) };
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
                Body::Nothing | Body::Comparing => 0,
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
            self.matches = (0..self.len()).filter(|&at| self.any_text(at, |text| contains(text, &needle))).collect();
        }
        self.matches.len()
    }

    /// Moves the lines to the left by some columns, as long as one of the `height` on the screen goes on there.
    pub fn move_left(&mut self, by: usize, height: usize) {
        let column = self.column + by;
        let goes_on = (self.scroll..self.len()).take(height).any(|at| self.any_text(at, |text| width(text) > column));
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

    /// Goes to the first match at or below the top line; the inside of the pane has so many columns.
    pub fn to_match_from_here(&mut self, columns: usize) {
        if let Some(&found) = self.matches.iter().find(|&&at| at >= self.scroll).or(self.matches.first()) {
            self.go_to(found, columns);
        }
    }

    /// Goes to the next place, or the one before: of the search, or else of the changes. Goes round at the ends. The inside
    /// of the pane has so many columns.
    pub fn step(&mut self, forward: bool, columns: usize) {
        let places = match &self.body {
            Body::Difference(difference) if self.matches.is_empty() => difference.change_rows().to_vec(),
            _ => self.matches.clone(),
        };
        let from = self.cursor.as_ref().map_or(self.scroll, |cursor| cursor.line);
        let next = if forward {
            places.iter().find(|&&at| at > from).or(places.first())
        } else {
            places.iter().rev().find(|&&at| at < from).or(places.last())
        };
        if let Some(&next) = next {
            self.go_to(next, columns);
        }
    }

    /// Goes to a line, which becomes the first one on the screen.
    fn go_to(&mut self, line: usize, columns: usize) {
        self.scroll = line;
        self.reveal_sideways(line, columns);
        if self.cursor.is_some() {
            self.put_cursor(line);
            self.note_place();
        }
    }
}
