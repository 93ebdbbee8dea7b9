//! Finds what two long sequences have in common, in bounded time whatever they hold.

use std::collections::HashMap;
use std::iter::successors;
use std::ops::Range;

use super::super::shape::Id;
use super::myers;

/// How long two sequences may be together for a shortest edit script to be tried on the whole of them: long enough for what
/// people edit by hand, short enough not to be felt.
const SHORT: usize = 1_000;

/// How many items may be removed and added before a shortest edit script is given up.
///
/// A bound on edits, not on time, so that the same two documents always give the same answer. It keeps the worst arrays of
/// 400 KB (random digits, everything moved) from taking seconds. Two runs of up to 200 items are never given up.
const MAX_EDITS: usize = 400;

/// A run of items that are the same in both sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Run {
    /// Where it starts in the old sequence.
    pub old: usize,
    /// Where it starts in the new sequence.
    pub new: usize,
    /// How many items it has.
    pub len: usize,
}

/// Returns the runs of items that both sequences have in the same order, in that order.
///
/// Of short sequences they come from Myers' shortest edit script. Of longer ones, items that occur once in each are the
/// anchors, and the script is sought between each two of them. Where it takes more than [`MAX_EDITS`], only what is common to
/// both ends counts.
pub(in super::super) fn unchanged_runs(old: &[Id], new: &[Id]) -> Vec<Run> {
    let (both, end) = (Gap { old: 0..old.len(), new: 0..new.len() }, (old.len(), new.len()));
    if old.len() + new.len() <= SHORT
        && let Some(runs) = with_few_edits(old, new, &both)
    {
        return runs;
    }
    let mut runs = Vec::new();
    let (mut old_done, mut new_done) = (0, 0);
    for (old_next, new_next) in anchors(old, new).into_iter().chain([end]) {
        let gap = Gap { old: old_done..old_next, new: new_done..new_next };
        runs.extend(with_few_edits(old, new, &gap).unwrap_or_else(|| common_ends(old, new, &gap)));
        if (old_next, new_next) != end {
            runs.push(Run { old: old_next, new: new_next, len: 1 });
        }
        (old_done, new_done) = (old_next + 1, new_next + 1);
    }
    runs
}

/// Parts of the two sequences that lie between the same anchors.
#[derive(Clone)]
struct Gap {
    old: Range<usize>,
    new: Range<usize>,
}

/// Returns the runs in `gap` that a shortest edit script leaves alone; `None` if the script has too many edits.
fn with_few_edits(old: &[Id], new: &[Id], gap: &Gap) -> Option<Vec<Run>> {
    let Gap { old: old_gap, new: new_gap } = gap.clone();
    let mut runs = myers::shortest(&old[old_gap.clone()], &new[new_gap.clone()], MAX_EDITS)?;
    for run in &mut runs {
        run.old += old_gap.start;
        run.new += new_gap.start;
    }
    Some(runs)
}

/// Returns the runs that both parts of `gap` start and end with.
fn common_ends(old: &[Id], new: &[Id], gap: &Gap) -> Vec<Run> {
    let (old_part, new_part) = (&old[gap.old.clone()], &new[gap.new.clone()]);
    let pairs = old_part.iter().zip(new_part);
    let start = pairs.take_while(|(old, new)| old == new).count();
    let pairs = old_part[start..].iter().rev().zip(new_part[start..].iter().rev());
    let end = pairs.take_while(|(old, new)| old == new).count();
    let first = Run { old: gap.old.start, new: gap.new.start, len: start };
    let last = Run { old: gap.old.end - end, new: gap.new.end - end, len: end };
    vec![first, last]
}

/// Returns the places in both sequences of items that occur once in each, as many as are in the same order in both.
fn anchors(old: &[Id], new: &[Id]) -> Vec<(usize, usize)> {
    let (old, new) = (places_of_unique(old), places_of_unique(new));
    let both = |(id, place): (&Id, &Option<usize>)| Some(((*place)?, (*new.get(id)?)?));
    let mut pairs: Vec<(usize, usize)> = old.iter().filter_map(both).collect();
    pairs.sort_unstable();
    longest_ascending(&pairs)
}

/// Returns each item's place, or `None` for one that occurs more than once.
fn places_of_unique(items: &[Id]) -> HashMap<Id, Option<usize>> {
    let mut places = HashMap::with_capacity(items.len());
    for (place, &item) in items.iter().enumerate() {
        places.entry(item).and_modify(|known| *known = None).or_insert(Some(place));
    }
    places
}

/// Returns a longest part of `pairs`, which ascend by their first places, that ascends by the second ones too.
fn longest_ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the pair that ends the ascending part of that length with the lowest end.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous = Vec::with_capacity(pairs.len());
    for (index, &(_, place)) in pairs.iter().enumerate() {
        let shorter = ends.partition_point(|&end| pairs[end].1 < place);
        previous.push(shorter.checked_sub(1).map(|last| ends[last]));
        if shorter == ends.len() {
            ends.push(index);
        } else {
            ends[shorter] = index;
        }
    }
    let backwards = successors(ends.last().copied(), |&index| previous[index]);
    let mut longest: Vec<_> = backwards.map(|index| pairs[index]).collect();
    longest.reverse();
    longest
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn common(old: &[Id], new: &[Id]) -> Vec<(usize, usize)> {
        let runs = unchanged_runs(old, new).into_iter();
        runs.flat_map(|run| (0..run.len).map(move |offset| (run.old + offset, run.new + offset))).collect()
    }

    #[test]
    fn a_few_edits_in_a_long_sequence_are_found_wherever_they_are() {
        let old: Vec<Id> = (0..10_000).map(|n| n * n % 7).collect();
        let mut new = old.clone();
        new.remove(9_000);
        new.insert(100, 3);
        assert_eq!(common(&old, &new).len(), 9_999);
    }

    #[test]
    fn in_long_sequences_unique_items_are_anchors() {
        let old: Vec<Id> = (0..5_000).collect();
        let moved: Vec<Id> = (1_000..5_000).chain(0..1_000).collect();
        assert_eq!(common(&old, &moved).len(), 4_000);
        let reversed: Vec<Id> = (0..5_000).rev().collect();
        assert_eq!(common(&old, &reversed).len(), 1);
    }

    #[test]
    fn sequences_without_anchors_keep_their_common_ends() {
        let noise = |factor: Id| (0..5_000).map(move |n: Id| n.wrapping_mul(factor) >> 7 & 1);
        let around = |middle: Vec<Id>| [vec![1; 300], middle, vec![0; 200]].concat();
        let (old, new) = (around(noise(2_654_435_761).collect()), around(noise(0x9e37_79b9).chain([1]).collect()));
        let common = common(&old, &new);
        assert!(common.starts_with(&(0..300).map(|place| (place, place)).collect::<Vec<_>>()));
        assert!(common.ends_with(&[(5_499, 5_500)]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn runs_ascend_and_are_common(
            (old, new) in (1..2_000_u32).prop_flat_map(|kinds| (vec(0..kinds, 0..900), vec(0..kinds, 0..900))),
        ) {
            let common = common(&old, &new);
            prop_assert!(common.iter().all(|&(old_place, new_place)| old[old_place] == new[new_place]));
            prop_assert!(common.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
        }
    }
}
