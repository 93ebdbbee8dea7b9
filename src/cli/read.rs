//! `get`: one version; and what differs between two.

use super::Session;
use super::args::Format;
use super::failure::Failure;
use super::find::{self, Wanted};
use super::record::{Object, quoted, record_json};
use crate::json::{self, ChangeKind};
use crate::model::at::At;
use crate::model::{Address, Record};

/// The colour of what was added, by its ANSI number.
pub const GREEN: u8 = 32;
/// The colour of what was removed.
pub const RED: u8 = 31;
/// The colour of what changed.
pub const YELLOW: u8 = 33;

/// Prints the value of a version, pretty if it is JSON, or the whole record.
///
/// As of a moment, what was deleted then is not found, as what is deleted now isn't: the message names its version.
pub async fn get(session: &mut Session, address: &Address, as_of: Option<&str>) -> Result<(), Failure> {
    let (wanted, at) = match (session.moment(as_of)?, address.at()) {
        (Some(_), Some(_)) => {
            return Err(Failure::Usage(
                "--as-of and @VERSION both say which version: leave one out, or write %40 for an @ in the name"
                    .to_owned(),
            ));
        }
        (Some(moment), None) => (Wanted::LiveAt(moment), At::Time(moment.time())),
        (None, Some(at)) => (Wanted::LiveFirst, at),
        (None, None) => (Wanted::Live, At::Newest),
    };
    let found = find::target(&session.store, address, wanted).await?;
    let record = session.store.at(&found.record.subject, at).await?.value;
    if session.out.format != Format::Table {
        return session.print_record(&record);
    }
    let Some(value) = &record.value else {
        let what = format!("{} {:?}", record.subject.noun(), record.title());
        return Err(Failure::NoValue { what, version: record.version.to_string() });
    };
    session.out.data(&json::parse(value).map_or_else(|_| value.clone(), |document| json::pretty(&document)))?;
    Ok(())
}

/// One thing that differs between two versions.
pub struct Difference {
    /// A JSON path, starting with a dot, or `name` for the name.
    path: String,
    kind: ChangeKind,
}

impl Difference {
    /// Returns it on a line for people.
    pub fn line(&self) -> String {
        let path = &self.path;
        match &self.kind {
            ChangeKind::Added { new } => format!("+ {path}: {new}"),
            ChangeKind::Removed { old } => format!("- {path}: {old}"),
            ChangeKind::Changed { old, new } => format!("~ {path}: {old} → {new}"),
            ChangeKind::Moved { from, item } => format!("> {path}: moved from [{from}]: {item}"),
        }
    }

    /// Returns the colour of its line, by its ANSI number.
    pub fn colour(&self) -> u8 {
        match self.kind {
            ChangeKind::Added { .. } => GREEN,
            ChangeKind::Removed { .. } => RED,
            ChangeKind::Changed { .. } | ChangeKind::Moved { .. } => YELLOW,
        }
    }

    /// Returns it as JSON.
    pub fn json(&self) -> String {
        let (kind, old, new) = match &self.kind {
            ChangeKind::Added { new } => ("added", None, Some(new)),
            ChangeKind::Removed { old } => ("removed", Some(old), None),
            ChangeKind::Changed { old, new } => ("changed", Some(old), Some(new)),
            ChangeKind::Moved { item, .. } => ("moved", None, Some(item)),
        };
        let mut object = Object::default();
        object.text("path", Some(&self.path));
        object.text("kind", Some(kind));
        if let ChangeKind::Moved { from, .. } = &self.kind {
            object.raw("from", &from.to_string());
        }
        for (key, value) in [("old", old), ("new", new)] {
            if let Some(value) = value {
                object.raw(key, value);
            }
        }
        object.close()
    }
}

/// Returns what differs: the name first, then the values by path. A value that is not JSON counts as one string.
pub fn differences(older: &Record, newer: &Record) -> Vec<Difference> {
    let name = |record: &Record| record.name.as_deref().map(quoted);
    let value = |record: &Record| {
        let text = record.value.as_deref()?;
        Some(if json::parse(text).is_ok() { text.to_owned() } else { quoted(text) })
    };
    let mut found = Vec::new();
    if older.name != newer.name {
        found.extend(whole("name", name(older), name(newer)));
    }
    let (old, new) = (value(older), value(newer));
    match (old.as_deref().map(json::parse), new.as_deref().map(json::parse)) {
        (Some(Ok(old)), Some(Ok(new))) => {
            let changes = json::diff(&old, &new).into_iter();
            found.extend(changes.map(|change| Difference { path: change.path.to_string(), kind: change.kind }));
        }
        _ => found.extend(whole(".", old, new)),
    }
    found
}

fn whole(path: &str, old: Option<String>, new: Option<String>) -> Option<Difference> {
    let kind = match (old, new) {
        (None, None) => return None,
        (None, Some(new)) => ChangeKind::Added { new },
        (Some(old), None) => ChangeKind::Removed { old },
        (Some(old), Some(new)) => ChangeKind::Changed { old, new },
    };
    Some(Difference { path: path.to_owned(), kind })
}

impl Session {
    /// Prints one record in the form asked for that isn't the table.
    pub(super) fn print_record(&mut self, record: &Record) -> Result<(), Failure> {
        let text = record_json(record);
        let text = match self.out.format {
            Format::Json => json::parse(&text).map_or_else(|_| text.clone(), |document| json::pretty(&document)),
            Format::Table | Format::Ndjson => text,
        };
        self.out.data(&text)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User, Version};

    fn entry(name: &str, value: Option<&str>) -> Record {
        let collection =
            CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") };
        let key = EntryKey { collection, id: EntryId::new("e") };
        let (name, value) = (Some(name.to_owned()), value.map(str::to_owned));
        Record { name, value, ..Record::bare(key, Version::from_ms(7)) }
    }

    fn lines(older: &Record, newer: &Record) -> Vec<String> {
        differences(older, newer).iter().map(Difference::line).collect()
    }

    #[test]
    fn values_differ_by_path_and_names_as_a_whole() {
        let older = entry("a", Some(r#"{"limit": 5000, "old": 1}"#));
        let newer = entry("b", Some(r#"{"limit": 12500, "notes": "x"}"#));
        assert_eq!(
            lines(&older, &newer),
            [r#"~ name: "a" → "b""#, "~ .limit: 5000 → 12500", "- .old: 1", r#"+ .notes: "x""#]
        );
        assert!(differences(&older, &older).is_empty());
    }

    #[test]
    fn an_item_that_moved_is_told_with_the_place_it_was_at() {
        let older = entry("a", Some(r#"{"tags": [{"id": 1}, 2, 3, 4]}"#));
        let newer = entry("a", Some(r#"{"tags": [2, 3, {"id": 1}, 5, 4]}"#));
        assert_eq!(lines(&older, &newer), [r#"> .tags[2]: moved from [0]: {"id":1}"#, "+ .tags[3]: 5"]);
        let json: Vec<_> = differences(&older, &newer).iter().map(Difference::json).collect();
        assert_eq!(json[0], r#"{"path":".tags[2]","kind":"moved","from":0,"new":{"id":1}}"#);
    }

    #[test]
    fn a_value_that_is_not_json_or_absent_differs_as_a_whole() {
        let [json, text, none] = [Some("1"), Some("no \"json\""), None].map(|value| entry("a", value));
        assert_eq!(lines(&json, &text), [r#"~ .: 1 → "no \"json\"""#]);
        assert_eq!(lines(&none, &json), ["+ .: 1"]);
        assert_eq!(lines(&text, &none), [r#"- .: "no \"json\"""#]);
        assert!(lines(&none, &none).is_empty());
    }
}
