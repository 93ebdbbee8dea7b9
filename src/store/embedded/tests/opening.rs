//! Creating and opening the file, and who may read it.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Barrier;

use super::super::*;

#[test]
fn a_file_that_is_no_store_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("store.db");
    let letter = "Dear reader, this is a letter and no database. ".repeat(100);
    fs::write(&file, &letter).expect("written");
    let error = Engine::open(&file).expect_err("it is no store");
    assert!(matches!(&error, OpenError::Damaged { file: named, .. } if *named == file), "{error:?}");
    assert_eq!(fs::read_to_string(&file).expect("read"), letter);
}

#[test]
fn a_directory_that_cannot_be_created_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let in_the_way = directory.path().join("in-the-way");
    fs::write(&in_the_way, "a file").expect("written");
    let error = Engine::open(&in_the_way.join("store.db")).expect_err("a file is in the way");
    assert!(matches!(&error, OpenError::Directory { directory, .. } if *directory == in_the_way), "{error:?}");
    assert!(error.to_string().contains("in-the-way"));
}

#[cfg(unix)]
#[test]
fn what_is_created_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &Path| fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    let root = tempfile::tempdir().expect("a directory");
    let directory = root.path().join("a/b");
    let file = directory.join("store.db");
    let engine = Engine::open(&file).expect("opens");
    assert_eq!((mode(&root.path().join("a")), mode(&directory)), (0o700, 0o700));
    let mut names = Vec::new();
    for entry in fs::read_dir(&directory).expect("listed") {
        let path = entry.expect("an entry").path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().expect("a name").to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(names, ["store.db", "store.db-shm", "store.db-wal"]);
    drop(engine);

    fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).expect("opened to others");
    Engine::open(&file).expect("opens again");
    assert_eq!(mode(&file), 0o600);
}

#[cfg(unix)]
#[test]
fn a_directory_that_may_not_be_written_to_is_told_as_such() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("store.db");
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o500)).expect("closed");
    let result = Engine::open(&file);
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o700)).expect("opened again");
    if rustix::process::geteuid().is_root() {
        // Nothing is forbidden to root; what the system says to everyone else stands in for it.
        let refused = OpenError::from_io(&file, &io::Error::from(io::ErrorKind::PermissionDenied));
        assert!(matches!(refused, OpenError::NotWritable { .. }));
    } else {
        assert!(matches!(result, Err(OpenError::NotWritable { .. })), "{result:?}");
    }
}

#[test]
fn threads_that_create_a_store_at_once_all_open_it() {
    let directory = tempfile::tempdir().expect("a directory");
    for round in 0..20 {
        let file = directory.path().join(format!("{round}.db"));
        let start = Barrier::new(8);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    Engine::open(&file).expect("opens");
                });
            }
        });
    }
}

#[test]
fn processes_that_create_a_store_at_once_all_open_it() {
    const PLACE: &str = "DYNAMINI_TEST_STORES";
    const NAME: &str = "processes_that_create_a_store_at_once_all_open_it";

    let open_all = |directory: &Path| {
        for round in 0..20 {
            Engine::open(&directory.join(format!("{round}.db"))).expect("opens");
        }
    };
    if let Some(directory) = std::env::var_os(PLACE) {
        return open_all(Path::new(&directory));
    }
    let directory = tempfile::tempdir().expect("a directory");
    let this = std::env::current_exe().expect("the test's own binary");
    let start = || {
        let mut process = Command::new(&this);
        process.arg(NAME).env(PLACE, directory.path()).stdout(Stdio::null()).spawn().expect("a process starts")
    };
    for mut process in [start(), start(), start()] {
        assert!(process.wait().expect("it ends").success());
    }
    open_all(directory.path());
}
