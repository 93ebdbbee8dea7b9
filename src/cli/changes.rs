//! `log --all`: everything that was done in a part of the store, by time.

use std::mem;

use super::Session;
use super::args::Format;
use super::failure::Failure;
use super::find::{self, Wanted as Found};
use super::list::warn;
use super::progress::Progress;
use super::record::{Object, local_time};
use crate::history::Step;
use crate::history::changes::{Change, Changes, Did, Kind, Wanted};
use crate::model::{Address, Filter, Subject, Version};
use crate::store::{Scope, patiently};
use crate::text::{age, number};

/// Prints all changes, the newest first. They lie in the order of keys, so that all are read before the first is printed;
/// only those of one entry lie by time, and are printed as they come.
pub async fn log_all(session: &mut Session, address: &Address, only: &str, as_of: Option<&str>) -> Result<(), Failure> {
    super::without_version(address, "the whole history is printed, or with --as-of TIME that until then")?;
    let wanted = Wanted::from(only);
    if let Some(problem) = wanted.not_wanted() {
        return Err(Failure::Usage(format!("--only: {problem}")));
    }
    let moment = session.moment(as_of)?;
    let found = moment.map_or(Found::LiveFirst, Found::LiveFirstAt);
    let (scope, _) = find::scope(&session.store, address, found).await?;
    let (is_by_time, has_users) = (matches!(scope, Scope::Entry(_)), scope.has_users());
    let mut contents = session.store.contents(scope, moment, Filter::All, true);
    let (mut passing, mut changes, mut read) = (Changes::default(), Vec::new(), 0);
    let mut progress = Progress::new();
    while let Some(page) = patiently(&mut contents, || progress.waits()).await? {
        progress.clear();
        page.unreadable.iter().for_each(warn);
        read += page.items.len();
        changes.extend(passing.add(page.items).into_iter().filter(|change| wanted.holds(change)));
        if is_by_time {
            print(session, &mem::take(&mut changes), has_users)?;
        }
        progress.tell(|| format!("{} read, {:.1} RCU", number(read, "version", "versions"), session.store.total().rcu));
    }
    progress.clear();
    changes.extend(passing.finish().into_iter().filter(|change| wanted.holds(change)));
    changes.sort_by_cached_key(Change::key);
    print(session, &changes, has_users)?;
    if session.out.format != Format::Table {
        session.out.end_list()?;
    }
    Ok(())
}

fn print(session: &mut Session, changes: &[Change], has_users: bool) -> Result<(), Failure> {
    match session.out.format {
        Format::Table => {
            let rows: Vec<_> = changes.iter().map(|change| row(change, session.now_ms, has_users)).collect();
            session.out.rows(&["TIME", "AGE", "CHANGE", "AUTHOR", "WHAT", "IN", "VERSION", "NOTE"], &rows)?;
        }
        Format::Json | Format::Ndjson => changes.iter().try_for_each(|change| session.out.item(&json(change)))?,
    }
    session.out.flush()?;
    Ok(())
}

fn row(change: &Change, now_ms: i64, has_users: bool) -> Vec<String> {
    let did = match &change.did {
        Did::Deleted => "deleted".to_owned(),
        Did::Wrote(step @ Step::Edited { renamed_from: Some(name), .. }) => format!("{step} from {name:?}"),
        Did::Wrote(step) => step.to_string(),
    };
    let key = change.subject.collection();
    let place = match (&change.subject, &change.collection) {
        (Subject::Collection(_), _) => format!("{}/{}", key.application, key.user),
        (Subject::Entry(_), Some(collection)) if has_users => format!("{}/{}/{collection}", key.application, key.user),
        (Subject::Entry(_), Some(collection)) => collection.to_string(),
        (Subject::Entry(_), None) => String::new(),
    };
    vec![
        local_time(Version::from_ms(change.at)),
        age(change.at, now_ms),
        did,
        change.who.as_deref().unwrap_or_default().to_owned(),
        format!("{} {}", change.subject.noun(), change.label()),
        place,
        change.version.to_string(),
        change.note.as_deref().unwrap_or_default().to_owned(),
    ]
}

fn json(change: &Change) -> String {
    let key = change.subject.collection();
    let mut object = Object::default();
    object.text("application", Some(key.application.as_str()));
    object.text("user", Some(key.user.as_str()));
    object.text("collection", Some(key.id.as_str()));
    if let Subject::Entry(key) = &change.subject {
        object.text("entry", Some(key.id.as_str()));
    }
    object.raw("version", &change.version.to_string());
    object.text("at", Some(&Version::from_ms(change.at).time().to_string()));
    let kinds: Vec<_> =
        Kind::ALL.into_iter().filter(|kind| change.is(*kind)).map(|kind| super::record::quoted(kind.word())).collect();
    object.raw("did", &format!("[{}]", kinds.join(",")));
    object.text("author", change.who.as_deref());
    object.text("name", change.name.as_deref());
    object.text("note", change.note.as_deref());
    object.close()
}
