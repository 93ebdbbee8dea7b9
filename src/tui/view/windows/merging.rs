//! Mine and theirs: what each changed, and what only a person can decide.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Block;

use super::super::super::app::App;
use super::super::super::layout::inside;
use super::super::super::overlay::{About, Merging, Question, Said, Theirs};
use super::super::super::theme::Role;
use super::{last_columns, open, rows};
use crate::json::Choice;
use crate::text::{display_safe, truncate, width};

/// Draws the window in which both become one.
pub(super) fn merging(app: &App, merging: &Merging, frame: &mut Frame<'_>, screen: Rect) {
    let keys = match (&merging.typing, merging.questions.get(merging.cursor).map(|question| &question.about)) {
        (Some(_), _) => "Enter take it  Esc leave it",
        (None, None) => "Enter look over what is written  Esc editor",
        (None, Some(About::Path(_))) => "Enter look over  Esc editor  t theirs  m mine  e type another  T M all",
        (None, Some(About::Items(_))) => {
            "Enter look over  Esc editor  t theirs  m mine  b both  e type another  T M all"
        }
        (None, Some(About::Deletion | About::Whole(_))) => "Enter look over  Esc editor  t theirs  m mine  T M all",
    };
    let (lines, at_cursor) = lines(app, merging, usize::from(screen.width.saturating_sub(10).max(58)));
    let size = (screen.width.saturating_sub(8).max(60), rows(lines.len() + 2).max(12));
    let inner = open(app, "Someone else was first; nothing you typed is lost", keys, size, frame, screen);
    let height = usize::from(inner.height);
    // The question under the cursor shows with what it offers.
    let needed = (at_cursor + QUESTION_ROWS).saturating_sub(height);
    let first = merging.scroll.unwrap_or(needed.min(at_cursor));
    let first = first.min(lines.len().saturating_sub(height));
    for (row, line) in lines.into_iter().skip(first).take(height).enumerate() {
        frame.render_widget(line, Rect { y: inner.y + rows(row), height: 1, ..inner });
    }
}

/// Rows of a question: what it is about, before, theirs, mine, another, and what is wrong with that.
const QUESTION_ROWS: usize = 6;

/// Returns all lines, and which is the first of the question under the cursor.
fn lines<'a>(app: &App, merging: &'a Merging, columns: usize) -> (Vec<Line<'a>>, usize) {
    let theme = app.theme;
    let mut lines = Vec::new();
    let mut at_cursor = 0;
    let open = merging.open_questions();
    let heading = match (merging.questions.len(), open) {
        (0, _) => "Nothing was changed by both: the changes go together.".to_owned(),
        (all, 0) => format!("Changed by both: {all}, all settled. Enter shows what is written."),
        (all, open) => format!("Changed by both: {all}, to be settled: {open}"),
    };
    let role = if open > 0 { Role::Warning } else { Role::Good };
    lines.push(Line::styled(heading, theme.style(role)));
    for (at, question) in merging.questions.iter().enumerate() {
        let is_here = at == merging.cursor;
        if is_here {
            at_cursor = lines.len();
        }
        ask(app, merging, question, is_here, columns, &mut lines);
    }
    if let Some(problem) = merging.problem.as_ref().filter(|_| merging.typing.is_none()) {
        lines.push(Line::styled(format!("✗ {}", display_safe(problem)), theme.style(Role::Warning)));
    }
    lines.push(Line::default());
    lines.extend(merging.theirs.changes.iter().map(|said| line(app, said, columns)));
    lines.push(Line::default());
    lines.extend(merging.my_changes.iter().map(|said| line(app, said, columns)));
    (lines, at_cursor)
}

fn ask<'a>(
    app: &App,
    merging: &'a Merging,
    question: &'a Question,
    is_here: bool,
    columns: usize,
    lines: &mut Vec<Line<'a>>,
) {
    let theme = app.theme;
    let about = match &question.about {
        About::Deletion => "they deleted the entry".to_owned(),
        About::Path(path) => path.clone(),
        About::Items(path) => format!("{path}  items put in by both"),
        About::Whole(reason) => format!("the whole value, because {reason}"),
    };
    let mark = if is_here { "▸ " } else { "  " };
    let role = if is_here { Role::Selected } else { Role::Strong };
    let room = columns.saturating_sub(3);
    lines.push(Line::styled(format!("{mark}{} ", truncate(&display_safe(&about), room)), theme.style(role)));
    if let (Some(base), true) = (&question.base, is_here) {
        lines.push(side(app, "     before ", base, Role::Quiet, columns));
    }
    let gone = "(not there)";
    let chosen = |is_chosen: bool| if is_chosen { "●" } else { "○" };
    let theirs = question.choice == Some(Choice::Theirs);
    let mine = question.choice == Some(Choice::Mine);
    let text = |side: &'a Option<String>| side.as_deref().unwrap_or(gone);
    let role = |is_chosen: bool| if is_chosen { Role::Good } else { Role::Text };
    lines.push(side(app, &format!("   {} theirs ", chosen(theirs)), text(&question.theirs), role(theirs), columns));
    lines.push(side(app, &format!("   {} mine   ", chosen(mine)), text(&question.mine), role(mine), columns));
    if let (Some(input), true) = (&merging.typing, is_here) {
        let (before, after) = input.split();
        let (before, after) = (display_safe(before).into_owned(), display_safe(after).into_owned());
        let before = last_columns(&before, columns.saturating_sub(14));
        lines.push(Line::from(vec![
            Span::styled("   ✎ typed  ", theme.style(Role::Strong)),
            Span::styled(before, theme.style(Role::Strong)),
            Span::styled("▏", theme.style(Role::Key)),
            Span::styled(after, theme.style(Role::Strong)),
        ]));
        if let Some(problem) = &merging.problem {
            let words = format!("     ✗ {}", truncate(&display_safe(problem), columns.saturating_sub(8)));
            lines.push(Line::styled(words, theme.style(Role::Warning)));
        }
    } else if let Some(typed) = &question.typed {
        let is_chosen = matches!(question.choice, Some(Choice::Value(_)));
        let label = format!("   {} typed  ", chosen(is_chosen));
        lines.push(side(app, &label, typed, role(is_chosen), columns));
    }
}

fn side<'a>(app: &App, label: &str, value: &str, role: Role, columns: usize) -> Line<'a> {
    let room = columns.saturating_sub(width(label));
    let value = truncate(&display_safe(value), room).into_owned();
    Line::from(vec![
        Span::styled(label.to_owned(), app.theme.style(Role::Quiet)),
        Span::styled(value, app.theme.style(role)),
    ])
}

/// Draws what they changed, in the timeline's place, while a value is edited that is older.
pub(in super::super) fn what_they_changed(app: &App, theirs: &Theirs, frame: &mut Frame<'_>, area: Rect) {
    let words = if theirs.record.is_deleted() { " It was deleted meanwhile " } else { " There is a newer version " };
    let top = Line::styled(words, app.theme.style(Role::Warning));
    let foot = Line::styled(" ^S merges both ", app.theme.style(Role::Quiet)).alignment(Alignment::Right);
    let border = app.theme.style(Role::Border);
    frame.render_widget(Block::bordered().border_style(border).title_top(top).title_bottom(foot), area);
    let inner = inside(area);
    for (row, said) in theirs.changes.iter().take(usize::from(inner.height)).enumerate() {
        let area = Rect { y: inner.y + rows(row), height: 1, ..inner };
        frame.render_widget(line(app, said, usize::from(inner.width)), area);
    }
}

fn line<'a>(app: &App, said: &Said, columns: usize) -> Line<'a> {
    let (sign, text, role) = match said {
        Said::Heading(text) => ("", text, Role::Strong),
        Said::Added(text) => ("  + ", text, Role::Added),
        Said::Removed(text) => ("  - ", text, Role::Removed),
        Said::Changed(text) => ("  ~ ", text, Role::Text),
        Said::Plain(text) => ("  ", text, Role::Quiet),
    };
    let room = columns.saturating_sub(width(sign));
    Line::styled(format!("{sign}{}", truncate(&display_safe(text), room)), app.theme.style(role))
}
