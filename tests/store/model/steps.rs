//! The stories that are tried: what writers do one after the other, and what is asked afterwards.

use std::fmt;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

use super::history::Moment;

/// Some steps, and questions about what they leave behind: which of the subjects, and which version of it.
#[derive(Clone)]
pub struct Story {
    pub steps: Vec<Step>,
    pub questions: Vec<(usize, Moment)>,
}

/// What one writer does.
#[derive(Clone)]
pub struct Step {
    pub writer: usize,
    /// By how many milliseconds the clock moves before.
    pub clock: i64,
    pub act: Act,
}

/// One write. Subjects are numbered in the order of their creation, around and around.
#[derive(Clone, Debug)]
pub enum Act {
    CreateCollection {
        name: String,
    },
    CreateEntry {
        collection: usize,
        name: String,
        value: String,
    },
    /// The original server writes, which marks nothing and looks at nothing.
    Original {
        subject: usize,
        value: String,
    },
    Edit {
        on: On,
        name: Option<String>,
        value: Option<String>,
    },
    Delete {
        on: On,
    },
    Undelete {
        on: On,
    },
    Restore {
        on: On,
        back: usize,
    },
}

/// What a write is about, and on which version it is based: so many back from the newest, or any.
#[derive(Clone, Copy)]
pub struct On {
    pub subject: usize,
    pub base: Option<usize>,
}

impl fmt::Debug for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.steps).entries(&self.questions).finish()
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "writer {}, {:+} ms: {:?}", self.writer, self.clock, self.act)
    }
}

impl fmt::Debug for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.base {
            None => write!(f, "{} on any", self.subject),
            Some(0) => write!(f, "{} on the newest", self.subject),
            Some(back) => write!(f, "{} on {back} before the newest", self.subject),
        }
    }
}

/// Returns stories of a few steps, most of which can be carried out.
pub fn stories() -> impl Strategy<Value = Story> {
    let begin = Step { writer: 0, clock: 0, act: Act::CreateCollection { name: "a".to_owned() } };
    let questions = vec((0_usize..8, moments()), 0..7);
    // Mostly short ones, of which more can be tried.
    let steps = prop_oneof![3 => vec(steps(), 0..8), 1 => vec(steps(), 0..20)];
    (steps, questions).prop_map(move |(mut steps, questions)| {
        steps.insert(0, begin.clone());
        Story { steps, questions }
    })
}

fn steps() -> impl Strategy<Value = Step> {
    let clock = prop_oneof![4 => Just(0), 3 => Just(1), 2 => 2_i64..5000, 1 => Just(-3_600_000), 1 => -3_i64..0];
    (0_usize..3, clock, acts()).prop_map(|(writer, clock, act)| Step { writer, clock, act })
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        1 => names().prop_map(|name| Act::CreateCollection { name }),
        2 => (0_usize..3, names(), values())
            .prop_map(|(collection, name, value)| Act::CreateEntry { collection, name, value }),
        1 => (subjects(), values()).prop_map(|(subject, value)| Act::Original { subject, value }),
        6 => (on(), option::weighted(0.4, names()), option::weighted(0.7, values()))
            .prop_map(|(on, name, value)| Act::Edit { on, name, value }),
        3 => on().prop_map(|on| Act::Delete { on }),
        3 => on().prop_map(|on| Act::Undelete { on }),
        3 => (on(), 0_usize..6).prop_map(|(on, back)| Act::Restore { on, back }),
    ]
}

fn on() -> impl Strategy<Value = On> {
    let base = prop_oneof![3 => Just(None), 6 => Just(Some(0)), 1 => (1_usize..4).prop_map(Some)];
    (subjects(), base).prop_map(|(subject, base)| On { subject, base })
}

fn moments() -> impl Strategy<Value = Moment> {
    prop_oneof![
        Just(Moment::Newest),
        (-5_i64..5).prop_map(Moment::Version),
        (0_usize..8).prop_map(Moment::OneOf),
        (0_u32..8).prop_map(Moment::Back),
        (-5000_i64..5).prop_map(Moment::Time),
    ]
}

/// Few subjects, so that a story comes back to them.
fn subjects() -> impl Strategy<Value = usize> {
    prop_oneof![2 => 0_usize..2, 1 => 0_usize..5]
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![Just("a".to_owned()), Just("b".to_owned())]
}

fn values() -> impl Strategy<Value = String> {
    any::<u8>().prop_map(|number| number.to_string())
}
