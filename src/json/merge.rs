//! Joins what two people changed in one document: the three-way merge.
//!
//! Places are compared by path, in `base`, `theirs` and `mine`, under these rules:
//!
//! - What one side changed, added or removed is taken from that side; what both changed to the same is no clash. As
//!   everywhere in this module, white space, the order of keys and the spelling of strings are no change, and the spelling
//!   of a number is.
//! - What both changed differently is looked into if it is an object on both sides (and in `base`, if it was there at all),
//!   or an array in all three. Otherwise it is a [`Clash`], as is what one removed and the other changed.
//! - Arrays are compared item by item as [`diff()`](super::diff()) aligns them, so what one side put in or took out moves
//!   nothing of the other. Where both put in different items at one place, that is a clash of the two runs
//!   ([`ClashKind::Items`]): which come first is not for a program to say. Moves are not followed: a moved item is one taken
//!   out and one put in, and an item replaced by one unlike it is still the same item, since items have no names.
//! - An object that both changed differently clashes as a whole if it has a key twice on any side: what belongs together
//!   there is a guess, and most programs read only the last one.
//!
//! Every token is as typed on the side it comes from. Members are in the order of `theirs`, which is what is stored; those
//! only in `mine` follow the member that they follow there.

mod slot;
mod walk;

use thiserror::Error;

use super::error::ParseError;
use super::format::compact;
use super::parse::{MAX_DEPTH, parse};
use super::path::Path;
use super::shape::shapes;
use super::tree::{Document, Kind, Node};

/// Two documents that changed since a common base, joined; with the choices of a person where both changed the same.
#[derive(Clone, Debug)]
pub struct Merge {
    root: Part,
    clashes: Vec<Clash>,
    /// For each clash, how it is settled.
    choices: Vec<Option<Choice>>,
}

/// One place that both sides changed in ways that can't both hold. Values are compact JSON with every token as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Where: array indexes count in `mine`, or in `theirs` for an item that is only there.
    pub path: Path,
    /// What a choice is about.
    pub kind: ClashKind,
    /// What was there before; `None` if nothing was.
    pub base: Option<String>,
    /// What they made of it; `None` if they removed it.
    pub theirs: Option<String>,
    /// What I made of it; `None` if I removed it.
    pub mine: Option<String>,
}

/// What a clash is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClashKind {
    /// The value at the path.
    Value,
    /// The items that each side put into an array, from the path on. They are shown as an array, and what is chosen is an
    /// array whose items are put in there: `[]` for none of them.
    Items,
}

/// How a person settles a clash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// As they have it.
    Theirs,
    /// As I have it.
    Mine,
    /// As typed now: a JSON text.
    Value(String),
}

/// Why a typed value can't settle a clash.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unsettled {
    /// It is not JSON.
    #[error(transparent)]
    NotJson(#[from] ParseError),
    /// It is JSON, but in its place the document would be deeper than [`MAX_DEPTH`].
    #[error("in this place the document would have more than {MAX_DEPTH} levels: nest the value less deeply")]
    TooDeep,
    /// What is put in for [`ClashKind::Items`] is not an array.
    #[error("these are items of an array: put them between [ and ]")]
    NotItems,
}

/// A part of the merged value.
#[derive(Clone, Debug)]
enum Part {
    /// Compact JSON that no choice changes.
    Fixed(String),
    /// What the clash of this index is settled as; nothing if that is a removal.
    Clash(usize),
    /// An array or object between its brackets, with the raw keys of members.
    Nested(char, Vec<(Option<String>, Part)>, char),
}

/// Returns what `theirs` and `mine` have become since `base`, joined. The documents are not needed any longer.
pub fn merge(base: &Document<'_>, theirs: &Document<'_>, mine: &Document<'_>) -> Merge {
    let [base, theirs, mine] = shapes([base, theirs, mine]);
    let (root, clashes) = walk::walk(&base, &theirs, &mine);
    let choices = vec![None; clashes.len()];
    Merge { root, clashes, choices }
}

impl Merge {
    /// Returns the places that both changed, settled or not, in the order of the merged value.
    pub fn clashes(&self) -> &[Clash] {
        &self.clashes
    }

    /// Returns how the clash is settled; `None` while it is open. A typed value comes back as compact JSON.
    pub fn choice(&self, clash: usize) -> Option<&Choice> {
        self.choices.get(clash)?.as_ref()
    }

    /// Settles a clash, in place of any choice before; `None` opens it again. An index past the last clash is ignored.
    ///
    /// # Errors
    ///
    /// Fails on a typed value that is not JSON or doesn't fit in its place; the choice before stays then.
    pub fn settle(&mut self, clash: usize, choice: Option<Choice>) -> Result<(), Unsettled> {
        if let (Some(about), Some(settled)) = (self.clashes.get(clash), self.choices.get_mut(clash)) {
            *settled = match choice {
                Some(Choice::Value(typed)) => Some(Choice::Value(about.checked(&typed)?)),
                other => other,
            };
        }
        Ok(())
    }

    /// Returns whether no clash is open.
    pub fn is_settled(&self) -> bool {
        self.choices.iter().all(Option::is_some)
    }

    /// Returns the merged value as compact JSON; `None` while a clash is open.
    pub fn merged(&self) -> Option<String> {
        self.is_settled().then(|| self.preview())
    }

    /// Returns the merged value as compact JSON, every open clash as they have it.
    pub fn preview(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, &self.root);
        out
    }

    fn write(&self, out: &mut String, part: &Part) {
        let (open, children, close) = match part {
            Part::Fixed(text) => return out.push_str(text),
            Part::Clash(index) => return out.push_str(self.settled(*index)),
            Part::Nested(open, children, close) => (*open, children, *close),
        };
        out.push(open);
        let mut separator = "";
        for (key, child) in children {
            let before = out.len();
            out.push_str(separator);
            if let Some(key) = key {
                out.push_str(key);
                out.push(':');
            }
            let start = out.len();
            self.write(out, child);
            if out.len() == start {
                // The child is settled as a removal.
                out.truncate(before);
            } else {
                separator = ",";
            }
        }
        out.push(close);
    }

    /// Returns what stands in place of a clash; nothing for a removal.
    fn settled(&self, index: usize) -> &str {
        let clash = &self.clashes[index];
        let value = match &self.choices[index] {
            None | Some(Choice::Theirs) => clash.theirs.as_deref(),
            Some(Choice::Mine) => clash.mine.as_deref(),
            Some(Choice::Value(value)) => Some(value.as_str()),
        };
        let value = value.unwrap_or_default();
        match clash.kind {
            ClashKind::Value => value,
            ClashKind::Items => &value[1..value.len() - 1],
        }
    }
}

impl Clash {
    /// Returns `typed` as compact JSON if it can settle the clash.
    fn checked(&self, typed: &str) -> Result<String, Unsettled> {
        let document = parse(typed)?;
        let outside = match (self.kind, &document.root().kind) {
            (ClashKind::Value, _) => self.path.segments().len(),
            (ClashKind::Items, Kind::Array(_)) => self.path.segments().len() - 1,
            (ClashKind::Items, _) => return Err(Unsettled::NotItems),
        };
        if outside + depth(document.root()) > MAX_DEPTH { Err(Unsettled::TooDeep) } else { Ok(compact(&document)) }
    }
}

/// Returns how many arrays and objects are inside each other in `node`.
fn depth(node: &Node<'_>) -> usize {
    let inner = node.children().map(|(_, child)| depth(child)).max().unwrap_or(0);
    inner + usize::from(matches!(node.kind, Kind::Array(_) | Kind::Object(_)))
}

#[cfg(test)]
mod tests;
