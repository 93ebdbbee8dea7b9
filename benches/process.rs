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
#[path = "../tests/support/terminal.rs"]
mod terminal;

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;
    use std::fs;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
    use dynamini::config::{Capacity, Tables};
    use dynamini::model::{Application, Subject, User};
    use dynamini::store::embedded::{self, Engine};
    use dynamini::store::{Options, Store};

    use super::terminal::{Launch, Terminal};

    const PROGRAM: &str = env!("CARGO_BIN_EXE_dynamini");
    const ENTRIES: usize = 100_000;

    pub fn main() {
        let home = tempfile::tempdir().expect("a directory can be made");
        let data = home.path().join("data");
        let seeding = Instant::now();
        tokio::runtime::Runtime::new().expect("a runtime starts").block_on(seed(&data.join("dynamini.db")));
        println!("{ENTRIES} entries written in {:.1?}\n", seeding.elapsed());
        let store = || Launch::new(PROGRAM).arg("--data-dir").arg(&data).env("HOME", home.path());

        let mut first = Vec::new();
        for _ in 0..15 {
            let start = Instant::now();
            let terminal = Terminal::spawn(&store());
            terminal.wait_for("1 Applications");
            first.push(start.elapsed());
        }
        row(
            "first paint, 100,000 entries",
            &format!("{:.1?} (worst {:.1?})", median(&mut first), first[first.len() - 1]),
        );

        let demo = Terminal::spawn(&Launch::new(PROGRAM).arg("--demo").env("HOME", home.path()));
        demo.wait_for("billing");
        row("resident, idle with the demo", &megabytes(demo.process()));
        drop(demo);

        let terminal = Terminal::spawn(&store());
        terminal.wait_for("shop");
        terminal.keys("l l");
        let start = Instant::now();
        terminal.keys("l");
        terminal.wait_for("entry-0");
        row("100,000 entries: the first rows after", &format!("{:.1?}", start.elapsed()));
        terminal.wait_for("Entries 100,000 ");
        row("100,000 entries: complete after", &format!("{:.1?}", start.elapsed()));
        row("resident, 100,000 entries listed", &megabytes(terminal.process()));

        let mut moves = Vec::new();
        for at in 2..202 {
            let start = Instant::now();
            terminal.keys("j");
            terminal.wait_for(&format!(" {at}/100,000 "));
            moves.push(start.elapsed());
        }
        let middle = median(&mut moves);
        row("key to frame in 100,000 rows", &format!("{middle:.1?} (p99 {:.1?})", moves[moves.len() * 99 / 100]));

        let mut stops = Vec::new();
        for _ in 0..15 {
            terminal.keys("ctrl-r");
            terminal.wait_for("loading");
            let start = Instant::now();
            terminal.send("\u{1b}");
            terminal.wait_for("stopped");
            stops.push(start.elapsed());
            terminal.keys("k");
            terminal.wait_for_gone("stopped");
        }
        row("Esc to the end of a load", &format!("{:.1?} (worst {:.1?})", median(&mut stops), stops[stops.len() - 1]));
    }

    fn row(what: &str, value: &str) {
        println!("{what:<44} {value}");
    }

    fn median(times: &mut [Duration]) -> Duration {
        times.sort();
        times[times.len() / 2]
    }

    fn megabytes(process: i32) -> String {
        let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux tells it");
        let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("it is a number");
        format!("{:.1} MB", kilobytes / 1024.0)
    }

    async fn seed(file: &Path) {
        let engine = Engine::open(file).expect("the file can be made");
        let client = embedded::client(&engine);
        let tables = Tables { collections: "dynamomini.collections".into(), entries: "dynamomini.entries".into() };
        let options = Options {
            tables: tables.clone(),
            applications: None,
            consistent_read: true,
            read_only: false,
            author: "bench".into(),
            capacity: Capacity::OnDemand,
            place: "the bench".into(),
            profile: None,
            clock: std::sync::Arc::new(|| 1_795_340_640_000),
        };
        let store = Store::new(client.clone(), options);
        store.init().await.expect("tables can be made");
        let created = store
            .create_collection(&Application::new("shop"), &User::new("user-1"), "many")
            .await
            .expect("a collection can be made");
        let Subject::Collection(collection) = created.value.record.subject else { panic!("it is a collection") };
        for batch in 0..ENTRIES / 100 {
            let puts = (0..100).map(|row| {
                let number = batch * 100 + row;
                let text = |text: String| AttributeValue::S(text);
                let item = HashMap::from([
                    ("userCollection".to_owned(), text(collection.entries_partition())),
                    ("entryVersion".to_owned(), text(format!("{}#1795340640000", uuid(number)))),
                    ("name".to_owned(), text(format!("entry-{number:06}"))),
                    ("value".to_owned(), text(format!(r#"{{"number":{number},"tags":["a","b"],"on":true}}"#))),
                ]);
                let put = Put::builder().table_name(&tables.entries).set_item(Some(item)).build().expect("complete");
                TransactWriteItem::builder().put(put).build()
            });
            client.transact_write_items().set_transact_items(Some(puts.collect())).send().await.expect("it fits");
        }
    }

    /// An id in the form and the length of a UUID, in no order.
    fn uuid(number: usize) -> String {
        let mixed = (number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let hex = format!("{mixed:032x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }
}
