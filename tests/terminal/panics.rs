//! Defects of the explorer itself while a value is edited.
//!
//! A process of the tests' own runs the explorer with clocks that fail once, when a file tells them to.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dynamini::config::{Capacity, Connection, Kind, Tables};
use dynamini::store::Clock;
use dynamini::store::connect::{clock, connect};
use dynamini::tui::keeper::DraftHome;
use dynamini::tui::theme::{Palette, Theme};
use dynamini::tui::{Start, app, run, worker};

use crate::desk::{Desk, TYPED, after, edit, edit_and_type};
use crate::terminal::{Launch, Terminal};

/// Where the store of the explorer below is.
const DATA: &str = "DYNAMINI_TEST_DATA";

fn launch(desk: &Desk) -> Launch {
    let own = std::env::current_exe().expect("it runs");
    let test = ["--exact", "panics::explores_until_a_clock_fails", "--ignored", "--nocapture"];
    Launch::new(own).args(test).env(DATA, desk.data())
}

fn tell(desk: &Desk, file: &str) {
    fs::write(desk.data().join(file), "").expect("it can be written");
}

#[test]
fn a_panic_in_the_loop_keeps_what_is_typed() {
    let desk = Desk::new();
    let terminal = edit_and_type(&launch(&desk));
    tell(&desk, "panic-in-loop");
    // Where the draft was kept meanwhile, nothing else happens by itself.
    terminal.resize(100, 30);
    assert!(!terminal.wait_exit().success());
    terminal.assert_left_clean();
    assert!(terminal.screen_text().contains("panic-in-loop"), "{}", terminal.screen_text());
    assert_eq!(desk.texts(), [after(TYPED)]);
}

#[test]
fn a_panic_in_a_worker_is_told_and_keeps_what_is_typed() {
    let desk = Desk::new();
    let terminal = Terminal::spawn(&launch(&desk));
    edit(&terminal);
    terminal.keys("ctrl-a");
    terminal.paste("{\"price\": 13}");
    terminal.wait_for("{\"price\": 13}");
    terminal.keys("ctrl-s");
    terminal.wait_for("Enter write it");
    tell(&desk, "panic-in-worker");
    terminal.keys("enter");
    terminal.wait_for("the reply to a write was lost");
    assert!(!terminal.screen_text().contains("not written"), "nobody knows: {}", terminal.screen_text());
    // It goes on: the review has closed, and the editor has the text.
    terminal.wait_for_gone("Enter write it");
    terminal.keys("ctrl-a");
    terminal.send(TYPED);
    terminal.wait_for(TYPED);
    terminal.signal("TERM");
    terminal.wait_exit();
    terminal.assert_left_clean();
    assert!(terminal.screen_text().contains("panic-in-worker"), "{}", terminal.screen_text());
    assert_eq!(desk.texts(), [TYPED]);
    assert_eq!(desk.stored(), "{\n  \"price\": 12\n}\n");
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_that_can_no_longer_be_written_to_keeps_what_is_typed() {
    let desk = Desk::new();
    let terminal = edit_and_type(&launch(&desk));
    tell(&desk, "full-terminal");
    terminal.resize(100, 30);
    assert!(!terminal.wait_exit().success());
    assert_eq!(desk.texts(), [after(TYPED)]);
}

/// Tells the time, and does something once when the file is there.
fn until(file: PathBuf, act: impl Fn(&str) + Send + Sync + 'static) -> Clock {
    let clock = clock(None);
    Arc::new(move || {
        if fs::remove_file(&file).is_ok() {
            act(&file.display().to_string());
        }
        clock()
    })
}

fn fail(file: &str) {
    panic!("told to by {file}");
}

/// From now on every byte written fails.
fn fill_output() {
    #[cfg(target_os = "linux")]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
        rustix::stdio::dup2_stdout(full).expect("standard output can be replaced");
    }
}

#[test]
#[ignore = "run by the tests above, in a terminal of its own"]
fn explores_until_a_clock_fails() {
    let data = PathBuf::from(std::env::var_os(DATA).expect("it is set"));
    let stored = Connection {
        name: "local".to_owned(),
        kind: Kind::Embedded { file: data.join("dynamini.db") },
        tables: Tables { collections: "dynamomini.collections".into(), entries: "dynamomini.entries".into() },
        consistent_read: true,
        read_only: false,
        protected: false,
        colour: None,
        capacity: Capacity::OnDemand,
        retry_base_delay: Duration::from_millis(50),
        applications: None,
    };
    let in_store = until(data.join("panic-in-worker"), fail);
    let opener = Arc::new(move || {
        let (stored, in_store) = (stored.clone(), Arc::clone(&in_store));
        Box::pin(async move { connect(&stored, "ada@test", in_store).await }) as worker::Opening
    });
    let home = "the store of the test".to_owned();
    let connection = app::Connection {
        name: "local".to_owned(),
        place: "embedded".to_owned(),
        read_only: false,
        read_only_because: None,
        is_protected: false,
        flags: Vec::new(),
        home: Some(home.clone()),
        colour: None,
        is_remote: false,
    };
    let drafts = DraftHome { directory: data.join("drafts"), connection: "local".to_owned(), home };
    let full = until(data.join("full-terminal"), |_| fill_output());
    let in_loop = until(data.join("panic-in-loop"), fail);
    let clock: Clock = Arc::new(move || {
        full();
        in_loop()
    });
    let start = Start { connection, opener, drafts: Some(drafts), theme: Theme::new(Palette::Plain), clock };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let ended = runtime.block_on(run(start));
    // The test harness catches what it can: the status tells how it ended.
    std::process::exit(i32::from(ended.is_err()));
}
