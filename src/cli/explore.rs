//! From the command line into the explorer.

use std::process::ExitCode;
use std::sync::Arc;

use super::{Explore, Failure, report};
use crate::config::{Connection, Kind, default_data_dir};
use crate::store::connect::connect;
use crate::tui::keeper::DraftHome;
use crate::tui::theme::{Palette, Theme};
use crate::tui::{self, End, Start, app};

/// Opens the explorer, and returns the status to end with when it is left: 0, or 128 and the number of the signal that
/// ended it.
pub fn explore(start: Explore) -> ExitCode {
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let palette = if no_colour { Palette::Plain } else { Palette::Sixteen };
    match run(start, Theme::new(palette)) {
        Ok(End::Left) => ExitCode::SUCCESS,
        Ok(End::Signalled(status)) => ExitCode::from(status),
        Err(failure) => report(&failure),
    }
}

fn run(start: Explore, theme: Theme) -> Result<End, Failure> {
    let Explore { config, flags, data_dir, author, clock } = start;
    let directory = data_dir.or_else(default_data_dir).map(|data| data.join("drafts"));
    let connection = shown(&config.connection, flags, directory.is_some());
    let drafts = directory.zip(connection.home.clone()).map(|(directory, home)| DraftHome {
        directory,
        connection: connection.name.clone(),
        home,
    });
    let store = (config.connection, author, Arc::clone(&clock));
    let opener = Arc::new(move || {
        let (connection, author, clock) = store.clone();
        Box::pin(async move { connect(&connection, &author, clock).await }) as tui::worker::Opening
    });
    // Two threads: one to draw, one for what the store does meanwhile.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(Failure::Start)?;
    runtime.block_on(tui::run(Start { connection, opener, drafts, theme, clock })).map_err(Failure::Start)
}

/// Returns what tells a store apart from every other; `None` for one in memory, which is gone with the explorer, and so
/// is what drafts would be about.
fn home(connection: &Connection) -> Option<String> {
    let place = match &connection.kind {
        Kind::Memory { .. } => return None,
        Kind::Embedded { file } => {
            std::path::absolute(file).unwrap_or_else(|_| file.clone()).to_string_lossy().into_owned()
        }
        Kind::DynamoDb { profile, region, endpoint_url } => {
            // What is left to the environment says which account it is, too.
            let or = |value: &Option<String>, name: &str| value.clone().or_else(|| std::env::var(name).ok());
            let known = [
                ("profile", or(profile, "AWS_PROFILE")),
                ("region", or(region, "AWS_REGION")),
                ("endpoint", endpoint_url.clone()),
            ];
            let known = known.into_iter().filter_map(|(what, value)| Some(format!("{what} {}", value?)));
            known.collect::<Vec<_>>().join(", ")
        }
    };
    Some(format!("{place}: {}, {}", connection.tables.collections, connection.tables.entries))
}

/// What the explorer says of a connection.
fn shown(connection: &Connection, flags: Vec<String>, keeps_drafts: bool) -> app::Connection {
    let (place, is_remote) = match &connection.kind {
        Kind::Memory { .. } => ("in memory".to_owned(), false),
        Kind::Embedded { .. } => ("embedded".to_owned(), false),
        Kind::DynamoDb { region, endpoint_url, profile } => {
            let known = endpoint_url.as_ref().or(region.as_ref());
            let place = known.or(profile.as_ref()).map_or_else(|| "DynamoDB".to_owned(), Clone::clone);
            (place, true)
        }
    };
    app::Connection {
        name: connection.name.clone(),
        place,
        read_only: connection.read_only,
        read_only_because: None,
        is_protected: connection.protected,
        flags,
        home: home(connection).filter(|_| keeps_drafts),
        colour: connection.colour.map(crate::config::Colour::ansi),
        is_remote,
    }
}
