//! A damaged file, one that is no store, and one from a newer version: said so, and left as it is.

use std::fs;
use std::path::{Path, PathBuf};

use dynamini::store::connect::{clock, connect};

use super::program::{DONE, FAILED, Place, Ran};
use super::writer::connection;

/// What stands in the value that the tests damage, some way in.
const MARK: &str = "in the middle of the value";

/// The size of the pages of the file, `SQLite`'s default.
const PAGE: usize = 4096;

/// A store with the entries `small` and `large` in `app/ann/notes`, and what leads to them.
struct Store {
    place: Place,
    /// `app/ann/{collection}` by uuid.
    collection: String,
    small: String,
    large: String,
}

impl Store {
    fn new() -> Self {
        let place = Place::new();
        let id = |ran: Ran, of: &str| {
            let record: serde_json::Value = serde_json::from_str(&ran.with(DONE).out).unwrap();
            record["meta"][of].as_str().unwrap().to_owned()
        };
        let json = ["--output", "json"];
        let notes = id(place.run(&[&["create", "app/ann/notes"][..], &json].concat()), "collection");
        let collection = format!("app/ann/{notes}");
        let put = |name: &str, text: &str| {
            let file = place.write("value.json", text);
            id(place.run(&[&["put", &format!("app/ann/notes/{name}"), &file][..], &json].concat()), "entry")
        };
        let filling = "x".repeat(5 * PAGE);
        let small = put("small", "\"as it was\"");
        let large = put("large", &format!("\"{filling}{MARK}{filling}\""));
        let (small, large) = (format!("{collection}/{small}"), format!("{collection}/{large}"));
        Self { place, collection, small, large }
    }

    fn file(&self) -> PathBuf {
        self.place.file()
    }

    fn log(&self) -> PathBuf {
        self.place.data().join("dynamini.db-wal")
    }

    fn damage(&self, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = fs::read(self.file()).unwrap();
        change(&mut bytes);
        fs::write(self.file(), bytes).unwrap();
    }

    /// Runs a command that must fail with these words, and checks that no byte of the file has changed.
    #[track_caller]
    fn refuses(&self, command: &[&str], words: &[&str]) -> Ran {
        let before = fs::read(self.file()).ok();
        let ran = self.place.run(command).refused(FAILED, words);
        assert!(ran.err.contains(self.file().to_str().unwrap()), "the file is not named: {ran:?}");
        assert_eq!(fs::read(self.file()).ok(), before, "the file has changed");
        ran
    }

    /// Checks that the store can't be opened by any command, with these words, which the explorer says too.
    #[track_caller]
    fn does_not_open(&self, words: &[&str]) {
        let value = self.place.write("one.json", "1");
        for command in
            [vec!["ls"], vec!["ls", "app/ann/notes"], vec!["get", &self.small], vec!["put", &self.small, &value]]
        {
            let ran = self.refuses(&command, words);
            assert_eq!(ran.err, format!("dynamini: {}\n", in_the_explorer(&self.place.data())));
        }
    }

    /// Checks that it opens and everything is there.
    #[track_caller]
    fn works(&self) {
        assert_eq!(self.place.run(&["get", &self.small]).with(DONE).out, "\"as it was\"\n");
        assert!(self.place.run(&["get", &self.large]).with(DONE).out.contains(MARK));
    }
}

/// Returns what the explorer's start screen says of a store that can't be opened: the error of the same call.
fn in_the_explorer(data: &Path) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let opened = runtime.block_on(connect(&connection(data), "ann", clock(None)));
    opened.map(drop).unwrap_err().to_string()
}

/// Overwrites bytes with what has no meaning anywhere.
fn noise(bytes: &mut [u8]) {
    for (byte, noise) in bytes.iter_mut().zip([0xA5, 0x5A, 0xFF].iter().cycle()) {
        *byte = *noise;
    }
}

type Change = fn(&mut Vec<u8>);
type PageChange = fn(&mut [u8]);

#[test]
fn a_file_that_is_damaged_where_it_begins_is_refused_and_left_as_it_is() {
    let cases: [(&str, Change); 8] = [
        ("the first words", |bytes| noise(&mut bytes[..16])),
        ("the header after them", |bytes| noise(&mut bytes[16..100])),
        ("the list of tables", |bytes| noise(&mut bytes[100..PAGE])),
        ("cut in the middle", |bytes| bytes.truncate(bytes.len() / 2)),
        ("cut after the first page", |bytes| bytes.truncate(PAGE)),
        ("cut within the header", |bytes| bytes.truncate(60)),
        ("noise", |bytes| noise(bytes)),
        ("a letter", |bytes| *bytes = "Dear reader, this is no database. ".repeat(100).into_bytes()),
    ];
    for (name, change) in cases {
        println!("damaged: {name}");
        let store = Store::new();
        store.damage(change);
        store.does_not_open(&[
            "is damaged or is not a store",
            "Put back a copy",
            "-wal file",
            "start with an empty store",
        ]);
    }
}

#[test]
fn an_entry_on_a_damaged_page_is_refused_and_the_others_can_be_read() {
    let cases: [(&str, PageChange); 5] = [
        ("a page of noise", |page| page.fill(0xA5)),
        ("a page of zeros", |page| page.fill(0)),
        // The first four bytes lead to the next page.
        ("text that is no text", |page| page[4..].fill(0xA5)),
        ("zeros in the text", |page| page[4..].fill(0)),
        ("a quote that ends the text", |page| page[4..].fill(b'"')),
    ];
    for (name, change) in cases {
        println!("damaged: {name}");
        let store = Store::new();
        store.damage(|bytes| {
            let at = bytes.windows(MARK.len()).position(|window| window == MARK.as_bytes()).unwrap();
            let page = at / PAGE * PAGE;
            change(&mut bytes[page..page + PAGE]);
        });
        let says = ["the file is damaged", "by uuid", "put back a copy"];
        store.refuses(&["get", &store.large], &says);
        store.refuses(&["ls", &store.collection], &says);
        store.refuses(&["put", &store.large, &store.place.write("one.json", "1")], &says);
        assert_eq!(store.place.run(&["get", &store.small]).with(DONE).out, "\"as it was\"\n");
        assert_eq!(store.place.run(&["ls"]).with(DONE).out, "app\n");
    }
}

#[test]
fn an_empty_file_is_a_new_store() {
    // As a process leaves it that is killed before it wrote the first page.
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    fs::write(place.file(), "").unwrap();
    assert_eq!(place.run(&["ls"]).with(DONE).out, "");
    place.run(&["create", "app/ann/notes"]).with(DONE);
}

#[test]
fn a_log_whose_store_is_empty_or_missing_is_not_thrown_away() {
    for missing in [false, true] {
        let store = Store::new();
        fs::write(store.file(), "").unwrap();
        if missing {
            fs::remove_file(store.file()).unwrap();
        }
        fs::write(store.log(), "versions that are nowhere else").unwrap();
        store.does_not_open(&["missing or empty", "-wal file beside it", "Put back a copy", "move both away"]);
        assert_eq!(fs::read_to_string(store.log()).unwrap(), "versions that are nowhere else");
        assert_eq!(store.file().exists(), !missing);
    }
}

#[test]
fn a_log_of_noise_takes_nothing_from_the_store() {
    for name in ["dynamini.db-wal", "dynamini.db-shm", "dynamini.db-journal"] {
        let store = Store::new();
        fs::write(store.place.data().join(name), vec![0xA5; 50_000]).unwrap();
        store.works();
    }
}

#[test]
fn a_store_from_a_newer_version_is_refused_and_left_as_it_is() {
    let store = Store::new();
    let storage = dynoxide::storage::Storage::new(store.file().to_str().unwrap()).unwrap();
    storage.conn().execute("UPDATE _config SET value = '99' WHERE key = 'schema_version'", []).unwrap();
    drop(storage);
    store.does_not_open(&["newer version", "99", "It was not changed", "Upgrade dynamini", "--data-dir"]);
}

#[test]
fn a_table_that_was_begun_and_never_made_is_made_anew() {
    for table in ["dynamomini.collections", "dynamomini.entries"] {
        let place = Place::new();
        place.run(&["ls"]).with(DONE);
        // As a process leaves it that was killed between the two steps in which the engine makes a table.
        let file = rusqlite::Connection::open(place.file()).unwrap();
        file.execute_batch(&format!("DROP TABLE \"{table}\"")).unwrap();
        drop(file);
        place.run(&["create", "app/ann/notes"]).with(DONE);
        let value = place.write("value.json", "1");
        place.run(&["put", "app/ann/notes/one", &value]).with(DONE);
        assert!(place.run(&["ls", "app/ann/notes"]).with(DONE).out.contains("one"), "{table}");
    }
}
