//! Short forms of sizes, ages and counts, for columns and the status line.

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The units of an age in milliseconds, the longest first.
const AGES: [(u64, char); 6] =
    [(365 * DAY, 'y'), (7 * DAY, 'w'), (DAY, 'd'), (HOUR, 'h'), (MINUTE, 'm'), (SECOND, 's')];

/// Returns a size as `512 B`, `1.8K`, `397K` or `1.2M`, rounded, in at most five characters.
///
/// The units are multiples of 1024, as in `DynamoDB`'s limit of 400 KB an item.
pub fn size(bytes: usize) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    // Wide enough for ten times the largest size.
    let bytes = bytes as u128;
    let mut unit = 1024;
    for letter in ['K', 'M', 'G', 'T', 'P'] {
        let tenths = (bytes * 10 + unit / 2) / unit;
        if tenths < 100 {
            return format!("{}.{}{letter}", tenths / 10, tenths % 10);
        }
        let whole = (bytes + unit / 2) / unit;
        if whole < 1024 {
            return format!("{whole}{letter}");
        }
        unit *= 1024;
    }
    format!("{}E", (bytes + unit / 2) / unit)
}

/// Returns a count with the word for one or for several: `1 write`, `12,345 writes`.
pub fn number(n: usize, one: &str, several: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { several })
}

/// Returns how long ago `ms_then` was at `ms_now`, both in milliseconds since 1970: `now` (less than a second), `42s`,
/// `2m`, `15h`, `2d`, `5w` or `3y`, rounded down; for a time still to come `in 3m`.
pub fn age(ms_then: i64, ms_now: i64) -> String {
    let apart = ms_now.abs_diff(ms_then);
    let Some((unit, letter)) = AGES.into_iter().find(|(unit, _)| apart >= *unit) else { return "now".to_owned() };
    let ahead = if ms_then > ms_now { "in " } else { "" };
    format!("{ahead}{}{letter}", apart / unit)
}

/// Returns a count with its thousands set apart: `12,345`.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (bytes, shown) in [
            (0, "0 B"),
            (512, "512 B"),
            (1023, "1023 B"),
            (1024, "1.0K"),
            (1843, "1.8K"),
            (10_188, "9.9K"),
            (10_239, "10K"),
            (406_528, "397K"),
            (409_600, "400K"),
            (1_048_575, "1.0M"),
            (1_258_291, "1.2M"),
            (5 << 30, "5.0G"),
            (usize::MAX, "16E"),
        ] {
            assert_eq!(size(bytes), shown, "{bytes}");
        }
    }

    #[test]
    fn ages_use_the_largest_unit() {
        const NOW: i64 = 1_700_000_000_000;
        for (apart, shown) in [
            (0, "now"),
            (999, "now"),
            (42_000, "42s"),
            (59_999, "59s"),
            (120_000, "2m"),
            (15 * 3_600_000, "15h"),
            (2 * 86_400_000, "2d"),
            (36 * 86_400_000, "5w"),
            (364 * 86_400_000, "52w"),
            (3 * 365 * 86_400_000, "3y"),
            (-500, "now"),
            (-180_000, "in 3m"),
        ] {
            assert_eq!(age(NOW - apart, NOW), shown, "{apart}");
        }
        assert_eq!(age(i64::MIN, i64::MAX), "584942417y");
    }

    #[test]
    fn counts_have_their_thousands_set_apart() {
        for (n, shown) in [(0, "0"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567")] {
            assert_eq!(count(n), shown);
        }
    }
}
