//! What is drawn, collected until it is sent whole.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::screen;

/// A buffer for one frame; clones share it.
///
/// Flushing it does nothing, since ratatui flushes in the middle of a frame. [`Output::send`] writes all of it in one
/// piece, and only while the explorer has the screen: what is left of a frame must not follow the screen's end.
#[derive(Clone, Debug, Default)]
pub(super) struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    /// Writes everything collected to standard output if the explorer has the screen, and forgets it either way.
    pub fn send(&self) -> io::Result<()> {
        let mut bytes = self.bytes();
        let result = if screen::is_ours() { write_out(&bytes) } else { Ok(()) };
        bytes.clear();
        result
    }

    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_out(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_frame_is_dropped_once_the_screen_is_given_back() {
        let mut output = Output::default();
        output.write_all(b"half a frame").expect("memory takes it");
        assert!(!screen::is_ours(), "tests have no screen");
        output.send().expect("nothing is written");
        assert!(output.bytes().is_empty());
    }
}
