//! Goes through three documents side by side and decides what comes from where.

use super::super::format::compact_node;
use super::super::path::{Crumb, Path};
use super::super::shape::Shape;
use super::super::tree::Written;
use super::slot::{Place, Slot, slots};
use super::{Clash, ClashKind, Part};

/// Returns the merged value and the clashes in it.
pub(super) fn walk<'a>(base: &Shape<'a>, theirs: &Shape<'a>, mine: &Shape<'a>) -> (Part, Vec<Clash>) {
    let mut walk = Walk { trail: Vec::new(), clashes: Vec::new() };
    let root = walk.place(Place { base: Some(base), theirs: Some(theirs), mine: Some(mine) });
    (root.expect("no side removes the root"), walk.clashes)
}

/// A walk through three values side by side.
struct Walk<'a> {
    trail: Vec<Crumb<'a>>,
    clashes: Vec<Clash>,
}

impl<'a> Walk<'a> {
    /// Returns what is at a place in the merged value; `None` if nothing is.
    fn place(&mut self, place: Place<'_, 'a>) -> Option<Part> {
        let Place { base, theirs, mine } = place;
        let [base_id, theirs_id, mine_id] = [base, theirs, mine].map(|shape| shape.map(|shape| shape.id));
        if theirs_id == base_id && (mine_id != base_id || spelled_alike(theirs, base)) {
            return mine.map(taken);
        }
        if mine_id == base_id || mine_id == theirs_id {
            return theirs.map(taken);
        }
        match (slots(place), theirs.map(|theirs| theirs.node.written())) {
            (Some(slots), Some(Written::Brackets(open, close))) => {
                let mut children = Vec::new();
                for slot in &slots {
                    self.slot(slot, &mut children);
                }
                Some(Part::Nested(open, children, close))
            }
            _ => Some(self.clash(ClashKind::Value, [base, theirs, mine].map(|shape| shape.map(text)))),
        }
    }

    /// Adds what is in a slot to the children of the array or object at the end of the trail.
    fn slot(&mut self, slot: &Slot<'_, 'a>, children: &mut Vec<(Option<String>, Part)>) {
        match *slot {
            Slot::Place(crumb, place) => {
                self.trail.push(crumb);
                let key = place.theirs.or(place.mine).and_then(|shape| shape.key);
                let part = self.place(place);
                children.extend(part.map(|part| (key.map(|key| key.raw().to_owned()), part)));
                self.trail.pop();
            }
            Slot::Runs { index, theirs, mine } => {
                self.trail.push((None, index));
                children.push((None, self.clash(ClashKind::Items, [None, Some(run(theirs)), Some(run(mine))])));
                self.trail.pop();
            }
        }
    }

    /// Notes a clash at the end of the trail and returns the part that it decides.
    fn clash(&mut self, kind: ClashKind, [base, theirs, mine]: [Option<String>; 3]) -> Part {
        self.clashes.push(Clash { path: Path::from_trail(&self.trail), kind, base, theirs, mine });
        Part::Clash(self.clashes.len() - 1)
    }
}

/// Returns a value whole, as one side has it.
fn taken(shape: &Shape<'_>) -> Part {
    Part::Fixed(text(shape))
}

fn text(shape: &Shape<'_>) -> String {
    compact_node(shape.node)
}

/// Returns items as an array.
fn run(items: &[Shape<'_>]) -> String {
    let items: Vec<_> = items.iter().map(text).collect();
    format!("[{}]", items.join(","))
}

/// Returns whether two equal values are also typed alike but for white space.
fn spelled_alike(one: Option<&Shape<'_>>, other: Option<&Shape<'_>>) -> bool {
    one.map(text) == other.map(text)
}
