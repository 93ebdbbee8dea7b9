//! The two tables: made, waited for, checked.

use std::time::Duration;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ProvisionedThroughput, ScalarAttributeType,
    TableDescription, TableStatus,
};

use super::Store;
use super::cost::{Bill, Costed};
use super::error::StoreError;
use super::row::Table;
use crate::config::Capacity;

/// One of the two tables after [`Store::init`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableReport {
    /// Its name.
    pub name: String,
    /// Whether this call made it, or it was there.
    pub is_new: bool,
}

/// How long to wait between two looks at a table that is being made; it takes some ten seconds.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// How often to look: five minutes in all.
const LOOKS: u32 = 600;

impl Store {
    /// Creates the tables that are missing, waits until both can be used, and checks the keys of those that were there.
    pub async fn init(&self) -> Result<Costed<[TableReport; 2]>, StoreError> {
        let mut bill = self.bill();
        let mut reports = Vec::new();
        for table in [Table::Collections, Table::Entries] {
            let is_new = match self.description(&mut bill, table).await {
                Ok(description) => {
                    self.check_keys(table, &description)?;
                    false
                }
                Err(StoreError::TableMissing { .. }) => {
                    self.writable()?;
                    self.create_table(&mut bill, table).await?
                }
                Err(error) => return Err(error),
            };
            reports.push(TableReport { name: self.table_name(table).to_owned(), is_new });
        }
        for table in [Table::Collections, Table::Entries] {
            self.wait_until_active(&mut bill, table).await?;
        }
        let reports = <[TableReport; 2]>::try_from(reports).expect("there are two tables");
        Ok(bill.close(reports))
    }

    /// Fails where one of the tables is missing or has other keys.
    pub async fn check_tables(&self) -> Result<Costed<()>, StoreError> {
        let mut bill = self.bill();
        for table in [Table::Collections, Table::Entries] {
            let description = self.description(&mut bill, table).await?;
            self.check_keys(table, &description)?;
        }
        Ok(bill.close(()))
    }

    /// Returns whether the table was made; `false` where someone else was first.
    async fn create_table(&self, bill: &mut Bill<'_>, table: Table) -> Result<bool, StoreError> {
        let keys = [(table.hash(), KeyType::Hash), (table.range(), KeyType::Range)];
        let mut create = self.client().create_table().table_name(self.table_name(table));
        for (name, kind) in keys {
            let attribute = AttributeDefinition::builder()
                .attribute_name(name)
                .attribute_type(ScalarAttributeType::S)
                .build()
                .expect("name and type are set");
            let key =
                KeySchemaElement::builder().attribute_name(name).key_type(kind).build().expect("name and kind are set");
            create = create.attribute_definitions(attribute).key_schema(key);
        }
        create = match self.inner.capacity {
            Capacity::OnDemand => create.billing_mode(BillingMode::PayPerRequest),
            Capacity::Provisioned { read, write } => {
                create.billing_mode(BillingMode::Provisioned).provisioned_throughput(
                    ProvisionedThroughput::builder()
                        .read_capacity_units(read.into())
                        .write_capacity_units(write.into())
                        .build()
                        .expect("both units are set"),
                )
            }
        };
        bill.sent();
        match create.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(error))
                if matches!(error.err(), CreateTableError::ResourceInUseException(_)) =>
            {
                Ok(false)
            }
            Err(error) => {
                let error = self.request("CreateTable", table).error(error);
                // The reply may be lost, and the embedded engine fails like this where another process makes the same
                // table at the same moment: what counts is whether the table is there.
                if error.is_ambiguous() && self.description(bill, table).await.is_ok() {
                    return Ok(false);
                }
                Err(error)
            }
        }
    }

    async fn wait_until_active(&self, bill: &mut Bill<'_>, table: Table) -> Result<(), StoreError> {
        for _ in 0..LOOKS {
            let description = self.description(bill, table).await?;
            self.check_keys(table, &description)?;
            if matches!(description.table_status(), Some(TableStatus::Active | TableStatus::Updating)) {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Err(StoreError::Service {
            place: self.inner.place.clone(),
            action: "CreateTable",
            code: "StillCreating".to_owned(),
            message: format!("the table {} is not active after five minutes", self.table_name(table)),
        })
    }

    async fn description(&self, bill: &mut Bill<'_>, table: Table) -> Result<TableDescription, StoreError> {
        bill.sent();
        match self.client().describe_table().table_name(self.table_name(table)).send().await {
            Ok(reply) => reply.table.ok_or_else(|| StoreError::Unreachable {
                place: self.inner.place.clone(),
                reason: "the description of the table is empty".to_owned(),
            }),
            Err(error) => Err(self.request("DescribeTable", table).error::<DescribeTableError, _>(error)),
        }
    }

    fn check_keys(&self, table: Table, description: &TableDescription) -> Result<(), StoreError> {
        let kind = |key: &KeySchemaElement| {
            let attributes = description.attribute_definitions();
            let name = key.attribute_name();
            let of = attributes.iter().find(|attribute| attribute.attribute_name() == name);
            let of = of.map_or("?", |attribute| attribute.attribute_type().as_str());
            format!("{name} ({} {of})", key.key_type().as_str())
        };
        let found = description.key_schema().iter().map(kind).collect::<Vec<_>>().join(", ");
        let wanted = format!("{} (HASH S), {} (RANGE S)", table.hash(), table.range());
        if found == wanted {
            return Ok(());
        }
        Err(StoreError::TableKeys { table: self.table_name(table).to_owned(), found, wanted })
    }

    /// Says what a failed request means. The service answers a request to a table with other keys as invalid, so that
    /// an invalid request is reason to look at the table's keys.
    pub(super) async fn explain<E, R>(&self, action: &'static str, table: Table, error: SdkError<E, R>) -> StoreError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        let error = self.request(action, table).error(error);
        if !matches!(error, StoreError::Invalid { .. }) {
            return error;
        }
        let mut bill = self.bill();
        match self.description(&mut bill, table).await {
            Ok(description) => self.check_keys(table, &description).err().unwrap_or(error),
            Err(_) => error,
        }
    }
}
