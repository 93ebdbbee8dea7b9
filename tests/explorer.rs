//! The explorer: keys in, screen out.
#![allow(missing_docs, clippy::large_futures, clippy::panic, clippy::unwrap_used, reason = "tests")]

#[path = "explorer/driver.rs"]
mod driver;

#[path = "explorer/line.rs"]
mod line;

#[path = "explorer/as_of.rs"]
mod as_of;

#[path = "explorer/merging.rs"]
mod merging;

#[path = "explorer/blame.rs"]
mod blame;

#[path = "explorer/changes.rs"]
mod changes;

#[path = "explorer/difference.rs"]
mod difference;

#[path = "explorer/drafts.rs"]
mod drafts;

#[path = "explorer/bring_back.rs"]
mod bring_back;

#[path = "explorer/comparison.rs"]
mod comparison;

#[path = "explorer/editing.rs"]
mod editing;

#[path = "explorer/faults.rs"]
mod faults;

#[path = "explorer/guards.rs"]
mod guards;

#[path = "explorer/help.rs"]
mod help;

#[path = "explorer/layout.rs"]
mod layout;

#[path = "explorer/lists.rs"]
mod lists;

#[path = "explorer/looks.rs"]
mod looks;

#[path = "explorer/moving.rs"]
mod moving;

#[path = "explorer/notes.rs"]
mod notes;

#[path = "explorer/search.rs"]
mod search;

#[path = "explorer/start.rs"]
mod start;

#[path = "explorer/states.rs"]
mod states;

#[path = "explorer/timeline.rs"]
mod timeline;

#[path = "explorer/trash.rs"]
mod trash;

#[path = "explorer/undo.rs"]
mod undo;

#[path = "explorer/value.rs"]
mod value;

#[path = "explorer/writing.rs"]
mod writing;
