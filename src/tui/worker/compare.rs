//! Reads two states for a window: for a plan, for a comparison, and of one entry for its difference.

use tokio::task::spawn_blocking;

use super::super::event::Found;
use super::super::findings::Progress;
use super::super::overlay::Compared;
use super::super::value::{Body, Difference, Text};
use super::survey::Findings;
use crate::bring_back::{Planner, Target};
use crate::compare::{Pairs, Side};
use crate::model::at::At;
use crate::model::{Moment, Subject, Version};
use crate::store::{Cost, Store, StoreError};

/// Finds what has to be done so that all of it is as it was.
pub(super) async fn plan(
    store: &Store,
    target: Target,
    moment: Moment,
    findings: &Findings<'_>,
) -> Result<(), StoreError> {
    let mut planner = Planner::new(store, target, moment, false);
    while let Some(found) = findings.next(&mut planner).await? {
        let subjects = found.items.len() + found.unchanged;
        let progress = Progress { versions: subjects, subjects, unreadable: found.unreadable.len(), cost: found.cost };
        findings.send(Found::Planned(found), progress);
    }
    Ok(())
}

/// Finds the entries that differ.
pub(super) async fn compare(store: &Store, old: &Side, new: &Side, findings: &Findings<'_>) -> Result<(), StoreError> {
    let mut pairs = Pairs::of_entries(store, old, new);
    let mut before = 0;
    while let Some(page) = findings.next(&mut pairs).await? {
        // Those of two collections are paired when all of them are read.
        let read = pairs.read() - before;
        before = pairs.read();
        let unreadable = page.unreadable.len();
        let progress = Progress { versions: read, subjects: read, unreadable, cost: page.cost };
        let differing = page.items.into_iter().filter_map(|pair| {
            let kind = pair.kind()?;
            Some(Compared { kind, old: pair.old.map(|old| old.record), new: pair.new.map(|new| new.record) })
        });
        findings.send(Found::Compared(differing.collect()), progress);
    }
    Ok(())
}

/// Reads two versions and compares them, beside the thread that reads: large values take some milliseconds.
pub(super) async fn difference(
    store: &Store,
    old: Option<(Subject, Version)>,
    new: Option<(Subject, Version)>,
    title: String,
    findings: &Findings<'_>,
) -> Result<(), StoreError> {
    let mut cost = Cost::default();
    let mut records = Vec::new();
    for version in [old, new] {
        records.push(match version {
            Some((subject, version)) => {
                let read = store.at(&subject, At::Version(version)).await?;
                cost += read.cost;
                Some(read.value)
            }
            None => None,
        });
    }
    let compared = spawn_blocking(move || match (records.pop().flatten(), records.pop().flatten()) {
        (Some(new), Some(old)) => Body::Difference(Box::new(Difference::between(&old, &new, title))),
        (Some(one), None) | (None, Some(one)) => Body::Text(Text::of(&one)),
        (None, None) => Body::Nothing,
    });
    let body = compared.await.expect("comparing values does not panic");
    findings
        .send(Found::Difference(Box::new(body)), Progress { versions: 2, subjects: 1, cost, ..Progress::default() });
    Ok(())
}
