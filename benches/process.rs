//! The whole program in a true terminal, as a person has it: how soon it paints, how large it is, how fast it answers.
//!
//! `cargo bench --bench process` prints a table; the numbers are for reading, nothing here asserts. Times are medians
//! unless they say otherwise. The store has 100,000 entries in one collection.
#![allow(missing_docs, clippy::panic, dead_code, reason = "a bench")]

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("reads /proc: Linux only");
}

#[cfg(target_os = "linux")]
#[path = "support/filled.rs"]
mod filled;
#[cfg(target_os = "linux")]
#[path = "support/measure.rs"]
mod measure;
#[cfg(target_os = "linux")]
#[path = "../tests/support/terminal.rs"]
mod terminal;

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::Path;

    use super::filled::{Filled, Version};
    use super::measure::{median, megabytes, row, time};
    use super::terminal::{Launch, Terminal};

    const PROGRAM: &str = env!("CARGO_BIN_EXE_dynamini");
    const ENTRIES: usize = 100_000;

    pub fn main() {
        let home = tempfile::tempdir().expect("a directory can be made");
        let data = home.path().join("data");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
        println!("{ENTRIES} entries written in {:.1?}\n", time(|| runtime.block_on(fill(&data))));
        let store = || Launch::new(PROGRAM).arg("--data-dir").arg(&data).env("HOME", home.path());

        let paint = || {
            let terminal = Terminal::spawn(&store());
            terminal.wait_for("1 Applications");
            terminal
        };
        let mut first: Vec<_> = (0..15).map(|_| time(paint)).collect();
        row(
            "first paint, 100,000 entries",
            &format!("{:.1?} (worst {:.1?})", median(&mut first), first[first.len() - 1]),
        );

        let demo = Terminal::spawn(&Launch::new(PROGRAM).arg("--demo").env("HOME", home.path()));
        demo.wait_for("billing");
        row("resident, idle with the demo", &resident(&demo));
        drop(demo);

        let terminal = Terminal::spawn(&store());
        terminal.wait_for("shop");
        terminal.keys("l l");
        let listed = time(|| {
            let first = time(|| {
                terminal.keys("l");
                terminal.wait_for("entry-0");
            });
            row("100,000 entries: the first rows after", &format!("{first:.1?}"));
            terminal.wait_for("Entries 100,000 ");
        });
        row("100,000 entries: complete after", &format!("{listed:.1?}"));
        row("resident, 100,000 entries listed", &resident(&terminal));

        let step = |at| {
            time(|| {
                terminal.keys("j");
                terminal.wait_for(&format!(" {at}/100,000 "));
            })
        };
        let mut moves: Vec<_> = (2..202).map(step).collect();
        let middle = median(&mut moves);
        row("key to frame in 100,000 rows", &format!("{middle:.1?} (p99 {:.1?})", moves[moves.len() * 99 / 100]));

        let mut stops = Vec::new();
        for _ in 0..15 {
            terminal.keys("ctrl-r");
            terminal.wait_for("loading");
            stops.push(time(|| {
                terminal.send("\u{1b}");
                terminal.wait_for("stopped");
            }));
            terminal.keys("k");
            terminal.wait_for_gone("stopped");
        }
        row("Esc to the end of a load", &format!("{:.1?} (worst {:.1?})", median(&mut stops), stops[stops.len() - 1]));
    }

    fn resident(terminal: &Terminal) -> String {
        megabytes(terminal.process().unsigned_abs(), "VmRSS")
    }

    async fn fill(data: &Path) {
        let filled = Filled::in_directory(data).await;
        let many = filled.collection("many").await;
        let version = |entry| {
            let value = format!(r#"{{"number":{entry},"tags":["a","b"],"on":true}}"#);
            Version { entry, after: 0, value, is_deleted: false }
        };
        filled.fill(&many, (0..ENTRIES).map(version)).await;
    }
}
