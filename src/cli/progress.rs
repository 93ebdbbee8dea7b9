//! How far a long command is, on one line of the terminal that is written over.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often the line is written at most.
const EVERY: Duration = Duration::from_millis(100);

/// The line, on the standard error. Where that is no terminal, there is none.
pub struct Progress {
    is_on: bool,
    written: Option<Instant>,
}

impl Progress {
    /// Returns a line for a command that prints data. On a terminal that shows the data the data tells how far it is.
    pub fn beside_data() -> Self {
        Self { is_on: io::stderr().is_terminal() && !io::stdout().is_terminal(), written: None }
    }

    /// Returns a line for a command that prints little.
    pub fn new() -> Self {
        Self { is_on: io::stderr().is_terminal(), written: None }
    }

    /// Writes the line, unless that was done just now. The text must be the program's own: it is written as it is.
    pub fn tell(&mut self, text: impl FnOnce() -> String) {
        if self.is_on && self.written.is_none_or(|written| written.elapsed() >= EVERY) {
            self.written = Some(Instant::now());
            write(&text());
        }
    }

    /// Says in the line that the tables' capacity is used up.
    pub fn waits(&mut self) {
        if self.is_on {
            self.written = Some(Instant::now());
            write("the tables' capacity is used up: waiting for it");
        }
    }

    /// Takes the line away, so that something else can be written.
    pub fn clear(&mut self) {
        if self.written.take().is_some() {
            write("");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn write(text: &str) {
    let mut terminal = io::stderr().lock();
    // Nobody is left to be told when this fails.
    let _ = write!(terminal, "\r{text}\u{1b}[K").and_then(|()| terminal.flush());
}

/// Waits for ^C. Where that can't be caught, it ends the program by itself.
pub async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
