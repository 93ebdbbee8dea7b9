//! How ids become table keys, and table keys ids.
//!
//! | table | hash key | sort key |
//! |---|---|---|
//! | collections | `{application}` | `{user}#{collection}#{ms}` |
//! | entries | `{user}#{collection}#` | `{entry}#{ms}` |
//!
//! Keys are taken apart from the right, since only the version is sure to hold no `#`.

use super::{Application, CollectionId, EntryId, User, Version};

/// Names one collection.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CollectionKey {
    /// The application it belongs to.
    pub application: Application,
    /// The user it belongs to.
    pub user: User,
    /// Its own id.
    pub id: CollectionId,
}

impl CollectionKey {
    /// Returns what all sort keys of this collection's versions start with.
    pub fn sort_prefix(&self) -> String {
        format!("{}#{}#", self.user, self.id)
    }

    /// Returns the hash key under which the entries of this collection are. It holds no application: whoever acts for
    /// one application must have found the collection under that application first.
    pub fn entries_partition(&self) -> String {
        self.sort_prefix()
    }
}

/// Names one entry of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryKey {
    /// The collection it is in.
    pub collection: CollectionKey,
    /// Its own id.
    pub id: EntryId,
}

/// What has versions: a collection or an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A collection.
    Collection(CollectionKey),
    /// An entry.
    Entry(EntryKey),
}

impl Subject {
    /// Returns the collection it is, or is in.
    pub fn collection(&self) -> &CollectionKey {
        match self {
            Self::Collection(key) => key,
            Self::Entry(key) => &key.collection,
        }
    }

    /// Returns its own id.
    pub fn id(&self) -> &str {
        match self {
            Self::Collection(key) => key.id.as_str(),
            Self::Entry(key) => key.id.as_str(),
        }
    }

    /// Returns "collection" or "entry".
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Collection(_) => "collection",
            Self::Entry(_) => "entry",
        }
    }

    /// Returns the hash key of its rows.
    pub fn partition(&self) -> String {
        match self {
            Self::Collection(key) => key.application.to_string(),
            Self::Entry(key) => key.collection.entries_partition(),
        }
    }

    /// Returns what the sort keys of its rows start with.
    pub fn sort_prefix(&self) -> String {
        match self {
            Self::Collection(key) => key.sort_prefix(),
            Self::Entry(key) => format!("{}#", key.id),
        }
    }

    /// Returns the sort key of one of its versions.
    pub fn sort_key(&self, version: Version) -> String {
        format!("{}{version}", self.sort_prefix())
    }
}

impl From<CollectionKey> for Subject {
    fn from(key: CollectionKey) -> Self {
        Self::Collection(key)
    }
}

impl From<EntryKey> for Subject {
    fn from(key: EntryKey) -> Self {
        Self::Entry(key)
    }
}

/// Takes a sort key of the collections table apart; `None` when it is not of the form.
pub fn parse_collection(application: &Application, sort: &str) -> Option<(CollectionKey, Version)> {
    let (rest, version) = sort.rsplit_once('#')?;
    let (user, id) = rest.rsplit_once('#')?;
    let key = CollectionKey { application: application.clone(), user: User::new(user), id: CollectionId::new(id) };
    Some((key, version.parse().ok()?))
}

/// Takes a sort key of the entries table apart; `None` when it is not of the form.
pub fn parse_entry(collection: &CollectionKey, sort: &str) -> Option<(EntryKey, Version)> {
    let (id, version) = sort.rsplit_once('#')?;
    Some((EntryKey { collection: collection.clone(), id: EntryId::new(id) }, version.parse().ok()?))
}

/// Returns the user that a sort key of the collections table belongs to, its first part; `None` without a `#`.
pub fn user_of(sort: &str) -> Option<User> {
    sort.split_once('#').map(|(user, _)| User::new(user))
}

/// Returns the version that a sort key of either table ends with; `None` when it is not of the form.
pub fn version_of(sort: &str) -> Option<Version> {
    sort.rsplit_once('#')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collection() -> CollectionKey {
        CollectionKey {
            application: Application::new("billing"),
            user: User::new("u-1"),
            id: CollectionId::new("c0ffee"),
        }
    }

    #[test]
    fn keys_have_the_form_of_the_original() {
        let entry = EntryKey { collection: collection(), id: EntryId::new("e1") };
        let version = Version::from_ms(1_700_000_000_000);
        assert_eq!(Subject::from(collection()).sort_key(version), "u-1#c0ffee#1700000000000");
        assert_eq!(Subject::from(entry.clone()).partition(), "u-1#c0ffee#");
        assert_eq!(Subject::from(entry).sort_key(version), "e1#1700000000000");
    }

    #[test]
    fn keys_are_taken_apart_from_the_right() {
        let (key, version) = parse_collection(&Application::new("a"), "odd#user#id#12").expect("it is of the form");
        assert_eq!((key.user.as_str(), key.id.as_str(), version.ms()), ("odd#user", "id", 12));
        let (key, version) = parse_entry(&collection(), "odd#entry#12").expect("it is of the form");
        assert_eq!((key.id.as_str(), version.ms()), ("odd#entry", 12));
    }

    #[test]
    fn other_keys_are_not_taken_apart() {
        for sort in ["", "garbage", "user#id", "user#id#", "user#id#12x", "user#id#-1"] {
            assert_eq!(parse_collection(&Application::new("a"), sort), None, "{sort}");
        }
        for sort in ["", "garbage", "id#", "id#later"] {
            assert_eq!(parse_entry(&collection(), sort), None, "{sort}");
        }
    }
}
