//! The value pane: the shown version's text, or its difference from another one, with scroll and search.

use crate::json::{self, ChangeCounts, DiffLine, Folded, Sign};
use crate::model::{Record, Unreadable};
use crate::text::{display_safe, width};
use crate::tui::input::Input;
use crate::tui::list::contains;

/// Unchanged lines kept around a change.
const CONTEXT: usize = 3;

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

/// A text cut into lines.
#[derive(Clone, Debug, Default)]
pub struct Text {
    whole: String,
    /// Where each line starts.
    starts: Vec<usize>,
    /// The lines are JSON, to be highlighted.
    pub is_json: bool,
    /// What there is to say of the text.
    pub notice: Option<String>,
}

impl Text {
    /// Cuts a text into lines.
    pub fn new(text: String, is_json: bool, notice: Option<String>) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { whole: text, starts, is_json, notice }
    }

    /// Returns the text of a version's value: pretty-printed where it is JSON, else as it is, and why.
    pub fn of(record: &Record) -> Self {
        let Some(value) = &record.value else {
            let notice = "This version has no value: it was written by a rename without one.";
            return Self::new(String::new(), false, Some(notice.to_owned()));
        };
        match json::parse(value) {
            Ok(document) => {
                let duplicates = document.duplicate_keys();
                let notice = duplicates.first().map(|first| {
                    format!("{} key(s) stand twice in an object, the first is {}", duplicates.len(), first.path)
                });
                Self::new(json::pretty(&document), true, notice)
            }
            Err(error) => Self::new(value.clone(), false, Some(format!("Not JSON: {error}. Shown as it is stored."))),
        }
    }

    /// Returns the text of a row that can't be read.
    pub fn of_unreadable(row: &Unreadable) -> Self {
        let mut text = format!("hash key: {}\nsort key: {}", row.partition, row.sort);
        for (name, value) in &row.attributes {
            text += &format!("\n{name}: {value}");
        }
        let notice = format!("This row is not in the format of dynamodb-mini: {}. Shown as it is stored.", row.reason);
        Self::new(text, false, Some(notice))
    }

    /// Returns the number of lines.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Returns whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// Returns a line without its end.
    pub fn line(&self, at: usize) -> &str {
        let Some(&start) = self.starts.get(at) else { return "" };
        let end = self.starts.get(at + 1).map_or(self.whole.len(), |next| next - 1);
        &self.whole[start..end]
    }
}

/// The difference between two versions, as the newer one's text with the changes merged in.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The lines.
    pub lines: Vec<DiffLine>,
    /// The lines on the screen, with unchanged runs folded.
    pub folded: Vec<Folded>,
    /// How many paths changed.
    pub counts: ChangeCounts,
    /// The paths that changed, with what was there and what is.
    pub changes: Vec<json::Change>,
    /// What is compared with what, old first.
    pub title: String,
    /// Why there is nothing to compare.
    pub notice: Option<String>,
}

impl Difference {
    /// Compares two texts by path. An absent old one is like an empty one: all is added.
    pub fn new(old: Option<&str>, new: &str, title: String) -> Self {
        let parsed = (old.map(json::parse).transpose(), json::parse(new));
        let (old, new) = match parsed {
            (Ok(old), Ok(new)) => (old, new),
            (Err(error), _) => {
                return Self::impossible(
                    title,
                    &format!("The older value is not JSON: {error}. Only JSON can be compared by path."),
                );
            }
            (_, Err(error)) => {
                return Self::impossible(
                    title,
                    &format!("The newer value is not JSON: {error}. Only JSON can be compared by path."),
                );
            }
        };
        let Some(old) = old else { return Self::created(&new, title) };
        let (changes, lines) = json::compare(&old, &new);
        let counts = ChangeCounts::of(&changes);
        Self { folded: json::fold(&lines, CONTEXT), lines, counts, changes, title, notice: None }
    }

    /// Compares two versions, names too: a change of name stands in the title.
    pub fn between(old: &Record, new: &Record, title: String) -> Self {
        let title = match (&old.name, &new.name) {
            (a, b) if a == b => title,
            (a, b) => {
                let shown = |name: &Option<String>| name.as_deref().map_or_else(|| "(no name)".to_owned(), json::quote);
                format!("{title}   name {} → {}", shown(a), shown(b))
            }
        };
        match (old.value.as_deref(), new.value.as_deref()) {
            (Some(old), Some(new)) => Self::new(Some(old), new, title),
            (None, None) => Self::impossible(title, "Neither version has a value."),
            (None, Some(_)) => Self::impossible(title, "The older version has no value."),
            (Some(_), None) => Self::impossible(title, "The newer version has no value."),
        }
    }

    /// A version with nothing before it: each line is added.
    fn created(new: &json::Document<'_>, title: String) -> Self {
        let text = json::pretty(new);
        let line = |(at, text): (usize, &str)| DiffLine {
            sign: Sign::Added,
            old_line: None,
            new_line: Some(at + 1),
            text: text.to_owned(),
            change: None,
        };
        let lines: Vec<DiffLine> = text.split('\n').enumerate().map(line).collect();
        let counts = ChangeCounts { added: 1, ..ChangeCounts::default() };
        Self {
            folded: (0..lines.len()).map(Folded::Line).collect(),
            lines,
            counts,
            changes: Vec::new(),
            title,
            notice: None,
        }
    }

    /// Says why two versions can't be compared.
    pub fn impossible(title: String, notice: &str) -> Self {
        Self {
            lines: Vec::new(),
            folded: Vec::new(),
            counts: ChangeCounts::default(),
            changes: Vec::new(),
            title,
            notice: Some(notice.to_owned()),
        }
    }

    /// Returns whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.sign == Sign::Same)
    }

    /// Returns the rows on the screen where a change begins.
    pub fn change_rows(&self) -> Vec<usize> {
        let changed = |row: &usize| matches!(self.folded[*row], Folded::Line(at) if self.lines[at].sign != Sign::Same);
        let rows = (0..self.folded.len()).filter(changed);
        rows.filter(|row| row.checked_sub(1).is_none_or(|above| !changed(&above))).collect()
    }
}

impl From<Difference> for Value {
    fn from(difference: Difference) -> Self {
        Self { body: Body::Difference(difference), ..Self::default() }
    }
}

impl Value {
    /// Shows another body. The scroll stays where the new one is long enough, so that stepping through versions keeps
    /// the place.
    pub fn show(&mut self, body: Body, height: usize) {
        self.body = body;
        self.scroll = self.scroll.min(self.len().saturating_sub(height.max(1)));
        self.find();
    }

    /// Goes back to the beginning, for another subject.
    pub fn rewind(&mut self) {
        self.scroll = 0;
        self.column = 0;
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
            isize::MIN => self.rewind(),
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
        match &self.body {
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
            self.scroll = found;
        }
    }

    /// Goes to the next place, or the one before: of the search, or else of the changes. Goes round at the ends.
    pub fn step(&mut self, forward: bool) {
        let places = match &self.body {
            Body::Difference(difference) if self.search.text().is_empty() => difference.change_rows(),
            _ => self.matches.clone(),
        };
        let next = if forward {
            places.iter().find(|&&at| at > self.scroll).or(places.first())
        } else {
            places.iter().rev().find(|&&at| at < self.scroll).or(places.last())
        };
        if let Some(&next) = next {
            self.scroll = next;
        }
    }
}
