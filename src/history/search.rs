//! Search in versions: what one version holds of a text, a path or a value, and [`Occurrences`] in many.

mod occurrence;

pub use occurrence::{Occurrence, Occurrences};

use std::fmt;
use std::ops::ControlFlow;

use crate::json::{self, Needle, NotAPattern, ParseError, Path, Pattern, Wanted};
use crate::model::Record;
use crate::text::{display_safe, truncate};

/// How many characters of a long text stand before the find in an excerpt.
const BEFORE: usize = 30;

/// What to look for, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    what: What,
    places: Places,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Text(Needle),
    Path(Pattern),
    Equal(Pattern, Wanted),
}

/// Which parts of a version a text is looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// In values.
    pub values: bool,
    /// In names.
    pub names: bool,
    /// In notes.
    pub notes: bool,
}

impl Places {
    /// Everywhere.
    pub const ALL: Self = Self { values: true, names: true, notes: true };
}

/// What was found in one place of a version, while it is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit<'a> {
    /// Where.
    pub place: Place,
    /// What stands there: a name, a note, a line of a value that is not JSON, or a JSON value, as typed.
    pub text: &'a str,
    /// About where in `text` the find is, in bytes.
    at: usize,
}

/// A place in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Its name.
    Name,
    /// Its note.
    Note,
    /// That path of its value.
    Path(Path),
    /// That line of its value, counted from 1, which is not JSON.
    Line(usize),
}

/// Why a text is no path to look for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPath {
    /// It is not of the form.
    #[error(transparent)]
    Pattern(#[from] NotAPattern),
    /// What stands after the `=` begins like JSON and is none.
    #[error("{value:?} is no JSON value: column {}: {}", error.column, error.kind)]
    Value {
        /// What was typed.
        value: String,
        /// What is wrong with it.
        error: ParseError,
    },
}

impl Search {
    /// Returns a search for a text.
    pub fn text(text: &str, ignore_case: bool, places: Places) -> Self {
        Self { what: What::Text(Needle::new(text, ignore_case)), places }
    }

    /// Returns a search for a path in values, `.a.b`, or for a value there, `.a.b=VALUE`: JSON, or the text of a string.
    pub fn path(typed: &str) -> Result<Self, NotAPath> {
        let (pattern, rest) = Pattern::read(typed)?;
        let what = match rest.strip_prefix('=') {
            None => What::Path(pattern),
            Some(value) => match Wanted::typed(value) {
                Ok(wanted) => What::Equal(pattern, wanted),
                Err(error) => return Err(NotAPath::Value { value: value.to_owned(), error }),
            },
        };
        Ok(Self { what, places: Places { values: true, names: false, notes: false } })
    }

    /// Returns the search that is typed on one line: a path or a value there where it begins with a `.` (see
    /// [`Search::path`]), else a text, looked for everywhere. In a text small letters stand for capital ones too, unless
    /// it has a capital one. A text that begins with a `.` is typed with a `\\` before it.
    pub fn typed(line: &str) -> Result<Self, NotAPath> {
        if line.starts_with('.') {
            return Self::path(line);
        }
        let text = if line.starts_with("\\.") { &line[1..] } else { line };
        let ignore_case = !text.contains(char::is_uppercase);
        Ok(Self::text(text, ignore_case, Places::ALL))
    }

    /// Returns the text that is looked for, in lower case where case is ignored; `None` for a path.
    pub fn text_sought(&self) -> Option<&str> {
        match &self.what {
            What::Text(needle) => Some(needle.text()),
            What::Path(_) | What::Equal(..) => None,
        }
    }

    /// Returns whether values are needed, so that a listing may leave them out where they aren't.
    pub fn needs_values(&self) -> bool {
        self.places.values
    }

    /// Hands what a version holds of it to the visitor, one after the other: name, note, value. Stops where the visitor
    /// says so.
    pub fn visit(&self, record: &Record, visitor: &mut dyn FnMut(Hit<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let named = [(self.places.names, Place::Name, &record.name), (self.places.notes, Place::Note, &record.note)];
        if let What::Text(needle) = &self.what {
            for (wanted, place, text) in named {
                let Some(text) = text.as_deref().filter(|_| wanted) else { continue };
                if let Some(at) = needle.find_in(text) {
                    visitor(Hit { place, text, at })?;
                }
            }
        }
        match record.value.as_deref() {
            Some(value) if self.places.values => self.visit_value(value, visitor),
            _ => ControlFlow::Continue(()),
        }
    }

    /// Returns whether a version holds it.
    pub fn is_in(&self, record: &Record) -> bool {
        self.visit(record, &mut |_| ControlFlow::Break(())).is_break()
    }

    fn visit_value(&self, value: &str, visitor: &mut dyn FnMut(Hit<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let Ok(document) = json::parse(value) else { return self.visit_lines(value, visitor) };
        match &self.what {
            What::Text(needle) => needle.visit(&document, &mut |path, text| {
                // In a string with escapes, or where only the key has it, the beginning is what there is to show.
                let at = needle.find_in(text).unwrap_or(0);
                visitor(Hit { place: Place::Path(path), text, at })
            }),
            What::Path(pattern) => {
                pattern.visit(&document, &mut |path, text| visitor(Hit { place: Place::Path(path), text, at: 0 }))
            }
            What::Equal(pattern, wanted) => pattern.visit(&document, &mut |path, text| {
                if wanted.equals(text) {
                    visitor(Hit { place: Place::Path(path), text, at: 0 })
                } else {
                    ControlFlow::Continue(())
                }
            }),
        }
    }

    /// A value that is not JSON is a text like any other.
    fn visit_lines(&self, value: &str, visitor: &mut dyn FnMut(Hit<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let What::Text(needle) = &self.what else { return ControlFlow::Continue(()) };
        for (index, line) in value.lines().enumerate() {
            if let Some(at) = needle.find_in(line) {
                visitor(Hit { place: Place::Line(index + 1), text: line, at })?;
            }
        }
        ControlFlow::Continue(())
    }
}

impl Hit<'_> {
    /// Returns what stands there on one line of at most `width` cells that is safe on a terminal; of a longer text what
    /// is around the find.
    pub fn excerpt(&self, width: usize) -> String {
        let room = width.saturating_mul(4).saturating_add(BEFORE * 4);
        let start = if self.at <= BEFORE { 0 } else { back(self.text, self.at, BEFORE) };
        // Enough for cells of four bytes; what is longer is cut anyway, and need not be looked at.
        let end = self.text.floor_char_boundary(start.saturating_add(room));
        let mark = if start > 0 { "…" } else { "" };
        truncate(&display_safe(&format!("{mark}{}", &self.text[start..end])), width).into_owned()
    }
}

/// Returns the offset so many characters before `at`, which may be beside a character.
fn back(text: &str, at: usize, characters: usize) -> usize {
    let at = text.floor_char_boundary(at);
    text[..at].char_indices().rev().nth(characters.saturating_sub(1)).map_or(0, |(offset, _)| offset)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("name"),
            Self::Note => f.write_str("note"),
            Self::Path(path) => path.fmt(f),
            Self::Line(line) => write!(f, "line {line}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, User, Version};
    use crate::text::width;

    fn record(name: &str, note: &str, value: Option<&str>) -> Record {
        let key =
            CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") };
        let text = |text: &str| Some(text.to_owned());
        Record {
            name: text(name),
            note: text(note),
            value: value.map(str::to_owned),
            ..Record::bare(key, Version::from_ms(7))
        }
    }

    fn hits(search: &Search, record: &Record) -> Vec<String> {
        let mut found = Vec::new();
        let whole = search.visit(record, &mut |hit| {
            found.push(format!("{}: {}", hit.place, hit.excerpt(40)));
            ControlFlow::Continue(())
        });
        assert!(whole.is_continue());
        assert_eq!(search.is_in(record), !found.is_empty());
        found
    }

    #[test]
    fn one_line_is_a_text_or_a_path() {
        let version = record("Order", "of .5", Some(r#"{"n": 7, "Name": "Ada"}"#));
        let typed = |line| hits(&Search::typed(line).expect("it can be read"), &version);
        assert_eq!(typed("ada"), [".Name: \"Ada\""]);
        assert_eq!(typed("ADA"), Vec::<String>::new());
        assert_eq!(typed("order"), ["name: Order"]);
        assert_eq!(typed(".n"), [".n: 7"]);
        assert_eq!(typed(".Name=Ada"), [".Name: \"Ada\""]);
        assert_eq!(typed(r"\.5"), ["note: of .5"]);
        assert!(Search::typed(".n=[").is_err());
    }

    #[test]
    fn a_text_is_looked_for_in_names_notes_and_values() {
        let version = record("order 7", "raised to 7", Some(r#"{"n": 7, "list": [{"id": "x7"}]}"#));
        let search = |places| hits(&Search::text("7", false, places), &version);
        assert_eq!(search(Places::ALL), ["name: order 7", "note: raised to 7", ".n: 7", ".list[0].id: \"x7\""]);
        assert_eq!(search(Places { values: false, ..Places::ALL }), ["name: order 7", "note: raised to 7"]);
        assert_eq!(search(Places { values: false, names: false, notes: true }), ["note: raised to 7"]);
        assert_eq!(hits(&Search::text("ORDER", true, Places::ALL), &version), ["name: order 7"]);
        assert_eq!(hits(&Search::text("ORDER", false, Places::ALL), &version), [""; 0]);
    }

    #[test]
    fn a_value_that_is_not_json_is_looked_at_line_by_line() {
        let version = record("n", "", Some("first\nlimit = 5\n{oops"));
        assert_eq!(hits(&Search::text("limit", false, Places::ALL), &version), ["line 2: limit = 5"]);
        assert_eq!(hits(&Search::path(".limit").expect("it is a path"), &version), [""; 0]);
        assert_eq!(hits(&Search::text("x", false, Places::ALL), &record("n", "", None)), [""; 0]);
    }

    #[test]
    fn a_path_and_a_value_there_are_looked_for_in_values_only() {
        let version = record(".a.b", ".a.b", Some(r#"{"a": {"b": "Ada", "c": 1.0}}"#));
        let path = |typed: &str| hits(&Search::path(typed).expect("it is a path"), &version);
        assert_eq!(path(".a.b"), [".a.b: \"Ada\""]);
        assert_eq!(path(".a.b=Ada"), [".a.b: \"Ada\""]);
        assert_eq!(path(".a={\"c\":1.0, \"b\":\"Ada\"}"), [".a: {\"b\": \"Ada\", \"c\": 1.0}"]);
        assert_eq!((path(".a.c=1"), path(".b"), path(".a.b=")), (vec![], vec![], vec![]));
        assert!(matches!(Search::path("a.b"), Err(NotAPath::Pattern(_))));
        let broken = Search::path(".a=[1").expect_err("the value is broken").to_string();
        assert!(broken.starts_with("\"[1\" is no JSON value: column "), "{broken}");
    }

    #[test]
    fn an_excerpt_shows_the_find_and_cannot_act_on_a_terminal() {
        let long = format!("\"{} needle {}\"", "x".repeat(1000), "y".repeat(1000));
        let version = record("n", "", Some(&long));
        let shown = hits(&Search::text("needle", false, Places::ALL), &version);
        assert_eq!(shown, [format!(".: …{} needle {}…", "x".repeat(29), "y")]);
        let hostile = record("n\u{1b}[2J\nn", "", None);
        assert_eq!(hits(&Search::text("n", false, Places::ALL), &hostile), ["name: n\\u001b[2J\\nn"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn an_excerpt_is_never_wider_than_asked(text in "(\\PC|[a\u{1b}\n]){0,200}", needle in "\\PC{1,3}", cells in 0..60_usize) {
            for ignore_case in [true, false] {
                let search = Search::text(&needle, ignore_case, Places::ALL);
                let _ = search.visit(&record(&text, &text, Some(&text)), &mut |hit| {
                    assert!(width(&hit.excerpt(cells)) <= cells);
                    ControlFlow::Continue(())
                });
            }
        }
    }
}
