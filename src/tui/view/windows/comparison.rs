//! The window of a comparison, and that of the difference between two versions.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Paragraph, Wrap};

use super::super::super::app::App;
use super::super::super::layout::columns_of_review;
use super::super::super::list::LoadState;
use super::super::super::overlay::{Compared, Comparison, Looking};
use super::super::super::theme::Role;
use super::super::super::value::Body;
use super::super::value::body;
use super::findings::{Words, column, findings};
use super::open;
use crate::compare::Kind;
use crate::text::{age, display_safe, fit};

/// Draws how the entries of two sides differ.
pub(super) fn comparison(app: &App, comparison: &Comparison, frame: &mut Frame<'_>, screen: Rect) {
    let is_one = comparison.old.collection == comparison.new.collection;
    let words = Words {
        title: comparison.title.clone(),
        heading: format!("{}  {}  {:>4}  {}  entry", fit("how", 9), fit("written", 12), "age", fit("by", 12)),
        keys: match (is_one, comparison.findings.marked()) {
            (true, 0) => "Enter difference  r bring all back  Space mark  / filter  Esc close",
            (true, _) => "Enter difference  r bring the marked back  Space mark  / filter  Esc close",
            (false, _) => "Enter difference  / filter  Esc close",
        },
        nothing: "Nothing differs.",
        unit: ("entry differs", "entries differ"),
        filters: "a name, an author, or how it differs",
        typing: None,
        problem: None,
    };
    findings(app, &comparison.findings, &words, |row, _| line(app, row), frame, screen);
}

fn line(app: &App, row: &Compared) -> String {
    let sign = match row.kind {
        Kind::Added => '+',
        Kind::Removed => '-',
        Kind::Changed | Kind::Renamed => '~',
    };
    let how = fit(&format!("{sign} {}", row.kind.word()), 9);
    let Some(record) = row.shown() else { return how };
    // Of what is gone, who deleted it and when.
    let gone = row.new.as_ref().filter(|new| row.kind == Kind::Removed && new.is_deleted());
    let (ms, who) = match gone {
        Some(gone) => (gone.deleted_ms().unwrap_or_default(), gone.deleted_by.as_deref()),
        None => (record.version.ms(), record.author.as_deref()),
    };
    let name = match &row.old {
        Some(old) if matches!(row.kind, Kind::Changed | Kind::Renamed) && old.name != record.name => {
            format!("{} → {}", old.name.as_deref().unwrap_or("(no name)"), row.title())
        }
        _ => row.title().to_owned(),
    };
    let (when, old) = (app.when(ms, false), age(ms, app.now));
    format!("{how}  {}  {old:>4}  {}  {name}", fit(&when, 12), column(who.unwrap_or("–"), 12))
}

/// Draws the difference between two versions.
pub(super) fn looking(app: &App, looking: &Looking, frame: &mut Frame<'_>, screen: Rect) {
    let columns = columns_of_review(screen);
    let rows = screen.height.saturating_sub(4).max(10);
    let inner =
        open(app, &looking.title, "n N changes  j k h l scroll  w wrap  Esc back", (columns, rows), frame, screen);
    let (words, role) = match (&looking.load, &looking.value.body) {
        (LoadState::Loading(_), _) => ("reading…".to_owned(), Role::Quiet),
        (LoadState::Failed(error), _) => (error.to_string(), Role::Warning),
        (_, Body::Difference(difference)) => {
            let counts = if difference.notice.is_some() { String::new() } else { difference.counts.to_string() };
            (format!("{}   {counts}", difference.title), Role::Strong)
        }
        (_, _) => (String::new(), Role::Quiet),
    };
    let words = Paragraph::new(Line::styled(format!(" {}", display_safe(&words)), app.theme.style(role)));
    frame.render_widget(words.wrap(Wrap { trim: false }), Rect { height: 2.min(inner.height), ..inner });
    let below = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner };
    body(&looking.value, app.theme, None, frame, below);
}
