//! The parser: strict JSON, nothing interpreted, every node with its place in the text.

use std::ops::Range;

use super::error::{Fault, ParseError, ParseErrorKind, Parsed, line_of};
use super::scan;
use super::string::StringToken;
use super::tree::{Document, Kind, Member, Node};

/// How many arrays and objects may be inside each other.
///
/// Far more than people nest by hand, and few enough for plain recursion: a debug build needs well under half of a thread's
/// usual 2 MB of stack for it.
pub const MAX_DEPTH: usize = 512;

/// Returns the document that `text` is, or the first mistake in it.
///
/// Accepts JSON as RFC 8259 defines it: lone surrogate escapes, numbers of any size and duplicate keys included; no byte
/// order mark, comments or trailing commas. The only limit of its own is [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Document<'_>, ParseError> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    match parser.document() {
        Ok(root) => Ok(Document::new(text, root)),
        Err(fault) => Err(ParseError::locate(text, fault)),
    }
}

/// A place in a text that is being parsed.
struct Parser<'a> {
    text: &'a str,
    /// Byte offset of what comes next; always on a character boundary.
    at: usize,
    /// How many arrays and objects are open.
    depth: usize,
}

/// An array or object that is being parsed.
struct Open {
    /// Byte offset of the opening bracket.
    start: usize,
    /// The bracket that closes it.
    close: char,
    /// The mistake of leaving out a comma in it.
    missing_comma: ParseErrorKind,
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Parsed<Node<'a>> {
        self.skip_whitespace();
        let root = self.value()?;
        self.skip_whitespace();
        if self.at < self.text.len() {
            return Err(self.fault(ParseErrorKind::TextAfterValue));
        }
        Ok(root)
    }

    /// Parses the value that comes next, with no white space before it.
    ///
    /// This and the two functions that call it back hold little: their frames are what limits the depth.
    fn value(&mut self) -> Parsed<Node<'a>> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            _ => self.scalar(),
        };
        kind.map(|kind| Node { span: start..self.at, kind })
    }

    fn scalar(&mut self) -> Parsed<Kind<'a>> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => Ok(Kind::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => {
                self.at = scan::number(self.text, start)?;
                Ok(Kind::Number(&self.text[start..self.at]))
            }
            _ => self.word(),
        }
    }

    fn string(&mut self) -> Parsed<StringToken<'a>> {
        let start = self.at;
        self.at = scan::string(self.text, start)?;
        Ok(StringToken::new(&self.text[start..self.at]))
    }

    /// Parses `true`, `false` or `null`; anything else that comes next is a mistake.
    fn word(&mut self) -> Parsed<Kind<'a>> {
        let word = leading_word(self.rest());
        let kind = match word {
            "null" => Kind::Null,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            _ => return Err(self.fault(not_a_value(self.rest()))),
        };
        self.at += word.len();
        Ok(kind)
    }

    fn array(&mut self) -> Parsed<Kind<'a>> {
        let open = self.open(']', ParseErrorKind::MissingCommaInArray)?;
        let mut items = Vec::new();
        let mut more = !self.closes(&open);
        while more {
            items.push(self.value()?);
            more = self.continues(&open)?;
        }
        self.depth -= 1;
        Ok(Kind::Array(items))
    }

    fn object(&mut self) -> Parsed<Kind<'a>> {
        let open = self.open('}', ParseErrorKind::MissingCommaInObject)?;
        let mut members = Vec::new();
        let mut more = !self.closes(&open);
        while more {
            let (key, key_span) = self.key(&open)?;
            let value = self.value()?;
            members.push(Member { key, key_span, value });
            more = self.continues(&open)?;
        }
        self.depth -= 1;
        Ok(Kind::Object(members))
    }

    /// Parses a key and goes past the colon and white space behind it.
    fn key(&mut self, open: &Open) -> Parsed<(StringToken<'a>, Range<usize>)> {
        if self.peek() != Some(b'"') {
            return Err(self.not_a_key(open));
        }
        let start = self.at;
        let key = self.string()?;
        let key_span = start..self.at;
        self.skip_whitespace();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.fault(ParseErrorKind::ExpectedColon)),
            None => return Err(self.unclosed(open)),
        }
        self.skip_whitespace();
        Ok((key, key_span))
    }

    /// Goes past an opening bracket and the white space behind it.
    fn open(&mut self, close: char, missing_comma: ParseErrorKind) -> Parsed<Open> {
        let start = self.at;
        if self.depth == MAX_DEPTH {
            return Err(Fault::new(start, ParseErrorKind::TooDeep));
        }
        self.depth += 1;
        self.at += 1;
        self.skip_whitespace();
        Ok(Open { start, close, missing_comma })
    }

    /// Goes past the closing bracket if it comes next, and returns whether it did.
    fn closes(&mut self, open: &Open) -> bool {
        let closes = self.rest().starts_with(open.close);
        self.at += usize::from(closes);
        closes
    }

    /// Goes past the comma or closing bracket behind an item, and returns whether another item follows.
    fn continues(&mut self, open: &Open) -> Parsed<bool> {
        self.skip_whitespace();
        if self.closes(open) {
            return Ok(false);
        }
        let comma = self.at;
        match self.peek() {
            Some(b',') => self.at += 1,
            None => return Err(self.unclosed(open)),
            Some(found @ (b']' | b'}')) => {
                let kind = ParseErrorKind::WrongBracket {
                    expected: open.close,
                    found: char::from(found),
                    opened_line: line_of(self.text, open.start),
                };
                return Err(self.fault(kind));
            }
            Some(_) => return Err(self.fault(open.missing_comma.clone())),
        }
        self.skip_whitespace();
        match self.peek() {
            Some(b']' | b'}') => Err(Fault::new(comma, ParseErrorKind::TrailingComma)),
            None => Err(self.unclosed(open)),
            Some(_) => Ok(true),
        }
    }

    /// Returns what is wrong where a key should be.
    fn not_a_key(&self, open: &Open) -> Fault {
        match self.rest().chars().next() {
            None => self.unclosed(open),
            Some(found) if is_wrong_quote(found) => self.fault(ParseErrorKind::WrongQuotes { found }),
            Some(found) if is_word(found) => self.fault(ParseErrorKind::UnquotedKey),
            Some(_) => self.fault(ParseErrorKind::ExpectedKey),
        }
    }

    fn unclosed(&self, open: &Open) -> Fault {
        self.fault(ParseErrorKind::Unclosed { expected: open.close, opened_line: line_of(self.text, open.start) })
    }

    /// Returns the fault `kind` here, or the comment that is the real mistake if there is one.
    fn fault(&self, kind: ParseErrorKind) -> Fault {
        let rest = self.rest();
        let comment = ["//", "/*", "#"].iter().any(|mark| rest.starts_with(mark));
        Fault::new(self.at, if comment { ParseErrorKind::Comment } else { kind })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }
}

/// Returns what is wrong with `rest`, which starts where a value should.
fn not_a_value(rest: &str) -> ParseErrorKind {
    /// Enough of a word to recognise it in a message of one line.
    const SHOWN: usize = 20;
    match rest.chars().next() {
        None => ParseErrorKind::MissingValue,
        Some('+') => ParseErrorKind::LeadingPlus,
        Some('.') => ParseErrorKind::LeadingPoint,
        Some(found) if is_wrong_quote(found) => ParseErrorKind::WrongQuotes { found },
        Some(found) if is_word(found) => {
            let word = leading_word(rest).chars().take(SHOWN).collect();
            ParseErrorKind::UnknownWord { word }
        }
        Some(found) => ParseErrorKind::ExpectedValue { found },
    }
}

fn is_wrong_quote(found: char) -> bool {
    matches!(found, '\'' | '`' | '‘' | '’' | '“' | '”' | '„' | '«' | '»')
}

/// Returns whether a bare word may hold `character`.
pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Returns the bare word, possibly empty, that `text` starts with.
pub(super) fn leading_word(text: &str) -> &str {
    let end = text.find(|character| !is_word(character)).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::super::strategies;
    use super::*;

    fn accepted(text: &str) -> bool {
        parse(text).is_ok()
    }

    #[test]
    fn what_is_typed_comes_back_as_typed() {
        for token in ["12345678901234567890", "1.0", "-0", "1e400", "1E+2", r#""\ud800""#, r#""\u00e9""#, "\"é\""] {
            let document = parse(token).expect("legal JSON");
            match document.root().kind {
                Kind::Number(raw) => assert_eq!(raw, token),
                Kind::String(string) => assert_eq!(string.raw(), token),
                _ => unreachable!("{token} is a number or a string"),
            }
        }
    }

    #[test]
    fn every_node_knows_its_place() {
        let text = " { \"é\" : [ 1, true ] } ";
        let document = parse(text).expect("legal JSON");
        let Kind::Object(members) = &document.root().kind else { unreachable!("an object was parsed") };
        assert_eq!(&text[document.root().span.clone()], "{ \"é\" : [ 1, true ] }");
        assert_eq!(&text[members[0].key_span.clone()], "\"é\"");
        let items: Vec<_> = members[0].value.children().map(|(_, item)| &text[item.span.clone()]).collect();
        assert_eq!(items, ["1", "true"]);
    }

    #[test]
    fn nesting_ends_at_its_own_limit() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(accepted(&nested(MAX_DEPTH)));
        let error = parse(&nested(MAX_DEPTH + 1)).expect_err("one too many");
        assert_eq!((error.kind, error.offset), (ParseErrorKind::TooDeep, MAX_DEPTH));
        let hostile = parse(&"{\"a\":".repeat(100_000)).expect_err("far too many");
        assert_eq!(hostile.kind, ParseErrorKind::TooDeep);
        assert!(accepted(&format!("[{}]", "[[]],".repeat(1_000) + "1")), "depth is not breadth");
    }

    fn reference_accepts(text: &str) -> bool {
        serde_json::from_str::<IgnoredAny>(text).is_ok()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn every_json_text_is_accepted(text in strategies::json_text()) {
            prop_assert!(reference_accepts(&text));
            prop_assert!(accepted(&text));
        }

        #[test]
        fn damaged_texts_are_judged_as_by_the_reference(text in strategies::damaged_json_text()) {
            prop_assert_eq!(accepted(&text), reference_accepts(&text), "{}", text);
        }

        #[test]
        fn token_soup_is_judged_as_by_the_reference(text in strategies::token_soup()) {
            prop_assert_eq!(accepted(&text), reference_accepts(&text), "{}", text);
        }

        #[test]
        fn a_mistake_lies_within_the_text(text in strategies::damaged_json_text()) {
            if let Err(error) = parse(&text) {
                prop_assert!(text.is_char_boundary(error.offset));
                let line = text.split('\n').nth(error.line - 1).expect("the line exists");
                prop_assert!(error.column <= line.chars().count() + 1);
            }
        }
    }
}
