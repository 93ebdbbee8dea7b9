//! Reads through much for a window, and sends what it finds bit by bit.

mod blame;

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::spawn_blocking;

use super::super::event::{Found, Reply, RequestId, Survey};
use super::super::findings::Progress;
use super::super::overlay::Deleted;
use super::{compare, send};
use crate::history::changes::Changes;
use crate::history::passing::Passing;
use crate::history::search::Occurrences;
use crate::model::{Filter, Record};
use crate::store::{Contents, Page, Steps, Store, StoreError, patiently};

/// Where a long read sends what it finds.
pub(super) struct Findings<'a> {
    request: RequestId,
    replies: &'a UnboundedSender<Reply>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(request: RequestId, replies: &'a UnboundedSender<Reply>) -> Self {
        Self { request, replies }
    }

    pub(super) fn send(&self, found: Found, progress: Progress) {
        send(self.replies, Reply::Found(self.request, found, progress));
    }

    /// Takes the next step of a long read, and says so where it waits for capacity.
    pub(super) async fn next<S: Steps>(&self, steps: &mut S) -> Result<Option<S::Step>, StoreError> {
        patiently(steps, || send(self.replies, Reply::Waits(self.request))).await
    }
}

/// What a window is interested in, of the versions that pass by.
trait Sieve: Send + 'static {
    /// Takes versions, and returns what is known of them by now.
    fn take(&mut self, records: Vec<Record>) -> Found;

    /// Returns how many collections and entries have passed by.
    fn subjects(&self) -> usize;

    /// Returns what was not known until there was nothing more to come.
    fn finish(self) -> Option<Found>;
}

/// Reads through what is asked for.
pub(super) async fn survey(store: &Store, survey: Survey, findings: &Findings<'_>) -> Result<(), StoreError> {
    match survey {
        Survey::Trash(scope) => {
            sift(store.contents(scope, None, Filter::Current, false), Trash::default(), findings).await
        }
        Survey::Changes(scope, by) => {
            sift(store.contents(scope, by, Filter::All, true), Changes::default(), findings).await
        }
        Survey::Search(scope, by, search) => {
            let contents = store.contents(scope, by, Filter::All, search.needs_values());
            sift(contents, Occurrences::of(search), findings).await
        }
        Survey::Blame { shown, so_far, older, all } => {
            blame::blame(shown, so_far, older, all, findings).await;
            Ok(())
        }
        Survey::Plan(target, moment) => compare::plan(store, target, moment, findings).await,
        Survey::Compare(old, new) => compare::compare(store, &old, &new, findings).await,
        Survey::Difference { old, new, title } => compare::difference(store, old, new, title, findings).await,
    }
}

/// Reads page by page. What is found in one is worked out beside the thread that reads: large values take their time.
async fn sift(mut contents: Contents, mut sieve: impl Sieve, findings: &Findings<'_>) -> Result<(), StoreError> {
    let mut before = 0;
    while let Some(page) = findings.next(&mut contents).await? {
        let Page { items, unreadable, cost } = page;
        let versions = items.len();
        let work = move || (sieve.take(items), sieve);
        let found;
        (found, sieve) = spawn_blocking(work).await.expect("comparing and searching values does not panic");
        let subjects = sieve.subjects() - before;
        before = sieve.subjects();
        findings.send(found, Progress { versions, subjects, unreadable: unreadable.len(), cost });
    }
    if let Some(found) = sieve.finish() {
        findings.send(found, Progress::default());
    }
    Ok(())
}

/// What is deleted.
#[derive(Default)]
struct Trash {
    passing: Passing,
}

impl Sieve for Trash {
    fn take(&mut self, records: Vec<Record>) -> Found {
        let mut found = Vec::new();
        for record in records {
            self.passing.note(&record);
            if record.is_deleted() {
                let collection = self.passing.collection();
                found.push(Deleted { record: Arc::new(record), collection, problem: None });
            }
        }
        Found::Deleted(found)
    }

    fn subjects(&self) -> usize {
        self.passing.subjects()
    }

    fn finish(self) -> Option<Found> {
        None
    }
}

impl Sieve for Changes {
    fn take(&mut self, records: Vec<Record>) -> Found {
        Found::Changes(self.add(records))
    }

    fn subjects(&self) -> usize {
        Self::subjects(self)
    }

    fn finish(self) -> Option<Found> {
        Some(Found::Changes(Self::finish(self)))
    }
}

impl Sieve for Occurrences {
    fn take(&mut self, records: Vec<Record>) -> Found {
        Found::Occurrences(self.add(&records))
    }

    fn subjects(&self) -> usize {
        Self::subjects(self)
    }

    fn finish(self) -> Option<Found> {
        None
    }
}
