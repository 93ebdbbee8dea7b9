//! The body of a request: read within bounds, and understood as the original does.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::Body;
use axum::http::header::CONTENT_ENCODING;
use hyper::body::Body as _;

use super::call::Call;
use super::refusal::Refusal;
use crate::json::{self, Kind, Node};

/// The most bytes a body may have: what an item of a table can hold.
const LIMIT: usize = 400 * 1024;
/// How many kilobytes of bodies all requests under way may have together: 40 of the largest, thousands of usual ones.
pub(super) const ROOM: usize = 16 * 1024;

/// What a body says of a collection or an entry. What it does not say, and what the original takes for nothing, is
/// `None`: a name that is absent, null or empty, a value that is absent or an empty string.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Payload {
    /// The name.
    pub(super) name: Option<String>,
    /// The value, JSON on one line with every token as it was sent.
    pub(super) value: Option<String>,
}

/// Reads the body of a request to its end, and understands it. One that says to be too large is not read.
pub(super) async fn read(call: &Call, body: Body) -> Result<Payload, Refusal> {
    if call.headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(Refusal::Bad("Content-Encoding must be identity: send the body as it is".to_owned()));
    }
    let told = body.size_hint().exact().and_then(|size| usize::try_from(size).ok());
    let too_large = || Refusal::TooLarge { what: "the body", size: told, limit: LIMIT };
    if told.is_some_and(|size| size > LIMIT) {
        return Err(too_large());
    }
    let most = told.unwrap_or(LIMIT);
    call.make_room(most).await?;
    match tokio::time::timeout(call.server.read_timeout, collect(body, most)).await {
        Ok(Ok(Some(bytes))) => payload(&bytes),
        Ok(Ok(None)) => Err(too_large()),
        Ok(Err(_)) => Err(Refusal::Bad("the body broke off".to_owned())),
        Err(_) => Err(Refusal::Slow),
    }
}

/// Returns the bytes of a body, or `None` as soon as they are more than `most`.
async fn collect(mut body: Body, most: usize) -> Result<Option<Vec<u8>>, axum::Error> {
    // Of a body that doesn't say how large it is only what comes takes memory.
    let said = body.size_hint().exact().map_or(0, |_| most);
    let mut bytes = Vec::with_capacity(said);
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(data) = frame?.into_data() else { continue };
        bytes.extend_from_slice(&data);
        if bytes.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// Understands a body. What it holds besides a name and a value is ignored, also `meta` and `deletedAt`.
fn payload(bytes: &[u8]) -> Result<Payload, Refusal> {
    if bytes.is_empty() {
        return Ok(Payload::default());
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Refusal::Bad(format!("the body is not UTF-8 from byte {} on", error.valid_up_to())))?;
    let text = text.trim_start_matches('\u{feff}');
    let document = json::parse(text).map_err(Refusal::NotJson)?;
    let members = match &document.root().kind {
        Kind::Object(members) => members.as_slice(),
        // An array has no name and no value; so the original.
        Kind::Array(_) => &[],
        _ => return Err(Refusal::Bad("the body must be an object".to_owned())),
    };
    // Of a key that is there twice the last one counts, as in JavaScript, whatever the others hold.
    let last = |key: &str| members.iter().rev().find(|member| member.key.decode() == key).map(|member| &member.value);
    Ok(Payload { name: last("name").map_or(Ok(None), name)?, value: last("value").map_or(Ok(None), value)? })
}

fn name(node: &Node<'_>) -> Result<Option<String>, Refusal> {
    match &node.kind {
        Kind::Null => Ok(None),
        Kind::String(name) => Ok(Some(name.decode().into_owned()).filter(|name| !name.is_empty())),
        other => Err(Refusal::Bad(format!("name must be a string, not {}", kind(other)))),
    }
}

fn value(node: &Node<'_>) -> Result<Option<String>, Refusal> {
    match &node.kind {
        Kind::String(text) if text.decode().is_empty() => Ok(None),
        Kind::String(_) => Err(Refusal::Plain("Error: Invalid entry payload")),
        _ => Ok(Some(json::compact_node(node))),
    }
}

fn kind(kind: &Kind<'_>) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool(_) => "true or false",
        Kind::Number(_) => "a number",
        Kind::String(_) => "a string",
        Kind::Array(_) => "an array",
        Kind::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<(Option<String>, Option<String>), String> {
        match payload(body.as_bytes()) {
            Ok(Payload { name, value }) => Ok((name, value)),
            Err(Refusal::Plain(text)) => Err(text.to_owned()),
            Err(Refusal::Bad(text)) => Err(text),
            Err(Refusal::NotJson(error)) => Err(error.to_string()),
            Err(other) => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn a_payload_has_a_name_a_value_or_both() {
        for (body, name, value) in [
            ("", None, None),
            ("{}", None, None),
            ("[]", None, None),
            (r#"["name"]"#, None, None),
            (r#"{"name":"a","meta":{"version":1},"deletedAt":"now"}"#, Some("a"), None),
            (r#"{"name":"","value":""}"#, None, None),
            (r#"{"name":null,"value":null}"#, None, Some("null")),
            (r#"{"value":0}"#, None, Some("0")),
            (r#"{"value":false}"#, None, Some("false")),
            (r#"{"name":"a","value":1,"name":"b"}"#, Some("b"), Some("1")),
            (r#"{"name":1,"value":"text","value":1,"name":"b"}"#, Some("b"), Some("1")),
            (r#"{"name":"a","value":1,"name":null,"value":""}"#, None, None),
            (
                "{ \"value\" : { \"b\" : 12345678901234567890 , \"a\" : [ 1.0 , 1e400 ] } }",
                None,
                Some(r#"{"b":12345678901234567890,"a":[1.0,1e400]}"#),
            ),
            ("\u{feff}{\"n\\u0061me\":\"\\u00e9\"}", Some("é"), None),
        ] {
            let expected = (name.map(str::to_owned), value.map(str::to_owned));
            assert_eq!(read(body), Ok(expected), "{body}");
        }
    }

    #[test]
    fn what_is_none_is_told() {
        for (body, expected) in [
            (r#"{"value":"text"}"#, "Error: Invalid entry payload"),
            (r#"{"name":1}"#, "name must be a string, not a number"),
            (r#"{"name":{}}"#, "name must be a string, not an object"),
            (r#"{"name":[]}"#, "name must be a string, not an array"),
            (r#"{"name":false}"#, "name must be a string, not true or false"),
            ("1", "the body must be an object"),
            ("\"x\"", "the body must be an object"),
            ("null", "the body must be an object"),
        ] {
            assert_eq!(read(body), Err(expected.to_owned()), "{body}");
        }
        assert!(read("{").is_err_and(|error| error.starts_with("line 1, column ")));
        assert!(read(&"[".repeat(100_000)).is_err_and(|error| error.contains("nested too deep")));
        assert!(matches!(payload(b"{\"name\":\"\xff\"}"), Err(Refusal::Bad(error)) if error.contains("byte 9")));
    }
}
