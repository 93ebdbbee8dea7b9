//! Waiting while the tables' capacity is used up, after the pauses of the SDK's own tries.

use std::time::Duration;

use super::StoreError;

/// How long to wait.
const PAUSE: Duration = Duration::from_secs(2);
/// How often to wait: five minutes in all, in which a table of one unit has 300 of them.
const PAUSES: u32 = 150;

/// What waits for work that has time: copies, and bringing many back.
#[derive(Debug)]
pub struct Patience {
    pauses_left: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self::new()
    }
}

impl Patience {
    /// Returns a patience of five minutes.
    pub fn new() -> Self {
        Self { pauses_left: PAUSES }
    }

    /// Returns the answer, or, after a pause, `None` where it is worth while to ask again.
    pub async fn weigh<T>(&mut self, answer: Result<T, StoreError>) -> Option<Result<T, StoreError>> {
        if self.pauses_left == 0 || !matches!(answer, Err(StoreError::Throttled { .. })) {
            return Some(answer);
        }
        self.pauses_left -= 1;
        tokio::time::sleep(PAUSE).await;
        None
    }
}
