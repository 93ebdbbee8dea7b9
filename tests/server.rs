//! The HTTP API over a real socket: its contract, its promises, and what it makes of whatever comes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says by a panic that it failed")]

#[path = "store/shared.rs"]
#[allow(dead_code, reason = "the tests of the store use the rest")]
mod store;

mod server {
    #[cfg(unix)]
    mod account;
    mod concurrency;
    mod contract;
    pub mod desk;
    mod faults;
    mod hostile;
    mod limits;
    mod lists;
    mod log;
    mod openapi;
    #[cfg(unix)]
    mod program;
    mod slugs;
}
