//! Everything that happens to the explorer from outside, in one stream.

use std::io;

use crossterm::event::KeyEvent;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use super::input::{self, Input};
use super::signals::{self, Quit};

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// A key was pressed or repeats; releases are left out.
    Key(KeyEvent),
    /// A text was pasted, as the terminal sent it (lines may end in CR).
    Paste(String),
    /// The terminal has a new size.
    Resized,
    /// The process goes on after it was stopped: call [`Terminal::restore`](super::Terminal::restore).
    Continued,
    /// Someone asks the process to stop (SIGTSTP): call [`Terminal::suspend`](super::Terminal::suspend).
    Suspend,
    /// A signal asks the process to end.
    Quit(Quit),
    /// The terminal is gone: call [`Terminal::abandon`](super::Terminal::abandon) and end. No more keys come.
    Vanished,
    /// The terminal can't be read any more. No more keys come.
    Failed(io::Error),
}

/// The stream of keys, pastes and signals.
///
/// Waits without a timer: an idle process isn't woken up.
#[derive(Debug)]
pub struct Events {
    sender: UnboundedSender<Event>,
    receiver: UnboundedReceiver<Event>,
    input: Option<Input>,
    signals: JoinHandle<()>,
}

impl Events {
    /// Starts to listen; needs a tokio runtime, and the terminal in raw mode.
    pub fn start() -> io::Result<Self> {
        let (sender, receiver) = unbounded_channel();
        let signals = signals::listen(sender.clone())?;
        let mut events = Self { sender, receiver, input: None, signals };
        events.resume()?;
        Ok(events)
    }

    /// Returns the next event. Cancelling it loses none.
    pub async fn next(&mut self) -> Event {
        match self.receiver.recv().await {
            Some(event) => event,
            // Never, since this holds a sender: the channel stays open.
            None => std::future::pending().await,
        }
    }

    /// Returns the next event if one has come already.
    pub fn try_next(&mut self) -> Option<Event> {
        self.receiver.try_recv().ok()
    }

    /// Stops reading the terminal; when it returns, every key typed from now on is left to others.
    pub(super) fn pause(&mut self) {
        if let Some(input) = self.input.take() {
            input.stop();
        }
    }

    /// Reads what has been typed so far, and then no more.
    pub fn finish(&mut self) {
        self.pause();
        input::finish(&self.sender);
    }

    /// Reads the terminal again.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        self.pause();
        self.input = Some(Input::start(self.sender.clone())?);
        Ok(())
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.pause();
        self.signals.abort();
    }
}
