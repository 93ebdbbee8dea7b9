//! Where in a document a value is.

use std::fmt::{self, Write as _};

use super::string::StringToken;
use super::tree::{Document, Kind, Node};

/// The way from a document's root to one of its values.
///
/// Displays as jq writes it: `.customer.limit`, `.items[3]`, `.["odd key"]`; the root is `.`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Segment>);

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// To the value of an object that has this key, decoded (see [`StringToken::decode`]).
    Key(String),
    /// To the item of an array at this place, counted from 0.
    Index(usize),
}

/// A step of a path that isn't decoded yet: the child's place in its parent, and its key if the parent is an object.
pub(super) type Crumb<'a> = (Option<StringToken<'a>>, usize);

impl Path {
    /// Returns the path that takes these steps from the root.
    pub(super) fn from_trail(trail: &[Crumb<'_>]) -> Self {
        let segment = |&(key, index): &Crumb<'_>| match key {
            Some(key) => Segment::Key(key.decode().into_owned()),
            None => Segment::Index(index),
        };
        Self(trail.iter().map(segment).collect())
    }

    /// Returns the steps from the root; none for the root itself.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }
}

impl From<Vec<Segment>> for Path {
    fn from(segments: Vec<Segment>) -> Self {
        Self(segments)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self.0.first(), Some(Segment::Key(key)) if is_identifier(key)) {
            formatter.write_char('.')?;
        }
        for segment in &self.0 {
            match segment {
                Segment::Key(key) if is_identifier(key) => write!(formatter, ".{key}")?,
                Segment::Key(key) => write_quoted(formatter, key)?,
                Segment::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Returns whether jq takes `key` behind a dot without quotes.
fn is_identifier(key: &str) -> bool {
    let mut bytes = key.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Writes `key` as a JSON string in brackets, with every control character escaped.
fn write_quoted(formatter: &mut fmt::Formatter<'_>, key: &str) -> fmt::Result {
    formatter.write_str("[\"")?;
    for character in key.chars() {
        match character {
            '"' | '\\' => write!(formatter, "\\{character}")?,
            _ if character.is_control() => write!(formatter, "\\u{:04x}", u32::from(character))?,
            _ => formatter.write_char(character)?,
        }
    }
    formatter.write_str("\"]")
}

/// Returns the path of the innermost value at the byte `offset` of the document's text.
///
/// A value holds the places from before its first character to behind its last one, as a cursor sees it; a member's value
/// also holds its key and what is between them. Everywhere else inside an array or object, that is the path; outside the
/// value, or past the end of the text, it is the root.
pub fn path_at(document: &Document<'_>, offset: usize) -> Path {
    let mut trail = Vec::new();
    let mut node = document.root();
    while let Some((crumb, child)) = child_at(node, offset) {
        trail.push(crumb);
        node = child;
    }
    Path::from_trail(&trail)
}

/// Returns the child of `node` that holds `offset`, if one does.
fn child_at<'n, 'a>(node: &'n Node<'a>, offset: usize) -> Option<(Crumb<'a>, &'n Node<'a>)> {
    match &node.kind {
        Kind::Array(items) => {
            let index = items.partition_point(|item| item.span.end < offset);
            let item = items.get(index).filter(|item| item.span.start <= offset)?;
            Some(((None, index), item))
        }
        Kind::Object(members) => {
            let index = members.partition_point(|member| member.value.span.end < offset);
            let member = members.get(index).filter(|member| member.key_span.start <= offset)?;
            Some(((Some(member.key), index), &member.value))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{parse, strategies};
    use super::*;

    /// Returns the path at the `|` in `text`.
    fn at_cursor(text: &str) -> String {
        let offset = text.find('|').expect("the text has a cursor");
        let text = text.replace('|', "");
        path_at(&parse(&text).expect("legal JSON"), offset).to_string()
    }

    #[test]
    fn the_path_at_the_cursor_is_the_innermost_values() {
        for (text, path) in [
            ("|{\"a\": 1}", "."),
            (" | 1", "."),
            ("{\"customer\": {\"limit\": |12}}", ".customer.limit"),
            ("{\"customer\": {\"limit\": 12|}}", ".customer.limit"),
            ("{\"customer\": {\"li|mit\": 12}}", ".customer.limit"),
            ("{\"customer\": {\"limit\"|: 12}}", ".customer.limit"),
            ("{\"customer\": {| \"limit\": 12}}", ".customer"),
            ("{\"items\": [0, 1, 2, [|]]}", ".items[3]"),
            ("[1, | 2]", "."),
            ("[[7|]]", ".[0][0]"),
            ("{\"odd key\": {\"a\": tr|ue}}", ".[\"odd key\"].a"),
            ("{\"a\": {\"odd key\": [tr|ue]}}", ".a[\"odd key\"][0]"),
            ("{\"a\": 1}  |", "."),
        ] {
            assert_eq!(at_cursor(text), path, "{text}");
        }
    }

    #[test]
    fn keys_that_are_no_identifiers_are_quoted_and_harmless() {
        for (key, shown) in [
            ("a_1", ".a_1"),
            ("1a", ".[\"1a\"]"),
            ("", ".[\"\"]"),
            ("é", ".[\"é\"]"),
            ("a\"\\b", ".[\"a\\\"\\\\b\"]"),
            ("\u{1b}[2J\u{9b}", ".[\"\\u001b[2J\\u009b\"]"),
        ] {
            assert_eq!(Path(vec![Segment::Key(key.to_owned())]).to_string(), shown);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn every_value_is_found_at_its_first_character(text in strategies::json_text()) {
            fn check<'n>(document: &Document<'_>, node: &'n Node<'n>, trail: &mut Vec<Crumb<'n>>) {
                assert_eq!(path_at(document, node.span.start), Path::from_trail(trail));
                for (index, (key, child)) in node.children().enumerate() {
                    trail.push((key, index));
                    check(document, child, trail);
                    trail.pop();
                }
            }
            let document = parse(&text).expect("generated JSON");
            check(&document, document.root(), &mut Vec::new());
            prop_assert_eq!(path_at(&document, text.len() + 9), Path::default());
        }
    }
}
