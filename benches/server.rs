//! The HTTP server as its clients have it: how many requests it answers, what they cost, how much memory it takes.
//!
//! `cargo bench --bench server` prints a table; the numbers are for reading, nothing here asserts. The server is the
//! real program on an embedded store in a file. What HTTP adds is told as the ratio of its CPU time to that of the same
//! calls on the store, made in the same run on a file of the same content.
#![allow(missing_docs, clippy::panic, dead_code, reason = "a bench")]

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("reads /proc: Linux only");
}

#[cfg(target_os = "linux")]
#[path = "support/filled.rs"]
mod filled;
#[cfg(target_os = "linux")]
#[path = "support/measure.rs"]
mod measure;

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{SocketAddr, TcpStream};
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::{Duration, Instant};

    use dynamini::model::at::At;
    use dynamini::model::{CollectionKey, Subject};
    use dynamini::store::{Edit, Store};
    use tokio::task::JoinSet;

    use super::filled::{Filled, Version};
    use super::measure::{median, megabytes, row, time};

    const PROGRAM: &str = env!("CARGO_BIN_EXE_dynamini");
    const KEY: &str = "the key of the bench";
    const STARTS: usize = 15;
    const REQUESTS: u32 = 2000;
    const CONNECTIONS: usize = 16;
    const ENTRIES: usize = 1000;
    const VERSIONS: usize = 10;

    pub fn main() {
        let home = tempfile::tempdir().expect("a directory can be made");
        let (behind, direct) = (home.path().join("behind"), home.path().join("direct"));
        let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
        let ((_, listed), (store, collection)) = (runtime.block_on(fill(&behind)), runtime.block_on(fill(&direct)));
        let keys = home.path().join("api-keys.json");
        fs::write(&keys, format!(r#"[{{"application":"shop","key":"{KEY}"}}]"#)).expect("it is written");

        let start = || {
            let server = Server::start(&behind, &keys);
            server.connect().request("GET", "/health", "");
            server
        };
        let mut starts: Vec<_> = (0..STARTS).map(|_| time(start)).collect();
        row("start to the first answer", &format!("{:.1?} (worst {:.1?})", median(&mut starts), starts[STARTS - 1]));

        let list = format!("/api/user/user-1/collection/{}/entry", listed.id);
        for (filter, rows) in [("latest", ENTRIES), ("all", ENTRIES * VERSIONS)] {
            let server = Server::start(&behind, &keys);
            let before = server.megabytes("VmRSS");
            let mut times: Vec<_> = (0..5).map(|_| server.list(&format!("{list}?filter={filter}"), rows)).collect();
            times.sort_by_key(|times| times.complete);
            let Listed { first, complete, bytes } = times[times.len() / 2];
            row(
                &format!("a list of {rows} rows, {} KB", bytes / 1000),
                &format!(
                    "first byte after {first:.1?}, complete after {complete:.1?}; resident {before}, {} at most",
                    server.megabytes("VmHWM")
                ),
            );
        }

        let server = Server::start(&behind, &keys);
        let entry = server.connect().request("POST", &list, BODY).location.expect("an entry was created");
        row("resident, before the load", &server.megabytes("VmRSS"));

        let record = runtime.block_on(store.add_entry(&collection, edit())).expect("an entry was created").value;
        for connections in [1, CONNECTIONS] {
            for (method, path, body) in [("POST", &list, BODY), ("GET", &entry, "")] {
                let http = server.load(connections, method, path, body);
                let call =
                    Direct { store: store.clone(), collection: collection.clone(), entry: record.subject.clone() };
                let bare = runtime.block_on(call.load(connections, method));
                row(
                    &format!("{method} of one entry, {connections} at once"),
                    &format!(
                        "{http}; the store alone {bare}; ratio {:.2}",
                        http.cpu.as_secs_f64() / bare.cpu.as_secs_f64()
                    ),
                );
            }
        }
        row("resident, at most under that load", &server.megabytes("VmHWM"));
    }

    const BODY: &str = r#"{"name":"bench","value":{"number":1,"tags":["a","b"],"on":true}}"#;

    fn edit() -> Edit {
        Edit {
            name: Some("bench".to_owned()),
            value: Some(r#"{"number":1,"tags":["a","b"],"on":true}"#.to_owned()),
            ..Edit::default()
        }
    }

    /// What so many calls took.
    struct Load {
        elapsed: Duration,
        cpu: Duration,
    }

    impl std::fmt::Display for Load {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let per_second = f64::from(REQUESTS) / self.elapsed.as_secs_f64();
            let ms = self.cpu.as_secs_f64() * 1000.0 / f64::from(REQUESTS);
            write!(f, "{per_second:.0}/s, {ms:.2} CPU-ms each")
        }
    }

    /// What a list took.
    #[derive(Clone, Copy)]
    struct Listed {
        first: Duration,
        complete: Duration,
        bytes: usize,
    }

    struct Server {
        child: Child,
        address: SocketAddr,
    }

    impl Server {
        fn start(data: &Path, keys: &Path) -> Self {
            let mut command = Command::new(PROGRAM);
            command.arg("--data-dir").arg(data).args(["serve", "--port", "0", "--api-keys"]).arg(keys);
            command.env_clear().env("HOME", data).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
            let mut child = command.spawn().expect("the program starts");
            let mut messages = BufReader::new(child.stderr.take().expect("it is piped")).lines();
            let address = loop {
                let line = messages.next().expect("it serves").expect("it is text");
                if let Some((_, address)) = line.split_once(" on http://") {
                    break address.parse().expect("it is an address");
                }
            };
            Self { child, address }
        }

        fn connect(&self) -> Connection {
            let stream = TcpStream::connect(self.address).expect("it listens");
            stream.set_nodelay(true).expect("it is a socket");
            Connection { reader: BufReader::new(stream.try_clone().expect("it is a socket")), stream }
        }

        fn load(&self, connections: usize, method: &str, path: &str, body: &str) -> Load {
            let left = AtomicU32::new(REQUESTS);
            let mut all: Vec<_> = (0..connections).map(|_| self.connect()).collect();
            let (start, cpu) = (Instant::now(), cpu(self.child.id()));
            std::thread::scope(|scope| {
                for connection in &mut all {
                    scope.spawn(|| {
                        while one_less(&left) {
                            let status = connection.request(method, path, body).status;
                            assert!((200..300).contains(&status), "{method} {path}: {status}");
                        }
                    });
                }
            });
            Load { elapsed: start.elapsed(), cpu: self::cpu(self.child.id()).saturating_sub(cpu) }
        }

        fn list(&self, path: &str, rows: usize) -> Listed {
            let mut connection = self.connect();
            let start = Instant::now();
            connection.send("GET", path, "", "Connection: close\r\n");
            let mut answer = Vec::new();
            let mut buffer = vec![0; 64 * 1024];
            let mut first = None;
            loop {
                let read = connection.stream.read(&mut buffer).expect("the answer comes");
                if read == 0 {
                    break;
                }
                first.get_or_insert_with(|| start.elapsed());
                answer.extend_from_slice(&buffer[..read]);
            }
            let complete = start.elapsed();
            let found = answer.windows(8).filter(|bytes| bytes == b"{\"meta\":").count();
            assert!(answer.ends_with(b"\r\n0\r\n\r\n"), "it broke off");
            assert_eq!(found, rows, "a chunk ends with a row");
            Listed { first: first.expect("there is an answer"), complete, bytes: answer.len() }
        }

        fn megabytes(&self, figure: &str) -> String {
            megabytes(self.child.id(), figure)
        }
    }

    impl Drop for Server {
        fn drop(&mut self) {
            self.child.kill().expect("it runs");
            self.child.wait().expect("it ends");
        }
    }

    /// A connection that is kept open.
    struct Connection {
        stream: TcpStream,
        reader: BufReader<TcpStream>,
    }

    struct Answer {
        status: u16,
        location: Option<String>,
    }

    impl Connection {
        fn send(&mut self, method: &str, path: &str, body: &str, header: &str) {
            let length = body.len();
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: bench\r\nx-api-key: {KEY}\r\n{header}Content-Length: {length}\r\n\r\n{body}"
            );
            self.stream.write_all(request.as_bytes()).expect("it is sent");
        }

        fn request(&mut self, method: &str, path: &str, body: &str) -> Answer {
            self.send(method, path, body, "");
            let (mut status, mut length, mut location) = (None, 0, None);
            loop {
                let mut line = String::new();
                self.reader.read_line(&mut line).expect("an answer comes");
                let line = line.trim_end();
                if line.is_empty() {
                    break;
                }
                if status.is_none() {
                    status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
                } else if let Some(value) = line.strip_prefix("content-length: ") {
                    length = value.parse().expect("it is a number");
                } else if let Some(value) = line.strip_prefix("location: ") {
                    location = Some(value.to_owned());
                }
            }
            self.reader.read_exact(&mut vec![0; length]).expect("the body comes");
            Answer { status: status.expect("it has a status"), location }
        }
    }

    /// The same calls on the store.
    #[derive(Clone)]
    struct Direct {
        store: Store,
        collection: CollectionKey,
        entry: Subject,
    }

    impl Direct {
        async fn load(self, tasks: usize, method: &str) -> Load {
            let (left, writes) = (Arc::new(AtomicU32::new(REQUESTS)), method == "POST");
            let (start, cpu) = (Instant::now(), cpu(std::process::id()));
            let mut all = JoinSet::new();
            for _ in 0..tasks {
                let (call, left) = (self.clone(), Arc::clone(&left));
                all.spawn(async move {
                    while one_less(&left) {
                        if writes {
                            call.store.add_entry(&call.collection, edit()).await.expect("it is written");
                        } else {
                            call.store.at(&call.entry, At::Newest).await.expect("it is there");
                        }
                    }
                });
            }
            all.join_all().await;
            Load { elapsed: start.elapsed(), cpu: self::cpu(std::process::id()).saturating_sub(cpu) }
        }
    }

    /// Takes one of what is left, if there is any.
    fn one_less(left: &AtomicU32) -> bool {
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }

    /// Returns the CPU time that a process has taken, in steps of 10 ms.
    fn cpu(process: u32) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
        // After the name in brackets: the state, and from the twelfth on the ticks in user and in system mode.
        let fields: Vec<_> = stat.rsplit_once(')').expect("it has a name").1.split_whitespace().collect();
        let ticks: u64 = fields[11..13].iter().map(|ticks| ticks.parse::<u64>().expect("it is a number")).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Fills a store with a collection of entries of several versions of 1 KB, and returns both.
    async fn fill(data: &Path) -> (Store, CollectionKey) {
        let filled = Filled::in_directory(data).await;
        let collection = filled.collection("many").await;
        let value = format!(r#"{{"text":"{}"}}"#, "x".repeat(1000));
        let versions = (0..ENTRIES).flat_map(|entry| (0..VERSIONS).map(move |version| (entry, version)));
        // 7919 is a prime, so that the order by version is another one than the order by id.
        let version = |(entry, version)| {
            let after = version * ENTRIES + entry * 7919 % ENTRIES;
            Version { entry, after, value: value.clone(), is_deleted: false }
        };
        filled.fill(&collection, versions.map(version)).await;
        (filled.store, collection)
    }
}
