//! Why a command failed, and the exit code that tells a script.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::config::ConfigError;
use crate::json::ParseError;
use crate::model::Address;
use crate::model::moment::NotAMoment;
use crate::server::keys::KeysError;
use crate::store::StoreError;
use crate::store::embedded::{EngineFault, OpenError};
use crate::transfer::{ImportError, NoLine};

/// The exit codes of the command line. `grep` has its own meanings, those of grep: 0 found, 1 not found, 2 any error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for is done.
    Done = 0,
    /// Something failed that none of the others says.
    Failed = 1,
    /// Wrong arguments or a wrong configuration, as clap's own errors.
    Usage = 2,
    /// What is named isn't there, or is deleted.
    NotFound = 3,
    /// Someone else was first.
    Conflict = 4,
    /// Refused: read-only, invalid input, too large, nothing to do.
    Refused = 5,
    /// The store doesn't answer, or not to these credentials.
    Unreachable = 6,
    /// Ended by ^C, with the status that shells give to that signal: 128 and its number.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The store says why.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The configuration is wrong.
    #[error(transparent)]
    Config(Box<ConfigError>),
    /// The moment asked for is none.
    #[error("--as-of: {0}")]
    Moment(#[from] NotAMoment),
    /// The arguments are well-formed and make no sense together.
    #[error("{0}")]
    Usage(String),
    /// The frozen time is none.
    #[error("DYNAMINI_NOW is {0:?}, which is not a time like 2026-11-22T09:41:03Z")]
    FrozenTime(String),
    /// A name that several collections or entries have.
    #[error("{count} {noun} are named {name:?}: give the uuid of one instead of the name\n{list}", count = .ids.len(), list = .ids.join("\n"))]
    Ambiguous {
        /// "collections" or "entries".
        noun: &'static str,
        /// The name.
        name: String,
        /// A line for each, starting with its uuid.
        ids: Vec<String>,
    },
    /// No such collection or entry.
    #[error("{noun} {name:?} was not found in {place}{hint}")]
    NotFound {
        /// "collection" or "entry".
        noun: &'static str,
        /// The name or uuid.
        name: String,
        /// The address it was looked for in.
        place: String,
        /// What may be the reason, with its punctuation; empty if nothing comes to mind.
        hint: &'static str,
    },
    /// What was deleted at the moment asked for.
    #[error("{noun} {name:?} was deleted then, since {since}; what it held is still in {address}")]
    DeletedThen {
        /// "collection" or "entry".
        noun: &'static str,
        /// The name it had.
        name: String,
        /// When it was deleted, as stored.
        since: String,
        /// The version that was marked.
        address: Box<Address>,
    },
    /// An entry that was only to be created.
    #[error("entry {name:?} exists already, as {id}; leave --create-only out to write a new version of it")]
    Exists {
        /// The name.
        name: String,
        /// Its uuid.
        id: String,
    },
    /// There is nothing to print.
    #[error("{what} has no value in version {version}; `--output json` prints the whole record")]
    NoValue {
        /// What was asked for.
        what: String,
        /// Which version of it.
        version: String,
    },
    /// The value to write is not JSON.
    #[error("{source_name}:{}:{}: {}; nothing was written", error.line, error.column, error.kind)]
    NotJson {
        /// The file, or "(standard input)".
        source_name: String,
        /// What is wrong.
        error: ParseError,
    },
    /// The value to write is not text.
    #[error("{source_name}: not UTF-8 from byte {offset} on; nothing was written")]
    NotText {
        /// The file, or "(standard input)".
        source_name: String,
        /// Where the first wrong byte is.
        offset: usize,
    },
    /// The file with the value can't be read.
    #[error("{}: {error}; nothing was written", .file.display())]
    Input {
        /// The file.
        file: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// An import ended before what it reads did.
    #[error("{source_name}: {error}")]
    Import {
        /// The file, or "(standard input)".
        source_name: String,
        /// Why.
        error: Box<ImportError>,
    },
    /// An import came upon rows whose keys others have.
    #[error("{rows} rows are stored with something else under the same key, and were left as they are")]
    Conflicting {
        /// How many.
        rows: String,
    },
    /// A plan was not carried out, since nobody said yes.
    #[error("nothing was written: {0}")]
    Declined(&'static str),
    /// Someone else wrote while a plan was carried out.
    #[error("{count} skipped, since someone else wrote to it; {again}")]
    Skipped {
        /// How many were left as they are.
        count: String,
        /// How to do what is left.
        again: String,
    },
    /// Something of a plan could not be done.
    #[error("{count} could not be brought back")]
    NotAll {
        /// How many were left as they are.
        count: String,
    },
    /// ^C ended it.
    #[error("{0}")]
    Interrupted(String),
    /// The system refuses what every command needs.
    #[error("can't start: {0}")]
    Start(io::Error),
    /// The server can't listen there.
    #[error("can't listen on {place}: {error}")]
    Listen {
        /// The host and the port.
        place: String,
        /// What the system says.
        error: io::Error,
    },
    /// There are no keys of applications to serve with.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// What was to be printed can't be.
    #[error("can't write to the standard output: {0}")]
    Output(#[from] io::Error),
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Config(Box::new(error))
    }
}

impl Failure {
    /// Returns the exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Store(error) => exit_of(error),
            Self::Import { error, .. } => exit_of_import(error),
            Self::Config(_)
            | Self::Moment(_)
            | Self::Usage(_)
            | Self::FrozenTime(_)
            | Self::Ambiguous { .. }
            | Self::Keys(_)
            | Self::Input { .. } => Exit::Usage,
            Self::NotFound { .. } | Self::DeletedThen { .. } | Self::NoValue { .. } => Exit::NotFound,
            Self::Exists { .. } | Self::Conflicting { .. } | Self::Skipped { .. } => Exit::Conflict,
            Self::NotJson { .. } | Self::NotText { .. } | Self::Declined(_) => Exit::Refused,
            Self::Output(_) if self.is_broken_pipe() => Exit::Done,
            Self::Interrupted(_) => Exit::Interrupted,
            Self::Start(_) | Self::Listen { .. } | Self::Output(_) | Self::NotAll { .. } => Exit::Failed,
        }
    }

    /// Returns whether the reader of the output has gone, which is no failure: it has seen enough.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

fn exit_of_import(error: &ImportError) -> Exit {
    match error {
        ImportError::Store { error, .. } => exit_of(error),
        ImportError::NoLine(NoLine::Input(_)) => Exit::Usage,
        ImportError::Interrupted { .. } => Exit::Interrupted,
        ImportError::NoLine(NoLine::TooLong { .. })
        | ImportError::BadLine { .. }
        | ImportError::OtherForm { .. }
        | ImportError::NoHeader { .. }
        | ImportError::Empty
        | ImportError::BrokenOff { .. }
        | ImportError::WrongCount { .. } => Exit::Refused,
    }
}

fn exit_of(error: &StoreError) -> Exit {
    match error {
        StoreError::NotFound { .. } | StoreError::Deleted { .. } => Exit::NotFound,
        StoreError::VersionConflict { .. } => Exit::Conflict,
        StoreError::NotDeleted { .. }
        | StoreError::AlreadyNewest { .. }
        | StoreError::TooLarge { .. }
        | StoreError::Invalid { .. }
        | StoreError::ReadOnly => Exit::Refused,
        StoreError::Throttled { .. }
        | StoreError::Unreachable { .. }
        | StoreError::Unconfirmed { .. }
        | StoreError::CredentialsExpired { .. }
        | StoreError::CredentialsMissing { .. }
        | StoreError::AccessDenied { .. }
        | StoreError::Busy
        | StoreError::Open(OpenError::Directory { .. } | OpenError::NotWritable { .. } | OpenError::Busy { .. })
        | StoreError::Engine { fault: EngineFault::Busy | EngineFault::ReadOnly, .. } => Exit::Unreachable,
        StoreError::RegionMissing { .. } | StoreError::TableKeys { .. } => Exit::Usage,
        StoreError::TableMissing { .. }
        | StoreError::Open(
            OpenError::Damaged { .. } | OpenError::Newer { .. } | OpenError::Full { .. } | OpenError::Other { .. },
        )
        | StoreError::Engine {
            fault:
                EngineFault::Damaged | EngineFault::Full | EngineFault::Io | EngineFault::HalfMade | EngineFault::Crashed,
            ..
        }
        | StoreError::Service { .. } => Exit::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_has_seen_enough_is_no_failure() {
        let gone = Failure::Output(io::ErrorKind::BrokenPipe.into());
        assert_eq!((gone.exit(), gone.is_broken_pipe()), (Exit::Done, true));
        assert_eq!(Failure::Output(io::ErrorKind::StorageFull.into()).exit(), Exit::Failed);
    }

    #[test]
    fn a_script_can_tell_whose_move_it_is() {
        let exit = |error: StoreError| Failure::from(error).exit();
        let (expected, actual) = (crate::model::Version::from_ms(1), crate::model::Version::from_ms(2));
        assert_eq!(exit(StoreError::VersionConflict { expected, actual }), Exit::Conflict);
        assert_eq!(exit(StoreError::ReadOnly), Exit::Refused);
        assert_eq!(exit(StoreError::RegionMissing { profile: None }), Exit::Usage);
        assert_eq!(exit(StoreError::Busy), Exit::Unreachable);
        assert_eq!(exit(StoreError::NotFound { what: "x".to_owned() }), Exit::NotFound);
        assert_eq!(exit(StoreError::TableMissing { table: "t".to_owned() }), Exit::Failed);
    }
}
