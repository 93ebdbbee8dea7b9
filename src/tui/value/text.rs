//! A text on the screen, cut into lines.

use crate::json;
use crate::model::{Record, Unreadable};

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
            return Self::new(String::new(), false, Some("This version has no value.".to_owned()));
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
