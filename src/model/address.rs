//! An address as people type it: `APPLICATION/USER/COLLECTION/ENTRY`, or less of it, with an `@VERSION` where wanted.
//!
//! The parts are names, or the uuids of a collection and an entry; an address says nothing about what exists. In a part
//! `%XX` stands for the byte of that hexadecimal number, so that `%2F` is a slash within a name; a `%` before anything
//! else stands for itself.
//!
//! Names may hold an `@`, as mail addresses do. Only in the place of a collection or an entry, and only for the last
//! `@`, and only if what follows it is a point in a history ([`At`]), it starts the version; every other `@` belongs to
//! the name. A name that ends like a version is written with `%40`: `team%407` is named `team@7`.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use super::at::At;

/// What an address names. The texts are as typed, percent signs resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// The whole store: the empty address.
    Store,
    /// An application.
    Application {
        /// Its name.
        application: String,
    },
    /// A user of an application.
    User {
        /// The application's name.
        application: String,
        /// The user's name, not yet as its slug.
        user: String,
    },
    /// A collection of a user.
    Collection {
        /// The application's name.
        application: String,
        /// The user's name, not yet as its slug.
        user: String,
        /// The collection's name or uuid.
        collection: String,
        /// Which of its versions, where the address says so.
        at: Option<At>,
    },
    /// An entry of a collection.
    Entry {
        /// The application's name.
        application: String,
        /// The user's name, not yet as its slug.
        user: String,
        /// The collection's name or uuid.
        collection: String,
        /// The entry's name or uuid.
        entry: String,
        /// Which of its versions, where the address says so.
        at: Option<At>,
    },
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    /// Two slashes without a name between them, or a slash in front.
    #[error("there is a slash with no name before it: an address is APPLICATION/USER/COLLECTION/ENTRY")]
    EmptyPart,
    /// More than an application, a user, a collection and an entry.
    #[error(
        "there are more than four parts: an address is APPLICATION/USER/COLLECTION/ENTRY, with %2F for a slash in a name"
    )]
    TooManyParts,
    /// The bytes written with `%` make no text.
    #[error("{part:?} is not UTF-8 once its %XX are resolved; write a percent sign as %25")]
    NotText {
        /// The part as typed.
        part: String,
    },
}

impl Address {
    /// Returns which version the address names, where it says so.
    pub fn at(&self) -> Option<At> {
        match self {
            Self::Store | Self::Application { .. } | Self::User { .. } => None,
            Self::Collection { at, .. } | Self::Entry { at, .. } => *at,
        }
    }

    fn parts(&self) -> Vec<&str> {
        match self {
            Self::Store => vec![],
            Self::Application { application } => vec![application],
            Self::User { application, user } => vec![application, user],
            Self::Collection { application, user, collection, .. } => vec![application, user, collection],
            Self::Entry { application, user, collection, entry, .. } => vec![application, user, collection, entry],
        }
    }
}

impl FromStr for Address {
    type Err = NotAnAddress;

    /// Reads an address; one slash at its end is allowed, as shells put it there.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.is_empty() {
            return Ok(Self::Store);
        }
        let typed: Vec<&str> = text.split('/').collect();
        if typed.contains(&"") {
            return Err(NotAnAddress::EmptyPart);
        }
        let versioned = |part| match split_at(part) {
            // Without a name before it the `@` can only be a part of the name.
            Some(("", _)) | None => Ok((decode(part)?, None)),
            Some((name, at)) => Ok((decode(name)?, Some(at))),
        };
        Ok(match typed[..] {
            [application] => Self::Application { application: decode(application)? },
            [application, user] => Self::User { application: decode(application)?, user: decode(user)? },
            [application, user, collection] => {
                let (collection, at) = versioned(collection)?;
                Self::Collection { application: decode(application)?, user: decode(user)?, collection, at }
            }
            [application, user, collection, entry] => {
                let (entry, at) = versioned(entry)?;
                let (application, user, collection) = (decode(application)?, decode(user)?, decode(collection)?);
                Self::Entry { application, user, collection, entry, at }
            }
            _ => return Err(NotAnAddress::TooManyParts),
        })
    }
}

impl fmt::Display for Address {
    /// Writes the address so that reading it gives the same again, on one line: control characters as `%XX` too.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.parts().into_iter().enumerate() {
            if index > 0 {
                f.write_char('/')?;
            }
            write_part(f, part)?;
        }
        match self.at() {
            Some(at) => write!(f, "@{}", Point(at)),
            None => Ok(()),
        }
    }
}

struct Point(At);

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            At::Newest => Ok(()),
            At::Version(version) => write!(f, "{version}"),
            At::Back(steps) => write!(f, "-{steps}"),
            At::Time(time) => write!(f, "{time}"),
        }
    }
}

/// Splits the version from a part, if it ends with one.
fn split_at(part: &str) -> Option<(&str, At)> {
    let (name, tail) = part.rsplit_once('@')?;
    Some((name, tail.parse().ok()?))
}

fn decode(part: &str) -> Result<String, NotAnAddress> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let pair = (first == b'%').then(|| after.split_first_chunk()).flatten();
        let resolved = pair.and_then(|(digits, after)| Some((hexadecimal(*digits)?, after)));
        let (byte, after) = resolved.unwrap_or((first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).map_err(|_| NotAnAddress::NotText { part: part.to_owned() })
}

fn hexadecimal(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}

fn write_part(f: &mut fmt::Formatter<'_>, part: &str) -> fmt::Result {
    let version_like = split_at(part).map(|(name, _)| name.len());
    for (offset, character) in part.char_indices() {
        let escaped = matches!(character, '/' | '%') || character.is_control() || version_like == Some(offset);
        if escaped {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                write!(f, "%{byte:02X}")?;
            }
        } else {
            f.write_char(character)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Version;
    use super::*;

    fn entry(name: &str, at: Option<At>) -> Address {
        let [application, user, collection] = ["billing", "u-1", "invoices"].map(str::to_owned);
        Address::Entry { application, user, collection, entry: name.to_owned(), at }
    }

    fn read(text: &str) -> Address {
        text.parse().expect("it is an address")
    }

    #[test]
    fn an_address_is_any_prefix_of_its_four_parts() {
        assert_eq!(read(""), Address::Store);
        assert_eq!(read("billing"), Address::Application { application: "billing".to_owned() });
        assert_eq!(read("billing/u-1/"), read("billing/u-1"));
        assert_eq!(read("billing/u-1/invoices").at(), None);
        assert_eq!(read("billing/u-1/invoices/inv-7"), entry("inv-7", None));
    }

    #[test]
    fn only_a_version_at_the_end_is_split_from_the_name() {
        let back = Some(At::Back(1));
        for (text, name, at) in [
            ("inv@-1", "inv", back),
            ("inv@1700000000000", "inv", Some(At::Version(Version::from_ms(1_700_000_000_000)))),
            ("inv@2026-11-22T09:41:03Z", "inv", "2026-11-22T09:41:03Z".parse().ok()),
            ("ada@example.com", "ada@example.com", None),
            ("ada@example.com@-1", "ada@example.com", back),
            ("inv@yesterday", "inv@yesterday", None),
            ("team%407", "team@7", None),
            ("team@7@-1", "team@7", back),
            ("@-1", "@-1", None),
        ] {
            assert_eq!(read(&format!("billing/u-1/invoices/{text}")), entry(name, at), "{text}");
        }
        assert_eq!(read("billing/ada@7").at(), None, "users have no versions");
        let collection = read("billing/u-1/in@7/x");
        assert!(matches!(&collection, Address::Entry { collection, .. } if collection == "in@7"), "{collection:?}");
    }

    #[test]
    fn percent_signs_stand_for_bytes() {
        for (text, name) in [("a%2Fb", "a/b"), ("a%2fb", "a/b"), ("100%", "100%"), ("5%x", "5%x"), ("%C3%A9", "é")] {
            assert_eq!(read(&format!("billing/u-1/invoices/{text}")), entry(name, None), "{text}");
        }
        assert_eq!("a/%ff".parse::<Address>(), Err(NotAnAddress::NotText { part: "%ff".to_owned() }));
    }

    #[test]
    fn other_texts_are_no_addresses() {
        assert_eq!("a//b".parse::<Address>(), Err(NotAnAddress::EmptyPart));
        assert_eq!("/a".parse::<Address>(), Err(NotAnAddress::EmptyPart));
        assert_eq!("a/b/c/d/e".parse::<Address>(), Err(NotAnAddress::TooManyParts));
    }

    #[test]
    fn an_address_is_written_on_one_line() {
        assert_eq!(entry("a/b\u{1b}[31m\n", Some(At::Back(2))).to_string(), "billing/u-1/invoices/a%2Fb%1B[31m%0A@-2");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn what_is_written_is_read_as_the_same(
            name in "([a-z@%/0-9-]|\\PC){1,12}",
            version in proptest::option::of(0_i64..9_999_999_999_999),
        ) {
            let address = entry(&name, version.map(|ms| At::Version(Version::from_ms(ms))));
            prop_assert_eq!(address.to_string().parse(), Ok(address));
        }
    }
}
