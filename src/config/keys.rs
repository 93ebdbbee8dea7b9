//! The keys of the config file, one table for reading it, for its errors, and for the test of `config.example.toml`.

use std::fmt;

/// A key of the config file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The key as it is written.
    pub name: &'static str,
    /// What its value is.
    pub value: ValueType,
    /// The value, as TOML, that equals leaving the key out. An empty string or list means: not set.
    pub default: &'static str,
    /// What it is for, in one sentence.
    pub doc: &'static str,
}

/// The type that a value must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// A string.
    Text,
    /// A list of strings.
    Texts,
    /// `true` or `false`.
    Switch,
    /// A whole number.
    Whole,
    /// A table of tables, written as `[connections.NAME]`.
    Tables,
    /// A table, written as `[serve]`.
    Table,
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "a string in quotes",
            Self::Texts => "a list of strings, [\"a\", \"b\"]",
            Self::Switch => "true or false",
            Self::Whole => "a whole number",
            Self::Tables => "tables, [connections.NAME]",
            Self::Table => "a table, [serve]",
        })
    }
}

const fn key(name: &'static str, value: ValueType, default: &'static str, doc: &'static str) -> Key {
    Key { name, value, default, doc }
}

/// The keys at the top of the file.
pub const TOP: &[Key] = &[
    key("connection", ValueType::Text, "\"local\"", "The connection that is opened when the command line names none."),
    key("author", ValueType::Text, "\"\"", "Who is recorded with each version written; without it, user@host."),
    key("connections", ValueType::Tables, "", "The connections by name."),
    key("serve", ValueType::Table, "", "The HTTP server, `dynamini serve`."),
];

/// The keys of one `[connections.NAME]`.
pub const CONNECTION: &[Key] = &[
    key("engine", ValueType::Text, "\"embedded\"", "Where the store is: \"embedded\" in one file, or in \"dynamodb\"."),
    key(
        "file",
        ValueType::Text,
        "\"dynamini.db\"",
        "The file of an embedded store, below the data directory unless the path is absolute.",
    ),
    key(
        "profile",
        ValueType::Text,
        "\"\"",
        "The profile in the AWS configuration files; without it, the one AWS tools use.",
    ),
    key("region", ValueType::Text, "\"\"", "The region of the tables; without it, the region of the profile."),
    key("endpoint_url", ValueType::Text, "\"\"", "The URL of another endpoint than the region's own."),
    key("table_collections", ValueType::Text, "\"dynamomini.collections\"", "The name of the table of collections."),
    key("table_entries", ValueType::Text, "\"dynamomini.entries\"", "The name of the table of entries."),
    key(
        "consistent_read",
        ValueType::Switch,
        "true",
        "Whether reads see every write that came before them; false halves their price.",
    ),
    key("read_only", ValueType::Switch, "false", "Whether every write is refused."),
    key(
        "protected",
        ValueType::Switch,
        "false",
        "Whether the explorer marks the connection and asks before each write, for its name before larger ones.",
    ),
    key("colour", ValueType::Text, "\"\"", "The colour that marks the connection on the screen."),
    key(
        "billing",
        ValueType::Text,
        "\"provisioned\"",
        "How created tables are paid: \"provisioned\" or \"on-demand\".",
    ),
    key("read_capacity_units", ValueType::Whole, "1", "The reads a second of a created table; of no effect on demand."),
    key(
        "write_capacity_units",
        ValueType::Whole,
        "1",
        "The writes a second of a created table; of no effect on demand.",
    ),
    key(
        "retry_base_delay_ms",
        ValueType::Whole,
        "50",
        "The first pause in milliseconds before a failed request is sent again.",
    ),
    key(
        "applications",
        ValueType::Texts,
        "[]",
        "The applications to list; without them, the table of collections is scanned.",
    ),
];

/// The keys of `[serve]`.
pub const SERVE: &[Key] = &[
    key("host", ValueType::Text, "\"127.0.0.1\"", "The address that the server listens on; \"0.0.0.0\" is every one."),
    key("port", ValueType::Whole, "3000", "The port that the server listens on; 0 takes any that is free."),
    key(
        "api_keys",
        ValueType::Text,
        "\"\"",
        "The file with the keys of the applications; without it, ./env/api-keys.json or api-keys.json beside this file.",
    ),
    key("log", ValueType::Text, "\"text\"", "The form of the access log: \"text\" or \"json\"."),
    key("max_connections", ValueType::Whole, "512", "The connections served at the same time; others wait."),
    key("max_headers", ValueType::Whole, "64", "The header fields that a request may have."),
    key(
        "max_head_kb",
        ValueType::Whole,
        "32",
        "The kilobytes that the head of a request may have, its path and its header.",
    ),
    key(
        "read_timeout_ms",
        ValueType::Whole,
        "15000",
        "How long a client may take to send a request, or to begin the next one, in milliseconds.",
    ),
    key(
        "write_timeout_ms",
        ValueType::Whole,
        "30000",
        "How long a client may take for 32 KB of an answer, or for the rest of it, in milliseconds.",
    ),
    key(
        "store_timeout_ms",
        ValueType::Whole,
        "30000",
        "How long the store may take for a request, or for each page of a list, in milliseconds.",
    ),
    key(
        "drain_timeout_ms",
        ValueType::Whole,
        "10000",
        "How long requests under way are waited for when the server ends, in milliseconds.",
    ),
    key(
        "list_memory_kb",
        ValueType::Whole,
        "8192",
        "How much of the lists under way is held in memory; what is beyond is read again when it is sent.",
    ),
];

/// Returns whichever of `known` is so near to `name` that it was probably meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Below this, what is found by Jaro and Winkler's measure looks unrelated to most readers.
    const NEAR: f64 = 0.8;
    known
        .into_iter()
        .map(|known| (strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_key_that_was_meant() {
        let names = || CONNECTION.iter().map(|key| key.name);
        for (typed, meant) in [
            ("regoin", Some("region")),
            ("readonly", Some("read_only")),
            ("read-only", Some("read_only")),
            ("Profile", Some("profile")),
            ("color", Some("colour")),
            ("endpoint", Some("endpoint_url")),
            ("retry_base_delay", Some("retry_base_delay_ms")),
            ("zebra", None),
        ] {
            assert_eq!(nearest(typed, names()), meant, "{typed}");
        }
    }
}
