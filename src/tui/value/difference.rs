//! A difference on the screen: what is compared, its lines, and the rows that show them.

use crate::json::{self, ChangeCounts, ChangeKind, DiffLine, Folded, Segment, SideRow, Sign};
use crate::model::{Record, Subject};
use crate::tui::compare::{DifferenceLook, Pair, ToCompare};

/// Unchanged lines kept around a change.
const CONTEXT: usize = 3;

/// Values of up to so many characters are told in a sentence about a change.
const SHORT: usize = 24;

/// The difference between two values.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The lines of both texts.
    pub lines: Vec<DiffLine>,
    /// What the rows on the screen show.
    pub rows: Vec<SideRow>,
    /// How it is looked at.
    look: DifferenceLook,
    /// The lines are compared as lines, whatever they hold.
    is_text: bool,
    /// Which lines show, and which are folded away.
    folded: Vec<Folded>,
    /// The rows where a change begins, in order.
    change_rows: Vec<usize>,
    /// How many paths changed.
    pub counts: ChangeCounts,
    /// The paths that changed, with what was there and what is; none of a text.
    pub changes: Vec<json::Change>,
    /// What is compared with what, in a window; old first.
    pub title: String,
    /// What is compared with what, in the value pane.
    pub pair: Option<Pair>,
    /// What there is to say, or why there is nothing to compare.
    pub notice: Option<String>,
}

impl Difference {
    /// Makes the difference of what is to be compared.
    pub fn made_of(what: ToCompare) -> Self {
        match what {
            ToCompare::Pair(pair, look) => Self::of(pair, look),
            ToCompare::Versions(old, new, title) => Self::between(&old, &new, title),
            ToCompare::Value(old, new, title) => {
                Self::new(old.as_ref().and_then(|old| old.value.as_deref()), Some(&new), title)
            }
            ToCompare::Nothing(title, why) => Self::impossible(title, why),
        }
    }

    /// Compares two versions by path, or line by line for [`DifferenceLook::Text`] and what is no JSON.
    pub fn of(pair: Pair, look: DifferenceLook) -> Self {
        let old = pair.old.as_ref().map(|old| &*old.record);
        let new = &*pair.new.record;
        let difference = match (old, &new.subject) {
            _ if pair.is_mixed() => Self::impossible(
                String::new(),
                "One is a collection and the other an entry: mark (m) one like it, or Esc takes the mark off.",
            ),
            (old, Subject::Collection(_)) => Self::text(old.map(card).as_deref(), Some(&card(new))),
            (old, Subject::Entry(_)) => Self::of_values(old, new, look == DifferenceLook::Text),
        };
        let mut difference = Self { pair: Some(pair), ..difference };
        difference.set_look(look);
        difference
    }

    /// Compares the values of two versions, by path or as texts. Without an old version all of the new one is new.
    fn of_values(old: Option<&Record>, new: &Record, as_text: bool) -> Self {
        let [from, to] = [old, Some(new)].map(|record| record.and_then(|record| record.value.as_deref()));
        let notice = match (old, from, to) {
            (None, _, None) => {
                return Self::impossible(String::new(), "This is the first version, and it has no value.");
            }
            (Some(_), None, None) => return Self::impossible(String::new(), "Neither version has a value."),
            (Some(_), None, Some(_)) => Some("There was no value before: all of it is new."),
            (_, Some(_), None) => Some("There is no value after this: all of it goes."),
            (None, _, Some(_)) | (Some(_), Some(_), Some(_)) => None,
        };
        let difference = if as_text {
            Self::text(from.map(pretty).as_deref(), to.map(pretty).as_deref())
        } else {
            Self::new(from, to, String::new())
        };
        Self { notice: notice.map(str::to_owned).or(difference.notice), ..difference }
    }

    /// Compares two values by path, or line by line where one is no JSON. Without an old one all is added, without a new
    /// one all is removed.
    pub fn new(old: Option<&str>, new: Option<&str>, title: String) -> Self {
        let notice = |which: &str, error: &json::ParseError| {
            Some(format!(
                "The {which} value is not JSON: {error}. Only JSON can be compared by path: these are its lines."
            ))
        };
        let as_lines = || Self::text(old.map(pretty).as_deref(), new.map(pretty).as_deref());
        let difference = match (old.map(json::parse).transpose(), new.map(json::parse).transpose()) {
            (Err(error), _) => Self { notice: notice("old", &error), ..as_lines() },
            (_, Err(error)) => Self { notice: notice("new", &error), ..as_lines() },
            (Ok(Some(from)), Ok(Some(to))) => {
                let (changes, lines) = json::compare(&from, &to);
                let counts = ChangeCounts::of(&changes);
                let notice = (changes.is_empty() && old != new)
                    .then(|| "Only the order of keys, or how something is spelled, is another one.".to_owned());
                Self { counts, changes, is_text: false, notice, ..Self::from_lines(lines) }
            }
            (Ok(from), Ok(to)) => {
                let (added, removed) = (usize::from(to.is_some()), usize::from(from.is_some()));
                let counts = ChangeCounts { added, removed, ..ChangeCounts::default() };
                Self { counts, is_text: false, ..as_lines() }
            }
        };
        Self { title, ..difference }
    }

    /// Compares two versions, names too: a change of name stands in the title.
    pub fn between(old: &Record, new: &Record, title: String) -> Self {
        let title = match (&old.name, &new.name) {
            (a, b) if a == b => title,
            (a, b) => {
                let shown = |name: &Option<String>| name.as_deref().map_or_else(|| "(no name)".to_owned(), json::quote);
                format!("{title}   name {} → {}", shown(a), shown(b))
            }
        };
        Self { title, ..Self::of_values(Some(old), new, false) }
    }

    /// Compares two texts line by line.
    fn text(old: Option<&str>, new: Option<&str>) -> Self {
        Self::from_lines(json::line_by_line(old, new))
    }

    /// Says why two versions can't be compared.
    pub fn impossible(title: String, notice: &str) -> Self {
        Self { title, notice: Some(notice.to_owned()), ..Self::from_lines(Vec::new()) }
    }

    /// Shows lines, without any word on them.
    fn from_lines(lines: Vec<DiffLine>) -> Self {
        let mut difference = Self {
            folded: json::fold(&lines, CONTEXT),
            lines,
            rows: Vec::new(),
            look: DifferenceLook::default(),
            is_text: true,
            change_rows: Vec::new(),
            counts: ChangeCounts::default(),
            changes: Vec::new(),
            title: String::new(),
            pair: None,
            notice: None,
        };
        difference.arrange();
        difference
    }

    /// Returns how it is looked at.
    pub fn look(&self) -> DifferenceLook {
        self.look
    }

    /// Looks at the same lines another way.
    pub fn set_look(&mut self, look: DifferenceLook) {
        self.look = look;
        self.arrange();
    }

    /// Returns how many rows above the lines say what is compared: one over two sides, two where the names differ.
    pub fn head_rows(&self) -> usize {
        match &self.pair {
            None => 0,
            Some(_) if self.look == DifferenceLook::Beside => 1,
            Some(pair) => pair.names().map_or(0, |names| names.len()),
        }
    }

    /// Returns where an item that moved went or came from, in words, for the first of its lines.
    pub fn moved(&self, line: usize) -> Option<String> {
        let DiffLine { sign, change, .. } = self.lines.get(line)?;
        let above = line.checked_sub(1).map(|above| (self.lines[above].sign, self.lines[above].change));
        if above == Some((*sign, *change)) {
            return None;
        }
        let change = self.changes.get((*change)?)?;
        match (sign, &change.kind, change.path.segments().last()) {
            (Sign::MovedAway, _, Some(Segment::Index(to))) => Some(format!("moved to [{to}]")),
            (Sign::MovedHere, ChangeKind::Moved { from, .. }, _) => Some(format!("moved from [{from}]")),
            _ => None,
        }
    }

    /// Returns whether the lines are JSON, to be highlighted.
    pub fn is_json(&self) -> bool {
        !self.is_text
    }

    /// Puts the lines into rows.
    fn arrange(&mut self) {
        self.rows = match self.look {
            DifferenceLook::Beside => json::side_by_side(&self.lines, &self.folded),
            DifferenceLook::ByPath | DifferenceLook::Text => {
                let row = |part: &Folded| match *part {
                    Folded::Gap { from, count } => SideRow::Gap { from, count },
                    Folded::Line(line) => {
                        let is = |side: fn(Sign) -> bool| side(self.lines[line].sign).then_some(line);
                        SideRow::Lines { old: is(Sign::is_old), new: is(Sign::is_new) }
                    }
                };
                self.folded.iter().map(row).collect()
            }
        };
        let mut seen = vec![false; self.lines.iter().filter_map(|line| line.change).max().map_or(0, |last| last + 1)];
        let begins =
            |row: &usize| self.change_of(*row).is_some_and(|change| !std::mem::replace(&mut seen[change], true));
        self.change_rows = (0..self.rows.len()).filter(begins).collect();
    }

    /// Returns the line that a row shows, or the newer of two.
    pub fn line_of(&self, row: usize) -> Option<&DiffLine> {
        match *self.rows.get(row)? {
            SideRow::Lines { old, new } => self.lines.get(new.or(old)?),
            SideRow::Gap { .. } => None,
        }
    }

    /// Returns the texts of a row: one, or where there are two sides up to two.
    pub fn texts_of(&self, row: usize) -> impl Iterator<Item = &str> {
        let (old, new) = match self.rows.get(row) {
            Some(SideRow::Lines { old, new: Some(new) }) if old.is_none() || old == &Some(*new) => (None, Some(*new)),
            Some(SideRow::Lines { old, new }) => (*old, *new),
            Some(SideRow::Gap { .. }) | None => (None, None),
        };
        let old = old.and_then(|line| self.lines[line].old_text());
        old.into_iter().chain(new.map(|line| self.lines[line].text.as_str()))
    }

    /// Returns the change that a row belongs to.
    fn change_of(&self, row: usize) -> Option<usize> {
        self.line_of(row)?.change
    }

    /// Returns whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.sign == Sign::Same)
    }

    /// Returns the rows on the screen where a change begins.
    pub fn change_rows(&self) -> &[usize] {
        &self.change_rows
    }

    /// Shows the lines that are folded away in a row. Returns whether there were any.
    pub fn unfold(&mut self, row: usize) -> bool {
        let Some(SideRow::Gap { from, count }) = self.rows.get(row).copied() else { return false };
        let at = self.folded.iter().position(|part| *part == Folded::Gap { from, count });
        if let Some(at) = at {
            self.folded.splice(at..=at, (from..from + count).map(Folded::Line));
            self.arrange();
        }
        at.is_some()
    }

    /// Returns what is counted, in words.
    pub fn counted(&self) -> String {
        if self.notice.is_some() && self.lines.is_empty() {
            return String::new();
        }
        if !self.is_text {
            return self.counts.to_string();
        }
        let count = |sign| self.lines.iter().filter(|line| line.sign == sign).count();
        match (count(Sign::Added), count(Sign::Removed)) {
            (0, 0) => "no change".to_owned(),
            (added, removed) => format!("+{added} -{removed} lines"),
        }
    }

    /// Returns which change begins at or below a row, counted from 1, of how many, and what it is: `2 of 7`,
    /// `.limit  10 → 12 (+2)`.
    pub fn change_at(&self, row: usize) -> Option<(usize, usize, String)> {
        let total = self.change_rows.len();
        let place = self.change_rows.partition_point(|&begin| begin < row).min(total.checked_sub(1)?);
        let change = self.change_of(self.change_rows[place])?;
        let words = match self.changes.get(change) {
            Some(change) => in_words(change),
            None => self.lines_in_words(change),
        };
        Some((place + 1, total, words))
    }

    /// Returns which lines a change of texts is about.
    fn lines_in_words(&self, change: usize) -> String {
        let of_change = || self.lines.iter().filter(|line| line.change == Some(change));
        let range = |numbers: &mut dyn Iterator<Item = usize>| {
            let first = numbers.next()?;
            let last = numbers.last().unwrap_or(first);
            Some(if first == last { format!("line {first}") } else { format!("lines {first}–{last}") })
        };
        let new = range(&mut of_change().filter_map(|line| line.new_line));
        let old =
            || range(&mut of_change().filter_map(|line| line.old_line)).map(|lines| format!("{lines} of the old"));
        new.or_else(old).unwrap_or_default()
    }
}

/// Returns a change in words.
fn in_words(change: &json::Change) -> String {
    let is_short = |value: &str| value.chars().count() <= SHORT;
    let what = match &change.kind {
        ChangeKind::Added { new } if is_short(new) => format!("added {new}"),
        ChangeKind::Added { .. } => "added".to_owned(),
        ChangeKind::Removed { old } if is_short(old) => format!("removed {old}"),
        ChangeKind::Removed { .. } => "removed".to_owned(),
        ChangeKind::Moved { from, .. } => format!("moved from [{from}]"),
        ChangeKind::Changed { old, new } => {
            let by = match json::number_difference(old, new).as_deref() {
                Some("0") => " (the same number)".to_owned(),
                Some(by) => format!(" ({by})"),
                None => String::new(),
            };
            if is_short(old) && is_short(new) { format!("{old} → {new}{by}") } else { format!("changed{by}") }
        }
    };
    format!("{}  {what}", change.path)
}

/// Returns a value as its text is compared: JSON pretty-printed, anything else as it is.
fn pretty(value: &str) -> String {
    json::parse(value).map_or_else(|_| value.to_owned(), |document| json::pretty(&document))
}

/// Returns what there is to compare of a collection's version, which has no value.
fn card(record: &Record) -> String {
    let lines = [
        ("name", Some(record.name.as_deref().unwrap_or("(no name)"))),
        ("author", record.author.as_deref()),
        ("note", record.note.as_deref()),
        ("deleted", record.deleted_at.as_deref()),
        ("deleted by", record.deleted_by.as_deref()),
    ];
    let lines = lines.into_iter().filter_map(|(label, text)| Some(format!("{label:12}{}", text?)));
    lines.collect::<Vec<_>>().join("\n")
}
