//! What reaches the standard output and the standard error, and in which form.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use super::args::Format;
use crate::text::{display_safe, display_safe_lines, width};

/// The spaces between two columns.
const GAP: usize = 2;

/// The standard output. Data is written as it is where a program reads it; on a terminal nothing of it acts on the
/// terminal.
pub struct Output {
    out: BufWriter<Stdout>,
    /// The form that was asked for.
    pub format: Format,
    is_terminal: bool,
    /// Whether colours are wanted.
    pub colour: bool,
    /// How many items of a list were written.
    listed: usize,
    /// The widths of the columns, settled by the first rows.
    widths: Vec<usize>,
}

impl Output {
    /// Returns the standard output. `no_colour` is whether the person wants no colours anywhere.
    pub fn new(format: Format, no_colour: bool) -> Self {
        let out = io::stdout();
        let is_terminal = out.is_terminal();
        let colour = is_terminal && !no_colour;
        Self { out: BufWriter::new(out), format, is_terminal, colour, listed: 0, widths: Vec::new() }
    }

    /// Writes lines of data.
    pub fn data(&mut self, text: &str) -> io::Result<()> {
        if self.is_terminal { writeln!(self.out, "{}", display_safe_lines(text)) } else { writeln!(self.out, "{text}") }
    }

    /// Writes one line for people; nothing in it acts on a terminal, wherever it goes.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", display_safe(text))
    }

    /// Writes one line for people in a colour, by its ANSI number, where colours are wanted.
    pub fn coloured_line(&mut self, ansi: u8, text: &str) -> io::Result<()> {
        if !self.colour {
            return self.line(text);
        }
        writeln!(self.out, "\u{1b}[{ansi}m{}\u{1b}[0m", display_safe(text))
    }

    /// Writes an item of a list, JSON on one line; [`Self::end_list`] must follow the last.
    pub fn item(&mut self, json: &str) -> io::Result<()> {
        let before = match (self.format, self.listed) {
            (Format::Json, 0) => "[\n  ",
            (Format::Json, _) => ",\n  ",
            (Format::Table | Format::Ndjson, 0) => "",
            (Format::Table | Format::Ndjson, _) => "\n",
        };
        self.listed += 1;
        self.out.write_all(before.as_bytes())?;
        let shown = if self.is_terminal { display_safe(json) } else { json.into() };
        self.out.write_all(shown.as_bytes())
    }

    /// Ends a list, also an empty one.
    pub fn end_list(&mut self) -> io::Result<()> {
        let end = match (self.format, self.listed) {
            (Format::Json, 0) => "[]\n",
            (Format::Json, _) => "\n]\n",
            (Format::Table | Format::Ndjson, 0) => "",
            (Format::Table | Format::Ndjson, _) => "\n",
        };
        self.out.write_all(end.as_bytes())?;
        self.flush()
    }

    /// Writes rows of a table under `header`, which stands above the first rows. They settle the widths of the columns,
    /// so that rows can be written as they come; a later cell that is wider moves the rest of its row.
    pub fn rows(&mut self, header: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(|cell| display_safe(cell)).collect()).collect();
        if self.widths.is_empty() {
            self.widths = header.iter().map(|title| width(title)).collect();
            for row in &rows {
                for (widest, cell) in self.widths.iter_mut().zip(row) {
                    *widest = width(cell).max(*widest);
                }
            }
            self.row(header)?;
        }
        for row in &rows {
            self.row(row)?;
        }
        self.flush()
    }

    fn row<T: AsRef<str>>(&mut self, cells: &[T]) -> io::Result<()> {
        let mut line = String::new();
        let mut column = 0;
        for (cell, room) in cells.iter().map(AsRef::as_ref).zip(&self.widths) {
            line.push_str(cell);
            column += room + GAP;
            line.extend(std::iter::repeat_n(' ', column.saturating_sub(width(&line)).max(GAP)));
        }
        writeln!(self.out, "{}", line.trim_end())
    }

    /// Sends what was written so far on its way.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes a message to the standard error, with the program's name before it. Data in it can't act on a terminal.
pub fn say(message: impl Display) {
    let message = format!("dynamini: {message}");
    // Nobody is left to be told when this fails.
    let _ = writeln!(io::stderr(), "{}", display_safe_lines(&message));
}

/// Asks a person on the terminal and returns whether the answer is yes; also no where the input ends.
pub fn ask(question: &str) -> io::Result<bool> {
    write!(io::stderr(), "dynamini: {} [y/N] ", display_safe(question))?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
