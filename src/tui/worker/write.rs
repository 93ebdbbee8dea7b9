//! Carries a write out.

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;

use super::super::event::{Became, Outcome, Reply, RequestId, Write};
use super::send;
use crate::bring_back::{self, Plan};
use crate::model::at::At;
use crate::store::{Base, Costed, Store, StoreError};

/// Carries a write out and tells what it did; of many, each by itself too, until `stop`.
pub(super) async fn carry_out(
    store: &Store,
    request: RequestId,
    write: Write,
    steps: &UnboundedSender<Reply>,
    stop: &Notify,
) -> Result<Costed<Outcome>, StoreError> {
    Ok(match write {
        Write::BringBack(plan) => bring_back(store, request, &plan, steps, stop).await,
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

async fn bring_back(
    store: &Store,
    request: RequestId,
    plan: &Plan,
    steps: &UnboundedSender<Reply>,
    stop: &Notify,
) -> Costed<Outcome> {
    let told = |progress: &bring_back::Progress, place: usize, outcome: &bring_back::Outcome| {
        let became = match outcome {
            bring_back::Outcome::Done { version, slipped_in } => {
                Became::Done { version: *version, slipped_in: slipped_in.len() }
            }
            bring_back::Outcome::Skipped(error) => Became::Skipped(match error {
                StoreError::VersionConflict { .. } => "someone else wrote since".to_owned(),
                error => error.to_string(),
            }),
            bring_back::Outcome::Failed(error) => Became::Failed(error.to_string()),
            bring_back::Outcome::Impossible | bring_back::Outcome::NotReached => return,
        };
        if let Some(item) = plan.items.get(place) {
            send(steps, Reply::BroughtBack(request, item.now.subject.clone(), became, *progress));
        }
    };
    let report = bring_back::carry_out(store, plan, stop.notified(), told).await;
    Costed { value: Outcome::BroughtBack(report.stopped), cost: report.progress.cost }
}
