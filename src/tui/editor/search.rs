//! Searching as it is typed.

use super::{Editor, Outcome, Place};

/// An open search prompt.
#[derive(Debug)]
pub(super) struct Search {
    /// What is searched for: letter case counts only if it has an upper-case letter.
    pub query: String,
    /// Whether the text has it.
    pub found: bool,
    /// Where the cursor was when the prompt was opened.
    origin: Place,
}

impl Editor {
    /// Opens the prompt.
    pub(super) fn start_search(&mut self) -> Outcome {
        self.area.cancel_selection();
        self.goal = None;
        self.search = Some(Search { query: String::new(), found: true, origin: self.cursor() });
        Outcome::Handled
    }

    /// Closes the prompt; the cursor stays at the match.
    pub(super) fn end_search(&mut self) -> Outcome {
        self.search = None;
        self.set_pattern("");
        Outcome::Handled
    }

    /// Adds to what is searched for.
    pub(super) fn search_for_more(&mut self, text: &str) -> Outcome {
        self.change_query(|query| query.push_str(text))
    }

    /// Takes the last character of what is searched for away.
    pub(super) fn search_for_less(&mut self) -> Outcome {
        self.change_query(|query| {
            query.pop();
        })
    }

    /// Goes to the next match, around the text's end.
    pub(super) fn next_match(&mut self) -> Outcome {
        let found = self.area.search_forward(false);
        self.note(found)
    }

    /// Goes to the previous match, around the text's start.
    pub(super) fn previous_match(&mut self) -> Outcome {
        let found = self.area.search_back(false);
        self.note(found)
    }

    fn change_query(&mut self, change: impl FnOnce(&mut String)) -> Outcome {
        let Some(search) = &mut self.search else { return Outcome::Handled };
        change(&mut search.query);
        let (pattern, origin) = (pattern(&search.query), search.origin);
        let is_empty = search.query.is_empty();
        let valid = self.set_pattern(&pattern);
        self.jump(origin);
        let found = is_empty || (valid && self.area.search_forward(true));
        self.note(found)
    }

    fn note(&mut self, found: bool) -> Outcome {
        if let Some(search) = &mut self.search {
            search.found = found || search.query.is_empty();
        }
        Outcome::Handled
    }

    /// Sets what is marked and found; a pattern that is too long for the search is none.
    fn set_pattern(&mut self, pattern: &str) -> bool {
        let valid = self.area.set_search_pattern(pattern).is_ok();
        if !valid {
            self.area.set_search_pattern("").ok();
        }
        valid
    }
}

/// Returns the regular expression that finds `query` itself.
fn pattern(query: &str) -> String {
    let mut pattern = String::new();
    if !query.is_empty() && !query.contains(char::is_uppercase) {
        pattern.push_str("(?i)");
    }
    for character in query.chars() {
        if character.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
