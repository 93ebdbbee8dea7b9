//! Copies of a store's rows as text, and back: what `export` writes and `import` reads.
//!
//! A copy is NDJSON: a header, one line for each row of the two tables, and an end that tells how many there were
//! ([`mod@line`]). [`export()`] writes all rows of a scope, [`import()`] puts rows back where they are missing. Nothing of a row
//! is interpreted, so that every odd row survives.

mod export;
mod import;
pub mod line;

use std::time::Duration;

pub use export::{ExportError, Exported, export};
pub use import::{Conflict, ImportError, Imported, NoLine, import, lines};

use crate::store::StoreError;

/// How long to wait where the tables' capacity is used up, after the pauses of the SDK's own tries.
const PAUSE: Duration = Duration::from_secs(2);
/// How often to wait: five minutes in all, in which a table of one unit has 300 of them.
const PAUSES: u32 = 150;

/// What waits while the tables' capacity is used up: a copy has time.
struct Patience {
    pauses_left: u32,
}

impl Patience {
    fn new() -> Self {
        Self { pauses_left: PAUSES }
    }

    /// Returns the answer, or, after a pause, `None` where it is worth while to ask again.
    async fn weigh<T>(&mut self, answer: Result<T, StoreError>) -> Option<Result<T, StoreError>> {
        if self.pauses_left == 0 || !matches!(answer, Err(StoreError::Throttled { .. })) {
            return Some(answer);
        }
        self.pauses_left -= 1;
        tokio::time::sleep(PAUSE).await;
        None
    }
}
