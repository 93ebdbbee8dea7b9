//! The person's own editor, on a file that only they can read.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Opens a text in `$VISUAL`, `$EDITOR` or vi and returns it as the editor left it, or a sentence that says what
/// failed. Blocks until the editor ends; the terminal must have been given back before.
pub fn edit(text: &str) -> Result<String, String> {
    let editor =
        ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let file = TextFile::new(text).map_err(|error| format!("no file could be written for {editor}: {error}"))?;
    let status =
        command(&editor, &file.path).status().map_err(|error| format!("{editor} could not be started: {error}"))?;
    let edited = fs::read_to_string(&file.path).map_err(|error| format!("{editor} left no readable text: {error}"))?;
    if !status.success() && edited.trim_end() == text.trim_end() {
        return Err(format!("{editor} ended with {status}"));
    }
    Ok(edited)
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

impl Drop for TextFile {
    fn drop(&mut self) {
        // What can't be removed is a text in a directory that only its owner can enter.
        drop(fs::remove_dir_all(&self.directory));
    }
}
