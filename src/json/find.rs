//! Finds a text, a path or a value in a document.

use std::ops::ControlFlow;
use std::str::FromStr;

use super::parse::parse;
use super::path::{Crumb, Path};
use super::scan;
use super::string::{StringToken, quote};
use super::tree::{Document, Kind, Node};
use super::{diff, error::ParseError};

/// Is called with the path of each find and its value as it stands in the text; says whether to go on.
pub type Visitor<'v> = dyn FnMut(Path, &str) -> ControlFlow<()> + 'v;

/// A text to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    text: String,
    ignore_case: bool,
}

impl Needle {
    /// Returns the text to look for; capital and small letters may be the same.
    pub fn new(text: &str, ignore_case: bool) -> Self {
        let text = if ignore_case { text.to_lowercase() } else { text.to_owned() };
        Self { text, ignore_case }
    }

    /// Returns the text; in lower case where case is ignored.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns where in `text` the needle is first, in bytes; where case is ignored, about there.
    pub fn find_in(&self, text: &str) -> Option<usize> {
        if self.ignore_case { text.to_lowercase().find(&self.text) } else { text.find(&self.text) }
    }

    fn is_in(&self, text: &str) -> bool {
        self.find_in(text).is_some()
    }

    /// Finds the text in the keys, strings, numbers and words of a document.
    ///
    /// A find is a line as [`pretty`](super::pretty) writes it (`"limit": 12500`) that holds the text, as typed or with
    /// the escapes of its strings resolved. Returns whether the visitor saw everything.
    pub fn visit(&self, document: &Document<'_>, visitor: &mut Visitor<'_>) -> ControlFlow<()> {
        let mut walk = TextWalk { needle: self, text: document.text(), trail: Vec::new(), visitor };
        walk.visit(None, document.root())
    }

    fn is_at(&self, key: Option<StringToken<'_>>, node: &Node<'_>) -> bool {
        let value = match &node.kind {
            Kind::Null => "null",
            Kind::Bool(true) => "true",
            Kind::Bool(false) => "false",
            Kind::Number(raw) => raw,
            Kind::String(token) => token.raw(),
            Kind::Array(_) => "[",
            Kind::Object(_) => "{",
        };
        let line = match (key, &node.kind) {
            (Some(key), _) => self.is_in(&format!("{}: {value}", key.raw())),
            // A bracket by itself is no line that anyone looks for.
            (None, Kind::Array(_) | Kind::Object(_)) => false,
            (None, _) => self.is_in(value),
        };
        let said = |token: StringToken<'_>| token.raw().contains('\\') && self.is_in(&token.decode());
        line || key.is_some_and(said) || matches!(node.kind, Kind::String(token) if said(token))
    }
}

/// A walk through a document that looks for a text.
struct TextWalk<'w, 'v, 'n> {
    needle: &'w Needle,
    text: &'w str,
    trail: Vec<Crumb<'n>>,
    visitor: &'w mut Visitor<'v>,
}

impl<'n> TextWalk<'_, '_, 'n> {
    fn visit(&mut self, key: Option<StringToken<'n>>, node: &'n Node<'n>) -> ControlFlow<()> {
        if self.needle.is_at(key, node) {
            (self.visitor)(Path::from_trail(&self.trail), &self.text[node.span.clone()])?;
        }
        for (index, (key, child)) in node.children().enumerate() {
            self.trail.push((key, index));
            self.visit(key, child)?;
            self.trail.pop();
        }
        ControlFlow::Continue(())
    }
}

/// A path to look for, as [`Path`] is written, with `[]` for every item of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
    EveryItem,
}

/// The text is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no path from `{rest}` on: write .customer.limit, .items[3].sku, .items[].sku for all items, .[\"odd key\"]"
)]
pub struct NotAPattern {
    /// The text.
    pub text: String,
    /// What can't be read of it.
    pub rest: String,
}

impl Pattern {
    /// Reads the path that a text begins with; returns the rest too, which is empty or starts with a `=`.
    ///
    /// A key without quotes reaches to the next `.`, `[` or `=`.
    pub fn read(text: &str) -> Result<(Self, &str), NotAPattern> {
        let wrong = |rest: &str| NotAPattern { text: text.to_owned(), rest: rest.to_owned() };
        let mut steps = Vec::new();
        let mut rest = text;
        if !text.starts_with(['.', '[']) {
            return Err(wrong(text));
        }
        while !rest.is_empty() && !rest.starts_with('=') {
            let after_dot = rest.strip_prefix('.').unwrap_or(rest);
            let (step, after) = match after_dot.strip_prefix('[') {
                Some(inner) => bracketed(inner),
                // The root by itself.
                None if after_dot.is_empty() || after_dot.starts_with('=') => {
                    if !steps.is_empty() {
                        return Err(wrong(rest));
                    }
                    rest = after_dot;
                    break;
                }
                None if after_dot.len() == rest.len() => None,
                None => plain_key(after_dot),
            }
            .ok_or_else(|| wrong(rest))?;
            steps.push(step);
            rest = after;
        }
        Ok((Self(steps), rest))
    }

    /// Finds the path in a document; a key that is there twice is found twice. Returns whether the visitor saw
    /// everything.
    pub fn visit(&self, document: &Document<'_>, visitor: &mut Visitor<'_>) -> ControlFlow<()> {
        let mut walk = PathWalk { text: document.text(), trail: Vec::new(), visitor };
        walk.visit(document.root(), &self.0)
    }
}

impl FromStr for Pattern {
    type Err = NotAPattern;

    fn from_str(text: &str) -> Result<Self, NotAPattern> {
        match Self::read(text)? {
            (pattern, "") => Ok(pattern),
            (_, rest) => Err(NotAPattern { text: text.to_owned(), rest: rest.to_owned() }),
        }
    }
}

fn plain_key(text: &str) -> Option<(Step, &str)> {
    let end = text.find(['.', '[', '=']).unwrap_or(text.len());
    (end > 0).then(|| (Step::Key(text[..end].to_owned()), &text[end..]))
}

/// Reads what is between brackets, the first of which is gone already.
fn bracketed(text: &str) -> Option<(Step, &str)> {
    if let Some(rest) = text.strip_prefix(']') {
        return Some((Step::EveryItem, rest));
    }
    if text.starts_with('"') {
        let end = scan::string(text, 0).ok()?;
        let key = StringToken::new(&text[..end]).decode().into_owned();
        return Some((Step::Key(key), text[end..].strip_prefix(']')?));
    }
    let (index, rest) = text.split_once(']')?;
    let digits = index.bytes().all(|byte| byte.is_ascii_digit());
    Some((Step::Index(index.parse().ok().filter(|_| digits)?), rest))
}

/// A walk along a path.
struct PathWalk<'w, 'v, 'n> {
    text: &'w str,
    trail: Vec<Crumb<'n>>,
    visitor: &'w mut Visitor<'v>,
}

impl<'n> PathWalk<'_, '_, 'n> {
    fn visit(&mut self, node: &'n Node<'n>, steps: &[Step]) -> ControlFlow<()> {
        let Some((step, steps)) = steps.split_first() else {
            return (self.visitor)(Path::from_trail(&self.trail), &self.text[node.span.clone()]);
        };
        for (index, (key, child)) in node.children().enumerate() {
            let fits = match (step, key) {
                (Step::Key(wanted), Some(key)) => key.decode() == *wanted,
                (Step::Index(wanted), None) => index == *wanted,
                (Step::EveryItem, None) => true,
                _ => false,
            };
            if fits {
                self.trail.push((key, index));
                self.visit(child, steps)?;
                self.trail.pop();
            }
        }
        ControlFlow::Continue(())
    }
}

/// A value to compare others with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted(String);

impl Wanted {
    /// Returns the value that a person typed: JSON, or the text of a string where it is none and doesn't begin like an
    /// object, an array or a string in quotes.
    pub fn typed(text: &str) -> Result<Self, ParseError> {
        match parse(text) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(error) if text.trim_start().starts_with(['{', '[', '"']) => Err(error),
            Err(_) => Ok(Self(quote(text))),
        }
    }

    /// Returns whether a JSON text says the same, as [`diff`](super::diff()) sees it.
    pub fn equals(&self, json: &str) -> bool {
        match (parse(&self.0), parse(json)) {
            (Ok(wanted), Ok(found)) => diff(&wanted, &found).is_empty(),
            (Err(_), _) | (_, Err(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{pretty, strategies};
    use super::*;

    const INVOICE: &str = r#"{"customer": {"name": "Zo\u00eb & Co", "limit": 12500}, "items": [{"sku": "A-1", "n": 1},
        {"sku": "B-2", "n": 1.0}], "odd key": [true, null], "a": 1, "a": 2, "note": "one\ntwo"}"#;

    fn collect(look: impl FnOnce(&Document<'_>, &mut Visitor<'_>) -> ControlFlow<()>) -> Vec<String> {
        let document = parse(INVOICE).expect("legal JSON");
        let mut found = Vec::new();
        let whole = look(&document, &mut |path, value| {
            found.push(format!("{path} {value}"));
            ControlFlow::Continue(())
        });
        assert!(whole.is_continue());
        found
    }

    fn text(needle: &str, ignore_case: bool) -> Vec<String> {
        collect(|document, visitor| Needle::new(needle, ignore_case).visit(document, visitor))
    }

    fn path(pattern: &str) -> Vec<String> {
        collect(|document, visitor| pattern.parse::<Pattern>().expect("it is a path").visit(document, visitor))
    }

    #[test]
    fn a_text_is_found_in_keys_and_values_with_their_paths() {
        assert_eq!(text("125", false), [".customer.limit 12500"]);
        assert_eq!(text("\"limit\": 12500", false), [".customer.limit 12500"]);
        assert_eq!(text("sku", false), [".items[0].sku \"A-1\"", ".items[1].sku \"B-2\""]);
        assert_eq!(text("odd key", false), [".[\"odd key\"] [true, null]"]);
        assert_eq!(text("null", false), [".[\"odd key\"][1] null"]);
        assert_eq!(text("zo", false), [""; 0]);
        assert_eq!(text("zO", true), [r#".customer.name "Zo\u00eb & Co""#]);
        assert_eq!(text("nothing", true), [""; 0]);
    }

    #[test]
    fn a_text_is_found_as_typed_and_as_it_is_meant() {
        for needle in ["Zoë", "ZOË & co", r"\u00EB"] {
            assert_eq!(text(needle, true), [r#".customer.name "Zo\u00eb & Co""#], "{needle}");
        }
        assert_eq!(text("one\ntwo", false), [r#".note "one\ntwo""#]);
    }

    #[test]
    fn a_path_is_found_where_it_is() {
        assert_eq!(path(".customer.limit"), [".customer.limit 12500"]);
        assert_eq!(path(".items[1].n"), [".items[1].n 1.0"]);
        assert_eq!(path(".items[].n"), [".items[0].n 1", ".items[1].n 1.0"]);
        assert_eq!(path(".[\"odd key\"][0]"), [".[\"odd key\"][0] true"]);
        assert_eq!(path(".odd key[]"), [".[\"odd key\"][0] true", ".[\"odd key\"][1] null"]);
        assert_eq!(path(".a"), [".a 1", ".a 2"], "both of a key that is there twice");
        assert_eq!(path("."), [format!(". {INVOICE}")]);
        for absent in [".limit", ".customer[0]", ".items.sku", ".items[2]", ".a.b", ".customer[]"] {
            assert_eq!(path(absent), [""; 0], "{absent}");
        }
    }

    #[test]
    fn other_texts_are_no_paths() {
        for wrong in
            ["", "a", ".a.", ".a..b", "..", ".a[", ".a[x]", ".a[-1]", ".a[1", ".[\"a]", ".a[0]b", ".a=", ".a=1"]
        {
            assert!(wrong.parse::<Pattern>().is_err(), "{wrong}");
        }
        let (pattern, rest) = Pattern::read(".[\"a=b\"].c=x=y").expect("it begins with a path");
        assert_eq!((Some(pattern), rest), (".[\"a=b\"].c".parse().ok(), "=x=y"));
        assert_eq!(Pattern::read(".=1").expect("it begins with the root").1, "=1");
    }

    #[test]
    fn values_are_equal_as_a_difference_sees_them() {
        let equal = |wanted: &str, json: &str| Wanted::typed(wanted).expect("it is a value").equals(json);
        assert!(equal("12500", "12500") && !equal("12500", "12500.0") && !equal("12500", "\"12500\""));
        assert!(equal("Ada", "\"Ada\"") && equal("\"Ada\"", "\"Ada\"") && !equal("Ada", "\"ada\""));
        assert!(equal("Zoë", r#""Zo\u00eb""#) && equal("", "\"\"") && equal("true", "true"));
        assert!(equal(r#"{"b":1, "a":[2]}"#, r#"{ "a": [2], "b": 1 }"#) && !equal("[1,2]", "[2,1]"));
        for broken in ["{\"a\":", "[1", "\"Ada"] {
            assert!(Wanted::typed(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_visitor_that_has_enough_stops() {
        let document = parse("[1, 1, 1]").expect("legal JSON");
        let mut seen = 0;
        let mut stop = |_, _: &str| {
            seen += 1;
            ControlFlow::Break(())
        };
        assert!(Needle::new("1", false).visit(&document, &mut stop).is_break());
        assert!(".[]".parse::<Pattern>().expect("it is a path").visit(&document, &mut stop).is_break());
        assert_eq!(seen, 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_line_of_the_pretty_text_is_found(text in strategies::json_text(), line in any::<prop::sample::Index>()) {
            let document = parse(&text).expect("generated JSON");
            let pretty = pretty(&document);
            let lines: Vec<_> = pretty.lines().map(|line| line.trim().trim_end_matches(',')).collect();
            let line = line.get(&lines);
            let bracket = ["{", "}", "[", "]", "{}", "[]"].contains(line);
            let line = line.trim_end_matches(['}', ']']);
            let mut found = false;
            let _ = Needle::new(line, false).visit(&document, &mut |_, _| {
                found = true;
                ControlFlow::Break(())
            });
            prop_assert!(found || bracket, "{}", line);
        }

        #[test]
        fn every_path_that_is_found_is_found_as_a_path(text in strategies::json_text()) {
            let document = parse(&text).expect("generated JSON");
            let mut found = Vec::new();
            let _ = Needle::new("", false).visit(&document, &mut |path, value| {
                found.push((path, value.to_owned()));
                ControlFlow::Continue(())
            });
            for (path, value) in found {
                let mut there = false;
                let pattern: Pattern = path.to_string().parse().expect("a path is a pattern");
                let _ = pattern.visit(&document, &mut |same, again| {
                    there |= same == path && again == value;
                    ControlFlow::Continue(())
                });
                prop_assert!(there, "{} {}", path, value);
            }
        }
    }
}
