//! How the HTTP server listens, and what it bounds.

use std::path::PathBuf;
use std::time::Duration;

use super::error::{ConfigError, Origin};
use super::file::choice;
use super::layer::bad_value;
use super::paths::expand_home;
use super::reader::Reader;
use super::resolve::Environment;

/// The settings of `dynamini serve`; every one has its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serve {
    /// The address to listen on, a name or a number.
    pub host: String,
    /// The port to listen on; 0 takes any that is free.
    pub port: u16,
    /// The file with the keys of the applications; `None` to look for it where the original has it.
    pub api_keys: Option<PathBuf>,
    /// The form of the access log.
    pub log: LogForm,
    /// Whether requests that were refused are logged with the reason.
    pub debug: bool,
    /// How many connections are served at the same time; others wait to be accepted. At least 1.
    pub max_connections: usize,
    /// How many header fields a request may have. At least 1.
    pub max_headers: usize,
    /// How many bytes the head of a request may have.
    pub max_head: usize,
    /// How long a client may take to send the head of a request, and again its body; also how long a connection is kept
    /// open between two requests.
    pub read_timeout: Duration,
    /// How long a client may take for 32 KB of what it is sent, or for the rest.
    pub write_timeout: Duration,
    /// How long the store may take for a request, or for each page of a list, which takes as long as it is.
    pub store_timeout: Duration,
    /// How long requests under way are waited for at the end.
    pub drain_timeout: Duration,
    /// How many bytes of rows all lists under way hold together; what is beyond is read again when it is sent.
    pub list_memory: usize,
}

/// The form of the access log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogForm {
    /// A line of words.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

impl LogForm {
    /// Both forms.
    pub const ALL: [Self; 2] = [Self::Text, Self::Json];

    /// Returns the name in the config file and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

impl Default for Serve {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 3000,
            api_keys: None,
            log: LogForm::Text,
            debug: false,
            max_connections: 512,
            // Browsers send about twenty.
            max_headers: 64,
            max_head: 32 * 1024,
            read_timeout: Duration::from_secs(15),
            write_timeout: Duration::from_secs(30),
            // Half of what the original's README gives its client.
            store_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(10),
            list_memory: 8 * 1024 * 1024,
        }
    }
}

impl Serve {
    /// Reads the table `[serve]` of a config file.
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let default = Self::default();
        let whole = |key, least, most, unit: &str| {
            let read = reader.whole(key).map(|(value, origin)| match value.parse::<u32>() {
                Ok(number) if (least..=most).contains(&number) => Ok(number),
                _ => Err(bad_value(origin, &value, &format!("a whole number of {unit} from {least} to {most}"))),
            });
            read.transpose()
        };
        let period = |key, otherwise| {
            let read = whole(key, 1, 3_600_000, "milliseconds")?;
            Ok(read.map_or(otherwise, |ms| Duration::from_millis(ms.into())))
        };
        let number = |read: Option<u32>, otherwise: usize| {
            read.map_or(otherwise, |number| usize::try_from(number).unwrap_or(usize::MAX))
        };
        Ok(Self {
            host: reader.text("host").map_or(default.host, |(host, _)| host.to_owned()),
            port: reader.whole("port").map(|(value, origin)| port(origin, &value)).transpose()?.unwrap_or(default.port),
            api_keys: reader.text("api_keys").map(|(path, _)| expand_home(path)),
            log: choice(reader, "log", LogForm::ALL, LogForm::name)?.unwrap_or_default(),
            debug: default.debug,
            max_connections: number(whole("max_connections", 1, 100_000, "connections")?, default.max_connections),
            max_headers: number(whole("max_headers", 1, 10_000, "header fields")?, default.max_headers),
            max_head: number(whole("max_head_kb", 1, 1024, "kilobytes")?.map(|kb| kb * 1024), default.max_head),
            read_timeout: period("read_timeout_ms", default.read_timeout)?,
            write_timeout: period("write_timeout_ms", default.write_timeout)?,
            store_timeout: period("store_timeout_ms", default.store_timeout)?,
            drain_timeout: period("drain_timeout_ms", default.drain_timeout)?,
            list_memory: number(
                whole("list_memory_kb", 0, 4_000_000, "kilobytes")?.map(|kb| kb * 1024),
                default.list_memory,
            ),
        })
    }

    /// Lays the original server's environment variables `PORT` and `DEBUG` over these settings; an empty one counts as
    /// absent.
    ///
    /// # Errors
    ///
    /// Fails if `PORT` is no port, or `DEBUG` neither true nor false.
    pub fn with_environment(mut self, environment: Environment<'_>) -> Result<Self, ConfigError> {
        let set = |name| environment(name).filter(|value| !value.is_empty());
        if let Some(value) = set("PORT") {
            self.port = port(Origin::Variable("PORT"), &value)?;
        }
        if let Some(value) = set("DEBUG") {
            self.debug = match value.to_ascii_lowercase().as_str() {
                "true" | "1" => true,
                "false" | "0" => false,
                // Node programs share the variable: `DEBUG=express:*` asks a library for messages, not this server.
                _ => self.debug,
            };
        }
        Ok(self)
    }
}

fn port(origin: Origin, value: &str) -> Result<u16, ConfigError> {
    value.trim().parse().map_err(|_| bad_value(origin, value, "a port from 0 to 65535"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{FileConfig, keys};
    use super::*;

    fn read(text: &str) -> Result<Serve, ConfigError> {
        FileConfig::parse(Path::new("c.toml"), text).map(|file| file.serve)
    }

    #[test]
    fn every_key_of_the_table_is_read() {
        let text = "[serve]\nhost = '0.0.0.0'\nport = 80\napi_keys = '/k.json'\nlog = 'json'\nmax_connections = 7\n\
            max_headers = 8\nmax_head_kb = 9\n\
            read_timeout_ms = 1\nwrite_timeout_ms = 2\nstore_timeout_ms = 5\ndrain_timeout_ms = 3\nlist_memory_kb = 4\n";
        for key in keys::SERVE {
            assert!(text.contains(&format!("\n{} = ", key.name)), "{}", key.name);
        }
        let expected = Serve {
            host: "0.0.0.0".to_owned(),
            port: 80,
            api_keys: Some("/k.json".into()),
            log: LogForm::Json,
            debug: false,
            max_connections: 7,
            max_headers: 8,
            max_head: 9 * 1024,
            read_timeout: Duration::from_millis(1),
            write_timeout: Duration::from_millis(2),
            store_timeout: Duration::from_millis(5),
            drain_timeout: Duration::from_millis(3),
            list_memory: 4096,
        };
        assert_eq!(read(text).expect("the file is right"), expected);
        assert_eq!(read("").expect("the file is right"), Serve::default());
    }

    #[test]
    fn a_wrong_number_is_told_with_its_bounds() {
        for (setting, expected) in [
            ("port = 65536", "`serve.port` must be a port from 0 to 65535, not `65536`"),
            ("max_connections = 0", "must be a whole number of connections from 1 to 100000, not `0`"),
            ("read_timeout_ms = 0", "must be a whole number of milliseconds from 1 to 3600000, not `0`"),
            ("log = 'xml'", "must be one of text, json, not `xml`"),
            ("prot = 1", "is not a known key; did you mean `port`?"),
        ] {
            let message = read(&format!("[serve]\n{setting}\n")).expect_err("it is wrong").to_string();
            assert!(message.starts_with("c.toml:2: `serve.") && message.contains(expected), "{message}");
        }
        let message = read("serve = 1").expect_err("it is wrong").to_string();
        assert_eq!(message, "c.toml:1: `serve` must be a table, [serve], not integer");
    }

    #[test]
    fn the_variables_of_the_original_go_over_the_file() {
        let with = |port: &str, debug: &str| {
            let of = |name: &str| match name {
                "PORT" => Some(port.to_owned()),
                "DEBUG" => Some(debug.to_owned()),
                _ => None,
            };
            Serve::default().with_environment(&of).map(|serve| (serve.port, serve.debug))
        };
        assert_eq!(with("8080", "true").expect("both are right"), (8080, true));
        assert_eq!(with("", "").expect("both are absent"), (3000, false));
        assert_eq!(with("0", "express:*").expect("that is for others"), (0, false));
        let message = with("http", "").expect_err("that is no port").to_string();
        assert_eq!(message, "the environment variable PORT must be a port from 0 to 65535, not `http`");
    }
}
