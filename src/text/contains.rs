//! Whether a text holds another, as a filter sees it.

/// Returns whether the text holds the lower-case needle, whatever the text's case.
pub fn contains(text: &str, needle: &str) -> bool {
    if needle.is_empty() {
        return true;
    }
    if needle.is_ascii() {
        let needle = needle.as_bytes();
        return text.as_bytes().windows(needle.len()).any(|part| part.eq_ignore_ascii_case(needle));
    }
    text.to_lowercase().contains(needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capital_letters_make_no_difference() {
        assert!(contains("Desk Lamp", "sk la"));
        assert!(contains("ÄRGER", "är"));
        assert!(contains("", "") && contains("a", ""));
        assert!(!contains("lamp", "lamps"));
    }
}
