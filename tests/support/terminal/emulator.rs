//! The terminal's own side: a screen fed by the program's output, and the answers a terminal gives.

use std::collections::BTreeSet;
use std::num::NonZeroU16;

/// A vt100 screen that also keeps what vt100 does not: raw bytes, the modes it passes over, whole frames.
pub struct Emulator {
    parser: vt100::Parser<Extras>,
    raw: Vec<u8>,
}

impl Emulator {
    /// Makes an empty screen.
    pub fn new(cols: u16, rows: u16, answers_kitty: bool) -> Self {
        let extras = Extras { answers_kitty, ..Extras::default() };
        let parser = vt100::Parser::new_with_callbacks(cells(rows), cells(cols), 0, extras);
        Self { parser, raw: Vec::new() }
    }

    /// Takes output of the program and returns what the terminal answers to the queries in it.
    pub fn process(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.raw.extend_from_slice(bytes);
        self.parser.process(bytes);
        std::mem::take(&mut self.parser.callbacks_mut().answers)
    }

    /// Changes the size of the screen.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.parser.set_size(cells(rows), cells(cols));
    }

    /// Returns the screen as a person sees it: while a synchronized update is open, the frame before it.
    pub fn shown(&self) -> &vt100::Screen {
        self.parser.callbacks().frame_before.as_ref().unwrap_or_else(|| self.parser.screen())
    }

    /// Returns the screen with everything on it, also half a frame.
    pub fn latest(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// Returns every byte processed so far.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Returns the last window title.
    pub fn title(&self) -> Option<&str> {
        self.parser.callbacks().title.as_deref()
    }

    /// Returns the last text put on the clipboard, in base64.
    pub fn clipboard(&self) -> Option<&str> {
        self.parser.callbacks().clipboard.as_deref()
    }

    /// Returns whether a synchronized update is open.
    pub fn synchronizing(&self) -> bool {
        self.parser.callbacks().frame_before.is_some()
    }

    /// Returns the private modes, of those vt100 passes over, that are not as a terminal starts with.
    pub fn changed_modes(&self) -> &BTreeSet<u16> {
        &self.parser.callbacks().changed_modes
    }

    /// Returns how many kitty keyboard flags are pushed on the main and on the alternate screen: a terminal keeps
    /// one stack for each.
    pub fn kitty_flags(&self) -> [usize; 2] {
        self.parser.callbacks().kitty_stacks
    }
}

#[derive(Default)]
struct Extras {
    answers_kitty: bool,
    answers: Vec<u8>,
    frame_before: Option<vt100::Screen>,
    changed_modes: BTreeSet<u16>,
    kitty_stacks: [usize; 2],
    title: Option<String>,
    clipboard: Option<String>,
}

impl Extras {
    fn private_mode(&mut self, screen: &vt100::Screen, mode: u16, set: bool) {
        match mode {
            2026 => self.frame_before = set.then(|| self.frame_before.take().unwrap_or_else(|| screen.clone())),
            // The modes vt100 handles itself come along when they share a sequence with one it does not.
            1 | 6 | 9 | 25 | 47 | 1000 | 1002 | 1003 | 1005 | 1006 | 1049 | 2004 => {}
            // Line wrapping is the one that a terminal starts with.
            _ if set == (mode == 7) => {
                self.changed_modes.remove(&mode);
            }
            _ => {
                self.changed_modes.insert(mode);
            }
        }
    }
}

impl vt100::Callbacks for Extras {
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.title = Some(String::from_utf8_lossy(title).into_owned());
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.clipboard = Some(String::from_utf8_lossy(data).into_owned());
    }

    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        first: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        end: char,
    ) {
        let numbers = || params.iter().filter_map(|param| param.first().copied());
        let stack = &mut self.kitty_stacks[usize::from(screen.alternate_screen())];
        match (first, end) {
            // Primary device attributes: a VT220 with colours, as xterm says.
            (None, 'c') => self.answers.extend_from_slice(b"\x1b[?62;22c"),
            (None, 'n') if numbers().eq([6]) => {
                let (row, col) = screen.cursor_position();
                self.answers.extend_from_slice(format!("\x1b[{};{}R", row + 1, col + 1).as_bytes());
            }
            (Some(b'?'), 'u') if self.answers_kitty => self.answers.extend_from_slice(b"\x1b[?0u"),
            (Some(b'>'), 'u') => *stack += 1,
            (Some(b'<'), 'u') => *stack = stack.saturating_sub(usize::from(numbers().next().unwrap_or(1).max(1))),
            (Some(b'?'), 'h' | 'l') => numbers().for_each(|mode| self.private_mode(screen, mode, end == 'h')),
            _ => {}
        }
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has a row and a column at least")
}
