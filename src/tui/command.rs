//! From a write to the command line that does the same.

use crate::bring_back::Target;
use crate::json;
use crate::model::at::At;
use crate::model::{Address, CollectionKey, Moment, Record, Subject, User, Version};
use crate::store::Edit;
use crate::tui::event::Write;

/// Returns the command line that writes the same under the same condition, for a POSIX shell; `None` where there is no
/// such command.
///
/// `flags` name the connection. Collections and entries go by their uuid, since names can change and be shared. Of two
/// commands the first one has the condition, and the second follows only where that was done.
pub fn line(flags: &[String], write: &Write) -> Option<String> {
    // A store in memory is another one for each program.
    if flags.iter().any(|flag| flag == "--demo") {
        return None;
    }
    let command = |words: &[&str]| {
        let words = std::iter::once("dynamini").chain(flags.iter().map(String::as_str)).chain(words.iter().copied());
        words.map(quoted).collect::<Vec<_>>().join(" ")
    };
    let if_version = |base: &Record| base.version.to_string();
    // In one word with its flag: a note may begin with a dash.
    let noted = |note: &Option<String>| note.as_ref().map(|note| format!("--note={note}"));
    Some(match write {
        Write::Init => command(&["init"]),
        Write::LoadSample | Write::BringBack(_) => return None,
        Write::CreateCollection { application, user, name } => {
            // What is typed for a user is stored as its slug; a user that is stored as something else can't be typed.
            User::from_typed(user.as_str()).filter(|stored| stored == user)?;
            let address = Address::Collection {
                application: application.to_string(),
                user: user.to_string(),
                collection: name.clone(),
                at: None,
            };
            command(&["create", "--", &address.to_string()])
        }
        Write::CreateEntry { collection, name, value, note } => {
            let (address, note) = (entry(collection, name, None)?, noted(note));
            with_value(&command(&words(&["put", "--create-only"], note.as_ref(), &[&address])), value)?
        }
        Write::Update { base, edit } => {
            let address = address(&base.subject, None)?;
            let version = if_version(base);
            let condition: &[&str] = if edit.undelete { &[] } else { &["--if-version", &version] };
            let note = noted(&edit.note);
            let update = match edit {
                Edit { value: Some(value), .. } => {
                    with_value(&command(&words(&[&["put"], condition].concat(), note.as_ref(), &[&address])), value)?
                }
                Edit { name, .. } => {
                    command(&words(&[&["rename"], condition].concat(), note.as_ref(), &[&address, name.as_deref()?]))
                }
            };
            if edit.undelete {
                format!("{} && {update}", command(&["undelete", "--if-version", &version, "--", &address]))
            } else {
                update
            }
        }
        Write::Delete { base } => {
            command(&["rm", "--if-version", &if_version(base), "--", &address(&base.subject, None)?])
        }
        Write::Undelete { base, note } => {
            let address = address(&base.subject, None)?;
            command(&words(&["undelete", "--if-version", &if_version(base)], noted(note).as_ref(), &[&address]))
        }
        Write::Restore { base, record, delete, note } => {
            let older = address(&base.subject, Some(At::Version(record.version)))?;
            let restore =
                command(&words(&["restore", "--if-version", &if_version(base)], noted(note).as_ref(), &[&older]));
            if *delete {
                format!("{restore} && {}", command(&["rm", "--", &address(&base.subject, None)?]))
            } else {
                restore
            }
        }
    })
}

/// Returns the command line that brings a target back to a moment, after its own plan and question; of several
/// collections or entries each by itself, the next where the one before was done. `None` where there is none.
pub fn of_plan(
    flags: &[String],
    target: &Target,
    moment: Moment,
    note: Option<&str>,
    keep_new: bool,
) -> Option<String> {
    if flags.iter().any(|flag| flag == "--demo") {
        return None;
    }
    let addresses: Vec<String> = match target {
        Target::Application(application) => {
            vec![Address::Application { application: application.to_string() }.to_string()]
        }
        Target::User(application, user) => {
            vec![Address::User { application: application.to_string(), user: typed(user)? }.to_string()]
        }
        Target::Collections(keys) => {
            keys.iter().map(|key| address(&key.clone().into(), None)).collect::<Option<_>>()?
        }
        Target::Entries { entries, .. } => entries.iter().map(|entry| address(entry, None)).collect::<Option<_>>()?,
    };
    let moment = moment.to_string();
    let note = note.map(|note| format!("--note={note}"));
    let command = |address: &String| {
        let flags = std::iter::once("dynamini").chain(flags.iter().map(String::as_str));
        let keep_new: &[&str] = if keep_new { &["--keep-new"] } else { &[] };
        let words = words(&[&["restore", "--as-of", &moment], keep_new].concat(), note.as_ref(), &[address]);
        flags.chain(words).map(quoted).collect::<Vec<_>>().join(" ")
    };
    Some(addresses.iter().map(command).collect::<Vec<_>>().join(" && "))
}

/// Returns the addresses of versions, one a line, without those that can't be typed.
pub fn addresses<'a>(versions: impl Iterator<Item = (&'a Subject, Version)>) -> String {
    let lines = versions.filter_map(|(subject, version)| address(subject, Some(At::Version(version))));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the words of a command: its flags with the note among them, and what stands behind the flags.
fn words<'a>(flags: &[&'a str], note: Option<&'a String>, others: &[&'a str]) -> Vec<&'a str> {
    flags.iter().copied().chain(note.map(String::as_str)).chain(["--"]).chain(others.iter().copied()).collect()
}

/// The value comes from the standard input, where no limit of a command line cuts it. `None` for what isn't one line of
/// JSON: the command would refuse it, and a shell could take its lines for commands.
fn with_value(command: &str, value: &str) -> Option<String> {
    let is_line = json::parse(value).is_ok() && !value.contains(['\n', '\r']);
    is_line.then(|| format!("{command} <<'JSON'\n{value}\nJSON"))
}

fn address(subject: &Subject, at: Option<At>) -> Option<String> {
    match subject {
        Subject::Entry(key) => entry(&key.collection, key.id.as_str(), at),
        Subject::Collection(CollectionKey { application, user, id }) => {
            let (application, user) = (application.to_string(), typed(user)?);
            Some(Address::Collection { application, user, collection: id.to_string(), at }.to_string())
        }
    }
}

fn entry(collection: &CollectionKey, entry: &str, at: Option<At>) -> Option<String> {
    let CollectionKey { application, user, id } = collection;
    let (application, user, collection) = (application.to_string(), typed(user)?, id.to_string());
    Some(Address::Entry { application, user, collection, entry: entry.to_owned(), at }.to_string())
}

/// Returns what to type for a user; `None` where typing it leads to another one.
fn typed(user: &User) -> Option<String> {
    (User::from_typed(user.as_str()).as_ref() == Some(user)).then(|| user.to_string())
}

/// Quotes a word for a POSIX shell where it needs that.
fn quoted(word: &str) -> String {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "-_./:=@%+,".contains(char);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{Application, CollectionId, EntryId, EntryKey, Version};

    fn base(user: &str) -> Arc<Record> {
        let (application, user) = (Application::new("a b"), User::new(user));
        let collection = CollectionKey { application, user, id: CollectionId::new("c") };
        Arc::new(Record::bare(Subject::Entry(EntryKey { collection, id: EntryId::new("e@7") }), Version::from_ms(5)))
    }

    fn save(value: &str) -> Write {
        Write::Update { base: base("u"), edit: Edit { value: Some(value.into()), ..Edit::default() } }
    }

    #[test]
    fn nothing_of_a_value_or_a_name_becomes_a_command() {
        assert_eq!(
            line(&[], &save("\"it's $(rm) `x`\"")).as_deref(),
            Some("dynamini put --if-version 5 -- 'a b/u/c/e%407' <<'JSON'\n\"it's $(rm) `x`\"\nJSON")
        );
        assert_eq!(line(&[], &save("1\nJSON\nrm -rf /")), None);
        assert_eq!(line(&[], &save("not JSON")), None);
        let edit = Edit { name: Some("-x; $(rm) 'y'".into()), ..Edit::default() };
        assert_eq!(
            line(&[], &Write::Update { base: base("u"), edit }).as_deref(),
            Some(r"dynamini rename --if-version 5 -- 'a b/u/c/e%407' '-x; $(rm) '\''y'\'''")
        );
    }

    #[test]
    fn what_a_command_line_can_not_do_is_not_copied() {
        assert_eq!(line(&["--demo".into()], &Write::Delete { base: base("u") }), None);
        assert_eq!(line(&[], &Write::Delete { base: base("not a slug?") }), None);
        assert_eq!(line(&[], &Write::LoadSample), None);
    }
}
