//! One `DynamoDB` operation: JSON in, the engine's call, JSON out.

use dynoxide::actions::query::QueryRequest;
use dynoxide::actions::scan::ScanRequest;
use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::fault::EngineFault;

/// The most rows in one page of a Query or Scan that names no `Limit`.
///
/// Without a limit the engine reads the rest of the table or partition into memory for every page (321 MB and 0.84 s at
/// a million rows). `DynamoDB` ends a page at 1 MB, so callers follow `LastEvaluatedKey` in any case.
const DEFAULT_PAGE_ROWS: usize = 1_000;

/// The marks with which the engine tells apart what was wrong with a request it couldn't read.
const VALIDATION_MARKS: [&str; 3] = ["VALIDATION_REQUEST:", "VALIDATION_AS_READ:", "VALIDATION:"];
const SERIALIZATION_MARKS: [&str; 2] = ["SERIALIZATION_AS_READ:", "SERIALIZATION:"];

/// The answer to one request: an HTTP status and a JSON body, as `DynamoDB` gives them.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

impl Answer {
    /// Returns the answer for an error of the engine, under our own error type if it is a fault of the engine itself.
    pub(super) fn error(error: &DynoxideError) -> Self {
        match EngineFault::of(error) {
            Some(fault) => Self::fault(fault, &EngineFault::reason(error)),
            None => Self { status: error.status_code(), body: error.to_json() },
        }
    }

    /// Returns the answer for a fault of the engine; `reason` says more about it.
    pub(super) fn fault(fault: EngineFault, reason: &str) -> Self {
        Self { status: fault.status(), body: json!({"__type": fault.error_type(), "message": reason}).to_string() }
    }

    fn unknown_operation(operation: &str) -> Self {
        let message = format!("The embedded engine has no operation {operation:?}.");
        let body = json!({"__type": "com.amazon.coral.service#UnknownOperationException", "message": message});
        Self { status: 400, body: body.to_string() }
    }
}

/// Carries out `operation` with the request in `body`, and blocks until it is done.
pub(super) fn run(database: &Database, operation: &str, body: &[u8]) -> Result<Answer, DynoxideError> {
    match operation {
        "CreateTable" => call(body, |request| database.create_table(request)),
        "DescribeTable" => call(body, |request| database.describe_table(request)),
        "ListTables" => call(body, |request| database.list_tables(request)),
        "DeleteTable" => call(body, |request| database.delete_table(request)),
        "GetItem" => call(body, |request| database.get_item(request)),
        "PutItem" => call(body, |request| database.put_item(request)),
        "UpdateItem" => call(body, |request| database.update_item(request)),
        "DeleteItem" => call(body, |request| database.delete_item(request)),
        "BatchGetItem" => call(body, |request| database.batch_get_item(request)),
        "BatchWriteItem" => call(body, |request| database.batch_write_item(request)),
        "TransactGetItems" => call(body, |request| database.transact_get_items(request)),
        "TransactWriteItems" => call(body, |mut request: TransactWriteItemsRequest| {
            // The engine's memory of tokens slows every later transaction down and doesn't outlive the process.
            request.client_request_token = None;
            database.transact_write_items(request)
        }),
        "Query" => call(body, |mut request: QueryRequest| {
            request.limit.get_or_insert(DEFAULT_PAGE_ROWS);
            database.query(request)
        }),
        "Scan" => call(body, |mut request: ScanRequest| {
            request.limit.get_or_insert(DEFAULT_PAGE_ROWS);
            database.scan(request)
        }),
        _ => Ok(Answer::unknown_operation(operation)),
    }
}

fn call<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    act: impl FnOnce(Q) -> Result<A, DynoxideError>,
) -> Result<Answer, DynoxideError> {
    let request = serde_json::from_slice(body).map_err(|error| unreadable(&error.to_string()))?;
    let answer = act(request)?;
    let body = serde_json::to_string(&answer).map_err(|error| DynoxideError::InternalServerError(error.to_string()))?;
    Ok(Answer { status: 200, body })
}

/// Returns the error `DynamoDB` gives for a request it can't read, from what the parser said about it.
fn unreadable(message: &str) -> DynoxideError {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    let without = |marks: &[&str]| marks.iter().find_map(|mark| message.strip_prefix(mark)).map(str::to_owned);
    match without(&VALIDATION_MARKS) {
        Some(rest) => DynoxideError::ValidationException(rest),
        None => {
            DynoxideError::SerializationException(without(&SERIALIZATION_MARKS).unwrap_or_else(|| message.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_of_the_parser_never_reach_an_answer() {
        let cases = [
            ("VALIDATION:bad key at line 1 column 4", "ValidationException", "bad key"),
            ("VALIDATION_REQUEST:bad key at line 1 column 4", "ValidationException", "bad key"),
            ("VALIDATION_AS_READ:bad key", "ValidationException", "bad key"),
            ("SERIALIZATION:not a list at line 1 column 4", "SerializationException", "not a list"),
            ("SERIALIZATION_AS_READ:not a list", "SerializationException", "not a list"),
            ("expected value at line 1 column 1", "SerializationException", "expected value"),
        ];
        for (said, kind, message) in cases {
            let error = unreadable(said);
            assert!(error.error_type().ends_with(kind), "{said}: {}", error.error_type());
            assert_eq!(error.to_string(), message, "{said}");
        }
    }

    #[test]
    fn an_unknown_operation_is_refused_by_name() {
        let database = Database::memory().expect("a store in memory opens");
        let answer = run(&database, "PlayChess", b"{}").expect("an answer");
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains("UnknownOperationException") && answer.body.contains("PlayChess"));
    }

    #[test]
    fn a_request_token_is_not_remembered() {
        let database = Database::memory().expect("a store in memory opens");
        let table = br#"{"TableName":"rows","BillingMode":"PAY_PER_REQUEST",
            "AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}],
            "KeySchema":[{"AttributeName":"k","KeyType":"HASH"}]}"#;
        run(&database, "CreateTable", table).expect("the table is created");
        let put = |value: &str| {
            let body = json!({"ClientRequestToken": "once", "TransactItems": [
                {"Put": {"TableName": "rows", "Item": {"k": {"S": value}}}}]});
            run(&database, "TransactWriteItems", body.to_string().as_bytes()).map(|answer| answer.status)
        };
        // With the token kept, the second would be refused: the same token with other items.
        assert_eq!(put("a").expect("the first is written"), 200);
        assert_eq!(put("b").expect("the second is written"), 200);
    }
}
