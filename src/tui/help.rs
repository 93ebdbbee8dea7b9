//! The keys of a place in words, for the help window.

use super::action::BINDINGS;
use super::editor::EDITOR_KEYS;
use super::pane::Pane;

/// Returns the keys that work in a pane, or in the editor where there is none, each with what it does.
pub fn keys(pane: Option<Pane>) -> Vec<(&'static str, &'static str)> {
    match pane {
        Some(pane) => {
            let here = BINDINGS.iter().filter(|binding| binding.place.holds(pane));
            here.map(|binding| (binding.shown, binding.what)).collect()
        }
        None => EDITOR_KEYS.to_vec(),
    }
}
