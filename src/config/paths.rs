//! Where the config file and the data are, by the custom of the platform.

use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

/// Returns the config file that is read when none is named: on Linux `~/.config/dynamini/config.toml`. `None` if the
/// user has no home directory.
pub fn default_config_file() -> Option<PathBuf> {
    project().map(|project| project.config_dir().join("config.toml"))
}

/// Returns the directory of the embedded store: on Linux `~/.local/share/dynamini`. `None` if the user has no home
/// directory.
pub fn default_data_dir() -> Option<PathBuf> {
    project().map(|project| project.data_dir().to_owned())
}

/// Returns the path with a leading `~` replaced by the home directory, as a shell would.
pub(super) fn expand_home(path: &str) -> PathBuf {
    let path = Path::new(path);
    match (path.strip_prefix("~"), BaseDirs::new()) {
        (Ok(rest), Some(base)) => base.home_dir().join(rest),
        _ => path.to_owned(),
    }
}

fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "dynamini")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_the_home_directory() {
        assert_eq!(expand_home("/a/b.db"), Path::new("/a/b.db"));
        assert_eq!(expand_home("a~b.db"), Path::new("a~b.db"));
        if let Some(base) = BaseDirs::new() {
            assert_eq!(expand_home("~/b.db"), base.home_dir().join("b.db"));
        }
    }

    #[test]
    fn the_files_are_in_directories_of_their_own() {
        if let Some(file) = default_config_file() {
            assert!(file.ends_with("dynamini/config.toml") || file.ends_with("config/config.toml"), "{file:?}");
        }
    }
}
