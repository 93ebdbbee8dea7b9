//! A difference on the screen: the newer text with the changes merged in, and unchanged runs folded.

use crate::json::{self, ChangeCounts, DiffLine, Folded, Sign};
use crate::model::Record;

/// Unchanged lines kept around a change.
const CONTEXT: usize = 3;

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
        let lines = json::line_by_line(None, &json::pretty(new));
        let counts = ChangeCounts { added: 1, ..ChangeCounts::default() };
        let folded = (0..lines.len()).map(Folded::Line).collect();
        Self { folded, lines, counts, changes: Vec::new(), title, notice: None }
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
