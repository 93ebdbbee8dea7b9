//! Waits for the terminal without a timer; the end of a pipe wakes it.
//!
//! crossterm's own wait can't be interrupted, and spins when the terminal vanishes
//! (<https://github.com/crossterm-rs/crossterm/issues/793>): it is only called here once there is something to read.

use std::io::{self, PipeReader, PipeWriter};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::Ready;

/// How often to look for the pipe's end on systems that can't poll a terminal (macOS, if it is `/dev/tty`).
const FALLBACK: Duration = Duration::from_secs(1);

/// Wakes the waiter by being dropped.
#[derive(Debug)]
pub(super) struct Waker {
    _pipe: PipeWriter,
}

/// Waits for the terminal.
pub(super) struct Waiter {
    pipe: PipeReader,
}

/// Returns a waiter and what wakes it.
pub(super) fn pair() -> io::Result<(Waker, Waiter)> {
    let (pipe, writer) = io::pipe()?;
    Ok((Waker { _pipe: writer }, Waiter { pipe }))
}

impl Waiter {
    /// Waits until there is something to do.
    pub fn wait(&self) -> io::Result<Ready> {
        let stdin = rustix::stdio::stdin();
        loop {
            let mut fds = [PollFd::new(&self.pipe, PollFlags::IN), PollFd::new(&stdin, PollFlags::IN)];
            match poll(&mut fds, None) {
                Err(Errno::INTR) => continue,
                result => result?,
            };
            let [pipe, terminal] = fds.map(|fd| fd.revents());
            if !pipe.is_empty() {
                return Ok(Ready::Stop);
            }
            if terminal.intersects(PollFlags::HUP | PollFlags::ERR) {
                return Ok(Ready::Vanished);
            }
            if terminal.contains(PollFlags::IN) {
                return Ok(Ready::Input);
            }
            if terminal.contains(PollFlags::NVAL) && crossterm::event::poll(FALLBACK)? {
                return Ok(Ready::Input);
            }
        }
    }
}

/// Tells whether there is something to read, and a terminal to read it from.
pub(super) fn is_ready() -> bool {
    let stdin = rustix::stdio::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    poll(&mut fds, Some(&Timespec::default())).is_ok() && fds[0].revents() == PollFlags::IN
}
