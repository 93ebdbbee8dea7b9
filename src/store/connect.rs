//! From a connection of the configuration to a store that answers.

use std::sync::Arc;
use std::time::Duration;

use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use jiff::Timestamp;

use super::embedded::{self, Engine, EngineFault};
use super::error::StoreError;
use super::{Clock, Options, Store};
use crate::config::{Connection, Kind, Tables};
use crate::model::Application;

/// How long a connection to the service may take. Its endpoints answer within a tenth of a second as a rule.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one answer may take to begin. The largest page has 1 MB.
const READ_TIMEOUT: Duration = Duration::from_secs(20);
/// How often a request is sent at most before it counts as throttled or unreachable. The tables of the original have
/// one unit of capacity, which a page of a listing can use up for some seconds.
const ATTEMPTS: u32 = 7;
/// The region that requests to an endpoint of one's own are signed for where none is set: stand-ins for the service
/// need one and take any.
const REGION_OF_ENDPOINTS: &str = "us-east-1";

/// Opens the store of a connection, whose writes carry `author` and are dated by `clock`.
///
/// An embedded store is made with its tables on first use, also on a read-only connection; one in memory has the sample
/// data if the connection says so. For `DynamoDB` nothing is sent here, but what finding a region needs.
pub async fn connect(connection: &Connection, author: &str, clock: Clock) -> Result<Store, StoreError> {
    match &connection.kind {
        Kind::Memory { sample } => {
            let engine = Engine::memory()?;
            let options = options(connection, author, clock, "the store in memory".to_owned());
            open_embedded(&engine, options, *sample).await
        }
        Kind::Embedded { file } => {
            let place = format!("the embedded store {}", file.display());
            let file = file.clone();
            let opening = tokio::task::spawn_blocking(move || Engine::open(&file));
            let crashed = |_| StoreError::Engine { place: place.clone(), fault: EngineFault::Crashed };
            let engine = opening.await.map_err(crashed)??;
            let options = options(connection, author, clock, place);
            open_embedded(&engine, options, false).await
        }
        Kind::DynamoDb { profile, region, endpoint_url } => {
            let (client, place) =
                dynamodb(connection, profile.as_ref(), region.as_ref(), endpoint_url.as_ref()).await?;
            let options = Options { profile: profile.clone(), ..options(connection, author, clock, place) };
            Ok(Store::new(client, options))
        }
    }
}

/// Returns the clock of the machine, or one that always tells `frozen`.
pub fn clock(frozen: Option<Timestamp>) -> Clock {
    match frozen {
        Some(time) => Arc::new(move || time.as_millisecond()),
        None => Arc::new(|| Timestamp::now().as_millisecond()),
    }
}

/// Returns who writes where nobody said so: `user@host`, either `unknown` where the system doesn't tell. `environment`
/// looks an environment variable up.
pub fn default_author(environment: &dyn Fn(&str) -> Option<String>) -> String {
    let set = |name| environment(name).filter(|value| !value.is_empty());
    let user = set("USER").or_else(|| set("LOGNAME")).or_else(|| set("USERNAME"));
    let host = host_name().or_else(|| set("COMPUTERNAME"));
    let known = |part: Option<String>| part.unwrap_or_else(|| "unknown".to_owned());
    format!("{}@{}", known(user), known(host))
}

#[cfg(unix)]
fn host_name() -> Option<String> {
    let name = rustix::system::uname();
    name.nodename().to_str().ok().filter(|name| !name.is_empty()).map(str::to_owned)
}

#[cfg(not(unix))]
fn host_name() -> Option<String> {
    None
}

fn options(connection: &Connection, author: &str, clock: Clock, place: String) -> Options {
    let applications = connection.applications.as_ref();
    Options {
        tables: connection.tables.clone(),
        applications: applications.map(|names| names.iter().map(|name| Application::new(name.as_str())).collect()),
        consistent_read: connection.consistent_read,
        read_only: connection.read_only,
        author: author.to_owned(),
        capacity: connection.capacity,
        place,
        profile: None,
        clock,
    }
}

async fn open_embedded(engine: &Engine, options: Options, with_sample: bool) -> Result<Store, StoreError> {
    let client = embedded::client(engine);
    // Making the file ready is no write of the person who asked to be kept from writing.
    let maker = Store::new(client.clone(), Options { read_only: false, ..options.clone() });
    drop_half_made(&client, &options.tables).await;
    if !has_tables(&client, &options.tables).await {
        maker.init().await?;
    }
    if with_sample {
        maker.load_sample().await?;
    }
    Ok(Store::new(client, options))
}

/// Takes a table off the list that was listed and never made, so that it is made anew: whoever was at it was killed, for
/// otherwise it is there in a moment.
///
/// The engine lists a table and makes the place for its rows in two steps. Until the second there can be no row to lose.
async fn drop_half_made(client: &Client, tables: &Tables) {
    for table in [&tables.collections, &tables.entries] {
        let mut looks = 0;
        while is_half_made(client, table).await {
            looks += 1;
            if looks == LOOKS_AT_A_TABLE {
                // Where that fails, so does what comes next, which says why.
                client.delete_table().table_name(table).send().await.ok();
                break;
            }
            tokio::time::sleep(PAUSE_BETWEEN_LOOKS).await;
        }
    }
}

/// How often a table is looked at that another process may be making, and the pause between: half a second together,
/// where making it takes a few milliseconds.
const LOOKS_AT_A_TABLE: u32 = 25;
/// See [`LOOKS_AT_A_TABLE`].
const PAUSE_BETWEEN_LOOKS: Duration = Duration::from_millis(20);

async fn is_half_made(client: &Client, table: &str) -> bool {
    let looked = client.scan().table_name(table).limit(1).send().await;
    looked.is_err_and(|error| {
        let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
        code.and_then(EngineFault::from_code) == Some(EngineFault::HalfMade)
    })
}

/// Returns whether both tables are listed. Cheaper than [`Store::init`], whose look at a table counts its rows in the
/// embedded engine; that it fails for a reason shows there too.
async fn has_tables(client: &Client, tables: &Tables) -> bool {
    let listed = client.list_tables().send().await;
    listed.is_ok_and(|listed| {
        let names = listed.table_names();
        names.contains(&tables.collections) && names.contains(&tables.entries)
    })
}

/// Returns a client of the service, and where it sends its requests.
async fn dynamodb(
    connection: &Connection,
    profile: Option<&String>,
    region: Option<&String>,
    endpoint_url: Option<&String>,
) -> Result<(Client, String), StoreError> {
    let tls = Provider::Rustls(CryptoMode::Ring);
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build();
    let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(connection.retry_base_delay);
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().tls_provider(tls).build_https())
        .timeout_config(timeouts)
        .retry_config(retries);
    let mut profile_region = ProfileFileRegionProvider::builder();
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
        profile_region = profile_region.profile_name(profile);
    }
    if let Some(url) = endpoint_url {
        // Without this an endpoint of one's own would wait for the metadata service of a machine that it isn't on.
        let region = RegionProviderChain::first_try(profile_region.build()).or_else(REGION_OF_ENDPOINTS);
        loader = loader.endpoint_url(url).region(region);
    }
    if let Some(region) = region {
        loader = loader.region(Region::new(region.clone()));
    }
    let config = loader.load().await;
    let Some(region) = config.region() else {
        return Err(StoreError::RegionMissing { profile: profile.cloned() });
    };
    let place = config.endpoint_url().map_or_else(|| format!("DynamoDB in {region}"), str::to_owned);
    Ok((Client::new(&config), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_a_user_at_a_host() {
        let author = default_author(&|name| (name == "LOGNAME").then(|| "ada".to_owned()));
        assert!(author.starts_with("ada@") && author.len() > "ada@".len(), "{author}");
        let nobody = default_author(&|name| (name == "USER").then(String::new));
        assert!(nobody.starts_with("unknown@"), "{nobody}");
    }

    #[test]
    fn a_frozen_clock_tells_one_time() {
        let frozen = clock("2026-11-22T09:41:03.004Z".parse().ok());
        assert_eq!((frozen(), frozen()), (1_795_340_463_004, 1_795_340_463_004));
    }
}
