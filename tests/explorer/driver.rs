//! The explorer without a terminal: keys in, screen out, on the embedded engine.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use dynamini::config::{Capacity, Tables};
use dynamini::store::embedded::{self, Engine};
use dynamini::store::{Options, Store, StoreError};
use dynamini::tui::app::{App, Connection};
use dynamini::tui::event::{Effect, Event, Reply};
use dynamini::tui::theme::{Palette, Theme};
use dynamini::tui::update::update;
use dynamini::tui::view::view;
use dynamini::tui::worker::Worker;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// 2026-11-22 09:44:00 UTC.
pub const NOW: i64 = 1_795_340_640_000;

/// The longest that anything is waited for.
const DEADLINE: Duration = Duration::from_secs(30);

/// An explorer that tests press keys on.
pub struct Explorer {
    pub app: App,
    worker: Worker,
    inbox: UnboundedReceiver<Reply>,
    terminal: Terminal<TestBackend>,
    /// Effects that the loop carries out itself.
    pub asked: Vec<Effect>,
    clock: Arc<AtomicI64>,
    pub engine: Engine,
}

/// What an explorer is started with.
pub struct Setup {
    pub engine: Engine,
    pub size: (u16, u16),
    pub read_only: bool,
    pub palette: Palette,
}

impl Default for Setup {
    fn default() -> Self {
        let engine = Engine::memory().expect("memory is there");
        Self { engine, size: (120, 36), read_only: false, palette: Palette::Sixteen }
    }
}

/// Returns a store on an engine, as another writer would have it.
pub async fn store(engine: &Engine, author: &str, clock: Arc<AtomicI64>, read_only: bool) -> Store {
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
    Store::new(embedded::client(engine), options)
}

impl Explorer {
    /// Opens an empty store.
    pub async fn empty() -> Self {
        Self::start(Setup::default()).await
    }

    /// Opens a store with the sample data.
    pub async fn demo() -> Self {
        Self::demo_at((120, 36)).await
    }

    pub async fn demo_at(size: (u16, u16)) -> Self {
        Self::start(Setup { size, ..with_sample().await }).await
    }

    pub async fn start(setup: Setup) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW));
        let store = store(&setup.engine, "ada@cli", Arc::clone(&clock), setup.read_only).await;
        let opener = move || {
            let store = store.clone();
            Box::pin(async move { Ok(store) }) as Pin<Box<dyn Future<Output = Result<Store, StoreError>> + Send>>
        };
        let (replies, inbox) = unbounded_channel();
        let worker = Worker::new(Arc::new(opener), false, replies);
        let connection = Connection {
            name: "local".into(),
            place: "embedded".into(),
            read_only: setup.read_only,
            colour: None,
            is_remote: false,
        };
        let theme = Theme::new(setup.palette);
        let (app, effects) = App::new(connection, theme, TimeZone::UTC, setup.size, NOW);
        let terminal = Terminal::new(TestBackend::new(setup.size.0, setup.size.1)).expect("a test backend never fails");
        let mut explorer = Self { app, worker, inbox, terminal, asked: Vec::new(), clock, engine: setup.engine };
        explorer.carry_out(effects);
        explorer.settle().await;
        explorer
    }

    /// Another writer on the same store.
    pub async fn other_writer(&self, author: &str) -> Store {
        store(&self.engine, author, Arc::clone(&self.clock), false).await
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

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.take(Event::Resize(columns, rows));
    }

    pub fn take(&mut self, event: Event) {
        let now = self.clock.load(Ordering::Relaxed);
        let effects = update(&mut self.app, event, now);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Connect => self.worker.connect(),
                Effect::Load(request, load) => self.worker.load(request, load),
                Effect::More(request) => self.worker.more(request),
                Effect::Cancel(request) => self.worker.cancel(request),
                Effect::Write(request, write) => self.worker.write(request, write),
                other => self.asked.push(other),
            }
        }
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

    /// Lets the clock go on.
    pub fn wait_ms(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    /// Draws, and returns the screen as text.
    pub fn screen(&mut self) -> String {
        let app = &self.app;
        // A new one each time: this backend keeps what a wide character has covered, which a terminal does not.
        let size = (app.size.width, app.size.height);
        self.terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("a test backend never fails");
        self.terminal.draw(|frame| view(app, frame)).expect("a test backend never fails");
        let buffer = self.terminal.backend().buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let mut x = 0;
            let mut line = String::new();
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += u16::try_from(dynamini::text::width(symbol)).expect("a cell is narrow").max(1);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The cells as drawn last.
    pub fn buffer(&self) -> &ratatui::buffer::Buffer {
        self.terminal.backend().buffer()
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
        _ => match name.strip_prefix("ctrl-") {
            Some(key) => {
                let char = key.chars().next().expect("a key follows");
                vec![KeyEvent::new(KeyCode::Char(char), KeyModifiers::CONTROL)]
            }
            None => name.chars().map(|char| KeyEvent::new(KeyCode::Char(char), KeyModifiers::NONE)).collect(),
        },
    }
}
