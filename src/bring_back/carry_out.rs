//! A plan carried out, several writes at once, each by itself.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::JoinSet;

use super::{Act, Item, Plan};
use crate::model::Version;
use crate::store::{Base, Cost, Costed, Patience, Store, StoreError, Written};
use crate::text::count;

/// How many writes are on their way at once: each is about something else, so that they don't meet.
const IN_FLIGHT: usize = 4;

/// What became of an item of a plan.
#[derive(Debug)]
pub enum Outcome {
    /// It is as it was then.
    Done {
        /// The version that was written, or marked as deleted.
        version: Version,
        /// Versions of other writers that slipped in under it.
        slipped_in: Vec<Version>,
    },
    /// Someone wrote, deleted or undeleted it since the plan was made: it was left as it is.
    Skipped(StoreError),
    /// It could not be written, and was left as it is.
    Failed(StoreError),
    /// It can't be brought back; the plan says why.
    Impossible,
    /// It was not tried, since the work ended before.
    NotReached,
}

/// How far the work is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Items that are as they were then.
    pub done: usize,
    /// Items that someone wrote to since.
    pub skipped: usize,
    /// Items that could not be written.
    pub failed: usize,
    /// Items that something is done with.
    pub of: usize,
    /// Versions of other writers that slipped in under what was written.
    pub slipped_in: usize,
    /// What was consumed.
    pub cost: Cost,
}

impl fmt::Display for Progress {
    /// Writes what the work came to: `3 done, 1 skipped, 2 not reached`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} done", count(self.done))?;
        let left = self.of - self.done - self.skipped - self.failed;
        let parts = [(self.skipped, "skipped"), (self.failed, "failed"), (left, "not reached")];
        let mut parts = parts.into_iter().filter(|(n, _)| *n > 0);
        parts.try_for_each(|(n, what)| write!(f, ", {} {what}", count(n)))
    }
}

/// Why the work ended before its end. What was done until then stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// It was asked to.
    Asked,
    /// A write failed in a way in which all others would fail too, see [`Report::into_failure`].
    Failing,
}

/// What carrying out a plan came to.
#[derive(Debug)]
pub struct Report {
    /// What became of each item, in the order of the plan.
    pub outcomes: Vec<Outcome>,
    /// How far it came.
    pub progress: Progress,
    /// Why it ended before its end, where it did.
    pub stopped: Option<Stopped>,
}

impl Report {
    /// Returns the failure that ended the work, or one like it: others may have been on their way.
    pub fn into_failure(self) -> Option<StoreError> {
        self.outcomes.into_iter().find_map(|outcome| match outcome {
            Outcome::Failed(error) if !error.is_of_one_item() => Some(error),
            _ => None,
        })
    }
}

/// What a write came to; `None` where the work ended before it was written.
type Answer = Option<Result<Costed<Written>, StoreError>>;

/// Carries out a plan, up to four writes at once, each under the rule that what it changes is as the plan saw it. Ends at
/// `stop`, or where a failure says that nothing else can be written either; writes on their way are waited for in any
/// case. `told` gets each outcome with the place of its item, as they come.
///
/// Where the tables' capacity is used up, it waits, up to five minutes for one write. It must not be dropped before it
/// ends: nobody would learn what became of the writes on their way.
pub async fn carry_out(
    store: &Store,
    plan: &Plan,
    stop: impl Future<Output = ()>,
    mut told: impl FnMut(&Progress, usize, &Outcome),
) -> Report {
    let note = plan.note();
    let mut progress = Progress { of: plan.writes(), ..Progress::default() };
    let mut outcomes: Vec<Outcome> = plan.items.iter().map(not_yet).collect();
    let mut stopped = None;
    let mut stop = pin!(stop);
    let must_end = Arc::new(AtomicBool::new(false));
    let mut under_way: JoinSet<(usize, Answer)> = JoinSet::new();
    let mut next = 0;
    loop {
        while let Some(item) = plan.items.get(next).filter(|_| stopped.is_none() && under_way.len() < IN_FLIGHT) {
            // A stage begins when all before it is done.
            let begins_stage = next > 0 && plan.items[next - 1].stage() != item.stage();
            if begins_stage && !under_way.is_empty() {
                break;
            }
            if item.is_possible() {
                let (store, item, note, place) = (store.clone(), item.clone(), note.clone(), next);
                let must_end = Arc::clone(&must_end);
                under_way.spawn(async move { (place, persist(&store, &item, note.as_deref(), &must_end).await) });
            }
            next += 1;
        }
        let ended = tokio::select! {
            biased;
            () = &mut stop, if stopped.is_none() => {
                stopped = Some(Stopped::Asked);
                must_end.store(true, Ordering::Relaxed);
                continue;
            }
            ended = under_way.join_next() => ended,
        };
        let (place, answer) = match ended {
            None if stopped.is_some() || next == plan.items.len() => break,
            None => continue,
            Some(Ok(ended)) => ended,
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
        };
        let Some(answer) = answer else { continue };
        let outcome = match answer {
            Ok(Costed { value, cost }) => {
                progress.cost += cost;
                progress.done += 1;
                progress.slipped_in += value.slipped_in.len();
                Outcome::Done { version: value.record.version, slipped_in: value.slipped_in }
            }
            Err(error) if is_of_another_writer(&error) => {
                progress.skipped += 1;
                Outcome::Skipped(error)
            }
            Err(error) => {
                progress.failed += 1;
                if !error.is_of_one_item() {
                    stopped = stopped.or(Some(Stopped::Failing));
                    must_end.store(true, Ordering::Relaxed);
                }
                Outcome::Failed(error)
            }
        };
        told(&progress, place, &outcome);
        outcomes[place] = outcome;
    }
    Report { outcomes, progress, stopped }
}

fn not_yet(item: &Item) -> Outcome {
    if item.is_possible() { Outcome::NotReached } else { Outcome::Impossible }
}

/// Writes one item, with patience.
async fn persist(store: &Store, item: &Item, note: Option<&str>, must_end: &AtomicBool) -> Answer {
    let mut patience = Patience::new();
    while !must_end.load(Ordering::Relaxed) {
        if let Some(answer) = patience.weigh(write(store, item, note).await).await {
            return Some(answer);
        }
    }
    None
}

async fn write(store: &Store, item: &Item, note: Option<&str>) -> Result<Costed<Written>, StoreError> {
    let base = Base::seen(&item.now);
    match (item.act, &item.then) {
        (Act::Delete, _) => store.delete(&item.now.subject, base).await,
        (Act::Restore | Act::Rename | Act::Undelete, Some(then)) => {
            store.restore(&item.now.subject, then.version, note.map(str::to_owned), base).await
        }
        (_, _) => Err(StoreError::NotFound { what: format!("the version of then of {}", item.title()) }),
    }
}

/// Returns whether a write was refused since someone else wrote.
fn is_of_another_writer(error: &StoreError) -> bool {
    matches!(error, StoreError::VersionConflict { .. } | StoreError::Deleted { .. } | StoreError::NotDeleted { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failure_that_ended_it_is_told_wherever_it_stands() {
        let of_one = || Outcome::Failed(StoreError::NotFound { what: "the version of then".to_owned() });
        let outcomes = vec![of_one(), Outcome::Failed(StoreError::ReadOnly), of_one(), Outcome::NotReached];
        let report = Report { outcomes, progress: Progress::default(), stopped: Some(Stopped::Failing) };
        assert!(matches!(report.into_failure(), Some(StoreError::ReadOnly)));
    }

    #[test]
    fn what_it_came_to_is_said_without_what_is_none() {
        let progress = Progress { done: 0, of: 0, ..Progress::default() };
        assert_eq!(progress.to_string(), "0 done");
        let progress = Progress { done: 1200, skipped: 1, of: 1203, ..Progress::default() };
        assert_eq!(progress.to_string(), "1,200 done, 1 skipped, 2 not reached");
    }
}
