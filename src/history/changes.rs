//! The histories of many collections and entries as one list of changes by time, and which of them a person looks for.

use std::cmp::Reverse;
use std::mem;
use std::sync::Arc;

use super::Step;
use super::passing::Passing;
use crate::model::{Record, Subject, Version};
use crate::text::contains;

/// Something that was done to a collection or an entry. It holds no value, so that many can be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it was done to.
    pub subject: Subject,
    /// The version that was written, or that was marked as deleted.
    pub version: Version,
    /// When, in ms since 1970.
    pub at: i64,
    /// What was done.
    pub did: Did,
    /// The name that the version gives.
    pub name: Option<Box<str>>,
    /// The newest name of the collection that an entry is in, where that came before its entries.
    pub collection: Option<Arc<str>>,
    /// Who did it.
    pub who: Option<Arc<str>>,
    /// Why.
    pub note: Option<Box<str>>,
    /// The bytes of the value that was written.
    pub size: Option<usize>,
    /// It was done to something that is deleted now, or that is in a collection that is.
    pub is_gone: bool,
}

/// What puts changes in order, the newest first. Of the same millisecond, a deletion stands above the version that it is
/// the deletion of.
pub type ChangeKey = (Reverse<i64>, Reverse<Version>, Reverse<bool>, Subject);

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Did {
    /// A version was written.
    Wrote(Step),
    /// The version was marked as deleted.
    Deleted,
}

/// What a person calls a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The first version.
    Created,
    /// Another value.
    Edited,
    /// Another name.
    Renamed,
    /// The deletion mark.
    Deleted,
    /// A version without the mark, on top of one that has it.
    BroughtBack,
    /// An older version on top.
    Restored,
    /// A version like the one before.
    Unchanged,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Created, Self::Edited, Self::Renamed, Self::Deleted, Self::BroughtBack, Self::Restored, Self::Unchanged];

    /// Returns the word that a filter names it by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Edited => "edited",
            Self::Renamed => "renamed",
            Self::Deleted => "deleted",
            Self::BroughtBack => "undeleted",
            Self::Restored => "restored",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Change {
    /// Returns whether it is one of that kind. One that changed the name and the value is of two.
    pub fn is(&self, kind: Kind) -> bool {
        match &self.did {
            Did::Deleted => kind == Kind::Deleted,
            Did::Wrote(Step::Created) => kind == Kind::Created,
            Did::Wrote(Step::Restored(_)) => kind == Kind::Restored,
            Did::Wrote(Step::Undeleted) => kind == Kind::BroughtBack,
            Did::Wrote(Step::Unchanged) => kind == Kind::Unchanged,
            Did::Wrote(Step::Edited { counts, renamed_from }) => match kind {
                Kind::Edited => counts.is_none_or(|counts| counts != crate::json::ChangeCounts::default()),
                Kind::Renamed => renamed_from.is_some(),
                _ => false,
            },
        }
    }

    /// Returns the name, or the id where there is none.
    pub fn label(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(self.subject.id())
    }

    /// Returns its place in a list by time.
    pub fn key(&self) -> ChangeKey {
        (Reverse(self.at), Reverse(self.version), Reverse(self.is_deletion()), self.subject.clone())
    }

    /// Returns whether it is a deletion, and no version that was written.
    pub fn is_deletion(&self) -> bool {
        self.did == Did::Deleted
    }
}

/// Makes changes of the versions of many subjects while they pass by, in the order of the tables: one subject after the
/// other, of each the newest version first. It holds one version at a time, since what that one did is known once the
/// one before it has come.
#[derive(Debug, Default)]
pub struct Changes {
    newer: Option<Record>,
    /// Versions of fewer than 13 digits are older than the others of their subject, and sort among them.
    short: Vec<Record>,
    passing: Passing,
    /// The author last seen: mostly the next one is the same.
    who: Option<Arc<str>>,
}

impl Changes {
    /// Takes versions, and returns the changes that are known by now.
    pub fn add(&mut self, records: Vec<Record>) -> Vec<Change> {
        let mut known = Vec::with_capacity(records.len());
        for record in records {
            let open = self.newer.as_ref().or(self.short.last());
            if open.is_some_and(|open| open.subject != record.subject) {
                self.close(&mut known);
            }
            self.passing.note(&record);
            if record.version.sorts_by_number() {
                self.follow(Some(record), &mut known);
            } else {
                self.short.push(record);
            }
        }
        known
    }

    /// Returns how many collections and entries have passed by.
    pub fn subjects(&self) -> usize {
        self.passing.subjects()
    }

    /// Returns the changes that were not known until there was nothing more to come.
    pub fn finish(mut self) -> Vec<Change> {
        let mut known = Vec::new();
        self.close(&mut known);
        known
    }

    fn close(&mut self, known: &mut Vec<Change>) {
        let mut short = mem::take(&mut self.short);
        short.sort_by_key(|record| std::cmp::Reverse(record.version));
        for record in short {
            self.follow(Some(record), known);
        }
        self.follow(None, known);
    }

    /// Takes the version before the one that is held, or that there is none.
    fn follow(&mut self, older: Option<Record>, known: &mut Vec<Change>) {
        let Some(newer) = mem::replace(&mut self.newer, older) else { return };
        let (step, deleted_ms) = (Step::between(self.newer.as_ref(), &newer), newer.deleted_ms());
        let written = Change {
            version: newer.version,
            at: newer.version.ms(),
            did: Did::Wrote(step),
            name: newer.name.map(Into::into),
            collection: self.passing.collection(),
            who: self.shared(newer.author.as_deref()),
            note: newer.note.map(Into::into),
            size: newer.value.as_ref().map(String::len),
            is_gone: self.passing.is_gone(),
            subject: newer.subject,
        };
        if newer.deleted_at.is_some() {
            known.push(Change {
                at: deleted_ms.unwrap_or(written.at),
                did: Did::Deleted,
                who: self.shared(newer.deleted_by.as_deref()),
                note: None,
                size: None,
                ..written.clone()
            });
        }
        known.push(written);
    }

    fn shared(&mut self, who: Option<&str>) -> Option<Arc<str>> {
        let who = who?;
        if self.who.as_deref() != Some(who) {
            self.who = Some(who.into());
        }
        self.who.clone()
    }
}

/// Which changes a person looks for, typed as `who:ada kind:deleted lamp`. Each word must hold; capital letters make no
/// difference, and parts of words are enough.
///
/// | word | holds for |
/// |---|---|
/// | `who:ada` | what someone so called did |
/// | `kind:deleted`, `kind:created,restored` | what is of that kind, or one of these |
/// | `note:sale` | what has that in its note |
/// | `lamp` | what has that in its name, in that of its collection or of its user, or is of that id |
///
/// Between quotes white space is a part of the word: `note:"spring sale"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Who(String),
    Kinds(Vec<Kind>),
    Note(String),
    Name(String),
    /// What can't be looked for: nothing is it.
    Not(NotWanted),
}

/// A word of a filter that says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotWanted {
    /// What begins no kind of change.
    #[error("{0:?} is no kind of change; there are {kinds}", kinds = Kind::ALL.map(Kind::word).join(", "))]
    NoKind(String),
    /// A word before a colon that means nothing.
    #[error("{0:?} is nothing to filter by: who:, kind: and note: are, or a part of a name without a colon")]
    NoField(String),
}

impl From<&str> for Wanted {
    /// Reads what was typed. The first letters of a kind are enough.
    fn from(typed: &str) -> Self {
        let term = |(word, is_quoted): (String, bool)| {
            let word = word.to_lowercase();
            match word.split_once(':') {
                Some(("who", who)) => Term::Who(who.to_owned()),
                Some(("note", note)) => Term::Note(note.to_owned()),
                Some(("kind", kinds)) => {
                    read_kinds(kinds).map_or_else(|typed| Term::Not(NotWanted::NoKind(typed)), Term::Kinds)
                }
                // A name may hold a colon, between other letters or quoted.
                Some((field, _))
                    if !is_quoted && !field.is_empty() && field.chars().all(|char| char.is_ascii_lowercase()) =>
                {
                    Term::Not(NotWanted::NoField(format!("{field}:")))
                }
                _ => Term::Name(word),
            }
        };
        Self { terms: words(typed).into_iter().map(term).collect() }
    }
}

impl Wanted {
    /// Returns what was typed that says nothing, and therefore holds for nothing.
    pub fn not_wanted(&self) -> Option<&NotWanted> {
        self.terms.iter().find_map(|term| match term {
            Term::Not(problem) => Some(problem),
            _ => None,
        })
    }

    /// Returns whether a change is one of them.
    pub fn holds(&self, change: &Change) -> bool {
        self.terms.iter().all(|term| match term {
            Term::Who(who) => contains(change.who.as_deref().unwrap_or_default(), who),
            Term::Note(note) => contains(change.note.as_deref().unwrap_or_default(), note),
            Term::Not(_) => false,
            Term::Kinds(kinds) => kinds.iter().any(|kind| change.is(*kind)),
            Term::Name(name) => {
                let user = change.subject.collection().user.as_str();
                let named = [Some(change.label()), change.collection.as_deref(), Some(user)];
                // A part of an id would be a part of many: they are all digits.
                let is_id = change.subject.id().eq_ignore_ascii_case(name);
                is_id || named.into_iter().flatten().any(|text| contains(text, name))
            }
        })
    }
}

/// Returns the words of what was typed, each with whether it is quoted; white space between quotes does not part them.
fn words(typed: &str) -> Vec<(String, bool)> {
    let mut words = Vec::new();
    let (mut word, mut is_quoted, mut is_open) = (String::new(), false, false);
    for char in typed.chars().chain([' ']) {
        match char {
            '"' => (is_open, is_quoted) = (!is_open, is_quoted || word.is_empty()),
            char if char.is_whitespace() && !is_open => {
                if !word.is_empty() {
                    words.push((std::mem::take(&mut word), is_quoted));
                }
                is_quoted = false;
            }
            char => word.push(char),
        }
    }
    // A quote that is not closed yet goes to the end.
    let rest = word.trim_end();
    if !rest.is_empty() {
        words.push((rest.to_owned(), is_quoted));
    }
    words
}

/// Reads kinds between commas; fails with the first one that is none.
fn read_kinds(typed: &str) -> Result<Vec<Kind>, String> {
    let mut kinds = Vec::new();
    for word in typed.split(',') {
        let meant = Kind::ALL.into_iter().filter(|kind| kind.word().starts_with(word));
        let before = kinds.len();
        kinds.extend(meant);
        if kinds.len() == before {
            return Err(word.to_owned());
        }
    }
    Ok(kinds)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User};

    /// After 2001, so that versions have 13 digits.
    const START: i64 = 1_700_000_000_000;

    fn collection() -> CollectionKey {
        CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") }
    }

    fn version(entry: &str, ms: i64, value: &str) -> Record {
        let key = EntryKey { collection: collection(), id: EntryId::new(entry) };
        Record {
            name: Some(entry.to_owned()),
            value: Some(value.to_owned()),
            author: Some("ada".to_owned()),
            ..Record::bare(key, Version::from_ms(START + ms))
        }
    }

    fn deleted(record: Record, ms: i64) -> Record {
        let at = Version::from_ms(START + ms).time().to_string();
        Record { deleted_at: Some(at), deleted_by: Some("bob".to_owned()), ..record }
    }

    /// Tells the changes by time, the records coming one page for each.
    fn told(pages: Vec<Vec<Record>>) -> Vec<String> {
        let mut changes = Changes::default();
        let mut all: Vec<Change> = pages.into_iter().flat_map(|page| changes.add(page)).collect();
        all.extend(changes.finish());
        all.sort_by_key(Change::key);
        all.iter().map(tell).collect()
    }

    fn tell(change: &Change) -> String {
        let did = match &change.did {
            Did::Deleted => "deleted".to_owned(),
            Did::Wrote(step) => step.to_string(),
        };
        format!("{} {} {did} by {}", change.at - START, change.label(), change.who.as_deref().unwrap_or("-"))
    }

    #[test]
    fn histories_become_one_list_by_time() {
        let records = vec![
            version("lamp", 30, "[2]"),
            version("lamp", 10, "[1]"),
            deleted(version("desk", 20, "[1]"), 40),
            version("desk", 5, "[1]"),
        ];
        let expected = [
            "40 desk deleted by bob",
            "30 lamp ~1 by ada",
            "20 desk unchanged by ada",
            "10 lamp created by ada",
            "5 desk created by ada",
        ];
        assert_eq!(told(vec![records.clone()]), expected);
        assert_eq!(told(records.into_iter().map(|record| vec![record]).collect()), expected, "one row at a time");
    }

    #[test]
    fn a_deletion_stands_above_the_version_of_the_same_millisecond() {
        assert_eq!(
            told(vec![vec![deleted(version("desk", 5, "1"), 5)]]),
            ["5 desk deleted by bob", "5 desk created by ada"]
        );
    }

    #[test]
    fn a_deletion_whose_time_cannot_be_read_stands_at_its_version() {
        let record = Record { deleted_at: Some("some day".to_owned()), ..version("desk", 5, "1") };
        assert_eq!(told(vec![vec![record]]), ["5 desk deleted by -", "5 desk created by ada"]);
    }

    #[test]
    fn versions_of_fewer_digits_are_the_oldest_wherever_they_come() {
        let short = |ms: i64, value: &str| Record { version: Version::from_ms(ms), ..version("desk", 0, value) };
        let told =
            told(vec![vec![short(900, "2"), version("desk", 7, "3"), short(5000, "2")], vec![version("e", 0, "0")]]);
        assert_eq!(told[..2], ["7 desk ~1 by ada", "0 e created by ada"]);
        assert!(told[2].ends_with("desk unchanged by ada"), "{told:?}");
        assert!(told[3].ends_with("desk created by ada"), "{told:?}");
    }

    #[test]
    fn entries_carry_the_newest_name_of_their_collection() {
        let named = |name: &str, ms| Record {
            name: Some(name.to_owned()),
            ..Record::bare(collection(), Version::from_ms(START + ms))
        };
        let mut changes = Changes::default();
        let mut all = changes.add(vec![named("lights", 9), named("lamps", 1), version("desk", 2, "1")]);
        all.extend(changes.finish());
        let desk = all.iter().find(|change| change.label() == "desk").expect("it passed by");
        assert_eq!(desk.collection.as_deref(), Some("lights"));
        assert!(all[0].is(Kind::Renamed) && !all[0].is(Kind::Edited));
        assert!(!desk.is_gone);
    }

    #[test]
    fn what_is_deleted_now_is_told_with_each_change() {
        let mut changes = Changes::default();
        let chairs = deleted(Record::bare(collection(), Version::from_ms(START)), 9);
        let mut all = changes.add(vec![chairs, version("stool", 2, "1"), version("stool", 1, "1")]);
        all.extend(changes.finish());
        assert!(all.iter().all(|change| change.is_gone), "an entry is as far away as its collection");
        let mut changes = Changes::default();
        let mut all =
            changes.add(vec![deleted(version("desk", 2, "1"), 3), version("desk", 1, "1"), version("lamp", 1, "1")]);
        all.extend(changes.finish());
        assert_eq!(all.iter().map(|change| change.is_gone).collect::<Vec<_>>(), [true, true, true, false]);
    }

    #[test]
    fn a_filter_holds_where_each_of_its_words_does() {
        let all = {
            let mut changes = Changes::default();
            let sold = Record { note: Some("Spring sale".to_owned()), ..version("Desk lamp", 20, "[2]") };
            let mut all =
                changes.add(vec![deleted(sold, 40), version("Desk lamp", 10, "[1]"), version("chair", 30, "[1]")]);
            all.extend(changes.finish());
            all.sort_by_key(Change::key);
            all
        };
        let found = |typed: &str| {
            let wanted = Wanted::from(typed);
            all.iter().filter(|change| wanted.holds(change)).map(tell).collect::<Vec<_>>()
        };
        assert_eq!(found("").len(), 4);
        assert_eq!(found("who:BOB"), ["40 Desk lamp deleted by bob"]);
        assert_eq!(found("lamp desk kind:created"), ["10 Desk lamp created by ada"]);
        assert_eq!(found("kind:created,del lamp").len(), 2);
        assert_eq!(found("note:sale"), ["20 Desk lamp ~1 by ada"]);
        assert_eq!(found("kind:restored"), Vec::<String>::new());
        assert_eq!(found("kind:gone"), Vec::<String>::new());
        let not_wanted = |typed: &str| Wanted::from(typed).not_wanted().cloned();
        assert_eq!(not_wanted("kind:created,gone lamp"), Some(NotWanted::NoKind("gone".to_owned())));
        assert_eq!(not_wanted("wh:bob"), Some(NotWanted::NoField("wh:".to_owned())));
        assert_eq!(not_wanted("a:b c-d:e 1:2 \"x:y\""), Some(NotWanted::NoField("a:".to_owned())));
        assert_eq!(not_wanted("c-d:e 1:2 \"x:y\" :z"), None);
        assert_eq!(found("note:\"spring sale\"").len(), 1);
        assert_eq!(found("note:\"spring sa").len(), 1, "it is still being typed");
        assert_eq!(found("note:\"sale spring\""), Vec::<String>::new());
        assert_eq!(found("\"desk lamp\" who:ada").len(), 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn nothing_is_lost_however_the_pages_are_cut(
            histories in proptest::collection::vec(proptest::collection::btree_set(0..50_i64, 1..6), 0..6),
            cuts in proptest::collection::vec(any::<bool>(), 36),
        ) {
            let mut pages = vec![Vec::new()];
            let mut cuts = cuts.into_iter();
            for (number, times) in histories.iter().enumerate() {
                for ms in times.iter().rev() {
                    pages.last_mut().expect("there is one").push(version(&format!("e{number}"), *ms, "1"));
                    if cuts.next() == Some(true) {
                        pages.push(Vec::new());
                    }
                }
            }
            let told = told(pages);
            prop_assert_eq!(told.len(), histories.iter().map(std::collections::BTreeSet::len).sum::<usize>());
            for (number, times) in histories.iter().enumerate() {
                let first = format!("{} e{number} created by ada", times.first().expect("one at least"));
                prop_assert!(told.contains(&first), "{} is missing", first);
            }
            let created = told.iter().filter(|line| line.contains(" created ")).count();
            prop_assert_eq!(created, histories.len());
        }
    }
}
