//! One line of text being typed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation;

/// A line of text and the place of the cursor in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    text: String,
    /// A byte offset, at the start of a grapheme or at the end.
    cursor: usize,
}

impl Input {
    /// Returns a line with the cursor at its end.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.len(), text }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text before the cursor and after it.
    pub fn split(&self) -> (&str, &str) {
        self.text.split_at(self.cursor)
    }

    /// Edits the line. Returns whether the key was one for it.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('u') if ctrl => {
                self.text.drain(..self.cursor);
                self.cursor = 0;
            }
            KeyCode::Char('w') if ctrl => {
                let kept = self.text[..self.cursor].trim_end();
                let word = kept.rfind(char::is_whitespace).map_or(0, |space| space + 1);
                self.text.drain(word..self.cursor);
                self.cursor = word;
            }
            KeyCode::Char('a') if ctrl => self.cursor = 0,
            KeyCode::Char('e') if ctrl => self.cursor = self.text.len(),
            KeyCode::Char(char) if !ctrl && !key.modifiers.contains(KeyModifiers::ALT) => {
                self.insert(&char.to_string());
            }
            KeyCode::Backspace => {
                let before = self.before();
                self.text.drain(before..self.cursor);
                self.cursor = before;
            }
            KeyCode::Delete => {
                let after = self.after();
                self.text.drain(self.cursor..after);
            }
            KeyCode::Left => self.cursor = self.before(),
            KeyCode::Right => self.cursor = self.after(),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            _ => return false,
        }
        true
    }

    /// Inserts a text at the cursor; line ends become spaces.
    pub fn insert(&mut self, text: &str) {
        let text = text.replace(['\r', '\n', '\t'], " ");
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(start, _)| start)
    }

    fn after(&self) -> usize {
        self.cursor + self.text[self.cursor..].graphemes(true).next().map_or(0, str::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(input: &mut Input, code: KeyCode, modifiers: KeyModifiers) {
        assert!(input.key(KeyEvent::new(code, modifiers)));
    }

    #[test]
    fn the_cursor_moves_and_erases_by_what_a_person_sees_as_a_character() {
        let mut input = Input::new("a👩‍👩‍👧é");
        press(&mut input, KeyCode::Left, KeyModifiers::NONE);
        press(&mut input, KeyCode::Backspace, KeyModifiers::NONE);
        assert_eq!(input.split(), ("a", "é"));
        press(&mut input, KeyCode::Delete, KeyModifiers::NONE);
        press(&mut input, KeyCode::Char('b'), KeyModifiers::NONE);
        assert_eq!(input.text(), "ab");
    }

    #[test]
    fn words_and_the_line_are_erased_with_the_shells_keys() {
        let mut input = Input::new("one two ");
        press(&mut input, KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert_eq!(input.text(), "one ");
        press(&mut input, KeyCode::Char('u'), KeyModifiers::CONTROL);
        assert_eq!(input.text(), "");
    }

    #[test]
    fn a_pasted_text_stays_on_one_line() {
        let mut input = Input::default();
        input.insert("a\r\nb");
        assert_eq!(input.text(), "a  b");
    }
}
