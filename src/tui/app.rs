//! The state of the explorer: all of it, in one place. [`mod@crate::tui::update`] changes it, [`crate::tui::view`] draws it.

mod editing;
mod path;

pub use editing::{Editing, Keeping, Target, Then};

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::blame::Blame;
use super::compare::{DifferenceLook, Pair, Side};
use super::event::{Effect, Load, RequestId};
use super::journal::{About, Journal, Order};
use super::kept::Drafts;
use super::layout::{Areas, Arrangement, arrange, has_charts, inside};
use super::list::{List, LoadState};
use super::outage::{Outage, Wait};
use super::overlay::Overlay;
use super::pane::{Level, Pane};
use super::theme::Theme;
use super::timeline::Timeline;
use super::value::{Room, Value};
use crate::history::blame::Credit;
use crate::history::search::Place;
use crate::model::{Moment, Record, Subject, Unreadable, Version};
use crate::store::{Cost, StoreError};

/// How often the activity mark turns while something is under way.
const TURN: Duration = Duration::from_millis(120);
/// How often a countdown counts.
const COUNT: Duration = Duration::from_millis(500);
/// Versions of which a chart tells more than the timeline itself.
const WORTH_A_CHART: usize = 4;
/// Timelines kept in memory, and the bytes of their values; the one least lately shown goes first.
const TIMELINES_KEPT: usize = 24;
const VALUES_KEPT: usize = 32 << 20;
/// Rows of lists kept in memory that are not on the screen.
const ROWS_KEPT: usize = 300_000;

/// What the top line says of the connection.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its name.
    pub name: String,
    /// "embedded", "memory", a region or a URL.
    pub place: String,
    /// Writes are refused.
    pub read_only: bool,
    /// Why, where it isn't what the person asked for.
    pub read_only_because: Option<String>,
    /// It is marked as one to be careful with: each write is asked for once more.
    pub is_protected: bool,
    /// The flags of the command line that name it.
    pub flags: Vec<String>,
    /// What tells it apart from another of that name, for drafts; without it none are kept.
    pub home: Option<String>,
    /// The colour that marks it, as an ANSI number.
    pub colour: Option<u8>,
    /// Reads wait until the selection rests, because requests cost money or time.
    pub is_remote: bool,
}

/// How far the store is open.
#[derive(Clone, Debug)]
pub enum Opening {
    /// It is being opened.
    Connecting,
    /// It is open.
    Open,
    /// It can't be opened, or its tables are not there.
    Failed(Arc<StoreError>),
}

/// The state of the explorer.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own that a key turns")]
pub struct App {
    /// The connection.
    pub connection: Connection,
    /// How far the store is open.
    pub opening: Opening,
    /// The size of the terminal.
    pub size: Rect,
    /// The time of the last event, in ms since 1970.
    pub now: i64,
    /// Counts the moments that passed while something was under way; the activity mark turns with it.
    pub turn: usize,
    /// What is under way has taken a moment, so that it is worth showing.
    pub is_slow: bool,
    /// The styles.
    pub theme: Theme,
    /// The time zone in which times are shown.
    pub zone: TimeZone,
    /// The pane with the focus.
    pub focus: Pane,
    /// The level whose selection the timeline and the value show: that of the list that had the focus last.
    pub level: Level,
    /// The lists seen so far, by what they hold.
    pub lists: HashMap<Load, List>,
    /// The timelines seen lately, the latest last.
    pub timelines: Vec<Timeline>,
    /// The value pane.
    pub value: Value,
    /// Who last changed each line of the value, where that is asked for.
    pub blame: Option<Blame>,
    /// The value pane shows the difference.
    pub differing: bool,
    /// The value fills the screen.
    pub full_screen: bool,
    /// Deleted collections and entries show.
    pub show_deleted: bool,
    /// The moment that lists, timelines and values are of; `None` for now.
    pub as_of: Option<Moment>,
    /// How differences are looked at.
    pub look: DifferenceLook,
    /// The version that differences are taken from, where one is marked.
    pub mark: Option<Side>,
    /// The difference that is being computed beside the thread that draws: one at a time, and only the last one shows.
    pub comparing: Option<(RequestId, Shown)>,
    /// The note that was typed and is not stored, and what it is about.
    pub note: Option<(About, String)>,
    /// The text being typed in a pane: a filter or a search.
    pub typing: bool,
    /// Keys typed ahead of what they are about, which is still being read.
    pub ahead: VecDeque<KeyEvent>,
    /// The windows over the panes; the last one is on top.
    pub overlays: Vec<Overlay>,
    /// The window that was left for one of its rows, to come back to, and what that row was about.
    pub left: Option<Box<(Overlay, Subject)>>,
    /// What was searched for last in all versions, as typed.
    pub sought: String,
    /// The version whose value goes to a place once it shows.
    pub seeking: Option<(Subject, Version, Place)>,
    /// The editor over the value pane.
    pub editing: Option<Editing>,
    /// The result of the last action.
    pub status: Status,
    /// What was consumed since the start.
    pub cost: Cost,
    /// The loads under way.
    pub loads: HashMap<RequestId, Load>,
    /// The writes under way.
    pub writes: HashMap<RequestId, Order>,
    /// The drafts on this computer.
    pub drafts: Drafts,
    /// What the store does not answer for now.
    pub outage: Option<Outage>,
    /// What was written since the start.
    pub journal: Journal,
    /// What the lists and the timeline followed last, so that only a new selection reads again.
    pub followed: Followed,
    /// What the value pane was made from, so that it is made anew only when that changes.
    pub shown: Option<Shown>,
    /// The number of the next request.
    pub(super) next_request: RequestId,
}

/// The selection that was followed last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// The list of the children of the selected row.
    pub children: Option<Load>,
    /// The collection or entry whose timeline shows.
    pub subject: Option<Subject>,
}

/// What the value pane was made from.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A version.
    Version(Arc<Record>),
    /// A difference, of the values by path or of their texts.
    Difference {
        /// What is compared.
        pair: Pair,
        /// The texts are.
        as_text: bool,
    },
    /// A row that can't be read.
    Unreadable(Arc<Unreadable>),
}

impl Shown {
    /// Returns the version, or the newer of two.
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Version(record) => Some(record),
            Self::Difference { pair, .. } => Some(&pair.new.record),
            Self::Unreadable(_) => None,
        }
    }
}

/// The result of the last action, for the bottom line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The words.
    pub text: String,
    /// What kind of result.
    pub mood: Mood,
}

/// What kind of result a [`Status`] tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Something to know.
    #[default]
    Plain,
    /// It was done.
    Good,
    /// It was not done.
    Bad,
}

impl App {
    /// Returns the state before anything has happened, and what to do first.
    pub fn new(
        connection: Connection,
        theme: Theme,
        zone: TimeZone,
        size: (u16, u16),
        now: i64,
    ) -> (Self, Vec<Effect>) {
        let app = Self {
            connection,
            opening: Opening::Connecting,
            size: Rect::new(0, 0, size.0, size.1),
            now,
            turn: 0,
            is_slow: false,
            theme,
            zone,
            focus: Pane::List(Level::Applications),
            level: Level::Applications,
            lists: HashMap::new(),
            timelines: Vec::new(),
            value: Value::default(),
            blame: None,
            differing: false,
            full_screen: false,
            show_deleted: false,
            as_of: None,
            look: DifferenceLook::default(),
            mark: None,
            comparing: None,
            note: None,
            typing: false,
            ahead: VecDeque::new(),
            overlays: Vec::new(),
            left: None,
            sought: String::new(),
            seeking: None,
            editing: None,
            status: Status::default(),
            cost: Cost::default(),
            loads: HashMap::new(),
            writes: HashMap::new(),
            drafts: Drafts::default(),
            outage: None,
            journal: Journal::default(),
            followed: Followed::default(),
            shown: None,
            next_request: RequestId::FIRST,
        };
        let mut effects = vec![Effect::Connect];
        if app.keeps_drafts() {
            effects.push(Effect::ListDrafts);
        }
        (app, effects)
    }

    /// Returns where each part of the screen is.
    pub fn areas(&self) -> Areas {
        // While a value is edited it keeps its place, and the timeline too.
        let focus = if self.editing.is_some() { Pane::Value } else { self.focus };
        arrange(self.size, Arrangement { focus, level: self.level, full_screen: self.full_screen })
    }

    /// Returns how many rows of a pane show; 0 where it doesn't.
    pub fn rows_of(&self, pane: Pane) -> usize {
        let areas = self.areas();
        let area = match pane {
            Pane::List(level) => areas.lists[level.depth()],
            Pane::Timeline => areas.timeline,
            Pane::Value => areas.value,
        };
        let charts = usize::from(pane == Pane::Timeline && self.shows_charts());
        area.map_or(0, |area| usize::from(inside(area).height).saturating_sub(charts))
    }

    /// Returns whether the timeline has a row of charts: only a large one with a history to speak of can spare it.
    pub fn shows_charts(&self) -> bool {
        has_charts(self.size, self.areas().timeline)
            && self.timeline().is_some_and(|timeline| timeline.versions() >= WORTH_A_CHART)
    }

    /// Returns whether a version is the marked one; writing on top of it changes its row, and not which one it is.
    pub fn is_marked(&self, version: &Record) -> bool {
        let marked = self.mark.as_ref().map(|mark| &mark.record);
        marked.is_some_and(|marked| (&marked.subject, marked.version) == (&version.subject, version.version))
    }

    /// Returns who last changed the line that the person is on, where that is asked for and known.
    pub fn pointed(&self) -> Option<&Credit> {
        self.blame.as_ref()?.credit(self.value.cursor()?.line)
    }

    /// Returns what the value has to show itself in.
    pub fn room_of_value(&self) -> Room {
        let inner = self.areas().value.map(inside).unwrap_or_default();
        Room { columns: usize::from(inner.width), rows: usize::from(inner.height) }
    }

    /// Returns whether something is under way, so that the activity mark turns.
    pub fn is_busy(&self) -> bool {
        matches!(self.opening, Opening::Connecting)
            || !self.writes.is_empty()
            || self.drafts.is_asked
            || self.comparing.is_some()
            || self.overlays.iter().any(Overlay::awaits_difference)
            || self.lists.values().any(|list| list.load.is_loading())
            || self.timelines.iter().any(|timeline| timeline.load.is_loading())
            || self.overlays.iter().filter_map(Overlay::load).any(LoadState::is_loading)
            || self.blame.as_ref().is_some_and(Blame::is_under_way)
    }

    /// Returns how long to wait for the next [`Event::Tick`](super::event::Event::Tick); `None` where nothing turns or
    /// counts.
    pub fn beat(&self) -> Option<Duration> {
        if self.is_busy() {
            return Some(TURN);
        }
        match self.outage.as_ref()?.wait {
            Wait::Until(_) => Some(COUNT),
            Wait::Answer | Wait::SignIn => None,
        }
    }

    /// Returns whether what is typed is kept as drafts.
    pub fn keeps_drafts(&self) -> bool {
        self.connection.home.is_some()
    }

    /// Returns whether drafts can be kept, as far as is known.
    pub fn can_keep(&self) -> bool {
        self.keeps_drafts() && self.drafts.problem.is_none()
    }

    /// Returns whether the editor holds something that isn't stored.
    pub fn has_unsaved(&self) -> bool {
        self.editing.as_ref().is_some_and(Editing::has_unsaved)
    }

    /// Returns the timeline of what is selected.
    pub fn timeline(&self) -> Option<&Timeline> {
        let subject = self.subject()?;
        self.timelines.iter().find(|timeline| timeline.subject == subject)
    }

    /// Returns the same to be changed.
    pub fn timeline_mut(&mut self) -> Option<&mut Timeline> {
        let subject = self.subject()?;
        self.timelines.iter_mut().find(|timeline| timeline.subject == subject)
    }

    /// Returns the timeline of a subject, which is made where there is none, as the one shown last.
    pub fn keep_timeline(&mut self, subject: &Subject) -> &mut Timeline {
        let found = self.timelines.iter().position(|timeline| timeline.subject == *subject);
        let timeline = match found {
            Some(at) => self.timelines.remove(at),
            None => Timeline::new(subject.clone()),
        };
        let mut bytes: usize = self.timelines.iter().map(Timeline::bytes).sum();
        while self.timelines.len() >= TIMELINES_KEPT || bytes > VALUES_KEPT && !self.timelines.is_empty() {
            bytes -= self.timelines.remove(0).bytes();
        }
        self.timelines.push(timeline);
        self.timelines.last_mut().expect("one was just pushed")
    }

    /// Forgets lists that are not on the path to the selection when many rows are kept.
    pub fn forget_far_lists(&mut self) {
        let kept: usize = self.lists.values().map(List::len).sum();
        if kept > ROWS_KEPT {
            let near: Vec<Load> = Level::ALL.iter().filter_map(|level| self.load_of(*level)).collect();
            self.lists.retain(|load, _| near.contains(load));
        }
    }

    /// Returns a moment in local time: `2026-11-22 09:41:03`, or shorter `22 Nov 09:41`, with the year instead of the
    /// time where it is another one.
    pub fn when(&self, ms: i64, long: bool) -> String {
        let zoned = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.zone.clone());
        let time = zoned(ms);
        let form = match long {
            true => "%Y-%m-%d %H:%M:%S",
            false if time.year() == zoned(self.now).year() => "%d %b %H:%M",
            false => "%d %b  %Y",
        };
        time.strftime(form).to_string()
    }

    /// Returns how long ago a moment was: `just now`, `2m ago`.
    pub fn ago(&self, ms: i64) -> String {
        match crate::text::age(ms, self.now) {
            now if now == "now" => "just now".to_owned(),
            age => format!("{age} ago"),
        }
    }

    /// Says something in the bottom line.
    pub fn say(&mut self, mood: Mood, text: impl Into<String>) {
        self.status = Status { text: text.into(), mood };
    }

    /// Returns a number for a new request.
    pub fn request(&mut self) -> RequestId {
        let request = self.next_request;
        self.next_request = request.next();
        request
    }
}
