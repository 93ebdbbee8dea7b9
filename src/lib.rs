//! dynamini: a terminal explorer, editor and time machine for versioned JSON collections kept in two DynamoDB tables.
//!
//! # The layers
//!
//! A file imports only from rows above its own; `tests/layers.rs` reads the `use` lines and enforces it.
//!
//! | modules | what they are |
//! |---|---|
//! | [`model`] | ids, keys, versions, records: what is stored. Pure |
//! | [`config`], [`json`], [`text`] | settings; JSON without loss, compared by path; text that is safe to show. Pure |
//! | [`history`] | what happened from version to version, and search in versions. Pure |
//! | [`store`] | the two tables: the only place that speaks to DynamoDB, through its SDK; `store::embedded` is the engine |
//! | [`transfer`] | copies of a store's rows as text, and back |
//! | [`compare`] | two states of a collection or a user side by side |
//! | [`bring_back`] | the plan that makes many as they were at a moment, and carrying it out |
//! | [`drafts`] | what is typed and not stored yet, kept on disk |
//! | [`tui`]'s parts | events, actions, panes, lists, timeline, value, editor, windows, theme, terminal |
//! | [`tui::app`] | the state of the explorer, all of it |
//! | [`tui::update`], [`tui::view`], [`tui::worker`] | event to new state and effects; state to screen; effect to request to reply |
//! | [`tui`] | the loop that joins them |
//! | [`server`] | the original's HTTP API; it and the explorer never meet |
//! | [`cli`], `main` | the command line |
//!
//! # One action, from key to row
//!
//! `^S` in the editor: [`tui::terminal`] reads the key, `tui::update::keys` hands it to the editor (`update::edit`), where
//! `save` parses the text, compares it with its base ([`json::diff`]) and opens the review; where a newer version has been
//! seen, `update::merge` makes one of both first. Enter in the review (`update::windows`) goes through `update::guard`,
//! which asks once more on a protected connection, and becomes an [`Effect::Write`](tui::event::Effect::Write). The worker passes it to
//! [`Store::update`](store::Store::update), which reads the newest row, checks that it is still the base, and sends one
//! transaction that marks the base and puts the new row (`store::write`). The reply is an event again:
//! `update::replies` closes the review and the editor, drops the draft, notes the write for undo, and has the timeline
//! read anew. A row becomes a version in `store::row`.

pub mod bring_back;
pub mod cli;
pub mod compare;
pub mod config;
pub mod drafts;
pub mod history;
pub mod json;
pub mod model;
pub mod server;
pub mod store;
pub mod text;
pub mod transfer;
pub mod tui;
