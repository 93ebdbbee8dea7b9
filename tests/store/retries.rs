//! A lost reply is neither a failure nor a second version.

use dynamini::model::Subject;
use dynamini::store::{Base, StoreError};

use super::wire::mishap::Mishap;
use super::world::{World, base, value, version};

contract!(
    an_entry_created_without_a_reply_is_created_once,
    a_conditional_edit_without_a_reply_is_one_version,
    an_unconditional_edit_without_a_reply_is_one_version,
    a_deletion_without_a_reply_is_a_deletion,
    a_collection_created_without_a_reply_is_created_once,
    an_edit_without_a_reply_is_recognised_under_a_newer_one,
    a_deletion_without_a_reply_is_recognised_under_a_newer_version,
    an_sdk_that_tries_again_by_itself_writes_one_version,
    a_write_that_did_not_arrive_is_unreachable_and_wrote_nothing,
    a_write_whose_outcome_nobody_can_tell_is_unconfirmed,
    an_error_inside_the_service_is_looked_into,
    a_lost_reply_is_remembered_when_the_sdk_tries_again_in_vain,
    a_reply_that_was_cut_short_is_a_lost_one,
    a_write_that_arrives_late_is_no_conflict_with_itself,
);

async fn an_entry_created_without_a_reply_is_created_once(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    ann.wire.lose_reply_to("PutItem");
    let entry = ann.new_entry(&collection, "e", "1").await;
    assert_eq!(ann.log(&entry).await, ["e 1 +0"]);
    assert_eq!(ann.list(&collection, dynamini::model::Filter::All).await, ["e 1 +0"]);
}

async fn a_conditional_edit_without_a_reply_is_one_version(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.wire.lose_reply_to("TransactWriteItems");
    let written = ann.update(&entry, &value("2"), base(0)).await.unwrap().value;
    assert_eq!(written.record.version, version(1));
    assert_eq!(ann.log(&entry).await, ["e 2 +1", "e 1 +0 superseded by +1"]);

    ann.wire.lose_reply_to("TransactWriteItems");
    ann.restore(&entry, version(0), None, base(1)).await.unwrap();
    assert_eq!(world.rows(&entry).await.len(), 3);
}

async fn an_unconditional_edit_without_a_reply_is_one_version(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.wire.lose_reply_to("PutItem");
    ann.update(&entry, &value("2"), Base::Any).await.unwrap();
    assert_eq!(ann.log(&entry).await, ["e 2 +1", "e 1 +0"]);
}

async fn a_deletion_without_a_reply_is_a_deletion(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.wire.lose_reply_to("UpdateItem");
    let written = ann.delete(&entry, base(0)).await.unwrap().value;
    assert!(written.record.is_deleted());
    assert_eq!(ann.log(&entry).await, ["e 1 +0 deleted"]);
}

async fn a_collection_created_without_a_reply_is_created_once(world: World) {
    let ann = world.writer("ann");
    ann.wire.lose_reply_to("TransactWriteItems");
    let collection = ann.new_collection(&world, "notes").await;
    assert_eq!(ann.log(&collection.into()).await, ["notes - +0"]);
    assert_eq!(ann.list_collections(&world, dynamini::model::Filter::All).await, ["notes - +0"]);
}

async fn an_edit_without_a_reply_is_recognised_under_a_newer_one(world: World) {
    let (ann, bob) = (world.writer("ann"), world.writer("bob"));
    let entry = ann.entry(&world, "1").await;
    let target = entry.clone();
    ann.wire.lose_reply_to("TransactWriteItems");
    ann.wire.before("GetItem", async move {
        bob.update(&target, &value("bob's"), base(1)).await.unwrap();
    });
    let written = ann.update(&entry, &value("ann's"), base(0)).await.unwrap().value;
    assert_eq!(written.record.version, version(1));
    assert!(written.slipped_in.is_empty(), "bob wrote on ours, knowingly");
    let log = ann.log(&entry).await;
    assert_eq!(log, ["e bob's +2", "e ann's +1 superseded by +2", "e 1 +0 superseded by +1"]);
}

async fn a_deletion_without_a_reply_is_recognised_under_a_newer_version(world: World) {
    let (ann, bob) = (world.stubborn_writer("ann"), world.writer("bob"));
    let entry = ann.entry(&world, "1").await;
    let target = entry.clone();
    ann.wire.lose_reply_to("UpdateItem");
    ann.wire.before("UpdateItem", async move {
        bob.undelete(&target, base(0)).await.unwrap();
    });
    let written = ann.delete(&entry, base(0)).await.unwrap().value;
    assert_eq!((written.record.is_deleted(), written.slipped_in), (true, Vec::new()));
    assert_eq!(ann.log(&entry).await, ["e 1 +1", "e 1 +0 deleted superseded by +1"]);
}

async fn an_sdk_that_tries_again_by_itself_writes_one_version(world: World) {
    let ann = world.stubborn_writer("ann");
    ann.wire.lose_reply_to("TransactWriteItems");
    let collection = ann.new_collection(&world, "notes").await;
    ann.wire.lose_reply_to("PutItem");
    let entry = ann.new_entry(&collection, "e", "1").await;
    ann.wire.lose_reply_to("TransactWriteItems");
    ann.update(&entry, &value("2"), base(0)).await.unwrap();
    ann.wire.lose_reply_to("PutItem");
    ann.update(&entry, &value("3"), Base::Any).await.unwrap();
    ann.wire.lose_reply_to("UpdateItem");
    ann.delete(&entry, base(2)).await.unwrap();
    ann.wire.lose_reply_to("TransactWriteItems");
    ann.undelete(&entry, base(2)).await.unwrap();

    let log = ann.log(&entry).await;
    assert_eq!(log, ["e 3 +3", "e 3 +2 deleted superseded by +3", "e 2 +1", "e 1 +0 superseded by +1"]);
    assert_eq!(ann.log(&collection.into()).await, ["notes - +0"]);
    let twice = |operation: &str| ann.wire.sent().iter().filter(|sent| *sent == operation).count();
    assert_eq!((twice("PutItem"), twice("UpdateItem"), twice("TransactWriteItems")), (4, 2, 6));
}

async fn a_write_that_did_not_arrive_is_unreachable_and_wrote_nothing(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.wire.cut("TransactWriteItems");
    let failed = ann.update(&entry, &value("2"), base(0)).await;
    assert!(matches!(failed, Err(StoreError::Unreachable { .. })), "{failed:?}");
    ann.wire.cut("PutItem");
    let failed = ann.update(&entry, &value("2"), Base::Any).await;
    assert!(matches!(failed, Err(StoreError::Unreachable { .. })), "{failed:?}");
    ann.wire.cut("UpdateItem");
    let failed = ann.delete(&entry, base(0)).await;
    assert!(matches!(failed, Err(StoreError::Unreachable { .. })), "{failed:?}");
    ann.wire.cut("TransactWriteItems");
    let failed = ann.create_collection(&world.application, &world.user, "other").await;
    assert!(matches!(failed, Err(StoreError::Unreachable { .. })), "{failed:?}");
    assert_eq!(ann.log(&entry).await, ["e 1 +0"]);
    assert_eq!(ann.list_collections(&world, dynamini::model::Filter::All).await, ["notes - +0"]);
}

async fn a_write_whose_outcome_nobody_can_tell_is_unconfirmed(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let lose_all_of = |operation| {
        ann.wire.lose_reply_to(operation);
        ann.wire.cut("GetItem");
    };
    lose_all_of("TransactWriteItems");
    let failed = ann.update(&entry, &value("2"), base(0)).await;
    assert!(matches!(failed, Err(StoreError::Unconfirmed { .. })), "{failed:?}");
    lose_all_of("PutItem");
    let failed = ann.update(&entry, &value("3"), Base::Any).await;
    assert!(matches!(failed, Err(StoreError::Unconfirmed { .. })), "{failed:?}");
    lose_all_of("UpdateItem");
    let failed = ann.delete(&entry, base(2)).await;
    assert!(matches!(failed, Err(StoreError::Unconfirmed { .. })), "{failed:?}");
    lose_all_of("TransactWriteItems");
    let failed = ann.create_collection(&world.application, &world.user, "other").await;
    assert!(matches!(failed, Err(StoreError::Unconfirmed { .. })), "{failed:?}");
    assert_eq!(ann.log(&entry).await, ["e 3 +2 deleted", "e 2 +1", "e 1 +0 superseded by +1"]);
}

async fn an_error_inside_the_service_is_looked_into(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    // The engine's own faults that say nothing of what was written are as doubtful as the service's.
    for code in ["InternalServerError", "EngineCrashed", "EngineIo", "TransactionInProgressException"] {
        let newest = world.rows(&entry).await.len();
        let (bob, target) = (world.writer("bob"), Subject::clone(&entry));
        ann.wire.answer("TransactWriteItems", code, "it is not known what was written");
        ann.wire.cut("GetItem");
        let failed = ann.update(&entry, &value("2"), base(i64::try_from(newest).unwrap() - 1)).await;
        assert!(matches!(failed, Err(StoreError::Unconfirmed { .. })), "{code}: {failed:?}");
        bob.update(&target, &value("3"), Base::Any).await.unwrap();
    }
}

async fn a_lost_reply_is_remembered_when_the_sdk_tries_again_in_vain(world: World) {
    let ann = world.stubborn_writer("ann");
    let entry = ann.entry(&world, "1").await;
    ann.wire.lose_reply_to("TransactWriteItems");
    ann.wire.answer("TransactWriteItems", "ExpiredTokenException", "The security token is expired");
    let written = ann.update(&entry, &value("2"), base(0)).await.unwrap().value;
    assert_eq!(written.record.version, version(1), "the first try wrote it, the second one was refused");

    // The same where the second try finds the row of the first one, and nobody says whose it is.
    ann.wire.lose_reply_to("PutItem");
    ann.wire.answer("GetItem", "AccessDeniedException", "not authorized");
    let failed = ann.update(&entry, &value("3"), Base::Any).await;
    assert!(matches!(failed, Err(StoreError::Unconfirmed { .. })), "{failed:?}");
    assert_eq!(ann.log(&entry).await, ["e 3 +2", "e 2 +1", "e 1 +0 superseded by +1"]);
}

async fn a_reply_that_was_cut_short_is_a_lost_one(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    for (operation, base) in [("TransactWriteItems", base(0)), ("PutItem", Base::Any)] {
        ann.wire.plan(operation, Mishap::Garble(|body| body[..body.len() / 2].to_vec()));
        ann.update(&entry, &value("2"), base).await.unwrap();
    }
    assert_eq!(ann.log(&entry).await, ["e 2 +2", "e 2 +1", "e 1 +0 superseded by +1"]);
}

async fn a_write_that_arrives_late_is_no_conflict_with_itself(world: World) {
    let ann = world.stubborn_writer("ann");
    let entry = ann.entry(&world, "1").await;
    // The SDK gives up on the first try, which holds the rows all the while; it is done when the store looks a second
    // time, after it tried with another version.
    ann.wire.plan("TransactWriteItems", Mishap::Late(6));
    ann.wire.plan("TransactWriteItems", Mishap::cancel("TransactionConflict"));
    let clock = world.clock.clone();
    ann.wire.before("GetItem", async move { clock.set(100) });
    ann.wire.plan("TransactWriteItems", Mishap::cancel("TransactionConflict"));
    let written = ann.update(&entry, &value("2"), base(0)).await.unwrap().value;
    assert_eq!((written.record.version, written.slipped_in), (version(1), Vec::new()));
    assert_eq!(ann.log(&entry).await, ["e 2 +1", "e 1 +0 superseded by +1"]);
}
