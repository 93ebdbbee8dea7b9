//! What a long read finds, as it arrives: the rows of a window, with a cursor, a filter and marks.

use std::collections::HashSet;
use std::hash::Hash;
use std::ops::AddAssign;

use crossterm::event::{KeyCode, KeyEvent};

use super::event::RequestId;
use super::input::Input;
use super::list::LoadState;
use crate::store::Cost;

/// A row of a window.
pub trait Finding {
    /// What tells it from the others, and puts them in order: the least stands first.
    type Key: Clone + Ord + Hash;
    /// What a typed filter means.
    type Filter: for<'a> From<&'a str>;

    /// Returns its key.
    fn key(&self) -> Self::Key;

    /// Returns whether it passes a filter, which was typed in lower case or made so, and is not empty.
    fn passes(&self, filter: &Self::Filter) -> bool;
}

/// How much was read so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Versions looked at.
    pub versions: usize,
    /// Collections and entries that they belong to.
    pub subjects: usize,
    /// Rows that can't be read and were passed over.
    pub unreadable: usize,
    /// What it consumed.
    pub cost: Cost,
}

impl AddAssign for Progress {
    fn add_assign(&mut self, other: Self) {
        self.versions += other.versions;
        self.subjects += other.subjects;
        self.unreadable += other.unreadable;
        self.cost += other.cost;
    }
}

/// The rows of a window as they arrive.
#[derive(Clone, Debug)]
pub struct Findings<T: Finding> {
    rows: Vec<T>,
    /// The rows that pass the filter, as indices.
    shown: Vec<usize>,
    /// The place among the shown rows.
    cursor: usize,
    /// The first row on the screen, as a place among the shown ones.
    offset: usize,
    filter: Input,
    typing: bool,
    marked: HashSet<T::Key>,
    /// Where a range of marks begins.
    last_marked: Option<T::Key>,
    /// How far it was read.
    pub load: LoadState,
    /// How much was read.
    pub progress: Progress,
}

/// What a key did to the rows of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// It was for the rows.
    Taken,
    /// The read is to be stopped.
    Stop(RequestId),
    /// The window is to be closed.
    Close,
    /// It was not for the rows.
    Other,
}

impl<T: Finding> Default for Findings<T> {
    /// Returns no rows, of a read that nobody asked for yet.
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            shown: Vec::new(),
            cursor: 0,
            offset: 0,
            filter: Input::default(),
            typing: false,
            marked: HashSet::new(),
            last_marked: None,
            load: LoadState::New,
            progress: Progress::default(),
        }
    }
}

impl<T: Finding> Findings<T> {
    /// Returns the rows of a read that has just begun.
    pub fn new(request: RequestId) -> Self {
        Self { load: LoadState::Loading(request), ..Self::default() }
    }

    /// Begins again: the rows and their marks go, the filter stays.
    pub fn begin(&mut self, request: RequestId) {
        self.rows.clear();
        self.marked.clear();
        self.last_marked = None;
        self.load = LoadState::Loading(request);
        self.progress = Progress::default();
        self.refilter(None);
    }

    /// Takes rows that arrived, and how much was read for them. The cursor stays on its row, or at the top where it was
    /// never moved.
    pub fn add(&mut self, found: Vec<T>, progress: Progress) {
        self.progress += progress;
        if found.is_empty() {
            return;
        }
        let kept = if self.cursor == 0 { None } else { self.selected().map(Finding::key) };
        merge(&mut self.rows, found);
        self.refilter(kept);
    }

    /// Takes rows away, for what has been done with them.
    pub fn remove(&mut self, key: &T::Key) {
        let kept = self.selected().map(Finding::key);
        if let Ok(at) = self.rows.binary_search_by(|row| row.key().cmp(key)) {
            self.rows.remove(at);
        }
        self.marked.remove(key);
        self.refilter(kept);
    }

    /// Returns all rows that have arrived, whatever the filter.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// Returns the same to be changed, but for their keys.
    pub fn rows_mut(&mut self) -> &mut [T] {
        &mut self.rows
    }

    /// Returns how many rows have arrived, whatever the filter.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether no row has arrived.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns how many rows pass the filter.
    pub fn shown_len(&self) -> usize {
        self.shown.len()
    }

    /// Returns the rows that pass the filter.
    pub fn shown(&self) -> impl Iterator<Item = &T> {
        self.shown.iter().map(|&index| &self.rows[index])
    }

    /// Returns the rows on a screen of `height` rows, each with whether the cursor is on it and whether it is marked.
    pub fn on_screen(&self, height: usize) -> impl Iterator<Item = (&T, bool, bool)> {
        // Where rows went, what is above fills the screen.
        let offset = self.offset.min(self.shown.len().saturating_sub(height));
        let rows = self.shown.iter().enumerate().skip(offset).take(height);
        rows.map(|(place, &index)| {
            let row = &self.rows[index];
            (row, place == self.cursor, self.marked.contains(&row.key()))
        })
    }

    /// Returns the row under the cursor.
    pub fn selected(&self) -> Option<&T> {
        self.shown.get(self.cursor).map(|&index| &self.rows[index])
    }

    /// Returns the place of the cursor among the rows that pass the filter.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Returns the marked rows in their order, or where none is marked the one under the cursor.
    pub fn chosen(&self) -> Vec<&T> {
        if self.marked.is_empty() {
            return self.selected().into_iter().collect();
        }
        self.rows.iter().filter(|row| self.marked.contains(&row.key())).collect()
    }

    /// Filters rows that were changed anew, and puts the cursor on the first that is wanted, where there is one.
    pub fn go_to_first(&mut self, wanted: impl Fn(&T) -> bool, height: usize) {
        self.refilter(self.selected().map(Finding::key));
        let first = self.shown().position(wanted);
        if let Some(place) = first {
            self.go(place, height);
        }
    }

    /// Returns how many rows are marked.
    pub fn marked(&self) -> usize {
        self.marked.len()
    }

    /// Returns the filter being typed, with its cursor, or as it was typed.
    pub fn filter(&self) -> (&Input, bool) {
        (&self.filter, self.typing)
    }

    /// Returns what the filter means.
    pub fn meaning(&self) -> T::Filter {
        T::Filter::from(self.filter.text())
    }

    /// Takes a key; `height` is the number of rows on the screen. Esc leaves the filter, then stops the read, then
    /// closes.
    ///
    /// `moves` is by how many rows the key moves the cursor, where it does.
    pub fn key(&mut self, key: KeyEvent, moves: Option<isize>, height: usize) -> Pressed {
        if self.typing {
            return self.type_key(key, moves, height);
        }
        if let Some(by) = moves {
            self.go(self.cursor.saturating_add_signed(by), height);
            return Pressed::Taken;
        }
        match key.code {
            KeyCode::Char('/') => self.typing = true,
            KeyCode::Char(' ') => self.mark(height),
            KeyCode::Char('V') => self.mark_range(),
            KeyCode::Esc if !self.filter.text().is_empty() => self.set_filter(Input::default()),
            KeyCode::Esc => match self.load {
                LoadState::Loading(request) => return Pressed::Stop(request),
                _ if !self.marked.is_empty() => self.marked.clear(),
                _ => return Pressed::Close,
            },
            KeyCode::Char('q') => return Pressed::Close,
            _ => return Pressed::Other,
        }
        Pressed::Taken
    }

    fn type_key(&mut self, key: KeyEvent, moves: Option<isize>, height: usize) -> Pressed {
        match (key.code, moves) {
            (KeyCode::Enter, _) => self.typing = false,
            (KeyCode::Esc, _) => {
                self.typing = false;
                self.set_filter(Input::default());
            }
            (KeyCode::Up | KeyCode::Down, Some(by)) => self.go(self.cursor.saturating_add_signed(by), height),
            _ => {
                let mut filter = self.filter.clone();
                if filter.key(key) {
                    self.set_filter(filter);
                }
            }
        }
        Pressed::Taken
    }

    /// Takes a pasted text into the filter while it is typed.
    pub fn paste(&mut self, text: &str) {
        if self.typing {
            let mut filter = self.filter.clone();
            filter.insert(text);
            self.set_filter(filter);
        }
    }

    fn mark(&mut self, height: usize) {
        if let Some(key) = self.selected().map(Finding::key) {
            if self.marked.remove(&key) {
                self.last_marked = None;
            } else {
                self.last_marked = Some(key.clone());
                self.marked.insert(key);
            }
            self.go(self.cursor + 1, height);
        }
    }

    /// Marks the shown rows from the one marked last to the cursor; from the first row where none was.
    fn mark_range(&mut self) {
        let last = self.last_marked.as_ref();
        let last = last.and_then(|last| self.shown.iter().position(|&index| self.rows[index].key() == *last));
        let (from, to) = (last.unwrap_or(0).min(self.cursor), last.unwrap_or(0).max(self.cursor));
        let keys = self.shown.iter().take(to + 1).skip(from).map(|&index| self.rows[index].key());
        self.marked.extend(keys);
        self.last_marked = self.selected().map(Finding::key);
    }

    fn go(&mut self, place: usize, height: usize) {
        self.cursor = place.min(self.shown.len().saturating_sub(1));
        let lowest = (self.cursor + 1).saturating_sub(height.max(1));
        self.offset = self.offset.clamp(lowest, self.cursor);
    }

    fn set_filter(&mut self, filter: Input) {
        let kept = self.selected().map(Finding::key);
        self.filter = filter;
        self.refilter(kept);
    }

    /// Finds anew which rows pass the filter; the cursor goes to the row that it was on.
    fn refilter(&mut self, kept: Option<T::Key>) {
        let typed = self.filter.text().to_lowercase();
        let filter = T::Filter::from(typed.as_str());
        let passes = |row: &T| typed.is_empty() || row.passes(&filter);
        self.shown.clear();
        self.shown.extend(self.rows.iter().enumerate().filter(|(_, row)| passes(row)).map(|(index, _)| index));
        let above = self.cursor.saturating_sub(self.offset);
        if let Some(kept) = kept
            && let Some(place) = self.shown.iter().position(|&index| self.rows[index].key() == kept)
        {
            self.cursor = place;
        }
        self.cursor = self.cursor.min(self.shown.len().saturating_sub(1));
        // What arrives above does not move the row on the screen.
        self.offset = self.cursor.saturating_sub(above);
    }
}

/// Merges rows into sorted ones. Keys are made for few of the many rows that are there already.
fn merge<T: Finding>(rows: &mut Vec<T>, mut found: Vec<T>) {
    found.sort_by_cached_key(Finding::key);
    let place_of = |key: T::Key| rows.partition_point(|row| row.key() <= key);
    let places: Vec<usize> = found.iter().map(|new| place_of(new.key())).collect();
    let mut merged = Vec::with_capacity(rows.len() + found.len());
    let (mut old, mut taken) = (std::mem::take(rows).into_iter(), 0);
    for (new, place) in found.into_iter().zip(places) {
        merged.extend(old.by_ref().take(place - taken));
        taken = place;
        merged.push(new);
    }
    merged.extend(old);
    *rows = merged;
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crossterm::event::KeyModifiers;

    impl Finding for &'static str {
        type Key = Self;
        type Filter = String;

        fn key(&self) -> Self {
            self
        }

        fn passes(&self, filter: &String) -> bool {
            self.contains(filter.as_str())
        }
    }

    fn found(batches: &[&[&'static str]]) -> Findings<&'static str> {
        let mut findings = Findings::new(RequestId::FIRST);
        for batch in batches {
            findings.add(batch.to_vec(), Progress::default());
        }
        findings
    }

    fn press(findings: &mut Findings<&'static str>, code: KeyCode) -> Pressed {
        let moves = match code {
            KeyCode::Down => Some(1),
            KeyCode::Up => Some(-1),
            _ => None,
        };
        findings.key(KeyEvent::new(code, KeyModifiers::NONE), moves, 3)
    }

    fn screen(findings: &Findings<&'static str>) -> String {
        let row = |(row, here, marked): (&&str, bool, bool)| {
            format!("{}{}{row}", if here { ">" } else { "" }, if marked { "*" } else { "" })
        };
        findings.on_screen(3).map(row).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rows_stand_in_order_and_who_never_moved_stays_at_the_top() {
        let findings = found(&[&["m", "x"], &["b", "n"]]);
        assert_eq!(screen(&findings), ">b m n");
    }

    #[test]
    fn a_page_among_many_rows_asks_few_of_them_for_their_keys() {
        struct Counted(usize);

        thread_local! {
            static KEYS: Cell<usize> = const { Cell::new(0) };
        }

        impl Finding for Counted {
            type Key = usize;
            type Filter = String;

            fn key(&self) -> usize {
                KEYS.set(KEYS.get() + 1);
                self.0
            }

            fn passes(&self, _: &String) -> bool {
                true
            }
        }

        let mut findings: Findings<Counted> = Findings::new(RequestId::FIRST);
        findings.add((0..10_000).rev().map(|at| Counted(2 * at)).collect(), Progress::default());
        KEYS.set(0);
        findings.add(vec![Counted(19_999), Counted(1), Counted(77)], Progress::default());
        findings.remove(&77);
        assert!(KEYS.get() < 100, "{} keys", KEYS.get());
        let rows: Vec<usize> = findings.rows().iter().map(|row| row.0).collect();
        assert!(rows.is_sorted() && rows.len() == 10_002 && rows[..3] == [0, 1, 2] && rows[10_001] == 19_999);
    }

    #[test]
    fn what_arrives_above_does_not_move_the_row_under_the_cursor() {
        let mut findings = found(&[&["m", "x", "y"]]);
        press(&mut findings, KeyCode::Down);
        findings.add(vec!["a", "b"], Progress::default());
        assert_eq!(screen(&findings), "m >x y");
    }

    #[test]
    fn marks_are_chosen_and_without_them_the_row_under_the_cursor() {
        let mut findings = found(&[&["a", "b", "c", "d"]]);
        assert_eq!(findings.chosen(), [&"a"]);
        press(&mut findings, KeyCode::Char(' '));
        press(&mut findings, KeyCode::Down);
        press(&mut findings, KeyCode::Char(' '));
        assert_eq!(findings.chosen(), [&"a", &"c"]);
        assert_eq!(screen(&findings), "b *c >d");
    }

    #[test]
    fn a_range_is_marked_from_the_last_mark_to_the_cursor() {
        let mut findings = found(&[&["a", "b", "c", "d"]]);
        for code in [KeyCode::Down, KeyCode::Char(' '), KeyCode::Down, KeyCode::Char('V')] {
            press(&mut findings, code);
        }
        assert_eq!(findings.chosen(), [&"b", &"c", &"d"]);
        let mut findings = found(&[&["a", "b", "c", "d"]]);
        press(&mut findings, KeyCode::Down);
        press(&mut findings, KeyCode::Char('V'));
        assert_eq!(findings.chosen(), [&"a", &"b"], "from the top where nothing is marked");
    }

    #[test]
    fn a_filter_is_typed_kept_and_cleared() {
        let mut findings = found(&[&["apple", "pear", "plum"]]);
        for code in [KeyCode::Char('/'), KeyCode::Char('P'), KeyCode::Char('l'), KeyCode::Enter] {
            assert_eq!(press(&mut findings, code), Pressed::Taken);
        }
        assert_eq!(screen(&findings), ">apple plum");
        press(&mut findings, KeyCode::Esc);
        assert_eq!(screen(&findings), ">apple pear plum");
    }

    #[test]
    fn esc_stops_the_read_first_and_closes_then() {
        let mut findings = found(&[&["a"]]);
        assert_eq!(press(&mut findings, KeyCode::Esc), Pressed::Stop(RequestId::FIRST));
        findings.load = LoadState::Stopped;
        assert_eq!(press(&mut findings, KeyCode::Esc), Pressed::Close);
    }
}
