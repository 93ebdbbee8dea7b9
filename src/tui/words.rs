//! Words for what the explorer names.

use crate::json;
use crate::model::Record;

/// Returns the name of a record in quotes; its id where it has none.
pub fn quoted(record: &Record) -> String {
    record.name.as_deref().map_or_else(|| record.subject.id().to_owned(), json::quote)
}
