//! Paths as the original takes them: the words of a route in any case, a trailing slash or none.

use axum::http::Uri;
use axum::http::uri::PathAndQuery;

/// Returns the address with the words of its path in small letters and without a trailing slash; `None` where its path
/// is not percent-encoded UTF-8, which the original refuses, too.
///
/// Names and ids, which are every second part from the third on (`/api/user/NAME/collection/ID/entry/ID`), stay as they are.
pub(super) fn plain(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if !is_encoded_text(path) {
        return None;
    }
    let shorter = path.strip_suffix('/').filter(|shorter| !shorter.is_empty()).unwrap_or(path);
    let mut plain = String::with_capacity(uri.path().len());
    for (index, part) in shorter.split('/').enumerate() {
        if index > 0 {
            plain.push('/');
        }
        // Before the first slash there is nothing: the parts count from 1.
        let is_word = index == 1 || index % 2 == 0;
        plain.push_str(&if is_word { part.to_ascii_lowercase() } else { part.to_owned() });
    }
    if let Some(query) = uri.query() {
        plain.push('?');
        plain.push_str(query);
    }
    let mut parts = uri.clone().into_parts();
    // `CONNECT host:port` has no path, and no route.
    parts.path_and_query = if plain.is_empty() { None } else { Some(PathAndQuery::try_from(plain).ok()?) };
    Uri::from_parts(parts).ok()
}

/// Returns what a part of a path is for sure when it is percent-encoded: everything but letters, digits and `-._~` is.
pub(super) fn encoded(part: &str) -> String {
    let mut encoded = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}

fn is_encoded_text(path: &str) -> bool {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return false };
        bytes.push(u8::try_from(high * 16 + low).expect("two hexadecimal digits are a byte"));
    }
    std::str::from_utf8(&bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain_of(uri: &str) -> Option<String> {
        plain(&uri.parse().expect("it is an address")).map(|uri| uri.to_string())
    }

    #[test]
    fn words_lose_their_case_and_names_keep_it() {
        for (path, expected) in [
            ("/API/User/Foo/Collection/AbC/ENTRY/DeF/", "/api/user/Foo/collection/AbC/entry/DeF"),
            ("/Api/Collection?filter=All", "/api/collection?filter=All"),
            ("/HEALTH/", "/health"),
            ("/", "/"),
            ("/api/user//collection//", "/api/user//collection/"),
            ("*", "*"),
        ] {
            assert_eq!(plain_of(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn what_is_not_encoded_text_is_refused() {
        for path in ["/api/user/%zz/collection", "/%", "/%4", "/%ff", "/%C3", "/%+1"] {
            assert_eq!(plain_of(path), None, "{path}");
        }
        assert_eq!(plain_of("/%C3%A9").as_deref(), Some("/%c3%a9"));
    }

    #[test]
    fn a_name_is_encoded() {
        assert_eq!(encoded("a-B_1.~"), "a-B_1.~");
        assert_eq!(encoded("it's (é)/%"), "it%27s%20%28%C3%A9%29%2F%25");
    }
}
