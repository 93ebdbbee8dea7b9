//! What happened from version to version: the sentences of a history, for the timeline and for `log`; [`changes`], which
//! are the histories of many by time; [`search`] in versions; [`blame`], which version last changed each path; and
//! [`trend`], how much changed when.

pub mod blame;
pub mod changes;
pub mod passing;
pub mod search;
pub mod trend;

use std::fmt;

use crate::json::{self, ChangeCounts};
use crate::model::{Record, Version};

/// What a version did to the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is none before it.
    Created,
    /// It changed the value, the name or both.
    Edited {
        /// How many paths of the value were added, changed and removed; `None` where one of the two values is not JSON
        /// or absent, and they differ.
        counts: Option<ChangeCounts>,
        /// The name before, where the name changed.
        renamed_from: Option<String>,
    },
    /// It brought back that version.
    Restored(Version),
    /// It brought back what was deleted.
    Undeleted,
    /// It is like the one before.
    Unchanged,
}

impl Step {
    /// Returns what `newer` did to the version before it.
    pub fn between(older: Option<&Record>, newer: &Record) -> Self {
        if let Some(version) = newer.restored_from {
            return Self::Restored(version);
        }
        let Some(older) = older else { return Self::Created };
        let counts = changed_paths(older.value.as_deref(), newer.value.as_deref());
        let renamed_from =
            (older.name != newer.name).then(|| older.name.clone().unwrap_or_else(|| "(no name)".to_owned()));
        match (counts, renamed_from) {
            (Some(counts), None) if counts == ChangeCounts::default() => {
                if older.is_deleted() {
                    Self::Undeleted
                } else {
                    Self::Unchanged
                }
            }
            (counts, renamed_from) => Self::Edited { counts, renamed_from },
        }
    }
}

/// Counts the paths in which two values differ; `None` where they differ and can't be compared by path.
fn changed_paths(older: Option<&str>, newer: Option<&str>) -> Option<ChangeCounts> {
    if older == newer {
        return Some(ChangeCounts::default());
    }
    let (older, newer) = (json::parse(older?).ok()?, json::parse(newer?).ok()?);
    Some(ChangeCounts::of(&json::diff(&older, &newer)))
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => f.write_str("created"),
            Self::Restored(version) => write!(f, "restored from {version}"),
            Self::Undeleted => f.write_str("undeleted"),
            Self::Unchanged => f.write_str("unchanged"),
            Self::Edited { counts, renamed_from } => {
                let none = ChangeCounts::default();
                match counts {
                    Some(counts) if *counts == none => {}
                    Some(counts) => write!(f, "{counts}")?,
                    None => f.write_str("value replaced")?,
                }
                if renamed_from.is_some() {
                    if *counts != Some(none) {
                        f.write_str(" ")?;
                    }
                    f.write_str("renamed")?;
                }
                Ok(())
            }
        }
    }
}

/// One line of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The version at that place was written.
    Written(usize),
    /// The version at that place was marked as deleted.
    Deleted(usize),
}

impl Event {
    /// Returns the place of the version that it is about.
    pub fn place(self) -> usize {
        match self {
            Self::Written(place) | Self::Deleted(place) => place,
        }
    }
}

/// Returns the lines of a history, newest first: a version, and above it its deletion where it carries the mark.
pub fn events<'a>(newest_first: impl IntoIterator<Item = &'a Record>) -> Vec<Event> {
    let mut events = Vec::new();
    for (place, record) in newest_first.into_iter().enumerate() {
        if record.is_deleted() {
            events.push(Event::Deleted(place));
        }
        events.push(Event::Written(place));
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User};

    fn record(ms: i64, name: &str, value: Option<&str>) -> Record {
        let collection =
            CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") };
        let entry = EntryKey { collection, id: EntryId::new("e") };
        Record {
            name: Some(name.to_owned()),
            value: value.map(str::to_owned),
            ..Record::bare(entry, Version::from_ms(ms))
        }
    }

    fn step(older: &Record, newer: &Record) -> String {
        Step::between(Some(older), newer).to_string()
    }

    #[test]
    fn a_step_says_what_changed() {
        let first = record(1, "a", Some(r#"{"x":1,"y":2}"#));
        assert_eq!(Step::between(None, &first).to_string(), "created");
        assert_eq!(step(&first, &record(2, "a", Some(r#"{"y":2, "x":3, "z":0}"#))), "+1 ~1");
        assert_eq!(step(&first, &record(2, "b", Some(r#"{"x":1,"y":2}"#))), "renamed");
        assert_eq!(step(&first, &record(2, "b", Some(r#"{"x":1}"#))), "-1 renamed");
        assert_eq!(step(&first, &record(2, "a", Some("no json"))), "value replaced");
        assert_eq!(step(&first, &record(2, "a", None)), "value replaced");
        assert_eq!(step(&first, &record(2, "a", Some(r#"{ "y": 2, "x": 1 }"#))), "unchanged");
    }

    #[test]
    fn a_step_tells_a_restore_and_an_undelete() {
        let mut deleted = record(1, "a", Some("{}"));
        deleted.deleted_at = Some("2026-11-22T09:41:03.000Z".to_owned());
        assert_eq!(step(&deleted, &record(2, "a", Some("{}"))), "undeleted");
        let restored = Record { restored_from: Some(Version::from_ms(1)), ..record(3, "a", Some("{}")) };
        assert_eq!(step(&deleted, &restored), "restored from 1");
    }

    #[test]
    fn a_deletion_is_a_line_of_its_own_above_its_version() {
        let mut deleted = record(1, "a", Some("{}"));
        deleted.deleted_at = Some("2026-11-22T09:41:03.000Z".to_owned());
        let newest = record(2, "a", Some("{}"));
        assert_eq!(events([&newest, &deleted]), [Event::Written(0), Event::Deleted(1), Event::Written(1)]);
    }
}
