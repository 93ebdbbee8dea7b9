//! The tree of a parsed text.

use std::collections::HashSet;
use std::ops::Range;

use super::path::{Crumb, Path};
use super::string::StringToken;

/// A parsed JSON text: one value, and the text that its nodes borrow from.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    text: &'a str,
    root: Node<'a>,
}

/// A value in a document.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// The bytes of the text that the value takes, without white space around it.
    pub span: Range<usize>,
    /// What the value is.
    pub kind: Kind<'a>,
}

/// The six kinds of JSON value.
#[derive(Clone, Debug)]
pub enum Kind<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as typed, of any size and precision.
    Number(&'a str),
    /// A string as typed.
    String(StringToken<'a>),
    /// The items of an array.
    Array(Vec<Node<'a>>),
    /// The members of an object in the order typed, duplicate keys included.
    Object(Vec<Member<'a>>),
}

/// A key and its value in an object.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The key as typed.
    pub key: StringToken<'a>,
    /// The bytes of the text that the key takes, with its quotes.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Node<'a>,
}

/// A key that an object has more than once: legal JSON, but most programs see only the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The path of the member.
    pub path: Path,
    /// Byte offset of the repeated key.
    pub offset: usize,
    /// Line of the repeated key, counted from 1.
    pub line: usize,
}

impl<'a> Document<'a> {
    /// Makes the document of `text` from its tree, which is at most `MAX_DEPTH` levels deep.
    pub(super) fn new(text: &'a str, root: Node<'a>) -> Self {
        Self { text, root }
    }

    /// Returns the text that was parsed.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the value.
    pub fn root(&self) -> &Node<'a> {
        &self.root
    }

    /// Returns the second and further occurrences of every key within its object, in the order of the text.
    ///
    /// Keys are the same if they say the same: `"\u00e9"` and `"é"` are.
    pub fn duplicate_keys(&self) -> Vec<Duplicate> {
        let mut search =
            DuplicateSearch { text: self.text, counted_to: 0, line: 1, trail: Vec::new(), found: Vec::new() };
        search.visit(&self.root);
        search.found
    }
}

impl<'a> Node<'a> {
    /// Returns the items of an array or the values of an object in order, each with its key if it has one.
    ///
    /// Other values have none.
    pub fn children(&self) -> impl Iterator<Item = (Option<StringToken<'a>>, &Node<'a>)> {
        let (items, members): (&[Node], &[Member]) = match &self.kind {
            Kind::Array(items) => (items, &[]),
            Kind::Object(members) => (&[], members),
            _ => (&[], &[]),
        };
        let items = items.iter().map(|item| (None, item));
        let members = members.iter().map(|member| (Some(member.key), &member.value));
        items.chain(members)
    }

    /// Returns the brackets around an array or object, or the whole token that any other value is.
    pub(super) fn written(&self) -> Written<'a> {
        match &self.kind {
            Kind::Null => Written::Token("null"),
            Kind::Bool(true) => Written::Token("true"),
            Kind::Bool(false) => Written::Token("false"),
            Kind::Number(raw) => Written::Token(raw),
            Kind::String(token) => Written::Token(token.raw()),
            Kind::Array(_) => Written::Brackets('[', ']'),
            Kind::Object(_) => Written::Brackets('{', '}'),
        }
    }
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written<'a> {
    /// As one token, the same as in the source.
    Token(&'a str),
    /// As what is between two brackets.
    Brackets(char, char),
}

/// A walk through a document that collects repeated keys.
struct DuplicateSearch<'n, 'a> {
    text: &'a str,
    /// How far line breaks have been counted, and the line that this is on.
    counted_to: usize,
    line: usize,
    trail: Vec<Crumb<'n>>,
    found: Vec<Duplicate>,
}

impl<'n> DuplicateSearch<'n, '_> {
    fn visit(&mut self, node: &'n Node<'n>) {
        let mut seen = HashSet::new();
        for (index, (key, child)) in node.children().enumerate() {
            self.trail.push((key, index));
            if key.is_some_and(|key| !seen.insert(key.identity()))
                && let Kind::Object(members) = &node.kind
            {
                self.report(members[index].key_span.start);
            }
            self.visit(child);
            self.trail.pop();
        }
    }

    /// Notes the member at the end of the trail, whose key is at `offset`; offsets only grow during the walk.
    fn report(&mut self, offset: usize) {
        self.line += self.text[self.counted_to..offset].matches('\n').count();
        self.counted_to = offset;
        self.found.push(Duplicate { path: Path::from_trail(&self.trail), offset, line: self.line });
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn repeated_keys_are_reported_with_path_and_line() {
        let text = "{\n  \"a\": 1,\n  \"b\": [{\"\u{e9}\": 1,\n \"\\u00e9\": 2}],\n  \"a\": 3,\n\"a\": 4\n}";
        let document = parse(text).expect("legal JSON");
        let found = document.duplicate_keys();
        let told: Vec<_> = found.iter().map(|it| (it.path.to_string(), it.line)).collect();
        let expected = [(".b[0][\"\u{e9}\"]", 4), (".a", 5), (".a", 6)];
        assert_eq!(told, expected.map(|(path, line)| (path.to_owned(), line)));
        assert!(text[found[1].offset..].starts_with("\"a\": 3"));
    }

    #[test]
    fn the_same_key_in_two_objects_is_no_duplicate() {
        let document = parse(r#"[{"a": {"a": 1}}, {"a": 2}]"#).expect("legal JSON");
        assert_eq!(document.duplicate_keys(), []);
    }
}
