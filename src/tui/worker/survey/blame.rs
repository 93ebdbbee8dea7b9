//! Goes back through the versions of an entry until every line of a value has its last change.

use std::sync::Arc;

use super::super::super::event::Found;
use super::super::super::findings::Progress;
use super::Findings;
use crate::history::blame::{Blame, Credit};
use crate::model::Record;
use crate::store::{Cost, Store, StoreError};

/// Versions compared between two answers: few, so that the first ones come at once, and Esc stops soon.
const STEP: usize = 50;

/// Tells who last changed the lines of a version: from the older ones that are known, then from those that are read, unless
/// the known ones are all.
pub(super) async fn blame(
    store: &Store,
    shown: Arc<Record>,
    older: Vec<Arc<Record>>,
    all: bool,
    findings: &Findings<'_>,
) -> Result<(), StoreError> {
    // Who shows a value that is not JSON does not ask.
    let Ok(mut blame) = Blame::of(Arc::clone(&shown)) else { return Ok(()) };
    let last = older.last().unwrap_or(&shown).version;
    for known in older.chunks(STEP) {
        blame = go_back(blame, known.to_vec(), Cost::default(), findings).await;
        if blame.is_finished() {
            return Ok(());
        }
    }
    let mut history = store.history_before(&shown.subject, last);
    while !all && let Some(page) = findings.next(&mut history).await? {
        let mut cost = page.cost;
        let records: Vec<Arc<Record>> = page.items.into_iter().map(Arc::new).collect();
        for read in records.chunks(STEP) {
            blame = go_back(blame, read.to_vec(), std::mem::take(&mut cost), findings).await;
        }
        if blame.is_finished() {
            return Ok(());
        }
    }
    findings.send(Found::Credits(blame.first().into_iter().collect()), Progress::default());
    Ok(())
}

/// Hands versions in, beside the threads that read and draw, and sends what that tells.
async fn go_back(mut blame: Blame, older: Vec<Arc<Record>>, cost: Cost, findings: &Findings<'_>) -> Blame {
    let versions = older.len();
    let compare = move || {
        let credits: Vec<Credit> = older.into_iter().filter_map(|record| blame.older(record)).collect();
        (blame, credits)
    };
    let (blame, credits) = tokio::task::spawn_blocking(compare).await.expect("comparing values does not panic");
    findings.send(Found::Credits(credits), Progress { versions, cost, ..Progress::default() });
    blame
}
