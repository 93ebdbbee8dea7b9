//! The keys of the applications: a JSON file as the original has it, read again when asked.
//!
//! The file is a list of `{"application": "...", "key": "..."}`, or with `"keySha256": "<64 hexadecimal digits>"` in
//! place of the key, so that the file needn't hold a secret. Only the hashes of keys are kept in memory, and a key is
//! compared with all of them, each in constant time, so that the time of an answer tells nothing of the keys.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::{ConditionallySelectable, ConstantTimeEq};

use crate::model::Application;

type Hash = [u8; 32];

/// What the keys file of the original is called.
const FILE: &str = "api-keys.json";

/// The keys that are valid now. Clones share them.
#[derive(Clone)]
pub struct Keys {
    ring: Arc<RwLock<Ring>>,
}

#[derive(Default)]
struct Ring {
    hashes: Vec<Hash>,
    applications: Vec<Application>,
}

/// One element of the file. What else it holds is ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    application: String,
    key: Option<String>,
    key_sha256: Option<String>,
}

/// Why there are no keys to work with. No message holds a key.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Nobody named a file, and there is none where it is looked for.
    #[error(
        "no keys of applications: there is no {}; name the file with --api-keys. It holds \
         [{{\"application\": \"my-app\", \"key\": \"a long secret\"}}]",
        .looked.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" and no ")
    )]
    Nowhere {
        /// The files that were looked for.
        looked: Vec<PathBuf>,
    },
    /// The file can't be read.
    #[error("{}: cannot read the keys of applications: {reason}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// The file is not a list of keys.
    #[error("{}:{line}: not a list of {{\"application\", \"key\"}}", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The line, from 1. What the parser says is left out, since it may quote a key.
        line: usize,
    },
    /// An element of the list can't be used.
    #[error("{}: element {number}: {reason}", .path.display())]
    Element {
        /// The file.
        path: PathBuf,
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl Keys {
    /// Reads the keys from a file.
    pub fn read(path: &Path) -> Result<Self, KeysError> {
        Ok(Self { ring: Arc::new(RwLock::new(Ring::read(path)?)) })
    }

    /// Reads the file again. Where that fails, the keys stay as they were. Returns how many there are.
    pub fn reread(&self, path: &Path) -> Result<usize, KeysError> {
        let ring = Ring::read(path)?;
        let count = ring.hashes.len();
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(count)
    }

    /// Returns how many keys there are.
    pub fn count(&self) -> usize {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).hashes.len()
    }

    /// Returns the application whose key it is. Takes the same time whichever it is, or none.
    pub fn application(&self, key: &[u8]) -> Option<Application> {
        let hash: Hash = Sha256::digest(key).into();
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let mut found = u32::MAX;
        for (index, known) in (0_u32..).zip(&ring.hashes) {
            found.conditional_assign(&index, known.ct_eq(&hash));
        }
        usize::try_from(found).ok().and_then(|index| ring.applications.get(index)).cloned()
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.count())
    }
}

impl Ring {
    fn read(path: &Path) -> Result<Self, KeysError> {
        let text =
            fs::read_to_string(path).map_err(|reason| KeysError::Unreadable { path: path.to_owned(), reason })?;
        let entries: Vec<Entry> = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| KeysError::Form { path: path.to_owned(), line: error.line().max(1) })?;
        let mut ring = Self::default();
        for (number, entry) in (1..).zip(entries) {
            let wrong = |reason| KeysError::Element { path: path.to_owned(), number, reason };
            let hash = entry.hash().map_err(wrong)?;
            if entry.application.is_empty() {
                return Err(wrong("the application has no name"));
            }
            if ring.hashes.contains(&hash) {
                return Err(wrong("another element has the same key"));
            }
            ring.hashes.push(hash);
            ring.applications.push(Application::new(entry.application));
        }
        Ok(ring)
    }
}

impl Entry {
    fn hash(&self) -> Result<Hash, &'static str> {
        match (&self.key, &self.key_sha256) {
            (Some(key), None) if key.is_empty() => Err("the key is empty"),
            (Some(key), None) => Ok(Sha256::digest(key.as_bytes()).into()),
            (None, Some(digits)) => hash(digits).ok_or("keySha256 is not 64 hexadecimal digits"),
            (None, None) => Err("it has neither key nor keySha256"),
            (Some(_), Some(_)) => Err("it has both key and keySha256"),
        }
    }
}

fn hash(digits: &str) -> Option<Hash> {
    let bytes = digits.as_bytes();
    if bytes.len() != 64 || !bytes.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut hash = Hash::default();
    for (byte, pair) in hash.iter_mut().zip(bytes.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

/// Returns the file that holds the keys: the one that was named, else `./env/api-keys.json` as the original has it, else
/// `api-keys.json` beside the config file.
pub fn find(named: Option<&Path>, beside: Option<&Path>) -> Result<PathBuf, KeysError> {
    if let Some(path) = named {
        return Ok(path.to_owned());
    }
    let here = Path::new("env").join(FILE);
    let looked: Vec<_> = std::iter::once(here).chain(beside.map(|config| config.with_file_name(FILE))).collect();
    match looked.iter().find(|path| path.exists()) {
        Some(path) => Ok(path.clone()),
        None => Err(KeysError::Nowhere { looked }),
    }
}

/// Returns whether others than the owner of the file may read it.
#[cfg(unix)]
pub fn is_readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o044 != 0)
}

/// Returns whether others than the owner of the file may read it, which isn't known on this system.
#[cfg(not(unix))]
pub fn is_readable_by_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf secret | sha256sum`
    const SECRET: &str = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().expect("a directory for the test");
        let path = directory.path().join("keys.json");
        fs::write(&path, text).expect("it is written");
        (directory, path)
    }

    fn reason(text: &str) -> String {
        let (_directory, path) = file(text);
        Keys::read(&path).expect_err("the file is wrong").to_string().replace(&path.display().to_string(), "FILE")
    }

    #[test]
    fn a_key_leads_to_its_application() {
        let (_directory, path) = file(&format!(
            r#"[{{"application":"a","key":"one","note":"ignored"}},{{"application":"b","keySha256":"{SECRET}"}},
                {{"application":"a","key":"two"}}]"#
        ));
        let keys = Keys::read(&path).expect("the file is right");
        let found = |key: &str| keys.application(key.as_bytes()).map(|found| found.to_string());
        assert_eq!(found("one").as_deref(), Some("a"));
        assert_eq!(found("two").as_deref(), Some("a"));
        assert_eq!(found("secret").as_deref(), Some("b"));
        for wrong in ["", "One", "on", "one ", SECRET, "three"] {
            assert_eq!(found(wrong), None, "{wrong:?}");
        }
        assert_eq!(format!("{keys:?}"), "Keys(3)");
    }

    #[test]
    fn a_file_that_breaks_keeps_the_old_keys() {
        let (_directory, path) = file(r#"[{"application":"a","key":"old"}]"#);
        let keys = Keys::read(&path).expect("the file is right");
        fs::write(&path, "[{").expect("it is written");
        assert!(keys.reread(&path).is_err());
        assert!(keys.application(b"old").is_some());
        fs::write(&path, r#"[{"application":"b","key":"new"},{"application":"b","key":"newer"}]"#)
            .expect("it is written");
        assert_eq!(keys.reread(&path).expect("it is right"), 2);
        assert_eq!((keys.application(b"old"), keys.application(b"newer").is_some()), (None, true));
    }

    #[test]
    fn a_wrong_file_is_told_without_its_secrets() {
        assert_eq!(
            reason("[\n{\"application\": \"a\", \"key\": 12345}]"),
            "FILE:2: not a list of {\"application\", \"key\"}"
        );
        assert_eq!(reason("{}"), "FILE:1: not a list of {\"application\", \"key\"}");
        assert_eq!(reason(""), "FILE:1: not a list of {\"application\", \"key\"}");
        assert_eq!(reason(r#"[{"application":"a","key":""}]"#), "FILE: element 1: the key is empty");
        assert_eq!(reason(r#"[{"application":"a"}]"#), "FILE: element 1: it has neither key nor keySha256");
        assert_eq!(reason(r#"[{"application":"","key":"k"}]"#), "FILE: element 1: the application has no name");
        let twice = r#"[{"application":"a","key":"k"},{"application":"b","key":"k"}]"#;
        assert_eq!(reason(twice), "FILE: element 2: another element has the same key");
        let both = format!(r#"[{{"application":"a","key":"k","keySha256":"{SECRET}"}}]"#);
        assert_eq!(reason(&both), "FILE: element 1: it has both key and keySha256");
        for digits in ["", "2bb8", &SECRET.replace('2', "g"), &SECRET.replacen("2b", "+b", 1)] {
            let text = format!(r#"[{{"application":"a","keySha256":"{digits}"}}]"#);
            assert_eq!(reason(&text), "FILE: element 1: keySha256 is not 64 hexadecimal digits", "{digits}");
        }
        assert!(Keys::read(Path::new("nowhere.json")).is_err());
    }

    #[test]
    fn the_file_is_looked_for_beside_the_config() {
        let (directory, _) = file("[]");
        let config = directory.path().join("config.toml");
        let error = find(None, Some(&config)).expect_err("there is none").to_string();
        assert!(error.contains("env/api-keys.json and no ") && error.contains("--api-keys"), "{error}");
        let beside = directory.path().join("api-keys.json");
        fs::write(&beside, "[]").expect("it is written");
        assert_eq!(find(None, Some(&config)).expect("it is there"), beside);
        assert_eq!(find(Some(Path::new("named.json")), Some(&config)).expect("it is named"), Path::new("named.json"));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_noticed() {
        use std::os::unix::fs::PermissionsExt;
        let (_directory, path) = file("[]");
        for (mode, expected) in [(0o600, false), (0o640, true), (0o604, true), (0o400, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("the owner may");
            assert_eq!(is_readable_by_others(&path), expected, "{mode:o}");
        }
    }
}
