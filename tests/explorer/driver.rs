//! The explorer without a terminal: keys in, screen out, on the embedded engine.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use super::line::Line;
use aws_sdk_dynamodb::types::AttributeValue;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use dynamini::config::{Capacity, Tables};
use dynamini::drafts::Owner;
use dynamini::model::{Application, User};
use dynamini::store::embedded::{self, Engine};
use dynamini::store::{Base, Edit, Options, Store, StoreError};
use dynamini::tui::app::{App, Connection, Keeping};
use dynamini::tui::event::{Effect, Event, Reply};
use dynamini::tui::keeper::{DraftHome, Job};
use dynamini::tui::layout::inside;
use dynamini::tui::list::Row;
use dynamini::tui::pane::Pane;
use dynamini::tui::theme::{Palette, Theme};
use dynamini::tui::update::update;
use dynamini::tui::view::view;
use dynamini::tui::worker::Worker;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::OnceCell;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// 2026-11-22 09:44:00 UTC.
pub const NOW: i64 = 1_795_340_640_000;

/// The longest that anything is waited for.
const DEADLINE: Duration = Duration::from_secs(30);

/// An explorer that tests press keys on.
pub struct Explorer {
    /// On the heap: what waits for an explorer would else be large.
    pub app: Box<App>,
    worker: Worker,
    inbox: UnboundedReceiver<Reply>,
    terminal: Terminal<TestBackend>,
    /// Effects that the loop carries out itself.
    pub asked: Vec<Effect>,
    clock: Arc<AtomicI64>,
    pub engine: Engine,
    drafts: Option<PathBuf>,
}

/// What tells the store of the tests apart.
pub const HOME: &str = "the test's store";

/// What an explorer is started with.
pub struct Setup {
    pub engine: Engine,
    pub size: (u16, u16),
    pub read_only: bool,
    pub is_protected: bool,
    pub line: Line,
    /// The directory of drafts; without it none are kept.
    pub drafts: Option<PathBuf>,
    pub palette: Palette,
}

impl Default for Setup {
    fn default() -> Self {
        let engine = Engine::memory().expect("memory is there");
        Self {
            engine,
            size: (120, 36),
            read_only: false,
            is_protected: false,
            line: Line::default(),
            drafts: None,
            palette: Palette::Sixteen,
        }
    }
}

/// The value of the lamp of [`Explorer::lamp`], and what it was at first.
pub const LAMP: &str = r#"{"price":12,"stock":3,"tags":["brass"]}"#;
pub const FIRST_LAMP: &str = r#"{"price":10,"colour":"red","stock":3}"#;

/// Returns a store on an engine, as another writer would have it.
pub async fn store(engine: &Engine, author: &str, clock: Arc<AtomicI64>, read_only: bool) -> Store {
    store_behind(&Line::default(), engine, author, clock, read_only).await
}

/// Returns a store behind a line that may break.
async fn store_behind(line: &Line, engine: &Engine, author: &str, clock: Arc<AtomicI64>, read_only: bool) -> Store {
    let options = Options {
        tables: Tables { collections: "dynamomini.collections".into(), entries: "dynamomini.entries".into() },
        applications: None,
        consistent_read: true,
        read_only,
        author: author.into(),
        capacity: Capacity::Provisioned { read: 1, write: 1 },
        place: "the test's store".into(),
        profile: None,
        clock: Arc::new(move || clock.fetch_add(1, Ordering::Relaxed)),
    };
    let maker = Store::new(embedded::client(engine), Options { read_only: false, ..options.clone() });
    maker.init().await.expect("tables can be made");
    Store::new(line.client(engine), options)
}

impl Explorer {
    /// Opens an empty store.
    pub async fn empty() -> Self {
        Self::start(Setup::default()).await
    }

    /// Opens a store with the sample data, which is shared by all tests: only to be read.
    pub async fn demo() -> Self {
        Self::demo_at((120, 36)).await
    }

    pub async fn demo_at(size: (u16, u16)) -> Self {
        static SAMPLE: OnceCell<Engine> = OnceCell::const_new();
        let engine = SAMPLE.get_or_init(|| async { with_sample().await.engine }).await.clone();
        Self::start(Setup { engine, size, ..Setup::default() }).await
    }

    /// Opens a store with the sample data, to be written to.
    pub async fn own_demo() -> Self {
        Self::start(with_sample().await).await
    }

    /// Opens a store with one entry, `shop` › `ada` › `lamps` › `desk`, that was edited once, and selects it.
    pub async fn lamp() -> Self {
        Self::lamp_with(Setup::default()).await
    }

    pub async fn lamp_with(setup: Setup) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW - 185 * 60_000));
        let bob = store(&setup.engine, "bob@cli", Arc::clone(&clock), false).await;
        let (application, user) = (Application::new("shop"), User::new("ada"));
        let lamps = bob.create_collection(&application, &user, "lamps").await.expect("it is created").value.record;
        let lamps = lamps.subject.collection().clone();
        let desk = bob.create_entry(&lamps, "desk", FIRST_LAMP, None).await.expect("it is created").value.subject;
        clock.fetch_add(3_600_000, Ordering::Relaxed);
        let edit = Edit { value: Some(LAMP.into()), note: Some("spring sale".into()), ..Edit::default() };
        bob.update(&desk, &edit, Base::Any).await.expect("it is saved");
        let mut explorer = Self::start(setup).await;
        explorer.go_to(&["shop", "ada", "lamps", "desk"]).await;
        explorer
    }

    pub async fn start(setup: Setup) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW));
        let store = store_behind(&setup.line, &setup.engine, "ada@cli", Arc::clone(&clock), setup.read_only).await;
        let opener = move || {
            let store = store.clone();
            Box::pin(async move { Ok(store) }) as Pin<Box<dyn Future<Output = Result<Store, StoreError>> + Send>>
        };
        let (replies, inbox) = unbounded_channel();
        let drafts = setup.drafts.clone().map(|directory| DraftHome {
            directory,
            connection: "local".into(),
            home: HOME.to_owned(),
        });
        let worker = Worker::new(Arc::new(opener), false, drafts, replies);
        let connection = Connection {
            name: "local".into(),
            place: "embedded".into(),
            read_only: setup.read_only,
            read_only_because: None,
            is_protected: setup.is_protected,
            home: setup.drafts.is_some().then(|| HOME.to_owned()),
            flags: vec!["--data-dir".into(), "/srv/it's here".into()],
            colour: None,
            is_remote: false,
        };
        let theme = Theme::new(setup.palette);
        let (app, effects) = App::new(connection, theme, TimeZone::UTC, setup.size, NOW);
        let terminal = Terminal::new(TestBackend::new(setup.size.0, setup.size.1)).expect("a test backend never fails");
        let app = Box::new(app);
        let mut explorer =
            Self { app, worker, inbox, terminal, asked: Vec::new(), clock, engine: setup.engine, drafts: setup.drafts };
        explorer.carry_out(effects);
        explorer.settle().await;
        explorer
    }

    /// Another writer on the same store.
    pub async fn other_writer(&self, author: &str) -> Store {
        store(&self.engine, author, Arc::clone(&self.clock), false).await
    }

    /// Saves a value of what is selected as another writer.
    pub async fn other_writes(&self, author: &str, value: &str) {
        let edit = Edit { value: Some(value.into()), ..Edit::default() };
        let subject = self.app.subject().expect("a collection or an entry is selected");
        self.other_writer(author).await.update(&subject, &edit, Base::Any).await.expect("it is saved");
    }

    /// Saves a text of what is selected as the original server does, which checks nothing: a row of its own.
    pub async fn original_writes(&self, value: &str) {
        let subject = self.app.subject().expect("an entry is selected");
        let version = dynamini::model::Version::from_ms(self.clock.fetch_add(1, Ordering::Relaxed));
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let put = embedded::client(&self.engine).put_item().table_name("dynamomini.entries");
        let put = put.item("userCollection", text(&subject.partition()));
        let put = put.item("entryVersion", text(&subject.sort_key(version)));
        put.item("name", text("desk")).item("value", text(value)).send().await.expect("it is put");
    }

    /// Looks at the newest version of what is selected, as happens every so often while it is edited.
    pub async fn look(&mut self) -> &mut Self {
        let subject = self.app.subject().expect("a collection or an entry is selected");
        self.worker.look(subject);
        self.until(|explorer| explorer.app.editing.as_ref().is_some_and(|editing| editing.theirs.is_some())).await
    }

    /// Walks down the tree by names.
    pub async fn go_to(&mut self, path: &[&str]) -> &mut Self {
        for (depth, name) in path.iter().enumerate() {
            self.keys(if depth == 0 { "1" } else { "l" }).await;
            self.keys("/").await.paste(name).keys("enter esc").await;
            assert_eq!(self.selected(), *name);
        }
        self
    }

    /// Returns the name of the selected row in the list with the focus.
    pub fn selected(&self) -> &str {
        self.app.row(self.app.level).map_or("", Row::label)
    }

    /// Returns the line of the timeline that is selected, from 0.
    pub fn line(&self) -> usize {
        self.app.timeline().expect("a timeline shows").selected()
    }

    /// Opens the editor and types a text in place of the value.
    pub async fn edit(&mut self, text: &str) -> &mut Self {
        self.keys("e ctrl-a").await.paste(text)
    }

    /// Presses keys, named as in `j enter ctrl-s`; what is no name is typed character by character. Waits until
    /// everything that they started has ended.
    pub async fn keys(&mut self, keys: &str) -> &mut Self {
        for name in keys.split(' ') {
            self.press(name).await;
        }
        self
    }

    async fn press(&mut self, name: &str) {
        for event in events(name) {
            self.take(Event::Key(event));
            self.settle().await;
        }
    }

    /// Presses keys without waiting for what they start.
    pub fn keys_at_once(&mut self, keys: &str) {
        for event in keys.split(' ').flat_map(events) {
            self.take(Event::Key(event));
        }
    }

    /// Types a text, spaces and line ends too.
    pub async fn text(&mut self, text: &str) -> &mut Self {
        for char in text.chars() {
            let code = if char == '\n' { KeyCode::Enter } else { KeyCode::Char(char) };
            self.take(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        }
        self.settle().await;
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.take(Event::Paste(text.to_owned()));
        self
    }

    /// Lets time pass, and the ticks of it.
    pub async fn pass(&mut self, ms: i64) -> &mut Self {
        self.clock.fetch_add(ms, Ordering::Relaxed);
        self.take(Event::Tick);
        self.settle().await;
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.take(Event::Resize(columns, rows));
    }

    pub fn take(&mut self, event: Event) {
        let now = self.clock.load(Ordering::Relaxed);
        let effects = update(&mut self.app, event, now);
        self.carry_out(effects);
    }

    pub fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Connect => self.worker.connect(),
                Effect::Load(request, load, as_of) => self.worker.load(request, load, as_of),
                Effect::Survey(request, survey) => self.worker.survey(request, survey),
                Effect::More(request) => self.worker.more(request),
                Effect::Cancel(request) => self.worker.cancel(request),
                Effect::Write(request, write) => self.worker.write(request, write),
                Effect::ReadOnly(read_only) => self.worker.set_read_only(read_only),
                Effect::Keep(typed) => self.draft(Job::Keep(typed)),
                Effect::KeepSoon(after) => self.worker.keep_soon(after),
                Effect::DropDraftOf(edit) => self.draft(Job::DropOf(edit)),
                Effect::DropDraft(id) => self.draft(Job::Drop(id)),
                Effect::TakeDraft(edit, id) => self.draft(Job::Take(edit, id)),
                Effect::ListDrafts => self.draft(Job::List),
                Effect::Look(subject) => self.worker.look(subject),
                Effect::Compare(request, what) => self.worker.compare(request, what),
                other => self.asked.push(other),
            }
        }
    }

    fn draft(&self, job: Job) {
        assert!(self.worker.drafts(job), "drafts are kept");
    }

    /// Waits until what is typed is kept as a draft.
    pub async fn kept(&mut self) -> &mut Self {
        while self.app.editing.as_ref().is_some_and(|editing| editing.keeping != Keeping::Done) {
            self.take_one_reply().await;
        }
        self.until(|explorer| explorer.app.drafts.kept.iter().any(|kept| kept.owner == Owner::Ours)).await
    }

    /// Waits until something is so.
    pub async fn until(&mut self, is_so: impl Fn(&Self) -> bool) -> &mut Self {
        while !is_so(self) {
            self.take_one_reply().await;
        }
        self
    }

    /// Ends this explorer as a crash would, and starts another one on the same store and drafts.
    pub async fn crash_and_start(self) -> Self {
        let Self { mut worker, engine, drafts, .. } = self;
        worker.keep_all();
        Self::start(Setup { engine, drafts, ..Setup::default() }).await
    }

    /// Waits until nothing is under way.
    pub async fn settle(&mut self) {
        while self.app.is_busy() || !self.inbox.is_empty() {
            self.take_one_reply().await;
        }
    }

    /// Waits for the next reply and takes it in.
    pub async fn take_one_reply(&mut self) {
        let reply = tokio::time::timeout(DEADLINE, self.inbox.recv()).await;
        let reply = reply.unwrap_or_else(|_| panic!("nothing came back; the screen was\n{}", self.screen()));
        self.take(Event::Reply(reply.expect("the worker lives as long as the explorer")));
    }

    /// Draws.
    pub fn draw(&mut self) -> &Buffer {
        let app = &self.app;
        // A new one each time: this backend keeps what a wide character has covered, which a terminal does not.
        let size = (app.size.width, app.size.height);
        self.terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("a test backend never fails");
        self.terminal.draw(|frame| view(app, frame)).expect("a test backend never fails");
        self.terminal.backend().buffer()
    }

    /// Draws, and returns the screen as text.
    pub fn screen(&mut self) -> String {
        self.part(self.app.size)
    }

    /// Draws, and returns the inside of a pane as text.
    pub fn pane(&mut self, pane: Pane) -> String {
        let areas = self.app.areas();
        let area = match pane {
            Pane::List(level) => areas.lists[level.depth()],
            Pane::Timeline => areas.timeline,
            Pane::Value => areas.value,
        };
        let text = self.part(inside(area.expect("the pane shows")));
        text.trim_end().to_owned()
    }

    fn part(&mut self, area: Rect) -> String {
        let buffer = self.draw();
        let mut text = String::new();
        for y in area.top()..area.bottom() {
            let mut x = area.x;
            let mut line = String::new();
            while x < area.right() {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += u16::try_from(dynamini::text::width(symbol)).expect("a cell is narrow").max(1);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// Fails unless the screen shows the text.
    pub fn shows(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(screen.contains(text), "the screen does not show {text:?}:\n{screen}");
        self
    }

    /// Fails if the screen shows the text.
    pub fn hides(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        assert!(!screen.contains(text), "the screen shows {text:?}:\n{screen}");
        self
    }
}

/// A store in memory with the sample data.
pub async fn with_sample() -> Setup {
    let setup = Setup::default();
    let clock = Arc::new(AtomicI64::new(NOW));
    store(&setup.engine, "sample", clock, false).await.load_sample().await.expect("the sample data fits");
    setup
}

fn events(name: &str) -> Vec<KeyEvent> {
    let plain = |code| vec![KeyEvent::new(code, KeyModifiers::NONE)];
    match name {
        "enter" => plain(KeyCode::Enter),
        "esc" => plain(KeyCode::Esc),
        "tab" => plain(KeyCode::Tab),
        "backtab" => plain(KeyCode::BackTab),
        "up" => plain(KeyCode::Up),
        "down" => plain(KeyCode::Down),
        "left" => plain(KeyCode::Left),
        "right" => plain(KeyCode::Right),
        "home" => plain(KeyCode::Home),
        "end" => plain(KeyCode::End),
        "space" => plain(KeyCode::Char(' ')),
        "backspace" => plain(KeyCode::Backspace),
        "pagedown" => plain(KeyCode::PageDown),
        "pageup" => plain(KeyCode::PageUp),
        "f1" => plain(KeyCode::F(1)),
        "f2" => plain(KeyCode::F(2)),
        _ => match name.strip_prefix("ctrl-") {
            Some(key) => {
                let char = key.chars().next().expect("a key follows");
                vec![KeyEvent::new(KeyCode::Char(char), KeyModifiers::CONTROL)]
            }
            None => name.chars().map(|char| KeyEvent::new(KeyCode::Char(char), KeyModifiers::NONE)).collect(),
        },
    }
}
