//! Which of the items that changed became which: those that are most alike, in their order.

/// How much work finding out may be, in children that are compared. Beyond it items are paired one by one.
const MOST: usize = 100_000;

/// Returns pairs of places in two rows of items, ascending in both, so that the items of the pairs have as much in common as
/// can be, and each pair something. `None` where it would take too long.
///
/// `sizes` are the numbers of children of all items, old and new; `alike` tells how many two items have in common. Of
/// equally good choices it is the one that pairs the earliest items of the first row.
pub(super) fn most_alike(
    [old_sizes, new_sizes]: [&[usize]; 2],
    alike: impl Fn(usize, usize) -> usize,
) -> Option<Vec<(usize, usize)>> {
    let (olds, news) = (old_sizes.len(), new_sizes.len());
    let children = |sizes: &[usize], others: usize| sizes.iter().sum::<usize>().checked_mul(others);
    let work = children(old_sizes, news)?.checked_add(children(new_sizes, olds)?)?;
    if work > MOST || olds.checked_mul(news)? > MOST {
        return None;
    }
    // From the end: the best that can be made of what follows two places.
    let mut best = vec![vec![0; news + 1]; olds + 1];
    let mut common = vec![vec![0; news]; olds];
    for old in (0..olds).rev() {
        for new in (0..news).rev() {
            common[old][new] = alike(old, new);
            let paired = common[old][new] + best[old + 1][new + 1];
            best[old][new] = paired.max(best[old + 1][new]).max(best[old][new + 1]);
        }
    }
    let (mut old, mut new, mut pairs) = (0, 0, Vec::new());
    while old < olds && new < news {
        let is_paired = common[old][new] > 0 && best[old][new] == common[old][new] + best[old + 1][new + 1];
        if is_paired {
            pairs.push((old, new));
            (old, new) = (old + 1, new + 1);
        } else if best[old][new] == best[old][new + 1] {
            new += 1;
        } else {
            old += 1;
        }
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(old: &[&str], new: &[&str]) -> Option<Vec<(usize, usize)>> {
        let alike = |old_place: usize, new_place: usize| {
            old[old_place].chars().filter(|char| new[new_place].contains(*char)).count()
        };
        let sizes = |texts: &[&str]| texts.iter().map(|text| text.len()).collect::<Vec<_>>();
        most_alike([&sizes(old), &sizes(new)], alike)
    }

    #[test]
    fn what_is_most_alike_is_paired_and_what_has_nothing_in_common_is_not() {
        assert_eq!(pairs(&["abc", "def"], &["x", "abz", "dez"]), Some(vec![(0, 1), (1, 2)]));
        assert_eq!(pairs(&["abc", "def"], &["dexf", "ab"]), Some(vec![(1, 0)]), "one of two that changed places");
        assert_eq!(pairs(&["abc"], &["x", "y"]), Some(vec![]));
        assert_eq!(pairs(&[], &["x"]), Some(vec![]));
        assert_eq!(pairs(&["aa", "aa"], &["aa"]), Some(vec![(0, 0)]));
    }

    #[test]
    fn what_would_take_too_long_is_left_alone() {
        let many = vec!["a"; 400];
        assert_eq!(pairs(&many, &many), None);
    }
}
