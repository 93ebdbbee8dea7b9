//! What holds when many write at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use dynamini::store::{Base, Store};
use serde_json::json;
use tokio::task::JoinSet;

use super::desk::{Client, Desk};
use crate::store::world::{START, name};

async fn at_once<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    work: impl IntoIterator<Item = F>,
) -> Vec<T> {
    let mut set: JoinSet<T> = work.into_iter().collect();
    let mut done = Vec::new();
    while let Some(result) = set.join_next().await {
        done.push(result.unwrap());
    }
    done
}

fn versions(json: &serde_json::Value) -> BTreeSet<i64> {
    json.as_array().unwrap().iter().map(|row| row["meta"]["version"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_name_posted_32_times_at_once_is_one_collection() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let post =
        |client: Client| async move { client.post("/api/user/ann/collection", r#"{"name":"notes"}"#).await.empty(201) };
    let both = both(&desk).await;
    let replies = at_once((0..32).map(|n| post(both[n % 2].clone()))).await;
    let paths: BTreeSet<_> = replies.iter().map(|reply| (reply.location(), reply.version())).collect();
    assert_eq!(paths.len(), 1, "{paths:?}");
    assert_eq!(ann.get("/api/collection?filter=all").await.names(), ["notes"]);
    // After it was deleted the name is free, and the entries of the old one are not in the new one.
    let old = replies[0].location();
    ann.post(&format!("{old}/entry"), r#"{"name":"e"}"#).await.with(201);
    ann.delete(&old).await.empty(200);
    let new = ann.collection("ann", "notes").await;
    assert_ne!(new, old);
    assert_eq!(ann.get(&format!("{new}/entry")).await.body, "[]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_acknowledged_version_of_100_puts_at_once_is_there() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let path = ann.entry(r#"{"name":"e","value":{"n":-1}}"#).await;
    // The clock stands still: all are of one millisecond.
    let put = |client: Client, path: String, n: usize| async move {
        (n, client.put(&path, &format!("{{\"value\":{{\"n\":{n}}}}}")).await.empty(200).version())
    };
    let both = both(&desk).await;
    let replies = at_once((0..100).map(|n| put(both[n % 2].clone(), path.clone(), n))).await;
    let acknowledged: BTreeSet<_> = replies.iter().map(|(_, version)| *version).collect();
    assert_eq!(acknowledged.len(), 100, "no version twice");
    let all = ann.get(&format!("{path}?filter=all")).await.json();
    assert_eq!(all.as_array().unwrap().len(), 101);
    for (n, version) in replies {
        let row = all.as_array().unwrap().iter().find(|row| row["meta"]["version"] == version).unwrap();
        assert_eq!(row["value"], json!({ "n": n }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_mean_one_version_one_writes_it() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let path = ann.entry(r#"{"name":"e","value":0}"#).await;
    let tag = format!("\"{}\"", ann.get(&path).await.version());
    let put = |client: Client, path: String, tag: String, n: usize| async move {
        client.send("PUT", &path, &[("If-Match", &tag)], &format!("{{\"value\":{n}}}")).await
    };
    let both = both(&desk).await;
    let replies = at_once((1..17).map(|n| put(both[n % 2].clone(), path.clone(), tag.clone(), n))).await;
    let winners: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(winners.len(), 1);
    let version = winners[0].version();
    for loser in replies.iter().filter(|reply| reply.status != 200) {
        assert_eq!((loser.status, loser.version()), (412, version));
    }
    assert_eq!(versions(&ann.get(&format!("{path}?filter=all")).await.json()).len(), 2);
}

#[tokio::test]
async fn a_deletion_is_not_undone_by_a_put_that_read_before_it() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let entry = ann.entry(r#"{"name":"e","value":0}"#).await;
    let collection = entry.split("/entry").next().unwrap().to_owned();
    let subjects = desk.someone();
    for (path, is_entry) in [(entry, true), (collection, false)] {
        let json = ann.get(&path).await.json();
        let key = desk.world.collection(json[0]["meta"]["collection"].as_str().unwrap());
        let subject = match json[0]["meta"]["entry"].as_str() {
            Some(id) => dynamini::model::EntryKey { collection: key, id: dynamini::model::EntryId::new(id) }.into(),
            None => dynamini::model::Subject::from(key),
        };
        assert_eq!(is_entry, matches!(subject, dynamini::model::Subject::Entry(_)));
        // Another process deletes it between the read of the PUT and its write.
        let other = subjects.clone();
        desk.wire.before("TransactWriteItems", async move {
            other.delete(&subject, Base::Any).await.unwrap();
        });
        ann.put(&path, r#"{"name":"later"}"#).await.empty(404);
        ann.get(&path).await.empty(404);
        assert_eq!(ann.get(&format!("{path}?filter=all")).await.json().as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_deletion_takes_what_was_written_while_it_read() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let path = ann.entry(r#"{"name":"e","value":0}"#).await;
    let writing = Client { address: desk.address, ..ann.clone() };
    // The turns of one server keep its own requests apart; this one comes from a second server on the same tables.
    let second = second_server(&desk).await;
    let (target, later) = (path.clone(), Client { address: second, ..writing });
    desk.wire.before("UpdateItem", async move {
        later.put(&target, r#"{"value":1}"#).await.empty(200);
    });
    ann.delete(&path).await.empty(200);
    ann.get(&path).await.empty(404);
    let all = ann.get(&format!("{path}?filter=all")).await.json();
    assert_eq!((all[0]["value"].clone(), all[1]["value"].clone()), (json!(0), json!(1)));
    assert!(all[0]["meta"]["deletedAt"].is_null() && all[1]["meta"]["deletedAt"].is_string(), "{all}");
}

/// Clients of two servers on the same tables: the turns of one server keep its own requests apart, not those of both.
async fn both(desk: &Desk) -> [Client; 2] {
    let ann = desk.client();
    [ann.clone(), Client { address: second_server(desk).await, ..ann }]
}

pub async fn second_server(desk: &Desk) -> std::net::SocketAddr {
    serve_too(desk, desk.someone().store).await
}

async fn serve_too(desk: &Desk, store: Store) -> std::net::SocketAddr {
    use dynamini::config::{LogForm, Serve};
    use dynamini::server::{Settings, log::Log, serve};
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (log, _) = Log::start(std::io::sink(), LogForm::Text, false).unwrap();
    let settings = Settings { keys: desk.keys().clone(), bounds: Serve::default(), log };
    tokio::spawn(async move { serve(listener, store, settings, std::future::pending()).await });
    address
}

#[tokio::test]
async fn a_name_and_a_value_changed_at_once_are_both_kept() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let path = ann.entry(r#"{"name":"e","value":0}"#).await;
    let (second, target) = (Client { address: second_server(&desk).await, ..ann.clone() }, path.clone());
    desk.wire.before("TransactWriteItems", async move {
        second.put(&target, r#"{"value":1}"#).await.empty(200);
    });
    ann.put(&path, r#"{"name":"renamed"}"#).await.empty(200);
    let row = &ann.get(&path).await.json()[0];
    assert_eq!((&row["name"], &row["value"]), (&json!("renamed"), &json!(1)));
    assert_eq!(versions(&ann.get(&format!("{path}?filter=all")).await.json()).len(), 3);
}

#[tokio::test]
async fn versions_grow_though_the_clock_goes_back() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let path = ann.entry(r#"{"name":"e","value":0}"#).await;
    let mut last = ann.get(&path).await.version();
    for (n, ms) in [(1, -3_600_000), (2, -3_600_000), (3, 5), (4, -1)] {
        desk.world.clock.set(ms);
        let version = ann.put(&path, &format!("{{\"value\":{n}}}")).await.empty(200).version();
        assert!(version > last);
        last = version;
        assert_eq!(ann.get(&path).await.json()[0]["value"], n);
    }
    let subject = desk.world.collection("x");
    assert!(desk.someone().update(&subject.into(), &name("n"), Base::Newest).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_whose_clocks_are_apart_overwrite_nothing() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let path = ann.entry(r#"{"name":"e","value":{"n":-1}}"#).await;
    let ahead = desk.world.writer_with("ahead", |options| options.clock = Arc::new(|| START + 3_600_000));
    let both = [ann.clone(), Client { address: serve_too(&desk, ahead.store).await, ..ann.clone() }];
    // One after the other: each is newer than what was acknowledged before, whichever clock it is of.
    let mut last = ann.get(&path).await.version();
    for n in 0..20 {
        let version = both[n % 2].put(&path, &format!("{{\"value\":{{\"n\":{n}}}}}")).await.empty(200).version();
        assert!(version > last, "{n}");
        last = version;
        assert_eq!(both[(n + 1) % 2].get(&path).await.json()[0]["value"], json!({ "n": n }));
    }
    // And all at once.
    let put = |client: Client, path: String, n: usize| async move {
        client.put(&path, &format!("{{\"value\":{{\"n\":{n}}}}}")).await.empty(200).version()
    };
    let acknowledged: BTreeSet<_> =
        at_once((20..60).map(|n| put(both[n % 2].clone(), path.clone(), n))).await.into_iter().collect();
    let all = versions(&ann.get(&format!("{path}?filter=all")).await.json());
    assert_eq!((acknowledged.len(), all.len()), (40, 61));
    assert!(acknowledged.is_subset(&all));
    // A deletion by the clock behind holds for both, and so does what its name is given to next.
    both[0].delete(&path).await.empty(200);
    for client in &both {
        client.get(&path).await.empty(404);
        client.put(&path, r#"{"value":0}"#).await.empty(404);
    }
    let collection = path.split("/entry").next().unwrap();
    both[1].delete(collection).await.empty(200);
    let again = both[0].collection("ann", "notes").await;
    assert_ne!(again, collection);
    assert_eq!(both[1].collection("ann", "notes").await, again);
}
