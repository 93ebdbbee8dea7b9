//! A version's number: the millisecond at which it was written.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

/// The most digits a version has: 13 reach to the year 2286, and equal lengths are what makes table order and
/// number order the same.
const MAX_DIGITS: usize = 13;

/// The number of a version: milliseconds since 1970, at most 13 digits. The newest version is the greatest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u64);

impl Version {
    /// The greatest version that a key can hold.
    pub const MAX: Self = Self(9_999_999_999_999);

    /// Returns the version of that millisecond; times before 1970 and after 2286 are moved to the nearest one.
    pub fn from_ms(ms: i64) -> Self {
        Self(u64::try_from(ms).unwrap_or(0)).min(Self::MAX)
    }

    /// Returns the milliseconds since 1970.
    pub fn ms(self) -> i64 {
        i64::try_from(self.0).expect("a version has at most 13 digits")
    }

    /// Returns the moment of the version.
    pub fn time(self) -> Timestamp {
        Timestamp::from_millisecond(self.ms()).expect("13 digits of milliseconds end in the year 2286")
    }

    /// Returns the version of a write made now on top of `newest`: the present millisecond, or one more than the newest
    /// where a clock is behind it or the millisecond is the same.
    pub fn after(newest: Option<Self>, now_ms: i64) -> Self {
        let now = Self::from_ms(now_ms);
        match newest {
            Some(newest) => now.max(Self(newest.0 + 1)).min(Self::MAX),
            None => now,
        }
    }

    /// Returns whether the number has all 13 digits, so that no version of another length sorts above it in a table
    /// and is smaller.
    pub(crate) fn sorts_by_number(self) -> bool {
        self.0 >= 1_000_000_000_000
    }
}

/// The text is not a version: decimal digits without a leading zero, at most 13.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a version is the milliseconds since 1970, at most 13 digits")]
pub struct NotAVersion;

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let canonical = text == "0" || !text.starts_with('0');
        if text.is_empty() || text.len() > MAX_DIGITS || !digits || !canonical {
            return Err(NotAVersion);
        }
        text.parse().map(Self).map_err(|_| NotAVersion)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_on_top_of_a_version_is_always_greater() {
        let newest = Version::from_ms(1_700_000_000_000);
        assert_eq!(Version::after(Some(newest), 1_600_000_000_000).ms(), 1_700_000_000_001);
        assert_eq!(Version::after(Some(newest), 1_700_000_000_000).ms(), 1_700_000_000_001);
        assert_eq!(Version::after(Some(newest), 1_700_000_000_009).ms(), 1_700_000_000_009);
        assert_eq!(Version::after(None, 5).ms(), 5);
    }

    #[test]
    fn only_plain_digits_are_a_version() {
        assert_eq!("1700000000000".parse(), Ok(Version::from_ms(1_700_000_000_000)));
        assert_eq!("0".parse(), Ok(Version::from_ms(0)));
        for text in ["", "-1", "+1", "01", "1.0", "12345678901234", "abc", " 1"] {
            assert_eq!(text.parse::<Version>(), Err(NotAVersion), "{text:?}");
        }
    }
}
