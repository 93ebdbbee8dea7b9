//! What is compared with what.

use std::sync::Arc;

use crate::model::{Record, Subject};

/// A version that is compared, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The version.
    pub record: Arc<Record>,
    /// The names that lead to it, from the application to its own.
    pub names: Vec<String>,
}

/// Two versions to be compared; without an old one all of the new one is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What it was.
    pub old: Option<Side>,
    /// What it is.
    pub new: Side,
}

/// What a difference is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum ToCompare {
    /// Two versions in the value pane, looked at that way.
    Pair(Pair, DifferenceLook),
    /// Two versions in a window, the old one first, names too; under a title.
    Versions(Arc<Record>, Arc<Record>, String),
    /// The value of a version, or none at all, and the one that is to be written; under a title.
    Value(Option<Arc<Record>>, String, String),
    /// Nothing that can be compared; under a title, and why.
    Nothing(String, &'static str),
}

impl ToCompare {
    /// Returns how many bytes are to be compared.
    pub fn size(&self) -> usize {
        let size = |record: &Record| record.value.as_ref().map_or(0, String::len);
        match self {
            Self::Pair(pair, _) => pair.size(),
            Self::Versions(old, new, _) => size(old) + size(new),
            Self::Value(old, new, _) => old.as_deref().map_or(0, size) + new.len(),
            Self::Nothing(..) => 0,
        }
    }
}

/// How a difference is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DifferenceLook {
    /// The new text with what changed merged in, path by path.
    #[default]
    ByPath,
    /// Both texts beside each other.
    Beside,
    /// Both texts merged line by line, whatever they hold; so the order of keys counts too.
    Text,
}

impl DifferenceLook {
    /// Returns the look that comes next.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::ByPath => Self::Beside,
            Self::Beside => Self::Text,
            Self::Text => Self::ByPath,
        }
    }

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ByPath => "by path",
            Self::Beside => "side by side",
            Self::Text => "as text",
        }
    }
}

impl Pair {
    /// Puts the marked base and the version shown in order: of one thing the older version is the old one; of two things the
    /// base is.
    pub fn of(base: Side, shown: Side) -> Self {
        let is_back = base.record.subject == shown.record.subject && base.record.version > shown.record.version;
        let (old, new) = if is_back { (shown, base) } else { (base, shown) };
        Self { old: Some(old), new }
    }

    /// Returns how many bytes are to be compared.
    pub fn size(&self) -> usize {
        let size = |side: &Side| side.record.value.as_ref().map_or(0, String::len);
        self.old.as_ref().map_or(0, size) + size(&self.new)
    }

    /// Returns what both sides are called, old first, from where their names part: `lamps › desk` and `chairs › desk`. `None`
    /// where both have the same names.
    pub fn names(&self) -> Option<[String; 2]> {
        let [old, new] = [self.old.as_ref()?, &self.new];
        if old.names == new.names {
            let is_one = old.record.subject == new.record.subject;
            let named = |side: &Side| format!("{} ({})", side.names.join(" › "), side.record.subject.id());
            return (!is_one).then(|| [old, new].map(named));
        }
        let (old, new) = (&old.names, &new.names);
        let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
        let from = |names: &[String]| names[same.min(names.len().saturating_sub(1))..].join(" › ");
        Some([from(old), from(new)])
    }

    /// Returns whether one is a collection and the other an entry.
    pub fn is_mixed(&self) -> bool {
        let is_entry = |side: &Side| matches!(side.record.subject, Subject::Entry(_));
        self.old.as_ref().is_some_and(|old| is_entry(old) != is_entry(&self.new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User, Version};

    fn side(names: [&str; 4], ms: i64) -> Side {
        let [application, user, collection, entry] = names;
        let (application, user) = (Application::new(application), User::new(user));
        let collection = CollectionKey { application, user, id: CollectionId::new(collection) };
        let key = EntryKey { collection, id: EntryId::new(entry) };
        let names = names.map(str::to_owned).to_vec();
        Side { record: Arc::new(Record::bare(key, Version::from_ms(ms))), names }
    }

    fn versions(pair: &Pair) -> (i64, i64) {
        (pair.old.as_ref().map_or(0, |old| old.record.version.ms()), pair.new.record.version.ms())
    }

    #[test]
    fn of_one_thing_the_older_version_is_old_and_of_two_the_base_is() {
        let (desk, table) = (["shop", "ada", "lamps", "desk"], ["shop", "ada", "lamps", "table"]);
        assert_eq!(versions(&Pair::of(side(desk, 1), side(desk, 2))), (1, 2));
        assert_eq!(versions(&Pair::of(side(desk, 2), side(desk, 1))), (1, 2));
        assert_eq!(versions(&Pair::of(side(desk, 2), side(table, 1))), (2, 1));
    }

    #[test]
    fn names_are_told_from_where_they_part() {
        let names = |old, new| Pair::of(side(old, 1), side(new, 2)).names();
        let desk = ["shop", "ada", "lamps", "desk"];
        assert_eq!(names(desk, desk), None);
        assert_eq!(names(desk, ["shop", "ada", "lamps", "table"]), Some(["desk", "table"].map(str::to_owned)));
        assert_eq!(
            names(desk, ["shop", "bob", "chairs", "desk"]),
            Some(["ada › lamps › desk", "bob › chairs › desk"].map(str::to_owned))
        );
    }
}
