//! Settings of a connection from one source, and laying the sources over one another.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::connection::{Capacity, Colour, Connection, Kind, Tables};
use super::error::{ConfigError, Origin};
use super::paths::default_data_dir;
use super::resolve::{Environment, Overrides};

/// The name of the embedded store's file in the data directory.
const EMBEDDED_FILE: &str = "dynamini.db";

/// What holds the tables, as the config file says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Engine {
    #[default]
    Embedded,
    DynamoDb,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::DynamoDb => "dynamodb",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Embedded => Self::DynamoDb,
            Self::DynamoDb => Self::Embedded,
        }
    }
}

/// What one source says; `None` where it says nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub engine: Option<Engine>,
    pub file: Option<PathBuf>,
    pub profile: Option<String>,
    pub region: Option<String>,
    pub endpoint_url: Option<String>,
    pub table_collections: Option<String>,
    pub table_entries: Option<String>,
    pub consistent_read: Option<bool>,
    pub read_only: Option<bool>,
    pub protected: Option<bool>,
    pub colour: Option<Colour>,
    pub on_demand: Option<bool>,
    pub read_capacity_units: Option<u32>,
    pub write_capacity_units: Option<u32>,
    pub retry_base_delay_ms: Option<u32>,
    pub applications: Option<Vec<String>>,
}

impl Layer {
    /// Reads what the flags of the command line say about a connection.
    pub fn from_flags(flags: &Overrides) -> Result<Self, ConfigError> {
        let given = |flag, value: &Option<String>, check: Check| {
            value.as_ref().map(|value| check(Origin::Flag(flag), value)).transpose()
        };
        Ok(Self {
            profile: given("--profile", &flags.profile, not_empty)?,
            region: given("--region", &flags.region, not_empty)?,
            endpoint_url: given("--endpoint-url", &flags.endpoint_url, endpoint_url)?,
            table_collections: given("--table-collections", &flags.table_collections, table_name)?,
            table_entries: given("--table-entries", &flags.table_entries, table_name)?,
            read_only: flags.read_only.then_some(true),
            ..Self::default()
        })
    }

    /// Reads the original server's environment variables; an empty one counts as absent.
    pub fn from_environment(environment: Environment<'_>) -> Result<Self, ConfigError> {
        fn read<T>(
            environment: Environment<'_>,
            name: &'static str,
            check: fn(Origin, &str) -> Result<T, ConfigError>,
        ) -> Result<Option<T>, ConfigError> {
            let value = environment(name).filter(|value| !value.is_empty());
            value.map(|value| check(Origin::Variable(name), &value)).transpose()
        }
        Ok(Self {
            region: read(environment, "AWS_REGION", not_empty)?,
            consistent_read: read(environment, "AWS_DYNAMODB_CONSISTENT_READ", switch)?,
            read_capacity_units: read(environment, "AWS_DYNAMODB_READ_CAPACITY_UNITS", capacity_units)?,
            write_capacity_units: read(environment, "AWS_DYNAMODB_WRITE_CAPACITY_UNITS", capacity_units)?,
            retry_base_delay_ms: read(environment, "AWS_DYNAMODB_RETRY_BASE_DELAY", milliseconds)?,
            table_collections: read(environment, "TABLE_NAME_COLLECTIONS", table_name)?,
            table_entries: read(environment, "TABLE_NAME_ENTRIES", table_name)?,
            ..Self::default()
        })
    }

    /// Returns this layer with its gaps filled from the one below.
    pub fn over(self, below: Self) -> Self {
        Self {
            engine: self.engine.or(below.engine),
            file: self.file.or(below.file),
            profile: self.profile.or(below.profile),
            region: self.region.or(below.region),
            endpoint_url: self.endpoint_url.or(below.endpoint_url),
            table_collections: self.table_collections.or(below.table_collections),
            table_entries: self.table_entries.or(below.table_entries),
            consistent_read: self.consistent_read.or(below.consistent_read),
            read_only: self.read_only.or(below.read_only),
            protected: self.protected.or(below.protected),
            colour: self.colour.or(below.colour),
            on_demand: self.on_demand.or(below.on_demand),
            read_capacity_units: self.read_capacity_units.or(below.read_capacity_units),
            write_capacity_units: self.write_capacity_units.or(below.write_capacity_units),
            retry_base_delay_ms: self.retry_base_delay_ms.or(below.retry_base_delay_ms),
            applications: self.applications.or(below.applications),
        }
    }

    /// Returns where the store is.
    pub fn kind(&self, data_dir: Option<&Path>) -> Result<Kind, ConfigError> {
        Ok(match self.engine.unwrap_or_default() {
            Engine::Embedded => Kind::Embedded { file: embedded_file(self.file.as_deref(), data_dir)? },
            Engine::DynamoDb => Kind::DynamoDb {
                profile: self.profile.clone(),
                region: self.region.clone(),
                endpoint_url: self.endpoint_url.clone(),
            },
        })
    }

    /// Returns the connection to what is of this kind, with the default for what no layer said.
    pub fn build(self, name: String, kind: Kind) -> Result<Connection, ConfigError> {
        let tables = Tables {
            collections: self.table_collections.unwrap_or_else(|| "dynamomini.collections".to_owned()),
            entries: self.table_entries.unwrap_or_else(|| "dynamomini.entries".to_owned()),
        };
        if tables.collections == tables.entries {
            return Err(ConfigError::SameTable { connection: name, table: tables.entries });
        }
        let capacity = if self.on_demand.unwrap_or(false) {
            Capacity::OnDemand
        } else {
            Capacity::Provisioned {
                read: self.read_capacity_units.unwrap_or(1),
                write: self.write_capacity_units.unwrap_or(1),
            }
        };
        Ok(Connection {
            name,
            kind,
            tables,
            consistent_read: self.consistent_read.unwrap_or(true),
            read_only: self.read_only.unwrap_or(false),
            protected: self.protected.unwrap_or(false),
            colour: self.colour,
            capacity,
            retry_base_delay: Duration::from_millis(self.retry_base_delay_ms.unwrap_or(50).into()),
            applications: self.applications,
        })
    }
}

/// Returns the file of an embedded store. A data directory from the command line always holds it, so that a trial with
/// `--data-dir` never touches the file that the config names elsewhere.
fn embedded_file(file: Option<&Path>, data_dir: Option<&Path>) -> Result<PathBuf, ConfigError> {
    let file = file.unwrap_or(Path::new(EMBEDDED_FILE));
    match (data_dir, file.is_absolute()) {
        (Some(dir), false) => Ok(dir.join(file)),
        (Some(dir), true) => Ok(dir.join(file.file_name().unwrap_or(EMBEDDED_FILE.as_ref()))),
        (None, true) => Ok(file.to_owned()),
        (None, false) => Ok(default_data_dir().ok_or(ConfigError::NoDataDirectory)?.join(file)),
    }
}

/// Checks a text from some origin.
type Check = fn(Origin, &str) -> Result<String, ConfigError>;

pub(super) fn bad_value(origin: Origin, value: &str, expected: &str) -> ConfigError {
    ConfigError::BadValue { origin, value: value.to_owned(), expected: expected.to_owned(), nearest: None }
}

/// Checks the name of a table against `DynamoDB`'s naming rules.
pub(super) fn table_name(origin: Origin, value: &str) -> Result<String, ConfigError> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    if (3..=255).contains(&value.len()) && value.bytes().all(allowed) {
        Ok(value.to_owned())
    } else {
        Err(bad_value(origin, value, "a table name (3 to 255 letters, digits, `_`, `-` and `.`)"))
    }
}

/// Checks that a URL has a scheme and a host.
pub(super) fn endpoint_url(origin: Origin, value: &str) -> Result<String, ConfigError> {
    let host = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => Ok(value.to_owned()),
        _ => Err(bad_value(origin, value, "a URL such as http://localhost:8000")),
    }
}

/// Checks a number of capacity units; AWS sets the upper limit for each account.
pub(super) fn capacity_units(origin: Origin, value: &str) -> Result<u32, ConfigError> {
    match value.parse() {
        Ok(units) if units > 0 => Ok(units),
        _ => Err(bad_value(origin, value, "a whole number from 1")),
    }
}

/// Checks a duration; a minute is far beyond any useful first pause.
pub(super) fn milliseconds(origin: Origin, value: &str) -> Result<u32, ConfigError> {
    match value.parse() {
        Ok(ms) if ms <= 60_000 => Ok(ms),
        _ => Err(bad_value(origin, value, "a whole number of milliseconds from 0 to 60000")),
    }
}

fn switch(origin: Origin, value: &str) -> Result<bool, ConfigError> {
    value.to_ascii_lowercase().parse().map_err(|_| bad_value(origin, value, "true or false"))
}

fn not_empty(origin: Origin, value: &str) -> Result<String, ConfigError> {
    if value.is_empty() { Err(bad_value(origin, value, "something")) } else { Ok(value.to_owned()) }
}
