//! Builds histories of collections and entries, oldest version first.

use uuid::Uuid;

use super::doc::Doc;
use crate::model::{Application, CollectionKey, EntryId, EntryKey, Record, Subject, User, Version};
use crate::store::create::{claim, collection_id};
use crate::store::row::{Row, Table, text, write_record};

/// The namespace of the ids of entries; drawn once at random, never to change.
const ENTRIES: Uuid = Uuid::from_u128(0x1b5c_2d7e_0f4a_4c61_9a70_64c3_8e1d_b2f5);

// All times here are told in minutes before now.
pub(super) const HOUR: i64 = 60;
pub(super) const DAY: i64 = 24 * HOUR;
pub(super) const YEAR: i64 = 365 * DAY;
const MINUTE_MS: i64 = 60_000;

/// The rows of one collection or entry, which are written together or not at all.
pub(super) struct Group {
    pub(super) table: Table,
    pub(super) hash: String,
    /// The sort keys without their versions.
    pub(super) id: String,
    /// The hash key of a collection's entries.
    pub(super) entries: Option<String>,
    pub(super) rows: Vec<(Table, Row)>,
}

/// Returns what comes before the version in a sort key; all of it where there is no version.
pub(super) fn id(sort: &str) -> &str {
    sort.rsplit_once('#').map_or(sort, |(id, _)| id)
}

/// The sample data while it is built.
pub(super) struct Sample {
    now_ms: i64,
    histories: Vec<History>,
    raw: Vec<Group>,
}

impl Sample {
    pub(super) fn new(now_ms: i64) -> Self {
        Self { now_ms, histories: Vec::new(), raw: Vec::new() }
    }

    /// Adds a collection of an application and user, created that long ago by someone.
    pub(super) fn collection(&mut self, path: (&str, &str, &str), created: (i64, &str)) -> CollectionKey {
        self.collection_with(path, created, |_| {})
    }

    /// Adds a collection to whose history more is added.
    pub(super) fn collection_with(
        &mut self,
        (application, user, name): (&str, &str, &str),
        (ago, who): (i64, &str),
        more: impl FnOnce(&mut History),
    ) -> CollectionKey {
        let (application, user) = (Application::new(application), User::new(user));
        let id = collection_id(&application, &user, name, 0);
        let key = CollectionKey { application, user, id };
        more(self.begin(key.clone().into(), name, None).push(ago, who, ""));
        key
    }

    /// Adds an entry, created that long ago by someone with that JSON text, and returns its history to go on with.
    pub(super) fn entry(
        &mut self,
        collection: &CollectionKey,
        name: &str,
        (ago, who): (i64, &str),
        value: impl Into<String>,
    ) -> &mut History {
        let key = entry_key(collection, name);
        self.begin(key.into(), name, Some(value.into())).push(ago, who, "")
    }

    /// Adds a row as it stands.
    pub(super) fn raw(&mut self, table: Table, row: Row) {
        let key = |name| text(&row, name).unwrap_or_default().to_owned();
        let (hash, sort) = (key(table.hash()), key(table.range()));
        self.raw.push(Group { table, hash, id: id(&sort).to_owned(), entries: None, rows: vec![(table, row)] });
    }

    /// Returns the version of a moment that long ago.
    pub(super) fn version(&self, ago: i64) -> Version {
        Version::from_ms(self.now_ms - ago * MINUTE_MS)
    }

    /// Returns the day that long ago, as in `2026-11-22`; a day in the future for a negative time.
    pub(super) fn date(&self, ago: i64) -> String {
        self.version(ago).time().strftime("%Y-%m-%d").to_string()
    }

    /// Returns all groups, those of histories in the order they were added, then the rows added as they stand.
    pub(super) fn into_groups(self) -> Vec<Group> {
        self.histories.into_iter().map(History::into_group).chain(self.raw).collect()
    }

    fn begin(&mut self, subject: Subject, name: &str, value: Option<String>) -> &mut History {
        self.histories.push(History {
            now_ms: self.now_ms,
            dice: Dice::new(subject.id()),
            subject,
            name: name.to_owned(),
            value,
            doc: None,
            records: Vec::new(),
        });
        self.histories.last_mut().expect("one was just added")
    }
}

/// Returns the key of the entry that has this name at first.
pub(super) fn entry_key(collection: &CollectionKey, name: &str) -> EntryKey {
    let path = format!("{}{name}", collection.sort_prefix());
    EntryKey { collection: collection.clone(), id: EntryId::new(Uuid::new_v5(&ENTRIES, path.as_bytes()).to_string()) }
}

/// The versions of one collection or entry, oldest first. Each method adds one, or the deletion mark.
pub(super) struct History {
    now_ms: i64,
    dice: Dice,
    subject: Subject,
    name: String,
    value: Option<String>,
    /// The value, parsed when it is first changed by a path.
    doc: Option<Doc>,
    records: Vec<Record>,
}

impl History {
    /// Changes the value path by path, as [`Doc::change`] describes.
    pub(super) fn edit<S: AsRef<str>>(&mut self, ago: i64, who: &str, note: &str, changes: &[S]) -> &mut Self {
        let doc = self.doc.get_or_insert_with(|| Doc::parse(self.value.as_deref().unwrap_or("{}")));
        for change in changes {
            doc.change(change.as_ref());
        }
        self.value = Some(doc.to_string());
        self.push(ago, who, note)
    }

    /// Gives another text as the value, JSON or not.
    pub(super) fn put(&mut self, ago: i64, who: &str, note: &str, value: impl Into<String>) -> &mut Self {
        self.value = Some(value.into());
        self.doc = None;
        self.push(ago, who, note)
    }

    pub(super) fn rename(&mut self, ago: i64, who: &str, name: &str) -> &mut Self {
        name.clone_into(&mut self.name);
        self.push(ago, who, "")
    }

    /// Marks the newest version as deleted.
    pub(super) fn delete(&mut self, ago: i64, who: &str) -> &mut Self {
        let now_ms = self.now_ms;
        if let Some(newest) = self.records.last_mut() {
            let at = Version::after(Some(newest.version), now_ms - ago * MINUTE_MS);
            newest.deleted_at = Some(format!("{:.3}", at.time()));
            newest.deleted_by = Some(who.to_owned());
        }
        self
    }

    /// Brings the newest version back.
    pub(super) fn undelete(&mut self, ago: i64, who: &str) -> &mut Self {
        self.push(ago, who, "")
    }

    /// Brings back the version so many steps before the newest.
    pub(super) fn restore(&mut self, ago: i64, who: &str, note: &str, steps: usize) -> &mut Self {
        let old = &self.records[self.records.len() - 1 - steps];
        let from = old.version;
        self.name = old.name.clone().unwrap_or_default();
        self.value.clone_from(&old.value);
        self.doc = None;
        self.push(ago, who, note);
        if let Some(newest) = self.records.last_mut() {
            newest.restored_from = Some(from);
        }
        self
    }

    /// Lets go of the name or the value in the newest version, as rows of real tables do.
    pub(super) fn without(&mut self, name: bool, value: bool) -> &mut Self {
        if let Some(newest) = self.records.last_mut() {
            newest.name = newest.name.take().filter(|_| !name);
            newest.value = newest.value.take().filter(|_| !value);
        }
        self
    }

    fn push(&mut self, ago: i64, who: &str, note: &str) -> &mut Self {
        let newest = self.records.last().map(|record| record.version);
        let moment = self.now_ms - ago * MINUTE_MS - self.dice.below(MINUTE_MS);
        let version = Version::after(newest, moment);
        if let Some(newest) = self.records.last_mut()
            && !who.is_empty()
        {
            newest.superseded_by = Some(version);
        }
        self.records.push(Record {
            name: Some(self.name.clone()),
            value: self.value.clone(),
            author: some(who),
            note: some(note),
            ..Record::bare(self.subject.clone(), version)
        });
        self
    }

    fn into_group(self) -> Group {
        let table = Table::of(&self.subject);
        let mut rows: Vec<_> = self.records.iter().map(|record| (table, write_record(record))).collect();
        let entries = match &self.subject {
            Subject::Collection(key) => {
                rows.push((Table::Entries, claim(key)));
                Some(key.entries_partition())
            }
            Subject::Entry(_) => None,
        };
        let prefix = self.subject.sort_prefix();
        Group { table, hash: self.subject.partition(), id: id(&prefix).to_owned(), entries, rows }
    }
}

/// The original server, which notes no author, is told as "".
fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Numbers that look random and follow from a text (`SplitMix64` over an FNV-1a hash).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: &str) -> Self {
        let hash = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(seed.bytes().fold(0xcbf2_9ce4_8422_2325, hash))
    }

    /// Returns a number from 0 up to, but not, `end`.
    pub(super) fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) >> 1).map_or(0, |number| number % end.max(1))
    }

    /// Returns one of several.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        let end = i64::try_from(of.len()).unwrap_or(i64::MAX);
        of[usize::try_from(self.below(end)).unwrap_or(0)]
    }
}
