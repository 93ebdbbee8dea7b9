//! Goes back through versions of an entry, as far as they are known, for who last changed the lines of a value.

use std::sync::Arc;

use super::super::super::blame::Told;
use super::super::super::event::Found;
use super::super::super::findings::Progress;
use super::Findings;
use crate::history::blame::{Blame, Credit};
use crate::model::Record;

/// Versions compared between two answers: few, so that the first ones come at once, and Esc stops soon.
const STEP: usize = 50;

/// Tells who last changed the lines of a version: from the older ones, newest first, which go on where `so_far` has come
/// to, and are all there are where `all` says so.
pub(super) async fn blame(
    shown: Arc<Record>,
    so_far: Option<Box<Blame>>,
    older: Vec<Arc<Record>>,
    all: bool,
    findings: &Findings<'_>,
) {
    let begun = match so_far {
        Some(so_far) => Ok(*so_far),
        None => Blame::of(shown),
    };
    // Who shows a value that is not JSON does not ask.
    let Ok(mut blame) = begun else { return };
    for step in older.chunks(STEP) {
        let credits;
        (blame, credits) = go_back(blame, step.to_vec()).await;
        send(Told { credits, versions: step.len(), so_far: None }, findings);
        if blame.is_finished() {
            return;
        }
    }
    let credits = if all { blame.first().into_iter().collect() } else { Vec::new() };
    let so_far = (!blame.is_finished()).then(|| Box::new(blame));
    send(Told { credits, versions: 0, so_far }, findings);
}

/// Hands versions in, beside the threads that read and draw.
async fn go_back(mut blame: Blame, older: Vec<Arc<Record>>) -> (Blame, Vec<Credit>) {
    let compare = move || {
        let credits = older.into_iter().filter_map(|record| blame.older(record)).collect();
        (blame, credits)
    };
    tokio::task::spawn_blocking(compare).await.expect("comparing values does not panic")
}

fn send(told: Told, findings: &Findings<'_>) {
    findings.send(Found::Blamed(told), Progress::default());
}
