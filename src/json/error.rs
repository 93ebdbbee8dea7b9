//! What can be wrong with a JSON text, in words that tell how to mend it.

use thiserror::Error;

use super::parse::MAX_DEPTH;

/// Why and where a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {kind}")]
pub struct ParseError {
    /// Byte offset of the mistake in the text; the text's length when something is missing at its end.
    pub offset: usize,
    /// Line of the mistake, counted from 1.
    pub line: usize,
    /// Column of the mistake in characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub kind: ParseErrorKind,
}

impl ParseError {
    /// Returns the error for `fault` in `text`, with its line and column worked out.
    pub(super) fn locate(text: &str, fault: Fault) -> Self {
        let before = &text[..fault.offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            offset: fault.offset,
            line: line_of(text, fault.offset),
            column: before[line_start..].chars().count() + 1,
            kind: fault.kind,
        }
    }
}

/// Returns the line, counted from 1, that the byte at `offset` of `text` is on.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// A mistake at a byte offset, before anyone needed to know its line.
#[derive(Debug)]
pub(super) struct Fault {
    /// Byte offset in the text; always on a character boundary.
    pub offset: usize,
    /// What is wrong there.
    pub kind: ParseErrorKind,
}

impl Fault {
    /// Makes the fault `kind` at `offset`.
    pub(super) fn new(offset: usize, kind: ParseErrorKind) -> Self {
        Self { offset, kind }
    }
}

/// What a step of the parser returns.
pub(super) type Parsed<T> = Result<T, Fault>;

/// What is wrong with a text that is not JSON; its `Display` is one short sentence for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParseErrorKind {
    /// The text ends, or has only white space, where a value should be.
    #[error("expected a value, but the text ends here")]
    MissingValue,
    /// A character that starts no value.
    #[error("expected a value, found {found:?}")]
    ExpectedValue {
        /// The character found instead.
        found: char,
    },
    /// A bare word other than `true`, `false` and `null`.
    #[error("unknown word {word}: text needs double quotes; the only bare words are true, false and null")]
    UnknownWord {
        /// The word, cut after its first 20 characters.
        word: String,
    },
    /// A string or key in single, typographic or backward quotes.
    #[error("{found} isn't a JSON quote: use straight double quotes")]
    WrongQuotes {
        /// The quote found.
        found: char,
    },
    /// A comment, which JSON doesn't have.
    #[error("JSON has no comments: remove it")]
    Comment,
    /// Two items of an array without a comma between them.
    #[error("expected a comma or ] after the item")]
    MissingCommaInArray,
    /// Two members of an object without a comma between them.
    #[error("expected a comma or }} after the member")]
    MissingCommaInObject,
    /// A comma before a closing bracket; the offset is the comma's.
    #[error("trailing comma: nothing follows it, so remove it")]
    TrailingComma,
    /// A bracket closed by the other kind of bracket.
    #[error("expected {expected} to close what was opened on line {opened_line}, found {found}")]
    WrongBracket {
        /// The bracket that would close what is open.
        expected: char,
        /// The bracket found.
        found: char,
        /// The line of the open bracket, counted from 1.
        opened_line: usize,
    },
    /// The text ends inside an array or object.
    #[error("{expected} is missing: what was opened on line {opened_line} is never closed")]
    Unclosed {
        /// The bracket that is missing.
        expected: char,
        /// The line of the open bracket, counted from 1.
        opened_line: usize,
    },
    /// Something other than a key inside an object.
    #[error("expected a key in double quotes")]
    ExpectedKey,
    /// A bare word as a key.
    #[error("keys need double quotes")]
    UnquotedKey,
    /// A key without a colon behind it.
    #[error("expected a colon after the key")]
    ExpectedColon,
    /// A string without its closing quote on the same line; the offset is the opening quote's.
    #[error("unterminated string: the closing \" is missing (a line break inside a string is written \\n)")]
    UnterminatedString,
    /// A control character other than a line break as it is in a string.
    #[error("control character in a string: write it as {escape}")]
    ControlCharacter {
        /// The escape that stands for the character.
        escape: String,
    },
    /// A backslash followed by a character that makes no escape.
    #[error("\\ followed by {found:?} means nothing: write a backslash itself as \\\\")]
    InvalidEscape {
        /// The character after the backslash.
        found: char,
    },
    /// A `\u` without four hexadecimal digits.
    #[error("\\u needs four hexadecimal digits, as in \\u00e9")]
    InvalidUnicodeEscape,
    /// A number such as `007`.
    #[error("a number can't start with 0: remove the leading zero")]
    LeadingZero,
    /// A number such as `+1`.
    #[error("a number can't start with +: remove it")]
    LeadingPlus,
    /// A number such as `.5`.
    #[error("a number needs a digit before its decimal point: write 0.5, not .5")]
    LeadingPoint,
    /// A number that stops after its minus sign, point or exponent.
    #[error("a number needs a digit after its {after}")]
    MissingDigits {
        /// The part of the number that lacks its digits: `minus sign`, `decimal point` or `exponent sign`.
        after: &'static str,
    },
    /// More levels of nesting than [`MAX_DEPTH`].
    #[error("nested too deep: more than {MAX_DEPTH} arrays and objects inside each other")]
    TooDeep,
    /// More text behind a complete value.
    #[error("unexpected text after the value: a JSON text is one value")]
    TextAfterValue,
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    /// Texts that are not JSON, and what is told of them.
    const TOLD: &[(&str, &str)] = &[
        ("", "line 1, column 1: expected a value, but the text ends here"),
        (" \n ", "line 2, column 2: expected a value, but the text ends here"),
        ("[1 2]", "line 1, column 4: expected a comma or ] after the item"),
        ("{\"a\": 1 \"b\": 2}", "line 1, column 9: expected a comma or } after the member"),
        ("{\"é\": 1,\n}", "line 1, column 8: trailing comma: nothing follows it, so remove it"),
        ("[1, ]", "line 1, column 3: trailing comma: nothing follows it, so remove it"),
        ("[,]", "line 1, column 2: expected a value, found ','"),
        ("{\"a\":}", "line 1, column 6: expected a value, found '}'"),
        ("{\n\"a\": [1}", "line 2, column 8: expected ] to close what was opened on line 2, found }"),
        ("{\n\"a\": [1]", "line 2, column 9: } is missing: what was opened on line 1 is never closed"),
        ("{a: 1}", "line 1, column 2: keys need double quotes"),
        ("{1: 1}", "line 1, column 2: keys need double quotes"),
        ("{,}", "line 1, column 2: expected a key in double quotes"),
        ("{'a': 1}", "line 1, column 2: ' isn't a JSON quote: use straight double quotes"),
        ("[“a”]", "line 1, column 2: “ isn't a JSON quote: use straight double quotes"),
        ("{\"a\" 1}", "line 1, column 6: expected a colon after the key"),
        (
            "[\"abc\n]",
            "line 1, column 2: unterminated string: the closing \" is missing (a line break inside a string is written \\n)",
        ),
        ("\"a\tb\"", "line 1, column 3: control character in a string: write it as \\t"),
        ("\"\u{1b}\"", "line 1, column 2: control character in a string: write it as \\u001b"),
        (r#""C:\dir""#, "line 1, column 4: \\ followed by 'd' means nothing: write a backslash itself as \\\\"),
        (r#""\u12g4""#, "line 1, column 2: \\u needs four hexadecimal digits, as in \\u00e9"),
        ("-01", "line 1, column 2: a number can't start with 0: remove the leading zero"),
        ("+1", "line 1, column 1: a number can't start with +: remove it"),
        (".5", "line 1, column 1: a number needs a digit before its decimal point: write 0.5, not .5"),
        ("1.", "line 1, column 3: a number needs a digit after its decimal point"),
        ("[1e]", "line 1, column 4: a number needs a digit after its exponent sign"),
        ("-", "line 1, column 2: a number needs a digit after its minus sign"),
        (
            "[True]",
            "line 1, column 2: unknown word True: text needs double quotes; the only bare words are true, false and null",
        ),
        ("{} // no", "line 1, column 4: JSON has no comments: remove it"),
        ("[1 /* no */]", "line 1, column 4: JSON has no comments: remove it"),
        ("{} {}", "line 1, column 4: unexpected text after the value: a JSON text is one value"),
        ("[\u{1b}]", "line 1, column 2: expected a value, found '\\u{1b}'"),
    ];

    #[test]
    fn a_mistake_is_told_in_plain_words_where_it_is() {
        for (text, told) in TOLD {
            let told_here = parse(text).expect_err(text).to_string();
            assert_eq!(&told_here, told, "{text:?}");
        }
    }
}
