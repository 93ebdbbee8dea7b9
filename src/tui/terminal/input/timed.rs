//! Waits for the terminal where only crossterm can, and looks once a second whether to stop.

use std::io;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::Duration;

use super::Ready;

/// How often to look whether to stop.
const TICK: Duration = Duration::from_secs(1);

/// Stops the waiter by being dropped.
#[derive(Debug)]
pub(super) struct Waker {
    _sender: Sender<()>,
}

/// Waits for the terminal.
pub(super) struct Waiter {
    receiver: Receiver<()>,
}

/// Returns a waiter and what stops it.
pub(super) fn pair() -> io::Result<(Waker, Waiter)> {
    let (sender, receiver) = channel();
    Ok((Waker { _sender: sender }, Waiter { receiver }))
}

impl Waiter {
    /// Waits until there is something to do.
    pub fn wait(&self) -> io::Result<Ready> {
        loop {
            if self.receiver.try_recv() == Err(TryRecvError::Disconnected) {
                return Ok(Ready::Stop);
            }
            if crossterm::event::poll(TICK)? {
                return Ok(Ready::Input);
            }
        }
    }
}

/// Tells that there is nothing to read: what was typed came while the reader was there.
pub(super) fn is_ready() -> bool {
    false
}
