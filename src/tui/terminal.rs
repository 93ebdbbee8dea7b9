//! The terminal's life: taken over once, handed to others in between, and given back as it was, whatever happens.
//!
//! [`Terminal`] draws frames and lets go of the screen for a while (^Z, `$EDITOR`); [`Events`] brings keys, pastes and
//! signals. [`leave`] gives the terminal back and may be called by anyone at any time: it acts once.

use std::io::{self, IsTerminal};

use crossterm::clipboard::CopyToClipboard;
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::Frame;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Position, Rect};
use thiserror::Error;

mod events;
mod input;
mod output;
mod panic;
mod screen;
mod signals;

pub use events::{Event, Events};
pub use screen::leave;
pub use signals::Quit;

use output::Output;

/// The most bytes that [`Terminal::copy`] sends.
///
/// Terminals cut an OSC 52 sequence after 100,000 bytes (hterm's limit, which others took over): 8 of them are the
/// sequence's own, and base64 makes four out of three.
pub const COPY_LIMIT: usize = 74_994;

/// The terminal while the explorer owns it. Dropping it gives it back.
#[derive(Debug)]
pub struct Terminal {
    inner: ratatui::Terminal<CrosstermBackend<Output>>,
    output: Output,
}

/// Why a text was not sent to the clipboard.
#[derive(Debug, Error)]
pub enum CopyError {
    /// The text is longer than terminals take.
    #[error("{size} bytes are too many for the terminal's clipboard (at most {limit}): save them to a file instead")]
    TooLarge {
        /// Bytes of the text.
        size: usize,
        /// Bytes that may be sent, [`COPY_LIMIT`].
        limit: usize,
    },
    /// The terminal could not be written to.
    #[error("the terminal could not be written to: {0}")]
    Write(#[from] io::Error),
}

impl Terminal {
    /// Takes over the terminal: raw mode, alternate screen, bracketed paste, no cursor; a panic gives it back.
    ///
    /// Call it on the thread that draws: a panic there ends the display, a panic elsewhere is kept and printed once the
    /// terminal is given back. Fails if standard input or output is not a terminal.
    pub fn enter() -> io::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "the explorer needs a terminal as its standard input and output",
            ));
        }
        panic::install();
        // The theme leaves colours out under NO_COLOR. crossterm would also leave the numbers out of its sequences then,
        // and `CSI m` without one cancels bold and reverse.
        crossterm::style::force_color_output(true);
        screen::enter()?;
        let output = Output::default();
        let inner = ratatui::Terminal::new(CrosstermBackend::new(output.clone())).inspect_err(|_| leave())?;
        Ok(Self { inner, output })
    }

    /// Draws a frame; only what differs from the last one is sent, at once and as one update.
    ///
    /// Follows the terminal's size by itself. Does nothing while the terminal is given back or gone.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.output, BeginSynchronizedUpdate)?;
        self.inner.draw(render)?;
        queue!(self.output, EndSynchronizedUpdate)?;
        self.output.send()
    }

    /// Takes the terminal over anew after [`Event::Continued`]: a shell may have changed it meanwhile.
    pub fn restore(&mut self) -> io::Result<()> {
        screen::enter_again()?;
        self.redraw()
    }

    /// Returns the terminal's present columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.inner.size()?;
        Ok((size.width, size.height))
    }

    /// Makes the next frame draw everything anew, at the terminal's present size.
    pub fn redraw(&mut self) -> io::Result<()> {
        let size = self.inner.size()?;
        // Not `clear`: it asks the terminal for the cursor's place and fails without an answer.
        // https://github.com/ratatui/ratatui/issues/2691
        self.inner.resize(Rect::from((Position::ORIGIN, size)))
    }

    /// Sends `text` to the clipboard of whoever looks at the terminal, also over SSH (OSC 52).
    ///
    /// Terminals don't acknowledge it and some ignore it. The text is sent as base64, so nothing in it acts on the terminal.
    pub fn copy(&mut self, text: &str) -> Result<(), CopyError> {
        if text.len() > COPY_LIMIT {
            return Err(CopyError::TooLarge { size: text.len(), limit: COPY_LIMIT });
        }
        queue!(self.output, CopyToClipboard::to_clipboard_from(text))?;
        Ok(self.output.send()?)
    }

    /// Gives the terminal back while `action` runs (an editor, say), then takes it over again and draws it anew.
    ///
    /// No key is read in between, and what is typed ahead stays for `action`. Signals that the terminal sends to both
    /// (^C, ^\) are `action`'s to handle; if it stops itself on ^Z, this process stops with it.
    pub fn aside<T>(&mut self, events: &mut Events, action: impl FnOnce() -> T) -> io::Result<T> {
        events.pause();
        screen::step_aside();
        let result = action();
        screen::enter()?;
        events.resume()?;
        self.redraw()?;
        Ok(result)
    }

    /// Stops the process as ^Z does, and returns when it goes on (`fg`), with the screen to be drawn anew.
    ///
    /// Fails with [`io::ErrorKind::Unsupported`], the screen untouched, where no shell could make it go on.
    pub fn suspend(&mut self, events: &mut Events) -> io::Result<()> {
        if !signals::can_stop() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "there is no shell to go back to"));
        }
        self.aside(events, signals::stop)?
    }

    /// Stops writing to the terminal for good, because it is gone: see [`Event::Vanished`].
    pub fn abandon(self) {
        screen::abandon();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}
