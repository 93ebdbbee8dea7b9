//! Lists: complete, sorted by version, in bounded memory.
//!
//! The tables hold rows by id, and the original gives them by version, so that the first row of an answer can be the
//! last one read. A list is therefore read to its end before its answer begins: that is also when it is known how many
//! rows can't be read, which a header tells, and most failures come while there still is a status to tell them by.
//!
//! What is read is held as the text that will be sent, as long as all lists under way together stay within [`Memory`].
//! Of what is beyond only the key and the version are held (some 150 bytes a row). The rows are sorted and sent, and those
//! not held are read a second time by their keys, some at a time, when it is their turn; a client that takes them slowly
//! slows that down. A version never changes but for its marks, so that both readings give the same. A failure in the
//! middle breaks the connection off before the end of the list, so that what came can't be taken for all of it.
//!
//! Where the capacity of the tables is used up, the first page is refused; from then on a list waits for more, rather
//! than throw away what was paid for.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use hyper::body::{Body as HttpBody, Frame};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use tokio::task::JoinSet;

use super::answer::{self, UNREADABLE_ROWS};
use super::call::Call;
use super::refusal::Refusal;
use super::shape;
use crate::model::at::At;
use crate::model::{Filter, Record, Subject, Unreadable, Version};
use crate::store::{Patience, Records, StoreError};

/// How many rows that were read by their keys are there at the same time, until they are sent, for all requests. With the
/// largest values they are 6 MB.
const AGAIN: usize = 16;
/// How many rows are looked through for so many that aren't held.
const AHEAD: usize = 1000;
/// How many bytes go out together.
const CHUNK: usize = 32 * 1024;
/// How many pages are read at the same time by all requests; each is up to 1 MB, and some three times that while it is
/// read.
const READERS: usize = 4;

/// How much of lists is held in memory, by all requests together.
pub(super) struct Memory {
    free: AtomicUsize,
    readers: Semaphore,
    again: Semaphore,
}

impl Memory {
    pub(super) fn new(bytes: usize) -> Arc<Self> {
        let (readers, again) = (Semaphore::new(READERS), Semaphore::new(AGAIN));
        Arc::new(Self { free: AtomicUsize::new(bytes), readers, again })
    }

    /// Returns the text, if there is room to hold it.
    fn hold(self: &Arc<Self>, text: String) -> Option<Held> {
        let taken = self.free.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| free.checked_sub(text.len()));
        taken.ok().map(|_| Held { text: text.into(), memory: Some(Arc::clone(self)) })
    }

    /// Waits for leave to have up to so many rows, one at least, that were read by their keys. It is given for half of
    /// what is free at most, so that whose client takes them slowly does not keep the others from theirs.
    async fn leave(&self, wanted: usize) -> SemaphorePermit<'_> {
        let mut leave = self.again.acquire().await.expect("leave is never denied");
        let more = (self.again.available_permits() / 2).min(wanted.saturating_sub(1));
        if let Ok(more) = self.again.try_acquire_many(u32::try_from(more).unwrap_or(0)) {
            leave.merge(more);
        }
        leave
    }
}

/// The text of a row that is sent next. It gives the room that it has in a memory back when it is dropped.
struct Held {
    text: Box<str>,
    memory: Option<Arc<Memory>>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(memory) = &self.memory {
            memory.free.fetch_add(self.text.len(), Ordering::Relaxed);
        }
    }
}

/// A row of a list before it is sent.
struct Row {
    version: Version,
    subject: Subject,
    json: Option<Held>,
}

/// What was read, sorted.
pub(super) struct List {
    rows: VecDeque<Row>,
    newest: Option<Version>,
    unreadable: usize,
    filter: Filter,
}

impl List {
    /// Reads a listing to its end. The store has its time for each page, in which it must be its turn, too.
    pub(super) async fn read(call: &Call, mut records: Records, filter: Filter) -> Result<Self, Refusal> {
        let memory = &call.server.memory;
        let (mut rows, mut newest) = (Vec::new(), None);
        let mut patience: Option<Patience> = None;
        loop {
            let read = call.in_time(async {
                let reader = memory.readers.acquire().await.expect("the readers are never dismissed");
                Ok((reader, records.next().await))
            });
            let (reader, read) = read.await?;
            let page = match (read, &mut patience) {
                (Ok(Some(page)), _) => page,
                (Ok(None), _) => break,
                (Err(error), None) => return Err(error.into()),
                (Err(error), Some(patience)) => {
                    drop(reader);
                    match patience.weigh(Err::<(), _>(error)).await {
                        Some(Err(error)) => return Err(error.into()),
                        _ => continue,
                    }
                }
            };
            patience = Some(Patience::new());
            newest = newest.max(page.items.iter().map(|record| record.version).max());
            page.unreadable.iter().for_each(|row| call.leave_out(row));
            for record in page.items {
                match shape::record(&record) {
                    Some(json) => {
                        let json = memory.hold(json);
                        rows.push(Row { version: record.version, subject: record.subject, json });
                    }
                    None => call.leave_out(&not_json(&record)),
                }
            }
            drop(reader);
        }
        rows.sort_by(|a, b| (a.version, &a.subject).cmp(&(b.version, &b.subject)));
        Ok(Self { rows: rows.into(), newest, unreadable: call.left_out(), filter })
    }

    /// Returns whether there is nothing, not even what can't be read.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.unreadable == 0
    }

    /// Returns the newest version of the list, also where it is left out.
    pub(super) fn newest(&self) -> Option<Version> {
        self.newest
    }

    /// Returns the answer with the list as its body.
    pub(super) fn answer(self, call: &Arc<Call>) -> Response {
        let unreadable = self.unreadable;
        let held: Option<usize> = self.rows.iter().map(|row| Some(row.json.as_ref()?.text.len() + 1)).sum();
        let body = match held {
            Some(bytes) if bytes < CHUNK => Body::from(self.whole()),
            _ => {
                let (chunks, receiver) = mpsc::channel(1);
                tokio::spawn(self.send(Arc::clone(call), chunks));
                Body::new(Chunks(receiver))
            }
        };
        let mut response = answer::json(StatusCode::OK, body);
        if unreadable > 0 {
            response.headers_mut().insert(UNREADABLE_ROWS, HeaderValue::from(unreadable));
        }
        response
    }

    /// Returns the list as one text, if all of it is held.
    fn whole(self) -> String {
        let rows: Vec<_> = self.rows.iter().filter_map(|row| Some(&*row.json.as_ref()?.text)).collect();
        format!("[{}]", rows.join(","))
    }

    /// Sends the list in chunks, as fast as they are taken.
    async fn send(self, call: Arc<Call>, chunks: mpsc::Sender<io::Result<Bytes>>) {
        if let Err(refusal) = self.try_send(&call, &chunks).await {
            refusal.note(&call);
            // Whoever is not there any more need not be told.
            let _ = chunks.send(Err(io::Error::other("the list breaks off"))).await;
        }
    }

    /// Ends early where nobody takes the chunks any more.
    async fn try_send(mut self, call: &Arc<Call>, chunks: &mpsc::Sender<io::Result<Bytes>>) -> Result<(), Refusal> {
        let mut chunk = String::from("[");
        let mut is_first = true;
        while !self.rows.is_empty() {
            let (texts, _leave) = tokio::select! {
                some = self.take_some(call) => some?,
                () = chunks.closed() => return Ok(()),
            };
            for held in texts {
                if !is_first {
                    chunk.push(',');
                }
                is_first = false;
                chunk.push_str(&held.text);
                if chunk.len() >= CHUNK && chunks.send(Ok(std::mem::take(&mut chunk).into())).await.is_err() {
                    return Ok(());
                }
            }
        }
        chunk.push(']');
        // Nobody takes the rest where this fails.
        let _ = chunks.send(Ok(chunk.into())).await;
        Ok(())
    }

    /// Takes the next rows off the list, and reads those of them that aren't held. The leave for these lasts until they
    /// are sent.
    async fn take_some<'a>(
        &mut self,
        call: &'a Arc<Call>,
    ) -> Result<(Vec<Held>, Option<SemaphorePermit<'a>>), Refusal> {
        let wanted = self.rows.iter().take(AHEAD).filter(|row| row.json.is_none()).count();
        let leave = if wanted > 0 { Some(call.server.memory.leave(wanted).await) } else { None };
        let at_once = leave.as_ref().map_or(1, SemaphorePermit::num_permits);
        let mut reads = JoinSet::new();
        let mut texts = Vec::new();
        while texts.len() < AHEAD && reads.len() < at_once {
            let Some(row) = self.rows.pop_front() else { break };
            if row.json.is_none() {
                let (call, index) = (Arc::clone(call), texts.len());
                reads.spawn(async move { (index, read_again(&call, &row.subject, row.version).await) });
                texts.push(None);
            } else {
                texts.push(row.json);
            }
        }
        while let Some(read) = reads.join_next().await {
            let (index, record) = read.expect("reading a row does not panic, and nobody cancels it");
            let shown = record?.filter(|record| self.filter != Filter::Latest || !record.is_deleted());
            let json = shown.and_then(|record| shape::record(&record));
            texts[index] = json.map(|json| Held { text: json.into(), memory: None });
        }
        Ok((texts.into_iter().flatten().collect(), leave))
    }
}

/// Reads a version a second time; there is none where someone has removed the row by hand since.
async fn read_again(call: &Call, subject: &Subject, version: Version) -> Result<Option<Record>, Refusal> {
    let mut patience = Patience::new();
    loop {
        let read = call.in_time(async { Ok(call.store.at(subject, At::Version(version)).await) }).await?;
        match patience.weigh(read).await {
            Some(Ok(record)) => return Ok(Some(record.value)),
            Some(Err(StoreError::NotFound { .. })) => return Ok(None),
            Some(Err(error)) => return Err(error.into()),
            None => {}
        }
    }
}

/// The body of an answer that comes in chunks.
struct Chunks(mpsc::Receiver<io::Result<Bytes>>);

impl HttpBody for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx).map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
    }
}

/// Returns a row whose value is not JSON as one that can't be read.
pub(super) fn not_json(record: &Record) -> Unreadable {
    Unreadable {
        partition: record.subject.partition(),
        sort: record.subject.sort_key(record.version),
        reason: "its value is not JSON",
        attributes: Vec::new(),
    }
}
