//! Who writes to the same thing waits for their turn, so that they don't make each other try again.
//!
//! It saves requests and capacity, nothing more: other processes know nothing of it, and the store keeps its promises
//! without it.

use std::hash::{BuildHasher, RandomState};

use tokio::sync::{Mutex, MutexGuard};

use crate::model::Subject;

/// How many things can be written to at the same time at most. Two that share a place only wait for each other.
const PLACES: usize = 256;

/// A place to wait at for each thing that is written to.
pub(super) struct Turns {
    places: Vec<Mutex<()>>,
    hasher: RandomState,
}

impl Default for Turns {
    fn default() -> Self {
        Self { places: (0..PLACES).map(|_| Mutex::default()).collect(), hasher: RandomState::default() }
    }
}

impl Turns {
    /// Waits until it is the caller's turn, which lasts until the guard is dropped. First come, first served.
    pub(super) async fn take(&self, subject: &Subject) -> MutexGuard<'_, ()> {
        let hash = self.hasher.hash_one(subject) % PLACES as u64;
        let place = usize::try_from(hash).expect("it is less than the number of places");
        self.places[place].lock().await
    }
}
