//! One engine with two tables of its own, any number of writers on it, a clock that a test steps, and a back door: rows
//! written and read directly, as the original server or anyone else would.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use dynamini::config::{Capacity, Tables};
use dynamini::model::{Application, CollectionKey, Filter, Record, Subject, User, Version};
use dynamini::store::embedded::Engine;
use dynamini::store::{Base, Edit, Options, Store};

use super::wire::Wire;

/// The time at which every world begins: 2023-11-14T22:13:20Z.
pub const START: i64 = 1_700_000_000_000;

/// The variable that names one more endpoint to test.
const ENDPOINT: &str = "DYNAMINI_TEST_ENDPOINT";

/// What stands behind the store.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Memory,
    File,
    Socket,
    Endpoint,
}

/// Runs one case of the contract in a world of its own, and takes the world down after it.
pub async fn run<F: Future<Output = ()> + Send + 'static>(kind: Kind, case: impl FnOnce(World) -> F) {
    let Some(world) = World::open(kind).await else {
        println!("skipped: {ENDPOINT} names no endpoint");
        return;
    };
    let outcome = tokio::spawn(case(world.clone())).await;
    world.close().await;
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}

#[derive(Clone)]
enum Backend {
    Memory(Engine),
    File(Arc<tempfile::TempDir>),
    Remote(String),
}

/// See the module.
#[derive(Clone)]
pub struct World {
    backend: Backend,
    pub tables: Tables,
    pub clock: Clock,
    pub application: Application,
    pub user: User,
    /// Whether its writers sign their requests, which takes a third of a call's time in a debug build.
    pub signs: bool,
    client: Client,
}

/// A clock that stands still until it is set.
#[derive(Clone)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// Sets the clock so many milliseconds after the world's beginning.
    pub fn set(&self, ms: i64) {
        self.0.store(START + ms, Ordering::SeqCst);
    }
}

impl World {
    /// Returns a world in memory for a test that is about no engine in particular.
    pub async fn in_memory() -> Self {
        Self::open(Kind::Memory).await.unwrap()
    }

    async fn open(kind: Kind) -> Option<Self> {
        let backend = match kind {
            Kind::Memory => Backend::Memory(Engine::memory().unwrap()),
            Kind::File => Backend::File(Arc::new(tempfile::tempdir().unwrap())),
            Kind::Socket => Backend::Remote(serve().await),
            Kind::Endpoint => Backend::Remote(std::env::var(ENDPOINT).ok()?),
        };
        let client = backend.client(&Wire::default(), RetryConfig::standard(), true);
        let world = Self {
            backend,
            tables: new_tables(),
            clock: Clock(Arc::new(AtomicI64::new(START))),
            application: Application::new("billing"),
            user: User::new("ann"),
            signs: true,
            client,
        };
        world.writer("setup").init().await.unwrap();
        Some(world)
    }

    /// Removes the tables where they would outlive the test.
    async fn close(self) {
        if let Backend::Remote(_) = self.backend {
            for table in [&self.tables.collections, &self.tables.entries] {
                let _ = self.client.delete_table().table_name(table).send().await;
            }
        }
    }

    /// Returns the same engine seen through other tables, which are not there yet.
    pub fn without_tables(&self) -> Self {
        Self { tables: new_tables(), ..self.clone() }
    }

    /// Returns the same tables seen by another user of another application, on another clock.
    pub fn apart(&self) -> Self {
        let name = uuid::Uuid::new_v4().to_string();
        let clock = Clock(Arc::new(AtomicI64::new(START)));
        Self { clock, application: Application::new(name.as_str()), user: User::new(name.as_str()), ..self.clone() }
    }

    /// Returns a store of its own on this engine: one more person, or one more process.
    pub fn writer(&self, author: &str) -> Writer {
        self.writer_with(author, |_| {})
    }

    /// Returns a store with other options than usual.
    pub fn writer_with(&self, author: &str, change: impl FnOnce(&mut Options)) -> Writer {
        let wire = Wire::default();
        let client = self.backend.client(&wire, RetryConfig::disabled(), self.signs);
        self.writer_on(client, wire, author, change)
    }

    /// Returns a store whose SDK tries again by itself.
    pub fn stubborn_writer(&self, author: &str) -> Writer {
        let wire = Wire::default();
        let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
        self.writer_on(self.backend.client(&wire, retries, self.signs), wire, author, |_| {})
    }

    /// Returns a store on a client of the test's own.
    pub fn writer_on(&self, client: Client, wire: Wire, author: &str, change: impl FnOnce(&mut Options)) -> Writer {
        let clock = self.clock.0.clone();
        let mut options = Options {
            tables: self.tables.clone(),
            applications: None,
            consistent_read: true,
            read_only: false,
            author: author.to_owned(),
            capacity: Capacity::OnDemand,
            place: "the test".to_owned(),
            profile: None,
            clock: Arc::new(move || clock.load(Ordering::SeqCst)),
        };
        change(&mut options);
        Writer { store: Store::new(client, options), wire }
    }

    /// Returns the SDK's client on this engine.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the key of a collection of this world's user, which need not be there.
    pub fn collection(&self, id: &str) -> CollectionKey {
        CollectionKey {
            application: self.application.clone(),
            user: self.user.clone(),
            id: dynamini::model::CollectionId::new(id),
        }
    }

    /// Puts a row into the collections table as it is given.
    pub async fn put_collection_row(&self, application: &str, sort: &str, attributes: &[(&str, &str)]) {
        let keys = [("application", application), ("userCollectionVersion", sort)];
        self.put(&self.tables.collections, row(keys.iter().chain(attributes))).await;
    }

    /// Puts a row into the entries table as it is given.
    pub async fn put_entry_row(&self, partition: &str, sort: &str, attributes: &[(&str, &str)]) {
        let keys = [("userCollection", partition), ("entryVersion", sort)];
        self.put(&self.tables.entries, row(keys.iter().chain(attributes))).await;
    }

    /// Puts a row of any attributes.
    pub async fn put(&self, table: &str, row: HashMap<String, AttributeValue>) {
        self.client.put_item().table_name(table).set_item(Some(row)).send().await.unwrap();
    }

    /// Puts rows of two key attributes and the given others, a hundred at a time.
    pub async fn fill(&self, subjects: impl IntoIterator<Item = (Subject, Version)>, attributes: &[(&str, &str)]) {
        let rows: Vec<_> = subjects
            .into_iter()
            .map(|(subject, version)| {
                let (partition, sort) = (subject.partition(), subject.sort_key(version));
                let (table, keys) = self.place(&subject);
                let keys = [(keys.0, partition.as_str()), (keys.1, sort.as_str())];
                let row = row(keys.iter().chain(attributes));
                let put = Put::builder().table_name(table).set_item(Some(row)).build().unwrap();
                TransactWriteItem::builder().put(put).build()
            })
            .collect();
        for rows in rows.chunks(100) {
            self.client.transact_write_items().set_transact_items(Some(rows.to_vec())).send().await.unwrap();
        }
    }

    /// Writes a version as the original server does: without looking, without marking.
    pub async fn original_writes(&self, subject: &Subject, ms: i64, name: &str, value: &str) {
        let sort = subject.sort_key(version(ms));
        match subject {
            Subject::Collection(_) => self.put_collection_row(&subject.partition(), &sort, &[("name", name)]).await,
            Subject::Entry(_) => {
                self.put_entry_row(&subject.partition(), &sort, &[("name", name), ("value", value)]).await;
            }
        }
    }

    /// Returns the rows of a subject as they are stored, oldest first.
    pub async fn rows(&self, subject: &Subject) -> Vec<BTreeMap<String, String>> {
        let (table, (hash, range)) = self.place(subject);
        self.client
            .query()
            .table_name(table)
            .key_condition_expression(format!("{hash} = :hash AND begins_with({range}, :prefix)"))
            .expression_attribute_values(":hash", AttributeValue::S(subject.partition()))
            .expression_attribute_values(":prefix", AttributeValue::S(subject.sort_prefix()))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send()
            .try_collect()
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.into_iter().map(|(name, value)| (name, value.as_s().unwrap().clone())).collect())
            .collect()
    }

    fn place(&self, subject: &Subject) -> (&str, (&'static str, &'static str)) {
        match subject {
            Subject::Collection(_) => (&self.tables.collections, ("application", "userCollectionVersion")),
            Subject::Entry(_) => (&self.tables.entries, ("userCollection", "entryVersion")),
        }
    }
}

impl Backend {
    fn client(&self, wire: &Wire, retries: RetryConfig, signs: bool) -> Client {
        let (http, endpoint) = match self {
            Self::Memory(engine) => (engine.http_client(), "http://embedded.invalid"),
            Self::File(directory) => {
                let engine = Engine::open(&directory.path().join("store.db")).unwrap();
                (engine.http_client(), "http://embedded.invalid")
            }
            Self::Remote(endpoint) => (http_client(endpoint), endpoint.as_str()),
        };
        let config = wire.govern(client_config(endpoint), signs.then(credentials)).http_client(wire.around(http));
        // The SDK counts retries against a budget that clients share; the faults of one test are not those of another.
        let budget = RetryPartition::new(uuid::Uuid::new_v4().to_string());
        Client::from_conf(config.retry_config(retries).retry_partition(budget).build())
    }
}

/// Returns what every client of the tests has in common.
pub fn client_config(endpoint: &str) -> aws_sdk_dynamodb::config::Builder {
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(variable("AWS_REGION", "eu-central-1")))
        .endpoint_url(endpoint)
}

/// Returns the credentials for the endpoint of the environment; any will do for the other engines.
pub fn credentials() -> Credentials {
    let (key, secret) = (variable("AWS_ACCESS_KEY_ID", "test"), variable("AWS_SECRET_ACCESS_KEY", "test"));
    Credentials::new(key, secret, std::env::var("AWS_SESSION_TOKEN").ok(), None, "tests")
}

fn variable(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

/// Returns a client of real sockets.
pub fn http_client(endpoint: &str) -> SharedHttpClient {
    if endpoint.starts_with("https:") {
        Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
    } else {
        Builder::new().build_http()
    }
}

/// Starts the engine's own HTTP server on a free port; it ends with the test's runtime.
async fn serve() -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
    format!("http://{address}")
}

fn new_tables() -> Tables {
    let run = uuid::Uuid::new_v4();
    Tables { collections: format!("dynamini-test.{run}.collections"), entries: format!("dynamini-test.{run}.entries") }
}

/// Returns a row of strings.
pub fn row<'a>(attributes: impl IntoIterator<Item = &'a (&'a str, &'a str)>) -> HashMap<String, AttributeValue> {
    attributes.into_iter().map(|(name, text)| ((*name).to_owned(), AttributeValue::S((*text).to_owned()))).collect()
}

/// Returns the version so many milliseconds after the world's beginning.
pub fn version(ms: i64) -> Version {
    Version::from_ms(START + ms)
}

/// Returns that version as a base.
pub fn base(ms: i64) -> Base {
    Base::Version(version(ms))
}

/// Returns an edit of the value.
pub fn value(value: &str) -> Edit {
    Edit { value: Some(value.to_owned()), ..Edit::default() }
}

/// Returns an edit of the name.
pub fn name(name: &str) -> Edit {
    Edit { name: Some(name.to_owned()), ..Edit::default() }
}

/// A store, and the wire it speaks through.
#[derive(Clone)]
pub struct Writer {
    pub store: Store,
    pub wire: Wire,
}

impl Deref for Writer {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Writer {
    /// Creates a collection.
    pub async fn new_collection(&self, world: &World, name: &str) -> CollectionKey {
        let created = self.create_collection(&world.application, &world.user, name).await.unwrap().value;
        assert!(created.is_new, "{name} was there");
        created.record.subject.collection().clone()
    }

    /// Creates an entry.
    pub async fn new_entry(&self, collection: &CollectionKey, name: &str, value: &str) -> Subject {
        self.create_entry(collection, name, value, None).await.unwrap().value.subject
    }

    /// Creates a collection and an entry `e` in it; for tests that are about one entry.
    pub async fn entry(&self, world: &World, value: &str) -> Subject {
        let collection = self.new_collection(world, "notes").await;
        self.new_entry(&collection, "e", value).await
    }

    /// Tells the history of a subject, newest first, a line for each version. See [`line`].
    pub async fn log(&self, subject: &Subject) -> Vec<String> {
        self.history(subject).all().await.unwrap().items.iter().map(line).collect()
    }

    /// Tells the entries of a collection, a line for each.
    pub async fn list(&self, collection: &CollectionKey, filter: Filter) -> Vec<String> {
        lines(&self.entries(collection, filter, true).all().await.unwrap().items)
    }

    /// Tells the collections of the world's user, a line for each.
    pub async fn list_collections(&self, world: &World, filter: Filter) -> Vec<String> {
        lines(&self.collections(&world.application, &world.user, filter).all().await.unwrap().items)
    }
}

fn lines(records: &[Record]) -> Vec<String> {
    let mut lines: Vec<_> = records.iter().map(line).collect();
    lines.sort();
    lines
}

/// Tells a version: `name value +ms`, and its marks: `deleted`, `restores +ms`, `superseded by +ms`. What is absent
/// shows as `-`; milliseconds count from the beginning of the world.
pub fn line(record: &Record) -> String {
    let since = |version: Version| format!("+{}", version.ms() - START);
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let deleted = if record.is_deleted() { " deleted" } else { "" };
    let restores = record.restored_from.map(|version| format!(" restores {}", since(version))).unwrap_or_default();
    let superseded = record.superseded_by.map(|by| format!(" superseded by {}", since(by))).unwrap_or_default();
    let (name, value, version) = (text(&record.name), text(&record.value), since(record.version));
    format!("{name} {value} {version}{deleted}{restores}{superseded}")
}
