//! Collections: listed, created, renamed.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use super::body::Payload;
use super::call::Call;
use super::list::List;
use super::refusal::Refusal;
use super::{answer, subject};
use crate::model::{Application, CollectionKey, Filter, User};
use crate::store::Edit;

/// Answers with the collections of a user, or of all users.
pub(super) async fn list(
    call: &Arc<Call>,
    application: &Application,
    user: Option<&User>,
    filter: Filter,
) -> Result<Response, Refusal> {
    let records = match user {
        Some(user) => call.store.collections(application, user, filter),
        None => call.store.every_collection(application, filter),
    };
    Ok(List::read(call, records, filter).await?.answer(call))
}

/// Creates a collection, or answers with the one that has the name already.
pub(super) async fn create(
    call: &Call,
    application: &Application,
    user: &User,
    payload: Payload,
) -> Result<Response, Refusal> {
    let name = required(payload)?;
    let created = call.store.create_collection(application, user, &name).await?.value;
    Ok(answer::written(call, StatusCode::CREATED, &created.record))
}

/// Gives a collection another name.
pub(super) async fn rename(call: &Call, key: CollectionKey, payload: Payload) -> Result<Response, Refusal> {
    let edit = Edit { name: Some(required(payload)?), ..Edit::default() };
    subject::change(call, &key.into(), &edit).await
}

fn required(payload: Payload) -> Result<String, Refusal> {
    payload.name.ok_or_else(|| Refusal::Bad("a collection needs a name".to_owned()))
}
