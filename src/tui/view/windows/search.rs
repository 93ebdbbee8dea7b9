//! A search through all versions.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::super::super::app::App;
use super::super::super::overlay::HistorySearch;
use super::super::super::words::place_in;
use super::findings::{Words, column, findings};
use crate::history::search::Occurrence;
use crate::store::Scope;
use crate::text::{count, fit};

/// From this width on a line has the date with its year and the seconds, and more room for all else.
const WIDE: usize = 100;
/// Below this width who wrote it goes, for what was found.
const NARROW: usize = 70;

/// What can be searched for.
const FORMS: &str = "\
limit                   a text in values, names and notes; small letters find capital ones too
.customer.limit         a path of values; .items[].sku goes through every item of an array
.customer.limit=12500   a value at a path: JSON, or the text of a string

All versions are searched, also of what is deleted now. Enter starts; ↑ brings back what was sought last.";

/// Draws a search and what it found, the newest version first.
pub(super) fn search(app: &App, search: &HistorySearch, frame: &mut Frame<'_>, screen: Rect) {
    let room = usize::from(screen.width);
    let place = format!("{}{}", app.words_of_scope(&search.scope), app.words_of_moment(search.as_of));
    let (title, keys) = if search.typing {
        (format!("Find in all versions of {place}"), "Enter find  Esc back")
    } else {
        let keys = "Enter show it  F find else  y copy address  / filter  Esc close";
        (format!("{} in all versions of {place}", search.line.text()), keys)
    };
    let words = Words {
        title,
        unit: ("hit", "hits"),
        heading: columns(room, "written", "by", "which", "where and what"),
        keys,
        nothing: if search.search.is_none() { FORMS } else { "It is in none of the versions." },
        filters: "a name, an author, or a part of what was found",
        typing: search.typing.then_some(("find", &search.line)),
        problem: search.problem.clone(),
    };
    findings(app, &search.findings, &words, |found, _| line(app, found, &search.scope, room), frame, screen);
}

fn line(app: &App, found: &Occurrence, scope: &Scope, room: usize) -> String {
    let which = match place_in(scope, &found.subject, found.collection.as_deref()) {
        Some(place) => format!("{} in {place}", found.label()),
        None => found.label().to_owned(),
    };
    let more = if found.more > 0 { format!("  (+{})", count(found.more)) } else { String::new() };
    let what = format!("{}: {}{more}", found.place, found.excerpt);
    columns(room, &app.when(found.version.ms(), room >= WIDE), found.who.as_deref().unwrap_or("–"), &which, &what)
}

/// Puts a line together for a screen of so many columns.
fn columns(room: usize, when: &str, who: &str, which: &str, what: &str) -> String {
    match room {
        0..NARROW => format!("{} {}  {what}", fit(when, 12), column(which, 14)),
        NARROW..WIDE => format!("{}  {} {}  {what}", fit(when, 12), column(who, 10), column(which, 18)),
        _ => format!("{}  {} {}  {what}", fit(when, 19), column(who, 14), column(which, 30)),
    }
}
