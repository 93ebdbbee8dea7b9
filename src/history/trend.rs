//! A history seen in numbers: how much was written when, and how large the value was.

use crate::model::Record;

/// The changes and sizes of a history in equal spans of time, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trend {
    /// How many versions were written in each span.
    pub changes: Vec<u64>,
    /// The size of the value in bytes at the end of each span; without a value 0.
    pub sizes: Vec<u64>,
    /// The smallest and the largest size in bytes of all versions.
    pub bounds: (u64, u64),
}

impl Trend {
    /// Returns the trend of versions in so many spans, at least one; of none, an empty one.
    pub fn of<'a>(newest_first: impl DoubleEndedIterator<Item = &'a Record> + Clone, spans: usize) -> Self {
        let time = |record: &Record| record.version.ms();
        let (Some(newest), Some(oldest)) = (newest_first.clone().next(), newest_first.clone().next_back()) else {
            return Self::default();
        };
        let spans = spans.max(1);
        let (from, to) = (time(oldest), time(newest));
        let mut changes = vec![0; spans];
        let mut ends = vec![None; spans];
        let mut bounds = (u64::MAX, 0);
        for record in newest_first.rev() {
            let span = span_of(time(record), (from, to), spans);
            let size = record.value.as_ref().map_or(0, |value| value.len() as u64);
            changes[span] += 1;
            ends[span] = Some(size);
            bounds = (bounds.0.min(size), bounds.1.max(size));
        }
        // Where nothing was written, the size is what it was.
        let size_then = |size: &mut u64, end: Option<u64>| {
            *size = end.unwrap_or(*size);
            Some(*size)
        };
        Self { changes, sizes: ends.into_iter().scan(0, size_then).collect(), bounds }
    }
}

/// Returns the place of the span that a moment is in; the last one holds its end.
///
/// A version has 13 digits at most, which leaves room for a factor of some hundred thousand.
fn span_of(ms: i64, (from, to): (i64, i64), spans: usize) -> usize {
    let (passed, whole) = (from.abs_diff(ms.max(from)), from.abs_diff(to).max(1));
    usize::try_from(passed * spans as u64 / whole).unwrap_or(0).min(spans - 1)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User, Version};

    /// Returns the trend of versions at these times with values of these sizes.
    fn trend(versions: &[(i64, usize)], spans: usize) -> Trend {
        let collection =
            CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") };
        let entry = EntryKey { collection, id: EntryId::new("e") };
        let record = |&(ms, size): &(i64, usize)| Record {
            value: Some("x".repeat(size)),
            ..Record::bare(entry.clone(), Version::from_ms(ms))
        };
        let mut records: Vec<Record> = versions.iter().map(record).collect();
        records.sort_by_key(|record| std::cmp::Reverse(record.version));
        Trend::of(records.iter(), spans)
    }

    #[test]
    fn versions_are_counted_where_they_were_written_and_sizes_last_until_the_next() {
        let trend = trend(&[(100, 5), (110, 7), (160, 9), (200, 2)], 5);
        assert_eq!(trend.changes, [2, 0, 0, 1, 1]);
        assert_eq!(trend.sizes, [7, 7, 7, 9, 2]);
        assert_eq!(trend.bounds, (2, 9));
    }

    #[test]
    fn one_version_or_none_is_no_trouble() {
        assert_eq!(trend(&[], 4), Trend::default());
        assert_eq!(trend(&[(100, 5)], 3).changes, [1, 0, 0]);
        assert_eq!(trend(&[(100, 5)], 3).sizes, [5, 5, 5]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn every_version_is_counted_once(versions in vec((0..9_999_999_999_999_i64, 0..9_usize), 1..40), spans in 1..50_usize) {
            let trend = trend(&versions, spans);
            prop_assert_eq!((trend.changes.len(), trend.sizes.len()), (spans, spans));
            prop_assert_eq!(trend.changes.iter().sum::<u64>(), versions.len() as u64);
            let (smallest, largest) = trend.bounds;
            prop_assert!(trend.sizes.iter().all(|size| (smallest..=largest).contains(size)));
        }
    }
}
