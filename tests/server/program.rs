//! The real program: its settings, its messages, its signals.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};

use super::desk::{Client, Reply};

pub struct Place(tempfile::TempDir);

/// A server while it runs.
pub struct Running {
    child: Child,
    messages: BufReader<ChildStderr>,
    /// What it said until it served, that line included.
    pub said: String,
    pub client: Client,
}

impl Place {
    pub fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        Place::write_keys(&place.path("keys.json"), "secret-1");
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write_keys(path: &Path, key: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!(r#"[{{"application":"shop","key":"{key}"}}]"#)).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare(&["serve", "--data-dir"]);
        command.arg(self.path("data")).args(arguments);
        command
    }

    /// The program without a word on what to serve.
    pub fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dynamini"));
        command.args(arguments).env_clear().env("HOME", self.0.path()).current_dir(self.0.path()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn serve(&self, arguments: &[&str]) -> Running {
        let keys = self.path("keys.json");
        let mut command = self.command(arguments);
        command.arg("--api-keys").arg(keys).arg("--port").arg("0");
        Running::start(command)
    }
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut messages = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let address = loop {
            let start = said.len();
            assert!(messages.read_line(&mut said).unwrap() > 0, "it ended: {said}");
            if let Some((_, address)) = said[start..].split_once(" on http://") {
                break address.trim().to_owned();
            }
        };
        let client = Client { address: address.parse().unwrap(), key: Some("secret-1".to_owned()) };
        Self { child, messages, said, client }
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    fn message(&mut self) -> String {
        let mut line = String::new();
        self.messages.read_line(&mut line).unwrap();
        line
    }

    /// Waits for the end, and returns its status, its log and what else it said.
    pub fn end(&mut self) -> (ExitStatus, String, String) {
        let (mut log, mut said) = (String::new(), String::new());
        self.child.stdout.take().unwrap().read_to_string(&mut log).unwrap();
        self.messages.read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap(), log, said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A test that failed leaves no server behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_signal_ends_the_server_and_the_data_stays() {
    let place = Place::new();
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::INT] {
        let mut running = place.serve(&[]);
        assert!(running.said.starts_with("dynamini: serving the embedded store "), "{}", running.said);
        assert_eq!(running.said.lines().count(), 1, "{}", running.said);
        assert!(running.client.address.ip().is_loopback());
        running.client.collection("ann", "notes").await;
        assert_eq!(running.client.get("/api/collection?filter=all").await.names(), ["notes"]);
        running.signal(signal);
        let (status, log, said) = running.end();
        assert_eq!((status.code(), said.as_str()), (Some(0), ""));
        assert_eq!(log.lines().count(), 2, "{log}");
    }
}

#[tokio::test]
async fn keys_are_read_again_on_a_hangup() {
    let place = Place::new();
    let keys = place.path("keys.json");
    let mut running = place.serve(&[]);
    let old = running.client.clone();
    let new = Client { key: Some("secret-2".to_owned()), ..old.clone() };
    old.get("/api/collection").await.with(200);
    new.get("/api/collection").await.empty(401);

    Place::write_keys(&keys, "secret-2");
    old.get("/api/collection").await.with(200);
    running.signal(rustix::process::Signal::HUP);
    assert!(running.message().contains("again: 1 key\n"));
    old.get("/api/collection").await.empty(401);
    new.get("/api/collection").await.with(200);

    fs::write(&keys, "[{\"application\": \"shop\", \"key\": \"secret-3\"").unwrap();
    running.signal(rustix::process::Signal::HUP);
    let message = running.message();
    assert!(message.contains("the keys stay as they were") && !message.contains("secret"), "{message}");
    new.get("/api/collection").await.with(200);

    fs::set_permissions(&keys, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(&keys, r#"[{"application":"shop","key":"secret-1"}]"#).unwrap();
    running.signal(rustix::process::Signal::HUP);
    assert!(running.message().contains("again: 1 key\n"));
    assert!(running.message().contains("others than its owner can read the keys"));
    old.get("/api/collection").await.with(200);
}

#[test]
fn without_keys_it_does_not_start() {
    let place = Place::new();
    let fails = |arguments: &[&str]| {
        let output = place.command(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, message) = fails(&[]);
    assert_eq!(code, Some(2), "{message}");
    assert!(message.contains("env/api-keys.json") && message.contains("--api-keys"), "{message}");
    let (code, message) = fails(&["--api-keys", "none.json"]);
    assert!(code == Some(2) && message.contains("none.json"), "{message}");
    fs::write(place.path("broken.json"), "[{\"application\":\"a\",\"key\":\"hush\"]").unwrap();
    let (code, message) = fails(&["--api-keys", "broken.json"]);
    assert!(code == Some(2) && message.contains("broken.json:1") && !message.contains("hush"), "{message}");
}

#[tokio::test]
async fn keys_and_port_are_found_where_the_original_has_them() {
    let place = Place::new();
    Place::write_keys(&place.path("env/api-keys.json"), "secret-1");
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let mut command = place.command(&[]);
    command.env("PORT", port.to_string()).env("AWS_REGION", "eu-central-1").env("DEBUG", "true");
    let running = Running::start(command);
    assert_eq!(running.client.address.port(), port);
    assert!(
        running.said.contains("AWS_REGION is set") && running.said.contains("--region eu-central-1"),
        "{}",
        running.said
    );
    running.client.get("/api/collection").await.with(200);

    let mut command = place.command(&[]);
    command.env("PORT", "http");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let mut taken = place.command(&["--port", &port.to_string()]);
    let output = taken.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains(&format!("can't listen on 127.0.0.1:{port}")), "{message}");
}

#[tokio::test]
async fn the_config_file_has_the_settings_and_flags_go_over_it() {
    let place = Place::new();
    let config = place.path("conf/config.toml");
    Place::write_keys(&place.path("conf/api-keys.json"), "secret-1");
    fs::write(&config, "[serve]\nport = 0\nlog = 'json'\nread_timeout_ms = 60000\n").unwrap();
    let config = config.to_str().unwrap().to_owned();
    for (arguments, json) in [(vec!["--config", &config], true), (vec!["--config", &config, "--log", "text"], false)] {
        let mut running = Running::start(place.command(&arguments));
        running.client.get("/api/collection").await.with(200);
        running.signal(rustix::process::Signal::TERM);
        let (_, log, _) = running.end();
        assert_eq!(log.starts_with('{'), json, "{log}");
        assert!(!log.contains("secret"), "{log}");
    }
}

#[tokio::test]
async fn a_second_signal_does_not_wait() {
    use tokio::io::AsyncWriteExt;
    let place = Place::new();
    let mut running = place.serve(&[]);
    let mut stream = running.client.connect().await;
    let request = "POST /api/user/a/collection HTTP/1.1\r\nx-api-key: secret-1\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    // It waits for the body now.
    let mut begun = [0; 25];
    tokio::io::AsyncReadExt::read_exact(&mut stream, &mut begun).await.unwrap();
    assert!(begun.starts_with(b"HTTP/1.1 100 Continue"));
    running.signal(rustix::process::Signal::TERM);
    while Reply::parse(&connects(&running.client).await).is_some() {}
    running.signal(rustix::process::Signal::TERM);
    assert_eq!(running.child.wait().unwrap().code(), Some(1));
}

/// What is answered where someone still listens.
async fn connects(client: &Client) -> Vec<u8> {
    match tokio::net::TcpStream::connect(client.address).await {
        Ok(mut stream) => {
            use tokio::io::AsyncWriteExt;
            let _ = stream.write_all(b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n").await;
            super::desk::read(&mut stream).await
        }
        Err(_) => Vec::new(),
    }
}
