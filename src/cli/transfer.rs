//! `export` and `import`: rows out of a store, and into another one.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::Session;
use super::args::Format;
use super::failure::Failure;
use super::find::{self, Wanted};
use super::progress::{Progress, interrupted};
use super::record::Object;
use crate::json;
use crate::model::Address;
use crate::store::{Cost, Scope, StoreError, Table};
use crate::text::{count, size};
use crate::transfer::line::Header;
use crate::transfer::{self, Conflict, ExportError, Exported, ImportError, Imported};

/// Prints every row of what an address names, or the rows in force at a moment.
pub async fn export(session: &mut Session, address: &Address, as_of: Option<&str>) -> Result<(), Failure> {
    super::without_version(address, "the whole history is exported, or with --as-of TIME what was there then")?;
    if session.out.format == Format::Json {
        return Err(Failure::Usage("an export is one JSON object a line: leave --output json out".to_owned()));
    }
    let moment = session.moment(as_of)?;
    let wanted = moment.map_or(Wanted::LiveFirst, Wanted::LiveFirstAt);
    let (scope, _) = find::scope(&session.store, address, wanted).await?;
    let header = Header::of(&session.store, address.to_string(), moment, session.now_ms);
    let is_store = scope == Scope::Store;
    let rows = match moment {
        Some(moment) => session.store.rows_at(scope, moment),
        None => session.store.rows(scope),
    };
    let mut progress = Progress::beside_data();
    let so_far = Cell::new(Exported::default());
    let told = |done: &Exported| {
        so_far.set(*done);
        progress.tell(|| {
            let bytes = size(usize::try_from(done.bytes).unwrap_or(usize::MAX));
            format!("{} rows, {bytes}, {:.1} RCU", amount(done.rows), done.cost.rcu)
        });
    };
    let out = &mut session.out;
    let outcome = tokio::select! {
        outcome = transfer::export(rows, &header, is_store, |line| out.data(line), told) => outcome,
        () = interrupted() => {
            let rows = amount(so_far.get().rows);
            return Err(Failure::Interrupted(format!("interrupted after {rows} rows: the export has no end, and `import` says so")));
        }
    };
    let done = outcome.map_err(|error| match error {
        ExportError::Store(error) => Failure::Store(error),
        ExportError::Output(error) => Failure::Output(error),
    })?;
    if done.rows == 0 && !is_store {
        let then = if moment.is_some() { " of that moment" } else { "" };
        return Err(StoreError::NotFound { what: format!("any row of {address}{then}") }.into());
    }
    Ok(())
}

/// Puts the rows of an export where they are missing, and says what it did.
pub async fn import(session: &mut Session, file: &Path) -> Result<(), Failure> {
    if session.store.is_read_only() {
        return Err(StoreError::ReadOnly.into());
    }
    let is_stdin = file == Path::new("-");
    let source_name = if is_stdin { "(standard input)".to_owned() } else { file.display().to_string() };
    let source: Box<dyn Read + Send> = if is_stdin {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(file).map_err(|error| Failure::Input { file: file.to_owned(), error })?)
    };
    let lines = transfer::lines(source).map_err(Failure::Start)?;
    let mut progress = Progress::new();
    let mut conflicts = Vec::new();
    let mut unprinted = None;
    let out = &mut session.out;
    let told = |done: &Imported, conflict: Option<Conflict>| {
        if let Some(conflict) = conflict {
            if out.format == Format::Table {
                progress.clear();
                let printed = out.line(&conflict_text(&conflict)).and_then(|()| out.flush());
                unprinted = unprinted.take().or(printed.err());
            } else {
                conflicts.push(conflict);
            }
        }
        progress.tell(|| {
            let Cost { rcu, wcu, .. } = done.cost;
            format!("{} rows, {} of them put, {rcu:.1} RCU, {wcu:.1} WCU", amount(done.rows()), amount(done.put))
        });
    };
    let (done, ended) = transfer::import(&session.store, lines, interrupted(), told).await;
    progress.clear();
    match session.out.format {
        Format::Table if done.rows() == 0 && ended.is_err() => {}
        Format::Table => session.out.line(&summary_text(&done))?,
        Format::Json | Format::Ndjson => {
            let text = summary_json(&done, &conflicts, ended.as_ref().err());
            let text = match session.out.format {
                Format::Json => json::parse(&text).map_or_else(|_| text.clone(), |document| json::pretty(&document)),
                Format::Table | Format::Ndjson => text,
            };
            session.out.data(&text)?;
        }
    }
    ended.map_err(|error| Failure::Import { source_name, error: Box::new(error) })?;
    if let Some(error) = unprinted {
        return Err(error.into());
    }
    if done.conflicts > 0 {
        return Err(Failure::Conflicting { rows: amount(done.conflicts) });
    }
    Ok(())
}

fn amount(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX))
}

fn summary_text(done: &Imported) -> String {
    let counts = [
        (done.put, "put"),
        (done.same, "same"),
        (done.marked, "marked"),
        (done.ahead, "marked here since"),
        (done.conflicts, "in conflict"),
    ];
    let rows = amount(done.rows());
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|(n, what)| *n > 0 || ["put", "same"].contains(what))
        .map(|(n, what)| format!("{} {what}", amount(n)))
        .collect();
    format!("{rows} rows: {}", counts.join(", "))
}

fn conflict_text(conflict: &Conflict) -> String {
    let Conflict { line, table, hash, sort, differing } = conflict;
    let noun = match table {
        Table::Collections => "collection",
        Table::Entries => "entry",
    };
    format!("conflict in line {line}: {noun} row {sort} of {hash} is stored with another {}", differing.join(", "))
}

fn summary_json(done: &Imported, conflicts: &[Conflict], stopped: Option<&ImportError>) -> String {
    let mut whole = Object::default();
    for (name, n) in [
        ("rows", done.rows()),
        ("put", done.put),
        ("same", done.same),
        ("marked", done.marked),
        ("ahead", done.ahead),
        ("conflicting", done.conflicts),
    ] {
        whole.raw(name, &n.to_string());
    }
    let conflicts: Vec<_> = conflicts.iter().map(conflict_json).collect();
    whole.raw("conflicts", &format!("[{}]", conflicts.join(",")));
    if let Some(error) = stopped {
        let mut stop = Object::default();
        if let Some(line) = error.line() {
            stop.raw("line", &line.to_string());
        }
        stop.text("reason", Some(&error.to_string()));
        whole.raw("stopped", &stop.close());
    }
    whole.close()
}

fn conflict_json(conflict: &Conflict) -> String {
    let mut object = Object::default();
    object.raw("line", &conflict.line.to_string());
    object.text(conflict.table.hash(), Some(&conflict.hash));
    object.text(conflict.table.range(), Some(&conflict.sort));
    let differing: Vec<_> = conflict.differing.iter().map(|name| json::quote(name)).collect();
    object.raw("differing", &format!("[{}]", differing.join(",")));
    object.close()
}
