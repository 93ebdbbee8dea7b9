//! The names of things in a store: one newtype for each, cheap to clone, never mixed up.

use std::fmt;
use std::sync::Arc;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// Returns the text as it stands in the tables.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), &*self.0)
            }
        }
    };
}

id! {
    /// An application: the hash key of the collections table, in the original server the owner of an API key.
    Application
}
id! {
    /// A user of an application, as the slug that is stored. See [`User::from_typed`].
    User
}
id! {
    /// The id of a collection; a UUID where the original or dynamini made it.
    CollectionId
}
id! {
    /// The id of an entry; a UUID where the original or dynamini made it.
    EntryId
}

impl User {
    /// Returns the user that a typed name is stored under, or `None` when nothing of the name survives the slug.
    pub fn from_typed(name: &str) -> Option<Self> {
        let slug = super::slug::slug(name);
        (!slug.is_empty()).then(|| Self::new(slug))
    }
}
