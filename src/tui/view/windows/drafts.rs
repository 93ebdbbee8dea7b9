//! The drafts on this computer.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::super::app::App;
use super::super::super::kept::{path, subject, title};
use super::super::super::theme::Role;
use super::{open, rows};
use crate::drafts::{Draft, Kept, Owner, Work};
use crate::model::Record;
use crate::text::{display_safe, fit, truncate, width};

/// Draws the drafts, the one changed last first, two lines for each.
pub(super) fn drafts(app: &App, cursor: usize, frame: &mut Frame<'_>, screen: Rect) {
    let kept = &app.drafts.kept;
    let size = (screen.width.saturating_sub(4).min(110), rows(kept.len() * 2 + 2).max(6));
    let window = format!("Drafts: typed and not stored   {}", kept.len());
    let keys = "Enter go on  d discard…  y copy text  Esc later";
    let inner = open(app, &window, keys, size, frame, screen);
    let columns = usize::from(inner.width);
    let fitting = usize::from(inner.height / 2).max(1);
    let first = (cursor + 1).saturating_sub(fitting);
    for (row, (at, kept)) in kept.iter().enumerate().skip(first).take(fitting).enumerate() {
        let (heading, facts) = words(app, kept);
        let is_selected = at == cursor;
        let (mark, role) = if is_selected { ("▸ ", Role::Selected) } else { ("  ", Role::Strong) };
        let y = inner.y + rows(row * 2);
        let heading = format!("{mark}{}", display_safe(&heading));
        let heading = if is_selected { fit(&heading, columns) } else { truncate(&heading, columns).into_owned() };
        frame.render_widget(Line::styled(heading, app.theme.style(role)), Rect { y, height: 1, ..inner });
        if y + 1 < inner.bottom() {
            frame.render_widget(line(app, facts, columns), Rect { y: y + 1, height: 1, ..inner });
        }
    }
}

/// Something to know of a draft, and how it is to be taken.
type Fact = (String, Role);

/// Puts the facts side by side, as far as they fit.
fn line<'a>(app: &App, facts: Vec<Fact>, columns: usize) -> Line<'a> {
    let mut spans = vec![Span::raw("    ")];
    let mut room = columns.saturating_sub(4);
    for (at, (fact, role)) in facts.into_iter().enumerate() {
        let between = if at == 0 { "" } else { " · " };
        let fact = truncate(&display_safe(&fact), room.saturating_sub(width(between))).into_owned();
        room = room.saturating_sub(width(between) + width(&fact));
        spans.extend([Span::styled(between, app.theme.style(Role::Quiet)), Span::styled(fact, app.theme.style(role))]);
    }
    Line::from(spans)
}

/// Returns what a draft is called and where it belongs, and what else there is to know of it.
fn words(app: &App, kept: &Kept) -> (String, Vec<Fact>) {
    let draft = match &kept.draft {
        Ok(draft) => draft,
        Err(error) => return (kept.path.display().to_string(), vec![(error.to_string(), Role::Warning)]),
    };
    // What decides about a draft first, since the end is cut where it is narrow.
    let quiet = |fact: String| (fact, Role::Quiet);
    let mut facts = Vec::new();
    if kept.owner == Owner::Running {
        facts.push(quiet("open in another dynamini".to_owned()));
    } else if Some(&draft.home) == app.connection.home.as_ref() {
        facts.extend(moved(app, draft));
    } else {
        facts.push(quiet(format!("of {}: {}", draft.connection, draft.home)));
    }
    facts.push(quiet(format!("typed {}", app.ago(draft.changed))));
    facts.extend(app.drafts.changes.get(&kept.id).cloned().map(quiet));
    if let Work::Version { base, .. } = &draft.work {
        facts.push(quiet(format!("on {}", app.when(base.version.ms(), true))));
    }
    if Some(&draft.home) == app.connection.home.as_ref() {
        facts.push(quiet(draft.connection.clone()));
    }
    (format!("{}   in {}", title(draft), path(draft)), facts)
}

/// Returns whether the base has moved since, as soon as that is known.
fn moved(app: &App, draft: &Draft) -> Option<Fact> {
    let newest = app.drafts.newest.get(&subject(draft))?;
    let fact = match (newest, &draft.work) {
        (Err(error), _) => error.to_string(),
        (Ok(newest), Work::Version { base, .. }) if newest.version != base.version => {
            format!("⚠ changed since by {}", by(newest.author.as_ref()))
        }
        (Ok(newest), Work::Version { base, .. }) if newest.is_deleted() && !base.deleted => deleted(newest),
        (Ok(newest), Work::Entry { .. }) if newest.is_deleted() => format!("its collection: {}", deleted(newest)),
        (Ok(_), Work::Version { .. }) => return Some(("nothing newer".to_owned(), Role::Quiet)),
        (Ok(_), Work::Entry { .. }) => return None,
    };
    Some((fact, Role::Warning))
}

fn deleted(newest: &Record) -> String {
    format!("⚠ deleted since by {}", by(newest.deleted_by.as_ref()))
}

fn by(who: Option<&String>) -> &str {
    who.map_or("another writer", String::as_str)
}
