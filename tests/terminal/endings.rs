//! However the explorer ends while a value is edited: the terminal is left clean, and the draft holds every key.

use dynamini::drafts::Owner;

use crate::desk::{Desk, TYPED, after, edit, edit_and_type, save, type_in};
use crate::terminal::Terminal;

const SIGNALS: [(&str, u32); 4] = [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)];

#[test]
fn a_signal_right_after_the_last_key_keeps_it() {
    for (name, status) in SIGNALS {
        let desk = Desk::new();
        let terminal = edit_and_type(&desk.launch());
        terminal.signal(name);
        assert_eq!(terminal.wait_exit().exit_code(), status, "{name}");
        terminal.assert_left_clean();
        assert_eq!(desk.texts(), [after(TYPED)], "{name}");
        assert_eq!(desk.drafts()[0].owner, Owner::Ended);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_signal_before_the_last_keys_are_read_keeps_them() {
    for (name, status) in SIGNALS {
        let desk = Desk::new();
        let terminal = edit_and_type(&desk.launch());
        // Stopped, so that what is typed and the signal are there at once when it goes on.
        terminal.signal("STOP");
        let stat = format!("/proc/{}/stat", terminal.process());
        while !std::fs::read_to_string(&stat).expect("it runs").contains(") T ") {
            std::thread::yield_now();
        }
        terminal.send("é and more ");
        terminal.wait_for_unread("é and more ".len() as u64);
        terminal.signal(name);
        terminal.signal("CONT");
        assert_eq!(terminal.wait_exit().exit_code(), status, "{name}");
        terminal.assert_left_clean();
        assert_eq!(desk.texts(), [after(&format!("{TYPED}é and more "))], "{name}");
    }
}

#[test]
fn ctrl_z_keeps_what_is_typed_and_fg_shows_it_again() {
    let desk = Desk::new();
    let terminal = Terminal::spawn_under_shell(&desk.launch());
    edit(&terminal);
    type_in(&terminal);
    terminal.keys("ctrl-z");
    terminal.wait_for_prompt();
    terminal.assert_left_clean();
    // It is stopped, and can't write any more: the draft was there before.
    assert_eq!(desk.texts(), [after(TYPED)]);
    assert_eq!(desk.drafts()[0].owner, Owner::Running);

    terminal.shell("fg");
    terminal.wait_for("based on");
    terminal.wait_for(&format!("{TYPED}{{"));
    terminal.send("and more ");
    terminal.wait_for(&format!("{TYPED}and more {{"));
    // The whole screen is drawn anew: the frame, the lists and the keys at the bottom.
    for shown in ["▸ desk", "lamps", "embedded", "^S"] {
        terminal.wait_for(shown);
    }
    terminal.signal("TSTP");
    terminal.wait_for_prompt();
    terminal.assert_left_clean();
    assert_eq!(desk.texts(), [after(&format!("{TYPED}and more "))]);

    terminal.shell("fg");
    terminal.wait_for(&format!("{TYPED}and more {{"));
    terminal.signal("TERM");
    terminal.wait_for_prompt();
    terminal.assert_left_clean();
    assert_eq!(desk.texts(), [after(&format!("{TYPED}and more "))]);
}

#[test]
fn a_terminal_that_is_closed_keeps_what_was_typed() {
    let desk = Desk::new();
    let mut terminal = edit_and_type(&desk.launch());
    terminal.hang_up();
    assert!(!terminal.wait_exit().success());
    assert_eq!(desk.texts(), [after(TYPED)]);
}

#[test]
fn what_was_typed_before_kill_9_is_gone_on_with_and_saved() {
    let desk = Desk::new();
    let terminal = edit_and_type(&desk.launch());
    desk.wait_for_texts(&[&after(TYPED)]);
    terminal.signal("KILL");
    terminal.wait_exit();

    let terminal = Terminal::spawn(&desk.launch());
    terminal.wait_for("typed and not stored");
    terminal.wait_for("entry \"desk\"");
    terminal.keys("enter");
    terminal.wait_for(&format!("{TYPED}{{"));
    terminal.wait_for("based on");
    save(&terminal, "{\"price\": 13}");
    terminal.keys("q");
    assert!(terminal.wait_exit().success());
    terminal.assert_left_clean();
    assert_eq!(desk.stored(), "{\n  \"price\": 13\n}\n");
    assert_eq!(desk.texts(), [""; 0]);
}
