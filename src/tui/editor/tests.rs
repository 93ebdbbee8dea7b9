//! Keys in, text and buffer out.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::*;
use crate::text::display_safe;
use crate::tui::theme::{Palette, Theme};

/// Presses keys named in a list separated by spaces: `"end enter ^u"`; other words are typed.
fn press(editor: &mut Editor, keys: &str) {
    for name in keys.split(' ').filter(|name| !name.is_empty()) {
        let mut modifiers = KeyModifiers::NONE;
        let mut bare = name;
        if let Some(rest) = bare.strip_prefix("shift-") {
            (bare, modifiers) = (rest, KeyModifiers::SHIFT);
        }
        if bare.len() > 1
            && let Some(rest) = bare.strip_prefix('^')
        {
            (bare, modifiers) = (rest, modifiers | KeyModifiers::CONTROL);
        }
        let code = match bare {
            "enter" => KeyCode::Enter,
            "tab" => KeyCode::Tab,
            "backtab" => KeyCode::BackTab,
            "backspace" => KeyCode::Backspace,
            "delete" => KeyCode::Delete,
            "esc" => KeyCode::Esc,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pgup" => KeyCode::PageUp,
            "pgdn" => KeyCode::PageDown,
            "space" => KeyCode::Char(' '),
            word => {
                for character in word.chars() {
                    editor.key(KeyEvent::new(KeyCode::Char(character), modifiers));
                }
                continue;
            }
        };
        editor.key(KeyEvent::new(code, modifiers));
    }
}

/// Returns the text after keys were pressed in an editor of `text`.
fn after(text: &str, keys: &str) -> String {
    let mut editor = Editor::new(text);
    press(&mut editor, keys);
    editor.text()
}

fn drawn(editor: &Editor, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    draw(editor, Theme::new(Palette::Plain), area, &mut buffer);
    buffer
}

/// Returns the rows of a buffer without the spaces at their ends; the second cell of a wide character is left out.
fn rows(buffer: &Buffer) -> Vec<String> {
    let row = |y| {
        let mut row = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += u16::try_from(crate::text::width(symbol).max(1)).expect("a cell is narrow");
        }
        row.trim_end().to_owned()
    };
    (0..buffer.area.height).map(row).collect()
}

/// Returns the cells in reverse, as column and row.
fn reversed(buffer: &Buffer) -> Vec<(u16, u16)> {
    let area = buffer.area;
    area.positions()
        .filter(|place| buffer[*place].modifier.contains(Modifier::REVERSED))
        .map(|place| (place.x, place.y))
        .collect()
}

#[test]
fn json_is_opened_pretty_printed_and_counts_as_unchanged() {
    let editor = Editor::new(r#"{"a":1.0,"b":[]}"#);
    assert_eq!(editor.text(), "{\n  \"a\": 1.0,\n  \"b\": []\n}");
    assert!(!editor.is_modified());
    assert!(editor.problem().is_none());
}

#[test]
fn other_text_is_opened_as_it_is_and_never_lost() {
    let mut editor = Editor::new("not json\r\n at\rall");
    assert_eq!(editor.text(), "not json\n at\nall");
    assert_eq!(editor.format(), Outcome::Handled);
    assert_eq!(editor.text(), "not json\n at\nall", "formatting leaves it alone");
    assert!(rows(&drawn(&editor, 60, 5))[4].contains("only JSON can be formatted"));
    press(&mut editor, "x");
    assert_eq!(editor.text(), "xnot json\n at\nall");
    assert!(editor.is_modified());
}

#[test]
fn a_text_edited_elsewhere_is_compared_with_the_value() {
    let editor = Editor::reopened("{\"a\": ", r#"{"a":1}"#);
    assert_eq!(editor.text(), "{\"a\": ");
    assert!(editor.is_modified());
    assert!(!Editor::reopened("{\n  \"a\": 1\n}", r#"{"a":1}"#).is_modified());
}

#[test]
fn typing_checks_the_text_after_every_key() {
    let mut editor = Editor::new("[1]");
    press(&mut editor, "down end ,");
    let problem = editor.problem().expect("a comma needs an item behind it");
    assert_eq!((problem.line, problem.column), (2, 4), "the comma is the mistake");
    press(&mut editor, "2");
    assert_eq!(editor.problem(), None);
    assert_eq!(editor.text(), "[\n  1,2\n]");
    press(&mut editor, "backspace backspace");
    assert!(!editor.is_modified());
}

#[test]
fn a_new_line_is_indented() {
    assert_eq!(after("{}", "right enter"), "{\n  \n}", "between brackets they are set apart");
    assert_eq!(after("[[1]]", "down end enter 2"), "[\n  [\n    2\n    1\n  ]\n]");
    assert_eq!(after("[1,2]", "down end enter"), "[\n  1,\n  \n  2\n]");
    assert_eq!(after("", "[ enter 1 enter ]"), "[\n  1\n]", "a closing bracket goes back a level");
    assert_eq!(after("[1]", "down home tab"), "[\n    1\n]");
    assert_eq!(after("[1]", "down end backtab"), "[\n1\n]");
    assert_eq!(after("[1]", "down backspace"), "[  1\n]");
    assert_eq!(after("[1]", "down home backspace"), "[\n1\n]", "a level of indentation goes as one");
}

#[test]
fn undo_goes_back_in_words_and_redo_forward() {
    let mut editor = Editor::new("x");
    press(&mut editor, "end one space two");
    assert_eq!(editor.text(), "xone two");
    press(&mut editor, "^u");
    assert_eq!(editor.text(), "xone");
    press(&mut editor, "^7");
    assert_eq!(editor.text(), "x", "^/ arrives as ^7");
    press(&mut editor, "^u");
    assert!(rows(&drawn(&editor, 40, 3))[2].contains("nothing to undo"));
    press(&mut editor, "^y ^r");
    assert_eq!(editor.text(), "xone two");
    assert_eq!(editor.position(), (1, 9));
    press(&mut editor, "^u ! ^y");
    assert_eq!(editor.text(), "xone!", "typing ends what can be redone");
}

#[test]
fn a_paste_is_one_step_and_replaces_the_selection() {
    let mut editor = Editor::new("\"abc\"");
    press(&mut editor, "right shift-right shift-right");
    editor.paste("1\r\n2\r3");
    assert_eq!(editor.text(), "\"1\n2\n3c\"");
    press(&mut editor, "^u");
    assert_eq!(editor.text(), "\"abc\"");
    press(&mut editor, "^y");
    assert_eq!(editor.text(), "\"1\n2\n3c\"");
}

#[test]
fn formatting_is_one_step_and_keeps_the_cursor_at_its_token() {
    let mut editor = Editor::reopened("{\"a\":[1,2],\n\n\"b\":3}", "{}");
    press(&mut editor, "right right right right right right right right");
    assert_eq!(editor.position(), (1, 9), "at the 2");
    press(&mut editor, "^t");
    assert_eq!(editor.text(), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": 3\n}");
    assert_eq!(editor.position(), (4, 5), "still at the 2");
    press(&mut editor, "^u");
    assert_eq!(editor.text(), "{\"a\":[1,2],\n\n\"b\":3}");
    assert_eq!(editor.position(), (1, 9));
}

#[test]
fn cutting_and_inserting_moves_lines_and_selections() {
    assert_eq!(after("[1,2]", "down ^k down ^v"), "[\n  2\n  1,\n]");
    assert_eq!(after("12345", "right shift-right shift-right ^k end ^v"), "14523");
    assert_eq!(after("12345", "^a ^k"), "");
    assert_eq!(after("one two", "end ^w"), "one ");
    assert_eq!(after("one two", "^right delete"), "one wo");
}

#[test]
fn graphemes_are_moved_over_and_deleted_whole() {
    assert_eq!(after("\"👩‍👩‍👧‍👦e\u{301}\"", "right delete x"), "\"xe\u{301}\"");
    assert_eq!(after("\"👩‍👩‍👧‍👦e\u{301}\"", "end left backspace backspace"), "\"\"");
    assert_eq!(after("\"日本\"\n\"abcdef\"", "end down x"), "\"日本\"\n\"abcdexf\"", "down stays in the column");
}

#[test]
fn a_search_finds_while_typing_and_esc_ends_only_it() {
    let mut editor = Editor::new("[\"One\", \"two\", \"one (1)\"]");
    press(&mut editor, "^f one");
    assert_eq!(editor.position(), (2, 4));
    assert!(editor.is_searching());
    press(&mut editor, "enter");
    assert_eq!(editor.position(), (4, 4));
    press(&mut editor, "up");
    assert_eq!(editor.position(), (2, 4));
    press(&mut editor, "space (");
    assert_eq!(editor.position(), (4, 4), "brackets are searched for as they are");
    press(&mut editor, "x");
    assert!(rows(&drawn(&editor, 60, 6))[5].contains("not found"));
    press(&mut editor, "esc");
    assert!(!editor.is_searching());
    assert_eq!(editor.key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)), Outcome::Ignored);
    assert!(!editor.is_modified());
}

#[test]
fn keys_of_the_explorer_are_left_to_it() {
    let mut editor = Editor::new("1");
    for character in ['s', 'z', 'c', 'q'] {
        let key = KeyEvent::new(KeyCode::Char(character), KeyModifiers::CONTROL);
        assert_eq!(editor.key(key), Outcome::Ignored, "^{character}");
    }
    assert_eq!(editor.key(KeyEvent::new(KeyCode::F(1), KeyModifiers::NONE)), Outcome::Ignored);
}

#[test]
fn the_mistake_is_marked_and_told() {
    let mut editor = Editor::reopened("{\n  \"a\": 1\n  \"b\": 2\n}", "{}");
    let buffer = drawn(&editor, 60, 6);
    assert_eq!(rows(&buffer)[..5], [" 1 {", " 2   \"a\": 1", "✗3   \"b\": 2", " 4 }", ""]);
    assert!(rows(&buffer)[5].starts_with("✗ line 3, column 3: expected a comma or }"));
    assert_eq!(reversed(&buffer), [(3, 0), (5, 2)], "the cursor and the mistake");
    press(&mut editor, "^e");
    assert_eq!(editor.position(), (3, 3));
}

#[test]
fn a_mistake_at_the_end_of_a_line_has_a_mark_of_its_own() {
    let editor = Editor::reopened("[1", "1");
    assert_eq!(rows(&drawn(&editor, 30, 3))[0], "✗1 [1✗");
}

#[test]
fn a_repeated_key_is_a_warning() {
    let editor = Editor::new(r#"{"a":1,"a":2}"#);
    assert_eq!(editor.problem(), None);
    assert_eq!(editor.duplicate_keys().len(), 1);
    assert!(rows(&drawn(&editor, 80, 6))[5].starts_with("! line 3: .a is there twice"));
}

#[test]
fn wide_characters_keep_their_columns() {
    let mut editor = Editor::new("[\"日本\", \"👩‍👩‍👧‍👦x\"]");
    press(&mut editor, "down right right right right");
    let buffer = drawn(&editor, 30, 6);
    assert_eq!(rows(&buffer)[1..3], [" 2   \"日本\",", " 3   \"👩‍👩‍👧‍👦x\""]);
    assert_eq!(reversed(&buffer), [(8, 1)], "a terminal shows a wide character in its first cell's style");
    press(&mut editor, "down");
    assert_eq!(reversed(&drawn(&editor, 30, 6)), [(8, 2)], "the x is in the same column");
}

#[test]
fn what_acts_on_the_terminal_is_drawn_as_an_escape() {
    let editor = Editor::new("\"a\u{202e}b\u{1b}[2J\u{200b}\tc\"");
    let buffer = drawn(&editor, 60, 2);
    assert!(rows(&buffer)[0].contains(r#""a\u202eb\u001b[2J\u200b\tc""#), "{}", rows(&buffer)[0]);
    for cell in buffer.content() {
        assert_eq!(display_safe(cell.symbol()), cell.symbol());
    }
}

#[test]
fn the_view_follows_the_cursor_down_and_right() {
    let items: Vec<_> = (0..50).map(|number| number.to_string()).collect();
    let mut editor = Editor::new(&format!("[{}, \"{}\"]", items.join(","), "z".repeat(60)));
    editor.resize(Rect::new(0, 0, 30, 11));
    press(&mut editor, "pgdn");
    assert_eq!(editor.position().0, 10);
    press(&mut editor, "pgdn");
    assert_eq!(rows(&drawn(&editor, 30, 11))[9], " 19   17,");
    press(&mut editor, "pgup");
    assert_eq!(rows(&drawn(&editor, 30, 11))[0], " 10   8,", "going back scrolls only at the edge");
    press(&mut editor, "^end up end");
    let buffer = drawn(&editor, 30, 11);
    assert!(rows(&buffer)[8].starts_with(" 52 zzzz") && rows(&buffer)[8].ends_with("z\""));
}

#[test]
fn a_selection_is_seen_without_colours() {
    let mut editor = Editor::new("12345");
    press(&mut editor, "right shift-right shift-right");
    let buffer = drawn(&editor, 20, 2);
    assert_eq!(reversed(&buffer), [(4, 0), (5, 0), (6, 0)], "two selected and the cursor");
}

#[test]
fn a_large_value_can_be_edited_and_a_larger_one_is_refused() {
    let item = format!("\"{}\"", "x".repeat(95));
    let value = format!("[{}]", vec![item.as_str(); 4_000].join(","));
    assert!(value.len() > 380_000 && Editor::fits(&value));
    let mut editor = Editor::new(&value);
    press(&mut editor, "^end up end , ^u");
    assert!(!editor.is_modified());
    assert!(rows(&drawn(&editor, 20, 3))[1].starts_with(" 4001 xxxx"), "the end is in view");
    assert!(!Editor::fits(&format!("[{}1]", "1,".repeat(60_000))));
    assert!(!Editor::fits(&format!("\"{}\"", "x".repeat(60_001))));
    editor.paste(&"\r".repeat(65_000));
    assert!(!editor.is_modified(), "too much is refused");
    assert!(rows(&drawn(&editor, 60, 3))[2].contains("more than the editor can hold"));
}

/// Keys and pastes in any order, as `press` reads them; `paste` stands for a paste.
fn input() -> impl Strategy<Value = Vec<&'static str>> {
    let keys = vec![
        "a",
        "\"",
        "{",
        "]",
        "enter",
        "tab",
        "backtab",
        "backspace",
        "delete",
        "left",
        "right",
        "up",
        "down",
        "home",
        "end",
        "shift-left",
        "shift-down",
        "^a",
        "^k",
        "^v",
        "^w",
        "^t",
        "^e",
        "^u",
        "^y",
        "^f",
        "esc",
        "pgdn",
        "space",
        "日",
        "paste",
    ];
    prop::collection::vec(prop::sample::select(keys), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn undoing_everything_leads_back_and_redoing_forward(input in input()) {
        let mut editor = Editor::new("{\"a\": [1, \"é👩‍👩‍👧‍👦\"], \"b\": {}}");
        let start = editor.text();
        for key in input {
            if key == "paste" { editor.paste("[1,\r\n2]") } else { press(&mut editor, key) }
            let valid = crate::json::parse(&editor.text()).is_ok();
            prop_assert_eq!(editor.problem().is_none(), valid);
        }
        press(&mut editor, "esc");
        let end = editor.text();
        for _ in 0..200 {
            press(&mut editor, "^u");
        }
        prop_assert_eq!(editor.text(), start);
        prop_assert!(!editor.is_modified());
        // Steps that the input itself took back can be redone too: the end is on the way.
        let mut passed_the_end = editor.text() == end;
        for _ in 0..200 {
            press(&mut editor, "^y");
            passed_the_end |= editor.text() == end;
        }
        prop_assert!(passed_the_end);
    }

    #[test]
    fn no_size_and_no_text_upsets_the_drawing(text in any::<String>(), size in (0u16..40, 0u16..8), input in input()) {
        let mut editor = Editor::new(&text);
        for key in input {
            press(&mut editor, key);
        }
        let buffer = drawn(&editor, size.0, size.1);
        for cell in buffer.content() {
            prop_assert_eq!(display_safe(cell.symbol()), cell.symbol());
        }
    }
}
