//! The inline JSON editor: keys and pastes in, text out; drawn from the same state without changing it.
//!
//! The text, its cursor, selection and search are a `TextArea`'s. Everything else is here: what a key does, undo steps,
//! whether the text is JSON, and how it looks (see [`draw()`]).

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use tui_textarea::{CursorMove, DataCursor, TextArea};

use crate::json::{self, Duplicate, ParseError};

mod cells;
mod draw;
mod edit;
mod keys;
mod moves;
mod search;

pub use draw::draw;
pub use keys::EDITOR_KEYS;

use edit::Steps;
use search::Search;

/// The most lines, and the most characters in a line, that the editor takes: the text area counts both in 16 bits, and
/// a few thousand are left to type.
const MAX_EXTENT: usize = 60_000;

/// A place in the text: the line and the character in it, both from 0.
type Place = (usize, usize);

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing: the key is not the editor's.
    Ignored,
    /// Something other than changing the text.
    Handled,
    /// The text changed.
    Changed,
}

/// A text that is being edited.
#[derive(Debug)]
pub struct Editor {
    area: TextArea<'static>,
    steps: Steps,
    /// The text at the start, to tell whether it changed.
    original: String,
    check: Check,
    search: Option<Search>,
    /// What was cut last.
    cut: String,
    /// What the last key has to say.
    notice: Option<String>,
    /// The column that the cursor returns to on a long enough line, while it only moves up and down.
    goal: Option<usize>,
    view: View,
}

/// The part of the text that is shown.
#[derive(Clone, Copy, Debug)]
struct View {
    /// Where the editor is drawn.
    area: Rect,
    /// The first line shown.
    top: usize,
    /// The first column shown.
    left: usize,
}

/// What is known of the present text.
#[derive(Debug, Default)]
struct Check {
    modified: bool,
    problem: Option<ParseError>,
    duplicates: Vec<Duplicate>,
}

impl Editor {
    /// Returns an editor of `text`: pretty-printed if it is JSON, else as it is, with LF for CR and CR LF.
    pub fn new(text: &str) -> Self {
        let text = presented(text);
        Self::with_original(&text, text.clone())
    }

    /// Returns an editor of `text` as it is, which counts as modified if it isn't `original`, pretty-printed as by
    /// [`Editor::new`]: for a text that was edited elsewhere.
    pub fn reopened(text: &str, original: &str) -> Self {
        Self::with_original(&edit::normalise(text), presented(original))
    }

    fn with_original(text: &str, original: String) -> Self {
        let mut area = TextArea::from(text.split('\n'));
        area.set_max_histories(0);
        let mut editor = Self {
            area,
            steps: Steps::default(),
            original,
            check: Check::default(),
            search: None,
            cut: String::new(),
            notice: None,
            goal: None,
            view: View { area: Rect::new(0, 0, 80, 24), top: 0, left: 0 },
        };
        editor.recheck();
        editor
    }

    /// Tells whether the editor can show `text`: at most 60,000 lines of at most 60,000 characters once it is
    /// pretty-printed. Larger texts are for `$EDITOR`.
    pub fn fits(text: &str) -> bool {
        match json::parse(text) {
            Ok(document) => is_within_limits(&json::pretty(&document)),
            Err(_) => is_within_limits(&edit::normalise(text)),
        }
    }

    /// Returns the text, with LF between lines.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Tells whether the text differs from what it was at the start, pretty-printed.
    pub fn is_modified(&self) -> bool {
        self.check.modified
    }

    /// Tells whether nothing was typed that could be undone.
    pub fn is_untouched(&self) -> bool {
        self.steps.is_empty()
    }

    /// Returns why the text is not JSON, if it isn't.
    pub fn problem(&self) -> Option<&ParseError> {
        self.check.problem.as_ref()
    }

    /// Returns the repeated keys of a text that is JSON: legal, but most programs see only the last one.
    pub fn duplicate_keys(&self) -> &[Duplicate] {
        &self.check.duplicates
    }

    /// Returns the cursor's line and character in it, both from 1.
    pub fn position(&self) -> (usize, usize) {
        let (line, character) = self.cursor();
        (line + 1, character + 1)
    }

    /// Tells whether the search prompt is open, and so takes Esc.
    pub fn is_searching(&self) -> bool {
        self.search.is_some()
    }

    /// Tells the editor where it is drawn, which decides how far a page is and when to scroll.
    pub fn resize(&mut self, area: Rect) {
        self.view.area = area;
        self.view = draw::scrolled(self, area);
    }

    /// Handles a key; what isn't an editing key is the caller's.
    pub fn key(&mut self, key: KeyEvent) -> Outcome {
        let outcome = keys::press(self, key);
        self.view = draw::scrolled(self, self.view.area);
        outcome
    }

    /// Inserts a pasted text in place of the selection, as one undo step; into the search prompt if that is open.
    pub fn paste(&mut self, text: &str) {
        let text = edit::normalise(text);
        self.notice = None;
        if self.search.is_some() {
            self.search_for_more(text.lines().next().unwrap_or_default());
        } else {
            self.insert(&text);
        }
        self.view = draw::scrolled(self, self.view.area);
    }

    /// Pretty-prints the text as one undo step, with the cursor at the same token.
    ///
    /// A text that isn't JSON stays as it is, and the editor says so below it.
    pub fn format(&mut self) -> Outcome {
        let text = self.text();
        let Ok(document) = json::parse(&text) else {
            return self.say("only JSON can be formatted: mend the mistake first (^E goes to it)");
        };
        let pretty = json::pretty(&document);
        if pretty == text {
            return Outcome::Handled;
        }
        if !is_within_limits(&pretty) {
            return self.say("formatted, this is more than the editor can hold: ^O opens $EDITOR");
        }
        let cursor = edit::same_token(&text, self.offset(self.cursor()), &pretty);
        self.replace(self.whole(), &pretty);
        self.jump_and_note(edit::place_of(&pretty, cursor));
        Outcome::Changed
    }

    /// Puts another text in place of all of it, as one undo step, with the cursor at the start.
    pub fn take(&mut self, text: &str) {
        let text = edit::normalise(text);
        self.replace(self.whole(), &text);
        self.jump_and_note((0, 0));
        self.view = draw::scrolled(self, self.view.area);
    }

    /// Moves the cursor to a line and a character in it, both from 0, or as near as there is one.
    pub fn go_to(&mut self, (line, character): (usize, usize)) {
        let line = line.min(self.area.lines().len() - 1);
        let (_, last) = self.end_of(line);
        self.area.cancel_selection();
        self.jump((line, character.min(last)));
        self.view = draw::scrolled(self, self.view.area);
    }

    fn cursor(&self) -> Place {
        let DataCursor(line, character) = self.area.cursor();
        (line, character)
    }

    /// Returns the selected places, if any.
    fn selection(&self) -> Option<Range<Place>> {
        self.area.selection_range().map(|(start, end)| start..end).filter(|range| !range.is_empty())
    }

    /// Moves the cursor, keeping a selection that has been started.
    fn jump(&mut self, (line, character): Place) {
        let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(short(line), short(character)));
    }

    /// Finds out what is to be known of the text after a change.
    fn recheck(&mut self) {
        let text = self.text();
        let (problem, duplicates) = match json::parse(&text) {
            Ok(document) => (None, document.duplicate_keys()),
            Err(error) => (Some(error), Vec::new()),
        };
        self.check = Check { modified: text != self.original, problem, duplicates };
    }
}

/// Returns a text as the editor opens it.
fn presented(text: &str) -> String {
    match json::parse(text) {
        Ok(document) => json::pretty(&document),
        Err(_) => edit::normalise(text).into_owned(),
    }
}

fn is_within_limits(text: &str) -> bool {
    let lines = text.split('\n');
    lines.clone().count() <= MAX_EXTENT && lines.into_iter().all(|line| line.chars().count() <= MAX_EXTENT)
}

#[cfg(test)]
mod tests;
