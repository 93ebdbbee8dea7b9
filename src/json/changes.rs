//! Lists of changes: how many, and which meet.

use std::collections::BTreeSet;
use std::fmt;

use super::diff::{Change, ChangeKind};
use super::path::{Path, Segment};

/// How many changes of each kind a list has.
///
/// Displays as `+1 ~2 >1 -1` (added, changed, moved, removed), without those there are none of; `no change` if there are none at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeCounts {
    /// Values that were not there before.
    pub added: usize,
    /// Values in place of others.
    pub changed: usize,
    /// Items that stand unchanged elsewhere in their array.
    pub moved: usize,
    /// Values that are no longer there.
    pub removed: usize,
}

impl ChangeCounts {
    /// Returns the counts of `changes`.
    pub fn of(changes: &[Change]) -> Self {
        let mut counts = Self::default();
        for change in changes {
            match change.kind {
                ChangeKind::Added { .. } => counts.added += 1,
                ChangeKind::Changed { .. } => counts.changed += 1,
                ChangeKind::Moved { .. } => counts.moved += 1,
                ChangeKind::Removed { .. } => counts.removed += 1,
            }
        }
        counts
    }
}

impl fmt::Display for ChangeCounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed = [('+', self.added), ('~', self.changed), ('>', self.moved), ('-', self.removed)];
        let mut separator = "";
        for (sign, count) in signed.into_iter().filter(|&(_, count)| count > 0) {
            write!(formatter, "{separator}{sign}{count}")?;
            separator = " ";
        }
        if separator.is_empty() { formatter.write_str("no change") } else { Ok(()) }
    }
}

/// Returns the paths of those of `mine` that touch what one of `theirs` touches, both lists being changes to the same value.
///
/// Two changes meet at the same path, or when the path of one leads through the path of the other. Adding to,
/// removing from and moving within an array moves other items too, so that counts as touching the whole array.
pub fn overlapping(theirs: &[Change], mine: &[Change]) -> Vec<Path> {
    let theirs: BTreeSet<&[Segment]> = theirs.iter().map(touched).collect();
    let meets = |mine: &[Segment]| {
        let below = theirs.range(mine..).next().is_some_and(|first| first.starts_with(mine));
        below || (0..mine.len()).any(|len| theirs.contains(&mine[..len]))
    };
    mine.iter().filter(|change| meets(touched(change))).map(|change| change.path.clone()).collect()
}

/// Returns the path of what can't be changed by another without regard to `change`.
pub(super) fn touched(change: &Change) -> &[Segment] {
    match (&change.kind, change.path.segments()) {
        (ChangeKind::Changed { .. }, path) => path,
        (_, [array @ .., Segment::Index(_)]) => array,
        (_, path) => path,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{diff, parse};
    use super::*;

    fn changes(old: &str, new: &str) -> Vec<Change> {
        diff(&parse(old).expect("legal JSON"), &parse(new).expect("legal JSON"))
    }

    #[test]
    fn counts_leave_out_what_there_is_none_of() {
        for (old, new, shown) in [
            ("[1]", "[1]", "no change"),
            ("[]", "[1]", "+1"),
            (r#"{"a": 1, "b": 1, "c": 1, "d": 1}"#, r#"{"a": 2, "b": 2, "c": 1, "e": 1}"#, "+1 ~2 -1"),
            ("[1, 2]", "[2]", "-1"),
            ("[1, 2, 3]", "[2, 3, 1, 4]", "+1 >1"),
        ] {
            assert_eq!(ChangeCounts::of(&changes(old, new)).to_string(), shown);
        }
    }

    #[test]
    fn changes_meet_at_a_path_or_through_it() {
        let base = r#"{"a": {"b": 1, "c": 2}, "ab": 3, "items": [1, 2, {"n": 3}]}"#;
        for (theirs, mine, expected) in [
            (r#"{"a": {"b": 9, "c": 2}, "ab": 3, "items": [1, 2, {"n": 3}]}"#, base, vec![]),
            (
                r#"{"a": {"b": 9, "c": 2}, "ab": 3, "items": [1, 2, {"n": 3}]}"#,
                r#"{"a": {"b": 8, "c": 8}, "ab": 8, "items": [1, 2, {"n": 3}]}"#,
                vec![".a.b"],
            ),
            (
                r#"{"a": 0, "ab": 3, "items": [1, 2, {"n": 3}]}"#,
                r#"{"a": {"b": 1, "c": 8}, "ab": 8, "items": [1, 2, {"n": 3}]}"#,
                vec![".a.c"],
            ),
            (
                r#"{"a": {"b": 9, "c": 2}, "ab": 3, "items": [1, 2, {"n": 3}]}"#,
                r#"{"ab": 8, "items": [1, 2, {"n": 3}]}"#,
                vec![".a"],
            ),
            (
                r#"{"a": {"b": 1, "c": 2}, "ab": 3, "items": [9, 2, {"n": 3}]}"#,
                r#"{"a": {"b": 1, "c": 2}, "ab": 3, "items": [1, 9, {"n": 3}]}"#,
                vec![],
            ),
            (
                r#"{"a": {"b": 1, "c": 2}, "ab": 3, "items": [0, 1, 2, {"n": 3}]}"#,
                r#"{"a": {"b": 1, "c": 2}, "ab": 8, "items": [1, 2, {"n": 9}]}"#,
                vec![".items[2].n"],
            ),
            (
                r#"{"a": {"b": 1, "c": 2}, "ab": 3, "items": [1, 2, {"n": 9}]}"#,
                r#"{"a": {"b": 1, "c": 2}, "ab": 3, "items": [1, {"n": 3}]}"#,
                vec![".items[1]"],
            ),
            ("0", r#"{"a": {"b": 1, "c": 2}, "ab": 8, "items": [1, 2, {"n": 3}]}"#, vec![".ab"]),
            (r#"{"a": {"b": 1, "c": 2}, "ab": 8, "items": [1, 2, {"n": 3}]}"#, "0", vec!["."]),
        ] {
            let met: Vec<_> =
                overlapping(&changes(base, theirs), &changes(base, mine)).iter().map(ToString::to_string).collect();
            assert_eq!(met, expected, "{theirs} {mine}");
        }
    }
}
