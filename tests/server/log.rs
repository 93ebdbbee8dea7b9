//! The access log, and what never reaches it.

use dynamini::config::LogForm;
use serde_json::Value;

use super::desk::{BILLING, Client, Desk, Start};
use crate::store::wire::mishap::{Break, Mishap};

#[tokio::test]
async fn each_request_is_a_line_with_its_cost() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let entry = ann.entry(r#"{"name":"e","value":0}"#).await;
    ann.get(&entry).await.with(200);
    desk.nobody().get(&entry).await.with(401);
    ann.get("/nowhere/secret").await.with(404);
    let (_, log) = desk.close().await;
    let lines: Vec<Vec<_>> = log.lines().map(|line| line.split(' ').collect()).collect();
    let told: Vec<_> = lines.iter().map(|line| (line[1], line[2], line[3], *line.last().unwrap())).collect();
    let (collections, entries) = ("/api/user/{user}/collection", "/api/user/{user}/collection/{collection}/entry");
    let one = format!("{entries}/{{entry}}");
    assert_eq!(
        told,
        [
            ("POST", collections, "201", "billing"),
            ("POST", entries, "201", "billing"),
            ("GET", &one, "200", "billing"),
            ("GET", &one, "401", "-"),
            ("GET", "-", "404", "-"),
        ]
    );
    let units = |line: &[&str]| (line[6].to_owned() + line[7], line[8].to_owned() + line[9]);
    assert_eq!(units(&lines[1]), ("1RCU".to_owned(), "1WCU".to_owned()), "{log}");
    assert_eq!(units(&lines[2]), ("1RCU".to_owned(), "0WCU".to_owned()), "{log}");
    assert_eq!(units(&lines[3]), ("0RCU".to_owned(), "0WCU".to_owned()), "{log}");
    for line in &lines {
        assert!(
            line[0].parse::<jiff::Timestamp>().is_ok() && line[4].parse::<f64>().is_ok() && line[5] == "ms",
            "{log}"
        );
    }
}

#[tokio::test]
async fn what_is_refused_has_its_line_too() {
    let desk = Desk::open().await;
    let ann = desk.client();
    ann.send("PATCH", "/api/user/ann/collection", &[], "").await.empty(405);
    ann.send("HUSH", "/health", &[], "").await.empty(405);
    ann.send("HEAD", "/api/user/%zz/collection", &[], "").await.empty(400);
    ann.send("HEAD", "/api/user/%23/collection", &[], "").await.empty(400);
    ann.send("HEAD", "/api/collection", &[], "").await.empty(200);
    ann.raw(b"nonsense\r\n\r\n").await;
    let request = format!("GET /health HTTP/1.1\r\nx-long: {}\r\n\r\n", "y".repeat(40_000));
    ann.raw(request.as_bytes()).await;
    let (_, log) = desk.close().await;
    let mut told: Vec<_> = log
        .lines()
        .map(|line| {
            let words: Vec<_> = line.split(' ').collect();
            (words[1], words[2], words[3], words[10..].join(" "))
        })
        .collect();
    let mut expected = [
        ("PATCH", "/api/user/{user}/collection", "405", "-"),
        ("-", "/health", "405", "-"),
        ("HEAD", "-", "400", "-"),
        ("HEAD", "/api/user/{user}/collection", "400", "billing"),
        ("HEAD", "/api/collection", "200", "billing"),
        ("-", "-", "400", "-"),
        ("-", "-", "431", "-"),
    ]
    .map(|(method, route, status, rest)| (method, route, status, rest.to_owned()));
    told.sort();
    expected.sort();
    assert_eq!(told, expected, "{log}");
}

#[tokio::test]
async fn lines_are_json_when_asked() {
    let desk = Desk::open_with(Start { form: LogForm::Json, ..Start::default() }).await;
    let ann = desk.client();
    ann.post("/api/user/ann/collection", r#"{"name":"notes"}"#).await.with(201);
    desk.wire.cut("Query");
    ann.get("/api/collection").await.with(503);
    ann.put("/api/user/ann/collection/c", "{").await.with(400);
    let (_, log) = desk.close().await;
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = |line: &Value| {
        (line["method"].clone(), line["route"].clone(), line["status"].clone(), line["application"].clone())
    };
    let expected = |method: &str, route: &str, status: u16| {
        (Value::from(method), Value::from(route), Value::from(status), Value::from("billing"))
    };
    assert_eq!(told(&lines[0]), expected("POST", "/api/user/{user}/collection", 201));
    assert_eq!(told(&lines[1]), expected("GET", "/api/collection", 503));
    assert_eq!(told(&lines[2]), expected("PUT", "/api/user/{user}/collection/{collection}", 400));
    assert!(lines[0]["wcu"].as_f64().unwrap() > 0.0 && lines[0]["ms"].is_number() && lines[0]["time"].is_string());
    assert_eq!(lines[1]["reason"], "the test can't be reached: the connection broke off");
    assert!(lines[0]["reason"].is_null() && lines[2]["reason"].is_null(), "only what failed is told: {log}");
    assert!(lines[0]["brokenOff"].is_null());
}

#[tokio::test]
async fn neither_keys_nor_names_nor_values_reach_the_log_at_any_level() {
    for form in LogForm::ALL {
        let desk = Desk::open_with(Start { form, debug: true, ..Start::default() }).await;
        let ann = desk.client();
        let path = ann.entry(r#"{"name":"hush-name","value":["hush-value"]}"#).await;
        for body in
            [r#"{"value":"hush-text"}"#, "{\"hush-broken", "hush", r#"{"value": hush}"#, r#"{"name":["hush-name"]}"#]
        {
            ann.put(&path, body).await.with(400);
        }
        ann.send("PUT", &path, &[("If-Match", "hush-tag")], r#"{"value":1}"#).await.with(400);
        ann.send("PUT", &path, &[("Content-Encoding", "hush-zip")], r#"{"value":1}"#).await.with(400);
        ann.raw(b"GET /hush HTTP/9.9\r\n\r\n").await;
        Client { key: Some("hush-key".to_owned()), ..ann.clone() }.get("/api/collection").await.with(401);
        ann.get("/api/user/hush-user/collection?filter=hush-filter").await.with(200);
        ann.raw(b"GET /health HTTP/1.1\r\nx-api-key: hush-key\r\nhush").await;
        desk.wire.plan_from(0, Mishap::before(Break::Refused));
        ann.get(&path).await.with(503);
        let (_, log) = desk.close().await;
        assert!(log.lines().count() >= 9, "{log}");
        assert!(log.contains("not JSON") && log.contains("name must be a string"), "reasons are told: {log}");
        for secret in ["hush", BILLING, "credential", "AWS"] {
            assert!(!log.contains(secret), "{secret}: {log}");
        }
    }
}
