//! One request while it is answered: whose it is, what it consumes, and what there is to say of it afterwards.

use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use tokio::sync::OwnedSemaphorePermit;

use super::Server;
use super::refusal::Refusal;
use crate::model::{Application, Unreadable};
use crate::store::Store;

/// See the module.
pub(super) struct Call {
    pub(super) server: Arc<Server>,
    /// The store, counting what this request consumes.
    pub(super) store: Store,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) began: Instant,
    /// The path of its route.
    pub(super) route: OnceLock<&'static str>,
    pub(super) application: OnceLock<Application>,
    /// Why it was refused, or what was found wrong in the store; for the log alone.
    pub(super) reason: OnceLock<String>,
    /// The reason is told though it was not refused.
    tells: AtomicBool,
    unreadable: AtomicUsize,
    /// The room that its body takes.
    room: OnceLock<OwnedSemaphorePermit>,
}

impl Call {
    /// Begins with a request, whose headers it takes.
    pub(super) fn new(server: Arc<Server>, request: &mut Request) -> Self {
        Self {
            store: server.store.counted(),
            server,
            method: request.method().clone(),
            headers: mem::take(request.headers_mut()),
            began: Instant::now(),
            route: OnceLock::new(),
            application: OnceLock::new(),
            reason: OnceLock::new(),
            tells: AtomicBool::new(false),
            unreadable: AtomicUsize::new(0),
            room: OnceLock::new(),
        }
    }

    /// Waits for the store as long as it may take. Boxed, since work in the store is large and waited for everywhere.
    pub(super) fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> impl Future<Output = Result<T, Refusal>> {
        let work = Box::pin(work);
        async move {
            match tokio::time::timeout(self.server.store_timeout, work).await {
                Ok(done) => done,
                Err(_) => Err(Refusal::Stalled { writing: self.store.spent().writes > 0 }),
            }
        }
    }

    /// Waits until there is room for a body of so many bytes, among those of all requests. The room is taken as long as
    /// the request.
    pub(super) async fn make_room(&self, bytes: usize) -> Result<(), Refusal> {
        let kilobytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.server.bodies).acquire_many_owned(kilobytes);
        let room = tokio::time::timeout(self.server.read_timeout, room).await.map_err(|_| Refusal::Crowded)?;
        self.room.get_or_init(|| room.expect("the room is never closed"));
        Ok(())
    }

    /// Notes what there is to tell of it though it was not refused.
    pub(super) fn tell(&self, reason: String) {
        self.reason.get_or_init(|| reason);
        self.tells.store(true, Ordering::Relaxed);
    }

    /// Returns whether there is something to tell of it though it was not refused.
    pub(super) fn tells(&self) -> bool {
        self.tells.load(Ordering::Relaxed)
    }

    /// Notes a row that is left out of the answer.
    pub(super) fn leave_out(&self, row: &Unreadable) {
        self.unreadable.fetch_add(1, Ordering::Relaxed);
        let Unreadable { partition, sort, reason, .. } = row;
        // The first one is told; the others are counted.
        self.tell(format!("the row {sort} of {partition} can't be read: {reason}"));
    }

    /// Returns how many rows were left out.
    pub(super) fn left_out(&self) -> usize {
        self.unreadable.load(Ordering::Relaxed)
    }
}
