//! Many brought back to a moment: the moment is asked for, the plan read and looked over, and carried out.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent};

use super::super::app::{App, Mood};
use super::super::command;
use super::super::event::{Became, Effect, Load, RequestId, Survey, Write};
use super::super::findings::Pressed;
use super::super::journal::{Order, Role};
use super::super::layout::rows_of_findings;
use super::super::list::{List, LoadState};
use super::super::overlay::{
    Answer, Choice, Decision, Form, FormKind, Goal, NOTE_LIMIT, Overlay, Planning, Purpose, type_note,
};
use super::super::pane::Level;
use super::guard::{self, may_write};
use super::replies::list_of;
use super::windows::{is_ctrl, scroll_by};
use super::{comparison, follow, past, surveys, undo};
use crate::bring_back::{Item, Progress, Stopped, Target};
use crate::model::{CollectionId, CollectionKey, EntryId, EntryKey, Moment, Subject, Version};
use crate::store::{Cost, Scope};
use crate::text::{count, number};

/// Marks the selected row of a list, or takes its mark off.
pub(super) fn mark_row(app: &mut App, effects: &mut Vec<Effect>) {
    match list_of_marks(app) {
        None => app.say(Mood::Plain, "collections and entries can be marked"),
        Some(list) => {
            if list.mark() {
                follow::follow(app, effects);
            } else {
                app.say(Mood::Plain, "there is nothing here that could be marked");
            }
        }
    }
}

/// Marks the rows from the last mark to the selected one.
pub(super) fn mark_range(app: &mut App) {
    let words = match list_of_marks(app).map(List::mark_range) {
        None => "collections and entries can be marked".to_owned(),
        Some(None) => "Space marks the row to start from".to_owned(),
        Some(Some(marked)) => {
            format!("{} marked: B brings them back to a moment, Esc takes the marks off", count(marked))
        }
    };
    app.say(Mood::Plain, words);
}

fn list_of_marks(app: &mut App) -> Option<&mut List> {
    let level = app.level;
    if level < Level::Collections { None } else { app.list_mut(level) }
}

/// Takes the marks of the list in use off. Returns whether there were any.
pub(super) fn clear_marks(app: &mut App) -> bool {
    list_of_marks(app).is_some_and(List::clear_marks)
}

/// Asks to which moment what is marked, or where nothing is all that is selected, is to be brought back. In the past it is
/// the one that shows.
pub(super) fn open(app: &mut App, effects: &mut Vec<Effect>) {
    let Some((target, place)) = target(app) else {
        return app.say(Mood::Plain, "select what is to be brought back first");
    };
    match app.as_of {
        Some(moment) => begin(app, target, place, moment, effects),
        None => ask(app, Goal::BringBack(target), place),
    }
}

/// Asks for a moment; that of an older version that is shown is there already.
pub(super) fn ask(app: &mut App, goal: Goal, place: String) {
    let timeline = app.timeline();
    let shown = timeline.and_then(|timeline| timeline.shown()).map(|record| record.version);
    let newest = timeline.and_then(|timeline| timeline.newest()).map(|record| record.version);
    let moment = shown.filter(|_| shown != newest).map(Moment::from);
    let mut form = Form::new(FormKind::Moment { goal, place });
    if let (Some(moment), Some((_, input))) = (moment, form.fields.first_mut()) {
        input.insert(&moment.shown(&app.zone));
    }
    app.overlays.push(Overlay::Form(form));
}

/// Goes on with the moment that was typed, or says in the form what is wrong with it.
pub(super) fn submit(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Form(form)) = app.overlays.last_mut() else { return };
    let FormKind::Moment { goal, place } = form.kind.clone() else { return };
    match form.moment(app.now, &app.zone).into_moment(&app.zone) {
        Err(problem) => form.problem = Some(problem),
        Ok(None) => form.problem = Some("that is now: type a moment of the past".to_owned()),
        Ok(Some(moment)) => {
            app.overlays.pop();
            match goal {
                Goal::BringBack(target) => begin(app, target, place, moment, effects),
                Goal::Compare(collection) => comparison::with_moment(app, collection, &place, moment, effects),
            }
        }
    }
}

/// Opens the window of a plan, which is read for it.
pub(super) fn begin(app: &mut App, target: Target, place: String, moment: Moment, effects: &mut Vec<Effect>) {
    let request = surveys::begin(app, Survey::Plan(target.clone(), moment), effects);
    let shown = moment.shown(&app.zone);
    app.overlays.push(Overlay::Planning(Box::new(Planning::of_moment(target, place, moment, &shown, request))));
}

/// Opens the window of the plan that takes back, or puts forward again, a deed of the journal.
pub(super) fn plan_back(app: &mut App, place: usize, role: Role, items: Vec<Item>) {
    let Some(deed) = app.journal.deeds().get(place) else { return };
    let verb = if matches!(role, Role::Redo(_)) { "Redo" } else { "Undo" };
    let title = format!("{verb}: {}", app.journal.words_of_way_back(place));
    // The look at a row compares with right before the deed ended.
    let moment = Moment::from(Version::from_ms(deed.at.saturating_sub(1)));
    let words = deed.words.clone();
    app.overlays.push(Overlay::Planning(Box::new(Planning::of_items(role, title, words, moment, items))));
}

/// Returns what is marked, or where nothing is all that is selected, and its words.
fn target(app: &App) -> Option<(Target, String)> {
    let application = app.application()?;
    let marked = app.list(app.level).map(List::marked).filter(|marked| !marked.is_empty());
    match (app.level, marked) {
        (Level::Entries, Some(marked)) => {
            let collection = app.collection()?;
            let entry = |id| EntryKey { collection: collection.clone(), id: EntryId::new(id) };
            let entries: BTreeSet<Subject> = marked.iter().map(|id| entry(id.clone()).into()).collect();
            let place = app.place_of(entries.first()?);
            let words = format!("{} of {place}", number(entries.len(), "entry", "entries"));
            Some((Target::Entries { collection, entries }, words))
        }
        (Level::Collections, Some(marked)) => {
            let user = app.user()?;
            let key =
                |id| CollectionKey { application: application.clone(), user: user.clone(), id: CollectionId::new(id) };
            let mut keys: Vec<_> = marked.iter().map(|id| key(id.clone())).collect();
            keys.sort();
            let words = format!("{} of {application} › {user}", number(keys.len(), "collection", "collections"));
            Some((Target::Collections(keys), words))
        }
        (Level::Entries | Level::Collections, None) => {
            let collection = app.collection()?;
            let words = app.words_of_scope(&Scope::Collection(collection.clone()));
            Some((Target::Collections(vec![collection]), words))
        }
        (Level::Users, _) => {
            let user = app.user()?;
            let words = format!("{application} › {user}");
            Some((Target::User(application, user), words))
        }
        (Level::Applications, _) => Some((Target::Application(application.clone()), application.to_string())),
    }
}

/// Takes a key of the window.
pub(super) fn key(app: &mut App, key: KeyEvent, effects: &mut Vec<Effect>) {
    let height = rows_of_findings(app.size);
    let Some(Overlay::Planning(planning)) = app.overlays.last_mut() else { return };
    let (_, typing) = planning.findings.filter();
    if let Some(request) = planning.sent {
        return key_of_work(app, key, request, height, effects);
    }
    if planning.is_noting {
        return note_key(app, key);
    }
    if let (KeyCode::Char(' ' | 'V'), false) = (key.code, typing) {
        return leave_out(app, key.code == KeyCode::Char('V'), height);
    }
    match (planning.findings.key(key, scroll_by(key, height), height), key.code) {
        (Pressed::Other, KeyCode::Enter | KeyCode::Char('l') | KeyCode::Right) => look(app, effects),
        (Pressed::Other, KeyCode::Tab) if !planning.is_carried_out => planning.is_noting = true,
        (Pressed::Other, _) if is_ctrl(key, 's') => send(app, effects),
        (Pressed::Other, KeyCode::Char('y')) => guard::copy_command(app, effects),
        (Pressed::Other, KeyCode::Char('r')) if is_ctrl(key, 'r') => plan_anew(app, effects),
        (Pressed::Other, KeyCode::Char('B')) => plan_anew(app, effects),
        (Pressed::Other, KeyCode::Char('u')) => take_back(app, effects),
        (pressed, _) => surveys::pressed(app, pressed, effects),
    }
}

/// Takes a key while the note is typed.
fn note_key(app: &mut App, key: KeyEvent) {
    let Some(Overlay::Planning(planning)) = app.overlays.last_mut() else { return };
    match key.code {
        KeyCode::Esc | KeyCode::Tab | KeyCode::Enter => planning.is_noting = false,
        _ if !type_note(&mut planning.note, |note| _ = note.key(key)) => {
            app.say(Mood::Bad, format!("a note has at most {NOTE_LIMIT} characters"));
        }
        _ => {}
    }
}

/// Takes a pasted text into the note.
pub(super) fn paste_note(app: &mut App, text: &str) {
    let Some(Overlay::Planning(planning)) = app.overlays.last_mut() else { return };
    if !type_note(&mut planning.note, |note| note.insert(text.trim())) {
        app.say(Mood::Bad, format!("that would be more than the {NOTE_LIMIT} characters of a note"));
    }
}

/// Leaves the row under the cursor, or all that show, out of what is done, or takes it in again.
fn leave_out(app: &mut App, all_shown: bool, height: usize) {
    let Some(Overlay::Planning(planning)) = app.overlays.last_mut() else { return };
    if planning.is_carried_out {
        return app.say(Mood::Plain, "this is done: B plans what is left");
    }
    if all_shown {
        let (changed, is_out) = planning.leave_out_shown();
        let what = if is_out { "left out" } else { "taken in again" };
        return app.say(Mood::Plain, format!("{} {what}", number(changed, "row", "rows")));
    }
    if planning.leave_out() {
        planning.findings.key(KeyEvent::from(KeyCode::Down), Some(1), height);
    } else {
        app.say(Mood::Plain, "there is nothing to be done with it");
    }
}

/// Plans anew what is left: reads it, or looks up what the journal has of it.
fn plan_anew(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Planning(planning)) = app.overlays.last() else { return };
    let Purpose::WayBack(role) = planning.purpose else { return surveys::again(app, effects) };
    let Some(place) = role.target().filter(|_| planning.is_carried_out) else { return };
    surveys::close(app, effects);
    undo::take_back(app, place, effects);
}

/// Takes a key while the plan is carried out: Esc stops, and the rows can be moved through.
fn key_of_work(app: &mut App, key: KeyEvent, request: RequestId, height: usize, effects: &mut Vec<Effect>) {
    let Some(Overlay::Planning(planning)) = app.overlays.last_mut() else { return };
    if let Some(by) = scroll_by(key, height) {
        planning.findings.key(key, Some(by), height);
    } else if key.code == KeyCode::Esc {
        if !planning.is_stopping {
            planning.is_stopping = true;
            effects.push(Effect::Cancel(request));
        }
        app.say(Mood::Plain, "stopping: what is on its way is finished");
    } else {
        app.say(Mood::Plain, "it is being written: Esc stops after what is on its way");
    }
}

/// Shows what will change in the row under the cursor.
fn look(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Planning(planning)) = app.overlays.last() else { return };
    let moment = planning.moment.shown(&app.zone);
    let Some(item) = planning.findings.selected().map(|row| &row.item) else { return };
    let version = |subject: &Subject, version: Version| Some((subject.clone(), version));
    let old = version(&item.now.subject, item.now.version);
    let new = item.then.as_ref().filter(|then| !then.is_deleted());
    let new = new.and_then(|then| version(&then.subject, then.version));
    let title = format!("{} {}", item.act.word(), item.title());
    let compared = match &new {
        Some(_) => format!("now → {moment}"),
        None => format!("now; it was not there at {moment}"),
    };
    comparison::look(app, title, old, new, compared, effects);
}

/// Opens the plan that takes back what the window on top did, which is the last deed of the journal.
fn take_back(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Planning(planning)) = app.overlays.last() else { return };
    if planning.done.done == 0 {
        return app.say(Mood::Plain, "nothing was carried out yet that could be taken back");
    }
    surveys::close(app, effects);
    if let Some(place) = app.journal.deeds().len().checked_sub(1) {
        undo::take_back(app, place, effects);
    }
}

/// Returns the command line that plans and does the same, or why there is none.
pub(super) fn command(app: &App, planning: &Planning) -> Result<String, &'static str> {
    let Purpose::Moment(target) = &planning.purpose else {
        return Err("there is no command line that takes back what was done here");
    };
    if planning.leaves_out() {
        return Err("a command line leaves nothing out: take in again what is left out (Space)");
    }
    let why = planning.why();
    command::of_plan(&app.connection.flags, target, planning.moment, why.as_deref(), false)
        .ok_or("there is no command line that does this")
}

/// Carries the plan out, on a protected connection after one more question. What is brought back is written now, so that
/// it is asked for once more where another moment shows.
fn send(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Planning(planning)) = app.overlays.last() else { return };
    if planning.findings.load.is_loading() {
        return app.say(Mood::Plain, "the plan is being read: wait for it, or stop it with Esc");
    }
    if planning.is_carried_out {
        return app.say(Mood::Plain, "this is done: B plans what is left");
    }
    let (hidden, plan) = (planning.hidden_writes(), planning.plan());
    if plan.items.is_empty() {
        return app.say(Mood::Plain, "there is nothing to do");
    }
    if hidden > 0 {
        let of = number(plan.writes(), "write", "writes");
        let words = format!("the filter hides {} of {of}: Esc clears it", count(hidden));
        return app.say(Mood::Bad, words);
    }
    let role = match planning.purpose {
        Purpose::Moment(_) => Role::Asked,
        Purpose::WayBack(role) => role,
    };
    let order = Order { write: Write::BringBack(Box::new(plan)), role, edit: None };
    if app.as_of.is_none() {
        if may_write(app) {
            guard::send(app, order, effects);
        }
        return;
    }
    if app.connection.read_only {
        // It says why.
        past::leave(app, effects);
        may_write(app);
        return;
    }
    app.overlays.push(Overlay::Choice(Choice {
        title: "Write to now?".to_owned(),
        text: vec![
            format!("What was there then is written as new versions of now: {}.", order.write.in_words()),
            "The explorer goes back to now.".to_owned(),
        ],
        answers: vec![
            Answer::new("Cancel", Decision::Nothing),
            Answer::new("Go to now and write", Decision::Write(order)),
        ],
        cursor: 0,
    }));
}

/// Takes in what became of one of many.
pub(super) fn became(app: &mut App, request: RequestId, subject: Subject, became: Became, done: Progress) {
    if let Some(planning) = window(app, request) {
        planning.take(subject, became, done);
    }
}

/// Notes that the work has ended, and reads anew what it changed.
pub(super) fn ended(
    app: &mut App,
    request: RequestId,
    role: Role,
    stopped: Option<Stopped>,
    cost: Cost,
    effects: &mut Vec<Effect>,
) {
    let height = rows_of_findings(app.size);
    let shown = window(app, request).map(|planning| planning.moment).map(|moment| moment.shown(&app.zone));
    let (Some(planning), Some(shown)) = (window(app, request), shown) else { return };
    planning.end(height);
    let (brought_back, done, place) = (planning.brought_back(), planning.done, planning.place.clone());
    let (is_read, is_whole) = (planning.is_read(), planning.is_whole());
    // What was left out of a way back can still be taken back.
    let is_over = stopped.is_none() && !planning.leaves_out();
    let changed: Vec<Subject> = brought_back.iter().map(|(item, _)| item.now.subject.clone()).collect();
    let words = match role {
        Role::Asked => format!("brought {} of {place} back to {shown}", count(done.done)),
        Role::Undo(_) | Role::Redo(_) => place.clone(),
    };
    app.journal.note_many(app.now, words, role, brought_back, cost, is_over);
    clear_marks(app);
    read_anew(app, &changed, effects);
    let (mood, mut words) = match (stopped, role) {
        (Some(Stopped::Asked), _) => (Mood::Plain, format!("stopped: {done}; B plans what is left")),
        (Some(Stopped::Failing), _) => {
            (Mood::Bad, format!("ended, since nothing more could be written: {done}; B plans what is left"))
        }
        (None, Role::Asked) if done.done < done.of => (Mood::Bad, format!("{done}; B plans what is left")),
        (None, Role::Asked) if is_whole => (Mood::Good, format!("all is as it was: {done}; u takes it back")),
        (None, Role::Asked) if !is_read => (Mood::Good, format!("{done}; not all was read: B plans the rest")),
        (None, Role::Asked) => (Mood::Good, format!("{done}; the other rows are as they were; u takes it back")),
        (None, Role::Undo(_)) if done.done == done.of => (Mood::Good, format!("undone: {done}; U redoes it")),
        (None, Role::Redo(_)) if done.done == done.of => (Mood::Good, format!("redone: {done}; u undoes it")),
        (None, Role::Undo(_) | Role::Redo(_)) => {
            (Mood::Bad, format!("{done}: what someone else has written on since stays as it is"))
        }
    };
    if done.slipped_in > 0 {
        words += &format!("; {} version(s) of another writer slipped in at the same moment", count(done.slipped_in));
    }
    app.say(if done.slipped_in > 0 { Mood::Bad } else { mood }, words);
}

/// Has the lists and timelines of what changed read anew: at once what shows, the rest when it is gone to.
fn read_anew(app: &mut App, changed: &[Subject], effects: &mut Vec<Effect>) {
    let changed: BTreeSet<&Subject> = changed.iter().collect();
    for subject in &changed {
        // What it has under way is from before.
        let load = Load::History((*subject).clone());
        let under_way = app.loads.iter().find(|(_, wanted)| **wanted == load).map(|(request, _)| *request);
        if let Some(request) = under_way {
            follow::end_load(app, request, LoadState::New);
            effects.push(Effect::Cancel(request));
        }
    }
    app.timelines.retain(|timeline| !changed.contains(&timeline.subject));
    let mut loads: Vec<Load> = changed.iter().map(|subject| list_of(subject)).collect();
    loads.dedup();
    let wanted = follow::wanted(app);
    for load in loads {
        if wanted.contains(&load) {
            follow::load_list(app, &load, effects);
        } else {
            app.lists.remove(&load);
        }
    }
    follow::follow(app, effects);
}

fn window(app: &mut App, request: RequestId) -> Option<&mut Planning> {
    app.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Planning(planning) if planning.sent == Some(request) => Some(&mut **planning),
        _ => None,
    })
}
