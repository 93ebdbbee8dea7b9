//! The engine through the SDK, as the store uses it.

mod opening;

use std::collections::HashMap;
use std::fs;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, ConditionCheck, Delete, Get, KeySchemaElement, KeyType,
    KeysAndAttributes, Put, PutRequest, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure,
    ScalarAttributeType, TransactGetItem, TransactWriteItem, Update, WriteRequest,
};
use dynoxide::storage_backend::Clock;

use super::*;

type Item = HashMap<String, AttributeValue>;

const TABLE: &str = "entries";

fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn item<const N: usize>(attributes: [(&str, &str); N]) -> Item {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), s(value))).collect()
}

fn row(partition: &str, sort: &str) -> Item {
    item([("userCollection", partition), ("entryVersion", sort)])
}

fn texts(items: &[Item], attribute: &str) -> Vec<String> {
    items.iter().map(|item| item[attribute].as_s().expect("a string").clone()).collect()
}

async fn create_table(client: &Client) {
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    let attribute =
        |name: &str| AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build();
    client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key("userCollection", KeyType::Hash).expect("a key"))
        .key_schema(key("entryVersion", KeyType::Range).expect("a key"))
        .attribute_definitions(attribute("userCollection").expect("an attribute"))
        .attribute_definitions(attribute("entryVersion").expect("an attribute"))
        .send()
        .await
        .expect("the table is created");
}

/// Returns a client on an empty table in memory.
async fn empty_table() -> Client {
    let client = client(&Engine::memory().expect("a store in memory opens"));
    create_table(&client).await;
    client
}

async fn put(client: &Client, row: Item) {
    client.put_item().table_name(TABLE).set_item(Some(row)).send().await.expect("the row is written");
}

async fn get(client: &Client, row: Item) -> Option<Item> {
    client.get_item().table_name(TABLE).set_key(Some(row)).send().await.expect("an answer").item
}

/// Writes rows `0000` to `{count}` into partition `p`.
async fn fill(client: &Client, count: usize) {
    let rows: Vec<_> = (0..count).map(|n| row("p", &format!("{n:04}"))).collect();
    for rows in rows.chunks(100) {
        let puts = rows.iter().map(|row| {
            let put = Put::builder().table_name(TABLE).set_item(Some(row.clone())).build().expect("a put");
            TransactWriteItem::builder().put(put).build()
        });
        client.transact_write_items().set_transact_items(Some(puts.collect())).send().await.expect("rows are written");
    }
}

#[tokio::test]
async fn tables_are_created_described_listed_and_deleted() {
    let client = empty_table().await;
    let described = client.describe_table().table_name(TABLE).send().await.expect("described").table.expect("a table");
    assert_eq!(described.key_schema().len(), 2);
    assert_eq!(described.table_status().expect("a status").as_str(), "ACTIVE");
    assert_eq!(client.list_tables().send().await.expect("listed").table_names(), [TABLE]);

    client.delete_table().table_name(TABLE).send().await.expect("deleted");
    assert!(client.list_tables().send().await.expect("listed").table_names().is_empty());
    let error = client.describe_table().table_name(TABLE).send().await.expect_err("it is gone").into_service_error();
    assert!(error.is_resource_not_found_exception());
}

#[tokio::test]
async fn a_row_is_put_read_updated_and_deleted() {
    let client = empty_table().await;
    let mut whole = row("p", "1");
    whole.insert("value".to_owned(), s("{\"a\": 1.0, \"ü\": \"\\u0000\"}"));
    put(&client, whole.clone()).await;
    assert_eq!(get(&client, row("p", "1")).await, Some(whole));

    let updated = client
        .update_item()
        .table_name(TABLE)
        .set_key(Some(row("p", "1")))
        .update_expression("SET #n = :n REMOVE #v")
        .expression_attribute_names("#n", "name")
        .expression_attribute_names("#v", "value")
        .expression_attribute_values(":n", s("Ann"))
        .return_values(ReturnValue::AllNew)
        .send()
        .await
        .expect("updated");
    let named = item([("userCollection", "p"), ("entryVersion", "1"), ("name", "Ann")]);
    assert_eq!(updated.attributes, Some(named));

    client.delete_item().table_name(TABLE).set_key(Some(row("p", "1"))).send().await.expect("deleted");
    assert_eq!(get(&client, row("p", "1")).await, None);
}

#[tokio::test]
async fn rows_are_written_and_read_in_batches_and_transactions() {
    let client = empty_table().await;
    let requests = (0..3).map(|n| {
        let put = PutRequest::builder().set_item(Some(row("p", &n.to_string()))).build().expect("a put");
        WriteRequest::builder().put_request(put).build()
    });
    client.batch_write_item().request_items(TABLE, requests.collect()).send().await.expect("written");

    let keys = KeysAndAttributes::builder().keys(row("p", "0")).keys(row("p", "2")).build().expect("keys");
    let batch = client.batch_get_item().request_items(TABLE, keys).send().await.expect("read");
    assert_eq!(batch.responses.expect("rows")[TABLE].len(), 2);

    let update = Update::builder()
        .table_name(TABLE)
        .set_key(Some(row("p", "0")))
        .update_expression("SET #n = :n")
        .expression_attribute_names("#n", "name")
        .expression_attribute_values(":n", s("zero"));
    let delete = Delete::builder().table_name(TABLE).set_key(Some(row("p", "1")));
    client
        .transact_write_items()
        .transact_items(TransactWriteItem::builder().update(update.build().expect("an update")).build())
        .transact_items(TransactWriteItem::builder().delete(delete.build().expect("a delete")).build())
        .send()
        .await
        .expect("written");

    let wanted = |sort| {
        let get = Get::builder().table_name(TABLE).set_key(Some(row("p", sort))).build().expect("a get");
        TransactGetItem::builder().get(get).build()
    };
    let read = client.transact_get_items().transact_items(wanted("0")).transact_items(wanted("1"));
    let rows: Vec<_> = read.send().await.expect("read").responses().iter().map(|r| r.item.clone()).collect();
    let zero = item([("userCollection", "p"), ("entryVersion", "0"), ("name", "zero")]);
    assert_eq!(rows, [Some(zero), None]);
}

#[tokio::test]
async fn a_query_and_a_scan_without_a_limit_come_back_in_pages() {
    let client = empty_table().await;
    fill(&client, 2_500).await;

    let query = client.query().table_name(TABLE).key_condition_expression("userCollection = :p");
    let query = query.expression_attribute_values(":p", s("p"));
    let (mut sizes, mut rows, mut from) = (Vec::new(), Vec::new(), None);
    loop {
        let page = query.clone().set_exclusive_start_key(from).send().await.expect("a page");
        sizes.push(page.items().len());
        rows.extend(texts(page.items(), "entryVersion"));
        from = page.last_evaluated_key;
        if from.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [1_000, 1_000, 500]);
    assert_eq!(rows, (0..2_500).map(|n| format!("{n:04}")).collect::<Vec<_>>());

    let page = client.scan().table_name(TABLE).send().await.expect("a page");
    assert_eq!((page.items().len(), page.last_evaluated_key.is_some()), (1_000, true));
}

#[tokio::test]
async fn a_query_backwards_by_prefix_goes_on_from_its_last_key() {
    let client = empty_table().await;
    for sort in ["a#1", "b#1", "b#2", "b#3", "c#1"] {
        put(&client, row("p", sort)).await;
    }
    let query = client
        .query()
        .table_name(TABLE)
        .key_condition_expression("userCollection = :p AND begins_with(entryVersion, :b)")
        .expression_attribute_values(":p", s("p"))
        .expression_attribute_values(":b", s("b#"))
        .scan_index_forward(false)
        .limit(2);
    let first = query.clone().send().await.expect("a page");
    assert_eq!(texts(first.items(), "entryVersion"), ["b#3", "b#2"]);
    let rest = query.set_exclusive_start_key(first.last_evaluated_key).send().await.expect("a page");
    assert_eq!(texts(rest.items(), "entryVersion"), ["b#1"]);
    assert_eq!(rest.last_evaluated_key, None);
}

#[tokio::test]
async fn a_read_starts_beside_a_key_that_does_not_exist() {
    let client = empty_table().await;
    for sort in ["a", "c", "e"] {
        put(&client, row("p", sort)).await;
    }
    let query = client
        .query()
        .table_name(TABLE)
        .key_condition_expression("userCollection = :p")
        .expression_attribute_values(":p", s("p"))
        .set_exclusive_start_key(Some(row("p", "b")));
    let forward = query.clone().send().await.expect("a page");
    assert_eq!(texts(forward.items(), "entryVersion"), ["c", "e"]);
    let backward = query.scan_index_forward(false).send().await.expect("a page");
    assert_eq!(texts(backward.items(), "entryVersion"), ["a"]);
    let scan = client.scan().table_name(TABLE).set_exclusive_start_key(Some(row("p", "b")));
    assert_eq!(texts(scan.send().await.expect("a page").items(), "entryVersion"), ["c", "e"]);
}

#[tokio::test]
async fn reserved_words_are_projected_and_capacity_is_told() {
    let client = empty_table().await;
    put(&client, item([("userCollection", "p"), ("entryVersion", "1"), ("name", "n"), ("value", "v"), ("x", "x")]))
        .await;
    let page = client
        .query()
        .table_name(TABLE)
        .key_condition_expression("userCollection = :p")
        .expression_attribute_values(":p", s("p"))
        .projection_expression("#n, #v")
        .expression_attribute_names("#n", "name")
        .expression_attribute_names("#v", "value")
        .return_consumed_capacity(ReturnConsumedCapacity::Total)
        .send()
        .await
        .expect("a page");
    assert_eq!(page.items(), [item([("name", "n"), ("value", "v")])]);
    assert_eq!(page.consumed_capacity.and_then(|used| used.capacity_units), Some(0.5));
}

#[tokio::test]
async fn a_write_under_a_condition_is_done_or_refused_with_the_row_in_its_way() {
    let client = empty_table().await;
    let put_if = |x: &str| {
        client
            .put_item()
            .table_name(TABLE)
            .set_item(Some(item([("userCollection", "p"), ("entryVersion", "1"), ("x", x)])))
            .condition_expression("attribute_not_exists(x) OR x = :x")
            .expression_attribute_values(":x", s(x))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
    };
    put_if("1").await.expect("nothing in the way");
    put_if("1").await.expect("the same value");
    match put_if("2").await.expect_err("another value").into_service_error() {
        aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(refused) => {
            assert_eq!(refused.item.expect("the row in the way")["x"], s("1"));
        }
        other => unreachable!("another error: {other:?}"),
    }
}

#[tokio::test]
async fn a_transaction_refused_tells_the_reason_for_each_action_and_writes_nothing() {
    let client = empty_table().await;
    put(&client, row("p", "there")).await;
    let new = Put::builder().table_name(TABLE).set_item(Some(row("p", "new"))).build().expect("a put");
    let absent = ConditionCheck::builder()
        .table_name(TABLE)
        .set_key(Some(row("p", "there")))
        .condition_expression("attribute_not_exists(userCollection)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()
        .expect("a check");
    let error = client
        .transact_write_items()
        .transact_items(TransactWriteItem::builder().put(new).build())
        .transact_items(TransactWriteItem::builder().condition_check(absent).build())
        .send()
        .await
        .expect_err("the row is there")
        .into_service_error();
    match error {
        aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
            cancelled,
        ) => {
            let reasons = cancelled.cancellation_reasons();
            let codes: Vec<_> = reasons.iter().map(|reason| reason.code().unwrap_or_default()).collect();
            assert_eq!(codes, ["None", "ConditionalCheckFailed"]);
            assert_eq!(reasons[1].item, Some(row("p", "there")));
        }
        other => unreachable!("another error: {other:?}"),
    }
    assert_eq!(get(&client, row("p", "new")).await, None);
}

#[tokio::test]
async fn a_row_over_400_kb_and_a_missing_table_are_refused_as_dynamodb_does() {
    let client = empty_table().await;
    let mut large = row("p", "1");
    large.insert("value".to_owned(), s("x".repeat(400 * 1024)));
    let error = client.put_item().table_name(TABLE).set_item(Some(large)).send().await.expect_err("too large");
    assert_eq!(error.code(), Some("ValidationException"));
    assert_eq!(error.message(), Some("Item size has exceeded the maximum allowed size"));

    let error = client.put_item().table_name("other").set_item(Some(row("p", "1"))).send().await.expect_err("no table");
    assert!(error.into_service_error().is_resource_not_found_exception());
}

#[tokio::test]
async fn two_engines_on_one_file_see_each_others_writes() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("store.db");
    let one = client(&Engine::open(&file).expect("opens"));
    let other = client(&Engine::open(&file).expect("opens again"));
    create_table(&one).await;
    put(&other, row("p", "1")).await;
    put(&one, row("p", "2")).await;
    assert!(get(&one, row("p", "1")).await.is_some());
    assert!(get(&other, row("p", "2")).await.is_some());
}

#[tokio::test]
async fn a_store_opened_again_holds_what_was_written() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("store.db");
    {
        let client = client(&Engine::open(&file).expect("opens"));
        create_table(&client).await;
        put(&client, row("p", "1")).await;
    }
    let client = client(&Engine::open(&file).expect("opens again"));
    assert!(get(&client, row("p", "1")).await.is_some());
}

/// A clock that panics, and with it the request for which the engine asks the time.
struct BrokenClock;

impl Clock for BrokenClock {
    fn now_unix_secs(&self) -> u64 {
        unreachable!("the clock is broken, as this test wants it")
    }

    fn now_unix_secs_f64(&self) -> f64 {
        unreachable!("the clock is broken, as this test wants it")
    }
}

/// Returns an engine after a panic inside it, and the error code of the request in which it panicked.
async fn after_a_panic(file: Option<PathBuf>) -> (Client, Option<String>) {
    let database = Database::memory_with_clock(Arc::new(BrokenClock)).expect("a store in memory opens");
    let client = client(&Engine::new(file, database));
    let stream = aws_sdk_dynamodb::types::StreamSpecification::builder().stream_enabled(true);
    let stream = stream.stream_view_type(aws_sdk_dynamodb::types::StreamViewType::NewImage);
    let key = KeySchemaElement::builder().attribute_name("k").key_type(KeyType::Hash).build().expect("a key");
    let attribute = AttributeDefinition::builder().attribute_name("k").attribute_type(ScalarAttributeType::S);
    let error = client
        .create_table()
        .table_name("streamed")
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key)
        .attribute_definitions(attribute.build().expect("an attribute"))
        .stream_specification(stream.build().expect("a stream"))
        .send()
        .await
        .expect_err("the engine panics");
    (client, error.code().map(str::to_owned))
}

#[tokio::test]
async fn a_store_in_a_file_goes_on_after_a_panic_inside_the_engine() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("store.db");
    create_table(&client(&Engine::open(&file).expect("opens"))).await;
    let (client, code) = after_a_panic(Some(file)).await;
    assert_eq!(code.as_deref(), Some("EngineCrashed"));
    assert_eq!(client.list_tables().send().await.expect("it goes on").table_names(), [TABLE]);
    put(&client, row("p", "1")).await;
}

#[tokio::test]
async fn a_store_in_memory_says_that_it_is_lost_after_a_panic() {
    let (client, _) = after_a_panic(None).await;
    let error = client.list_tables().send().await.expect_err("it is lost");
    assert_eq!(error.code().and_then(EngineFault::from_code), Some(EngineFault::Crashed));
}

#[tokio::test]
async fn a_file_damaged_while_it_is_open_is_told_by_a_code_of_its_own() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("store.db");
    create_table(&client(&Engine::open(&file).expect("opens"))).await;
    let engine = Engine::open(&file).expect("opens again");
    let length = fs::metadata(&file).expect("the file").len();
    fs::write(&file, vec![0xA5; usize::try_from(length).expect("a small file")]).expect("damaged");
    let error = client(&engine).scan().table_name(TABLE).send().await.expect_err("the file is damaged");
    assert_eq!(error.code().and_then(EngineFault::from_code), Some(EngineFault::Damaged), "{error:?}");
}
