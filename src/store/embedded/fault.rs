//! What can go wrong in the engine itself, by names that `DynamoDB` doesn't use.

use dynoxide::DynoxideError;

/// The namespace of our own error types, in the place where `DynamoDB`'s stand as `com.amazonaws.dynamodb.v20120810`.
const NAMESPACE: &str = "com.dynamini";

/// What `SQLite` says, in part, and the fault that it means.
///
/// The engine passes on only the text of most `SQLite` errors; <https://www.sqlite.org/rescode.html>
/// names them, and `sqlite3ErrStr` in its sources holds the words. The last three are the engine's own, for stored text
/// that is no text or no JSON any more.
const SIGNS: [(&str, EngineFault); 14] = [
    ("no such table", EngineFault::HalfMade),
    ("database is locked", EngineFault::Busy),
    ("table is locked", EngineFault::Busy),
    ("malformed", EngineFault::Damaged),
    ("not a valid", EngineFault::Damaged),
    ("not a database", EngineFault::Damaged),
    ("disk is full", EngineFault::Full),
    ("readonly database", EngineFault::ReadOnly),
    ("permission denied", EngineFault::ReadOnly),
    ("unable to open database file", EngineFault::ReadOnly),
    ("I/O error", EngineFault::Io),
    ("Conversion error", EngineFault::Damaged),
    ("Invalid column type", EngineFault::Damaged),
    ("Bad ", EngineFault::Damaged),
];

/// A failure of the embedded engine, as opposed to an answer that `DynamoDB` gives too.
///
/// It travels through the SDK as an error code of its own, which [`EngineFault::from_code`] reads back. A single write
/// or transaction that fails with `Busy`, `Full` or `ReadOnly` has written nothing; a batch may have written some of
/// its items. After `Io` and `Crashed` only reading the row tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EngineFault {
    /// Another process held the file's lock for longer than the 5 seconds a request waits.
    #[error("another process is using the store and did not let go of it within 5 seconds; try again")]
    Busy,
    /// The file is not a store, or is damaged.
    #[error(
        "the file is damaged, and nothing was written. Other entries can still be read where they don't lie on the damaged \
         part, by uuid at least. Close dynamini everywhere and put back a copy of the file, together with the -wal file \
         beside it if there is one"
    )]
    Damaged,
    /// The disk is full.
    #[error("the disk is full; make room and try again")]
    Full,
    /// The file or its directory may not be written to, or was removed while it was open.
    #[error(
        "the file can't be written to. Check its permissions and those of its directory, and that it was not moved, or \
         choose another place with --data-dir"
    )]
    ReadOnly,
    /// The disk failed to read or write.
    #[error(
        "the disk failed to read or write. Check that it works and has room, also under a quota or a limit on the size \
         of files, and try again"
    )]
    Io,
    /// A table was begun and not finished: whoever made it is still at it, or was killed at that moment.
    #[error("a table of the store was not finished; start dynamini anew, which finishes it")]
    HalfMade,
    /// The engine panicked. A store in a file opens again by itself with the next request, one in memory is lost.
    #[error("the embedded engine failed while it worked on a request; if that happens again, start dynamini anew")]
    Crashed,
}

impl EngineFault {
    const ALL: [Self; 7] =
        [Self::Busy, Self::Damaged, Self::Full, Self::ReadOnly, Self::Io, Self::HalfMade, Self::Crashed];

    /// Returns the error code that the SDK reports for this fault (`ProvideErrorMetadata::code`).
    pub fn code(self) -> &'static str {
        match self {
            Self::Busy => "EngineBusy",
            Self::Damaged => "EngineDamaged",
            Self::Full => "EngineFull",
            Self::ReadOnly => "EngineReadOnly",
            Self::Io => "EngineIo",
            Self::HalfMade => "EngineHalfMade",
            Self::Crashed => "EngineCrashed",
        }
    }

    /// Returns the fault with this error code, or `None` for a code of `DynamoDB`'s.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.code() == code)
    }

    /// Returns the fault that an error of the engine means, or `None` when it is an answer `DynamoDB` could have given.
    pub(super) fn of(error: &DynoxideError) -> Option<Self> {
        if !matches!(error, DynoxideError::InternalServerError(_) | DynoxideError::SqliteError(_)) {
            return None;
        }
        let text = error.to_string();
        SIGNS.into_iter().find(|(sign, _)| text.contains(sign)).map(|(_, fault)| fault)
    }

    /// Returns what the engine said, in one sentence without its end and without the engine's own marks.
    ///
    /// What it says after that is advice to those who build with it, not to those who use dynamini.
    pub(super) fn reason(error: &DynoxideError) -> String {
        let text = error.to_string();
        let text = text.trim_start_matches("Internal error: ").trim_start_matches("backend: ");
        text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.').to_owned()
    }

    /// Returns the error type as it stands in `__type` of an answer.
    pub(super) fn error_type(self) -> String {
        format!("{NAMESPACE}#{}", self.code())
    }

    /// Returns the HTTP status of an answer with this fault: 503 when trying again may help, else 500.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::Busy => 503,
            _ => 500,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_as_its_fault_and_no_code_of_dynamodb_does() {
        for fault in EngineFault::ALL {
            assert_eq!(EngineFault::from_code(fault.code()), Some(fault));
        }
        assert_eq!(EngineFault::from_code("InternalServerError"), None);
    }

    #[test]
    fn the_words_of_sqlite_are_recognised() {
        let cases = [
            ("backend: database is locked or busy", Some(EngineFault::Busy)),
            ("Internal error: database is locked", Some(EngineFault::Busy)),
            ("backend: database disk image is malformed", Some(EngineFault::Damaged)),
            ("backend: not a valid database", Some(EngineFault::Damaged)),
            ("file is not a database", Some(EngineFault::Damaged)),
            ("backend: database or disk is full", Some(EngineFault::Full)),
            ("backend: attempt to write a readonly database", Some(EngineFault::ReadOnly)),
            ("unable to open database file: /x", Some(EngineFault::ReadOnly)),
            ("backend: I/O error: disk I/O error", Some(EngineFault::Io)),
            ("backend: Conversion error from type Text at index: 2, invalid utf-8", Some(EngineFault::Damaged)),
            ("backend: Invalid column type Blob at index: 2, name: item_json", Some(EngineFault::Damaged)),
            ("Bad item JSON in storage: expected value at line 1", Some(EngineFault::Damaged)),
            ("backend: no such table: dynamomini.entries", Some(EngineFault::HalfMade)),
            ("something else", None),
        ];
        for (text, fault) in cases {
            assert_eq!(EngineFault::of(&DynoxideError::InternalServerError(text.to_owned())), fault, "{text}");
        }
    }

    #[test]
    fn the_advice_of_the_engine_to_its_builders_is_left_out() {
        let said = DynoxideError::InternalServerError("backend: not a valid database. Enable a feature.".to_owned());
        assert_eq!(EngineFault::reason(&said), "not a valid database");
    }

    #[test]
    fn a_refused_request_is_no_fault_whatever_its_words() {
        let refused = DynoxideError::ValidationException("the value is malformed".to_owned());
        assert_eq!(EngineFault::of(&refused), None);
    }
}
