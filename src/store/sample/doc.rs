//! A JSON value that keeps the order of its keys and is changed a path at a time, as people change a document.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value. Scalars are kept as their JSON text.
#[derive(Clone, Debug)]
pub(super) enum Doc {
    Scalar(String),
    Array(Vec<Doc>),
    Object(Vec<(String, Doc)>),
}

impl Doc {
    /// Reads JSON text of the sample data itself.
    pub(super) fn parse(text: &str) -> Self {
        serde_json::from_str(text).expect("the documents of the sample data are JSON")
    }

    /// Makes one change: `a.0.b = JSON` sets a value, and adds it where it is missing; `- a.b` removes one.
    pub(super) fn change(&mut self, step: &str) {
        if let Some(path) = step.strip_prefix("- ") {
            let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
            match self.at(parent) {
                Self::Object(members) => members.retain(|(key, _)| key != last),
                Self::Array(items) => {
                    items.remove(last.parse().expect("an index is a number"));
                }
                Self::Scalar(_) => {}
            }
        } else {
            let (path, json) = step.split_once(" = ").expect("a change has the form path = JSON");
            *self.at(path) = Self::parse(json);
        }
    }

    /// Returns the value at a path; one past the end of an array or a new key is added as `null`.
    fn at(&mut self, path: &str) -> &mut Self {
        path.split('.').filter(|segment| !segment.is_empty()).fold(self, |doc, segment| doc.child(segment))
    }

    fn child(&mut self, segment: &str) -> &mut Self {
        if let Self::Scalar(_) = self {
            *self = Self::Object(Vec::new());
        }
        match self {
            Self::Object(members) => {
                let index = members.iter().position(|(key, _)| key == segment).unwrap_or_else(|| {
                    members.push((segment.to_owned(), Self::null()));
                    members.len() - 1
                });
                &mut members[index].1
            }
            Self::Array(items) => {
                let index = segment.parse::<usize>().expect("an index is a number").min(items.len());
                if index == items.len() {
                    items.push(Self::null());
                }
                &mut items[index]
            }
            Self::Scalar(_) => self,
        }
    }

    fn null() -> Self {
        Self::Scalar("null".to_owned())
    }
}

/// Returns text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl fmt::Display for Doc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(text) => f.write_str(text),
            Self::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index == 0 { "[" } else { "," })?;
                }
                f.write_str(if items.is_empty() { "[]" } else { "]" })
            }
            Self::Object(members) => {
                for (index, (key, value)) in members.iter().enumerate() {
                    write!(f, "{}{}:{value}", if index == 0 { "{" } else { "," }, quoted(key))?;
                }
                f.write_str(if members.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

impl<'de> Deserialize<'de> for Doc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocVisitor)
    }
}

struct DocVisitor;

impl<'de> Visitor<'de> for DocVisitor {
    type Value = Doc;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Doc, E> {
        Ok(Doc::null())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Doc, E> {
        Ok(Doc::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Doc, E> {
        Ok(Doc::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Doc, E> {
        Ok(Doc::Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Doc, E> {
        Ok(Doc::Scalar(format!("{value:?}")))
    }

    fn visit_str<E>(self, value: &str) -> Result<Doc, E> {
        Ok(Doc::Scalar(quoted(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Doc, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Doc::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Doc, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Doc::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_sets_adds_or_removes_one_path_and_keeps_the_order() {
        let mut doc = Doc::parse(r#"{"z":1,"a":[{"b":true}],"n":1.0}"#);
        doc.change(r#"a.0.b = "né""#);
        doc.change("a.1 = []");
        doc.change("new.deep = {}");
        doc.change("- z");
        assert_eq!(doc.to_string(), r#"{"a":[{"b":"né"},[]],"n":1.0,"new":{"deep":{}}}"#);
    }
}
