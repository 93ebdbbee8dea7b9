//! The keys of a place in words, for the help window.

use super::action::BINDINGS;
use super::editor::EDITOR_KEYS;
use super::pane::Pane;

/// The keys of the editor that lead out of it.
const WAYS_OUT: [(&str, &str); 4] = [
    ("^S", "Show what will change, merged with what others wrote; Enter there writes it"),
    ("^O", "Go on in $VISUAL, $EDITOR or vi"),
    ("Esc", "Close; asks where something was typed, which is kept as a draft meanwhile"),
    ("F1", "Show these keys"),
];

/// Returns the keys that work in a pane, or in the editor where there is none, each with what it does.
pub fn keys(pane: Option<Pane>) -> Vec<(&'static str, &'static str)> {
    match pane {
        Some(pane) => {
            let here = BINDINGS.iter().filter(|binding| binding.place.holds(pane));
            here.map(|binding| (binding.shown, binding.what)).collect()
        }
        None => WAYS_OUT.into_iter().chain(EDITOR_KEYS.iter().copied()).collect(),
    }
}
