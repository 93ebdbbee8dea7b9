//! Each thing that can go wrong is told as itself. The replies are scripted, so one engine will do.

use aws_credential_types::credential_fn::provide_credentials_fn;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use dynamini::model::Filter;
use dynamini::store::{Base, StoreError};

use super::wire::Wire;
use super::wire::mishap::Mishap;
use super::world::{World, base, client_config, credentials, http_client, value};

/// Returns what a listing of entries fails with when its query is answered with an error of that code.
async fn answered(code: &str) -> StoreError {
    let world = World::in_memory().await;
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    ann.wire.answer("Query", code, "as the service words it");
    ann.entries(&collection, Filter::Latest, true).next().await.unwrap_err()
}

#[tokio::test]
async fn a_table_that_is_not_there() {
    let error = answered("ResourceNotFoundException").await;
    assert!(matches!(error, StoreError::TableMissing { table } if table.ends_with(".entries")));
}

#[tokio::test]
async fn a_table_without_capacity() {
    for code in ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"] {
        let error = answered(code).await;
        assert!(error.is_transient(), "{error:?}");
        match error {
            StoreError::Throttled { action: "Query", table } => assert!(table.ends_with(".entries")),
            other => panic!("{code}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_action_that_is_not_allowed() {
    let world = World::in_memory().await;
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    // There is no permission for a transaction: it takes those of what it holds.
    let cases = [("TransactWriteItems", base(0), "PutItem and dynamodb:UpdateItem"), ("PutItem", Base::Any, "PutItem")];
    for (operation, base, permission) in cases {
        ann.wire.answer(operation, "AccessDeniedException", "User is not authorized");
        match ann.update(&entry, &value("2"), base).await {
            Err(StoreError::AccessDenied { action, table }) => {
                assert_eq!((action, table), (permission, world.tables.entries.clone()));
            }
            other => panic!("{operation}: {other:?}"),
        }
    }
    ann.wire.answer("UpdateItem", "AccessDeniedException", "User is not authorized");
    let refused = ann.delete(&entry, Base::Any).await;
    assert!(matches!(refused, Err(StoreError::AccessDenied { action: "UpdateItem", .. })), "{refused:?}");
    ann.wire.answer("Scan", "AccessDeniedException", "User is not authorized");
    let refused = ann.applications().next().await;
    assert!(matches!(refused, Err(StoreError::AccessDenied { action: "Scan", .. })), "{refused:?}");
    ann.wire.answer("DescribeTable", "AccessDeniedException", "User is not authorized");
    let refused = ann.init().await;
    assert!(matches!(refused, Err(StoreError::AccessDenied { action: "DescribeTable", .. })), "{refused:?}");
    assert_eq!(ann.log(&entry).await, ["e 1 +0"]);
}

#[tokio::test]
async fn credentials_that_are_no_longer_valid() {
    for code in ["ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException"] {
        match answered(code).await {
            StoreError::CredentialsExpired { reason, .. } => assert_eq!(reason, "as the service words it"),
            other => panic!("{code}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn credentials_that_are_missing() {
    let error = answered("MissingAuthenticationTokenException").await;
    assert!(matches!(error, StoreError::CredentialsMissing { .. }), "{error:?}");

    let world = World::in_memory().await;
    let provider = provide_credentials_fn(|| async { Err(CredentialsError::not_loaded("no profile is set up")) });
    let config = client_config("http://127.0.0.1:9").credentials_provider(provider);
    let config = config.http_client(http_client("http:")).retry_config(RetryConfig::disabled()).build();
    let wire = Wire::default();
    let ann = world.writer_on(Client::from_conf(config), wire, "ann", |options| {
        options.profile = Some("work".to_owned());
    });
    match ann.users(&world.application).next().await {
        Err(StoreError::CredentialsMissing { profile, reason }) => {
            assert_eq!((profile.as_deref(), reason.as_str()), (Some("work"), "no profile is set up"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nobody_at_the_other_end() {
    let world = World::in_memory().await;
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let endpoint = format!("http://{free}");
    let config = client_config(&endpoint).credentials_provider(credentials()).http_client(http_client(&endpoint));
    let config = config.retry_config(RetryConfig::disabled());
    let ann = world.writer_on(Client::from_conf(config.build()), Wire::default(), "ann", |_| {});
    let error = ann.users(&world.application).next().await.unwrap_err();
    assert!(error.is_transient());
    match error {
        StoreError::Unreachable { place, reason } => {
            assert_eq!(place, "the test");
            assert!(reason.contains("refused"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    let error = ann.create_collection(&world.application, &world.user, "notes").await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_request_that_is_not_valid() {
    // The tables' keys are right, so it is the request.
    let error = answered("ValidationException").await;
    assert!(matches!(error, StoreError::Invalid { reason } if reason == "as the service words it"));
}

#[tokio::test]
async fn an_engine_that_is_busy() {
    let error = answered("EngineBusy").await;
    assert!(matches!(error, StoreError::Busy) && error.is_transient());
}

#[tokio::test]
async fn an_engine_that_failed() {
    for code in ["EngineDamaged", "EngineFull", "EngineReadOnly", "EngineIo", "EngineCrashed"] {
        let error = answered(code).await;
        assert!(matches!(&error, StoreError::Engine { fault, .. } if fault.code() == code), "{error:?}");
        assert!(error.to_string().starts_with("the test: "), "{error}");
    }
}

#[tokio::test]
async fn an_error_of_another_kind() {
    match answered("SomethingNewException").await {
        StoreError::Service { action: "Query", code, message, .. } => {
            assert_eq!((code.as_str(), message.as_str()), ("SomethingNewException", "as the service words it"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_reply_without_words() {
    let world = World::in_memory().await;
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    // A listing that isn't there is no empty listing.
    for (status, body) in [(200, "{}"), (200, ""), (200, "{\"Items\":["), (407, "<html>"), (502, "")] {
        ann.wire.plan("Query", Mishap::Answer { status, body: body.to_owned() });
        match ann.entries(&collection, Filter::Latest, true).next().await {
            Err(error @ StoreError::Unreachable { .. }) => assert!(error.is_transient()),
            other => panic!("{status} {body:?}: {other:?}"),
        }
    }
    ann.wire.plan("Scan", Mishap::Answer { status: 200, body: "{}".to_owned() });
    let error = ann.applications().next().await.unwrap_err();
    assert!(matches!(&error, StoreError::Unreachable { reason, .. } if reason.contains("Scan")), "{error:?}");
}

#[tokio::test]
async fn a_transaction_that_stays_throttled() {
    let world = World::in_memory().await;
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    // The SDK doesn't try such a transaction again, so that the store does, for a while.
    for _ in 0..50 {
        ann.wire.plan("TransactWriteItems", Mishap::cancel("ProvisionedThroughputExceeded"));
    }
    let error = ann.update(&entry, &value("2"), base(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Throttled { action: "TransactWriteItems", .. }), "{error:?}");
    ann.wire.repair();
    for (code, is_service) in [("ItemCollectionSizeLimitExceeded", true), ("ValidationError", false)] {
        ann.wire.plan("TransactWriteItems", Mishap::cancel(code));
        let error = ann.update(&entry, &value("2"), base(0)).await.unwrap_err();
        match error {
            StoreError::Service { code: told, .. } if is_service => assert_eq!(told, code),
            StoreError::Invalid { reason } if !is_service => assert_eq!(reason, "why"),
            other => panic!("{code}: {other:?}"),
        }
    }
    assert_eq!(ann.log(&entry).await, ["e 1 +0"]);
}

#[tokio::test]
async fn what_passes_by_itself_and_what_takes_a_sign_in() {
    let told = async |code| {
        let error = answered(code).await;
        (error.is_transient(), error.needs_sign_in())
    };
    for code in ["ThrottlingException", "InternalServerError", "ServiceUnavailable", "EngineBusy"] {
        assert_eq!(told(code).await, (true, false), "{code}");
    }
    for code in ["ExpiredTokenException", "MissingAuthenticationTokenException"] {
        assert_eq!(told(code).await, (false, true), "{code}");
    }
    for code in ["AccessDeniedException", "ResourceNotFoundException", "ValidationException", "SomethingNew"] {
        assert_eq!(told(code).await, (false, false), "{code}");
    }
}
