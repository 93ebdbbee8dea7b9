//! What a program may leave changed in a terminal, each named as a person would.

use rustix::termios::{InputModes, LocalModes, OutputModes};
use vt100::{Color, CursorStyle, MouseProtocolMode};

use super::emulator::Emulator;

/// Returns what the program's output left changed.
pub fn left_on_screen(emulator: &Emulator) -> Vec<String> {
    let screen = emulator.latest();
    let coloured = screen.fgcolor() != Color::Default || screen.bgcolor() != Color::Default;
    let styled = screen.bold() || screen.dim() || screen.italic() || screen.underline() || screen.inverse();
    let [main_flags, alternate_flags] = emulator.kitty_flags();
    let found = [
        (screen.alternate_screen(), "alternate screen on"),
        (screen.hide_cursor(), "cursor hidden"),
        (screen.cursor_style() != CursorStyle::Default, "cursor shape changed"),
        (coloured || styled, "colours or attributes on"),
        (screen.bracketed_paste(), "bracketed paste on"),
        (screen.mouse_protocol_mode() != MouseProtocolMode::None, "mouse reports on"),
        (screen.application_cursor(), "application cursor keys on"),
        (screen.application_keypad(), "application keypad on"),
        (emulator.synchronizing(), "synchronized update open"),
        (main_flags > 0, "kitty keyboard flags pushed on the main screen"),
        (alternate_flags > 0, "kitty keyboard flags pushed on the alternate screen"),
    ];
    let mut left: Vec<String> = named(found);
    left.extend(emulator.changed_modes().iter().map(|mode| match mode {
        1004 => "focus reports on".to_owned(),
        7 => "line wrapping off".to_owned(),
        mode => format!("private mode {mode} changed"),
    }));
    left
}

/// Returns what is not as in a terminal that a person types lines into.
pub fn left_in_line_discipline(input: InputModes, output: OutputModes, local: LocalModes) -> Vec<String> {
    named([
        (!local.contains(LocalModes::ECHO), "echo off"),
        (!local.contains(LocalModes::ICANON), "line mode off"),
        (!local.contains(LocalModes::ISIG), "signals of keys off"),
        (!input.contains(InputModes::ICRNL), "Enter not translated"),
        (!output.contains(OutputModes::OPOST), "output not processed"),
    ])
}

fn named<const N: usize>(found: [(bool, &str); N]) -> Vec<String> {
    found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, name)| name.to_owned()).collect()
}
