//! A connection whose client must take what it is sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// What a client must take of what waits for it, in the time for it, if there is so much.
const LEAST: usize = 32 * 1024;

/// A stream that fails when too little of what is to be written could be for some time. Reading is bounded by who reads.
pub(super) struct Paced<S> {
    stream: S,
    patience: Duration,
    /// Runs while a write waits for the client, until all is written or enough.
    wait: Option<Wait>,
}

struct Wait {
    deadline: Pin<Box<Sleep>>,
    taken: usize,
}

impl<S> Paced<S> {
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, wait: None }
    }

    /// Passes on how a write went, and fails one that waits when the time is over.
    fn wrote(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let (Poll::Ready(Ok(taken)), Some(wait)) = (&written, &mut self.wait) {
            wait.taken += taken;
            if wait.taken >= LEAST {
                self.wait = None;
            }
        }
        self.pace(cx, written)
    }

    /// Passes on how it went to write all there is.
    fn wrote_all(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<()>>) -> Poll<io::Result<()>> {
        if written.is_ready() {
            self.wait = None;
        }
        self.pace(cx, written)
    }

    fn pace<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            return written;
        }
        let patience = self.patience;
        let wait = self.wait.get_or_insert_with(|| Wait { deadline: Box::pin(tokio::time::sleep(patience)), taken: 0 });
        ready!(wait.deadline.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.wrote(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.wrote_all(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.wrote_all(cx, ended)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(1);

    /// Writes 128 KB to who takes so many bytes at a time, with a pause after each.
    async fn write_to(bytes: usize, pause: Duration) -> io::Result<()> {
        let (here, mut there) = tokio::io::duplex(4096);
        let taking = tokio::spawn(async move {
            let mut taken = vec![0; bytes];
            while there.read_exact(&mut taken).await.is_ok() {
                tokio::time::sleep(pause).await;
            }
        });
        let mut paced = Paced::new(here, PATIENCE);
        let written = paced.write_all(&vec![0; 128 * 1024]).await;
        taking.abort();
        written
    }

    #[tokio::test]
    async fn who_takes_a_little_all_the_time_is_no_better_than_who_takes_nothing() {
        for (bytes, pause) in [(1, Duration::from_hours(1)), (256, PATIENCE / 20)] {
            let failed = write_to(bytes, pause).await.expect_err("it is given up");
            assert_eq!(failed.kind(), io::ErrorKind::TimedOut, "{bytes}");
        }
        write_to(64 * 1024, PATIENCE / 10).await.expect("enough is taken in time");
    }

    #[tokio::test]
    async fn what_is_taken_whole_begins_a_new_time() {
        let (here, mut there) = tokio::io::duplex(16);
        let mut paced = Paced::new(here, PATIENCE);
        let taking = tokio::spawn(async move {
            let mut taken = [0; 32];
            for _ in 0..4 {
                tokio::time::sleep(PATIENCE / 2).await;
                there.read_exact(&mut taken).await.expect("it comes");
            }
        });
        for _ in 0..4 {
            paced.write_all(&[0; 32]).await.expect("it is taken in time");
            paced.flush().await.expect("all is written");
        }
        taking.await.expect("it does not panic");
    }
}
