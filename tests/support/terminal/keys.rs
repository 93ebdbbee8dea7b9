//! Key names to the bytes a terminal sends for them, in the encoding of xterm.

/// Returns what a terminal sends for keys named in a list separated by white space.
///
/// Names: `enter`, `esc`, `tab`, `space`, `backspace`, `up`, `down`, `left`, `right`, `home`, `end`, `insert`,
/// `delete`, `pageup`, `pagedown`, `f1` to `f12`; before them, or before one character, `ctrl-`, `alt-`, `shift-`
/// in any order. Anything else is text. `application_cursor` is the mode (DECCKM) that changes the arrow keys.
pub fn encode(keys: &str, application_cursor: bool) -> String {
    let mut words = keys.split_whitespace().peekable();
    let mut bytes = String::new();
    while let Some(word) = words.next() {
        assert!(word != "esc" || words.peek().is_none(), "{keys:?}: wait for the effect of esc before the next key");
        bytes.push_str(&key(word, application_cursor));
    }
    bytes
}

fn key(word: &str, application_cursor: bool) -> String {
    let (mut name, mut shift, mut alt, mut ctrl) = (word, false, false, false);
    while let Some((modifier, rest)) = name.split_once('-').filter(|(_, rest)| !rest.is_empty()) {
        match modifier {
            "shift" => shift = true,
            "alt" => alt = true,
            "ctrl" => ctrl = true,
            _ => break,
        }
        name = rest;
    }
    let modifiers = 1 + u8::from(shift) + 2 * u8::from(alt) + 4 * u8::from(ctrl);
    if let Some(code) = lettered(name) {
        return match modifiers {
            1 if matches!(code, 'P'..='S') || application_cursor => format!("\x1bO{code}"),
            1 => format!("\x1b[{code}"),
            _ => format!("\x1b[1;{modifiers}{code}"),
        };
    }
    if let Some(number) = numbered(name) {
        return if modifiers == 1 { format!("\x1b[{number}~") } else { format!("\x1b[{number};{modifiers}~") };
    }
    if modifiers == 1 {
        return plain(name).map_or_else(|| name.to_owned(), String::from);
    }
    if (name, shift) == ("tab", true) {
        return "\x1b[Z".to_owned();
    }
    let mut chars = name.chars();
    let base = plain(name).or_else(|| chars.next().filter(|_| chars.next().is_none()));
    let base = base.unwrap_or_else(|| panic!("{word:?} is neither a key nor text"));
    let base = if shift { base.to_ascii_uppercase() } else { base };
    let base = if ctrl { control(base) } else { base };
    if alt { format!("\x1b{base}") } else { base.to_string() }
}

/// The keys of one character.
fn plain(name: &str) -> Option<char> {
    Some(match name {
        "enter" => '\r',
        "esc" => '\x1b',
        "tab" => '\t',
        "space" => ' ',
        "backspace" => '\x7f',
        _ => return None,
    })
}

/// The keys sent as `CSI letter`, or `SS3 letter`.
fn lettered(name: &str) -> Option<char> {
    Some(match name {
        "up" => 'A',
        "down" => 'B',
        "right" => 'C',
        "left" => 'D',
        "home" => 'H',
        "end" => 'F',
        "f1" => 'P',
        "f2" => 'Q',
        "f3" => 'R',
        "f4" => 'S',
        _ => return None,
    })
}

/// The keys sent as `CSI number ~`; the gaps in the numbers are those of the VT220.
fn numbered(name: &str) -> Option<u8> {
    Some(match name {
        "insert" => 2,
        "delete" => 3,
        "pageup" => 5,
        "pagedown" => 6,
        "f5" => 15,
        "f6" => 17,
        "f7" => 18,
        "f8" => 19,
        "f9" => 20,
        "f10" => 21,
        "f11" => 23,
        "f12" => 24,
        _ => return None,
    })
}

/// The control character of a key: `s` gives ^S, space gives NUL.
fn control(base: char) -> char {
    match base.to_ascii_uppercase() {
        ' ' => '\0',
        upper @ '@'..='_' => char::from(upper as u8 & 0x1f),
        _ => panic!("there is no control character of {base:?}"),
    }
}
