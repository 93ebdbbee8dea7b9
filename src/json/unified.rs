//! The new document with what differs from the old one merged in, line by line.

use std::collections::HashMap;
use std::ops::Range;

use super::align::{Moves, Step, steps};
use super::format::{line_start, pretty_node};
use super::shape::{Shape, shapes};
use super::string::StringToken;
use super::tree::{Document, Kind, Written};
use super::words::{changed_words, whole};

/// A line of two texts merged into one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// Which of the texts the line is in.
    pub sign: Sign,
    /// The line's number in the old text, counted from 1; `None` if it is only in the new one.
    pub old_line: Option<usize>,
    /// The line's number in the new text, counted from 1; `None` if it is only in the old one.
    pub new_line: Option<usize>,
    /// The line with its indentation, as it is in the new text, or in the old one if it is only there.
    pub text: String,
    /// The line as it is in the old text, where it is in both and typed in another way.
    pub(super) old_text: Option<String>,
    /// The bytes of the line that changed, in order, where it became another line or was another one; empty where it came,
    /// went or moved as a whole.
    pub words: Vec<Range<usize>>,
    /// The place of the change that the line belongs to, in the list that [`super::diff()`] returns for the same documents or
    /// among the changed runs of [`super::line_by_line`]; `None` exactly if the line is in both.
    pub change: Option<usize>,
}

impl DiffLine {
    /// Makes a line that is typed alike in both texts, or is only in one, without words.
    pub(super) fn new(
        sign: Sign,
        old_line: Option<usize>,
        new_line: Option<usize>,
        text: impl Into<String>,
        change: Option<usize>,
    ) -> Self {
        Self { sign, old_line, new_line, text: text.into(), old_text: None, words: Vec::new(), change }
    }

    /// Returns the line as it is in the old text; `None` if it is only in the new one.
    pub fn old_text(&self) -> Option<&str> {
        self.old_line.map(|_| self.old_text.as_deref().unwrap_or(&self.text))
    }

    /// Returns the line as it is in the new text; `None` if it is only in the old one.
    pub fn new_text(&self) -> Option<&str> {
        self.new_line.map(|_| self.text.as_str())
    }
}

/// Which of two texts a line is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// In both, but for a comma at its end or the spelling of a string.
    Same,
    /// In the new one only.
    Added,
    /// In the old one only.
    Removed,
    /// In the old one at this place and in the new one at another.
    MovedAway,
    /// In the new one at this place and in the old one at another.
    MovedHere,
}

impl Sign {
    /// Returns whether the old text has the line at this place.
    pub fn is_old(self) -> bool {
        !self.is_new() || self == Self::Same
    }

    /// Returns whether the new text has the line at this place.
    pub fn is_new(self) -> bool {
        matches!(self, Self::Same | Self::Added | Self::MovedHere)
    }
}

/// Returns the lines of `new` pretty-printed, with the lines that `old` has in other places, or only `old` has, where they
/// were.
///
/// Lines differ exactly where [`super::diff()`] finds changes: not for the order of keys (all lines stand in the order of
/// `new`), white space, or a comma that the next line made necessary. The lines that are new are [`super::pretty`]'s of
/// `new`; those that are old are all of `old`'s.
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

    /// Returns what decides how a value of one line is written.
    fn typed(&self) -> (Option<StringToken<'a>>, Written<'a>, bool) {
        (self.shape.key, self.shape.node.written(), self.comma)
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
        match (steps(old.shape, new.shape, Moves::Followed), empty) {
            (Some(steps), (false, false)) => self.children(old, new, depth, &steps),
            (Some(steps), (true, false) | (false, true)) => {
                self.filled_or_emptied(old, new, depth, steps.len());
            }
            _ if old.shape.id == new.shape.id => self.same(old, new, depth),
            _ => self.changed(old, new, depth),
        }
    }

    /// Writes down an array or object that has children before and after.
    fn children(&mut self, old: &Placed<'_, '_>, new: &Placed<'_, '_>, depth: usize, steps: &[Step]) {
        let (olds, news) = (old.children(), new.children());
        self.bracket(old, new, depth, true);
        let mut moves = Moving::default();
        // What isn't the recursion is elsewhere: in a debug build, every temporary would take its room of the stack for every
        // level.
        for step in steps {
            if let Step::Pair(old_index, new_index) = *step {
                self.pair(&olds[old_index], &news[new_index], depth + 1);
            } else {
                self.one_sided(*step, &olds, &news, depth + 1, &mut moves);
            }
        }
        self.settle(&moves);
        self.bracket(old, new, depth, false);
    }

    /// Writes down a child that is on one side only, or not at the same place.
    fn one_sided(
        &mut self,
        step: Step,
        olds: &[Placed<'_, '_>],
        news: &[Placed<'_, '_>],
        depth: usize,
        moves: &mut Moving,
    ) {
        match step {
            Step::Pair(..) => return,
            Step::Removed(index) => self.whole(Sign::Removed, &olds[index], depth),
            Step::Added(index) => self.whole(Sign::Added, &news[index], depth),
            Step::Away(index) => {
                let start = self.lines.len();
                self.whole(Sign::MovedAway, &olds[index], depth);
                moves.away.push((start..self.lines.len(), index));
                return;
            }
            Step::Here { from, to } => {
                moves.changes.insert(from, self.changes);
                self.whole(Sign::MovedHere, &news[to], depth);
            }
        }
        self.changes += 1;
    }

    /// Tells the lines of items that moved away which changes they belong to.
    fn settle(&mut self, moves: &Moving) {
        for (lines, index) in &moves.away {
            let change = moves.changes.get(index).copied();
            self.lines[lines.clone()].iter_mut().for_each(|line| line.change = change);
        }
    }

    /// Writes down the first or the last line of an array or object.
    fn bracket(&mut self, old: &Placed<'_, '_>, new: &Placed<'_, '_>, depth: usize, is_first: bool) {
        let Written::Brackets(open, close) = new.shape.node.written() else { return };
        if is_first {
            let text = |placed: &Placed<'_, '_>| line_start(placed.shape.key, depth) + open.encode_utf8(&mut [0; 4]);
            self.both(text(new), (old.shape.key != new.shape.key).then(|| text(old)), old.line);
        } else {
            let text = |placed: &Placed<'_, '_>| format!("{}{close}{}", line_start(None, depth), placed.comma());
            self.both(text(new), (old.comma != new.comma).then(|| text(old)), old.line + old.shape.lines - 1);
        }
    }

    /// Writes down a value that became another one.
    fn changed(&mut self, old: &Placed<'_, '_>, new: &Placed<'_, '_>, depth: usize) {
        let (old_words, new_words) = changed_parts(old.shape, new.shape);
        for (sign, placed, words) in [(Sign::Removed, old, old_words), (Sign::Added, new, new_words)] {
            self.whole(sign, placed, depth);
            let start = line_start(placed.shape.key, depth).len();
            if let (false, Some(line)) = (words.is_empty(), self.lines.last_mut()) {
                line.words = words.into_iter().map(|word| start + word.start..start + word.end).collect();
            }
        }
        self.changes += 1;
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

    /// Writes down a value that is only in one of the documents, or at another place in the other.
    fn whole(&mut self, sign: Sign, placed: &Placed<'_, '_>, depth: usize) {
        self.lines_of(sign, placed, depth, std::iter::repeat(self.changes));
    }

    /// Writes down all lines of a value, each with the change that it belongs to.
    fn lines_of(&mut self, sign: Sign, placed: &Placed<'_, '_>, depth: usize, owners: impl Iterator<Item = usize>) {
        for ((offset, text), owner) in placed.text(depth).split('\n').enumerate().zip(owners) {
            self.push(sign, text.to_owned(), Some(placed.line + offset), Some(owner));
        }
    }

    /// Writes down a value of one line that is in both documents.
    fn same(&mut self, old: &Placed<'_, '_>, new: &Placed<'_, '_>, depth: usize) {
        self.both(new.text(depth), (old.typed() != new.typed()).then(|| old.text(depth)), old.line);
    }

    /// Writes down a line that is in both documents, and how the old one has it if that is another way.
    fn both(&mut self, text: String, old_text: Option<String>, old_line: usize) {
        self.push(Sign::Same, text, Some(old_line), None);
        if let Some(line) = self.lines.last_mut() {
            line.old_text = old_text;
        }
    }

    fn push(&mut self, sign: Sign, text: String, line: Option<usize>, change: Option<usize>) {
        self.new_line += usize::from(sign.is_new());
        let (old_line, new_line) = (line.filter(|_| sign.is_old()), sign.is_new().then_some(self.new_line));
        self.lines.push(DiffLine::new(sign, old_line, new_line, text, change));
    }
}

/// The items of an array that moved, as far as their lines are written down.
#[derive(Default)]
struct Moving {
    /// The lines of those that moved away, and the places of those in the old array.
    away: Vec<(Range<usize>, usize)>,
    /// The changes of those that moved here, by their places in the old array.
    changes: HashMap<usize, usize>,
}

/// Returns what changed in two values of one line each: words of a string, or the whole of any other one.
fn changed_parts(old: &Shape<'_>, new: &Shape<'_>) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (Written::Token(old_token), Written::Token(new_token)) = (old.node.written(), new.node.written()) else {
        return Default::default();
    };
    let (Kind::String(_), Kind::String(_)) = (&old.node.kind, &new.node.kind) else {
        return (whole(old_token), whole(new_token));
    };
    let (old_inside, new_inside) = (&old_token[1..old_token.len() - 1], &new_token[1..new_token.len() - 1]);
    let (old_words, new_words) = changed_words(old_inside, new_inside);
    let behind_quote = |words: Vec<Range<usize>>| words.into_iter().map(|word| word.start + 1..word.end + 1).collect();
    (behind_quote(old_words), behind_quote(new_words))
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
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::{ChangeKind, compact, diff, parse, pretty, strategies};
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
            Sign::MovedAway => '<',
            Sign::MovedHere => '>',
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
            ("[1, [2], 3]", "[[2], 3, 1]", vec![" [", "<  1,", "   [", "     2", "   ],", "   3,", ">  1", " ]"]),
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
    fn the_words_of_a_long_string_and_the_whole_of_a_number_changed() {
        let old = r#"{"note": "paid in March", "n": 10, "gone": "paid in March"}"#;
        let lines = merged(old, r#"{"note": "paid in April", "n": 12, "came": "in April"}"#);
        let words = lines.iter().flat_map(|line| line.words.iter().map(|word| &line.text[word.clone()]));
        assert_eq!(words.collect::<Vec<_>>(), ["March", "April", "10", "12"]);
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
            prop_assert!(lines.iter().all(|line| line.sign.is_old() == line.old_line.is_some()));

            let news: Vec<_> = lines.iter().filter_map(|line| Some((line.new_line?, line.new_text()?))).collect();
            let pretty_new = pretty(&new);
            prop_assert_eq!(news, (1..).zip(pretty_new.split('\n')).collect::<Vec<_>>());

            let mut olds: Vec<_> = lines.iter().filter_map(|line| Some((line.old_line?, line.old_text()?))).collect();
            olds.sort_unstable();
            let pretty_old = pretty(&old);
            prop_assert_eq!(olds, (1..).zip(pretty_old.split('\n')).collect::<Vec<_>>());
        }

        #[test]
        fn what_moves_away_is_what_moves_here(
            (items, shuffled) in vec(strategies::json_text(), 0..5)
                .prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle())),
        ) {
            let array = |items: &[String]| format!("[{}]", items.join(","));
            let (old, new) = (array(&items), array(&shuffled));
            let (old, new) = (parse(&old).expect("legal"), parse(&new).expect("legal"));
            let lines = unified(&old, &new);
            prop_assert!(!lines.iter().any(|line| matches!(line.sign, Sign::Added | Sign::Removed)));
            for (number, change) in diff(&old, &new).into_iter().enumerate() {
                let values = [Sign::MovedAway, Sign::MovedHere].map(|sign| {
                    let of_change = lines.iter().filter(|line| line.sign == sign && line.change == Some(number));
                    let text = of_change.map(|line| line.text.as_str()).collect::<String>();
                    compact(&parse(without_comma(&text)).expect("an item"))
                });
                let ChangeKind::Moved { item, .. } = change.kind else {
                    return Err(TestCaseError::fail(format!("only moves: {change:?}")));
                };
                prop_assert!(diff(&parse(&values[0]).expect("legal"), &parse(&item).expect("legal")).is_empty());
                prop_assert_eq!(&values[1], &item);
            }
        }

        #[test]
        fn words_are_inside_their_line((old_text, new_text) in strategies::related_json_texts()) {
            for line in merged(&old_text, &new_text) {
                prop_assert!(line.words.is_empty() || matches!(line.sign, Sign::Added | Sign::Removed));
                prop_assert!(line.words.iter().all(|word| !word.is_empty() && line.text.get(word.clone()).is_some()));
                prop_assert!(line.words.windows(2).all(|pair| pair[0].end <= pair[1].start));
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
