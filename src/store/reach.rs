//! The collections that were seen under their application.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::model::{CollectionKey, Record, Subject};

/// How many are kept. One that is forgotten is read once more, so that all are forgotten together when they are too many.
const MOST: usize = 10_000;

/// See the module. Entries have no application in their keys, so that a collection must have been seen here before its
/// entries are touched.
#[derive(Default)]
pub(super) struct Reached(Mutex<HashSet<CollectionKey>>);

impl Reached {
    pub(super) fn contains(&self, collection: &CollectionKey) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(collection)
    }

    /// Notes the collections among records that were read under their application.
    pub(super) fn note(&self, records: &[Record]) {
        let mut reached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for record in records {
            if let Subject::Collection(key) = &record.subject {
                if reached.len() >= MOST && !reached.contains(key) {
                    reached.clear();
                }
                reached.insert(key.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Application, CollectionId, User, Version};

    #[test]
    fn however_many_are_seen_no_more_are_kept_than_may_be() {
        let key = |number: usize| CollectionKey {
            application: Application::new("a"),
            user: User::new("u"),
            id: CollectionId::new(number.to_string()),
        };
        let reached = Reached::default();
        for number in 0..=MOST {
            reached.note(&[Record::bare(key(number), Version::from_ms(1))]);
            assert!(reached.contains(&key(number)));
        }
        let kept = reached.0.lock().expect("nobody panics").len();
        assert_eq!(kept, 1);
    }
}
