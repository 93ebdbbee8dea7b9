//! Changes to the text, all through one function, and the undo steps that they join into.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::{Editor, Outcome, Place};

/// One level of indentation, as [`json::pretty`](crate::json::pretty) writes it.
const INDENT: &str = "  ";

/// The most lines, and the most characters in a line, after an insertion: within the text area's 16 bits.
const LIMIT: usize = 65_000;

/// The most undo steps.
const MAX_STEPS: usize = 10_000;

/// The most bytes of text in all undo steps: those of formatting a value of `DynamoDB`'s largest size, 400 KB, forty
/// times.
const MAX_HISTORY: usize = 32 << 20;

/// What kind of change a step is: the like of one kind join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Typed,
    Erased,
    Whole,
}

/// What one undo takes back: one stretch of text in place of another.
#[derive(Debug)]
struct Step {
    kind: Kind,
    start: Place,
    removed: String,
    inserted: String,
    /// Where the cursor was, and where it went.
    before: Place,
    after: Place,
}

/// The history. The text area's own is off: it has a step for every character, and each costs a pass over the text.
#[derive(Debug, Default)]
pub(super) struct Steps {
    done: VecDeque<Step>,
    undone: Vec<Step>,
    /// Bytes of the texts in `done` and `undone`.
    bytes: usize,
    /// Whether the last step may still grow.
    open: bool,
}

impl Step {
    fn bytes(&self) -> usize {
        self.removed.len() + self.inserted.len()
    }

    /// Takes in the step that directly followed this one.
    fn join(&mut self, next: &Step) {
        self.inserted.push_str(&next.inserted);
        if next.start < self.start {
            // Erasing backwards.
            self.removed.insert_str(0, &next.removed);
            self.start = next.start;
        } else {
            self.removed.push_str(&next.removed);
        }
        self.after = next.after;
    }
}

impl Steps {
    /// Ends the present step: what is typed next is a step of its own.
    pub fn close(&mut self) {
        self.open = false;
    }

    /// Returns whether there is no step to undo or redo.
    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.undone.is_empty()
    }

    fn push(&mut self, step: Step) {
        let undone: usize = self.undone.drain(..).map(|step| step.bytes()).sum();
        self.bytes = self.bytes - undone + step.bytes();
        match self.done.back_mut() {
            // What typing replaces is the start of a step.
            Some(last)
                if self.open
                    && last.kind == step.kind
                    && (step.kind == Kind::Erased || step.kind == Kind::Typed && step.removed.is_empty()) =>
            {
                last.join(&step);
            }
            _ => self.done.push_back(step),
        }
        self.open = true;
        while (self.bytes > MAX_HISTORY || self.done.len() > MAX_STEPS)
            && self.done.len() > 1
            && let Some(oldest) = self.done.pop_front()
        {
            self.bytes -= oldest.bytes();
        }
    }
}

impl Editor {
    /// Replaces what is between two places as one undo step, and leaves the cursor behind it.
    pub(super) fn replace(&mut self, range: Range<Place>, text: &str) {
        self.splice(range, text, Kind::Whole);
    }

    /// Inserts `text` in place of the selection as one undo step, unless it is too much for the text area.
    pub(super) fn insert(&mut self, text: &str) -> Outcome {
        self.put(text, Kind::Whole)
    }

    /// Inserts a typed character. A closing bracket at the start of a line goes back one level.
    pub(super) fn type_character(&mut self, character: char) -> Outcome {
        let (line, column) = self.cursor();
        let before = self.before_cursor();
        let closes = matches!(character, ']' | '}') && is_indent(&before) && self.selection().is_none();
        if closes && column >= INDENT.len() {
            self.replace((line, column - INDENT.len())..(line, column), character.encode_utf8(&mut [0; 4]));
            return Outcome::Changed;
        }
        if character.is_whitespace() {
            self.steps.close();
        }
        self.put(character.encode_utf8(&mut [0; 4]), Kind::Typed)
    }

    /// Breaks the line and indents the new one: as the line is, and a level deeper behind an opening bracket.
    pub(super) fn break_line(&mut self) -> Outcome {
        let start = self.selection().map_or(self.cursor(), |range| range.start);
        let before: String = self.line(start.0).chars().take(start.1).collect();
        let indent: String = before.chars().take_while(|character| *character == ' ').collect();
        let opened = before.trim_end().chars().next_back();
        if !matches!(opened, Some('{' | '[')) {
            return self.insert(&format!("\n{indent}"));
        }
        let end = self.selection().map_or(start, |range| range.end);
        let after: String = self.line(end.0).chars().skip(end.1).collect();
        let closes =
            matches!((opened, after.trim_start().chars().next()), (Some('{'), Some('}')) | (Some('['), Some(']')));
        if !closes {
            return self.insert(&format!("\n{indent}{INDENT}"));
        }
        let outcome = self.insert(&format!("\n{indent}{INDENT}\n{indent}"));
        if outcome == Outcome::Changed {
            self.jump_and_note((start.0 + 1, indent.len() + INDENT.len()));
        }
        outcome
    }

    /// Deletes the selection, or the character before the cursor; of an indentation, a whole level.
    pub(super) fn erase_back(&mut self) -> Outcome {
        let (line, column) = self.cursor();
        let before = self.before_cursor();
        let start = if column == 0 {
            self.left_of((line, column))
        } else if is_indent(&before) {
            (line, (column - 1) / INDENT.len() * INDENT.len())
        } else {
            (line, column - before.graphemes(true).next_back().map_or(1, |last| last.chars().count()))
        };
        self.erase(start..(line, column))
    }

    /// Deletes the selection, or the character at the cursor.
    pub(super) fn erase_forward(&mut self) -> Outcome {
        let cursor = self.cursor();
        self.erase(cursor..self.right_of(cursor))
    }

    /// Deletes the selection, or back to the start of the word.
    pub(super) fn erase_word(&mut self) -> Outcome {
        let end = self.cursor();
        if self.selection().is_none() {
            self.area.cancel_selection();
            self.area.move_cursor(tui_textarea::CursorMove::WordBack);
        }
        let start = self.cursor();
        self.erase(start..end)
    }

    /// Takes a level of indentation away from the line.
    pub(super) fn outdent(&mut self) -> Outcome {
        let (line, column) = self.cursor();
        let spaces = self.line(line).chars().take(INDENT.len()).take_while(|character| *character == ' ').count();
        if spaces == 0 {
            return Outcome::Handled;
        }
        self.replace((line, 0)..(line, spaces), "");
        self.jump_and_note((line, column.saturating_sub(spaces)));
        Outcome::Changed
    }

    /// Cuts the selection, or the line with its end.
    pub(super) fn cut(&mut self) -> Outcome {
        let (line, _) = self.cursor();
        let range = self.selection().unwrap_or_else(|| {
            let next = if line + 1 < self.area.lines().len() { (line + 1, 0) } else { self.end_of(line) };
            (line, 0)..next
        });
        if range.is_empty() {
            return Outcome::Handled;
        }
        self.cut = self.text_between(range.clone());
        self.replace(range, "");
        Outcome::Changed
    }

    /// Inserts what was cut last.
    pub(super) fn insert_cut(&mut self) -> Outcome {
        let cut = self.cut.clone();
        if cut.is_empty() { Outcome::Handled } else { self.insert(&cut) }
    }

    /// Takes the last step back.
    pub(super) fn undo(&mut self) -> Outcome {
        let Some(step) = self.steps.done.pop_back() else {
            return self.say("nothing to undo");
        };
        self.exchange(step.start..end_of_text(step.start, &step.inserted), &step.removed);
        let cursor = step.before;
        self.steps.undone.push(step);
        self.after_history(cursor)
    }

    /// Does the last step that was taken back again.
    pub(super) fn redo(&mut self) -> Outcome {
        let Some(step) = self.steps.undone.pop() else {
            return self.say("nothing to redo");
        };
        self.exchange(step.start..end_of_text(step.start, &step.removed), &step.inserted);
        let cursor = step.after;
        self.steps.done.push_back(step);
        self.after_history(cursor)
    }

    /// Moves the cursor as a part of the last step, so that redoing it ends there too.
    pub(super) fn jump_and_note(&mut self, place: Place) {
        self.jump(place);
        if let Some(step) = self.steps.done.back_mut() {
            step.after = place;
        }
    }

    /// Returns the whole text's places.
    pub(super) fn whole(&self) -> Range<Place> {
        (0, 0)..self.end_of(self.area.lines().len() - 1)
    }

    /// Returns the byte offset of a place in [`Editor::text`].
    pub(super) fn offset(&self, (line, character): Place) -> usize {
        let lines = self.area.lines();
        let before: usize = lines[..line].iter().map(|line| line.len() + 1).sum();
        before + lines[line].char_indices().nth(character).map_or(lines[line].len(), |(offset, _)| offset)
    }

    /// Leaves a message until the next key.
    pub(super) fn say(&mut self, notice: &str) -> Outcome {
        self.notice = Some(notice.to_owned());
        Outcome::Handled
    }

    fn put(&mut self, text: &str, kind: Kind) -> Outcome {
        let range = self.selection().unwrap_or_else(|| self.cursor()..self.cursor());
        if text.is_empty() && range.is_empty() {
            return Outcome::Handled;
        }
        if !self.has_room(range.start.0, text) {
            return self.say("this is more than the editor can hold: ^O opens $EDITOR");
        }
        self.splice(range, text, kind);
        Outcome::Changed
    }

    fn has_room(&self, line: usize, text: &str) -> bool {
        let longest = text.split('\n').map(|line| line.chars().count()).max().unwrap_or_default();
        self.area.lines().len() + text.matches('\n').count() <= LIMIT
            && self.line(line).chars().count() + longest <= LIMIT
    }

    fn erase(&mut self, range: Range<Place>) -> Outcome {
        let (range, kind) = match self.selection() {
            Some(selection) => (selection, Kind::Whole),
            None => (range, Kind::Erased),
        };
        if range.is_empty() {
            return Outcome::Handled;
        }
        self.splice(range, "", kind);
        Outcome::Changed
    }

    fn splice(&mut self, range: Range<Place>, text: &str, kind: Kind) {
        let (start, before) = (range.start, self.cursor());
        let removed = self.text_between(range.clone());
        self.exchange(range, text);
        self.steps.push(Step { kind, start, removed, inserted: text.to_owned(), before, after: self.cursor() });
        self.recheck();
    }

    /// Replaces text without a trace in the history.
    fn exchange(&mut self, range: Range<Place>, text: &str) {
        self.area.cancel_selection();
        self.jump(range.start);
        if !range.is_empty() {
            self.area.start_selection();
            self.jump(range.end);
        }
        self.area.insert_str(text);
        self.area.cancel_selection();
    }

    fn text_between(&self, range: Range<Place>) -> String {
        if range.is_empty() {
            return String::new();
        }
        let bytes = self.offset(range.start)..self.offset(range.end);
        self.text().drain(bytes).collect()
    }

    fn after_history(&mut self, cursor: Place) -> Outcome {
        self.steps.close();
        self.jump(cursor);
        self.recheck();
        Outcome::Changed
    }

    fn before_cursor(&self) -> String {
        let (line, column) = self.cursor();
        self.line(line).chars().take(column).collect()
    }
}

fn is_indent(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character == ' ')
}

/// Returns where `text` ends if it starts at `start`.
fn end_of_text(start: Place, text: &str) -> Place {
    let (lines, characters) = place_of(text, text.len());
    if lines == 0 { (start.0, start.1 + characters) } else { (start.0 + lines, characters) }
}

/// Returns `text` with LF for CR and CR LF: terminals paste line ends as CR.
pub(super) fn normalise(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// Returns the byte offset in `formatted` of the token at `offset` in `text`, which differs only in white space between
/// tokens: so many characters other than white space come before it.
pub(super) fn same_token(text: &str, offset: usize, formatted: &str) -> usize {
    let is_space = |character: char| matches!(character, ' ' | '\n' | '\t');
    let before = text[..offset].chars().filter(|character| !is_space(*character)).count();
    let at_token = text[offset..].starts_with(|character| !is_space(character));
    let mut tokens = formatted.char_indices().filter(|(_, character)| !is_space(*character));
    if at_token {
        return tokens.nth(before).map_or(formatted.len(), |(offset, _)| offset);
    }
    let last = before.checked_sub(1).and_then(|index| tokens.nth(index));
    last.map_or(0, |(offset, character)| offset + character.len_utf8())
}

/// Returns the place of a byte offset in `text`.
pub(super) fn place_of(text: &str, offset: usize) -> Place {
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count(), before[line_start..].chars().count())
}
