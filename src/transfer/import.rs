//! The lines of a copy put into a store, where their rows are missing.

use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, BufRead, BufReader, Read};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::line::{self, Line, NotALine};
use crate::store::{Cost, Costed, Patience, RowOutcome, Store, StoreError, StoredRow, Table};

/// How many rows are on their way to the store at once.
const IN_FLIGHT: usize = 8;
/// How many lines are read ahead.
const READ_AHEAD: usize = 16;
/// The longest line: an item has 400 KB, and its worst escapes and nested types take some seven bytes for each of them.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// What was done with the rows so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Imported {
    /// Rows that were missing and are there now.
    pub put: u64,
    /// Rows that were there, equal.
    pub same: u64,
    /// Rows that were there and got the marks (deleted, superseded) they lacked.
    pub marked: u64,
    /// Rows that were there and have been marked since.
    pub ahead: u64,
    /// Rows that were not put, since another one has their key.
    pub conflicts: u64,
    /// What it consumed.
    pub cost: Cost,
}

impl Imported {
    /// Returns how many rows were looked at.
    pub fn rows(&self) -> u64 {
        self.put + self.same + self.marked + self.ahead + self.conflicts
    }
}

/// A row that was left alone, since another one has its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Its line, from 1.
    pub line: u64,
    /// Its table.
    pub table: Table,
    /// Its hash key.
    pub hash: String,
    /// Its sort key.
    pub sort: String,
    /// The attributes that are not the same in both.
    pub differing: Vec<String>,
}

/// Why an import ended before the copy did. What was done until then stands, and it can be repeated.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A line can't be had.
    #[error(transparent)]
    NoLine(#[from] NoLine),
    /// A line is not one of a copy.
    #[error("line {line} is not one of an export: {reason}; mend it and repeat the import")]
    BadLine {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: NotALine,
    },
    /// The copy is in a form of a later version.
    #[error(
        "line {line}: the export is in form {form}, and this dynamini reads form {}: import it with a newer one",
        line::FORM
    )]
    OtherForm {
        /// The line of the header, from 1.
        line: u64,
        /// Its form.
        form: String,
    },
    /// There is nothing that says that a copy follows.
    #[error("line {line} is not the first line of an export, which starts with {{\"dynamini\":{{\"export\":1")]
    NoHeader {
        /// The line, from 1.
        line: u64,
    },
    /// There is nothing at all.
    #[error("there is no export in it: it is empty")]
    Empty,
    /// The end is missing.
    #[error(
        "it breaks off after line {line}: the last line of an export, with the number of its rows, is missing; export again"
    )]
    BrokenOff {
        /// The last line, from 1.
        line: u64,
    },
    /// Lines are missing, or were added.
    #[error("line {line} says that the export has {said} rows, and there were {found}")]
    WrongCount {
        /// The line, from 1.
        line: u64,
        /// How many rows it says.
        said: u64,
        /// How many there were.
        found: u64,
    },
    /// The store failed, or refused the row.
    #[error("line {line}: {error}")]
    Store {
        /// The line of the row, from 1.
        line: u64,
        /// How.
        error: StoreError,
    },
    /// It was asked to stop.
    #[error("interrupted before line {line}; repeat it to go on")]
    Interrupted {
        /// The first line that was not looked at.
        line: u64,
    },
}

impl ImportError {
    /// Returns the line that it is about, from 1, if it is about one.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::NoLine(NoLine::TooLong { line })
            | Self::BadLine { line, .. }
            | Self::OtherForm { line, .. }
            | Self::NoHeader { line }
            | Self::BrokenOff { line }
            | Self::WrongCount { line, .. }
            | Self::Store { line, .. }
            | Self::Interrupted { line } => Some(*line),
            Self::NoLine(NoLine::Input(_)) | Self::Empty => None,
        }
    }
}

/// Why there is no next line.
#[derive(Debug, thiserror::Error)]
pub enum NoLine {
    /// It can't be read.
    #[error(transparent)]
    Input(#[from] io::Error),
    /// It is longer than any row.
    #[error("line {line} is longer than {} MB, which no row is", LONGEST_LINE / 1024 / 1024)]
    TooLong {
        /// The line, from 1.
        line: u64,
    },
}

/// Reads lines on a thread of its own, a few ahead, so that a source that has nothing to give holds nobody up. The thread
/// ends with the source, or at the next line after the receiver was dropped.
pub fn lines(source: impl Read + Send + 'static) -> io::Result<mpsc::Receiver<Result<Vec<u8>, NoLine>>> {
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    let read = move || {
        let mut source = BufReader::with_capacity(64 * 1024, source);
        for number in 1.. {
            let mut line = Vec::new();
            let read = source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
            let line = match read {
                Ok(0) => return,
                Ok(length) if length as u64 == LONGEST_LINE && !line.ends_with(b"\n") => {
                    Err(NoLine::TooLong { line: number })
                }
                Ok(_) => Ok(line),
                Err(error) => Err(error.into()),
            };
            let is_last = line.is_err();
            if sender.blocking_send(line).is_err() || is_last {
                return;
            }
        }
    };
    thread::Builder::new().name("lines".to_owned()).spawn(read)?;
    Ok(receiver)
}

/// Puts the rows of the lines where they are missing, several at once, until their end, a bad line, a failure, or
/// `stop`; requests on their way are waited for in any case. Where the tables' capacity is used up it waits, up to five
/// minutes for a row, but no longer once it is to end. `told` gets what was done so far with each row, and the row if
/// it was a conflict, in the order of the lines.
///
/// Several copies may follow one another. A row equal to the stored one is recognised, so that this can be repeated.
pub async fn import(
    store: &Store,
    mut lines: mpsc::Receiver<Result<Vec<u8>, NoLine>>,
    stop: impl Future<Output = ()>,
    told: impl FnMut(&Imported, Option<Conflict>),
) -> (Imported, Result<(), ImportError>) {
    let mut import = Import {
        store,
        under_way: VecDeque::new(),
        must_end: Arc::default(),
        given_up: None,
        done: Imported::default(),
        failed: None,
        told,
    };
    let mut place = Place::Before { copies: 0 };
    let mut number = 0;
    let mut stop = pin!(stop);
    let ended = loop {
        if import.failed.is_some() {
            break Ok(());
        }
        let has_room = import.under_way.len() < IN_FLIGHT;
        let line = tokio::select! {
            biased;
            () = &mut stop => {
                import.must_end.store(true, Ordering::Relaxed);
                break Err(ImportError::Interrupted { line: number + 1 });
            }
            true = import.settle() => continue,
            line = lines.recv(), if has_room => line,
        };
        let row = match line {
            None => break place.end_of_file(number),
            Some(Err(error)) => break Err(error.into()),
            Some(Ok(line)) => {
                number += 1;
                place.step(&line, number)
            }
        };
        match row {
            Ok(None) => {}
            Ok(Some(row)) => import.send(number, row),
            Err(error) => break Err(error),
        }
    };
    let mut is_stopped = import.must_end.load(Ordering::Relaxed);
    loop {
        tokio::select! {
            biased;
            () = &mut stop, if !is_stopped => {
                is_stopped = true;
                import.must_end.store(true, Ordering::Relaxed);
            }
            was_one = import.settle() => if !was_one { break },
        }
    }
    let ended = match (ended, import.given_up) {
        (Err(ImportError::Interrupted { .. }), Some(line)) => Err(ImportError::Interrupted { line }),
        (ended, _) => ended,
    };
    let ended = import.failed.map_or(ended, Err);
    (import.done, ended)
}

/// Where in the text of one or more copies a line is.
enum Place {
    Before { copies: u64 },
    Inside { copies: u64, rows: u64 },
}

impl Place {
    /// Goes on by one line, and returns the row that it is.
    fn step(&mut self, bytes: &[u8], number: u64) -> Result<Option<StoredRow>, ImportError> {
        if bytes.trim_ascii().is_empty() {
            return Ok(None);
        }
        let line = line::read(bytes);
        match (&mut *self, line) {
            (_, Ok(Line::OtherForm(form))) => Err(ImportError::OtherForm { line: number, form }),
            (Self::Before { copies }, Ok(Line::Header)) => {
                *self = Self::Inside { copies: *copies, rows: 0 };
                Ok(None)
            }
            (Self::Before { .. }, _) => Err(ImportError::NoHeader { line: number }),
            (Self::Inside { .. }, Err(reason)) => Err(ImportError::BadLine { line: number, reason }),
            (Self::Inside { rows, .. }, Ok(Line::Row(row))) => {
                *rows += 1;
                Ok(Some(row))
            }
            (Self::Inside { copies, rows }, Ok(Line::End(said))) if said == *rows => {
                *self = Self::Before { copies: *copies + 1 };
                Ok(None)
            }
            (Self::Inside { rows, .. }, Ok(Line::End(said))) => {
                Err(ImportError::WrongCount { line: number, said, found: *rows })
            }
            (Self::Inside { .. }, Ok(Line::Header)) => Err(ImportError::BrokenOff { line: number - 1 }),
        }
    }

    fn end_of_file(&self, last: u64) -> Result<(), ImportError> {
        match self {
            Self::Before { copies: 0 } => Err(ImportError::Empty),
            Self::Before { .. } => Ok(()),
            Self::Inside { .. } => Err(ImportError::BrokenOff { line: last }),
        }
    }
}

/// What putting a row came to; `None` where the import ended before it was put.
type Answer = Option<Result<Costed<RowOutcome>, StoreError>>;

/// A row on its way to the store.
struct UnderWay {
    line: u64,
    table: Table,
    hash: String,
    sort: String,
    put: JoinHandle<Answer>,
}

struct Import<'a, F> {
    store: &'a Store,
    /// The oldest first.
    under_way: VecDeque<UnderWay>,
    /// Nothing is tried again.
    must_end: Arc<AtomicBool>,
    /// The first line whose row was given up for that.
    given_up: Option<u64>,
    done: Imported,
    /// The first failure in the order of the lines.
    failed: Option<ImportError>,
    told: F,
}

impl<F: FnMut(&Imported, Option<Conflict>)> Import<'_, F> {
    fn send(&mut self, line: u64, row: StoredRow) {
        let (table, hash, sort) = (row.table, row.hash.clone(), row.sort.clone());
        let (store, must_end) = (self.store.clone(), Arc::clone(&self.must_end));
        let put = tokio::spawn(async move {
            let mut patience = Patience::new();
            while !must_end.load(Ordering::Relaxed) {
                if let Some(outcome) = patience.weigh(store.put_row(&row).await).await {
                    return Some(outcome);
                }
            }
            None
        });
        self.under_way.push_back(UnderWay { line, table, hash, sort, put });
    }

    /// Waits for the oldest row under way and counts it; returns whether there was one. Can be dropped and called again.
    async fn settle(&mut self) -> bool {
        let Some(oldest) = self.under_way.front_mut() else { return false };
        let outcome = (&mut oldest.put).await;
        let Some(UnderWay { line, table, hash, sort, .. }) = self.under_way.pop_front() else { return false };
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        let Costed { value: outcome, cost } = match outcome {
            Some(Ok(outcome)) => outcome,
            None => {
                self.given_up.get_or_insert(line);
                return true;
            }
            Some(Err(error)) => {
                self.must_end.store(true, Ordering::Relaxed);
                self.failed.get_or_insert(ImportError::Store { line, error });
                return true;
            }
        };
        self.done.cost += cost;
        let mut conflict = None;
        let count = match outcome {
            RowOutcome::Put => &mut self.done.put,
            RowOutcome::Same => &mut self.done.same,
            RowOutcome::Marked => &mut self.done.marked,
            RowOutcome::Ahead => &mut self.done.ahead,
            RowOutcome::Conflict { differing } => {
                conflict = Some(Conflict { line, table, hash, sort, differing });
                &mut self.done.conflicts
            }
        };
        *count += 1;
        (self.told)(&self.done, conflict);
        true
    }
}
