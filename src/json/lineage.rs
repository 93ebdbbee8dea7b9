//! Which values of a document are still those of an older one.

use std::collections::VecDeque;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::align::{Moves, Step, steps};
use super::shape::{Id, Shape, shapes};
use super::tree::Document;

/// Returns which values of `new` are still what they were in `old`: for each the byte offset in `new`'s text where it starts
/// and the one in `old`'s, in the order of `new`.
///
/// A value is the same if all that is in it is, by the rules of [`super::diff()`], and it stands at the same path, but for
/// the indexes of items before which others came or went. What was moved within its array, or got another key in its object,
/// unchanged, is not the same itself, but all that is in it is.
pub fn lineage(old: &Document<'_>, new: &Document<'_>) -> Vec<(usize, usize)> {
    let [old, new] = shapes([old, new]);
    let mut walk = Walk(Vec::new());
    walk.pair(&old, &new);
    walk.0
}

/// A walk through two values side by side that notes what is the same.
struct Walk(Vec<(usize, usize)>);

impl Walk {
    fn pair(&mut self, old: &Shape<'_>, new: &Shape<'_>) {
        if old.id == new.id {
            self.0.push((new.node.span.start, old.node.span.start));
            self.inside(old, new);
        } else if let Some(steps) = steps(old, new, Moves::Ignored) {
            self.changed(old, new, &steps);
        }
    }

    /// Notes what is in two equal values.
    fn inside(&mut self, old: &Shape<'_>, new: &Shape<'_>) {
        // Items of equal arrays need no aligning.
        if new.by_key.is_empty() {
            for (old, new) in old.children.iter().zip(&new.children) {
                self.pair(old, new);
            }
            return;
        }
        for step in steps(old, new, Moves::Ignored).unwrap_or_default() {
            if let Step::Pair(old_index, new_index) = step {
                self.pair(&old.children[old_index], &new.children[new_index]);
            }
        }
    }

    /// Notes what is the same in two arrays or two objects that differ.
    fn changed(&mut self, old: &Shape<'_>, new: &Shape<'_>, steps: &[Step]) {
        let moved = moved(old, new, steps);
        let taken: HashSet<usize> = moved.values().copied().collect();
        for step in steps {
            let (old_index, new_index) = match *step {
                Step::Pair(old_index, new_index) => (Some(old_index), new_index),
                Step::Added(new_index) | Step::Here { to: new_index, .. } => (None, new_index),
                Step::Removed(_) | Step::Away(_) => continue,
            };
            let child = &new.children[new_index];
            if let Some(&from) = moved.get(&new_index) {
                self.inside(&old.children[from], child);
            } else if let Some(index) = old_index.filter(|index| !taken.contains(index)) {
                self.pair(&old.children[index], child);
            }
        }
    }
}

/// Returns which children of `new` are arrays or objects that were elsewhere in `old`, or under another key, and where.
fn moved(old: &Shape<'_>, new: &Shape<'_>, steps: &[Step]) -> HashMap<usize, usize> {
    let is_same = |old_index: usize, new_index: usize| old.children[old_index].id == new.children[new_index].id;
    let mut gone: HashMap<Id, VecDeque<usize>> = HashMap::new();
    for step in steps {
        let index = match *step {
            Step::Pair(old_index, new_index) if !is_same(old_index, new_index) => old_index,
            Step::Removed(old_index) | Step::Away(old_index) => old_index,
            Step::Pair(..) | Step::Added(_) | Step::Here { .. } => continue,
        };
        if !old.children[index].children.is_empty() {
            gone.entry(old.children[index].id).or_default().push_back(index);
        }
    }
    let mut moved = HashMap::new();
    for step in steps {
        let index = match *step {
            Step::Pair(old_index, new_index) if !is_same(old_index, new_index) => new_index,
            Step::Added(new_index) | Step::Here { to: new_index, .. } => new_index,
            Step::Pair(..) | Step::Removed(_) | Step::Away(_) => continue,
        };
        if let Some(from) = gone.get_mut(&new.children[index].id).and_then(VecDeque::pop_front) {
            moved.insert(index, from);
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{parse, path_at, strategies};
    use super::*;

    /// Returns the paths of what is the same, `new` or `new < old` where they differ.
    fn kept(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (parse(old).expect("legal JSON"), parse(new).expect("legal JSON"));
        let told = |(new_start, old_start): (usize, usize)| {
            let (new, old) = (path_at(&new, new_start).to_string(), path_at(&old, old_start).to_string());
            if new == old { new } else { format!("{new} < {old}") }
        };
        lineage(&old, &new).into_iter().map(told).collect()
    }

    #[test]
    fn what_did_not_change_is_the_same() {
        for (old, new, expected) in [
            (r#"{"a": 1, "b": [2]}"#, r#"{"b":[2],"a":1}"#, vec![".", ".b", ".b[0]", ".a"]),
            (r#"{"a": 1, "b": [2]}"#, r#"{"a": 1, "b": [3]}"#, vec![".a"]),
            (r#"{"a": {"b": 1}}"#, r#"{"a": [1]}"#, vec![]),
            (r#"["\u00e9"]"#, r#"["é", 1.0]"#, vec![".[0]"]),
        ] {
            assert_eq!(kept(old, new), expected, "{old} {new}");
        }
    }

    #[test]
    fn items_stay_the_same_when_others_come_and_go() {
        assert_eq!(kept("[1, 2, 3]", "[0, 1, 3]"), [".[1] < .[0]", ".[2]"]);
        assert_eq!(kept(r#"[{"a": 1, "b": 2}]"#, r#"[0, {"a": 1, "b": 3}]"#), [".[1].a < .[0].a"]);
    }

    #[test]
    fn what_is_in_a_moved_item_or_under_another_key_stays_the_same() {
        for (old, new, expected) in [
            (r#"[{"a": 1}, 2, 3]"#, r#"[2, 3, {"a": 1}]"#, vec![".[0] < .[1]", ".[1] < .[2]", ".[2].a < .[0].a"]),
            (r#"{"a": {"c": [1]}}"#, r#"{"b": {"c": [1]}}"#, vec![".b.c < .a.c", ".b.c[0] < .a.c[0]"]),
            (
                r#"{"a": {"x": 1}, "b": {"x": 2}}"#,
                r#"{"a": {"x": 2}, "b": {"x": 1}}"#,
                vec![".a.x < .b.x", ".b.x < .a.x"],
            ),
            ("[[1], 5, 6, [2]]", "[[2], 5, 6, [1]]", vec![".[0][0] < .[3][0]", ".[1]", ".[2]", ".[3][0] < .[0][0]"]),
        ] {
            assert_eq!(kept(old, new), expected, "{old} {new}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn what_is_the_same_is_equal_and_told_in_order_and_once(
            (old_text, new_text) in strategies::related_json_texts(),
        ) {
            let (old, new) = (parse(&old_text).expect("legal"), parse(&new_text).expect("legal"));
            let same = lineage(&old, &new);
            prop_assert!(same.windows(2).all(|pair| pair[0].0 < pair[1].0));
            let mut origins: Vec<usize> = same.iter().map(|(_, old)| *old).collect();
            origins.sort_unstable();
            prop_assert!(origins.windows(2).all(|pair| pair[0] < pair[1]), "an old value has become two");
            prop_assert_eq!(same.first() == Some(&(new.root().span.start, old.root().span.start)), super::super::diff(&old, &new).is_empty());
        }
    }
}
