//! A server on a free port, and a client that speaks HTTP by hand, so that it sees what is on the wire.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dynamini::config::{LogForm, Serve};
use dynamini::server::keys::Keys;
use dynamini::server::log::{Log, LogEnd};
use dynamini::server::{Ended, Settings, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::store::wire::Wire;
use crate::store::world::{World, Writer};

/// The key of the application `billing`, and of `shop`.
pub const BILLING: &str = "the key of billing";
pub const SHOP: &str = "the key of shop";

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A server with its store.
pub struct Desk {
    pub world: World,
    /// The wire between the server and its store.
    pub wire: Wire,
    pub address: SocketAddr,
    keys: Keys,
    log: Shared,
    log_end: LogEnd,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Ended>,
    _keys_file: tempfile::NamedTempFile,
}

/// What a server is started with.
pub struct Start {
    pub bounds: Serve,
    pub form: LogForm,
    pub debug: bool,
    pub read_only: bool,
}

impl Default for Start {
    fn default() -> Self {
        Self { bounds: Serve::default(), form: LogForm::Text, debug: false, read_only: false }
    }
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Desk {
    /// Starts a server on an empty store in memory.
    pub async fn open() -> Self {
        Self::open_with(Start::default()).await
    }

    pub async fn open_with(start: Start) -> Self {
        let world = World::in_memory().await;
        let Writer { store, wire } = world.writer_with("server", |options| options.read_only = start.read_only);
        let mut keys_file = tempfile::NamedTempFile::new().unwrap();
        write!(keys_file, r#"[{{"application":"billing","key":"{BILLING}"}},{{"application":"shop","key":"{SHOP}"}}]"#)
            .unwrap();
        let keys = Keys::read(keys_file.path()).unwrap();
        let shared = Shared::default();
        let (log, log_end) = Log::start(shared.clone(), start.form, start.debug).unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let settings = Settings { keys: keys.clone(), bounds: start.bounds, log };
        let server = tokio::spawn(async move {
            serve(listener, store, settings, async {
                let _ = stopped.await;
            })
            .await
        });
        Self { world, wire, address, keys, log: shared, log_end, stop, server, _keys_file: keys_file }
    }

    /// Returns a client of the application `billing`.
    pub fn client(&self) -> Client {
        Client { address: self.address, key: Some(BILLING.to_owned()) }
    }

    /// Returns a client of the application `shop`.
    pub fn shop(&self) -> Client {
        Client { address: self.address, key: Some(SHOP.to_owned()) }
    }

    /// Returns a client without a key.
    pub fn nobody(&self) -> Client {
        Client { address: self.address, key: None }
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Returns another writer on the same store, who is not the server.
    pub fn someone(&self) -> Writer {
        self.world.writer("someone")
    }

    /// Tells the server to end, and returns what becomes of it.
    pub fn stop(self) -> (JoinHandle<Ended>, impl FnOnce() -> String) {
        let _ = self.stop.send(());
        let (log, end) = (self.log, self.log_end);
        let lines = move || {
            end.wait();
            String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
        };
        (self.server, lines)
    }

    /// Ends the server and returns how it ended and what it logged.
    pub async fn close(self) -> (Ended, String) {
        let (server, log) = self.stop();
        let ended = tokio::time::timeout(PATIENCE, server).await.expect("the server ends").unwrap();
        (ended, log())
    }
}

/// Someone who sends requests, each on a connection of its own.
#[derive(Clone)]
pub struct Client {
    pub address: SocketAddr,
    pub key: Option<String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// Whether the body came to its end.
    pub is_whole: bool,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        assert!(self.is_whole, "{self:?}");
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The path of what was created.
    pub fn location(&self) -> String {
        self.header("location").unwrap_or_else(|| panic!("{self:?}")).to_owned()
    }

    pub fn version(&self) -> i64 {
        self.header("etag").unwrap_or_else(|| panic!("{self:?}")).trim_matches('"').parse().unwrap()
    }

    #[track_caller]
    pub fn with(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Asserts that it has that status and no body.
    #[track_caller]
    pub fn empty(self, status: u16) -> Self {
        assert_eq!((self.status, self.body.as_str()), (status, ""), "{self:?}");
        self
    }

    /// The names in a list.
    pub fn names(&self) -> Vec<String> {
        let json = self.json();
        json.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap_or("-").to_owned()).collect()
    }

    /// Reads an answer from all that a connection gave.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        // A header that is given back as it came may hold anything.
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = head.split("\r\n");
        let status: u16 = lines.next()?.split(' ').nth(1)?.parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        };
        let headers: Vec<_> = lines.map(header).collect();
        let rest = &bytes[end + 4..];
        let of = |name: &str| headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
        let (body, is_whole) = if of("transfer-encoding").as_deref() == Some("chunked") {
            unchunked(rest)
        } else {
            let length = of("content-length").map_or(0, |length| length.parse().unwrap());
            (rest.to_vec(), rest.len() == length)
        };
        Some(Self { status, headers, body: String::from_utf8(body).unwrap(), is_whole })
    }
}

fn unchunked(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        let Some(end) = rest.windows(2).position(|two| two == b"\r\n") else { return (body, false) };
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        rest = &rest[end + 2..];
        if size == 0 {
            return (body, rest == b"\r\n");
        }
        let Some(chunk) = rest.get(..size) else { return (body, false) };
        body.extend_from_slice(chunk);
        rest = rest.get(size + 2..).unwrap_or_default();
    }
}

impl Client {
    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "").await
    }

    pub async fn post(&self, path: &str, body: &str) -> Reply {
        self.send("POST", path, &[], body).await
    }

    pub async fn put(&self, path: &str, body: &str) -> Reply {
        self.send("PUT", path, &[], body).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], "").await
    }

    /// Creates a collection and returns its path.
    pub async fn collection(&self, user: &str, name: &str) -> String {
        let body = serde_json::json!({ "name": name }).to_string();
        self.post(&format!("/api/user/{user}/collection"), &body).await.with(201).location()
    }

    /// Creates an entry in a new collection and returns its path.
    pub async fn entry(&self, body: &str) -> String {
        let collection = self.collection("ann", "notes").await;
        self.post(&format!("{collection}/entry"), body).await.with(201).location()
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
        if let Some(key) = &self.key {
            request += &format!("x-api-key: {key}\r\n");
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            request += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        }
        request += "\r\n";
        let sent = self.raw(&[request.as_bytes(), body.as_bytes()].concat()).await;
        let mut reply = Reply::parse(&sent).unwrap_or_else(|| panic!("{method} {path}: {sent:?}"));
        if method == "HEAD" {
            reply.is_whole = reply.body.is_empty();
        }
        reply
    }

    /// Sends bytes as they are and returns all that comes until the server closes the connection.
    pub async fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect().await;
        // A server that has heard enough closes its end.
        let _ = stream.write_all(bytes).await;
        read(&mut stream).await
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

/// Encodes each byte of a text for a path.
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |path, byte| path + &format!("%{byte:02X}"))
}

/// Reads what comes until the server closes the connection.
pub async fn read(stream: &mut TcpStream) -> Vec<u8> {
    let mut reply = Vec::new();
    let reading = stream.read_to_end(&mut reply);
    // A connection that is reset is closed, too.
    let _ = tokio::time::timeout(PATIENCE, reading).await.expect("the server closes the connection");
    reply
}
