//! What can be asked for with a key, in one table: it drives the keys, the hints of the bottom line, the help and the
//! README.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::pane::Pane;

/// Something a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// One row down; in the timeline, one version older.
    Down,
    /// One row up; in the timeline, one version newer.
    Up,
    /// Half a screen down.
    HalfDown,
    /// Half a screen up.
    HalfUp,
    /// The first row.
    First,
    /// The last row.
    Last,
    /// Into what is selected.
    Child,
    /// Back to where it is in.
    Parent,
    /// The next pane.
    NextPane,
    /// The pane before.
    PreviousPane,
    /// A pane by its number.
    Focus(Pane),
    /// Show an older version.
    Older,
    /// Show a newer version.
    Newer,
    /// Filter a list, search a value.
    Find,
    /// Look at a difference another way.
    Look,
    /// The next match, or the next change of a difference.
    NextMatch,
    /// The match or change before.
    PreviousMatch,
    /// Show the difference, or the value again.
    Difference,
    /// Tell who last changed each line of the value.
    Blame,
    /// Take the shown version as the base of differences.
    Mark,
    /// Look at another moment, or go back to now.
    AsOf,
    /// Edit the value here.
    Edit,
    /// Edit the value in the person's own editor.
    EditOutside,
    /// Bring back the shown version, or what is deleted.
    Restore,
    /// Create a collection or an entry.
    Add,
    /// Undo the last write.
    Undo,
    /// Redo what was undone.
    Redo,
    /// What this session wrote.
    Journal,
    /// What was typed and is not stored.
    Drafts,
    /// What is deleted.
    Trash,
    /// What was done, of many by time.
    Changes,
    /// Search through all versions.
    Search,
    /// Mark the selected row of a list.
    MarkRow,
    /// Mark the rows from the last mark to the selected one.
    MarkRange,
    /// Bring many back to a moment.
    BringBack,
    /// Compare a collection with a moment or with another one.
    Compare,
    /// Give another name.
    Rename,
    /// Delete what is selected.
    Delete,
    /// Copy the shown value.
    Copy,
    /// Show what is deleted, or hide it.
    ShowDeleted,
    /// The value on the whole screen.
    FullScreen,
    /// Wrap long lines.
    Wrap,
    /// Read again.
    Refresh,
    /// Close, clear, stop.
    Back,
    /// The keys.
    Help,
    /// Refuse writes, or let them through again.
    ReadOnly,
    /// Leave.
    Quit,
    /// Leave at once.
    QuitNow,
    /// Draw the screen anew.
    Redraw,
    /// Give the terminal back to the shell.
    Suspend,
}

/// In which panes a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// In all of them.
    Everywhere,
    /// In the lists.
    Lists,
    /// In the value.
    Value,
}

impl Where {
    /// Returns whether the key works in a pane.
    pub fn holds(self, pane: Pane) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Lists => matches!(pane, Pane::List(_)),
            Self::Value => pane == Pane::Value,
        }
    }
}

/// A key with its modifiers, of which only Ctrl counts: Shift is in the character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    code: KeyCode,
    ctrl: bool,
}

impl Key {
    const fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false }
    }

    const fn char(char: char) -> Self {
        Self::plain(KeyCode::Char(char))
    }

    const fn ctrl(char: char) -> Self {
        Self { code: KeyCode::Char(char), ctrl: true }
    }

    /// Returns whether that is the key that was pressed.
    pub fn is(self, event: KeyEvent) -> bool {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        self.code == event.code && self.ctrl == ctrl && !alt
    }
}

/// An action, its keys and its words.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// The keys that ask for it.
    pub keys: &'static [Key],
    /// The keys as they are shown.
    pub shown: &'static str,
    /// A sentence for the help.
    pub what: &'static str,
    /// One or two words for the bottom line, where the action is worth a place there.
    pub hint: Option<&'static str>,
    /// The panes it works in.
    pub place: Where,
}

macro_rules! bindings {
    ($($action:expr, [$($key:expr),+], $shown:literal, $place:ident, $hint:expr, $what:literal;)+) => {
        /// All actions. The order is that of the help; the bottom line drops hints from the end where it is narrow.
        pub const BINDINGS: &[Binding] = &[$(Binding {
            action: $action, keys: &[$($key),+], shown: $shown, what: $what, hint: $hint, place: Where::$place,
        }),+];
    };
}

use KeyCode::{BackTab, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up};

bindings! {
    Action::Edit, [Key::char('e')], "e", Everywhere, Some("edit"), "Edit the value here";
    Action::Restore, [Key::char('r')], "r", Everywhere, Some("restore"),
        "Restore the shown version, or bring back what is deleted";
    Action::Difference, [Key::char('=')], "=", Everywhere, Some("difference"),
        "Show what changed since the version before, or the marked one";
    Action::Look, [Key::char('s')], "s", Everywhere, None,
        "Look at a difference by path, side by side or as text";
    Action::Older, [Key::char('[')], "[", Everywhere, Some("older"), "Show the version before";
    Action::Newer, [Key::char(']')], "]", Everywhere, Some("newer"), "Show the version after";
    Action::AsOf, [Key::char('T')], "T", Everywhere, Some("as of"),
        "The whole explorer as of a moment, read-only; back to now";
    Action::Add, [Key::char('a')], "a", Everywhere, Some("add"), "Add a collection or an entry";
    Action::Find, [Key::char('/')], "/", Everywhere, Some("find"), "Filter the list as you type; in the value, search";
    Action::Delete, [Key::char('d')], "d", Everywhere, Some("delete…"), "Delete, after a menu; the history is kept";
    Action::Help, [Key::char('?'), Key::plain(F(1))], "? F1", Everywhere, Some("help"), "Show these keys";
    Action::Copy, [Key::char('y')], "y", Everywhere, Some("copy"), "Copy the shown value through the terminal";
    Action::Mark, [Key::char('m')], "m", Everywhere, Some("mark"), "Mark the shown version: any other can be compared with it";
    Action::Blame, [Key::char('b')], "b", Everywhere, Some("blame"),
        "Who last changed each line; Enter goes there, Esc stops";
    Action::Undo, [Key::char('u')], "u", Everywhere, Some("undo"), "Undo the last write of this session, as a new version";
    Action::Redo, [Key::char('U')], "U", Everywhere, None, "Redo what was undone";
    Action::Journal, [Key::char('W')], "W", Everywhere, None, "What this session wrote; each can be undone";
    Action::Drafts, [Key::char('D')], "D", Everywhere, Some("drafts"), "Drafts: what was typed and is not stored yet, to go on with";
    Action::Trash, [Key::char('t')], "t", Everywhere, Some("trash"), "Trash: all that is deleted under the user or application";
    Action::Changes, [Key::char('c')], "c", Everywhere, Some("changes"),
        "Changes: all done in the collection, user or application";
    Action::Search, [Key::char('F')], "F", Everywhere, Some("search"),
        "Find a text, a path or a value in all versions";
    Action::MarkRow, [Key::char(' ')], "Space", Lists, None, "Mark the row, or take its mark off";
    Action::MarkRange, [Key::char('V')], "V", Lists, None, "Mark the rows from the last mark to here";
    Action::BringBack, [Key::char('B')], "B", Everywhere, Some("bring back"),
        "Bring back what is marked, or all here, to a moment: a plan";
    Action::Compare, [Key::char('C')], "C", Everywhere, None,
        "Compare the collection with a moment or the marked one";
    Action::Rename, [Key::char('R')], "R", Everywhere, Some("rename"), "Rename the collection or entry";
    Action::ShowDeleted, [Key::char('.')], ".", Everywhere, Some("deleted"),
        "Show deleted collections and entries, or hide them";
    Action::EditOutside, [Key::char('E')], "E", Everywhere, None, "Edit the value in $VISUAL, $EDITOR or vi";
    Action::FullScreen, [Key::char('f')], "f", Everywhere, None, "The value on the whole screen";
    Action::Wrap, [Key::char('w')], "w", Everywhere, None, "Wrap long lines of the value, or cut them";
    Action::NextMatch, [Key::char('n')], "n", Everywhere, None, "The next match, or the next change of a difference";
    Action::PreviousMatch, [Key::char('N')], "N", Everywhere, None, "The match or change before";
    Action::Refresh, [Key::ctrl('r')], "^R", Everywhere, None, "Read again; the selection stays";
    Action::Down, [Key::char('j'), Key::plain(Down)], "j ↓", Everywhere, None, "Down; in the timeline, older";
    Action::Up, [Key::char('k'), Key::plain(Up)], "k ↑", Everywhere, None, "Up; in the timeline, newer";
    Action::HalfDown, [Key::ctrl('d'), Key::plain(PageDown)], "^D PgDn", Everywhere, None, "Half a screen down";
    Action::HalfUp, [Key::ctrl('u'), Key::plain(PageUp)], "^U PgUp", Everywhere, None, "Half a screen up";
    Action::First, [Key::char('g'), Key::plain(Home)], "g Home", Everywhere, None, "To the first row";
    Action::Last, [Key::char('G'), Key::plain(End)], "G End", Everywhere, None, "To the last row";
    Action::Child, [Key::char('l'), Key::plain(Right), Key::plain(Enter)], "l → Enter", Everywhere, None,
        "Into what is selected; in the value, right, or open a fold";
    Action::Parent, [Key::char('h'), Key::plain(Left)], "h ←", Everywhere, None,
        "Back to what it is in; in the value, to the left first";
    Action::NextPane, [Key::plain(Tab)], "Tab", Everywhere, None, "The next pane";
    Action::PreviousPane, [Key::plain(BackTab)], "S-Tab", Everywhere, None, "The pane before";
    Action::Focus(Pane::ALL[0]), [Key::char('1')], "1", Everywhere, None, "Applications";
    Action::Focus(Pane::ALL[1]), [Key::char('2')], "2", Everywhere, None, "Users";
    Action::Focus(Pane::ALL[2]), [Key::char('3')], "3", Everywhere, None, "Collections";
    Action::Focus(Pane::ALL[3]), [Key::char('4')], "4", Everywhere, None, "Entries";
    Action::Focus(Pane::ALL[4]), [Key::char('5')], "5", Everywhere, None, "Timeline";
    Action::Focus(Pane::ALL[5]), [Key::char('6')], "6", Everywhere, None, "Value";
    Action::Back, [Key::plain(Esc)], "Esc", Everywhere, None,
        "Close, clear a filter, stop a load, unmark; never leaves";
    Action::ReadOnly, [Key::char('!')], "!", Everywhere, None, "Refuse every write, or let writes through again";
    Action::Redraw, [Key::ctrl('l')], "^L", Everywhere, None, "Draw the screen anew";
    Action::Suspend, [Key::ctrl('z')], "^Z", Everywhere, None, "Back to the shell; `fg` returns";
    Action::Quit, [Key::char('q')], "q", Everywhere, Some("quit"), "Leave; asks only if something is unsaved";
    Action::QuitNow, [Key::ctrl('c')], "^C", Everywhere, None, "Leave at once; what is typed stays as a draft";
}

/// Returns the action that a key asks for in a pane.
pub fn action(event: KeyEvent, pane: Pane) -> Option<Action> {
    let binding =
        BINDINGS.iter().find(|binding| binding.place.holds(pane) && binding.keys.iter().any(|key| key.is(event)));
    binding.map(|binding| binding.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pane_binds_a_key_twice() {
        for pane in Pane::ALL {
            let keys: Vec<&Key> =
                BINDINGS.iter().filter(|binding| binding.place.holds(pane)).flat_map(|binding| binding.keys).collect();
            for (index, key) in keys.iter().enumerate() {
                assert!(!keys[..index].contains(key), "{key:?} twice in {pane:?}");
            }
        }
    }

    #[test]
    fn every_action_stands_in_the_table_once() {
        for (index, binding) in BINDINGS.iter().enumerate() {
            assert!(BINDINGS[..index].iter().all(|other| other.action != binding.action), "{:?}", binding.action);
        }
    }

    #[test]
    fn keys_that_terminals_send_for_others_are_not_bound() {
        for char in ['h', 'i', 'j', 'm'] {
            let event = KeyEvent::new(KeyCode::Char(char), KeyModifiers::CONTROL);
            assert!(BINDINGS.iter().all(|binding| !binding.keys.iter().any(|key| key.is(event))), "^{char}");
        }
    }
}
