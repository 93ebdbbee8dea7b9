//! The condition under which a row may be marked.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::row::{Table, attribute};
use crate::model::Record;

/// A condition that a row is as it was read: its marks are the same.
pub(super) struct Condition {
    pub(super) expression: String,
    pub(super) values: HashMap<String, AttributeValue>,
}

impl Condition {
    pub(super) fn unchanged(row: &Record) -> Self {
        let mut condition = Self {
            expression: format!("attribute_exists({})", Table::of(&row.subject).range()),
            values: HashMap::new(),
        };
        condition.same(attribute::DELETED_AT, ":deleted", row.deleted_at.clone());
        // A mark whose version is not there is left from a copy or a repair; the row is still the newest.
        condition.same(attribute::SUPERSEDED_BY, ":superseded", row.superseded_by.map(|by| by.to_string()));
        condition
    }

    fn same(&mut self, name: &str, placeholder: &str, text: Option<String>) {
        match text {
            None => self.expression += &format!(" AND attribute_not_exists({name})"),
            Some(text) => {
                self.expression += &format!(" AND {name} = {placeholder}");
                self.values.insert(placeholder.to_owned(), AttributeValue::S(text));
            }
        }
    }

    pub(super) fn with(mut self, placeholder: &str, text: String) -> Self {
        self.values.insert(placeholder.to_owned(), AttributeValue::S(text));
        self
    }
}
