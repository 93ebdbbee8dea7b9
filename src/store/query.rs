//! One request for one page of a partition, which every listing and look-up is made of.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};

use super::Store;
use super::cost::{Bill, Units};
use super::error::StoreError;
use super::row::{Row, Table, attribute};

/// Sorts after every key that a prefix starts, since no id holds the last code point.
const AFTER_ALL: char = '\u{10FFFF}';

/// Which rows of a partition, and which of their attributes.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    pub(super) table: Table,
    pub(super) hash: String,
    /// What the sort keys start with; empty for the whole partition.
    pub(super) prefix: String,
    pub(super) order: Order,
    pub(super) columns: Columns,
}

/// The order of the sort keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Ascending,
    Descending,
}

/// Which attributes are asked for; what is read is charged for either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    All,
    /// All but the value, which is most of a row.
    WithoutValue,
}

/// How far a partition has been read.
#[derive(Clone, Debug)]
pub(super) enum Cursor {
    Start,
    /// The next page begins after this sort key, which need not exist.
    After(String),
    End,
}

impl Partition {
    /// Returns the condition on the keys and its values.
    ///
    /// A later page is bounded at the far side only: the cursor bounds the near one, and the embedded engine walks from
    /// a bound to the cursor.
    fn condition(&self, cursor: &Cursor) -> (String, HashMap<String, AttributeValue>) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let mut values = HashMap::from([(":hash".to_owned(), text(&self.hash))]);
        if self.prefix.is_empty() {
            return ("#hash = :hash".to_owned(), values);
        }
        let low = text(&self.prefix);
        let high = text(&format!("{}{AFTER_ALL}", self.prefix));
        let range = match (cursor, self.order) {
            (Cursor::After(_), Order::Descending) => {
                values.insert(":low".to_owned(), low);
                "#range >= :low"
            }
            (Cursor::After(_), Order::Ascending) => {
                values.insert(":high".to_owned(), high);
                "#range <= :high"
            }
            (Cursor::Start | Cursor::End, _) => {
                values.insert(":low".to_owned(), low);
                values.insert(":high".to_owned(), high);
                "#range BETWEEN :low AND :high"
            }
        };
        (format!("#hash = :hash AND {range}"), values)
    }

    /// Returns the cursor from which a descending listing begins with `sort`, or with what is right below it.
    pub(super) fn down_from(sort: &str) -> Cursor {
        Cursor::After(format!("{sort}{AFTER_ALL}"))
    }

    /// Returns the cursor past all keys that start with `prefix`.
    pub(super) fn past(&self, prefix: &str) -> Cursor {
        match self.order {
            Order::Ascending => Cursor::After(format!("{prefix}{AFTER_ALL}")),
            Order::Descending => Cursor::After(prefix.to_owned()),
        }
    }
}

impl Columns {
    fn projection(self, table: Table) -> Option<Vec<&'static str>> {
        let keys = [table.hash(), table.range()];
        let others = [
            attribute::NAME,
            attribute::DELETED_AT,
            attribute::DELETED_BY,
            attribute::AUTHOR,
            attribute::NOTE,
            attribute::RESTORED_FROM,
            attribute::SUPERSEDED_BY,
            attribute::WRITE_ID,
        ];
        match self {
            Self::All => None,
            Self::WithoutValue => Some([keys.as_slice(), &others].concat()),
        }
    }
}

impl Store {
    /// Reads at most `limit` rows of a partition from the cursor on, with one request, and moves the cursor.
    pub(super) async fn page(
        &self,
        bill: &mut Bill<'_>,
        partition: &Partition,
        cursor: &mut Cursor,
        limit: i32,
        consistent: bool,
    ) -> Result<Vec<Row>, StoreError> {
        let table = partition.table;
        let (condition, values) = partition.condition(cursor);
        let mut query = self
            .client()
            .query()
            .table_name(self.table_name(table))
            .key_condition_expression(condition)
            .set_expression_attribute_values(Some(values))
            .expression_attribute_names("#hash", table.hash())
            .scan_index_forward(partition.order == Order::Ascending)
            .consistent_read(consistent)
            .limit(limit)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        if !partition.prefix.is_empty() {
            query = query.expression_attribute_names("#range", table.range());
        }
        if let Some(columns) = partition.columns.projection(table) {
            let names: Vec<String> = (0..columns.len()).map(|index| format!("#c{index}")).collect();
            query = query.projection_expression(names.join(", "));
            for (placeholder, column) in names.into_iter().zip(columns) {
                query = query.expression_attribute_names(placeholder, column);
            }
        }
        if let Cursor::After(sort) = &*cursor {
            query = query.set_exclusive_start_key(Some(table.key(&partition.hash, sort)));
        }
        bill.sent(Units::Read);
        let reply = match query.send().await {
            Ok(reply) => reply,
            Err(error) => return Err(self.explain("Query", table, error).await),
        };
        bill.consumed(Units::Read, reply.consumed_capacity());
        let rows = reply.items.ok_or_else(|| self.no_rows("Query", table))?;
        *cursor = match reply.last_evaluated_key.as_ref().and_then(|key| super::row::text(key, table.range())) {
            Some(sort) => Cursor::After(sort.to_owned()),
            None => Cursor::End,
        };
        Ok(rows)
    }

    /// Says that a reply to a listing holds no list, not even an empty one, so that it isn't taken for the end.
    pub(super) fn no_rows(&self, action: &'static str, table: Table) -> StoreError {
        let request = self.request(action, table);
        StoreError::Unreachable {
            place: request.place.to_owned(),
            reason: format!("the reply to {action} on {} is empty", request.table),
        }
    }

    /// Reads one row by its key, strongly consistent.
    pub(super) async fn row(
        &self,
        bill: &mut Bill<'_>,
        table: Table,
        hash: &str,
        sort: &str,
    ) -> Result<Option<Row>, StoreError> {
        bill.sent(Units::Read);
        let reply = self
            .client()
            .get_item()
            .table_name(self.table_name(table))
            .set_key(Some(table.key(hash, sort)))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        let reply = match reply {
            Ok(reply) => reply,
            Err(error) => return Err(self.explain("GetItem", table, error).await),
        };
        bill.consumed(Units::Read, reply.consumed_capacity());
        Ok(reply.item)
    }
}
