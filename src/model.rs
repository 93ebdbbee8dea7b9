//! What is stored: ids, keys, versions and records. Pure; no I/O, no clock.
//!
//! A store holds applications, which hold users, which hold collections, which hold entries. Collections and entries are
//! versioned: each write is a new row, and a row read back is a [`Record`]. [`key`] knows how ids become table keys and
//! back; [`slug`] how a typed user name becomes the one that is stored.

pub mod address;
pub mod at;
pub mod id;
pub mod key;
pub mod moment;
pub mod record;
pub mod slug;
pub mod version;

pub use address::Address;
pub use id::{Application, CollectionId, EntryId, User};
pub use key::{CollectionKey, EntryKey, Subject};
pub use moment::Moment;
pub use record::{Filter, Record, Unreadable};
pub use version::Version;
