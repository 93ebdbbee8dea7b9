//! Which words of a text changed.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};
use unicode_segmentation::UnicodeSegmentation;

use super::align::unchanged_runs;
use super::shape::Id;

/// Two texts of which less than this part of the shorter one stayed have nothing worth telling in common: one in four bytes,
/// so that a sentence put in another way is not shown as a speckle of words.
const LEAST_IN_COMMON: usize = 4;

/// Returns the bytes of two texts that are not in the other one, word by word; both texts as wholes where they have too little
/// in common.
///
/// Words are those of Unicode (UAX #29), so that an ideograph is one; an escape of JSON (`\n`, `\u00e9`) is one too.
pub(super) fn changed_words(old: &str, new: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (old_words, new_words) = (words(old), words(new));
    let mut ids = HashMap::new();
    let (old_ids, new_ids) = (numbered(old, &old_words, &mut ids), numbered(new, &new_words, &mut ids));
    let runs = unchanged_runs(&old_ids, &new_ids);

    let in_common = runs.iter().flat_map(|run| &old_words[run.old..run.old + run.len]);
    let in_common: usize = in_common.map(|word| old[word.clone()].trim().len()).sum();
    if in_common * LEAST_IN_COMMON < old.trim().len().min(new.trim().len()) || in_common == 0 {
        return (whole(old), whole(new));
    }
    let old_same = runs.iter().map(|run| run.old..run.old + run.len);
    let new_same = runs.iter().map(|run| run.new..run.new + run.len);
    (between(&old_words, old_same), between(&new_words, new_same))
}

/// Returns all bytes of a text as one range; none of an empty one.
pub(super) fn whole(text: &str) -> Vec<Range<usize>> {
    let all = 0..text.len();
    if all.is_empty() { Vec::new() } else { vec![all] }
}

/// Returns the bytes of the words outside of runs, as few ranges as possible.
fn between(words: &[Range<usize>], same: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut changed: Vec<Range<usize>> = Vec::new();
    let mut done = 0;
    let end = words.len()..words.len();
    for run in same.chain(std::iter::once(end)) {
        if let [first, ..] = &words[done..run.start] {
            changed.push(first.start..words[run.start - 1].end);
        }
        done = run.end;
    }
    changed
}

/// Returns the words of a text with what is between them: all bytes, in order.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut done = 0;
    while done < text.len() {
        let escape = text[done..].find('\\').map_or(text.len(), |at| done + at);
        words.extend(text[done..escape].split_word_bound_indices().map(|(at, word)| done + at..done + at + word.len()));
        if escape == text.len() {
            break;
        }
        let length = if text[escape..].starts_with("\\u") { 6 } else { 2 };
        done = text.ceil_char_boundary((escape + length).min(text.len()));
        words.push(escape..done);
    }
    words
}

/// Returns a number for each word, the same for the same.
fn numbered<'t>(text: &'t str, words: &[Range<usize>], ids: &mut HashMap<&'t str, Id>) -> Vec<Id> {
    let number = |word: &Range<usize>| {
        let next = Id::try_from(ids.len()).expect("texts of under 4 GB together have fewer words than ids");
        *ids.entry(&text[word.clone()]).or_insert(next)
    };
    words.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns both texts with what changed in brackets.
    fn marked(old: &str, new: &str) -> [String; 2] {
        let (old_words, new_words) = changed_words(old, new);
        [(old, old_words), (new, new_words)].map(|(text, words)| {
            let mut out = String::new();
            let mut done = 0;
            for word in words {
                out += &format!("{}[{}]", &text[done..word.start], &text[word.clone()]);
                done = word.end;
            }
            out + &text[done..]
        })
    }

    #[test]
    fn only_the_words_that_changed_are_told() {
        for (old, new, expected) in [
            ("the red lamp", "the blue lamp", ["the [red] lamp", "the [blue] lamp"]),
            ("paid in full", "paid", ["paid[ in full]", "paid"]),
            ("paid", "paid in full", ["paid", "paid[ in full]"]),
            ("red", "blue", ["[red]", "[blue]"]),
            ("", "blue", ["", "[blue]"]),
            (r"one\ntwo", r"one\nthree", [r"one\n[two]", r"one\n[three]"]),
            (r"caf\u00e9 noir", r"caf\u00e8 noir", [r"caf[\u00e9] noir", r"caf[\u00e8] noir"]),
            ("株式会社", "株式会計", ["株式会[社]", "株式会[計]"]),
            ("all of this is gone", "nothing is as it was", ["[all of this is gone]", "[nothing is as it was]"]),
            ("costs 1.50 each", "costs 2.50 each", ["costs [1.50] each", "costs [2.50] each"]),
        ] {
            assert_eq!(marked(old, new), expected, "{old} {new}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn what_is_not_told_is_the_same_in_both(old in r"[ab \\é社]{0,30}", new in r"[ab \\é社]{0,30}") {
            let (old_words, new_words) = changed_words(&old, &new);
            let rest = |text: &str, words: Vec<Range<usize>>| {
                let mut rest = String::new();
                let mut done = 0;
                for word in words {
                    rest.push_str(&text[done..word.start]);
                    done = word.end;
                }
                rest + &text[done..]
            };
            prop_assert_eq!(rest(&old, old_words.clone()), rest(&new, new_words.clone()));
            prop_assert!(old != new || (old_words.is_empty() && new_words.is_empty()));
        }
    }
}
