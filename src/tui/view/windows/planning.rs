//! The window of a plan: what will be done with what, then what became of it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::super::app::App;
use super::super::super::event::Became;
use super::super::super::list::LoadState;
use super::super::super::overlay::{Planned, Planning, Purpose};
use super::super::super::theme::Role;
use super::findings::{Words, column, findings};
use crate::bring_back::{Act, Item};
use crate::model::Record;
use crate::text::{count, display_safe, fit, truncate};

/// The columns of the act.
const ACT: usize = 11;
/// The columns of a time.
const TIME: usize = 12;
/// The columns of what a write will consume.
const COST: usize = 8;
/// The least columns of a name: what leaves it less is not shown.
const NAME: usize = 20;

/// Draws a plan.
pub(super) fn planning(app: &App, planning: &Planning, frame: &mut Frame<'_>, screen: Rect) {
    let keys = if planning.sent.is_some() {
        "being written… Esc stops"
    } else if planning.is_noting {
        "Enter back to the plan"
    } else if planning.is_carried_out && planning.done.done == planning.done.of {
        "u take it back  Esc close  Enter difference  / filter"
    } else if planning.is_carried_out {
        "B plan what is left  u take it back  Esc close  Enter difference  / filter"
    } else if planning.is_ready() && matches!(planning.purpose, Purpose::WayBack(_)) {
        "^S carry out  Esc close  Space V leave out  Tab note  Enter difference  / filter"
    } else if planning.is_ready() {
        "^S carry out  Esc close  Space V leave out  Tab note  Enter difference  / filter  y copy command"
    } else {
        "Enter difference  / filter  Esc close"
    };
    let columns = usize::from(screen.width.saturating_sub(4).min(140)).saturating_sub(4);
    let words = Words {
        title: planning.title.clone(),
        heading: match planning.why() {
            Some(note) => format!("note  {}", display_safe(&note)),
            None => Room::of(columns).line("to do", "what", "now", "then", "cost"),
        },
        keys,
        nothing: "Nothing is to be done: all is as it was then.",
        unit: ("to do", "to do"),
        filters: "a name, a user, an author, what is done, or what became of it (skipped, failed)",
        typing: planning.is_noting.then_some(("note", &planning.note)),
        problem: None,
    };
    let spread = planning.spread();
    let line_of = |row: &Planned, columns: usize| line(app, planning, &row.item, spread, columns);
    let inner = findings(app, &planning.findings, &words, line_of, frame, screen);
    let (filter, typing) = planning.findings.filter();
    let is_read = !matches!(planning.findings.load, LoadState::Loading(_) | LoadState::Failed(_));
    if is_read && !typing && filter.text().is_empty() {
        let text = truncate(&display_safe(&foot(planning)), usize::from(inner.width).saturating_sub(2)).into_owned();
        let area = Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner };
        frame.render_widget(ratatui::widgets::Clear, area);
        frame.render_widget(Line::styled(format!("  {text}"), app.theme.style(Role::Strong)), area);
    }
}

/// What there is room for besides the act and the name.
struct Room {
    name: usize,
    now: bool,
    then: bool,
    cost: bool,
}

impl Room {
    fn of(columns: usize) -> Self {
        let mut left = columns.saturating_sub(ACT + 2);
        let mut takes = |columns: usize| {
            let fits = left >= columns + 2 + NAME;
            left -= if fits { columns + 2 } else { 0 };
            fits
        };
        let then = takes(TIME);
        let now = then && takes(TIME + 1);
        let cost = now && takes(COST);
        Self { name: left.max(1), now, then, cost }
    }

    fn line(&self, act: &str, name: &str, now: &str, then: &str, cost: &str) -> String {
        let mut line = format!("{}  {}", fit(act, ACT), column(name, self.name));
        if self.now {
            line += &format!("  {}", fit(now, TIME));
        }
        if self.then {
            let arrow = if self.now { " → " } else { "  " };
            line += &format!("{arrow}{}", fit(then, TIME));
        }
        if self.cost {
            line += &format!("  {cost:>COST$}");
        }
        line
    }
}

fn line(app: &App, planning: &Planning, item: &Item, (is_one, has_users): (bool, bool), columns: usize) -> String {
    let noun = item.now.subject.noun();
    let collection = item.collection.as_ref().filter(|_| !is_one).and_then(|collection| collection.name.as_deref());
    let user = has_users.then(|| item.now.subject.collection().user.as_str());
    let place: Vec<&str> = user.into_iter().chain(collection).collect();
    let place = if place.is_empty() { String::new() } else { format!("   in {}", place.join(" › ")) };
    let name = match &item.then {
        Some(then) if item.act != Act::Delete && then.name != item.now.name => {
            format!("{noun} {} → {}{place}", item.title(), then.name.as_deref().unwrap_or("(no name)"))
        }
        _ => format!("{noun} {}{place}", item.title()),
    };
    let told = match planning.became(item) {
        Some(Became::Done { slipped_in: 0, .. }) => Some("✓ done".to_owned()),
        Some(Became::Done { slipped_in, .. }) => {
            Some(format!("✓ done, over {} version(s) of another writer: look at the timeline", count(*slipped_in)))
        }
        Some(Became::Skipped(why)) => Some(format!("– skipped: {why}")),
        Some(Became::Failed(why)) => Some(format!("✗ failed: {why}")),
        None if planning.is_left_out(item) => Some("  left out".to_owned()),
        None if planning.is_carried_out && item.is_possible() => Some("  not reached".to_owned()),
        None => match item.act {
            Act::Nothing(obstacle) => Some(format!("✗ {obstacle}")),
            _ => None,
        },
    };
    let (room, act) = (Room::of(columns), item.act.word());
    if let Some(told) = told {
        // Why something was not done matters more than a long name.
        let name = column(&name, room.name.min(columns / 3));
        return format!("{}  {name}  {told}", fit(act, ACT));
    }
    let minute = |record: &Record| record.version.ms() / 60_000;
    let is_close = |then: &Record| !item.now.is_deleted() && minute(then) == minute(&item.now);
    let is_close = item.then.as_ref().is_some_and(is_close);
    let then = item.then.as_ref().map_or_else(|| "not there".to_owned(), |then| time(app, then, is_close));
    room.line(act, &name, &time(app, &item.now, is_close), &then, &format!("{:.0} WCU", item.cost.wcu))
}

/// Returns when a version was written, or that it is deleted; to the millisecond where the minute does not tell it from
/// the other one.
fn time(app: &App, record: &Record, is_close: bool) -> String {
    let ms = record.version.ms();
    match (record.is_deleted(), is_close) {
        (true, _) => "deleted".to_owned(),
        (false, true) => {
            let when = app.when(ms, true);
            format!("{}.{:03}", when.rsplit(' ').next().unwrap_or(&when), ms.rem_euclid(1000))
        }
        (false, false) => app.when(ms, false),
    }
}

/// Returns what the plan comes to, or how far the work is.
fn foot(planning: &Planning) -> String {
    let done = planning.done;
    if planning.sent.is_some() || planning.is_carried_out {
        let parts = [(done.skipped, "skipped"), (done.failed, "failed")];
        let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {} {what}", count(*n)));
        let parts: String = parts.collect();
        return format!("{} of {} done{parts}   {:.1} WCU", count(done.done), count(done.of), done.cost.wcu);
    }
    let [restore, rename, undelete, delete, impossible] = planning.counts().parts();
    let parts = [restore, rename, undelete, delete, impossible, (planning.unchanged, "as it was")];
    let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", count(*n)));
    let parts: Vec<_> = parts.collect();
    // The cost first, so that no narrow screen cuts it.
    let cost = planning.cost();
    let cost = if planning.writes() > 0 {
        format!("about {:.0} WCU and {:.0} RCU: ", cost.wcu, cost.rcu)
    } else {
        String::new()
    };
    let part = if matches!(planning.findings.load, LoadState::Stopped) { "a part; " } else { "" };
    format!("{part}{cost}{}", parts.join(", "))
}
