//! Answers, in the few forms that they have.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use super::call::Call;
use super::path::encoded;
use super::shape;
use crate::model::{Record, Subject, Version};

/// How many rows were left out of a list because they can't be read.
pub(super) const UNREADABLE_ROWS: HeaderName = HeaderName::from_static("x-unreadable-rows");

/// Versions that were written without being seen since the one that a write was meant for.
pub(super) const SLIPPED_IN: HeaderName = HeaderName::from_static("x-slipped-in");

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
const REPRESENTATION: HeaderValue = HeaderValue::from_static("return=representation");
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Returns an answer without a body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Returns an answer of JSON.
pub(super) fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    with_body(status, JSON, body.into())
}

/// Returns an answer of plain text.
pub(super) fn text(status: StatusCode, body: &'static str) -> Response {
    with_body(status, TEXT, body.into())
}

fn with_body(status: StatusCode, kind: HeaderValue, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// Returns the answer to a write. The body is empty, as the original's clients expect it, unless the request says
/// `Prefer: return=representation`: then it is an array of the version that was written.
pub(super) fn written(call: &Call, status: StatusCode, record: &Record) -> Response {
    let mut response = match shape::record(record) {
        Some(record) if wants_record(&call.headers) => {
            let mut response = json(status, format!("[{record}]"));
            response.headers_mut().insert(PREFERENCE_APPLIED, REPRESENTATION);
            response
        }
        _ => empty(status),
    };
    response.headers_mut().insert(ETAG, etag(record.version));
    if status == StatusCode::CREATED {
        response.headers_mut().insert(LOCATION, location(&record.subject));
    }
    response
}

/// Returns whether `Prefer` asks for the record: as one of a list, of which the first that is known counts (RFC 7240).
fn wants_record(headers: &HeaderMap) -> bool {
    let values = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
    let mut preferences = values.flat_map(|value| value.split(',')).filter_map(|preference| {
        // What follows a semicolon says more of it, and of this one there is no more to say.
        let (name, value) = preference.split(';').next()?.split_once('=')?;
        name.trim().eq_ignore_ascii_case("return").then(|| value.trim().trim_matches('"'))
    });
    preferences.next().is_some_and(|value| value.eq_ignore_ascii_case("representation"))
}

/// Returns the answer to who has the version already.
pub(super) fn not_modified(version: Version) -> Response {
    let mut response = empty(StatusCode::NOT_MODIFIED);
    response.headers_mut().insert(ETAG, etag(version));
    response
}

/// Returns the tag of a version: its number in quotes.
pub(super) fn etag(version: Version) -> HeaderValue {
    of_digits(&format!("\"{version}\""))
}

/// Returns a header of numbers and what stands around them.
pub(super) fn of_digits(text: &str) -> HeaderValue {
    HeaderValue::try_from(text).expect("digits, quotes and commas are a header value")
}

fn location(subject: &Subject) -> HeaderValue {
    let key = subject.collection();
    let mut path = format!("/api/user/{}/collection/{}", encoded(key.user.as_str()), encoded(key.id.as_str()));
    if let Subject::Entry(entry) = subject {
        path += &format!("/entry/{}", encoded(entry.id.as_str()));
    }
    HeaderValue::try_from(path).expect("an encoded path is ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preference_is_one_of_a_list() {
        for (values, expected) in [
            (&["return=representation"][..], true),
            (&["respond-async, Return = \"representation\"; a=b"], true),
            (&["wait=10", "return=representation"], true),
            (&["return=representation, return=minimal"], true),
            (&["return=minimal, return=representation"], false),
            (&["representation", "return", "returns=representation"], false),
            (&[], false),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(PREFER, HeaderValue::from_static(value));
            }
            assert_eq!(wants_record(&headers), expected, "{values:?}");
        }
    }
}
