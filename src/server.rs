//! The HTTP API of the original server, on the same store as the explorer.
//!
//! [`serve`] takes a listener, a store and a future that says when to end. A connection is bounded by [`connection`]; a
//! request becomes a `call` in `front` (which counts, logs, lets browsers in, and reads the `rest` of a body), is matched
//! against the one table of [`routes`], checked by [`keys`], and answered by `collections` or `entries`. Lists are sent
//! sorted and in bounded memory by `list`. What is answered instead of what was asked for is a `refusal`; `openapi`
//! describes the whole from the table of routes.

mod answer;
mod body;
mod call;
mod collections;
mod condition;
mod connection;
mod entries;
mod front;
pub mod keys;
mod list;
pub mod log;
mod openapi;
mod path;
mod refusal;
mod rest;
pub mod routes;
mod shape;
mod subject;
mod turns;

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::config::Serve;
use crate::store::Store;
use connection::Paced;
use keys::Keys;
use list::Memory;
use log::Log;
use turns::Turns;

/// How many bytes of an answer are held for a slow client.
const BUFFER: usize = 32 * 1024;
/// How long no connection is accepted after that failed, as where the system has no more files.
const AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(50);

/// What a server works with besides its listener and its store.
pub struct Settings {
    /// The keys of the applications.
    pub keys: Keys,
    /// The bounds.
    pub bounds: Serve,
    /// Where requests are logged.
    pub log: Log,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How many connections were still busy when the time for them was over, and were cut.
    pub cut: usize,
}

/// What all requests share.
struct Server {
    store: Store,
    keys: Keys,
    log: Log,
    read_timeout: Duration,
    store_timeout: Duration,
    turns: Turns,
    memory: Arc<Memory>,
    /// The room for bodies, in kilobytes.
    bodies: Arc<Semaphore>,
}

/// Serves the API until `shutdown` is ready, and then what is under way for the time that the settings give it.
///
/// The tables must be there. Runs in a tokio runtime, with a task for each connection.
pub async fn serve(
    listener: TcpListener,
    store: Store,
    settings: Settings,
    shutdown: impl Future<Output = ()>,
) -> Ended {
    let Settings { keys, bounds, log } = settings;
    let server = Arc::new(Server {
        store,
        keys,
        log: log.clone(),
        read_timeout: bounds.read_timeout,
        store_timeout: bounds.store_timeout,
        turns: Turns::default(),
        memory: Memory::new(bounds.list_memory),
        bodies: Arc::new(Semaphore::new(body::ROOM)),
    });
    let router = front::wrap(routes::router(), server);
    let slots = Arc::new(Semaphore::new(bounds.max_connections));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let next = async {
            // Who finds no slot waits to be accepted; the bounds see to it that slots come free.
            let slot = Arc::clone(&slots).acquire_owned().await.expect("the slots are never closed");
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            () = &mut shutdown => break,
            next = next => next,
            Some(_) = connections.join_next() => continue,
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = connect(stream, router.clone(), &bounds, graceful.watcher(), log.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(slot);
                });
            }
            // That one connection ended before it was accepted; the next one may be there.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(error) => {
                log.message(&format!("a connection can't be accepted: {error}"));
                tokio::time::sleep(AFTER_FAILED_ACCEPT).await;
            }
        }
    }
    drop(listener);
    let drain = async {
        graceful.shutdown().await;
        while connections.join_next().await.is_some() {}
    };
    let drained = tokio::time::timeout(bounds.drain_timeout, drain).await;
    let cut = drained.map_or_else(|_| connections.len(), |()| 0);
    connections.shutdown().await;
    Ended { cut }
}

/// Serves one connection to its end.
fn connect(
    stream: TcpStream,
    router: Router,
    bounds: &Serve,
    watcher: Watcher,
    log: Log,
) -> impl Future<Output = ()> + Send + 'static {
    // Answers are written whole; waiting for more to send with them only delays them.
    let _: io::Result<()> = stream.set_nodelay(true);
    let stream = Paced::new(stream, bounds.write_timeout);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.read_timeout)
        .max_headers(bounds.max_headers)
        .max_header_size(bounds.max_head)
        // The head of a request comes into the same buffer.
        .max_buf_size(bounds.max_head.max(BUFFER))
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let until_its_end = watcher.watch(connection);
    async move {
        // How a connection ends is up to the client, and what its requests came to is logged with them. Only what was
        // none that could be read has no line yet.
        if let Err(error) = until_its_end.await
            && error.is_parse()
        {
            let too_large = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            let status = if error.is_parse_too_large() { too_large } else { StatusCode::BAD_REQUEST };
            log.refused(status.as_u16(), &error.to_string());
        }
    }
}
