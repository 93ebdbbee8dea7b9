//! Two states side by side: what a collection or a user had at one moment and has at another, or what two collections
//! have.
//!
//! [`Pairs`] reads both states page by page and tells what belongs together. Values are not kept: a [`State`] knows
//! its length and a digest, which says whether two are the same, byte by byte.

use std::collections::{HashMap, VecDeque};

use uuid::Uuid;

use crate::model::{Application, CollectionKey, Filter, Moment, Record, Subject, User};
use crate::store::{Both, Page, Records, Steps, Store, StoreError};

/// A collection or an entry in one of two states, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The version in force, without its value.
    pub record: Record,
    /// What is known of its value; `None` where it has none.
    pub value: Option<Value>,
}

/// What is known of a value that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value {
    /// Its length in bytes.
    pub length: usize,
    /// Two values of one digest are the same: it has 122 bits of SHA-1.
    digest: Uuid,
}

impl From<Record> for State {
    fn from(mut record: Record) -> Self {
        let value = record
            .value
            .take()
            .map(|value| Value { length: value.len(), digest: Uuid::new_v5(&Uuid::NAMESPACE_OID, value.as_bytes()) });
        Self { record, value }
    }
}

impl State {
    /// Returns whether name and value are the same as in another state.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.record.name, self.value) == (&other.record.name, other.value)
    }

    /// Returns the size of its row in bytes.
    pub fn size(&self) -> usize {
        Store::row_size(&self.record, self.value.map(|value| value.length))
    }
}

/// What belongs together in two states; at least one of them is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// In the older state, or in the first of two collections.
    pub old: Option<State>,
    /// In the newer state, or in the second of two collections.
    pub new: Option<State>,
}

/// How the two of a pair differ. What is deleted counts as not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Only the new one is there.
    Added,
    /// Only the old one is there.
    Removed,
    /// The values differ, and perhaps the names.
    Changed,
    /// Only the names differ.
    Renamed,
}

impl Kind {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Renamed => "renamed",
        }
    }
}

impl Pair {
    /// Returns how the two differ; `None` where they don't.
    pub fn kind(&self) -> Option<Kind> {
        match (live(self.old.as_ref()), live(self.new.as_ref())) {
            (None, None) => None,
            (None, Some(_)) => Some(Kind::Added),
            (Some(_), None) => Some(Kind::Removed),
            (Some(old), Some(new)) if old.value != new.value => Some(Kind::Changed),
            (Some(old), Some(new)) => (old.record.name != new.record.name).then_some(Kind::Renamed),
        }
    }

    /// Returns the one that is shown first: the new one, or the old one where there is no other that is not deleted.
    pub fn shown(&self) -> Option<&State> {
        let live = live(self.new.as_ref()).or(live(self.old.as_ref()));
        live.or(self.new.as_ref()).or(self.old.as_ref())
    }
}

fn live(state: Option<&State>) -> Option<&State> {
    state.filter(|state| is_live(state))
}

fn is_live(state: &State) -> bool {
    !state.record.is_deleted()
}

/// One of two states of a collection's entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The collection.
    pub collection: CollectionKey,
    /// The moment; `None` is now.
    pub moment: Option<Moment>,
}

impl Side {
    fn listing(&self, store: &Store) -> Records {
        match self.moment {
            Some(moment) => store.entries_at(&self.collection, moment, Filter::Current, true),
            None => store.entries(&self.collection, Filter::Current, true),
        }
    }
}

/// Two states while they are read and paired.
pub struct Pairs {
    states: States,
    /// What came of the older state and has no partner yet.
    old: HashMap<Subject, State>,
    /// What came of the newer state and has no partner yet.
    new: HashMap<Subject, State>,
    by_name: bool,
    read: usize,
}

/// How the two states are read.
#[expect(clippy::large_enum_variant, reason = "there is one for each comparison")]
enum States {
    /// Those of two collections: a listing for each.
    Apart { old: Listing, new: Listing },
    /// Those of one at two moments: most of it is the same rows, which are read once.
    Together { both: Both, newer_first: bool },
}

/// One of two listings.
struct Listing {
    records: Records,
    /// Its page, where that of the other listing failed.
    page: Option<Page<Record>>,
}

impl Listing {
    fn new(records: Records) -> Self {
        Self { records, page: None }
    }

    /// Reads the next page, and keeps it.
    async fn read(&mut self) -> Result<(), StoreError> {
        if self.page.is_none() {
            self.page = Some(self.records.next().await?.unwrap_or_default());
        }
        Ok(())
    }
}

impl States {
    /// Returns whether all of the old one and all of the new one was given.
    fn are_complete(&self) -> (bool, bool) {
        match self {
            Self::Apart { old, new } => (old.records.is_complete(), new.records.is_complete()),
            Self::Together { both, .. } => (both.is_complete(), both.is_complete()),
        }
    }

    /// Reads on in both. After a failure the same can be asked for again.
    async fn next(&mut self) -> Result<(Vec<Record>, Page<Record>), StoreError> {
        match self {
            Self::Apart { old, new } => {
                let read = tokio::join!(Box::pin(old.read()), Box::pin(new.read()));
                read.0.and(read.1)?;
                let (old, new) = (old.page.take().unwrap_or_default(), new.page.take().unwrap_or_default());
                let mut cost = old.cost;
                cost += new.cost;
                Ok((old.items, Page { cost, ..new }))
            }
            Self::Together { both, newer_first } => {
                let (earlier, page) = both.next().await?.unwrap_or_default();
                Ok(match newer_first {
                    false => (earlier, page),
                    true => (page.items, Page { items: earlier, ..page }),
                })
            }
        }
    }
}

impl Pairs {
    /// Returns the entries of two sides: of one collection paired by their ids, of two by name, see [`by_name`].
    pub fn of_entries(store: &Store, old: &Side, new: &Side) -> Self {
        let both = |earlier, later| store.both_entries(&old.collection, earlier, later);
        if old.collection != new.collection {
            return Self { by_name: true, ..Self::of(Self::apart(store, old, new)) };
        }
        Self::of(match (old.moment, new.moment) {
            (Some(old), new) if new.is_none_or(|new| old <= new) => {
                States::Together { both: both(old, new), newer_first: false }
            }
            (old, Some(new)) => States::Together { both: both(new, old), newer_first: true },
            (_, None) => Self::apart(store, old, new),
        })
    }

    /// Returns the collections of a user as they were at a moment, paired with those that are there now.
    pub fn of_collections(store: &Store, application: &Application, user: &User, moment: Moment) -> Self {
        let both = store.both_collections(application, user, moment, None);
        Self::of(States::Together { both, newer_first: false })
    }

    fn of(states: States) -> Self {
        Self { states, old: HashMap::new(), new: HashMap::new(), by_name: false, read: 0 }
    }

    fn apart(store: &Store, old: &Side, new: &Side) -> States {
        States::Apart { old: Listing::new(old.listing(store)), new: Listing::new(new.listing(store)) }
    }

    /// Returns how many collections or entries were read so far: what is in both states by its id counts once.
    pub fn read(&self) -> usize {
        self.read
    }

    /// Returns the next pairs, or `None` after the last ones: it reads on in both states at once. Entries that are
    /// paired by name come all together at the end. Rows that can't be read are those of the new state. After a failure
    /// the same can be asked for again.
    pub async fn next(&mut self) -> Result<Option<Page<Pair>>, StoreError> {
        if self.states.are_complete() == (true, true) {
            return Ok(None);
        }
        let (old, new) = self.states.next().await?;
        let mut page = Page { items: Vec::new(), unreadable: new.unreadable, cost: new.cost };
        for record in old {
            self.offer_old(record.into(), &mut page.items);
        }
        for record in new.items {
            self.offer_new(record.into(), &mut page.items);
        }
        self.give_lonely(&mut page.items);
        Ok(Some(page))
    }

    fn offer_old(&mut self, old: State, pairs: &mut Vec<Pair>) {
        if let Some(new) = self.new.remove(&old.record.subject) {
            pairs.push(Pair { old: Some(old), new: Some(new) });
        } else {
            self.read += 1;
            self.old.insert(old.record.subject.clone(), old);
        }
    }

    fn offer_new(&mut self, new: State, pairs: &mut Vec<Pair>) {
        if let Some(old) = self.old.remove(&new.record.subject) {
            pairs.push(Pair { old: Some(old), new: Some(new) });
        } else {
            self.read += 1;
            self.new.insert(new.record.subject.clone(), new);
        }
    }

    /// Gives what can find no partner any more, since the other state is complete.
    fn give_lonely(&mut self, pairs: &mut Vec<Pair>) {
        let (old_complete, new_complete) = self.states.are_complete();
        if self.by_name {
            if old_complete && new_complete {
                let all = |waiting: &mut HashMap<_, _>| waiting.drain().map(|(_, state)| state).collect();
                pairs.extend(by_name(all(&mut self.old), all(&mut self.new)));
            }
            return;
        }
        if old_complete {
            pairs.extend(self.new.drain().map(|(_, new)| Pair { old: None, new: Some(new) }));
        }
        if new_complete {
            pairs.extend(self.old.drain().map(|(_, old)| Pair { old: Some(old), new: None }));
        }
    }
}

impl Steps for Pairs {
    type Step = Page<Pair>;

    fn step(&mut self) -> impl Future<Output = Result<Option<Page<Pair>>, StoreError>> + Send {
        self.next()
    }
}

/// Pairs what is live in two collections by name.
///
/// Several may have one name: those of equal values are paired first, then the oldest of the rest with the oldest of the
/// rest, and what is left over has no partner. What has no name counts as one more name.
pub fn by_name(old: Vec<State>, new: Vec<State>) -> Vec<Pair> {
    let group = |states: Vec<State>| {
        let mut groups: HashMap<Option<String>, Vec<State>> = HashMap::new();
        for state in states.into_iter().filter(is_live) {
            groups.entry(state.record.name.clone()).or_default().push(state);
        }
        groups
    };
    let (old, mut new) = (group(old), group(new));
    let mut pairs = Vec::new();
    for (name, old) in old {
        pair_doubles(old, new.remove(&name).unwrap_or_default(), &mut pairs);
    }
    pairs.extend(new.into_values().flatten().map(|new| Pair { old: None, new: Some(new) }));
    pairs
}

/// Pairs entries of one name.
fn pair_doubles(mut old: Vec<State>, mut new: Vec<State>, pairs: &mut Vec<Pair>) {
    let by_age = |state: &State| (state.record.version, state.record.subject.id().to_owned());
    old.sort_by_cached_key(by_age);
    new.sort_by_cached_key(by_age);
    let mut equal: HashMap<_, VecDeque<usize>> = HashMap::new();
    for (place, state) in new.iter().enumerate() {
        equal.entry(state.value).or_default().push_back(place);
    }
    let mut new: Vec<_> = new.into_iter().map(Some).collect();
    let mut rest = Vec::new();
    for old in old {
        match equal.get_mut(&old.value).and_then(VecDeque::pop_front).and_then(|place| new[place].take()) {
            Some(new) => pairs.push(Pair { old: Some(old), new: Some(new) }),
            None => rest.push(old),
        }
    }
    let mut new = new.into_iter().flatten();
    pairs.extend(rest.into_iter().map(|old| Pair { old: Some(old), new: new.next() }));
    pairs.extend(new.map(|new| Pair { old: None, new: Some(new) }));
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Application, CollectionId, EntryId, EntryKey, User, Version};

    fn state(id: &str, name: Option<&str>, value: &str, version: i64) -> State {
        let collection =
            CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") };
        let key = EntryKey { collection, id: EntryId::new(id) };
        let record = Record::bare(key, Version::from_ms(version));
        Record { name: name.map(str::to_owned), value: Some(value.to_owned()), ..record }.into()
    }

    /// Tells pairs as `old-new kind`, sorted.
    fn told(pairs: &[Pair]) -> Vec<String> {
        let id = |state: &Option<State>| state.as_ref().map_or("", |state| state.record.subject.id()).to_owned();
        let kind = |pair: &Pair| pair.kind().map_or("same", Kind::word);
        let mut told: Vec<_> =
            pairs.iter().map(|pair| format!("{}-{} {}", id(&pair.old), id(&pair.new), kind(pair))).collect();
        told.sort();
        told
    }

    #[test]
    fn entries_of_two_collections_go_by_their_names() {
        let old = vec![state("1", Some("a"), "1", 1), state("2", Some("b"), "2", 1), state("3", None, "3", 1)];
        let new = vec![state("4", Some("b"), "9", 1), state("5", Some("c"), "2", 1), state("6", None, "3", 1)];
        assert_eq!(told(&by_name(old, new)), ["-5 added", "1- removed", "2-4 changed", "3-6 same"]);
    }

    #[test]
    fn of_doubles_those_of_equal_values_go_together_and_then_the_oldest() {
        let double = |id, value, version| state(id, Some("a"), value, version);
        let old = vec![double("1", "x", 1), double("2", "y", 2), double("3", "z", 3)];
        let new = vec![double("4", "y", 9), double("5", "q", 8), double("6", "p", 7), double("7", "o", 6)];
        assert_eq!(told(&by_name(old, new)), ["-5 added", "1-7 changed", "2-4 same", "3-6 changed"]);
    }

    #[test]
    fn what_is_deleted_counts_as_not_there() {
        let live = state("1", Some("a"), "1", 1);
        let mut deleted = live.clone();
        deleted.record.deleted_at = Some("2026-11-22T09:41:03.000Z".to_owned());
        let kind = |old: &State, new: &State| Pair { old: Some(old.clone()), new: Some(new.clone()) }.kind();
        assert_eq!(kind(&live, &live), None);
        assert_eq!(kind(&live, &deleted), Some(Kind::Removed));
        assert_eq!(kind(&deleted, &live), Some(Kind::Added));
        assert_eq!(kind(&deleted, &deleted), None);
        assert!(by_name(vec![deleted.clone()], vec![deleted]).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn every_entry_is_in_one_pair_and_no_two_of_a_name_are_left_over(
            old in vec((0..3_u8, 0..3_u8, 0..4_i64), 0..8),
            new in vec((0..3_u8, 0..3_u8, 0..4_i64), 0..8),
        ) {
            let states = |side: &str, from: &[(u8, u8, i64)]| -> Vec<State> {
                let state = |(at, (name, value, version)): (usize, &(u8, u8, i64))| {
                    state(&format!("{side}{at}"), Some(&name.to_string()), &value.to_string(), *version)
                };
                from.iter().enumerate().map(state).collect()
            };
            let (old, new) = (states("o", &old), states("n", &new));
            let pairs = by_name(old.clone(), new.clone());
            let given = |of: fn(&Pair) -> &Option<State>| {
                let mut ids: Vec<_> = pairs.iter().filter_map(|pair| of(pair).as_ref())
                    .map(|state| state.record.subject.id().to_owned()).collect();
                ids.sort();
                ids
            };
            let ids = |states: &[State]| {
                let mut ids: Vec<_> = states.iter().map(|state| state.record.subject.id().to_owned()).collect();
                ids.sort();
                ids
            };
            prop_assert_eq!(given(|pair| &pair.old), ids(&old));
            prop_assert_eq!(given(|pair| &pair.new), ids(&new));
            let lonely = |kind: Kind| -> Vec<_> {
                pairs.iter().filter(|pair| pair.kind() == Some(kind)).filter_map(Pair::shown)
                    .map(|state| state.record.name.clone()).collect()
            };
            let (added, removed) = (lonely(Kind::Added), lonely(Kind::Removed));
            prop_assert!(added.iter().all(|name| !removed.contains(name)));
            for pair in &pairs {
                if let (Some(old), Some(new)) = (&pair.old, &pair.new) {
                    prop_assert_eq!(&old.record.name, &new.record.name);
                }
            }
        }
    }
}
