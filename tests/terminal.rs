//! The explorer in a true terminal: the main job, and what only a terminal shows.
#![cfg(unix)]
#![allow(missing_docs, clippy::panic, clippy::unwrap_used, dead_code, reason = "tests")]

#[path = "terminal/consent.rs"]
mod consent;
#[path = "terminal/desk.rs"]
mod desk;
#[path = "terminal/editors.rs"]
mod editors;
#[path = "terminal/endings.rs"]
mod endings;
#[path = "terminal/full_disk.rs"]
mod full_disk;
#[path = "durability/mounts.rs"]
mod mounts;
#[path = "terminal/panics.rs"]
mod panics;
#[path = "support/terminal.rs"]
mod terminal;

use std::path::Path;

use tempfile::TempDir;
use terminal::{Launch, Terminal};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dynamini");

/// The explorer on a store in a directory of its own.
fn on_disk(home: &Path) -> Launch {
    Launch::new(PROGRAM).args(["--author", "ada@cli", "--data-dir"]).arg(home.join("data")).env("HOME", home)
}

fn demo(home: &Path) -> Launch {
    Launch::new(PROGRAM).arg("--demo").env("HOME", home)
}

fn home() -> TempDir {
    tempfile::tempdir().expect("a directory can be made")
}

/// An explorer of the sample data with the invoices before it.
fn at_invoices(launch: &Launch) -> Terminal {
    let terminal = Terminal::spawn(launch);
    terminal.wait_for("billing");
    terminal.keys("j l");
    terminal.wait_for("u-1042");
    terminal.keys("l");
    terminal.wait_for("invoices");
    terminal.keys("j j l");
    terminal.wait_for("inv-2026-0002");
    terminal
}

#[test]
fn the_main_job_create_edit_save_edit_again_and_restore() {
    let home = home();
    let terminal = Terminal::spawn(&on_disk(home.path()));
    terminal.wait_for("Welcome to dynamini");
    terminal.keys("down enter");
    terminal.wait_for("New collection");
    terminal.keys("s h o p tab user space 1 tab posts");
    terminal.wait_for("stored as user-1");
    terminal.keys("enter");
    terminal.wait_for("collection \"posts\" created");
    terminal.keys("l a");
    terminal.wait_for("New entry");
    terminal.keys("first enter");
    terminal.wait_for("new entry \"first\"");
    terminal.keys("ctrl-a");
    terminal.paste("{\"title\": \"one\", \"n\": 12345678901234567890}");
    terminal.wait_for("\"one\"");
    terminal.keys("ctrl-s");
    terminal.wait_for("Enter write it");
    terminal.keys("enter");
    terminal.wait_for("1 version ");

    terminal.keys("e");
    terminal.wait_for("based on");
    terminal.keys("ctrl-a");
    terminal.paste("{\"title\": \"two\", \"n\": 12345678901234567890}");
    terminal.keys("ctrl-s");
    terminal.wait_for("  2 +   \"title\": \"two\"");
    terminal.keys("enter");
    terminal.wait_for("2 versions");
    terminal.wait_for("~1");

    terminal.keys("[ r");
    terminal.wait_for("Restore the entry");
    terminal.keys("enter");
    terminal.wait_for("3 versions");
    terminal.wait_for("restored as a new version");
    terminal.wait_for("\"title\": \"one\"");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
    terminal.assert_left_clean();

    // The store is the same one for the command line.
    let printed = std::process::Command::new(PROGRAM)
        .args(["get", "shop/user-1/posts/first", "--data-dir"])
        .arg(home.path().join("data"))
        .env("HOME", home.path())
        .output()
        .expect("it runs");
    assert_eq!(
        String::from_utf8_lossy(&printed.stdout),
        "{\n  \"title\": \"one\",\n  \"n\": 12345678901234567890\n}\n"
    );
}

#[test]
fn an_editor_of_ones_own_gets_the_value_and_its_text_comes_back_to_the_review() {
    let home = home();
    let launch = demo(home.path()).env("EDITOR", "sed -i s/Köln/Bonn/");
    let terminal = at_invoices(&launch);
    terminal.keys("h g l");
    terminal.wait_for("Zoë Müller");
    terminal.keys("/ Z o ë enter E");
    terminal.wait_for("Enter write it");
    terminal.wait_for("Bonn");
    terminal.keys("enter");
    terminal.wait_for("saved");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
    terminal.assert_left_clean();
}

#[test]
fn an_editor_that_fails_is_named_and_nothing_else_happens() {
    let home = home();
    let launch = demo(home.path()).env("EDITOR", "exit 3;");
    let terminal = at_invoices(&launch);
    terminal.keys("E");
    terminal.wait_for("ended with exit status: 3; nothing was changed");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
    terminal.assert_left_clean();
}

#[test]
fn a_signal_leaves_the_terminal_clean_and_ends_with_its_status() {
    for (name, status) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)] {
        let home = home();
        let terminal = Terminal::spawn(&demo(home.path()));
        terminal.wait_for("billing");
        terminal.signal(name);
        assert_eq!(terminal.wait_exit().exit_code(), status, "{name}");
        terminal.assert_left_clean();
    }
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let home = home();
    let terminal = Terminal::spawn_under_shell(&demo(home.path()));
    terminal.wait_for("billing");
    terminal.keys("j ctrl-z");
    terminal.wait_for_prompt();
    terminal.assert_left_clean();
    terminal.shell("fg");
    terminal.wait_for("▸ billing");
    terminal.keys("q");
    terminal.wait_for_prompt();
    terminal.assert_left_clean();
}

#[test]
fn a_terminal_that_vanishes_ends_the_process() {
    let home = home();
    let mut terminal = Terminal::spawn(&demo(home.path()));
    terminal.wait_for("billing");
    terminal.hang_up();
    assert!(!terminal.wait_exit().success());
}

#[test]
fn a_panic_leaves_the_terminal_clean_and_says_what_it_was() {
    let own = std::env::current_exe().expect("it runs");
    let launch = Launch::new(own).args(["--exact", "panics_in_the_terminal", "--ignored", "--nocapture"]);
    let terminal = Terminal::spawn(&launch);
    assert!(!terminal.wait_exit().success());
    terminal.assert_left_clean();
    assert!(terminal.screen_text().contains("this is the panic"), "{}", terminal.screen_text());
}

#[test]
#[ignore = "run by the test above, in a terminal of its own"]
fn panics_in_the_terminal() {
    let mut terminal = dynamini::tui::terminal::Terminal::enter().expect("there is a terminal");
    terminal.draw(|frame| frame.render_widget("drawn", frame.area())).expect("it can be written to");
    panic!("this is the panic");
}

#[test]
fn without_a_terminal_it_says_so() {
    let home = home();
    let output = std::process::Command::new(PROGRAM).arg("--demo").env("HOME", home.path()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("needs a terminal"), "{message}");
    assert!(output.stdout.is_empty());
}

#[test]
fn not_one_control_byte_of_the_data_reaches_the_terminal() {
    let home = home();
    let terminal = Terminal::spawn(&demo(home.path()));
    terminal.wait_for("sandbox");
    terminal.keys("/ s a n d enter l");
    terminal.wait_for("u-1042");
    terminal.keys("l");
    terminal.wait_for("hostile-strings");
    terminal.keys("/ hostile enter l");
    terminal.wait_for("\\u001b[31mred");
    // Each entry, its value, its difference, its timeline with hostile authors and notes, and the editor.
    for _ in 0..10 {
        terminal.keys("= = j");
    }
    terminal.keys("g");
    terminal.keys("5 j k 6 f f 4 e");
    terminal.wait_for("based on");
    terminal.keys("esc");
    terminal.wait_for_gone("based on");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
    terminal.assert_left_clean();
    let raw = terminal.raw_output();
    let text = String::from_utf8_lossy(&raw);
    for (bytes, what) in [
        ("\u{1b}[31mred", "a colour"),
        ("\u{7}", "a bell"),
        ("\u{202e}", "a bidi override"),
        ("\u{1b}]0;", "a title"),
        ("\u{9b}", "a C1 sequence"),
        ("\u{200b}", "a zero-width space"),
        ("\u{0}", "a null"),
        ("\u{7f}", "a delete"),
        ("\u{1b}[5m", "blinking"),
    ] {
        assert!(!text.contains(bytes), "{what} of the data reached the terminal");
    }
}

/// What the kernel counts for a process: how often its threads were woken, and the bytes they wrote.
#[cfg(target_os = "linux")]
mod counts {
    use std::fs;

    fn sum(text: &str, field: &str) -> u64 {
        let line = text.lines().find_map(|line| line.strip_prefix(field));
        line.and_then(|rest| rest.trim_start_matches(':').trim().parse().ok()).unwrap_or(0)
    }

    /// How often the process's threads have waited so far, each time to be woken.
    pub fn wake_ups(process: i32) -> u64 {
        let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("it runs").flatten();
        tasks
            .filter_map(|task| fs::read_to_string(task.path().join("status")).ok())
            .map(|status| sum(&status, "voluntary_ctxt_switches"))
            .sum()
    }
}

#[test]
#[cfg(target_os = "linux")]
fn idle_it_writes_nothing_and_is_not_woken() {
    let home = home();
    let terminal = Terminal::spawn(&on_disk(home.path()));
    terminal.wait_for("Load the sample data");
    terminal.keys("enter");
    terminal.wait_for("sample data written");
    terminal.keys("j l");
    terminal.wait_for("u-1042");
    terminal.keys("l j j l");
    terminal.wait_for("Entries 291 +27⌫");
    terminal.keys("j j j j j j");
    terminal.wait_for("raise limit");
    let process = terminal.process();
    // The window is what is measured: whatever happens in it happens unasked.
    let (bytes, wakes) = loop {
        let before = (terminal.raw_output().len(), counts::wake_ups(process));
        std::thread::sleep(std::time::Duration::from_millis(500));
        let after = (terminal.raw_output().len(), counts::wake_ups(process));
        if before == after {
            break after;
        }
    };
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert_eq!(terminal.raw_output().len() - bytes, 0, "bytes written while idle");
    let woken = counts::wake_ups(process) - wakes;
    assert!(woken <= 3, "woken {woken} times in 3 seconds");
}

#[test]
fn a_move_of_the_cursor_writes_less_than_500_bytes() {
    let home = home();
    let terminal = at_invoices(&demo(home.path()));
    // Down the applications, each move with the users that come along below.
    terminal.keys("1 g");
    terminal.wait_for("▸ auth");
    let before = terminal.raw_output().len();
    let applications = ["billing", "blog", "catalog", "flags", "sandbox", "search"];
    for application in applications {
        terminal.keys("j");
        terminal.wait_for(&format!("▸ {application}"));
        terminal.wait_for("▸ u-1042");
    }
    let in_a_list = (terminal.raw_output().len() - before) / applications.len();
    assert!(in_a_list < 500, "a move in a list wrote {in_a_list} bytes on average");

    // In the editor.
    terminal.keys("g j 4 e");
    terminal.wait_for("1:1");
    let before = terminal.raw_output().len();
    terminal.keys("down");
    terminal.wait_for("2:1");
    let in_the_editor = terminal.raw_output().len() - before;
    assert!(in_the_editor < 500, "a move in the editor wrote {in_the_editor} bytes");
    println!("a move wrote {in_a_list} bytes in a list, {in_the_editor} in the editor");
}
