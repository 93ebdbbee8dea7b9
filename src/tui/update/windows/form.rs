//! Forms: filled in, checked, and made a write.

use crossterm::event::{KeyCode, KeyEvent};

use super::super::super::app::App;
use super::super::super::event::{Effect, Write};
use super::super::super::journal::Order;
use super::super::super::overlay::{Form, FormKind, Overlay};
use super::super::super::pane::Level;
use super::super::{bring_back, edit, guard, trash};
use super::{Next, is_ctrl};
use crate::model::{Application, Subject, User};
use crate::store::Edit;

/// Takes a key for a form.
pub(super) fn key(form: &mut Form, key: KeyEvent) -> Next {
    if form.sent.is_some() {
        return Next::Stay;
    }
    let last = form.fields.len().saturating_sub(1);
    match key.code {
        KeyCode::Esc => return Next::Close,
        _ if is_ctrl(key, 'y') => return Next::CopyCommand,
        KeyCode::Tab | KeyCode::Down => form.cursor = if form.cursor == last { 0 } else { form.cursor + 1 },
        KeyCode::BackTab | KeyCode::Up => form.cursor = form.cursor.checked_sub(1).unwrap_or(last),
        KeyCode::Enter if form.cursor < last => form.cursor += 1,
        KeyCode::Enter => return Next::Submit,
        _ => {
            if let Some((_, input)) = form.fields.get_mut(form.cursor)
                && input.key(key)
            {
                form.problem = None;
            }
        }
    }
    Next::Stay
}

/// Names need not be unique, but two of one name are seldom meant.
fn name_is_taken(app: &App) -> Option<String> {
    let Some(Overlay::Form(form)) = app.overlays.last() else { return None };
    let (level, field) = match &form.kind {
        // Asking for a collection that is there leads to it.
        FormKind::Collection { .. }
        | FormKind::Confirm { .. }
        | FormKind::BringBack(_)
        | FormKind::Unlock
        | FormKind::Moment { .. } => {
            return None;
        }
        FormKind::Entry { .. } => (Level::Entries, "entry"),
        FormKind::Rename { newest } if matches!(newest.subject, Subject::Collection(_)) => {
            (Level::Collections, "new name")
        }
        FormKind::Rename { .. } => (Level::Entries, "new name"),
    };
    let name = form.field(field)?;
    if matches!(&form.kind, FormKind::Rename { newest } if newest.name.as_deref() == Some(name)) {
        return None;
    }
    let is_taken = app.list(level)?.has_live(name) && form.said_twice.as_deref() != Some(name);
    is_taken.then(|| name.to_owned())
}

/// Returns what is written by a form that is filled in; `None` where that is for something else or isn't enough.
pub(in super::super) fn write_of(form: &Form) -> Option<Write> {
    let field = |name| form.field(name).filter(|text| !text.is_empty());
    match form.kind.clone() {
        FormKind::Collection { application, user } => Some(Write::CreateCollection {
            application: application.or_else(|| field("application").map(Application::new))?,
            user: user.or_else(|| User::from_typed(field("user")?))?,
            name: field("collection")?.to_owned(),
        }),
        FormKind::Rename { newest } => {
            let edit = Edit { name: Some(field("new name")?.to_owned()), ..Edit::default() };
            Some(Write::Update { base: newest, edit })
        }
        FormKind::Confirm { order } => Some(order.write),
        FormKind::Entry { .. } | FormKind::BringBack(_) | FormKind::Unlock | FormKind::Moment { .. } => None,
    }
}

/// Does what the form is for, or says in it what is wrong.
pub(super) fn submit(app: &mut App, effects: &mut Vec<Effect>) {
    let taken = name_is_taken(app);
    let connection = app.connection.name.clone();
    let Some(Overlay::Form(form)) = app.overlays.last_mut() else { return };
    if let Some(problem) = problem(form, &connection) {
        form.problem = Some(problem);
        return;
    }
    if let Some(name) = taken {
        form.problem = Some("that name is there already; Enter again for a second one".to_owned());
        form.said_twice = Some(name);
        return;
    }
    let write = write_of(form);
    match (form.kind.clone(), write) {
        (FormKind::Entry { collection }, _) => {
            let name = form.field("entry").unwrap_or_default().to_owned();
            app.overlays.pop();
            edit::open_new(app, collection, name);
        }
        (FormKind::Moment { .. }, _) => bring_back::submit(app, effects),
        (FormKind::Unlock, _) => {
            app.overlays.pop();
            guard::set_read_only(app, None, effects);
        }
        (FormKind::BringBack(records), _) => {
            app.overlays.pop();
            trash::bring_back(app, records, effects);
        }
        (FormKind::Confirm { order }, _) => {
            app.overlays.pop();
            guard::send_now(app, order, effects);
        }
        (_, Some(write)) => guard::send(app, Order::plain(write), effects),
        (_, None) => {}
    }
}

/// Returns what is wrong with what was filled in; the cursor goes there.
fn problem(form: &mut Form, connection: &str) -> Option<String> {
    if let Some(empty) = form.fields.iter().position(|(_, input)| input.text().trim().is_empty()) {
        form.cursor = empty;
        return Some(format!("{} can't be empty", form.fields[empty].0));
    }
    match &form.kind {
        FormKind::Collection { user: None, .. } if form.stored_user() == Some(None) => {
            Some("nothing of that user name can be stored: use letters or digits".to_owned())
        }
        FormKind::Rename { newest } if newest.name.as_deref() == form.field("new name") => {
            Some("that is its name already".to_owned())
        }
        FormKind::Confirm { .. } | FormKind::BringBack(_) | FormKind::Unlock
            if form.field("connection") != Some(connection) =>
        {
            Some("that is not its name, which stands at the top left".to_owned())
        }
        _ => None,
    }
}
