//! An editor of the person's own that fails while something is typed: nothing is lost, and it says what happened.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rustix::process::{Pid, Signal, kill_process};

use crate::desk::{Desk, TYPED, after, edit, edit_and_type, save};
use crate::terminal::Terminal;

/// Tells the test what it was started on, and with which rights.
const TELLS: &str = "echo \"$1\" > \"$HOME/path\"; ls -l \"$1\" | cut -c1-10 > \"$HOME/mode\"\n";

/// Types, hands the text to an editor, and checks the file it is handed.
fn typed_and_handed_to(desk: &Desk, script: &str) -> Terminal {
    let terminal = edit_and_type(&desk.with_editor(&format!("{TELLS}{script}")));
    terminal.keys("ctrl-o");
    let path = desk.wait_for_file("path");
    assert!(path.starts_with(desk.directory().to_str().unwrap()), "{path}");
    assert_eq!(desk.wait_for_file("mode"), "-rw-------");
    terminal
}

fn end(desk: &Desk, terminal: &Terminal) {
    terminal.signal("TERM");
    assert_eq!(terminal.wait_exit().exit_code(), 143);
    terminal.assert_left_clean();
    for file in fs::read_dir(desk.directory()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}

#[test]
fn one_that_crashes_half_way_leaves_both_texts() {
    let desk = Desk::new();
    let terminal = typed_and_handed_to(&desk, "printf 'half of i' > \"$1\"; kill -SEGV $$");
    terminal.wait_for("ended with");
    terminal.wait_for("^U brings back what was before");
    terminal.wait_for("half of i");
    // Both are on disk until the person goes on typing.
    let kept = desk.drafts().remove(0).draft.unwrap();
    assert_eq!((kept.text.as_str(), kept.left.before), ("half of i", Some(after(TYPED))));
    terminal.keys("ctrl-u");
    terminal.wait_for(&format!("{TYPED}{{"));
    end(&desk, &terminal);
    assert_eq!(desk.texts(), [after(TYPED)]);
}

#[test]
fn one_that_crashes_with_the_explorer_right_after_leaves_both_texts() {
    for name in ["KILL", "TERM"] {
        let desk = Desk::new();
        let terminal = typed_and_handed_to(&desk, "printf 'half of i' > \"$1\"; kill -SEGV $$");
        terminal.wait_for("half of i");
        terminal.signal(name);
        terminal.wait_exit();
        let terminal = Terminal::spawn(&desk.launch());
        terminal.wait_for("typed and not stored");
        terminal.keys("enter");
        terminal.wait_for("based on");
        terminal.wait_for("half of i");
        terminal.keys("ctrl-u");
        terminal.wait_for(&format!("{TYPED}{{"));
        end(&desk, &terminal);
        assert_eq!(desk.texts(), [after(TYPED)], "{name}");
    }
}

#[test]
fn what_is_not_utf_8_is_kept_beside_the_text() {
    let desk = Desk::new();
    let terminal = typed_and_handed_to(&desk, "printf '\\377\\376 no text' > \"$1\"");
    terminal.wait_for("not UTF-8");
    terminal.wait_for(&format!("{TYPED}{{"));
    end(&desk, &terminal);
    assert_eq!(desk.texts(), [after(TYPED)]);
    let path = desk.wait_for_file("path");
    assert_eq!(fs::read(&path).unwrap(), b"\xff\xfe no text");

    // The next explorer names the file, which outlives a save: nothing else has what is in it.
    let terminal = Terminal::spawn(&desk.launch());
    terminal.wait_for("typed and not stored");
    terminal.keys("enter");
    terminal.wait_for("your editor also left");
    save(&terminal, "{\"price\": 13}");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
    terminal.assert_left_clean();
    assert_eq!(desk.stored(), "{\n  \"price\": 13\n}\n");
    let left = desk.drafts().remove(0).draft.unwrap().left.beside;
    assert_eq!(fs::read(&left[0]).unwrap(), b"\xff\xfe no text");
}

#[test]
fn one_that_fails_without_writing_leaves_the_text() {
    let desk = Desk::new();
    let terminal = typed_and_handed_to(&desk, "exit 3");
    terminal.wait_for("ended with exit status: 3; the text here is as it was");
    terminal.wait_for(&format!("{TYPED}{{"));
    end(&desk, &terminal);
    assert_eq!(desk.texts(), [after(TYPED)]);
}

#[test]
fn one_that_is_killed_with_the_explorer_leaves_what_it_wrote() {
    let desk = Desk::new();
    let script = "printf '{\"price\": 14}\\n' > \"$1\"; echo $$ > \"$HOME/pid\"; exec sleep 600";
    let terminal = typed_and_handed_to(&desk, script);
    let editor = Pid::from_raw(desk.wait_for_file("pid").parse().unwrap()).unwrap();
    kill_process(Pid::from_raw(terminal.process()).unwrap(), Signal::KILL).unwrap();
    kill_process(editor, Signal::KILL).unwrap();
    terminal.wait_exit();
    let kept = desk.drafts().remove(0).draft.unwrap();
    assert_eq!((kept.text.as_str(), kept.left.before), ("{\"price\": 14}", Some(after(TYPED))));

    let terminal = Terminal::spawn(&desk.launch());
    terminal.wait_for("typed and not stored");
    terminal.keys("enter");
    terminal.wait_for("{\"price\": 14}");
    terminal.wait_for("based on");
    terminal.keys("ctrl-u");
    terminal.wait_for(&format!("{TYPED}{{"));
    terminal.keys("ctrl-y");
    terminal.wait_for("{\"price\": 14}");
    terminal.keys("ctrl-s");
    terminal.wait_for("Enter write it");
    terminal.keys("enter");
    terminal.wait_for("saved");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
    terminal.assert_left_clean();
    assert_eq!(desk.stored(), "{\n  \"price\": 14\n}\n");
    assert!(desk.drafts().is_empty());
}

#[test]
fn what_it_wrote_is_listed_as_a_draft_after_the_editor_is_closed() {
    let desk = Desk::new();
    let terminal = Terminal::spawn(&desk.with_editor("printf 'no JSON' > \"$1\""));
    edit(&terminal);
    terminal.keys("ctrl-o");
    terminal.wait_for("no JSON");
    terminal.wait_for("^E goes to the mistake");
    terminal.keys("esc");
    terminal.wait_for("Close the editor?");
    terminal.keys("down enter");
    terminal.wait_for_gone("based on");
    terminal.wait_for("✎");
    terminal.keys("D");
    terminal.wait_for("typed and not stored");
    end(&desk, &terminal);
    assert_eq!(desk.texts(), ["no JSON"]);
}

#[test]
fn one_that_outlives_the_terminal_leaves_what_it_wrote() {
    let desk = Desk::new();
    // It ends with the test's directory at the latest.
    let script = "while test -d \"$HOME\" && ! test -e \"$HOME/go\"; do :; done; printf 'written late' > \"$1\"";
    let mut terminal = typed_and_handed_to(&desk, script);
    terminal.hang_up();
    fs::write(desk.home().join("go"), "").unwrap();
    assert!(!terminal.wait_exit().success());
    let kept = desk.drafts().remove(0).draft.unwrap();
    assert_eq!((kept.text.as_str(), kept.left.before), ("written late", Some(after(TYPED))));
}
