//! The rest of a request's body that nobody has read when the answer is there: it is read in vain, so that the client is
//! done sending and hears the answer. A connection that is closed on what it still sends is reset.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header::EXPECT;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use super::call::Call;

/// How much is read in vain.
const MOST: u64 = 8 * 1024 * 1024;

/// A body that is lent to whoever answers the request. Clones are of the same body.
#[derive(Clone)]
pub(super) struct Lent(Arc<Mutex<Inner>>);

struct Inner {
    body: Body,
    was_asked_for: bool,
}

impl Lent {
    pub(super) fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(Inner { body, was_asked_for: false })))
    }

    /// Reads the rest, if it is not too much and comes in time. Who waits to be asked for it is not asked.
    pub(super) async fn discard(mut self, call: &Call) {
        let waits = call.headers.contains_key(EXPECT) && !self.inner().was_asked_for;
        if waits || self.is_end_stream() || self.size_hint().lower() > MOST {
            return;
        }
        let reading = async {
            let mut seen = 0;
            while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut self).poll_frame(cx)).await {
                seen += frame.data_ref().map_or(0, |data| data.len() as u64);
                if seen > MOST {
                    break;
                }
            }
        };
        // Whatever becomes of it, the answer is the same.
        let _ = tokio::time::timeout(call.server.read_timeout, reading).await;
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut inner = self.inner();
        inner.was_asked_for = true;
        Pin::new(&mut inner.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner().body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner().body.size_hint()
    }
}
