//! Files that are whole or absent, for their owner only, and on disk for good.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// Makes the directory and those above it where they are missing, for their owner only (0700).
pub(super) fn create_directory(directory: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = directory.ancestors().take_while(|above| !above.exists()).collect();
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)?;
    for parent in missing.into_iter().filter_map(Path::parent) {
        // Some directories may be passed through and written to but not opened; the new one is there all the same.
        drop(sync_directory(parent));
    }
    Ok(())
}

/// Creates a file that is not there yet, for its owner only (0600).
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Gives the file its content at once and for good: written to the temporary name, synced, renamed, the directory
/// synced. Where it fails, the file is as it was before, or whole with the new content if only the last step failed;
/// the temporary one is gone.
pub(super) fn replace(temporary: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    // Left there where an earlier failure could not remove it.
    remove(temporary)?;
    let renamed = write(temporary, content).and_then(|()| fs::rename(temporary, path));
    if let Err(error) = renamed {
        drop(fs::remove_file(temporary));
        return Err(error);
    }
    path.parent().map_or(Ok(()), sync_directory)
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = create(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Removes a file; one that is not there is no error.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the names in a directory lasting.
#[cfg(unix)]
pub(super) fn sync_directory(directory: &Path) -> io::Result<()> {
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    File::open(directory)?.sync_all()
}

/// Does nothing: elsewhere than on Unix a directory can't be opened as a file.
#[cfg(not(unix))]
pub(super) fn sync_directory(_directory: &Path) -> io::Result<()> {
    Ok(())
}

/// Returns the text that was handed to an editor, as it left it: without the one line feed at its end. What is not UTF-8
/// fails with `InvalidData`.
pub(super) fn read_text(path: &Path) -> io::Result<String> {
    let mut text = fs::read_to_string(path)?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

/// Returns when the file was last changed, in milliseconds since 1970; 0 where that can't be told.
pub(super) fn changed(path: &Path) -> i64 {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0)
}
