//! Characters drawn as shapes, so that they meet their neighbours exactly: lines of boxes, blocks, braille.
//!
//! A font's own glyphs for these leave hairlines between cells. Here a cell is [`WIDTH`] by [`HEIGHT`] picture
//! pixels, and all straight edges lie on whole pixels.

use std::fmt::Write;

/// A cell's width in pixels of the picture.
pub const WIDTH: usize = 18;
/// A cell's height in pixels of the picture.
pub const HEIGHT: usize = 40;

const CENTRE: (usize, usize) = (WIDTH / 2, HEIGHT / 2);

/// The arms of `─` (U+2500) to `╿` (U+257F): left, up, right and down, each 0 for none, 1 light, 2 heavy, 3 double.
/// Those drawn otherwise (dashes, arcs, diagonals) are 0000.
const ARMS: [&[u8; 8 * 5 - 1]; 16] = [
    b"1010 2020 0101 0202 0000 0000 0000 0000",
    b"0000 0000 0000 0000 0011 0021 0012 0022",
    b"1001 2001 1002 2002 0110 0120 0210 0220",
    b"1100 2100 1200 2200 0111 0121 0211 0112",
    b"0212 0221 0122 0222 1101 2101 1201 1102",
    b"1202 2201 2102 2202 1011 2011 1021 2021",
    b"1012 2012 1022 2022 1110 2110 1120 2120",
    b"1210 2210 1220 2220 1111 2111 1121 2121",
    b"1211 1112 1212 2211 1221 2112 1122 2221",
    b"2122 2212 1222 2222 0000 0000 0000 0000",
    b"3030 0303 0031 0013 0033 3001 1003 3003",
    b"0130 0310 0330 3100 1300 3300 0131 0313",
    b"0333 3101 1303 3303 3031 1013 3033 3130",
    b"1310 3330 3131 1313 3333 0000 0000 0000",
    b"0000 0000 0000 0000 1000 0100 0010 0001",
    b"2000 0200 0020 0002 1020 0102 2010 0201",
];

/// Returns SVG for a character drawn as a shape, in pixels from the cell's upper left corner, or nothing for a
/// character that a font draws.
pub fn draw(character: char, color: &str) -> Option<String> {
    let filled = |path: String| format!(r#"<path fill="{color}" d="{path}"/>"#);
    match character {
        '╭' | '╮' | '╯' | '╰' => Some(arc(character, color)),
        '╱'..='╳' => Some(diagonals(character, color)),
        '┄'..='┋' | '╌'..='╏' => Some(filled(dashes(character))),
        '\u{2500}'..='\u{257f}' => Some(filled(lines(character).path())),
        '░' | '▒' | '▓' => {
            let quarters = u32::from(character) - u32::from('░') + 1;
            let rect = rectangle(0, 0, WIDTH, HEIGHT);
            Some(format!(r#"<path fill="{color}" fill-opacity="{}" d="{rect}"/>"#, f64::from(quarters) / 4.0))
        }
        '\u{2580}'..='\u{259f}' => Some(filled(block(character))),
        '\u{2800}'..='\u{28ff}' => Some(filled(braille(character))),
        _ => None,
    }
}

/// A cell as pixels that are on or off.
struct Bitmap([[bool; WIDTH]; HEIGHT]);

impl Bitmap {
    fn fill(&mut self, (x0, x1): (usize, usize), (y0, y1): (usize, usize), on: bool) {
        for row in &mut self.0[y0..y1] {
            row[x0..x1].fill(on);
        }
    }

    /// Returns the pixels that are on as rectangles of equal rows.
    fn path(&self) -> String {
        let mut path = String::new();
        let mut top = 0;
        while top < HEIGHT {
            let same = self.0[top..].iter().take_while(|row| **row == self.0[top]).count();
            let row = &self.0[top];
            let mut x = 0;
            while x < WIDTH {
                let length = row[x..].iter().take_while(|on| **on == row[x]).count();
                if row[x] {
                    path.push_str(&rectangle(x, top, length, same));
                }
                x += length;
            }
            top += same;
        }
        path
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Arm {
    None,
    Light,
    Heavy,
    Double,
}

impl Arm {
    fn of(character: char, side: usize) -> Self {
        let index = (character as usize - 0x2500) % 0x80;
        match ARMS[index / 8][index % 8 * 5 + side] {
            b'1' => Self::Light,
            b'2' => Self::Heavy,
            b'3' => Self::Double,
            _ => Self::None,
        }
    }

    /// Half of the whole thickness: 2 pixels for a light line, 4 for a heavy one, 8 for a double one with its gap.
    fn half(self) -> usize {
        match self {
            Self::None => 0,
            Self::Light => 1,
            Self::Heavy => 2,
            Self::Double => 4,
        }
    }
}

/// Half of the gap between the two lines of a double one.
const HALF_GAP: usize = 2;

/// Draws the four arms of a character, each from its edge to where it meets the others.
fn lines(character: char) -> Bitmap {
    let arms: [Arm; 4] = std::array::from_fn(|side| Arm::of(character, side));
    let mut bitmap = Bitmap([[false; WIDTH]; HEIGHT]);
    // Double lines first: the whole thickness of all of them, then the gaps, so that corners and crossings join.
    for (half, on) in [(Arm::Double.half(), true), (HALF_GAP, false)] {
        for side in (0..4).filter(|side| arms[*side] == Arm::Double) {
            let across = [arms[(side + 1) % 4], arms[(side + 3) % 4]];
            let reach = if across.contains(&Arm::Double) { half } else { across[0].half().max(across[1].half()) };
            fill_arm(&mut bitmap, side, half, isize::try_from(reach).unwrap_or(0), on);
        }
    }
    for side in (0..4).filter(|side| matches!(arms[*side], Arm::Light | Arm::Heavy)) {
        let across = [arms[(side + 1) % 4], arms[(side + 3) % 4]];
        let thickest = across[0].half().max(across[1].half());
        let ends_at_double = across == [Arm::Double; 2] && arms[(side + 2) % 4] == Arm::None;
        let reach = if ends_at_double { -2 } else { isize::try_from(thickest).unwrap_or(0) };
        fill_arm(&mut bitmap, side, arms[side].half(), reach, true);
    }
    bitmap
}

/// Fills an arm from its edge to `reach` pixels beyond the centre.
fn fill_arm(bitmap: &mut Bitmap, side: usize, half: usize, reach: isize, on: bool) {
    let (x, y) = CENTRE;
    let past = |centre: usize| centre.saturating_add_signed(reach);
    let before = |centre: usize| centre.saturating_add_signed(-reach);
    let (columns, rows) = ((x - half, x + half), (y - half, y + half));
    match side {
        0 => bitmap.fill((0, past(x)), rows, on),
        1 => bitmap.fill(columns, (0, past(y)), on),
        2 => bitmap.fill((before(x), WIDTH), rows, on),
        _ => bitmap.fill(columns, (before(y), HEIGHT), on),
    }
}

/// Draws `┄` to `┋` and `╌` to `╏`: dashes of two thirds of their step.
fn dashes(character: char) -> String {
    let code = character as usize;
    let count = match character {
        '┄'..='┇' => 3,
        '┈'..='┋' => 4,
        _ => 2,
    };
    let (vertical, thickness) = (code & 2 != 0, if code & 1 == 0 { 2 } else { 4 });
    // The dashes of U+254C come in the order that bit 1 counts from there.
    let vertical = if count == 2 { code >= '╎' as usize } else { vertical };
    let length = if vertical { HEIGHT } else { WIDTH };
    let mut path = String::new();
    for dash in 0..count {
        let (start, end) = (length * dash / count, length * (dash + 1) / count);
        let drawn = (end - start) * 2 / 3;
        let start = start + (end - start - drawn) / 2;
        path.push_str(&if vertical {
            rectangle(CENTRE.0 - thickness / 2, start, thickness, drawn)
        } else {
            rectangle(start, CENTRE.1 - thickness / 2, drawn, thickness)
        });
    }
    path
}

/// Draws a rounded corner, which ends exactly where light lines go on.
fn arc(character: char, color: &str) -> String {
    let (x, y) = CENTRE;
    let radius = x;
    let (side, end) = if matches!(character, '╭' | '╰') { (WIDTH, x + radius) } else { (0, x - radius) };
    let (edge, start) = if matches!(character, '╭' | '╮') { (HEIGHT, y + radius) } else { (0, y - radius) };
    format!(
        r#"<path fill="none" stroke="{color}" stroke-width="2" d="M{x} {edge}L{x} {start}Q{x} {y} {end} {y}L{side} {y}"/>"#
    )
}

fn diagonals(character: char, color: &str) -> String {
    let rising = format!("M0 {HEIGHT}L{WIDTH} 0");
    let falling = format!("M0 0L{WIDTH} {HEIGHT}");
    let path = match character {
        '╱' => rising,
        '╲' => falling,
        _ => rising + &falling,
    };
    format!(r#"<path fill="none" stroke="{color}" stroke-width="2" d="{path}"/>"#)
}

/// Draws `▀` to `▟`: parts of the cell in eighths, and quarters of it.
fn block(character: char) -> String {
    let code = character as usize;
    let (half_width, half_height) = CENTRE;
    match code {
        0x2580 => rectangle(0, 0, WIDTH, half_height),
        0x2581..=0x2588 => {
            let height = HEIGHT * (code - 0x2580) / 8;
            rectangle(0, HEIGHT - height, WIDTH, height)
        }
        0x2589..=0x258f => rectangle(0, 0, (WIDTH * (0x2590 - code)).div_ceil(8), HEIGHT),
        0x2590 => rectangle(half_width, 0, WIDTH - half_width, HEIGHT),
        0x2594 => rectangle(0, 0, WIDTH, HEIGHT / 8),
        0x2595 => rectangle(WIDTH - WIDTH.div_ceil(8), 0, WIDTH.div_ceil(8), HEIGHT),
        _ => {
            // Upper left, upper right, lower left, lower right, for U+2596 to U+259F.
            const QUARTERS: [u8; 10] = [0b0010, 0b0001, 0b1000, 0b1011, 0b1001, 0b1110, 0b1101, 0b0100, 0b0110, 0b0111];
            let quarters = QUARTERS[(code - 0x2596) % QUARTERS.len()];
            let corners =
                [(0b1000, 0, 0), (0b0100, half_width, 0), (0b0010, 0, half_height), (0b0001, half_width, half_height)];
            let drawn = corners.into_iter().filter(|(bit, ..)| quarters & bit != 0);
            drawn.map(|(_, x, y)| rectangle(x, y, WIDTH / 2, HEIGHT / 2)).collect()
        }
    }
}

/// Draws a braille pattern: the low eight bits of its code are its dots, in the order of the first braille
/// alphabets (three down the left, three down the right) with the bottom pair added last.
fn braille(character: char) -> String {
    const DOTS: [(usize, usize); 8] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];
    let bits = character as usize & 0xff;
    let mut path = String::new();
    for (bit, (column, row)) in DOTS.into_iter().enumerate() {
        if bits >> bit & 1 == 1 {
            let (left, y) = (WIDTH * (2 * column + 1) / 4 - 3, HEIGHT * (2 * row + 1) / 8);
            write!(path, "M{left}.5 {y}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z").unwrap_or_default();
        }
    }
    path
}

/// Returns a rectangle as a closed part of a path.
pub fn rectangle(x: usize, y: usize, width: usize, height: usize) -> String {
    format!("M{x} {y}h{width}v{height}h-{width}z")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the cell's pixels in a coarse drawing: rows and columns that repeat are shown once.
    fn drawing(character: char) -> String {
        let bitmap = lines(character).0;
        let mut rows: Vec<String> =
            bitmap.iter().map(|row| row.map(|on| if on { '#' } else { '.' }).iter().collect()).collect();
        rows.dedup();
        let columns: Vec<usize> = (0..WIDTH)
            .filter(|x| *x == 0 || rows.iter().any(|row| row.as_bytes()[*x] != row.as_bytes()[x - 1]))
            .collect();
        let picked = rows.iter().map(|row| columns.iter().map(|x| char::from(row.as_bytes()[*x])).collect::<String>());
        picked.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn lines_reach_their_edges_and_join_in_the_middle() {
        assert_eq!(drawing('┌'), "...\n.##\n.#.");
        assert_eq!(drawing('╝'), ".#.#.\n##.#.\n...#.\n####.\n.....");
        assert_eq!(drawing('╬'), ".#.#.\n##.##\n.....\n##.##\n.#.#.");
        assert_eq!(drawing('╟'), ".#.#.\n.#.##\n.#.#.");
        assert_eq!(drawing('╫'), ".#.#.\n#####\n.#.#.");
        assert_eq!(drawing('╒'), "...\n.##\n.#.\n.##\n.#.");
        assert_eq!(drawing('╼'), "..\n.#\n##\n.#\n..");
    }

    #[test]
    fn every_line_character_has_the_arms_its_mirror_has() {
        for (character, mirror) in
            ['┌', '┏', '╔', '├', '┡', '╞', '╘', '╸'].into_iter().zip(['┐', '┓', '╗', '┤', '┩', '╡', '╛', '╺'])
        {
            let mirrored = lines(mirror).0.map(|mut row| {
                row.reverse();
                row
            });
            assert!(lines(character).0 == mirrored, "{character} {mirror}");
        }
    }

    #[test]
    fn every_shape_draws_something() {
        let shapes = ('\u{2500}'..='\u{259f}').chain('\u{2801}'..='\u{28ff}');
        for character in shapes {
            let svg = draw(character, "red").unwrap_or_default();
            assert!(svg.contains('M'), "{character}");
        }
        assert_eq!(draw('x', "red"), None);
    }

    #[test]
    fn quarters_fill_the_corners_they_name() {
        assert_eq!(block('▘'), rectangle(0, 0, 9, 20));
        assert_eq!(block('▗'), rectangle(9, 20, 9, 20));
        assert_eq!(block('▚'), rectangle(0, 0, 9, 20) + &rectangle(9, 20, 9, 20));
        assert_eq!(block('▟'), rectangle(9, 0, 9, 20) + &rectangle(0, 20, 9, 20) + &rectangle(9, 20, 9, 20));
    }
}
