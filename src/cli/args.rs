//! What may be typed: the flags and the commands.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::{LogForm, Overrides};
use crate::model::at::{At, NotAPoint};
use crate::model::{Address, Filter, Version};

const AFTER_HELP: &str = "\
ADDRESS is APPLICATION/USER/COLLECTION/ENTRY or less of it; a collection and an entry go by name or by uuid, and %2F is \
a slash within a name. Where a version can be named, @VERSION follows: milliseconds (@1700000000000), steps before the \
newest (@-1), or a time (@2026-11-22T09:41:03Z, the version in force then). Write an @ of a name as %40 where a version \
could be read from it.

Exit codes: 0 done, 1 failed, 2 wrong usage or config, 3 not found, 4 version conflict, 5 refused (read-only, invalid \
input, too large), 6 unreachable or no permission, 130 interrupted. `grep` has those of grep: 0 found, 1 not found, 2 error.";

const GREP_HELP: &str = "\
PATTERN is plain text. It is compared with each line of a value as `get` prints it (\"limit\": 12500), as typed and with \
the escapes of strings resolved. VALUE is JSON, or the text of a string: .name=Ada finds \"Ada\", .n=1 the number, \
.n='\"1\"' the string. White space and the order of keys make no difference; 1 and 1.0 are two values.

All versions are searched, those of deleted entries and collections too. Each find is printed as it comes: the address \
of the version, when, by whom, the path and what stands there.

Exit codes of grep, other than those of all other commands: 0 found, 1 not found, 2 error.";

const RESTORE_HELP: &str = "\
With --as-of, ADDRESS is an entry, collection, user or application. What changed since then is restored, what was deleted \
is undeleted, what was renamed gets its name back, and what was deleted then or not there yet is deleted, all as new \
versions or marks: the history only grows. Each version says `as of TIME` in its note, and with --note why. The plan is \
printed first. Whatever someone else writes to after that is skipped and listed, with the command that does what is left.

Exit codes with --as-of: 0 all is as it was, 4 something was skipped since someone else wrote, 1 something could not be \
brought back, 5 not carried out for want of a yes, 130 interrupted between two writes.";

const DIFF_HELP: &str = "\
Of a collection, `diff COLLECTION --as-of TIME` compares its entries as they were with those of now, and \
`diff COLLECTION COLLECTION` those of two collections, by name. With @TIME after a collection (RFC 3339) its entries are \
taken as they were then: `diff COLLECTION@TIME COLLECTION`.";

const SERVE_HELP: &str = "\
The routes, headers and bodies are those of dynamodb-mini 0.2.4; GET /openapi.json describes them, GET /health needs no \
key. A request carries the key of its application in the header x-api-key. The file with the keys is the one named here, \
else api_keys of the config file, else ./env/api-keys.json, else api-keys.json beside the config file.

The access log goes to the standard output, messages to the standard error. PORT sets the port; with DEBUG=true the log \
tells why a request was refused. Limits of connections, times and memory stand in [serve] of the config file. SIGHUP reads \
the keys again; SIGTERM and ^C let requests under way finish, ten seconds at most, and end with 0.";

/// Explore, edit and restore versioned JSON collections in DynamoDB or in a file of this machine; without a command, in
/// the terminal explorer
#[derive(Debug, Parser)]
#[command(name = "dynamini", version, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Arguments {
    /// Where, as whom and in which form.
    #[command(flatten)]
    pub flags: Flags,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The flags that every command takes, before or after its name.
#[derive(Args, Debug)]
pub struct Flags {
    /// Open this connection of the config file
    #[arg(long, global = true, value_name = "NAME", help_heading = "Connection")]
    pub connection: Option<String>,
    /// Open DynamoDB with this profile of the AWS configuration
    #[arg(long, global = true, value_name = "PROFILE", help_heading = "Connection")]
    pub profile: Option<String>,
    /// Open DynamoDB in this region
    #[arg(long, global = true, value_name = "REGION", help_heading = "Connection")]
    pub region: Option<String>,
    /// Open what answers at this URL like DynamoDB
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    pub endpoint_url: Option<String>,
    /// Keep the embedded store in this directory
    #[arg(long, global = true, value_name = "DIR", help_heading = "Connection")]
    pub data_dir: Option<PathBuf>,
    /// Open sample data in memory
    #[arg(long, global = true, help_heading = "Connection")]
    pub demo: bool,
    /// Read this config file
    #[arg(long, global = true, value_name = "FILE", help_heading = "Connection")]
    pub config: Option<PathBuf>,
    /// The name of the table of collections
    #[arg(long, global = true, value_name = "TABLE", help_heading = "Connection")]
    pub table_collections: Option<String>,
    /// The name of the table of entries
    #[arg(long, global = true, value_name = "TABLE", help_heading = "Connection")]
    pub table_entries: Option<String>,
    /// Refuse every write
    #[arg(long, global = true, help_heading = "Connection")]
    pub read_only: bool,
    /// Who is recorded with each version written
    #[arg(long, global = true, value_name = "WHO", help_heading = "Connection")]
    pub author: Option<String>,
    /// The form of what is printed
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORM")]
    pub output: Format,
}

impl Flags {
    /// Returns what the flags say about the connection.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            connection: self.connection.clone(),
            profile: self.profile.clone(),
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            data_dir: self.data_dir.clone(),
            demo: self.demo,
            read_only: self.read_only,
            author: self.author.clone(),
            table_collections: self.table_collections.clone(),
            table_entries: self.table_entries.clone(),
        }
    }

    /// Returns the flags that name the connection, as they would be typed.
    pub fn words(&self) -> Vec<String> {
        // From wherever they are typed again.
        let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| absolute(path).to_string_lossy().into_owned());
        let valued = [
            ("--connection", self.connection.clone()),
            ("--profile", self.profile.clone()),
            ("--region", self.region.clone()),
            ("--endpoint-url", self.endpoint_url.clone()),
            ("--data-dir", path(&self.data_dir)),
            ("--config", path(&self.config)),
            ("--table-collections", self.table_collections.clone()),
            ("--table-entries", self.table_entries.clone()),
            ("--author", self.author.clone()),
        ];
        let valued = valued.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value?]));
        self.demo.then(|| "--demo".to_owned()).into_iter().chain(valued.flatten()).collect()
    }
}

/// The form of what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: aligned columns, or the bare value
    #[default]
    Table,
    /// One JSON object for a record, one array for a list
    Json,
    /// One JSON object a line
    Ndjson,
}

/// Which versions `ls` lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// The newest of each that is not deleted
    #[default]
    Latest,
    /// The newest of each, deleted ones too
    Current,
    /// Every version of each
    All,
}

impl From<Which> for Filter {
    fn from(which: Which) -> Self {
        match which {
            Which::Latest => Self::Latest,
            Which::Current => Self::Current,
            Which::All => Self::All,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List applications, the users of one, the collections of one, or the entries of one
    Ls {
        /// What to list the inside of; nothing lists the applications
        #[arg(default_value = "", hide_default_value = true)]
        address: Address,
        /// Which versions of collections and entries
        #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
        filter: Which,
        /// As it was at this moment, with the names of then: `2026-11-22 14:00`, `yesterday 14:00`, `2h ago`,
        /// `last monday`, RFC 3339, or a version
        #[arg(long, value_name = "TIME")]
        as_of: Option<String>,
    },
    /// Print the value of an entry; with `--output json` the whole record of an entry or collection
    Get {
        /// The entry or collection, with @VERSION for an older one
        address: Address,
        /// As it was at this moment, found by the names of then: `2026-11-22 14:00`, `yesterday 14:00`, `2h ago`,
        /// `last monday`, RFC 3339, or a version; exit code 3 if it was deleted then
        #[arg(long, value_name = "TIME")]
        as_of: Option<String>,
    },
    /// Write the value of an entry, and create the entry where there is none of that name
    Put(Put),
    /// Create a collection; safe to repeat
    Create {
        /// The collection
        address: Address,
    },
    /// Give an entry or collection another name, as a new version
    Rename {
        /// The entry or collection
        address: Address,
        /// The name from now on
        #[arg(value_name = "NEWNAME", value_parser = NonEmptyStringValueParser::new())]
        name: String,
        /// Why, recorded with the version
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        /// Only if this version is the newest: exit code 4 otherwise
        #[arg(long, value_name = "VERSION")]
        if_version: Option<Version>,
    },
    /// Mark an entry or collection as deleted; its history stays and `undelete` brings it back
    Rm {
        /// The entry or collection
        address: Address,
        /// Only if this version is the newest: exit code 4 otherwise
        #[arg(long, value_name = "VERSION")]
        if_version: Option<Version>,
    },
    /// Bring back a deleted entry or collection, as a new version
    Undelete {
        /// The entry or collection
        address: Address,
        /// Why, recorded with the version
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        /// Only if this version is the newest: exit code 4 otherwise
        #[arg(long, value_name = "VERSION")]
        if_version: Option<Version>,
    },
    /// Bring back an older version, as a new version; with --as-of bring back everything in ADDRESS as it was at a moment
    #[command(after_help = RESTORE_HELP)]
    Restore(Restore),
    /// Print the history of an entry or collection, newest first; with --all everything that was done in it
    Log {
        /// The entry or collection; with --all also a user or an application
        address: Address,
        /// Every change of all collections and entries there, by time
        #[arg(long)]
        all: bool,
        /// Of these only the ones that all words hold for: `who:ada`, `kind:deleted`, `note:sale`, or a part of a name
        #[arg(long, value_name = "WORDS", requires = "all")]
        only: Option<String>,
        /// Of these only the ones until this moment: `2026-11-22 14:00`, `yesterday 14:00`, `2h ago`, `last monday`,
        /// RFC 3339, or a version
        #[arg(long, value_name = "TIME", requires = "all")]
        as_of: Option<String>,
    },
    /// Find text, a path or a value in all versions of entries; exit code 0 found, 1 not found, 2 error
    #[command(after_help = GREP_HELP)]
    Grep(Grep),
    /// Print what differs between two versions, by JSON path; of collections which entries were added, removed, changed
    /// and renamed
    #[command(after_help = DIFF_HELP)]
    Diff(Diff),
    /// Print every row of the store or of a part of it, with the full history, as NDJSON that `import` reads
    Export {
        /// An application, user, collection or entry; nothing exports the whole store
        #[arg(default_value = "", hide_default_value = true)]
        address: Address,
        /// Only what was in force at this moment, as it stood then, found by the names of then: `2026-11-22 14:00`,
        /// `yesterday 14:00`, `2h ago`, `last monday`, RFC 3339, or a version
        #[arg(long, value_name = "TIME")]
        as_of: Option<String>,
    },
    /// Put the rows of an export where they are missing; safe to repeat, and nothing that is there is changed but for
    /// the marks (deleted, superseded) it lacks
    Import {
        /// The file that `export` printed; `-` reads the standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Create the two tables if they are missing, wait until they can be used, and check their keys
    Init,
    /// Serve the HTTP API of dynamodb-mini, until SIGTERM or ^C
    #[command(after_help = SERVE_HELP)]
    Serve(Serve),
}

/// The arguments of `put`.
#[derive(Args, Debug)]
pub struct Put {
    /// The entry; its collection must exist
    pub address: Address,
    /// The file with the JSON value; `-` or nothing reads the standard input
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Give the entry another name as well
    #[arg(long, value_name = "NEW", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,
    /// Why, recorded with the version
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Only if this version is the newest: exit code 4 otherwise
    #[arg(long, value_name = "VERSION")]
    pub if_version: Option<Version>,
    /// Only if there is no live entry of that name: exit code 4 otherwise
    #[arg(long, conflicts_with_all = ["if_version", "name"])]
    pub create_only: bool,
}

/// The arguments of `restore`.
#[derive(Args, Debug)]
pub struct Restore {
    /// The entry or collection with the @VERSION to bring back; with --as-of no @VERSION, and a user or application too
    #[arg(value_name = "ADDRESS[@VERSION]")]
    pub address: Address,
    /// Why, recorded with the version; with --as-of with each one, after the moment
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Only if this version is the newest: exit code 4 otherwise
    #[arg(long, value_name = "VERSION", conflicts_with = "as_of")]
    pub if_version: Option<Version>,
    /// Bring back everything in ADDRESS as it was at this moment: `2026-11-22 14:00`, `yesterday 14:00`, `2h ago`,
    /// `last monday`, RFC 3339, or a version
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Print what would be done, and what it would cost, and do nothing
    #[arg(long, requires = "as_of")]
    pub dry_run: bool,
    /// Leave alone what was not there then, instead of deleting it
    #[arg(long, requires = "as_of")]
    pub keep_new: bool,
    /// Carry the plan out without asking; needed where nobody can be asked
    #[arg(long, requires = "as_of", conflicts_with = "dry_run")]
    pub yes: bool,
}

/// The arguments of `diff`.
#[derive(Args, Debug)]
pub struct Diff {
    /// The entry or collection with the @VERSION to start from, or a collection
    #[arg(value_name = "ADDRESS[@VERSION]")]
    pub address: Address,
    /// The version to compare with, the newest one if not given; or another collection
    #[arg(value_name = "@VERSION|COLLECTION", value_parser = other)]
    pub other: Option<Other>,
    /// Start from how it was at this moment: `2026-11-22 14:00`, `yesterday 14:00`, `2h ago`, `last monday`, RFC 3339, or
    /// a version
    #[arg(long, value_name = "TIME", conflicts_with = "other")]
    pub as_of: Option<String>,
}

/// What something is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// Another of its versions.
    At(At),
    /// Something else.
    Address(Address),
}

/// The arguments of `grep`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Args, Debug)]
pub struct Grep {
    /// The text to find in values, names and notes; left out with --path
    #[arg(required_unless_present = "path")]
    pub pattern: Option<String>,
    /// The entry, or the collection, user or application whose entries are searched; nothing searches everything
    pub address: Option<String>,
    /// Find this path of values, .a.b, or with .a.b=VALUE that value there; [] stands for every item of an array
    #[arg(long, value_name = ".PATH[=VALUE]", conflicts_with_all = ["ignore_case", "values", "names", "notes"])]
    pub path: Option<String>,
    /// Take capital and small letters for the same
    #[arg(short, long)]
    pub ignore_case: bool,
    /// Search only the newest version of what is not deleted
    #[arg(long)]
    pub latest: bool,
    /// Search only what was there at this moment (`yesterday 14:00`, `2h ago`, a version): the versions until then, or
    /// with --latest those in force then
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Search values, and of the others only those named
    #[arg(long)]
    pub values: bool,
    /// Search names, and of the others only those named
    #[arg(long)]
    pub names: bool,
    /// Search notes, and of the others only those named
    #[arg(long)]
    pub notes: bool,
    /// Print only the addresses of the entries in which something is found, each once
    #[arg(short = 'l', long)]
    pub addresses: bool,
    /// Print only how many versions match, for each entry in which something is found
    #[arg(short, long, conflicts_with = "addresses")]
    pub count: bool,
}

/// The arguments of `serve`.
#[derive(Args, Debug)]
pub struct Serve {
    /// Listen on this address; 127.0.0.1 if nothing says otherwise, 0.0.0.0 is every address of the machine
    #[arg(long, value_name = "HOST", value_parser = NonEmptyStringValueParser::new())]
    pub host: Option<String>,
    /// Listen on this port; 3000 if nothing says otherwise, 0 takes any that is free
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// The keys of the applications: [{"application": "...", "key": "..."}], or "keySha256" for the hash of a key
    #[arg(long, value_name = "FILE")]
    pub api_keys: Option<PathBuf>,
    /// The form of the access log
    #[arg(long, value_enum, value_name = "FORM")]
    pub log: Option<LogFormat>,
}

/// The form of the access log of `serve`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line of words for each request
    Text,
    /// A JSON object for each request
    Json,
}

impl From<LogFormat> for LogForm {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Text => Self::Text,
            LogFormat::Json => Self::Json,
        }
    }
}

fn other(text: &str) -> Result<Other, NotAPoint> {
    match text.parse() {
        Ok(address @ Address::Collection { .. }) => Ok(Other::Address(address)),
        _ => text.strip_prefix('@').unwrap_or(text).parse().map(Other::At),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_hold_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn flags_go_before_and_after_the_command() {
        for typed in [["--demo", "ls", "--output", "json"], ["ls", "--output", "json", "--demo"]] {
            let read = Arguments::try_parse_from(["dynamini"].iter().chain(&typed)).expect("it is right");
            assert!(read.flags.demo && read.flags.output == Format::Json);
        }
    }

    #[test]
    fn a_second_version_has_its_sign() {
        let read = Arguments::try_parse_from(["dynamini", "diff", "a/b/c@-2", "@-1"]).expect("it is right");
        assert!(matches!(read.command, Some(Command::Diff(Diff { other: Some(Other::At(At::Back(1))), .. }))));
        assert!(Arguments::try_parse_from(["dynamini", "diff", "a/b/c@-2", "@soon"]).is_err());
    }
}
