//! A terminal's screen as SVG: a window with a title bar, backgrounds, shapes and text, every cell on its place.

use std::fmt::Write;

use crate::fonts::{Fonts, TEXT};
use crate::palette::{BACKGROUND, BUTTONS, EDGE, FOREGROUND, Rgb, TITLE, TITLE_BAR, resolve};
use crate::shapes::{self, HEIGHT, WIDTH};

// All lengths are pixels of the picture, which is made for screens of two pixels a point.

/// Between the picture's edge and the window, for its shadow.
const MARGIN: usize = 56;
/// Between the window's edge and the text.
const PADDING: usize = 28;
/// The height of the title bar.
const BAR: usize = 72;
/// The size of text: `JetBrains Mono` advances by 0.6 of it, which makes a cell's width.
const SIZE: usize = 30;
/// From a cell's top to the line its letters stand on.
const BASELINE: usize = 30;
/// Ideographs of two cells, a little larger than text so that they fill them.
const SIZE_CJK: usize = 31;
/// Emoji of two cells: their font advances by 1.245 of its size.
const SIZE_EMOJI: usize = 26;

/// Returns the screen in a window as an SVG document.
pub fn document(screen: &vt100::Screen, title: &str, fonts: &Fonts) -> String {
    let (rows, cols) = screen.size();
    let (inner_width, inner_height) = (usize::from(cols.get()) * WIDTH, usize::from(rows.get()) * HEIGHT);
    let (width, height) = (inner_width + 2 * PADDING, inner_height + 2 * PADDING + BAR);
    let mut svg = String::new();
    let mut line = |text: String| {
        svg.push_str(&text);
        svg.push('\n');
    };
    line(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}">"#,
        width + 2 * MARGIN,
        height + 2 * MARGIN
    ));
    line(window(width, height));
    line(title_bar(width, title));
    let (left, top) = (MARGIN + PADDING, MARGIN + BAR + PADDING);
    line(format!(r#"<g transform="translate({left} {top})" font-family="{TEXT}" font-size="{SIZE}">"#));
    for row in 0..rows.get() {
        line(draw_row(screen, row, fonts));
    }
    line("</g></svg>".to_owned());
    svg
}

fn window(width: usize, height: usize) -> String {
    let rect =
        |style: &str| format!(r#"<rect x="{MARGIN}" y="{MARGIN}" width="{width}" height="{height}" rx="20" {style}/>"#);
    format!(
        r#"<filter id="shadow" x="-10%" y="-10%" width="120%" height="120%"><feGaussianBlur stdDeviation="20"/></filter>
<g transform="translate(0 12)">{}</g>
{}
<path fill="{TITLE_BAR}" d="M{MARGIN} {}v-{}a20 20 0 0 1 20 -20h{}a20 20 0 0 1 20 20v{}z"/>
{}"#,
        rect(r##"fill="#000000" fill-opacity="0.4" filter="url(#shadow)""##),
        rect(&format!(r#"fill="{BACKGROUND}""#)),
        MARGIN + BAR,
        BAR - 20,
        width - 40,
        BAR - 20,
        rect(&format!(r#"fill="none" stroke="{EDGE}" stroke-width="2""#)),
    )
}

fn title_bar(width: usize, title: &str) -> String {
    let middle = MARGIN + BAR / 2;
    let mut bar = String::new();
    for (index, color) in BUTTONS.iter().enumerate() {
        let x = MARGIN + 40 + 40 * index;
        write!(bar, r#"<circle cx="{x}" cy="{middle}" r="12" fill="{color}"/>"#).unwrap_or_default();
    }
    format!(
        r#"{bar}<text x="{}" y="{}" text-anchor="middle" font-family="{TEXT}" font-size="26" fill="{TITLE}">{}</text>"#,
        MARGIN + width / 2,
        middle + 9,
        escape(title)
    )
}

/// How a cell looks once reverse video, dimming and the cursor are worked into its colours.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    ink: Rgb,
    paper: Rgb,
    bold: bool,
    italic: bool,
    underline: bool,
}

impl Look {
    fn of(cell: &vt100::Cell, under_cursor: bool) -> Self {
        let mut ink = resolve(cell.fgcolor(), FOREGROUND);
        let mut paper = resolve(cell.bgcolor(), BACKGROUND);
        if cell.dim() {
            ink = ink.towards(paper, 45);
        }
        if cell.inverse() != under_cursor {
            std::mem::swap(&mut ink, &mut paper);
        }
        Self { ink, paper, bold: cell.bold(), italic: cell.italic(), underline: cell.underline() }
    }

    /// Returns the attributes of text that looks so.
    fn attributes(self) -> String {
        let mut attributes = format!(r#"fill="{}""#, self.ink);
        if self.bold {
            attributes.push_str(r#" font-weight="bold""#);
        }
        if self.italic {
            attributes.push_str(r#" font-style="italic""#);
        }
        attributes
    }
}

/// A run of letters that look alike: each has its place, so that neither ligatures nor rounding move it.
struct Run {
    look: Look,
    places: String,
    letters: String,
}

fn draw_row(screen: &vt100::Screen, row: u16, fonts: &Fonts) -> String {
    let top = usize::from(row) * HEIGHT;
    let (cursor_row, cursor_col) = screen.cursor_position();
    let (mut papers, mut lines, mut drawn) = (String::new(), String::new(), String::new());
    let mut runs: Vec<Run> = Vec::new();
    for col in 0..screen.size().1.get() {
        let Some(cell) = screen.cell(row, col).filter(|cell| !cell.is_wide_continuation()) else { continue };
        let under_cursor = !screen.hide_cursor() && (row, col) == (cursor_row, cursor_col);
        let look = Look::of(cell, under_cursor);
        let (left, width) = (usize::from(col) * WIDTH, if cell.is_wide() { 2 * WIDTH } else { WIDTH });
        if look.paper != BACKGROUND {
            write!(papers, r#"<path fill="{}" d="{}"/>"#, look.paper, shapes::rectangle(left, top, width, HEIGHT))
                .unwrap_or_default();
        }
        if look.underline {
            let rectangle = shapes::rectangle(left, top + BASELINE + 4, width, 2);
            write!(lines, r#"<path fill="{}" d="{rectangle}"/>"#, look.ink).unwrap_or_default();
        }
        let text = cell.contents();
        let mut characters = text.chars();
        let (Some(first), rest) = (characters.next(), characters.next()) else { continue };
        if text.trim().is_empty() {
            continue;
        }
        if let Some(shape) = shapes::draw(first, &look.ink.to_string()) {
            write!(drawn, r#"<g transform="translate({left} {top})">{shape}</g>"#).unwrap_or_default();
            continue;
        }
        let family = fonts.family(text, cell.is_wide());
        if family == TEXT && rest.is_none() && !cell.is_wide() {
            let index = runs.iter().position(|run| run.look == look).unwrap_or(runs.len());
            if index == runs.len() {
                runs.push(Run { look, places: String::new(), letters: String::new() });
            }
            write!(runs[index].places, "{left} ").unwrap_or_default();
            runs[index].letters.push(first);
        } else {
            drawn.push_str(&cluster(text, family, look, left + width / 2, top, cell.is_wide()));
        }
    }
    for run in runs {
        let (places, attributes) = (run.places.trim_end(), run.look.attributes());
        let letters = escape(&run.letters);
        write!(drawn, r#"<text x="{places}" y="{}" {attributes}>{letters}</text>"#, top + BASELINE).unwrap_or_default();
    }
    papers + &lines + &drawn
}

/// Draws one cluster by itself, in the middle of its cells.
fn cluster(text: &str, family: &str, look: Look, middle: usize, top: usize, wide: bool) -> String {
    let emoji = family.contains("Emoji");
    let size = match (emoji, wide) {
        (true, true) => SIZE_EMOJI,
        // One cell holds half of an emoji's width.
        (true, false) => SIZE_EMOJI / 2,
        (false, true) => SIZE_CJK,
        (false, false) => SIZE,
    };
    format!(
        r#"<text x="{middle}" y="{}" text-anchor="middle" font-family="{family}" font-size="{size}" {}>{}</text>"#,
        top + BASELINE,
        look.attributes(),
        escape(text)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
