//! How many cells text takes on a terminal, and cutting it to a number of cells.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands at the end of text that was cut; one cell wide.
const ELLIPSIS: char = '…';

/// Returns the cells that `text` takes: the sum over its graphemes, as the screen buffer counts when it draws them.
///
/// Graphemes with control characters count as nothing, since the buffer leaves them out. Text from data goes through
/// [`display_safe`](super::display_safe) first, after which there are none.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.graphemes(true).map(grapheme_width).sum() }
}

/// Returns `text` if it fits into `max_width` cells; otherwise as many whole graphemes as fit with a `…` after them.
///
/// The result is never wider than `max_width`, and may be one cell narrower where a wide character did not fit.
pub fn truncate(text: &str, max_width: usize) -> Cow<'_, str> {
    let Some(room) = max_width.checked_sub(1) else { return Cow::Borrowed("") };
    match cut(text, room, max_width) {
        None => Cow::Borrowed(text),
        Some(end) => {
            let mut cut = String::with_capacity(end + ELLIPSIS.len_utf8());
            cut.push_str(&text[..end]);
            cut.push(ELLIPSIS);
            Cow::Owned(cut)
        }
    }
}

/// Returns `text` in exactly `width` cells: padded with spaces on the right, or cut as [`truncate`] does.
pub fn fit(text: &str, width: usize) -> String {
    let mut fitted = truncate(text, width).into_owned();
    let padding = width.saturating_sub(self::width(&fitted));
    fitted.extend(std::iter::repeat_n(' ', padding));
    fitted
}

/// Returns where the graphemes that fit into `room` cells end, or `None` if all of `text` fits into `max_width`. Reads
/// no further than it must, since a value may be hundreds of kilobytes long.
fn cut(text: &str, room: usize, max_width: usize) -> Option<usize> {
    let mut used = 0;
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme_width(grapheme);
        if used > max_width {
            return Some(end);
        }
        if used <= room {
            end = at + grapheme.len();
        }
    }
    None
}

/// Returns the cells of one grapheme. ratatui adds a cell for each halfwidth sound mark (U+FF9E, U+FF9F) to what
/// `unicode-width` says, and the columns must agree with it even where that is a cell too many.
fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.contains(char::is_control) {
        return 0;
    }
    grapheme.width() + grapheme.matches(['\u{ff9e}', '\u{ff9f}']).count()
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::display_safe;
    use super::*;

    #[test]
    fn wide_and_combined_characters_count_as_the_terminal_shows_them() {
        for (text, cells) in
            [("", 0), ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("👩‍👩‍👧‍👦", 2), ("❤️", 2), ("🇫🇮", 2), ("لا", 2), ("a\tb", 2)]
        {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn what_fits_is_left_alone() {
        assert!(matches!(truncate("orders", 6), Cow::Borrowed("orders")));
        assert!(matches!(truncate("日本", 4), Cow::Borrowed("日本")));
    }

    #[test]
    fn what_does_not_fit_ends_with_an_ellipsis() {
        assert_eq!(truncate("orders", 5), "orde…");
        assert_eq!(truncate("orders", 1), "…");
        assert_eq!(truncate("orders", 0), "");
        assert_eq!(truncate("日本語", 5), "日本…");
        assert_eq!(truncate("日本語", 4), "日…");
        assert_eq!(truncate("ae\u{301}i", 2), "a…");
        assert_eq!(truncate("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3), "👩‍👩‍👧‍👦…");
    }

    #[test]
    fn fitting_pads_and_cuts_to_the_exact_width() {
        assert_eq!(fit("ab", 4), "ab  ");
        assert_eq!(fit("abcde", 4), "abc…");
        assert_eq!(fit("日本語", 4), "日… ");
        assert_eq!(fit("x", 0), "");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_fitted_text_fills_exactly_its_width(text in any::<String>(), cells in 0usize..40) {
            let safe = display_safe(&text);
            prop_assert_eq!(width(&fit(&safe, cells)), cells);
            prop_assert!(width(&truncate(&safe, cells)) <= cells);
        }
    }
}
