//! The windows over the panes.

mod as_of;
mod changes;
mod comparison;
mod drafts;
mod findings;
mod journal;
mod merging;
mod planning;
mod search;
mod trash;

pub(super) use merging::what_they_changed;

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph, Wrap};

use super::super::app::App;
use super::super::help;
use super::super::input::Input;
use super::super::layout::{columns_of_review, inside};
use super::super::overlay::{Choice, Decision, Form, FormKind, Goal, Overlay, Reading, Review};
use super::super::theme::Role;
use super::super::value::Body;
use super::pane::{focus_style, hints};
use super::value::body;
use crate::text::{display_safe, fit, truncate, width};

/// Draws a window.
pub(super) fn window(app: &App, overlay: &Overlay, frame: &mut Frame<'_>, screen: Rect) {
    match overlay {
        Overlay::Help { scroll } => keys(app, *scroll, frame, screen),
        Overlay::AsOf(window) => as_of::as_of(app, window, frame, screen),
        Overlay::Choice(choice) => ask(app, choice, frame, screen),
        Overlay::Form(form) => fill_in(app, form, frame, screen),
        Overlay::Review(review) => look_over(app, review, frame, screen),
        Overlay::Merging(merging) => merging::merging(app, merging, frame, screen),
        Overlay::Drafts { cursor } => drafts::drafts(app, *cursor, frame, screen),
        Overlay::Trash(trash) => trash::trash(app, trash, frame, screen),
        Overlay::Changes(changes) => changes::changes(app, changes, frame, screen),
        Overlay::Search(search) => search::search(app, search, frame, screen),
        Overlay::Planning(planning) => planning::planning(app, planning, frame, screen),
        Overlay::Comparison(comparison) => comparison::comparison(app, comparison, frame, screen),
        Overlay::Looking(looking) => comparison::looking(app, looking, frame, screen),
        Overlay::Journal { cursor } => journal::journal(app, *cursor, frame, screen),
    }
}

/// Clears a place in the middle of the screen and draws a frame there; returns its inside.
fn open(app: &App, title: &str, keys: &str, size: (u16, u16), frame: &mut Frame<'_>, screen: Rect) -> Rect {
    let (columns, rows) = (size.0.min(screen.width), size.1.min(screen.height));
    let area = Rect {
        x: screen.x + (screen.width - columns) / 2,
        y: screen.y + (screen.height - rows) / 2,
        width: columns,
        height: rows,
    };
    blank_half_covered(frame, area);
    frame.render_widget(Clear, area);
    let mark = if app.connection.is_protected { format!(" {} PROTECTED ", app.connection.name) } else { String::new() };
    let mark = display_safe(&mark).into_owned();
    let room = usize::from(columns).saturating_sub(4 + width(&mark));
    let title = truncate(&display_safe(title), room).into_owned();
    let mark = Line::styled(mark, app.theme.marked(Role::Protected, app.connection.colour));
    let block = Block::bordered()
        .border_type(BorderType::Thick)
        .border_style(focus_style(app))
        .title_top(mark.alignment(Alignment::Right))
        .title_top(Line::styled(format!(" {title} "), app.theme.style(Role::Focus)))
        .title_bottom(Line::styled(hints(keys, columns), app.theme.style(Role::Quiet)).alignment(Alignment::Right));
    frame.render_widget(block, area);
    inside(area)
}

/// A wide character that a window covers by half would shift what follows it: it goes altogether.
fn blank_half_covered(frame: &mut Frame<'_>, area: Rect) {
    let Some(left) = area.x.checked_sub(1) else { return };
    for y in area.top()..area.bottom() {
        if let Some(cell) = frame.buffer_mut().cell_mut((left, y)).filter(|cell| width(cell.symbol()) > 1) {
            cell.set_symbol(" ");
        }
    }
}

/// Rows as a window's size; a window is never larger than the screen.
fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn keys(app: &App, scroll: usize, frame: &mut Frame<'_>, screen: Rect) {
    let pane = app.editing.is_none().then_some(app.focus);
    let keys = help::keys(pane);
    let size = (84, rows(keys.len() + 2));
    let title = if pane.is_some() { "Keys that work here" } else { "Keys of the editor" };
    let inner = open(app, title, "j k scroll  Esc close", size, frame, screen);
    let room = usize::from(inner.width).saturating_sub(16);
    let lines: Vec<Line<'_>> = keys
        .into_iter()
        .skip(scroll)
        .take(usize::from(inner.height))
        .map(|(key, what)| {
            Line::from(vec![
                Span::styled(format!(" {} ", fit(key, 14)), app.theme.style(Role::Key)),
                Span::styled(truncate(what, room).into_owned(), app.theme.style(Role::Text)),
            ])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

fn ask(app: &App, choice: &Choice, frame: &mut Frame<'_>, screen: Rect) {
    let columns = rows(choice.text.iter().map(|line| width(line)).max().unwrap_or(0)).clamp(46, 86) + 6;
    let columns = columns.min(screen.width);
    let wrapped = |line: &String| width(line).div_ceil(usize::from(columns.saturating_sub(4).max(1))).max(1);
    let height: usize = choice.text.iter().map(wrapped).sum::<usize>() + choice.answers.len() + 3;
    let writes =
        choice.answers.iter().any(|answer| matches!(&answer.decision, Decision::Write(_) | Decision::Confirmed(_)));
    let keys = if writes {
        "Enter do  Esc back  ↑ ↓ choose  y copy command"
    } else {
        "Enter do  Esc back  ↑ ↓ choose"
    };
    let inner = open(app, &choice.title, keys, (columns, rows(height)), frame, screen);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let answers = rows(choice.answers.len()).min(inner.height);
    let text = choice.text.iter().map(|line| Line::raw(display_safe(line).into_owned())).collect::<Vec<_>>();
    let above = Rect { height: inner.height.saturating_sub(answers), ..inner };
    frame.render_widget(Paragraph::new(text).style(app.theme.style(Role::Text)).wrap(Wrap { trim: false }), above);
    for (at, answer) in choice.answers.iter().enumerate().take(usize::from(answers)) {
        let is_chosen = at == choice.cursor;
        let mark = if is_chosen { "▸ " } else { "  " };
        let role = if is_chosen { Role::Selected } else { Role::Text };
        let words =
            format!("{mark}{}", truncate(&display_safe(&answer.words), usize::from(inner.width).saturating_sub(2)));
        let y = inner.y + above.height + rows(at);
        frame.render_widget(Line::styled(words, app.theme.style(role)), Rect { y, height: 1, ..inner });
    }
}

fn fill_in(app: &App, form: &Form, frame: &mut Frame<'_>, screen: Rect) {
    let theme = app.theme;
    let about = form.about().map(|about| display_safe(&about).into_owned());
    let problem = form.problem.as_ref().map(|problem| format!("✗ {}", display_safe(problem)));
    let columns = screen.width.min(64);
    // Lines break between words, and so come to a little more than the text has columns.
    let wrapped = |text: &String| width(text).div_ceil(usize::from(columns.saturating_sub(12).max(1)));
    let above = about.as_ref().map_or(0, |about| wrapped(about) + 1);
    let below = problem.as_ref().map_or(1, wrapped);
    let height = rows(form.fields.len() * 2 + 2 + above + below);
    let keys = match (&form.sent, &form.kind) {
        (Some(_), _) => "being written…",
        (None, FormKind::Moment { goal: Goal::BringBack(_), .. }) => "Enter plan  Esc close",
        (None, FormKind::Moment { goal: Goal::Compare(_), .. }) => "Enter compare  Esc close",
        (None, FormKind::Entry { .. } | FormKind::Unlock) => "Enter done  Esc close",
        (None, _) if form.fields.len() > 1 => "Enter done  Esc close  Tab next  ^Y copy command",
        (None, _) => "Enter done  Esc close  ^Y copy command",
    };
    let inner = open(app, &form.title(), keys, (columns, height), frame, screen);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let room = usize::from(inner.width).saturating_sub(14);
    let mut lines: Vec<Line<'_>> = about.into_iter().flat_map(|about| [Line::raw(about), Line::default()]).collect();
    for (at, (name, input)) in form.fields.iter().enumerate() {
        let mut spans = vec![Span::styled(format!("{} ", fit(name, 12)), theme.style(Role::Quiet))];
        spans.extend(typed(app, input, at == form.cursor, room));
        lines.push(Line::from(spans));
        let stored = if *name == "user" { form.stored_user() } else { None };
        if let Reading::Then(moment) = form.moment(app.now, &app.zone) {
            let read =
                format!("{:13}{}, {}", "", app.when(moment.version().ms(), true), app.ago(moment.version().ms()));
            lines.push(Line::styled(read, theme.style(Role::Quiet)));
            continue;
        }
        lines.push(match stored {
            Some(Some(user)) => Line::styled(format!("{:13}stored as {user}", ""), theme.style(Role::Warning)),
            Some(None) => Line::styled(format!("{:13}nothing of it can be stored", ""), theme.style(Role::Warning)),
            None => Line::default(),
        });
    }
    lines.extend(problem.map(|problem| Line::styled(problem, theme.style(Role::Warning))));
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), inner);
}

/// Returns a line that is typed, with its cursor where it has it.
fn typed<'a>(app: &App, input: &Input, has_cursor: bool, room: usize) -> Vec<Span<'a>> {
    let theme = app.theme;
    let (before, after) = input.split();
    let (before, after) = (display_safe(before).into_owned(), display_safe(after).into_owned());
    let before = last_columns(&before, room.saturating_sub(1));
    if !has_cursor {
        return vec![Span::styled(format!("{before}{after}"), theme.style(Role::Text))];
    }
    let under = after.chars().next().map_or(" ".to_owned(), |char| char.to_string());
    let rest = after.get(under.len()..).unwrap_or_default().to_owned();
    vec![
        Span::styled(before, theme.style(Role::Strong)),
        Span::styled(under, theme.style(Role::Selected)),
        Span::styled(rest, theme.style(Role::Strong)),
    ]
}

/// Returns the end of a text that fits, so that the cursor behind it shows.
fn last_columns(text: &str, columns: usize) -> String {
    let mut start = 0;
    while width(&text[start..]) > columns {
        start += text[start..].chars().next().map_or(1, char::len_utf8);
    }
    text[start..].to_owned()
}

fn look_over(app: &App, review: &Review, frame: &mut Frame<'_>, screen: Rect) {
    let height = rows(review.value.len() + 5 + usize::from(review.value.notice().is_some()) * 2);
    let keys = if review.awaited.is_some() {
        "Esc back"
    } else if review.sent.is_some() {
        "being written…"
    } else if review.is_noting {
        "Enter write it  Esc back to the changes"
    } else if review.note.is_some() {
        "Enter write it  Esc back  Tab note  y copy command  n N changes"
    } else {
        "Enter write it  Esc back  y copy command  n N changes"
    };
    let note = review.note.as_ref().filter(|note| review.is_noting || !note.text().is_empty());
    let height = height + if note.is_some() { 2 } else { 0 };
    let columns = columns_of_review(screen);
    let size = (columns, height.clamp(10, screen.height.saturating_sub(4).max(10)));
    let inner = open(app, &review.title, keys, size, frame, screen);
    // A mark, or a name that changed, is no change of the value.
    let what = match &review.value.body {
        Body::Difference(difference) => format!(" {}   {}", difference.title, difference.counted()),
        _ => " comparing…".to_owned(),
    };
    frame.render_widget(
        Line::styled(display_safe(&what).into_owned(), app.theme.style(Role::Strong)),
        Rect { height: 1, ..inner },
    );
    let mut below = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner };
    if let Some(note) = note {
        below.height = below.height.saturating_sub(2);
        let mut line = vec![Span::styled(" note  ", app.theme.style(Role::Quiet))];
        line.extend(typed(app, note, review.is_noting, usize::from(inner.width).saturating_sub(8)));
        frame.render_widget(Line::from(line), Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner });
    }
    body(&review.value, app.theme, None, frame, below);
}
