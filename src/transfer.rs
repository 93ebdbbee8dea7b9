//! Copies of a store's rows as text, and back: what `export` writes and `import` reads.
//!
//! A copy is NDJSON: a header, one line for each row of the two tables, and an end that tells how many there were
//! ([`mod@line`]). [`export()`] writes all rows of a scope, [`import()`] puts rows back where they are missing. Nothing of a row
//! is interpreted, so that every odd row survives.

mod export;
mod import;
pub mod line;

pub use export::{ExportError, Exported, export};
pub use import::{Conflict, ImportError, Imported, NoLine, import, lines};
