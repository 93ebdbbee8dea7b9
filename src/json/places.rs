//! The lines of pretty-printed text, and the paths that they show.

use std::ops::RangeInclusive;

use super::path::{Path, Segment};
use super::scan;
use super::string::StringToken;
use super::tree::{Document, Node};

/// Columns that a level of pretty-printed text is indented by.
const INDENT: usize = 2;

/// A value and the lines that it takes in its document pretty-printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The byte of the document's text at which the value starts.
    pub start: usize,
    /// Its first line, counted from 0.
    pub first: usize,
    /// Its last line; an array or object that isn't empty ends on a line of its own.
    pub last: usize,
}

/// Returns the values of a document and their lines, in the order of the text.
pub fn placed(document: &Document<'_>) -> Vec<Placed> {
    let mut values = Vec::new();
    place(document.root(), 0, &mut values);
    values
}

/// Notes a value that starts on `line`, and returns its last line.
fn place(node: &Node<'_>, line: usize, values: &mut Vec<Placed>) -> usize {
    let at = values.len();
    values.push(Placed { start: node.span.start, first: line, last: line });
    let mut last = line;
    for (_, child) in node.children() {
        last = place(child, last + 1, values);
    }
    if last > line {
        last += 1;
        values[at].last = last;
    }
    last
}

/// Returns the path of the value that a line of pretty-printed text shows, and the word for its kind: `number`, `string`,
/// `boolean`, `null`, `array` or `object`. The line of a closing bracket shows the value that it closes.
///
/// `line` returns a line of the text. All lines above may be looked at.
pub fn path_of_line<'t>(at: usize, line: impl Fn(usize) -> &'t str) -> (Path, &'static str) {
    let opening = if is_closing(line(at)) { above(at, depth(line(at)), &line).unwrap_or(at) } else { at };
    let mut segments = Vec::new();
    let mut child = opening;
    while let Some(parent) = depth(line(child)).checked_sub(1).and_then(|depth| above(child, depth, &line)) {
        segments.push(match member(line(child)) {
            Some((key, _)) if line(parent).ends_with('{') => Segment::Key(key.decode().into_owned()),
            _ => {
                let depth = depth(line(child));
                Segment::Index((parent + 1..child).filter(|&at| starts_value(line(at), depth)).count())
            }
        });
        child = parent;
    }
    segments.reverse();
    let is_member = matches!(segments.last(), Some(Segment::Key(_)));
    let value = match member(line(opening)) {
        Some((_, value)) if is_member => value,
        _ => line(opening).trim_start(),
    };
    (Path::from(segments), kind(value))
}

/// Returns the lines of the value at a path, or of the nearest value around it, and whether it is the value itself.
///
/// `line` returns a line of the pretty-printed text, which has so many.
pub fn lines_of_path<'t>(path: &Path, lines: usize, line: impl Fn(usize) -> &'t str) -> (RangeInclusive<usize>, bool) {
    let mut found = 0;
    let mut is_there = true;
    for (above, segment) in path.segments().iter().enumerate() {
        let depth = above + 1;
        let inside = (found + 1..lines).take_while(|&at| self::depth(line(at)) >= depth);
        let mut children = inside.filter(|&at| starts_value(line(at), depth));
        let child = match segment {
            Segment::Index(index) if opens(line(found), '[') => children.nth(*index),
            Segment::Key(key) if opens(line(found), '{') => {
                children.find(|&at| member(line(at)).is_some_and(|(found, _)| found.decode() == *key))
            }
            _ => None,
        };
        is_there = child.is_some();
        match child {
            Some(child) => found = child,
            None => break,
        }
    }
    let depth = depth(line(found));
    let is_open = opens(line(found), '[') || opens(line(found), '{');
    let last = (found + 1..lines).find(|&at| self::depth(line(at)) == depth).filter(|_| is_open);
    (found..=last.unwrap_or(found), is_there)
}

/// Returns how many arrays and objects a line is in.
fn depth(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b' ').count() / INDENT
}

/// Returns the next line above that starts a value at a depth.
fn above<'t>(at: usize, depth: usize, line: &impl Fn(usize) -> &'t str) -> Option<usize> {
    (0..at).rev().find(|&at| starts_value(line(at), depth))
}

fn is_closing(line: &str) -> bool {
    line.trim_start().starts_with([']', '}'])
}

fn starts_value(line: &str, depth: usize) -> bool {
    self::depth(line) == depth && !is_closing(line)
}

/// Returns whether a line opens an array or object that goes on below.
fn opens(line: &str, bracket: char) -> bool {
    line.ends_with(bracket)
}

/// Returns the key and the value of a line that is an object's member; an array's string item has no colon behind it.
fn member(line: &str) -> Option<(StringToken<'_>, &str)> {
    let line = line.trim_start();
    let end = if line.starts_with('"') { scan::string(line, 0).ok()? } else { return None };
    let value = line[end..].strip_prefix(": ")?;
    Some((StringToken::new(&line[..end]), value))
}

fn kind(value: &str) -> &'static str {
    match value.as_bytes().first() {
        Some(b'"') => "string",
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        _ => "number",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{parse, path_at, pretty, strategies};
    use super::*;

    /// Returns the path and kind of each line.
    fn told(text: &str) -> Vec<String> {
        let text = pretty(&parse(text).expect("legal JSON"));
        let lines: Vec<&str> = text.split('\n').collect();
        let told = |at| path_of_line(at, |at| lines[at]);
        (0..lines.len()).map(told).map(|(path, kind)| format!("{path} {kind}")).collect()
    }

    #[test]
    fn each_line_shows_a_path_and_a_kind() {
        assert_eq!(told("1.0"), [". number"]);
        assert_eq!(
            told(r#"["a: b", ["[", "{"], {}, null]"#),
            [
                ". array",
                ".[0] string",
                ".[1] array",
                ".[1][0] string",
                ".[1][1] string",
                ".[1] array",
                ".[2] object",
                ".[3] null",
                ". array"
            ]
        );
        assert_eq!(
            told(r#"{"a": {"odd: key": true}, "b": "x: {"}"#),
            [". object", ".a object", ".a[\"odd: key\"] boolean", ".a object", ".b string", ". object"]
        );
    }

    #[test]
    fn a_path_that_is_not_there_leads_to_what_is_around_it() {
        let text = "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": 3\n}";
        let lines: Vec<&str> = text.split('\n').collect();
        let line = |typed: Vec<Segment>| {
            let (found, is_there) = lines_of_path(&Path::from(typed), lines.len(), |at| lines[at]);
            (*found.start(), *found.end(), is_there)
        };
        let key = |key: &str| Segment::Key(key.to_owned());
        assert_eq!(line(vec![]), (0, 6, true));
        assert_eq!(line(vec![key("a"), Segment::Index(1)]), (3, 3, true));
        assert_eq!(line(vec![key("a"), Segment::Index(2)]), (1, 4, false));
        assert_eq!(line(vec![key("a"), key("b")]), (1, 4, false));
        assert_eq!(line(vec![key("b")]), (5, 5, true));
        assert_eq!(line(vec![key("b"), Segment::Index(0)]), (5, 5, false));
        assert_eq!(line(vec![key("c"), key("b")]), (0, 6, false));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn lines_and_paths_lead_to_each_other(value in strategies::plain_value()) {
            let text = serde_json::to_string_pretty(&value).expect("a value can be written");
            let document = parse(&text).expect("legal JSON");
            let lines: Vec<&str> = text.split('\n').collect();
            let values = placed(&document);
            let mut offset = 0;
            for (at, line) in lines.iter().enumerate() {
                let (path, _) = path_of_line(at, |at| lines[at]);
                prop_assert_eq!(&path, &path_at(&document, offset + line.len() - line.trim_start().len()));
                let (found, is_there) = lines_of_path(&path, lines.len(), |at| lines[at]);
                prop_assert!(is_there);
                let ends_or_starts = |placed: &&Placed| placed.first == at || placed.last == at;
                let value = values.iter().find(ends_or_starts).expect("each line shows a value");
                prop_assert_eq!(found, value.first..=value.last);
                prop_assert_eq!(&path, &path_at(&document, value.start));
                offset += line.len() + 1;
            }
        }
    }
}
