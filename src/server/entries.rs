//! Entries: listed, created, changed.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use super::body::Payload;
use super::call::Call;
use super::list::List;
use super::refusal::Refusal;
use super::{answer, subject};
use crate::model::{CollectionKey, EntryKey, Filter};
use crate::store::Edit;

/// Answers with the entries of a collection; an empty list where the application has no such collection, so that
/// nobody learns from it whether another one has.
pub(super) async fn list(call: &Arc<Call>, collection: &CollectionKey, filter: Filter) -> Result<Response, Refusal> {
    let records = call.store.entries(collection, filter, true);
    match List::read(call, records, filter).await {
        Ok(list) => Ok(list.answer(call)),
        Err(Refusal::Absent) => Ok(answer::json(StatusCode::OK, "[]")),
        Err(refusal) => Err(refusal),
    }
}

/// Creates an entry.
pub(super) async fn create(call: &Call, collection: &CollectionKey, payload: Payload) -> Result<Response, Refusal> {
    let created = call.store.add_entry(collection, edit(payload)?).await?.value;
    Ok(answer::written(call, StatusCode::CREATED, &created))
}

/// Changes the name of an entry, its value or both; what isn't given stays.
pub(super) async fn change(call: &Call, key: EntryKey, payload: Payload) -> Result<Response, Refusal> {
    subject::change(call, &key.into(), &edit(payload)?).await
}

fn edit(payload: Payload) -> Result<Edit, Refusal> {
    let Payload { name, value } = payload;
    if name.is_none() && value.is_none() {
        return Err(Refusal::Plain("Error: Entry name or value required"));
    }
    Ok(Edit { name, value, ..Edit::default() })
}
