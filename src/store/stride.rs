//! How many rows a page asks for.
//!
//! A reply ends at 1 MB, however many rows were asked for. The embedded engine reads them all before it cuts, and hands
//! the rest out again with the next page: of entries of 390 KB, a thousand asked for are 390 MB read for three. So what
//! a page brought says what the next one asks for.

/// Rows asked for at first, so that something shows soon, and then at most, so that requests are few.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) first: i32,
    pub(super) then: i32,
}

/// The rows that the next page asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stride {
    rows: i32,
    most: i32,
    /// A page ended by its size before as many rows as were asked for.
    was_cut: bool,
}

impl Stride {
    pub(super) fn new(limits: Limits) -> Self {
        Self { rows: limits.first, most: limits.then, was_cut: false }
    }

    /// Returns how many rows to ask for.
    pub(super) fn rows(self) -> i32 {
        self.rows
    }

    /// Takes note of how many rows a page brought that is not the last one.
    ///
    /// Of a page that was cut, the next one asks for a quarter more than it brought; full ones go on to twice as many,
    /// or to the most at once while none was cut.
    pub(super) fn learn(&mut self, brought: usize) {
        let brought = i32::try_from(brought).unwrap_or(i32::MAX);
        self.rows = if brought < self.rows {
            self.was_cut = true;
            brought + brought / 4 + 1
        } else if self.was_cut {
            self.rows.saturating_mul(2)
        } else {
            self.most
        };
        self.rows = self.rows.min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells what the pages of a listing ask for, of which a reply holds so many rows.
    fn asked(room: &[usize]) -> Vec<i32> {
        let mut stride = Stride::new(Limits { first: 100, then: 1000 });
        let page = |room: &usize| {
            let rows = stride.rows();
            stride.learn((*room).min(usize::try_from(rows).expect("it is positive")));
            rows
        };
        room.iter().map(page).collect()
    }

    #[test]
    fn small_rows_are_asked_for_in_as_few_pages_as_can_be() {
        assert_eq!(asked(&[5000; 4]), [100, 1000, 1000, 1000]);
    }

    #[test]
    fn a_page_that_was_cut_says_what_fits() {
        assert_eq!(asked(&[3; 4]), [100, 4, 4, 4]);
        assert_eq!(asked(&[400; 4]), [100, 1000, 501, 501]);
        assert_eq!(asked(&[1; 3]), [100, 2, 2]);
        assert_eq!(asked(&[0; 3]), [100, 1, 1], "one at least");
    }

    #[test]
    fn small_rows_after_large_ones_are_many_again() {
        let room = [3, 3, 5000, 5000, 5000, 5000, 5000, 5000, 5000, 5000, 5000, 7];
        assert_eq!(asked(&room), [100, 4, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 1000]);
    }
}
