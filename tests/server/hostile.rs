//! Whatever comes, the server stays, and no answer is a failure of its own.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::io::AsyncWriteExt;
use tokio::runtime::Runtime;

use super::desk::{BILLING, Client, Desk, Reply, encoded, read};

/// Lets something happen so many times in one world; what it leaves there is part of the next one's.
fn each<T: std::fmt::Debug>(
    cases: u32,
    strategy: impl Strategy<Value = T>,
    check: impl Fn(&Runtime, &Desk, T) -> Result<(), TestCaseError>,
) {
    let runtime = Runtime::new().unwrap();
    let desk = runtime.block_on(Desk::open());
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(cases) });
    runner.run(&strategy, |input| check(&runtime, &desk, input)).unwrap();
    let (ended, log) = runtime.block_on(async {
        desk.nobody().get("/health").await.with(200);
        desk.close().await
    });
    assert_eq!(ended.cut, 0);
    assert!(!log.contains(" 500 ") && !log.contains(" 503 "), "{log}");
}

/// A byte that may stand in the line of a request or the value of a header.
fn visible() -> impl Strategy<Value = u8> {
    prop_oneof![4 => 0x21..=0x7e_u8, 1 => 0x80..=0xff_u8]
}

fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("ann".to_owned()),
        Just("%23%00".to_owned()),
        Just("..".to_owned()),
        Just("a".repeat(1200)),
        "[!-~]{0,12}",
        any::<String>().prop_map(|text| encoded(&text)),
    ]
}

fn path() -> impl Strategy<Value = String> {
    (part(), part(), part(), 0..6, "[!-~]{0,10}").prop_map(|(user, collection, entry, depth, query)| {
        let path = match depth {
            0 => "/api/collection".to_owned(),
            1 => format!("/api/user/{user}/collection"),
            2 => format!("/api/user/{user}/collection/{collection}"),
            3 => format!("/api/user/{user}/collection/{collection}/entry"),
            4 => format!("/api/user/{user}/collection/{collection}/entry/{entry}"),
            _ => format!("/{user}/{collection}"),
        };
        if query.is_empty() { path } else { format!("{path}?{query}") }
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let json = prop_oneof![
        any::<String>().prop_map(|text| serde_json::json!({ "name": text })),
        any::<String>().prop_map(|text| serde_json::json!({ "name": text, "value": [text] })),
        any::<f64>().prop_map(|number| serde_json::json!({ "value": number })),
        Just(serde_json::json!({ "name": {}, "value": "x" })),
        Just(serde_json::json!({ "value": { "": null } })),
    ];
    prop_oneof![
        json.prop_map(|json| json.to_string().into_bytes()),
        proptest::collection::vec(any::<u8>(), 0..200),
        "[\\[\\]{}\",:0-9eE+\\-. a-z\\\\]{0,60}".prop_map(String::into_bytes),
        (1..2000_usize).prop_map(|depth| format!("{{\"value\":{}", "[".repeat(depth)).into_bytes()),
        (1..600_usize)
            .prop_map(|depth| { format!("{{\"value\":{}{}}}", "[".repeat(depth), "]".repeat(depth)).into_bytes() }),
    ]
}

fn is_fine(reply: &[u8], sent: &dyn std::fmt::Debug) -> Result<(), TestCaseError> {
    // Nothing at all is the answer to what is no HTTP.
    let Some(reply) = Reply::parse(reply) else { return Ok(()) };
    prop_assert!((200..500).contains(&reply.status), "{} to {sent:?}", reply.status);
    Ok(())
}

#[test]
fn any_path_header_and_body_has_an_answer() {
    let methods = prop_oneof![
        Just("GET"),
        Just("POST"),
        Just("PUT"),
        Just("DELETE"),
        Just("HEAD"),
        Just("PATCH"),
        Just("OPTIONS"),
        Just("CONNECT"),
        Just("TRACE")
    ];
    let header = proptest::collection::vec(visible(), 0..30);
    each(256, (methods, path(), body(), header), |runtime, desk, (method, path, body, header)| {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nx-api-key: {BILLING}\r\nConnection: close\r\n").into_bytes();
        for name in ["If-Match", "Prefer", "Access-Control-Request-Headers", "Accept", "x-api-key-2"] {
            // A condition that can't be read would hide the rest.
            if name != "If-Match" || header.len() % 3 == 0 {
                request.extend([name.as_bytes(), b": ", &header, b"\r\n"].concat());
            }
        }
        request.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
        request.extend(&body);
        let reply = runtime.block_on(desk.client().raw(&request));
        prop_assert!(!reply.is_empty(), "{method} {path}");
        is_fine(&reply, &(method, path, String::from_utf8_lossy(&body).into_owned()))
    });
}

#[test]
fn any_body_is_stored_or_told() {
    let runtime = Runtime::new().unwrap();
    let desk = runtime.block_on(Desk::open());
    let path = runtime.block_on(desk.client().entry(r#"{"name":"e"}"#));
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(256) });
    let checked = runner.run(&body(), |body| {
        let put = |client: Client| {
            let mut request = format!(
                "PUT {path} HTTP/1.1\r\nx-api-key: {BILLING}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                body.len()
            )
            .into_bytes();
            request.extend(&body);
            async move { Reply::parse(&client.raw(&request).await) }
        };
        let reply = runtime.block_on(put(desk.client())).expect("there is an answer");
        prop_assert!([200, 400].contains(&reply.status), "{reply:?}");
        let shown = runtime.block_on(desk.client().get(&path));
        prop_assert!(shown.status == 200 && shown.is_whole);
        // The array around the record is one level more than a body may have.
        let record = shown.body.strip_prefix('[').and_then(|body| body.strip_suffix(']'));
        prop_assert!(record.is_some_and(|record| dynamini::json::parse(record).is_ok()), "{}", shown.body);
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn any_bytes_at_all_leave_the_server_as_it_was() {
    let line = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..300),
        "(GET|POST) [ -~]{0,30} HTTP/1.[0-9]\r\n([a-z-]{1,10}: [ -~]{0,20}\r\n){0,3}\r\n".prop_map(String::into_bytes),
        "POST /api/user/a/collection HTTP/1.1\r\n(Content-Length: [0-9]{1,20}\r\n|Transfer-Encoding: [a-z]{1,7}\r\n){1,2}\r\n[0-9a-f\r\n]{0,40}"
            .prop_map(String::into_bytes),
    ];
    each(256, line, |runtime, desk, bytes| {
        let reply = runtime.block_on(async {
            let mut stream = desk.client().connect().await;
            // A server that has heard enough closes its end.
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
            read(&mut stream).await
        });
        is_fine(&reply, &String::from_utf8_lossy(&bytes))
    });
}

#[test]
fn a_request_cannot_be_hidden_in_another() {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let desk = Desk::open().await;
        for headers in [
            "Content-Length: 5\r\nContent-Length: 50\r\n",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: 5, 6\r\n",
        ] {
            let request = format!(
                "POST /api/user/ann/collection HTTP/1.1\r\n{headers}\r\n0\r\n\r\nPOST /api/user/ann/collection HTTP/1.1\r\n\
                 x-api-key: {BILLING}\r\nConnection: close\r\nContent-Length: 17\r\n\r\n{{\"name\":\"hidden\"}}"
            );
            let mut stream = desk.client().connect().await;
            let _ = stream.write_all(request.as_bytes()).await;
            let _ = stream.shutdown().await;
            let reply = Reply::parse(&read(&mut stream).await);
            assert!(reply.is_none_or(|reply| (400..500).contains(&reply.status)), "{headers}");
        }
        desk.nobody().get("/health").await.with(200);
    });
}
