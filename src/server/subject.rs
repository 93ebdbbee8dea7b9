//! What collections and entries have in common: one is shown, changed, deleted.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::Response;

use super::call::Call;
use super::list::{List, not_json};
use super::refusal::Refusal;
use super::{answer, condition, shape};
use crate::model::at::At;
use crate::model::{Filter, Subject};
use crate::store::Edit;

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
    let written = call.store.update(subject, edit, base).await?.value;
    Ok(answer::written(call, StatusCode::OK, &written.record))
}

/// Marks the newest version as deleted.
pub(super) async fn delete(call: &Call, subject: &Subject) -> Result<Response, Refusal> {
    let _turn = call.server.turns.take(subject).await;
    let base = condition::base(call, subject).await?;
    let written = call.store.delete(subject, base).await?.value;
    Ok(answer::written(call, StatusCode::OK, &written.record))
}
