//! The embedded store: a `DynamoDB` engine inside this process, kept in one file.
//!
//! The rest of the store speaks to it through the same `aws_sdk_dynamodb::Client` that speaks to `DynamoDB`: an HTTP
//! client of our own hands each request to the engine without a socket. This module and those below it are the only
//! ones that name the engine, so replacing it touches nothing else.
//!
//! A request goes [`client`] -> `connector` (HTTP request to operation and body) -> [`Engine`] (which database) ->
//! `operation` (JSON to the engine's call and back) -> `fault` (what went wrong, by a name the store can match).

mod connector;
mod fault;
mod file;
mod open_error;
mod operation;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use std::{fmt, io, thread};

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, StalledStreamProtectionConfig};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use dynoxide::{Database, DynoxideError};

pub use fault::EngineFault;
pub use open_error::OpenError;
use operation::Answer;

/// How long opening is tried again while another process creates the same file.
///
/// The engine waits by itself for locks on a file that exists, but the change to the write-ahead log that creation
/// makes fails at once when two processes make it together. Creation takes some 10 ms.
const CREATION_PATIENCE: Duration = Duration::from_secs(2);

/// The pause between two tries to open.
const CREATION_PAUSE: Duration = Duration::from_millis(20);

/// A `DynamoDB` engine inside this process; a clone is a second handle on the same one.
///
/// Requests are answered one at a time, in blocking threads of the tokio runtime. Other processes may have the same
/// file open; a request waits up to 5 seconds for their locks and then fails with [`EngineFault::Busy`].
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    /// The absolute path of the store's file; `None` for a store in memory.
    file: Option<PathBuf>,
    /// Replaced as a whole when a panic inside the engine has made the old one refuse all further work.
    database: RwLock<Arc<Database>>,
}

impl Engine {
    /// Opens the store in `file`, and creates it, and the directories above it, where they are missing.
    ///
    /// On Unix what it creates is for the owner alone (directories 0700, files 0600), and a file of ours that others
    /// may read is closed to them. Blocks: a few milliseconds as a rule, about 2 seconds while another process creates
    /// the same file, up to 30 seconds while another process holds its write lock.
    pub fn open(file: &Path) -> Result<Self, OpenError> {
        let file = std::path::absolute(file).map_err(|error| OpenError::from_io(file, &error))?;
        file::prepare(&file)?;
        let database = open_database(&file)?;
        Ok(Self::new(Some(file), database))
    }

    /// Returns an empty store in memory, gone with its last handle.
    pub fn memory() -> Result<Self, OpenError> {
        let database = Database::memory().map_err(|error| OpenError::from_engine(Path::new("(memory)"), &error))?;
        Ok(Self::new(None, database))
    }

    /// Returns the HTTP client that answers every request of an SDK client from this engine, without a socket.
    ///
    /// Its requests must be made inside a tokio runtime. A request whose future is dropped is still carried out.
    pub fn http_client(&self) -> SharedHttpClient {
        connector::http_client(self.clone())
    }

    fn new(file: Option<PathBuf>, database: Database) -> Self {
        Self { shared: Arc::new(Shared { file, database: RwLock::new(Arc::new(database)) }) }
    }

    /// Carries out one request and blocks until it is done; `operation` is a `DynamoDB` name like `PutItem`.
    fn answer(&self, operation: &str, body: &[u8]) -> Answer {
        let database = self.database();
        let result = match operation::run(&database, operation, body) {
            // The lock is refused before any work is done, so that the second try can't apply a write twice.
            Err(error) if is_poisoned(&error) => match self.reopen(&database) {
                Ok(reopened) => operation::run(&reopened, operation, body),
                Err((fault, reason)) => return Answer::fault(fault, &reason),
            },
            result => result,
        };
        result.unwrap_or_else(|error| Answer::error(&error))
    }

    fn database(&self) -> Arc<Database> {
        Arc::clone(&self.shared.database.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Opens the file again in place of `poisoned`, unless another request has done so already.
    fn reopen(&self, poisoned: &Arc<Database>) -> Result<Arc<Database>, (EngineFault, String)> {
        let Some(file) = &self.shared.file else {
            return Err((EngineFault::Crashed, "a store in memory can't be opened again".to_owned()));
        };
        let mut current = self.shared.database.write().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&current, poisoned) {
            *current = Arc::new(open_database(file).map_err(|error| (error.fault(), error.to_string()))?);
        }
        Ok(Arc::clone(&current))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("file", &self.shared.file).finish_non_exhaustive()
    }
}

/// Returns an SDK client whose every request is answered by `engine`.
///
/// It looks for no credentials, opens no socket, and neither retries nor times out: the engine answers or says why not.
pub fn client(engine: &Engine) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("local"))
        // `.invalid` can never be looked up (RFC 2606), should a request ever leave this process.
        .endpoint_url("http://embedded.invalid")
        .http_client(engine.http_client())
        .allow_no_auth()
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

/// Opens the file at the absolute path `file`, which keeps `SQLite` from reading a name like `file:x` as a URI.
fn open_database(file: &Path) -> Result<Database, OpenError> {
    let path = file.to_str().ok_or_else(|| {
        OpenError::from_io(file, &io::Error::new(io::ErrorKind::InvalidFilename, "the path is not valid UTF-8"))
    })?;
    let deadline = Instant::now() + CREATION_PATIENCE;
    loop {
        match Database::new(path) {
            Err(error) if EngineFault::of(&error) == Some(EngineFault::Busy) && Instant::now() < deadline => {
                thread::sleep(CREATION_PAUSE);
            }
            result => return result.map_err(|error| OpenError::from_engine(file, &error)),
        }
    }
}

/// Whether the engine refused a request because an earlier one panicked inside it.
fn is_poisoned(error: &DynoxideError) -> bool {
    matches!(error, DynoxideError::InternalServerError(message) if message.starts_with("Lock poisoned"))
}

#[cfg(test)]
mod tests;
