//! What collections and entries have in common: one is shown, changed, deleted.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::Response;

use super::answer::SLIPPED_IN;
use super::call::Call;
use super::list::{List, not_json};
use super::refusal::Refusal;
use super::{answer, condition, shape};
use crate::model::at::At;
use crate::model::{Filter, Subject, Version};
use crate::store::{Costed, Edit, StoreError, Written};

/// Answers with one record in an array, or with all its versions.
pub(super) async fn show(call: &Arc<Call>, subject: &Subject, filter: Filter) -> Result<Response, Refusal> {
    let (mut response, version) = if filter == Filter::All {
        let list = List::read(call, call.store.history(subject), filter).await?;
        if list.is_empty() {
            return Err(Refusal::Absent);
        }
        let newest = list.newest();
        (list.answer(call), newest)
    } else {
        let newest = async { Ok(call.store.at(subject, At::Newest).await?.value) };
        let record = call.in_time(newest).await?;
        if filter == Filter::Latest && record.is_deleted() {
            return Err(Refusal::Absent);
        }
        let Some(json) = shape::record(&record) else {
            call.leave_out(&not_json(&record));
            return Err(Refusal::Damaged);
        };
        // A deletion is a mark on the version, which goes on to have its tag.
        if !record.is_deleted() && condition::is_known(call, record.version) {
            return Ok(answer::not_modified(record.version));
        }
        (answer::json(StatusCode::OK, format!("[{json}]")), Some(record.version))
    };
    if let Some(version) = version {
        response.headers_mut().insert(ETAG, answer::etag(version));
    }
    Ok(response)
}

/// Writes a new version.
pub(super) async fn change(call: &Call, subject: &Subject, edit: &Edit) -> Result<Response, Refusal> {
    let _turn = call.server.turns.take(subject).await;
    let base = condition::base(call, subject).await?;
    answer_to(call, subject, call.store.update(subject, edit, base).await).await
}

/// Marks the newest version as deleted.
pub(super) async fn delete(call: &Call, subject: &Subject) -> Result<Response, Refusal> {
    let _turn = call.server.turns.take(subject).await;
    let base = condition::base(call, subject).await?;
    if let (Subject::Entry(key), false) = (subject, call.store.is_read_only()) {
        refuse_deleted(call, &key.collection.clone().into()).await?;
    }
    answer_to(call, subject, call.store.delete(subject, base).await).await
}

/// Fails where the newest version is deleted.
async fn refuse_deleted(call: &Call, subject: &Subject) -> Result<(), Refusal> {
    let newest = call.store.at(subject, At::Newest).await?.value;
    if newest.is_deleted() { Err(Refusal::Absent) } else { Ok(()) }
}

async fn answer_to(
    call: &Call,
    subject: &Subject,
    written: Result<Costed<Written>, StoreError>,
) -> Result<Response, Refusal> {
    let Written { record, slipped_in } = match written {
        Ok(written) => written.value,
        Err(error) => {
            let refusal = Refusal::from(error);
            // What is deleted is not there, whatever version a write was meant for.
            if let Refusal::Changed { .. } = refusal {
                refuse_deleted(call, subject).await?;
            }
            return Err(refusal);
        }
    };
    let mut response = answer::written(call, StatusCode::OK, &record);
    if !slipped_in.is_empty() {
        let versions = slipped_in.iter().map(Version::to_string).collect::<Vec<_>>().join(", ");
        call.tell(format!("versions that were not seen slipped in: {versions}"));
        response.headers_mut().insert(SLIPPED_IN, answer::of_digits(&versions));
    }
    Ok(response)
}
