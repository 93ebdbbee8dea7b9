//! Records in the shape of the original.

use crate::json::{self, Object};
use crate::model::{Record, Subject};

/// Returns the record as JSON on one line, without what it hasn't got; `None` where its value is not JSON:
/// `{"meta":{"application","user","collection","version","deletedAt"},"name"}` for a collection,
/// `{"meta":{"user","collection","entry","version","deletedAt"},"name","value"}` for an entry.
///
/// The value is the text that is stored.
pub(super) fn record(record: &Record) -> Option<String> {
    let key = record.subject.collection();
    let mut meta = Object::default();
    match &record.subject {
        Subject::Collection(_) => meta.text("application", Some(key.application.as_str())),
        Subject::Entry(_) => {}
    }
    meta.text("user", Some(key.user.as_str()));
    meta.text("collection", Some(key.id.as_str()));
    if let Subject::Entry(entry) = &record.subject {
        meta.text("entry", Some(entry.id.as_str()));
    }
    meta.raw("version", &record.version.to_string());
    meta.text("deletedAt", record.deleted_at.as_deref());
    let mut whole = Object::default();
    whole.raw("meta", &meta.close());
    whole.text("name", record.name.as_deref());
    if let (Subject::Entry(_), Some(value)) = (&record.subject, &record.value) {
        json::parse(value).ok()?;
        whole.raw("value", value);
    }
    Some(whole.close())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User, Version};

    fn collection() -> CollectionKey {
        CollectionKey { application: Application::new("a"), user: User::new("u"), id: CollectionId::new("c") }
    }

    fn entry(value: Option<&str>) -> Record {
        let key = EntryKey { collection: collection(), id: EntryId::new("e") };
        let bare = Record::bare(key, Version::from_ms(7));
        Record { author: Some("ann".to_owned()), note: Some("why".to_owned()), value: value.map(str::to_owned), ..bare }
    }

    #[test]
    fn a_record_has_the_members_of_the_original_and_no_others() {
        let named = Record { name: Some("n".to_owned()), ..Record::bare(collection(), Version::from_ms(7)) };
        let deleted = Record { deleted_at: Some("then".to_owned()), ..named.clone() };
        for (given, expected) in [
            (named, r#"{"meta":{"application":"a","user":"u","collection":"c","version":7},"name":"n"}"#),
            (
                deleted,
                r#"{"meta":{"application":"a","user":"u","collection":"c","version":7,"deletedAt":"then"},"name":"n"}"#,
            ),
            (entry(None), r#"{"meta":{"user":"u","collection":"c","entry":"e","version":7}}"#),
            (
                entry(Some(r#"{"b":12345678901234567890, "a":1.0}"#)),
                r#"{"meta":{"user":"u","collection":"c","entry":"e","version":7},"value":{"b":12345678901234567890, "a":1.0}}"#,
            ),
        ] {
            assert_eq!(record(&given).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_value_that_is_not_json_has_no_shape() {
        assert_eq!(record(&entry(Some("no json"))), None);
        assert_eq!(record(&entry(Some(""))), None);
    }
}
