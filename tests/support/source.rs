//! Makes texts out of bytes, so that a fuzzer and a property test find their way through the same forms.

use dynamini::json::{self, Kind, Node, StringToken};

/// Bytes that decide, one after the other, what is made. When they are used up, every decision is the first one offered.
pub struct Source<'a>(&'a [u8]);

/// How many arrays and objects [`Source::json`] puts inside each other.
const DEPTH: usize = 5;

const SCALARS: &[&str] = &[
    "0",
    "1",
    "2",
    "1.0",
    "-0",
    "1e400",
    "12345678901234567890",
    "null",
    "true",
    "false",
    r#""""#,
    r#""a""#,
    r#""\u00e9""#,
    "\"é\"",
    r#""\ud800""#,
    r#""\ud83d\ude00\n\/""#,
    "\"\u{2028}漢字 \"",
];

const KEYS: &[&str] = &[r#""a""#, r#""b""#, r#""c""#, r#""d""#, r#""odd key""#, r#""\u00e9""#, "\"é\"", r#""""#];

const SPACES: &[&str] = &["", "", "", " ", "\n", "\t ", "\r\n"];

impl<'a> Source<'a> {
    /// Reads decisions from `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Returns a number below `limit`, which is at most 256.
    pub fn below(&mut self, limit: usize) -> usize {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(first) % limit
    }

    /// Returns one of `choices`.
    pub fn pick<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }

    /// Returns up to `most` of `pieces` in a row, with any character among them now and then.
    pub fn text(&mut self, most: usize, pieces: &[&str]) -> String {
        let mut text = String::new();
        for _ in 0..self.below(most + 1) {
            match self.below(8) {
                7 => text.extend(self.character()),
                _ => text.push_str(self.pick(pieces)),
            }
        }
        text
    }

    /// Returns any character; `None` for some of the numbers that are none.
    fn character(&mut self) -> Option<char> {
        let code = (0..3).fold(0, |code, _| code << 7 | self.below(128));
        char::from_u32(u32::try_from(code).expect("it has 21 bits"))
    }

    /// Returns a JSON text with white space in any place and a key twice now and then.
    pub fn json(&mut self) -> String {
        let mut out = String::new();
        self.push_value(&mut out, DEPTH);
        out
    }

    fn push_value(&mut self, out: &mut String, depth: usize) {
        out.push_str(self.pick(SPACES));
        match self.below(4) {
            1 if depth > 0 => {
                let items = (0..self.below(6)).map(|_| None).collect();
                self.push_children(out, ('[', ']'), items, depth);
            }
            2 if depth > 0 => {
                let keys = (0..self.below(6)).map(|_| Some(self.pick(KEYS))).collect();
                self.push_children(out, ('{', '}'), keys, depth);
            }
            3 => out.push_str(&self.below(40).to_string()),
            _ => out.push_str(self.pick(SCALARS)),
        }
        out.push_str(self.pick(SPACES));
    }

    fn push_children(&mut self, out: &mut String, brackets: (char, char), keys: Vec<Option<&str>>, depth: usize) {
        out.push(brackets.0);
        for (index, key) in keys.into_iter().enumerate() {
            out.push_str(if index > 0 { "," } else { "" });
            if let Some(key) = key {
                out.push_str(key);
                out.push(':');
            }
            self.push_value(out, depth - 1);
        }
        out.push(brackets.1);
    }

    /// Returns a JSON text with a few of its values changed, added, removed, moved or spelled otherwise.
    pub fn edited(&mut self, text: &str) -> String {
        let document = json::parse(text).expect("only JSON is edited");
        let mut out = String::new();
        self.push_edited(&mut out, text, document.root());
        out
    }

    fn push_edited(&mut self, out: &mut String, text: &str, node: &Node<'_>) {
        let brackets = match &node.kind {
            Kind::Array(_) => ('[', ']'),
            Kind::Object(_) => ('{', '}'),
            _ => return out.push_str(&text[node.span.clone()]),
        };
        let mut children = Vec::new();
        for (key, child) in node.children() {
            let mut same = String::new();
            let key = key.map(StringToken::raw);
            match self.below(16) {
                1 => continue,
                2 => same = self.json(),
                3 => {
                    let added = (key.map(|_| self.pick(KEYS)), self.json());
                    children.push(added);
                    self.push_edited(&mut same, text, child);
                }
                4 => {
                    same.push_str(&text[child.span.clone()]);
                    children.insert(0, (key, same));
                    continue;
                }
                5 => same = text[child.span.clone()].replace('é', r"\u00e9"),
                _ => self.push_edited(&mut same, text, child),
            }
            children.push((key, same));
        }
        if self.below(8) == 1 {
            let is_object = matches!(node.kind, Kind::Object(_));
            let added = (is_object.then(|| self.pick(KEYS)), self.json());
            children.push(added);
        }
        let children = children.into_iter().map(|(key, value)| match key {
            Some(key) => format!("{key}:{value}"),
            None => value,
        });
        out.push(brackets.0);
        out.push_str(&children.collect::<Vec<_>>().join(","));
        out.push(brackets.1);
    }
}
