//! The model: lists of versions, and the rules of the store in a few lines.

use std::collections::BTreeMap;

use dynamini::model::{CollectionKey, Filter, Record, Subject};
use dynamini::store::{Base, Edit};

use crate::store::world::START;

/// Everything that there is, in the order in which it was created.
#[derive(Default)]
pub struct Model {
    pub histories: Vec<History>,
}

/// The versions of one subject by their milliseconds since the beginning of the world.
pub struct History {
    pub subject: Subject,
    pub versions: BTreeMap<i64, Content>,
}

/// What one version holds.
#[derive(Clone, Default)]
pub struct Content {
    name: Option<String>,
    value: Option<String>,
    /// When it was deleted, as the clock of who did it told.
    deleted: Option<i64>,
    restored_from: Option<i64>,
}

/// A version that is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    Newest,
    /// These milliseconds, at which there need not be one.
    Version(i64),
    /// The milliseconds of the one so many before the newest, around and around.
    OneOf(usize),
    Back(u32),
    /// So many milliseconds from now.
    Time(i64),
}

/// What the store says to a write: the version in words, or the kind of error.
type Answer = Result<String, String>;

/// Tells a version in words.
pub fn told(record: &Record) -> String {
    let content = Content {
        name: record.name.clone(),
        value: record.value.clone(),
        deleted: record.is_deleted().then_some(0),
        restored_from: record.restored_from.map(|version| version.ms() - START),
    };
    content.told(record.version.ms() - START)
}

impl Content {
    fn told(&self, ms: i64) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let deleted = if self.deleted.is_some() { " deleted" } else { "" };
        let restored = self.restored_from.map(|from| format!(" from {from:+}")).unwrap_or_default();
        format!("{ms:+} {} {}{deleted}{restored}", text(&self.name), text(&self.value))
    }
}

impl History {
    fn newest(&self) -> (i64, &Content) {
        self.versions.last_key_value().map(|(ms, content)| (*ms, content)).unwrap()
    }

    /// Returns the milliseconds of the version so many before the newest.
    pub fn back(&self, steps: usize) -> i64 {
        *self.versions.keys().rev().nth(steps).unwrap()
    }

    pub fn newest_first(&self) -> Vec<String> {
        self.versions.iter().rev().map(|(ms, content)| content.told(*ms)).collect()
    }

    /// Returns the version that is asked for.
    pub fn at(&self, moment: Moment, now: i64) -> Answer {
        let found = match moment {
            Moment::Newest => self.versions.last_key_value(),
            Moment::Version(ms) => self.versions.get_key_value(&ms),
            Moment::OneOf(back) => self.versions.get_key_value(&self.back(back % self.versions.len())),
            Moment::Back(steps) => self.versions.iter().rev().nth(steps as usize),
            Moment::Time(ms) => self.versions.range(..=now + ms).next_back(),
        };
        let mut found = found.map(|(ms, content)| (*ms, content.clone()));
        if let (Some((_, content)), Moment::Time(ms)) = (&mut found, moment) {
            // It is told as it stood then.
            content.deleted = content.deleted.filter(|at| *at <= now + ms);
        }
        found.map(|(ms, content)| content.told(ms)).ok_or_else(|| "not found".to_owned())
    }

    fn check_base(&self, base: Base) -> Result<(), String> {
        let actual = self.newest().0;
        match base {
            Base::Version(expected) if expected.ms() - START != actual => {
                Err(format!("conflict {} {actual}", expected.ms() - START))
            }
            _ => Ok(()),
        }
    }

    /// Adds a version on top, now or right after the newest.
    fn add(&mut self, content: Content, now: i64) -> String {
        let ms = now.max(self.newest().0 + 1);
        let told = content.told(ms);
        self.versions.insert(ms, content);
        told
    }
}

impl Model {
    pub fn collections(&self) -> impl Iterator<Item = &History> {
        self.histories.iter().filter(|history| matches!(history.subject, Subject::Collection(_)))
    }

    /// Returns the collection of that number, around and around.
    pub fn collection(&self, number: usize) -> Option<&History> {
        let count = self.collections().count();
        if count == 0 { None } else { self.collections().nth(number % count) }
    }

    /// Returns the subject of that number, around and around.
    pub fn pick(&self, number: usize) -> Option<&History> {
        if self.histories.is_empty() { None } else { self.histories.get(number % self.histories.len()) }
    }

    pub fn of(&self, subject: &Subject) -> &History {
        self.histories.iter().find(|history| history.subject == *subject).unwrap()
    }

    fn of_mut(&mut self, subject: &Subject) -> &mut History {
        self.histories.iter_mut().find(|history| history.subject == *subject).unwrap()
    }

    /// Fails where the subject is in a collection that is deleted.
    fn check_place(&self, subject: &Subject) -> Result<(), String> {
        match subject {
            Subject::Entry(key) if self.of(&key.collection.clone().into()).newest().1.deleted.is_some() => {
                Err("deleted".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Finds or makes the collection, which the store did at `subject`: whether it is new, and its newest version.
    pub fn create_collection(&mut self, name: &str, subject: &Subject, now: i64) -> (bool, String) {
        let is_live = |history: &&History| {
            let newest = history.newest().1;
            newest.deleted.is_none() && newest.name.as_deref() == Some(name)
        };
        let live: Vec<_> = self.collections().filter(is_live).collect();
        if !live.is_empty() {
            // Where a rename made several of one name, any of them will do.
            let told = live.iter().find(|history| history.subject == *subject).map(|history| history.newest());
            return (false, told.map_or_else(|| "another one".to_owned(), |(ms, content)| content.told(ms)));
        }
        let known = self.histories.iter().any(|history| history.subject == *subject);
        let content = Content { name: Some(name.to_owned()), ..Content::default() };
        let told = content.told(now);
        if known {
            return (true, "an id that nobody has".to_owned());
        }
        self.histories.push(History { subject: subject.clone(), versions: BTreeMap::from([(now, content)]) });
        (true, told)
    }

    pub fn create_entry(
        &mut self,
        collection: &CollectionKey,
        subject: Option<Subject>,
        name: &str,
        value: &str,
        now: i64,
    ) -> Answer {
        if self.of(&collection.clone().into()).newest().1.deleted.is_some() {
            return Err("deleted".to_owned());
        }
        let subject = subject.ok_or("an entry")?;
        let content = Content { name: Some(name.to_owned()), value: Some(value.to_owned()), ..Content::default() };
        let told = content.told(now);
        self.histories.push(History { subject, versions: BTreeMap::from([(now, content)]) });
        Ok(told)
    }

    /// Writes as the original server does; returns whether there is room at this millisecond.
    pub fn original(&mut self, subject: &Subject, value: &str, now: i64) -> bool {
        let is_entry = matches!(subject, Subject::Entry(_));
        let content = Content {
            name: Some("of the original".to_owned()),
            value: is_entry.then(|| value.to_owned()),
            ..Content::default()
        };
        let versions = &mut self.of_mut(subject).versions;
        let is_free = !versions.contains_key(&now);
        if is_free {
            versions.insert(now, content);
        }
        is_free
    }

    pub fn edit(&mut self, subject: &Subject, edit: &Edit, base: Base, now: i64) -> Answer {
        self.check_place(subject)?;
        let history = self.of_mut(subject);
        history.check_base(base)?;
        let newest = history.newest().1.clone();
        if newest.deleted.is_some() {
            return Err("deleted".to_owned());
        }
        let name = edit.name.clone().or(newest.name);
        Ok(history.add(Content { name, value: edit.value.clone().or(newest.value), ..Content::default() }, now))
    }

    pub fn delete(&mut self, subject: &Subject, base: Base, now: i64) -> Answer {
        let history = self.of_mut(subject);
        history.check_base(base)?;
        let mut newest = history.versions.last_entry().unwrap();
        if newest.get().deleted.is_some() {
            return Err("deleted".to_owned());
        }
        newest.get_mut().deleted = Some(now);
        Ok(newest.get().told(*newest.key()))
    }

    pub fn undelete(&mut self, subject: &Subject, base: Base, now: i64) -> Answer {
        self.check_place(subject)?;
        let history = self.of_mut(subject);
        history.check_base(base)?;
        let newest = history.newest().1.clone();
        if newest.deleted.is_none() {
            return Err("not deleted".to_owned());
        }
        Ok(history.add(Content { deleted: None, restored_from: None, ..newest }, now))
    }

    pub fn restore(&mut self, subject: &Subject, old: i64, base: Base, now: i64) -> Answer {
        self.check_place(subject)?;
        let history = self.of_mut(subject);
        history.check_base(base)?;
        let (newest, content) = history.newest();
        if newest == old && content.deleted.is_none() {
            return Err("already newest".to_owned());
        }
        let old_content = history.versions[&old].clone();
        Ok(history.add(Content { deleted: None, restored_from: Some(old), ..old_content }, now))
    }

    /// Returns what a listing shows: the collections, or the entries of one.
    pub fn listing(&self, collection: Option<&CollectionKey>, filter: Filter) -> Vec<String> {
        let belongs = |history: &&History| match (&history.subject, collection) {
            (Subject::Collection(_), None) => true,
            (Subject::Entry(key), Some(collection)) => key.collection == *collection,
            _ => false,
        };
        let mut lines: Vec<String> = Vec::new();
        for history in self.histories.iter().filter(belongs) {
            let (ms, newest) = history.newest();
            match filter {
                Filter::All => lines.extend(history.newest_first()),
                Filter::Latest if newest.deleted.is_some() => {}
                Filter::Latest | Filter::Current => lines.push(newest.told(ms)),
            }
        }
        lines.sort();
        lines
    }
}
