//! Who last changed each line of the shown value, as far as the answers have come.

use super::event::RequestId;
use crate::history::blame::Blame as SoFar;
use crate::history::blame::Credit;
use crate::model::{Record, Subject, Version};

/// From this many columns on there is room for dates.
const WIDE: usize = 84;

/// The answers for one version of an entry; stepping to another version asks anew.
///
/// The older versions are those of the timeline, which reads on as long as lines are without an answer: what was read
/// once serves every version that is stepped to, and the timeline has whatever an answer names.
#[derive(Clone, Debug)]
pub struct Blame {
    /// The entry.
    pub subject: Subject,
    /// The version whose lines are asked about; `None` where its value has no paths.
    pub version: Option<Version>,
    /// How far it is.
    pub stage: Stage,
    /// The oldest version that was compared so far.
    reached: Option<Version>,
    /// How many versions were compared.
    compared: usize,
    credits: Vec<Credit>,
    /// For each line the place of its credit.
    lines: Vec<Option<usize>>,
    /// Lines without an answer.
    left: usize,
}

/// How far the search for answers is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// There is nothing to ask about.
    Idle,
    /// Older versions are wanted to go on with, from the version itself where nothing was compared yet.
    Waiting(Option<Box<SoFar>>),
    /// Versions are being compared.
    Comparing(RequestId),
    /// It was stopped.
    Stopped,
    /// The older versions could not be read.
    Failed,
    /// Every line has its answer.
    Done,
}

/// What comparing some older versions told.
#[derive(Debug)]
pub struct Told {
    /// The lines that became known.
    pub credits: Vec<Credit>,
    /// How many versions were compared for that.
    pub versions: usize,
    /// What to go on with, at the end of what was handed in; `None` before that, and where every line is known.
    pub so_far: Option<Box<SoFar>>,
}

impl Blame {
    /// Returns what is there before anything was asked.
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            version: None,
            stage: Stage::Idle,
            reached: None,
            compared: 0,
            credits: Vec::new(),
            lines: Vec::new(),
            left: 0,
        }
    }

    /// Begins with a version, whose value has so many lines.
    pub fn begin(&mut self, version: Version, lines: usize) {
        *self = Self {
            version: Some(version),
            stage: Stage::Waiting(None),
            reached: Some(version),
            lines: vec![None; lines],
            left: lines,
            ..Self::new(self.subject.clone())
        };
    }

    /// Goes on after it was stopped or failed: what was known by then is told anew.
    pub fn resume(&mut self) {
        if let Some(version) = self.version.filter(|_| self.can_go_on()) {
            self.begin(version, self.lines.len());
        }
    }

    /// Notes that the versions down to `last` are being compared, and returns what to go on with.
    pub fn compare(&mut self, last: Option<&Record>, request: RequestId) -> Option<Box<SoFar>> {
        self.reached = last.map(|record| record.version).or(self.reached);
        match std::mem::replace(&mut self.stage, Stage::Comparing(request)) {
            Stage::Waiting(so_far) => so_far,
            _ => None,
        }
    }

    /// Takes answers.
    pub fn add(&mut self, told: Told) {
        self.compared += told.versions;
        for credit in told.credits {
            let place = self.credits.len();
            for line in &credit.lines {
                if let Some(known) = self.lines.get_mut(*line) {
                    *known = Some(place);
                }
            }
            self.credits.push(credit);
        }
        self.left = self.lines.iter().filter(|line| line.is_none()).count();
        if let Some(so_far) = told.so_far {
            self.stage = Stage::Waiting(Some(so_far));
        }
    }

    /// Returns the version before which those are that it has not seen, where it waits for them.
    pub fn wants_older_than(&self) -> Option<Version> {
        self.reached.filter(|_| matches!(self.stage, Stage::Waiting(_)))
    }

    /// Returns the number of the comparison that is under way.
    pub fn request(&self) -> Option<RequestId> {
        match self.stage {
            Stage::Comparing(request) => Some(request),
            _ => None,
        }
    }

    /// Returns whether it was ended before every line had its answer.
    pub fn can_go_on(&self) -> bool {
        matches!(self.stage, Stage::Stopped | Stage::Failed)
    }

    /// Returns whether answers are still to come.
    pub fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::Waiting(_) | Stage::Comparing(_))
    }

    /// Returns how many older versions were compared.
    pub fn compared(&self) -> usize {
        self.compared
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
