//! A store's rows written as the lines of a copy.

use std::io;

use super::line::{self, Header};
use crate::model::Moment;
use crate::store::{Cost, Rows, Store, StoreError, patiently};

/// What was copied so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exported {
    /// Rows.
    pub rows: u64,
    /// Bytes of their lines, with the line ends.
    pub bytes: u64,
    /// What reading them consumed.
    pub cost: Cost,
}

/// Why a copy has no end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A row can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A line can't be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Writes the rows page by page: `write` gets a line at a time, without its end, `progress` what was done after each
/// page. Where there is no row, nothing is written unless `empty` says so.
///
/// The end is written last, so that a copy that broke off can be told from a whole one.
pub async fn export(
    mut rows: Rows,
    header: &Header,
    empty: bool,
    mut write: impl FnMut(&str) -> io::Result<()>,
    mut progress: impl FnMut(&Exported),
) -> Result<Exported, ExportError> {
    let mut done = Exported::default();
    if empty {
        write(&line::header(header))?;
    }
    while let Some(page) = patiently(&mut rows, || ()).await? {
        for row in &page.items {
            if done.rows == 0 && !empty {
                write(&line::header(header))?;
            }
            let line = line::row(row);
            write(&line)?;
            done.rows += 1;
            done.bytes += line.len() as u64 + 1;
        }
        done.cost += page.cost;
        progress(&done);
    }
    if empty || done.rows > 0 {
        write(&line::end(done.rows))?;
    }
    Ok(done)
}

impl Header {
    /// Returns the header of a copy of that address, with the full history or as of a moment, begun now.
    pub fn of(store: &Store, address: String, as_of: Option<Moment>, now_ms: i64) -> Self {
        let time = jiff::Timestamp::from_millisecond(now_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Self {
            time: format!("{time:.3}"),
            place: store.place().to_owned(),
            collections: store.tables().collections.clone(),
            entries: store.tables().entries.clone(),
            address,
            as_of: as_of.map(|moment| moment.to_string()),
        }
    }
}
