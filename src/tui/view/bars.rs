//! The top line (where we are, and what is going on) and the bottom line (what can be done, and what was done).

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, Wrap};

use super::super::action::{Action, BINDINGS, Binding};
use super::super::app::{App, Mood};
use super::super::pane::Level;
use super::super::theme::Role;
use super::pane::way;
use crate::model::Moment;
use crate::text::{count, display_safe, width};

/// What marks a protected connection.
const PROTECTED: &str = " PROTECTED ";

/// Narrower than this, the place of the store gives way to the moment that is shown, and to why it does not answer.
const PLACE_FROM: u16 = 100;

/// The turning mark of something under way.
const TURNS: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// Draws the top line.
pub(super) fn top(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let theme = app.theme;
    let connection = &app.connection;
    let mut name = theme.marked(Role::Strong, connection.colour);
    if connection.colour.is_some() && theme.has_colours() {
        name = name.add_modifier(Modifier::REVERSED);
    }
    let (mode, role) = match (app.as_of, connection.read_only) {
        (Some(moment), _) => (past(app, moment, area.width), Role::Past),
        (None, true) => ("READ-ONLY".to_owned(), Role::ReadOnly),
        (None, false) => ("RW".to_owned(), Role::ReadWrite),
    };
    let right = activity(app);
    let mut warning = match &app.outage {
        Some(outage) => format!("⚠ {}  ", outage.in_words(app.now)),
        None => String::new(),
    };
    // Where there is no timeline to say what is marked.
    if app.mark.is_some() && app.areas().timeline.is_none() {
        warning += "◆ base marked  ";
    }
    if app.drafts.problem.is_some() {
        warning += "⚠ drafts not kept  ";
    }
    let mut left = vec![
        Span::styled(format!(" {} ", display_safe(&connection.name)), name),
        Span::styled(format!(" {} ", display_safe(&connection.place)), theme.style(Role::Quiet)),
        Span::styled(mode, theme.style(role)),
        Span::styled(" ▏", theme.style(Role::Quiet)),
    ];
    let has_no_room = area.width < PLACE_FROM && (app.as_of.is_some() || app.outage.is_some());
    if has_no_room || connection.name.contains(&connection.place) {
        left.remove(1);
    }
    if connection.is_protected {
        left.insert(1, Span::styled(PROTECTED, theme.marked(Role::Protected, connection.colour)));
    }
    let used: usize = left.iter().map(|span| width(&span.content)).sum();
    let on_the_right = width(&warning) + width(&right);
    let room = usize::from(area.width).saturating_sub(used + on_the_right + 1);
    left.push(Span::styled(path(app, room), theme.style(Role::Text)));
    let used: usize = left.iter().map(|span| width(&span.content)).sum();
    let gap = usize::from(area.width).saturating_sub(used + on_the_right);
    left.push(Span::raw(" ".repeat(gap)));
    left.push(Span::styled(warning, theme.style(Role::Warning)));
    left.push(Span::styled(right, theme.style(Role::Quiet)));
    frame.render_widget(Line::from(left), area);
}

/// Returns what says that another moment is shown, as much of it as leaves room for the connection's name.
fn past(app: &App, moment: Moment, columns: u16) -> String {
    let label = if app.connection.is_protected { PROTECTED } else { "" };
    let room = usize::from(columns).saturating_sub(width(&app.connection.name) + width(label) + 4);
    let (shown, ago) = (moment.shown(&app.zone), app.ago(moment.version().ms()));
    let whole = format!(" AS OF {shown} ({ago})  read-only ");
    let shorter = [whole, format!(" AS OF {shown} ({ago}) "), format!(" AS OF {shown} ")];
    shorter.into_iter().find(|words| width(words) <= room).unwrap_or_else(|| " AS OF ".to_owned())
}

/// Returns the names on the way to the selection, from the end where they don't all fit.
fn path(app: &App, room: usize) -> String {
    let levels = Level::ALL.into_iter().take_while(|level| *level <= app.level);
    let names: Vec<String> =
        levels.filter_map(|level| app.row(level)).map(|row| display_safe(row.label()).into_owned()).collect();
    way(&names, room)
}

fn activity(app: &App) -> String {
    let mut parts = Vec::new();
    match app.drafts.kept.len() {
        0 => {}
        1 => parts.push("1 draft".to_owned()),
        drafts => parts.push(format!("{drafts} drafts")),
    }
    if app.is_slow {
        let rows: usize =
            app.lists.values().filter(|list| list.load.is_loading()).map(super::super::list::List::len).sum();
        let turn = TURNS[app.turn % TURNS.len()];
        parts.push(match (app.writes.is_empty(), rows) {
            (false, _) => format!("{turn} writing"),
            (true, 0) => turn.to_owned(),
            (true, rows) => format!("{turn} {}", count(rows)),
        });
    }
    if app.cost.requests > 0 {
        parts.push(format!("{} RCU", amount(app.cost.rcu)));
        if app.cost.wcu > 0.0 {
            parts.push(format!("{} WCU", amount(app.cost.wcu)));
        }
    }
    format!("{} ", parts.join("  "))
}

fn amount(units: f64) -> String {
    if units < 100.0 { format!("{units:.1}") } else { format!("{units:.0}") }
}

/// Draws the bottom line: keys as far as they fit, and the last result.
pub(super) fn bottom(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let theme = app.theme;
    let status = display_safe(&app.status.text).into_owned();
    let role = match app.status.mood {
        Mood::Plain => Role::Text,
        Mood::Good => Role::Good,
        Mood::Bad => Role::Warning,
    };
    let mark = match app.status.mood {
        Mood::Plain => "",
        Mood::Good => "✓ ",
        Mood::Bad => "✗ ",
    };
    let status = if status.is_empty() { status } else { format!("{mark}{status}") };
    let columns = usize::from(area.width);
    if width(&status) + 2 > columns {
        return long_result(app, &status, role, frame, area);
    }
    let room = columns - width(&status) - 2;
    let mut line = vec![Span::raw(" ")];
    let mut used = 1;
    let columns_of = |(key, hint): &(&str, &str)| width(key) + width(hint) + 3;
    // The key that shows all the others always stands there, behind those that there is room for.
    let (last, others): (Vec<_>, Vec<_>) = hints(app).into_iter().partition(|hint| *hint == HELP);
    let room_for_others = room.saturating_sub(last.iter().map(columns_of).sum());
    let mut others = others.into_iter().take_while(|hint| {
        used += columns_of(hint);
        used <= room_for_others
    });
    let shown: Vec<_> = others.by_ref().collect();
    used = 1;
    for (key, hint) in shown.into_iter().chain(last.into_iter().filter(|last| columns_of(last) < room)) {
        used += columns_of(&(key, hint));
        line.push(Span::styled(key, theme.style(Role::Key)));
        line.push(Span::styled(format!(" {hint}  "), theme.style(Role::Quiet)));
    }
    line.push(Span::raw(" ".repeat((columns - width(&status) - 1).saturating_sub(used))));
    line.push(Span::styled(status, theme.style(role)));
    frame.render_widget(Line::from(line), area);
}

/// A result that is longer than the line stands in a window above it.
fn long_result(app: &App, status: &str, role: Role, frame: &mut Frame<'_>, area: Rect) {
    let columns = area.width.saturating_sub(2).max(1);
    let rows = u16::try_from(width(status) / usize::from(columns) + 2).unwrap_or(u16::MAX);
    let height = (rows + 2).min(area.y + 1);
    let window = Rect { y: area.y + 1 - height, height, ..area };
    frame.render_widget(Clear, window);
    let block = Block::bordered().border_style(app.theme.style(role));
    let words = Paragraph::new(status.to_owned()).style(app.theme.style(Role::Text)).wrap(Wrap { trim: true });
    frame.render_widget(words.block(block), window);
}

/// The key that shows all keys.
const HELP: (&str, &str) = ("?", "help");

/// Returns the keys worth showing here, the most wanted first.
fn hints(app: &App) -> Vec<(&'static str, &'static str)> {
    if app.typing {
        return vec![("Enter", "keep"), ("Esc", "clear"), ("↑ ↓", "move")];
    }
    if !app.overlays.is_empty() {
        // A window says itself which keys it takes.
        return Vec::new();
    }
    if let Some(editing) = &app.editing {
        let save = if editing.theirs.is_some() { "merge and save" } else { "review and save" };
        return vec![("^S", save), ("Esc", "close"), ("F1", "keys")];
    }
    let has_versions = app.subject().is_some();
    let can_write = !app.connection.read_only && app.as_of.is_none();
    let works = |action: Action| match action {
        Action::Restore | Action::Delete | Action::Rename => has_versions && can_write,
        Action::Difference | Action::Older | Action::Newer | Action::Copy | Action::Mark | Action::Blame => {
            has_versions
        }
        Action::Edit => app.level == Level::Entries && can_write,
        Action::Add | Action::BringBack => can_write,
        Action::Drafts => !app.drafts.kept.is_empty(),
        Action::Undo => app.journal.next_undo().is_some() && can_write,
        _ => true,
    };
    let shown = BINDINGS.iter().filter(|binding| binding.place.holds(app.focus) && works(binding.action));
    let hint = |binding: &Binding| match binding.action {
        Action::AsOf if app.as_of.is_some() => Some("now"),
        _ => binding.hint,
    };
    shown
        .filter_map(|binding| Some((binding.shown.split(' ').next().unwrap_or(binding.shown), hint(binding)?)))
        .collect()
}
