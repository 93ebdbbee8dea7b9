//! The two tables: made, found, checked.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableDescription,
};
use dynamini::config::Capacity;
use dynamini::model::Filter;
use dynamini::store::StoreError;

use super::world::World;

contract!(
    init_makes_both_tables_with_the_keys_of_the_original,
    init_can_be_repeated_and_makes_only_what_is_missing,
    tables_are_provisioned_or_paid_by_the_request,
    tables_that_are_missing_are_told_by_name,
    tables_with_other_keys_are_told_by_name,
);

async fn describe(world: &World, table: &str) -> TableDescription {
    world.client().describe_table().table_name(table).send().await.unwrap().table.unwrap()
}

async fn drop_tables(world: &World) {
    for table in [&world.tables.collections, &world.tables.entries] {
        let _ = world.client().delete_table().table_name(table).send().await;
    }
}

async fn init_makes_both_tables_with_the_keys_of_the_original(world: World) {
    let keys = |table: &TableDescription| -> Vec<_> {
        let keys = table.key_schema().iter();
        keys.map(|key| format!("{} {}", key.attribute_name(), key.key_type().as_str())).collect()
    };
    let collections = describe(&world, &world.tables.collections).await;
    assert_eq!(keys(&collections), ["application HASH", "userCollectionVersion RANGE"]);
    let entries = describe(&world, &world.tables.entries).await;
    assert_eq!(keys(&entries), ["userCollection HASH", "entryVersion RANGE"]);
    for table in [collections, entries] {
        let types = table.attribute_definitions().iter().map(AttributeDefinition::attribute_type);
        assert_eq!(types.collect::<Vec<_>>(), [&ScalarAttributeType::S, &ScalarAttributeType::S]);
    }
}

async fn init_can_be_repeated_and_makes_only_what_is_missing(world: World) {
    let other = world.without_tables();
    let ann = other.writer("ann");
    assert!(matches!(ann.check_tables().await, Err(StoreError::TableMissing { .. })));
    let made = |reports: &[dynamini::store::TableReport; 2]| [reports[0].is_new, reports[1].is_new];
    let first = ann.init().await.unwrap().value;
    assert_eq!(made(&first), [true, true]);
    assert_eq!([&first[0].name, &first[1].name], [&other.tables.collections, &other.tables.entries]);
    assert_eq!(made(&ann.init().await.unwrap().value), [false, false]);
    ann.check_tables().await.unwrap();

    let entry = ann.entry(&other, "1").await;
    assert_eq!(made(&ann.init().await.unwrap().value), [false, false]);
    assert_eq!(ann.log(&entry).await, ["e 1 +0"], "nothing is lost by it");
    drop_tables(&other).await;
}

async fn tables_are_provisioned_or_paid_by_the_request(world: World) {
    let on_demand = describe(&world, &world.tables.entries).await;
    let mode = on_demand.billing_mode_summary().and_then(|summary| summary.billing_mode());
    assert_eq!(mode, Some(&BillingMode::PayPerRequest));

    let other = world.without_tables();
    let provisioned = Capacity::Provisioned { read: 3, write: 4 };
    other.writer_with("ann", |options| options.capacity = provisioned).init().await.unwrap();
    for table in [&other.tables.collections, &other.tables.entries] {
        let capacity = describe(&other, table).await.provisioned_throughput.unwrap();
        assert_eq!((capacity.read_capacity_units, capacity.write_capacity_units), (Some(3), Some(4)));
    }
    drop_tables(&other).await;
}

async fn tables_that_are_missing_are_told_by_name(world: World) {
    let other = world.without_tables();
    let ann = other.writer("ann");
    let missing = |error: Option<StoreError>, wanted: &str| match error {
        Some(StoreError::TableMissing { table }) => assert_eq!(table, wanted),
        other => panic!("not missing: {other:?}"),
    };
    missing(ann.applications().next().await.err(), &other.tables.collections);
    missing(ann.users(&other.application).next().await.err(), &other.tables.collections);
    missing(ann.create_collection(&other.application, &other.user, "n").await.err(), &other.tables.collections);
}

async fn tables_with_other_keys_are_told_by_name(world: World) {
    let other = world.without_tables();
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build().unwrap();
    let attribute = AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S);
    other
        .client()
        .create_table()
        .table_name(&other.tables.collections)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key)
        .attribute_definitions(attribute.build().unwrap())
        .send()
        .await
        .unwrap();
    let ann = other.writer("ann");
    let errors = [
        ann.collections(&other.application, &other.user, Filter::Latest).next().await.err(),
        ann.init().await.err(),
        ann.check_tables().await.err(),
    ];
    for error in errors {
        match error {
            Some(StoreError::TableKeys { table, found, wanted }) => {
                assert_eq!(table, other.tables.collections);
                assert_eq!(found, "id (HASH S)");
                assert_eq!(wanted, "application (HASH S), userCollectionVersion (RANGE S)");
            }
            other => panic!("not other keys: {other:?}"),
        }
    }
    drop_tables(&other).await;
}
