//! A store in a file, filled quickly with rows that no clock and no client would write in that order.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use dynamini::config::{Capacity, Tables};
use dynamini::model::{Application, CollectionKey, Subject, User};
use dynamini::store::embedded::{self, Engine};
use dynamini::store::{Options, Store};

/// 2026-11-22 09:44:00 UTC, when the first row is of.
pub const FIRST_MS: i64 = 1_795_340_640_000;

/// As many as one transaction takes.
const AT_ONCE: usize = 100;

/// A store, and what writes rows into it as they are.
pub struct Filled {
    /// The store.
    pub store: Store,
    client: Client,
    table: String,
}

/// A version of an entry.
pub struct Version {
    /// The number of the entry.
    pub entry: usize,
    /// Its time, in ms after [`FIRST_MS`].
    pub after: usize,
    /// The value, JSON.
    pub value: String,
    /// It is marked as deleted, at the time it was written.
    pub is_deleted: bool,
}

impl Filled {
    /// Makes an empty store in the data directory that the program is started with.
    pub async fn in_directory(data: &Path) -> Self {
        fs::create_dir_all(data).expect("a directory can be made");
        let engine = Engine::open(&data.join("dynamini.db")).expect("the file can be made");
        let client = embedded::client(&engine);
        let tables = Tables { collections: "dynamomini.collections".into(), entries: "dynamomini.entries".into() };
        let table = tables.entries.clone();
        let options = Options {
            tables,
            applications: None,
            consistent_read: true,
            read_only: false,
            author: "bench".into(),
            capacity: Capacity::OnDemand,
            place: "the bench".into(),
            profile: None,
            clock: Arc::new(|| FIRST_MS),
        };
        let store = Store::new(client.clone(), options);
        store.init().await.expect("tables can be made");
        Self { store, client, table }
    }

    /// Creates a collection of `shop` / `user-1`.
    pub async fn collection(&self, name: &str) -> CollectionKey {
        let created = self.store.create_collection(&Application::new("shop"), &User::new("user-1"), name).await;
        match created.expect("a collection can be made").value.record.subject {
            Subject::Collection(key) => key,
            Subject::Entry(key) => key.collection,
        }
    }

    /// Writes versions as rows of the original would be, of entries that are called `entry-000000` and so on.
    pub async fn fill(&self, collection: &CollectionKey, versions: impl IntoIterator<Item = Version>) {
        let mut versions = versions.into_iter();
        loop {
            let puts: Vec<_> = versions.by_ref().take(AT_ONCE).map(|version| self.put(collection, version)).collect();
            if puts.is_empty() {
                break;
            }
            self.client.transact_write_items().set_transact_items(Some(puts)).send().await.expect("it fits");
        }
    }

    fn put(&self, collection: &CollectionKey, version: Version) -> TransactWriteItem {
        let Version { entry, after, value, is_deleted } = version;
        let ms = FIRST_MS + i64::try_from(after).expect("it is small");
        let mut attributes = vec![
            ("userCollection", collection.entries_partition()),
            ("entryVersion", format!("{}#{ms}", uuid(entry))),
            ("name", format!("entry-{entry:06}")),
            ("value", value),
        ];
        if is_deleted {
            attributes.push(("deletedAt", dynamini::model::Version::from_ms(ms).time().to_string()));
        }
        let text = |(name, value): (&str, String)| (name.to_owned(), AttributeValue::S(value));
        let item: HashMap<_, _> = attributes.into_iter().map(text).collect();
        let put = Put::builder().table_name(&self.table).set_item(Some(item)).build().expect("it is complete");
        TransactWriteItem::builder().put(put).build()
    }
}

/// An id in the form and the length of a UUID, in no order.
fn uuid(number: usize) -> String {
    let mixed = (number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let hex = format!("{mixed:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
