//! The two requests that write a single row, put where its key is free and update under a condition, and what becomes of
//! them.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};

use super::Store;
use super::cost::{Bill, Units};
use super::doubt::Doubt;
use super::error::StoreError;
use super::row::{Row, Table};
use super::write::Attempt;

/// What became of one request that writes.
pub(super) struct Tried {
    /// What its reply says.
    pub(super) outcome: Result<Attempt, StoreError>,
    /// It may have been carried out although no reply says so.
    pub(super) in_doubt: bool,
}

impl Store {
    /// Puts a row whose key must be free.
    pub(super) async fn put_where_free(&self, bill: &mut Bill<'_>, table: Table, row: Row) -> Tried {
        let doubt = Doubt::<PutItemError>::new();
        bill.sent(Units::Write);
        let reply = self
            .client()
            .put_item()
            .table_name(self.table_name(table))
            .set_item(Some(row))
            .condition_expression("attribute_not_exists(#range)")
            .expression_attribute_names("#range", table.range())
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .customize()
            .interceptor(doubt.clone())
            .send()
            .await;
        let outcome = match reply {
            Ok(reply) => Ok(done(bill, reply.consumed_capacity())),
            Err(error) => match refused(&error) {
                Some(attempt) => Ok(attempt),
                None => Err(self.explain("PutItem", table, error).await),
            },
        };
        Tried { outcome, in_doubt: doubt.remains() }
    }

    /// Carries out an update of a row of `table`, which has its key, its expression and its condition.
    pub(super) async fn update_row(&self, bill: &mut Bill<'_>, table: Table, update: UpdateItemFluentBuilder) -> Tried {
        let doubt = Doubt::<UpdateItemError>::new();
        bill.sent(Units::Write);
        let reply = update
            .table_name(self.table_name(table))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .customize()
            .interceptor(doubt.clone())
            .send()
            .await;
        let outcome = match reply {
            Ok(reply) => Ok(done(bill, reply.consumed_capacity())),
            Err(error) => match refused(&error) {
                Some(attempt) => Ok(attempt),
                None => Err(self.explain("UpdateItem", table, error).await),
            },
        };
        Tried { outcome, in_doubt: doubt.remains() }
    }
}

fn done(bill: &mut Bill<'_>, capacity: Option<&ConsumedCapacity>) -> Attempt {
    bill.consumed(Units::Write, capacity);
    Attempt::Done
}

/// Returns what an error means by which the service refuses a condition, or gives way to a transaction.
fn refused<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Option<Attempt> {
    match error.as_service_error()?.code()? {
        "ConditionalCheckFailedException" => Some(Attempt::Lost),
        "TransactionConflictException" => Some(Attempt::Contended(StoreError::Busy)),
        _ => None,
    }
}
