//! What can go wrong with drafts.

use std::io;
use std::path::{Path, PathBuf};

use super::DraftId;

/// Says what could not be done with a draft, why, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// The disk, or the user's share of it, is full.
    #[error("cannot {doing} {}: the disk is full, or your share of it. Make room there and go on.", .path.display())]
    NoSpace {
        /// What was to be done.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
    },
    /// The system does not allow it.
    #[error(
        "cannot {doing} {}: {reason}. Make the directory writable for you, or choose another place with --data-dir.",
        .path.display()
    )]
    Denied {
        /// What was to be done.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file is no whole draft; it was not changed.
    #[error(
        "the draft {} is damaged: {reason}. It was not changed: look into it with an editor, or discard it.",
        .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file is of a newer version of dynamini; it was not changed.
    #[error(
        "the draft {} was written by a newer version of dynamini. It was not changed. Upgrade dynamini to open it.",
        .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// Another explorer that is running has the draft.
    #[error("the draft {id} is open in another dynamini. Go on there, or end that one first.")]
    InUse {
        /// The draft.
        id: DraftId,
    },
    /// The draft is not there any more.
    #[error(
        "the draft {id} is not there any more: another dynamini took it over, or it was discarded. List the drafts \
         again."
    )]
    Gone {
        /// The draft.
        id: DraftId,
    },
    /// What the person's editor wrote is not UTF-8; it was not changed.
    #[error(
        "what your editor wrote is not UTF-8 text. It is kept in {}: save it as UTF-8 from there, or go on with the \
         text as it was before.",
        .path.display()
    )]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A file that the person's editor wrote belongs to no draft that can be read; it was not changed.
    #[error(
        "{} holds what your editor wrote, but its draft is not there or can't be read. Look into it with an editor, or \
         discard it.",
        .path.display()
    )]
    Alone {
        /// The file.
        path: PathBuf,
    },
    /// Whoever keeps drafts has stopped.
    #[error("drafts are not kept any more: save, or copy what you typed, and start again")]
    Stopped,
    /// Anything else.
    #[error("cannot {doing} {}: {reason}. Check the path and the disk, and try again.", .path.display())]
    Io {
        /// What was to be done.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

impl DraftError {
    pub(super) fn from_io(doing: &'static str, path: &Path, error: &io::Error) -> Self {
        let (path, reason) = (path.to_owned(), error.to_string());
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace { doing, path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Denied { doing, path, reason },
            _ => Self::Io { doing, path, reason },
        }
    }
}
