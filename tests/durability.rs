//! What was acknowledged is there, and nothing half-written: after kill -9, on a full disk, in a directory that can't be
//! written to, with a damaged file and with one from a newer version.
//!
//! The tests that kill print their seed; `DYNAMINI_TEST_SEED` runs one again with the same choices (the moments at which
//! the processes get their turns stay the system's own).
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test says by a panic that it failed")]

mod durability {
    mod audit;
    mod damage;
    mod dice;
    mod disk;
    mod killing;
    mod mounts;
    mod program;
    mod victim;
    mod writer;
}
