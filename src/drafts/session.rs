//! Sessions: which explorers run.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use uuid::Uuid;

use super::{directory, disk};

/// A session of this process: it lasts as long as this has its file locked.
#[derive(Debug)]
pub(super) struct Session {
    id: Uuid,
    lock: File,
}

impl Session {
    /// Begins a session under a fresh uuid. Until this returns nothing else is in the directory under its name.
    pub(super) fn begin(directory: &Path) -> io::Result<Self> {
        loop {
            let id = Uuid::new_v4();
            let path = directory::lock(directory, id);
            let file = disk::create(&path)?;
            match file.try_lock() {
                // Nobody but us makes a file of that name, so if there is one it is the one that is locked. Otherwise
                // someone tidied it away between the two steps.
                Ok(()) if path.try_exists()? => return Ok(Self { id, lock: file }),
                // Someone looks at it at this moment, to tidy it away.
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    drop(disk::remove(&path));
                    return Err(error);
                }
            }
        }
    }

    /// Returns its name.
    pub(super) fn id(&self) -> Uuid {
        self.id
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Closing the file is not enough where a program is being started at this moment by another thread: it has the
        // file too until it is itself. What can't be unlocked is so at the latest when the process ends.
        drop(self.lock.unlock());
    }
}

/// Returns whether the explorer that began the session still runs. Once it doesn't, it never does again.
pub(super) fn is_running(directory: &Path, session: Uuid) -> bool {
    ended(directory, session).is_none()
}

/// Removes the lock file of a session that has ended, after `tidy`.
pub(super) fn remove_if_ended(directory: &Path, session: Uuid, tidy: impl FnOnce()) {
    // The lock is held to the end: a session that has just made its file and not locked it yet finds either it locked or
    // the file gone, and begins again under another name.
    if let Some(_lock) = ended(directory, session) {
        tidy();
        // What can't be removed is an empty file, looked at again the next time.
        drop(disk::remove(&directory::lock(directory, session)));
    }
}

/// That a session has ended, with a lock on its file where it still has one.
struct Ended {
    _lock: Option<File>,
}

fn ended(directory: &Path, session: Uuid) -> Option<Ended> {
    match File::open(directory::lock(directory, session)) {
        // Shared, so that two who look at the same time don't take each other for the session itself.
        Ok(file) => file.try_lock_shared().is_ok().then_some(Ended { _lock: Some(file) }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Ended { _lock: None }),
        // Whoever can't be asked is taken to be running.
        Err(_) => None,
    }
}
