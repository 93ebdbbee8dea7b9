//! The command line: arguments in, records out, and an exit code that says how it went.
//!
//! [`run`] reads the arguments ([`args`]) and the configuration, and opens the store. A command (in `list`, `read`, `changes`,
//! `compare`, `grep`, `transfer`, `write` and `bring_back`) finds what its address names (`find`), asks the store, and prints (`record`,
//! `output`). Data goes to the standard output, everything else to the standard error. Whatever fails is a [`Failure`], which knows its exit code.

pub mod args;
mod bring_back;
mod changes;
mod compare;
mod explore;
mod failure;
mod find;
mod grep;
mod list;
mod output;
mod progress;
mod read;
mod record;
mod serve;
mod transfer;
mod write;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use explore::explore;
pub use failure::{Exit, Failure};

use crate::config::Config;
use crate::model::{Address, Moment};
use crate::store::connect::{clock, connect, default_author};
use crate::store::{Clock, Store};
use args::{Arguments, Command, Format};
use output::{Output, say};

/// What the arguments asked for.
pub enum Outcome {
    /// A command, or nothing that makes sense; it is over, and this is its exit code.
    Finished(ExitCode),
    /// No command: the explorer.
    Explore(Box<Explore>),
}

/// What the explorer starts with.
pub struct Explore {
    /// The connection to open, and those one may switch to.
    pub config: Config,
    /// The flags that name the connection, as they would be typed.
    pub flags: Vec<String>,
    /// The directory of data that was named.
    pub data_dir: Option<PathBuf>,
    /// Who writes.
    pub author: String,
    /// The clock.
    pub clock: Clock,
}

/// A command while it runs.
pub(crate) struct Session {
    config: Config,
    store: Store,
    out: Output,
    /// When the command began, in milliseconds since 1970.
    now_ms: i64,
    /// The flags that name the connection, as they would be typed again.
    flags: Vec<String>,
}

/// Does what the arguments ask for; the first is the name of the program. Blocks until it is done.
///
/// Besides the variables that a connection may take its settings from, it reads `NO_COLOR`, and for tests and pictures
/// that must come out the same each time `DYNAMINI_NOW`: a time (RFC 3339) at which the clock stands still.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Outcome {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and the version are printed the same way; nobody is left to be told when that fails.
            let _ = error.print();
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            return Outcome::Finished(exit.into());
        }
    };
    match settle(&arguments) {
        Err(failure) => Outcome::Finished(report_of(arguments.command.as_ref(), &failure)),
        Ok(start) => match arguments.command {
            None => Outcome::Explore(Box::new(start)),
            Some(command) => Outcome::Finished(match execute(start, arguments.flags.output, &command) {
                Ok(exit) => exit.into(),
                Err(failure) => report_of(Some(&command), &failure),
            }),
        },
    }
}

/// Tells a person what failed and returns the exit code that tells a script.
pub fn report(failure: &Failure) -> ExitCode {
    if !failure.is_broken_pipe() {
        say(failure);
    }
    failure.exit().into()
}

/// The same for a command; `grep` tells every error by one code, since 1 says that nothing was found.
fn report_of(command: Option<&Command>, failure: &Failure) -> ExitCode {
    let code = report(failure);
    if matches!(command, Some(Command::Grep(_))) && failure.exit() != Exit::Done { Exit::Usage.into() } else { code }
}

fn settle(arguments: &Arguments) -> Result<Explore, Failure> {
    let variable = |name: &str| env::var(name).ok();
    let config = Config::load(arguments.flags.config.as_deref(), &arguments.flags.overrides(), &variable)?;
    let author = config.author.clone().unwrap_or_else(|| default_author(&variable));
    let flags = arguments.flags.words();
    let data_dir = arguments.flags.data_dir.clone();
    Ok(Explore { config, flags, data_dir, author, clock: clock(frozen_time(variable("DYNAMINI_NOW"))?) })
}

fn frozen_time(text: Option<String>) -> Result<Option<Timestamp>, Failure> {
    text.map(|text| text.parse().map_err(|_| Failure::FrozenTime(text))).transpose()
}

/// Runs a command on one thread: it waits for one request at a time. Only the server has many under way.
fn execute(start: Explore, format: Format, command: &Command) -> Result<Exit, Failure> {
    let mut threads = match command {
        Command::Serve(_) => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = threads.enable_all().build().map_err(Failure::Start)?;
    runtime.block_on(async {
        let now_ms = (start.clock)();
        let store = connect(&start.config.connection, &start.author, start.clock).await?;
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let (out, flags) = (Output::new(format, no_colour), start.flags);
        let mut session = Session { config: start.config, store, out, now_ms, flags };
        let result = session.carry_out(command).await;
        // What was printed before a failure stands.
        let flushed = session.out.flush();
        let exit = result?;
        flushed?;
        Ok(exit)
    })
}

impl Session {
    async fn carry_out(&mut self, command: &Command) -> Result<Exit, Failure> {
        match command {
            Command::Ls { address, filter, as_of } => list::ls(self, address, (*filter).into(), as_of.as_deref()).await,
            Command::Get { address, as_of } => read::get(self, address, as_of.as_deref()).await,
            Command::Put(put) => write::put(self, put).await,
            Command::Create { address } => write::create(self, address).await,
            Command::Rename { address, name, note, if_version } => {
                write::rename(self, address, name, note.clone(), *if_version).await
            }
            Command::Rm { address, if_version } => write::rm(self, address, *if_version).await,
            Command::Undelete { address, note, if_version } => {
                write::undelete(self, address, note.clone(), *if_version).await
            }
            Command::Restore(restore) => match &restore.as_of {
                Some(typed) => bring_back::restore(self, restore, typed).await,
                None => write::restore(self, &restore.address, restore.note.clone(), restore.if_version).await,
            },
            Command::Log { address, all: true, only, as_of } => {
                changes::log_all(self, address, only.as_deref().unwrap_or_default(), as_of.as_deref()).await
            }
            Command::Log { address, .. } => list::log(self, address).await,
            Command::Diff(diff) => compare::diff(self, diff).await,
            Command::Export { address, as_of } => transfer::export(self, address, as_of.as_deref()).await,
            Command::Import { file } => transfer::import(self, file).await,
            Command::Grep(grep) => return grep::grep(self, grep).await,
            Command::Init => self.init().await,
            Command::Serve(flags) => serve::serve(self, flags).await,
        }?;
        Ok(Exit::Done)
    }

    /// Returns the moment that is asked for, and says which one that is where it was not typed in full.
    fn moment(&self, typed: Option<&str>) -> Result<Option<Moment>, Failure> {
        let Some(typed) = typed else { return Ok(None) };
        let now = Timestamp::from_millisecond(self.now_ms).map_err(|_| {
            Failure::Usage(format!(
                "the clock of this machine tells {} milliseconds since 1970, which is no time",
                self.now_ms
            ))
        })?;
        let zone = TimeZone::system();
        let moment = Moment::parse(typed, now, &zone)?;
        let shown = moment.shown(&zone);
        // A version may be of a writer whose clock is ahead.
        if moment.time() > now && typed.trim().trim_start_matches('@').parse() != Ok(moment.version()) {
            return Err(Failure::Usage(format!("{shown} is still to come: nothing can be said of it")));
        }
        if shown != typed {
            say(format_args!("as of {shown}"));
        }
        Ok(Some(moment))
    }

    async fn init(&mut self) -> Result<(), Failure> {
        let tables = self.store.init().await?.value;
        for table in &tables {
            match self.out.format {
                Format::Table => {
                    let state = if table.is_new { "created" } else { "was there, with the right keys" };
                    self.out.line(&format!("{}: {state}", table.name))?;
                }
                Format::Json | Format::Ndjson => {
                    let mut object = record::Object::default();
                    object.text("table", Some(&table.name));
                    object.raw("created", if table.is_new { "true" } else { "false" });
                    self.out.item(&object.close())?;
                }
            }
        }
        if self.out.format != Format::Table {
            self.out.end_list()?;
        }
        Ok(())
    }
}

/// Fails where an address names a version and the command takes none; `instead` says what it does.
fn without_version(address: &Address, instead: &str) -> Result<(), Failure> {
    if address.at().is_none() {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "this command takes no @VERSION: {instead}; if the @ belongs to the name, write it as %40"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_time_must_be_one() {
        assert!(matches!(frozen_time(None), Ok(None)));
        let frozen = frozen_time(Some("2026-11-22T09:41:03Z".to_owned())).expect("it is a time");
        assert_eq!(frozen.map(Timestamp::as_millisecond), Some(1_795_340_463_000));
        assert!(matches!(frozen_time(Some("noon".to_owned())), Err(Failure::FrozenTime(_))));
    }
}
