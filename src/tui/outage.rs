//! The store does not answer for now: what waits for it, and until when.

use std::sync::Arc;

use super::event::Load;
use crate::store::StoreError;

/// The pauses before what failed is asked for again, in ms; the last one repeats. The SDK has tried several times by
/// then, so that the first is no hurry.
const PAUSES: [i64; 5] = [2_000, 4_000, 8_000, 15_000, 30_000];

/// Something was asked for that may be answered later.
#[derive(Clone, Debug)]
pub struct Outage {
    /// What failed last.
    pub error: Arc<StoreError>,
    /// What it waits for.
    pub wait: Wait,
    /// What is to be read, then.
    pub loads: Vec<Load>,
    /// The store is to be opened, then.
    pub connect: bool,
    /// How often it was tried again.
    tries: usize,
}

/// What an outage waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// That moment, in ms since 1970.
    Until(i64),
    /// The answer to what was asked for again.
    Answer,
    /// A person who signs in.
    SignIn,
}

impl Outage {
    /// Returns the outage that an error begins; `None` where waiting does not help.
    pub fn begin(error: &Arc<StoreError>, now: i64) -> Option<Self> {
        let wait = wait(error, 0, now)?;
        Some(Self { error: Arc::clone(error), wait, loads: Vec::new(), connect: false, tries: 0 })
    }

    /// Takes one more error in. What fails while others are waited for waits with them; what fails after it was tried
    /// again waits longer.
    pub fn goes_on(&mut self, error: &Arc<StoreError>, now: i64) {
        if matches!(self.wait, Wait::Until(_)) {
            return;
        }
        if let Some(wait) = wait(error, self.tries + 1, now) {
            (self.wait, self.tries, self.error) = (wait, self.tries + 1, Arc::clone(error));
        }
    }

    /// Returns whether it is time to try again.
    pub fn is_due(&self, now: i64) -> bool {
        // A clock that was set back does not make the wait longer.
        matches!(self.wait, Wait::Until(until) if until <= now || until - now > PAUSES[PAUSES.len() - 1])
    }

    /// Returns the state in a few words: `can't be reached, again in 4 s`.
    pub fn in_words(&self, now: i64) -> String {
        let what = match &*self.error {
            StoreError::Throttled { .. } => "throttled",
            StoreError::Busy => "the file is busy",
            StoreError::Unreachable { .. } => "can't be reached",
            error if error.needs_sign_in() => "signed out",
            _ => "not answering",
        };
        match self.wait {
            Wait::Until(until) => format!("{what}, again in {} s", (until - now + 999).max(0) / 1000),
            Wait::Answer => format!("{what}, trying again"),
            Wait::SignIn => format!("{what}: sign in, then ^R"),
        }
    }
}

fn wait(error: &StoreError, tries: usize, now: i64) -> Option<Wait> {
    if error.needs_sign_in() {
        Some(Wait::SignIn)
    } else if error.is_transient() {
        Some(Wait::Until(now + PAUSES[tries.min(PAUSES.len() - 1)]))
    } else {
        None
    }
}
