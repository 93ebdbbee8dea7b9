//! Two texts compared line by line, whatever they hold: for what is no JSON, and for who wants to see the order of keys too.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::align::unchanged_runs;
use super::shape::Id;
use super::unified::{DiffLine, Sign};
use super::words::{changed_words, whole};

/// Returns the lines of `new` with the lines that only `old` has where they were. Without an old text all lines are added,
/// without a new one all are removed.
///
/// Each run of lines that aren't in both is one change, those of `old` first.
pub fn line_by_line(old: Option<&str>, new: Option<&str>) -> Vec<DiffLine> {
    let [olds, news] = [old, new].map(|text| text.map_or_else(Vec::new, |text| text.split('\n').collect::<Vec<_>>()));
    let mut ids = HashMap::new();
    let [old_ids, new_ids] = [&olds, &news].map(|lines| numbered(lines, &mut ids));

    let mut lines = Vec::with_capacity(news.len());
    let (mut old_done, mut new_done, mut changes) = (0, 0, 0);
    let ends = (olds.len(), news.len(), 0);
    let runs = unchanged_runs(&old_ids, &new_ids).into_iter().map(|run| (run.old, run.new, run.len));
    for (old_start, new_start, len) in runs.chain([ends]) {
        let before = lines.len();
        replaced(&mut lines, (&olds, old_done..old_start), (&news, new_done..new_start), changes);
        changes += usize::from(lines.len() > before);
        lines.extend((0..len).map(|offset| {
            let (old_line, new_line) = (old_start + offset, new_start + offset);
            DiffLine::new(Sign::Same, Some(old_line + 1), Some(new_line + 1), news[new_line], None)
        }));
        (old_done, new_done) = (old_start + len, new_start + len);
    }
    lines
}

/// Adds lines that were replaced by others, with the words that changed from the first to the first and so on.
fn replaced(
    lines: &mut Vec<DiffLine>,
    (olds, old_run): (&[&str], Range<usize>),
    (news, new_run): (&[&str], Range<usize>),
    change: usize,
) {
    let words = |old: Option<usize>, new: Option<usize>| {
        let (old, new) = (olds[old?], news[new?]);
        let (old_words, new_words) = changed_words(old, new);
        // A line that changed from end to end stands for itself.
        (old_words != whole(old) || new_words != whole(new)).then_some((old_words, new_words))
    };
    let mut added = Vec::new();
    let mut new_lines = new_run.clone();
    for old in old_run {
        let new = new_lines.next();
        let (old_words, new_words) = words(Some(old), new).unwrap_or_default();
        let line = DiffLine::new(Sign::Removed, Some(old + 1), None, olds[old], Some(change));
        lines.push(DiffLine { words: old_words, ..line });
        added.extend(new.map(|new| (new, new_words)));
    }
    added.extend(new_lines.map(|new| (new, Vec::new())));
    lines.extend(added.into_iter().map(|(new, words)| {
        let line = DiffLine::new(Sign::Added, None, Some(new + 1), news[new], Some(change));
        DiffLine { words, ..line }
    }));
}

/// Returns a number for each line, the same for the same.
fn numbered<'t>(lines: &[&'t str], ids: &mut HashMap<&'t str, Id>) -> Vec<Id> {
    let number = |line: &&'t str| {
        let next = Id::try_from(ids.len()).expect("texts of under 4 GB together have fewer lines than ids");
        *ids.entry(line).or_insert(next)
    };
    lines.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns the lines with their signs in front and what changed in them in brackets.
    fn signed(old: &str, new: &str) -> Vec<String> {
        let show = |line: DiffLine| {
            let mut text = line.text.clone();
            for word in line.words.iter().rev() {
                text.replace_range(word.clone(), &format!("[{}]", &line.text[word.clone()]));
            }
            let sign = match line.sign {
                Sign::Added => '+',
                Sign::Removed => '-',
                _ => ' ',
            };
            format!("{sign}{text}")
        };
        line_by_line(Some(old), Some(new)).into_iter().map(show).collect()
    }

    #[test]
    fn lines_and_their_words_are_compared() {
        for (old, new, expected) in [
            ("a", "a", vec![" a"]),
            ("", "", vec![" "]),
            ("a\nb", "a\nb\n", vec![" a", " b", "+"]),
            ("one\ntwo", "one\nthree\nfour", vec![" one", "-two", "+three", "+four"]),
            ("be bold\nx\ny", "be brave\ny", vec!["-be [bold]", "-x", "+be [brave]", " y"]),
            ("{\n\"a\": 1}", "{\n\"b\": 1}", vec![" {", "-\"[a]\": 1}", "+\"[b]\": 1}"]),
        ] {
            assert_eq!(signed(old, new), expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn without_one_of_the_texts_everything_is_one_change() {
        for (old, new, sign) in [(None, Some("a\n\nb"), Sign::Added), (Some("a\n\nb"), None, Sign::Removed)] {
            let lines = line_by_line(old, new);
            assert!(lines.iter().all(|line| line.sign == sign && line.change == Some(0)));
            assert_eq!(lines.len(), 3);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn both_texts_can_be_read_from_the_lines(old in "[ab\n\r ]{0,30}", new in "[ab\n\r ]{0,30}") {
            let lines = line_by_line(Some(&old), Some(&new));
            let news: Vec<_> = lines.iter().filter_map(|line| Some((line.new_line?, line.new_text()?))).collect();
            prop_assert_eq!(news, (1..).zip(new.split('\n')).collect::<Vec<_>>());
            let olds: Vec<_> = lines.iter().filter_map(|line| Some((line.old_line?, line.old_text()?))).collect();
            prop_assert_eq!(olds, (1..).zip(old.split('\n')).collect::<Vec<_>>());
            prop_assert_eq!(lines.iter().all(|line| line.change.is_none()), old == new);
        }
    }
}
