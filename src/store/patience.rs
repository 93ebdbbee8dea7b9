//! Waiting while the tables' capacity is used up, after the pauses of the SDK's own tries.

use std::time::Duration;

use super::{Contents, Page, Records, Rows, StoreError, StoredRow};
use crate::model::Record;

/// How long to wait.
const PAUSE: Duration = Duration::from_secs(2);
/// How often to wait: five minutes in all, in which a table of one unit has 300 of them.
const PAUSES: u32 = 150;

/// What waits for work that has time: long reads, copies, and bringing many back.
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

/// A long read, step by step.
pub trait Steps {
    /// What a step finds.
    type Step;

    /// Returns what the next step finds, or `None` after the last one. After a failure the same step can be asked for
    /// again.
    fn step(&mut self) -> impl Future<Output = Result<Option<Self::Step>, StoreError>> + Send;
}

/// Takes the next step. Where the capacity is used up it is asked for again, for up to five minutes, after pauses of which
/// `waits` is told each.
pub async fn patiently<S: Steps>(steps: &mut S, mut waits: impl FnMut()) -> Result<Option<S::Step>, StoreError> {
    let mut patience = Patience::new();
    loop {
        let answer = steps.step().await;
        if matches!(answer, Err(StoreError::Throttled { .. })) {
            waits();
        }
        if let Some(answer) = patience.weigh(answer).await {
            return answer;
        }
    }
}

impl Steps for Contents {
    type Step = Page<Record>;

    fn step(&mut self) -> impl Future<Output = Result<Option<Page<Record>>, StoreError>> + Send {
        self.next()
    }
}

impl Steps for Records {
    type Step = Page<Record>;

    fn step(&mut self) -> impl Future<Output = Result<Option<Page<Record>>, StoreError>> + Send {
        self.next()
    }
}

impl Steps for Rows {
    type Step = Page<StoredRow>;

    fn step(&mut self) -> impl Future<Output = Result<Option<Page<StoredRow>>, StoreError>> + Send {
        self.next()
    }
}
