//! What was there at a moment: of each collection and entry the version in force then, the newest that is not later, as it
//! stood then. What began later is not given, and a deletion that came later does not count.
//!
//! A row that can't be read has no time, so that nothing says it came later: it is given at every moment. Versions of
//! fewer than 13 digits are given where they sort below the moment, see [`Moment::holds`].

use super::cost::Bill;
use super::error::StoreError;
use super::names::{Applications, Users};
use super::query::{Columns, Partition};
use super::records::{Keep, Records};
use super::row::Within;
use super::rows::{Rows, Scope};
use super::{HISTORY, Store, first, no_so_old};
use crate::model::{Application, CollectionKey, Filter, Moment, Record, Subject, User};

/// What one row says about a subject at a moment.
pub(super) enum Sought {
    /// It is the version in force.
    There(Box<Record>),
    /// There is none: the subject began later.
    NotThere,
    /// It is of another form, and those below it have to be looked at.
    Unclear,
}

impl Store {
    /// Lists the applications in which a collection had a version at a moment. Those that the connection names are
    /// given as they are.
    pub fn applications_at(&self, moment: Moment) -> Applications {
        Applications::new(self.clone(), self.inner.applications.clone(), Some(moment))
    }

    /// Lists the users one of whose collections had a version at a moment.
    pub fn users_at(&self, application: &Application, moment: Moment) -> Users {
        Users::new(self.clone(), Self::collections_of(application), Some(moment))
    }

    /// Lists the collections that a user had at a moment, with the names they had; [`Filter::All`] gives every version
    /// until then.
    pub fn collections_at(&self, application: &Application, user: &User, moment: Moment, filter: Filter) -> Records {
        self.list_collections(application, user, Keep::by(filter, Some(moment)))
    }

    /// Lists the entries that a collection had at a moment, with or without the values they had; [`Filter::All`] gives
    /// every version until then.
    ///
    /// The collection itself may have been deleted then. Fails with [`StoreError::NotFound`] at the first page where it
    /// is not one of its application.
    pub fn entries_at(&self, collection: &CollectionKey, moment: Moment, filter: Filter, values: bool) -> Records {
        self.list_entries(collection, Keep::by(filter, Some(moment)), values)
    }

    /// Lists the versions that a collection or an entry had at a moment, as they stood then, with their values, newest
    /// first. Nothing that is later is read.
    pub fn history_at(&self, subject: &Subject, moment: Moment) -> Records {
        let partition = Self::versions_of(subject);
        let keep = Keep::History { subject: subject.clone(), short: Vec::new(), by: Some(moment) };
        let top = subject.sort_key(moment.version());
        Records::new(self.clone(), partition, Within::of(subject), keep, HISTORY).down_from(&top)
    }

    /// Reads of each collection and entry of the scope the row in force at a moment, as it stood then: for copies of that
    /// moment. What belongs to a collection that began later is left out.
    pub fn rows_at(&self, scope: Scope, moment: Moment) -> Rows {
        Rows::new(self.clone(), scope, Some(moment))
    }

    /// Returns the version in force at a moment, as it stood then.
    pub(super) async fn as_of(
        &self,
        bill: &mut Bill<'_>,
        subject: &Subject,
        moment: Moment,
    ) -> Result<Record, StoreError> {
        let consistent = self.inner.consistent_read;
        let record = match self.in_force(bill, subject, moment, Columns::All, consistent).await? {
            Sought::There(record) => (*record).as_of(moment),
            Sought::NotThere => return Err(no_so_old(subject)),
            Sought::Unclear => {
                first(self.history_at(subject, moment), bill, |_| true).await?.ok_or_else(|| no_so_old(subject))?
            }
        };
        Ok(record)
    }

    /// Reads the one row that is the version in force at a moment if versions sort by their number.
    pub(super) async fn in_force(
        &self,
        bill: &mut Bill<'_>,
        subject: &Subject,
        moment: Moment,
        columns: Columns,
        consistent: bool,
    ) -> Result<Sought, StoreError> {
        let partition = Partition { columns, ..Self::versions_of(subject) };
        let mut cursor = Partition::down_from(&subject.sort_key(moment.version()));
        let rows = self.page(bill, &partition, &mut cursor, 1, consistent).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(Sought::NotThere) };
        Ok(match Within::of(subject).read(row) {
            Ok(record)
                if record.subject == *subject
                    && record.version.sorts_by_number()
                    && record.version <= moment.version() =>
            {
                Sought::There(Box::new(record))
            }
            Ok(_) | Err(_) => Sought::Unclear,
        })
    }
}
