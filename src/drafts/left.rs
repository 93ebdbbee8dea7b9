//! What an editor left: a draft and the texts that were handed out of it, put together.

use std::io;
use std::path::{Path, PathBuf};

use super::directory::Files;
use super::{Draft, DraftError, DraftId, disk, format};

/// A draft as it is to be gone on with.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) draft: Draft,
    /// The file that was handed out when the draft was saved last, with its number. Its text is the draft's now.
    pub(super) handed_out: Option<(u64, PathBuf)>,
    /// All files of an editor that belong to the draft.
    pub(super) attached: Vec<PathBuf>,
}

/// Reads a draft, under the id that its file is named by, with what an editor left beside it.
pub(super) fn load(files: &Files, id: DraftId) -> Result<Loaded, DraftError> {
    let stored = format::read(&files.draft(id), id)?;
    let edits = files.attached(id, &stored);
    let mut draft = Draft { id, ..stored.draft };
    let mut handed_out = None;
    if let Some((number, path)) = edits.iter().find(|(number, _)| Some(*number) == stored.handed_out)
        && let Ok(text) = disk::read_text(path)
        // An editor that crashed may have emptied the file and not filled it again.
        && (text == draft.text || !text.trim().is_empty())
    {
        if text != draft.text {
            draft.left.before = Some(std::mem::replace(&mut draft.text, text));
            draft.changed = draft.changed.max(disk::changed(path));
        }
        handed_out = Some((*number, path.clone()));
    }
    let attached: Vec<_> = edits.into_iter().map(|(_, path)| path).collect();
    draft.left.beside = attached.iter().filter(|path| holds_more(path, &draft.text)).cloned().collect();
    Ok(Loaded { draft, handed_out, attached })
}

/// Returns whether something is in the file that is not in the text.
fn holds_more(path: &Path, text: &str) -> bool {
    match disk::read_text(path) {
        Ok(left) => left != text && !left.trim().is_empty(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// Reads what an editor wrote.
pub(super) fn read(path: &Path) -> Result<String, DraftError> {
    disk::read_text(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => DraftError::NotText { path: path.to_owned() },
        _ => DraftError::from_io("read what your editor wrote,", path, &error),
    })
}
