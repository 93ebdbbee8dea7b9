//! Reads one table of the config file by its keys, and knows the line of everything in it.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeInteger, DeString, DeTable, DeValue};

use super::error::{ConfigError, Origin};
use super::keys::{Key, ValueType, nearest};

/// A key and its value.
type Entry<'a> = (&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>);

/// The file that is read.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub path: &'a Path,
    pub text: &'a str,
}

impl Source<'_> {
    /// Returns the line, from 1, in which the byte offset lies.
    pub fn line(&self, offset: usize) -> usize {
        1 + self.text.bytes().take(offset).filter(|b| *b == b'\n').count()
    }

    /// Returns the origin of what starts at the byte offset.
    pub fn origin(&self, offset: usize, key: String) -> Origin {
        Origin::File { path: self.path.into(), line: self.line(offset), key: key.into() }
    }
}

/// A table in which every key is known and every value has the type of its key.
pub(super) struct Reader<'a> {
    source: Source<'a>,
    /// What stands before the keys in messages: empty, or `connections.NAME.`.
    prefix: String,
    table: &'a DeTable<'a>,
}

impl<'a> Reader<'a> {
    /// Checks the table against its keys; the error is the first one in the file.
    pub fn new(
        source: Source<'a>,
        prefix: String,
        table: &'a DeTable<'a>,
        keys: &'static [Key],
    ) -> Result<Self, ConfigError> {
        let reader = Self { source, prefix, table };
        for (name, value) in in_file_order(table) {
            let Some(key) = keys.iter().find(|key| key.name == name.get_ref().as_ref()) else {
                let names = || keys.iter().map(|key| key.name);
                return Err(ConfigError::UnknownKey {
                    origin: reader.origin(name.span().start, name.get_ref()),
                    nearest: nearest(name.get_ref(), names()).map(str::to_owned),
                    known: names().map(str::to_owned).collect(),
                });
            };
            reader.check_type(key, value)?;
        }
        Ok(reader)
    }

    /// Returns a string and where it stands; `None` if it is absent or empty, which both mean: not set.
    pub fn text(&self, name: &str) -> Option<(&'a str, Origin)> {
        let value = self.table.get(name)?;
        let text = value.get_ref().as_str().filter(|text| !text.is_empty())?;
        Some((text, self.origin(value.span().start, name)))
    }

    /// Returns the strings of a list; `None` if it is absent or empty, which both mean: not set.
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        let values = self.table.get(name)?.get_ref().as_array()?;
        let texts: Vec<_> = values.iter().filter_map(|value| value.get_ref().as_str()).map(str::to_owned).collect();
        (!texts.is_empty()).then_some(texts)
    }

    /// Returns a switch.
    pub fn switch(&self, name: &str) -> Option<bool> {
        self.table.get(name)?.get_ref().as_bool()
    }

    /// Returns a whole number, in decimal, and where it stands.
    pub fn whole(&self, name: &str) -> Option<(String, Origin)> {
        let value = self.table.get(name)?;
        Some((decimal(value.get_ref().as_integer()?), self.origin(value.span().start, name)))
    }

    /// Returns the table of this name.
    pub fn table(&self, name: &str) -> Option<&'a DeTable<'a>> {
        self.table.get(name).and_then(|value| value.get_ref().as_table())
    }

    /// Returns the tables in the table of this name, in file order.
    pub fn tables(&self, name: &str) -> Result<Vec<(&'a str, &'a DeTable<'a>)>, ConfigError> {
        let Some(tables) = self.table.get(name).and_then(|value| value.get_ref().as_table()) else {
            return Ok(Vec::new());
        };
        let table = |(key, value): Entry<'a>| {
            let key = key.get_ref();
            let path = format!("{name}.{key}");
            match value.get_ref().as_table() {
                Some(table) => Ok((key.as_ref(), table)),
                None => Err(self.wrong_type(value, &path, ValueType::Tables)),
            }
        };
        in_file_order(tables).into_iter().map(table).collect()
    }

    fn check_type(&self, key: &Key, value: &Spanned<DeValue<'_>>) -> Result<(), ConfigError> {
        let right = match (key.value, value.get_ref()) {
            (ValueType::Texts, DeValue::Array(elements)) => {
                return match elements.iter().find(|element| !element.get_ref().is_str()) {
                    Some(element) => Err(self.wrong_type(element, key.name, key.value)),
                    None => Ok(()),
                };
            }
            (ValueType::Text, value) => value.is_str(),
            (ValueType::Switch, value) => value.is_bool(),
            (ValueType::Whole, value) => value.is_integer(),
            (ValueType::Tables | ValueType::Table, value) => value.is_table(),
            (ValueType::Texts, _) => false,
        };
        if right { Ok(()) } else { Err(self.wrong_type(value, key.name, key.value)) }
    }

    fn wrong_type(&self, value: &Spanned<DeValue<'_>>, name: &str, expected: ValueType) -> ConfigError {
        let found = value.get_ref().type_str();
        ConfigError::WrongType { origin: self.origin(value.span().start, name), expected, found }
    }

    fn origin(&self, offset: usize, name: &str) -> Origin {
        self.source.origin(offset, format!("{}{name}", self.prefix))
    }
}

fn in_file_order<'a>(table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

/// Returns the number in decimal, or as it stands in the file if it is out of any bounds.
fn decimal(integer: &DeInteger<'_>) -> String {
    i128::from_str_radix(integer.as_str(), integer.radix())
        .map_or_else(|_| integer.to_string(), |number| number.to_string())
}
