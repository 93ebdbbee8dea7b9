//! What was brought back, taken back again.

use super::{Act, Item};
use crate::model::{Record, Version};

impl Item {
    /// Returns the version that carrying this out wrote or marked, as it is now, without its value.
    pub fn done(&self, version: Version) -> Record {
        match (self.act, &self.then) {
            (Act::Restore | Act::Rename | Act::Undelete, Some(then)) => Record {
                name: then.name.clone(),
                restored_from: Some(then.version),
                ..Record::bare(self.now.subject.clone(), version)
            },
            // Only that there is a mark matters to what is written on top.
            _ => Record { deleted_at: Some(version.time().to_string()), ..self.now.clone() },
        }
    }

    /// Returns what has to be done so that it is again as it was `before` this was carried out, where it is now as this
    /// left it, in the version `now`; `None` where nothing was done.
    pub fn way_back(&self, now: Record, before: Record) -> Option<Self> {
        let act = match self.act {
            Act::Delete => Act::Undelete,
            Act::Undelete => Act::Delete,
            Act::Restore | Act::Rename => self.act,
            Act::Nothing(_) => return None,
        };
        let bare = |record: Record| Record { value: None, ..record };
        Some(Self {
            now: bare(now),
            then: Some(bare(before)),
            collection: self.collection.clone(),
            act,
            cost: self.cost,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User};
    use crate::store::Cost;

    fn record(ms: i64, name: &str, is_deleted: bool) -> Record {
        let collection =
            CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") };
        let entry = EntryKey { collection, id: EntryId::new("e") };
        let deleted_at = is_deleted.then(|| "2026-11-22T09:41:03.000Z".to_owned());
        Record { name: Some(name.to_owned()), deleted_at, ..Record::bare(entry, Version::from_ms(ms)) }
    }

    #[test]
    fn the_way_back_leads_to_the_version_before_whatever_the_clocks_say() {
        for (act, is_deleted, back) in [
            (Act::Restore, false, Act::Restore),
            (Act::Rename, false, Act::Rename),
            (Act::Undelete, true, Act::Delete),
            (Act::Delete, false, Act::Undelete),
        ] {
            let then = Some(record(5, "then", false));
            // A version from a writer whose clock is far ahead.
            let now = record(9_000, "now", is_deleted);
            let item = Item { now: now.clone(), then, collection: None, act, cost: Cost::default() };
            let done = item.done(Version::from_ms(9_001));
            assert_eq!(done.is_deleted(), act == Act::Delete);
            let way_back = item.way_back(done.clone(), now.clone()).expect("something was done");
            assert_eq!((way_back.act, &way_back.now, way_back.then.as_ref()), (back, &done, Some(&now)));
        }
    }
}
