//! The explorer in a terminal.
//!
//! One loop: what happens ([`event::Event`]) goes through [`mod@update`], which changes the state ([`app::App`]) and returns
//! what is to be done ([`event::Effect`]); [`worker`] does it and its replies are events again; [`view`] draws the state.

pub mod action;
pub mod app;
pub mod blame;
pub mod command;
pub mod compare;
pub mod editor;
pub mod event;
pub mod findings;
pub mod help;
pub mod input;
pub mod journal;
pub mod keeper;
pub mod kept;
pub mod layout;
pub mod list;
pub mod outage;
pub mod outside;
pub mod overlay;
pub mod pane;
pub mod terminal;
pub mod theme;
pub mod timeline;
pub mod update;
pub mod value;
pub mod view;
pub mod words;
pub mod worker;

use std::io::{self, Write};

use jiff::tz::TimeZone;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

use crate::drafts::DraftError;
use app::{App, Connection};
use event::{Effect, Event, Reply, Typed};
use keeper::{DraftHome, Job};
use terminal::{Events, Terminal};
use theme::Theme;
use update::update;
use worker::{Opener, Worker};

/// What the explorer is started with.
pub struct Start {
    /// What the top line says of the connection.
    pub connection: Connection,
    /// Opens the store.
    pub opener: Opener,
    /// Where drafts are kept; without it none are.
    pub drafts: Option<DraftHome>,
    /// The styles.
    pub theme: Theme,
    /// Tells the milliseconds since 1970.
    pub clock: crate::store::Clock,
}

/// How the explorer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The person left.
    Left,
    /// A signal ended it: the status to end with.
    Signalled(u8),
}

/// Opens the explorer in this terminal and returns when it is left. Needs a tokio runtime.
///
/// Fails where there is no terminal, or it can't be read or written.
pub async fn run(start: Start) -> io::Result<End> {
    let terminal = Terminal::enter()?;
    let events = Events::start()?;
    let (replies, inbox) = unbounded_channel();
    let worker = Worker::new(start.opener, start.connection.is_remote, start.drafts, replies);
    let size = terminal.size()?;
    let (app, effects) = App::new(start.connection, start.theme, TimeZone::system(), size, (start.clock)());
    let mut explorer =
        Explorer { app, terminal: Some(terminal), events, inbox, worker, clock: start.clock, turn: None, end: None };
    let end = explorer.run(effects).await;
    explorer.finish().await;
    end
}

struct Explorer {
    app: App,
    /// `None` once the terminal is gone.
    terminal: Option<Terminal>,
    events: Events,
    inbox: UnboundedReceiver<Reply>,
    worker: Worker,
    clock: crate::store::Clock,
    /// When the next tick is, while something turns or counts. Nothing wakes the program otherwise.
    turn: Option<Instant>,
    end: Option<End>,
}

impl Explorer {
    /// Runs until it ends, and keeps what is typed where it was not the person who ended it.
    async fn run(&mut self, first: Vec<Effect>) -> io::Result<End> {
        let end = match self.carry_out(first) {
            Ok(()) => self.go_on().await,
            Err(error) => Err(error),
        };
        if !matches!(end, Ok(End::Left)) {
            self.take_in_typed();
            self.take(Event::Ending)?;
        }
        end
    }

    async fn go_on(&mut self) -> io::Result<End> {
        loop {
            self.draw()?;
            self.wait().await?;
            // What has come already is taken in before the next frame.
            while self.end.is_none() {
                if let Some(event) = self.events.try_next() {
                    self.happened(event)?;
                } else if let Ok(reply) = self.inbox.try_recv() {
                    self.take(Event::Reply(reply))?;
                } else {
                    break;
                }
            }
            if let Some(end) = self.end {
                return Ok(end);
            }
        }
    }

    /// Finishes what was begun: what is typed is being kept since the end was asked for, writes are never cancelled, and
    /// the draft of what they stored goes.
    async fn finish(&mut self) {
        let writes = self.app.writes.len();
        // The shell has its terminal back meanwhile; a closed standard error has no reader left to care.
        self.terminal = None;
        if writes > 0 {
            writeln!(io::stderr(), "dynamini: waiting for {writes} write(s) to end").ok();
        }
        self.worker.finish_writes().await;
        self.take_in_replies();
        self.worker.keep_all();
        self.take_in_replies();
        // Nobody sees the screen any more: who left on the promise of a draft must know that there is none.
        if let (true, Some(problem)) = (self.app.has_unsaved(), &self.app.drafts.problem) {
            writeln!(io::stderr(), "dynamini: {problem}").ok();
        }
    }

    /// Takes in what has come back, after which nothing more is begun than to drop the drafts of what is stored.
    fn take_in_replies(&mut self) {
        while let Ok(reply) = self.inbox.try_recv() {
            for effect in update(&mut self.app, Event::Reply(reply), (self.clock)()) {
                if let Effect::DropDraftOf(edit) = effect {
                    self.draft(Job::DropOf(edit));
                }
            }
        }
    }

    async fn wait(&mut self) -> io::Result<()> {
        // Set once and kept until it comes: replies that arrive faster than the mark turns don't hold it up.
        let next = self.app.beat().map(|beat| Instant::now() + beat);
        self.turn = next.map(|next| self.turn.map_or(next, |turn| turn.min(next)));
        let turn = self.turn.unwrap_or_else(Instant::now);
        tokio::select! {
            event = self.events.next() => self.happened(event),
            Some(reply) = self.inbox.recv() => self.take(Event::Reply(reply)),
            () = tokio::time::sleep_until(turn), if self.turn.is_some() => {
                self.turn = None;
                self.take(Event::Tick)
            }
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        let app = &self.app;
        self.terminal.as_mut().map_or(Ok(()), |terminal| terminal.draw(|frame| view::view(app, frame)))
    }

    fn happened(&mut self, event: terminal::Event) -> io::Result<()> {
        match event {
            terminal::Event::Key(key) => self.take(Event::Key(key)),
            terminal::Event::Paste(text) => self.take(Event::Paste(text)),
            terminal::Event::Resized => self.resized(),
            terminal::Event::Continued => {
                self.terminal.as_mut().map_or(Ok(()), Terminal::restore)?;
                self.resized()
            }
            terminal::Event::Suspend => self.suspend(),
            terminal::Event::Quit(signal) => {
                self.end = Some(End::Signalled(signal.exit_code()));
                Ok(())
            }
            terminal::Event::Vanished => {
                if let Some(terminal) = self.terminal.take() {
                    terminal.abandon();
                }
                self.end = Some(End::Signalled(terminal::Quit::HangUp.exit_code()));
                Ok(())
            }
            terminal::Event::Failed(error) => Err(error),
        }
    }

    /// Takes in what was typed before the end and not read yet, as long as it is text for the editor.
    fn take_in_typed(&mut self) {
        self.events.finish();
        while let Some(event) = self.events.try_next() {
            let event = match event {
                terminal::Event::Key(key) => Event::Key(key),
                terminal::Event::Paste(text) => Event::Paste(text),
                _ => continue,
            };
            let effects = update(&mut self.app, event, (self.clock)());
            // A key that does more comes too late, and what is typed behind it is no text for sure.
            let is_text = effects.iter().all(|effect| matches!(effect, Effect::KeepSoon(_)));
            if self.app.editing.is_none() || !is_text {
                break;
            }
        }
    }

    fn resized(&mut self) -> io::Result<()> {
        let Some(terminal) = &self.terminal else { return Ok(()) };
        let (columns, rows) = terminal.size()?;
        self.take(Event::Resize(columns, rows))
    }

    fn take(&mut self, event: Event) -> io::Result<()> {
        let effects = update(&mut self.app, event, (self.clock)());
        self.carry_out(effects)
    }

    fn carry_out(&mut self, effects: Vec<Effect>) -> io::Result<()> {
        for effect in effects {
            match effect {
                Effect::Connect => self.worker.connect(),
                Effect::Load(request, load, as_of) => self.worker.load(request, load, as_of),
                Effect::Survey(request, survey) => self.worker.survey(request, survey),
                Effect::More(request) => self.worker.more(request),
                Effect::Cancel(request) => self.worker.cancel(request),
                Effect::Write(request, write) => self.worker.write(request, write),
                Effect::ReadOnly(read_only) => self.worker.set_read_only(read_only),
                Effect::Copy(text) => self.copy(&text)?,
                Effect::EditOutside(typed) => self.edit_outside(&typed)?,
                Effect::KeepSoon(after) => self.worker.keep_soon(after),
                Effect::Keep(typed) => {
                    let otherwise = Reply::Kept(typed.edit, Err(DraftError::Stopped));
                    self.ask(Job::Keep(typed), otherwise)?;
                }
                Effect::DropDraftOf(edit) => self.draft(Job::DropOf(edit)),
                Effect::DropDraft(id) => self.draft(Job::Drop(id)),
                Effect::TakeDraft(edit, id) => {
                    self.ask(Job::Take(edit, id), Reply::Taken(edit, Err(DraftError::Stopped)))?;
                }
                Effect::ListDrafts => self.ask(Job::List, Reply::Drafts(Err(DraftError::Stopped)))?,
                Effect::Look(subject) => self.worker.look(subject),
                Effect::Compare(request, what) => self.worker.compare(request, what),
                Effect::Redraw => self.terminal.as_mut().map_or(Ok(()), Terminal::redraw)?,
                Effect::Suspend => self.suspend()?,
                Effect::Quit => self.end = Some(End::Left),
            }
        }
        Ok(())
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        let Some(terminal) = &mut self.terminal else { return Ok(()) };
        let result = terminal.copy(text).map(|()| text.len()).map_err(|error| error.to_string());
        self.take(Event::Reply(Reply::Copied(result)))
    }

    /// Does something with drafts. Where nobody does it any more, that was said when the first text could not be kept.
    fn draft(&self, job: Job) {
        self.worker.drafts(job);
    }

    /// Does something with drafts that is waited for; `otherwise` is the answer where nobody does it any more.
    fn ask(&mut self, job: Job, otherwise: Reply) -> io::Result<()> {
        if self.worker.drafts(job) { Ok(()) } else { self.take(Event::Reply(otherwise)) }
    }

    fn edit_outside(&mut self, typed: &Typed) -> io::Result<()> {
        let Some(terminal) = &mut self.terminal else { return Ok(()) };
        let worker = &self.worker;
        let mut outside = None;
        let edit = || outside = Some(outside::edit(typed, |job| worker.drafts(job)));
        let is_back = terminal.aside(&mut self.events, edit);
        // Also where the terminal is gone meanwhile.
        if let Some(outside) = outside {
            self.take(Event::Reply(Reply::EditedOutside(outside)))?;
        }
        is_back?;
        self.resized()
    }

    fn suspend(&mut self) -> io::Result<()> {
        // While it is stopped nothing can be kept, and it may never go on.
        self.take(Event::Ending)?;
        self.worker.settle();
        let Some(terminal) = &mut self.terminal else { return Ok(()) };
        match terminal.suspend(&mut self.events) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                self.app.say(app::Mood::Plain, error.to_string());
                Ok(())
            }
            other => other.and_then(|()| self.resized()),
        }
    }
}

impl Drop for Explorer {
    /// A panic ends the loop wherever it was: what is typed is kept as far as the state still tells it.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let app = &mut self.app;
        let keep =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| update(app, Event::Ending, (self.clock)())));
        for effect in keep.unwrap_or_default() {
            if let Effect::Keep(typed) = effect {
                self.draft(Job::Keep(typed));
            }
        }
        self.worker.keep_all();
    }
}
