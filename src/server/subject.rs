//! What collections and entries have in common: one is shown, changed, deleted.

use std::sync::Arc;

use axum::http::header::ETAG;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::call::Call;
use super::list::{List, not_json};
use super::refusal::Refusal;
use super::{Server, answer, condition, shape};
use crate::model::at::At;
use crate::model::{Filter, Subject};
use crate::store::Edit;

/// Answers with one record in an array, or with all its versions.
pub(super) async fn show(
    server: &Server,
    call: &Arc<Call>,
    subject: &Subject,
    filter: Filter,
) -> Result<Response, Refusal> {
    let (mut response, version) = if filter == Filter::All {
        let list = List::read(call, &server.memory, call.store.history(subject), filter).await?;
        if list.is_empty() {
            return Err(Refusal::Absent);
        }
        let newest = list.newest();
        (list.answer(call), newest)
    } else {
        let record = call.store.at(subject, At::Newest).await?.value;
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
pub(super) async fn change(
    server: &Server,
    call: &Call,
    subject: &Subject,
    edit: &Edit,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let _turn = server.turns.take(subject).await;
    let base = condition::base(call, subject, headers).await?;
    let written = call.store.update(subject, edit, base).await?.value;
    Ok(answer::written(StatusCode::OK, &written.record, headers))
}

/// Marks the newest version as deleted.
pub(super) async fn delete(
    server: &Server,
    call: &Call,
    subject: &Subject,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let _turn = server.turns.take(subject).await;
    let base = condition::base(call, subject, headers).await?;
    let written = call.store.delete(subject, base).await?.value;
    Ok(answer::written(StatusCode::OK, &written.record, headers))
}
