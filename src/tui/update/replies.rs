//! What comes back from the store.

use std::sync::Arc;

use super::super::app::{App, Mood, Opening};
use super::super::event::{Effect, Load, Outcome, Reply, RequestId, Write};
use super::super::journal::{Order, Role};
use super::super::list::{LoadState, Row};
use super::super::overlay::{FormKind, Overlay};
use super::super::pane::{Level, Pane};
use super::super::words::quoted;
use super::follow::{end_load, follow, load_list, load_timeline, show};
use super::{bring_back, compare, drafts, edit, guard, merge, outage, past, surveys, trash, windows};
use crate::model::{Record, Subject};
use crate::store::{Cost, Edit, StoreError};

/// Takes a reply. One to a request that isn't waited for any more is dropped.
pub(super) fn reply(app: &mut App, reply: Reply, effects: &mut Vec<Effect>) {
    match reply {
        Reply::Connected(Ok(())) => {
            app.opening = Opening::Open;
            outage::opened(app);
            app.lists.clear();
            app.followed = super::super::app::Followed::default();
            follow(app, effects);
            drafts::show_what_was_left(app, effects);
        }
        Reply::Connected(Err(error)) => connection_failed(app, error),
        Reply::Rows(request, rows, cost) => {
            app.cost += cost;
            let Some(load) = app.loads.get(&request) else { return };
            if let Some(list) = app.lists.get_mut(load) {
                list.add(rows);
            }
            follow(app, effects);
        }
        Reply::Versions(request, page, cost) => {
            app.cost += cost;
            let Some(Load::History(subject)) = app.loads.get(&request).cloned() else { return };
            let (complete, now) = (page.complete, app.now);
            let timeline = app.keep_timeline(&subject);
            if timeline.add(page, request, now) && !complete {
                timeline.load = LoadState::Loading(request);
                effects.push(Effect::More(request));
            }
            if complete {
                app.loads.remove(&request);
            }
            outage::answered(app, &Load::History(subject.clone()));
            let newest = app.timelines.iter().find(|timeline| timeline.subject == subject);
            if let Some(newest) = newest.and_then(|timeline| timeline.newest()).cloned() {
                merge::saw(app, &newest);
            }
            follow(app, effects);
        }
        Reply::Found(request, found, progress) => surveys::found(app, request, found, progress),
        Reply::Waits(request) => surveys::waits(app, request),
        Reply::Complete(request) if surveys::complete(app, request) => {}
        Reply::Complete(request) => {
            let load = end_load(app, request, LoadState::Complete);
            if let Some(load) = &load {
                outage::answered(app, load);
            }
            if let Some(load) = &load {
                past::tell_missing(app, load);
            }
            if load == Some(Load::Applications) && windows::should_welcome(app) {
                let read_only = app.connection.read_only;
                app.overlays.push(windows::welcome(read_only));
            }
            follow(app, effects);
        }
        Reply::Failed(request, error) if surveys::failed(app, request, &error) => {}
        Reply::Failed(request, error) => {
            if let Some(load) = end_load(app, request, LoadState::Failed(error.clone())) {
                app.say(Mood::Bad, error.to_string());
                outage::failed(app, load, &error);
            }
        }
        Reply::BroughtBack(request, subject, became, done) => bring_back::became(app, request, subject, became, done),
        Reply::Written(request, result, cost) => {
            app.cost += cost;
            written(app, request, result, cost, effects);
        }
        Reply::Copied(Ok(bytes)) => {
            app.say(Mood::Good, format!("{} sent to the terminal's clipboard", crate::text::size(bytes)));
        }
        Reply::Copied(Err(reason)) => app.say(Mood::Bad, reason),
        Reply::EditedOutside(outside) => edit::edited_outside(app, outside, effects),
        Reply::KeepNow => drafts::keep_now(app, effects),
        Reply::Kept(edit, result) => drafts::kept(app, edit, result, effects),
        Reply::Drafts(result) => drafts::listed(app, result, effects),
        Reply::Taken(edit, result) => drafts::taken(app, edit, result, effects),
        Reply::Dropped(Ok(())) => {}
        Reply::Dropped(Err(error)) => app.say(Mood::Bad, error.to_string()),
        Reply::Compared(request, difference) => compare::compared(app, request, difference),
        Reply::Looked(subject, result, cost) => {
            app.cost += cost;
            drafts::looked(app, subject, result, effects);
        }
    }
}

fn connection_failed(app: &mut App, error: StoreError) {
    if let StoreError::TableMissing { table } = &error {
        let offer = windows::offer_tables(table, app.connection.read_only);
        app.overlays.push(offer);
    }
    app.say(Mood::Bad, error.to_string());
    let error = Arc::new(error);
    outage::not_opened(app, &error);
    app.opening = Opening::Failed(error);
}

fn written(
    app: &mut App,
    request: RequestId,
    result: Result<Outcome, StoreError>,
    cost: Cost,
    effects: &mut Vec<Effect>,
) {
    let Some(order) = app.writes.remove(&request) else { return };
    if trash::is_bringing(app, request) {
        return trash::brought_back(app, &order, result, cost, effects);
    }
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(error) => return not_written(app, request, &order, &error, effects),
    };
    if !matches!(outcome, Outcome::Conflict(_) | Outcome::BroughtBack(_)) {
        close_window(app, request);
        app.note.take_if(|(about, _)| *about == order.about());
    }
    if let Some(record) = made(&outcome) {
        let record = Arc::new(record.clone());
        // Half of what was to be taken back is a write of its own.
        let role = if matches!(outcome, Outcome::Half(..)) { Role::Asked } else { order.role };
        app.journal.note(app.now, &order.write, role, &record, cost);
    }
    match outcome {
        Outcome::Ready => {
            app.say(Mood::Good, "the tables are there");
            app.opening = Opening::Connecting;
            effects.push(Effect::Connect);
        }
        Outcome::Loaded(rows) => {
            app.say(Mood::Good, format!("{} rows of sample data written", crate::text::count(rows)));
            app.lists.clear();
            follow(app, effects);
        }
        Outcome::Collection(created) => {
            let word = if created.is_new { "created" } else { "was there already" };
            arrived(app, &created.record, effects);
            app.say(Mood::Good, format!("collection {} {word}", quoted(&created.record)));
        }
        Outcome::Entry(record) => {
            edit::stored(app, order.edit, effects);
            arrived(app, &record, effects);
            app.say(Mood::Good, format!("entry {} created", quoted(&record)));
        }
        Outcome::Version(written) => {
            edit::stored(app, order.edit, effects);
            if matches!(order.write, Write::Delete { .. }) && app.as_of.is_none() {
                app.focus = Pane::List(app.level);
            }
            if order.role == Role::Asked || written.record.is_deleted() {
                changed(app, &written.record, effects);
            } else {
                arrived(app, &written.record, effects);
                changed(app, &written.record, effects);
            }
            let done = match &order.write {
                _ if matches!(order.role, Role::Undo(_)) => "undone; U redoes it",
                _ if matches!(order.role, Role::Redo(_)) => "redone; u undoes it",
                Write::Delete { .. } if app.show_deleted => "deleted; u or r brings it back",
                Write::Delete { .. } => "deleted; u brings it back, . shows what is deleted",
                Write::Undelete { .. } => "brought back",
                Write::Restore { .. } => "restored as a new version; u undoes it",
                Write::Update { edit: Edit { value: None, .. }, .. } => "renamed; u undoes it",
                _ => "saved; u undoes it",
            };
            match written.slipped_in.len() {
                0 => app.say(Mood::Good, done),
                count => app.say(
                    Mood::Bad,
                    format!(
                        "{done}, but {count} version(s) of another writer slipped in at the same moment: look at the timeline"
                    ),
                ),
            }
        }
        Outcome::BroughtBack(stopped) => bring_back::ended(app, request, order.role, stopped, cost, effects),
        Outcome::Conflict(theirs) => conflict(app, request, &order, theirs, effects),
        Outcome::Half(written, error) => {
            changed(app, &written.record, effects);
            app.say(Mood::Bad, format!("the earlier state is back, and could not be deleted again: {error}"));
        }
    }
}

/// Returns the version that a write made or marked; a collection that was there already is not made.
fn made(outcome: &Outcome) -> Option<&Record> {
    match outcome {
        Outcome::Collection(created) => created.is_new.then_some(&created.record),
        Outcome::Entry(record) => Some(record),
        Outcome::Version(written) | Outcome::Half(written, _) => Some(&written.record),
        Outcome::Ready | Outcome::Loaded(_) | Outcome::Conflict(_) | Outcome::BroughtBack(_) => None,
    }
}

/// Closes the window that sent a write.
fn close_window(app: &mut App, request: RequestId) {
    app.overlays.retain(|overlay| sent_by(overlay) != Some(request));
}

fn sent_by(overlay: &Overlay) -> Option<RequestId> {
    match overlay {
        Overlay::Review(review) => review.sent,
        Overlay::Form(form) => form.sent,
        Overlay::Planning(planning) => planning.sent,
        Overlay::Help { .. }
        | Overlay::Choice(_)
        | Overlay::Journal { .. }
        | Overlay::Merging(_)
        | Overlay::Trash(_)
        | Overlay::Changes(_)
        | Overlay::Search(_)
        | Overlay::AsOf(_)
        | Overlay::Comparison(_)
        | Overlay::Looking(_)
        | Overlay::Drafts { .. } => None,
    }
}

/// A write failed. The window that sent it stays, with everything that was typed.
fn not_written(app: &mut App, request: RequestId, order: &Order, error: &StoreError, effects: &mut Vec<Effect>) {
    let is_stale = matches!(
        error,
        StoreError::VersionConflict { .. } | StoreError::Deleted { .. } | StoreError::NotDeleted { .. }
    );
    if let (true, Write::Delete { base } | Write::Undelete { base, .. } | Write::Restore { base, .. }) =
        (is_stale, &order.write)
    {
        close_window(app, request);
        load_timeline(app, &base.subject, effects);
        let words = match error {
            StoreError::VersionConflict { .. } => "someone else wrote since".to_owned(),
            error => error.to_string(),
        };
        return app.say(Mood::Bad, format!("nothing was written: {words}. Look again and repeat it"));
    }
    if let StoreError::Unconfirmed { .. } = error {
        // Whether it was written shows in what is read now, which the window would cover.
        close_window(app, request);
        match (&order.write, order.write.base()) {
            (_, Some(base)) => load_timeline(app, &base.subject, effects),
            (Write::CreateEntry { collection, .. }, None) => {
                load_list(app, &Load::Entries(collection.clone()), effects);
            }
            _ => {}
        }
        return app.say(Mood::Bad, error.to_string());
    }
    for overlay in &mut app.overlays {
        if sent_by(overlay) != Some(request) {
            continue;
        }
        match overlay {
            Overlay::Form(form) => {
                form.sent = None;
                form.problem = Some(error.to_string());
            }
            Overlay::Review(review) => review.sent = None,
            Overlay::Planning(planning) => planning.sent = None,
            _ => {}
        }
    }
    if error.denies_writes() {
        guard::set_read_only(app, Some(&error.to_string()), effects);
        return app.say(
            Mood::Bad,
            format!("not written: {error}. From now on nothing is tried; outside of the editor ! lets writes through"),
        );
    }
    app.say(Mood::Bad, format!("not written: {error}"));
}

/// Someone else wrote since, with nothing typed lost.
fn conflict(app: &mut App, request: RequestId, order: &Order, theirs: Record, effects: &mut Vec<Effect>) {
    load_timeline(app, &theirs.subject.clone(), effects);
    let is_sender = |overlay: &&mut Overlay| sent_by(overlay) == Some(request);
    if let Some(Overlay::Form(form)) = app.overlays.iter_mut().find(is_sender) {
        form.sent = None;
        form.kind = FormKind::Rename { newest: Arc::new(theirs) };
        form.problem = Some("not written: someone else wrote since. Enter writes this name on top of it".to_owned());
        return;
    }
    close_window(app, request);
    let is_edited = order.edit.is_some() && app.editing.as_ref().map(|editing| editing.id) == order.edit;
    match &order.write {
        Write::Update { base, edit: Edit { value: Some(mine), .. } } if is_edited => {
            merge::conflict(app, base, mine, theirs, effects);
        }
        _ => app.say(Mood::Bad, "nothing was written: someone else wrote since. Look again and repeat it"),
    }
}

/// Puts what was created into the lists, and selects it; where they show another moment, going back to now reads it.
pub(super) fn arrived(app: &mut App, record: &Record, effects: &mut Vec<Effect>) {
    if app.as_of.is_some() {
        return;
    }
    let collection = record.subject.collection();
    let path = [
        (Load::Applications, collection.application.as_str()),
        (Load::Users(collection.application.clone()), collection.user.as_str()),
    ];
    for (load, id) in path {
        let list = app.lists.entry(load).or_default();
        list.put(&Row::group(id));
        list.want(id.into());
    }
    let load = list_of(&record.subject);
    let list = app.lists.entry(load).or_default();
    // A filter could hide what was just created.
    list.set_filter(String::new());
    list.put(&Row::of(record));
    list.want(record.subject.id().into());
    app.level = match record.subject {
        Subject::Collection(_) => Level::Collections,
        Subject::Entry(_) => Level::Entries,
    };
    app.focus = Pane::List(app.level);
    follow(app, effects);
}

/// Takes a new version, or a deletion, into the lists and the timeline, where they show what is there now.
fn changed(app: &mut App, record: &Record, effects: &mut Vec<Effect>) {
    if app.as_of.is_some() {
        return;
    }
    if let Some(list) = app.lists.get_mut(&list_of(&record.subject)) {
        list.put(&Row::of(record));
    }
    let timeline = app.keep_timeline(&record.subject);
    timeline.put(&Arc::new(record.clone()));
    timeline.select_newest();
    load_timeline(app, &record.subject, effects);
    follow(app, effects);
    show(app);
}

pub(super) fn list_of(subject: &Subject) -> Load {
    match subject {
        Subject::Collection(key) => Load::Collections(key.application.clone(), key.user.clone()),
        Subject::Entry(key) => Load::Entries(key.collection.clone()),
    }
}
