//! Finds where numbers and strings end; shared by the parser and the highlighter.

use super::error::{Fault, ParseErrorKind, Parsed};

/// Returns the end of the number that starts at `start`, which must be at a digit or a minus sign.
pub(super) fn number(text: &str, start: usize) -> Parsed<usize> {
    let bytes = text.as_bytes();
    let mut end = start;
    if bytes.get(end) == Some(&b'-') {
        end += 1;
    }
    let integer = end;
    end = digits(text, integer, "minus sign")?;
    if bytes[integer] == b'0' && end > integer + 1 {
        return Err(Fault::new(integer, ParseErrorKind::LeadingZero));
    }
    if bytes.get(end) == Some(&b'.') {
        end = digits(text, end + 1, "decimal point")?;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        end += 1;
        if matches!(bytes.get(end), Some(b'+' | b'-')) {
            end += 1;
        }
        end = digits(text, end, "exponent sign")?;
    }
    Ok(end)
}

/// Returns the end of the run of digits at `start`; without a single digit it is missing `after` something.
fn digits(text: &str, start: usize, after: &'static str) -> Parsed<usize> {
    let bytes = text.as_bytes();
    let mut end = start;
    while bytes.get(end).is_some_and(u8::is_ascii_digit) {
        end += 1;
    }
    if end == start {
        return Err(Fault::new(start, ParseErrorKind::MissingDigits { after }));
    }
    Ok(end)
}

/// Returns the end, behind the closing quote, of the string whose opening quote is at `start`.
pub(super) fn string(text: &str, start: usize) -> Parsed<usize> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            None | Some(b'\n' | b'\r') => {
                return Err(Fault::new(start, ParseErrorKind::UnterminatedString));
            }
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = escape(text, start, at)?,
            Some(&control) if control < 0x20 => {
                let escape = match control {
                    b'\t' => "\\t".to_owned(),
                    0x08 => "\\b".to_owned(),
                    0x0c => "\\f".to_owned(),
                    _ => format!("\\u{control:04x}"),
                };
                return Err(Fault::new(at, ParseErrorKind::ControlCharacter { escape }));
            }
            Some(_) => at += 1,
        }
    }
}

/// Returns the end of the escape whose backslash is at `at`, in the string that starts at `start`.
fn escape(text: &str, start: usize, at: usize) -> Parsed<usize> {
    match text[at + 1..].chars().next() {
        Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => Ok(at + 2),
        Some('u') => {
            let digits = text.as_bytes()[at + 2..].iter().take(4);
            if digits.filter(|digit| digit.is_ascii_hexdigit()).count() == 4 {
                Ok(at + 6)
            } else {
                Err(Fault::new(at, ParseErrorKind::InvalidUnicodeEscape))
            }
        }
        None | Some('\n' | '\r') => Err(Fault::new(start, ParseErrorKind::UnterminatedString)),
        Some(found) => Err(Fault::new(at, ParseErrorKind::InvalidEscape { found })),
    }
}
