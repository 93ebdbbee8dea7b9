//! Slow and stalled clients, floods, and the end.

use std::time::Duration;

use dynamini::config::Serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::concurrency::second_server;
use super::desk::{BILLING, Client, Desk, PATIENCE, Reply, Start, read};

const SOON: Duration = Duration::from_millis(100);

async fn with(bounds: Serve) -> Desk {
    Desk::open_with(Start { bounds, ..Start::default() }).await
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let desk = with(Serve { read_timeout: SOON, ..Serve::default() }).await;
    for begun in ["", "GET /hea", "GET /health HTTP/1.1\r\nx-a: b\r\n"] {
        let reply = desk.client().raw(begun.as_bytes()).await;
        let status = Reply::parse(&reply).map(|reply| reply.status);
        assert!(matches!(status, None | Some(408)), "{begun}: {status:?}");
    }
    // Neither is the next request on a connection that is kept open.
    let mut stream = desk.client().connect().await;
    stream.write_all(b"GET /health HTTP/1.1\r\n\r\n").await.unwrap();
    assert_eq!(Reply::parse(&read(&mut stream).await).unwrap().status, 200);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let desk = with(Serve { read_timeout: SOON, ..Serve::default() }).await;
    let head = |key: &str| {
        format!("POST /api/user/ann/collection HTTP/1.1\r\nx-api-key: {key}\r\nContent-Length: 100\r\n\r\n{{\"name\"")
    };
    let reply = Reply::parse(&desk.client().raw(head(BILLING).as_bytes()).await).unwrap().with(408);
    assert_eq!(
        (reply.json()["error"].as_str(), reply.header("connection")),
        (Some("the body came too slowly"), Some("close"))
    );
    let unknown = Reply::parse(&desk.client().raw(head("wrong").as_bytes()).await).unwrap();
    assert_eq!(unknown.status, 401);
    assert_eq!(desk.client().get("/api/collection?filter=all").await.body, "[]");
}

#[tokio::test]
async fn who_is_refused_while_still_sending_hears_the_answer() {
    let desk = Desk::open().await;
    let body = format!("{{\"name\":\"{}\"}}", "x".repeat(5_000_000));
    let path = "/api/user/ann/collection";
    for (path, header, status) in [
        (path, "x-api-key: wrong".to_owned(), 401),
        ("/nowhere", format!("x-api-key: {BILLING}"), 404),
        ("/api/collection", format!("x-api-key: {BILLING}"), 405),
        ("/api/user/%23/collection", format!("x-api-key: {BILLING}"), 400),
        ("/api/user/%zz/collection", format!("x-api-key: {BILLING}"), 400),
        (path, format!("x-api-key: {BILLING}\r\nContent-Encoding: gzip"), 400),
        (path, format!("x-api-key: {BILLING}"), 413),
    ] {
        let head = format!("POST {path} HTTP/1.1\r\nConnection: close\r\n{header}\r\nContent-Length: {}", body.len());
        let mut stream = desk.client().connect().await;
        let request = format!("{head}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).await.expect("all of it is taken");
        Reply::parse(&read(&mut stream).await).unwrap().with(status);
    }
}

#[tokio::test]
async fn a_body_that_is_refused_is_not_asked_for() {
    let desk = Desk::open().await;
    let begin = |key: &str, length: usize| {
        let path = "/api/user/ann/collection";
        format!("POST {path} HTTP/1.1\r\nx-api-key: {key}\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n")
    };
    for (key, length, status) in [("wrong", 100, 401), (BILLING, 500_000, 413)] {
        let reply = desk.client().raw(begin(key, length).as_bytes()).await;
        Reply::parse(&reply).unwrap().with(status);
    }
    // Nor is one waited for that is more than is read in vain.
    let request = begin(BILLING, 20_000_000).replace("Expect: 100-continue\r\n", "");
    Reply::parse(&desk.client().raw(request.as_bytes()).await).unwrap().with(413);
}

#[tokio::test]
async fn bodies_for_which_there_is_no_room_wait() {
    let desk = Desk::open().await;
    let length = 400 * 1024;
    let request = format!(
        "POST /api/user/ann/collection HTTP/1.1\r\nx-api-key: {BILLING}\r\nExpect: 100-continue\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    let mut asked = [0; 25];
    let mut under_way = Vec::new();
    // 16 MB hold 40 of these.
    for _ in 0..40 {
        let mut stream = desk.client().connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.read_exact(&mut asked).await.unwrap();
        under_way.push(stream);
    }
    let mut one_more = desk.client().connect().await;
    one_more.write_all(request.as_bytes()).await.unwrap();
    assert!(tokio::time::timeout(SOON, one_more.read_exact(&mut asked)).await.is_err(), "there is no room for it");
    // For a small one there is.
    desk.client().collection("ann", "notes").await;
    under_way.pop();
    one_more.read_exact(&mut asked).await.unwrap();
    assert!(asked.starts_with(b"HTTP/1.1 100 Continue"));
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_cut_off() {
    let desk = with(Serve { write_timeout: SOON, max_connections: 1, ..Serve::default() }).await;
    let ann = desk.client();
    let collection = ann.collection("ann", "large").await;
    let value = format!("{{\"value\":[\"{}\"]}}", "x".repeat(390 * 1024));
    // More than the buffers of both ends of a connection hold.
    for _ in 0..30 {
        ann.post(&format!("{collection}/entry"), &value).await.with(201);
    }
    let mut stalled = ann.connect().await;
    let request = format!("GET {collection}/entry HTTP/1.1\r\nx-api-key: {BILLING}\r\n\r\n");
    stalled.write_all(request.as_bytes()).await.unwrap();
    // The only connection is free again, though the other end is held open.
    ann.get("/health").await.with(200);
    let reply = Reply::parse(&read(&mut stalled).await).unwrap();
    assert!(!reply.is_whole);
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_not_waited_for() {
    let desk = with(Serve { store_timeout: SOON, ..Serve::default() }).await;
    let ann = desk.client();
    // Only what hangs is asked of the server without patience.
    let patient = Client { address: second_server(&desk).await, ..ann.clone() };
    let path = patient.entry(r#"{"name":"e","value":0}"#).await;
    let list = path.rsplit_once('/').unwrap().0.to_owned();
    let hang = |operation| desk.wire.before(operation, std::future::pending());
    hang("Query");
    let reply = ann.get(&path).await.with(503);
    assert_eq!(
        (&reply.json()["error"], reply.header("retry-after")),
        (&"the store can't be reached".into(), Some("1"))
    );
    // A list is not waited for either, not even behind others that wait; and what was not sent was not written.
    for (method, path) in [("GET", &list); 5].into_iter().chain([("PUT", &path), ("DELETE", &path), ("POST", &list)]) {
        hang("Query");
        let reply = ann.send(method, path, &[], r#"{"value":1}"#).await.with(503);
        let told = (reply.json()["error"].clone(), reply.header("retry-after"));
        assert_eq!(told, ("the store can't be reached".into(), Some("1")), "{method} {path}");
    }
    for (operation, method, path) in
        [("TransactWriteItems", "PUT", &path), ("UpdateItem", "DELETE", &path), ("PutItem", "POST", &list)]
    {
        hang(operation);
        let reply = ann.send(method, path, &[], r#"{"value":1}"#).await.with(503);
        assert!(reply.json()["error"].as_str().unwrap().contains("look before you write again"), "{method}: {reply:?}");
        assert_eq!(reply.header("retry-after"), None, "{method}");
    }
    patient.put(&path, r#"{"value":2}"#).await.empty(200);
    let (_, log) = desk.close().await;
    assert_eq!(log.matches("the store took too long").count(), 12, "{log}");
}

#[tokio::test]
async fn a_flood_of_headers_is_refused() {
    let desk = Desk::open().await;
    for head in [format!("x-long: {}\r\n", "y".repeat(40_000)), "x-a: y\r\n".repeat(65)] {
        let request = format!("GET /health HTTP/1.1\r\n{head}\r\n");
        Reply::parse(&desk.client().raw(request.as_bytes()).await).unwrap().with(431);
    }
    let many = "x-a: y\r\n".repeat(200);
    let long = format!("x-long: {}\r\n", "y".repeat(100_000));
    for headers in [many, long] {
        let request = format!("GET /health HTTP/1.1\r\n{headers}\r\n");
        // The server may close the connection before all of it is sent, and its answer be lost by that.
        if let Some(reply) = Reply::parse(&desk.client().raw(request.as_bytes()).await) {
            assert_eq!(reply.status, 431);
        }
    }
    let request = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000));
    if let Some(reply) = Reply::parse(&desk.client().raw(request.as_bytes()).await) {
        assert!([414, 431].contains(&reply.status), "{reply:?}");
    }
    desk.nobody().get("/health").await.with(200);
}

#[tokio::test]
async fn what_a_head_may_have_can_be_set() {
    let desk = with(Serve { max_headers: 100, max_head: 64 * 1024, ..Serve::default() }).await;
    for (head, status) in [
        (format!("x-long: {}\r\n", "y".repeat(60_000)), 200),
        (format!("x-long: {}\r\n", "y".repeat(64 * 1024)), 431),
        ("x-a: y\r\n".repeat(100), 200),
        ("x-a: y\r\n".repeat(101), 431),
    ] {
        let request = format!("GET /health HTTP/1.1\r\nConnection: close\r\n{head}\r\n");
        // One is the connection's.
        let request = if status == 200 { request.replacen("x-a: y\r\n", "", 1) } else { request };
        Reply::parse(&desk.client().raw(request.as_bytes()).await).unwrap().with(status);
    }
}

#[tokio::test]
async fn connections_over_the_limit_wait_for_their_turn() {
    let desk = with(Serve { max_connections: 2, ..Serve::default() }).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = desk.client().connect().await;
        stream.write_all(b"GET /health HTTP/1.1\r\n\r\n").await.unwrap();
        let mut begun = [0; 12];
        stream.read_exact(&mut begun).await.unwrap();
        assert_eq!(&begun, b"HTTP/1.1 200");
        held.push(stream);
    }
    let mut third = desk.client().connect().await;
    third.write_all(b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut begun = [0; 12];
    assert!(tokio::time::timeout(SOON, third.read_exact(&mut begun)).await.is_err(), "there is no room for it");
    drop(held);
    assert_eq!(Reply::parse(&read(&mut third).await).unwrap().status, 200);
}

#[tokio::test]
async fn what_is_under_way_at_the_end_is_finished() {
    let desk = Desk::open().await;
    let (address, ann) = (desk.address, desk.client());
    ann.collection("ann", "notes").await;
    let (reached, at_it) = tokio::sync::oneshot::channel();
    let (go_on, may_go_on) = tokio::sync::oneshot::channel();
    desk.wire.before("Query", async move {
        reached.send(()).unwrap();
        may_go_on.await.unwrap();
    });
    let idle = ann.connect().await;
    let asking = tokio::spawn(async move { ann.get("/api/collection").await });
    at_it.await.unwrap();
    let (server, _) = desk.stop();
    // It takes no new connection, and closes the idle one.
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    drop(idle);
    go_on.send(()).unwrap();
    assert_eq!(asking.await.unwrap().with(200).names(), ["notes"]);
    assert_eq!(tokio::time::timeout(PATIENCE, server).await.unwrap().unwrap().cut, 0);
}

#[tokio::test]
async fn what_takes_too_long_at_the_end_is_cut_off() {
    let desk = with(Serve { drain_timeout: SOON, ..Serve::default() }).await;
    let ann = desk.client();
    let (reached, at_it) = tokio::sync::oneshot::channel();
    desk.wire.before("Query", async move {
        reached.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    let mut stream = ann.connect().await;
    let request = format!("GET /api/collection HTTP/1.1\r\nx-api-key: {BILLING}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    at_it.await.unwrap();
    let (ended, log) = desk.close().await;
    assert_eq!(ended.cut, 1);
    assert_eq!(read(&mut stream).await, b"");
    assert!(log.contains("GET /api/collection - ") && log.contains("broken off"), "{log}");
}

#[tokio::test]
async fn a_client_that_leaves_is_logged() {
    let desk = Desk::open().await;
    let (reached, at_it) = tokio::sync::oneshot::channel();
    desk.wire.before("Query", async move {
        reached.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    let mut stream = desk.client().connect().await;
    let request = format!("GET /api/collection HTTP/1.1\r\nx-api-key: {BILLING}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    at_it.await.unwrap();
    drop(stream);
    let (ended, log) = desk.close().await;
    assert_eq!(ended.cut, 0);
    assert!(log.contains("GET /api/collection - ") && log.contains("broken off"), "{log}");
}
