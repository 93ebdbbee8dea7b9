//! Who has the screen, and the ways in and out.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU8, Ordering};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste};
use crossterm::execute;
use crossterm::style::ResetColor;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

use super::panic;

/// The terminal is as the explorer found it.
const RETURNED: u8 = 0;
/// The explorer has the screen.
const OURS: u8 = 1;
/// The explorer runs and another program has the screen.
const ASIDE: u8 = 2;
/// The terminal is gone: nothing may be written to it any more.
const GONE: u8 = 3;

/// One for the process, as the terminal is: a panic hook and a signal need it without a `Terminal` at hand.
static STATE: AtomicU8 = AtomicU8::new(RETURNED);

/// Tells whether the explorer may write to the screen.
pub(super) fn is_ours() -> bool {
    STATE.load(Ordering::SeqCst) == OURS
}

/// Tells whether another program has the screen for now.
pub(super) fn is_aside() -> bool {
    STATE.load(Ordering::SeqCst) == ASIDE
}

/// Takes the screen.
pub(super) fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    STATE.store(OURS, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide).inspect_err(|_| leave())
}

/// Takes the screen although it should be the explorer's, because someone may have changed its modes.
pub(super) fn enter_again() -> io::Result<()> {
    if !is_ours() {
        return Ok(());
    }
    // crossterm does nothing for raw mode where it thinks that it is on.
    disable_raw_mode()?;
    enter()
}

/// Gives the screen to another program for a while, with what was typed ahead.
pub(super) fn step_aside() {
    if swap(OURS, ASIDE) {
        give_back();
    }
}

/// Stops all writing to the terminal.
pub(super) fn abandon() {
    STATE.store(GONE, Ordering::SeqCst);
}

/// Gives the terminal back as it was found; does nothing if that is done already or the terminal is gone.
///
/// Ends synchronized updates, bracketed paste, mouse and focus reports, colours, the alternate screen, the hidden
/// cursor and raw mode, and drops what was typed but not read. Then prints the messages of panics that happened beside
/// the screen.
pub fn leave() {
    if swap(OURS, RETURNED) {
        give_back();
        drop_typed();
        panic::print_kept();
    } else if swap(ASIDE, RETURNED) {
        panic::print_kept();
    }
}

fn swap(from: u8, to: u8) -> bool {
    STATE.compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst).is_ok()
}

/// Undoes [`enter`]. No step stops the others, and nobody is left to tell of a failure.
fn give_back() {
    let mut stdout = io::stdout().lock();
    // Mouse and focus reports are never asked for, but a program run in between may have left them on.
    execute!(
        stdout,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        ResetColor,
        LeaveAlternateScreen,
        Show
    )
    .ok();
    stdout.flush().ok();
    disable_raw_mode().ok();
}

/// Drops what was typed but not read, which the shell would take for a command.
fn drop_typed() {
    #[cfg(unix)]
    rustix::termios::tcflush(rustix::stdio::stdin(), rustix::termios::QueueSelector::IFlush).ok();
}
