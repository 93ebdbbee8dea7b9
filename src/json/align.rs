//! Decides which children of two arrays or objects belong together.

mod alike;
mod myers;
mod sequence;

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use self::alike::most_alike;
pub(super) use self::sequence::{Run, unchanged_runs};
use super::shape::{Id, Shape};
use super::string::StringToken;
use super::tree::{Kind, Written};

/// Of more equal items than these no one can say which went where, as in a list of zeros and ones: they don't count as moved.
const NAMESAKES: usize = 4;

/// One child on the way through two arrays or objects side by side, named by its place in its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A child of the old value and the child of the new one that it became, equal or not.
    Pair(usize, usize),
    /// A child of the old value only.
    Removed(usize),
    /// A child of the new value only.
    Added(usize),
    /// An item of the old array that stands unchanged elsewhere in the new one, where it was.
    Away(usize),
    /// The same where it is now.
    Here {
        /// Its place in the old array.
        from: usize,
        /// Its place in the new one.
        to: usize,
    },
}

/// Whether an item can be followed to another place in its array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moves {
    /// It is, if it is unchanged.
    Followed,
    /// It counts as taken out and put in: there are no [`Step::Away`] and [`Step::Here`].
    Ignored,
}

/// Returns the steps through two arrays or two objects in the order of the new one, each child that is gone from its place
/// behind the one that it followed in the old; `None` for any other two values.
///
/// The other way round, from new to old, the same children are paired and the same items moved.
pub(super) fn steps(old: &Shape<'_>, new: &Shape<'_>, moves: Moves) -> Option<Vec<Step>> {
    match (&old.node.kind, &new.node.kind) {
        (Kind::Array(_), Kind::Array(_)) => Some(array_steps(old, new, moves)),
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

/// Pairs the items that both arrays have in the same order, then finds those that moved, then pairs what lies between.
fn array_steps(old: &Shape<'_>, new: &Shape<'_>, moves: Moves) -> Vec<Step> {
    if old.id == new.id {
        return (0..new.children.len()).map(|place| Step::Pair(place, place)).collect();
    }
    // Where several choices are equally good, it is the same one from old to new as from new to old, so that both tell the
    // same differences.
    let is_forward = order(old, new).is_le();
    let runs = common_runs(old, new, is_forward);
    let elsewhere = match moves {
        Moves::Followed => Elsewhere::between(old, new, &runs),
        Moves::Ignored => Elsewhere::default(),
    };
    let mut steps = Vec::with_capacity(new.children.len());
    let (mut old_done, mut new_done) = (0, 0);
    let end = Run { old: old.children.len(), new: new.children.len(), len: 0 };
    for Run { old: old_start, new: new_start, len } in runs.into_iter().chain([end]) {
        replaced_run(&mut steps, (old, old_done..old_start), (new, new_done..new_start), &elsewhere, is_forward);
        steps.extend((0..len).map(|offset| Step::Pair(old_start + offset, new_start + offset)));
        (old_done, new_done) = (old_start + len, new_start + len);
    }
    steps
}

/// Returns the runs of items that both arrays have in the same order.
fn common_runs(old: &Shape<'_>, new: &Shape<'_>, is_forward: bool) -> Vec<Run> {
    let ids = |shape: &Shape<'_>| shape.children.iter().map(|child| child.id).collect::<Vec<_>>();
    if is_forward {
        return unchanged_runs(&ids(old), &ids(new));
    }
    let mirrored = unchanged_runs(&ids(new), &ids(old)).into_iter();
    mirrored.map(|Run { old, new, len }| Run { old: new, new: old, len }).collect()
}

/// Returns an order of two values that doesn't depend on which is which; equal only for equal values.
fn order(mut one: &Shape<'_>, mut other: &Shape<'_>) -> Ordering {
    let written = |shape: &Shape<'_>| match shape.node.written() {
        Written::Token(token) => token.to_owned(),
        Written::Brackets(open, _) => open.to_string(),
    };
    loop {
        let [keys, other_keys] =
            [one, other].map(|shape| shape.children.iter().map(|child| child.key.map(StringToken::raw)));
        let order = written(one).cmp(&written(other)).then_with(|| keys.cmp(other_keys));
        let mut children = one.children.iter().zip(&other.children);
        match children.find(|(one, other)| one.id != other.id) {
            Some(differing) if order.is_eq() => (one, other) = differing,
            _ => return order,
        }
    }
}

/// The items that stand unchanged in both arrays, but not in the same order.
#[derive(Default)]
struct Elsewhere {
    /// Their places in the old array.
    away: BTreeMap<usize, usize>,
    /// Their places in the new array, with those in the old one.
    here: BTreeMap<usize, usize>,
}

impl Elsewhere {
    /// Finds them among the items outside of `runs`; of a few equal ones the first moved to the first place, and so on.
    fn between(old: &Shape<'_>, new: &Shape<'_>, runs: &[Run]) -> Self {
        let outside = |len: usize, taken: &dyn Fn(&Run) -> Range<usize>| -> Vec<usize> {
            let mut left = Vec::new();
            let mut done = 0;
            for run in runs.iter().map(taken).chain(std::iter::once(len..len)) {
                left.extend(done..run.start);
                done = run.end;
            }
            left
        };
        let olds = outside(old.children.len(), &|run| run.old..run.old + run.len);
        let news = outside(new.children.len(), &|run| run.new..run.new + run.len);
        let mut elsewhere = Self::default();
        if olds.is_empty() || news.is_empty() {
            return elsewhere;
        }
        let mut places: HashMap<Id, [Vec<usize>; 2]> = HashMap::new();
        for from in olds {
            places.entry(old.children[from].id).or_default()[0].push(from);
        }
        for to in news {
            places.entry(new.children[to].id).or_default()[1].push(to);
        }
        for [olds, news] in places.into_values().filter(|[olds, news]| olds.len().max(news.len()) <= NAMESAKES) {
            for (from, to) in olds.into_iter().zip(news) {
                elsewhere.away.insert(from, to);
                elsewhere.here.insert(to, from);
            }
        }
        elsewhere
    }
}

/// Pairs the items of two runs of which none is the same: those that are most alike, and between them one by one; with
/// those that moved in between.
fn replaced_run(
    steps: &mut Vec<Step>,
    (old, old_run): (&Shape<'_>, Range<usize>),
    (new, new_run): (&Shape<'_>, Range<usize>),
    elsewhere: &Elsewhere,
    is_forward: bool,
) {
    let olds: Vec<usize> = old_run.clone().filter(|place| !elsewhere.away.contains_key(place)).collect();
    let news: Vec<usize> = new_run.clone().filter(|place| !elsewhere.here.contains_key(place)).collect();
    let mut away = elsewhere.away.range(old_run).map(|(&from, _)| from).peekable();
    let mut here = elsewhere.here.range(new_run).map(|(&to, &from)| (from, to)).peekable();
    let mut add = |old_place: usize, new_place: usize, step: Option<Step>| {
        while let Some(from) = away.next_if(|&from| from < old_place) {
            steps.push(Step::Away(from));
        }
        while let Some((from, to)) = here.next_if(|&(_, to)| to < new_place) {
            steps.push(Step::Here { from, to });
        }
        steps.extend(step);
    };
    let (mut old_done, mut new_done) = (0, 0);
    for (old_next, new_next) in
        became((old, &olds), (new, &news), is_forward).into_iter().chain([(olds.len(), news.len())])
    {
        for &place in &olds[old_done..old_next] {
            add(place, 0, Some(Step::Removed(place)));
        }
        for &place in &news[new_done..new_next] {
            add(0, place, Some(Step::Added(place)));
        }
        if let (Some(&old_place), Some(&new_place)) = (olds.get(old_next), news.get(new_next)) {
            add(old_place, new_place, Some(Step::Pair(old_place, new_place)));
        }
        (old_done, new_done) = (old_next + 1, new_next + 1);
    }
    add(usize::MAX, usize::MAX, None);
}

/// Returns which of the old items became which of the new ones, as places in the two lists, ascending: the most alike, and
/// of what lies between these the first became the first, and so on.
fn became(
    (old, olds): (&Shape<'_>, &[usize]),
    (new, news): (&Shape<'_>, &[usize]),
    is_forward: bool,
) -> Vec<(usize, usize)> {
    let sizes = |shape: &Shape<'_>, places: &[usize]| -> Vec<usize> {
        places.iter().map(|&place| shape.children[place].children.len()).collect()
    };
    let (old_sizes, new_sizes) = (sizes(old, olds), sizes(new, news));
    let alike = |at: usize, other: usize| likeness(&old.children[olds[at]], &new.children[news[other]]);
    // The same choice from old to new as from new to old.
    let alike = if is_forward {
        most_alike([&old_sizes, &new_sizes], alike)
    } else {
        let mirrored = most_alike([&new_sizes, &old_sizes], |other, at| alike(at, other));
        mirrored.map(|pairs| pairs.into_iter().map(|(other, at)| (at, other)).collect())
    };
    let mut pairs = Vec::new();
    let (mut old_done, mut new_done) = (0, 0);
    for (old_next, new_next) in alike.unwrap_or_default().into_iter().chain([(olds.len(), news.len())]) {
        pairs.extend((old_done..old_next).zip(new_done..new_next));
        if old_next < olds.len() {
            pairs.push((old_next, new_next));
        }
        (old_done, new_done) = (old_next + 1, new_next + 1);
    }
    pairs
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
