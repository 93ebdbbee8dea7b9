//! What is answered instead of what was asked for, and what it tells of the reason.

use axum::http::header::{CONNECTION, ETAG, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::answer;
use super::call::Call;
use crate::json::{Object, ParseError};
use crate::model::Version;
use crate::store::StoreError;

/// After how many seconds a client may try again what failed for a reason that passes.
const AFTER: HeaderValue = HeaderValue::from_static("1");

const SLOW: &str = "the body came too slowly";
const CROWDED: &str = "too many are sending at the same time: try again in a moment";
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
    /// Too many others sent bodies at the same time.
    Crowded,
    /// The store took too long.
    Stalled {
        /// Whether a write was sent, which may have happened or not.
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
        self.note(call);
        match self {
            Self::Unknown => answer::empty(StatusCode::UNAUTHORIZED),
            Self::Absent => answer::empty(StatusCode::NOT_FOUND),
            Self::Plain(text) => answer::text(StatusCode::BAD_REQUEST, text),
            Self::Bad(error) => tell(StatusCode::BAD_REQUEST, &error, false),
            Self::NotJson(error) => tell(StatusCode::BAD_REQUEST, &format!("the body is not JSON: {error}"), false),
            Self::TooLarge { what, size, limit } => {
                let mut body = Object::default();
                body.text("error", Some(&measured(what, size, limit)));
                body.text("what", Some(what));
                if let Some(size) = size {
                    body.raw("size", &size.to_string());
                }
                body.raw("limit", &limit.to_string());
                answer::json(StatusCode::PAYLOAD_TOO_LARGE, body.close())
            }
            Self::Slow => {
                let mut response = tell(StatusCode::REQUEST_TIMEOUT, SLOW, false);
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                response
            }
            Self::Crowded => tell(StatusCode::SERVICE_UNAVAILABLE, CROWDED, true),
            Self::Stalled { writing: true } => tell(StatusCode::SERVICE_UNAVAILABLE, UNCONFIRMED, false),
            Self::Stalled { writing: false } => tell(StatusCode::SERVICE_UNAVAILABLE, UNREACHABLE, true),
            Self::Changed { actual } => {
                let mut body = Object::default();
                body.text("error", Some(&format!("version {actual} is the newest")));
                body.raw("version", &actual.to_string());
                let mut response = answer::json(StatusCode::PRECONDITION_FAILED, body.close());
                response.headers_mut().insert(ETAG, answer::etag(actual));
                response
            }
            Self::Damaged => tell(StatusCode::INTERNAL_SERVER_ERROR, "the stored value is not JSON", false),
            Self::Store(error) => fault(&error),
        }
    }

    /// Notes the reason for the log, which holds nothing of a header or a body.
    pub(super) fn note(&self, call: &Call) {
        let reason = match self {
            Self::Unknown | Self::Absent | Self::Changed { .. } | Self::Damaged => return,
            Self::Plain(text) => (*text).to_owned(),
            Self::Bad(error) => error.clone(),
            // What is wrong may quote a word of the body.
            Self::NotJson(error) => format!("the body is not JSON: line {}, column {}", error.line, error.column),
            Self::TooLarge { what, size, limit } => measured(what, *size, *limit),
            Self::Slow => SLOW.to_owned(),
            Self::Crowded => CROWDED.to_owned(),
            Self::Stalled { .. } => "the store took too long".to_owned(),
            Self::Store(error) => error.to_string(),
        };
        call.reason.get_or_init(|| reason);
    }
}

fn measured(what: &str, size: Option<usize>, limit: usize) -> String {
    match size {
        Some(size) => format!("{what} is {size} bytes, {} over the limit of {limit}", size.saturating_sub(limit)),
        None => format!("{what} is more than the limit of {limit} bytes"),
    }
}

/// Returns an answer that says what is wrong, and with `retry` that the same may succeed after a moment.
fn tell(status: StatusCode, error: &str, retry: bool) -> Response {
    let mut body = Object::default();
    body.text("error", Some(error));
    let mut response = answer::json(status, body.close());
    if retry {
        response.headers_mut().insert(RETRY_AFTER, AFTER);
    }
    response
}

/// Returns the answer to a failure of the store. It names no table, place, account or file: they are in the log.
fn fault(error: &StoreError) -> Response {
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    let (status, text) = match error {
        StoreError::Throttled { .. } => {
            (StatusCode::TOO_MANY_REQUESTS, "the capacity of the store is used up: try again in a moment")
        }
        StoreError::Busy => {
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
        error if error.is_transient() => (unavailable, "the store failed for the moment"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "the store failed"),
    };
    tell(status, text, error.is_transient())
}
