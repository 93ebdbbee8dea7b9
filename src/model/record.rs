//! A version in full, and rows that cannot be one.

use jiff::Timestamp;

use super::{Moment, Subject, Version};

/// One version of a collection or an entry: a row of a table, read.
///
/// Every attribute but the key may be absent in rows of real tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is a version of.
    pub subject: Subject,
    /// When it was written.
    pub version: Version,
    /// The name it gives.
    pub name: Option<String>,
    /// The JSON text of an entry. Absent in a collection, in listings that leave values out, and in rows that the
    /// original wrote for a rename without a value.
    pub value: Option<String>,
    /// When it was soft-deleted, as stored: ISO 8601 with milliseconds and `Z`.
    pub deleted_at: Option<String>,
    /// Who marked it as deleted.
    pub deleted_by: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Why it was written.
    pub note: Option<String>,
    /// The version that this one brought back.
    pub restored_from: Option<Version>,
    /// The version that was written on top of this one by a writer who had read it.
    pub superseded_by: Option<Version>,
    /// The mark by which a writer recognises its own row after a lost reply.
    pub write_id: Option<String>,
}

impl Record {
    /// Returns what it is called: its name if it has one, else its id.
    pub fn title(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(self.subject.id())
    }

    /// Returns a version with nothing but its key.
    pub fn bare(subject: impl Into<Subject>, version: Version) -> Self {
        Self {
            subject: subject.into(),
            version,
            name: None,
            value: None,
            deleted_at: None,
            deleted_by: None,
            author: None,
            note: None,
            restored_from: None,
            superseded_by: None,
            write_id: None,
        }
    }

    /// Returns whether the version carries the deletion mark.
    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    /// Returns when it was deleted, in ms since 1970, where it was and its time can be read.
    pub fn deleted_ms(&self) -> Option<i64> {
        Some(self.deleted_at.as_deref()?.parse::<Timestamp>().ok()?.as_millisecond())
    }

    /// Returns the version as it stood at a moment: marks that were put on it later are taken off.
    ///
    /// A deletion mark whose time can't be read stays, since nothing says that it came later.
    #[must_use]
    pub fn as_of(mut self, moment: Moment) -> Self {
        if self.deleted_at.as_deref().is_some_and(|at| moment.is_before(at)) {
            self.deleted_at = None;
            self.deleted_by = None;
        }
        self.superseded_by = self.superseded_by.filter(|version| *version <= moment.version());
        self
    }
}

/// A row that is none of ours: its key is not of the form. It is shown as it is and never written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The hash key.
    pub partition: String,
    /// The sort key.
    pub sort: String,
    /// What is wrong with it.
    pub reason: &'static str,
    /// The other attributes by name, as text.
    pub attributes: Vec<(String, String)>,
}

/// Which versions a listing gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Filter {
    /// The newest version of each that is not deleted.
    #[default]
    Latest,
    /// The newest version of each, deleted ones too.
    Current,
    /// Every version of each.
    All,
}

#[cfg(test)]
mod tests {
    use super::super::{Application, CollectionId, CollectionKey, User};
    use super::*;

    #[test]
    fn marks_that_came_later_are_taken_off() {
        let key =
            CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") };
        let marked = |deleted_at: &str| Record {
            deleted_at: Some(deleted_at.to_owned()),
            deleted_by: Some("ann".to_owned()),
            superseded_by: Some(Version::from_ms(2000)),
            ..Record::bare(key.clone(), Version::from_ms(0))
        };
        let then = |deleted_at: &str, ms| {
            let record = marked(deleted_at).as_of(Version::from_ms(ms).into());
            assert_eq!(record.is_deleted(), record.deleted_by.is_some());
            (record.is_deleted(), record.superseded_by.is_some())
        };
        let second = "1970-01-01T00:00:01.000Z";
        assert_eq!(then(second, 999), (false, false));
        assert_eq!(then(second, 1000), (true, false));
        assert_eq!(then(second, 2000), (true, true));
        assert_eq!(then("some day", 0), (true, false), "nothing says that it came later");
    }
}
