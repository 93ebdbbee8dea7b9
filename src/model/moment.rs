//! A moment of the past that someone wants to look at, and the ways to say it.

use std::fmt;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use super::Version;

/// The digits of a version as it is typed. Shorter numbers are refused: they could as well be a year or seconds.
const VERSION_DIGITS: usize = 13;

/// The nanoseconds of the last millisecond of a second.
const END_OF_SECOND: i32 = 999_000_000;

/// A moment, to the millisecond: whatever has a version that is not later was there then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Version);

/// The text says no moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no moment: give a time (2026-11-22 14:00, 2026-11-22, 14:00, 2026-11-22T09:41:03Z), a day (yesterday 14:00, \
     today 9:30, last monday), how long ago (2h ago, 3 days ago, 15m) or a version (1700000000000)"
)]
pub struct NotAMoment(pub String);

impl Moment {
    /// Returns the moment that a text says.
    ///
    /// | form | means |
    /// |---|---|
    /// | `1700000000000`, `@1700000000000` | the moment at which that version was written |
    /// | `2026-11-22T09:41:03Z`, `2026-11-22 10:41+01:00` | RFC 3339 |
    /// | `2026-11-22 14:00`, `yesterday 14:00`, `today 9:30`, `last monday at 8:00` | a time of a day, in `zone` |
    /// | `2026-11-22`, `yesterday`, `today`, `last monday`, `monday` | the start of that day; of weekdays the last one before today |
    /// | `14:00`, `2pm`, `2:30 pm`, `noon`, `midnight` | the last time that the clock showed it: today, or else yesterday |
    /// | `14:00:05` | the end of that second: who copies a time that is shown to the second means what was written in it |
    /// | `2026-11-22 14:00 UTC` | that time in UTC; so with all the forms of a day and a clock |
    /// | `2h ago`, `3 days ago`, `1h 30m`, `a week ago` | so long before `now`: seconds, minutes (`m`), hours, days, weeks, months (`mo`), years; days and longer go by the calendar |
    /// | `now` | `now` |
    ///
    /// Capital letters make no difference. A local time that the clocks skipped is taken as much later as they were put
    /// forward; of one that they showed twice, the first is meant.
    pub fn parse(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Self, NotAMoment> {
        let error = || NotAMoment(text.to_owned());
        let typed = text.trim();
        let digits = typed.strip_prefix('@').unwrap_or(typed);
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return match digits.parse() {
                Ok(version) if digits.len() == VERSION_DIGITS => Ok(Self(version)),
                Ok(_) | Err(_) => Err(error()),
            };
        }
        if let Ok(time) = typed.parse::<Timestamp>() {
            return Ok(time.into());
        }
        let words = typed.to_ascii_lowercase();
        let (words, zone) = match words.strip_suffix(" utc") {
            Some(words) => (words.trim_end(), &TimeZone::UTC),
            None => (words.as_str(), zone),
        };
        let now = now.to_zoned(zone.clone());
        let found = on_a_day(words, &now).or_else(|| ago(words, now));
        found.map(|time| time.timestamp().into()).ok_or_else(error)
    }

    /// Returns the version that a write at this very moment has: all that are not greater were there.
    pub fn version(self) -> Version {
        self.0
    }

    /// Returns whether a version was there.
    ///
    /// Versions of fewer than 13 digits, which are from before September 2001 and which no program writes, sort anywhere
    /// in a table. Those that sort above the moment are left out wherever it is looked at, so that nothing later has to
    /// be read for them.
    pub fn holds(self, version: Version) -> bool {
        version <= self.0 && (version.sorts_by_number() || version.to_string() <= self.0.to_string())
    }

    /// Returns the moment as a time.
    pub fn time(self) -> Timestamp {
        self.0.time()
    }

    /// Returns whether a time as it is stored (ISO 8601) is later; of one that can't be read nothing says so.
    pub fn is_before(self, stored: &str) -> bool {
        stored.parse::<Timestamp>().is_ok_and(|time| Self::from(time) > self)
    }

    /// Returns the moment as people of a time zone say it, as short as it is exact: `2026-11-22 14:00`, with seconds
    /// where it is the end of one, and with their fractions where it is within one. Where the clocks showed that time twice and the second is meant, it
    /// is RFC 3339 instead.
    ///
    /// [`Moment::parse`] gives the same moment again.
    pub fn shown(self, zone: &TimeZone) -> String {
        let local = zone.to_datetime(self.time());
        if zone.to_timestamp(local).ok() != Some(self.time()) {
            return self.to_string();
        }
        let form = match (local.second(), local.subsec_nanosecond()) {
            (0, 0) => "%Y-%m-%d %H:%M",
            (_, END_OF_SECOND) => "%Y-%m-%d %H:%M:%S",
            (_, _) => "%Y-%m-%d %H:%M:%S.%3f",
        };
        local.strftime(form).to_string()
    }
}

impl From<Timestamp> for Moment {
    /// Drops what is less than a millisecond. Times before 1970 and after 2286, where no version is, are moved to the
    /// nearest one.
    fn from(time: Timestamp) -> Self {
        Self(Version::from_ms(time.as_millisecond()))
    }
}

impl From<Version> for Moment {
    fn from(version: Version) -> Self {
        Self(version)
    }
}

impl fmt::Display for Moment {
    /// Writes the moment as RFC 3339, in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.time().fmt(f)
    }
}

/// Reads a day, a time of day or both.
fn on_a_day(words: &str, now: &Zoned) -> Option<Zoned> {
    let (day, rest) = leading_day(words, now.date());
    let rest = rest.trim();
    let rest = rest.strip_prefix("at ").filter(|_| day.is_some()).unwrap_or(rest);
    let clock = if rest.is_empty() { None } else { Some(time_of_day(rest)?) };
    let at = |day: Date, clock: Time| day.to_datetime(clock).to_zoned(now.time_zone().clone()).ok();
    match (day, clock) {
        (None, None) => None,
        (Some(day), clock) => at(day, clock.unwrap_or(Time::midnight())),
        (None, Some(clock)) => {
            at(now.date(), clock).filter(|time| time <= now).or_else(|| at(now.date().yesterday().ok()?, clock))
        }
    }
}

/// Splits the day from what a text begins with, if it begins with one.
fn leading_day(words: &str, today: Date) -> (Option<Date>, &str) {
    let end_of_date = words.find(|c: char| c.is_whitespace() || c == 't').unwrap_or(words.len());
    let (first, rest) = words.split_at(end_of_date);
    // A `t` is between the date and the time; in `today` it is not.
    if let Some(day) = date(first) {
        return (Some(day), rest.strip_prefix('t').unwrap_or(rest));
    }
    let (first, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let rest = rest.trim_start();
    match first {
        "today" => (Some(today), rest),
        "yesterday" => (today.yesterday().ok(), rest),
        "last" => {
            let (second, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            weekday(second, today).map_or((None, words), |day| (Some(day), after))
        }
        _ => weekday(first, today).map_or((None, words), |day| (Some(day), rest)),
    }
}

/// Reads `2026-11-22`.
fn date(text: &str) -> Option<Date> {
    let [year, month, day] = text.split('-').collect::<Vec<_>>()[..] else { return None };
    let number = |text: &str, digits| if text.len() == digits { unsigned(text) } else { None };
    Date::new(
        i16::try_from(number(year, 4)?).ok()?,
        i8::try_from(number(month, 2)?).ok()?,
        i8::try_from(number(day, 2)?).ok()?,
    )
    .ok()
}

/// Returns the last such day before today.
fn weekday(word: &str, today: Date) -> Option<Date> {
    let weekday = match word {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    };
    today.nth_weekday(-1, weekday).ok()
}

/// Reads `14:00`, `9:30`, `14:00:05`, `14:00:05.123`, `2pm`, `2:30 pm`, `noon` or `midnight`.
fn time_of_day(text: &str) -> Option<Time> {
    match text {
        "noon" => return Time::new(12, 0, 0, 0).ok(),
        "midnight" => return Some(Time::midnight()),
        _ => {}
    }
    let halves = [("am", 0), ("pm", 12)];
    match halves.iter().find_map(|(half, hours)| Some((text.strip_suffix(half)?.trim_end(), hours))) {
        None => clock(text),
        Some((text, hours)) => {
            let time = if text.contains(':') { clock(text)? } else { clock(&format!("{text}:00"))? };
            // 12 comes before 1.
            (1..=12).contains(&time.hour()).then(|| time.with().hour(time.hour() % 12 + hours).build().ok())?
        }
    }
}

/// Reads the time of a clock with 24 hours; to the second without a fraction, it is the end of that second.
fn clock(text: &str) -> Option<Time> {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) if clock.matches(':').count() == 2 => (clock, Some(fraction)),
        Some(_) => return None,
        None => (text, None),
    };
    let (hour, minute, second) = match clock.split(':').collect::<Vec<_>>()[..] {
        [hour, minute] => (hour, minute, None),
        [hour, minute, second] => (hour, minute, Some(second)),
        _ => return None,
    };
    let has_length = |text: &str, lengths: std::ops::RangeInclusive<usize>| lengths.contains(&text.len());
    let is_whole = has_length(hour, 1..=2)
        && has_length(minute, 2..=2)
        && second.is_none_or(|second| has_length(second, 2..=2))
        && fraction.is_none_or(|fraction| has_length(fraction, 1..=9));
    let part = |text| i8::try_from(unsigned(text)?).ok();
    let nanoseconds = match (second, fraction) {
        (None, _) => 0,
        (Some(_), None) => END_OF_SECOND,
        (Some(_), Some(fraction)) => i32::try_from(unsigned(&format!("{fraction:0<9}"))?).ok()?,
    };
    Time::new(part(hour).filter(|_| is_whole)?, part(minute)?, part(second.unwrap_or("0"))?, nanoseconds).ok()
}

/// Reads a length of time, with or without `ago`, and returns the moment so long before.
fn ago(words: &str, now: Zoned) -> Option<Zoned> {
    if words == "now" {
        return Some(now);
    }
    let mut rest = words.strip_suffix("ago").unwrap_or(words).trim();
    if rest.is_empty() {
        return None;
    }
    let mut time = now;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (count, after) = match rest.split_once(' ') {
            Some(("a" | "an", after)) => (1, after),
            _ => (unsigned(&rest[..digits])?, rest[digits..].trim_start()),
        };
        let end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        time = time.checked_sub(length(i64::from(count), &after[..end])?).ok()?;
        rest = after[end..].trim_start();
    }
    Some(time)
}

fn length(count: i64, unit: &str) -> Option<Span> {
    let span = Span::new();
    match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => span.try_seconds(count),
        "m" | "min" | "mins" | "minute" | "minutes" => span.try_minutes(count),
        "h" | "hour" | "hours" => span.try_hours(count),
        "d" | "day" | "days" => span.try_days(count),
        "w" | "week" | "weeks" => span.try_weeks(count),
        "mo" | "month" | "months" => span.try_months(count),
        "y" | "year" | "years" => span.try_years(count),
        _ => return None,
    }
    .ok()
}

/// Reads decimal digits, without a sign.
fn unsigned(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A Sunday, 15:30 in Berlin.
    const NOW: &str = "2026-11-22T14:30:00Z";

    /// The rules of Berlin, without the data of the machine: clocks go from 2:00 to 3:00 on 2026-03-29, and from 3:00 to
    /// 2:00 on 2026-10-25.
    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("it is a rule")
    }

    fn parse(text: &str, now: &str) -> Result<String, NotAMoment> {
        Moment::parse(text, now.parse().expect("it is a time"), &berlin()).map(|moment| moment.to_string())
    }

    #[test]
    fn a_moment_is_said_in_many_ways() {
        for (text, moment) in [
            ("1700000000000", "2023-11-14T22:13:20Z"),
            ("@1700000000123", "2023-11-14T22:13:20.123Z"),
            ("2026-11-22T09:41:03Z", "2026-11-22T09:41:03Z"),
            ("2026-11-22t09:41:03z", "2026-11-22T09:41:03Z"),
            ("2026-11-22T09:41:03.5+01:00", "2026-11-22T08:41:03.5Z"),
            ("2026-11-22 09:41+01:00", "2026-11-22T08:41:00Z"),
            ("2026-11-22 14:00", "2026-11-22T13:00:00Z"),
            ("2026-11-22T14:00", "2026-11-22T13:00:00Z"),
            ("2026-11-22 9:05:07.25", "2026-11-22T08:05:07.25Z"),
            ("2026-07-01 at 14:00", "2026-07-01T12:00:00Z"),
            ("  2026-11-22  ", "2026-11-21T23:00:00Z"),
            ("2026-07-01", "2026-06-30T22:00:00Z"),
            ("14:00", "2026-11-22T13:00:00Z"),
            ("15:30", "2026-11-22T14:30:00Z"),
            ("15:31", "2026-11-21T14:31:00Z"),
            ("0:00", "2026-11-21T23:00:00Z"),
            ("today", "2026-11-21T23:00:00Z"),
            ("today 9:30", "2026-11-22T08:30:00Z"),
            ("Yesterday", "2026-11-20T23:00:00Z"),
            ("yesterday 14:00", "2026-11-21T13:00:00Z"),
            ("yesterday at 14:00:01", "2026-11-21T13:00:01.999Z"),
            ("yesterday 14:00:01.0", "2026-11-21T13:00:01Z"),
            ("2pm", "2026-11-22T13:00:00Z"),
            ("yesterday 2:30 PM", "2026-11-21T13:30:00Z"),
            ("12am", "2026-11-21T23:00:00Z"),
            ("12:05pm", "2026-11-22T11:05:00Z"),
            ("monday at noon", "2026-11-16T11:00:00Z"),
            ("midnight", "2026-11-21T23:00:00Z"),
            ("2026-11-22 14:00 UTC", "2026-11-22T14:00:00Z"),
            ("yesterday 23:30 utc", "2026-11-21T23:30:00Z"),
            ("last monday", "2026-11-15T23:00:00Z"),
            ("last Mon 8:00", "2026-11-16T07:00:00Z"),
            ("saturday at 8:00", "2026-11-21T07:00:00Z"),
            ("sunday", "2026-11-14T23:00:00Z"),
            ("now", "2026-11-22T14:30:00Z"),
            ("15m", "2026-11-22T14:15:00Z"),
            ("2h ago", "2026-11-22T12:30:00Z"),
            ("2H AGO", "2026-11-22T12:30:00Z"),
            ("1h30m", "2026-11-22T13:00:00Z"),
            ("1 hour 30 minutes ago", "2026-11-22T13:00:00Z"),
            ("90 s", "2026-11-22T14:28:30Z"),
            ("3 days ago", "2026-11-19T14:30:00Z"),
            ("2w", "2026-11-08T14:30:00Z"),
            ("a week ago", "2026-11-15T14:30:00Z"),
            ("an hour ago", "2026-11-22T13:30:00Z"),
            ("1 month ago", "2026-10-22T13:30:00Z"),
            ("2 years ago", "2024-11-22T14:30:00Z"),
        ] {
            assert_eq!(parse(text, NOW), Ok(moment.to_owned()), "{text}");
        }
    }

    #[test]
    fn other_texts_say_no_moment() {
        for text in [
            "",
            " ",
            "@",
            "ago",
            "soon",
            "tomorrow",
            "2026",
            "1700000000",
            "20261122",
            "17000000000000",
            "25:00",
            "9:3",
            "14:60",
            "14:00:00.",
            "14.5",
            "2026-13-01",
            "2026-02-30",
            "2026-1-5",
            "13pm",
            "0am",
            "14:00:5",
            "noon noon",
            "utc",
            "2026-11-22 14:00 15:00",
            "yesterday yesterday",
            "yesterday2h",
            "last",
            "last week",
            "last year 14:00",
            "2 fortnights ago",
            "h ago",
            "15 m 3",
            "-15m",
            "99999 years ago",
            "99999999999999999999 s",
            "é",
            "t",
        ] {
            assert_eq!(parse(text, NOW), Err(NotAMoment(text.to_owned())), "{text:?}");
        }
        let message = NotAMoment("soon".to_owned()).to_string();
        for form in ["2026-11-22 14:00", "yesterday 14:00", "2h ago", "2026-11-22T09:41:03Z", "1700000000000"] {
            assert!(message.contains(form), "{message}");
            assert!(parse(form, NOW).is_ok(), "the message promises {form}");
        }
    }

    #[test]
    fn a_time_that_the_clocks_skipped_is_later_and_of_two_the_first_is_meant() {
        for (text, now, moment) in [
            ("2026-03-29 02:30", NOW, "2026-03-29T01:30:00Z"),
            ("2026-03-29 03:30", NOW, "2026-03-29T01:30:00Z"),
            ("2026-10-25 02:30", NOW, "2026-10-25T00:30:00Z"),
            ("2026-10-25 02:30+01:00", NOW, "2026-10-25T01:30:00Z"),
            // A day of the calendar has 23 or 25 hours then, 24 hours have not.
            ("yesterday 12:00", "2026-10-25T11:00:00Z", "2026-10-24T10:00:00Z"),
            ("1 day ago", "2026-10-25T11:00:00Z", "2026-10-24T10:00:00Z"),
            ("24h ago", "2026-10-25T11:00:00Z", "2026-10-24T11:00:00Z"),
            ("1 day ago", "2026-03-30T00:30:00Z", "2026-03-29T01:30:00Z"),
        ] {
            assert_eq!(parse(text, now), Ok(moment.to_owned()), "{text} at {now}");
        }
    }

    #[test]
    fn a_moment_is_shown_as_short_as_it_is_exact() {
        for (time, shown) in [
            ("2026-11-22T13:00:00Z", "2026-11-22 14:00"),
            ("2026-11-22T13:00:05.999Z", "2026-11-22 14:00:05"),
            ("2026-11-22T13:00:05Z", "2026-11-22 14:00:05.000"),
            ("2026-11-22T13:00:00.999Z", "2026-11-22 14:00:00"),
            ("2026-11-22T13:00:05.07Z", "2026-11-22 14:00:05.070"),
            ("2026-10-25T00:30:00Z", "2026-10-25 02:30"),
            ("2026-10-25T01:30:00Z", "2026-10-25T01:30:00Z"),
        ] {
            let moment = Moment::from(time.parse::<Timestamp>().expect("it is a time"));
            assert_eq!(moment.shown(&berlin()), shown);
        }
    }

    /// The hours around both changes of the clocks in 2026, where a moment is hardest to say, and any other time.
    fn any_moment() -> impl Strategy<Value = Moment> {
        let around = |ms: i64| ms - 10_800_000..ms + 10_800_000;
        let ms = prop_oneof![around(1_774_746_000_000), around(1_792_890_000_000), 0..9_999_999_999_999_i64];
        (ms, 0..3_usize).prop_map(|(ms, exact)| {
            let unit = [1, 1000, 60_000][exact];
            Moment(Version::from_ms(ms / unit * unit))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn what_is_shown_says_the_same_moment(moment in any_moment()) {
            let now = NOW.parse().expect("it is a time");
            for zone in [berlin(), TimeZone::UTC, TimeZone::posix("NST3:30NDT,M3.2.0,M11.1.0").expect("it is a rule")] {
                for text in [moment.shown(&zone), moment.to_string()] {
                    prop_assert_eq!(Moment::parse(&text, now, &zone), Ok(moment), "{}", text);
                }
            }
        }

        #[test]
        fn any_text_is_a_moment_or_an_error(text in "[-0-9a-z@:.+ ]{0,16}|\\PC{0,12}") {
            let now: Timestamp = NOW.parse().expect("it is a time");
            if let Ok(moment) = Moment::parse(&text, now, &berlin()) {
                prop_assert!(moment.version() <= Version::MAX);
            }
        }
    }
}
