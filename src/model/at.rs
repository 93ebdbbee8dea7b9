//! Which version of a history is meant.

use jiff::Timestamp;

use super::Version;

/// A point in a history, as typed after the `@` of an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum At {
    /// The newest version.
    #[default]
    Newest,
    /// That version.
    Version(Version),
    /// So many versions before the newest: `-1` is the one before it.
    Back(u32),
    /// The version in force at a moment: the newest one that is not later.
    Time(Timestamp),
}

/// The text after `@` is neither a version, a step back nor a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`@{0}` is not a version: give milliseconds (@1700000000000), a step back (@-1) or a time (@2026-11-22T09:41:03Z)"
)]
pub struct NotAPoint(pub String);

impl std::str::FromStr for At {
    type Err = NotAPoint;

    fn from_str(text: &str) -> Result<Self, NotAPoint> {
        let error = || NotAPoint(text.to_owned());
        if let Some(steps) = text.strip_prefix('-') {
            return match steps.parse() {
                Ok(0) | Err(_) => Err(error()),
                Ok(steps) => Ok(Self::Back(steps)),
            };
        }
        if let Ok(version) = text.parse() {
            return Ok(Self::Version(version));
        }
        text.parse().map(Self::Time).map_err(|_| error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_a_version_a_step_back_or_a_time() {
        assert_eq!("1700000000000".parse(), Ok(At::Version(Version::from_ms(1_700_000_000_000))));
        assert_eq!("-2".parse(), Ok(At::Back(2)));
        let time = "2026-11-22T10:41:03+01:00".parse::<At>().expect("it is RFC 3339");
        assert_eq!(time, At::Time("2026-11-22T09:41:03Z".parse().expect("it is RFC 3339")));
        for text in ["", "-0", "-", "yesterday", "1.5", "2026-11-22"] {
            assert!(text.parse::<At>().is_err(), "{text:?}");
        }
    }
}
