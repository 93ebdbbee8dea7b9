//! Words for what the explorer names.

use crate::json;
use crate::model::{Record, Subject};
use crate::store::Scope;

/// Returns the name of a record in quotes; its id where it has none.
pub fn quoted(record: &Record) -> String {
    record.name.as_deref().map_or_else(|| record.subject.id().to_owned(), json::quote)
}

/// Returns where something found in a scope is, as far as the scope does not say it: its user, and the name of the
/// collection that an entry is in. `None` where there is nothing to say.
pub fn place_in(scope: &Scope, subject: &Subject, collection: Option<&str>) -> Option<String> {
    let user = scope.has_users().then(|| subject.collection().user.as_str());
    let is_one = matches!(scope, Scope::Collection(_) | Scope::Entry(_));
    let names: Vec<&str> = user.into_iter().chain(collection.filter(|_| !is_one)).collect();
    (!names.is_empty()).then(|| names.join(" › "))
}
