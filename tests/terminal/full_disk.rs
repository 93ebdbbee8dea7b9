//! No room for drafts, while the store has some.

use std::fs::{self, File};
use std::io::Write;

use crate::desk::{Desk, TYPED, after, edit, edit_and_type, save};
use crate::mounts::{mount, with_own_mounts};
use crate::terminal::Terminal;

/// A desk whose directory of drafts is a disk of its own, filled to the last byte with a file of the returned path.
fn full() -> (Desk, std::path::PathBuf) {
    let desk = Desk::new();
    fs::create_dir_all(desk.directory()).unwrap();
    mount("-t tmpfs -o size=256k,mode=700 none", &[&desk.directory()]);
    let ballast = desk.directory().join("ballast");
    let mut file = File::create(&ballast).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    (desk, ballast)
}

#[test]
fn a_full_disk_is_told_and_saving_works() {
    with_own_mounts("full_disk::a_full_disk_is_told_and_saving_works", || {
        let (desk, _) = full();
        let terminal = edit_and_type(&desk.launch());
        terminal.wait_for("what you type is not kept");
        terminal.wait_for("the disk is full");
        terminal.send("and more ");
        terminal.wait_for(&format!("{TYPED}and more {{"));
        terminal.wait_for("drafts not kept");
        // Leaving, and closing the editor, would lose it: it stays.
        terminal.keys("ctrl-c");
        terminal.wait_for("It can't be kept as a draft");
        terminal.keys("esc");
        terminal.wait_for_gone("Leave with an unsaved edit?");
        terminal.keys("esc");
        terminal.wait_for("Discard what was typed for entry");
        terminal.keys("enter");
        terminal.wait_for("based on");
        save(&terminal, "{\"price\": 13}");
        terminal.keys("q");
        assert!(terminal.wait_exit().success());
        terminal.assert_left_clean();
        assert_eq!(desk.stored(), "{\n  \"price\": 13\n}\n");
        assert!(desk.drafts().is_empty());
    });
}

#[test]
fn once_there_is_room_again_what_is_typed_is_kept() {
    with_own_mounts("full_disk::once_there_is_room_again_what_is_typed_is_kept", || {
        let (desk, ballast) = full();
        let terminal = edit_and_type(&desk.launch());
        terminal.wait_for("what you type is not kept");
        fs::remove_file(ballast).unwrap();
        terminal.send("and more ");
        terminal.wait_for("what you type is kept again");
        terminal.wait_for_gone("drafts not kept");
        terminal.signal("TERM");
        terminal.wait_exit();
        terminal.assert_left_clean();
        assert_eq!(desk.texts(), [after(&format!("{TYPED}and more "))]);
    });
}

#[test]
fn a_limit_on_the_size_of_files_is_told_and_loses_nothing() {
    let desk = Desk::new();
    // A pasted text that makes the draft larger than the store's file may get: 1 MiB, in blocks of 512 bytes or 1 KiB.
    let long = "x".repeat(3000) + "\n";
    let pasted = long.repeat(800);
    let limited = "trap '' XFSZ; ulimit -f 2048; exec \"$@\"";
    let terminal = Terminal::spawn(&desk.launch().under(["sh", "-c", limited, "sh"]));
    edit(&terminal);
    terminal.paste(&pasted);
    terminal.wait_for("what you type is not kept");
    terminal.keys("ctrl-u");
    terminal.wait_for("\"price\": 12");
    save(&terminal, "{\"price\": 13}");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
    terminal.assert_left_clean();
    assert_eq!(desk.stored(), "{\n  \"price\": 13\n}\n");
    assert!(desk.drafts().is_empty());
}
