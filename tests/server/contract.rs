//! The contract of the original, request by request.

use serde_json::json;

use super::desk::{Client, Desk, Start};
use crate::store::world::START;
use dynamini::config::LogForm;
use dynamini::model::{EntryId, EntryKey, Subject};

#[tokio::test]
async fn without_a_key_nothing_is_answered_but_what_is_for_everyone() {
    let desk = Desk::open().await;
    let entry = desk.client().entry(r#"{"name":"e","value":{}}"#).await;
    let collection = entry.split("/entry").next().unwrap().to_owned();
    let entries = format!("{collection}/entry");
    let requests = [
        ("GET", "/api/collection"),
        ("GET", "/api/user/ann/collection"),
        ("POST", "/api/user/ann/collection"),
        ("GET", &collection),
        ("PUT", &collection),
        ("DELETE", &collection),
        ("GET", &entries),
        ("POST", &entries),
        ("GET", &entry),
        ("PUT", &entry),
        ("DELETE", &entry),
    ];
    for key in [None, Some(""), Some("wrong"), Some("the key of"), Some("the key of billing x")] {
        let client = Client { key: key.map(str::to_owned), ..desk.client() };
        for (method, path) in requests {
            client.send(method, path, &[], r#"{"name":"x"}"#).await.empty(401);
        }
    }
    for path in ["/health", "/openapi.json"] {
        desk.nobody().get(path).await.with(200).json();
    }
    assert_eq!(desk.client().get("/api/collection").await.names(), ["notes"]);
    desk.client().get(&entry).await.with(200);
}

#[tokio::test]
async fn a_collection_is_created_listed_renamed_and_deleted() {
    let desk = Desk::open().await;
    let ann = desk.client();
    assert_eq!(ann.get("/api/user/ann/collection").await.with(200).body, "[]");

    let created = ann.post("/api/user/ann/collection", r#"{"name":"notes"}"#).await.empty(201);
    let (path, version) = (created.location(), created.version());
    let id = path.rsplit('/').next().unwrap();
    assert_eq!(path, format!("/api/user/ann/collection/{id}"));
    let meta = json!({"application": "billing", "user": "ann", "collection": id, "version": version});
    let record = json!([{"meta": meta, "name": "notes"}]);
    for list in ["/api/collection", "/api/user/ann/collection", &path] {
        assert_eq!(ann.get(list).await.with(200).json(), record, "{list}");
    }
    assert_eq!(ann.get(&path).await.version(), version);

    let renamed = ann.put(&path, r#"{"name":"thoughts"}"#).await.empty(200);
    assert!(renamed.version() > version);
    assert_eq!(ann.get(&path).await.names(), ["thoughts"]);
    assert_eq!(ann.get(&format!("{path}?filter=all")).await.names(), ["notes", "thoughts"]);

    ann.delete(&path).await.empty(200);
    ann.get(&path).await.empty(404);
    ann.delete(&path).await.empty(404);
    ann.put(&path, r#"{"name":"x"}"#).await.empty(404);
    assert_eq!(ann.get("/api/user/ann/collection").await.body, "[]");
    assert_eq!(ann.get("/api/user/ann/collection?filter=nonsense").await.body, "[]");
    for list in ["/api/collection", "/api/user/ann/collection", &path] {
        let current = ann.get(&format!("{list}?filter=current")).await.with(200).json();
        let row = &current.as_array().unwrap()[0];
        assert_eq!(
            (row["name"].as_str(), row["meta"]["version"].as_i64()),
            (Some("thoughts"), Some(renamed.version()))
        );
        assert!(row["meta"]["deletedAt"].as_str().unwrap().ends_with('Z'), "{row}");
        assert_eq!(ann.get(&format!("{list}?filter=all")).await.names(), ["notes", "thoughts"]);
    }
}

#[tokio::test]
async fn an_entry_is_created_listed_changed_and_deleted() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let collection = ann.collection("ann", "notes").await;
    let id = collection.rsplit('/').next().unwrap();
    let list = format!("{collection}/entry");
    assert_eq!(ann.get(&list).await.with(200).body, "[]");

    let body = r#"{"name":"e","value":{"n":1},"meta":{"version":1,"user":"bob"},"deletedAt":"now"}"#;
    let created = ann.post(&list, body).await.empty(201);
    let (path, version) = (created.location(), created.version());
    let entry = path.rsplit('/').next().unwrap();
    let meta = json!({"user": "ann", "collection": id, "entry": entry, "version": version});
    let record = json!([{"meta": meta, "name": "e", "value": {"n": 1}}]);
    assert_eq!(ann.get(&path).await.with(200).json(), record);
    assert_eq!(ann.get(&list).await.with(200).json(), record);

    let changed = ann.put(&path, r#"{"name":"f","value":[2]}"#).await.empty(200);
    assert_eq!(ann.get(&path).await.version(), changed.version());
    let all = ann.get(&format!("{path}?filter=all")).await.json();
    assert_eq!(all[0], record[0]);
    assert_eq!((&all[1]["name"], &all[1]["value"], all.as_array().unwrap().len()), (&json!("f"), &json!([2]), 2));

    ann.delete(&path).await.empty(200);
    ann.get(&path).await.empty(404);
    ann.put(&path, r#"{"value":3}"#).await.empty(404);
    ann.delete(&path).await.empty(404);
    assert_eq!(ann.get(&list).await.body, "[]");
    for current in [format!("{path}?filter=current"), format!("{list}?filter=current")] {
        let json = ann.get(&current).await.with(200).json();
        assert!(json[0]["meta"]["deletedAt"].is_string() && json[0]["value"] == json!([2]), "{json}");
    }
    assert_eq!(ann.get(&format!("{list}?filter=all")).await.names(), ["e", "f"]);
}

#[tokio::test]
async fn what_an_entry_does_not_say_stays_as_it_was() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let path = ann.entry(r#"{"name":"e","value":{"n":1}}"#).await;
    for (body, name, value) in [
        (r#"{"value":{"n":2}}"#, "e", json!({"n": 2})),
        (r#"{"name":"f"}"#, "f", json!({"n": 2})),
        (r#"{"name":"","value":0}"#, "f", json!(0)),
        (r#"{"name":"g","value":""}"#, "g", json!(0)),
        (r#"{"name":null,"value":null}"#, "g", json!(null)),
    ] {
        ann.put(&path, body).await.empty(200);
        let row = &ann.get(&path).await.json()[0];
        assert_eq!((row["name"].as_str(), &row["value"]), (Some(name), &value), "{body}: {row}");
    }
}

#[tokio::test]
async fn values_come_back_as_they_were_sent() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let collection = ann.collection("ann", "notes").await;
    for value in [
        r#"{"z":1,"a":{"é":"\u00e9\ud800"},"a":2}"#,
        "[1,[],{}]",
        "12345678901234567890",
        "1.0",
        "-1e400",
        "0",
        "false",
        "true",
        "null",
        "{}",
        "[]",
    ] {
        let spaced = value.replace(':', " : ").replace(',', " ,\n");
        let path =
            ann.post(&format!("{collection}/entry"), &format!("{{\"value\": {spaced}}}")).await.with(201).location();
        let reply = ann.get(&path).await.with(200);
        assert!(reply.body.ends_with(&format!("}},\"value\":{value}}}]")), "{value}: {}", reply.body);
        assert!(!reply.body.contains("\"name\""), "{}", reply.body);
    }
}

#[tokio::test]
async fn what_is_against_the_contract_is_told() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let entry = ann.entry(r#"{"name":"e","value":{}}"#).await;
    let collection = entry.split("/entry").next().unwrap().to_owned();
    let (entries, collections) = (format!("{collection}/entry"), "/api/user/ann/collection".to_owned());
    for (method, path) in [("POST", &entries), ("PUT", &entry)] {
        for nothing in ["", "{}", "[]", r#"{"name":""}"#, r#"{"value":""}"#, r#"{"name":null}"#, r#"{"nmae":"x"}"#] {
            let reply = ann.send(method, path, &[], nothing).await.with(400);
            assert_eq!(reply.body, "Error: Entry name or value required", "{nothing}");
        }
        for text in [r#"{"value":"text"}"#, r#"{"name":"e","value":"text"}"#] {
            assert_eq!(ann.send(method, path, &[], text).await.with(400).body, "Error: Invalid entry payload");
        }
    }
    for (method, path) in [("POST", &entries), ("PUT", &entry), ("POST", &collections), ("PUT", &collection)] {
        for wrong in ["{", "nonsense", "{\"name\":}", "\"text\"", "1", "null", r#"{"name":1}"#, r#"{"name":{}}"#] {
            let reply = ann.send(method, path, &[], wrong).await.with(400);
            assert!(reply.json()["error"].is_string(), "{wrong}");
        }
    }
    for (method, path) in [("POST", &collections), ("PUT", &collection)] {
        for nothing in ["", "{}", "[]", r#"{"name":""}"#, r#"{"name":null}"#] {
            let reply = ann.send(method, path, &[], nothing).await.with(400);
            assert_eq!(reply.json()["error"], "a collection needs a name", "{nothing}");
        }
    }
    let coded = ann.send("POST", &entries, &[("Content-Encoding", "gzip")], "{}").await.with(400);
    assert!(coded.body.contains("Content-Encoding must be identity"), "{}", coded.body);
    assert_eq!(ann.get(&format!("{entry}?filter=all")).await.names(), ["e"]);
}

#[tokio::test]
async fn what_is_too_large_is_told_with_its_size() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let entry = ann.entry(r#"{"name":"e","value":{}}"#).await;
    let collection = entry.split("/entry").next().unwrap().to_owned();
    let value = |length: usize| format!("{{\"value\":[\"{}\"]}}", "x".repeat(length));
    // A body of exactly what an item can hold is read; the item would be larger by its keys.
    let largest = value(400 * 1024 - value(0).len());
    let reply = ann.put(&entry, &largest).await.with(413).json();
    assert_eq!((reply["what"].as_str(), reply["limit"].as_u64()), (Some("the item"), Some(400 * 1024 - 256)));
    assert!(reply["size"].as_u64().unwrap() > 400 * 1024 - 256, "{reply}");
    for length in [400 * 1024, 5_000_000] {
        let body = value(length);
        let reply = ann.post(&format!("{collection}/entry"), &body).await.with(413).json();
        assert_eq!((reply["what"].as_str(), reply["size"].as_u64()), (Some("the body"), Some(body.len() as u64)));
        assert_eq!(reply["limit"], 400 * 1024);
    }
    ann.put(&entry, &value(390 * 1024)).await.empty(200);
    assert_eq!(ann.get(&entry).await.with(200).json()[0]["value"][0].as_str().unwrap().len(), 390 * 1024);

    let name = json!({ "name": "n".repeat(400 * 1024 - 100) }).to_string();
    assert_eq!(ann.put(&collection, &name).await.with(413).json()["what"], "the item");
    let long = "u".repeat(1100);
    for (path, limit) in [(format!("/api/user/{long}/collection"), 1009), (format!("{collection}/entry/{long}"), 1010)]
    {
        let reply = ann.get(&path).await.with(400).json();
        assert!(reply["error"].as_str().unwrap().contains(&format!("over the limit of {limit}")), "{reply}");
    }
}

#[tokio::test]
async fn a_user_as_long_as_can_be_has_entries_too() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let collection = ann.collection(&"u".repeat(940), "notes").await;
    let entry = ann.post(&format!("{collection}/entry"), r#"{"name":"e"}"#).await.empty(201).location();
    ann.put(&entry, r#"{"value":1}"#).await.empty(200);
    assert_eq!(ann.get(&entry).await.names(), ["e"]);
    ann.delete(&entry).await.empty(200);
    assert_eq!(ann.get(&format!("{collection}/entry?filter=current")).await.names(), ["e"]);
}

#[tokio::test]
async fn what_is_not_there_is_404_and_lists_of_it_are_empty() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let entry = ann.entry(r#"{"name":"e","value":{}}"#).await;
    let collection = entry.split("/entry").next().unwrap().to_owned();
    let body = r#"{"name":"x","value":{}}"#;
    for method in ["GET", "PUT", "DELETE"] {
        for path in
            ["/api/user/ann/collection/none", "/api/user/ann/collection/%23", &format!("{collection}/entry/none")]
        {
            ann.send(method, path, &[], body).await.empty(404);
            ann.send(method, &format!("{path}?filter=all"), &[], body).await.empty(404);
        }
    }
    ann.post("/api/user/ann/collection/none/entry", body).await.empty(404);
    for list in
        ["/api/user/bob/collection", "/api/user/ann/collection/none/entry", "/api/user/bob/collection/%23/entry"]
    {
        for filter in ["", "?filter=current", "?filter=all"] {
            assert_eq!(ann.get(&format!("{list}{filter}")).await.with(200).body, "[]");
        }
    }
    // Another user's collection is none of this one's.
    let elsewhere = collection.replace("/ann/", "/bob/");
    ann.get(&elsewhere).await.empty(404);
    ann.post(&format!("{elsewhere}/entry"), body).await.empty(404);

    ann.delete(&collection).await.empty(200);
    ann.post(&format!("{collection}/entry"), body).await.empty(404);
    ann.put(&entry, body).await.empty(404);
    ann.delete(&entry).await.empty(404);
    // What is in it can still be read, as in the original.
    assert_eq!(ann.get(&entry).await.names(), ["e"]);
    assert_eq!(ann.get(&format!("{collection}/entry")).await.names(), ["e"]);
}

#[tokio::test]
async fn a_key_reaches_only_the_collections_of_its_application() {
    let desk = Desk::open().await;
    let (billing, shop) = (desk.client(), desk.shop());
    let entry = billing.entry(r#"{"name":"secret","value":{}}"#).await;
    let collection = entry.split("/entry").next().unwrap().to_owned();
    let own = shop.collection("ann", "notes").await;
    assert_ne!(own, collection, "one name, two applications");
    let body = r#"{"name":"mine","value":{}}"#;
    for path in [&collection, &entry] {
        for method in ["GET", "PUT", "DELETE"] {
            shop.send(method, path, &[], body).await.empty(404);
        }
        shop.get(&format!("{path}?filter=all")).await.empty(404);
    }
    shop.post(&format!("{collection}/entry"), body).await.empty(404);
    for filter in ["", "?filter=current", "?filter=all"] {
        assert_eq!(shop.get(&format!("{collection}/entry{filter}")).await.body, "[]");
        assert_eq!(shop.get(&format!("/api/collection{filter}")).await.names(), ["notes"]);
    }
    // Also when the server has seen it under its own application since.
    billing.get(&entry).await.with(200);
    shop.get(&entry).await.empty(404);
    assert_eq!(billing.get(&format!("{entry}?filter=all")).await.names(), ["secret"]);
}

#[tokio::test]
async fn a_write_can_be_meant_for_one_version() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let entry = ann.entry(r#"{"name":"e","value":1}"#).await;
    let collection = entry.split("/entry").next().unwrap().to_owned();
    for path in [entry, collection] {
        let body = r#"{"name":"later"}"#;
        let first = ann.get(&path).await.version();
        let tag = format!("\"{first}\"");
        let second = ann.send("PUT", &path, &[("If-Match", &tag)], body).await.empty(200).version();
        assert!(second > first);
        for (method, body) in [("PUT", body), ("DELETE", "")] {
            for none in [tag.as_str(), "\"1\", \"2\"", "\"abc\"", &format!("W/\"{second}\"")] {
                let reply = ann.send(method, &path, &[("If-Match", none)], body).await.with(412);
                assert_eq!((reply.version(), &reply.json()["version"]), (second, &json!(second)), "{none}");
            }
            ann.send(method, &path, &[("If-Match", "17")], body).await.with(400).json();
        }
        let either = format!("\"{second}\", {tag}");
        let third = ann.send("PUT", &path, &[("If-Match", &either)], body).await.empty(200).version();
        let fourth = ann.send("PUT", &path, &[("If-Match", "*")], body).await.empty(200).version();
        assert!(fourth > third);
        ann.send("DELETE", &path, &[("If-Match", &format!("\"{fourth}\""))], "").await.empty(200);
        // What is deleted is not there, whatever is meant.
        for any in ["*", "\"1\", \"2\"", &format!("\"{fourth}\""), "\"1\"", &format!("\"{third}\""), "W/\"1\""] {
            for (method, body) in [("PUT", body), ("DELETE", "")] {
                ann.send(method, &path, &[("If-Match", any)], body).await.empty(404);
            }
        }
    }
}

#[tokio::test]
async fn who_has_the_newest_version_is_told_so() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let entry = ann.entry(r#"{"name":"e","value":1}"#).await;
    let collection = entry.split("/entry").next().unwrap().to_owned();
    for path in [entry, collection] {
        let version = ann.get(&path).await.version();
        let get = async |path: &str, tag: &str| ann.send("GET", path, &[("If-None-Match", tag)], "").await;
        let tag = format!("\"{version}\"");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"1\", {tag}"), "*".to_owned()] {
            assert_eq!(get(&path, &known).await.empty(304).version(), version, "{known}");
            get(&format!("{path}?filter=current"), &known).await.empty(304);
            get(&format!("{path}?filter=all"), &known).await.with(200).json();
        }
        for unknown in ["\"1\"", "1", ""] {
            get(&path, unknown).await.with(200).json();
        }
        ann.delete(&path).await.empty(200);
        get(&path, &tag).await.empty(404);
        get(&format!("{path}?filter=current"), &tag).await.with(200).json();
    }
}

#[tokio::test]
async fn who_means_a_version_hears_what_slipped_in() {
    let desk = Desk::open_with(Start { form: LogForm::Json, ..Start::default() }).await;
    let ann = desk.client();
    let path = ann.entry(r#"{"name":"e","value":1}"#).await;
    let json = ann.get(&path).await.json();
    let collection = desk.world.collection(json[0]["meta"]["collection"].as_str().unwrap());
    let id = EntryId::new(json[0]["meta"]["entry"].as_str().unwrap());
    let subject = Subject::from(EntryKey { collection, id });
    for (method, at) in [("PUT", 1000), ("DELETE", 2000)] {
        let tag = format!("\"{}\"", ann.get(&path).await.version());
        desk.world.clock.set(at);
        // The original writes without looking, between the read and the write.
        let (world, subject) = (desk.world.clone(), subject.clone());
        let operation = if method == "PUT" { "TransactWriteItems" } else { "UpdateItem" };
        desk.wire.before(operation, async move { world.original_writes(&subject, at + 500, "theirs", "2").await });
        let reply = ann.send(method, &path, &[("If-Match", &tag)], r#"{"value":3}"#).await.empty(200);
        assert_eq!(reply.header("x-slipped-in"), Some((START + at + 500).to_string().as_str()), "{method}");
    }
    // Whoever means none pays for no look.
    let other = ann.entry(r#"{"name":"f","value":1}"#).await;
    let sent = desk.wire.sent().len();
    ann.put(&other, r#"{"value":2}"#).await.empty(200);
    assert_eq!(desk.wire.sent()[sent..].last().unwrap(), "TransactWriteItems");
    let (_, log) = desk.close().await;
    assert_eq!(log.matches("slipped in").count(), 2, "{log}");
}

#[tokio::test]
async fn who_asks_for_it_is_given_what_was_written() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let prefer = [("Prefer", "return=representation")];
    let created = ann.send("POST", "/api/user/ann/collection", &prefer, r#"{"name":"notes"}"#).await.with(201);
    assert_eq!(created.json(), ann.get(&created.location()).await.json());
    let path = format!("{}/entry", created.location());
    let entry = ann.send("POST", &path, &prefer, r#"{"value":{"a":1.0}}"#).await.with(201);
    assert_eq!(entry.body, ann.get(&entry.location()).await.body);
    let changed = ann.send("PUT", &entry.location(), &prefer, r#"{"name":"n"}"#).await.with(200);
    assert_eq!(changed.body, ann.get(&entry.location()).await.body);
    assert_eq!(changed.header("preference-applied"), Some("return=representation"));
}

#[tokio::test]
async fn browsers_of_any_origin_may_ask() {
    let desk = Desk::open().await;
    for path in ["/api/collection", "/nowhere", "*"] {
        let asked = [("Origin", "http://x"), ("Access-Control-Request-Headers", "x-api-key,if-match")];
        let reply = desk.nobody().send("OPTIONS", path, &asked, "").await.empty(204);
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("access-control-allow-methods"), Some("GET,HEAD,PUT,PATCH,POST,DELETE"));
        assert_eq!(reply.header("access-control-allow-headers"), Some("x-api-key,if-match"));
        let vary: Vec<_> = reply.headers.iter().filter(|(name, _)| name == "vary").map(|(_, value)| value).collect();
        assert_eq!(vary, ["Access-Control-Request-Headers", "x-api-key"]);
    }
    for (client, path) in
        [(desk.client(), "/api/collection"), (desk.nobody(), "/api/collection"), (desk.client(), "/x")]
    {
        let reply = client.get(path).await;
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{reply:?}");
        assert!(reply.header("access-control-expose-headers").unwrap().contains("ETag"));
        assert_eq!(
            (reply.header("cache-control"), reply.header("vary")),
            (Some("private, no-cache"), Some("x-api-key"))
        );
    }
}

#[tokio::test]
async fn words_of_a_path_have_any_case_and_a_slash_may_follow() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let path = ann.entry(r#"{"name":"e","value":{}}"#).await;
    let shouted =
        path.replace("/api/user/", "/API/User/").replace("/collection/", "/COLLECTION/").replace("/entry/", "/Entry/");
    for path in [shouted.clone(), format!("{shouted}/"), format!("{path}/?filter=all")] {
        assert_eq!(ann.get(&path).await.with(200).names(), ["e"], "{path}");
    }
    assert_eq!(ann.get("/Api/Collection/").await.names(), ["notes"]);
    desk.nobody().get("/HEALTH/").await.with(200);
    ann.get("/api/user/Ann/collection").await.with(200);
    assert_eq!(ann.get("/api/user/Ann/collection").await.body, "[]", "names keep their case");
}

#[tokio::test]
async fn unknown_routes_are_404_and_unknown_methods_405() {
    let desk = Desk::open().await;
    let ann = desk.client();
    for path in [
        "/",
        "/api",
        "/api/",
        "/api/user",
        "/api/user/ann",
        "/api/user/ann/collection//",
        "//api/collection",
        "/api/collections",
    ] {
        ann.get(path).await.empty(404);
    }
    for (method, path, allowed) in [
        ("POST", "/api/collection", "GET,HEAD"),
        ("PATCH", "/api/user/ann/collection", "GET,HEAD,POST"),
        ("POST", "/api/user/ann/collection/c", "GET,HEAD,PUT,DELETE"),
        ("PUT", "/api/user/ann/collection/c/entry", "GET,HEAD,POST"),
        ("FOO", "/health", "GET,HEAD"),
    ] {
        let reply = ann.send(method, path, &[], "").await.empty(405);
        assert_eq!(reply.header("allow"), Some(allowed), "{method} {path}");
    }
    let head = ann.send("HEAD", "/api/collection", &[], "").await.empty(200);
    assert_eq!(head.header("content-length"), Some("2"));
}

#[tokio::test]
async fn a_server_that_is_read_only_says_so() {
    let desk = Desk::open_with(Start { read_only: true, ..Start::default() }).await;
    let ann = desk.client();
    let reply = ann.post("/api/user/ann/collection", r#"{"name":"x"}"#).await.with(403).json();
    assert_eq!(reply["error"], "the server is read-only");
    assert_eq!(ann.get("/api/collection").await.with(200).body, "[]");
}

#[tokio::test]
async fn one_connection_takes_many_requests() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let desk = Desk::open().await;
    let mut stream = desk.client().connect().await;
    for _ in 0..3 {
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut bytes = [0; 4096];
        let read = stream.read(&mut bytes).await.unwrap();
        assert!(bytes[..read].starts_with(b"HTTP/1.1 200 OK\r\n"));
    }
}
