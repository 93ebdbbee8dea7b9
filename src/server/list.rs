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
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::answer::{self, UNREADABLE_ROWS};
use super::call::Call;
use super::refusal::Refusal;
use super::shape;
use crate::model::at::At;
use crate::model::{Filter, Record, Subject, Unreadable, Version};
use crate::store::Records;

/// How many rows are read by their keys at the same time. With the largest values they are 6 MB.
const AT_ONCE: usize = 16;
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
}

impl Memory {
    pub(super) fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self { free: AtomicUsize::new(bytes), readers: Semaphore::new(READERS) })
    }

    /// Returns the text, if there is room to hold it.
    fn hold(self: &Arc<Self>, text: String) -> Option<Held> {
        let taken = self.free.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| free.checked_sub(text.len()));
        taken.ok().map(|_| Held { text, memory: Arc::clone(self) })
    }
}

/// A text that is held. It gives its room back when it is dropped.
struct Held {
    text: String,
    memory: Arc<Memory>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.memory.free.fetch_add(self.text.len(), Ordering::Relaxed);
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
    unreadable: usize,
    filter: Filter,
}

impl List {
    /// Reads a listing to its end. The store has its time for each page, in which it must be its turn, too.
    pub(super) async fn read(call: &Call, mut records: Records, filter: Filter) -> Result<Self, Refusal> {
        let memory = &call.server.memory;
        let mut rows = Vec::new();
        loop {
            let read = call.in_time(async {
                let reader = memory.readers.acquire().await.expect("the readers are never dismissed");
                Ok((reader, records.next().await?))
            });
            let (reader, Some(page)) = read.await? else { break };
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
        Ok(Self { rows: rows.into(), unreadable: call.left_out(), filter })
    }

    /// Returns whether there is nothing, not even what can't be read.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.unreadable == 0
    }

    /// Returns the newest version of the list.
    pub(super) fn newest(&self) -> Option<Version> {
        self.rows.back().map(|row| row.version)
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
        let rows: Vec<_> = self.rows.iter().filter_map(|row| Some(row.json.as_ref()?.text.as_str())).collect();
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
            for json in self.take_some(call).await? {
                if !is_first {
                    chunk.push(',');
                }
                is_first = false;
                chunk.push_str(json.as_str());
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

    /// Takes the next rows off the list, and reads those of them that aren't held.
    async fn take_some(&mut self, call: &Arc<Call>) -> Result<Vec<Text>, Refusal> {
        let mut reads = JoinSet::new();
        let mut texts = Vec::new();
        while texts.len() < AHEAD && reads.len() < AT_ONCE {
            let Some(row) = self.rows.pop_front() else { break };
            let text = row.json.map(Text::Held);
            if text.is_none() {
                let (call, index) = (Arc::clone(call), texts.len());
                reads.spawn(async move {
                    let version = async { Ok(call.store.at(&row.subject, At::Version(row.version)).await?.value) };
                    (index, call.in_time(version).await)
                });
            }
            texts.push(text);
        }
        while let Some(read) = reads.join_next().await {
            let (index, record) = read.expect("reading a row does not panic, and nobody cancels it");
            let record = match record {
                Ok(record) => record,
                // Someone has removed the row by hand since.
                Err(Refusal::Absent) => continue,
                Err(refusal) => return Err(refusal),
            };
            if self.filter != Filter::Latest || !record.is_deleted() {
                texts[index] = shape::record(&record).map(Text::ReadAgain);
            }
        }
        Ok(texts.into_iter().flatten().collect())
    }
}

/// The text of a row that is sent next.
enum Text {
    Held(Held),
    ReadAgain(String),
}

impl Text {
    fn as_str(&self) -> &str {
        match self {
            Self::Held(held) => &held.text,
            Self::ReadAgain(text) => text,
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
