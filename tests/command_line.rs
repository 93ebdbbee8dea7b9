//! The command line as a script sees it: the real program, its output, its messages and its exit codes.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::thread;

use aws_sdk_dynamodb::types::AttributeValue;
use dynamini::store::embedded::{self, Engine};
use dynoxide::Database;
use tempfile::TempDir;

mod command_line {
    mod as_of;
    mod bring_back;
    mod changes;
    mod compare;
    mod grep;
    mod transfer;
}

const DONE: i32 = 0;
const FAILED: i32 = 1;
const USAGE: i32 = 2;
const NOT_FOUND: i32 = 3;
const CONFLICT: i32 = 4;
const REFUSED: i32 = 5;
const UNREACHABLE: i32 = 6;

/// A store of its own for a test.
struct Place {
    directory: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self {
            code: output.status.code().expect("it ends by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Returns the output as JSON. Numbers beyond what `serde_json` holds are looked for in the text instead.
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).expect("the output is JSON")
    }

    #[track_caller]
    fn with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

impl Place {
    fn new() -> Self {
        Self { directory: TempDir::new().expect("a temporary directory can be made") }
    }

    /// A place with the collection `billing/u-1/invoices`.
    fn with_collection() -> Self {
        let place = Self::new();
        place.run(&["create", "billing/u-1/invoices"]).with(DONE);
        place
    }

    /// A place with the entry `billing/u-1/invoices/inv-7` of that many versions, `{"n":1}` and so on.
    fn with_entry(versions: usize) -> Self {
        let place = Self::with_collection();
        for n in 1..=versions {
            place.put("billing/u-1/invoices/inv-7", &format!("{{\"n\":{n}}}"));
        }
        place
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare(arguments);
        command.arg("--data-dir").arg(self.directory.path().join("data"));
        command
    }

    /// Without the flag for the store.
    fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dynamini"));
        command.args(arguments).env_clear().stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.directory.path()).env("TZ", "UTC").env("USER", "ada");
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().expect("the program starts"))
    }

    fn run_with_input(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("it is piped");
        // A program that refuses before it reads closes its end.
        let _ = stdin.write_all(input.as_ref());
        drop(stdin);
        Ran::of(child.wait_with_output().expect("the program ends"))
    }

    #[track_caller]
    fn put(&self, address: &str, json: &str) -> Ran {
        self.run_with_input(&["put", address], json).with(DONE)
    }

    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        self.run(&[arguments, &["--output", "json"]].concat()).with(DONE).json()
    }

    fn version(&self, address: &str) -> String {
        self.json(&["get", address])["meta"]["version"].to_string()
    }

    fn history(&self, address: &str) -> Vec<serde_json::Value> {
        self.json(&["log", address]).as_array().expect("it is a list").clone()
    }
}

#[test]
fn the_main_job_from_an_empty_store() {
    let place = Place::new();
    assert_eq!(place.run(&["ls"]).with(DONE).out, "");
    let made = place.run(&["create", "billing/u-1/invoices"]).with(DONE);
    assert!(made.out.starts_with("created billing/u-1/invoices @"), "{made:?}");
    let wrote = place.put("billing/u-1/invoices/inv-7", "{\"limit\": 5000,\n \"old\": 1}");
    assert!(wrote.out.starts_with("created billing/u-1/invoices/inv-7 @"), "{wrote:?}");
    let wrote = place.put("billing/u-1/invoices/inv-7", r#"{"limit": 12500, "notes": "x"}"#);
    assert!(wrote.out.starts_with("wrote billing/u-1/invoices/inv-7 @"), "{wrote:?}");

    assert_eq!(place.run(&["ls"]).out, "billing\n");
    assert_eq!(place.run(&["ls", "billing"]).out, "u-1\n");
    assert!(place.run(&["ls", "billing/u-1"]).out.contains("\ninvoices  "));
    assert!(place.run(&["ls", "billing/u-1/invoices"]).out.contains("\ninv-7  "));
    let value = place.run(&["get", "billing/u-1/invoices/inv-7"]).with(DONE);
    assert_eq!(value.out, "{\n  \"limit\": 12500,\n  \"notes\": \"x\"\n}\n");
    let before = place.run(&["get", "billing/u-1/invoices/inv-7@-1"]).with(DONE);
    assert_eq!(before.out, "{\n  \"limit\": 5000,\n  \"old\": 1\n}\n");
    let difference = place.run(&["diff", "billing/u-1/invoices/inv-7@-1"]).with(DONE);
    assert_eq!(difference.out, "~ .limit: 5000 → 12500\n- .old: 1\n+ .notes: \"x\"\n");

    let restored = place.run(&["restore", "billing/u-1/invoices/inv-7@-1"]).with(DONE);
    assert!(restored.out.starts_with("restored billing/u-1/invoices/inv-7 @"), "{restored:?}");
    assert_eq!(place.run(&["get", "billing/u-1/invoices/inv-7"]).out, before.out);
    assert_eq!(place.history("billing/u-1/invoices/inv-7").len(), 3, "history only grows");
}

#[test]
fn records_have_the_shape_of_the_original_and_every_write_prints_its_own() {
    let place = Place::new();
    let collection = place.json(&["create", "billing/u-1/invoices", "--author", "ada@cli"]);
    let meta = &collection["meta"];
    assert_eq!(collection["name"], "invoices");
    assert_eq!([&meta["application"], &meta["user"], &meta["author"]], ["billing", "u-1", "ada@cli"]);
    let put = ["put", "billing/u-1/invoices/inv-7", "--note", "why", "--author", "bob@cli", "--output", "json"];
    let entry = place.run_with_input(&put, r#"{"a": 1}"#).with(DONE).json();
    assert_eq!([&entry["name"], &entry["meta"]["note"], &entry["meta"]["author"]], ["inv-7", "why", "bob@cli"]);
    assert_eq!(entry["meta"]["collection"], meta["collection"]);
    assert_eq!(entry["value"], serde_json::json!({"a": 1}));
    assert_eq!(place.json(&["get", "billing/u-1/invoices/inv-7"]), entry);

    let renamed = place.json(&["rename", "billing/u-1/invoices/inv-7", "inv-8"]);
    assert_eq!((&renamed["name"], &renamed["value"]), (&"inv-8".into(), &entry["value"]));
    let deleted = place.json(&["rm", "billing/u-1/invoices/inv-8"]);
    assert_eq!(deleted["meta"]["version"], renamed["meta"]["version"], "the mark is on the newest version");
    assert!(deleted["meta"]["deletedAt"].as_str().is_some_and(|at| at.ends_with('Z')), "{deleted}");
    let undeleted = place.json(&["undelete", "billing/u-1/invoices/inv-8"]);
    assert_eq!(undeleted["meta"]["deletedAt"], serde_json::Value::Null);
    let first = entry["meta"]["version"].to_string();
    let restored = place.json(&["restore", &format!("billing/u-1/invoices/inv-8@{first}")]);
    assert_eq!(restored["meta"]["restoredFrom"], entry["meta"]["version"]);
    assert_eq!(restored["name"], "inv-7");
    let versions = place.history("billing/u-1/invoices/inv-7");
    assert_eq!(versions.len(), 4);
    assert_eq!((&versions[0], &versions[3]), (&restored, &entry));
    let lines = place.run(&["log", "billing/u-1/invoices/inv-7", "--output", "ndjson"]).with(DONE).out;
    assert_eq!(lines.lines().count(), 4);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&lines[..lines.find('\n').unwrap_or(0)]).ok(), Some(restored));
}

#[test]
fn the_author_is_the_user_at_this_host_where_nothing_else_is_said() {
    let place = Place::with_collection();
    let author = place.json(&["get", "billing/u-1/invoices"])["meta"]["author"].to_string();
    assert!(author.starts_with("\"ada@"), "{author}");
}

#[test]
fn numbers_keys_and_strings_come_back_as_typed() {
    let place = Place::with_collection();
    let typed = r#"{"z":12345678901234567890,"a":[1.0,1e400,-0],"é":"\u00e9\ud83d\ude00","":"💥"}"#;
    place.put("billing/u-1/invoices/inv-7", typed);
    let shown = place.run(&["get", "billing/u-1/invoices/inv-7"]).with(DONE).out;
    assert_eq!(shown.replace([' ', '\n'], ""), typed);
    for form in ["json", "ndjson"] {
        let record = place.run(&["get", "billing/u-1/invoices/inv-7", "--output", form]).with(DONE).out;
        assert!(record.replace([' ', '\n'], "").ends_with(&format!(r#""value":{typed}}}"#)), "{record}");
    }
    let listed = place.run(&["ls", "billing/u-1/invoices", "--output", "json"]).with(DONE).out;
    assert!(listed.contains(typed), "{listed}");
}

#[test]
fn a_value_comes_from_a_file_too() {
    let place = Place::with_collection();
    let file = place.directory.path().join("value.json");
    fs::write(&file, "[1, 2]").expect("the file can be written");
    let file = file.to_str().expect("it is UTF-8");
    place.run(&["put", "billing/u-1/invoices/list", file]).with(DONE);
    place.run_with_input(&["put", "billing/u-1/invoices/dash", "-"], "3").with(DONE);
    assert_eq!(place.run(&["get", "billing/u-1/invoices/list"]).out, "[\n  1,\n  2\n]\n");
    assert_eq!(place.run(&["get", "billing/u-1/invoices/dash"]).out, "3\n");
    place.run(&["put", "billing/u-1/invoices/list", "nowhere.json"]).with(USAGE);
}

#[test]
fn what_is_not_json_is_refused_with_its_place_and_nothing_is_written() {
    let place = Place::with_entry(1);
    let address = "billing/u-1/invoices/inv-7";
    let refused = place.run_with_input(&["put", address], "{\n  \"a\": 1,\n}").with(REFUSED);
    assert!(refused.err.starts_with("dynamini: (standard input):2:9: "), "{refused:?}");
    assert!(refused.err.contains("nothing was written") && refused.out.is_empty(), "{refused:?}");
    place.run_with_input(&["put", address], "").with(REFUSED);
    place.run_with_input(&["put", address], [b'"', 0xff, b'"']).with(REFUSED);
    assert_eq!(place.history(address).len(), 1);
}

#[test]
fn a_key_that_is_there_twice_is_told_and_kept() {
    let place = Place::with_collection();
    let wrote = place.put("billing/u-1/invoices/inv-7", "{\"a\": 1,\n\"a\": 2}");
    assert!(wrote.err.contains("(standard input):2: the key .a is there twice"), "{wrote:?}");
    assert_eq!(place.run(&["get", "billing/u-1/invoices/inv-7"]).out, "{\n  \"a\": 1,\n  \"a\": 2\n}\n");
}

#[test]
fn a_value_that_is_too_large_is_refused() {
    let place = Place::with_collection();
    let large = format!("\"{}\"", "x".repeat(400 * 1024));
    let refused = place.run_with_input(&["put", "billing/u-1/invoices/inv-7"], large).with(REFUSED);
    assert!(refused.err.contains("over the limit"), "{refused:?}");
}

#[test]
fn names_may_hold_slashes_at_signs_percent_signs_and_any_script() {
    let place = Place::with_collection();
    let names = [
        ("a%2Fb", "a/b"),
        ("ada@example.com", "ada@example.com"),
        ("100%", "100%"),
        ("株式会社 é", "株式会社 é"),
        ("team%407", "team@7"),
    ];
    for (typed, name) in names {
        let address = format!("billing/u-1/invoices/{typed}");
        let wrote = place.put(&address, "1");
        let printed = wrote.out.trim_start_matches("created ").rsplit_once(" @").expect("it has a version").0;
        place.put(&address, "2");
        let record = place.json(&["get", printed]);
        assert_eq!(record["name"], name, "{printed}");
        assert_eq!(place.history(&address).len(), 2, "{name}");
        assert_eq!(place.run(&["get", &format!("{address}@-1")]).with(DONE).out, "1\n", "{name}");
    }
    let missing = place.run(&["get", "billing/u-1/invoices/inv@yesterday"]).with(NOT_FOUND);
    assert!(missing.err.contains("\"inv@yesterday\" was not found in billing/u-1/invoices; a version"), "{missing:?}");
}

#[test]
fn a_user_is_stored_under_a_slug_which_is_said() {
    let place = Place::new();
    let made = place.run(&["create", "billing/Zoë & Co/invoices"]).with(DONE);
    assert!(made.err.contains("is stored as Zoe-and-Co"), "{made:?}");
    let listed = place.run(&["ls", "billing/Zoë & Co"]).with(DONE);
    assert!(listed.out.contains("invoices"), "{listed:?}");
    assert_eq!(place.run(&["ls", "billing/Zoe-and-Co"]).with(DONE).err, "");
    place.run(&["create", "billing/%23%23/invoices"]).with(USAGE);
}

#[test]
fn a_version_is_milliseconds_steps_or_a_time() {
    let place = Place::with_collection();
    let address = "billing/u-1/invoices/inv-7";
    for (now, value) in [("2026-11-22T09:41:03Z", "1"), ("2026-11-23T09:41:03Z", "2")] {
        let mut put = place.command(&["put", address, "-"]);
        let file = place.directory.path().join("value");
        fs::write(&file, value).expect("the file can be written");
        put.env("DYNAMINI_NOW", now).stdin(fs::File::open(&file).expect("it was written"));
        Ran::of(put.output().expect("the program starts")).with(DONE);
    }
    for at in ["1795340463000", "-1", "2026-11-22T09:41:03Z", "2026-11-23T09:41:02.999Z"] {
        assert_eq!(place.run(&["get", &format!("{address}@{at}")]).with(DONE).out, "1\n", "{at}");
    }
    place.run(&["get", &format!("{address}@2026-11-22T09:41:02Z")]).with(NOT_FOUND);
    place.run(&["get", &format!("{address}@-2")]).with(NOT_FOUND);
    place.run(&["get", &format!("{address}@1795340463001")]).with(NOT_FOUND);
    let between = place.run(&["diff", &format!("{address}@-1"), "@-1"]).with(DONE);
    assert_eq!(between.out, "");
    let backwards = place.json(&["diff", &format!("{address}@2026-11-23T09:41:03Z"), "@1795340463000"]);
    assert_eq!(backwards, serde_json::json!([{"path": ".", "kind": "changed", "old": 2, "new": 1}]));
}

#[test]
fn a_history_tells_what_happened() {
    let place = Place::new();
    let at = |minute: u32, arguments: &[&str], input: &str| {
        let mut command = place.command(arguments);
        let file = place.directory.path().join("value");
        fs::write(&file, input).expect("the file can be written");
        command.stdin(fs::File::open(&file).expect("it was written"));
        command.env("DYNAMINI_NOW", format!("2026-11-22T09:{minute:02}:00Z")).args(["--author", "ada@cli"]);
        Ran::of(command.output().expect("the program starts")).with(DONE)
    };
    at(0, &["create", "billing/u-1/invoices"], "");
    at(1, &["put", "billing/u-1/invoices/inv-7", "--note", "first"], r#"{"a":1}"#);
    at(2, &["put", "billing/u-1/invoices/inv-7"], r#"{"a":2,"b":3}"#);
    at(3, &["rename", "billing/u-1/invoices/inv-7", "inv-8"], "");
    at(4, &["rm", "billing/u-1/invoices/inv-8"], "");
    at(5, &["undelete", "billing/u-1/invoices/inv-8"], "");
    at(6, &["restore", "billing/u-1/invoices/inv-8@1795338060000"], "");
    let log = at(8, &["log", "billing/u-1/invoices/inv-7"], "");
    assert_eq!(
        log.out,
        "\
TIME                 AGE  VERSION        SIZE  CHANGE                       AUTHOR   NOTE
2026-11-22 09:06:00  2m   1795338360000  7 B   restored from 1795338060000  ada@cli
2026-11-22 09:05:00  3m   1795338300000  13 B  undeleted                    ada@cli
2026-11-22 09:04:00  4m   1795338180000        deleted                      ada@cli
2026-11-22 09:03:00  5m   1795338180000  13 B  renamed from \"inv-7\"         ada@cli
2026-11-22 09:02:00  6m   1795338120000  13 B  +1 ~1                        ada@cli
2026-11-22 09:01:00  7m   1795338060000  7 B   created                      ada@cli  first
"
    );
}

#[test]
fn a_long_history_is_told_to_its_end() {
    let place = Place::with_entry(0);
    let mut put = vec![];
    for n in 0..35 {
        put.push(place.put("billing/u-1/invoices/inv-7", &n.to_string()).out);
    }
    let log = place.run(&["log", "billing/u-1/invoices/inv-7"]).with(DONE).out;
    assert_eq!(log.lines().count(), 1 + put.len(), "{log}");
    assert_eq!(log.matches("created").count(), 1, "only the oldest was created, also across pages: {log}");
    assert_eq!(log.matches("~1").count(), 34, "{log}");
}

#[test]
fn only_the_version_that_was_named_is_written_on() {
    let place = Place::with_entry(2);
    let address = "billing/u-1/invoices/inv-7";
    let newest = place.version(address);
    let older = place.version(&format!("{address}@-1"));
    let lost = place.run_with_input(&["put", address, "--if-version", &older], "9").with(CONFLICT);
    assert!(lost.err.contains(&newest) && lost.err.contains(&older) && lost.out.is_empty(), "{lost:?}");
    place.run(&["rm", address, "--if-version", &older]).with(CONFLICT);
    assert_eq!(place.history(address).len(), 2, "nothing was written");
    place.run_with_input(&["put", address, "--if-version", &newest], "9").with(DONE);
    let newest = place.version(address);
    place.run(&["rm", address, "--if-version", &newest]).with(DONE);
    place.run_with_input(&["put", "billing/u-1/invoices/none", "--if-version", "1"], "9").with(NOT_FOUND);
}

#[test]
fn create_only_creates_only() {
    let place = Place::with_entry(1);
    let address = "billing/u-1/invoices/inv-7";
    let there = place.run_with_input(&["put", address, "--create-only"], "9").with(CONFLICT);
    assert!(there.err.contains("exists already"), "{there:?}");
    place.run_with_input(&["put", "billing/u-1/invoices/new", "--create-only"], "9").with(DONE);
    place.run(&["rm", address]).with(DONE);
    place.run_with_input(&["put", address, "--create-only"], "9").with(DONE);
    assert_eq!(place.history(address).len(), 1, "the new one is another entry");
    place.run_with_input(&["put", address, "--create-only", "--if-version", "1"], "9").with(USAGE);
}

#[test]
fn a_value_and_a_name_change_in_one_version() {
    let place = Place::with_entry(1);
    place.run_with_input(&["put", "billing/u-1/invoices/inv-7", "--name", "inv-8"], "9").with(DONE);
    assert_eq!(place.run(&["get", "billing/u-1/invoices/inv-8"]).with(DONE).out, "9\n");
    let difference = place.run(&["diff", "billing/u-1/invoices/inv-8@-1"]).with(DONE).out;
    assert_eq!(difference, "~ name: \"inv-7\" → \"inv-8\"\n~ .: {\"n\":1} → 9\n");
    place.run_with_input(&["put", "billing/u-1/invoices/inv-7", "--name", "inv-9"], "9").with(NOT_FOUND);
    place.run(&["rename", "billing/u-1/invoices/inv-8", ""]).with(USAGE);
}

#[test]
fn a_name_that_several_have_is_no_address_and_their_uuids_are() {
    let place = Place::with_entry(1);
    place.put("billing/u-1/invoices/other", "2");
    let other = place.json(&["rename", "billing/u-1/invoices/other", "inv-7"]);
    let id = other["meta"]["entry"].as_str().expect("it has an id").to_owned();
    let several = place.run(&["get", "billing/u-1/invoices/inv-7"]).with(USAGE);
    assert!(several.err.contains("2 entries are named \"inv-7\"") && several.err.contains(&id), "{several:?}");
    let by_id = format!("billing/u-1/invoices/{id}");
    assert_eq!(place.run(&["get", &by_id]).with(DONE).out, "2\n");
    place.run(&["rm", &by_id]).with(DONE);
    assert_eq!(place.run(&["get", "billing/u-1/invoices/inv-7"]).with(DONE).out, "{\n  \"n\": 1\n}\n");
    place.run(&["undelete", "billing/u-1/invoices/inv-7"]).with(DONE);
    place.run(&["get", "billing/u-1/invoices/inv-7"]).with(USAGE);
    let unknown = "billing/u-1/invoices/00000000-0000-4000-8000-000000000000";
    place.run_with_input(&["put", unknown], "1").with(NOT_FOUND);
}

#[test]
fn what_is_deleted_is_said_to_be_and_its_history_stays() {
    let place = Place::with_entry(2);
    let (collection, entry) = ("billing/u-1/invoices", "billing/u-1/invoices/inv-7");
    place.run(&["rm", entry]).with(DONE);
    for command in [vec!["get", entry], vec!["rm", entry], vec!["rename", entry, "x"]] {
        let refused = place.run(&command).with(NOT_FOUND);
        assert!(refused.err.contains("is deleted since") && refused.err.contains("undelete"), "{refused:?}");
    }
    place.run_with_input(&["put", entry], "9").with(NOT_FOUND);
    assert_eq!(place.run(&["get", &format!("{entry}@-1")]).with(DONE).out, "{\n  \"n\": 1\n}\n");
    assert_eq!(place.history(entry).len(), 2);
    assert_eq!(place.run(&["ls", collection]).with(DONE).out, "");
    assert_eq!(place.json(&["ls", collection]), serde_json::json!([]));
    assert!(place.run(&["ls", collection, "--filter", "current"]).out.contains("inv-7"));
    assert_eq!(place.json(&["ls", collection, "--filter", "all"]).as_array().map(Vec::len), Some(2));
    place.run(&["restore", &format!("{entry}@-1")]).with(DONE);
    assert_eq!(place.run(&["get", entry]).with(DONE).out, "{\n  \"n\": 1\n}\n");
    place.run(&["undelete", entry]).with(REFUSED);
}

#[test]
fn nothing_is_written_into_a_deleted_collection() {
    let place = Place::with_entry(1);
    place.run(&["rm", "billing/u-1/invoices"]).with(DONE);
    for name in ["inv-7", "new"] {
        let refused = place.run_with_input(&["put", &format!("billing/u-1/invoices/{name}")], "9").with(NOT_FOUND);
        assert!(refused.err.contains("collection \"invoices\" is deleted since"), "{refused:?}");
    }
    place.run(&["ls", "billing/u-1/invoices"]).with(NOT_FOUND);
    assert_eq!(place.history("billing/u-1/invoices/inv-7").len(), 1, "its entries can still be looked at");
    place.run(&["undelete", "billing/u-1/invoices"]).with(DONE);
    place.put("billing/u-1/invoices/inv-7", "9");
}

#[test]
fn what_is_not_there_is_not_found() {
    let place = Place::with_collection();
    for address in ["billing/u-1/invoices/none", "billing/u-1/none", "billing/u-2/invoices", "other/u-1/invoices/inv-7"]
    {
        let missing = place.run(&["get", address]).with(NOT_FOUND);
        assert!(missing.err.starts_with("dynamini: ") && missing.err.contains("was not found"), "{missing:?}");
    }
    place.run_with_input(&["put", "billing/u-1/none/inv-7"], "1").with(NOT_FOUND);
    let id = place.json(&["get", "billing/u-1/invoices"])["meta"]["collection"].as_str().unwrap_or_default().to_owned();
    assert!(place.run(&["ls", &format!("billing/u-1/{id}")]).with(DONE).err.is_empty());
    place.run(&["ls", &format!("other/u-1/{id}")]).with(NOT_FOUND);
    place.run(&["get", "billing/u-1/invoices"]).with(NOT_FOUND);
}

#[test]
fn a_read_only_connection_refuses_every_write_and_reads() {
    let place = Place::with_entry(2);
    let (collection, entry) = ("billing/u-1/invoices", "billing/u-1/invoices/inv-7");
    let older = format!("{entry}@-1");
    for command in [
        vec!["put", entry],
        vec!["create", "billing/u-1/more"],
        vec!["rename", entry, "x"],
        vec!["rm", collection],
        vec!["restore", &older],
    ] {
        let refused = place.run(&[&command[..], &["--read-only"]].concat()).with(REFUSED);
        assert!(refused.err.contains("read-only") && refused.out.is_empty(), "{refused:?}");
    }
    assert_eq!(place.run(&["--read-only", "log", entry, "--output", "ndjson"]).with(DONE).out.lines().count(), 2);
    assert_eq!(Place::new().run(&["ls", "--read-only"]).with(DONE).out, "", "also on a store that is new");
}

#[test]
fn wrong_usage_is_told_from_other_failures() {
    let place = Place::with_entry(1);
    let entry = "billing/u-1/invoices/inv-7";
    for command in [
        vec!["list"],
        vec!["get"],
        vec!["get", "a//b"],
        vec!["get", "a/b/c/d/e"],
        vec!["get", "billing/u-1"],
        vec!["ls", entry],
        vec!["ls", "billing/u-1/invoices@-1"],
        vec!["create", entry],
        vec!["restore", entry],
        vec!["diff", entry],
        vec!["rm", "billing/u-1/invoices/inv-7@-1"],
        vec!["rm", entry, "--if-version", "newest"],
        vec!["ls", "--output", "xml"],
        vec!["ls", "--connection", "nowhere"],
        vec!["ls", "--profile", "p", "--demo"],
    ] {
        let wrong = place.run(&command).with(USAGE);
        assert!(wrong.out.is_empty() && !wrong.err.is_empty(), "{command:?}: {wrong:?}");
    }
    let mut frozen = place.command(&["ls"]);
    frozen.env("DYNAMINI_NOW", "noon");
    Ran::of(frozen.output().expect("the program starts")).with(USAGE);
}

#[test]
fn an_error_in_the_config_file_names_its_line() {
    let place = Place::new();
    let file = place.directory.path().join("config.toml");
    fs::write(&file, "[connections.work]\nengine = \"dynamodb\"\nregoin = \"eu-west-1\"\n").expect("it can be written");
    let wrong = place.run(&["ls", "--config", file.to_str().expect("it is UTF-8")]).with(USAGE);
    assert!(wrong.err.contains("config.toml:3") && wrong.err.contains("`region`"), "{wrong:?}");
    place.run(&["ls", "--config", "nowhere.toml"]).with(USAGE);
}

#[test]
fn a_store_that_does_not_answer_is_unreachable() {
    let place = Place::new();
    let mut silent = place.bare(&["ls", "--endpoint-url", "http://127.0.0.1:1"]);
    silent.env("AWS_ACCESS_KEY_ID", "x").env("AWS_SECRET_ACCESS_KEY", "x").env("AWS_DYNAMODB_RETRY_BASE_DELAY", "1");
    let silent = Ran::of(silent.output().expect("the program starts")).with(UNREACHABLE);
    assert!(silent.err.contains("http://127.0.0.1:1 can't be reached"), "{silent:?}");
    let mut unknown = place.bare(&["ls", "--region", "eu-west-1"]);
    unknown.env("AWS_DYNAMODB_RETRY_BASE_DELAY", "1");
    let unknown = Ran::of(unknown.output().expect("the program starts")).with(UNREACHABLE);
    assert!(unknown.err.contains("no credentials were found"), "{unknown:?}");
    let mut nowhere = place.bare(&["ls", "--profile", "default"]);
    nowhere.env("AWS_DYNAMODB_RETRY_BASE_DELAY", "1");
    let nowhere = Ran::of(nowhere.output().expect("the program starts")).with(USAGE);
    assert!(nowhere.err.contains("--region"), "{nowhere:?}");
}

/// Returns the URL of an endpoint that answers like `DynamoDB`, without tables, for as long as the test process runs.
fn endpoint() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.set_nonblocking(true).expect("the listener can be made ready for tokio");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let database = Database::memory().expect("an engine can be made");
    thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("the listener is ready for tokio");
            dynoxide::server::serve_on(listener, database).await;
        });
    });
    url
}

#[test]
fn an_endpoint_is_used_like_dynamodb_itself() {
    let place = Place::new();
    let url = endpoint();
    let run = |arguments: &[&str]| {
        let mut command = place.bare(arguments);
        command.args(["--endpoint-url", &url]).env("AWS_ACCESS_KEY_ID", "x").env("AWS_SECRET_ACCESS_KEY", "x");
        Ran::of(command.output().expect("the program starts"))
    };
    let missing = run(&["ls"]).with(FAILED);
    assert!(missing.err.contains("`dynamini init` creates it"), "{missing:?}");
    let made = run(&["init"]).with(DONE);
    assert_eq!(made.out, "dynamomini.collections: created\ndynamomini.entries: created\n");
    assert_eq!(run(&["init", "--output", "json"]).with(DONE).json()[0]["created"], false);
    run(&["create", "billing/u-1/invoices"]).with(DONE);
    run(&["rename", "billing/u-1/invoices", "bills"]).with(DONE);
    assert_eq!(
        run(&["log", "billing/u-1/bills", "--output", "json"]).with(DONE).json().as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(run(&["ls", "billing"]).with(DONE).out, "u-1\n");
}

#[test]
fn a_file_that_is_no_store_is_said_to_be_damaged() {
    let place = Place::new();
    let data = place.directory.path().join("data");
    fs::create_dir(&data).expect("the directory can be made");
    fs::write(data.join("dynamini.db"), "this is no store ".repeat(100)).expect("it can be written");
    let damaged = place.run(&["ls"]).with(FAILED);
    assert!(damaged.err.contains("dynamini.db"), "{damaged:?}");
}

#[test]
fn init_creates_tables_and_finds_them() {
    let place = Place::new();
    let tables = ["--table-collections", "t.collections", "--table-entries", "t.entries"];
    let made = place.run(&[&["init"], &tables[..]].concat()).with(DONE);
    assert_eq!(made.out, "t.collections: was there, with the right keys\nt.entries: was there, with the right keys\n");
    let swapped = ["init", "--table-collections", "t.entries", "--table-entries", "t.collections"];
    let wrong = place.run(&swapped).with(USAGE);
    assert!(wrong.err.contains("has the keys"), "{wrong:?}");
    assert_eq!(place.json(&["init"])[0]["created"], false);
}

#[test]
fn the_demo_is_sample_data_that_no_file_keeps() {
    let place = Place::new();
    let listed = Ran::of(place.bare(&["ls", "--demo", "--read-only"]).output().expect("the program starts")).with(DONE);
    assert!(listed.out.lines().count() > 1, "{listed:?}");
    assert_eq!(fs::read_dir(place.directory.path()).map(Iterator::count).ok(), Some(0));
}

#[test]
fn hostile_names_and_values_cannot_act_on_a_terminal() {
    let place = Place::with_collection();
    place.put("billing/u-1/invoices/x%1B[31m%0Ay%C2%9B%E2%80%AE", r#"{"a":"\u001b[31m"}"#);
    let note = "note\u{1b}]0;title\u{7}";
    place
        .run_with_input(&["put", "billing/u-1/invoices/plain", "--note", note, "--author", "eve\r\u{1b}[2J"], "1")
        .with(DONE);
    for command in [
        vec!["ls", "billing/u-1/invoices"],
        vec!["log", "billing/u-1/invoices/plain"],
        vec!["get", "billing/u-1/invoices/none%1B[31m"],
        vec!["rename", "billing/u-1/invoices/plain", "new\u{1b}[31m"],
    ] {
        let ran = place.run(&command);
        let acting = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!ran.out.contains(acting) && !ran.err.contains(acting), "{command:?}: {ran:?}");
    }
    assert_eq!(place.run(&["ls", "billing/u-1/invoices"]).out.lines().count(), 3, "a name stays on its line");
    let exact = place.json(&["ls", "billing/u-1/invoices"]);
    let names: Vec<_> = exact.as_array().into_iter().flatten().map(|record| record["name"].clone()).collect();
    assert!(names.contains(&"x\u{1b}[31m\ny\u{9b}\u{202e}".into()), "{names:?}");
}

/// Puts rows of texts into a partition of a table as they are given, each by its sort key and its other attributes.
fn put_rows(place: &Place, table: &str, hash: (&str, &str), range: &str, rows: &[(&str, &[(&str, &str)])]) {
    let engine = Engine::open(&place.directory.path().join("data/dynamini.db")).expect("it is a store");
    let client = embedded::client(&engine);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    runtime.block_on(async {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        for (sort, attributes) in rows {
            let put = client.put_item().table_name(table).item(hash.0, text(hash.1)).item(range, text(sort));
            let put = attributes.iter().fold(put, |put, (name, value)| put.item(*name, text(value)));
            put.send().await.expect("the row can be written");
        }
    });
}

#[test]
fn rows_of_the_original_show_and_bad_ones_do_not_hide_the_good() {
    let place = Place::with_entry(1);
    let id = place.json(&["get", "billing/u-1/invoices"])["meta"]["collection"].as_str().unwrap_or_default().to_owned();
    let rows: [(&str, &[(&str, &str)]); 4] = [
        ("no-value#1500000000000", &[("name", "no value")]),
        ("no-json#1500000000000", &[("name", "no json"), ("value", "{oops")]),
        ("no-name#1500000000000", &[("value", "[1]")]),
        ("garbage", &[]),
    ];
    put_rows(&place, "dynamomini.entries", ("userCollection", &format!("u-1#{id}#")), "entryVersion", &rows);
    let listed = place.run(&["ls", "billing/u-1/invoices"]).with(DONE);
    for name in ["inv-7", "no value", "no json", "(no name)", "(unreadable) garbage"] {
        assert!(listed.out.contains(name), "{name}: {listed:?}");
    }
    assert!(listed.err.contains("unreadable row \"garbage\""), "{listed:?}");
    let exact = place.run(&["ls", "billing/u-1/invoices", "--output", "json"]).with(DONE);
    assert_eq!(exact.json().as_array().map(Vec::len), Some(4));
    assert!(exact.err.contains("unreadable row \"garbage\""), "{exact:?}");
    assert_eq!(place.run(&["get", "billing/u-1/invoices/no json"]).with(DONE).out, "{oops\n");
    let record = place.json(&["get", "billing/u-1/invoices/no json"]);
    assert_eq!((&record["value"], &record["meta"]["valueIsText"]), (&"{oops".into(), &true.into()));
    let absent = place.run(&["get", "billing/u-1/invoices/no value"]).with(NOT_FOUND);
    assert!(absent.err.contains("has no value"), "{absent:?}");
    assert_eq!(place.run(&["get", "billing/u-1/invoices/no-name"]).with(DONE).out, "[\n  1\n]\n");
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let place = Place::with_entry(3);
    let mut child = place
        .command(&["log", "billing/u-1/invoices/inv-7"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let ran = Ran::of(child.wait_with_output().expect("the program ends")).with(DONE);
    assert_eq!(ran.err, "");
}

#[test]
fn help_tells_the_exit_codes_and_only_commands_that_are_there() {
    let place = Place::new();
    let help = place.run(&["--help"]).with(DONE).out;
    assert!(help.contains("Exit codes: 0 done") && help.contains("undelete"), "{help}");
    assert_eq!(place.run(&["--version"]).with(DONE).out, concat!("dynamini ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn no_increment_is_lost_among_eight_processes() {
    const PROCESSES: usize = 8;
    const INCREMENTS: usize = 10;
    let place = Place::with_collection();
    let address = "billing/u-1/invoices/counter";
    place.put(address, "0");
    let successes: usize = thread::scope(|scope| {
        let workers: Vec<_> = (0..PROCESSES)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = 0;
                    while done < INCREMENTS {
                        let record = place.json(&["get", address]);
                        let version = record["meta"]["version"].to_string();
                        let next = record["value"].as_u64().expect("it is a count") + 1;
                        let put = ["put", address, "--if-version", &version];
                        let ran = place.run_with_input(&put, next.to_string());
                        assert!([DONE, CONFLICT].contains(&ran.code), "{ran:?}");
                        done += usize::from(ran.code == DONE);
                    }
                    done
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("the worker ends well")).sum()
    });
    assert_eq!(successes, PROCESSES * INCREMENTS);
    assert_eq!(place.run(&["get", address]).out, format!("{successes}\n"));
    assert_eq!(place.history(address).len(), 1 + successes);
}

#[test]
fn thirty_two_processes_create_one_collection() {
    let place = Place::new();
    let create = ["create", "billing/u-1/invoices", "--output", "json"];
    let children: Vec<_> = (0..32)
        .map(|_| {
            let mut command = place.command(&create);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
        })
        .collect();
    let mut ids: Vec<_> = children
        .into_iter()
        .map(|child| {
            let ran = Ran::of(child.wait_with_output().expect("the program ends")).with(DONE);
            ran.json()["meta"]["collection"].as_str().expect("it has an id").to_owned()
        })
        .collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(place.history("billing/u-1/invoices").len(), 1);
    assert_eq!(place.json(&["ls", "billing/u-1"]).as_array().map(Vec::len), Some(1));
}
