//! Numbers that are equal exactly when values are, so that comparing two values costs nothing.

use foldhash::{HashMap, HashMapExt};

use super::string::{Identity, StringToken};
use super::tree::{Document, Kind, Node};

/// The number that stands for all values equal to each other, within one call of [`shapes`].
pub(super) type Id = u32;

/// A value with what a comparison needs to know of it.
pub(super) struct Shape<'a> {
    /// The value.
    pub node: &'a Node<'a>,
    /// The value's key, if it is an object's member.
    pub key: Option<StringToken<'a>>,
    /// Equal to the id of another value when white space, the order of keys and the spelling of strings are all that
    /// differs.
    pub id: Id,
    /// How many lines the value takes pretty-printed.
    pub lines: usize,
    /// The items or member values.
    pub children: Vec<Shape<'a>>,
    /// The id of each member's key with the member's place in `children`, in ascending order; empty if not an object.
    pub by_key: Vec<(Id, usize)>,
}

/// What values and keys have to have in common to be equal.
#[derive(PartialEq, Eq, Hash)]
enum Form<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    String(Identity<'a>),
    Array(Vec<Id>),
    /// Keys and values, ordered by key; duplicate keys stay in the order typed.
    Object(Vec<(Id, Id)>),
}

/// Gives out the ids. It keeps every form it has seen, so equal ids are proof of equality, not just likely as hashes are.
struct Forms<'a>(HashMap<Form<'a>, Id>);

/// Returns the shapes of documents, with ids that can be compared with each other.
pub(super) fn shapes<'a, const N: usize>(documents: [&'a Document<'a>; N]) -> [Shape<'a>; N] {
    // About one value or key for every 16 bytes of text; a guess that spares most of the growing.
    let bytes: usize = documents.iter().map(|document| document.text().len()).sum();
    let mut forms = Forms(HashMap::with_capacity(bytes / 16));
    documents.map(|document| forms.shape(None, document.root()))
}

impl<'a> Forms<'a> {
    fn shape(&mut self, key: Option<StringToken<'a>>, node: &'a Node<'a>) -> Shape<'a> {
        // A plain loop: in a debug build, iterator adapters would take several frames of the stack for every level.
        let mut children = Vec::new();
        for (key, child) in node.children() {
            children.push(self.shape(key, child));
        }
        self.with_children(key, node, children)
    }

    fn with_children(
        &mut self,
        key: Option<StringToken<'a>>,
        node: &'a Node<'a>,
        children: Vec<Shape<'a>>,
    ) -> Shape<'a> {
        let by_key = self.keys(&children);
        let form = match &node.kind {
            Kind::Null => Form::Null,
            Kind::Bool(value) => Form::Bool(*value),
            Kind::Number(raw) => Form::Number(raw),
            Kind::String(token) => Form::String(token.identity()),
            Kind::Array(_) => Form::Array(children.iter().map(|child| child.id).collect()),
            Kind::Object(_) => Form::Object(by_key.iter().map(|&(key, index)| (key, children[index].id)).collect()),
        };
        let inner: usize = children.iter().map(|child| child.lines).sum();
        Shape { node, key, id: self.id(form), lines: if children.is_empty() { 1 } else { inner + 2 }, children, by_key }
    }

    fn keys(&mut self, children: &[Shape<'a>]) -> Vec<(Id, usize)> {
        let keys = children.iter().enumerate().filter_map(|(index, child)| Some((child.key?, index)));
        let mut by_key: Vec<_> = keys.map(|(key, index)| (self.id(Form::String(key.identity())), index)).collect();
        by_key.sort_unstable();
        by_key
    }

    fn id(&mut self, form: Form<'a>) -> Id {
        let next = Id::try_from(self.0.len()).expect("texts of under 4 GB together have fewer values than ids");
        *self.0.entry(form).or_insert(next)
    }
}
