//! Whether a write may have been carried out although it did not end well.
//!
//! The SDK tries again by itself and tells only how its last try ended: a first try whose reply was lost hides behind a
//! second one that was throttled, refused, or that met the row the first one wrote. So each try is watched.

use std::any::type_name;
use std::error::Error;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::config::interceptors::{BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::{BoxError, ProvideErrorMetadata};
use aws_smithy_runtime_api::client::result::ConnectorError;

use super::embedded::EngineFault;
use super::error::chain;

/// Counts the tries of one write that nobody can tell the end of; `E` is the operation's error. A clone watches the same.
pub(super) struct Doubt<E> {
    tries: Arc<AtomicUsize>,
    error: PhantomData<fn() -> E>,
}

impl<E> Doubt<E> {
    pub(super) fn new() -> Self {
        Self { tries: Arc::default(), error: PhantomData }
    }

    /// Returns whether one of the tries may have been carried out without a reply that says so.
    pub(super) fn remains(&self) -> bool {
        self.tries.load(Ordering::Relaxed) > 0
    }
}

impl<E> Clone for Doubt<E> {
    fn clone(&self) -> Self {
        Self { tries: Arc::clone(&self.tries), error: PhantomData }
    }
}

impl<E> fmt::Debug for Doubt<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(type_name::<Self>()).field("tries", &self.tries).finish()
    }
}

impl<E: ProvideErrorMetadata + Error + Send + Sync + 'static> Intercept for Doubt<E> {
    fn name(&self) -> &'static str {
        "doubt"
    }

    /// From here on the request may arrive.
    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.tries.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let status = context.response().map_or(0, |response| response.status().as_u16());
        let is_certain = match context.output_or_error() {
            None => false,
            Some(Ok(_)) => true,
            Some(Err(error)) => match error.as_operation_error() {
                Some(error) => {
                    let code = error.downcast_ref::<E>().and_then(ProvideErrorMetadata::code);
                    is_refusal(status, code.unwrap_or_default())
                }
                None => error.as_connector_error().is_some_and(never_arrived),
            },
        };
        if is_certain {
            self.tries.fetch_sub(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Returns whether an error reply says for sure that nothing was written.
fn is_refusal(status: u16, code: &str) -> bool {
    match EngineFault::from_code(code) {
        Some(EngineFault::Io | EngineFault::Crashed) => false,
        Some(_) => true,
        // A transaction in progress is an earlier try of this one.
        None => (400..500).contains(&status) && code != "TransactionInProgressException",
    }
}

/// Returns whether a request failed before there was a connection to send it on.
fn never_arrived(error: &ConnectorError) -> bool {
    use io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable};
    let failures = chain(error).filter_map(|error| error.downcast_ref::<io::Error>());
    let mut kinds = failures.map(io::Error::kind);
    error.is_user() || kinds.any(|kind| matches!(kind, ConnectionRefused | HostUnreachable | NetworkUnreachable))
}
