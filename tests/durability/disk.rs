//! A disk that is full, and one that can't be written to: a message that says so, and nothing is lost.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use super::audit;
use super::mounts::{mount, with_own_mounts};
use super::program::{DONE, FAILED, NOT_FOUND, Place, Ran, UNREACHABLE};

const ENTRY: &str = "app/ann/notes/entry";

/// Returns a value of some bytes.
fn value(bytes: usize) -> String {
    format!("\"{}\"", "x".repeat(bytes))
}

fn address(n: usize) -> String {
    format!("{ENTRY}-{n}")
}

/// Puts entries of that size until one fails, and returns how many there are and how it failed.
fn fill(place: &Place, data: &Path, bytes: usize) -> (usize, Ran) {
    let file = place.write("value.json", &value(bytes));
    place.run_on(data, &["create", "app/ann/notes"]).with(DONE);
    for n in 0..100 {
        let ran = place.run_on(data, &["put", &address(n), &file]);
        if ran.code != DONE {
            return (n, ran);
        }
    }
    panic!("there was room for all")
}

/// Checks that the entries up to there are whole, and that the next can be written.
fn check(place: &Place, data: &Path, entries: usize, bytes: usize) {
    for n in 0..entries {
        assert_eq!(place.run_on(data, &["get", &address(n)]).with(DONE).out, value(bytes) + "\n", "entry {n}");
    }
    place.run_on(data, &["get", &address(entries)]).with(NOT_FOUND);
    place.run_on(data, &["put", &address(entries), &place.write("value.json", &value(bytes))]).with(DONE);
    audit::file(data);
}

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    with_own_mounts("durability::disk::a_full_disk_is_named_and_loses_nothing", || {
        let place = Place::new();
        let disk = place.root().join("disk");
        fs::create_dir(&disk).unwrap();
        mount("-t tmpfs -o size=1m none", &[&disk]);
        let data = disk.join("data");
        let path = data.join("dynamini.db");
        let says = ["the disk is full", "ake room", path.to_str().unwrap()];
        let small = place.write("small.json", "1");
        place.run_on(&data, &["create", "app/ann/notes"]).with(DONE);
        place.run_on(&data, &["put", ENTRY, &small]).with(DONE);

        // To the last byte: the index of the log can't be made, so that nothing can be read either.
        let mut rest = fs::File::create(disk.join("rest")).unwrap();
        while rest.write_all(&[0; 4096]).is_ok() {}
        for command in [vec!["ls"], vec!["get", ENTRY], vec!["put", ENTRY, &small]] {
            place.run_on(&data, &command).refused(FAILED, &says);
        }
        let other = disk.join("other");
        place.run_on(&other, &["ls"]).refused(FAILED, &["the disk is full", "--data-dir", other.to_str().unwrap()]);
        drop(rest);
        fs::remove_file(disk.join("rest")).unwrap();
        assert_eq!(place.run_on(&data, &["get", ENTRY]).with(DONE).out, "1\n");

        // In the middle of a write, with something to throw away afterwards.
        let ballast = disk.join("ballast");
        fs::write(&ballast, vec![0; 400_000]).unwrap();
        let (entries, ran) = fill(&place, &data, 80_000);
        ran.refused(FAILED, &says);
        assert!(entries > 0);
        place.run_on(&data, &["get", &address(entries)]).with(NOT_FOUND);
        fs::remove_file(&ballast).unwrap();
        check(&place, &data, entries, 80_000);
        place.run_on(&other, &["ls"]).with(DONE);
    });
}

#[cfg(unix)]
#[test]
fn a_limit_on_the_size_of_files_is_told_as_one_and_loses_nothing() {
    const BYTES: usize = 20_000;
    let place = Place::new();
    let big = place.write("big.json", &value(BYTES));
    place.run(&["create", "app/ann/notes"]).with(DONE);
    let mut entries = 0;
    let mut refused = 0;
    // Blocks of 512 bytes in most shells, of 1024 in some; under the first limits the store doesn't even open.
    for blocks in [0, 1, 8, 32, 48, 64, 80, 96, 128, 256, 1024] {
        let mut limited = Command::new("sh");
        limited.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"")).arg("sh");
        let put = place.command(&["put", &address(entries), &big]);
        limited.arg(put.get_program()).args(put.get_args()).env("HOME", place.root());
        let ran = Ran::of(limited.output().unwrap());
        if ran.code == DONE {
            entries += 1;
        } else {
            refused += 1;
            ran.refused(FAILED, &["has room", "limit on the size of files", place.file().to_str().unwrap()]);
            place.run(&["get", &address(entries)]).with(NOT_FOUND);
        }
    }
    assert!(refused > 2 && entries > 0, "{refused} refused, {entries} written");
    check(&place, &place.data(), entries, BYTES);
}

/// What a person is told who can't write there, and that it does no harm.
fn refuses_and_keeps(place: &Place, data: &Path) {
    let path = data.join("dynamini.db");
    let before = fs::read(&path).unwrap();
    let file = place.write("small.json", "1");
    let says = [path.to_str().unwrap(), "must both be writable", "--data-dir", "a copy of the file"];
    for command in [vec!["ls"], vec!["ls", "--read-only"], vec!["get", ENTRY], vec!["put", ENTRY, &file]] {
        place.run_on(data, &command).refused(UNREACHABLE, &says);
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    // The way out that the message names.
    let copy = place.root().join("copy");
    fs::create_dir_all(&copy).unwrap();
    fs::copy(&path, copy.join("dynamini.db")).unwrap();
    assert_eq!(place.run_on(&copy, &["get", ENTRY]).with(DONE).out, "1\n");
}

fn with_entry() -> Place {
    let place = Place::new();
    place.run(&["create", "app/ann/notes"]).with(DONE);
    place.run(&["put", ENTRY, &place.write("small.json", "1")]).with(DONE);
    place
}

#[test]
fn a_read_only_file_system_is_told_as_such() {
    with_own_mounts("durability::disk::a_read_only_file_system_is_told_as_such", || {
        let place = with_entry();
        let data = place.data();
        mount("--bind", &[&data, &data]);
        mount("-o remount,bind,ro", &[&data]);
        refuses_and_keeps(&place, &data);
        let below = data.join("below");
        place
            .run_on(&below, &["ls"])
            .refused(UNREACHABLE, &["cannot create the directory", "--data-dir", below.to_str().unwrap()]);
    });
}

#[cfg(unix)]
#[test]
fn a_directory_without_the_right_to_write_is_told_as_such() {
    use std::os::unix::fs::PermissionsExt;

    if rustix::process::geteuid().is_root() {
        println!("skipped: root may write everywhere");
        return;
    }
    let place = with_entry();
    let set = |mode| fs::set_permissions(place.data(), fs::Permissions::from_mode(mode)).unwrap();
    set(0o500);
    refuses_and_keeps(&place, &place.data());
    set(0o700);
}

#[test]
fn a_file_where_a_directory_should_be_is_named() {
    let place = Place::new();
    let in_the_way = place.write("in-the-way", "a file");
    for data in [in_the_way.clone(), in_the_way.clone() + "/below"] {
        place
            .run_on(data.as_ref(), &["ls"])
            .refused(UNREACHABLE, &["cannot create the directory", &data, "--data-dir"]);
    }
    assert_eq!(fs::read_to_string(in_the_way).unwrap(), "a file");
}
