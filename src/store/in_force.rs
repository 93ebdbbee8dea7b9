//! Of the rows that pass by in the order of their keys, those that were in force at a moment, as they stood then.
//!
//! This is [`Record::as_of`](crate::model::Record::as_of) for rows that are copied and not read as versions, so that every
//! attribute comes along, also those that nobody knows.

use super::row::{Row, Table, attribute, text};
use crate::model::{Moment, Version, key};

/// Keeps of each collection and entry the newest row that is not later than a moment, without the marks that were put on
/// it later. A row whose key names no version is kept as it is: nothing says when it came.
#[derive(Clone)]
pub(super) struct InForce {
    moment: Moment,
    /// The subjects of which more rows may come. Each one's keys begin with what those of the one before begin with:
    /// among the versions of `a` lie all rows of `a#1`.
    open: Vec<Open>,
}

#[derive(Clone)]
struct Open {
    /// What its sort keys begin with.
    prefix: String,
    /// The newest row so far.
    best: Option<(Version, Row)>,
}

impl InForce {
    pub(super) fn new(moment: Moment) -> Self {
        Self { moment, open: Vec::new() }
    }

    /// Takes the next rows of a partition, and returns those of which it is certain now; after the `last` ones nothing is
    /// held back.
    pub(super) fn pass(&mut self, table: Table, rows: Vec<Row>, last: bool) -> Vec<Row> {
        let mut kept = Vec::new();
        for row in rows {
            let sort = text(&row, table.range()).unwrap_or_default();
            while self.open.last().is_some_and(|open| !sort.starts_with(&open.prefix)) {
                self.close(&mut kept);
            }
            let Some(version) = key::version_of(sort) else {
                kept.push(row);
                continue;
            };
            let prefix = &sort[..=sort.rfind('#').unwrap_or_default()];
            if self.open.last().is_none_or(|open| open.prefix != prefix) {
                self.open.push(Open { prefix: prefix.to_owned(), best: None });
            }
            if let Some(open) = self.open.last_mut()
                && self.moment.holds(version)
                && open.best.as_ref().is_none_or(|(best, _)| *best < version)
            {
                open.best = Some((version, row));
            }
        }
        while last && !self.open.is_empty() {
            self.close(&mut kept);
        }
        kept
    }

    fn close(&mut self, kept: &mut Vec<Row>) {
        let best = self.open.pop().and_then(|open| open.best);
        kept.extend(best.map(|(_, row)| self.as_of(row)));
    }

    /// Takes the marks off that came later.
    fn as_of(&self, mut row: Row) -> Row {
        if text(&row, attribute::DELETED_AT).is_some_and(|at| self.moment.is_before(at)) {
            row.remove(attribute::DELETED_AT);
            row.remove(attribute::DELETED_BY);
        }
        let superseded_by = text(&row, attribute::SUPERSEDED_BY).and_then(|by| by.parse::<Version>().ok());
        if superseded_by.is_some_and(|by| by > self.moment.version()) {
            row.remove(attribute::SUPERSEDED_BY);
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;

    fn kept(moment: i64, pages: &[&[&str]]) -> Vec<String> {
        let mut in_force = InForce::new(Version::from_ms(moment).into());
        let mut kept = Vec::new();
        for (at, page) in pages.iter().enumerate() {
            let rows = page.iter().map(|sort| Table::Entries.key("u#c#", *sort)).collect();
            kept.extend(in_force.pass(Table::Entries, rows, at + 1 == pages.len()));
        }
        kept.iter().map(|row| text(row, Table::Entries.range()).unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn the_newest_that_is_not_later_is_in_force() {
        assert_eq!(kept(18, &[&["a#17", "a#18", "a#19", "b#19"]]), ["a#18"]);
        assert_eq!(kept(20, &[&["a#17", "a#18"], &["a#19", "b#19"], &[]]), ["a#19", "b#19"]);
        assert_eq!(kept(9, &[&["a#1000", "a#5"]]), ["a#5"], "fewer digits are older, wherever they stand");
        assert_eq!(kept(2000, &[&["a#1000", "a#5"]]), ["a#1000"]);
        assert_eq!(kept(0, &[&["a#17"], &[]]), [""; 0]);
    }

    #[test]
    fn one_whose_id_begins_like_the_id_of_another_is_told_apart() {
        assert_eq!(kept(18, &[&["a#1#17", "a#1#19", "a#17", "a#18", "a#2#18"]]), ["a#1#17", "a#2#18", "a#18"]);
        assert_eq!(kept(18, &[&["a#1#17"], &["a#17"], &["a#1x#17"]]), ["a#1#17", "a#1x#17", "a#17"]);
    }

    #[test]
    fn what_has_no_version_is_kept() {
        assert_eq!(kept(1, &[&["a#17", "a#later", "garbage"]]), ["a#later", "garbage"]);
    }

    #[test]
    fn marks_that_came_later_are_taken_off_and_nothing_else() {
        let at = |moment: i64, deleted_at: &str, superseded_by: &str| {
            let mut row = Table::Entries.key("u#c#", "a#1");
            for (name, value) in [
                ("deletedAt", deleted_at),
                ("deletedBy", "bob"),
                ("supersededBy", superseded_by),
                ("note", "why"),
                ("colour", "red"),
            ] {
                row.insert(name.to_owned(), AttributeValue::S(value.to_owned()));
            }
            let kept = InForce::new(Version::from_ms(moment).into()).pass(Table::Entries, vec![row], true);
            let row = kept.first().expect("it is in force");
            assert!(row.contains_key("note") && row.contains_key("colour"));
            assert_eq!(row.contains_key("deletedAt"), row.contains_key("deletedBy"));
            (row.contains_key("deletedAt"), row.contains_key("supersededBy"))
        };
        assert_eq!(at(999, "1970-01-01T00:00:01.000Z", "2000"), (false, false));
        assert_eq!(at(1000, "1970-01-01T00:00:01.000Z", "2000"), (true, false));
        assert_eq!(at(2000, "1970-01-01T00:00:01.000Z", "2000"), (true, true));
        assert_eq!(at(17, "some day", "soon"), (true, true), "nothing says that they came later");
    }
}
