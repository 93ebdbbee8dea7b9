//! What the explorer knows of the drafts on this computer.

use std::collections::HashMap;
use std::sync::Arc;

use super::event::EditId;
use crate::drafts::{Draft, DraftId, Kept, Owner, Work};
use crate::json::{self, ChangeCounts};
use crate::model::{CollectionKey, EntryId, Record, Subject};
use crate::store::StoreError;

/// The drafts on this computer, and what is being done with them.
#[derive(Debug, Default)]
pub struct Drafts {
    /// All of them, the latest changed first.
    pub kept: Vec<Kept>,
    /// How each that can be read differs from its base, in words.
    pub changes: HashMap<DraftId, String>,
    /// Why nothing can be kept, since it last failed.
    pub problem: Option<String>,
    /// The newest versions of what they are about, or why those can't be read.
    pub newest: HashMap<Subject, Result<Arc<Record>, Arc<StoreError>>>,
    /// The one that is being opened, until the newest version has arrived.
    pub opening: Option<(EditId, Box<Draft>)>,
    /// The person asked for them, and the answer is awaited.
    pub is_asked: bool,
    /// They were shown, so that they don't show by themselves again.
    pub were_shown: bool,
}

impl Drafts {
    /// Takes in which drafts there are.
    pub fn set(&mut self, kept: Vec<Kept>) {
        let known = kept.iter().filter_map(|kept| Some((kept.id, in_words(kept.draft.as_ref().ok()?))));
        self.changes = known.collect();
        self.kept = kept;
    }

    /// Returns the drafts of the connection that is told by `home`.
    pub fn at<'a>(&'a self, home: &'a str) -> impl Iterator<Item = (&'a Kept, &'a Draft)> {
        let readable = self.kept.iter().filter_map(|kept| Some((kept, kept.draft.as_ref().ok()?)));
        readable.filter(move |(_, draft)| draft.home == home)
    }

    /// Returns the draft of an entry that can be gone on with.
    pub fn of<'a>(&'a self, home: &'a str, subject: &Subject) -> Option<(&'a Kept, &'a Draft)> {
        self.at(home).find(|(kept, draft)| {
            kept.owner != Owner::Running
                && matches!((&draft.work, subject), (Work::Version { entry, .. }, Subject::Entry(key)) if entry == key)
        })
    }

    /// Returns how many drafts wait for a person: those of sessions that have ended.
    pub fn left(&self) -> usize {
        self.kept.iter().filter(|kept| kept.owner == Owner::Ended).count()
    }
}

/// Returns how a draft differs from its base: `+1 ~2`, or why that can't be told.
fn in_words(draft: &Draft) -> String {
    let Ok(text) = json::parse(&draft.text) else { return "not JSON yet".to_owned() };
    let base = match &draft.work {
        Work::Version { base, .. } => base.value.as_deref(),
        Work::Entry { .. } => None,
    };
    match base.map(json::parse) {
        Some(Ok(base)) => ChangeCounts::of(&json::diff(&base, &text)).to_string(),
        _ => crate::text::size(draft.text.len()),
    }
}

/// Returns the collection that a draft is in, and its entry where that is there.
pub fn place(draft: &Draft) -> (&CollectionKey, Option<&EntryId>) {
    match &draft.work {
        Work::Version { entry, .. } => (&entry.collection, Some(&entry.id)),
        Work::Entry { collection, .. } => (collection, None),
    }
}

/// Returns what must be read to know whether a draft's base has moved: its entry, or the collection of a new one.
pub fn subject(draft: &Draft) -> Subject {
    match &draft.work {
        Work::Version { entry, .. } => Subject::Entry(entry.clone()),
        Work::Entry { collection, .. } => Subject::Collection(collection.clone()),
    }
}

/// Returns what a draft is called: `entry "desk"`, `new entry "stool"`.
pub fn title(draft: &Draft) -> String {
    match &draft.work {
        Work::Version { entry, .. } => {
            let name = draft.names.entry.as_deref().map_or_else(|| entry.id.to_string(), json::quote);
            format!("entry {name}")
        }
        Work::Entry { name, .. } => format!("new entry {}", json::quote(name)),
    }
}

/// Returns where a draft belongs: `shop › ada › lamps`.
pub fn path(draft: &Draft) -> String {
    let (collection, _) = place(draft);
    let name = draft.names.collection.as_deref().unwrap_or(collection.id.as_str());
    format!("{} › {} › {name}", collection.application, collection.user)
}
