//! The layers: a file imports only from rows above its own. `src/lib.rs` tells what each row is for.
#![allow(missing_docs, clippy::panic, clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

/// The rows from the top down. A module stands for everything below it that has no row of its own.
const ROWS: &[&[&str]] = &[
    &["model"],
    &["config", "json", "text"],
    &["history"],
    &["drafts", "store"],
    &["compare", "transfer"],
    &["bring_back"],
    &[
        "tui::action",
        "tui::blame",
        "tui::command",
        "tui::compare",
        "tui::editor",
        "tui::event",
        "tui::findings",
        "tui::help",
        "tui::input",
        "tui::journal",
        "tui::keeper",
        "tui::kept",
        "tui::layout",
        "tui::list",
        "tui::outage",
        "tui::outside",
        "tui::overlay",
        "tui::pane",
        "tui::terminal",
        "tui::theme",
        "tui::timeline",
        "tui::value",
        "tui::words",
    ],
    &["tui::app"],
    &["tui::update", "tui::view", "tui::worker"],
    &["server", "tui"],
    &["cli"],
    &["main"],
];

/// Modules of one row that may use each other: the parts of the explorer, and a module of its own parts.
const TOGETHER: &[&str] = &["tui::"];

#[test]
fn a_file_imports_only_from_rows_above_its_own() {
    let mut wrong = Vec::new();
    for file in sources() {
        let module = module_of(&file);
        let (own_row, own) = row_of(&module).unwrap_or_else(|| panic!("{module} has no row"));
        for (line, import) in imports(&file, &module) {
            let Some((row, imported)) = row_of(&import) else { continue };
            let parts = |name: &str| TOGETHER.iter().any(|prefix| name.starts_with(prefix));
            let is_part = own_row == row && parts(own) && parts(imported) && !is_stage(own);
            if imported != own && row >= own_row && !is_part {
                wrong.push(format!("{}:{line}: {module} uses {import}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports from the same row or below:\n{}", wrong.join("\n"));
}

#[test]
fn the_server_and_the_explorer_never_meet() {
    for file in sources() {
        let module = module_of(&file);
        let other = match module.split("::").next() {
            Some("server") => "tui",
            Some("tui") => "server",
            _ => continue,
        };
        let imports = imports(&file, &module);
        let met: Vec<_> = imports.iter().filter(|(_, import)| import.split("::").next() == Some(other)).collect();
        assert!(met.is_empty(), "{}: {met:?}", file.display());
    }
}

/// The three stages of the explorer don't use each other.
fn is_stage(name: &str) -> bool {
    ["tui::update", "tui::view", "tui::worker"].contains(&name)
}

#[test]
fn only_the_store_names_the_sdk_and_only_its_embedded_part_the_engine() {
    for file in sources() {
        let module = module_of(&file);
        let text = code_of(&file);
        if !module.starts_with("store") {
            assert!(!text.contains("aws_"), "{} names the SDK", file.display());
        }
        if !module.starts_with("store::embedded") {
            assert!(!text.contains("dynoxide"), "{} names the engine", file.display());
        }
    }
}

#[test]
fn only_the_worker_calls_the_store() {
    for file in sources() {
        let module = module_of(&file);
        let is_explorer = module.starts_with("tui::") && !module.starts_with("tui::worker");
        assert!(!(is_explorer && code_of(&file).contains("Store,")), "{} knows the Store", file.display());
    }
}

#[test]
fn production_files_stay_under_500_lines() {
    for file in sources() {
        let lines = code_of(&file).lines().count();
        assert!(lines < 500, "{} has {lines} lines before its tests", file.display());
    }
}

fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files.len() > 50, "the sources were not found");
    files
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("src is there") {
        let path = entry.expect("it can be read").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && name != "tests" {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !["lib.rs", "tests.rs"].contains(&name)
        {
            files.push(path);
        }
    }
}

/// The code before the tests.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("it can be read");
    let end = text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].to_owned()
}

/// `src/tui/view/code.rs` is `tui::view::code`.
fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("it is a source");
    let name = inside.with_extension("");
    let parts: Vec<_> = name.iter().filter_map(|part| part.to_str()).collect();
    parts.join("::")
}

/// The row of a module, and the name it stands under there: the longest that fits.
fn row_of(module: &str) -> Option<(usize, &'static str)> {
    let holds = |name: &str| module == name || module.starts_with(&format!("{name}::"));
    let all = ROWS.iter().enumerate().flat_map(|(row, names)| names.iter().map(move |name| (row, *name)));
    all.filter(|(_, name)| holds(name)).max_by_key(|(_, name)| name.len())
}

/// What the file's `use` lines name of this crate, with their lines.
fn imports(file: &Path, module: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let code = code_of(file);
    let mut lines = code.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let trimmed = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(super) ");
        let Some(start) = trimmed.strip_prefix("use ") else { continue };
        let mut statement = start.to_owned();
        while !statement.contains(';') {
            let Some((_, next)) = lines.next() else { break };
            statement.push_str(next.trim());
        }
        for path in expand(statement.trim_end_matches(';').trim()) {
            if let Some(path) = absolute(&path, module) {
                found.push((number + 1, path));
            }
        }
    }
    found
}

/// Takes `a::{b, c::{d, e}}` apart.
fn expand(path: &str) -> Vec<String> {
    let Some((prefix, rest)) = path.split_once('{') else { return vec![path.trim().to_owned()] };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut depth, mut part, mut parts) = (0, String::new(), Vec::new());
    for char in inner.chars() {
        match char {
            ',' if depth == 0 => parts.push(std::mem::take(&mut part)),
            _ => {
                depth += i32::from(char == '{') - i32::from(char == '}');
                part.push(char);
            }
        }
    }
    parts.push(part);
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| expand(&format!("{prefix}{}", part.trim()))).collect()
}

/// A path of this crate from its root; `None` for another crate's.
fn absolute(path: &str, module: &str) -> Option<String> {
    if let Some(path) = path.strip_prefix("crate::") {
        return Some(path.to_owned());
    }
    if let Some(path) = path.strip_prefix("dynamini::") {
        return Some(path.to_owned());
    }
    if let Some(path) = path.strip_prefix("self::") {
        return Some(format!("{module}::{path}"));
    }
    let mut at: Vec<&str> = module.split("::").collect();
    let mut rest = path;
    if !rest.starts_with("super::") {
        return None;
    }
    while let Some(above) = rest.strip_prefix("super::") {
        at.pop();
        rest = above;
    }
    at.push(rest);
    Some(at.join("::"))
}

#[test]
fn the_test_itself_finds_imports_in_every_form() {
    assert_eq!(expand("a::{b, c::{d, e as f}}"), ["a::b", "a::c::d", "a::c::e as f"]);
    assert_eq!(absolute("super::super::app::App", "tui::view::code"), Some("tui::app::App".to_owned()));
    assert_eq!(absolute("std::fmt", "tui::view::code"), None);
    assert_eq!(row_of("tui::view::code"), Some((8, "tui::view")));
    assert_eq!(row_of("tui::app::path"), Some((7, "tui::app")));
}
