//! Every call of the store under every fault: it happens exactly once and says so, or it does not happen and says why.
//!
//! Each call is made once undisturbed, to see what it sends, says and leaves behind; then once for each of its requests
//! and each fault, with the SDK's own retries off and on. What is printed, and kept as a snapshot, is the outcome for
//! each: a word, or, where it depends on the request, a letter for each request in turn.

mod kinds;
mod operations;

use std::sync::Arc;
use std::time::Duration;

use dynamini::model::at::At;
use dynamini::store::StoreError;
use tokio::sync::Semaphore;

use kinds::{Fault, Target};
use operations::{Operation, Said, Scene};

use super::world::Writer;

/// How long a call may take before it counts as hanging.
const HANG: Duration = Duration::from_secs(30);

/// How many calls are tried at the same time; some wait, so that it is more than there are processors.
const AT_ONCE: usize = 12;

/// How a call ended under a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It happened once, and said so.
    Done,
    /// It did not happen, and said why.
    Refused,
    /// It said that nobody can tell.
    Unsure,
    /// One of two tables was made; repeating it makes the other.
    Part,
    /// The fault can't happen to this request.
    NotConcerned,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Unsure => "unsure",
            Self::Part => "part",
            Self::NotConcerned => "-",
        }
    }
}

/// An undisturbed call, and the same one again.
struct Undisturbed {
    sent: Vec<String>,
    before: Vec<String>,
    said: Said,
    after: Vec<String>,
    /// What it says when it is repeated, or the kind of error.
    again: String,
    after_again: Vec<String>,
}

fn writer(scene: &Scene, retries: bool) -> Writer {
    if retries { scene.world.stubborn_writer("ann") } else { scene.world.writer("ann") }
}

/// Tells how a call ended, without what differs from one time to the next.
fn ending(result: &Result<Said, StoreError>) -> String {
    match result {
        Ok(said) => said.text.clone(),
        Err(error) => format!("{error:?}").split([' ', '{', '(']).next().unwrap_or_default().to_owned(),
    }
}

async fn undisturbed(operation: Operation, scene: &Scene) -> Undisturbed {
    let before = scene.picture().await;
    let ann = writer(scene, false);
    let said = operation.act(&ann, scene).await.unwrap();
    let (sent, after) = (ann.wire.sent(), scene.picture().await);
    let again = ending(&operation.act(&ann, scene).await);
    Undisturbed { sent, before, said, after, again, after_again: scene.picture().await }
}

/// Makes the call with the fault at one of its requests, and judges what came of it.
async fn disturbed(
    operation: Operation,
    fault: &Fault,
    spared: usize,
    retries: bool,
    usual: &Undisturbed,
    scene: &Scene,
) -> Result<Outcome, String> {
    let ann = writer(scene, retries);
    let form = (spared + operation as usize) % fault.forms;
    let target = Target { wire: &ann.wire, world: &scene.world, operation: &usual.sent[spared], spared, form };
    (fault.strike)(&target);
    let result = call(operation, &ann, scene).await?;
    ann.wire.repair();
    assert!(ann.wire.mishaps() > 0, "the fault met no request");

    let picture = scene.picture().await;
    let (untouched, happened) = (picture == usual.before, picture == usual.after);
    let as_said = format!("{result:?}, which left\n  {}", picture.join("\n  "));
    let outcome = match &result {
        Ok(said) if !happened || (said.text != usual.said.text && !fault.others_may_do_it) => {
            return Err(format!("it said another thing than usual: {as_said}"));
        }
        Ok(said) => {
            check_stored(said, scene).await?;
            Outcome::Done
        }
        Err(StoreError::Unconfirmed { .. }) if fault.may_leave_unsure && (untouched || happened) => Outcome::Unsure,
        Err(error) if !(fault.allows)(error) => return Err(format!("a wrong error: {as_said}")),
        Err(_) if untouched => Outcome::Refused,
        Err(_) if operation == Operation::Init => Outcome::Part,
        Err(_) => return Err(format!("it happened, and said it did not: {as_said}")),
    };

    if operation.only_reads() && outcome == Outcome::Done {
        return Ok(outcome);
    }
    let again = call(operation, &ann, scene).await?;
    let picture = scene.picture().await;
    let left = format!("{again:?}, which left\n  {}", picture.join("\n  "));
    let expected = match outcome {
        Outcome::Part => again.is_ok() && picture == usual.after,
        _ if happened && !untouched => ending(&again) == usual.again && picture == usual.after_again,
        _ => ending(&again) == usual.said.text && picture == usual.after,
    };
    if expected { Ok(outcome) } else { Err(format!("after {as_said}\nit was repeated: {left}")) }
}

/// Makes the call, and says where it hangs or panics.
async fn call(operation: Operation, writer: &Writer, scene: &Scene) -> Result<Result<Said, StoreError>, String> {
    let (writer, scene) = (writer.clone(), scene.clone());
    let work = tokio::spawn(async move { operation.act(&writer, &scene).await });
    let work = tokio::time::timeout(HANG, work).await.map_err(|_| "it hangs".to_owned())?;
    work.map_err(|error| format!("it panics: {error}"))
}

/// Checks that the version that a call gave is stored as it said.
async fn check_stored(said: &Said, scene: &Scene) -> Result<(), String> {
    let Some(record) = &said.record else { return Ok(()) };
    let stored = scene.world.writer("judge").at(&record.subject, At::Version(record.version)).await;
    match stored {
        Ok(stored) if stored.value == *record => Ok(()),
        other => Err(format!("it said {record:?} and there is {other:?}")),
    }
}

/// Returns the row of one operation in the table, and what is wrong with it.
async fn row(operation: Operation, retries: bool, turns: Arc<Semaphore>) -> (Vec<String>, Vec<String>) {
    let shared = operation.prepare().await;
    let usual = Arc::new(undisturbed(operation, &shared).await);
    let work: Vec<_> = kinds::all()
        .into_iter()
        .map(|fault| {
            let (usual, shared, turns) = (Arc::clone(&usual), shared.clone(), Arc::clone(&turns));
            tokio::spawn(async move {
                let _turn = turns.acquire().await.unwrap();
                cell(operation, &fault, retries, &usual, &shared).await
            })
        })
        .collect();
    let (mut cells, mut wrong) = (Vec::new(), Vec::new());
    for cell in work {
        let (outcomes, problems) = cell.await.unwrap();
        cells.push(summary(&outcomes));
        wrong.extend(problems);
    }
    (cells, wrong)
}

/// Returns the outcome for each request under one fault, and what is wrong.
async fn cell(
    operation: Operation,
    fault: &Fault,
    retries: bool,
    usual: &Undisturbed,
    shared: &Scene,
) -> (Vec<Outcome>, Vec<String>) {
    let (mut outcomes, mut wrong) = (Vec::new(), Vec::new());
    for (spared, request) in usual.sent.iter().enumerate() {
        if !(fault.concerns)(request) {
            outcomes.push(Outcome::NotConcerned);
            continue;
        }
        let mut scene = if operation.only_reads() { shared.clone() } else { operation.stage(&shared.world).await };
        scene.world.signs = fault.name == "signed out";
        match disturbed(operation, fault, spared, retries, usual, &scene).await {
            Ok(outcome) => outcomes.push(outcome),
            Err(reason) => {
                let place = format!("{} / {} at request {spared}, {request}", operation.name(), fault.name);
                wrong.push(format!("{place} (retries: {retries}): {reason}"));
            }
        }
    }
    (outcomes, wrong)
}

/// Returns a word where all requests end alike, else the first letter of each one's.
fn summary(outcomes: &[Outcome]) -> String {
    let mut concerned: Vec<_> = outcomes.iter().filter(|outcome| **outcome != Outcome::NotConcerned).collect();
    concerned.dedup();
    match concerned[..] {
        [] => "-".to_owned(),
        [outcome] => outcome.word().to_owned(),
        _ => outcomes.iter().map(|outcome| &outcome.word()[..1]).collect(),
    }
}

/// Returns the whole table in text, and what is wrong with it.
async fn table(retries: bool) -> (String, Vec<String>) {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let rows: Vec<_> = Operation::ALL
        .into_iter()
        .map(|operation| {
            let turns = Arc::clone(&turns);
            tokio::spawn(async move { (operation, row(operation, retries, turns).await) })
        })
        .collect();
    let heads = kinds::all().iter().map(|fault| fault.name.to_owned()).collect();
    let (mut lines, mut wrong) = (vec![(String::new(), heads)], Vec::new());
    for row in rows {
        let (operation, (cells, problems)) = row.await.unwrap();
        lines.push((operation.name().to_owned(), cells));
        wrong.extend(problems);
    }
    (layout(&lines), wrong)
}

fn layout(lines: &[(String, Vec<String>)]) -> String {
    let first = lines.iter().map(|(head, _)| head.len()).max().unwrap_or_default();
    let width = |column: usize| lines.iter().map(|(_, cells)| cells[column].len()).max().unwrap_or_default();
    let tell = |(head, cells): &(String, Vec<String>)| {
        let cells = cells.iter().enumerate().map(|(column, cell)| format!("{cell:0$}", width(column)));
        format!("{head:first$} | {}", cells.collect::<Vec<_>>().join(" | ")).trim_end().to_owned()
    };
    lines.iter().map(tell).collect::<Vec<_>>().join("\n")
}

async fn check(retries: bool, snapshot: &str) {
    let (table, wrong) = table(retries).await;
    println!("{table}");
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n\n"));
    insta::assert_snapshot!(snapshot, table);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_under_every_fault() {
    check(false, "faults").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_under_every_fault_with_retries_of_the_sdk() {
    check(true, "faults_with_retries").await;
}
