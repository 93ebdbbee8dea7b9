//! The versions of one collection or entry, as they arrive, and the one that is shown.

use std::sync::Arc;

use super::event::{RequestId, Versions};
use super::list::LoadState;
use crate::history::trend::Trend;
use crate::history::{Event, Step, events};
use crate::model::{Record, Subject, Unreadable, Version};

/// A history on the screen, newest first.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// What it is the history of.
    pub subject: Subject,
    records: Vec<Arc<Record>>,
    steps: Vec<Step>,
    unreadable: Vec<Arc<Unreadable>>,
    events: Vec<Event>,
    /// The bytes of all values that are here.
    bytes: usize,
    selected: usize,
    /// The first line on the screen.
    pub offset: usize,
    /// The line to select once it arrives: after a refresh, the one that was selected.
    wanted: Option<(Version, bool)>,
    /// The oldest version is wanted: read on until it is here.
    to_oldest: bool,
    /// The next page replaces what is here.
    replace: bool,
    /// How far it has been loaded.
    pub load: LoadState,
    /// When it was last loaded, in ms since 1970.
    pub loaded_at: i64,
}

impl Timeline {
    /// Returns a history of which nothing has arrived.
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            records: Vec::new(),
            steps: Vec::new(),
            unreadable: Vec::new(),
            events: Vec::new(),
            bytes: 0,
            selected: 0,
            offset: 0,
            wanted: None,
            to_oldest: false,
            replace: false,
            load: LoadState::New,
            loaded_at: 0,
        }
    }

    /// Begins a load. What is here stays until the first page arrives, and the selection stays on its version.
    pub fn begin(&mut self, request: RequestId) {
        self.load = LoadState::Loading(request);
        self.replace = true;
        // Who looks at the newest version goes on looking at the newest.
        self.wanted = self.wanted.or_else(|| if self.selected == 0 { None } else { self.selected_key() });
    }

    /// Selects the newest version, now and after the load that is under way.
    pub fn select_newest(&mut self) {
        self.select(0);
    }

    /// Takes in the version that was just written or marked, until the history is read again: the next write is based
    /// on it. Where nothing has arrived yet, that reading brings it.
    pub fn put(&mut self, record: &Arc<Record>) {
        match self.records.first_mut() {
            Some(newest) if newest.version == record.version => *newest = Arc::clone(record),
            Some(newest) if newest.version < record.version => {
                self.steps.insert(0, Step::between(Some(newest), record));
                self.records.insert(0, Arc::clone(record));
            }
            _ => {}
        }
        self.sum_up();
    }

    /// Takes a page of the load. Returns whether the next page is needed at once, for the selection.
    pub fn add(&mut self, page: Versions, request: RequestId, now: i64) -> bool {
        if std::mem::take(&mut self.replace) {
            self.records.clear();
            self.steps.clear();
            self.unreadable.clear();
        }
        self.records.extend(page.records);
        self.steps.extend(page.steps);
        self.unreadable.extend(page.unreadable);
        self.sum_up();
        self.loaded_at = now;
        self.load = if page.complete { LoadState::Complete } else { LoadState::Paused(request) };
        let place =
            self.wanted.and_then(|wanted| self.events.iter().position(|event| self.key(*event) == Some(wanted)));
        match place {
            Some(place) => {
                self.selected = place;
                self.wanted = None;
            }
            None if page.complete => self.wanted = None,
            None => {}
        }
        // Not before all are here: each one on the way would be shown for nothing.
        if self.to_oldest && page.complete {
            self.select(usize::MAX);
        }
        self.selected = self.selected.min(self.len().saturating_sub(1));
        self.wanted.is_some() || self.to_oldest
    }

    /// Makes what follows from the versions, once for all frames until others arrive.
    fn sum_up(&mut self) {
        self.events = events(self.records.iter().map(Arc::as_ref));
        self.bytes = self.records.iter().filter_map(|record| record.value.as_ref()).map(String::len).sum();
    }

    /// Returns the changes and sizes of the versions here over time, in so many spans.
    pub fn trend(&self, spans: u16) -> Trend {
        Trend::of(self.records.iter().map(Arc::as_ref), spans.into())
    }

    /// Returns how many of the versions here are newer than the one that is shown.
    pub fn shown_place(&self) -> Option<usize> {
        self.events.get(self.selected).map(|event| event.place())
    }

    /// Returns how many bytes the values take that are here.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the number of lines: versions, deletions and rows that can't be read.
    pub fn len(&self) -> usize {
        self.events.len() + self.unreadable.len()
    }

    /// Returns whether nothing has arrived.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many versions have arrived.
    pub fn versions(&self) -> usize {
        self.records.len()
    }

    /// Returns the selected line.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Selects a line, or the nearest there is.
    pub fn select(&mut self, at: usize) {
        self.selected = at.min(self.len().saturating_sub(1));
        self.wanted = None;
        self.to_oldest = false;
    }

    /// Selects the last line there is, and the oldest version once everything older has been read.
    pub fn select_oldest(&mut self) {
        self.select(usize::MAX);
        self.to_oldest = !matches!(self.load, LoadState::Complete);
    }

    /// Notes how a load ended that brought no last page; what was wanted of it does not come.
    pub fn give_up(&mut self, state: LoadState) {
        self.load = state;
        if !matches!(self.load, LoadState::New) {
            self.to_oldest = false;
        }
    }

    /// Returns the line of a version, where it is here.
    pub fn line_of(&self, version: Version) -> Option<usize> {
        self.events.iter().position(|event| self.key(*event) == Some((version, false)))
    }

    /// Returns the versions before another one that are here, newest first.
    pub fn older_than(&self, version: Version) -> &[Arc<Record>] {
        &self.records[self.records.partition_point(|record| record.version >= version)..]
    }

    /// Selects the line of a version.
    pub fn select_version(&mut self, version: Version) {
        if let Some(at) = self.line_of(version) {
            self.select(at);
        }
    }

    /// Selects the line of a version, or of its deletion, now or when it arrives.
    pub fn want(&mut self, version: Version, deletion: bool) {
        match self.events.iter().position(|event| self.key(*event) == Some((version, deletion))) {
            Some(at) => self.select(at),
            None => self.wanted = Some((version, deletion)),
        }
    }

    /// Returns whether a line is wanted that no page of a load under way can bring.
    pub fn wants_a_load(&self) -> bool {
        self.wanted.is_some() && self.load.request().is_none()
    }

    /// Returns a line.
    pub fn line(&self, at: usize) -> Option<Line<'_>> {
        if let Some(event) = self.events.get(at) {
            let record = self.records.get(event.place())?;
            return Some(match event {
                Event::Written(place) => Line::Written(record, self.steps.get(*place)),
                Event::Deleted(_) => Line::Deleted(record),
            });
        }
        self.unreadable.get(at - self.events.len()).map(Line::Unreadable)
    }

    /// Returns the version that is shown.
    pub fn shown(&self) -> Option<&Arc<Record>> {
        self.records.get(self.events.get(self.selected)?.place())
    }

    /// Returns the unreadable row that is shown.
    pub fn shown_unreadable(&self) -> Option<&Arc<Unreadable>> {
        self.unreadable.get(self.selected.checked_sub(self.events.len())?)
    }

    /// Returns the newest version.
    pub fn newest(&self) -> Option<&Arc<Record>> {
        self.records.first()
    }

    /// Returns the version before another one, where it has arrived.
    pub fn before(&self, version: Version) -> Option<&Arc<Record>> {
        let place = self.records.iter().position(|record| record.version == version)?;
        self.records.get(place + 1)
    }

    /// Returns whether the oldest version here is known to be the first one.
    pub fn knows_the_first(&self) -> bool {
        self.steps.len() == self.records.len()
    }

    /// Returns the request to read on with where the selection nears the end of what has arrived, or a line is wanted that
    /// has not.
    pub fn needs_more(&self) -> Option<RequestId> {
        /// What a key that is held down passes in about two thirds of a second: longer than a page takes, so that
        /// stepping does not wait.
        const AHEAD: usize = 20;
        let is_near = self.wanted.is_some() || self.selected + AHEAD >= self.events.len();
        match self.load {
            LoadState::Paused(request) if is_near => Some(request),
            _ => None,
        }
    }

    /// Moves the scroll so that the selection is among the `height` rows on the screen.
    pub fn scroll_to_selection(&mut self, height: usize) {
        let last_offset = self.len().saturating_sub(height);
        let lowest = (self.selected + 1).saturating_sub(height);
        self.offset = self.offset.clamp(lowest, self.selected).min(last_offset);
    }

    /// Moves the scroll further, so that another line is among the rows on the screen.
    pub fn scroll_to(&mut self, line: usize, height: usize) {
        self.offset = self.offset.clamp((line + 1).saturating_sub(height), line);
    }

    fn selected_key(&self) -> Option<(Version, bool)> {
        self.key(*self.events.get(self.selected)?)
    }

    fn key(&self, event: Event) -> Option<(Version, bool)> {
        let record = self.records.get(event.place())?;
        Some((record.version, matches!(event, Event::Deleted(_))))
    }
}

/// A line of a timeline.
#[derive(Clone, Copy, Debug)]
pub enum Line<'a> {
    /// A version, and what it did where the version before it is known.
    Written(&'a Arc<Record>, Option<&'a Step>),
    /// The deletion of a version.
    Deleted(&'a Arc<Record>),
    /// A row that can't be read.
    Unreadable(&'a Arc<Unreadable>),
}
