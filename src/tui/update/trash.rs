//! The window of what is deleted, and bringing it back.

use std::collections::VecDeque;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use super::super::app::{App, Mood};
use super::super::event::{Effect, Outcome, RequestId, Survey, Write};
use super::super::findings::{Finding, Findings, Pressed};
use super::super::journal::{Order, Role};
use super::super::layout::rows_of_findings;
use super::super::list::Row;
use super::super::overlay::{Answer, Bringing, Choice, Decision, FormKind, Overlay, Trash};
use super::super::pane::Level;
use super::super::words::quoted;
use super::guard::{self, may_write};
use super::replies::list_of;
use super::windows::{is_ctrl, scroll_by};
use super::{follow, surveys};
use crate::model::{Record, Subject};
use crate::store::{Cost, StoreError};

/// Names listed in the question before several are brought back; the window has no room for all of many.
const NAMED: usize = 8;

/// Opens the window for the selected user, or for the application where no user is.
pub(super) fn open(app: &mut App, effects: &mut Vec<Effect>) {
    if app.as_of.is_some() {
        return app
            .say(Mood::Plain, "the trash is what is deleted now: T goes back to now, . shows what was deleted then");
    }
    let Some(scope) = surveys::scope(app, Level::Users) else { return };
    let request = surveys::begin(app, Survey::Trash(scope.clone()), effects);
    app.overlays.push(Overlay::Trash(Trash { scope, findings: Findings::new(request), bringing: None }));
}

/// Takes a key of the window.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let height = rows_of_findings(app.size);
    let Some(Overlay::Trash(trash)) = app.overlays.last_mut() else { return };
    let moves = scroll_by(key, height);
    if let (Some(bringing), None) = (&mut trash.bringing, moves) {
        if key.code == KeyCode::Esc {
            bringing.queue.clear();
        }
        return say_how_far(app);
    }
    match (trash.findings.key(key, moves, height), key.code) {
        (Pressed::Other, KeyCode::Enter) => go_to(app, effects),
        (Pressed::Other, KeyCode::Char('t')) => surveys::close(app, effects),
        (Pressed::Other, KeyCode::Char('r')) if is_ctrl(key, 'r') => surveys::again(app, effects),
        (Pressed::Other, KeyCode::Char('r')) => ask(app, effects),
        (pressed, _) => surveys::pressed(app, pressed, effects),
    }
}

/// Closes the window and selects what the cursor is on.
fn go_to(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Trash(trash)) = app.overlays.last() else { return };
    let Some(subject) = trash.findings.selected().map(|deleted| deleted.record.subject.clone()) else { return };
    surveys::close(app, effects);
    follow::go_to(app, &subject, None, true, effects);
}

/// Brings back the one under the cursor, or the marked ones: after a question where that is more than one, and on a
/// protected connection.
fn ask(app: &mut App, effects: &mut Vec<Effect>) {
    if !may_write(app) {
        return;
    }
    let Some(Overlay::Trash(trash)) = app.overlays.last() else { return };
    let records = trash.to_bring_back();
    let is_protected = app.connection.is_protected;
    match records.len() {
        0 => app.say(Mood::Plain, "there is nothing to bring back"),
        1 if !is_protected => bring_back(app, records, effects),
        _ => app.overlays.push(question(app, records)),
    }
}

fn question(app: &App, records: Vec<Arc<Record>>) -> Overlay {
    let named = |record: &Arc<Record>| format!("  {} {}", record.subject.noun(), quoted(record));
    let mut text: Vec<String> = records.iter().take(NAMED).map(named).collect();
    if let Some(more) = records.len().checked_sub(NAMED).filter(|more| *more > 0) {
        text.push(format!("  and {more} more"));
    }
    if records.iter().any(|record| matches!(record.subject, Subject::Collection(_))) && records.len() > 1 {
        text.push("Collections come first: what is in a deleted one can't be reached.".to_owned());
    }
    text.push("Each gets a new version without the deletion mark, unless someone has written since.".to_owned());
    let (title, decision) = match records.len() {
        1 => ("Bring it back?".to_owned(), Decision::BringBack(records)),
        count if app.connection.is_protected => {
            (format!("Bring back {count}?"), Decision::Add(FormKind::BringBack(records)))
        }
        count => (format!("Bring back {count}?"), Decision::BringBack(records)),
    };
    let answers = vec![Answer::new("Cancel", Decision::Nothing), Answer::new("Bring back", decision)];
    Overlay::Choice(Choice { title, text, answers, cursor: 0 })
}

/// Brings back one after the other, in their order.
pub(super) fn bring_back(app: &mut App, records: Vec<Arc<Record>>, effects: &mut Vec<Effect>) {
    let mut queue = VecDeque::from(records);
    let of = queue.len();
    let Some(first) = queue.pop_front() else { return };
    let sent = (send(app, &first, effects), first);
    if let Some(trash) = trash(app) {
        trash.bringing = Some(Bringing { queue, sent, of, done: 0, refused: 0, slipped_in: 0 });
    }
    say_how_far(app);
}

fn send(app: &mut App, record: &Arc<Record>, effects: &mut Vec<Effect>) -> RequestId {
    let request = app.request();
    let order = Order::plain(Write::Undelete { base: Arc::clone(record), note: None });
    effects.push(Effect::Write(request, order.write.clone()));
    app.writes.insert(request, order);
    request
}

/// Returns whether a write is one that brings something of the window back.
pub(super) fn is_bringing(app: &mut App, request: RequestId) -> bool {
    trash(app).and_then(|trash| trash.bringing.as_ref()).is_some_and(|bringing| bringing.sent.0 == request)
}

/// Takes in how one was brought back, or why it was not, and goes on with the next.
pub(super) fn brought_back(
    app: &mut App,
    order: &Order,
    result: Result<Outcome, StoreError>,
    cost: Cost,
    effects: &mut Vec<Effect>,
) {
    match result {
        Ok(Outcome::Version(written)) => {
            is_back(app, order, &Arc::new(written.record), cost, effects);
            if let Some(bringing) = trash(app).and_then(|trash| trash.bringing.as_mut()) {
                bringing.done += 1;
                bringing.slipped_in += written.slipped_in.len();
            }
        }
        Ok(_) => {}
        Err(error) => is_not_back(app, &error, effects),
    }
    let next = trash(app).and_then(|trash| trash.bringing.as_mut()).and_then(|bringing| bringing.queue.pop_front());
    match next {
        Some(next) => {
            let sent = (send(app, &next, effects), next);
            if let Some(bringing) = trash(app).and_then(|trash| trash.bringing.as_mut()) {
                bringing.sent = sent;
            }
            say_how_far(app);
        }
        None => end(app),
    }
}

/// Takes what is back off the window and into the lists and the journal.
fn is_back(app: &mut App, order: &Order, written: &Arc<Record>, cost: Cost, effects: &mut Vec<Effect>) {
    if let Write::Undelete { base, .. } = &order.write {
        // What was read for the window has no value; the new version has the same.
        let base = Arc::new(Record { value: written.value.clone(), ..Record::clone(base) });
        app.journal.note(app.now, &Write::Undelete { base, note: None }, Role::Asked, written, cost);
    }
    if let Some(list) = app.lists.get_mut(&list_of(&written.subject)) {
        list.put(&Row::of(written));
    }
    if app.subject().as_ref() == Some(&written.subject) {
        follow::load_timeline(app, &written.subject, effects);
    }
    if let Some(trash) = trash(app) {
        let found = trash.findings.rows().iter().find(|row| row.record.subject == written.subject);
        if let Some(key) = found.map(Finding::key) {
            trash.findings.remove(&key);
        }
    }
}

/// Says at its row why one is not back. Where the others can't be written either, none is tried any more.
fn is_not_back(app: &mut App, error: &StoreError, effects: &mut Vec<Effect>) {
    if error.denies_writes() {
        guard::set_read_only(app, Some(&error.to_string()), effects);
    }
    let Some(trash) = trash(app) else { return };
    let Some(bringing) = &mut trash.bringing else { return };
    bringing.refused += 1;
    // Who is throttled has capacity again in a moment.
    if !error.is_of_one_item() && !matches!(error, StoreError::Throttled { .. }) {
        bringing.queue.clear();
    }
    let subject = &bringing.sent.1.subject;
    if let Some(row) = trash.findings.rows_mut().iter_mut().find(|row| row.record.subject == *subject) {
        row.problem = Some(match error {
            StoreError::VersionConflict { .. } => "someone else has written since".to_owned(),
            StoreError::NotDeleted { .. } => "it is not deleted any more".to_owned(),
            error => error.to_string(),
        });
    }
}

fn say_how_far(app: &mut App) {
    let Some(bringing) = trash(app).and_then(|trash| trash.bringing.as_ref()) else { return };
    let (place, of) = (bringing.done + bringing.refused + 1, bringing.of);
    let words = if bringing.queue.is_empty() && place < of {
        "stopping after this one".to_owned()
    } else {
        format!("bringing back {place} of {of}; Esc stops")
    };
    app.say(Mood::Plain, words);
}

fn end(app: &mut App) {
    let Some(bringing) = trash(app).and_then(|trash| trash.bringing.take()) else { return };
    let Bringing { of, done, refused, slipped_in, .. } = bringing;
    let mut words = match done {
        1 => "1 brought back; u undoes it".to_owned(),
        done => format!("{done} brought back; u undoes one after the other"),
    };
    if refused > 0 {
        words = format!("{done} brought back, {refused} not: why stands at the rows with a ✗; ^R reads them again");
    }
    if done + refused < of {
        words += &format!("; stopped, {} were not tried", of - done - refused);
    }
    if slipped_in > 0 {
        words += &format!("; {slipped_in} version(s) of another writer slipped in at the same moment");
    }
    let is_good = refused == 0 && slipped_in == 0;
    app.say(if is_good { Mood::Good } else { Mood::Bad }, words);
}

fn trash(app: &mut App) -> Option<&mut Trash> {
    app.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Trash(trash) => Some(trash),
        _ => None,
    })
}
