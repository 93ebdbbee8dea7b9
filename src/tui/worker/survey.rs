//! Reads through much for a window, and sends what it finds bit by bit.

use std::collections::HashMap;

use tokio::sync::mpsc::UnboundedSender;

use super::super::event::{Found, Reply, RequestId, Scope, Survey};
use super::super::findings::Progress;
use super::super::overlay::Deleted;
use super::send;
use crate::model::{Application, CollectionId, CollectionKey, Filter, Record, User};
use crate::store::{Cost, Page, Records, Store, StoreError};

/// Where a long read sends what it finds.
pub(super) struct Findings<'a> {
    request: RequestId,
    replies: &'a UnboundedSender<Reply>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(request: RequestId, replies: &'a UnboundedSender<Reply>) -> Self {
        Self { request, replies }
    }

    fn send(&self, found: Found, progress: Progress) {
        send(self.replies, Reply::Found(self.request, found, progress));
    }
}

/// Reads through what is asked for.
pub(super) async fn survey(store: &Store, survey: Survey, findings: &Findings<'_>) -> Result<(), StoreError> {
    match survey {
        Survey::Trash(Scope::User(application, user)) => trash(store, &application, &user, findings).await,
        Survey::Trash(Scope::Application(application)) => {
            let mut users = store.users(&application);
            while let Some(page) = users.next().await? {
                let progress = Progress { cost: page.cost, unreadable: page.unreadable.len(), ..Progress::default() };
                findings.send(Found::Deleted(Vec::new()), progress);
                for user in page.items {
                    trash(store, &application, &user, findings).await?;
                }
            }
            Ok(())
        }
    }
}

/// Finds what is deleted of a user: first among the collections, then in each of them, the deleted ones too.
async fn trash(
    store: &Store,
    application: &Application,
    user: &User,
    findings: &Findings<'_>,
) -> Result<(), StoreError> {
    let mut names: HashMap<CollectionId, String> = HashMap::new();
    let mut order: Vec<CollectionId> = Vec::new();
    let mut collections = store.collections(application, user, Filter::Current);
    while let Some(page) = collections.next().await? {
        for record in &page.items {
            let id = record.subject.collection().id.clone();
            let name = record.name.clone().unwrap_or_else(|| id.to_string());
            if names.insert(id.clone(), name).is_none() {
                order.push(id);
            }
        }
        send_deleted(page, None, findings);
    }
    for id in order {
        let name = names.get(&id).cloned();
        let key = CollectionKey { application: application.clone(), user: user.clone(), id };
        let mut entries: Records = store.entries(&key, Filter::Current, false);
        while let Some(page) = entries.next().await? {
            send_deleted(page, name.as_deref(), findings);
        }
    }
    Ok(())
}

fn send_deleted(page: Page<Record>, collection: Option<&str>, findings: &Findings<'_>) {
    let cost: Cost = page.cost;
    let (versions, unreadable) = (page.items.len(), page.unreadable.len());
    let deleted = page.items.into_iter().filter(Record::is_deleted);
    let deleted = deleted.map(|record| Deleted { record, collection: collection.map(str::to_owned) }).collect();
    findings.send(Found::Deleted(deleted), Progress { versions, subjects: versions, unreadable, cost });
}
