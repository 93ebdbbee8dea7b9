//! An explorer on a store of a test's own, with the value of an entry being edited.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use dynamini::drafts::{Drafts, Kept};
use tempfile::TempDir;

use crate::terminal::{Launch, Terminal};
use crate::{PROGRAM, home, on_disk};

/// The text of the entry's value when the editor opens.
const STORED: &str = "{\n  \"price\": 12\n}";
/// What is typed before it: no JSON yet.
pub const TYPED: &str = "not JSON yet ";

/// A store with one entry, `shop/ada/lamps/desk`.
pub struct Desk {
    home: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let desk = Self { home: home() };
        desk.run(&["create", "shop/ada/lamps"], "");
        desk.run(&["put", "shop/ada/lamps/desk"], STORED);
        desk
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn data(&self) -> PathBuf {
        self.home().join("data")
    }

    /// The directory of the drafts.
    pub fn directory(&self) -> PathBuf {
        self.data().join("drafts")
    }

    pub fn launch(&self) -> Launch {
        on_disk(self.home())
    }

    /// Writes a script beside the data, and returns an explorer's start with it as the person's own editor.
    pub fn with_editor(&self, script: &str) -> Launch {
        let path = self.home().join("editor");
        fs::write(&path, script).expect("it can be written");
        self.launch().env("EDITOR", format!("sh {}", path.display()))
    }

    /// Returns what a command of the command line prints.
    pub fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).arg("--data-dir").arg(self.data()).env("HOME", self.home());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    }

    /// Returns the stored value, as it is printed.
    pub fn stored(&self) -> String {
        self.run(&["get", "shop/ada/lamps/desk"], "")
    }

    /// Returns the drafts, as the next explorer finds them.
    pub fn drafts(&self) -> Vec<Kept> {
        Drafts::open(&self.directory()).and_then(|drafts| drafts.list()).expect("they can be listed")
    }

    /// Returns the texts of the drafts.
    pub fn texts(&self) -> Vec<String> {
        self.drafts().into_iter().map(|kept| kept.draft.expect("it is whole").text).collect()
    }

    /// Waits until the drafts have exactly these texts.
    pub fn wait_for_texts(&self, texts: &[&str]) {
        let end = Instant::now() + Duration::from_secs(20);
        while self.texts() != texts {
            assert!(Instant::now() < end, "waited in vain for {texts:?}, there are {:?}", self.texts());
            thread::yield_now();
        }
    }

    /// Waits until there is a file of that name beside the data, and returns what is in it.
    pub fn wait_for_file(&self, name: &str) -> String {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            match fs::read_to_string(self.home().join(name)) {
                Ok(text) if text.ends_with('\n') => return text.trim_end().to_owned(),
                _ => assert!(Instant::now() < end, "waited in vain for the file {name}"),
            }
            thread::yield_now();
        }
    }
}

/// The text of the editor after something was typed at its start.
pub fn after(typed: &str) -> String {
    format!("{typed}{STORED}")
}

/// Opens the editor on the entry.
pub fn edit(terminal: &Terminal) {
    terminal.wait_for("▸ shop");
    terminal.keys("l");
    terminal.wait_for("▸ ada");
    terminal.keys("l");
    terminal.wait_for("▸ lamps");
    terminal.keys("l");
    terminal.wait_for("\"price\": 12");
    terminal.keys("e");
    terminal.wait_for("based on");
}

/// Types what is no JSON yet, and returns as soon as it is seen.
pub fn type_in(terminal: &Terminal) {
    terminal.send(TYPED);
    terminal.wait_for(&format!("{TYPED}{{"));
}

/// Opens the editor, and types.
pub fn edit_and_type(launch: &Launch) -> Terminal {
    let terminal = Terminal::spawn(launch);
    edit(&terminal);
    type_in(&terminal);
    terminal
}

/// Replaces what is in the editor by a value, and stores that.
pub fn save(terminal: &Terminal, value: &str) {
    terminal.keys("ctrl-a");
    terminal.paste(value);
    terminal.wait_for(value);
    terminal.keys("ctrl-s");
    terminal.wait_for("Enter write it");
    terminal.keys("enter");
    terminal.wait_for("saved");
}
