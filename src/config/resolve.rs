//! Which connection is opened, and with what: flags over environment over file over defaults.

use std::path::PathBuf;

use super::connection::{Connection, Kind};
use super::error::{ConfigError, Origin};
use super::file::{FileConfig, find, names};
use super::layer::{Engine, Layer};

/// The name of the embedded store, the connection that needs no configuration.
pub const LOCAL: &str = "local";
/// The name of the sample data in memory.
pub const DEMO: &str = "demo";

/// Looks an environment variable up.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What the flags of the command line say; a flag that isn't given is `None` or `false`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--connection`: the name of the connection to open.
    pub connection: Option<String>,
    /// `--profile`: asks for `DynamoDB`.
    pub profile: Option<String>,
    /// `--region`: asks for `DynamoDB`.
    pub region: Option<String>,
    /// `--endpoint-url`: asks for `DynamoDB`.
    pub endpoint_url: Option<String>,
    /// `--data-dir`: where embedded stores keep their files.
    pub data_dir: Option<PathBuf>,
    /// `--demo`: sample data in memory.
    pub demo: bool,
    /// `--read-only`: refuses every write, on every connection.
    pub read_only: bool,
    /// `--author`: who is recorded with each version written.
    pub author: Option<String>,
    /// `--table-collections`: the table of collections.
    pub table_collections: Option<String>,
    /// `--table-entries`: the table of entries.
    pub table_entries: Option<String>,
}

impl Overrides {
    /// Returns the flags given that ask for `DynamoDB`.
    fn dynamodb(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [("--profile", &self.profile), ("--region", &self.region), ("--endpoint-url", &self.endpoint_url)]
            .into_iter()
            .filter_map(|(flag, value)| Some((flag, value.as_deref()?)))
    }

    fn check_demo(&self) -> Result<(), ConfigError> {
        let other = self.connection.as_deref().map(|_| "--connection");
        let other = other.or_else(|| self.data_dir.as_deref().map(|_| "--data-dir"));
        match self.dynamodb().map(|(flag, _)| flag).next().or(other) {
            Some(flag) if self.demo => Err(ConfigError::Conflict {
                first: "--demo".to_owned(),
                second: flag.to_owned(),
                why: "--demo opens sample data in memory; leave one of them out",
            }),
            _ => Ok(()),
        }
    }
}

/// Returns the connection to open.
///
/// It is the one named by `--connection`, else by the file's `connection`, else `local`, the embedded store.
/// `--profile`, `--region` and `--endpoint-url` change that connection if it is `DynamoDB`; if it is embedded and was not
/// named on the command line, they make a `DynamoDB` connection of their own. The environment never chooses: it only
/// changes the settings of a `DynamoDB` connection.
///
/// # Errors
///
/// Fails if no connection has the name, flags contradict each other, or a flag or variable that matters has a bad value.
pub fn resolve(
    file: Option<&FileConfig>,
    overrides: &Overrides,
    environment: Environment<'_>,
) -> Result<Connection, ConfigError> {
    overrides.check_demo()?;
    if overrides.demo {
        return Layer::from_flags(overrides)?.build(DEMO.to_owned(), Kind::Memory { sample: true });
    }
    let (name, layer) = choose(file, overrides)?;
    settle(name, layer, overrides, environment)
}

/// Returns all connections one may switch to: `local`, then those of the file in its order. The one that [`resolve`]
/// returns is among them, as the first if it is in no file.
///
/// Flags for one connection (profile, region, endpoint, tables) change only that one. Without a home directory and
/// `--data-dir`, embedded stores are left out.
///
/// # Errors
///
/// Fails as [`resolve`] does.
pub fn connections(
    file: Option<&FileConfig>,
    overrides: &Overrides,
    environment: Environment<'_>,
) -> Result<Vec<Connection>, ConfigError> {
    let chosen = resolve(file, overrides, environment)?;
    let general =
        Overrides { data_dir: overrides.data_dir.clone(), read_only: overrides.read_only, ..Overrides::default() };
    let names = names(file);
    let mut all = Vec::with_capacity(names.len() + 1);
    if !names.contains(&chosen.name) {
        all.push(chosen.clone());
    }
    for name in names {
        if name == chosen.name {
            all.push(chosen.clone());
            continue;
        }
        let layer = find(file, &name, Origin::Flag("--connection"))?;
        match settle(name, layer, &general, environment) {
            Err(ConfigError::NoDataDirectory) => {}
            connection => all.push(connection?),
        }
    }
    Ok(all)
}

/// Returns who is recorded with each version written, if the command line or the file says so.
pub fn author(file: Option<&FileConfig>, overrides: &Overrides) -> Option<String> {
    let flag = overrides.author.clone().filter(|author| !author.is_empty());
    flag.or_else(|| file.and_then(|file| file.author.clone()))
}

fn choose(file: Option<&FileConfig>, overrides: &Overrides) -> Result<(String, Layer), ConfigError> {
    let named = overrides.connection.as_deref();
    let name = named.or_else(|| file.and_then(|file| file.connection.as_deref())).unwrap_or(LOCAL);
    let layer = find(file, name, Origin::Flag("--connection"))?;
    let embedded = layer.engine.unwrap_or_default() == Engine::Embedded;
    match overrides.dynamodb().next() {
        Some((flag, _)) if embedded && named.is_some() => Err(ConfigError::Conflict {
            first: flag.to_owned(),
            second: format!("--connection {name}"),
            why: "this connection is an embedded store; name a DynamoDB connection or leave --connection out",
        }),
        Some(_) if embedded => {
            Ok((ad_hoc_name(overrides), Layer { engine: Some(Engine::DynamoDb), ..Layer::default() }))
        }
        _ => Ok((name.to_owned(), layer)),
    }
}

/// Returns a name that says what was given, so that `--profile work` isn't taken for a connection named `work`.
fn ad_hoc_name(overrides: &Overrides) -> String {
    let parts: Vec<_> = overrides
        .dynamodb()
        .map(
            |(flag, value)| if flag == "--endpoint-url" { value.to_owned() } else { format!("{} {value}", &flag[2..]) },
        )
        .collect();
    parts.join(", ")
}

fn settle(
    name: String,
    layer: Layer,
    overrides: &Overrides,
    environment: Environment<'_>,
) -> Result<Connection, ConfigError> {
    let flags = Layer::from_flags(overrides)?;
    let below = match layer.engine.unwrap_or_default() {
        Engine::DynamoDb => Layer::from_environment(environment)?.over(layer),
        Engine::Embedded => layer,
    };
    let layer = flags.over(below);
    let kind = layer.kind(overrides.data_dir.as_deref())?;
    layer.build(name, kind)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::super::{Capacity, Colour, Tables};
    use super::*;

    const FILE: &str = "author = 'file'
[connections.prod]
engine = 'dynamodb'
profile = 'work'
region = 'eu-central-1'
colour = 'red'
consistent_read = false
[connections.trial]
file = 'trial.db'
[connections.elsewhere]
file = '/elsewhere/kept.db'
";

    fn file(head: &str) -> FileConfig {
        FileConfig::parse(Path::new("c.toml"), &format!("{head}\n{FILE}")).expect("the file is right")
    }

    fn in_data() -> Overrides {
        Overrides { data_dir: Some("/data".into()), ..Overrides::default() }
    }

    fn named(connection: &str) -> Overrides {
        Overrides { connection: Some(connection.into()), ..Overrides::default() }
    }

    fn open(head: &str, overrides: &Overrides, variables: &[(&str, &str)]) -> Result<Connection, ConfigError> {
        let look_up = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned());
        resolve(Some(&file(head)), overrides, &look_up)
    }

    fn opened(head: &str, overrides: &Overrides, variables: &[(&str, &str)]) -> Connection {
        open(head, overrides, variables).expect("the connection is right")
    }

    fn region(connection: &Connection) -> Option<&str> {
        match &connection.kind {
            Kind::DynamoDb { region, .. } => region.as_deref(),
            _ => None,
        }
    }

    #[test]
    fn without_anything_the_embedded_store_is_opened() {
        let connection = resolve(None, &in_data(), &|_| None).expect("nothing can be wrong");
        let expected = Connection {
            name: "local".into(),
            kind: Kind::Embedded { file: "/data/dynamini.db".into() },
            tables: Tables { collections: "dynamomini.collections".into(), entries: "dynamomini.entries".into() },
            consistent_read: true,
            read_only: false,
            protected: false,
            colour: None,
            capacity: Capacity::Provisioned { read: 1, write: 1 },
            retry_base_delay: Duration::from_millis(50),
            applications: None,
        };
        assert_eq!(connection, expected);
    }

    #[test]
    fn the_environment_alone_never_leaves_the_embedded_store() {
        let variables = [
            ("AWS_REGION", "eu-west-1"),
            ("TABLE_NAME_ENTRIES", "other"),
            ("AWS_DYNAMODB_CONSISTENT_READ", "false"),
            ("AWS_DYNAMODB_READ_CAPACITY_UNITS", "not even a number"),
        ];
        assert_eq!(opened("", &in_data(), &variables), opened("", &in_data(), &[]));
    }

    #[test]
    fn dynamodb_is_opened_when_it_is_asked_for() {
        assert_eq!(opened("", &named("prod"), &[]).colour, Some(Colour::Red));
        assert_eq!(opened("connection = 'prod'", &Overrides::default(), &[]).name, "prod");
        let overrides = Overrides { region: Some("eu-west-1".into()), profile: Some("prod".into()), ..in_data() };
        let ad_hoc = opened("", &overrides, &[]);
        assert_eq!((ad_hoc.name.as_str(), region(&ad_hoc)), ("profile prod, region eu-west-1", Some("eu-west-1")));
        assert_eq!(ad_hoc.colour, None, "a profile is not the connection of the same name");
        let overrides = Overrides { endpoint_url: Some("http://localhost:8000".into()), ..Overrides::default() };
        let connection = resolve(None, &overrides, &|_| None).expect("the connection is right");
        assert_eq!(connection.name, "http://localhost:8000");
    }

    #[test]
    fn flags_go_over_environment_over_file() {
        assert_eq!(region(&opened("", &named("prod"), &[])), Some("eu-central-1"));
        let variables = [("AWS_REGION", "us-east-1")];
        assert_eq!(region(&opened("", &named("prod"), &variables)), Some("us-east-1"));
        assert_eq!(region(&opened("", &named("prod"), &[("AWS_REGION", "")])), Some("eu-central-1"), "empty is absent");
        let flag = Overrides { region: Some("sa-east-1".into()), ..named("prod") };
        assert_eq!(region(&opened("", &flag, &variables)), Some("sa-east-1"));
        let flag = Overrides { region: Some("sa-east-1".into()), ..Overrides::default() };
        let by_default = opened("connection = 'prod'", &flag, &variables);
        assert_eq!((by_default.name.as_str(), region(&by_default)), ("prod", Some("sa-east-1")));
        let tables = Overrides { table_entries: Some("flag".into()), read_only: true, ..named("prod") };
        let connection = opened("", &tables, &[("TABLE_NAME_ENTRIES", "var"), ("TABLE_NAME_COLLECTIONS", "var")]);
        assert_eq!((connection.tables.entries.as_str(), connection.tables.collections.as_str()), ("flag", "var"));
        assert!(connection.read_only);
    }

    #[test]
    fn every_variable_of_the_original_is_honoured() {
        let connection = opened(
            "",
            &named("prod"),
            &[
                ("AWS_REGION", "us-east-1"),
                ("AWS_DYNAMODB_CONSISTENT_READ", "true"),
                ("AWS_DYNAMODB_READ_CAPACITY_UNITS", "5"),
                ("AWS_DYNAMODB_WRITE_CAPACITY_UNITS", "6"),
                ("AWS_DYNAMODB_RETRY_BASE_DELAY", "70"),
                ("TABLE_NAME_COLLECTIONS", "ccc"),
                ("TABLE_NAME_ENTRIES", "eee"),
            ],
        );
        assert_eq!(region(&connection), Some("us-east-1"));
        assert!(connection.consistent_read);
        assert_eq!(connection.capacity, Capacity::Provisioned { read: 5, write: 6 });
        assert_eq!(connection.retry_base_delay, Duration::from_millis(70));
        assert_eq!(connection.tables, Tables { collections: "ccc".into(), entries: "eee".into() });
    }

    #[test]
    fn a_variable_that_does_not_parse_is_named() {
        for name in [
            "AWS_DYNAMODB_CONSISTENT_READ",
            "AWS_DYNAMODB_READ_CAPACITY_UNITS",
            "AWS_DYNAMODB_WRITE_CAPACITY_UNITS",
            "AWS_DYNAMODB_RETRY_BASE_DELAY",
            "TABLE_NAME_COLLECTIONS",
            "TABLE_NAME_ENTRIES",
        ] {
            let error = open("", &named("prod"), &[(name, "a b")]).expect_err("the value is wrong").to_string();
            assert!(error.starts_with(&format!("the environment variable {name} must be ")), "{error}");
        }
    }

    #[test]
    fn flags_that_contradict_each_other_are_refused() {
        let profile = || Some("work".to_owned());
        for (overrides, first, second) in [
            (Overrides { profile: profile(), ..named("trial") }, "--profile", "--connection trial"),
            (Overrides { profile: profile(), ..named("local") }, "--profile", "--connection local"),
            (Overrides { demo: true, profile: profile(), ..Overrides::default() }, "--demo", "--profile"),
            (Overrides { demo: true, ..named("prod") }, "--demo", "--connection"),
            (Overrides { demo: true, ..in_data() }, "--demo", "--data-dir"),
        ] {
            let error = open("", &overrides, &[]).expect_err("the flags contradict each other").to_string();
            assert!(error.starts_with(&format!("{first} and {second} cannot go together: ")), "{error}");
        }
    }

    #[test]
    fn a_flag_with_a_bad_value_is_named() {
        for (overrides, flag) in [
            (Overrides { profile: Some(String::new()), ..Overrides::default() }, "--profile"),
            (Overrides { endpoint_url: Some("host".into()), ..Overrides::default() }, "--endpoint-url"),
            (Overrides { table_entries: Some("?".into()), ..in_data() }, "--table-entries"),
        ] {
            let error = open("", &overrides, &[]).expect_err("the value is wrong").to_string();
            assert!(error.starts_with(&format!("{flag} must be ")), "{error}");
        }
        let same = Overrides { table_entries: Some("dynamomini.collections".into()), ..in_data() };
        assert!(matches!(open("", &same, &[]), Err(ConfigError::SameTable { .. })));
    }

    #[test]
    fn an_unknown_connection_lists_the_known_ones() {
        let error = open("", &named("prodd"), &[]).expect_err("there is no such connection").to_string();
        assert_eq!(
            error,
            "--connection: no connection is named `prodd`; known: local, prod, trial, elsewhere; did you mean `prod`?"
        );
    }

    #[test]
    fn the_demo_is_in_memory_whatever_the_file_says() {
        let overrides = Overrides { demo: true, ..Overrides::default() };
        let connection = opened("connection = 'prod'", &overrides, &[("AWS_REGION", "eu-west-1")]);
        assert_eq!((connection.name.as_str(), connection.kind), (DEMO, Kind::Memory { sample: true }));
    }

    #[test]
    fn the_data_directory_of_the_command_line_holds_every_embedded_file() {
        for (name, path) in
            [("local", "/data/dynamini.db"), ("trial", "/data/trial.db"), ("elsewhere", "/data/kept.db")]
        {
            let overrides = Overrides { connection: Some(name.into()), ..in_data() };
            assert_eq!(opened("", &overrides, &[]).kind, Kind::Embedded { file: path.into() });
        }
        let kept = Kind::Embedded { file: "/elsewhere/kept.db".into() };
        assert_eq!(opened("", &named("elsewhere"), &[]).kind, kept);
    }

    #[test]
    fn the_list_of_connections_holds_the_one_that_is_opened() {
        let list = |overrides: &Overrides| {
            let all = connections(Some(&file("")), overrides, &|_| None).expect("the connections are right");
            let chosen = resolve(Some(&file("")), overrides, &|_| None).expect("the connection is right");
            assert!(all.contains(&chosen));
            all
        };
        let names = |all: &[Connection]| all.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&list(&in_data())), ["local", "prod", "trial", "elsewhere"]);
        let ad_hoc = Overrides { region: Some("eu-west-1".into()), table_entries: Some("eee".into()), ..in_data() };
        assert_eq!(names(&list(&ad_hoc)), ["region eu-west-1", "local", "prod", "trial", "elsewhere"]);
        assert_eq!(region(&list(&ad_hoc)[2]), Some("eu-central-1"), "flags for one connection change only that one");
        let read_only = Overrides { read_only: true, ..in_data() };
        assert!(list(&read_only).iter().all(|connection| connection.read_only));
    }

    #[test]
    fn the_author_comes_from_the_flag_then_from_the_file() {
        let flag = Overrides { author: Some("flag".into()), ..Overrides::default() };
        assert_eq!(author(Some(&file("")), &flag).as_deref(), Some("flag"));
        assert_eq!(author(Some(&file("")), &Overrides::default()).as_deref(), Some("file"));
        assert_eq!(author(None, &Overrides::default()), None);
    }
}
