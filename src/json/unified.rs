//! The new document with what differs from the old one merged in, line by line.

use super::align::{Step, steps};
use super::format::{line_start, pretty_node};
use super::shape::{Shape, shapes};
use super::tree::{Document, Written};

/// A line of two pretty-printed documents merged into one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// Which of the documents the line is in.
    pub sign: Sign,
    /// The line's number in the old document pretty-printed, counted from 1; `None` for an added line.
    pub old_line: Option<usize>,
    /// The line's number in the new document pretty-printed, counted from 1; `None` for a removed line.
    pub new_line: Option<usize>,
    /// The line with its indentation, as it is in the new document, or in the old one if it was removed.
    pub text: String,
    /// The place of the change that the line belongs to in the list that [`super::diff()`] returns for the same documents;
    /// `None` exactly if the line is in both.
    pub change: Option<usize>,
}

/// Which of two documents a line is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// In both, but for a comma at its end or the spelling of a string.
    Same,
    /// In the new one only.
    Added,
    /// In the old one only.
    Removed,
}

/// Returns the lines of `new` pretty-printed, with the lines that only `old` has where they were.
///
/// Lines differ exactly where [`super::diff()`] finds changes: not for the order of keys (all lines stand in the order of
/// `new`), white space, or a comma that the next line made necessary. The lines that aren't removed are
/// [`super::pretty`]'s of `new`; those that aren't added are all of `old`'s.
pub fn unified(old: &Document<'_>, new: &Document<'_>) -> Vec<DiffLine> {
    let [old, new] = shapes([old, new]);
    lines(&old, &new)
}

/// The same for values whose ids are known.
pub(super) fn lines(old: &Shape<'_>, new: &Shape<'_>) -> Vec<DiffLine> {
    let mut merge = Merge { lines: Vec::with_capacity(new.lines), new_line: 0, changes: 0 };
    merge.pair(&Placed::root(old), &Placed::root(new), 0);
    merge.lines
}

/// A value and its place in its pretty-printed document.
struct Placed<'s, 'a> {
    shape: &'s Shape<'a>,
    /// The number of its first line.
    line: usize,
    /// Whether a comma follows it.
    comma: bool,
}

impl<'s, 'a> Placed<'s, 'a> {
    fn root(shape: &'s Shape<'a>) -> Self {
        Self { shape, line: 1, comma: false }
    }

    /// Returns the children with their places.
    fn children(&self) -> Vec<Placed<'s, 'a>> {
        let mut line = self.line + 1;
        let count = self.shape.children.len();
        let place = |(index, shape): (usize, &'s Shape<'a>)| {
            let placed = Placed { shape, line, comma: index + 1 < count };
            line += shape.lines;
            placed
        };
        self.shape.children.iter().enumerate().map(place).collect()
    }

    /// Returns the value's lines, with line breaks between them.
    fn text(&self, depth: usize) -> String {
        let mut text = pretty_node(self.shape.key, self.shape.node, depth);
        text.push_str(self.comma());
        text
    }

    fn comma(&self) -> &'static str {
        if self.comma { "," } else { "" }
    }
}

/// A walk through two values side by side that writes down their lines.
struct Merge {
    lines: Vec<DiffLine>,
    /// How many lines of the new document are written down.
    new_line: usize,
    /// How many changes the lines so far tell of; they come in the order of `diff`, which takes the same steps.
    changes: usize,
}

impl Merge {
    /// Writes down what became of a value.
    fn pair(&mut self, old: &Placed<'_, '_>, new: &Placed<'_, '_>, depth: usize) {
        let empty = (old.shape.children.is_empty(), new.shape.children.is_empty());
        match (steps(old.shape, new.shape), empty) {
            (Some(steps), (false, false)) => self.children(old, new, depth, &steps),
            (Some(steps), (true, false) | (false, true)) => {
                self.filled_or_emptied(old, new, depth, steps.len());
            }
            _ if old.shape.id == new.shape.id => self.same(new.text(depth), old.line),
            _ => {
                self.whole(Sign::Removed, old, depth);
                self.whole(Sign::Added, new, depth);
                self.changes += 1;
            }
        }
    }

    /// Writes down an array or object that has children before and after.
    fn children(&mut self, old: &Placed<'_, '_>, new: &Placed<'_, '_>, depth: usize, steps: &[Step]) {
        let Written::Brackets(open, close) = new.shape.node.written() else {
            return;
        };
        let (olds, news) = (old.children(), new.children());
        self.same(line_start(new.shape.key, depth) + open.encode_utf8(&mut [0; 4]), old.line);
        for step in steps {
            match *step {
                Step::Pair(old_index, new_index) => {
                    self.pair(&olds[old_index], &news[new_index], depth + 1);
                }
                Step::Removed(index) => {
                    self.whole(Sign::Removed, &olds[index], depth + 1);
                    self.changes += 1;
                }
                Step::Added(index) => {
                    self.whole(Sign::Added, &news[index], depth + 1);
                    self.changes += 1;
                }
            }
        }
        let last = format!("{}{close}{}", line_start(None, depth), new.comma());
        self.same(last, old.line + old.shape.lines - 1);
    }

    /// Writes down an array or object that lost its last child or got its first, and so changed from several lines to one
    /// or from one to several. Each child is a change; the lines around them count to the nearest.
    fn filled_or_emptied(&mut self, old: &Placed<'_, '_>, new: &Placed<'_, '_>, depth: usize, changes: usize) {
        let first = self.changes;
        for (sign, placed) in [(Sign::Removed, old), (Sign::Added, new)] {
            let children = placed.shape.children.iter().enumerate();
            let inner = children.flat_map(|(index, child)| std::iter::repeat_n(first + index, child.lines));
            let owners = std::iter::once(first).chain(inner).chain([first + changes - 1]);
            self.lines_of(sign, placed, depth, owners);
        }
        self.changes += changes;
    }

    /// Writes down a value that is only in one of the documents.
    fn whole(&mut self, sign: Sign, placed: &Placed<'_, '_>, depth: usize) {
        self.lines_of(sign, placed, depth, std::iter::repeat(self.changes));
    }

    /// Writes down all lines of a value, each with the change that it belongs to.
    fn lines_of(&mut self, sign: Sign, placed: &Placed<'_, '_>, depth: usize, owners: impl Iterator<Item = usize>) {
        for ((offset, text), owner) in placed.text(depth).split('\n').enumerate().zip(owners) {
            self.push(sign, text.to_owned(), Some(placed.line + offset), Some(owner));
        }
    }

    fn same(&mut self, text: String, old_line: usize) {
        self.push(Sign::Same, text, Some(old_line), None);
    }

    fn push(&mut self, sign: Sign, text: String, line: Option<usize>, change: Option<usize>) {
        self.new_line += usize::from(sign != Sign::Removed);
        self.lines.push(DiffLine {
            sign,
            old_line: line.filter(|_| sign != Sign::Added),
            new_line: (sign != Sign::Removed).then_some(self.new_line),
            text,
            change,
        });
    }
}

/// What to show of merged lines when long unchanged runs are folded away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// The line at this place.
    Line(usize),
    /// Unchanged lines that are not shown.
    Gap {
        /// The place of the first of them.
        from: usize,
        /// How many there are; at least two.
        count: usize,
    },
}

/// Returns what to show of `lines` so that `context` unchanged lines stand on either side of every change.
///
/// A line alone is never folded away, as the fold would take its room. Without any change everything is one gap.
pub fn fold(lines: &[DiffLine], context: usize) -> Vec<Folded> {
    let mut folded = Vec::new();
    let mut start = 0;
    for run in lines.chunk_by(|one, next| (one.sign == Sign::Same) == (next.sign == Sign::Same)) {
        let end = start + run.len();
        let hidden = if run[0].sign == Sign::Same {
            let from = if start == 0 { 0 } else { start.saturating_add(context).min(end) };
            let to = if end == lines.len() { end } else { end.saturating_sub(context).max(from) };
            from..to
        } else {
            start..start
        };
        if hidden.len() > 1 {
            folded.extend((start..hidden.start).map(Folded::Line));
            folded.push(Folded::Gap { from: hidden.start, count: hidden.len() });
            folded.extend((hidden.end..end).map(Folded::Line));
        } else {
            folded.extend((start..end).map(Folded::Line));
        }
        start = end;
    }
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{diff, parse, pretty, strategies};
    use super::*;

    fn merged(old: &str, new: &str) -> Vec<DiffLine> {
        unified(&parse(old).expect("legal JSON"), &parse(new).expect("legal JSON"))
    }

    /// Returns the lines with their signs in front.
    fn signed(old: &str, new: &str) -> Vec<String> {
        let sign = |sign| match sign {
            Sign::Same => ' ',
            Sign::Added => '+',
            Sign::Removed => '-',
        };
        merged(old, new).into_iter().map(|line| format!("{}{}", sign(line.sign), line.text)).collect()
    }

    #[test]
    fn differences_stand_where_they_are_in_the_new_document() {
        for (old, new, expected) in [
            ("1", "2", vec!["-1", "+2"]),
            ("1", "1", vec![" 1"]),
            ("[ ]", "[]", vec![" []"]),
            (r#"{"a": 1, "b": 2}"#, r#"{"b": 2, "a": 1}"#, vec![" {", "   \"b\": 2,", "   \"a\": 1", " }"]),
            (
                r#"{"a": 1, "b": 2}"#,
                r#"{"a": 1, "b": 3, "c": [4]}"#,
                vec![" {", "   \"a\": 1,", "-  \"b\": 2", "+  \"b\": 3,", "+  \"c\": [", "+    4", "+  ]", " }"],
            ),
            ("[1]", "[1, 2]", vec![" [", "   1,", "+  2", " ]"]),
            ("[0, {\"a\": 1}]", "[{\"a\": 1}]", vec![" [", "-  0,", "   {", "     \"a\": 1", "   }", " ]"]),
            (
                "{\"a\": {}}",
                "{\"a\": {\"b\": 1}}",
                vec![" {", "-  \"a\": {}", "+  \"a\": {", "+    \"b\": 1", "+  }", " }"],
            ),
            ("[1]", "[]", vec!["-[", "-  1", "-]", "+[]"]),
            ("{\"\\u00e9\": 1}", "{\"é\": 1}", vec![" {", "   \"é\": 1", " }"]),
            ("[1]", "{\"a\": 1}", vec!["-[", "-  1", "-]", "+{", "+  \"a\": 1", "+}"]),
        ] {
            assert_eq!(signed(old, new), expected, "{old} {new}");
        }
    }

    #[test]
    fn lines_know_their_numbers_and_their_change() {
        let lines = merged(r#"{"a": [], "z": 1}"#, r#"{"z": 2, "a": [7, [8]]}"#);
        let told: Vec<_> = lines.iter().map(|it| (it.text.trim(), it.old_line, it.new_line, it.change)).collect();
        let expected = [
            ("{", Some(1), Some(1), None),
            ("\"z\": 1", Some(3), None, Some(0)),
            ("\"z\": 2,", None, Some(2), Some(0)),
            ("\"a\": [],", Some(2), None, Some(1)),
            ("\"a\": [", None, Some(3), Some(1)),
            ("7,", None, Some(4), Some(1)),
            ("[", None, Some(5), Some(2)),
            ("8", None, Some(6), Some(2)),
            ("]", None, Some(7), Some(2)),
            ("]", None, Some(8), Some(2)),
            ("}", Some(4), Some(9), None),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn unchanged_runs_fold_but_for_their_ends() {
        let shown = |old: &str, new: &str, context| -> Vec<String> {
            let show = |part| match part {
                Folded::Line(index) => index.to_string(),
                Folded::Gap { from, count } => format!("{from}..{}", from + count),
            };
            fold(&merged(old, new), context).into_iter().map(show).collect()
        };
        let (old, new) = ("[1, 2, 3, 4, 5, 6, 7, 8, 9]", "[1, 2, 0, 4, 5, 6, 7, 0, 9]");
        assert_eq!(shown(old, new, 1), ["0..2", "2", "3", "4", "5", "6..8", "8", "9", "10", "11", "12"]);
        assert_eq!(shown(old, new, 0), ["0..3", "3", "4", "5..9", "9", "10", "11..13"]);
        assert_eq!(shown(old, new, 2), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]);
        assert_eq!(shown(old, new, usize::MAX).len(), 13);
        assert_eq!(shown(old, old, 3), ["0..11"]);
        assert_eq!(shown("1", "2", 3), ["0", "1"]);
        assert_eq!(fold(&[], 3), []);
    }

    /// Returns the line without the comma that depends on what follows it.
    fn without_comma(line: &str) -> &str {
        line.strip_suffix(',').unwrap_or(line)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn both_documents_can_be_read_from_the_lines(
            (old_text, new_text) in strategies::related_json_texts(),
        ) {
            let (old, new) = (parse(&old_text).expect("legal"), parse(&new_text).expect("legal"));
            let lines = unified(&old, &new);

            let kept: Vec<_> = lines.iter().filter(|line| line.sign != Sign::Removed).collect();
            let numbers: Vec<_> = kept.iter().map(|line| line.new_line).collect();
            prop_assert_eq!(numbers, (1..=kept.len()).map(Some).collect::<Vec<_>>());
            let text: Vec<_> = kept.iter().map(|line| line.text.as_str()).collect();
            prop_assert_eq!(text.join("\n"), pretty(&new));

            let pretty_old = pretty(&old);
            let old_lines: Vec<_> = pretty_old.split('\n').collect();
            let mut numbers: Vec<_> = lines.iter().filter_map(|line| line.old_line).collect();
            numbers.sort_unstable();
            prop_assert_eq!(numbers, (1..=old_lines.len()).collect::<Vec<_>>());
            for line in &lines {
                let Some(number) = line.old_line else { continue };
                let old_line = old_lines[number - 1];
                let spelt = |text: &str| without_comma(text).replace("\\u00e9", "é");
                if line.sign == Sign::Removed {
                    prop_assert_eq!(&line.text, old_line);
                } else {
                    prop_assert_eq!(spelt(&line.text), spelt(old_line));
                }
            }
        }

        #[test]
        fn lines_differ_where_there_are_changes(
            (old_text, new_text) in strategies::related_json_texts(),
        ) {
            let (old, new) = (parse(&old_text).expect("legal"), parse(&new_text).expect("legal"));
            let lines = unified(&old, &new);
            prop_assert!(lines.iter().all(|line| line.change.is_none() == (line.sign == Sign::Same)));
            let mut told: Vec<_> = lines.iter().filter_map(|line| line.change).collect();
            told.sort_unstable();
            told.dedup();
            prop_assert_eq!(told, (0..diff(&old, &new).len()).collect::<Vec<_>>());
        }

        #[test]
        fn folding_loses_no_line(
            (old_text, new_text) in strategies::related_json_texts(),
            context in 0..4_usize,
        ) {
            let lines = merged(&old_text, &new_text);
            let mut next = 0;
            for part in fold(&lines, context) {
                let count = match part {
                    Folded::Line(index) => {
                        prop_assert_eq!(index, next);
                        1
                    }
                    Folded::Gap { from, count } => {
                        prop_assert_eq!(from, next);
                        prop_assert!(count > 1);
                        let near = from.saturating_sub(context)..(from + count + context).min(lines.len());
                        prop_assert!(lines[near].iter().all(|line| line.sign == Sign::Same));
                        count
                    }
                };
                next += count;
            }
            prop_assert_eq!(next, lines.len());
        }
    }
}
