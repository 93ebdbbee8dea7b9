//! Which version last changed each line of a value: found by going back through the older ones.
//!
//! A line shows a path, and what was changed last is the value there: of an array or object that is the version that
//! last changed anything in it, took something out of it included. The rules of what counts as a change are those of
//! [`json::lineage()`].

use std::sync::Arc;

use crate::json::{self, ParseError, Placed};
use crate::model::{Record, Version};

/// A search for who last changed each line of a value, as far as it has gone.
///
/// It is handed the older versions one by one, newest first, and holds one of them at a time and the lines that are still
/// open.
#[derive(Clone, Debug, PartialEq)]
pub struct Blame {
    /// The version that was handed in last.
    newest: Arc<Record>,
    /// What of the value is in that version still, by where it starts there.
    open: Vec<Open>,
}

/// A value that no version seen so far has changed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Open {
    /// The byte at which it starts in the oldest version seen.
    start: usize,
    /// Its first and last line in the value that is asked about.
    lines: (usize, usize),
}

/// A version, and the lines that it was the last to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// The version.
    pub version: Version,
    /// Who wrote it.
    pub author: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// The version that it brought back.
    pub restored_from: Option<Version>,
    /// How it is known.
    pub because: Because,
    /// The lines of the pretty-printed value, counted from 0, in ascending order.
    pub lines: Vec<usize>,
}

/// How it is known that a version was the last to change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The version before it has something else there, or nothing.
    Changed,
    /// There is none before it.
    First,
    /// The version before it has no value.
    NoValueBefore,
    /// The value before it is not JSON.
    NotJsonBefore,
}

/// Why nothing can be told of a value.
#[derive(Debug, thiserror::Error)]
pub enum NoPaths {
    /// It has none.
    #[error("this version has no value")]
    NoValue,
    /// It is not JSON.
    #[error("only JSON has paths, and this value is not JSON: {0}")]
    NotJson(#[from] ParseError),
}

impl Blame {
    /// Begins with the value that is asked about.
    pub fn of(record: Arc<Record>) -> Result<Self, NoPaths> {
        let document = json::parse(record.value.as_deref().ok_or(NoPaths::NoValue)?)?;
        let open = |Placed { start, first, last }| Open { start, lines: (first, last) };
        let open = json::placed(&document).into_iter().map(open).collect();
        Ok(Self { newest: record, open })
    }

    /// Takes the version before the ones so far. Returns what that tells of the one above it, if anything.
    pub fn older(&mut self, record: Arc<Record>) -> Option<Credit> {
        let newer = std::mem::replace(&mut self.newest, record);
        let (above, below) = (newer.value.as_deref(), self.newest.value.as_deref());
        if self.open.is_empty() || above == below {
            return None;
        }
        let Some(below) = below else { return self.settle(&newer, Because::NoValueBefore) };
        // What is open is in the version above, so that its value is JSON.
        let (Ok(above), Ok(below)) = (json::parse(above.unwrap_or_default()), json::parse(below)) else {
            return self.settle(&newer, Because::NotJsonBefore);
        };
        let mut same = json::lineage(&below, &above).into_iter().peekable();
        let mut still = Vec::new();
        self.open.retain(|open| {
            while same.next_if(|(start, _)| *start < open.start).is_some() {}
            match same.peek() {
                Some((start, before)) if *start == open.start => {
                    still.push(Open { start: *before, ..*open });
                    false
                }
                _ => true,
            }
        });
        let credit = self.settle(&newer, Because::Changed);
        // The order of keys may have been another one.
        still.sort_unstable_by_key(|open| open.start);
        self.open = still;
        credit
    }

    /// Says that nothing is older. Returns what is left, which is the first version's.
    pub fn first(&mut self) -> Option<Credit> {
        self.settle(&Arc::clone(&self.newest), Because::First)
    }

    /// Returns whether everything is known.
    pub fn is_finished(&self) -> bool {
        self.open.is_empty()
    }

    /// Gives everything open to a version.
    fn settle(&mut self, version: &Record, because: Because) -> Option<Credit> {
        let ends = |Open { lines: (first, last), .. }| [first, last];
        let mut lines: Vec<usize> = self.open.drain(..).flat_map(ends).collect();
        lines.sort_unstable();
        lines.dedup();
        (!lines.is_empty()).then(|| Credit {
            version: version.version,
            author: version.author.clone(),
            note: version.note.clone(),
            restored_from: version.restored_from,
            because,
            lines,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json::{Value, json};

    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User};

    /// Returns the versions 1, 2, … with these values.
    fn versions<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Vec<Arc<Record>> {
        let collection =
            CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") };
        let entry = EntryKey { collection, id: EntryId::new("e") };
        let record = |(ms, value): (i64, Option<&str>)| Record {
            value: value.map(str::to_owned),
            ..Record::bare(entry.clone(), Version::from_ms(ms))
        };
        (1..).zip(values).map(record).map(Arc::new).collect()
    }

    /// Returns all that is told of the newest version's lines.
    fn credits(versions: &[Arc<Record>]) -> Vec<Credit> {
        let mut older = versions.iter().rev().cloned();
        let mut blame = Blame::of(older.next().expect("there is a version")).expect("it is JSON");
        let mut credits: Vec<Credit> = older.by_ref().filter_map(|older| blame.older(older)).collect();
        credits.extend(blame.first());
        assert!(blame.is_finished());
        credits
    }

    /// Returns the version of each line.
    fn lines(versions: &[Arc<Record>]) -> Vec<i64> {
        let credits = credits(versions);
        let mut lines: Vec<(usize, i64)> =
            credits.iter().flat_map(|credit| credit.lines.iter().map(|line| (*line, credit.version.ms()))).collect();
        lines.sort_unstable();
        assert!(lines.iter().enumerate().all(|(at, (line, _))| at == *line), "each line once: {lines:?}");
        lines.into_iter().map(|(_, version)| version).collect()
    }

    /// Returns the lines of the newest value, each with its version in front.
    fn told(values: &[&str]) -> Vec<String> {
        let newest = json::parse(values.last().expect("there is a version")).expect("legal JSON");
        let text = json::pretty(&newest);
        let versions = lines(&versions(values.iter().copied().map(Some)));
        assert_eq!(versions.len(), text.lines().count());
        versions.iter().zip(text.lines()).map(|(version, line)| format!("{version} {line}")).collect()
    }

    #[test]
    fn each_line_is_of_the_version_that_last_changed_its_path() {
        let history = [
            r#"{"name": "desk", "price": 10, "size": {"w": 1, "h": 2}}"#,
            r#"{"name": "desk", "price": 12, "size": {"w": 1, "h": 2}}"#,
            r#"{"size": {"w": 1, "h": 3}, "name": "desk", "price": 12}"#,
            r#"{"size": {"w": 1, "h": 3}, "name": "desk", "price": 12, "new": null}"#,
        ];
        let expected = [
            "4 {",
            "3   \"size\": {",
            "1     \"w\": 1,",
            "3     \"h\": 3",
            "3   },",
            "1   \"name\": \"desk\",",
            "2   \"price\": 12,",
            "4   \"new\": null",
            "4 }",
        ];
        assert_eq!(told(&history), expected);
    }

    #[test]
    fn what_was_taken_out_shows_at_what_it_was_in() {
        assert_eq!(told(&[r#"{"a": [1, 2, 3]}"#, r#"{"a": [1, 3]}"#, r#"{"a": [1, 3], "b": 0}"#])[1], "2   \"a\": [");
    }

    #[test]
    fn items_put_in_or_moved_leave_the_others_alone() {
        let history = [
            r#"[{"id": 1, "n": 1}, {"id": 2, "n": 2}, {"id": 3, "n": 3}]"#,
            r#"[{"id": 0, "n": 0}, {"id": 1, "n": 1}, {"id": 2, "n": 2}, {"id": 3, "n": 3}]"#,
            r#"[{"id": 0, "n": 0}, {"id": 1, "n": 5}, {"id": 2, "n": 2}, {"id": 3, "n": 3}]"#,
            r#"[{"id": 3, "n": 3}, {"id": 0, "n": 0}, {"id": 1, "n": 5}, {"id": 2, "n": 2}]"#,
        ];
        let versions: String = told(&history).iter().map(|line| &line[..1]).collect();
        // The array; the item moved and what is in it; the one put in; the one changed; the one that was only there.
        assert_eq!(versions, ["4", "4114", "2222", "3133", "1111", "4"].concat());
    }

    #[test]
    fn another_key_is_a_change_and_what_is_below_it_is_not() {
        let history = [r#"{"size": {"w": 1}, "a": 1}"#, r#"{"dimensions": {"w": 1}, "b": 1}"#];
        let versions: String = told(&history).iter().map(|line| &line[..1]).collect();
        assert_eq!(versions, "221222");
    }

    #[test]
    fn a_restore_is_a_change_that_says_what_it_brought_back() {
        let mut history =
            versions([Some(r#"{"a": 1, "b": 1}"#), Some(r#"{"a": 2, "b": 1}"#), Some(r#"{"a": 1, "b": 1}"#)]);
        let newest = Arc::make_mut(&mut history[2]);
        (newest.restored_from, newest.note) = (Some(Version::from_ms(1)), Some("the old price".to_owned()));
        assert_eq!(lines(&history), [3, 3, 1, 3]);
        let credits = credits(&history);
        assert_eq!(credits[0].restored_from, Some(Version::from_ms(1)));
        assert_eq!(credits[0].note.as_deref(), Some("the old price"));
        assert_eq!((credits[0].because, credits[1].because), (Because::Changed, Because::First));
    }

    #[test]
    fn nothing_is_known_beyond_a_version_without_a_value_or_without_json() {
        for (before, because) in [(None, Because::NoValueBefore), (Some("limit: 5"), Because::NotJsonBefore)] {
            let history = versions([
                Some(r#"{"a": 1, "b": 1}"#),
                before,
                Some(r#"{"a": 1, "b": 1}"#),
                Some(r#"{"a": 2, "b": 1}"#),
            ]);
            assert_eq!(lines(&history), [4, 4, 3, 4]);
            assert_eq!(credits(&history)[1].because, because);
        }
        let blame = |value| Blame::of(versions([value]).remove(0));
        assert!(matches!(blame(None), Err(NoPaths::NoValue)));
        assert!(matches!(blame(Some("limit: 5")), Err(NoPaths::NotJson(_))));
    }

    #[test]
    fn it_ends_as_soon_as_everything_is_known() {
        let history = versions([Some("1"), Some("2"), Some("2")]);
        let mut blame = Blame::of(Arc::clone(&history[2])).expect("it is JSON");
        assert_eq!(blame.older(Arc::clone(&history[1])), None);
        assert!(!blame.is_finished());
        assert_eq!(
            blame.older(Arc::clone(&history[0])).map(|credit| (credit.version, credit.lines)),
            Some((Version::from_ms(2), vec![0]))
        );
        assert!(blame.is_finished());
        assert_eq!(blame.first(), None);
    }

    /// An object of values that can't have been another key's: each says which key it stands under.
    fn object() -> impl Strategy<Value = Value> {
        let inner = |key: &'static str| {
            let members = vec(("[a-c]", 0..3_u8), 0..3);
            members.prop_map(move |members| {
                let mut inner: serde_json::Map<String, Value> =
                    members.into_iter().map(|(key, value)| (key, value.into())).collect();
                inner.insert("of".to_owned(), key.into());
                Value::Object(inner)
            })
        };
        let value = |key| prop::option::of(prop_oneof![(0..3_u8).prop_map(Value::from), inner(key)]);
        (value("a"), value("b"), value("c")).prop_map(|(a, b, c)| {
            let members = [("a", a), ("b", b), ("c", c)].into_iter();
            members.filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
        })
    }

    /// What is done to a list of items.
    #[derive(Clone, Debug)]
    enum Work {
        Add(Index),
        Remove(Index),
        Move(Index, Index),
        Edit(Index),
    }

    fn work() -> impl Strategy<Value = Work> {
        let place = any::<Index>;
        prop_oneof![
            place().prop_map(Work::Add),
            place().prop_map(Work::Remove),
            (place(), place()).prop_map(|(from, to)| Work::Move(from, to)),
            place().prop_map(Work::Edit),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn in_objects_it_is_the_last_version_since_which_the_path_has_that_value(history in vec(object(), 1..7)) {
            let texts: Vec<String> = history.iter().map(Value::to_string).collect();
            let told = lines(&versions(texts.iter().map(|text| Some(text.as_str()))));
            let newest = history.last().expect("there is a version");
            let pretty = serde_json::to_string_pretty(newest).expect("a value can be written");
            let pretty: Vec<&str> = pretty.lines().collect();
            for (line, version) in told.into_iter().enumerate() {
                let (path, _) = json::path_of_line(line, |at| pretty[at]);
                let at = |value: &Value| {
                    let step = |value: Value, segment: &json::Segment| match segment {
                        json::Segment::Key(key) => value.get(key).cloned(),
                        json::Segment::Index(_) => None,
                    };
                    path.segments().iter().try_fold(value.clone(), step)
                };
                let since = history.iter().rev().take_while(|value| at(value) == at(newest)).count();
                prop_assert_eq!(version, i64::try_from(history.len() - since + 1).expect("it is small"), "{}", path);
            }
        }

        #[test]
        fn in_arrays_items_are_followed_wherever_they_go(works in vec(work(), 0..12)) {
            /// An item, the version that put it where it is, that which changed it, and that which made it.
            #[derive(Clone)]
            struct Item { id: usize, n: usize, placed: i64, edited: i64, made: i64 }
            let (mut items, mut history): (Vec<Item>, Vec<String>) = (Vec::new(), Vec::new());
            let (mut version, mut changed) = (1, 1);
            let text = |items: &[Item]| items.iter().map(|item| json!({"id": item.id, "n": item.n})).collect::<Value>().to_string();
            history.push(text(&items));
            for work in works {
                let (count, now) = (items.len(), version + 1);
                match work {
                    Work::Add(at) => {
                        let item = Item { id: history.len(), n: history.len() * 100, placed: now, edited: now, made: now };
                        items.insert(at.index(count + 1), item);
                    }
                    _ if count == 0 => continue,
                    Work::Remove(at) => { items.remove(at.index(count)); }
                    Work::Move(from, to) if from.index(count).abs_diff(to.index(count)) > 1 => {
                        let item = items.remove(from.index(count));
                        items.insert(to.index(count), Item { placed: now, ..item });
                    }
                    Work::Move(..) => continue,
                    Work::Edit(at) => {
                        let item = &mut items[at.index(count)];
                        (item.n, item.edited) = (item.n + 1, now);
                    }
                }
                (version, changed) = (now, now);
                history.push(text(&items));
            }
            let told = lines(&versions(history.iter().map(|text| Some(text.as_str()))));
            let inner = items.iter().flat_map(|item| {
                let outer = item.placed.max(item.edited);
                [outer, item.made, item.edited, outer]
            });
            let expected: Vec<i64> = match items.len() {
                0 => vec![changed],
                _ => std::iter::once(changed).chain(inner).chain([changed]).collect(),
            };
            prop_assert_eq!(told, expected);
        }
    }
}
