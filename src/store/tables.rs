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
use super::cost::{Bill, Costed, Units};
use super::doubt::Doubt;
use super::error::StoreError;
use super::row::Table;
use crate::config::Capacity;

/// One of the two tables after [`Store::init`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableReport {
    /// Its name.
    pub name: String,
    /// Whether this call made it, or it was there. Where the reply that would tell was lost, it was missing before.
    pub is_new: bool,
}

/// How long to wait between two looks at a table that is being made; it takes some ten seconds.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// How long to wait before the second look.
const FIRST_LOOK: Duration = Duration::from_millis(10);
/// How often to look: five minutes in all.
const LOOKS: u32 = 600;
/// How often in a row a look may fail for a reason that passes, before that is the answer. Reading a description is
/// eventually consistent, so that a table just made may seem to be missing for a few seconds.
const FAILED_LOOKS: u32 = 20;

impl Store {
    /// Creates the tables that are missing, waits until both can be used, and checks the keys of those that were there.
    ///
    /// After a failure one or both may have been made; repeating it makes the rest.
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
        let doubt = Doubt::<CreateTableError>::new();
        bill.sent(Units::Write);
        match create.customize().interceptor(doubt.clone()).send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(error))
                if matches!(error.err(), CreateTableError::ResourceInUseException(_)) =>
            {
                Ok(doubt.remains())
            }
            Err(error) => {
                let error = self.request("CreateTable", table).error(error);
                if !doubt.remains() {
                    return Err(error);
                }
                // The reply may be lost, and the embedded engine fails like this where another process makes the same
                // table at the same moment: what counts is whether the table is there.
                match self.description(bill, table).await {
                    Ok(_) => Ok(true),
                    Err(_) => Err(error),
                }
            }
        }
    }

    async fn wait_until_active(&self, bill: &mut Bill<'_>, table: Table) -> Result<(), StoreError> {
        let mut failed = 0;
        for look in 0..LOOKS {
            match self.description(bill, table).await {
                Ok(description) => {
                    failed = 0;
                    self.check_keys(table, &description)?;
                    if matches!(description.table_status(), Some(TableStatus::Active | TableStatus::Updating)) {
                        return Ok(());
                    }
                }
                Err(error) if error.is_transient() || matches!(error, StoreError::TableMissing { .. }) => {
                    failed += 1;
                    if failed == FAILED_LOOKS {
                        return Err(error);
                    }
                }
                Err(error) => return Err(error),
            }
            // Soon at first: in an emulator a table is there at once.
            tokio::time::sleep(LOOK_AGAIN.min(FIRST_LOOK * (look + 1))).await;
        }
        Err(StoreError::Service {
            place: self.inner.place.clone(),
            action: "CreateTable",
            code: "StillCreating".to_owned(),
            message: format!("the table {} is not active after five minutes", self.table_name(table)),
        })
    }

    async fn description(&self, bill: &mut Bill<'_>, table: Table) -> Result<TableDescription, StoreError> {
        bill.sent(Units::Read);
        match self.client().describe_table().table_name(self.table_name(table)).send().await {
            Ok(reply) => reply.table.ok_or_else(|| StoreError::Unreachable {
                place: self.inner.place.clone(),
                reason: "the description of the table is empty".to_owned(),
            }),
            Err(error) => Err(self.request("DescribeTable", table).error::<DescribeTableError>(error)),
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
    pub(super) async fn explain<E>(&self, action: &'static str, table: Table, error: SdkError<E>) -> StoreError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
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
