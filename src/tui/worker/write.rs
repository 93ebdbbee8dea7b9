//! Carries a write out.

use super::super::event::{Outcome, Write};
use crate::model::at::At;
use crate::store::{Base, Costed, Store, StoreError};

/// Carries a write out and tells what it did.
pub(super) async fn carry_out(store: &Store, write: Write) -> Result<Costed<Outcome>, StoreError> {
    Ok(match write {
        Write::Init => store.init().await?.map(|_| Outcome::Ready),
        Write::LoadSample => store.load_sample().await?.map(Outcome::Loaded),
        Write::CreateCollection { application, user, name } => {
            store.create_collection(&application, &user, &name).await?.map(Outcome::Collection)
        }
        Write::CreateEntry { collection, name, value, note } => {
            store.create_entry(&collection, &name, &value, note).await?.map(Outcome::Entry)
        }
        Write::Update { base, edit } => {
            match store.update(&base.subject, &edit, Base::seen(&base)).await {
                Ok(written) => written.map(Outcome::Version),
                Err(error @ (StoreError::VersionConflict { .. } | StoreError::Deleted { .. })) => {
                    let newest = store.at(&base.subject, At::Newest).await?;
                    // Where the entry is as it was, it is its collection that was deleted.
                    if newest.value.version == base.version && newest.value.is_deleted() == base.is_deleted() {
                        return Err(error);
                    }
                    newest.map(Outcome::Conflict)
                }
                Err(error) => return Err(error),
            }
        }
        Write::Delete { base } => store.delete(&base.subject, Base::seen(&base)).await?.map(Outcome::Version),
        Write::Undelete { base, note } => {
            store.undelete_with(&base.subject, note, Base::seen(&base)).await?.map(Outcome::Version)
        }
        Write::Restore { base, record, delete, note } => {
            let subject = &base.subject;
            let restored = store.restore(subject, record.version, note, Base::seen(&base)).await?;
            if !delete {
                return Ok(restored.map(Outcome::Version));
            }
            match store.delete(subject, Base::seen(&restored.value.record)).await {
                Ok(mut deleted) => {
                    deleted.cost += restored.cost;
                    deleted.value.slipped_in.extend(restored.value.slipped_in);
                    deleted.map(Outcome::Version)
                }
                Err(error) => restored.map(|written| Outcome::Half(written, error)),
            }
        }
    })
}
