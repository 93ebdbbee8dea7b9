//! Rows as they stand in the tables, whatever they hold: for copies that lose nothing.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::base64;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::row::{HASH_LIMIT, ITEM_LIMIT, Row, SORT_LIMIT, Table, size, within};

/// What an attribute holds. Read and written with serde it has the form of `DynamoDB`'s own JSON: `{"S":"text"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Attribute {
    /// Text, which is what all attributes of good rows are.
    #[serde(rename = "S")]
    Text(String),
    /// A number, as the service writes it.
    #[serde(rename = "N")]
    Number(String),
    /// Bytes, in base64.
    #[serde(rename = "B")]
    Binary(String),
    /// True or false.
    #[serde(rename = "BOOL")]
    Bool(bool),
    /// Null; always `true`.
    #[serde(rename = "NULL")]
    Null(bool),
    /// A set of texts, sorted.
    #[serde(rename = "SS")]
    Texts(Vec<String>),
    /// A set of numbers, sorted by their text.
    #[serde(rename = "NS")]
    Numbers(Vec<String>),
    /// A set of bytes, each in base64, sorted by that.
    #[serde(rename = "BS")]
    Binaries(Vec<String>),
    /// A list.
    #[serde(rename = "L")]
    List(Vec<Attribute>),
    /// Attributes by name.
    #[serde(rename = "M")]
    Map(BTreeMap<String, Attribute>),
}

/// A row with all its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    /// The table it is in.
    pub table: Table,
    /// Its hash key.
    pub hash: String,
    /// Its sort key.
    pub sort: String,
    /// Its other attributes.
    pub attributes: BTreeMap<String, Attribute>,
}

impl StoredRow {
    /// Takes a row as the SDK gives it.
    pub(super) fn read(table: Table, row: Row) -> Result<Self, StoreError> {
        let mut stored = Self { table, hash: String::new(), sort: String::new(), attributes: BTreeMap::new() };
        for (name, value) in row {
            match value {
                AttributeValue::S(text) if name == table.hash() => stored.hash = text,
                AttributeValue::S(text) if name == table.range() => stored.sort = text,
                value => {
                    let attribute = Attribute::read(value).ok_or_else(|| StoreError::Invalid {
                        reason: format!("the attribute {name:?} of a row is of a kind that this version doesn't know"),
                    })?;
                    stored.attributes.insert(name, attribute);
                }
            }
        }
        Ok(stored)
    }

    /// Returns the row as the SDK takes it; fails where it is more than a table can hold.
    pub(super) fn write(&self) -> Result<Row, StoreError> {
        within("the hash key", self.hash.len(), HASH_LIMIT)?;
        within("the sort key", self.sort.len(), SORT_LIMIT)?;
        let mut row = self.table.key(&self.hash, &self.sort);
        for (name, attribute) in &self.attributes {
            let value = attribute.write().ok_or_else(|| StoreError::Invalid {
                reason: format!("the attribute {name:?} holds bytes that are not base64, or a null that is false"),
            })?;
            row.insert(name.clone(), value);
        }
        // What isn't text is left for the service to measure.
        within("the item", size(&row), ITEM_LIMIT)?;
        Ok(row)
    }
}

impl Attribute {
    /// Returns the text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn read(value: AttributeValue) -> Option<Self> {
        let sorted = |mut texts: Vec<String>| {
            texts.sort_unstable();
            texts
        };
        Some(match value {
            AttributeValue::S(text) => Self::Text(text),
            AttributeValue::N(number) => Self::Number(number),
            AttributeValue::B(bytes) => Self::Binary(base64::encode(bytes)),
            AttributeValue::Bool(value) => Self::Bool(value),
            AttributeValue::Null(value) => Self::Null(value),
            AttributeValue::Ss(texts) => Self::Texts(sorted(texts)),
            AttributeValue::Ns(numbers) => Self::Numbers(sorted(numbers)),
            AttributeValue::Bs(all) => Self::Binaries(sorted(all.into_iter().map(base64::encode).collect())),
            AttributeValue::L(items) => Self::List(items.into_iter().map(Self::read).collect::<Option<_>>()?),
            AttributeValue::M(members) => {
                let members = members.into_iter().map(|(name, value)| Some((name, Self::read(value)?)));
                Self::Map(members.collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }

    /// Returns the attribute as the SDK takes it, or `None` where it can't be one.
    pub(super) fn write(&self) -> Option<AttributeValue> {
        let bytes = |text: &String| base64::decode(text).ok().map(Blob::new);
        Some(match self {
            Self::Text(text) => AttributeValue::S(text.clone()),
            Self::Number(number) => AttributeValue::N(number.clone()),
            Self::Binary(text) => AttributeValue::B(bytes(text)?),
            Self::Bool(value) => AttributeValue::Bool(*value),
            Self::Null(true) => AttributeValue::Null(true),
            Self::Null(false) => return None,
            Self::Texts(texts) => AttributeValue::Ss(texts.clone()),
            Self::Numbers(numbers) => AttributeValue::Ns(numbers.clone()),
            Self::Binaries(all) => AttributeValue::Bs(all.iter().map(bytes).collect::<Option<_>>()?),
            Self::List(items) => AttributeValue::L(items.iter().map(Self::write).collect::<Option<_>>()?),
            Self::Map(members) => {
                let members = members.iter().map(|(name, value)| Some((name.clone(), value.write()?)));
                AttributeValue::M(members.collect::<Option<_>>()?)
            }
        })
    }
}
