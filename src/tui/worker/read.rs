//! Reads the lists and the timelines, page by page.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;

use super::super::event::{Load, Reply, RequestId, Versions};
use super::super::list::Row;
use super::send;
use crate::history::Step;
use crate::model::{Filter, Moment, Record};
use crate::store::{Page, Records, Store, StoreError, patiently};

/// Reads what a load asks for, as of a moment or now, and sends it as it comes.
pub(super) async fn read(
    store: &Store,
    request: RequestId,
    (load, as_of): (Load, Option<Moment>),
    replies: &UnboundedSender<Reply>,
    more: &Notify,
) -> Result<(), StoreError> {
    let rows = |rows, cost| send(replies, Reply::Rows(request, rows, cost));
    match load {
        Load::Applications => {
            let mut applications = match as_of {
                Some(moment) => store.applications_at(moment),
                None => store.applications(),
            };
            while let Some(page) = applications.next().await? {
                rows(page.items.iter().map(|application| Row::group(application.as_str())).collect(), page.cost);
            }
        }
        Load::Users(application) => {
            let mut users = match as_of {
                Some(moment) => store.users_at(&application, moment),
                None => store.users(&application),
            };
            while let Some(page) = users.next().await? {
                let mut found: Vec<Row> = page.items.iter().map(|user| Row::group(user.as_str())).collect();
                found.extend(page.unreadable.into_iter().map(Row::unreadable));
                rows(found, page.cost);
            }
        }
        Load::Collections(application, user) => {
            let collections = match as_of {
                Some(moment) => store.collections_at(&application, &user, moment, Filter::Current),
                None => store.collections(&application, &user, Filter::Current),
            };
            read_records(collections, request, replies).await?;
        }
        Load::Entries(collection) => {
            let entries = match as_of {
                Some(moment) => store.entries_at(&collection, moment, Filter::Current, false),
                None => store.entries(&collection, Filter::Current, false),
            };
            read_records(entries, request, replies).await?;
        }
        Load::History(subject) => {
            let history = match as_of {
                Some(moment) => store.history_at(&subject, moment),
                None => store.history(&subject),
            };
            return read_history(history, request, replies, more).await;
        }
    }
    Ok(())
}

async fn read_records(
    mut records: Records,
    request: RequestId,
    replies: &UnboundedSender<Reply>,
) -> Result<(), StoreError> {
    let mut next = records.next().await?;
    while let Some(page) = next {
        let mut found: Vec<Row> = page.items.iter().map(Row::of).collect();
        found.extend(page.unreadable.into_iter().map(Row::unreadable));
        send(replies, Reply::Rows(request, found, page.cost));
        next = go_on(&mut records, request, replies).await?;
    }
    Ok(())
}

/// Reads the next page of a listing that has begun: what came so far is not thrown away where the capacity is used up.
async fn go_on(
    records: &mut Records,
    request: RequestId,
    replies: &UnboundedSender<Reply>,
) -> Result<Option<Page<Record>>, StoreError> {
    patiently(records, || send(replies, Reply::Waits(request))).await
}

/// Reads a history, and after each page waits until more is asked for.
async fn read_history(
    mut history: Records,
    request: RequestId,
    replies: &UnboundedSender<Reply>,
    more: &Notify,
) -> Result<(), StoreError> {
    let mut last: Option<Arc<Record>> = None;
    let mut next = history.next().await?;
    loop {
        let (page, complete) = match next.take() {
            Some(page) => (page, history.is_complete()),
            None => (Page::default(), true),
        };
        let records: Vec<Arc<Record>> = page.items.into_iter().map(Arc::new).collect();
        let (records, steps, newest_unknown) = steps(last.take(), records, complete).await;
        last = newest_unknown;
        let unreadable = page.unreadable.into_iter().map(Arc::new).collect();
        send(replies, Reply::Versions(request, Versions { records, steps, unreadable, complete }, page.cost));
        if complete {
            return Ok(());
        }
        more.notified().await;
        next = go_on(&mut history, request, replies).await?;
    }
}

/// Says what each version did, beside the thread that draws and reads: large values take some milliseconds each. The
/// last one waits for the version before it, unless nothing is older.
async fn steps(
    waiting: Option<Arc<Record>>,
    records: Vec<Arc<Record>>,
    complete: bool,
) -> (Vec<Arc<Record>>, Vec<Step>, Option<Arc<Record>>) {
    let work = move || {
        let mut newer = waiting;
        let mut steps = Vec::with_capacity(records.len() + 1);
        for record in &records {
            if let Some(newer) = newer.replace(Arc::clone(record)) {
                steps.push(Step::between(Some(record), &newer));
            }
        }
        if let (true, Some(oldest)) = (complete, newer.as_ref()) {
            steps.push(Step::between(None, oldest));
        }
        (records, steps, newer)
    };
    tokio::task::spawn_blocking(work).await.expect("comparing values does not panic")
}
