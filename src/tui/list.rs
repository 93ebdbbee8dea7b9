//! A list of a level: its rows as they arrive, the selection, the scroll and the filter.

use std::collections::HashSet;
use std::sync::Arc;

use super::event::RequestId;
use crate::model::{Record, Unreadable, Version};
use crate::store::StoreError;
use crate::text::contains;

/// One row of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What tells it from the others: the name of an application or user, the id of a collection or entry, the sort
    /// key of a row that can't be read.
    pub id: Arc<str>,
    /// The name it has, where it has one besides its id.
    pub name: Option<Box<str>>,
    /// What is known of it.
    pub state: RowState,
}

/// What is known of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowState {
    /// An application or a user, which have no versions.
    Group,
    /// A collection or an entry.
    Live(Version),
    /// One that is soft-deleted.
    Deleted(Version),
    /// A row of the table that can't be read.
    Unreadable(Arc<Unreadable>),
}

impl Row {
    /// Returns the row of an application or a user.
    pub fn group(name: &str) -> Self {
        Self { id: name.into(), name: None, state: RowState::Group }
    }

    /// Returns the row of the newest version of a collection or an entry.
    pub fn of(record: &Record) -> Self {
        let state =
            if record.is_deleted() { RowState::Deleted(record.version) } else { RowState::Live(record.version) };
        Self { id: record.subject.id().into(), name: record.name.as_deref().map(Into::into), state }
    }

    /// Returns the row of a row of the table that can't be read.
    pub fn unreadable(row: Unreadable) -> Self {
        let id = row.sort.as_str().into();
        Self { id, name: None, state: RowState::Unreadable(Arc::new(row)) }
    }

    /// Returns what the list shows: the name, or the id where there is no name.
    pub fn label(&self) -> &str {
        match self.name.as_deref() {
            Some(name) if !name.is_empty() => name,
            _ => &self.id,
        }
    }

    /// Returns whether it is soft-deleted.
    pub fn is_deleted(&self) -> bool {
        matches!(self.state, RowState::Deleted(_))
    }

    /// Rows that can't be read come last: they are seldom what is looked for.
    fn order(&self) -> (bool, &str, &str) {
        (matches!(self.state, RowState::Unreadable(_)), self.label(), &self.id)
    }
}

/// How far a list or a timeline has been loaded.
#[derive(Clone, Debug, Default)]
pub enum LoadState {
    /// Nothing was asked for yet.
    #[default]
    New,
    /// Pages are arriving.
    Loading(RequestId),
    /// There is more, which is read when it is scrolled to.
    Paused(RequestId),
    /// All of it is here.
    Complete,
    /// Esc ended it: what is here is a part.
    Stopped,
    /// It failed; what is here is a part, or from before.
    Failed(Arc<StoreError>),
}

impl LoadState {
    /// Returns the request that is under way.
    pub fn request(&self) -> Option<RequestId> {
        match self {
            Self::Loading(request) | Self::Paused(request) => Some(*request),
            _ => None,
        }
    }

    /// Returns whether pages are arriving.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading(_))
    }
}

/// A list of a level.
#[derive(Clone, Debug, Default)]
pub struct List {
    rows: Vec<Row>,
    /// Rows of a refresh, which take the place of `rows` when it is complete.
    fresh: Option<Vec<Row>>,
    /// The rows that pass the filter, as indices.
    shown: Vec<usize>,
    /// How many of the rows are soft-deleted.
    deleted: usize,
    /// The index in `shown`.
    selected: usize,
    /// The row to select once it arrives.
    wanted: Option<Arc<str>>,
    /// The first row on the screen, as an index in `shown`.
    pub offset: usize,
    filter: String,
    show_deleted: bool,
    /// The rows that are marked, by their ids.
    marked: HashSet<Arc<str>>,
    /// The row that was marked last, from which a range is marked.
    anchor: Option<Arc<str>>,
    /// How far it has been loaded.
    pub load: LoadState,
    /// When it was last complete, in ms since 1970.
    pub loaded_at: i64,
}

impl List {
    /// Begins a load: the first one fills the list, a later one replaces it when it is complete.
    pub fn begin(&mut self, request: RequestId) {
        self.fresh = (!self.rows.is_empty()).then(Vec::new);
        self.load = LoadState::Loading(request);
    }

    /// Returns the list before anything has arrived: its filter stays, and the selection comes back to its row where that
    /// arrives again.
    #[must_use]
    pub fn emptied(&self) -> Self {
        let wanted = self.wanted.clone().or_else(|| self.selected_id());
        Self { wanted, filter: self.filter.clone(), show_deleted: self.show_deleted, ..Self::default() }
    }

    /// Takes a page of the load that is under way.
    pub fn add(&mut self, mut page: Vec<Row>) {
        page.sort_by(|a, b| a.order().cmp(&b.order()));
        if let Some(fresh) = &mut self.fresh {
            return merge(fresh, page);
        }
        // Who hasn't moved yet stays at the top, whatever arrives above.
        let selected = if self.selected == 0 { None } else { self.selected_id() };
        merge(&mut self.rows, page);
        self.refilter(selected.as_ref());
    }

    /// Puts one row in, in place of the one with its id.
    pub fn put(&mut self, row: &Row) {
        let selected = self.selected_id();
        for rows in std::iter::once(&mut self.rows).chain(&mut self.fresh) {
            rows.retain(|other| other.id != row.id);
            merge(rows, vec![row.clone()]);
        }
        self.refilter(selected.as_ref());
    }

    /// Ends the load that is under way.
    pub fn finish(&mut self, state: LoadState) {
        let fresh = self.fresh.take();
        if let (LoadState::Complete, Some(fresh)) = (&state, fresh) {
            let selected = self.selected_id();
            self.rows = fresh;
            if !self.marked.is_empty() {
                let there: HashSet<_> = self.rows.iter().map(|row| row.id.clone()).collect();
                self.marked.retain(|id| there.contains(id));
            }
            self.refilter(selected.as_ref());
        }
        self.load = state;
    }

    /// Returns how many rows have arrived, whatever the filter.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether no row has arrived.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns whether a row that isn't deleted has that name.
    pub fn has_live(&self, name: &str) -> bool {
        self.rows.iter().any(|row| matches!(row.state, RowState::Live(_)) && row.name.as_deref() == Some(name))
    }

    /// Returns how many of the rows are soft-deleted.
    pub fn deleted(&self) -> usize {
        self.deleted
    }

    /// Returns how many rows pass the filter.
    pub fn shown_len(&self) -> usize {
        self.shown.len()
    }

    /// Returns the place of the selection among the rows that pass the filter.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Returns the selected row.
    pub fn selected_row(&self) -> Option<&Row> {
        self.row(self.selected)
    }

    /// Returns a row by its place among those that pass the filter.
    pub fn row(&self, at: usize) -> Option<&Row> {
        self.rows.get(*self.shown.get(at)?)
    }

    /// Returns what the row of that id shows.
    pub fn label_of(&self, id: &str) -> Option<&str> {
        self.rows.iter().find(|row| &*row.id == id).map(Row::label)
    }

    /// Returns the filter as typed.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Sets the filter: rows whose label or id holds the text, whatever the case, pass. The selection stays on its row,
    /// or goes to the first that passes.
    pub fn set_filter(&mut self, filter: String) {
        let selected = self.selected_id();
        self.filter = filter;
        self.selected = 0;
        self.refilter(selected.as_ref());
    }

    /// Shows soft-deleted rows or not.
    pub fn set_show_deleted(&mut self, show: bool) {
        if self.show_deleted != show {
            let selected = self.selected_id();
            self.show_deleted = show;
            self.refilter(selected.as_ref());
        }
    }

    /// Marks the selected row, or takes its mark off, and goes on to the next one. A row that can't be read has no marks.
    /// Returns whether there is such a row.
    pub fn mark(&mut self) -> bool {
        let Some(id) = self.markable(self.selected) else { return false };
        if !self.marked.remove(&id) {
            self.marked.insert(id.clone());
        }
        self.anchor = Some(id);
        self.select(self.selected + 1);
        true
    }

    /// Marks the rows from the one that was marked last to the selected one. Returns how many are marked now; `None` where
    /// none was marked before, or it does not show.
    pub fn mark_range(&mut self) -> Option<usize> {
        let anchor = self.anchor.as_ref().filter(|id| self.marked.contains(*id))?;
        let from = self.shown.iter().position(|&index| self.rows[index].id == *anchor)?;
        let range = from.min(self.selected)..=from.max(self.selected);
        let ids: Vec<_> = range.filter_map(|at| self.markable(at)).collect();
        self.marked.extend(ids);
        Some(self.marked.len())
    }

    /// Takes all marks off. Returns whether there were any.
    pub fn clear_marks(&mut self) -> bool {
        self.anchor = None;
        let any = !self.marked.is_empty();
        self.marked.clear();
        any
    }

    /// Returns whether a row is marked.
    pub fn is_marked(&self, row: &Row) -> bool {
        self.marked.contains(&row.id)
    }

    /// Returns the ids of the rows that are marked, also of those that the filter hides.
    pub fn marked(&self) -> &HashSet<Arc<str>> {
        &self.marked
    }

    fn markable(&self, at: usize) -> Option<Arc<str>> {
        self.row(at).filter(|row| !matches!(row.state, RowState::Unreadable(_))).map(|row| row.id.clone())
    }

    /// Moves the selection to a place, or as near as there is one.
    pub fn select(&mut self, at: usize) {
        self.selected = at.min(self.shown.len().saturating_sub(1));
        self.wanted = None;
    }

    /// Selects the row of that id, now or when it arrives.
    pub fn want(&mut self, id: Arc<str>) {
        self.wanted = Some(id);
        self.settle_selection(None);
    }

    /// Returns the id of the row that is to be selected and does not show yet.
    pub fn wanted(&self) -> Option<&str> {
        self.wanted.as_deref()
    }

    /// Moves the scroll so that the selection is among the `height` rows on the screen.
    pub fn scroll_to_selection(&mut self, height: usize) {
        let last_offset = self.shown.len().saturating_sub(height);
        let lowest = (self.selected + 1).saturating_sub(height);
        self.offset = self.offset.clamp(lowest, self.selected).min(last_offset);
    }

    fn selected_id(&self) -> Option<Arc<str>> {
        self.selected_row().map(|row| row.id.clone())
    }

    /// Finds anew which rows pass the filter; the selection goes to the row that was selected.
    fn refilter(&mut self, selected: Option<&Arc<str>>) {
        let needle = self.filter.to_lowercase();
        let show_deleted = self.show_deleted;
        let passes = |row: &Row| {
            (show_deleted || !row.is_deleted())
                && (needle.is_empty() || contains(row.label(), &needle) || contains(&row.id, &needle))
        };
        self.deleted = self.rows.iter().filter(|row| row.is_deleted()).count();
        self.shown.clear();
        self.shown.extend(self.rows.iter().enumerate().filter(|(_, row)| passes(row)).map(|(index, _)| index));
        self.settle_selection(selected);
    }

    /// Puts the selection on the wanted row, else on the one that was selected, else where it was.
    fn settle_selection(&mut self, selected: Option<&Arc<str>>) {
        let place = |id: &Arc<str>| self.shown.iter().position(|&index| self.rows[index].id == *id);
        if let Some(found) = self.wanted.as_ref().and_then(place) {
            self.wanted = None;
            self.selected = found;
        } else if let Some(found) = selected.and_then(place) {
            self.selected = found;
        }
        self.selected = self.selected.min(self.shown.len().saturating_sub(1));
    }
}

/// Merges a sorted page into sorted rows; a row that is there already is replaced.
fn merge(rows: &mut Vec<Row>, page: Vec<Row>) {
    if page.is_empty() {
        return;
    }
    if rows.last().is_none_or(|last| last.order() < page[0].order()) {
        rows.extend(page);
        return;
    }
    let mut merged = Vec::with_capacity(rows.len() + page.len());
    let mut old = std::mem::take(rows).into_iter().peekable();
    for new in page {
        while let Some(row) = old.next_if(|row| row.order() < new.order()) {
            merged.push(row);
        }
        old.next_if(|row| row.order() == new.order());
        merged.push(new);
    }
    merged.extend(old);
    *rows = merged;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[&str]) -> Vec<Row> {
        names.iter().map(|name| Row { id: (*name).into(), name: None, state: RowState::Group }).collect()
    }

    fn shown(list: &List) -> Vec<&str> {
        (0..list.shown_len()).filter_map(|at| list.row(at)).map(Row::label).collect()
    }

    fn loaded(names: &[&str]) -> List {
        let mut list = List::default();
        list.begin(RequestId::FIRST);
        list.add(rows(names));
        list.finish(LoadState::Complete);
        list
    }

    #[test]
    fn pages_are_merged_in_order_and_the_selection_stays_on_its_row() {
        let mut list = List::default();
        list.begin(RequestId::FIRST);
        list.add(rows(&["m", "k"]));
        list.select(1);
        list.add(rows(&["z", "a", "l"]));
        assert_eq!(shown(&list), ["a", "k", "l", "m", "z"]);
        assert_eq!(list.selected_row().map(Row::label), Some("m"));
    }

    #[test]
    fn a_refresh_replaces_the_rows_at_its_end_and_keeps_the_selection() {
        let mut list = loaded(&["a", "b", "c"]);
        list.select(2);
        list.begin(RequestId::FIRST);
        list.add(rows(&["c", "d"]));
        assert_eq!(shown(&list), ["a", "b", "c"]);
        list.finish(LoadState::Complete);
        assert_eq!(shown(&list), ["c", "d"]);
        assert_eq!(list.selected_row().map(Row::label), Some("c"));
    }

    #[test]
    fn a_refresh_that_is_stopped_leaves_the_rows_from_before() {
        let mut list = loaded(&["a", "b"]);
        list.begin(RequestId::FIRST);
        list.add(rows(&["a"]));
        list.finish(LoadState::Stopped);
        assert_eq!(shown(&list), ["a", "b"]);
    }

    #[test]
    fn a_filter_is_without_case_and_its_end_shows_all_again() {
        let mut list = loaded(&["Alpha", "beta", "GAMMA", "Ärger"]);
        list.set_filter("AM".into());
        assert_eq!(shown(&list), ["GAMMA"]);
        list.set_filter("är".into());
        assert_eq!(shown(&list), ["Ärger"]);
        list.set_filter(String::new());
        assert_eq!(list.shown_len(), 4);
        assert_eq!(list.selected_row().map(Row::label), Some("Ärger"));
    }

    #[test]
    fn rows_are_marked_one_by_one_and_as_a_range_and_marks_outlive_a_filter_and_a_refresh() {
        let mut list = loaded(&["a", "b", "c", "d", "e"]);
        assert_eq!(list.mark_range(), None, "there is nothing to start from");
        assert!(list.mark());
        list.select(3);
        assert_eq!(list.mark_range(), Some(4));
        list.set_filter("c".into());
        assert!(list.mark());
        list.set_filter(String::new());
        list.begin(RequestId::FIRST);
        list.add(rows(&["a", "b", "x"]));
        list.finish(LoadState::Complete);
        let marked: Vec<_> = list.marked().iter().map(AsRef::as_ref).collect();
        assert_eq!(marked.len(), 2, "{marked:?}: c was taken off, and d is gone");
        assert!(list.clear_marks() && !list.clear_marks());
    }

    #[test]
    fn the_selection_is_always_on_the_screen() {
        let mut list = loaded(&["a", "b", "c", "d", "e", "f"]);
        list.select(5);
        list.scroll_to_selection(3);
        assert_eq!(list.offset, 3);
        list.select(4);
        list.scroll_to_selection(3);
        assert_eq!(list.offset, 3);
        list.select(1);
        list.scroll_to_selection(3);
        assert_eq!(list.offset, 1);
        list.scroll_to_selection(10);
        assert_eq!(list.offset, 0);
    }
}
