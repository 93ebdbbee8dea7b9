//! Tests of the terminal harness itself, against programs every Unix has.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

#[path = "support/terminal.rs"]
mod terminal;

use terminal::{Launch, Terminal};

fn shell(script: &str) -> Launch {
    Launch::new("sh").args(["-c", script])
}

/// Returns what `action` panics with.
fn panic_of(action: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(action)).expect_err("it was to panic");
    payload.downcast_ref::<String>().expect("a panic with a formatted message").clone()
}

#[test]
fn a_program_gets_its_arguments_directory_size_and_only_the_given_environment() {
    let launch = shell(r#"pwd; stty size; env | sort; echo "<$0>""#).arg("it's").env("GREETING", "hello").cwd("/");
    let terminal = Terminal::spawn(&launch.size(70, 20));
    assert!(terminal.wait_exit().success());
    let environment = "AWS_EC2_METADATA_DISABLED=true\nGREETING=hello\nLANG=C.UTF-8\n\
        PATH=/usr/local/bin:/usr/bin:/bin\nPWD=/\nSHELL=/bin/sh\nTERM=xterm-256color\nTZ=UTC";
    let shown = terminal.screen_text();
    let without_shell_level: Vec<&str> = shown
        .lines()
        .filter(|line| !line.starts_with("SHLVL=") && !line.starts_with("_=") && !line.starts_with("OLDPWD"))
        .collect();
    assert_eq!(without_shell_level.join("\n"), format!("/\n20 70\n{environment}\n<it's>"));
}

#[test]
fn what_is_typed_reaches_the_program() {
    let terminal = Terminal::spawn(&Launch::new("cat"));
    terminal.keys("h e l l o space world enter");
    // Once by the terminal's echo, once by cat.
    terminal.wait_until("two rows of hello", |screen| screen.contents() == "hello world\nhello world");
    terminal.paste("pasted");
    terminal.keys("enter ctrl-d");
    assert!(terminal.wait_exit().success());
    assert_eq!(terminal.screen_text(), "hello world\nhello world\npasted\npasted");
    assert_eq!(terminal.raw_output(), b"hello world\r\nhello world\r\npasted\r\npasted\r\n");
    terminal.assert_left_clean();
}

#[test]
fn a_paste_is_bracketed_when_the_program_asked_for_it() {
    let terminal = Terminal::spawn(&shell(r"printf '\033[?2004h'; cat -v"));
    terminal.wait_until("bracketed paste", vt100::Screen::bracketed_paste);
    terminal.paste("text");
    terminal.keys("enter");
    terminal.wait_for("^[[200~text^[[201~");
}

#[test]
fn keys_are_sent_as_a_terminal_sends_them() {
    let terminal = Terminal::spawn(&shell("stty raw -echo; printf ready; cat -v"));
    terminal.wait_for("ready");
    terminal.keys("up shift-up ctrl-right home f1 ctrl-f1 f5 pageup shift-tab ctrl-s alt-x ctrl-alt-x backspace delete a-b ctrl-alt-shift-delete");
    terminal.wait_for("^[[A^[[1;2A^[[1;5C^[[H^[OP^[[1;5P^[[15~^[[5~^[[Z^S^[x^[^X^?^[[3~a-b^[[3;8~");
}

#[test]
fn names_that_are_no_keys_are_refused() {
    let terminal = Terminal::spawn(&Launch::new("cat"));
    assert_eq!(panic_of(|| terminal.keys("ctrl-pgup")), r#""ctrl-pgup" is neither a key nor text"#);
    let refused = panic_of(|| terminal.keys("esc j"));
    assert!(refused.contains("wait for the effect of esc"), "{refused}");
}

#[test]
fn a_wait_that_ends_in_vain_shows_the_screen() {
    let terminal = Terminal::spawn(&shell("echo this instead; cat").size(20, 2).deadline(Duration::from_millis(50)));
    let vain = panic_of(|| {
        terminal.wait_for("this instead");
        terminal.wait_for_gone("this instead");
    });
    assert!(vain.contains(r#"in vain for "this instead" to be gone; the screen of 20x2 is"#), "{vain}");
    assert!(vain.contains("\n|this instead\n|\n+---"), "{vain}");
}

#[test]
fn a_wait_ends_at_once_when_the_program_has_ended() {
    let terminal = Terminal::spawn(&shell("echo over; exit 3").deadline(Duration::from_hours(1)));
    let vain = panic_of(|| terminal.wait_for("never"));
    assert!(vain.contains(r#"the program ended while waiting for "never""#) && vain.contains("over"), "{vain}");
    assert_eq!(terminal.wait_exit().exit_code(), 3);
}

#[test]
fn resizing_and_signals_reach_the_program() {
    let script =
        "trap 'stty size' WINCH; trap 'echo asked to end; exit 7' TERM; echo ready; while :; do read -r x; done";
    let terminal = Terminal::spawn(&shell(script));
    terminal.wait_for("ready");
    terminal.resize(50, 10);
    terminal.keys("enter");
    terminal.wait_for("10 50");
    let (rows, cols) = terminal.screen().size();
    assert_eq!((rows.get(), cols.get()), (10, 50));
    terminal.signal("TERM");
    terminal.keys("enter");
    assert_eq!(terminal.wait_exit().exit_code(), 7);
    assert!(terminal.screen_text().contains("asked to end"));
    assert!(panic_of(|| terminal.signal("TERM")).contains("no program to signal"));
}

#[test]
fn queries_are_answered() {
    let read_answer = |query: &str, end: &str| {
        let script = format!(r"stty raw -echo; printf '\r\n  {query}'; dd bs=1 count={end} 2>/dev/null | cat -v");
        Terminal::spawn(&shell(&script))
    };
    read_answer(r"\033[c", "9").wait_for("^[[?62;22c");
    read_answer(r"\033[6n", "6").wait_for("^[[2;3R");
    // A terminal without the kitty protocol leaves its query unanswered and answers the one behind it.
    read_answer(r"\033[?u\033[c", "9").wait_for("^[[?62;22c");
}

#[test]
fn a_frame_is_seen_whole_or_not_at_all() {
    let script = r"stty raw -echo; printf 'first\033[?2026h\r'; printf 'half '; read -r x; printf '\033[?2026l'; cat";
    let terminal = Terminal::spawn(&shell(script));
    terminal.wait_for("first");
    assert_eq!(terminal.screen_text(), "first");
    terminal.send("\n");
    terminal.wait_for("half");
}

#[test]
fn title_and_clipboard_are_kept() {
    let terminal = Terminal::spawn(&shell(r"printf '\033]2;a title\a\033]52;c;aGVsbG8=\a'"));
    terminal.wait_exit();
    assert_eq!(terminal.title().as_deref(), Some("a title"));
    assert_eq!(terminal.clipboard().as_deref(), Some("aGVsbG8="));
}

#[test]
fn everything_left_changed_is_named() {
    let on = r"\033[?1049h\033[?25l\033[?2004h\033[?1000;1004h\033[>1u\033[1m\033[?7l\033[5 q\033[?2026h";
    let terminal = Terminal::spawn(&shell(&format!("stty raw -echo; printf '{on}'")));
    terminal.wait_exit();
    let left = panic_of(|| terminal.assert_left_clean());
    let (list, _) = left.split_once(';').expect("a list before the screen");
    assert_eq!(
        list,
        "the terminal was not left clean: alternate screen on, cursor hidden, cursor shape changed, \
         colours or attributes on, bracketed paste on, mouse reports on, synchronized update open, \
         kitty keyboard flags pushed on the alternate screen, line wrapping off, focus reports on, echo off, \
         line mode off, signals of keys off, Enter not translated, output not processed"
    );

    let off = r"\033[?2026l\033[0 q\033[?7h\033[m\033[<u\033[?1004;1000l\033[?2004l\033[?25h\033[?1049l";
    let terminal = Terminal::spawn(&shell(&format!("s=$(stty -g); stty raw -echo; printf '{on}{off}'; stty $s")));
    terminal.wait_exit();
    terminal.assert_left_clean();
}

#[test]
fn a_job_stops_and_comes_back_under_a_shell() {
    let script = "trap 'echo back again' CONT; echo up; while :; do read -r x && echo got $x; done";
    let terminal = Terminal::spawn_under_shell(&shell(script));
    terminal.wait_for("\nup");
    terminal.keys("ctrl-z");
    terminal.wait_for_prompt();
    terminal.assert_left_clean();
    terminal.shell("fg");
    terminal.keys("one enter");
    terminal.wait_for("got one");
    terminal.signal("KILL");
    terminal.wait_for_prompt();
    terminal.shell("exit 5");
    assert_eq!(terminal.wait_exit().exit_code(), 5);
}

#[test]
fn a_terminal_can_vanish() {
    let script = "trap '' HUP; stty raw -echo; echo ready; if read -r x; then exit 1; else exit 9; fi";
    let mut terminal = Terminal::spawn(&shell(script));
    terminal.wait_for("ready");
    terminal.hang_up();
    assert_eq!(terminal.wait_exit().exit_code(), 9);

    let mut terminal = Terminal::spawn(&Launch::new("cat"));
    terminal.hang_up();
    assert_eq!(terminal.wait_exit().signal(), Some("Hangup"));
}

#[test]
fn a_dropped_terminal_kills_what_runs_in_it() {
    let terminal = Terminal::spawn(&shell("trap '' HUP TERM; echo $$ ready; while :; do read -r x; done"));
    terminal.wait_for("ready");
    let pid: i32 = terminal.screen_text().trim_end_matches(" ready").parse().expect("a number");
    let pid = rustix::process::Pid::from_raw(pid).expect("a process id");
    assert!(rustix::process::test_kill_process(pid).is_ok());
    drop(terminal);
    assert!(rustix::process::test_kill_process(pid).is_err());
}
