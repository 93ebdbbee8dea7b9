//! The moment to look at, while it is chosen.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::Moment;
use crate::tui::input::Input;

/// A line for a moment, and moments that need no typing.
#[derive(Clone, Debug)]
pub struct AsOf {
    /// The line.
    pub input: Input,
    /// What is offered below it.
    pub offers: Vec<Offer>,
    /// The offer under the cursor; `None` while the line has it.
    pub cursor: Option<usize>,
    /// Why what was chosen can't be looked at.
    pub problem: Option<String>,
}

/// A moment that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it is.
    pub words: &'static str,
    /// The moment; `None` for now.
    pub moment: Option<Moment>,
}

/// What a text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Nothing was typed.
    Nothing,
    /// Now.
    Now,
    /// A moment of the past.
    Then(Moment),
    /// A moment that is still to come.
    ToCome(Moment),
    /// No moment; the text says why.
    Wrong(String),
}

impl Reading {
    /// Returns what a text says at the time `now`, in ms since 1970.
    pub fn of(text: &str, now: i64, zone: &TimeZone) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::Nothing;
        }
        if text.eq_ignore_ascii_case("now") {
            return Self::Now;
        }
        let time = Timestamp::from_millisecond(now).unwrap_or(Timestamp::UNIX_EPOCH);
        match Moment::parse(text, time, zone) {
            Ok(moment) if moment.version().ms() > now => Self::ToCome(moment),
            Ok(moment) => Self::Then(moment),
            Err(error) => Self::Wrong(error.to_string()),
        }
    }

    /// Returns the moment, `None` for now; or says why there is none to go to.
    pub fn into_moment(self, zone: &TimeZone) -> Result<Option<Moment>, String> {
        match self {
            Self::Now => Ok(None),
            Self::Then(moment) => Ok(Some(moment)),
            Self::Nothing => Err("type a moment".to_owned()),
            Self::ToCome(moment) => Err(format!("{} is still to come", moment.shown(zone))),
            Self::Wrong(why) => Err(why),
        }
    }
}

impl AsOf {
    /// Returns the window with an empty line and these offers, the first one under the cursor where it is to be.
    pub fn new(offers: Vec<Offer>, on_first: bool) -> Self {
        let cursor = (on_first && !offers.is_empty()).then_some(0);
        Self { input: Input::default(), offers, cursor, problem: None }
    }

    /// Moves the cursor over the line and the offers, going round.
    pub fn step(&mut self, down: bool) {
        let places = self.offers.len() + 1;
        let at = self.cursor.map_or(0, |offer| offer + 1);
        let next = if down { at + 1 } else { at + places - 1 } % places;
        self.cursor = next.checked_sub(1);
        self.problem = None;
    }

    /// Changes the line, which gets the cursor if anything was changed.
    pub fn type_in(&mut self, change: impl FnOnce(&mut Input) -> bool) {
        if change(&mut self.input) {
            (self.cursor, self.problem) = (None, None);
        }
    }

    /// Returns the moment under the cursor, `None` for now; or says why it can't be looked at.
    pub fn chosen(&self, now: i64, zone: &TimeZone) -> Result<Option<Moment>, String> {
        if let Some(offer) = self.cursor.and_then(|at| self.offers.get(at)) {
            return Ok(offer.moment);
        }
        match Reading::of(self.input.text(), now, zone) {
            Reading::Nothing => Err("type a moment, or choose one with ↑ ↓".to_owned()),
            reading => reading.into_moment(zone),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22 09:44:00 UTC.
    const NOW: i64 = 1_795_340_640_000;

    #[test]
    fn a_text_says_now_a_moment_or_none() {
        let read = |text: &str| Reading::of(text, NOW, &TimeZone::UTC);
        assert_eq!((read(" "), read("Now")), (Reading::Nothing, Reading::Now));
        let hour_ago = Moment::from(crate::model::Version::from_ms(NOW - 3_600_000));
        assert_eq!(read("1h ago"), Reading::Then(hour_ago));
        assert!(matches!(read("2026-11-22 09:45"), Reading::ToCome(_)));
        assert!(matches!(read("soon"), Reading::Wrong(why) if why.contains("2h ago")));
    }

    #[test]
    fn the_cursor_goes_round_the_line_and_the_offers_and_typing_brings_it_to_the_line() {
        let offer = |words| Offer { words, moment: None };
        let mut window = AsOf::new(vec![offer("a"), offer("b")], true);
        let mut places = Vec::new();
        for _ in 0..3 {
            window.step(true);
            places.push(window.cursor);
        }
        assert_eq!(places, [Some(1), None, Some(0)]);
        window.step(false);
        window.step(false);
        assert_eq!(window.cursor, Some(1));
        window.type_in(|input| {
            input.insert("2h ago");
            true
        });
        assert_eq!(window.cursor, None);
        assert!(matches!(window.chosen(NOW, &TimeZone::UTC), Ok(Some(_))));
    }
}
