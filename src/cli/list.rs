//! `ls` and `log`: lists that are printed as they come.

use super::Session;
use super::args::Format;
use super::failure::Failure;
use super::find::{self, Wanted};
use super::output::say;
use super::record::{Object, local_time, record_json};
use crate::history::Step;
use crate::model::{Address, Application, Filter, Moment, Record, Unreadable, Version};
use crate::store::Records;
use crate::text;

/// What stands in the place of a name that is absent or empty.
const NO_NAME: &str = "(no name)";

/// Prints what is inside of what an address names, now or as of a moment.
pub async fn ls(session: &mut Session, address: &Address, filter: Filter, as_of: Option<&str>) -> Result<(), Failure> {
    if let (Some(_), Address::Collection { .. }) = (address.at(), address) {
        return Err(Failure::Usage(
            "a list is of now, or with --as-of TIME of a moment: leave the @VERSION out, or write %40 for an @ in the name"
                .to_owned(),
        ));
    }
    let moment = session.moment(as_of)?;
    match address {
        Address::Store => applications(session, moment).await,
        Address::Application { application } => users(session, &Application::new(application.as_str()), moment).await,
        Address::User { application, user } => {
            let (application, user) = (Application::new(application.as_str()), find::user(user)?);
            let listing = match moment {
                Some(moment) => session.store.collections_at(&application, &user, moment, filter),
                None => session.store.collections(&application, &user, filter),
            };
            records(session, listing, filter).await
        }
        Address::Collection { .. } => {
            let wanted = moment.map_or(Wanted::Live, Wanted::LiveAt);
            let found = find::target(&session.store, address, wanted).await?;
            let collection = found.record.subject.collection();
            // The table shows no values; the other forms give whole records.
            let values = session.out.format != Format::Table;
            let listing = match moment {
                Some(moment) => session.store.entries_at(collection, moment, filter, values),
                None => session.store.entries(collection, filter, values),
            };
            records(session, listing, filter).await
        }
        Address::Entry { .. } => {
            Err(Failure::Usage("an entry has nothing inside to list; its versions are printed by `log`".to_owned()))
        }
    }
}

async fn applications(session: &mut Session, moment: Option<Moment>) -> Result<(), Failure> {
    let mut listing = match moment {
        Some(moment) => session.store.applications_at(moment),
        None => session.store.applications(),
    };
    while let Some(page) = listing.next().await? {
        for application in page.items {
            let mut object = Object::default();
            object.text("application", Some(application.as_str()));
            name(session, application.as_str(), object)?;
        }
        unreadable(session, &page.unreadable)?;
        session.out.flush()?;
    }
    end(session)
}

async fn users(session: &mut Session, application: &Application, moment: Option<Moment>) -> Result<(), Failure> {
    let mut listing = match moment {
        Some(moment) => session.store.users_at(application, moment),
        None => session.store.users(application),
    };
    while let Some(page) = listing.next().await? {
        for user in page.items {
            let mut object = Object::default();
            object.text("application", Some(application.as_str()));
            object.text("user", Some(user.as_str()));
            name(session, user.as_str(), object)?;
        }
        unreadable(session, &page.unreadable)?;
        session.out.flush()?;
    }
    end(session)
}

fn name(session: &mut Session, name: &str, object: Object) -> Result<(), Failure> {
    match session.out.format {
        Format::Table => session.out.line(name)?,
        Format::Json | Format::Ndjson => session.out.item(&object.close())?,
    }
    Ok(())
}

async fn records(session: &mut Session, mut listing: Records, filter: Filter) -> Result<(), Failure> {
    let with_deleted = filter != Filter::Latest;
    let header: &[&str] = if with_deleted {
        &["NAME", "WRITTEN", "VERSION", "AUTHOR", "ID", "DELETED"]
    } else {
        &["NAME", "WRITTEN", "VERSION", "AUTHOR", "ID"]
    };
    let row = |record: &Record| {
        let mut row = vec![
            record.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| NO_NAME.to_owned()),
            local_time(record.version),
            record.version.to_string(),
            record.author.clone().unwrap_or_default(),
            record.subject.id().to_owned(),
        ];
        if with_deleted {
            row.push(record.deleted_at.clone().unwrap_or_default());
        }
        row
    };
    while let Some(page) = listing.next().await? {
        match session.out.format {
            Format::Table => {
                let marks = page.unreadable.iter().map(|row| vec![format!("(unreadable) {}", row.sort)]);
                let rows: Vec<_> = page.items.iter().map(row).chain(marks).collect();
                session.out.rows(header, &rows)?;
                page.unreadable.iter().for_each(warn);
            }
            Format::Json | Format::Ndjson => {
                for record in &page.items {
                    session.out.item(&record_json(record))?;
                }
                unreadable(session, &page.unreadable)?;
            }
        }
        session.out.flush()?;
    }
    end(session)
}

/// Prints the history of a collection or an entry, newest first.
pub async fn log(session: &mut Session, address: &Address) -> Result<(), Failure> {
    super::without_version(address, "the whole history is printed")?;
    let found = find::target(&session.store, address, Wanted::LiveFirst).await?;
    let mut listing = session.store.history(&found.record.subject);
    // What a version did to the one before it is known once that one, the next in the list, has come.
    let mut held: Option<Record> = None;
    while let Some(page) = listing.next().await? {
        unreadable(session, &page.unreadable)?;
        let mut rows = Vec::new();
        for record in page.items {
            match session.out.format {
                Format::Json | Format::Ndjson => session.out.item(&record_json(&record))?,
                Format::Table => {
                    if let Some(newer) = held.replace(record) {
                        rows.extend(log_rows(held.as_ref(), &newer, session.now_ms));
                    }
                }
            }
        }
        print_log(session, &rows)?;
    }
    let oldest = held.map(|oldest| log_rows(None, &oldest, session.now_ms));
    print_log(session, &oldest.unwrap_or_default())?;
    end(session)
}

fn print_log(session: &mut Session, rows: &[Vec<String>]) -> Result<(), Failure> {
    session.out.rows(&["TIME", "AGE", "VERSION", "SIZE", "CHANGE", "AUTHOR", "NOTE"], rows)?;
    session.out.flush()?;
    Ok(())
}

/// Returns the lines of a version: its deletion, if it is marked, above its own.
fn log_rows(older: Option<&Record>, record: &Record, now_ms: i64) -> Vec<Vec<String>> {
    let step = Step::between(older, record);
    let renamed_from = match &step {
        Step::Edited { renamed_from: Some(name), .. } => format!(" from {name:?}"),
        _ => String::new(),
    };
    let written = vec![
        local_time(record.version),
        text::age(record.version.ms(), now_ms),
        record.version.to_string(),
        record.value.as_ref().map(|value| text::size(value.len())).unwrap_or_default(),
        format!("{step}{renamed_from}"),
        record.author.clone().unwrap_or_default(),
        record.note.clone().unwrap_or_default(),
    ];
    let Some(at) = &record.deleted_at else { return vec![written] };
    let time = at.parse::<jiff::Timestamp>().ok().map(|time| Version::from_ms(time.as_millisecond()));
    let deleted = vec![
        time.map_or_else(|| at.clone(), local_time),
        time.map(|time| text::age(time.ms(), now_ms)).unwrap_or_default(),
        record.version.to_string(),
        String::new(),
        "deleted".to_owned(),
        record.deleted_by.clone().unwrap_or_default(),
        String::new(),
    ];
    vec![deleted, written]
}

fn end(session: &mut Session) -> Result<(), Failure> {
    match session.out.format {
        Format::Table => session.out.flush()?,
        Format::Json | Format::Ndjson => session.out.end_list()?,
    }
    Ok(())
}

fn unreadable(session: &mut Session, rows: &[Unreadable]) -> Result<(), Failure> {
    // What is good of the page stands before the warnings, in the order of the requests.
    session.out.flush()?;
    rows.iter().for_each(warn);
    Ok(())
}

/// Tells of a row that can't be read.
pub fn warn(row: &Unreadable) {
    say(format_args!("unreadable row {:?} in {:?}: {}", row.sort, row.partition, row.reason));
}
