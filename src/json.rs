//! Lossless JSON: parse, format, highlight and compare values without changing what was typed.
//!
//! A [`Document`] borrows from its text and keeps every number and string exactly as written (`1.0`, `1e400`, twenty-digit
//! integers, lone surrogate escapes), the order of keys, duplicate keys, and the byte span of every node. That is what an
//! editor of other people's data needs, and what a general-purpose JSON library gives away.
//!
//! - [`parse()`] reads a text; [`ParseError`] says in plain words what is wrong and where.
//! - [`compact`] and [`pretty`] write it back; [`lex_line`] colours a line that is still being typed.
//! - [`path_at`] tells where in the value a cursor is.
//! - [`diff()`] compares two values by path, [`unified()`] merges the differences into the text, [`side_by_side`] sets the old
//!   text beside the new one, [`line_by_line`] compares any two texts; [`overlapping`] finds what two people changed at once.
//! - [`lineage()`] tells which values are still those of an older document, [`path_of_line`] and [`lines_of_path`] lead from
//!   pretty-printed lines to paths and back.
//! - [`merge()`] joins what two people changed since a common base, and lists what only a person can decide.
//! - [`Object`] writes one member by member.
//! - [`Needle`], [`Pattern`] and [`Wanted`] find a text, a path and a value.
//!
//! No function here recurses deeper than [`MAX_DEPTH`] levels, because only [`parse()`] makes documents.

mod align;
mod changes;
mod diff;
mod error;
mod find;
mod format;
mod highlight;
mod lineage;
mod lines;
mod merge;
mod number;
mod object;
mod parse;
mod path;
mod places;
mod scan;
mod shape;
mod sides;
mod string;
mod tree;
mod unified;
mod words;

#[cfg(test)]
mod strategies;

pub use changes::{ChangeCounts, overlapping};
pub use diff::{Change, ChangeKind, diff, is_same};
pub use error::{ParseError, ParseErrorKind};
pub use find::{Needle, NotAPattern, Pattern, Visitor, Wanted};
pub use format::{compact, compact_node, pretty};
pub use highlight::{Token, lex_line};
pub use lineage::lineage;
pub use lines::line_by_line;
pub use merge::{Choice, Clash, ClashKind, Merge, Unsettled, merge};
pub use number::number_difference;
pub use object::Object;
pub use parse::{MAX_DEPTH, parse};
pub use path::{Path, Segment, path_at};
pub use places::{Placed, lines_of_path, path_of_line, placed};
pub use sides::{SideRow, side_by_side};
pub use string::{StringToken, quote};
pub use tree::{Document, Duplicate, Kind, Member, Node};
pub use unified::{DiffLine, Folded, Sign, fold, unified};

/// Returns what [`diff()`] and [`unified()`] return, for the cost of little more than one of them.
pub fn compare(old: &Document<'_>, new: &Document<'_>) -> (Vec<Change>, Vec<DiffLine>) {
    let [old, new] = shape::shapes([old, new]);
    (diff::changes(&old, &new), unified::lines(&old, &new))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A thread's usual stack is 2 MB; half of it has to do, so that callers have the rest.
    const STACK: usize = 1024 * 1024;

    #[test]
    fn the_deepest_documents_fit_on_half_a_stack() {
        let everything = || {
            let nested = |inner: &str| {
                let (open, close) = ("[{\"a\":".repeat(MAX_DEPTH / 2), "}]".repeat(MAX_DEPTH / 2));
                format!("{open}{inner}{close}")
            };
            let (old, new) = (nested("1"), nested("2"));
            let innermost = old.find('1').expect("it is there");
            let (old, new) = (parse(&old).expect("legal JSON"), parse(&new).expect("legal JSON"));
            assert_eq!(compact(&old), old.text());
            assert_eq!(pretty(&old).lines().count(), 2 * MAX_DEPTH + 1);
            assert_eq!(old.duplicate_keys(), []);
            let mut found = 0;
            let mut count = |_, _: &str| {
                found += 1;
                std::ops::ControlFlow::Continue(())
            };
            assert!(Needle::new("1", false).visit(&old, &mut count).is_continue());
            let path: Pattern = path_at(&old, innermost).to_string().parse().expect("a path is a pattern");
            assert!(path.visit(&old, &mut count).is_continue());
            assert_eq!(found, 2);
            assert_eq!(path_at(&old, innermost).segments().len(), MAX_DEPTH);
            let changes = diff(&old, &new);
            assert_eq!(changes.len(), 1);
            assert_eq!(unified(&old, &new).len(), 2 * MAX_DEPTH + 2);
            assert_eq!(lineage(&old, &old).len(), MAX_DEPTH + 1);
            assert_eq!(lineage(&old, &new), []);
            assert_eq!(placed(&old).first().map(|root| root.last), Some(2 * MAX_DEPTH));
            assert_eq!(overlapping(&changes, &changes).len(), 1);
            assert_eq!(merge(&old, &new, &old).preview(), new.text());
            let third = nested("3");
            let third = parse(&third).expect("legal JSON");
            let mut merge = merge(&old, &new, &third);
            assert_eq!(merge.clone().preview(), new.text());
            assert_eq!(merge.settle(0, Some(Choice::Mine)), Ok(()));
            assert_eq!(merge.merged().as_deref(), Some(third.text()));
            assert_eq!(old.clone().root().span, new.root().span);
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(everything);
        thread.expect("a thread can be started").join().expect("everything fits");
    }
}
