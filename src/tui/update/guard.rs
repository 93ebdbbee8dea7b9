//! What stands between a person and a write: the read-only switch, and the questions of a protected connection.

use super::super::app::{App, Mood, Opening};
use super::super::command;
use super::super::event::Effect;
use super::super::journal::Order;
use super::super::overlay::{Answer, Choice, Decision, Form, FormKind, Overlay};
use super::{bring_back, past, windows};

/// Refuses a write before anything is typed for it: while another moment is shown, on a read-only connection, and where
/// the store is not open.
pub(super) fn may_write(app: &mut App) -> bool {
    if app.as_of.is_some() {
        app.say(Mood::Bad, past::REFUSED);
        return false;
    }
    if app.connection.read_only {
        let why = match &app.connection.read_only_because {
            Some(reason) => format!("nothing can be written: {reason}; ! lets writes through again"),
            None => "this connection is read-only: nothing can be written; ! lets writes through".to_owned(),
        };
        app.say(Mood::Bad, why);
        return false;
    }
    let is_open = matches!(app.opening, Opening::Open);
    if !is_open {
        app.say(Mood::Bad, "the store is not open: nothing can be written");
    }
    is_open
}

/// Refuses writes from now on; or lets them through again, where the connection is protected after its name was typed.
pub(super) fn toggle_read_only(app: &mut App, effects: &mut Vec<Effect>) {
    if app.as_of.is_some() {
        app.say(Mood::Bad, past::REFUSED);
    } else if !app.connection.read_only {
        set_read_only(app, Some("it was switched to read-only"), effects);
    } else if app.connection.is_protected {
        app.overlays.push(Overlay::Form(Form::new(FormKind::Unlock)));
    } else {
        set_read_only(app, None, effects);
    }
}

/// Refuses writes for a reason, or lets them through where there is none.
pub(super) fn set_read_only(app: &mut App, because: Option<&str>, effects: &mut Vec<Effect>) {
    app.connection.read_only = because.is_some();
    app.connection.read_only_because = because.map(str::to_owned);
    effects.push(Effect::ReadOnly(because.is_some()));
    let words = if because.is_some() { "read-only: every write is refused" } else { "writes go through again" };
    app.say(Mood::Plain, words);
}

/// Sends a write, on a protected connection after one more question.
pub(super) fn send(app: &mut App, order: Order, effects: &mut Vec<Effect>) {
    if !app.connection.is_protected {
        send_now(app, order, effects);
    } else if order.write.touches_many() {
        app.overlays.push(Overlay::Form(Form::new(FormKind::Confirm { order })));
    } else {
        let words = match order.role.target() {
            Some(place) => app.journal.words_of_way_back(place),
            None => order.write.in_words(),
        };
        let words = format!("  {words}");
        app.overlays.push(Overlay::Choice(Choice {
            title: format!("Write to {}?", app.connection.name),
            text: vec!["This connection is protected. What will be done:".to_owned(), words],
            answers: vec![
                Answer::new("Cancel", Decision::Nothing),
                Answer::new("Write it", Decision::Confirmed(order)),
            ],
            cursor: 0,
        }));
    }
}

/// Sends a write after a question that had its cursor on doing nothing; a protected connection asks once more only where
/// more than one item is touched. What was asked for in the past is written now.
pub(super) fn send_asked(app: &mut App, order: Order, effects: &mut Vec<Effect>) {
    if app.as_of.is_some() {
        past::leave(app, effects);
    }
    if order.write.touches_many() {
        send(app, order, effects);
    } else {
        send_now(app, order, effects);
    }
}

/// Sends a write. The window on top stays until it is answered.
pub(super) fn send_now(app: &mut App, order: Order, effects: &mut Vec<Effect>) {
    let request = app.request();
    effects.push(Effect::Write(request, order.write.clone()));
    app.writes.insert(request, order);
    match app.overlays.last_mut() {
        Some(Overlay::Review(review)) => review.sent = Some(request),
        Some(Overlay::Form(form)) => form.sent = Some(request),
        Some(Overlay::Planning(planning)) => planning.sent = Some(request),
        _ => {}
    }
}

/// Copies the command line that writes what the window on top would.
pub(super) fn copy_command(app: &mut App, effects: &mut Vec<Effect>) {
    // The question of a protected connection stands above its plan.
    let planning = app.overlays.iter().rev().take(2).find_map(|overlay| match overlay {
        Overlay::Planning(planning) => Some(planning),
        _ => None,
    });
    if let Some(planning) = planning {
        return match bring_back::command(app, planning) {
            Ok(line) => effects.push(Effect::Copy(line)),
            Err(why) => app.say(Mood::Plain, why),
        };
    }
    let write = match app.overlays.last() {
        Some(Overlay::Review(review)) => Some(review.noted().write),
        Some(Overlay::Choice(choice)) => choice.answers.iter().find_map(|answer| match &answer.decision {
            Decision::Write(order) | Decision::Confirmed(order) => Some(order.write.clone()),
            _ => None,
        }),
        Some(Overlay::Form(form)) => windows::write_of(form),
        _ => None,
    };
    match write.and_then(|write| command::line(&app.connection.flags, &write)) {
        Some(line) => effects.push(Effect::Copy(line)),
        None => app.say(Mood::Plain, "there is no command line that does this"),
    }
}
