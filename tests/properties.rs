//! The properties of `tests/support/properties.rs`, on a bounded number of inputs. The targets in `fuzz/` run the same ones
//! without a bound.
#![allow(missing_docs, clippy::panic, clippy::unwrap_used, reason = "tests")]

#[path = "support/properties.rs"]
mod properties;

use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn keys_are_taken_apart_and_put_together(bytes in vec(any::<u8>(), 0..64), text in any::<String>()) {
        properties::keys(&bytes);
        properties::keys(text.as_bytes());
    }

    #[test]
    fn addresses_are_written_as_they_are_read(bytes in vec(any::<u8>(), 0..64), text in any::<String>()) {
        properties::addresses(&bytes);
        properties::addresses(text.as_bytes());
    }

    #[test]
    fn json_is_written_back_as_it_was(bytes in vec(any::<u8>(), 0..256), text in any::<String>()) {
        properties::json(&bytes);
        properties::json(text.as_bytes());
    }

    #[test]
    fn a_merge_loses_nothing_whoever_is_who(bytes in vec(any::<u8>(), 0..512), text in "[0-2,|\\[\\] ]{0,40}") {
        properties::merge(&bytes);
        properties::merge(text.as_bytes());
    }

    #[test]
    fn text_made_safe_is_harmless_and_as_wide_as_counted(bytes in vec(any::<u8>(), 0..128), text in any::<String>()) {
        properties::display_safe(&bytes);
        properties::display_safe(text.as_bytes());
    }

    #[test]
    fn a_config_file_is_read_or_refused_with_its_line(bytes in vec(any::<u8>(), 0..128), text in any::<String>()) {
        properties::config(&bytes);
        properties::config(text.as_bytes());
    }
}
