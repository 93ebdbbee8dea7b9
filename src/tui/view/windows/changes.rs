//! All that was done, by time.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::super::super::app::App;
use super::super::super::overlay::Changes;
use super::super::super::words::place_in;
use super::super::timeline::step_words;
use super::findings::{Words, column, findings};
use crate::history::Step;
use crate::history::changes::{Change, Did};
use crate::model::Subject;
use crate::store::Scope;
use crate::text::{age, fit};

/// From this width on a line has the date with its year and the seconds, and more room for all else.
const WIDE: usize = 100;
/// Below this width the age goes, which the date tells as well.
const NARROW: usize = 70;

/// How wide the names are, where there is room for columns of them: a place besides, or only the name of an entry.
const NAME_AND_PLACE: usize = 34;
const NAME: usize = 24;

/// Draws what was done, the newest first.
pub(super) fn changes(app: &App, changes: &Changes, frame: &mut Frame<'_>, screen: Rect) {
    let problem = changes.findings.meaning().not_wanted().map(ToString::to_string);
    let columns = Columns {
        is_wide: usize::from(screen.width) >= WIDE,
        is_narrow: usize::from(screen.width) < NARROW,
        is_one_collection: matches!(changes.scope, Scope::Collection(_)),
    };
    let words = Words {
        title: format!("Changes of {}{}", app.words_of_scope(&changes.scope), app.words_of_moment(changes.as_of)),
        unit: ("change", "changes"),
        heading: columns.line(["when", "age", "what", "who", "which", "note"]),
        keys: "Enter show it  T as of then  y copy address  / filter  Esc close",
        nothing: "Nothing was ever written here.",
        filters: "who:ada  kind:deleted  note:sale  or a name, of a user too",
        typing: None,
        problem,
    };
    findings(app, &changes.findings, &words, |change, _| line(app, change, &changes.scope, &columns), frame, screen);
}

fn line(app: &App, change: &Change, scope: &Scope, columns: &Columns) -> String {
    let what = match &change.did {
        Did::Deleted => "⌫ deleted".to_owned(),
        Did::Wrote(step) => step_words(app, Some(step)).0,
    };
    let label = match &change.subject {
        Subject::Collection(_) => format!("collection {}", change.label()),
        Subject::Entry(_) => change.label().to_owned(),
    };
    let which = match place_in(scope, &change.subject, change.collection.as_deref()) {
        Some(place) => format!("{label} in {place}"),
        None => label,
    };
    let mut note = change.note.as_deref().unwrap_or_default().to_owned();
    if let Did::Wrote(Step::Edited { renamed_from: Some(from), .. }) = &change.did {
        note = format!("was {from}  {note}");
    }
    let (when, old) = (app.when(change.at, columns.is_wide), age(change.at, app.now));
    columns.line([&when, &old, &what, change.who.as_deref().unwrap_or("–"), &which, &note])
}

/// Where the parts of a line stand.
struct Columns {
    is_wide: bool,
    is_narrow: bool,
    /// All are in one collection, which needs no telling.
    is_one_collection: bool,
}

impl Columns {
    fn line(&self, [when, old, what, who, which, note]: [&str; 6]) -> String {
        if self.is_wide {
            let (when, what, who) = (fit(when, 19), fit(what, 15), column(who, 14));
            let which = column(which, if self.is_one_collection { NAME } else { NAME_AND_PLACE });
            return format!("{when} {old:>4}  {what} {who} {which}  {note}");
        }
        // No room for a column of names: the note follows each.
        let gap = if note.is_empty() { "" } else { "   " };
        if self.is_narrow {
            return format!("{} {} {} {which}{gap}{note}", fit(when, 12), fit(what, 9), column(who, 8));
        }
        format!("{} {old:>4}  {} {} {which}{gap}{note}", fit(when, 12), fit(what, 12), column(who, 10))
    }
}
