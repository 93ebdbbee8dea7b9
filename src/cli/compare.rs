//! `diff`: what differs between two versions, between a collection and how it was, and between two collections.

use std::collections::VecDeque;

use tokio::task::JoinHandle;

use super::Session;
use super::args::{Diff, Format, Other};
use super::failure::Failure;
use super::find::{self, Wanted};
use super::list::warn;
use super::progress::Progress;
use super::read::{self, GREEN, RED, YELLOW};
use super::record::Object;
use crate::compare::{Kind, Pair, Pairs, Side, State};
use crate::model::at::At;
use crate::model::{Address, Moment, Record, Subject};
use crate::store::{Patience, Store, StoreError, patiently};
use crate::text::{count, number};

/// How many pairs are read at once.
const IN_FLIGHT: usize = 8;

/// In what the two of a pair differ, while that is being found.
type Difference = JoinHandle<Result<Vec<read::Difference>, StoreError>>;

/// Prints what differs.
pub async fn diff(session: &mut Session, diff: &Diff) -> Result<(), Failure> {
    let moment = session.moment(diff.as_of.as_deref())?;
    if moment.is_some() && diff.address.at().is_some() {
        return Err(Failure::Usage("--as-of and @VERSION both say where to start from: leave one out".to_owned()));
    }
    let is_collection = matches!(diff.address, Address::Collection { .. });
    let from = moment.map(|moment| At::Time(moment.time())).or(diff.address.at());
    match (&diff.other, from) {
        (Some(Other::Address(other)), from) if is_collection => {
            let (old, new) = (of_time(from)?, of_time(other.at())?);
            let old = Side { collection: collection(session, &diff.address).await?, moment: old };
            let new = Side { collection: collection(session, other).await?, moment: new };
            entries(session, &old, &new).await
        }
        (Some(Other::Address(_)), _) => Err(Failure::Usage(
            "a collection is compared with another collection: give APPLICATION/USER/COLLECTION twice".to_owned(),
        )),
        (None | Some(Other::At(At::Time(_))), Some(from @ At::Time(_))) if is_collection => {
            let to = match diff.other {
                Some(Other::At(at)) => of_time(Some(at))?,
                _ => None,
            };
            let key = collection(session, &diff.address).await?;
            let old = Side { collection: key.clone(), moment: of_time(Some(from))? };
            entries(session, &old, &Side { collection: key, moment: to }).await
        }
        (other, Some(from)) => {
            let to = match other {
                Some(Other::At(at)) => *at,
                _ => At::Newest,
            };
            versions(session, &diff.address, from, to).await
        }
        (_, None) => Err(Failure::Usage(
            "say what to compare with: ADDRESS@VERSION (for example @-1), --as-of TIME, or for a collection another one"
                .to_owned(),
        )),
    }
}

/// Returns the moment that a side of a comparison of collections is taken at.
fn of_time(at: Option<At>) -> Result<Option<Moment>, Failure> {
    match at {
        None => Ok(None),
        Some(At::Time(time)) => Ok(Some(time.into())),
        Some(At::Version(version)) => Ok(Some(version.into())),
        Some(At::Newest | At::Back(_)) => Err(Failure::Usage(
            "the entries of a collection are compared as of a time: write @TIME, or leave the @ out for now".to_owned(),
        )),
    }
}

async fn collection(session: &Session, address: &Address) -> Result<crate::model::CollectionKey, Failure> {
    let found = find::target(&session.store, address, Wanted::LiveFirst).await?;
    Ok(found.record.subject.collection().clone())
}

async fn versions(session: &mut Session, address: &Address, from: At, to: At) -> Result<(), Failure> {
    let subject = find::target(&session.store, address, Wanted::LiveFirst).await?.record.subject;
    let older = session.store.at(&subject, from).await?.value;
    let newer = session.store.at(&subject, to).await?.value;
    for difference in read::differences(&older, &newer) {
        match session.out.format {
            Format::Table => session.out.coloured_line(difference.colour(), &difference.line())?,
            Format::Json | Format::Ndjson => session.out.item(&difference.json())?,
        }
    }
    end(session)
}

fn end(session: &mut Session) -> Result<(), Failure> {
    match session.out.format {
        Format::Table => session.out.flush()?,
        Format::Json | Format::Ndjson => session.out.end_list()?,
    }
    Ok(())
}

/// Prints how the entries of two sides differ, in the order of their names.
async fn entries(session: &mut Session, old: &Side, new: &Side) -> Result<(), Failure> {
    let mut progress = Progress::new();
    let mut pairs = Pairs::of_entries(&session.store, old, new);
    let mut differing = Vec::new();
    while let Some(page) = patiently(&mut pairs, || progress.waits()).await? {
        progress.tell(|| {
            format!("{} read, {:.1} RCU", number(pairs.read(), "entry", "entries"), session.store.total().rcu)
        });
        if !page.unreadable.is_empty() {
            progress.clear();
            page.unreadable.iter().for_each(warn);
        }
        differing.extend(page.items.into_iter().filter_map(|pair| Some((pair.kind()?, pair))));
    }
    differing.sort_by_cached_key(|(_, pair)| {
        pair.shown().map(|state| (state.record.name.clone(), state.record.subject.id().to_owned()))
    });
    let mut under_way: VecDeque<Difference> = VecDeque::new();
    let mut left = differing.iter();
    for (place, (kind, pair)) in differing.iter().enumerate() {
        let room = IN_FLIGHT - under_way.len();
        under_way.extend(left.by_ref().take(room).map(|(kind, pair)| difference(&session.store, *kind, pair)));
        let Some(read) = under_way.pop_front() else { break };
        progress.tell(|| format!("{} of {} told", count(place), count(differing.len())));
        let differences = match read.await {
            Ok(differences) => differences?,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        progress.clear();
        match session.out.format {
            Format::Table => {
                let (sign, colour) = match kind {
                    Kind::Added => ('+', GREEN),
                    Kind::Removed => ('-', RED),
                    Kind::Changed | Kind::Renamed => ('~', YELLOW),
                };
                let title = pair.shown().map(|state| state.record.title()).unwrap_or_default();
                session.out.coloured_line(colour, &format!("{sign} {title}"))?;
                for difference in &differences {
                    session.out.coloured_line(difference.colour(), &format!("    {}", difference.line()))?;
                }
            }
            Format::Json | Format::Ndjson => session.out.item(&json(*kind, pair, &differences))?,
        }
    }
    end(session)
}

/// Begins to find in what the two of a pair differ; their values are read for that.
fn difference(store: &Store, kind: Kind, pair: &Pair) -> Difference {
    let store = store.clone();
    let both = pair.old.as_ref().zip(pair.new.as_ref()).map(|(old, new)| (old.record.clone(), new.record.clone()));
    tokio::spawn(async move {
        Ok(match (kind, both) {
            (Kind::Added | Kind::Removed, _) | (_, None) => Vec::new(),
            (Kind::Renamed, Some((old, new))) => read::differences(&old, &new),
            (Kind::Changed, Some((old, new))) => {
                read::differences(&whole(&store, &old).await?, &whole(&store, &new).await?)
            }
        })
    })
}

async fn whole(store: &Store, record: &Record) -> Result<Record, StoreError> {
    let mut patience = Patience::new();
    loop {
        let read = store.at(&record.subject, At::Version(record.version)).await;
        if let Some(read) = patience.weigh(read).await {
            return read.map(|read| read.value);
        }
    }
}

fn json(kind: Kind, pair: &Pair, differences: &[read::Difference]) -> String {
    let mut object = Object::default();
    object.text("kind", Some(kind.word()));
    for (side, state) in [("old", &pair.old), ("new", &pair.new)] {
        if let Some(State { record, .. }) = state.as_ref().filter(|state| !state.record.is_deleted()) {
            let mut inner = Object::default();
            if let Subject::Entry(entry) = &record.subject {
                inner.text("collection", Some(entry.collection.id.as_str()));
            }
            inner.text("entry", Some(record.subject.id()));
            inner.raw("version", &record.version.to_string());
            inner.text("name", record.name.as_deref());
            object.raw(side, &inner.close());
        }
    }
    let differences: Vec<_> = differences.iter().map(read::Difference::json).collect();
    object.raw("differences", &format!("[{}]", differences.join(",")));
    object.close()
}
