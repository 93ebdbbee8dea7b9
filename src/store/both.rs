//! What was there at a moment and what is there now, or was at a later one, read in one go: most of it is the same rows.

use super::Store;
use super::error::StoreError;
use super::records::{Keep, Page, Records};
use crate::model::{Application, CollectionKey, Moment, Record, User};

/// A listing of two states. Each call of [`Both::next`] sends one request, and two small ones at most; whoever has enough
/// drops the listing.
pub struct Both {
    records: Records,
}

impl Store {
    /// Lists the collections that a user had at a moment, and those at a later one, or now, deleted ones too.
    pub fn both_collections(
        &self,
        application: &Application,
        user: &User,
        earlier: Moment,
        later: Option<Moment>,
    ) -> Both {
        Both { records: self.list_collections(application, user, Keep::both(earlier, later)) }
    }

    /// Lists the entries that a collection had at a moment, and those at a later one, or now, deleted ones too, with
    /// their values.
    ///
    /// Fails with [`StoreError::NotFound`] at the first page where the collection is not one of its application.
    pub fn both_entries(&self, collection: &CollectionKey, earlier: Moment, later: Option<Moment>) -> Both {
        Both { records: self.list_entries(collection, Keep::both(earlier, later), true) }
    }
}

impl Both {
    /// Returns the next page of the later state, with what came along of the earlier one, or `None` after the last one.
    /// Of one subject the two may come on different pages. After a failure the same page can be asked for again.
    pub async fn next(&mut self) -> Result<Option<(Vec<Record>, Page<Record>)>, StoreError> {
        let page = self.records.next().await?;
        Ok(page.map(|page| (self.records.take_earlier(), page)))
    }

    /// Returns whether the last page was given.
    pub fn is_complete(&self) -> bool {
        self.records.is_complete()
    }
}
