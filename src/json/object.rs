//! An object that is written member by member.

use super::string::quote;

/// A JSON object on one line while it is written.
pub struct Object(String);

impl Default for Object {
    fn default() -> Self {
        Self("{".to_owned())
    }
}

impl Object {
    /// Adds a member with a string, if there is one.
    pub fn text(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.raw(key, &quote(text));
        }
    }

    /// Adds a member whose value is JSON already.
    pub fn raw(&mut self, key: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&quote(key));
        self.0.push(':');
        self.0.push_str(json);
    }

    /// Returns the text of the object.
    pub fn close(mut self) -> String {
        self.0.push('}');
        self.0
    }
}
