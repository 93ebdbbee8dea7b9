//! Who last changed each line of the value: beside the lines, and in the foot of the pane.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::super::app::App;
use super::super::blame::{Stage, has_dates};
use super::super::theme::Role;
use crate::history::blame::{Because, Credit};
use crate::text::{age, count, display_safe, fit, truncate, width};

/// Returns what stands in front of a line: when and who, once for lines of the same version that follow each other.
pub(super) fn margin(app: &App, line: usize, is_first_on_screen: bool) -> Option<Span<'static>> {
    let margin = Some(app.value.margin).filter(|margin| *margin > 0)?;
    let blame = app.blame.as_ref()?;
    let Some(credit) = blame.credit(line) else {
        let mark = if blame.is_under_way() { "…" } else { "?" };
        let mark = if blame.goes_on(line) && !is_first_on_screen { "" } else { mark };
        return Some(Span::styled(fit(&format!("  {mark}"), margin), app.theme.style(Role::Quiet)));
    };
    let is_pointed = app.pointed().is_some_and(|pointed| pointed.version == credit.version);
    let words = if blame.goes_on(line) && !is_first_on_screen { String::new() } else { when_and_who(app, credit) };
    // The lines of one version are marked together when the cursor is on one of them.
    let (mark, role) = if is_pointed { ("▐", Role::Match) } else { (" ", Role::Quiet) };
    // The bar beside them tells them apart already; a line under each would be one too many.
    let style = app.theme.style(role).remove_modifier(Modifier::UNDERLINED);
    Some(Span::styled(format!("{} {mark} ", fit(&words, margin - 3)), style))
}

fn when_and_who(app: &App, credit: &Credit) -> String {
    let ms = credit.version.ms();
    let who = display_safe(credit.author.as_deref().unwrap_or("–")).into_owned();
    if has_dates(app.value.margin) {
        format!("{} {who}", app.when(ms, false))
    } else {
        format!("{:>4} {who}", age(ms, app.now))
    }
}

/// Returns what the foot says of the line of the cursor: its path and kind, and who changed it last and why.
pub(super) fn foot<'a>(app: &App, columns: u16) -> Option<Line<'a>> {
    let cursor = app.value.cursor()?;
    let columns = usize::from(columns).saturating_sub(2);
    let place = match app.value.missing() {
        Some(missing) => format!("{}  ({missing} is not in this version)", cursor.path),
        None => format!("{}  {}", cursor.path, cursor.kind),
    };
    let credit = app.blame.as_ref().filter(|_| app.value.margin > 0).and_then(|_| app.pointed());
    let words = credit.map(|credit| in_words(app, credit)).unwrap_or_default();
    // A long path leaves the other half to who and why.
    let room = columns.saturating_sub(width(&words) + 4).max(columns / 2).max(1);
    let place = truncate(&display_safe(&place), room).into_owned();
    let room = columns.saturating_sub(width(&place) + 4);
    let words = truncate(&words, room).into_owned();
    let mut spans = vec![Span::styled(format!(" {place} "), app.theme.style(Role::Strong))];
    if !words.is_empty() {
        spans.push(Span::styled(format!(" {words} "), app.theme.style(Role::Text)));
    }
    Some(Line::from(spans))
}

fn in_words(app: &App, credit: &Credit) -> String {
    let who = credit.author.as_deref().unwrap_or("–");
    let mut words = format!("{} {}", app.when(credit.version.ms(), has_dates(app.value.margin)), display_safe(who));
    if let Some(from) = credit.restored_from {
        words += &format!("  ↺ from {}", app.when(from.ms(), false));
    }
    if let Some(note) = &credit.note {
        words += &format!("  {}", display_safe(note));
    }
    words += match credit.because {
        Because::Changed => "",
        Because::First => "  (the first version)",
        Because::NoValueBefore => "  (the version before has no value)",
        Because::NotJsonBefore => "  (the value before is not JSON)",
    };
    words
}

/// Returns how far the older versions were read, for the title.
pub(super) fn counted(app: &App) -> String {
    let Some(blame) = &app.blame else { return String::new() };
    let compared = count(blame.compared());
    let left = match blame.left() {
        1 => "1 line left".to_owned(),
        lines => format!("{} lines left", count(lines)),
    };
    match &blame.stage {
        Stage::Idle => "only JSON has paths".to_owned(),
        Stage::Waiting(_) | Stage::Comparing(_) => format!("{compared} compared, {left}  Esc stops"),
        Stage::Stopped => format!("stopped: {compared} compared, {left}  b goes on"),
        Stage::Failed => format!("failed: {compared} compared, {left}  b tries again"),
        Stage::Done => format!("{compared} compared"),
    }
}
