//! A connection: where a store is, and how it is used.

use std::path::PathBuf;
use std::time::Duration;

/// A store with a name, and how to use it; every setting has its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The name: from the config file, `local`, `demo`, or what was given on the command line
    /// (`profile work, region eu-west-1`).
    pub name: String,
    /// Where the store is.
    pub kind: Kind,
    /// The names of the two tables.
    pub tables: Tables,
    /// Whether reads are strongly consistent, for twice the price.
    pub consistent_read: bool,
    /// Whether every write is refused before it is sent.
    pub read_only: bool,
    /// Whether the explorer asks before each write, and for the name before what touches more than one item.
    pub protected: bool,
    /// The colour that marks this connection on the screen.
    pub colour: Option<Colour>,
    /// What tables are created with.
    pub capacity: Capacity,
    /// The first pause before a request is sent again; each further one is up to twice as long.
    pub retry_base_delay: Duration,
    /// The applications to list; `None` to find them by scanning the collections table.
    pub applications: Option<Vec<String>>,
}

/// Where a store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The embedded engine in memory: gone when the program ends.
    Memory {
        /// Whether it starts with the sample data.
        sample: bool,
    },
    /// The embedded engine on one file.
    Embedded {
        /// The file; it is created on first use. Absolute unless the data directory was given as a relative path.
        file: PathBuf,
    },
    /// `DynamoDB`, or what speaks its protocol. What is `None` is left to the AWS configuration of the user.
    DynamoDb {
        /// The profile in the AWS configuration files.
        profile: Option<String>,
        /// The region, for example `eu-central-1`.
        region: Option<String>,
        /// The URL of another endpoint than the region's own, starting with `http://` or `https://`.
        endpoint_url: Option<String>,
    },
}

/// The names of the two tables of a store; never the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// The table of collections.
    pub collections: String,
    /// The table of entries.
    pub entries: String,
}

/// How the capacity of tables is billed. It matters only when tables are created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capacity {
    /// A fixed number of units a second for each table; at least 1.
    Provisioned {
        /// Read capacity units.
        read: u32,
        /// Write capacity units.
        write: u32,
    },
    /// Paid by the request.
    OnDemand,
}

macro_rules! colours {
    ($($variant:ident $name:literal,)*) => {
        /// One of the 16 colours that every terminal names, in the order of their ANSI numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Colour {
            $(#[doc = concat!("`", $name, "` in the config file.")] $variant,)*
        }

        impl Colour {
            /// All colours, by ANSI number.
            pub const ALL: [Self; 16] = [$(Self::$variant,)*];

            /// Returns the name in the config file.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

colours! {
    Black "black",
    Red "red",
    Green "green",
    Yellow "yellow",
    Blue "blue",
    Magenta "magenta",
    Cyan "cyan",
    White "white",
    BrightBlack "bright-black",
    BrightRed "bright-red",
    BrightGreen "bright-green",
    BrightYellow "bright-yellow",
    BrightBlue "bright-blue",
    BrightMagenta "bright-magenta",
    BrightCyan "bright-cyan",
    BrightWhite "bright-white",
}

impl Colour {
    /// Returns the ANSI number, 0 to 15.
    pub const fn ansi(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_stand_at_their_ansi_numbers() {
        for (number, colour) in (0..).zip(Colour::ALL) {
            assert_eq!(colour.ansi(), number);
        }
        assert_eq!((Colour::Red.ansi(), Colour::BrightWhite.ansi()), (1, 15));
    }
}
