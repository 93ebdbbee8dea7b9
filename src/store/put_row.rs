//! Rows put back as they were: into a free key, or with marks that the stored row lacks; nothing else is ever changed.

use std::collections::BTreeSet;

use super::Store;
use super::cost::{Bill, Costed};
use super::error::StoreError;
use super::one_row::Tried;
use super::raw::StoredRow;
use super::row::{Row, attribute};
use super::write::{ATTEMPTS, Attempt, pause};

/// The attributes that may be set on a row after it was written, and are never changed after that.
const MARKS: [&str; 3] = [attribute::DELETED_AT, attribute::DELETED_BY, attribute::SUPERSEDED_BY];

/// What became of a row that was to be put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// Its key was free, and it is there now.
    Put,
    /// It was there, equal in all attributes.
    Same,
    /// It was there without some of its marks (deleted, superseded), which are there now.
    Marked,
    /// It was there with all it has, and has been marked since.
    Ahead,
    /// Another row has its key, which stays as it is.
    Conflict {
        /// The names of the attributes that are not the same in both, sorted.
        differing: Vec<String>,
    },
}

/// What is to be done with a row, once it is known what is stored at its key.
enum Step {
    Put,
    Mark(Vec<String>),
    Nothing(RowOutcome),
}

impl Store {
    /// Puts a row as it is where its key is free. A row that has the key already gets the marks it lacks, if nothing
    /// else differs, and else stays as it is. Safe to repeat, and beside other writers.
    pub async fn put_row(&self, row: &StoredRow) -> Result<Costed<RowOutcome>, StoreError> {
        self.writable()?;
        let item = row.write()?;
        let mut bill = self.bill();
        let mut gave_up = StoreError::Busy;
        // What an attempt may have done whose reply was lost, and how that attempt failed.
        let mut in_doubt: Option<(RowOutcome, Option<StoreError>)> = None;
        for attempt in 0..ATTEMPTS {
            let stored = match self.row(&mut bill, row.table, &row.hash, &row.sort).await {
                Err(_) if in_doubt.is_some() => {
                    return Err(StoreError::Unconfirmed { place: self.inner.place.clone() });
                }
                stored => stored?.map(|stored| StoredRow::read(row.table, stored)).transpose()?,
            };
            let step = step(row, stored.as_ref());
            let (tried, done) = match (&step, in_doubt.take()) {
                (Step::Nothing(RowOutcome::Same | RowOutcome::Ahead), Some((done, _))) => return Ok(bill.close(done)),
                (Step::Nothing(outcome), _) => return Ok(bill.close(outcome.clone())),
                (_, Some((_, Some(error)))) => return Err(error),
                (Step::Put, _) => (self.put_where_free(&mut bill, row.table, item.clone()).await, RowOutcome::Put),
                (Step::Mark(marks), _) => (self.add_marks(&mut bill, row, &item, marks).await, RowOutcome::Marked),
            };
            let failed = match tried.outcome {
                Ok(Attempt::Done) => return Ok(bill.close(done)),
                Ok(Attempt::Lost) => None,
                Ok(Attempt::Contended(error)) => {
                    gave_up = error;
                    pause(attempt).await;
                    None
                }
                Err(error) if tried.in_doubt => Some(error),
                Err(error) => return Err(error),
            };
            in_doubt = tried.in_doubt.then_some((done, failed));
        }
        Err(gave_up)
    }

    async fn add_marks(&self, bill: &mut Bill<'_>, row: &StoredRow, item: &Row, marks: &[String]) -> Tried {
        let mut update = self
            .client()
            .update_item()
            .set_key(Some(row.table.key(&row.hash, &row.sort)))
            .expression_attribute_names("#range", row.table.range());
        let (mut set, mut condition) = (Vec::new(), "attribute_exists(#range)".to_owned());
        for (index, mark) in marks.iter().enumerate() {
            set.push(format!("#m{index} = :m{index}"));
            condition += &format!(" AND attribute_not_exists(#m{index})");
            update = update.expression_attribute_names(format!("#m{index}"), mark);
            if let Some(value) = item.get(mark) {
                update = update.expression_attribute_values(format!(":m{index}"), value.clone());
            }
        }
        let update = update.update_expression(format!("SET {}", set.join(", "))).condition_expression(condition);
        self.update_row(bill, row.table, update).await
    }
}

/// Says what is to be done with a row where that one is stored at its key.
fn step(row: &StoredRow, stored: Option<&StoredRow>) -> Step {
    let Some(stored) = stored else { return Step::Put };
    let names: BTreeSet<_> = row.attributes.keys().chain(stored.attributes.keys()).collect();
    let (mut lacking, mut differing, mut ahead) = (Vec::new(), Vec::new(), false);
    for name in names {
        let is_mark = MARKS.contains(&name.as_str());
        match (row.attributes.get(name), stored.attributes.get(name)) {
            (own, theirs) if own == theirs => {}
            (Some(_), None) if is_mark => lacking.push(name.clone()),
            (None, Some(_)) if is_mark => ahead = true,
            _ => differing.push(name.clone()),
        }
    }
    if !differing.is_empty() {
        Step::Nothing(RowOutcome::Conflict { differing })
    } else if !lacking.is_empty() {
        Step::Mark(lacking)
    } else if ahead {
        Step::Nothing(RowOutcome::Ahead)
    } else {
        Step::Nothing(RowOutcome::Same)
    }
}

#[cfg(test)]
mod tests {
    use super::super::raw::Attribute;
    use super::super::row::Table;
    use super::*;

    fn row(attributes: &[(&str, &str)]) -> StoredRow {
        let attributes =
            attributes.iter().map(|(name, text)| ((*name).to_owned(), Attribute::Text((*text).to_owned())));
        StoredRow {
            table: Table::Entries,
            hash: "u#c#".to_owned(),
            sort: "e#1".to_owned(),
            attributes: attributes.collect(),
        }
    }

    #[test]
    fn only_absent_marks_are_added() {
        let bare = [("name", "e"), ("value", "1")];
        let deleted = [bare[0], bare[1], ("deletedAt", "now")];
        let superseded = [bare[0], bare[1], ("supersededBy", "2")];
        assert!(matches!(step(&row(&bare), None), Step::Put));
        let between = |row_: &[(&str, &str)], stored: &[(&str, &str)]| step(&row(row_), Some(&row(stored)));
        assert!(matches!(between(&bare, &bare), Step::Nothing(RowOutcome::Same)));
        assert!(matches!(between(&deleted, &bare), Step::Mark(marks) if marks == ["deletedAt"]));
        assert!(matches!(between(&bare, &deleted), Step::Nothing(RowOutcome::Ahead)));
        assert!(matches!(between(&superseded, &deleted), Step::Mark(marks) if marks == ["supersededBy"]));
        for stored in [&[("name", "e"), ("value", "2")][..], &[("value", "1")], &[bare[0], bare[1], ("note", "n")]] {
            let Step::Nothing(RowOutcome::Conflict { differing }) = between(&deleted, stored) else {
                unreachable!("a row that says something else is left alone")
            };
            assert_eq!(differing.len(), 1);
        }
        let later = [bare[0], bare[1], ("deletedAt", "later")];
        assert!(matches!(between(&deleted, &later), Step::Nothing(RowOutcome::Conflict { .. })));
    }
}
