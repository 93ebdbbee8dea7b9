//! From a write to the command line that does the same.

use crate::model::{CollectionKey, Record, Subject};
use crate::store::Edit;
use crate::tui::event::Write;

/// Returns the command line that writes the same under the same condition, for a POSIX shell; `None` where there is no
/// such command.
///
/// `flags` name the connection. Collections and entries go by their uuid, since names can change and be shared.
pub fn line(flags: &[String], write: &Write) -> Option<String> {
    let program = || std::iter::once("dynamini").chain(flags.iter().map(String::as_str));
    let command = |words: &[&str]| {
        let words: Vec<String> = program().chain(words.iter().copied()).map(quoted).collect();
        words.join(" ")
    };
    // The first of two commands holds the condition; the second follows only where it was done.
    let if_version = |base: &Record| base.version.to_string();
    Some(match write {
        Write::Init => command(&["init"]),
        Write::LoadSample => return None,
        Write::CreateCollection { application, user, name } => {
            command(&["create", &parts(&[application.as_str(), user.as_str(), name])])
        }
        Write::CreateEntry { collection, name, value } => {
            let address = format!("{}/{}", of_collection(collection), part(name));
            with_value(&command(&["put", &address, "--create-only"]), value)
        }
        Write::Update { base, edit } => {
            let address = address(&base.subject);
            let condition = if_version(base);
            let condition: &[&str] = if edit.undelete { &[] } else { &["--if-version", &condition] };
            let update = match edit {
                Edit { value: Some(value), .. } => {
                    with_value(&command(&[&["put", address.as_str()], condition].concat()), value)
                }
                Edit { name, .. } => {
                    command(&[&["rename", address.as_str(), name.as_deref().unwrap_or_default()], condition].concat())
                }
            };
            if edit.undelete {
                format!("{} && {update}", command(&["undelete", &address, "--if-version", &if_version(base)]))
            } else {
                update
            }
        }
        Write::Delete { base } => command(&["rm", &address(&base.subject), "--if-version", &if_version(base)]),
        Write::Undelete { base } => command(&["undelete", &address(&base.subject), "--if-version", &if_version(base)]),
        Write::Restore { base, record, delete } => {
            let address = address(&base.subject);
            let versioned = format!("{address}@{}", record.version);
            let restore = command(&["restore", &versioned, "--if-version", &if_version(base)]);
            if *delete { format!("{restore} && {}", command(&["rm", &address])) } else { restore }
        }
    })
}

/// The value comes from the standard input, where no limit of a command line cuts it.
fn with_value(command: &str, value: &str) -> String {
    format!("{command} <<'JSON'\n{value}\nJSON")
}

fn address(subject: &Subject) -> String {
    let collection = of_collection(subject.collection());
    match subject {
        Subject::Collection(_) => collection,
        Subject::Entry(key) => format!("{collection}/{}", part(key.id.as_str())),
    }
}

fn of_collection(key: &CollectionKey) -> String {
    parts(&[key.application.as_str(), key.user.as_str(), key.id.as_str()])
}

fn parts(names: &[&str]) -> String {
    names.iter().map(|name| part(name)).collect::<Vec<_>>().join("/")
}

/// Writes a part of an address so that nothing in it is taken for a slash, a version or a control character.
fn part(name: &str) -> String {
    let mut part = String::new();
    for character in name.chars() {
        if matches!(character, '/' | '%' | '@') || character.is_control() {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                part += &format!("%{byte:02X}");
            }
        } else {
            part.push(character);
        }
    }
    part
}

/// Quotes a word for a POSIX shell where it needs that.
fn quoted(word: &str) -> String {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "-_./:=@%+,".contains(char);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
