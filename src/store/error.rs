//! What can go wrong between a person and a table, each kind by itself.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use super::embedded::{EngineFault, OpenError};
use crate::model::{Subject, Version};

/// Why a call of the store failed. Nothing was written unless the variant says so.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing of that name or id.
    #[error("{what} was not found")]
    NotFound {
        /// What was looked for, as a person names it.
        what: String,
    },
    /// It is soft-deleted, so that it can be read and undeleted but not written to.
    #[error("{what} is deleted since {at}; undelete it first")]
    Deleted {
        /// What is deleted.
        what: String,
        /// When, as stored.
        at: String,
    },
    /// It is not deleted, so that there is nothing to undelete.
    #[error("{what} is not deleted")]
    NotDeleted {
        /// What was to be undeleted.
        what: String,
    },
    /// The version asked for is the newest already.
    #[error("version {version} is the newest already; nothing to restore")]
    AlreadyNewest {
        /// That version.
        version: Version,
    },
    /// Someone else wrote since the version that the write was based on.
    #[error("version {actual} was written since version {expected}, which this change was based on")]
    VersionConflict {
        /// The version the write was based on.
        expected: Version,
        /// The version that is the newest now.
        actual: Version,
    },
    /// More than a table can hold.
    #[error("{what} is {size} bytes, {} over the limit of {limit}", size - limit)]
    TooLarge {
        /// "the item", "the sort key" or "the hash key".
        what: &'static str,
        /// Its size in UTF-8 bytes.
        size: usize,
        /// The most it can have.
        limit: usize,
    },
    /// What was to be written is not valid.
    #[error("{reason}")]
    Invalid {
        /// What is wrong with it.
        reason: String,
    },
    /// The store was opened, or switched, to be read only.
    #[error("the connection is read-only: nothing was written")]
    ReadOnly,
    /// More was asked than the tables' capacity allows, also after retries.
    #[error("{action} on {table} was throttled: the table's capacity is used up; try again in a moment")]
    Throttled {
        /// The operation, as an IAM policy names it.
        action: &'static str,
        /// The table.
        table: String,
    },
    /// No answer: no network, no such host, a time-out, or a reply that broke off.
    #[error("{place} can't be reached: {reason}")]
    Unreachable {
        /// Where the request went.
        place: String,
        /// What the network said.
        reason: String,
    },
    /// The request may have been carried out or not: the reply was lost and could not be looked up.
    #[error(
        "the reply to a write was lost and {place} could not be asked what became of it: look at the history before writing again"
    )]
    Unconfirmed {
        /// Where the request went.
        place: String,
    },
    /// The credentials were there, and are no longer valid.
    #[error("the credentials have expired or are not valid ({reason}); {}", sign_in(.profile.as_deref()))]
    CredentialsExpired {
        /// The profile they came from.
        profile: Option<String>,
        /// What the service said.
        reason: String,
    },
    /// No credentials were found.
    #[error("no credentials were found ({reason}); {}", sign_in(.profile.as_deref()))]
    CredentialsMissing {
        /// The profile that was looked in.
        profile: Option<String>,
        /// What the providers said.
        reason: String,
    },
    /// Nothing says which region's `DynamoDB` is meant.
    #[error("no region is known for DynamoDB: give one with --region, in the connection, or in {}", in_profile(.profile.as_deref()))]
    RegionMissing {
        /// The profile that was looked in.
        profile: Option<String>,
    },
    /// The account may not do that.
    #[error("access denied: the credentials may not do dynamodb:{action} on {table}")]
    AccessDenied {
        /// The operation, as an IAM policy names it.
        action: &'static str,
        /// The table.
        table: String,
    },
    /// The table is not there.
    #[error(
        "the table {table} does not exist here, or is still being created; `dynamini init` creates it and waits for it"
    )]
    TableMissing {
        /// The table.
        table: String,
    },
    /// The table is there and is not one of ours.
    #[error(
        "the table {table} has the keys {found}, not {wanted}; give another name with --table-collections or --table-entries"
    )]
    TableKeys {
        /// The table.
        table: String,
        /// Its keys.
        found: String,
        /// The keys that dynamodb-mini's tables have.
        wanted: String,
    },
    /// Others wrote to the same rows all the time, or another process holds the file of the embedded engine.
    #[error("others are writing to the same place all the time, and nothing was written; try again")]
    Busy,
    /// The embedded engine could not open its file.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The embedded engine failed.
    #[error("{place}: {fault}")]
    Engine {
        /// Which store, with its file.
        place: String,
        /// How.
        fault: EngineFault,
    },
    /// The service answered with an error of its own.
    #[error("{place} answered {action} with {code}: {message}")]
    Service {
        /// Where the request went.
        place: String,
        /// The operation.
        action: &'static str,
        /// The error's code.
        code: String,
        /// Its message.
        message: String,
    },
}

fn sign_in(profile: Option<&str>) -> String {
    match profile {
        Some(profile) => format!("sign in with `aws sso login --profile {profile}`, or renew the profile's keys"),
        None => "sign in with `aws sso login`, or name a profile with --profile".to_owned(),
    }
}

fn in_profile(profile: Option<&str>) -> String {
    profile.map_or_else(|| "AWS_REGION".to_owned(), |profile| format!("the profile {profile}"))
}

impl StoreError {
    pub(super) fn not_found(subject: &Subject) -> Self {
        Self::NotFound { what: format!("{} {}", subject.noun(), subject.id()) }
    }

    /// Returns whether nothing was written and trying the same again later may succeed without anyone doing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Throttled { .. } | Self::Unreachable { .. } | Self::Busy => true,
            Self::Service { code, .. } => matches!(
                code.as_str(),
                "InternalServerError" | "InternalFailure" | "ServiceUnavailable" | "TransactionInProgressException"
            ),
            _ => false,
        }
    }

    /// Returns whether trying the same again may succeed once the person has signed in.
    pub fn needs_sign_in(&self) -> bool {
        matches!(self, Self::CredentialsExpired { .. } | Self::CredentialsMissing { .. })
    }

    /// Returns whether a write failed for what it was about, so that others may succeed all the same.
    pub fn is_of_one_item(&self) -> bool {
        matches!(
            self,
            Self::VersionConflict { .. }
                | Self::Deleted { .. }
                | Self::NotDeleted { .. }
                | Self::AlreadyNewest { .. }
                | Self::NotFound { .. }
                | Self::TooLarge { .. }
                | Self::Invalid { .. }
                | Self::Busy
        )
    }

    /// Returns whether the credentials may not write.
    pub fn denies_writes(&self) -> bool {
        matches!(self, Self::AccessDenied { action, .. } if action.contains("PutItem") || action.contains("UpdateItem"))
    }
}

/// Where a request went, for its error.
pub(super) struct Request<'a> {
    pub(super) action: &'static str,
    pub(super) table: &'a str,
    pub(super) place: &'a str,
    pub(super) profile: Option<&'a str>,
}

impl Request<'_> {
    /// Says what an error of the SDK means.
    #[expect(clippy::needless_pass_by_value, reason = "an error ends here")]
    pub(super) fn error<E>(&self, error: SdkError<E>) -> StoreError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        if let SdkError::ServiceError(service) = &error {
            return self.service_error(service.err(), service.raw().status().as_u16());
        }
        if let Some(found) = credentials_error(&error) {
            return self.credentials_error(found);
        }
        StoreError::Unreachable { place: self.place.to_owned(), reason: innermost(&error) }
    }

    fn service_error(&self, error: &impl ProvideErrorMetadata, status: u16) -> StoreError {
        match error.code() {
            Some(code) => self.coded(code, error.message().unwrap_or_default()),
            // It was cut short on the way, or something between here and the service gave it.
            None => StoreError::Unreachable {
                place: self.place.to_owned(),
                reason: format!("a reply with the status {status} can't be read"),
            },
        }
    }

    /// Says what an error code of the service means.
    pub(super) fn coded(&self, code: &str, message: &str) -> StoreError {
        let (action, table) = (self.action, self.table.to_owned());
        let profile = || self.profile.map(str::to_owned);
        match code {
            "ResourceNotFoundException" => StoreError::TableMissing { table },
            "ProvisionedThroughputExceededException"
            | "ProvisionedThroughputExceeded"
            | "ThrottlingException"
            | "ThrottlingError"
            | "RequestLimitExceeded" => StoreError::Throttled { action, table },
            "AccessDeniedException" | "AccessDenied" => StoreError::AccessDenied { action: permission(action), table },
            "ExpiredTokenException"
            | "ExpiredToken"
            | "UnrecognizedClientException"
            | "InvalidSignatureException"
            | "InvalidClientTokenId"
            | "IncompleteSignatureException" => {
                StoreError::CredentialsExpired { profile: profile(), reason: message.to_owned() }
            }
            "MissingAuthenticationTokenException" => {
                StoreError::CredentialsMissing { profile: profile(), reason: message.to_owned() }
            }
            "ValidationException" => StoreError::Invalid { reason: message.to_owned() },
            code if EngineFault::from_code(code).is_some() => match EngineFault::from_code(code) {
                Some(EngineFault::Busy) | None => StoreError::Busy,
                Some(fault) => StoreError::Engine { place: self.place.to_owned(), fault },
            },
            _ => StoreError::Service {
                place: self.place.to_owned(),
                action,
                code: code.to_owned(),
                message: message.to_owned(),
            },
        }
    }

    fn credentials_error(&self, error: &CredentialsError) -> StoreError {
        let profile = self.profile.map(str::to_owned);
        let reason = innermost(error);
        // Where nothing is configured the chain ends with asking the machine it runs on, which then fails.
        let asked_the_machine = chain(error).any(<dyn Error>::is::<aws_config::imds::client::error::ImdsError>);
        match error {
            CredentialsError::CredentialsNotLoaded(_)
            | CredentialsError::InvalidConfiguration(_)
            | CredentialsError::ProviderTimedOut(_) => StoreError::CredentialsMissing { profile, reason },
            _ if asked_the_machine => StoreError::CredentialsMissing { profile, reason },
            _ => StoreError::CredentialsExpired { profile, reason },
        }
    }
}

/// Returns the permission that an operation needs: a transaction needs those of what it holds.
fn permission(action: &'static str) -> &'static str {
    match action {
        "TransactWriteItems" => "PutItem and dynamodb:UpdateItem",
        action => action,
    }
}

fn credentials_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a CredentialsError> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// Returns an error and what caused it, to the first cause.
pub(super) fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn Error + 'static) = *error;
        error.source()
    })
}

/// The last cause is the one that says something: the outer ones say "dispatch failure".
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
