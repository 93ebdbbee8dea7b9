//! What the README says of keys, commands, exit codes, tests and files, against the program and the repository.
#![allow(missing_docs, clippy::panic, clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dynamini::tui::action::{BINDINGS, Where};
use dynamini::tui::editor::EDITOR_KEYS;

/// Set to anything, it has the tables of keys in the README written anew instead of compared.
const UPDATE: &str = "UPDATE_README";
const KEYS_START: &str = "<!-- keys: written by tests/documents.rs -->\n";
const KEYS_END: &str = "<!-- end of keys -->\n";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The README's text from a heading to the next one of its level or above.
fn section<'a>(readme: &'a str, heading: &str) -> &'a str {
    let (_, rest) =
        readme.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("README.md has no {heading:?}"));
    let level = heading.split(' ').next().unwrap();
    let ends = (2..=level.len()).filter_map(|level| rest.find(&format!("\n{} ", "#".repeat(level))));
    &rest[..ends.min().unwrap_or(rest.len())]
}

/// The first word of each row of the tables in a text, without its quotes; heads of tables are not quoted.
fn first_cells(text: &str) -> BTreeSet<&str> {
    let cells = text.lines().filter_map(|line| line.strip_prefix("| `"));
    cells.filter_map(|cell| cell.split(['`', ' ']).next()).collect()
}

/// What stands in backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn key_tables() -> String {
    let mut text = String::from("\n| key | what it does | where |\n|---|---|---|\n");
    for binding in BINDINGS {
        let place = match binding.place {
            Where::Everywhere => "everywhere",
            Where::Lists => "lists",
            Where::Value => "value",
        };
        writeln!(text, "| `{}` | {} | {place} |", binding.shown, binding.what).unwrap();
    }
    text += "\nIn the editor:\n\n| key | what it does |\n|---|---|\n";
    for (keys, what) in EDITOR_KEYS {
        writeln!(text, "| `{keys}` | {what} |").unwrap();
    }
    text + "\n"
}

fn help() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_dynamini")).arg("--help").env("COLUMNS", "100").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_readme_shows_the_keys_of_the_actions() {
    let readme = read("README.md");
    let (before, rest) = readme.split_once(KEYS_START).expect("README.md has the mark where the keys start");
    let (shown, after) = rest.split_once(KEYS_END).expect("README.md has the mark where the keys end");
    let expected = key_tables();
    if std::env::var_os(UPDATE).is_some() {
        fs::write(root().join("README.md"), format!("{before}{KEYS_START}{expected}{KEYS_END}{after}")).unwrap();
        return;
    }
    let differing: Vec<_> = shown.lines().filter(|line| !expected.contains(line)).collect();
    assert!(
        shown == expected,
        "the keys in README.md are not those of the actions (lines that no action has: {differing:#?}); \
         `{UPDATE}=1 cargo test --test documents` writes them anew"
    );
}

#[test]
fn the_readme_names_the_commands_that_there_are() {
    let help = help();
    let listed = help.split_once("\nCommands:\n").expect("there are commands").1.split("\n\n").next().unwrap();
    // A line that is indented further goes on with what the command above it does.
    let names = listed.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let commands: BTreeSet<_> =
        names.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help").collect();
    assert!(commands.contains("restore"), "{commands:?}");
    assert_eq!(first_cells(section(&read("README.md"), "### Commands")), commands);
}

#[test]
fn the_readme_tells_every_exit_code() {
    let help = help();
    let codes = help.split_once("Exit codes:").expect("the help tells the exit codes").1.split_whitespace();
    let codes: BTreeSet<_> = codes.filter(|word| word.bytes().all(|byte| byte.is_ascii_digit())).collect();
    assert!(codes.len() > 2, "{codes:?}");
    assert_eq!(first_cells(section(&read("README.md"), "### Exit codes")), codes);
}

#[test]
fn the_files_the_readme_links_to_are_there() {
    let readme = read("README.md");
    let targets = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files: Vec<_> = targets.filter(|target| !target.contains("://") && !target.starts_with('#')).collect();
    for file in ["config.example.toml", "CHANGELOG.md"] {
        assert!(files.contains(&file), "README.md does not link to {file}");
    }
    let pictures = readme.matches("![").count();
    assert!(pictures > 0, "README.md shows no picture");
    assert_eq!(pictures, files.iter().filter(|file| file.starts_with("screenshots/")).count(), "{files:?}");
    let missing: Vec<_> = files.iter().filter(|file| !root().join(file).is_file()).collect();
    assert!(missing.is_empty(), "README.md links to files that are not there: {missing:?}");
}

#[test]
fn the_tests_the_readme_names_are_there() {
    let mut code = String::new();
    for directory in ["src", "tests"] {
        collect(&root().join(directory), &mut code);
    }
    let readme = read("README.md");
    let names: Vec<_> =
        quoted(section(&readme, "## What is promised")).filter(|name| name.matches('_').count() > 2).collect();
    assert!(names.len() > 9, "a test for each promise at least: {names:?}");
    let missing: Vec<_> = names.iter().filter(|name| !code.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "README.md names tests that are not there: {missing:#?}");
}

fn collect(directory: &Path, code: &mut String) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, code);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            *code += &fs::read_to_string(&path).unwrap();
        }
    }
}
