//! The config file: what it says, with nothing filled in yet.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, Error as TomlError};

use super::connection::Colour;
use super::error::{ConfigError, Origin};
use super::keys::{self, nearest};
use super::layer::{Engine, Layer, bad_value, capacity_units, endpoint_url, milliseconds, table_name};
use super::paths::expand_home;
use super::reader::{Reader, Source};
use super::resolve::LOCAL;
use super::serve::Serve;

/// A config file that was read and found right.
#[derive(Debug, Clone)]
pub struct FileConfig {
    /// The path it was read from.
    pub path: PathBuf,
    /// The connection that is opened when the command line names none.
    pub connection: Option<String>,
    /// Who is recorded with each version written.
    pub author: Option<String>,
    /// The settings of the server, with the default for what the file doesn't say.
    pub serve: Serve,
    /// The connections by name, in file order.
    pub(super) connections: Vec<(String, Layer)>,
}

impl FileConfig {
    /// Reads a config file that must exist.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(reason) => Err(ConfigError::Unreadable { path: path.to_owned(), reason }),
        }
    }

    /// Reads a config file that need not exist.
    pub fn read_if_exists(path: &Path) -> Result<Option<Self>, ConfigError> {
        match Self::read(path) {
            Err(ConfigError::Unreadable { reason, .. }) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }

    /// Parses the text of a config file; `path` is where errors say it is.
    ///
    /// # Errors
    ///
    /// Fails at the first thing that is wrong: text that is not TOML, an unknown key, a value of the wrong type or out
    /// of its bounds, a key of the other engine, or a default connection that is not there.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let source = Source { path, text };
        let document = DeTable::parse(text).map_err(|error| syntax(source, &error))?;
        let top = Reader::new(source, String::new(), document.get_ref(), keys::TOP)?;
        let connections = top
            .tables("connections")?
            .into_iter()
            .map(|(name, table)| Ok((name.to_owned(), connection(source, name, table)?)))
            .collect::<Result<_, ConfigError>>()?;
        let serve = match top.table("serve") {
            Some(table) => Serve::read(&Reader::new(source, "serve.".to_owned(), table, keys::SERVE)?)?,
            None => Serve::default(),
        };
        let default = top.text("connection");
        let file = Self {
            path: path.to_owned(),
            connection: default.as_ref().map(|(name, _)| (*name).to_owned()),
            author: top.text("author").map(|(author, _)| author.to_owned()),
            serve,
            connections,
        };
        if let Some((name, origin)) = default {
            find(Some(&file), name, origin)?;
        }
        Ok(file)
    }
}

/// Returns what the file says about the connection of this name, which is nothing for `local` if it isn't there.
pub(super) fn find(file: Option<&FileConfig>, name: &str, origin: Origin) -> Result<Layer, ConfigError> {
    let connections = file.map_or(&[][..], |file| &file.connections);
    match connections.iter().find(|(known, _)| known == name) {
        Some((_, layer)) => Ok(layer.clone()),
        None if name == LOCAL => Ok(Layer::default()),
        None => {
            let known = names(file);
            Err(ConfigError::UnknownConnection {
                origin,
                name: name.to_owned(),
                nearest: nearest(name, known.iter().map(String::as_str)).map(str::to_owned),
                known,
            })
        }
    }
}

/// Returns the names of all connections: `local`, which always exists, then the others in file order.
pub(super) fn names(file: Option<&FileConfig>) -> Vec<String> {
    let others =
        file.into_iter().flat_map(|file| &file.connections).map(|(name, _)| name).filter(|name| *name != LOCAL);
    std::iter::once(LOCAL.to_owned()).chain(others.cloned()).collect()
}

fn connection<'a>(source: Source<'a>, name: &str, table: &'a DeTable<'a>) -> Result<Layer, ConfigError> {
    let reader = Reader::new(source, format!("connections.{name}."), table, keys::CONNECTION)?;
    let engine = choice(&reader, "engine", [Engine::Embedded, Engine::DynamoDb], Engine::name)?.unwrap_or_default();
    if let (LOCAL, Engine::DynamoDb, Some((value, origin))) = (name, engine, reader.text("engine")) {
        return Err(bad_value(
            origin,
            value,
            "\"embedded\" as `local` is always the embedded store (rename the table)",
        ));
    }
    let foreign: &[&str] = match engine {
        Engine::Embedded => &["profile", "region", "endpoint_url"],
        Engine::DynamoDb => &["file"],
    };
    if let Some((_, origin)) = foreign.iter().find_map(|key| reader.text(key)) {
        return Err(ConfigError::WrongEngine { origin, engine: engine.other().name() });
    }
    let owned = |key| reader.text(key).map(|(value, _)| value.to_owned());
    let checked = |key, check: fn(Origin, &str) -> Result<String, ConfigError>| {
        reader.text(key).map(|(value, origin)| check(origin, value)).transpose()
    };
    let whole = |key, check: fn(Origin, &str) -> Result<u32, ConfigError>| {
        reader.whole(key).map(|(value, origin)| check(origin, &value)).transpose()
    };
    Ok(Layer {
        engine: Some(engine),
        file: reader.text("file").map(|(path, _)| expand_home(path)),
        profile: owned("profile"),
        region: owned("region"),
        endpoint_url: checked("endpoint_url", endpoint_url)?,
        table_collections: checked("table_collections", table_name)?,
        table_entries: checked("table_entries", table_name)?,
        consistent_read: reader.switch("consistent_read"),
        read_only: reader.switch("read_only"),
        protected: reader.switch("protected"),
        colour: choice(&reader, "colour", Colour::ALL, Colour::name)?,
        on_demand: choice(&reader, "billing", [false, true], billing)?,
        read_capacity_units: whole("read_capacity_units", capacity_units)?,
        write_capacity_units: whole("write_capacity_units", capacity_units)?,
        retry_base_delay_ms: whole("retry_base_delay_ms", milliseconds)?,
        applications: reader.texts("applications"),
    })
}

fn billing(on_demand: bool) -> &'static str {
    if on_demand { "on-demand" } else { "provisioned" }
}

/// Returns which of the values, known by their names, stands at the key.
pub(super) fn choice<T: Copy, const N: usize>(
    reader: &Reader<'_>,
    key: &str,
    values: [T; N],
    name: fn(T) -> &'static str,
) -> Result<Option<T>, ConfigError> {
    let Some((text, origin)) = reader.text(key) else { return Ok(None) };
    match values.into_iter().find(|value| name(*value) == text) {
        Some(value) => Ok(Some(value)),
        None => Err(ConfigError::BadValue {
            origin,
            value: text.to_owned(),
            expected: format!("one of {}", values.map(name).join(", ")),
            nearest: nearest(text, values.map(name)).map(str::to_owned),
        }),
    }
}

fn syntax(source: Source<'_>, error: &TomlError) -> ConfigError {
    ConfigError::Syntax {
        path: source.path.to_owned(),
        line: source.line(error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::Key;
    use super::super::{Connection, Overrides, connections, resolve};
    use super::*;

    const EXAMPLE: &str = include_str!("../../config.example.toml");

    fn parse(text: &str) -> Result<FileConfig, ConfigError> {
        FileConfig::parse(Path::new("c.toml"), text)
    }

    fn message(text: &str) -> String {
        parse(text).expect_err("the file is wrong").to_string()
    }

    fn all(file: &FileConfig) -> Vec<Connection> {
        let overrides = Overrides { data_dir: Some("/data".into()), ..Overrides::default() };
        connections(Some(file), &overrides, &|_| None).expect("the connections are right")
    }

    fn uncommented() -> String {
        let setting = |line: &str| {
            let is_setting =
                |rest: &str| rest.starts_with('[') || rest.split_once(" = ").is_some_and(|(key, _)| is_key(key));
            line.strip_prefix("# ").filter(|rest| is_setting(rest)).unwrap_or(line).to_owned() + "\n"
        };
        EXAMPLE.lines().map(setting).collect()
    }

    fn is_key(text: &str) -> bool {
        text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    }

    #[test]
    fn a_copy_of_the_example_changes_nothing() {
        let example = parse(EXAMPLE).expect("the example is right");
        assert_eq!(all(&example), all(&parse("").expect("an empty file is right")));
        assert_eq!((example.connection, example.author), (None, None));
    }

    #[test]
    fn the_example_uncommented_says_the_defaults() {
        let example = parse(&uncommented()).expect("the example is right");
        let bare = parse("[connections.local]\n[connections.aws]\nengine = 'dynamodb'").expect("the file is right");
        assert_eq!(all(&example), all(&bare));
        assert_eq!(all(&example).len(), 2);
        assert_eq!((example.connection.as_deref(), example.author), (Some(LOCAL), None));
        assert_eq!(example.serve, Serve::default());
    }

    #[test]
    fn the_example_documents_every_key_with_its_default() {
        let settings = keys::TOP.iter().filter(|key| !["connections", "serve"].contains(&key.name));
        let tables = settings.chain(keys::CONNECTION).chain(keys::SERVE);
        for Key { name, default, doc, .. } in tables {
            assert!(EXAMPLE.contains(&format!("\n# {name} = {default}\n")), "{name} = {default}");
            assert!(EXAMPLE.contains(&format!("\n# {doc}\n")), "{name}: {doc}");
        }
    }

    #[test]
    fn the_example_names_every_colour() {
        for colour in Colour::ALL {
            let name = colour.name().trim_start_matches("bright-");
            assert!(EXAMPLE.contains(name), "{name}");
        }
    }

    #[test]
    fn every_key_of_the_table_is_read() {
        let shared = "table_collections = 'ccc'\ntable_entries = 'eee'\nconsistent_read = false\nread_only = true\nprotected = true\n\
            colour = 'bright-red'\nbilling = 'on-demand'\nread_capacity_units = 1_000\nwrite_capacity_units = 0x10\n\
            retry_base_delay_ms = 7\napplications = ['a', 'b']\n";
        let cloud = "engine = 'dynamodb'\nprofile = 'p'\nregion = 'r'\nendpoint_url = 'http://h'\n";
        let text = format!(
            "connection = 'cloud'\nauthor = 'me'\n[connections.cloud]\n{cloud}{shared}[connections.here]\nfile = 'f.db'\n"
        );
        let file = parse(&text).expect("the file is right");
        let is_here = |key: &&Key| key.name != "serve";
        for Key { name, .. } in keys::TOP.iter().filter(is_here).chain(keys::CONNECTION) {
            assert!(text.contains(name), "{name}");
        }
        assert_eq!((file.connection.as_deref(), file.author.as_deref()), (Some("cloud"), Some("me")));
        let names: Vec<_> = file.connections.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["cloud", "here"], "in file order");
        let (cloud, here) = (&file.connections[0].1, &file.connections[1].1);
        let debug = format!("{cloud:?}{:?}", here.file);
        assert_eq!(debug.matches("None").count(), 1, "only the embedded file is not said: {debug}");
        assert_eq!(cloud.read_capacity_units, Some(1000));
        assert_eq!(cloud.write_capacity_units, Some(16));
        assert_eq!(cloud.applications.as_deref(), Some(&["a".to_owned(), "b".to_owned()][..]));
        assert_eq!(here.file.as_deref(), Some(Path::new("f.db")));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_key() {
        assert_eq!(
            message("author = 'me'\n\n[connections.work]\nengine = 'dynamodb'\nregoin = 'eu'\n"),
            "c.toml:5: `connections.work.regoin` is not a known key; did you mean `region`?"
        );
        assert_eq!(
            message("zebra = 1\n"),
            "c.toml:1: `zebra` is not a known key; known here: connection, author, connections, serve"
        );
    }

    #[test]
    fn the_first_mistake_of_the_file_is_reported() {
        assert!(message("\nzebra = 1\nauthor = 1\n").starts_with("c.toml:2: `zebra`"));
        assert!(message("\nauthor = 1\nzebra = 1\n").starts_with("c.toml:2: `author`"));
    }

    #[test]
    fn a_wrong_type_says_what_is_expected() {
        for (text, expected) in [
            ("author = 1", "c.toml:1: `author` must be a string in quotes, not integer"),
            ("connections = true", "c.toml:1: `connections` must be tables, [connections.NAME], not boolean"),
            ("[connections]\nx = 'y'", "c.toml:2: `connections.x` must be tables, [connections.NAME], not string"),
            (
                "[connections.x]\nread_only = 'yes'",
                "c.toml:2: `connections.x.read_only` must be true or false, not string",
            ),
            (
                "[connections.x]\nread_capacity_units = 1.5",
                "c.toml:2: `connections.x.read_capacity_units` must be a whole number, not float",
            ),
            (
                "[connections.x]\napplications = [\n'a',\n2]",
                "c.toml:4: `connections.x.applications` must be a list of strings, [\"a\", \"b\"], not integer",
            ),
        ] {
            assert_eq!(message(text), expected);
        }
    }

    #[test]
    fn a_bad_value_says_what_is_expected() {
        for (setting, expected) in [
            ("engine = 'dynamo'", "one of embedded, dynamodb, not `dynamo`; did you mean `dynamodb`?"),
            ("billing = 'free'", "one of provisioned, on-demand, not `free`"),
            ("colour = 'bright red'", "did you mean `bright-red`?"),
            ("read_capacity_units = 0", "must be a whole number from 1, not `0`"),
            ("write_capacity_units = -3", "must be a whole number from 1, not `-3`"),
            ("retry_base_delay_ms = 60001", "must be a whole number of milliseconds from 0 to 60000, not `60001`"),
            ("table_entries = 'my table'", "not `my table`"),
        ] {
            let message = message(&format!("[connections.x]\n{setting}\n"));
            assert!(message.starts_with("c.toml:2: `connections.x.") && message.contains(expected), "{message}");
        }
        let message = message("[connections.x]\nengine = 'dynamodb'\nendpoint_url = 'localhost:8000'");
        assert_eq!(
            message,
            "c.toml:3: `connections.x.endpoint_url` must be a URL such as http://localhost:8000, not `localhost:8000`"
        );
    }

    #[test]
    fn a_key_of_the_other_engine_is_refused() {
        assert_eq!(
            message("[connections.x]\nregion = 'eu-west-1'"),
            "c.toml:2: `connections.x.region` does nothing for this engine: it needs engine = \"dynamodb\""
        );
        assert!(message("[connections.x]\nengine = 'dynamodb'\nfile = 'f'").contains("needs engine = \"embedded\""));
        assert!(message("[connections.local]\nengine = 'dynamodb'").contains("`local` is always the embedded store"));
    }

    #[test]
    fn a_default_connection_that_is_not_there_is_named() {
        assert_eq!(
            message("connection = 'prud'\n[connections.prod]\nengine = 'dynamodb'"),
            "c.toml:1: `connection`: no connection is named `prud`; known: local, prod; did you mean `prod`?"
        );
    }

    #[test]
    fn text_that_is_not_toml_is_reported_with_its_line() {
        assert!(message("author = 'me'\nconnection = \n").starts_with("c.toml:2: not valid TOML: "));
        assert!(message("author = 'a'\nauthor = 'b'\n").starts_with("c.toml:2: not valid TOML: "));
    }

    #[test]
    fn a_missing_file_is_an_error_only_if_it_was_asked_for() {
        let dir = tempfile::tempdir().expect("a directory for the test");
        let missing = dir.path().join("none.toml");
        let error = FileConfig::read(&missing).expect_err("there is no file");
        assert!(error.to_string().starts_with(&format!("{}: cannot read the config file: ", missing.display())));
        assert!(matches!(FileConfig::read_if_exists(&missing), Ok(None)));

        let file = dir.path().join("c.toml");
        fs::write(&file, "author = 'me'").expect("the file is written");
        let read = FileConfig::read(&file).expect("the file is right");
        assert_eq!((read.path.as_path(), read.author.as_deref()), (file.as_path(), Some("me")));
        let overrides = Overrides { data_dir: Some("/data".into()), ..Overrides::default() };
        assert_eq!(resolve(Some(&read), &overrides, &|_| None).expect("local is right").name, LOCAL);
    }
}
