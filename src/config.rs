//! Connections and settings: from the command line, the environment, the config file and the defaults, in this order.
//!
//! [`Config::load`] does it all; what it read is described by the table in [`keys`], which also checks the file and
//! `config.example.toml`. Nothing here reads the environment of the process: the caller passes a look-up.

mod connection;
mod error;
mod file;
pub mod keys;
mod layer;
mod paths;
mod reader;
mod resolve;
mod serve;

use std::path::{Path, PathBuf};

pub use connection::{Capacity, Colour, Connection, Kind, Tables};
pub use error::{ConfigError, Origin};
pub use file::FileConfig;
pub use paths::{default_config_file, default_data_dir};
pub use resolve::{DEMO, Environment, LOCAL, Overrides, author, connections, resolve};
pub use serve::{LogForm, Serve};

/// What a run of dynamini works with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The config file that was read; `None` if there is none.
    pub file: Option<PathBuf>,
    /// The connection to open.
    pub connection: Connection,
    /// Who writes, if it was said; otherwise the caller knows the user and the host.
    pub author: Option<String>,
    /// The connections one may switch to: `local`, then those of the file in its order.
    pub connections: Vec<Connection>,
    /// The settings of the server, as the file says them.
    pub serve: Serve,
}

impl Config {
    /// Reads the config file (`file`, or the default one if it exists) and resolves it with the command line and the
    /// environment.
    ///
    /// # Errors
    ///
    /// Fails if `file` is given and cannot be read, if a file has anything wrong in it, and as [`resolve()`] does.
    pub fn load(file: Option<&Path>, overrides: &Overrides, environment: Environment<'_>) -> Result<Self, ConfigError> {
        let read = match file {
            Some(path) => Some(FileConfig::read(path)?),
            None => default_config_file().map(|path| FileConfig::read_if_exists(&path)).transpose()?.flatten(),
        };
        let read = read.as_ref();
        Ok(Self {
            file: read.map(|file| file.path.clone()),
            connection: resolve(read, overrides, environment)?,
            author: author(read, overrides),
            connections: connections(read, overrides, environment)?,
            serve: read.map(|file| file.serve.clone()).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_named_is_loaded_or_missed() {
        let dir = tempfile::tempdir().expect("a directory for the test");
        let file = dir.path().join("c.toml");
        let overrides = Overrides { data_dir: Some(dir.path().to_owned()), ..Overrides::default() };
        let missing = Config::load(Some(&file), &overrides, &|_| None);
        assert!(matches!(missing, Err(ConfigError::Unreadable { .. })));

        std::fs::write(&file, "author = 'me'\r\n[connections.work]\r\nengine = 'dynamodb'\r\n").expect("it is written");
        let config = Config::load(Some(&file), &overrides, &|_| None).expect("the file is right");
        assert_eq!(config.file, Some(file));
        assert_eq!(config.author.as_deref(), Some("me"));
        assert_eq!(config.connection.kind, Kind::Embedded { file: dir.path().join("dynamini.db") });
        let names: Vec<_> = config.connections.iter().map(|connection| connection.name.as_str()).collect();
        assert_eq!(names, [LOCAL, "work"]);
    }
}
