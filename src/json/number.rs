//! By how much a number changed, exactly.

/// Returns by how much the JSON number `new` is more than `old`, in decimal with its sign: `+2`, `-0.05`; `0` for one number
/// typed in two ways.
///
/// `None` for what is no number, and where numbers are too far apart for 38 digits to hold them both.
pub fn number_difference(old: &str, new: &str) -> Option<String> {
    let ((old, old_scale), (new, new_scale)) = (decimal(old)?, decimal(new)?);
    let scale = old_scale.max(new_scale);
    let scaled = |digits: i128, from: i32| {
        let more = 10_i128.checked_pow(u32::try_from(scale - from).ok()?)?;
        digits.checked_mul(more)
    };
    let difference = scaled(new, new_scale)?.checked_sub(scaled(old, old_scale)?)?;
    let places = usize::try_from(scale).ok()?;
    let digits = format!("{:0>width$}", difference.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let part = part.trim_end_matches('0');
    let sign = match difference {
        0 => "",
        more if more > 0 => "+",
        _ => "-",
    };
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

/// Returns the digits of a JSON number and how many of them are behind the point.
fn decimal(number: &str) -> Option<(i128, i32)> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{part}").parse().ok()?;
    let scale = i32::try_from(part.len()).ok()?.checked_sub(exponent.parse().ok()?)?;
    if scale >= 0 {
        return Some((digits, scale));
    }
    let more = 10_i128.checked_pow(scale.unsigned_abs())?;
    Some((digits.checked_mul(more)?, 0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_differ_exactly() {
        for (old, new, expected) in [
            ("10", "12", Some("+2")),
            ("12", "10", Some("-2")),
            ("0.1", "0.3", Some("+0.2")),
            ("1.05", "1", Some("-0.05")),
            ("-1", "1", Some("+2")),
            ("1", "1.0", Some("0")),
            ("1e2", "100", Some("0")),
            ("1.5E+3", "1e-2", Some("-1499.99")),
            ("12345678901234567890", "12345678901234567891", Some("+1")),
            ("1e400", "1", None),
            ("1", "1e-400", None),
            ("1", "1e99999999999", None),
            ("true", "1", None),
            ("1", "\"1\"", None),
        ] {
            assert_eq!(number_difference(old, new).as_deref(), expected, "{old} {new}");
        }
    }

    proptest! {
        #[test]
        fn whole_numbers_differ_as_computed(old in -1_000_000_i64..1_000_000, new in -1_000_000_i64..1_000_000) {
            let expected = if old == new { "0".to_owned() } else { format!("{:+}", new - old) };
            prop_assert_eq!(number_difference(&old.to_string(), &new.to_string()), Some(expected));
        }
    }
}
