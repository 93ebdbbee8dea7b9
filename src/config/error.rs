//! What can be wrong with a configuration: where, what, and how to put it right.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::keys::ValueType;

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line, with its dashes.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// A line of the config file.
    File {
        /// The path of the file.
        path: Box<Path>,
        /// The line, from 1.
        line: usize,
        /// The key, with the table it stands in (`connections.work.region`).
        key: Box<str>,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Variable(name) => write!(f, "the environment variable {name}"),
            Self::File { path, line, key } => write!(f, "{}:{line}: `{key}`", path.display()),
        }
    }
}

/// Why there is no configuration to work with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file exists but cannot be read, or was asked for and does not exist.
    #[error("{}: cannot read the config file: {reason}", .path.display())]
    Unreadable {
        /// The path of the file.
        path: PathBuf,
        /// What the operating system says.
        reason: io::Error,
    },
    /// The file is not TOML.
    #[error("{}:{line}: not valid TOML: {message}", .path.display())]
    Syntax {
        /// The path of the file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// The file has a key that means nothing.
    #[error("{origin} is not a known key; {}", meant_or(.nearest.as_deref(), || format!("known here: {}", list(.known))))]
    UnknownKey {
        /// Where it stands.
        origin: Origin,
        /// The key that was probably meant.
        nearest: Option<String>,
        /// All keys that may stand there.
        known: Vec<String>,
    },
    /// A value in the file has the wrong type.
    #[error("{origin} must be {expected}, not {found}")]
    WrongType {
        /// Where it stands.
        origin: Origin,
        /// The type it must have.
        expected: ValueType,
        /// The type it has, in TOML's words.
        found: &'static str,
    },
    /// A value has the right type but cannot be used.
    #[error("{origin} must be {expected}, not `{value}`{}", meant(.nearest.as_deref()))]
    BadValue {
        /// Where it came from.
        origin: Origin,
        /// The value.
        value: String,
        /// What it must be.
        expected: String,
        /// The value that was probably meant.
        nearest: Option<String>,
    },
    /// A key in the file belongs to the other engine.
    #[error("{origin} does nothing for this engine: it needs engine = \"{engine}\"")]
    WrongEngine {
        /// Where it stands.
        origin: Origin,
        /// The engine it belongs to.
        engine: &'static str,
    },
    /// No connection has the name asked for.
    #[error("{origin}: no connection is named `{name}`; known: {}{}", list(.known), meant(.nearest.as_deref()))]
    UnknownConnection {
        /// Where the name was given.
        origin: Origin,
        /// The name.
        name: String,
        /// The connection that was probably meant.
        nearest: Option<String>,
        /// All connections.
        known: Vec<String>,
    },
    /// Two flags contradict each other.
    #[error("{first} and {second} cannot go together: {why}")]
    Conflict {
        /// A flag.
        first: String,
        /// The flag or setting it contradicts.
        second: String,
        /// Why, and what to do.
        why: &'static str,
    },
    /// Both tables have the same name.
    #[error("connection `{connection}`: collections and entries are both in table `{table}`; give them two tables")]
    SameTable {
        /// The connection.
        connection: String,
        /// The name of both tables.
        table: String,
    },
    /// There is no home directory to keep the data in.
    #[error("no data directory is known for this user; say where to keep the data with --data-dir")]
    NoDataDirectory,
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default()
}

fn meant_or(nearest: Option<&str>, otherwise: impl Fn() -> String) -> String {
    nearest.map_or_else(otherwise, |nearest| format!("did you mean `{nearest}`?"))
}

fn list(names: &[String]) -> String {
    names.join(", ")
}
