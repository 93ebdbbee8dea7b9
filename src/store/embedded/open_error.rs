//! Why the embedded store could not be opened.

use std::io;
use std::path::{Path, PathBuf};

use dynoxide::DynoxideError;

use super::fault::EngineFault;
use super::file;

/// Says why the embedded store could not be opened, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A directory above the file is missing and could not be created.
    #[error(
        "cannot create the directory {} for the store: {source}. Create it, or choose another place with --data-dir.",
        .directory.display()
    )]
    Directory {
        /// The directory that the file was to lie in.
        directory: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file, or the directory it lies in, may not be written to.
    #[error(
        "cannot write to the store {}: {reason}. The file and its directory must both be writable, also for reading: \
         change their permissions, or choose another place with --data-dir, where a copy of the file will do.",
        .file.display()
    )]
    NotWritable {
        /// The store's file.
        file: PathBuf,
        /// What the system or the engine said.
        reason: String,
    },
    /// The file is not a store, or is damaged.
    #[error(
        "the store {} is damaged or is not a store: {reason}. Put back a copy of it, together with the -wal file \
         beside it if there is one, or move both away to start with an empty store.",
        .file.display()
    )]
    Damaged {
        /// The store's file.
        file: PathBuf,
        /// What the engine said.
        reason: String,
    },
    /// The file was written by a newer version of the engine; it was not changed.
    #[error(
        "this version of dynamini cannot read the store {}: {reason}. It was not changed. Upgrade dynamini, or choose \
         another place with --data-dir.",
        .file.display()
    )]
    Newer {
        /// The store's file.
        file: PathBuf,
        /// What the engine said, with both schema versions.
        reason: String,
    },
    /// Another process held the file's lock for as long as opening waits (2 seconds, or 30 for a long write).
    #[error(
        "the store {} is held by another process. Wait until that has finished, or stop it, and try again.",
        .file.display()
    )]
    Busy {
        /// The store's file.
        file: PathBuf,
    },
    /// The disk is full.
    #[error(
        "cannot open the store {}: the disk is full. Make room, or choose another place with --data-dir.",
        .file.display()
    )]
    Full {
        /// The store's file.
        file: PathBuf,
    },
    /// Anything else.
    #[error(
        "cannot open the store {}: {reason}. Check the path, and that the disk works and has room, also under a quota or \
         a limit on the size of files, or choose another place with --data-dir.",
        .file.display()
    )]
    Other {
        /// The store's file.
        file: PathBuf,
        /// What the system or the engine said.
        reason: String,
    },
}

impl OpenError {
    pub(super) fn from_io(file: &Path, error: &io::Error) -> Self {
        let (file, reason) = (file.to_owned(), error.to_string());
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::NotWritable { file, reason },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { file },
            _ => Self::Other { file, reason },
        }
    }

    pub(super) fn from_engine(file: &Path, error: &DynoxideError) -> Self {
        let (file, reason) = (file.to_owned(), EngineFault::reason(error));
        match EngineFault::of(error) {
            Some(EngineFault::Busy) => Self::Busy { file },
            Some(EngineFault::Damaged) => Self::Damaged { file, reason },
            Some(EngineFault::Full) => Self::Full { file },
            Some(EngineFault::ReadOnly) => Self::NotWritable { file, reason },
            Some(EngineFault::Io) if file::is_disk_full(&file) => Self::Full { file },
            _ if reason.contains("newer version") => Self::Newer { file, reason },
            _ => Self::Other { file, reason },
        }
    }

    /// Returns the fault to report when it was a request that needed the file opened again.
    pub(super) fn fault(&self) -> EngineFault {
        match self {
            Self::Busy { .. } => EngineFault::Busy,
            Self::Full { .. } => EngineFault::Full,
            Self::Directory { .. } | Self::NotWritable { .. } => EngineFault::ReadOnly,
            Self::Damaged { .. } | Self::Newer { .. } => EngineFault::Damaged,
            Self::Other { .. } => EngineFault::Crashed,
        }
    }
}
