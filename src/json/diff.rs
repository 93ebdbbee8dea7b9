//! What differs between two documents, path by path.

use super::align::{Moves, Step, steps};
use super::format::compact_node;
use super::path::{Crumb, Path};
use super::shape::{Shape, shapes};
use super::tree::Document;

/// A difference between two documents at one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where: array indexes are those of the new document, but for the last one of something removed from an array, which is
    /// its index in the old array.
    pub path: Path,
    /// What happened there.
    pub kind: ChangeKind,
}

/// What happened at a path; values are compact JSON with every token as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// A value that was not there before.
    Added {
        /// The value.
        new: String,
    },
    /// A value that is no longer there.
    Removed {
        /// The value.
        old: String,
    },
    /// A value in place of another one.
    Changed {
        /// The value before.
        old: String,
        /// The value now.
        new: String,
    },
    /// An item that stands unchanged elsewhere in its array, and not only because others came or went before it.
    Moved {
        /// Its place in the old array.
        from: usize,
        /// The item.
        item: String,
    },
}

/// Returns what changed from `old` to `new`, in the order of `new`; what was removed comes behind what it followed in `old`.
///
/// White space, the order of keys and the spelling of strings (`"\u00e9"` or `"é"`) make no difference; the spelling of
/// numbers does: `1` and `1.0` are two things to have typed. Members are compared by key, duplicate keys in their order.
/// Items of arrays are aligned, so that one put in at the front is one addition; one that stands unchanged at another place
/// was moved (unless too many are equal for that to say anything), and items in the same place between unchanged ones are compared with each other.
///
/// From `new` to `old` the same values are changed and the same items moved, and those added are those removed.
pub fn diff(old: &Document<'_>, new: &Document<'_>) -> Vec<Change> {
    let [old, new] = shapes([old, new]);
    changes(&old, &new)
}

/// Returns whether [`diff`] would find nothing, without looking for what it could find.
pub fn is_same(old: &Document<'_>, new: &Document<'_>) -> bool {
    let [old, new] = shapes([old, new]);
    old.id == new.id
}

/// The same for values whose ids are known.
pub(super) fn changes(old: &Shape<'_>, new: &Shape<'_>) -> Vec<Change> {
    let mut comparison = Comparison::default();
    comparison.compare(old, new);
    comparison.changes
}

/// A walk through two values side by side.
#[derive(Default)]
struct Comparison<'a> {
    trail: Vec<Crumb<'a>>,
    changes: Vec<Change>,
}

impl<'a> Comparison<'a> {
    fn compare(&mut self, old: &Shape<'a>, new: &Shape<'a>) {
        if old.id == new.id {
            return;
        }
        let Some(steps) = steps(old, new, Moves::Followed) else {
            let (old, new) = (compact_node(old.node), compact_node(new.node));
            self.note(ChangeKind::Changed { old, new });
            return;
        };
        for step in steps {
            match step {
                Step::Pair(old_index, new_index) => {
                    let (old, new) = (&old.children[old_index], &new.children[new_index]);
                    self.trail.push((new.key, new_index));
                    self.compare(old, new);
                    self.trail.pop();
                }
                Step::Removed(index) => {
                    let child = &old.children[index];
                    let old = compact_node(child.node);
                    self.note_at((child.key, index), ChangeKind::Removed { old });
                }
                Step::Added(index) => {
                    let child = &new.children[index];
                    let new = compact_node(child.node);
                    self.note_at((child.key, index), ChangeKind::Added { new });
                }
                Step::Here { from, to } => {
                    let item = compact_node(new.children[to].node);
                    self.note_at((None, to), ChangeKind::Moved { from, item });
                }
                Step::Away(_) => {}
            }
        }
    }

    /// Notes a change to a child of the value at the end of the trail.
    fn note_at(&mut self, child: Crumb<'a>, kind: ChangeKind) {
        self.trail.push(child);
        self.note(kind);
        self.trail.pop();
    }

    fn note(&mut self, kind: ChangeKind) {
        self.changes.push(Change { path: Path::from_trail(&self.trail), kind });
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::{compact, parse, pretty, strategies};
    use super::*;

    /// Returns the changes as lines: `+ path new`, `- path old`, `~ path old -> new`, `> path item from place`.
    fn changes(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (parse(old).expect("legal JSON"), parse(new).expect("legal JSON"));
        let line = |Change { path, kind }| match kind {
            ChangeKind::Added { new } => format!("+ {path} {new}"),
            ChangeKind::Removed { old } => format!("- {path} {old}"),
            ChangeKind::Changed { old, new } => format!("~ {path} {old} -> {new}"),
            ChangeKind::Moved { from, item } => format!("> {path} {item} from {from}"),
        };
        diff(&old, &new).into_iter().map(line).collect()
    }

    #[test]
    fn values_that_say_the_same_have_no_differences() {
        for (old, new) in [
            ("1", " 1\n"),
            (r#"{"a": 1, "b": [1, 2]}"#, r#"{"b":[1,2],"a":1}"#),
            (r#"["\u00e9", "\/"]"#, r#"["é", "/"]"#),
            (r#"{"\u00e9": 1}"#, r#"{"é": 1}"#),
            (r#"["\ud800"]"#, r#"["\ud800"]"#),
            (r#"[{"a": 1, "b": 2}]"#, r#"[{"b": 2, "a": 1}]"#),
            (r#"{"a": 1, "b": 0, "a": 2}"#, r#"{"a": 1, "a": 2, "b": 0}"#),
        ] {
            assert_eq!(changes(old, new), [""; 0], "{old} {new}");
        }
    }

    #[test]
    fn differences_are_told_by_path() {
        for (old, new, expected) in [
            ("1", "1.0", vec!["~ . 1 -> 1.0"]),
            ("1e400", "1e401", vec!["~ . 1e400 -> 1e401"]),
            (r#"{"limit": 1}"#, r#"{"limit": 2}"#, vec!["~ .limit 1 -> 2"]),
            (r#"{"a": {"b": 1}}"#, r#"{"a": {"b": 1, "c": [ ]}}"#, vec!["+ .a.c []"]),
            (r#"{"a": 1, "b": 2}"#, r#"{"b": 2}"#, vec!["- .a 1"]),
            (r#"{"a": {"b": 1}}"#, r#"{"a": [1]}"#, vec![r#"~ .a {"b":1} -> [1]"#]),
            ("[]", "{}", vec!["~ . [] -> {}"]),
            ("null", "[ null ]", vec!["~ . null -> [null]"]),
            ("{}", r#"{"b": 1, "a": 2}"#, vec!["+ .b 1", "+ .a 2"]),
            (r#"["\ud800"]"#, r#"["\ud801"]"#, vec![r#"~ .[0] "\ud800" -> "\ud801""#]),
            (r#"{"a": 1, "a": 2}"#, r#"{"a": 1, "a": 3}"#, vec!["~ .a 2 -> 3"]),
            (r#"{"a": 1, "a": 2}"#, r#"{"a": 1}"#, vec!["- .a 2"]),
        ] {
            assert_eq!(changes(old, new), expected, "{old} {new}");
        }
    }

    #[test]
    fn items_are_followed_when_others_come_and_go() {
        for (old, new, expected) in [
            ("[1, 2, 3]", "[0, 1, 2, 3]", vec!["+ .[0] 0"]),
            ("[0, 1, 2, 3]", "[1, 2, 3]", vec!["- .[0] 0"]),
            ("[1, 2, 3]", "[1, 3]", vec!["- .[1] 2"]),
            (r#"[{"a": 1}]"#, r#"[{"a": 2}]"#, vec!["~ .[0].a 1 -> 2"]),
            (r#"[1, {"a": 1}]"#, r#"[0, 1, {"a": 2}]"#, vec!["+ .[0] 0", "~ .[2].a 1 -> 2"]),
            (r#"[9, [1, {"a": 1}]]"#, "[[1]]", vec!["- .[0] 9", r#"- .[0][1] {"a":1}"#]),
            ("[1, 2, 3, 4]", "[1, 5, 6, 4]", vec!["~ .[1] 2 -> 5", "~ .[2] 3 -> 6"]),
            ("[1, 2, 9]", "[1, 3, 4, 9]", vec!["~ .[1] 2 -> 3", "+ .[2] 4"]),
            (
                r#"[{"id": 1, "n": 1}]"#,
                r#"[{"id": 2, "n": 7}, {"id": 1, "n": 2}]"#,
                vec![r#"+ .[0] {"id":2,"n":7}"#, "~ .[1].n 1 -> 2"],
            ),
            (
                r#"[{"id": 1, "n": 1}]"#,
                r#"[{"id": 1, "n": 2}, {"id": 2, "n": 7}]"#,
                vec!["~ .[0].n 1 -> 2", r#"+ .[1] {"id":2,"n":7}"#],
            ),
        ] {
            assert_eq!(changes(old, new), expected, "{old} {new}");
        }
    }

    #[test]
    fn items_that_only_moved_are_told_as_moved() {
        for (old, new, expected) in [
            ("[1, 2, 3, 4]", "[2, 3, 4, 1]", vec!["> .[3] 1 from 0"]),
            ("[1, 2, 3, 4]", "[4, 1, 2, 3]", vec!["> .[0] 4 from 3"]),
            ("[1, 2, 3]", "[3, 2, 1]", vec!["> .[0] 3 from 2", "> .[1] 2 from 1"]),
            ("[1, 2, 3, 4, 5]", "[0, 2, 3, 4, 1, 5]", vec!["+ .[0] 0", "> .[4] 1 from 0"]),
            ("[7, 7, 1, 2, 3]", "[1, 2, 3, 7, 7]", vec!["> .[3] 7 from 0", "> .[4] 7 from 1"]),
            ("[9, 1, 2, 3]", "[1, 2, 8, 3, 9]", vec!["+ .[2] 8", "> .[4] 9 from 0"]),
            ("[9, 1, 2, 3]", "[1, 2, 3, 9, 9]", vec!["> .[3] 9 from 0", "+ .[4] 9"]),
            (
                r#"[{"id": 1, "n": 1}, {"id": 2}, {"id": 3}]"#,
                r#"[{"id": 2}, {"id": 3}, {"n": 1, "id": 1}]"#,
                vec![r#"> .[2] {"n":1,"id":1} from 0"#],
            ),
            (
                "[0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6]",
                "[1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0]",
                vec![
                    "- .[0] 0",
                    "- .[1] 0",
                    "- .[2] 0",
                    "- .[3] 0",
                    "- .[4] 0",
                    "+ .[6] 0",
                    "+ .[7] 0",
                    "+ .[8] 0",
                    "+ .[9] 0",
                    "+ .[10] 0",
                ],
            ),
            (
                r#"{"a": [{"n": 1}, 2, 3]}"#,
                r#"{"a": [2, 3, {"n": 2}]}"#,
                vec![r#"- .a[0] {"n":1}"#, r#"+ .a[2] {"n":2}"#],
            ),
        ] {
            assert_eq!(changes(old, new), expected, "{old} {new}");
        }
    }

    #[test]
    fn differences_follow_the_new_order_and_removals_the_old() {
        let old = r#"{"x": 1, "a": 1, "b": 1, "y": 1, "c": 1, "z": 1}"#;
        let new = r#"{"c": 2, "n": 1, "a": 2, "b": 2}"#;
        let expected = ["- .x 1", "~ .c 1 -> 2", "- .z 1", "+ .n 1", "~ .a 1 -> 2", "~ .b 1 -> 2", "- .y 1"];
        assert_eq!(changes(old, new), expected);
    }

    #[test]
    fn long_arrays_with_everything_changed_or_moved_are_compared_too() {
        let array = |item: fn(usize) -> usize| format!("{:?}", (0..20_000).map(item).collect::<Vec<_>>());
        assert_eq!(changes(&array(|n| n), &array(|n| n + 20_000)).len(), 20_000);
        assert!(!changes(&array(|n| n), &array(|n| n * 7_919 % 20_000)).is_empty());
    }

    #[test]
    fn items_that_changed_are_compared_with_those_that_they_are_most_like() {
        let old = r#"[{"id": 1, "n": 1}, {"id": 2, "n": 2}, {"id": 3, "n": 3}]"#;
        for (new, expected) in [
            (
                r#"[{"id": 9, "n": 9}, {"id": 1, "n": 7}, {"id": 2, "n": 8}, {"id": 3, "n": 3}]"#,
                vec![r#"+ .[0] {"id":9,"n":9}"#, "~ .[1].n 1 -> 7", "~ .[2].n 2 -> 8"],
            ),
            (
                r#"[{"id": 2, "n": 7}, {"id": 3, "n": 8}]"#,
                vec![r#"- .[0] {"id":1,"n":1}"#, "~ .[0].n 2 -> 7", "~ .[1].n 3 -> 8"],
            ),
            (
                r#"[{"id": 1, "n": 1}, {"id": 3, "n": 8}, {"id": 2, "n": 7}]"#,
                vec![r#"+ .[1] {"id":3,"n":8}"#, "~ .[2].n 2 -> 7", r#"- .[2] {"id":3,"n":3}"#],
            ),
        ] {
            assert_eq!(changes(old, new), expected, "{new}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_value_does_not_differ_from_itself_reformatted(text in strategies::json_text()) {
            let document = parse(&text).expect("generated JSON");
            for formatted in [compact(&document), pretty(&document)] {
                prop_assert_eq!(changes(&text, &formatted), [""; 0]);
            }
        }

        #[test]
        fn values_differ_when_another_library_says_so(old in strategies::plain_value(), new in strategies::plain_value()) {
            prop_assert_eq!(changes(&old.to_string(), &new.to_string()).is_empty(), old == new);
        }

        #[test]
        fn every_change_holds_what_is_at_its_path(old in strategies::plain_value(), new in strategies::plain_value()) {
            let (old_text, new_text) = (old.to_string(), new.to_string());
            let (old_document, new_document) = (parse(&old_text).expect("legal"), parse(&new_text).expect("legal"));
            for Change { path, kind } in diff(&old_document, &new_document) {
                if let ChangeKind::Added { new: value }
                | ChangeKind::Changed { new: value, .. }
                | ChangeKind::Moved { item: value, .. } = kind
                {
                    let found = strategies::value_at(&new, path.segments()).map(ToString::to_string);
                    prop_assert_eq!(found, Some(value), "{}", path);
                }
            }
        }

        #[test]
        fn from_new_to_old_the_same_differs((old, new) in strategies::related_values()) {
            let [there, back] = [(&old, &new), (&new, &old)].map(|(old, new)| changes(&old.to_string(), &new.to_string()));
            let counted = |changes: &[String], sign: char| changes.iter().filter(|line| line.starts_with(sign)).count();
            for (sign, mirrored) in [('+', '-'), ('-', '+'), ('~', '~'), ('>', '>')] {
                prop_assert_eq!(counted(&there, sign), counted(&back, mirrored), "{:?} {:?}", there, back);
            }
        }

        #[test]
        fn what_was_only_put_in_another_order_has_moved(
            (items, shuffled) in vec(0..1_000_u32, 0..30).prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle())),
        ) {
            let text = |items: &[u32]| format!("{items:?}");
            for change in changes(&text(&items), &text(&shuffled)) {
                prop_assert!(change.starts_with('>'), "{}", change);
            }
        }
    }
}
