//! Lists: all of it, in order, whatever the size and whatever happens meanwhile.

use dynamini::config::Serve;
use dynamini::model::{CollectionId, CollectionKey, EntryId, EntryKey, Subject, User};
use serde_json::Value;

use super::desk::{Desk, Start};
use crate::store::wire::mishap::{Break, Mishap};
use crate::store::world::version;

/// The collection that a path names.
fn key(desk: &Desk, path: &str) -> CollectionKey {
    let id = path.rsplit('/').next().unwrap();
    CollectionKey { application: desk.world.application.clone(), user: User::new("ann"), id: CollectionId::new(id) }
}

fn entry(collection: &CollectionKey, id: &str) -> Subject {
    EntryKey { collection: collection.clone(), id: EntryId::new(id) }.into()
}

/// Fills a new collection with entries of so many versions each, whose order by id is not the one by version, and
/// returns the path of the list.
async fn fill(desk: &Desk, entries: i64, versions: i64, value: &str) -> String {
    let path = desk.client().collection("ann", "many").await;
    let collection = key(desk, &path);
    let rows = (0..entries).flat_map(|n| (0..versions).map(move |at| (n, at)));
    // 7919 is a prime, so that every entry has another place in time.
    let rows =
        rows.map(|(n, at)| (entry(&collection, &format!("e{n:06}")), version(at * entries + n * 7919 % entries)));
    desk.world.fill(rows, &[("name", "n"), ("value", value)]).await;
    format!("{path}/entry")
}

fn versions(json: &Value) -> Vec<i64> {
    json.as_array().unwrap().iter().map(|row| row["meta"]["version"].as_i64().unwrap()).collect()
}

async fn with_memory(bytes: usize) -> Desk {
    let bounds = Serve { list_memory: bytes, ..Serve::default() };
    Desk::open_with(Start { bounds, ..Start::default() }).await
}

#[tokio::test]
async fn a_list_of_many_pages_is_complete_and_sorted_however_little_is_held() {
    let value = format!("[\"{}\"]", "x".repeat(300));
    for memory in [0, 100_000, 8_000_000] {
        let desk = with_memory(memory).await;
        let list = fill(&desk, 1300, 2, &value).await;
        for (filter, count) in [("latest", 1300), ("current", 1300), ("all", 2600)] {
            let reply = desk.client().get(&format!("{list}?filter={filter}")).await.with(200);
            assert_eq!(reply.header("x-unreadable-rows"), None);
            let json = reply.json();
            let found = versions(&json);
            assert_eq!(found.len(), count, "{filter} with {memory}");
            assert!(found.is_sorted_by(|a, b| a < b), "{filter} with {memory}");
            assert!(json.as_array().unwrap().iter().all(|row| row["value"][0].as_str().unwrap().len() == 300));
        }
    }
}

#[tokio::test]
async fn what_is_held_is_given_back() {
    let value = format!("[\"{}\"]", "x".repeat(1000));
    let desk = with_memory(150_000).await;
    let list = fill(&desk, 99, 1, &value).await;
    for _ in 0..3 {
        let (sent, reply) = desk.wire.count(desk.client().get(&list)).await;
        assert_eq!((versions(&reply.json()).len(), sent), (99, 1), "nothing is read again");
    }
    // Also by who leaves in the middle of it.
    for _ in 0..3 {
        use tokio::io::AsyncWriteExt;
        let mut stream = desk.client().connect().await;
        let request = format!("GET {list} HTTP/1.1\r\nx-api-key: {}\r\n\r\n", super::desk::BILLING);
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.readable().await.unwrap();
    }
    // The server notices that someone left with its next write; until then the rows are held.
    for attempt in 0.. {
        let (sent, _) = desk.wire.count(desk.client().get(&list)).await;
        if sent == 1 {
            break;
        }
        assert!(attempt < 1000, "what was held for who left is still held");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn collections_of_all_users_are_sorted_by_version() {
    let desk = with_memory(0).await;
    let ann = desk.client();
    for (at, user) in [(3, "cid"), (2, "ann"), (1, "bob")] {
        desk.world.clock.set(at * 1000);
        ann.collection(user, user).await;
    }
    assert_eq!(ann.get("/api/collection").await.names(), ["bob", "ann", "cid"]);
    assert_eq!(ann.get("/api/user/bob/collection").await.names(), ["bob"]);
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_left_out_counted_and_logged() {
    for memory in [0, 8_000_000] {
        let desk = with_memory(memory).await;
        let ann = desk.client();
        let good = ann.entry(r#"{"name":"good","value":{}}"#).await;
        let path = good.split("/entry").next().unwrap().to_owned();
        let partition = key(&desk, &path).entries_partition();
        let at = version(5);
        desk.world.put_entry_row(&partition, &format!("text#{at}"), &[("name", "text"), ("value", "no json")]).await;
        desk.world.put_entry_row(&partition, "no version", &[("name", "x")]).await;
        desk.world.put_entry_row(&partition, &format!("bare#{at}"), &[]).await;
        desk.world.put_collection_row("billing", "no version", &[("name", "x")]).await;
        let list = ann.get(&format!("{path}/entry")).await.with(200);
        assert_eq!(
            (list.names(), list.header("x-unreadable-rows")),
            (vec!["good".to_owned(), "-".to_owned()], Some("2"))
        );
        let all = ann.get("/api/collection").await.with(200);
        assert_eq!((all.names(), all.header("x-unreadable-rows")), (vec!["notes".to_owned()], Some("1")));
        let single = ann.get(&format!("{path}/entry/text")).await.with(500).json();
        assert_eq!(single["error"], "the stored value is not JSON");
        let history = ann.get(&format!("{path}/entry/text?filter=all")).await.with(200);
        assert_eq!((history.body.as_str(), history.header("x-unreadable-rows")), ("[]", Some("1")));
        assert_eq!(history.version(), at.ms());
        // It can be mended by its clients.
        ann.put(&format!("{path}/entry/text"), r#"{"value":1}"#).await.with(200);
        assert_eq!(ann.get(&format!("{path}/entry/text")).await.names(), ["text"]);
        let (_, log) = desk.close().await;
        assert!(log.contains(" 2 rows left out: the row "), "{log}");
        assert!(log.contains("can't be read: the sort key is not of the form"), "{log}");
    }
}

#[tokio::test]
async fn a_failure_before_a_list_begins_has_a_status() {
    let desk = with_memory(0).await;
    let list = fill(&desk, 1300, 1, "1").await;
    for spared in 0..3 {
        desk.wire.plan_after(spared, Mishap::before(Break::Refused));
        desk.client().get(&list).await.with(503).json();
    }
    assert_eq!(versions(&desk.client().get(&list).await.json()).len(), 1300);
}

#[tokio::test]
async fn a_list_that_has_begun_waits_while_the_capacity_is_used_up() {
    let throttled = || Mishap::answer("ProvisionedThroughputExceededException", "Rate exceeded");
    let desk = with_memory(0).await;
    let list = fill(&desk, 120, 1, "1").await;
    desk.wire.plan("Query", throttled());
    let reply = desk.client().get(&list).await.with(429);
    assert_eq!(reply.header("retry-after"), Some("1"));
    // The second page, and two of the rows that are read again.
    for spared in [1, 5, 50] {
        desk.wire.plan_after(spared, throttled());
    }
    assert_eq!(versions(&desk.client().get(&list).await.with(200).json()).len(), 120);
    assert_eq!(desk.wire.mishaps(), 4);
}

#[tokio::test]
async fn a_client_that_takes_rows_slowly_leaves_some_to_others() {
    use tokio::io::AsyncWriteExt;
    // Nobody is cut off for being slow.
    let bounds = Serve { list_memory: 0, write_timeout: std::time::Duration::from_hours(1), ..Serve::default() };
    let desk = Desk::open_with(Start { bounds, ..Start::default() }).await;
    // More than the buffers of both ends of a connection hold.
    let list = format!("{}/entry", desk.client().collection("ann", "large").await);
    let value = format!("{{\"value\":[\"{}\"]}}", "x".repeat(390 * 1024));
    for _ in 0..40 {
        desk.client().post(&list, &value).await.with(201);
    }
    let mut slow = Vec::new();
    for _ in 0..3 {
        let mut stream = desk.client().connect().await;
        let request = format!("GET {list} HTTP/1.1\r\nx-api-key: {}\r\n\r\n", super::desk::BILLING);
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.readable().await.unwrap();
        slow.push(stream);
    }
    assert_eq!(versions(&desk.client().get(&list).await.with(200).json()).len(), 40);
    drop(slow);
}

#[tokio::test]
async fn a_failure_in_the_middle_of_a_list_does_not_look_like_its_end() {
    let value = format!("[\"{}\"]", "x".repeat(300));
    let desk = with_memory(100_000).await;
    let list = fill(&desk, 1300, 1, &value).await;
    let (sent, _) = desk.wire.count(desk.client().get(&list)).await;
    assert!(sent > 900, "most rows are read a second time: {sent}");
    for spared in [10, sent / 2, sent - 1] {
        desk.wire.plan_after(spared, Mishap::before(Break::Refused));
        let reply = desk.client().get(&list).await.with(200);
        assert!(!reply.is_whole && !reply.body.ends_with(']'), "after {spared} requests: {}", reply.body.len());
    }
    let (_, log) = desk.close().await;
    assert_eq!(log.matches(" broken off: the test can't be reached").count(), 3, "{log}");
}

#[tokio::test]
async fn a_store_that_falls_silent_in_the_middle_of_a_list_breaks_it_off() {
    let soon = std::time::Duration::from_millis(300);
    let bounds = Serve { list_memory: 0, store_timeout: soon, ..Serve::default() };
    let desk = Desk::open_with(Start { bounds, ..Start::default() }).await;
    let list = fill(&desk, 100, 1, "1").await;
    desk.wire.plan_after(50, Mishap::meanwhile(std::future::pending()));
    let reply = desk.client().get(&list).await.with(200);
    assert!(!reply.is_whole && !reply.body.ends_with(']'), "{}", reply.body.len());
    let (_, log) = desk.close().await;
    assert!(log.contains(" broken off: the store took too long"), "{log}");
}

#[tokio::test]
async fn what_is_deleted_while_a_list_is_sent_is_left_out_of_the_latest() {
    let desk = with_memory(0).await;
    let ann = desk.client();
    let path = ann.entry(r#"{"name":"e","value":{}}"#).await;
    let list = path.rsplit_once('/').unwrap().0.to_owned();
    let (deleting, gone) = (ann.clone(), path.clone());
    desk.wire.before("GetItem", async move {
        deleting.delete(&gone).await.empty(200);
    });
    assert_eq!(ann.get(&list).await.with(200).body, "[]");
    assert_eq!(ann.get(&format!("{list}?filter=current")).await.names(), ["e"]);
}
