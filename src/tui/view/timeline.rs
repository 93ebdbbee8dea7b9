//! The timeline: the versions of what is selected, newest first.

use ratatui::Frame;
use ratatui::layout::{Alignment, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::super::app::App;
use super::super::layout::inside;
use super::super::list::LoadState;
use super::super::pane::Pane;
use super::super::theme::Role;
use super::super::timeline::{self, Timeline};
use super::course;
use super::lists::reading;
use super::pane::{block, counted, hints, selection, title, way};
use super::windows::what_they_changed;
use crate::history::Step;
use crate::model::Record;
use crate::text::{age, display_safe, fit, size, truncate, width};

/// From this width on a line has the date with its year and the seconds.
const WIDE: u16 = 74;

/// Draws the timeline; where something newer was written under an edit, what that changed.
pub(super) fn timeline(app: &App, frame: &mut Frame<'_>, area: Rect) {
    if let Some(theirs) = app.editing.as_ref().and_then(|editing| editing.theirs.as_ref()) {
        return what_they_changed(app, theirs, frame, area);
    }
    let pane = Pane::Timeline;
    let timeline = app.timeline();
    let counts = timeline.map(|timeline| versions(app, timeline)).unwrap_or_default();
    let name = match timeline.and_then(Timeline::newest) {
        Some(newest) => format!("Timeline  {}", newest.name.as_deref().unwrap_or("(no name)")),
        None => "Timeline".to_owned(),
    };
    let block = block(app, pane, title(app, pane, &name, &counts));
    let room = area.width.saturating_sub(2);
    let base = base(app, room);
    let slider = timeline.and_then(|timeline| course::slider(app, timeline)).unwrap_or_default();
    // What is marked goes before where one is: the rows say that too.
    let (base, slider) =
        if base.width() + slider.width() <= usize::from(room) { (base, slider) } else { (base, Line::default()) };
    let taken = u16::try_from(base.width() + slider.width() + 1).unwrap_or(area.width);
    let keys = match app.as_of {
        Some(_) => "[ older  ] newer  m mark  T now",
        None => "[ older  ] newer  m mark  r restore",
    };
    let keys = hints(keys, area.width.saturating_sub(taken));
    let keys = Line::styled(keys, app.theme.style(Role::Quiet));
    let left: Line<'_> = slider.into_iter().chain(base).collect();
    let block = block.title_bottom(left);
    let block = if timeline.is_some() { block.title_bottom(keys.alignment(Alignment::Right)) } else { block };
    frame.render_widget(block, area);
    let mut inner = inside(area);
    if let Some(timeline) = timeline.filter(|_| app.shows_charts()) {
        inner.height -= 1;
        course::charts(app, timeline, frame, Rect { y: inner.bottom(), height: 1, ..inner });
    }
    match timeline {
        Some(timeline) if !timeline.is_empty() => {
            for (row, at) in (timeline.offset..timeline.len()).take(usize::from(inner.height)).enumerate() {
                let y = inner.y + u16::try_from(row).unwrap_or(0);
                frame.render_widget(line(app, timeline, at, inner.width), Rect { y, height: 1, ..inner });
            }
        }
        other => {
            let words = match other.map(|timeline| &timeline.load) {
                None => "Versions show here for a collection or an entry.".to_owned(),
                Some(LoadState::Failed(error)) => format!("{} (^R tries again)", display_safe(&error.to_string())),
                Some(LoadState::Stopped) => "stopped; ^R reads again".to_owned(),
                Some(LoadState::Complete) => "no versions".to_owned(),
                Some(_) => reading(app).to_owned(),
            };
            let words = Paragraph::new(words).style(app.theme.style(Role::Quiet)).wrap(Wrap { trim: true });
            frame.render_widget(words, inner);
        }
    }
}

/// Returns what is marked as the base of differences, and where it is; of a long way there, its end.
fn base(app: &App, columns: u16) -> Line<'static> {
    let Some(mark) = &app.mark else { return Line::default() };
    let when = app.when(mark.record.version.ms(), columns >= WIDE);
    if app.subject().as_ref() == Some(&mark.record.subject) {
        return Line::styled(format!(" ◆ base: {when} "), app.theme.style(Role::Match));
    }
    let names: Vec<String> = mark.names.iter().map(|name| display_safe(name).into_owned()).collect();
    let room = usize::from(columns).saturating_sub(width(&when) + 14);
    Line::styled(format!(" ◆ base: {}  {when} ", way(&names, room)), app.theme.style(Role::Match))
}

fn versions(app: &App, timeline: &Timeline) -> String {
    match counted(app, timeline.versions(), &timeline.load) {
        empty if empty.is_empty() => empty,
        one if one == "1" => "1 version".to_owned(),
        counted => match counted.strip_suffix(" loaded") {
            Some(some) => format!("{some} versions loaded"),
            None => format!("{counted} versions"),
        },
    }
}

fn line<'a>(app: &App, timeline: &Timeline, at: usize, columns: u16) -> Line<'a> {
    let is_selected = at == timeline.selected();
    let theme = app.theme;
    let style = |role| {
        let style = theme.style(role);
        if is_selected { style.patch(selection(app, Pane::Timeline)) } else { style }
    };
    let mark = if is_selected { "▸" } else { " " };
    let mut spans = vec![Span::styled(mark, style(Role::Text))];
    match timeline.line(at) {
        None => {}
        Some(timeline::Line::Unreadable(row)) => {
            let text = format!("? {}: {}", row.reason, display_safe(&row.sort));
            spans.push(Span::styled(text, style(Role::Warning)));
        }
        Some(timeline::Line::Deleted(record)) => deleted(app, record, columns, &mut spans, &style),
        Some(timeline::Line::Written(record, step)) => {
            let is_newest = timeline.newest().is_some_and(|newest| newest.version == record.version);
            written(app, record, step, is_newest, columns, &mut spans, &style);
        }
    }
    fill(spans, usize::from(columns), style(Role::Text))
}

fn written(
    app: &App,
    record: &Record,
    step: Option<&Step>,
    is_newest: bool,
    columns: u16,
    spans: &mut Vec<Span<'_>>,
    style: &impl Fn(Role) -> Style,
) {
    let is_base = app.is_marked(record);
    let pointed = app.pointed().filter(|credit| credit.version == record.version);
    let glyph = match (pointed.is_some(), is_base, is_newest) {
        (true, _, _) => "▶",
        (false, true, _) => "◆",
        (false, false, true) => "●",
        (false, false, false) => "│",
    };
    let role = if is_base || pointed.is_some() { Role::Match } else { Role::Quiet };
    spans.push(Span::styled(format!("{glyph} "), style(role)));
    let wide = columns >= WIDE;
    spans.push(Span::styled(app.when(record.version.ms(), wide), style(Role::Text)));
    spans.push(Span::styled(format!(" {:>4}  ", age(record.version.ms(), app.now)), style(Role::Quiet)));
    if wide {
        let size = record.value.as_ref().map_or_else(String::new, |value| size(value.len()));
        spans.push(Span::styled(format!("{size:>6}  "), style(Role::Quiet)));
    }
    let (text, role) = step_words(app, step);
    spans.push(Span::styled(format!("{} ", fit(&text, 15)), style(role)));
    let who = record.author.as_deref().unwrap_or("–");
    let who = if wide { fit(&display_safe(who), 14) } else { truncate(&display_safe(who), 14).into_owned() };
    spans.push(Span::styled(format!("{who} "), style(Role::Text)));
    let mut more = Vec::new();
    if let (Some(_), Some(cursor)) = (pointed, app.value.cursor()) {
        more.push(format!("▶ line {}", cursor.line + 1));
    }
    if let Some(note) = &record.note {
        more.push(display_safe(note).into_owned());
    }
    if let Some(Step::Edited { renamed_from: Some(from), .. }) = step {
        more.push(format!("was {}", display_safe(from)));
    }
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    let room = usize::from(columns).saturating_sub(used);
    spans.push(Span::styled(truncate(&more.join("  "), room).into_owned(), style(Role::Quiet)));
}

/// Says what a version did, in a word or two.
pub(super) fn step_words(app: &App, step: Option<&Step>) -> (String, Role) {
    match step {
        None => ("…".to_owned(), Role::Quiet),
        Some(Step::Restored(version)) => (format!("↺ {}", app.when(version.ms(), false)), Role::Good),
        Some(Step::Undeleted) => ("↺ undeleted".to_owned(), Role::Good),
        Some(Step::Created) => ("✚ created".to_owned(), Role::Good),
        Some(step @ Step::Edited { .. }) => (step.to_string(), Role::Text),
        Some(Step::Unchanged) => ("unchanged".to_owned(), Role::Quiet),
    }
}

fn deleted(app: &App, record: &Record, columns: u16, spans: &mut Vec<Span<'_>>, style: &impl Fn(Role) -> Style) {
    let wide = columns >= WIDE;
    let (when, old) = if let Some(ms) = record.deleted_ms() {
        (app.when(ms, wide), age(ms, app.now))
    } else {
        let at = record.deleted_at.as_deref().unwrap_or_default();
        (fit(&display_safe(at), if wide { 19 } else { 12 }), String::new())
    };
    spans.push(Span::styled("⌫ ", style(Role::Bad).remove_modifier(ratatui::style::Modifier::UNDERLINED)));
    spans.push(Span::styled(when, style(Role::Text)));
    spans.push(Span::styled(format!(" {old:>4}  "), style(Role::Quiet)));
    if wide {
        spans.push(Span::styled(" ".repeat(8), style(Role::Quiet)));
    }
    let bad = style(Role::Bad).remove_modifier(ratatui::style::Modifier::UNDERLINED);
    spans.push(Span::styled(format!("{} ", fit("deleted", 15)), bad));
    let who = record.deleted_by.as_deref().unwrap_or("–");
    spans.push(Span::styled(display_safe(who).into_owned(), style(Role::Text)));
}

/// Fills a line with its style up to the end, so that a selection is a bar.
fn fill(mut spans: Vec<Span<'_>>, columns: usize, style: Style) -> Line<'_> {
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    spans.push(Span::styled(" ".repeat(columns.saturating_sub(used)), style));
    Line::from(spans)
}
