//! What benches of whole processes measure, and the lines of the table they print. Linux only: it reads `/proc`.

use std::fs;
use std::time::{Duration, Instant};

/// Prints a line of the table.
pub fn row(what: &str, value: &str) {
    println!("{what:<52} {value}");
}

/// Returns the time that something takes; what it made is dropped after that.
pub fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let _made = work();
    start.elapsed()
}

/// Puts times in order and returns the one in the middle.
pub fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Returns a figure of a process's memory: `VmRSS`, what is resident, or `VmHWM`, the most that was so far.
pub fn megabytes(process: u32, figure: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix(&format!("{figure}:"))).expect("Linux tells it");
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("it is a number");
    format!("{:.1} MB", kilobytes / 1024.0)
}
