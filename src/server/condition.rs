//! `If-Match`: which version a write is meant for.

use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;

use super::call::Call;
use super::refusal::Refusal;
use crate::model::at::At;
use crate::model::{Subject, Version};
use crate::store::Base;

/// What `If-Match` says.
#[derive(Debug, PartialEq, Eq)]
enum Condition {
    /// Nothing: the last writer wins.
    None,
    /// One of these versions, if any tag is one.
    OneOf(Vec<Version>),
}

/// Returns what a write is based on.
///
/// Without a condition that is whatever is the newest when the write is made, deleted or not at that moment, so that no
/// deletion is undone and no name or value brought back by an older read.
pub(super) async fn base(call: &Call, subject: &Subject) -> Result<Base, Refusal> {
    let Condition::OneOf(versions) = condition(&call.headers)? else { return Ok(Base::Newest) };
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

fn condition(headers: &HeaderMap) -> Result<Condition, Refusal> {
    let mut versions = None;
    for value in headers.get_all(IF_MATCH) {
        let versions = versions.get_or_insert_with(Vec::new);
        for tag in value.to_str().unwrap_or_default().split(',').map(str::trim) {
            if tag == "*" {
                return Ok(Condition::None);
            }
            let opaque = tag.strip_prefix("W/").unwrap_or(tag);
            let opaque = opaque.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).ok_or_else(|| {
                Refusal::Bad(
                    "If-Match must be a version in quotes, as the ETag of an answer: \"1700000000000\"".to_owned(),
                )
            })?;
            // A weak tag, and one that is no version, is legal and matches nothing.
            if let (true, Ok(version)) = (tag.starts_with('"'), opaque.parse()) {
                versions.push(version);
            }
        }
    }
    Ok(versions.map_or(Condition::None, Condition::OneOf))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Option<Condition> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, value.parse().expect("it is a header value"));
        }
        condition(&headers).ok()
    }

    #[test]
    fn tags_are_versions_in_quotes() {
        let one_of = |ms: &[i64]| Some(Condition::OneOf(ms.iter().map(|ms| Version::from_ms(*ms)).collect()));
        assert_eq!(of(&[]), Some(Condition::None));
        assert_eq!(of(&["*"]), Some(Condition::None));
        assert_eq!(of(&["\"17\""]), one_of(&[17]));
        assert_eq!(of(&["\"17\" , \"18\"", "\"19\""]), one_of(&[17, 18, 19]));
        for none in ["W/\"17\"", "\"\"", "\"abc\"", "\"017\"", "\"17000000000000000000\""] {
            assert_eq!(of(&[none]), one_of(&[]), "{none}");
        }
        for wrong in ["", "17", "\"17", "17\"", "\"", "\"1\",,\"2\""] {
            assert_eq!(of(&[wrong]), None, "{wrong}");
        }
    }
}
