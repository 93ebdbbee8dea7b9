//! Conditions on versions: `If-Match`, which one a write is meant for; `If-None-Match`, which one a reader has.

use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName};

use super::call::Call;
use super::refusal::Refusal;
use crate::model::at::At;
use crate::model::{Subject, Version};
use crate::store::Base;

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
enum Condition {
    /// Any version at all.
    Any,
    /// One of these, if any is one.
    OneOf(Vec<Tag>),
}

/// The tag of an entity. One that is no version is legal and matches nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Tag {
    version: Option<Version>,
    is_weak: bool,
}

/// Returns what a write is based on.
///
/// Without a condition that is whatever is the newest when the write is made, deleted or not at that moment, so that no
/// deletion is undone and no name or value brought back by an older read.
pub(super) async fn base(call: &Call, subject: &Subject) -> Result<Base, Refusal> {
    let condition = condition(&call.headers, &IF_MATCH).map_err(|Malformed| {
        let form = "If-Match must be a version in quotes, as the ETag of an answer: \"1700000000000\"";
        Refusal::Bad(form.to_owned())
    })?;
    let Some(Condition::OneOf(tags)) = condition else { return Ok(Base::Newest) };
    let versions: Vec<_> = tags.iter().filter(|tag| !tag.is_weak).filter_map(|tag| tag.version).collect();
    if let [version] = versions[..] {
        return Ok(Base::Version(version));
    }
    let newest = call.store.at(subject, At::Newest).await?.value;
    if newest.is_deleted() {
        return Err(Refusal::Absent);
    }
    if versions.contains(&newest.version) {
        Ok(Base::Version(newest.version))
    } else {
        Err(Refusal::Changed { actual: newest.version })
    }
}

/// Returns whether who asks has this version already.
pub(super) fn is_known(call: &Call, version: Version) -> bool {
    match condition(&call.headers, &IF_NONE_MATCH) {
        Ok(Some(Condition::Any)) => true,
        Ok(Some(Condition::OneOf(tags))) => tags.iter().any(|tag| tag.version == Some(version)),
        Ok(None) | Err(Malformed) => false,
    }
}

/// A header is not of the form that RFC 9110 gives it in 8.8.3 and 13.1.
#[derive(Debug, PartialEq, Eq)]
struct Malformed;

fn condition(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Condition>, Malformed> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| value.as_bytes().trim_ascii()).collect();
    if values.is_empty() {
        return Ok(None);
    }
    if values == [b"*"] {
        return Ok(Some(Condition::Any));
    }
    let mut tags = Vec::new();
    for value in values {
        scan(value, &mut tags).ok_or(Malformed)?;
    }
    if tags.is_empty() { Err(Malformed) } else { Ok(Some(Condition::OneOf(tags))) }
}

/// Reads a list of tags, in which there may be nothing between two commas; `None` where it is none.
fn scan(value: &[u8], tags: &mut Vec<Tag>) -> Option<()> {
    let mut rest = value;
    while let Some(first) = rest.first() {
        if matches!(first, b',' | b' ' | b'\t') {
            rest = &rest[1..];
            continue;
        }
        let opaque = rest.strip_prefix(b"W/");
        let is_weak = opaque.is_some();
        let opaque = opaque.unwrap_or(rest).strip_prefix(b"\"")?;
        let end = opaque.iter().position(|byte| *byte == b'"')?;
        let (opaque, after) = opaque.split_at(end);
        // Commas are part of a tag, and so are bytes beyond ASCII.
        if !opaque.iter().all(|byte| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..)) {
            return None;
        }
        let version = std::str::from_utf8(opaque).ok().and_then(|text| text.parse().ok());
        tags.push(Tag { version, is_weak });
        rest = after[1..].trim_ascii_start();
        if !rest.is_empty() && rest[0] != b',' {
            return None;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(values: &[&[u8]]) -> Result<Option<Condition>, Malformed> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, HeaderValue::from_bytes(value).expect("it is a header value"));
        }
        condition(&headers, &IF_MATCH)
    }

    fn one_of(tags: &[(Option<i64>, bool)]) -> Condition {
        let tag = |(ms, is_weak): &(Option<i64>, bool)| Tag { version: ms.map(Version::from_ms), is_weak: *is_weak };
        Condition::OneOf(tags.iter().map(tag).collect())
    }

    #[test]
    fn tags_are_versions_in_quotes() {
        let strong = |ms| (Some(ms), false);
        assert_eq!(of(&[]), Ok(None));
        assert_eq!(of(&[b" * "]), Ok(Some(Condition::Any)));
        assert_eq!(of(&[b"\"17\""]), Ok(Some(one_of(&[strong(17)]))));
        assert_eq!(of(&[b"W/\"17\""]), Ok(Some(one_of(&[(Some(17), true)]))));
        assert_eq!(
            of(&[b"\"17\" , W/\"18\"", b"\"19\""]),
            Ok(Some(one_of(&[strong(17), (Some(18), true), strong(19)])))
        );
        assert_eq!(of(&[b", \"1\",,\t\"2\" ,"]), Ok(Some(one_of(&[strong(1), strong(2)]))));
        assert_eq!(of(&[b"\"a,\"", b"\"1\""]), Ok(Some(one_of(&[(None, false), strong(1)]))));
        let none: [&[u8]; 6] = [b"\"\"", b"\"abc\"", b"\"017\"", b"\"17000000000000000000\"", b"\"1,2\"", b"\"\xe9\""];
        for none in none {
            assert_eq!(of(&[none]), Ok(Some(one_of(&[(None, false)]))), "{none:?}");
        }
        let wrong: [&[&[u8]]; 12] = [
            &[b""],
            &[b","],
            &[b"17"],
            &[b"\"17"],
            &[b"17\""],
            &[b"\""],
            &[b"w/\"17\""],
            &[b"W/ \"17\""],
            &[b"\"1\" \"2\""],
            &[b"\"1 2\""],
            &[b"\"1\", *"],
            &[b"*", b"*"],
        ];
        for wrong in wrong {
            assert_eq!(of(wrong), Err(Malformed), "{wrong:?}");
        }
    }
}
