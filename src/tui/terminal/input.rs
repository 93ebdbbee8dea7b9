//! The thread that reads keys.

use std::io;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossterm::event::{self, KeyEventKind};
use tokio::sync::mpsc::UnboundedSender;

use super::events::Event;
use super::screen;

#[cfg(not(unix))]
#[path = "input/timed.rs"]
mod wait;
#[cfg(unix)]
#[path = "input/poll.rs"]
mod wait;

/// How long to wait for more of what has begun to arrive. crossterm reads nothing at all with a timeout of zero.
const MORE: Duration = Duration::from_millis(1);

/// A running reader.
#[derive(Debug)]
pub(super) struct Input {
    waker: wait::Waker,
    thread: JoinHandle<()>,
}

/// Why a wait ended.
enum Ready {
    /// There is something to read.
    Input,
    /// The reader is to stop.
    Stop,
    /// The terminal is gone.
    Vanished,
}

impl Input {
    /// Starts to read and to send what is read.
    pub fn start(events: UnboundedSender<Event>) -> io::Result<Self> {
        let (waker, waiter) = wait::pair()?;
        let thread = thread::Builder::new().name("input".to_owned()).spawn(move || {
            let last = match read(&waiter, &events) {
                Ok(Ready::Vanished) => Event::Vanished,
                Err(error) => Event::Failed(error),
                Ok(Ready::Stop | Ready::Input) => return,
            };
            // Nobody listens any more when the explorer ends.
            events.send(last).ok();
        })?;
        Ok(Self { waker, thread })
    }

    /// Stops and waits until nothing more is read.
    pub fn stop(self) {
        drop(self.waker);
        // A panic of the reader was reported by the panic hook.
        self.thread.join().ok();
    }
}

/// Reads until told to stop, or until the terminal is gone.
fn read(waiter: &wait::Waiter, events: &UnboundedSender<Event>) -> io::Result<Ready> {
    loop {
        match waiter.wait()? {
            // Once the terminal is given back, also by a panic, what is typed is the shell's.
            Ready::Input if !screen::is_ours() => return Ok(Ready::Stop),
            Ready::Input => {}
            end => return Ok(end),
        }
        take_all(events)?;
    }
}

/// Reads what is there.
fn take_all(events: &UnboundedSender<Event>) -> io::Result<()> {
    while event::poll(MORE)? {
        if let Some(event) = translate(event::read()?) {
            events.send(event).ok();
        }
    }
    Ok(())
}

/// Reads what was typed already, once nobody else reads.
pub(super) fn finish(events: &UnboundedSender<Event>) {
    // Where it can't be read, what was typed is gone with the terminal.
    while wait::is_ready() && take_all(events).is_ok() {}
}

/// Returns what is of interest. Sizes aren't: they come by signal, also while nothing is read.
fn translate(event: event::Event) -> Option<Event> {
    match event {
        event::Event::Key(key) if key.kind != KeyEventKind::Release => Some(Event::Key(key)),
        event::Event::Paste(text) => Some(Event::Paste(text)),
        #[cfg(not(unix))]
        event::Event::Resize(..) => Some(Event::Resized),
        _ => None,
    }
}
