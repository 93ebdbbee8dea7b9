//! A shortest edit script between two sequences, as long as it is short.
//!
//! The greedy algorithm of E. Myers, "An O(ND) difference algorithm and its variations" (1986): with each edit more, it
//! notes for every diagonal of the grid of old against new how far one gets there. It is cut off at a number of edits,
//! so that it takes time and memory by the square of that number and not by the length of the sequences.

use super::super::shape::Id;
use super::Run;

/// How far one gets on each diagonal; a diagonal is the place in the old sequence less the one in the new.
#[derive(Clone)]
struct Reach {
    /// The place in the old sequence, or `None` where no way leads. The middle one is that of the diagonal 0.
    places: Vec<Option<usize>>,
}

impl Reach {
    fn on(&self, diagonal: isize) -> Option<usize> {
        *self.places.get(self.index(diagonal)?)?
    }

    fn index(&self, diagonal: isize) -> Option<usize> {
        (self.places.len() / 2).checked_add_signed(diagonal)
    }
}

/// Returns the runs that a shortest edit script between two sequences leaves alone, in order; `None` where it has more than
/// `most` edits, each of which removes or adds one item.
pub(super) fn shortest(old: &[Id], new: &[Id], most: usize) -> Option<Vec<Run>> {
    let mut reaches: Vec<Reach> = Vec::new();
    for edits in 0..=most.min(old.len() + new.len()) {
        let mut places = vec![None; 2 * edits + 1];
        for (at, place) in places.iter_mut().enumerate().step_by(2) {
            let diagonal = at.cast_signed() - edits.cast_signed();
            let Some(start) = start(reaches.last(), diagonal, old.len(), new.len()) else { continue };
            let end = start + snake(&old[start..], &new[new_place(start, diagonal)..]);
            *place = Some(end);
            if end == old.len() && new_place(end, diagonal) == new.len() {
                return Some(runs(&reaches, old.len(), new.len()));
            }
        }
        reaches.push(Reach { places });
    }
    None
}

/// Returns how many items two sequences begin with that are the same.
fn snake(old: &[Id], new: &[Id]) -> usize {
    old.iter().zip(new).take_while(|(old, new)| old == new).count()
}

/// Returns where on a diagonal one comes to after one edit more, or after none.
fn start(before: Option<&Reach>, diagonal: isize, old_len: usize, new_len: usize) -> Option<usize> {
    let Some(before) = before else { return Some(0) };
    removal(before, diagonal, old_len).max(addition(before, diagonal, new_len))
}

/// Returns where one comes to by leaving out an item of the old sequence.
fn removal(before: &Reach, diagonal: isize, old_len: usize) -> Option<usize> {
    before.on(diagonal - 1).filter(|&place| place < old_len).map(|place| place + 1)
}

/// Returns where one comes to by taking in an item of the new sequence.
fn addition(before: &Reach, diagonal: isize, new_len: usize) -> Option<usize> {
    before.on(diagonal + 1).filter(|&place| new_place(place, diagonal) <= new_len)
}

fn new_place(old_place: usize, diagonal: isize) -> usize {
    old_place.checked_add_signed(-diagonal).expect("no way leads out of the grid")
}

/// Goes back the way from the end of both sequences, and returns what was the same on it.
fn runs(reaches: &[Reach], old_len: usize, new_len: usize) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut end, mut diagonal) = (old_len, old_len.cast_signed() - new_len.cast_signed());
    for edits in (0..=reaches.len()).rev() {
        let before = edits.checked_sub(1).map(|before| &reaches[before]);
        let start = start(before, diagonal, old_len, new_len).expect("the way led here");
        if start < end {
            runs.push(Run { old: start, new: new_place(start, diagonal), len: end - start });
        }
        let Some(before) = before else { break };
        if removal(before, diagonal, old_len) == Some(start) {
            (end, diagonal) = (start - 1, diagonal - 1);
        } else {
            (end, diagonal) = (start, diagonal + 1);
        }
    }
    runs.reverse();
    runs
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn told(old: &str, new: &str, most: usize) -> Option<String> {
        let ids = |text: &str| text.bytes().map(Id::from).collect::<Vec<_>>();
        let runs = shortest(&ids(old), &ids(new), most)?;
        Some(runs.iter().map(|run| old[run.old..run.old + run.len].to_owned()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn what_stays_is_as_much_as_can() {
        for (old, new, expected) in [
            ("", "", ""),
            ("abc", "abc", "abc"),
            ("abc", "", ""),
            ("", "abc", ""),
            ("abc", "xabc", "abc"),
            ("abxc", "abc", "ab c"),
            ("the old lamp", "the new lamp", "the   lamp"),
        ] {
            assert_eq!(told(old, new, 100).as_deref(), Some(expected), "{old:?} {new:?}");
        }
    }

    #[test]
    fn a_script_with_too_many_edits_is_given_up() {
        assert_eq!(told("abc", "xyz", 6).as_deref(), Some(""));
        assert_eq!(told("abc", "xyz", 5), None);
    }

    /// The length of the longest common subsequence, the slow way.
    fn longest(old: &[Id], new: &[Id]) -> usize {
        let mut row = vec![0; new.len() + 1];
        for item in old {
            let mut diagonal = 0;
            for (at, other) in new.iter().enumerate() {
                let above = row[at + 1];
                row[at + 1] = if item == other { diagonal + 1 } else { above.max(row[at]) };
                diagonal = above;
            }
        }
        row[new.len()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn the_script_is_a_shortest_one(
            (old, new) in (1..9_u32).prop_flat_map(|kinds| (vec(0..kinds, 0..40), vec(0..kinds, 0..40))),
        ) {
            let runs = shortest(&old, &new, usize::MAX).expect("there is no bound");
            let common: Vec<_> =
                runs.iter().flat_map(|run| (0..run.len).map(move |at| (run.old + at, run.new + at))).collect();
            prop_assert!(common.iter().all(|&(old_place, new_place)| old[old_place] == new[new_place]));
            prop_assert!(common.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
            prop_assert_eq!(common.len(), longest(&old, &new));
            let edits = old.len() + new.len() - 2 * common.len();
            prop_assert!(shortest(&old, &new, edits).is_some());
            prop_assert!(edits == 0 || shortest(&old, &new, edits - 1).is_none());
        }
    }
}
