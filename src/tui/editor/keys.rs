//! Which key does what.

use super::moves::Move;
use super::{Editor, KeyCode, KeyEvent, KeyModifiers, Outcome};

/// The editing keys for people to read: keys and what they do. ^Z, ^S, ^C and Esc are not the editor's.
pub const EDITOR_KEYS: &[(&str, &str)] = &[
    ("←↓↑→ PgUp PgDn", "move"),
    ("^← ^→", "previous, next word"),
    ("Home End", "start, end of the line"),
    ("^Home ^End", "start, end of the text"),
    ("Shift and a move", "select"),
    ("^A", "select all"),
    ("Tab S-Tab", "indent, take indentation away"),
    ("^W", "delete the word before the cursor"),
    ("^K", "cut the selection or the line"),
    ("^V", "insert what was cut"),
    ("^U ^/", "undo"),
    ("^Y ^R", "redo"),
    ("^T", "format (pretty-print)"),
    ("^E", "go to the mistake"),
    ("^F", "search; Enter ↓ next, ↑ previous, Esc ends"),
];

/// Handles a key.
pub(super) fn press(editor: &mut Editor, key: KeyEvent) -> Outcome {
    editor.notice = None;
    let outcome = if editor.search.is_some() { press_in_search(editor, key) } else { press_in_text(editor, key) };
    match outcome {
        Outcome::Changed => editor.goal = None,
        Outcome::Handled => editor.steps.close(),
        Outcome::Ignored => {}
    }
    outcome
}

fn press_in_text(editor: &mut Editor, key: KeyEvent) -> Outcome {
    let KeyEvent { code, modifiers, .. } = key;
    if modifiers.contains(KeyModifiers::CONTROL) {
        return press_with_control(editor, key);
    }
    let alt = modifiers.contains(KeyModifiers::ALT);
    if let Some(to) = movement(code, false) {
        return editor.go(to, modifiers.contains(KeyModifiers::SHIFT));
    }
    match code {
        KeyCode::Backspace if alt => editor.erase_word(),
        KeyCode::Char(character) if !alt => editor.type_character(character),
        KeyCode::Enter => editor.break_line(),
        KeyCode::Tab => editor.insert("  "),
        KeyCode::BackTab => editor.outdent(),
        KeyCode::Backspace => editor.erase_back(),
        KeyCode::Delete => editor.erase_forward(),
        _ => Outcome::Ignored,
    }
}

fn press_with_control(editor: &mut Editor, key: KeyEvent) -> Outcome {
    if let Some(to) = movement(key.code, true) {
        return editor.go(to, key.modifiers.contains(KeyModifiers::SHIFT));
    }
    let KeyCode::Char(character) = key.code else {
        return if key.code == KeyCode::Backspace { editor.erase_word() } else { Outcome::Ignored };
    };
    match character.to_ascii_lowercase() {
        'a' => editor.select_all(),
        'e' => editor.go_to_problem(),
        'f' => editor.start_search(),
        // What Backspace and Enter are on some terminals.
        'h' => editor.erase_back(),
        'j' => editor.break_line(),
        'k' => editor.cut(),
        't' => editor.format(),
        // ^/ and ^_ are one byte, which crossterm takes for ^7; terminals with newer protocols tell them apart.
        'u' | '/' | '_' | '7' => editor.undo(),
        'v' => editor.insert_cut(),
        'w' => editor.erase_word(),
        'y' | 'r' => editor.redo(),
        _ => Outcome::Ignored,
    }
}

fn press_in_search(editor: &mut Editor, key: KeyEvent) -> Outcome {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Esc => editor.end_search(),
        KeyCode::Enter | KeyCode::Down => editor.next_match(),
        KeyCode::Up => editor.previous_match(),
        KeyCode::Backspace => editor.search_for_less(),
        KeyCode::Char('n' | 'f' | 'j') if control => editor.next_match(),
        KeyCode::Char('p') if control => editor.previous_match(),
        KeyCode::Char('h') if control => editor.search_for_less(),
        KeyCode::Char(_) if control || key.modifiers.contains(KeyModifiers::ALT) => Outcome::Ignored,
        KeyCode::Char(character) => editor.search_for_more(character.encode_utf8(&mut [0; 4])),
        _ => Outcome::Ignored,
    }
}

fn movement(code: KeyCode, far: bool) -> Option<Move> {
    Some(match (code, far) {
        (KeyCode::Left, false) => Move::Left,
        (KeyCode::Left, true) => Move::WordLeft,
        (KeyCode::Right, false) => Move::Right,
        (KeyCode::Right, true) => Move::WordRight,
        (KeyCode::Up, _) => Move::Up,
        (KeyCode::Down, _) => Move::Down,
        (KeyCode::Home, false) => Move::LineStart,
        (KeyCode::Home, true) => Move::Top,
        (KeyCode::End, false) => Move::LineEnd,
        (KeyCode::End, true) => Move::Bottom,
        (KeyCode::PageUp, _) => Move::PageUp,
        (KeyCode::PageDown, _) => Move::PageDown,
        _ => return None,
    })
}
