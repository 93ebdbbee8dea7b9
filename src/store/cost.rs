//! What requests consume.

use std::ops::AddAssign;
use std::sync::Mutex;

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// What one or more requests consumed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// Read capacity units; one is 4 KB read strongly consistent.
    pub rcu: f64,
    /// Write capacity units; one is 1 KB written.
    pub wcu: f64,
    /// Requests sent.
    pub requests: u64,
    /// How many of them may have written something.
    pub writes: u64,
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.rcu += other.rcu;
        self.wcu += other.wcu;
        self.requests += other.requests;
        self.writes += other.writes;
    }
}

/// A value and what it cost to get.
#[derive(Clone, Debug, PartialEq)]
pub struct Costed<T> {
    /// The value.
    pub value: T,
    /// What was consumed for it.
    pub cost: Cost,
}

impl<T> Costed<T> {
    /// Returns another value made of this one, for the same cost.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Costed<U> {
        Costed { value: make(self.value), cost: self.cost }
    }
}

/// Adds up what one call of the store consumes, and all calls together.
pub(super) struct Bill<'a> {
    cost: Cost,
    total: &'a Mutex<Cost>,
    /// What one clone of the store consumes, where that is counted apart.
    own: Option<&'a Mutex<Cost>>,
}

/// Whether a request reads or writes: the service reports one number for either.
#[derive(Clone, Copy)]
pub(super) enum Units {
    Read,
    Write,
}

impl<'a> Bill<'a> {
    pub(super) fn new(total: &'a Mutex<Cost>, own: Option<&'a Mutex<Cost>>) -> Self {
        Self { cost: Cost::default(), total, own }
    }

    /// Counts a request that is about to be sent, so that failed ones count too.
    pub(super) fn sent(&mut self, units: Units) {
        let writes = match units {
            Units::Read => 0,
            Units::Write => 1,
        };
        self.add(Cost { requests: 1, writes, ..Cost::default() });
    }

    /// Adds what a reply says was consumed.
    pub(super) fn consumed<'c>(&mut self, units: Units, capacity: impl IntoIterator<Item = &'c ConsumedCapacity>) {
        let amount: f64 = capacity.into_iter().filter_map(ConsumedCapacity::capacity_units).sum();
        self.add(match units {
            Units::Read => Cost { rcu: amount, ..Cost::default() },
            Units::Write => Cost { wcu: amount, ..Cost::default() },
        });
    }

    /// Closes the bill over the value it was for.
    pub(super) fn close<T>(self, value: T) -> Costed<T> {
        Costed { value, cost: self.cost }
    }

    fn add(&mut self, cost: Cost) {
        self.cost += cost;
        for meter in [Some(self.total), self.own].into_iter().flatten() {
            if let Ok(mut sum) = meter.lock() {
                *sum += cost;
            }
        }
    }
}
