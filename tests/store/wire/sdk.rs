//! What the SDK has beside the wire that a mishap can concern: credentials, and the time it waits.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::credential_fn::provide_credentials_fn;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{AsyncSleep, Builder, IdentityCache, Sleep, StalledStreamProtectionConfig};

use super::Wire;
use super::mishap::{Mishap, NoCredentials};

/// How long the SDK waits for a reply by its own clock, which stands still: only [`Mishap::Silence`] ends the wait.
const PATIENCE: Duration = Duration::from_hours(1);

impl Wire {
    /// Lets mishaps of this wire concern the time-outs and the credentials of a client; without credentials it sends
    /// its requests unsigned.
    pub fn govern(&self, config: Builder, credentials: Option<Credentials>) -> Builder {
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).build();
        let config = match credentials {
            Some(credentials) => config.credentials_provider(self.credentials(credentials)),
            None => config.allow_no_auth(),
        };
        config
            .identity_cache(IdentityCache::no_cache())
            .timeout_config(timeouts)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .sleep_impl(self.clone())
    }

    fn credentials(&self, credentials: Credentials) -> impl ProvideCredentials + 'static {
        let wire = self.clone();
        provide_credentials_fn(move || {
            let (wire, credentials) = (wire.clone(), credentials.clone());
            async move {
                match wire.note_sign_in() {
                    Some(Mishap::SignIn(NoCredentials::Missing)) => {
                        Err(CredentialsError::not_loaded("none are set up"))
                    }
                    Some(Mishap::SignIn(NoCredentials::NotRenewed)) => {
                        Err(CredentialsError::provider_error("the session has expired"))
                    }
                    _ => Ok(credentials),
                }
            }
        })
    }
}

impl AsyncSleep for Wire {
    fn sleep(&self, duration: Duration) -> Sleep {
        if duration < PATIENCE {
            return Sleep::new(tokio::time::sleep(duration));
        }
        let wire = self.clone();
        Sleep::new(async move { wire.0.time_is_up.notified().await })
    }
}
