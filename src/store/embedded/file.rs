//! The store's file on disk: where it lies and who may read it.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::open_error::OpenError;

/// Held while a new file is made.
///
/// Closing any handle on a file drops every lock that this process holds on it (POSIX), those of `SQLite` included. A
/// file that exists is therefore never opened here, and nobody opens a new one before this handle on it is closed.
static CREATION: Mutex<()> = Mutex::new(());

/// Creates the directories above `file` and the file itself where they are missing, and keeps both to their owner.
///
/// `SQLite` gives the files it puts beside the store (`-wal`, `-shm`) the permissions of the store's own.
///
/// Fails where the file is missing or empty and a log (`-wal`) with content lies beside it: `SQLite` would throw that
/// away, and it may hold versions that are nowhere else.
pub(super) fn prepare(file: &Path) -> Result<(), OpenError> {
    if let Some(directory) = file.parent() {
        create_directory(directory)
            .map_err(|source| OpenError::Directory { directory: directory.to_owned(), source })?;
    }
    if has_stray_log(file) {
        let reason = "it is missing or empty, while the -wal file beside it is not".to_owned();
        return Err(OpenError::Damaged { file: file.to_owned(), reason });
    }
    create(file).and_then(|()| keep_to_owner(file)).map_err(|error| OpenError::from_io(file, &error))
}

/// Looks at the log first: one that another process makes with the store comes after the store's first page.
fn has_stray_log(file: &Path) -> bool {
    let size = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    size(Path::new(&log)) > 0 && size(file) == 0
}

/// Returns whether the disk has no room for the index of the log, which each first process to open a store makes
/// beside it: `SQLite` calls that an I/O error.
#[cfg(unix)]
pub(super) fn is_disk_full(file: &Path) -> bool {
    /// What the index takes at least (`WALINDEX_PGSZ` in `SQLite`'s wal.c).
    const INDEX_BYTES: u64 = 32_768;
    rustix::fs::statvfs(file).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < INDEX_BYTES)
}

/// Returns `false`: elsewhere than on Unix an I/O error stays one.
#[cfg(not(unix))]
pub(super) fn is_disk_full(_file: &Path) -> bool {
    false
}

fn create(file: &Path) -> io::Result<()> {
    let _alone = CREATION.lock().unwrap_or_else(PoisonError::into_inner);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn create_directory(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Takes a file that others may read or write back to its owner, if that is us; someone else's is theirs to share.
#[cfg(unix)]
fn keep_to_owner(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    let metadata = fs::metadata(file)?;
    let mode = metadata.permissions().mode();
    let ours = metadata.is_file() && metadata.uid() == rustix::process::geteuid().as_raw();
    if ours && mode & 0o077 != 0 {
        fs::set_permissions(file, fs::Permissions::from_mode(mode & 0o700))?;
    }
    Ok(())
}

/// Leaves the permissions as they are: elsewhere than on Unix the user's own directories are private by themselves.
#[cfg(not(unix))]
fn keep_to_owner(_file: &Path) -> io::Result<()> {
    Ok(())
}
