//! The lines of a copy.
//!
//! ```text
//! {"dynamini":{"export":1,"time":"2026-11-22T09:41:03.000Z","place":"...","collections":"...","entries":"...","address":"billing/u-1"}}
//! {"collection":{"application":"billing","userCollectionVersion":"u-1#c0ffee#1700000000000","name":"invoices"}}
//! {"entry":{"userCollection":"u-1#c0ffee#","entryVersion":"e1#1700000000001","name":"inv-7","value":{"n": 1.0}}}
//! {"end":{"rows":2}}
//! ```
//!
//! The header of a copy of one moment says `"asOf"` which one, after the address.
//!
//! A row has its keys and attributes under their names in the table. The text of `value` stands as it is stored, byte for
//! byte, where it is JSON that fits on the line; else it is the string `valueText`. Attributes that neither the original
//! nor dynamini writes, and those that are not text, follow in `"attributes"` in the form of `DynamoDB`'s JSON
//! (`{"colour":{"S":"red"}}`). White space between the tokens of a line means nothing but within a value; members that
//! are not known are refused, since ignoring them would lose them.

use std::collections::BTreeMap;

use crate::json::{self, Kind, Member, Node};
use crate::store::{Attribute, StoredRow, Table};

/// The version of the form. One that can't be read by older programs has a greater one.
pub const FORM: u32 = 1;

/// Attributes that stand beside the keys where they are text, in the order of a line.
const PLAIN: [&str; 8] =
    ["name", "deletedAt", "deletedBy", "author", "note", "restoredFrom", "supersededBy", "writeId"];
const VALUE: &str = "value";
/// The value where it isn't JSON on one line.
const VALUE_TEXT: &str = "valueText";

/// Where a copy is from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// When it was begun, RFC 3339.
    pub time: String,
    /// Where the store is, in words.
    pub place: String,
    /// The name of the table of collections.
    pub collections: String,
    /// The name of the table of entries.
    pub entries: String,
    /// The address of what was copied; empty for the whole store.
    pub address: String,
    /// The moment that was copied, RFC 3339; `None` for the full history.
    pub as_of: Option<String>,
}

/// A line that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The beginning of a copy.
    Header,
    /// The beginning of a copy in another form than [`FORM`].
    OtherForm(String),
    /// A row.
    Row(StoredRow),
    /// The end of a copy, with the number of rows between its header and here.
    End(u64),
}

/// Why a line is none of a copy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALine {
    /// It isn't text.
    #[error("it is not UTF-8 from byte {0} on")]
    NotText(usize),
    /// It isn't JSON.
    #[error("column {column}: {kind}")]
    NotJson {
        /// Where, in characters from 1.
        column: usize,
        /// What is wrong there.
        kind: json::ParseErrorKind,
    },
    /// It is JSON and neither a header nor a row nor an end.
    #[error(
        "it is neither a header nor a row nor an end: it must start with \"dynamini\", \"collection\", \"entry\" or \"end\""
    )]
    Unknown,
    /// A member is missing.
    #[error("{0:?} is missing")]
    Missing(&'static str),
    /// A member is there that a row can't have, or twice.
    #[error("{0:?} is there twice, or has no place here")]
    Misplaced(String),
    /// A member holds something else than it should.
    #[error("{name:?} must be {wanted}")]
    Wrong {
        /// The member.
        name: String,
        /// What it should hold.
        wanted: &'static str,
    },
}

/// Returns the first line of a copy.
pub fn header(header: &Header) -> String {
    let quoted = |name: &str, text: &str| format!(",{}:{}", json::quote(name), json::quote(text));
    let members = [
        ("time", &header.time),
        ("place", &header.place),
        ("collections", &header.collections),
        ("entries", &header.entries),
        ("address", &header.address),
    ];
    let as_of = header.as_of.iter().map(|time| ("asOf", time));
    let members: String = members.into_iter().chain(as_of).map(|(name, text)| quoted(name, text)).collect();
    format!(r#"{{"dynamini":{{"export":{FORM}{members}}}}}"#)
}

/// Returns the last line of a copy.
pub fn end(rows: u64) -> String {
    format!(r#"{{"end":{{"rows":{rows}}}}}"#)
}

/// Returns the line of a row.
pub fn row(row: &StoredRow) -> String {
    let mut line = format!(
        "{{{}:{{{}:{},{}:{}",
        json::quote(noun(row.table)),
        json::quote(row.table.hash()),
        json::quote(&row.hash),
        json::quote(row.table.range()),
        json::quote(&row.sort),
    );
    let mut others: BTreeMap<&str, &Attribute> =
        row.attributes.iter().map(|(name, attribute)| (name.as_str(), attribute)).collect();
    let mut plain = |name: &str| {
        let text = row.attributes.get(name).and_then(Attribute::text)?;
        others.remove(name);
        Some(text)
    };
    let mut add = |name: &str, json: &str| line += &format!(",{}:{json}", json::quote(name));
    let (name, rest) = PLAIN.split_first().expect("there are plain attributes");
    if let Some(text) = plain(name) {
        add(name, &json::quote(text));
    }
    match plain(VALUE) {
        Some(text) if stands_as_it_is(text) => add(VALUE, text),
        Some(text) => add(VALUE_TEXT, &json::quote(text)),
        None => {}
    }
    for name in rest {
        if let Some(text) = plain(name) {
            add(name, &json::quote(text));
        }
    }
    line.push('}');
    if !others.is_empty() {
        let others = serde_json::to_string(&others).expect("attributes have texts for keys and no other maps");
        line += &format!(r#","attributes":{others}"#);
    }
    line.push('}');
    line
}

/// Reads a line.
pub fn read(bytes: &[u8]) -> Result<Line, NotALine> {
    let text = std::str::from_utf8(bytes).map_err(|error| NotALine::NotText(error.valid_up_to()))?;
    let document = json::parse(text).map_err(|error| NotALine::NotJson { column: error.column, kind: error.kind })?;
    let mut line = Members::of(text, document.root()).ok_or(NotALine::Unknown)?;
    if let Some(node) = line.take("dynamini")? {
        let mut header = line.inside("dynamini", node)?;
        let form = header.take("export")?.ok_or(NotALine::Missing("export"))?;
        let form = &text[form.span.clone()];
        return Ok(if form == FORM.to_string() { Line::Header } else { Line::OtherForm(form.to_owned()) });
    }
    if let Some(node) = line.take("end")? {
        let mut end = line.inside("end", node)?;
        let rows = end.take("rows")?.ok_or(NotALine::Missing("rows"))?;
        let wrong = || NotALine::Wrong { name: "rows".to_owned(), wanted: "a number of rows" };
        let rows = text[rows.span.clone()].parse().map_err(|_| wrong())?;
        end.finish()?;
        line.finish()?;
        return Ok(Line::End(rows));
    }
    for table in [Table::Collections, Table::Entries] {
        if let Some(node) = line.take(noun(table))? {
            let row = read_row(&mut line, table, node)?;
            line.finish()?;
            return Ok(Line::Row(row));
        }
    }
    Err(NotALine::Unknown)
}

fn read_row<'d>(line: &mut Members<'d>, table: Table, node: &'d Node<'d>) -> Result<StoredRow, NotALine> {
    let mut members = line.inside(noun(table), node)?;
    let mut attributes = BTreeMap::new();
    let mut key = |name: &'static str| match members.text(name)? {
        None => Err(NotALine::Missing(name)),
        Some(text) if text.is_empty() => {
            Err(NotALine::Wrong { name: name.to_owned(), wanted: "a text that isn't empty" })
        }
        Some(text) => Ok(text),
    };
    let (hash, sort) = (key(table.hash())?, key(table.range())?);
    for name in PLAIN {
        if let Some(text) = members.text(name)? {
            attributes.insert(name.to_owned(), Attribute::Text(text));
        }
    }
    match (members.take(VALUE)?, members.text(VALUE_TEXT)?) {
        (Some(_), Some(_)) => return Err(NotALine::Misplaced(VALUE_TEXT.to_owned())),
        (Some(value), None) => {
            attributes.insert(VALUE.to_owned(), Attribute::Text(line.text[value.span.clone()].to_owned()));
        }
        (None, Some(text)) => {
            attributes.insert(VALUE.to_owned(), Attribute::Text(text));
        }
        (None, None) => {}
    }
    members.finish()?;
    if let Some(node) = line.take("attributes")? {
        let wrong = || NotALine::Wrong { name: "attributes".to_owned(), wanted: "attributes as in DynamoDB's JSON" };
        let others: BTreeMap<String, Attribute> =
            serde_json::from_str(&line.text[node.span.clone()]).map_err(|_| wrong())?;
        for (name, attribute) in others {
            let is_key = name == table.hash() || name == table.range();
            if is_key || attributes.insert(name.clone(), attribute).is_some() {
                return Err(NotALine::Misplaced(name));
            }
        }
    }
    Ok(StoredRow { table, hash, sort, attributes })
}

fn noun(table: Table) -> &'static str {
    match table {
        Table::Collections => "collection",
        Table::Entries => "entry",
    }
}

/// Returns whether a text is JSON that comes back byte for byte from the middle of a line: on one line, with nothing
/// around it, and not so deep that it is too deep inside of a row.
fn stands_as_it_is(text: &str) -> bool {
    if text.contains(['\n', '\r']) {
        return false;
    }
    // As deep as in a row.
    let inside = format!("[[{text}]]");
    let Ok(document) = json::parse(&inside) else { return false };
    only_item(document.root()).and_then(only_item).is_some_and(|value| value.span == (2..2 + text.len()))
}

fn only_item<'n, 'd>(node: &'n Node<'d>) -> Option<&'n Node<'d>> {
    match &node.kind {
        Kind::Array(items) if items.len() == 1 => items.first(),
        _ => None,
    }
}

/// The members of an object that were not taken yet.
struct Members<'d> {
    text: &'d str,
    left: Vec<&'d Member<'d>>,
}

impl<'d> Members<'d> {
    fn of(text: &'d str, node: &'d Node<'d>) -> Option<Self> {
        match &node.kind {
            Kind::Object(members) => Some(Self { text, left: members.iter().collect() }),
            _ => None,
        }
    }

    fn inside(&self, name: &str, node: &'d Node<'d>) -> Result<Self, NotALine> {
        Self::of(self.text, node).ok_or_else(|| NotALine::Wrong { name: name.to_owned(), wanted: "an object" })
    }

    fn take(&mut self, name: &str) -> Result<Option<&'d Node<'d>>, NotALine> {
        let mut found = self.left.extract_if(.., |member| member.key.decode() == name);
        let first = found.next();
        if found.next().is_some() {
            return Err(NotALine::Misplaced(name.to_owned()));
        }
        drop(found);
        Ok(first.map(|member| &member.value))
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, NotALine> {
        let Some(node) = self.take(name)? else { return Ok(None) };
        let wrong = || NotALine::Wrong { name: name.to_owned(), wanted: "a text" };
        let Kind::String(token) = &node.kind else { return Err(wrong()) };
        // Half of a surrogate pair is legal JSON and no text that a table can hold.
        serde_json::from_str(token.raw()).map(Some).map_err(|_| wrong())
    }

    fn finish(&self) -> Result<(), NotALine> {
        self.left.first().map_or(Ok(()), |left| Err(NotALine::Misplaced(left.key.decode().into_owned())))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    fn entry(attributes: &[(&str, &str)]) -> StoredRow {
        let attributes =
            attributes.iter().map(|(name, text)| ((*name).to_owned(), Attribute::Text((*text).to_owned())));
        let (hash, sort) = ("u-1#c0ffee#".to_owned(), "e1#17".to_owned());
        StoredRow { table: Table::Entries, hash, sort, attributes: attributes.collect() }
    }

    #[test]
    fn a_row_can_be_read_by_people() {
        let good = entry(&[("name", "inv-7"), ("value", r#"{"n": 1.0}"#), ("author", "ada"), ("supersededBy", "18")]);
        assert_eq!(
            row(&good),
            r#"{"entry":{"userCollection":"u-1#c0ffee#","entryVersion":"e1#17","name":"inv-7","value":{"n": 1.0},"author":"ada","supersededBy":"18"}}"#
        );
        let mut odd = entry(&[("value", "{oops\n"), ("colour", "red")]);
        odd.attributes.insert("name".to_owned(), Attribute::Number("7".to_owned()));
        assert_eq!(
            row(&odd),
            r#"{"entry":{"userCollection":"u-1#c0ffee#","entryVersion":"e1#17","valueText":"{oops\n"},"attributes":{"colour":{"S":"red"},"name":{"N":"7"}}}"#
        );
        for row_ in [good, odd] {
            assert_eq!(read(row(&row_).as_bytes()), Ok(Line::Row(row_)));
        }
    }

    #[test]
    fn a_value_stands_as_it_is_where_it_comes_back_byte_for_byte() {
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let (deepest, too_deep) = (deep(json::MAX_DEPTH - 2), deep(json::MAX_DEPTH - 1));
        for text in ["1", "1e400", r#"{"a" : 1,	"a":2}"#, "\"\u{2028}\u{85}\"", r#""\ud800""#, &deepest] {
            assert!(stands_as_it_is(text), "{text}");
        }
        for text in ["", " 1", "1 ", "1\n", "[1,\r2]", "1,2", "1],[2", "{oops", "undefined", "\u{feff}1", &too_deep] {
            assert!(!stands_as_it_is(text), "{text}");
        }
        for text in [&deepest, &too_deep, "1],[2"] {
            let row_ = entry(&[("value", text)]);
            assert_eq!(read(row(&row_).as_bytes()), Ok(Line::Row(row_)));
        }
    }

    #[test]
    fn headers_and_ends_are_told_apart() {
        let address = "a\"b/u".to_owned();
        for as_of in [None, Some("2026-11-22T09:41:03Z".to_owned())] {
            let header = header(&Header { address: address.clone(), as_of, ..Header::default() });
            assert_eq!(read(header.as_bytes()), Ok(Line::Header), "{header}");
        }
        assert_eq!(read(br#"{"dynamini":{"export":2,"more":[]}}"#), Ok(Line::OtherForm("2".to_owned())));
        assert_eq!(read(end(7).as_bytes()), Ok(Line::End(7)));
        assert_eq!(read(b" {\"end\" : {\"rows\": 7}}\r\n"), Ok(Line::End(7)));
    }

    #[test]
    fn what_is_no_line_is_told_what_is_wrong_with_it() {
        let keys = r#""userCollection":"p","entryVersion":"e#1""#;
        for (text, told) in [
            (r#"{"entry":"#.to_owned(), "column 10: "),
            ("[]".to_owned(), "it is neither"),
            ("{}".to_owned(), "it is neither"),
            (r#"{"entry":1}"#.to_owned(), "\"entry\" must be an object"),
            (r#"{"entry":{"userCollection":"p"}}"#.to_owned(), "\"entryVersion\" is missing"),
            (r#"{"entry":{"userCollection":"p","entryVersion":""}}"#.to_owned(), "must be a text that isn't empty"),
            (format!(r#"{{"entry":{{{keys},"name":7}}}}"#), "\"name\" must be a text"),
            (format!(r#"{{"entry":{{{keys},"name":"\ud800"}}}}"#), "\"name\" must be a text"),
            (format!(r#"{{"entry":{{{keys},"name":"a","name":"a"}}}}"#), "\"name\" is there twice"),
            (format!(r#"{{"entry":{{{keys},"colour":"red"}}}}"#), "\"colour\" is there twice, or has no place"),
            (format!(r#"{{"entry":{{{keys},"value":1,"valueText":"1"}}}}"#), "\"valueText\" is there twice"),
            (format!(r#"{{"entry":{{{keys}}},"collection":{{}}}}"#), "is missing"),
            (format!(r#"{{"entry":{{{keys}}},"more":1}}"#), "\"more\" is there twice"),
            (format!(r#"{{"entry":{{{keys}}},"attributes":{{"a":{{"X":"1"}}}}}}"#), "\"attributes\" must be"),
            (
                format!(r#"{{"entry":{{{keys}}},"attributes":{{"entryVersion":{{"S":"1"}}}}}}"#),
                "\"entryVersion\" is there",
            ),
            (format!(r#"{{"entry":{{{keys},"name":"a"}},"attributes":{{"name":{{"S":"b"}}}}}}"#), "\"name\" is there"),
            (r#"{"end":{}}"#.to_owned(), "\"rows\" is missing"),
            (r#"{"end":{"rows":1.5}}"#.to_owned(), "\"rows\" must be"),
        ] {
            let error = read(text.as_bytes()).expect_err(&text).to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
        assert_eq!(read(b"{\"entry\xff"), Err(NotALine::NotText(7)));
    }

    fn attribute() -> impl Strategy<Value = Attribute> {
        let leaf = prop_oneof![
            8 => any::<String>().prop_map(Attribute::Text),
            1 => Just(Attribute::Number("12.5".to_owned())),
            1 => Just(Attribute::Binary("AAE=".to_owned())),
            1 => any::<bool>().prop_map(Attribute::Bool),
            1 => Just(Attribute::Null(true)),
            1 => vec(any::<String>(), 1..3).prop_map(Attribute::Texts),
        ];
        leaf.prop_recursive(3, 8, 3, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..3).prop_map(Attribute::List),
                btree_map(any::<String>(), inner, 0..3).prop_map(Attribute::Map),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_row_comes_back_as_it_was(
            keys in (".+", ".+"),
            is_entry: bool,
            value in proptest::option::of("[ \\[\\]{}\"a:,0-9.\n\\\\-]{0,12}"),
            attributes in btree_map(
                prop_oneof![proptest::sample::select(&PLAIN[..]).prop_map(str::to_owned), "[a-zA-Z]{1,5}", Just("valueText".to_owned())],
                attribute(),
                0..6,
            ),
        ) {
            let table = if is_entry { Table::Entries } else { Table::Collections };
            let mut attributes = attributes;
            attributes.extend(value.map(|value| (VALUE.to_owned(), Attribute::Text(value))));
            let stored = StoredRow { table, hash: keys.0, sort: keys.1, attributes };
            let line = row(&stored);
            prop_assert!(!line.contains('\n'));
            prop_assert_eq!(read(line.as_bytes()), Ok(Line::Row(stored)));
        }
    }
}
