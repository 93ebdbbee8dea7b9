//! Someone else wrote while a value was edited: what each changed since the base, and what only a person can decide.

use std::sync::Arc;

use crate::json::{self, ChangeKind, Choice, Merge};
use crate::model::Record;
use crate::tui::input::Input;
use crate::tui::value::Difference;

/// A newer version than the one that an edit is based on.
#[derive(Clone, Debug)]
pub struct Theirs {
    /// That version.
    pub record: Arc<Record>,
    /// Who wrote or deleted it, and when.
    pub who: String,
    /// What it changed since the base.
    pub changes: Vec<Said>,
}

impl Theirs {
    /// Returns what `record`, written by `who`, did to `base`.
    pub fn new(base: &Record, record: Arc<Record>, who: String) -> Self {
        let mut changes = vec![Said::Heading(format!("They changed since: {who}"))];
        if record.is_deleted() && !base.is_deleted() {
            changes.push(Said::Plain("deleted it".to_owned()));
        }
        if record.name != base.name {
            let name = record.name.as_deref().map_or_else(|| "(no name)".to_owned(), json::quote);
            changes.push(Said::Plain(format!("renamed it to {name}, which it keeps")));
        }
        let difference = Difference::between(base, &record, String::new());
        if !difference.is_empty() || difference.notice.is_some() {
            in_words(&difference, &mut changes);
        } else if changes.len() == 1 {
            changes.push(Said::Plain("nothing in it differs".to_owned()));
        }
        Self { record, who, changes }
    }
}

/// One line of what there is to know of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// What the lines below are.
    Heading(String),
    /// A path that was added, and its value.
    Added(String),
    /// A path that was removed, and its value.
    Removed(String),
    /// A path that changed, and how.
    Changed(String),
    /// Something else to know.
    Plain(String),
}

/// Mine and theirs, on the way to one value.
#[derive(Clone, Debug)]
pub struct Merging {
    /// Theirs.
    pub theirs: Theirs,
    /// What I changed since the base.
    pub my_changes: Vec<Said>,
    /// What only a person can decide.
    pub questions: Vec<Question>,
    /// The question under the cursor.
    pub cursor: usize,
    /// The first line on the screen, where it was scrolled; else the question under the cursor shows.
    pub scroll: Option<usize>,
    /// What I typed, compact JSON.
    pub mine: String,
    /// The value that is being typed for the question under the cursor.
    pub typing: Option<Input>,
    /// What is wrong with it, or what is still to be done.
    pub problem: Option<String>,
    how: How,
}

/// How the value comes about.
#[derive(Clone, Debug)]
enum How {
    /// Path by path.
    ByPath(Merge),
    /// One value or the other, since one of the three is not JSON.
    Whole {
        /// Their value.
        theirs: Option<String>,
        /// My value.
        mine: String,
    },
}

/// Something that only a person can decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it is about.
    pub about: About,
    /// How it is, in words or as JSON: before, on their side, on mine. `None` where there is nothing.
    pub base: Option<String>,
    /// See `base`.
    pub theirs: Option<String>,
    /// See `base`.
    pub mine: Option<String>,
    /// How it is settled.
    pub choice: Option<Choice>,
    /// What was typed for it last, also where it is settled otherwise since.
    pub typed: Option<String>,
}

/// What a [`Question`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// They deleted what I edited.
    Deletion,
    /// Both changed the value at a path.
    Path(String),
    /// Both put items into an array at a place.
    Items(String),
    /// The whole value, for this reason.
    Whole(String),
}

impl Merging {
    /// Compares what both did since the base. `mine` is compact JSON.
    pub fn new(base: &Record, theirs: Theirs, mine: String) -> Self {
        let my_changes = Difference::new(base.value.as_deref(), Some(&mine), String::new());
        let mut lines = vec![Said::Heading("You changed:".to_owned())];
        in_words(&my_changes, &mut lines);
        let mut questions = Vec::new();
        if theirs.record.is_deleted() && !base.is_deleted() {
            questions.push(Question {
                about: About::Deletion,
                base: None,
                theirs: Some("stays deleted".to_owned()),
                mine: Some("is brought back with mine".to_owned()),
                choice: None,
                typed: None,
            });
        }
        let how = compare(base, &theirs.record, &mine);
        match &how {
            Ok(merge) => questions.extend(merge.clashes().iter().map(|clash| Question {
                about: match clash.kind {
                    json::ClashKind::Value => About::Path(clash.path.to_string()),
                    json::ClashKind::Items => About::Items(clash.path.to_string()),
                },
                base: clash.base.clone(),
                theirs: clash.theirs.clone(),
                mine: clash.mine.clone(),
                choice: None,
                typed: None,
            })),
            Err(reason) => questions.push(Question {
                about: About::Whole(reason.clone()),
                base: None,
                theirs: theirs.record.value.clone(),
                mine: Some(mine.clone()),
                choice: None,
                typed: None,
            }),
        }
        let how =
            how.map_or_else(|_| How::Whole { theirs: theirs.record.value.clone(), mine: mine.clone() }, How::ByPath);
        Self { theirs, my_changes: lines, questions, cursor: 0, scroll: None, mine, typing: None, problem: None, how }
    }

    /// Settles the question under the cursor and goes to the next one that is open; says why where that can't be.
    pub fn settle(&mut self, choice: Choice) {
        let questions = self.questions.len();
        let Some(question) = self.questions.get_mut(self.cursor) else { return };
        self.problem = None;
        if let (How::ByPath(merge), About::Path(_) | About::Items(_)) = (&mut self.how, &question.about) {
            // Behind a deletion, which is a question of its own, the others are the clashes in their order.
            let clash = self.cursor + merge.clashes().len() - questions;
            if let Err(error) = merge.settle(clash, Some(choice)) {
                self.problem = Some(error.to_string());
                return;
            }
            question.choice = merge.choice(clash).cloned();
            if let Some(Choice::Value(typed)) = &question.choice {
                question.typed = Some(typed.clone());
            }
        } else {
            question.choice = Some(choice);
        }
        self.typing = None;
        let next = self.questions[self.cursor..].iter().position(|question| question.choice.is_none());
        if let Some(next) = next {
            self.cursor += next;
        }
    }

    /// Settles every question that is open.
    pub fn settle_all(&mut self, choice: &Choice) {
        for at in 0..self.questions.len() {
            if self.questions[at].choice.is_none() {
                self.cursor = at;
                self.settle(choice.clone());
            }
        }
    }

    /// Begins to type a value for the question under the cursor, from mine.
    pub fn begin_typing(&mut self) {
        self.problem = None;
        let Some(question) = self.questions.get(self.cursor) else { return };
        match question.about {
            About::Path(_) | About::Items(_) => {
                let from = match &question.choice {
                    _ if question.typed.is_some() => question.typed.as_ref(),
                    Some(Choice::Theirs) => question.theirs.as_ref(),
                    _ => question.mine.as_ref(),
                };
                self.typing = Some(Input::new(from.cloned().unwrap_or_default()));
            }
            About::Deletion | About::Whole(_) => {
                self.problem = Some("here it is theirs or mine; Esc goes back to the editor".to_owned());
            }
        }
    }

    /// Settles the question under the cursor with the items that both put in, theirs first.
    pub fn take_both(&mut self) {
        let Some(Question { about: About::Items(_), theirs: Some(theirs), mine: Some(mine), .. }) =
            self.questions.get(self.cursor)
        else {
            self.problem = Some("both can be taken only of items that both put into an array".to_owned());
            return;
        };
        // Both are arrays in compact JSON: what is between their brackets goes one behind the other.
        let inside = |array: &str| array.get(1..array.len().saturating_sub(1)).unwrap_or_default().to_owned();
        let items: Vec<String> =
            [theirs, mine].map(|array| inside(array)).into_iter().filter(|it| !it.is_empty()).collect();
        self.settle(Choice::Value(format!("[{}]", items.join(","))));
    }

    /// Returns whether nothing is left to write: no question, and what comes out is theirs.
    pub fn is_theirs_already(&self) -> bool {
        self.questions.is_empty() && self.merged() == self.theirs.record.value
    }

    /// Returns about how many lines there are to read.
    pub fn lines(&self) -> usize {
        self.theirs.changes.len() + self.my_changes.len() + 3 + self.questions.len() * 5
    }

    /// Returns how many questions are open.
    pub fn open_questions(&self) -> usize {
        self.questions.iter().filter(|question| question.choice.is_none()).count()
    }

    /// Goes to the first question that is open.
    pub fn go_to_open(&mut self) {
        if let Some(open) = self.questions.iter().position(|question| question.choice.is_none()) {
            self.cursor = open;
        }
    }

    /// Returns the value that comes out, JSON text where the sides are; `None` while a question is open, where it is to
    /// stay deleted, and where it is to stay without a value.
    pub fn merged(&self) -> Option<String> {
        let stays_deleted = |question: &Question| {
            question.about == About::Deletion
                && question.choice.as_ref().is_some_and(|choice| *choice == Choice::Theirs)
        };
        if self.open_questions() > 0 || self.questions.iter().any(stays_deleted) {
            return None;
        }
        match &self.how {
            How::ByPath(merge) => merge.merged(),
            How::Whole { theirs, mine } => {
                let is_mine = self.questions.last().is_some_and(|question| question.choice == Some(Choice::Mine));
                if is_mine { Some(mine.clone()) } else { theirs.clone() }
            }
        }
    }
}

/// Merges by path, or says why the values can only be taken as wholes.
fn compare(base: &Record, theirs: &Record, mine: &str) -> Result<Merge, String> {
    let not_json = |whose: &str, error: &json::ParseError| format!("{whose} is not JSON: {error}");
    let value = |record: &Record, whose: &str| {
        record.value.clone().ok_or_else(|| format!("{whose} is absent: that version was written without a value"))
    };
    let (base, theirs) = (value(base, "the value before")?, value(theirs, "their value")?);
    let base = json::parse(&base).map_err(|error| not_json("the value before", &error))?;
    let theirs = json::parse(&theirs).map_err(|error| not_json("their value", &error))?;
    let mine = json::parse(mine).map_err(|error| not_json("your text", &error))?;
    Ok(json::merge(&base, &theirs, &mine))
}

/// The changes of a difference, one line for each path.
fn in_words(difference: &Difference, lines: &mut Vec<Said>) {
    if let Some(notice) = &difference.notice {
        lines.push(Said::Plain(notice.clone()));
    }
    for change in &difference.changes {
        let path = &change.path;
        lines.push(match &change.kind {
            ChangeKind::Added { new } => Said::Added(format!("{path}: {new}")),
            ChangeKind::Removed { old } => Said::Removed(format!("{path}: {old}")),
            ChangeKind::Changed { old, new } => Said::Changed(format!("{path}: {old} → {new}")),
            ChangeKind::Moved { from, item } => Said::Changed(format!("{path}: moved from [{from}]: {item}")),
        });
    }
    if difference.changes.is_empty() && difference.notice.is_none() {
        lines.push(Said::Plain("nothing in the value".to_owned()));
    }
}
