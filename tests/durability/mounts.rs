//! Tests in file systems of their own, which takes no rights on Linux: in a namespace of users and mounts.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Set in the process that has mounts of its own.
const INSIDE: &str = "DYNAMINI_TEST_MOUNTS";

/// Runs `body` in a process with mounts of its own: the test of that full name is run again there. Says so where the
/// system has none to give, and leaves it out.
pub fn with_own_mounts(test: &str, body: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        return body();
    }
    let unshare = |program: &OsStr| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount"]).arg(program);
        command
    };
    let probe = unshare("mount".as_ref()).args(["-t", "tmpfs", "none", "/tmp"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        println!("skipped: no mounts of one's own on this system ({test})");
        return;
    }
    let this = std::env::current_exe().unwrap();
    let inside = unshare(this.as_ref()).args(["--exact", test, "--nocapture"]).env(INSIDE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&inside.stdout);
    assert!(inside.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&inside.stderr));
}

/// Mounts something, inside.
pub fn mount(options: &str, places: &[&Path]) {
    let output = Command::new("mount").args(options.split(' ')).args(places).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}
