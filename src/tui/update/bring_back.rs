//! Many brought back to a moment: the moment is asked for, the plan read and looked over, and carried out.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent};

use super::super::app::{App, Mood};
use super::super::event::{Became, Effect, Load, RequestId, Survey, Write};
use super::super::findings::Pressed;
use super::super::journal::Order;
use super::super::layout::rows_of_findings;
use super::super::list::{List, LoadState};
use super::super::overlay::{Form, FormKind, Goal, Overlay, Planning, Work};
use super::super::pane::Level;
use super::guard::{self, may_write};
use super::replies::list_of;
use super::windows::{is_ctrl, scroll_by};
use super::{comparison, follow, past, surveys};
use crate::bring_back::{Progress, Stopped, Target};
use crate::model::{CollectionId, CollectionKey, EntryId, EntryKey, Moment, Subject, Version};
use crate::store::Scope;
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
    app.overlays.push(Overlay::Planning(Box::new(Planning::new(target, place, moment, request))));
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
    if key.code == KeyCode::Char(' ') && !typing {
        if planning.is_carried_out() {
            return app.say(Mood::Plain, "this is done: B plans what is left");
        }
        if planning.leave_out() {
            planning.findings.key(KeyEvent::from(KeyCode::Down), Some(1), height);
        } else {
            app.say(Mood::Plain, "there is nothing to be done with it");
        }
        return;
    }
    if key.code == KeyCode::Char('V') && !typing {
        return app.say(Mood::Plain, "all of a plan is carried out: Space leaves a row out");
    }
    match (planning.findings.key(key, scroll_by(key, height), height), key.code) {
        (Pressed::Other, KeyCode::Enter | KeyCode::Char('l') | KeyCode::Right) => look(app, effects),
        (Pressed::Other, _) if is_ctrl(key, 's') => send(app, effects),
        (Pressed::Other, KeyCode::Char('r')) if is_ctrl(key, 'r') => surveys::again(app, effects),
        (Pressed::Other, KeyCode::Char('B')) => surveys::again(app, effects),
        (Pressed::Other, KeyCode::Char('u')) => take_back(app, effects),
        (pressed, _) => surveys::pressed(app, pressed, effects),
    }
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

/// Opens the plan that takes back what the window on top did.
fn take_back(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Planning(planning)) = app.overlays.last() else { return };
    let Some(work) = planning.work(app.journal.deeds().len()) else {
        return app.say(Mood::Plain, "nothing was carried out yet that could be taken back");
    };
    surveys::close(app, effects);
    plan_back(app, work, effects);
}

/// Opens the plan that takes back a work: what it wrote, where nobody has written since, as that was right before.
pub(super) fn plan_back(app: &mut App, work: Work, effects: &mut Vec<Effect>) {
    let before = Moment::from(Version::from_ms(work.begun.saturating_sub(1)));
    begin(app, work.target.clone(), work.place.clone(), before, effects);
    if let Some(Overlay::Planning(planning)) = app.overlays.last_mut() {
        planning.takes_back = Some(work);
    }
}

/// Carries the plan out, on a protected connection after one more question.
fn send(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Overlay::Planning(planning)) = app.overlays.last() else { return };
    if planning.findings.load.is_loading() {
        return app.say(Mood::Plain, "the plan is being read: wait for it, or stop it with Esc");
    }
    if planning.is_carried_out() {
        return app.say(Mood::Plain, "this is done: B plans what is left");
    }
    let plan = planning.plan();
    if plan.items.is_empty() {
        return app.say(Mood::Plain, "there is nothing to do");
    }
    // What is brought back shows now.
    if app.as_of.is_some() && !app.connection.read_only {
        past::leave(app, effects);
    }
    if may_write(app) {
        guard::send(app, Order::plain(Write::BringBack(Box::new(plan))), effects);
    }
}

/// Takes in what became of one of many.
pub(super) fn became(app: &mut App, request: RequestId, subject: Subject, became: Became, done: Progress) {
    if let Some(planning) = window(app, request) {
        planning.take(subject, became, done);
    }
}

/// Notes that the work has ended, and reads anew what it changed.
pub(super) fn ended(app: &mut App, request: RequestId, stopped: Option<Stopped>, effects: &mut Vec<Effect>) {
    let deeds = app.journal.deeds().len();
    let Some(planning) = window(app, request) else { return };
    planning.sent = None;
    planning.is_stopping = false;
    let (work, taken_back) = (planning.work(deeds), planning.takes_back.clone());
    let (done, place, is_whole) = (planning.done, planning.place.clone(), planning.is_whole());
    let changed: Vec<Subject> = planning.brought_back().cloned().collect();
    match taken_back {
        None => app.works.extend(work),
        Some(work) if done.done == done.of => app.works.retain(|other| other.begun != work.begun),
        Some(_) => {}
    }
    clear_marks(app);
    read_anew(app, &changed, effects);
    let (mood, mut words) = match stopped {
        None if done.done < done.of => (Mood::Bad, format!("{done}; B plans what is left")),
        None if is_whole => (Mood::Good, format!("{place} is as it was: {done}; u takes it back")),
        None => (Mood::Good, format!("{done}, and nothing else; u takes it back")),
        Some(Stopped::Asked) => (Mood::Plain, format!("stopped: {done}; B plans what is left")),
        Some(Stopped::Failing) => {
            (Mood::Bad, format!("ended, since nothing more could be written: {done}; B plans what is left"))
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
