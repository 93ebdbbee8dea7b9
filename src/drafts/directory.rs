//! The names of the files, and what is in the directory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::format::Stored;
use super::{DraftId, disk, format, session};

/// Returns the file that a running session has locked.
pub(super) fn lock(directory: &Path, session: Uuid) -> PathBuf {
    directory.join(format!("{session}.lock"))
}

/// Returns the file of a draft.
pub(super) fn draft(directory: &Path, id: DraftId) -> PathBuf {
    directory.join(format!("{id}.json"))
}

/// Returns the file of a text that was handed out.
pub(super) fn edit(directory: &Path, id: DraftId, number: u64) -> PathBuf {
    directory.join(format!("{id}.edit{number}.json"))
}

/// Returns the name that the files of a draft have while they are written.
pub(super) fn temporary(directory: &Path, id: DraftId) -> PathBuf {
    directory.join(format!("{id}.tmp"))
}

/// What a file is by its name.
#[derive(Debug, PartialEq, Eq)]
enum Name {
    Lock(Uuid),
    Draft(DraftId),
    Edit(DraftId, u64),
    Temporary(DraftId),
}

impl Name {
    /// Takes a name apart; `None` for one that is none of ours.
    fn parse(name: &str) -> Option<Self> {
        let (session, rest) = name.split_at_checked(uuid::fmt::Hyphenated::LENGTH)?;
        let session = Uuid::parse_str(session).ok().filter(|uuid| uuid.to_string() == session)?;
        if rest == ".lock" {
            return Some(Self::Lock(session));
        }
        let (number, kind) = rest.strip_prefix('-')?.split_once('.')?;
        let id = DraftId { session, number: decimal(number)? };
        match kind {
            "json" => Some(Self::Draft(id)),
            "tmp" => Some(Self::Temporary(id)),
            _ => Some(Self::Edit(id, decimal(kind.strip_prefix("edit")?.strip_suffix(".json")?)?)),
        }
    }
}

/// Reads a number in the one form in which it is written.
fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

/// Reads an id in the one form in which it is written.
pub(super) fn parse_id(text: &str) -> Option<DraftId> {
    match Name::parse(&format!("{text}.json")) {
        Some(Name::Draft(id)) => Some(id),
        _ => None,
    }
}

/// The files of the directory that are ours, as they were at one moment.
#[derive(Debug)]
pub(super) struct Files {
    directory: PathBuf,
    /// The drafts.
    pub(super) drafts: BTreeSet<DraftId>,
    edits: BTreeMap<DraftId, BTreeSet<u64>>,
    temporary: Vec<DraftId>,
    locks: BTreeSet<Uuid>,
}

impl Files {
    pub(super) fn scan(directory: &Path) -> io::Result<Self> {
        let mut files = Self {
            directory: directory.to_owned(),
            drafts: BTreeSet::new(),
            edits: BTreeMap::new(),
            temporary: Vec::new(),
            locks: BTreeSet::new(),
        };
        for file in fs::read_dir(directory)? {
            match file?.file_name().to_str().and_then(Name::parse) {
                Some(Name::Lock(session)) => drop(files.locks.insert(session)),
                Some(Name::Draft(id)) => drop(files.drafts.insert(id)),
                Some(Name::Edit(id, number)) => drop(files.edits.entry(id).or_default().insert(number)),
                Some(Name::Temporary(id)) => files.temporary.push(id),
                None => {}
            }
        }
        Ok(files)
    }

    /// Returns the file of a draft.
    pub(super) fn draft(&self, id: DraftId) -> PathBuf {
        draft(&self.directory, id)
    }

    /// Returns whether anything is there under the id.
    pub(super) fn has(&self, id: DraftId) -> bool {
        self.drafts.contains(&id) || self.edits.contains_key(&id)
    }

    /// Returns all texts that were handed out.
    pub(super) fn edits(&self) -> impl Iterator<Item = (DraftId, PathBuf)> {
        self.edits.keys().flat_map(|&id| self.edits_of(id).into_iter().map(move |(_, path)| (id, path)))
    }

    /// Returns the texts that were handed out under the id, with their numbers.
    pub(super) fn edits_of(&self, id: DraftId) -> Vec<(u64, PathBuf)> {
        let numbers = self.edits.get(&id).into_iter().flatten();
        numbers.map(|&number| (number, edit(&self.directory, id, number))).collect()
    }

    /// Returns the texts that were handed out of a draft, with their numbers. Those of one that was taken over may still
    /// be under the id that is inside of it.
    pub(super) fn attached(&self, id: DraftId, stored: &Stored) -> Vec<(u64, PathBuf)> {
        let mut edits = self.edits_of(id);
        let former = stored.draft.id;
        if former != id && !self.drafts.contains(&former) {
            edits.extend(self.edits_of(former));
        }
        edits
    }

    /// Returns the texts under the id that don't belong to a draft under another one.
    pub(super) fn unclaimed(&self, id: DraftId) -> Vec<PathBuf> {
        let edits = self.edits_of(id);
        if edits.is_empty() {
            return Vec::new();
        }
        let others = self.drafts.iter().filter(|other| **other != id);
        let mut formers = others.filter_map(|other| Some(format::read(&self.draft(*other), *other).ok()?.draft.id));
        if !self.drafts.contains(&id) && formers.any(|former| former == id) {
            return Vec::new();
        }
        edits.into_iter().map(|(_, path)| path).collect()
    }

    /// Removes what ended sessions left that is of no use: their locks, and what was half-written.
    ///
    /// A temporary file is never the only copy of something that was said to be kept: saving has not returned, the older
    /// text is under the draft's own name until the rename, and what is in the temporary one may be cut anywhere.
    pub(super) fn tidy(&self, own: Uuid) {
        let sessions: BTreeSet<_> =
            self.temporary.iter().map(|id| id.session).chain(self.locks.iter().copied()).collect();
        for session in sessions.into_iter().filter(|session| *session != own) {
            session::remove_if_ended(&self.directory, session, || {
                for id in self.temporary.iter().filter(|id| id.session == session) {
                    drop(disk::remove(&temporary(&self.directory, *id)));
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_known_by_its_name_and_no_other_file_is() {
        let (session, directory) = (Uuid::from_u128(7), Path::new("d"));
        let id = DraftId { session, number: 12 };
        let parse = |path: PathBuf| path.file_name().and_then(|name| Name::parse(name.to_str()?));
        assert_eq!(parse(lock(directory, session)), Some(Name::Lock(session)));
        assert_eq!(parse(draft(directory, id)), Some(Name::Draft(id)));
        assert_eq!(parse(edit(directory, id, 3)), Some(Name::Edit(id, 3)));
        assert_eq!(parse(temporary(directory, id)), Some(Name::Temporary(id)));
        assert_eq!(parse_id(&id.to_string()), Some(id));
        for name in ["", "notes.json", "é", &format!("{session}"), &format!("{session}-1.json~")] {
            assert_eq!(Name::parse(name), None, "{name}");
        }
        for name in ["-01.json", "-1.edit.json", "-1.edit+1.json", "-.json", ".json", "-1.json.json"] {
            assert_eq!(Name::parse(&format!("{session}{name}")), None, "{name}");
        }
        assert_eq!(Name::parse(&format!("{}-1.json", session.to_string().replace('0', "A"))), None);
    }
}
