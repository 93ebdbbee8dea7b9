//! Every fault of the store, as a client hears of it.

use super::desk::{Desk, Start};
use crate::store::wire::mishap::{Break, Mishap, NoCredentials};

/// Words that stand in a fault and are nobody's business but the operator's.
const INTERNAL: [&str; 8] =
    ["dynamini-test", "the test", "Rate exceeded", "not authorized", "arn:", "token", "Item", "Query"];

struct Fault {
    name: &'static str,
    mishap: fn() -> Mishap,
    status: u16,
    says: &'static str,
    retry: bool,
}

const fn fault(name: &'static str, mishap: fn() -> Mishap, status: u16, says: &'static str, retry: bool) -> Fault {
    Fault { name, mishap, status, says, retry }
}

const FAULTS: &[Fault] = &[
    fault(
        "throttled",
        || Mishap::answer("ProvisionedThroughputExceededException", "Rate exceeded"),
        429,
        "capacity",
        true,
    ),
    fault(
        "throttled by the account",
        || Mishap::answer("RequestLimitExceeded", "Rate exceeded"),
        429,
        "capacity",
        true,
    ),
    fault("nobody there", || Mishap::before(Break::Refused), 503, "can't be reached", true),
    fault("reset", || Mishap::before(Break::Reset), 503, "can't be reached", true),
    fault("time is up", || Mishap::before(Break::TimeOut), 503, "can't be reached", true),
    fault(
        "denied",
        || Mishap::answer("AccessDeniedException", "not authorized: arn:aws:x"),
        503,
        "no permission",
        false,
    ),
    fault(
        "expired",
        || Mishap::answer("ExpiredTokenException", "The security token is expired"),
        503,
        "no permission",
        false,
    ),
    fault("no credentials", || Mishap::SignIn(NoCredentials::Missing), 503, "no permission", false),
    fault("no table", || Mishap::answer("ResourceNotFoundException", "Requested resource"), 503, "tables", false),
    fault("failed inside", || Mishap::answer("InternalServerError", "Internal"), 503, "for the moment", true),
    fault("unavailable", || Mishap::answer("ServiceUnavailable", "Service"), 503, "for the moment", true),
    fault("engine busy", || Mishap::answer("EngineBusy", "the test"), 503, "others are writing", true),
    fault("engine damaged", || Mishap::answer("EngineDamaged", "the test"), 500, "the store failed", false),
    fault("engine full", || Mishap::answer("EngineFull", "the test"), 500, "the store failed", false),
    fault("not valid", || Mishap::answer("ValidationException", "the test"), 500, "the store failed", false),
    fault("something new", || Mishap::answer("BrandNewException", "the test"), 500, "the store failed", false),
];

#[tokio::test]
async fn every_fault_of_the_store_has_its_answer() {
    for fault in FAULTS {
        let desk = Desk::open_with(Start::default()).await;
        let ann = desk.client();
        let entry = ann.entry(r#"{"name":"e","value":0}"#).await;
        let collection = entry.split("/entry").next().unwrap().to_owned();
        let (entries, body) = (format!("{collection}/entry"), r#"{"name":"x","value":1}"#);
        let requests = [
            ("GET", "/api/collection"),
            ("GET", "/api/user/ann/collection"),
            ("POST", "/api/user/ann/collection"),
            ("GET", &collection),
            ("GET", &format!("{collection}?filter=all")),
            ("PUT", &collection),
            ("DELETE", &collection),
            ("GET", &entries),
            ("POST", &entries),
            ("GET", &entry),
            ("PUT", &entry),
            ("DELETE", &entry),
        ];
        for (method, path) in requests {
            desk.wire.plan_from(0, (fault.mishap)());
            let reply = ann.send(method, path, &[], body).await.with(fault.status);
            let place = format!("{} {method} {path}: {reply:?}", fault.name);
            assert!(desk.wire.mishaps() > 0, "{place}");
            assert!(reply.json()["error"].as_str().unwrap().contains(fault.says), "{place}");
            assert_eq!(reply.header("retry-after").is_some(), fault.retry, "{place}");
            assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{place}");
            for word in INTERNAL {
                assert!(!reply.body.contains(word), "{word} in {place}");
            }
            desk.wire.repair();
        }
        desk.nobody().get("/health").await.with(200);
        assert_eq!(ann.get(&format!("{entry}?filter=all")).await.names(), ["e"], "{}: nothing was written", fault.name);
        assert_eq!(ann.get("/api/collection?filter=all").await.names(), ["notes"], "{}", fault.name);
        let (_, log) = desk.close().await;
        assert!(log.lines().filter(|line| line.contains(&format!(" {} ", fault.status))).count() >= 12, "{log}");
    }
}

#[tokio::test]
async fn a_write_that_nobody_can_tell_about_says_so() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let entry = ann.entry(r#"{"name":"e","value":0}"#).await;
    // The reply is lost, and so is the way to ask what became of it.
    desk.wire.lose_reply_to("TransactWriteItems");
    desk.wire.cut("GetItem");
    let reply = ann.put(&entry, r#"{"value":1}"#).await.with(503);
    assert_eq!(reply.json()["error"], "the store did not say whether it was written: look before you write again");
    assert_eq!(reply.header("retry-after"), None);
}

#[tokio::test]
async fn a_lost_reply_is_no_second_version() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let entry = ann.entry(r#"{"name":"e","value":0}"#).await;
    for (operation, method, body) in [("TransactWriteItems", "PUT", r#"{"value":1}"#), ("UpdateItem", "DELETE", "")] {
        desk.wire.lose_reply_to(operation);
        ann.send(method, &entry, &[], body).await.empty(200);
    }
    assert_eq!(ann.get(&format!("{entry}?filter=all")).await.json().as_array().unwrap().len(), 2);
    let list = entry.rsplit_once('/').unwrap().0.to_owned();
    desk.wire.lose_reply_to("PutItem");
    ann.post(&list, r#"{"name":"f"}"#).await.empty(201);
    assert_eq!(ann.get(&list).await.names(), ["f"]);
}
