//! What a long history costs: 10,000 versions of one entry, and 10,000 entries in a collection, in the explorer and on
//! the command line.
//!
//! `cargo bench --bench history` prints a table; the numbers are for reading, nothing here asserts. Of each long read it
//! tells when the first of it shows, when all of it does, and how soon `Esc` ends it (at worst of seven).
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
    use std::io::{BufRead, BufReader, Read};
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::filled::{FIRST_MS, Filled, Version};
    use super::measure::{median, megabytes, row, time};
    use super::terminal::{Launch, Terminal};

    const PROGRAM: &str = env!("CARGO_BIN_EXE_dynamini");
    /// The versions of the long entry, and the entries of the other collection.
    const MANY: usize = 10_000;
    const STOPS: usize = 7;

    pub fn main() {
        let home = tempfile::tempdir().expect("a directory can be made");
        let data = home.path().join("data");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
        println!("{} rows written in {:.1?}\n", 4 * MANY, time(|| runtime.block_on(fill(&data))));
        let desk = Desk { home: home.path(), data: &data };
        one_entry(&desk);
        many_entries(&desk);
        command_line(&desk);
    }

    /// 10,000 versions of one entry: the timeline, stepping, and who changed what.
    fn one_entry(desk: &Desk<'_>) {
        let terminal = desk.collection(1);
        let first = time(|| {
            terminal.keys("l");
            terminal.wait_for("newest of ");
        });
        row("10,000 versions: the first rows of the timeline", &format!("{first:.1?}"));
        let steps: &mut Vec<_> = &mut (0..200)
            .map(|at| {
                time(|| {
                    terminal.keys("[");
                    terminal.wait_for(&format!(" {} back of ", at + 1));
                })
            })
            .collect();
        row(
            "stepping to the version before",
            &format!("{:.1?} (p99 {:.1?})", median(steps), steps[steps.len() * 99 / 100]),
        );
        terminal.keys("6");
        let blame = LongRead { begin: "b", first: "compared, ", complete: " 9,799 compared", ended: "stopped: " };
        let read = time(|| {
            terminal.keys("b");
            terminal.wait_for(blame.complete);
        });
        row("blame over 9,799 older versions, which are read for it", &format!("{read:.1?}"));
        let end = |terminal: &Terminal| {
            terminal.keys("esc");
            terminal.wait_for_gone(" compared");
        };
        end(&terminal);
        blame.measure("blame again, once they are read", &terminal, end);
        let all = time(|| {
            terminal.keys("5 G");
            terminal.wait_for("1 of 10,000");
        });
        row("all 10,000 versions of 2 KB in the timeline", &format!("{all:.1?}, resident {}", resident(&terminal)));
    }

    /// 10,000 entries of three versions: the windows that go through all of them.
    fn many_entries(desk: &Desk<'_>) {
        let terminal = desk.collection(2);
        let changes =
            LongRead { begin: "c", first: " histories,", complete: "in 30,000 versions", ended: "stopped   " };
        changes.measure("the changes of all", &terminal, close);
        let found =
            LongRead { begin: "F enter", first: " histories,", complete: "in 30,000 versions", ended: "stopped   " };
        terminal.keys("F");
        terminal.wait_for("Enter find");
        terminal.send("entry-00999");
        terminal.keys("enter");
        terminal.wait_for(found.complete);
        close(&terminal);
        found.measure("a text in all their versions", &terminal, close);
        let trash = LongRead { begin: "t", first: "among ", complete: "among 10,304 read", ended: "stopped   " };
        trash.measure("the trash among them", &terminal, close);
        let moment = FIRST_MS + 15_000;
        let begin = format!("B {moment} enter");
        let plan = LongRead { begin: &begin, first: " to do ", complete: " as it was", ended: "a part; " };
        plan.measure("a plan for all", &terminal, close);
        let begin = format!("C {moment} enter");
        let compared = LongRead { begin: &begin, first: " read, ", complete: "among 10,000 read", ended: "stopped   " };
        compared.measure("all compared with a moment", &terminal, close);
        let then = time(|| {
            terminal.keys(&format!("T {moment} enter"));
            terminal.wait_for(" then 10,000 ");
        });
        row("all as of a moment", &format!("{then:.1?}"));
        row("resident after these", &resident(&terminal));
    }

    /// What the same takes on the command line, until the first line and until the end, and the most memory it took.
    fn command_line(desk: &Desk<'_>) {
        let moment = (FIRST_MS + 15_000).to_string();
        for (what, arguments) in [
            ("export of 40,000 rows", &["export"][..]),
            ("export as of a moment", &["export", "--as-of", &moment]),
            ("grep through 40,000 versions", &["grep", "entry-0"]),
            ("log --all of 30,000 versions", &["log", "shop/user-1/many", "--all"]),
            ("ls --as-of of 10,000 entries", &["ls", "shop/user-1/many", "--as-of", &moment]),
            ("a plan for 10,000 entries", &["restore", "shop/user-1/many", "--as-of", &moment, "--dry-run"]),
            ("a collection compared with a moment", &["diff", "shop/user-1/many", "--as-of", &moment]),
            ("ls of 300 entries of 40 KB", &["ls", "shop/user-1/large"]),
            ("export of 600 versions of 40 KB", &["export", "shop/user-1/large"]),
            ("a plan for 300 entries of 40 KB", &["restore", "shop/user-1/large", "--as-of", &moment, "--dry-run"]),
        ] {
            row(what, &desk.run(arguments));
        }
    }

    struct Desk<'a> {
        home: &'a Path,
        data: &'a Path,
    }

    impl Desk<'_> {
        /// Opens an explorer on the collection of that number.
        fn collection(&self, number: usize) -> Terminal {
            let launch = Launch::new(PROGRAM).arg("--data-dir").arg(self.data).env("HOME", self.home);
            let terminal = Terminal::spawn(&launch.deadline(Duration::from_mins(2)));
            terminal.wait_for("▸ shop");
            terminal.keys("l");
            terminal.wait_for("▸ user-1");
            terminal.keys("l");
            terminal.wait_for("many");
            terminal.keys(if number == 1 { "g j" } else { "G" });
            terminal.wait_for(if number == 1 { "▸ long" } else { "▸ many" });
            terminal
        }

        /// Runs a command, and tells when the first line came, when the last one, and how many bytes they were.
        fn run(&self, arguments: &[&str]) -> String {
            let mut command = Command::new(PROGRAM);
            command.args(arguments).arg("--data-dir").arg(self.data).env("HOME", self.home);
            let start = Instant::now();
            let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the program starts");
            let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
            let mut line = Vec::new();
            output.read_until(b'\n', &mut line).expect("it is read");
            let first = start.elapsed();
            // Its memory can't be asked for once it has ended: what it took until now and until shortly before the end.
            let mut memory = String::new();
            let (mut buffer, mut bytes) = (vec![0; 64 * 1024], line.len());
            loop {
                memory = most(child.id()).unwrap_or(memory);
                match output.read(&mut buffer).expect("it is read") {
                    0 => break,
                    read => bytes += read,
                }
            }
            let complete = start.elapsed();
            child.wait().expect("it ends");
            format!("first line {first:.1?}, all {complete:.1?}, {} KB; {memory} at most", bytes / 1000)
        }
    }

    fn resident(terminal: &Terminal) -> String {
        megabytes(terminal.process().unsigned_abs(), "VmRSS")
    }

    fn most(process: u32) -> Option<String> {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        status.contains("VmHWM").then(|| megabytes(process, "VmHWM"))
    }

    /// A long read of the explorer, as it shows on the screen.
    struct LongRead<'a> {
        /// The keys that begin it.
        begin: &'a str,
        /// What shows with the first of it.
        first: &'a str,
        /// What shows with all of it.
        complete: &'a str,
        /// What shows where it was ended.
        ended: &'a str,
    }

    impl LongRead<'_> {
        /// Prints how long it takes; `close` goes back to before it began.
        fn measure(&self, what: &str, terminal: &Terminal, close: impl Fn(&Terminal)) {
            let first = time(|| {
                terminal.keys(self.begin);
                terminal.wait_for(self.first);
            });
            let complete = first + time(|| terminal.wait_for(self.complete));
            close(terminal);
            let stop = || {
                terminal.keys(self.begin);
                terminal.wait_for(self.first);
                let stop = time(|| {
                    terminal.keys("esc");
                    terminal.wait_for(self.ended);
                });
                close(terminal);
                stop
            };
            let worst = (0..STOPS).map(|_| stop()).max().unwrap_or_default();
            row(what, &format!("first {first:.1?}, all {complete:.1?}; Esc {worst:.1?}"));
        }
    }

    fn close(terminal: &Terminal) {
        terminal.keys("esc");
        terminal.wait_for_gone("Esc close");
    }

    async fn fill(data: &Path) {
        let filled = Filled::in_directory(data).await;
        let long = filled.collection("long").await;
        let version = |after| Version { entry: 0, after, value: changing(after), is_deleted: false };
        filled.fill(&long, (0..MANY).map(version)).await;
        let many = filled.collection("many").await;
        // Three versions of each, ten seconds apart; of every second entry the third is like the second, and every
        // twentieth is deleted with the third.
        let version = |(entry, at): (usize, usize)| {
            let number = if at == 2 && entry % 2 == 0 { 1 } else { at };
            let value = format!(r#"{{"name":"entry-{entry:06}","number":{number},"tags":["a","b"],"on":true}}"#);
            Version { entry, after: at * MANY + entry, value, is_deleted: at == 2 && entry % 20 == 0 }
        };
        filled.fill(&many, (0..MANY).flat_map(|entry| (0..3).map(move |at| (entry, at))).map(version)).await;
        let collection = filled.collection("large").await;
        let version = |(entry, at): (usize, usize)| Version {
            entry,
            after: at * 20_000 + entry,
            value: large(at),
            is_deleted: false,
        };
        filled.fill(&collection, (0..300).flat_map(|entry| [(entry, 0), (entry, 1)]).map(version)).await;
    }

    /// A value of 40 KB.
    fn large(version: usize) -> String {
        format!(r#"{{"version":{version},"text":"{}"}}"#, "lorem ipsum ".repeat(3_300))
    }

    /// A value of 2 KB, of which each version changes one of 60 numbers, and never the last one.
    fn changing(version: usize) -> String {
        let number = |at: usize| if at == 59 { 0 } else { (version + 59 - at) / 59 };
        let fields: Vec<_> =
            (0..60).map(|at| format!(r#""field-{at:02}":{{"n":{},"kind":"lamp"}}"#, number(at))).collect();
        format!("{{{}}}", fields.join(","))
    }
}
