//! A string as it stands in the source, and what it says.

use std::borrow::Cow;

/// A valid JSON string exactly as typed, with its quotes and escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StringToken<'a>(&'a str);

/// Returns a text as a JSON string, in quotes.
pub fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl<'a> StringToken<'a> {
    /// Wraps `raw`, which the caller has found to be a valid JSON string with both its quotes.
    pub(super) fn new(raw: &'a str) -> Self {
        Self(raw)
    }

    /// Returns the text as typed, with its quotes.
    pub fn raw(self) -> &'a str {
        self.0
    }

    /// Returns what the string says: no quotes, escapes resolved, U+FFFD for each lone surrogate.
    pub fn decode(self) -> Cow<'a, str> {
        self.decode_noting_surrogates().0
    }

    /// Returns what decides whether two strings are the same.
    pub(super) fn identity(self) -> Identity<'a> {
        match self.decode_noting_surrogates() {
            (text, false) => Identity::Text(text),
            (_, true) => Identity::Raw(self.0),
        }
    }

    /// Returns the decoded text and whether a lone surrogate was lost in it.
    fn decode_noting_surrogates(self) -> (Cow<'a, str>, bool) {
        let inner = &self.0[1..self.0.len() - 1];
        if !inner.contains('\\') {
            return (Cow::Borrowed(inner), false);
        }
        let mut text = String::with_capacity(inner.len());
        let mut lone_surrogate = false;
        let mut rest = inner;
        while let Some(backslash) = rest.find('\\') {
            text.push_str(&rest[..backslash]);
            rest = &rest[backslash..];
            let mut units = Vec::new();
            while let Some(unit) = unicode_escape(rest) {
                units.push(unit);
                rest = &rest[6..];
            }
            if units.is_empty() {
                text.push(short_escape(rest.as_bytes()[1]));
                rest = &rest[2..];
            }
            for decoded in char::decode_utf16(units) {
                lone_surrogate |= decoded.is_err();
                text.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        text.push_str(rest);
        (Cow::Owned(text), lone_surrogate)
    }
}

/// What two equal strings have in common: what they say, or, where a lone surrogate can't be said, how they are typed.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Identity<'a> {
    /// The decoded text.
    Text(Cow<'a, str>),
    /// The text as typed.
    Raw(&'a str),
}

/// Returns the UTF-16 unit of the `\uXXXX` that `text` starts with, if it does.
fn unicode_escape(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

/// Returns the character that a backslash and `letter` stand for.
fn short_escape(letter: u8) -> char {
    match letter {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        itself => char::from(itself),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_says_what_its_escapes_stand_for() {
        for (raw, says) in [
            (r#""""#, ""),
            (r#""é""#, "é"),
            (r#""\u00e9""#, "é"),
            (r#""a\"b\\c\/d""#, "a\"b\\c/d"),
            (r#""\b\f\n\r\t""#, "\u{8}\u{c}\n\r\t"),
            (r#""\ud83d\ude00!""#, "😀!"),
            (r#""\ud800""#, "\u{fffd}"),
            (r#""\ud800\u0041\udc00""#, "\u{fffd}A\u{fffd}"),
            (r#""\ud800\ud83d\uDE00""#, "\u{fffd}😀"),
            (r#""\\u0041""#, "\\u0041"),
        ] {
            assert_eq!(StringToken::new(raw).decode(), says, "{raw}");
        }
    }

    #[test]
    fn strings_are_the_same_when_they_say_the_same() {
        let same = |a, b| StringToken::new(a).identity() == StringToken::new(b).identity();
        assert!(same(r#""\u00e9""#, r#""é""#));
        assert!(same(r#""\/""#, r#""/""#));
        assert!(same(r#""\ud800""#, r#""\ud800""#));
        assert!(!same(r#""\ud800""#, r#""\ud801""#), "both decode to the same character");
        assert!(!same(r#""\ud800""#, r#""\\ud800""#), "a surrogate is not its spelling");
        assert!(!same(r#""\ud800""#, "\"\u{fffd}\""));
    }
}
