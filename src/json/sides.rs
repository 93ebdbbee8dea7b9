//! Two texts side by side: the lines of one beside those of the other that they became.

use super::unified::{DiffLine, Folded};

/// A row of two texts side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideRow {
    /// A line of the old text, a line of the new one, or both; each by its place among the merged lines.
    Lines {
        /// The line on the old side.
        old: Option<usize>,
        /// The line on the new side.
        new: Option<usize>,
    },
    /// Unchanged lines that are not shown, on both sides.
    Gap {
        /// The place of the first of them.
        from: usize,
        /// How many there are.
        count: usize,
    },
}

/// Returns the rows that show merged `lines` side by side, folded as they are in `folded`.
///
/// The lines of one change stand beside each other, the first beside the first; where one side has more of them, the other
/// side has nothing there. Lines of different changes never share a row.
pub fn side_by_side(lines: &[DiffLine], folded: &[Folded]) -> Vec<SideRow> {
    let mut rows = Vec::with_capacity(folded.len());
    let change = |part: &Folded| match part {
        Folded::Line(line) => lines[*line].change,
        Folded::Gap { .. } => None,
    };
    for parts in folded.chunk_by(|one, next| change(one).is_some() && change(one) == change(next)) {
        if let [Folded::Gap { from, count }] = *parts {
            rows.push(SideRow::Gap { from, count });
            continue;
        }
        let places = parts.iter().filter_map(|part| match part {
            Folded::Line(line) => Some(*line),
            Folded::Gap { .. } => None,
        });
        let mut olds = places.clone().filter(|&line| lines[line].sign.is_old());
        let mut news = places.filter(|&line| lines[line].sign.is_new());
        loop {
            let (old, new) = (olds.next(), news.next());
            if old.is_none() && new.is_none() {
                break;
            }
            rows.push(SideRow::Lines { old, new });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Sign, fold, parse, strategies, unified};
    use super::*;

    fn rows(old: &str, new: &str, context: usize) -> (Vec<DiffLine>, Vec<SideRow>) {
        let lines = unified(&parse(old).expect("legal JSON"), &parse(new).expect("legal JSON"));
        let rows = side_by_side(&lines, &fold(&lines, context));
        (lines, rows)
    }

    #[test]
    fn what_became_of_a_line_stands_beside_it() {
        let old = r#"{"a": 1, "b": [1], "gone": 0, "m": [1, 2, 3], "same": 1, "x": 1, "y": 1}"#;
        let new = r#"{"a": 2, "b": {"c": 1}, "new": 0, "m": [2, 3, 1], "same": 1, "x": 1, "y": 1}"#;
        let (lines, rows) = rows(old, new, 1);
        let text = |line: Option<usize>, side: fn(&DiffLine) -> Option<&str>| {
            line.and_then(|line| side(&lines[line])).map_or("", str::trim).to_owned()
        };
        let shown: Vec<_> = rows
            .iter()
            .map(|row| match row {
                SideRow::Lines { old, new } => {
                    [text(*old, DiffLine::old_text), text(*new, DiffLine::new_text)].join(" | ")
                }
                SideRow::Gap { count, .. } => format!("{count} lines"),
            })
            .collect();
        let expected = [
            "{ | {",
            r#""a": 1, | "a": 2,"#,
            r#""b": [ | "b": {"#,
            r#"1 | "c": 1"#,
            "], | },",
            r#""gone": 0, | "#,
            r#" | "new": 0,"#,
            r#""m": [ | "m": ["#,
            "1, | ",
            "2, | 2,",
            "3 | 3,",
            " | 1",
            "], | ],",
            "4 lines",
        ];
        assert_eq!(shown, expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn each_side_has_all_of_its_lines_in_order(
            (old, new) in strategies::related_json_texts(),
            context in 0..4_usize,
        ) {
            let (lines, rows) = rows(&old, &new, context);
            let (mut olds, mut news) = (Vec::new(), Vec::new());
            for row in rows {
                match row {
                    SideRow::Lines { old, new } => {
                        let both = old.zip(new);
                        prop_assert!(both.is_none_or(|(old, new)| lines[old].change == lines[new].change));
                        olds.extend(old);
                        news.extend(new);
                    }
                    SideRow::Gap { from, count } => {
                        olds.extend(from..from + count);
                        news.extend(from..from + count);
                    }
                }
            }
            let expected = |side: fn(Sign) -> bool| (0..lines.len()).filter(|&at| side(lines[at].sign)).collect::<Vec<_>>();
            prop_assert_eq!(olds, expected(Sign::is_old));
            prop_assert_eq!(news, expected(Sign::is_new));
        }
    }
}
