//! The contract of the store: one suite, run over every engine that can stand behind it.
//!
//! Each case runs on the embedded engine in memory, on the embedded engine in a file (each writer with a handle of its
//! own, as separate processes have), and on the engine's HTTP server behind a real socket. Where the environment
//! variable `DYNAMINI_TEST_ENDPOINT` names an endpoint (`http://127.0.0.1:8000`), it runs there too, in tables of its
//! own. The credentials and the region for it are the `AWS_*` variables of the environment; any will do for an emulator.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says by a panic that it failed")]

/// Makes a test for each engine out of each case: an async function that takes a [`store::world::World`].
macro_rules! contract {
    ($($case:ident),+ $(,)?) => { $(
        mod $case {
            use crate::store::world::{Kind, run};

            #[tokio::test]
            async fn in_memory() {
                run(Kind::Memory, super::$case).await;
            }

            #[tokio::test]
            async fn in_a_file() {
                run(Kind::File, super::$case).await;
            }

            #[tokio::test]
            async fn on_a_socket() {
                run(Kind::Socket, super::$case).await;
            }

            #[tokio::test]
            async fn at_the_endpoint() {
                run(Kind::Endpoint, super::$case).await;
            }
        }
    )+ };
}

mod store {
    mod bring_back;
    mod collections;
    mod compare;
    mod conflicts;
    mod contents;
    mod copies;
    mod costs;
    mod creation;
    mod entries;
    mod errors;
    mod faults;
    mod history;
    mod limits;
    mod lists;
    mod model;
    mod odd_rows;
    mod past;
    mod reach;
    mod retries;
    mod tables;
    mod versions;
    mod wire;
    mod world;
}
