//! One request while it is answered: whose it is, what it consumes, and what there is to say of it afterwards.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::http::Method;

use super::routes::Route;
use crate::model::{Application, Unreadable};
use crate::store::Store;

/// See the module.
pub(super) struct Call {
    /// The store, counting what this request consumes.
    pub(super) store: Store,
    pub(super) method: Method,
    pub(super) began: Instant,
    pub(super) route: OnceLock<&'static Route>,
    pub(super) application: OnceLock<Application>,
    /// Why it was refused, or what was found wrong in the store; for the log alone.
    pub(super) reason: OnceLock<String>,
    unreadable: AtomicUsize,
}

impl Call {
    pub(super) fn new(store: &Store, method: Method) -> Self {
        Self {
            store: store.counted(),
            method,
            began: Instant::now(),
            route: OnceLock::new(),
            application: OnceLock::new(),
            reason: OnceLock::new(),
            unreadable: AtomicUsize::new(0),
        }
    }

    /// Notes a row that is left out of the answer.
    pub(super) fn leave_out(&self, row: &Unreadable) {
        self.unreadable.fetch_add(1, Ordering::Relaxed);
        let Unreadable { partition, sort, reason, .. } = row;
        // The first one is told; the others are counted.
        self.reason.get_or_init(|| format!("the row {sort} of {partition} can't be read: {reason}"));
    }

    /// Returns how many rows were left out.
    pub(super) fn left_out(&self) -> usize {
        self.unreadable.load(Ordering::Relaxed)
    }
}
