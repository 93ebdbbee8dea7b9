//! The colours of the pictures: a dark background, and sixteen colours of even weight on it.

/// Red, green and blue, 0 to 255 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Behind the text.
pub const BACKGROUND: Rgb = Rgb(0x14, 0x17, 0x21);
/// Text without a colour of its own.
pub const FOREGROUND: Rgb = Rgb(0xd3, 0xd8, 0xe6);
/// The bar above the screen.
pub const TITLE_BAR: Rgb = Rgb(0x1d, 0x21, 0x2e);
/// The title in that bar.
pub const TITLE: Rgb = Rgb(0x8b, 0x93, 0xab);
/// The line around the window.
pub const EDGE: Rgb = Rgb(0x32, 0x38, 0x4b);
/// The three round buttons of the window.
pub const BUTTONS: [Rgb; 3] = [Rgb(0xf0, 0x71, 0x78), Rgb(0xee, 0xc3, 0x7c), Rgb(0x8f, 0xd0, 0x96)];

/// The eight colours and their bright forms, in the terminal's order.
const SIXTEEN: [Rgb; 16] = [
    Rgb(0x2a, 0x2f, 0x3f),
    Rgb(0xf2, 0x77, 0x82),
    Rgb(0x93, 0xd4, 0x98),
    Rgb(0xee, 0xc8, 0x80),
    Rgb(0x7e, 0xae, 0xfa),
    Rgb(0xc7, 0x9c, 0xf2),
    Rgb(0x74, 0xd2, 0xd6),
    Rgb(0xc0, 0xc6, 0xd8),
    Rgb(0x6b, 0x73, 0x8c),
    Rgb(0xff, 0x97, 0xa3),
    Rgb(0xb1, 0xe9, 0xb3),
    Rgb(0xff, 0xde, 0xa1),
    Rgb(0xa6, 0xc9, 0xff),
    Rgb(0xdd, 0xbd, 0xff),
    Rgb(0x9b, 0xeb, 0xee),
    Rgb(0xf5, 0xf7, 0xfd),
];

/// Returns a cell's colour, or `default` for a cell without one.
///
/// Colours 16 to 255 are xterm's: a cube of six levels a channel, then 24 greys.
pub fn resolve(color: vt100::Color, default: Rgb) -> Rgb {
    match color {
        vt100::Color::Default => default,
        vt100::Color::Rgb(r, g, b) => Rgb(r, g, b),
        vt100::Color::Idx(index @ 0..16) => SIXTEEN[usize::from(index)],
        vt100::Color::Idx(index @ 16..232) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let index = index - 16;
            Rgb(level(index / 36), level(index / 6 % 6), level(index % 6))
        }
        vt100::Color::Idx(index) => {
            let grey = 8 + 10 * (index - 232);
            Rgb(grey, grey, grey)
        }
    }
}

impl Rgb {
    /// Returns the colour moved towards `other` by `percent` of the way.
    pub fn towards(self, other: Self, percent: u16) -> Self {
        let mix = |from: u8, to: u8| {
            let mixed = (u16::from(from) * (100 - percent) + u16::from(to) * percent) / 100;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexed_colours_are_those_of_xterm() {
        let color = |index| resolve(vt100::Color::Idx(index), FOREGROUND).to_string();
        assert_eq!([color(16), color(21), color(208), color(231)], ["#000000", "#0000ff", "#ff8700", "#ffffff"]);
        assert_eq!([color(232), color(255)], ["#080808", "#eeeeee"]);
    }

    #[test]
    fn a_mix_lies_between_its_colours() {
        assert_eq!(Rgb(0, 100, 200).towards(Rgb(100, 100, 0), 25), Rgb(25, 100, 150));
    }
}
