//! A disk that does not take what is to be kept.

use std::process::Command;

use super::*;

/// Where a child of these tests finds the directory. Without it there is no parent, and nothing to do.
pub(super) const DIRECTORY: &str = "DYNAMINI_TEST_DRAFTS";

/// The command that runs one of the ignored tests here in a process of its own.
pub(super) fn child(program: &str, name: &str, place: &Path) -> Command {
    let itself = std::env::current_exe().expect("the test's own program is known");
    let mut command = match program {
        "" => Command::new(&itself),
        shell => {
            let mut command = Command::new("sh");
            command.args(["-c", shell]).arg(&itself);
            command
        }
    };
    command.args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]).env(DIRECTORY, place);
    command
}

#[test]
fn a_save_that_can_t_begin_leaves_the_older_text_and_works_again_once_it_can() {
    let place = place();
    let drafts = open(place.path());
    let id = keep(&drafts, "older");
    let obstacle = directory::temporary(place.path(), id);
    fs::create_dir(&obstacle).expect("it can be made");
    let error = drafts.save(&draft(id, "newer")).expect_err("a directory is in the way");
    assert!(error.to_string().contains("cannot keep the draft"), "{error}");
    assert_eq!(texts(&drafts), ["older"]);
    fs::remove_dir(&obstacle).expect("it is there");
    drafts.save(&draft(id, "newer")).expect("nothing is in the way");
    assert_eq!(texts(&drafts), ["newer"]);
}

#[test]
fn a_place_that_can_t_be_a_directory_is_named() {
    let place = place();
    let file = place.path().join("file");
    fs::write(&file, "").expect("it can be written");
    for directory in [file.clone(), file.join("drafts")] {
        let error = Drafts::open(&directory).expect_err("it is a file").to_string();
        assert!(
            error.starts_with(&format!("cannot open the directory of drafts {}: ", directory.display())),
            "{error}"
        );
    }
}

#[test]
fn a_directory_that_was_removed_is_said_so() {
    let place = place();
    let drafts = open(&place.path().join("drafts"));
    fs::remove_dir_all(place.path().join("drafts")).expect("it is there");
    let error = drafts.save(&draft(drafts.new_id(), "typed")).expect_err("there is no directory");
    assert!(matches!(error, DraftError::Io { .. }), "{error}");
}

#[test]
fn a_full_disk_and_a_read_only_one_are_told_apart() {
    let error = |kind: io::ErrorKind| DraftError::from_io("keep the draft", Path::new("d/x.json"), &kind.into());
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
        let expected =
            "cannot keep the draft d/x.json: the disk is full, or your share of it. Make room there and go on.";
        assert_eq!(error(kind).to_string(), expected);
    }
    for kind in [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem] {
        assert!(matches!(error(kind), DraftError::Denied { .. }));
    }
}

/// The system cuts every file of the child off after 64 blocks of 512 bytes, whoever runs the tests.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_in_the_middle_of_a_save_leaves_the_older_text() {
    let place = place();
    let limited = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
    let output = child(limited, "drafts::tests::failing::fills_the_disk", place.path()).output().expect("sh is there");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(texts(&open(place.path())), ["older"]);
}

#[cfg(unix)]
#[test]
#[ignore = "the child of the test above"]
fn fills_the_disk() {
    let Some(place) = std::env::var_os(DIRECTORY) else { return };
    let drafts = open(place.as_ref());
    let id = keep(&drafts, "older");
    let error = drafts.save(&draft(id, &"newer ".repeat(100_000))).expect_err("it does not fit");
    assert!(matches!(error, DraftError::Io { .. } | DraftError::NoSpace { .. }), "{error}");
    assert_eq!(files(place.as_ref(), ".tmp"), [""; 0]);
    drafts.hand_out(&draft(id, &"newer ".repeat(100_000))).expect_err("it does not fit");
    assert_eq!(files(place.as_ref(), ".tmp"), [""; 0]);
    assert_eq!(texts(&drafts), ["older"]);
}
