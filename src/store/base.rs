//! What a write is based on, and whether that still holds.

use super::error::StoreError;
use crate::model::{Record, Version};

/// What a write is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// That version, which must still be the newest.
    Version(Version),
    /// That version, which must still be the newest, and still be deleted or not as it was seen.
    Seen {
        /// The version.
        version: Version,
        /// Whether it carried the deletion mark.
        deleted: bool,
    },
    /// Whatever is the newest: the last writer wins.
    Any,
    /// Whatever is the newest, and still as it was read when the write is made: the last writer wins, over nothing
    /// that it has not seen. Dearer than [`Base::Any`], which can bring back what is deleted at the same moment, and
    /// keep an older name or value where it changes the other alone.
    Newest,
}

impl Base {
    /// Returns the state of a version that was read.
    pub fn seen(record: &Record) -> Self {
        Self::Seen { version: record.version, deleted: record.is_deleted() }
    }

    /// Returns the version, where one is named.
    pub fn version(self) -> Option<Version> {
        match self {
            Self::Version(version) | Self::Seen { version, .. } => Some(version),
            Self::Any | Self::Newest => None,
        }
    }
}

/// Fails where what a write is based on is not what is there.
pub(super) fn check_base(newest: &Record, base: Base) -> Result<(), StoreError> {
    let Some(expected) = base.version() else { return Ok(()) };
    if expected != newest.version {
        return Err(StoreError::VersionConflict { expected, actual: newest.version });
    }
    match base {
        Base::Seen { deleted: false, .. } => refuse_deleted(newest),
        Base::Seen { deleted: true, .. } if !newest.is_deleted() => {
            Err(StoreError::NotDeleted { what: super::describe(newest) })
        }
        _ => Ok(()),
    }
}

/// Fails for what carries the deletion mark.
pub(super) fn refuse_deleted(newest: &Record) -> Result<(), StoreError> {
    match &newest.deleted_at {
        Some(at) => Err(StoreError::Deleted { what: super::describe(newest), at: at.clone() }),
        None => Ok(()),
    }
}
