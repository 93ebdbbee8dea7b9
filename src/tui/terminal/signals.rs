//! Signals, and stopping the process.

use std::io;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

use super::events::Event;

/// The signal that asks the process to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quit {
    /// SIGHUP: the terminal was closed.
    HangUp,
    /// SIGINT; in raw mode ^C is a key instead.
    Interrupt,
    /// SIGQUIT; in raw mode ^\ is a key instead.
    Quit,
    /// SIGTERM.
    Terminate,
}

impl Quit {
    /// Returns the status to end with, as shells report an end by this signal: 128 and its number.
    pub fn exit_code(self) -> u8 {
        128 + match self {
            Self::HangUp => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
        }
    }
}

/// Sends an event for every signal, until the task is aborted; needs a tokio runtime.
#[cfg(unix)]
pub(super) fn listen(events: UnboundedSender<Event>) -> io::Result<JoinHandle<()>> {
    use rustix::process::Signal;
    use tokio::signal::unix::{SignalKind, signal};

    use super::screen;

    let mut hang_up = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut resized = signal(SignalKind::window_change())?;
    let mut stop_asked = signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?;
    let mut continued = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
    Ok(tokio::spawn(async move {
        loop {
            let event = tokio::select! {
                _ = hang_up.recv() => Event::Quit(Quit::HangUp),
                _ = interrupt.recv() => Event::Quit(Quit::Interrupt),
                _ = quit.recv() => Event::Quit(Quit::Quit),
                _ = terminate.recv() => Event::Quit(Quit::Terminate),
                _ = resized.recv() => Event::Resized,
                _ = stop_asked.recv() => Event::Suspend,
                _ = continued.recv() => Event::Continued,
            };
            match event {
                // The terminal sends these to every process in its foreground: they are meant for the program that has
                // the screen. When that one stops, the shell goes on only if this one does too.
                Event::Suspend if screen::is_aside() => stop_alone(),
                Event::Quit(Quit::Interrupt | Quit::Quit) | Event::Continued if screen::is_aside() => {}
                event => {
                    if events.send(event).is_err() {
                        return;
                    }
                }
            }
        }
    }))
}

/// Sends an event for ^C and ^Break, until the task is aborted; needs a tokio runtime.
#[cfg(not(unix))]
pub(super) fn listen(events: UnboundedSender<Event>) -> io::Result<JoinHandle<()>> {
    Ok(tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() && events.send(Event::Quit(Quit::Interrupt)).is_ok() {}
    }))
}

/// Tells whether a shell with job control started this process, so that stopping it leads back somewhere.
///
/// Such a shell puts every job into a process group of its own; without one, the group is that of the session's leader.
#[cfg(unix)]
pub(super) fn can_stop() -> bool {
    use rustix::process::{getpgrp, getsid};
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Stops the whole job, as ^Z in cooked mode does (`cargo run` and what it runs, say), and returns once it goes on.
#[cfg(unix)]
pub(super) fn stop() -> io::Result<()> {
    // Not SIGTSTP, which this process catches.
    Ok(rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?)
}

/// Stops this process, because the rest of the job has been stopped already.
#[cfg(unix)]
fn stop_alone() {
    if can_stop() {
        let this = rustix::process::getpid();
        // A process may always signal itself.
        rustix::process::kill_process(this, rustix::process::Signal::STOP).ok();
    }
}

/// There is no job control to stop for.
#[cfg(not(unix))]
pub(super) fn can_stop() -> bool {
    false
}

/// Never called, since [`can_stop`] says no.
#[cfg(not(unix))]
pub(super) fn stop() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
