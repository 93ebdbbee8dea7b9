//! Where effects become requests and answers replies: the only part of the explorer that calls the store, and that keeps
//! drafts.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, JoinSet};

use super::event::{Load, Outcome, Reply, RequestId, Versions, Write};
use super::keeper::{DraftHome, Job, Keeper};
use super::list::Row;
use crate::history::Step;
use crate::model::at::At;
use crate::model::{Filter, Record, Subject};
use crate::store::{Base, Cost, Costed, Page, Records, Store, StoreError};

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

    /// Starts to read.
    pub fn load(&mut self, request: RequestId, load: Load) {
        let Some(store) = self.store() else { return };
        let (replies, more) = (self.replies.clone(), Arc::new(Notify::new()));
        let (signal, rest) = (Arc::clone(&more), if self.is_remote { REST } else { Duration::ZERO });
        let task = tokio::spawn(async move {
            if !rest.is_zero() {
                tokio::time::sleep(rest).await;
            }
            let end = match read(&store, request, load, &replies, &signal).await {
                Ok(()) => Reply::Complete(request),
                Err(error) => Reply::Failed(request, Arc::new(error)),
            };
            send(&replies, end);
        });
        self.reads.retain(|_, read| !read.task.is_finished());
        self.reads.insert(request, Read { task: task.abort_handle(), more });
    }

    /// Reads on where a load has paused.
    pub fn more(&self, request: RequestId) {
        if let Some(read) = self.reads.get(&request) {
            read.more.notify_one();
        }
    }

    /// Stops a load.
    pub fn cancel(&mut self, request: RequestId) {
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

    /// Starts to write. It can't be stopped.
    pub fn write(&mut self, request: RequestId, write: Write) {
        let Some(store) = self.store() else { return };
        let replies = self.replies.clone();
        while self.writes.try_join_next().is_some() {}
        self.writes.spawn(async move {
            // In a task of its own, so that a panic is told too: nobody would know that the write has ended.
            let ended = tokio::spawn(async move { carry_out(&store, write).await }).await;
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

    /// Returns when all writes have ended, and with them their replies are there.
    pub async fn finish_writes(&mut self) {
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

async fn read(
    store: &Store,
    request: RequestId,
    load: Load,
    replies: &UnboundedSender<Reply>,
    more: &Notify,
) -> Result<(), StoreError> {
    let rows = |rows, cost| send(replies, Reply::Rows(request, rows, cost));
    match load {
        Load::Applications => {
            let mut applications = store.applications();
            while let Some(page) = applications.next().await? {
                rows(page.items.iter().map(|application| Row::group(application.as_str())).collect(), page.cost);
            }
        }
        Load::Users(application) => {
            let mut users = store.users(&application);
            while let Some(page) = users.next().await? {
                let mut found: Vec<Row> = page.items.iter().map(|user| Row::group(user.as_str())).collect();
                found.extend(page.unreadable.into_iter().map(Row::unreadable));
                rows(found, page.cost);
            }
        }
        Load::Collections(application, user) => {
            read_records(store.collections(&application, &user, Filter::Current), rows).await?;
        }
        Load::Entries(collection) => read_records(store.entries(&collection, Filter::Current, false), rows).await?,
        Load::History(subject) => return read_history(store.history(&subject), request, replies, more).await,
    }
    Ok(())
}

async fn read_records(mut records: Records, rows: impl Fn(Vec<Row>, Cost)) -> Result<(), StoreError> {
    while let Some(page) = records.next().await? {
        let mut found: Vec<Row> = page.items.iter().map(Row::of).collect();
        found.extend(page.unreadable.into_iter().map(Row::unreadable));
        rows(found, page.cost);
    }
    Ok(())
}

/// Reads a history, and after each page waits until more is asked for.
async fn read_history(
    mut history: Records,
    request: RequestId,
    replies: &UnboundedSender<Reply>,
    more: &Notify,
) -> Result<(), StoreError> {
    let mut last: Option<Arc<Record>> = None;
    loop {
        let (page, complete) = match history.next().await? {
            Some(page) => (page, history.is_complete()),
            None => (Page::default(), true),
        };
        let records: Vec<Arc<Record>> = page.items.into_iter().map(Arc::new).collect();
        let (records, steps, newest_unknown) = steps(last.take(), records, complete).await;
        last = newest_unknown;
        let unreadable = page.unreadable.into_iter().map(Arc::new).collect();
        send(replies, Reply::Versions(request, Versions { records, steps, unreadable, complete }, page.cost));
        if complete {
            return Ok(());
        }
        more.notified().await;
    }
}

/// Says what each version did, beside the thread that draws and reads: large values take some milliseconds each. The
/// last one waits for the version before it, unless nothing is older.
async fn steps(
    waiting: Option<Arc<Record>>,
    records: Vec<Arc<Record>>,
    complete: bool,
) -> (Vec<Arc<Record>>, Vec<Step>, Option<Arc<Record>>) {
    let work = move || {
        let mut newer = waiting;
        let mut steps = Vec::with_capacity(records.len() + 1);
        for record in &records {
            if let Some(newer) = newer.replace(Arc::clone(record)) {
                steps.push(Step::between(Some(record), &newer));
            }
        }
        if let (true, Some(oldest)) = (complete, newer.as_ref()) {
            steps.push(Step::between(None, oldest));
        }
        (records, steps, newer)
    };
    tokio::task::spawn_blocking(work).await.expect("comparing values does not panic")
}

async fn carry_out(store: &Store, write: Write) -> Result<Costed<Outcome>, StoreError> {
    Ok(match write {
        Write::Init => store.init().await?.map(|_| Outcome::Ready),
        Write::LoadSample => store.load_sample().await?.map(Outcome::Loaded),
        Write::CreateCollection { application, user, name } => {
            store.create_collection(&application, &user, &name).await?.map(Outcome::Collection)
        }
        Write::CreateEntry { collection, name, value } => {
            store.create_entry(&collection, &name, &value, None).await?.map(Outcome::Entry)
        }
        Write::Update { base, edit } => {
            match store.update(&base.subject, &edit, Base::seen(&base)).await {
                Ok(written) => written.map(Outcome::Version),
                Err(error @ (StoreError::VersionConflict { .. } | StoreError::Deleted { .. })) => {
                    let newest = store.at(&base.subject, At::Newest).await?;
                    // Where the entry is as it was, it is its collection that was deleted.
                    if newest.value.version == base.version && newest.value.is_deleted() == base.is_deleted() {
                        return Err(error);
                    }
                    newest.map(Outcome::Conflict)
                }
                Err(error) => return Err(error),
            }
        }
        Write::Delete { base } => store.delete(&base.subject, Base::seen(&base)).await?.map(Outcome::Version),
        Write::Undelete { base } => store.undelete(&base.subject, Base::seen(&base)).await?.map(Outcome::Version),
        Write::Restore { base, record, delete } => {
            let subject = &base.subject;
            let restored = store.restore(subject, record.version, None, Base::seen(&base)).await?;
            if !delete {
                return Ok(restored.map(Outcome::Version));
            }
            match store.delete(subject, Base::seen(&restored.value.record)).await {
                Ok(mut deleted) => {
                    deleted.cost += restored.cost;
                    deleted.value.slipped_in.extend(restored.value.slipped_in);
                    deleted.map(Outcome::Version)
                }
                Err(error) => restored.map(|written| Outcome::Half(written, error)),
            }
        }
    })
}
