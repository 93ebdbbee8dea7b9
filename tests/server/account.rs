//! The real program on an endpoint like `DynamoDB`, as who comes from the original has it: all of it said by variables.

use aws_sdk_dynamodb::Client as Tables;
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::program::{Place, Running};
use crate::store::world::{client_config, credentials, http_client};

/// More than one answer of `ListTables` names.
const OTHERS: usize = 120;

/// Starts the engine's HTTP server; dropping the runtime cuts every connection.
async fn endpoint(engine: &Runtime) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().into_std().unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let database = dynoxide::Database::memory().unwrap();
    engine.spawn(async move {
        dynoxide::server::serve_on(TcpListener::from_std(listener).unwrap(), database).await;
    });
    url
}

async fn other_table(tables: &Tables, name: &str) {
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build().unwrap();
    let id = AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S);
    let create = tables.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    create.key_schema(key).attribute_definitions(id.build().unwrap()).send().await.unwrap();
}

#[tokio::test]
async fn an_account_full_of_other_tables_is_served_until_it_is_out_of_reach() {
    let engine = Runtime::new().unwrap();
    let url = endpoint(&engine).await;
    let client = client_config(&url).credentials_provider(credentials()).http_client(http_client(&url));
    let tables = Tables::from_conf(client.build());
    for number in 0..OTHERS {
        other_table(&tables, &format!("a-table-{number:03}")).await;
    }
    let place = Place::new();
    let start = || {
        let mut command = place.bare(&["--endpoint-url", &url, "serve", "--port", "0", "--api-keys", "keys.json"]);
        for (name, value) in [
            ("AWS_ACCESS_KEY_ID", "hush-id"),
            ("AWS_SECRET_ACCESS_KEY", "hush-secret"),
            ("AWS_SESSION_TOKEN", "hush-token"),
            ("AWS_DYNAMODB_RETRY_BASE_DELAY", "1"),
            ("TABLE_NAME_COLLECTIONS", "ours.collections"),
            ("TABLE_NAME_ENTRIES", "ours.entries"),
            ("DEBUG", "true"),
            ("RUST_LOG", "trace"),
            ("AWS_LOG_LEVEL", "trace"),
        ] {
            command.env(name, value);
        }
        Running::start(command)
    };
    let first = start();
    for table in ["ours.collections", "ours.entries"] {
        assert!(first.said.contains(&format!("created the table {table}")), "{}", first.said);
    }
    let entry = first.client.entry(r#"{"name":"e","value":[1]}"#).await;
    drop(first);

    let mut second = start();
    assert!(!second.said.contains("created"), "{}", second.said);
    assert_eq!(second.client.get(&entry).await.with(200).names(), ["e"]);
    engine.shutdown_background();
    for (method, body) in [("GET", ""), ("PUT", r#"{"value":2}"#), ("DELETE", "")] {
        let reply = second.client.send(method, &entry, &[], body).await.with(503);
        assert_eq!(reply.json()["error"], "the store can't be reached", "{method}");
        assert_eq!(reply.header("retry-after"), Some("1"), "{method}");
    }
    second.client.get("/health").await.with(200);

    second.signal(rustix::process::Signal::TERM);
    let before = second.said.clone();
    let (status, log, said) = second.end();
    assert_eq!(status.code(), Some(0));
    assert!(log.contains(" 503 "), "{log}");
    for secret in ["hush", "secret-1"] {
        assert!(![&log, &said, &before].iter().any(|text| text.contains(secret)), "{secret}: {before}{said}{log}");
    }
}
