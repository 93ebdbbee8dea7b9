//! Decides which children of two arrays or objects belong together.

mod sequence;

use std::ops::Range;

use self::sequence::Run;
use super::shape::Shape;
use super::tree::Kind;

/// One child on the way through two arrays or objects side by side, named by its place in its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A child of the old value and the child of the new one that it became, equal or not.
    Pair(usize, usize),
    /// A child of the old value only.
    Removed(usize),
    /// A child of the new value only.
    Added(usize),
}

/// Returns the steps through two arrays or two objects in the order of the new one, each removed child behind the one that
/// it followed in the old; `None` for any other two values.
pub(super) fn steps(old: &Shape<'_>, new: &Shape<'_>) -> Option<Vec<Step>> {
    match (&old.node.kind, &new.node.kind) {
        (Kind::Array(_), Kind::Array(_)) => Some(array_steps(old, new)),
        (Kind::Object(_), Kind::Object(_)) => Some(object_steps(old, new)),
        _ => None,
    }
}

/// Pairs members by key; of a duplicate key, the first with the first, the second with the second, and so on.
fn object_steps(old: &Shape<'_>, new: &Shape<'_>) -> Vec<Step> {
    let mut partner_of_new = vec![None; new.children.len()];
    let mut partner_of_old = vec![None; old.children.len()];
    for (old_index, new_index) in same_keys(old, new) {
        partner_of_old[old_index] = Some(new_index);
        partner_of_new[new_index] = Some(old_index);
    }
    let removed_from = |start: usize| {
        let gone = partner_of_old[start..].iter().take_while(|partner| partner.is_none()).count();
        (start..start + gone).map(Step::Removed)
    };
    let mut steps: Vec<_> = removed_from(0).collect();
    for (new_index, partner) in partner_of_new.iter().enumerate() {
        match *partner {
            None => steps.push(Step::Added(new_index)),
            Some(old_index) => {
                steps.push(Step::Pair(old_index, new_index));
                steps.extend(removed_from(old_index + 1));
            }
        }
    }
    steps
}

/// Returns the places of the members of two objects that have a key in common, of a duplicate key the first with the first
/// and so on.
pub(super) fn same_keys(old: &Shape<'_>, new: &Shape<'_>) -> Vec<(usize, usize)> {
    let mut olds = old.by_key.iter().peekable();
    let mut pairs = Vec::new();
    for &(key, new_index) in &new.by_key {
        while olds.next_if(|(old_key, _)| *old_key < key).is_some() {}
        if let Some(&(_, old_index)) = olds.next_if(|(old_key, _)| *old_key == key) {
            pairs.push((old_index, new_index));
        }
    }
    pairs
}

/// Pairs the items that both arrays have in the same order, then what lies between those.
fn array_steps(old: &Shape<'_>, new: &Shape<'_>) -> Vec<Step> {
    let ids = |shape: &Shape<'_>| shape.children.iter().map(|child| child.id).collect::<Vec<_>>();
    let mut steps = Vec::new();
    let (mut old_done, mut new_done) = (0, 0);
    for Run { old: old_start, new: new_start, len } in sequence::unchanged_runs(&ids(old), &ids(new)) {
        replaced_run(&mut steps, (old, old_done..old_start), (new, new_done..new_start));
        steps.extend((0..len).map(|offset| Step::Pair(old_start + offset, new_start + offset)));
        (old_done, new_done) = (old_start + len, new_start + len);
    }
    replaced_run(&mut steps, (old, old_done..old.children.len()), (new, new_done..new.children.len()));
    steps
}

/// Pairs one by one the items of two runs that have nothing in common, from that end which makes the pairs more alike if one
/// run is longer.
fn replaced_run(steps: &mut Vec<Step>, old: (&Shape<'_>, Range<usize>), new: (&Shape<'_>, Range<usize>)) {
    let ((old, old_run), (new, new_run)) = (old, new);
    let paired = old_run.len().min(new_run.len());
    let likeness_from = |old_start: usize, new_start: usize| -> usize {
        let pairs = (0..paired).map(|offset| (&old.children[old_start + offset], &new.children[new_start + offset]));
        pairs.map(|(old, new)| likeness(old, new)).sum()
    };
    let (old_late, new_late) = (old_run.end - paired, new_run.end - paired);
    let late = old_run.len() != new_run.len()
        && likeness_from(old_late, new_late) > likeness_from(old_run.start, new_run.start);
    let (old_start, new_start) = if late { (old_late, new_late) } else { (old_run.start, new_run.start) };

    steps.extend((old_run.start..old_start).map(Step::Removed));
    steps.extend((new_run.start..new_start).map(Step::Added));
    steps.extend((0..paired).map(|offset| Step::Pair(old_start + offset, new_start + offset)));
    steps.extend((old_start + paired..old_run.end).map(Step::Removed));
    steps.extend((new_start + paired..new_run.end).map(Step::Added));
}

/// Returns how many children two values have in common.
fn likeness(old: &Shape<'_>, new: &Shape<'_>) -> usize {
    let same = |(old_index, new_index): (usize, usize)| old.children[old_index].id == new.children[new_index].id;
    match (&old.node.kind, &new.node.kind) {
        (Kind::Object(_), Kind::Object(_)) => same_keys(old, new).into_iter().filter(|&pair| same(pair)).count(),
        (Kind::Array(_), Kind::Array(_)) => {
            let both = old.children.len().min(new.children.len());
            (0..both).filter(|&index| same((index, index))).count()
        }
        _ => 0,
    }
}
