//! The real program on a data directory of a test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub const DONE: i32 = 0;
pub const FAILED: i32 = 1;
pub const NOT_FOUND: i32 = 3;
pub const UNREACHABLE: i32 = 6;

/// A directory with the data directory `data` in it.
pub struct Place {
    root: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        let code = output.status.code().expect("it ends by itself");
        Self { code, out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    pub fn with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Checks that it failed with that code, printed nothing, and said all these words.
    #[track_caller]
    pub fn refused(self, code: i32, words: &[&str]) -> Self {
        let ran = self.with(code);
        assert_eq!(ran.out, "", "{ran:?}");
        for words in words {
            assert!(ran.err.contains(words), "{words:?} is not in {ran:?}");
        }
        ran
    }
}

impl Place {
    pub fn new() -> Self {
        Self { root: TempDir::new().unwrap() }
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    pub fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    /// Returns the store's file.
    pub fn file(&self) -> PathBuf {
        self.data().join("dynamini.db")
    }

    /// Writes a file beside the data directory and returns its path.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.root().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_on(&self.data(), arguments)
    }

    pub fn command_on(&self, data: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dynamini"));
        command.args(arguments).arg("--data-dir").arg(data).env_clear().stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.root());
        command.env("TZ", "UTC").env("USER", "ada");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_on(&self.data(), arguments)
    }

    pub fn run_on(&self, data: &Path, arguments: &[&str]) -> Ran {
        Ran::of(self.command_on(data, arguments).output().unwrap())
    }
}
