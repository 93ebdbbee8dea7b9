//! Where effects become requests and answers replies: the only part of the explorer that calls the store, and that keeps
//! drafts.

mod compare;
mod read;
mod survey;
mod write;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, JoinSet};

use super::compare::ToCompare;
use super::event::{Load, Reply, RequestId, Survey, Write};
use super::keeper::{DraftHome, Job, Keeper};
use super::value::Difference;
use crate::model::at::At;
use crate::model::{Moment, Subject};
use crate::store::{Cost, Store, StoreError};

/// A store being opened.
pub type Opening = Pin<Box<dyn Future<Output = Result<Store, StoreError>> + Send>>;

/// Opens the store; again after a failure.
pub type Opener = Arc<dyn Fn() -> Opening + Send + Sync>;

/// How long a selection must rest before it is read over a network, where passing over a hundred rows would otherwise
/// cost a hundred requests.
const REST: Duration = Duration::from_millis(80);

/// Sends requests and brings back replies.
pub struct Worker {
    opener: Opener,
    is_remote: bool,
    opened: Arc<Mutex<Opened>>,
    replies: UnboundedSender<Reply>,
    reads: HashMap<RequestId, Read>,
    writes: JoinSet<()>,
    /// What stops the writes that are many.
    stops: HashMap<RequestId, Arc<Notify>>,
    keeper: Keeper,
}

/// The store, and what holds for it whenever it is opened.
#[derive(Default)]
struct Opened {
    store: Option<Store>,
    /// Whether writes are refused, where that was asked for since the start.
    read_only: Option<bool>,
}

/// A read under way.
struct Read {
    task: AbortHandle,
    more: Arc<Notify>,
}

impl Worker {
    /// Returns a worker that opens its store when it is asked to. Needs a tokio runtime.
    ///
    /// Without a home for drafts it keeps none.
    pub fn new(opener: Opener, is_remote: bool, drafts: Option<DraftHome>, replies: UnboundedSender<Reply>) -> Self {
        let keeper = Keeper::start(drafts, replies.clone());
        Self {
            opener,
            is_remote,
            opened: Arc::default(),
            replies,
            reads: HashMap::new(),
            writes: JoinSet::new(),
            stops: HashMap::new(),
            keeper,
        }
    }

    /// Opens the store, and answers with [`Reply::Connected`].
    pub fn connect(&self) {
        let (opening, kept, replies) = ((self.opener)(), Arc::clone(&self.opened), self.replies.clone());
        let is_remote = self.is_remote;
        tokio::spawn(async move {
            let result = match opening.await {
                Ok(opened) => {
                    {
                        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                        if let Some(read_only) = kept.read_only {
                            opened.set_read_only(read_only);
                        }
                        kept.store = Some(opened.clone());
                    }
                    if is_remote { tables_are_there(&opened).await } else { Ok(()) }
                }
                Err(error) => Err(error),
            };
            send(&replies, Reply::Connected(result));
        });
    }

    /// Starts to read, as of a moment or what is there now.
    pub fn load(&mut self, request: RequestId, load: Load, as_of: Option<Moment>) {
        let Some(store) = self.store() else { return };
        let (replies, more) = (self.replies.clone(), Arc::new(Notify::new()));
        let (signal, rest) = (Arc::clone(&more), if self.is_remote { REST } else { Duration::ZERO });
        let task = tokio::spawn(async move {
            if !rest.is_zero() {
                tokio::time::sleep(rest).await;
            }
            let end = match read::read(&store, request, (load, as_of), &replies, &signal).await {
                Ok(()) => Reply::Complete(request),
                Err(error) => Reply::Failed(request, Arc::new(error)),
            };
            send(&replies, end);
        });
        self.keep_read(request, task.abort_handle(), more);
    }

    /// Starts to read through much, for a window.
    pub fn survey(&mut self, request: RequestId, survey: Survey) {
        let Some(store) = self.store() else { return };
        let replies = self.replies.clone();
        let task = tokio::spawn(async move {
            let findings = survey::Findings::new(request, &replies);
            let end = match survey::survey(&store, survey, &findings).await {
                Ok(()) => Reply::Complete(request),
                Err(error) => Reply::Failed(request, Arc::new(error)),
            };
            send(&replies, end);
        });
        self.keep_read(request, task.abort_handle(), Arc::default());
    }

    fn keep_read(&mut self, request: RequestId, task: AbortHandle, more: Arc<Notify>) {
        self.reads.retain(|_, read| !read.task.is_finished());
        self.reads.insert(request, Read { task, more });
    }

    /// Reads on where a load has paused.
    pub fn more(&self, request: RequestId) {
        if let Some(read) = self.reads.get(&request) {
            read.more.notify_one();
        }
    }

    /// Stops a load, or many writes between two of them.
    pub fn cancel(&mut self, request: RequestId) {
        if let Some(stop) = self.stops.get(&request) {
            stop.notify_one();
        }
        if let Some(read) = self.reads.remove(&request) {
            read.task.abort();
        }
    }

    /// Lets the store refuse every write, or none; also one that is opened later.
    pub fn set_read_only(&self, read_only: bool) {
        let mut kept = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        kept.read_only = Some(read_only);
        if let Some(store) = &kept.store {
            store.set_read_only(read_only);
        }
    }

    /// Starts to write. It can't be stopped, but between two of many writes.
    pub fn write(&mut self, request: RequestId, write: Write) {
        let Some(store) = self.store() else { return };
        let replies = self.replies.clone();
        while self.writes.try_join_next().is_some() {}
        self.stops.retain(|_, stop| Arc::strong_count(stop) > 1);
        let stop: Arc<Notify> = Arc::default();
        if let Write::BringBack(_) = write {
            self.stops.insert(request, Arc::clone(&stop));
        }
        self.writes.spawn(async move {
            // In a task of its own, so that a panic is told too: nobody would know that the write has ended.
            let steps = replies.clone();
            let work = async move { write::carry_out(&store, request, write, &steps, &stop).await };
            let ended = tokio::spawn(work).await;
            let unconfirmed = |_| Err(StoreError::Unconfirmed { place: "the store".to_owned() });
            let (result, cost) = match ended.unwrap_or_else(unconfirmed) {
                Ok(done) => (Ok(done.value), done.cost),
                Err(error) => (Err(error), Cost::default()),
            };
            send(&replies, Reply::Written(request, result, cost));
        });
    }

    /// Reads the newest version.
    pub fn look(&self, subject: Subject) {
        let Some(store) = self.store() else { return };
        let replies = self.replies.clone();
        tokio::spawn(async move {
            let (result, cost) = match store.at(&subject, At::Newest).await {
                Ok(found) => (Ok(Arc::new(found.value)), found.cost),
                Err(error) => (Err(Arc::new(error)), Cost::default()),
            };
            send(&replies, Reply::Looked(subject, result, cost));
        });
    }

    /// Compares values.
    pub fn compare(&self, request: RequestId, what: ToCompare) {
        let replies = self.replies.clone();
        tokio::task::spawn_blocking(move || {
            send(&replies, Reply::Compared(request, Box::new(Difference::made_of(what))));
        });
    }

    /// Asks after so many ms for what is typed by then.
    pub fn keep_soon(&self, after: u32) {
        let replies = self.replies.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(after.into())).await;
            send(&replies, Reply::KeepNow);
        });
    }

    /// Does something with drafts. Returns whether there is anyone to do it.
    pub fn drafts(&self, job: Job) -> bool {
        self.keeper.hand_in(job)
    }

    /// Returns when everything that drafts were asked for so far is done.
    pub fn settle(&self) {
        self.keeper.settle();
    }

    /// Returns when all writes have ended, and with them their replies are there. Of many, those on their way are ended.
    pub async fn finish_writes(&mut self) {
        self.stops.values().for_each(|stop| stop.notify_one());
        while self.writes.join_next().await.is_some() {}
    }

    /// Returns when all drafts are kept; none is kept after it.
    pub fn keep_all(&mut self) {
        self.keeper.finish();
    }

    fn store(&self) -> Option<Store> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).store.clone()
    }
}

/// The receiver is gone only when the program ends, and then nobody waits for a reply.
fn send(replies: &UnboundedSender<Reply>, reply: Reply) {
    drop(replies.send(reply));
}

/// Checks the tables where the account may look at them; where it may not, reading them tells.
async fn tables_are_there(store: &Store) -> Result<(), StoreError> {
    match store.check_tables().await {
        Ok(_) | Err(StoreError::AccessDenied { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}
