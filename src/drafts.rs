//! Drafts: texts that are being edited and are not stored yet, kept on disk so that nothing typed is lost.
//!
//! One directory, one file for each draft, plain `std` I/O; the explorer calls it from a thread of its own. A file is
//! complete or absent: it is written under a temporary name, synced and renamed.
//!
//! | file | what it is |
//! |---|---|
//! | `SESSION.lock` | locked by the system for as long as the explorer that began the session runs |
//! | `SESSION-N.json` | a draft (`drafts::format`) |
//! | `SESSION-N.editK.json` | the draft's text as it was handed to the person's own editor, and what that wrote |
//! | `SESSION-N.tmp` | one of the two while it is being written |
//!
//! A session is a fresh uuid and writes only under names of its own, so two explorers never overwrite each other's
//! draft. A session whose lock can be had has ended, and never comes back. Its drafts are taken over by renaming them to
//! a name of the taker: of two who take the same one, exactly one gets it.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

mod directory;
mod disk;
mod draft;
mod error;
mod format;
mod left;
mod session;

use directory::Files;
pub use draft::{Base, Draft, DraftId, Kept, Left, Names, Owner, Work};
pub use error::DraftError;
use left::Loaded;
use session::Session;

/// Where the drafts of this computer's user are kept, and this process's session there. It ends when this is dropped or
/// the process is gone, however it went; its drafts stay.
///
/// It can be shared between threads; what writes waits for what is being written.
#[derive(Debug)]
pub struct Drafts {
    directory: PathBuf,
    session: Session,
    next: AtomicU64,
    handed_out: Mutex<HashMap<DraftId, HandedOut>>,
}

/// A text in a file that the person's own editor was started on.
#[derive(Debug)]
struct HandedOut {
    number: u64,
    path: PathBuf,
    /// What the explorer knows to be in the file: what it put there, then what it read back.
    text: String,
    is_back: bool,
}

impl Drafts {
    /// Opens the directory and begins a session in it.
    ///
    /// A directory that is missing is made, together with those above it, for its owner only (0700; elsewhere than on
    /// Unix the user's own directories are private by themselves). What ended sessions left half-written is removed.
    pub fn open(directory: &Path) -> Result<Self, DraftError> {
        let fails = |error: io::Error| DraftError::from_io("open the directory of drafts", directory, &error);
        disk::create_directory(directory).map_err(fails)?;
        let session = Session::begin(directory).map_err(fails)?;
        let files = Files::scan(directory).map_err(fails)?;
        files.tidy(session.id());
        let (directory, next) = (directory.to_owned(), AtomicU64::new(1));
        Ok(Self { directory, session, next, handed_out: Mutex::default() })
    }

    /// Returns a new id: no other draft of this or another session has it.
    pub fn new_id(&self) -> DraftId {
        DraftId { session: self.session.id(), number: self.number() }
    }

    /// Keeps a draft, on disk for good when this returns. Until then the older text of the same id is there.
    ///
    /// Where it fails the older one is still whole, and nothing half-written is left. What the person's editor wrote is
    /// removed with the first save after it was [taken back](Self::take_back), since the draft has it now; a file with
    /// anything else in it stays beside the draft. Only this session's drafts can be kept: another's must be
    /// [taken](Self::take) first.
    pub fn save(&self, draft: &Draft) -> Result<(), DraftError> {
        self.must_be_ours(draft.id)?;
        let mut handed_out = self.handed_out();
        // Saved again while the editor runs, nothing typed since: what the editor writes is still what is newer.
        let in_editor = handed_out.get(&draft.id).filter(|out| !out.is_back && out.text == draft.text);
        let number = in_editor.map(|out| out.number);
        self.write(draft, number)?;
        if number.is_none()
            && let Some(out) = handed_out.remove(&draft.id)
        {
            out.remove_if_known(&draft.text);
        }
        Ok(())
    }

    /// Lists all drafts that are kept, those changed last first.
    ///
    /// One that can't be read is listed with the reason, and so is a text of an editor that no readable draft belongs
    /// to; nothing is hidden, changed or removed. Other files in the directory are left alone.
    pub fn list(&self) -> Result<Vec<Kept>, DraftError> {
        let files = self.scan()?;
        let mut kept = Vec::new();
        let mut attached = Vec::new();
        for &id in &files.drafts {
            let draft = match left::load(&files, id) {
                // Taken over or discarded since the directory was read.
                Err(DraftError::Gone { .. }) => continue,
                Err(error) => Err(error),
                Ok(loaded) => {
                    attached.extend(loaded.attached);
                    Ok(loaded.draft)
                }
            };
            kept.push((id, files.draft(id), draft));
        }
        let alone = files.edits().filter(|(_, path)| !attached.contains(path) && path.exists());
        kept.extend(alone.map(|(id, path)| (id, path.clone(), Err(DraftError::Alone { path }))));
        let mut owners = HashMap::new();
        let kept = kept.into_iter().map(|(id, path, draft)| {
            let owner = *owners.entry(id.session).or_insert_with(|| self.owner(id));
            let changed = draft.as_ref().map_or_else(|_| disk::changed(&path), |draft| draft.changed);
            (changed, Kept { id, owner, path, draft })
        });
        let mut kept: Vec<_> = kept.collect();
        kept.sort_by_key(|(changed, kept)| (std::cmp::Reverse(*changed), kept.id));
        Ok(kept.into_iter().map(|(_, kept)| kept).collect())
    }

    /// Takes over a draft of a session that has ended, and returns it under a new id of this session; returns one of
    /// this session as it is.
    ///
    /// Where the person's editor wrote something that was not saved since, that is the text ([`Draft::left`]). Fails
    /// with `InUse` where the session runs, `Gone` where someone else was faster, and the reason where the draft can't
    /// be read, which leaves it where it is.
    pub fn take(&self, id: &DraftId) -> Result<Draft, DraftError> {
        if self.owner(*id) == Owner::Ours {
            return Ok(left::load(&self.scan()?, *id)?.draft);
        }
        // Before it is renamed, so that one that can't be read stays under the name it is known by.
        self.readable(*id)?;
        let mut handed_out = self.handed_out();
        let id = self.claim(*id)?;
        let Loaded { draft, handed_out: file, .. } = left::load(&self.scan()?, id)?;
        if let Some((number, path)) = file {
            handed_out.insert(id, HandedOut { number, path, text: draft.text.clone(), is_back: true });
        }
        Ok(draft)
    }

    /// Removes a draft with everything an editor left beside it, after its text was stored or the person discarded it;
    /// readable or not. One that is gone already is no error; one that another running session has fails with `InUse`.
    pub fn discard(&self, id: &DraftId) -> Result<(), DraftError> {
        let mut handed_out = self.handed_out();
        let owner = self.owner(*id);
        let id = match owner {
            Owner::Ours => *id,
            // Renamed first: whoever takes it over at this moment has it, or doesn't, but never half of it.
            Owner::Ended | Owner::Running => match self.claim(*id) {
                Ok(claimed) => claimed,
                Err(DraftError::Gone { .. }) if owner == Owner::Ended => *id,
                Err(DraftError::Gone { .. }) => return Ok(()),
                Err(error) => return Err(error),
            },
        };
        handed_out.remove(&id);
        let files = self.scan()?;
        let attached = match left::load(&files, id) {
            Ok(loaded) => loaded.attached,
            Err(_) => files.unclaimed(id),
        };
        // The draft last: cut short, what is left is a draft that can be discarded again.
        for path in attached.into_iter().chain([files.draft(id)]) {
            disk::remove(&path).map_err(|error| DraftError::from_io("remove the draft", &path, &error))?;
        }
        self.sync("remove the draft")
    }

    /// Saves the draft and returns the file to start the person's own editor on: beside the draft, for its owner only
    /// (0600), ending in `.json` since editors choose the syntax by it, with the text and one line feed in it.
    ///
    /// What the editor writes there survives a crash of the editor, of the explorer and of the machine: until it was
    /// taken back and saved, or the draft was discarded, it goes before the draft's own text. However the editor ended,
    /// [`take_back`](Self::take_back) is called next.
    pub fn hand_out(&self, draft: &Draft) -> Result<PathBuf, DraftError> {
        self.must_be_ours(draft.id)?;
        let mut handed_out = self.handed_out();
        let free = |number: &u64| !directory::edit(&self.directory, draft.id, *number).exists();
        // Numbers of a session that was taken over may be in use beside ours.
        let number = std::iter::repeat_with(|| self.number()).find(free).expect("numbers don't run out");
        // The draft first: cut short here, it names a file that isn't there, and its own text is the newest.
        self.write(draft, Some(number))?;
        if let Some(out) = handed_out.remove(&draft.id) {
            out.remove_if_known(&draft.text);
        }
        let path = directory::edit(&self.directory, draft.id, number);
        disk::replace(&self.temporary(draft.id), &path, format!("{}\n", draft.text).as_bytes())
            .map_err(|error| DraftError::from_io("write the file for your editor,", &path, &error))?;
        handed_out.insert(draft.id, HandedOut { number, path: path.clone(), text: draft.text.clone(), is_back: false });
        Ok(path)
    }

    /// Reads back what the editor wrote, without the one line feed at its end.
    ///
    /// Fails with `NotText` where it is not UTF-8, and with `Gone` where nothing is handed out. What could not be read
    /// stays where it is, beside the draft.
    pub fn take_back(&self, id: &DraftId) -> Result<String, DraftError> {
        let mut handed_out = self.handed_out();
        let mut out = handed_out.remove(id).ok_or(DraftError::Gone { id: *id })?;
        let text = left::read(&out.path)?;
        (out.text, out.is_back) = (text.clone(), true);
        handed_out.insert(*id, out);
        Ok(text)
    }

    /// Writes the draft's file, with the number of the text that is handed out and goes before its own.
    fn write(&self, draft: &Draft, handed_out: Option<u64>) -> Result<(), DraftError> {
        let path = directory::draft(&self.directory, draft.id);
        disk::replace(&self.temporary(draft.id), &path, &format::write(draft, handed_out))
            .map_err(|error| DraftError::from_io("keep the draft", &path, &error))
    }

    /// Renames a draft of an ended session, and what an editor left beside it, to a new id of ours.
    ///
    /// The draft's rename decides who gets it. A crash after it leaves texts of an editor under the old id, where they
    /// are found by the id inside the draft.
    fn claim(&self, id: DraftId) -> Result<DraftId, DraftError> {
        let files = self.scan()?;
        if !files.has(id) {
            return Err(DraftError::Gone { id });
        }
        if session::is_running(&self.directory, id.session) {
            return Err(DraftError::InUse { id });
        }
        let ours = self.new_id();
        let path = files.draft(id);
        let edits = format::read(&path, id).map_or_else(|_| files.edits_of(id), |stored| files.attached(id, &stored));
        fs::rename(&path, files.draft(ours)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => DraftError::Gone { id },
            _ => DraftError::from_io("take over the draft", &path, &error),
        })?;
        for (number, path) in edits {
            // One that stays behind is still found, by the id inside the draft.
            drop(fs::rename(&path, directory::edit(&self.directory, ours, number)));
        }
        self.sync("take over the draft")?;
        Ok(ours)
    }

    /// Fails with the reason where there is no draft to be read under the id.
    fn readable(&self, id: DraftId) -> Result<(), DraftError> {
        let files = self.scan()?;
        match left::load(&files, id) {
            Ok(_) => Ok(()),
            Err(error @ DraftError::Gone { .. }) => {
                Err(files.unclaimed(id).into_iter().next().map_or(error, |path| DraftError::Alone { path }))
            }
            Err(error) => Err(error),
        }
    }

    fn owner(&self, id: DraftId) -> Owner {
        if id.session == self.session.id() {
            Owner::Ours
        } else if session::is_running(&self.directory, id.session) {
            Owner::Running
        } else {
            Owner::Ended
        }
    }

    fn must_be_ours(&self, id: DraftId) -> Result<(), DraftError> {
        if id.session == self.session.id() { Ok(()) } else { Err(DraftError::InUse { id }) }
    }

    fn scan(&self) -> Result<Files, DraftError> {
        Files::scan(&self.directory).map_err(|error| DraftError::from_io("list the drafts in", &self.directory, &error))
    }

    fn sync(&self, doing: &'static str) -> Result<(), DraftError> {
        disk::sync_directory(&self.directory).map_err(|error| DraftError::from_io(doing, &self.directory, &error))
    }

    fn temporary(&self, id: DraftId) -> PathBuf {
        directory::temporary(&self.directory, id)
    }

    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Waits for whoever is writing: two saves of one draft share a temporary name.
    fn handed_out(&self) -> MutexGuard<'_, HashMap<DraftId, HandedOut>> {
        self.handed_out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HandedOut {
    /// Removes the file where nothing is in it that isn't known: an editor that goes on in the background may have
    /// written again.
    fn remove_if_known(&self, saved: &str) {
        if disk::read_text(&self.path).is_ok_and(|text| text == self.text || text == saved) {
            // One that stays is listed with the draft until that is discarded.
            drop(disk::remove(&self.path));
        }
    }
}

#[cfg(test)]
mod tests;
