//! Writes documents back: every token as typed, only the white space between them new.

use super::string::StringToken;
use super::tree::{Document, Node, Written};

/// One level of indentation in pretty-printed text.
const INDENT: &str = "  ";

/// Returns the document on one line without any white space between tokens.
pub fn compact(document: &Document<'_>) -> String {
    let mut out = String::with_capacity(document.text().len());
    write_compact(&mut out, document.root());
    out
}

/// Returns the document with each item and member on a line of its own, indented by two spaces a level.
///
/// Empty arrays and objects stay on one line; there is no line break at the end.
pub fn pretty(document: &Document<'_>) -> String {
    let mut out = String::with_capacity(document.text().len());
    write_pretty(&mut out, document.root(), 0);
    out
}

/// Returns a part of a document on one line, as [`compact`] does the whole.
pub fn compact_node(node: &Node<'_>) -> String {
    let mut out = String::new();
    write_compact(&mut out, node);
    out
}

/// Returns the lines that `node` takes in pretty-printed text as an item, or as the member `key`, at `depth`.
pub(super) fn pretty_node(key: Option<StringToken<'_>>, node: &Node<'_>, depth: usize) -> String {
    let mut out = line_start(key, depth);
    write_pretty(&mut out, node, depth);
    out
}

/// Returns what a line in pretty-printed text starts with at `depth`: the indentation, and the key of the member `key`.
pub(super) fn line_start(key: Option<StringToken<'_>>, depth: usize) -> String {
    let mut out = INDENT.repeat(depth);
    write_key(&mut out, key, ": ");
    out
}

fn write_compact(out: &mut String, node: &Node<'_>) {
    let (open, close) = match node.written() {
        Written::Token(token) => return out.push_str(token),
        Written::Brackets(open, close) => (open, close),
    };
    out.push(open);
    for (index, (key, child)) in node.children().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_key(out, key, ":");
        write_compact(out, child);
    }
    out.push(close);
}

fn write_pretty(out: &mut String, node: &Node<'_>, depth: usize) {
    let (open, close) = match node.written() {
        Written::Token(token) => return out.push_str(token),
        Written::Brackets(open, close) => (open, close),
    };
    out.push(open);
    let mut empty = true;
    for (key, child) in node.children() {
        if !empty {
            out.push(',');
        }
        empty = false;
        start_line(out, depth + 1);
        write_key(out, key, ": ");
        write_pretty(out, child, depth + 1);
    }
    if !empty {
        start_line(out, depth);
    }
    out.push(close);
}

fn write_key(out: &mut String, key: Option<StringToken<'_>>, colon: &str) {
    if let Some(key) = key {
        out.push_str(key.raw());
        out.push_str(colon);
    }
}

fn start_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str(INDENT);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{parse, strategies};
    use super::*;

    fn formatted(text: &str, format: fn(&Document<'_>) -> String) -> String {
        format(&parse(text).expect("legal JSON"))
    }

    #[test]
    fn pretty_text_has_a_line_for_each_item() {
        for (text, expected) in [
            (" 1.0 ", "1.0"),
            ("[ ]", "[]"),
            ("[{ }, [\n]]", "[\n  {},\n  []\n]"),
            (
                r#"{"b":1e400,"a":[1,{"\u00e9":"\ud800"}],"b":2}"#,
                "{\n  \"b\": 1e400,\n  \"a\": [\n    1,\n    {\n      \"\\u00e9\": \"\\ud800\"\n    }\n  ],\n  \"b\": 2\n}",
            ),
        ] {
            assert_eq!(formatted(text, pretty), expected);
        }
    }

    #[test]
    fn compact_text_has_no_white_space() {
        let text = "{ \"b\" : [ 1 , 2.50 , { } ] ,\n \"a b\" : \" x \" , \"b\" : null }";
        assert_eq!(formatted(text, compact), r#"{"b":[1,2.50,{}],"a b":" x ","b":null}"#);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn pretty_text_is_what_other_programs_write(value in strategies::plain_value()) {
            let expected = serde_json::to_string_pretty(&value).expect("a value can be written");
            prop_assert_eq!(formatted(&value.to_string(), pretty), expected);
        }
    }
}
