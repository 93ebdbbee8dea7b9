//! Moving the cursor, with or without a selection.

use tui_textarea::CursorMove;
use unicode_segmentation::UnicodeSegmentation;

use super::{Editor, Outcome, Place, cells};

/// Where the cursor can be asked to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    Left,
    Right,
    Up,
    Down,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
    PageUp,
    PageDown,
    Top,
    Bottom,
}

impl Editor {
    /// Moves the cursor; `extend` keeps a selection, or starts one where the cursor was.
    pub(super) fn go(&mut self, to: Move, extend: bool) -> Outcome {
        if !extend {
            self.area.cancel_selection();
        } else if !self.area.is_selecting() {
            self.area.start_selection();
        }
        let (line, character) = self.cursor();
        let goal = self.goal.take();
        let page = self.view.rows().saturating_sub(1).max(1);
        match to {
            Move::Left => self.jump(self.left_of((line, character))),
            Move::Right => self.jump(self.right_of((line, character))),
            Move::WordLeft => self.area.move_cursor(CursorMove::WordBack),
            Move::WordRight => self.area.move_cursor(CursorMove::WordForward),
            Move::LineStart => self.jump((line, self.line_start(line, character))),
            Move::LineEnd => self.jump(self.end_of(line)),
            Move::Top => self.jump((0, 0)),
            Move::Bottom => self.jump(self.whole().end),
            Move::Up => self.go_to_line(line.saturating_sub(1), goal),
            Move::Down => self.go_to_line(line + 1, goal),
            Move::PageUp => self.go_to_line(line.saturating_sub(page), goal),
            Move::PageDown => self.go_to_line(line + page, goal),
        }
        Outcome::Handled
    }

    /// Moves the cursor to where the text stops being JSON.
    pub(super) fn go_to_problem(&mut self) -> Outcome {
        let Some(problem) = &self.check.problem else {
            return self.say("the text is JSON: there is no mistake to go to");
        };
        let place = (problem.line - 1, problem.column - 1);
        self.area.cancel_selection();
        self.goal = None;
        self.jump(place);
        Outcome::Handled
    }

    /// Selects the whole text.
    pub(super) fn select_all(&mut self) -> Outcome {
        self.goal = None;
        self.area.select_all();
        Outcome::Handled
    }

    pub(super) fn line(&self, line: usize) -> &str {
        &self.area.lines()[line]
    }

    pub(super) fn end_of(&self, line: usize) -> Place {
        (line, self.line(line).chars().count())
    }

    /// Returns the place before the grapheme, or the line end, that is before `place`.
    pub(super) fn left_of(&self, (line, character): Place) -> Place {
        if character == 0 {
            return if line == 0 { (0, 0) } else { self.end_of(line - 1) };
        }
        let mut start = 0;
        for grapheme in self.line(line).graphemes(true) {
            let end = start + grapheme.chars().count();
            if end >= character {
                break;
            }
            start = end;
        }
        (line, start)
    }

    /// Returns the place behind the grapheme, or the line end, that is at `place`.
    pub(super) fn right_of(&self, (line, character): Place) -> Place {
        let mut end = 0;
        for grapheme in self.line(line).graphemes(true) {
            end += grapheme.chars().count();
            if end > character {
                return (line, end);
            }
        }
        if line + 1 < self.area.lines().len() { (line + 1, 0) } else { (line, end) }
    }

    /// Goes to the column that a run of moves up and down began in; beyond the text's ends, to the end itself.
    fn go_to_line(&mut self, to: usize, goal: Option<usize>) {
        let (line, character) = self.cursor();
        let goal = goal.unwrap_or_else(|| cells::column_of(self.line(line), character));
        let to = to.min(self.area.lines().len() - 1);
        self.jump((to, cells::character_at(self.line(to), goal)));
        self.goal = Some(goal);
    }

    /// Returns the first character that isn't indentation, or 0 from there.
    fn line_start(&self, line: usize, character: usize) -> usize {
        let text = self.line(line);
        let indent = text.chars().take_while(|character| *character == ' ').count();
        if character == indent { 0 } else { indent }
    }
}
