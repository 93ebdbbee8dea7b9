//! The questions that the explorer asks by itself.

use super::super::super::app::App;
use super::super::super::event::Write;
use super::super::super::journal::Order;
use super::super::super::overlay::{Answer, Choice, Decision, FormKind, Overlay};
use super::super::act;

/// The first screen of an empty store.
pub(in super::super) fn welcome(read_only: bool) -> Overlay {
    let mut text = vec![
        "dynamini browses, edits and restores versioned JSON collections, kept in".to_owned(),
        "two DynamoDB tables or, as here, in a file of your own.".to_owned(),
        String::new(),
        "application › user › collection › entry › versions".to_owned(),
        String::new(),
        "Each save adds a version. Nothing is overwritten, and every older version".to_owned(),
        "can be seen, compared and brought back. This store is empty.".to_owned(),
    ];
    let mut answers = Vec::new();
    if read_only {
        text.push("The connection is read-only, so that nothing can be created here.".to_owned());
    } else {
        let empty = FormKind::Collection { application: None, user: None };
        answers.push(Answer::new(
            "Load the sample data and look around",
            Decision::Write(Order::plain(Write::LoadSample)),
        ));
        answers.push(Answer::new("Create a first collection", Decision::Add(empty)));
    }
    answers.push(Answer::new("Connect to DynamoDB", Decision::ExplainConnections));
    answers.push(Answer::new("Nothing for now (a adds, ? shows the keys)", Decision::Nothing));
    Overlay::Choice(Choice { title: "Welcome to dynamini".to_owned(), text, answers, cursor: 0 })
}

pub(super) fn explain_connections() -> Overlay {
    let text = [
        "Start dynamini with the account that has the tables:",
        "",
        "  dynamini --profile NAME --region REGION",
        "  dynamini --endpoint-url http://localhost:8000",
        "",
        "or name connections in the config file and open one with --connection NAME.",
        "config.example.toml shows every key. Credentials come from where the AWS tools",
        "have them: profiles, SSO, environment. `dynamini init` creates the tables.",
    ];
    Overlay::Choice(Choice {
        title: "Connect to DynamoDB".to_owned(),
        text: text.map(str::to_owned).to_vec(),
        answers: vec![Answer::new("Close", Decision::Nothing)],
        cursor: 0,
    })
}

/// Asks whether to create the tables where they are missing.
pub(in super::super) fn offer_tables(table: &str, read_only: bool) -> Overlay {
    let text = vec![
        format!("The table {table} does not exist here."),
        "Both tables are created as the connection's settings say; that takes a few seconds.".to_owned(),
    ];
    let mut answers = vec![Answer::new("Don't create anything", Decision::Nothing)];
    if !read_only {
        answers.push(Answer::new("Create the tables", Decision::Write(Order::plain(Write::Init))));
    }
    Overlay::Choice(Choice { title: "No tables yet".to_owned(), text, answers, cursor: 0 })
}

/// Returns whether the store is empty and nobody has been told.
pub(in super::super) fn should_welcome(app: &App) -> bool {
    act::store_is_empty(app) && app.as_of.is_none() && app.overlays.is_empty() && app.editing.is_none()
}
