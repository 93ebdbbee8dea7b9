//! A writer seen from the process that kills it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::dice::Dice;
use super::writer::{Acknowledged, ORDERS, Orders, TEST};

/// How long a writer may say nothing before it counts as hanging. A write waits at most 5 seconds for a lock.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running writer.
pub struct Victim {
    process: Child,
    lines: Receiver<String>,
    reader: JoinHandle<()>,
    author: String,
    acknowledged: Vec<Acknowledged>,
}

impl Victim {
    /// Starts a writer and waits until it is about to open the store.
    pub fn start(orders: &Orders) -> Self {
        let this = std::env::current_exe().unwrap();
        let mut process = Command::new(this)
            .args(["--exact", TEST, "--ignored", "--nocapture", "--test-threads=1"])
            .env(ORDERS, orders.text())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = channel();
        let reader = thread::spawn(move || {
            let mut line = String::new();
            // A line without its end was cut off by the kill: nobody was told.
            while out.read_line(&mut line).is_ok() && line.ends_with('\n') {
                if sender.send(line.trim_end().to_owned()).is_err() {
                    break;
                }
                line.clear();
            }
        });
        let victim = Self { process, lines, reader, author: orders.author.clone(), acknowledged: Vec::new() };
        while victim.line() != "ready" {}
        victim
    }

    /// Waits for that many more writes.
    pub fn wait_for(&mut self, writes: u64) {
        let enough = self.acknowledged.len() + usize::try_from(writes).unwrap();
        while self.acknowledged.len() < enough {
            let line = self.line();
            note(&mut self.acknowledged, &self.author, &line);
        }
    }

    /// Kills it after up to 3 ms and returns what it was told is written.
    pub fn kill(mut self, dice: &mut Dice) -> Vec<Acknowledged> {
        spin(dice.below(3_000));
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.reader.join().unwrap();
        for line in self.lines.try_iter() {
            note(&mut self.acknowledged, &self.author, &line);
        }
        self.acknowledged
    }

    fn line(&self) -> String {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(error) => panic!("{} neither writes nor says why: {error}", self.author),
        }
    }
}

fn note(acknowledged: &mut Vec<Acknowledged>, author: &str, line: &str) {
    assert!(!line.starts_with("failed"), "{author}: {line}");
    acknowledged.extend(Acknowledged::read(line));
}

/// Waits so many microseconds, too few to sleep for.
pub fn spin(micros: u64) {
    let end = Instant::now() + Duration::from_micros(micros);
    while Instant::now() < end {
        std::hint::spin_loop();
    }
}
