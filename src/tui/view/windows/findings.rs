//! The frame of a window whose rows arrive bit by bit: its title with the counts, its filter, and how far it was read.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::super::super::app::App;
use super::super::super::findings::{Finding, Findings};
use super::super::super::input::Input;
use super::super::super::layout::rows_of_findings;
use super::super::super::list::LoadState;
use super::super::super::theme::Role;
use super::{open, rows};
use crate::text::{count, display_safe, display_safe_lines, fit, truncate};

/// The words of a window.
pub(super) struct Words<'a> {
    /// What it lists, and of what.
    pub title: String,
    /// What a row is, one and several.
    pub unit: (&'a str, &'a str),
    /// The names of the columns.
    pub heading: String,
    /// The keys that work in it.
    pub keys: &'a str,
    /// What it says where there is nothing.
    pub nothing: &'a str,
    /// What can be typed for a filter, as long as nothing is.
    pub filters: &'a str,
    /// The line that is being typed in the place of the heading, and what it is called.
    pub typing: Option<(&'a str, &'a Input)>,
    /// What is wrong with what was typed.
    pub problem: Option<String>,
}

/// Draws a window with its rows; `line` gives the text of a row for so many columns. Returns the inside of its frame.
pub(super) fn findings<T: Finding>(
    app: &App,
    found: &Findings<T>,
    words: &Words<'_>,
    line: impl Fn(&T, usize) -> String,
    frame: &mut Frame<'_>,
    screen: Rect,
) -> Rect {
    let theme = app.theme;
    let title = format!("{}   {}", words.title, counts(found));
    let size = (screen.width.saturating_sub(4).min(140), screen.height.saturating_sub(2));
    let inner = open(app, &title, words.keys, size, frame, screen);
    let columns = usize::from(inner.width).saturating_sub(2);
    let one = |y: u16| Rect { y, height: 1, ..inner };
    let (heading, role) = match words.typing {
        Some((label, input)) => (format!("{label}  {}", with_cursor(input, true)), Role::Match),
        None => (words.heading.clone(), Role::Quiet),
    };
    let heading = truncate(&heading, columns).into_owned();
    frame.render_widget(Line::styled(format!("  {heading}"), theme.style(role)), one(inner.y));
    for (at, (row, is_selected, is_marked)) in found.on_screen(rows_of_findings(app.size)).enumerate() {
        let mark = match (is_selected, is_marked) {
            (true, true) => "▸*",
            (true, false) => "▸ ",
            (false, true) => " *",
            (false, false) => "  ",
        };
        let role = if is_selected { Role::Selected } else { Role::Text };
        let text = Span::raw(fit(&display_safe(&line(row, columns)), columns));
        let text = Line::from(vec![Span::raw(mark), text]).style(theme.style(role));
        frame.render_widget(text, one(inner.y + 1 + rows(at)));
    }
    if found.shown_len() == 0 {
        let nothing = match &found.load {
            _ if !found.is_empty() => "nothing passes the filter (Esc clears it)".to_owned(),
            LoadState::Loading(_) => "reading…".to_owned(),
            LoadState::Failed(error) => format!("{error} (^R reads again)"),
            LoadState::Stopped => "stopped before anything was found (^R reads again)".to_owned(),
            _ => words.nothing.to_owned(),
        };
        let nothing = Paragraph::new(display_safe_lines(&nothing).into_owned()).wrap(Wrap { trim: true });
        let area = Rect { x: inner.x + 2, width: inner.width.saturating_sub(4), ..inner };
        let area = Rect { y: inner.y + 2, height: inner.height.saturating_sub(3), ..area };
        frame.render_widget(nothing.style(theme.style(Role::Quiet)), area);
    }
    let (text, role) = match &words.problem {
        Some(problem) if words.typing.is_some() => (format!("✗ {}", display_safe(problem)), Role::Warning),
        _ => foot(found, words),
    };
    let text = truncate(&text, columns).into_owned();
    frame.render_widget(Line::styled(format!("  {text}"), theme.style(role)), one(inner.bottom().saturating_sub(1)));
    inner
}

/// Returns text from the store in exactly so many columns, as it will be shown: what is made visible in it counts.
pub(super) fn column(text: &str, columns: usize) -> String {
    fit(&display_safe(text), columns)
}

/// A line that is or was typed.
fn with_cursor(input: &Input, is_typed: bool) -> String {
    let (before, after) = input.split();
    format!("{}{}{}", display_safe(before), if is_typed { "▏" } else { "" }, display_safe(after))
}

fn counts<T: Finding>(found: &Findings<T>) -> String {
    let all = match (found.shown_len(), found.len()) {
        (shown, all) if shown == all => count(all),
        (shown, all) => format!("{} of {}", count(shown), count(all)),
    };
    let more = if matches!(found.load, LoadState::Complete) { "" } else { "+" };
    match found.marked() {
        0 => format!("{all}{more}"),
        marked => format!("{all}{more}, {} marked", count(marked)),
    }
}

/// What is being typed, or how far it was read.
fn foot<T: Finding>(found: &Findings<T>, words: &Words<'_>) -> (String, Role) {
    let (filter, typing) = found.filter();
    if typing || !filter.text().is_empty() {
        let typed = format!("/{}", with_cursor(filter, typing));
        return match &words.problem {
            Some(problem) => (format!("{typed}   ✗ {}", display_safe(problem)), Role::Warning),
            None if filter.text().is_empty() => (format!("{typed}  {}", words.filters), Role::Match),
            None => (typed, Role::Match),
        };
    }
    let state = match found.load {
        LoadState::New => return (String::new(), Role::Quiet),
        LoadState::Loading(_) => "reading… Esc stops   ",
        LoadState::Stopped => "stopped   ",
        LoadState::Failed(_) => "failed: this is a part   ",
        _ => "",
    };
    let progress = found.progress;
    let unit = if found.len() == 1 { words.unit.0 } else { words.unit.1 };
    let (rows, versions, subjects) = (count(found.len()), count(progress.versions), count(progress.subjects));
    // Where of each only the newest version is read, there is nothing to tell apart.
    let read = if progress.versions == progress.subjects {
        format!("among {versions} read")
    } else {
        let histories = if progress.subjects == 1 { "history" } else { "histories" };
        format!("in {versions} versions of {subjects} {histories}")
    };
    let mut text = format!("{state}{rows} {unit} {read}, {:.1} RCU", progress.cost.rcu);
    if progress.unreadable > 0 {
        text += &format!(", {} row(s) can't be read", progress.unreadable);
    }
    (text, Role::Quiet)
}
