//! `serve`: the HTTP server, from its settings to its end.

use std::env;
use std::io;
use std::path::{Path, PathBuf};

use tokio::net::TcpListener;

use super::args::Serve as Flags;
use super::output::say;
use super::{Failure, Session};
use crate::config::{Config, Connection, Kind, Serve, default_config_file};
use crate::server::keys::{self, Keys};
use crate::server::log::Log;
use crate::server::{self, Settings};
use crate::store::Store;

/// Serves until a signal ends it.
pub async fn serve(session: &mut Session, flags: &Flags) -> Result<(), Failure> {
    let bounds = settings(&session.config, flags)?;
    let config_file = session.config.file.clone().or_else(default_config_file);
    let file = keys::find(bounds.api_keys.as_deref(), config_file.as_deref())?;
    let keys = Keys::read(&file)?;
    tell_of_keys(&file, &keys);
    if let Some(hint) = hint(&session.config.connection) {
        say(hint);
    }
    if let Kind::DynamoDb { .. } = session.config.connection.kind {
        make_tables(&session.store).await?;
    }
    let (host, port) = (bounds.host.as_str(), bounds.port);
    let place = format!("{host}:{port}");
    let listener = TcpListener::bind((host, port)).await.map_err(|error| Failure::Listen { place, error })?;
    let address = listener.local_addr().map_err(Failure::Start)?;
    let shutdown = signals::shutdown(keys.clone(), file).map_err(Failure::Start)?;
    let (log, log_end) = Log::start(io::stdout(), bounds.log, bounds.debug).map_err(Failure::Start)?;
    say(format_args!("serving {} on http://{address}", session.store.place()));
    let ended = server::serve(listener, session.store.clone(), Settings { keys, bounds, log }, shutdown).await;
    log_end.wait();
    if ended.cut > 0 {
        say("ended; some requests took longer than the time for them and were cut off");
    }
    Ok(())
}

fn settings(config: &Config, flags: &Flags) -> Result<Serve, Failure> {
    let mut bounds = config.serve.clone().with_environment(&|name: &str| env::var(name).ok())?;
    if let Some(host) = &flags.host {
        bounds.host.clone_from(host);
    }
    bounds.port = flags.port.unwrap_or(bounds.port);
    bounds.log = flags.log.map_or(bounds.log, Into::into);
    bounds.api_keys = flags.api_keys.clone().or(bounds.api_keys);
    Ok(bounds)
}

/// Creates the tables that are missing. Not for an embedded store, which has them since it was opened, and where a look
/// at a table counts its rows.
async fn make_tables(store: &Store) -> Result<(), Failure> {
    for table in store.init().await?.value {
        if table.is_new {
            say(format_args!("created the table {}", table.name));
        }
    }
    Ok(())
}

fn tell_of_keys(file: &Path, keys: &Keys) {
    if keys::is_readable_by_others(file) {
        say(format_args!("{}: others than its owner can read the keys; `chmod 600` closes it to them", file.display()));
    }
    if keys.count() == 0 {
        say(format_args!("{}: it holds no key, so that every request is refused", file.display()));
    }
}

/// Returns what to tell who comes from the original server, which the environment alone leads to an account.
fn hint(connection: &Connection) -> Option<String> {
    let region = env::var("AWS_REGION").ok().filter(|region| !region.is_empty())?;
    match connection.kind {
        Kind::DynamoDb { .. } => None,
        Kind::Memory { .. } | Kind::Embedded { .. } => Some(format!(
            "AWS_REGION is set and alone leads to no account: `--region {region}` serves the tables there"
        )),
    }
}

#[cfg(unix)]
mod signals {
    use tokio::signal::unix::{SignalKind, signal};

    use super::{Keys, Path, PathBuf, io, say, tell_of_keys};

    /// Returns what ends with the first signal to end. From then on another one ends the program at once. On a hangup
    /// the keys are read again.
    pub fn shutdown(keys: Keys, file: PathBuf) -> io::Result<impl Future<Output = ()>> {
        let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let mut hangup = signal(SignalKind::hangup())?;
        Ok(async move {
            let reading = tokio::spawn(async move {
                while hangup.recv().await.is_some() {
                    reread(&keys, &file);
                }
            });
            tokio::select! {
                _ = terminated.recv() => {}
                _ = interrupted.recv() => {}
            }
            reading.abort();
            tokio::spawn(async move {
                tokio::select! {
                    _ = terminated.recv() => {}
                    _ = interrupted.recv() => {}
                }
                std::process::exit(1);
            });
        })
    }

    /// Reads the keys again, and says what came of it.
    fn reread(keys: &Keys, file: &Path) {
        match keys.reread(file) {
            Ok(count) => {
                let noun = if count == 1 { "key" } else { "keys" };
                say(format_args!("read {} again: {count} {noun}", file.display()));
                tell_of_keys(file, keys);
            }
            Err(error) => say(format_args!("{error}; the keys stay as they were")),
        }
    }
}

#[cfg(not(unix))]
mod signals {
    use super::{Keys, PathBuf, io};

    /// Returns what ends with ^C.
    pub fn shutdown(_: Keys, _: PathBuf) -> io::Result<impl Future<Output = ()>> {
        Ok(async {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}
