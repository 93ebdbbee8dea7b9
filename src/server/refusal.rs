//! What is answered instead of what was asked for, and what it tells of the reason.

use axum::http::header::{CONNECTION, ETAG, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::answer;
use super::call::Call;
use crate::json::{Object, ParseError};
use crate::model::Version;
use crate::store::StoreError;
use crate::store::embedded::EngineFault;

/// After how many seconds a client may try again what failed for a reason that passes.
const AFTER: HeaderValue = HeaderValue::from_static("1");

const UNREACHABLE: &str = "the store can't be reached";
const UNCONFIRMED: &str = "the store did not say whether it was written: look before you write again";

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No key, or none of an application.
    Unknown,
    /// There is no such thing, or it is deleted.
    Absent,
    /// It is against the contract; these are the original's words for it.
    Plain(&'static str),
    /// It is against the contract. The log tells it, too, so that it holds nothing of a body.
    Bad(String),
    /// The body is not JSON.
    NotJson(ParseError),
    /// More than can be stored.
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size in bytes, where that is known.
        size: Option<usize>,
        /// The most it can have.
        limit: usize,
    },
    /// The body came too slowly.
    Slow,
    /// The store took too long.
    Stalled {
        /// Whether something was to be written, which may have happened or not.
        writing: bool,
    },
    /// Another version is the newest than the one that the request was meant for.
    Changed {
        /// The newest one.
        actual: Version,
    },
    /// What is stored there is not JSON.
    Damaged,
    /// The store failed, or refused.
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } | StoreError::Deleted { .. } => Self::Absent,
            StoreError::VersionConflict { actual, .. } => Self::Changed { actual },
            StoreError::TooLarge { what, size, limit } => Self::TooLarge { what, size: Some(size), limit },
            error => Self::Store(error),
        }
    }
}

impl Refusal {
    /// Returns the answer, and notes the reason for the log.
    pub(super) fn answer(self, call: &Call) -> Response {
        match self {
            Self::Unknown => answer::empty(StatusCode::UNAUTHORIZED),
            Self::Absent => answer::empty(StatusCode::NOT_FOUND),
            Self::Plain(text) => {
                call.reason.get_or_init(|| text.to_owned());
                answer::text(StatusCode::BAD_REQUEST, text)
            }
            Self::Bad(error) => {
                let response = tell(StatusCode::BAD_REQUEST, &error);
                call.reason.get_or_init(|| error);
                response
            }
            Self::NotJson(error) => {
                // What is wrong may quote a word of the body.
                call.reason
                    .get_or_init(|| format!("the body is not JSON: line {}, column {}", error.line, error.column));
                tell(StatusCode::BAD_REQUEST, &format!("the body is not JSON: {error}"))
            }
            Self::TooLarge { what, size, limit } => {
                let measured = size.map_or_else(
                    || format!("more than the limit of {limit} bytes"),
                    |size| format!("{size} bytes, {} over the limit of {limit}", size.saturating_sub(limit)),
                );
                let error = format!("{what} is {measured}");
                let mut body = Object::default();
                body.text("error", Some(&error));
                body.text("what", Some(what));
                if let Some(size) = size {
                    body.raw("size", &size.to_string());
                }
                body.raw("limit", &limit.to_string());
                call.reason.get_or_init(|| error);
                answer::json(StatusCode::PAYLOAD_TOO_LARGE, body.close())
            }
            Self::Slow => {
                let mut response = tell(StatusCode::REQUEST_TIMEOUT, "the body came too slowly");
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                response
            }
            Self::Stalled { writing } => {
                call.reason.get_or_init(|| "the store took too long".to_owned());
                if writing {
                    tell(StatusCode::SERVICE_UNAVAILABLE, UNCONFIRMED)
                } else {
                    let mut response = tell(StatusCode::SERVICE_UNAVAILABLE, UNREACHABLE);
                    response.headers_mut().insert(RETRY_AFTER, AFTER);
                    response
                }
            }
            Self::Changed { actual } => {
                let mut body = Object::default();
                body.text("error", Some(&format!("version {actual} is the newest")));
                body.raw("version", &actual.to_string());
                let mut response = answer::json(StatusCode::PRECONDITION_FAILED, body.close());
                response.headers_mut().insert(ETAG, answer::etag(actual));
                response
            }
            Self::Damaged => tell(StatusCode::INTERNAL_SERVER_ERROR, "the stored value is not JSON"),
            Self::Store(error) => {
                call.reason.get_or_init(|| error.to_string());
                fault(&error)
            }
        }
    }
}

fn tell(status: StatusCode, error: &str) -> Response {
    let mut body = Object::default();
    body.text("error", Some(error));
    answer::json(status, body.close())
}

/// Returns the answer to a failure of the store. It names no table, place, account or file: they are in the log.
fn fault(error: &StoreError) -> Response {
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    let (status, text) = match error {
        StoreError::Throttled { .. } => {
            (StatusCode::TOO_MANY_REQUESTS, "the capacity of the store is used up: try again in a moment")
        }
        StoreError::Busy | StoreError::Engine { fault: EngineFault::Busy, .. } => {
            (unavailable, "others are writing to the same place all the time, and nothing was written: try again")
        }
        StoreError::Unreachable { .. } => (unavailable, UNREACHABLE),
        StoreError::Unconfirmed { .. } => (unavailable, UNCONFIRMED),
        StoreError::AccessDenied { .. }
        | StoreError::CredentialsExpired { .. }
        | StoreError::CredentialsMissing { .. }
        | StoreError::RegionMissing { .. } => (unavailable, "the server has no permission to do this in the store"),
        StoreError::TableMissing { .. } | StoreError::TableKeys { .. } => {
            (unavailable, "the tables of the store are not there")
        }
        StoreError::ReadOnly => (StatusCode::FORBIDDEN, "the server is read-only"),
        StoreError::Invalid { .. } => (StatusCode::BAD_REQUEST, "the store does not take this"),
        error if error.is_transient() => (unavailable, "the store failed for the moment"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "the store failed"),
    };
    let mut response = tell(status, text);
    if error.is_transient() {
        response.headers_mut().insert(RETRY_AFTER, AFTER);
    }
    response
}
