//! Who last changed each line of the shown value, as far as the answers have come.

use super::event::RequestId;
use super::findings::Progress;
use super::list::LoadState;
use crate::history::blame::Credit;
use crate::model::{Subject, Version};

/// From this many columns on there is room for dates.
const WIDE: usize = 84;

/// The answers for one version of an entry; stepping to another version asks anew.
#[derive(Clone, Debug)]
pub struct Blame {
    /// The entry.
    pub subject: Subject,
    /// The version whose lines are asked about; `None` where its value has no paths.
    pub version: Option<Version>,
    /// How far the older versions were read.
    pub load: LoadState,
    /// How much was read.
    pub progress: Progress,
    credits: Vec<Credit>,
    /// For each line the place of its credit.
    lines: Vec<Option<usize>>,
    /// Lines without an answer.
    left: usize,
}

impl Blame {
    /// Returns what is there before anything was asked.
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            version: None,
            load: LoadState::New,
            progress: Progress::default(),
            credits: Vec::new(),
            lines: Vec::new(),
            left: 0,
        }
    }

    /// Begins with another version, whose value has so many lines.
    pub fn begin(&mut self, version: Version, lines: usize, request: RequestId) {
        let load = LoadState::Loading(request);
        *self = Self {
            version: Some(version),
            load,
            lines: vec![None; lines],
            left: lines,
            ..Self::new(self.subject.clone())
        };
    }

    /// Takes answers, and how much was read for them.
    pub fn add(&mut self, credits: Vec<Credit>, progress: Progress) {
        self.progress += progress;
        for credit in credits {
            let place = self.credits.len();
            for line in &credit.lines {
                if let Some(known) = self.lines.get_mut(*line) {
                    *known = Some(place);
                }
            }
            self.credits.push(credit);
        }
        self.left = self.lines.iter().filter(|line| line.is_none()).count();
    }

    /// Returns who changed a line last, where that is known.
    pub fn credit(&self, line: usize) -> Option<&Credit> {
        self.credits.get((*self.lines.get(line)?)?)
    }

    /// Returns whether a line has the same answer as the one above it, which shows it already.
    pub fn goes_on(&self, line: usize) -> bool {
        line > 0 && self.lines.get(line).is_some_and(|place| self.lines[line - 1] == *place)
    }

    /// Returns how many lines have no answer yet.
    pub fn left(&self) -> usize {
        self.left
    }
}

/// Returns how many columns the answers take in a pane of so many: with dates, or only with ages.
pub fn margin(columns: usize) -> usize {
    if columns >= WIDE { 28 } else { 16 }
}

/// Returns whether a margin has room for dates.
pub fn has_dates(margin: usize) -> bool {
    margin == self::margin(WIDE)
}
