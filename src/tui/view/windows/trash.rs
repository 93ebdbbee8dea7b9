//! All that is deleted.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::super::super::app::App;
use super::super::super::overlay::{Deleted, Trash};
use super::super::super::words::place_in;
use super::findings::{Words, column, findings};
use crate::store::Scope;
use crate::text::{age, fit};

/// Draws what is deleted, the latest deletion first.
pub(super) fn trash(app: &App, trash: &Trash, frame: &mut Frame<'_>, screen: Rect) {
    let words = Words {
        title: format!("Trash of {}", app.words_of_scope(&trash.scope)),
        unit: ("deleted", "deleted"),
        heading: format!("{}  {:>4}  {}  {}", fit("deleted", 12), "age", fit("by", 12), "what"),
        keys: match trash.bringing {
            Some(_) => "Esc stops",
            None if trash.findings.marked() > 0 => {
                "r bring the marked back  Enter show it  Space V mark  / filter  Esc close"
            }
            None => "r bring back  Enter show it  Space V mark  / filter  Esc close",
        },
        nothing: "Nothing is deleted here.",
        filters: "a name, a user, or who deleted it",
        typing: None,
        problem: None,
    };
    findings(app, &trash.findings, &words, |deleted, _| line(app, deleted, &trash.scope), frame, screen);
}

fn line(app: &App, deleted: &Deleted, scope: &Scope) -> String {
    let record = &deleted.record;
    let (when, old) = match record.deleted_ms() {
        Some(ms) => (app.when(ms, false), age(ms, app.now)),
        None => (record.deleted_at.clone().unwrap_or_default(), String::new()),
    };
    let who = record.deleted_by.as_deref().unwrap_or("–");
    let name = record.title();
    let place = place_in(scope, &record.subject, deleted.collection.as_deref());
    let place = place.map(|place| format!("   in {place}")).unwrap_or_default();
    let problem = match &deleted.problem {
        Some(problem) => format!("✗ {problem}: "),
        None => String::new(),
    };
    let noun = record.subject.noun();
    format!("{}  {old:>4}  {}  {problem}{noun} {name}{place}", fit(&when, 12), column(who, 12))
}
