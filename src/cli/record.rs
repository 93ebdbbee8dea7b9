//! A record as JSON, in the shape of the original's API.

use jiff::tz::TimeZone;

use crate::json;
pub use crate::json::Object;
use crate::model::{Address, Record, Subject, Version};

/// Returns the record as JSON on one line:
/// `{"meta":{"application","user","collection","version","deletedAt"},"name"}` for a collection,
/// `{"meta":{"user","collection","entry","version","deletedAt"},"name","value"}` for an entry.
///
/// Under `meta` are also `author`, `note`, `deletedBy` and `restoredFrom`. What the record hasn't got is left out.
/// The tokens of the value stand as they are stored; a value that is not JSON is a string, with `"valueIsText":true`
/// under `meta`.
pub fn record_json(record: &Record) -> String {
    let key = record.subject.collection();
    let mut meta = Object::default();
    let mut whole = Object::default();
    match &record.subject {
        Subject::Collection(_) => {
            meta.text("application", Some(key.application.as_str()));
            meta.text("user", Some(key.user.as_str()));
            meta.text("collection", Some(key.id.as_str()));
        }
        Subject::Entry(entry) => {
            meta.text("user", Some(key.user.as_str()));
            meta.text("collection", Some(key.id.as_str()));
            meta.text("entry", Some(entry.id.as_str()));
        }
    }
    meta.raw("version", &record.version.to_string());
    meta.text("deletedAt", record.deleted_at.as_deref());
    meta.text("deletedBy", record.deleted_by.as_deref());
    meta.text("author", record.author.as_deref());
    meta.text("note", record.note.as_deref());
    if let Some(version) = record.restored_from {
        meta.raw("restoredFrom", &version.to_string());
    }
    let value = record.value.as_deref().map(|text| (text, compact(text)));
    if let Some((_, None)) = value {
        meta.raw("valueIsText", "true");
    }
    whole.raw("meta", &meta.close());
    whole.text("name", record.name.as_deref());
    match &value {
        None => {}
        Some((_, Some(json))) => whole.raw("value", json),
        Some((text, None)) => whole.text("value", Some(text)),
    }
    whole.close()
}

/// Returns the value on one line, or `None` if it isn't JSON.
pub fn compact(text: &str) -> Option<String> {
    json::parse(text).ok().map(|document| json::compact(&document))
}

/// Returns the text as a JSON string.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("every text is a JSON string")
}

/// Returns the address of a record. `collection` is the collection that an entry is in.
pub fn address_of(collection: Option<&Record>, record: &Record) -> Address {
    let key = record.subject.collection();
    let (application, user) = (key.application.to_string(), key.user.to_string());
    match &record.subject {
        Subject::Collection(_) => {
            Address::Collection { application, user, collection: record.title().to_owned(), at: None }
        }
        Subject::Entry(_) => {
            let collection = collection.map_or(key.id.as_str(), Record::title).to_owned();
            Address::Entry { application, user, collection, entry: record.title().to_owned(), at: None }
        }
    }
}

/// Returns the moment of a version in the time zone of this machine, to the second.
pub fn local_time(version: Version) -> String {
    version.time().to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User};

    fn collection() -> CollectionKey {
        CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") }
    }

    fn entry(value: &str) -> Record {
        let key = EntryKey { collection: collection(), id: EntryId::new("e") };
        let value = Some(value.to_owned());
        Record { name: Some("n\"".to_owned()), value, ..Record::bare(key, Version::from_ms(7)) }
    }

    #[test]
    fn a_collection_has_the_shape_of_the_original() {
        let deleted_at = Some("2026-11-22T09:41:03.000Z".to_owned());
        let record = Record { deleted_at, ..Record::bare(collection(), Version::from_ms(7)) };
        assert_eq!(
            record_json(&record),
            r#"{"meta":{"application":"a","user":"u","collection":"c","version":7,"deletedAt":"2026-11-22T09:41:03.000Z"}}"#
        );
    }

    #[test]
    fn the_tokens_of_a_value_stay_as_they_are() {
        assert_eq!(
            record_json(&entry(r#"{"b": 1.0, "a": [12345678901234567890, 1e400, "\u00e9"], "b": 2}"#)),
            r#"{"meta":{"user":"u","collection":"c","entry":"e","version":7},"name":"n\"","value":{"b":1.0,"a":[12345678901234567890,1e400,"\u00e9"],"b":2}}"#
        );
    }

    #[test]
    fn a_value_that_is_not_json_is_a_string_and_says_so() {
        assert_eq!(
            record_json(&entry("no json")),
            r#"{"meta":{"user":"u","collection":"c","entry":"e","version":7,"valueIsText":true},"name":"n\"","value":"no json"}"#
        );
    }

    #[test]
    fn an_address_leads_back_to_the_record() {
        let holder = Record { name: Some("in/out".to_owned()), ..Record::bare(collection(), Version::from_ms(1)) };
        assert_eq!(address_of(Some(&holder), &entry("1")).to_string(), "a/u/in%2Fout/n\"");
        assert_eq!(address_of(None, &Record::bare(collection(), Version::from_ms(1))).to_string(), "a/u/c");
    }
}
