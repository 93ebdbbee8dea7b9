//! Finds what stands side by side in the children of three arrays or objects.

use std::ops::Range;

use super::super::align::{Moves, Step, same_keys, steps};
use super::super::path::Crumb;
use super::super::shape::Shape;
use super::super::tree::Kind;

/// One place in the three documents; `None` where nothing is there.
#[derive(Clone, Copy)]
pub(super) struct Place<'s, 'a> {
    pub base: Option<&'s Shape<'a>>,
    pub theirs: Option<&'s Shape<'a>>,
    pub mine: Option<&'s Shape<'a>>,
}

/// One step on the way through the children of a place.
pub(super) enum Slot<'s, 'a> {
    /// A member, or an item that is or was in the base, or one put in by one side or alike by both.
    Place(Crumb<'a>, Place<'s, 'a>),
    /// Different items that the sides put in at one place of an array, and the index of the first in `mine`.
    Runs { index: usize, theirs: &'s [Shape<'a>], mine: &'s [Shape<'a>] },
}

impl<'s, 'a> Slot<'s, 'a> {
    /// Makes the slot of a member.
    fn member(place: Place<'s, 'a>) -> Self {
        Self::Place((place.mine.or(place.theirs).and_then(|shape| shape.key), 0), place)
    }

    /// Makes the slot of an item that is at these places of the arrays.
    fn item(
        base: Option<&'s Shape<'a>>,
        theirs: Option<(usize, &'s Shape<'a>)>,
        mine: Option<(usize, &'s Shape<'a>)>,
    ) -> Self {
        let index = mine.or(theirs).map_or(0, |(index, _)| index);
        let [theirs, mine] = [theirs, mine].map(|item| item.map(|(_, item)| item));
        Self::Place((None, index), Place { base, theirs, mine })
    }
}

/// Returns what stands side by side within a place, in the order of the merged value; `None` if it has to be taken whole.
pub(super) fn slots<'s, 'a>(place: Place<'s, 'a>) -> Option<Vec<Slot<'s, 'a>>> {
    let (base, theirs, mine) = (place.base, place.theirs?, place.mine?);
    match (base.map(|base| &base.node.kind), &theirs.node.kind, &mine.node.kind) {
        (Some(Kind::Array(_)), Kind::Array(_), Kind::Array(_)) => Some(items(base?, theirs, mine)),
        (None | Some(Kind::Object(_)), Kind::Object(_), Kind::Object(_)) => {
            let repeated = base.is_some_and(has_repeated_key) || has_repeated_key(theirs) || has_repeated_key(mine);
            (!repeated).then(|| members(base, theirs, mine))
        }
        _ => None,
    }
}

fn has_repeated_key(object: &Shape<'_>) -> bool {
    object.by_key.windows(2).any(|pair| pair[0].0 == pair[1].0)
}

/// Returns the members in the order of `theirs`, each one only in `mine` behind the nearest before it that is in both.
fn members<'s, 'a>(base: Option<&'s Shape<'a>>, theirs: &'s Shape<'a>, mine: &'s Shape<'a>) -> Vec<Slot<'s, 'a>> {
    let in_base =
        |side| partners(base, side).into_iter().map(|index| Some(&base?.children[index?])).collect::<Vec<_>>();
    let (base_of_theirs, base_of_mine) = (in_base(theirs), in_base(mine));

    let mut mine_of_theirs = vec![None; theirs.children.len()];
    // Members only in `mine`, by how many members of `theirs` go before.
    let mut behind = vec![Vec::new(); theirs.children.len() + 1];
    let mut before = 0;
    for (index, partner) in partners(Some(theirs), mine).into_iter().enumerate() {
        let member = Some(&mine.children[index]);
        if let Some(partner) = partner {
            mine_of_theirs[partner] = member;
            before = partner + 1;
        } else {
            behind[before].push(Place { base: base_of_mine[index], theirs: None, mine: member });
        }
    }

    let mut places = std::mem::take(&mut behind[0]);
    for (index, member) in theirs.children.iter().enumerate() {
        places.push(Place { base: base_of_theirs[index], theirs: Some(member), mine: mine_of_theirs[index] });
        places.append(&mut behind[index + 1]);
    }
    places.into_iter().map(Slot::member).collect()
}

/// Returns for each member of `object` the place in `other` of the one with its key.
fn partners(other: Option<&Shape<'_>>, object: &Shape<'_>) -> Vec<Option<usize>> {
    let mut partners = vec![None; object.children.len()];
    for (partner, index) in other.map_or_else(Vec::new, |other| same_keys(other, object)) {
        partners[index] = Some(partner);
    }
    partners
}

/// Returns the items in the order of the base, what was put in between them where it was.
fn items<'s, 'a>(base: &'s Shape<'a>, theirs: &'s Shape<'a>, mine: &'s Shape<'a>) -> Vec<Slot<'s, 'a>> {
    let (theirs_then, mine_then) = (Since::base(base, theirs), Since::base(base, mine));
    let mut slots = Vec::new();
    for gap in 0..=base.children.len() {
        put_in(&mut slots, (theirs, theirs_then.put_in[gap].clone()), (mine, mine_then.put_in[gap].clone()));
        if let Some(item) = base.children.get(gap) {
            let at = |side: &'s Shape<'a>, index: Option<usize>| index.map(|index| (index, &side.children[index]));
            slots.push(Slot::item(Some(item), at(theirs, theirs_then.kept[gap]), at(mine, mine_then.kept[gap])));
        }
    }
    slots
}

/// Adds the items that the sides put in at one place.
fn put_in<'s, 'a>(
    slots: &mut Vec<Slot<'s, 'a>>,
    (theirs, their_run): (&'s Shape<'a>, Range<usize>),
    (mine, my_run): (&'s Shape<'a>, Range<usize>),
) {
    let (their_items, my_items) = (&theirs.children[their_run.clone()], &mine.children[my_run.clone()]);
    let alike = their_items.iter().map(|item| item.id).eq(my_items.iter().map(|item| item.id));
    if alike || my_run.is_empty() {
        slots.extend(their_run.zip(their_items).map(|item| Slot::item(None, Some(item), None)));
    } else if their_run.is_empty() {
        slots.extend(my_run.zip(my_items).map(|item| Slot::item(None, None, Some(item))));
    } else {
        slots.push(Slot::Runs { index: my_run.start, theirs: their_items, mine: my_items });
    }
}

/// What one side made of the base's items.
struct Since {
    /// Where each item of the base, changed or not, is now; `None` if it was taken out.
    kept: Vec<Option<usize>>,
    /// The items put in before each of the base's, and those behind the last one.
    put_in: Vec<Range<usize>>,
}

impl Since {
    fn base(base: &Shape<'_>, side: &Shape<'_>) -> Self {
        let (mut kept, mut put_in) = (Vec::new(), Vec::new());
        // What is put in between two steps over the base's items lies together.
        let mut run = 0..0;
        for step in steps(base, side, Moves::Ignored).unwrap_or_default() {
            let place = match step {
                Step::Added(index) | Step::Here { to: index, .. } => {
                    run.end = index + 1;
                    continue;
                }
                Step::Pair(_, index) => Some(index),
                Step::Removed(_) | Step::Away(_) => None,
            };
            kept.push(place);
            put_in.push(run.clone());
            run.start = place.map_or(run.end, |index| index + 1);
            run.end = run.start;
        }
        put_in.push(run);
        Self { kept, put_in }
    }
}
