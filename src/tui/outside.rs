//! The person's own editor, on a file that only they can read.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use super::event::{Outside, Typed};
use super::keeper::Job;
use crate::drafts::DraftError;

/// How long a disk may take over a draft before the editor is started on a temporary file instead.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens what is typed in `$VISUAL`, `$EDITOR` or vi and returns how it ended. Blocks until the editor ends; the terminal
/// must have been given back before.
///
/// The file is the draft's own, so that what the editor wrote outlives a crash of anything; where drafts can't be kept, it
/// is one in the directory for temporary files. `keeper` hands a job to who keeps drafts, and tells whether there is one.
pub fn edit(typed: &Typed, keeper: impl Fn(Job) -> bool) -> Outside {
    let (answer, answered) = channel();
    let is_handed_in = keeper(Job::HandOut(Box::new(typed.clone()), answer));
    let draft = is_handed_in.then(|| answered.recv_timeout(PATIENCE).unwrap_or(Err(DraftError::Stopped)));
    match draft {
        Some(Ok(path)) => {
            let problem = run(&path).err();
            let (answer, answered) = channel();
            keeper(Job::TakeBack(typed.edit, answer));
            let text = answered.recv_timeout(PATIENCE).unwrap_or(Err(DraftError::Stopped));
            let (is_kept, lies_beside) = (text.is_ok(), text.is_err());
            Outside { text: text.map_err(|error| error.to_string()), problem, lies_beside, is_kept }
        }
        Some(Err(error)) => Outside { problem: Some(error.to_string()), ..in_temporary(&typed.text) },
        None => in_temporary(&typed.text),
    }
}

fn in_temporary(text: &str) -> Outside {
    let nothing = |reason: String| Outside { text: Err(reason), problem: None, lies_beside: false, is_kept: false };
    let file = match TextFile::new(text) {
        Ok(file) => file,
        Err(error) => return nothing(format!("no file could be written: {error}.")),
    };
    let problem = run(&file.path).err();
    match fs::read_to_string(&file.path) {
        Ok(text) => Outside { text: Ok(text), problem, lies_beside: false, is_kept: false },
        // It stays: nobody else has what the editor wrote.
        Err(error) => {
            nothing(format!("what your editor wrote can't be read ({error}); it is in {}.", file.keep().display()))
        }
    }
}

/// Runs the editor on a file, and says what went wrong.
fn run(file: &Path) -> Result<(), String> {
    let editor =
        ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let status = command(&editor, file).status().map_err(|error| format!("{editor} could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{editor} ended with {status}")) }
}

/// The variables hold a command with its arguments, as `git` and others take it: a shell splits it.
fn command(editor: &str, file: &Path) -> Command {
    if cfg!(windows) {
        let mut words = editor.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or("notepad"));
        command.args(words).arg(file);
        return command;
    }
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{editor} \"$1\"")).arg("sh").arg(file);
    command
}

/// A file in a directory of its own, both for their owner only, gone when this is dropped.
struct TextFile {
    directory: PathBuf,
    path: PathBuf,
}

impl TextFile {
    fn new(text: &str) -> io::Result<Self> {
        let directory = std::env::temp_dir().join(format!("dynamini-{}", uuid::Uuid::new_v4()));
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&directory)?;
        let path = directory.join("value.json");
        let file = Self { directory, path };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut writer = options.open(&file.path)?;
        writer.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            writer.write_all(b"\n")?;
        }
        writer.flush()?;
        Ok(file)
    }
}

impl TextFile {
    /// Leaves the file where it is.
    fn keep(mut self) -> PathBuf {
        self.directory = PathBuf::new();
        std::mem::take(&mut self.path)
    }
}

impl Drop for TextFile {
    fn drop(&mut self) {
        // What can't be removed is a text in a directory that only its owner can enter.
        if !self.directory.as_os_str().is_empty() {
            drop(fs::remove_dir_all(&self.directory));
        }
    }
}
