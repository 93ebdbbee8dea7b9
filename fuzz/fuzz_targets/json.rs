//! Runs `properties::json` on what the fuzzer comes up with.
#![no_main]

#[path = "../../tests/support/properties.rs"]
#[allow(dead_code, reason = "each target runs one of the properties")]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::json(data));
