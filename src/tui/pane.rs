//! The six panes, and the four levels of the tree that the first four show.

/// A level of the tree: what a list on the left holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The applications of the store.
    Applications,
    /// The users of an application.
    Users,
    /// The collections of a user.
    Collections,
    /// The entries of a collection.
    Entries,
}

impl Level {
    /// All levels from the top down.
    pub const ALL: [Self; 4] = [Self::Applications, Self::Users, Self::Collections, Self::Entries];

    /// Returns the level's place from the top, 0 to 3.
    pub fn depth(self) -> usize {
        self as usize
    }

    /// Returns the level below, which holds this one's children.
    pub fn child(self) -> Option<Self> {
        Self::ALL.get(self.depth() + 1).copied()
    }

    /// Returns the level above.
    pub fn parent(self) -> Option<Self> {
        Self::ALL.get(self.depth().checked_sub(1)?).copied()
    }

    /// Returns the title of its pane.
    pub fn title(self) -> &'static str {
        match self {
            Self::Applications => "Applications",
            Self::Users => "Users",
            Self::Collections => "Collections",
            Self::Entries => "Entries",
        }
    }

    /// Returns what one row of it is called.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Applications => "application",
            Self::Users => "user",
            Self::Collections => "collection",
            Self::Entries => "entry",
        }
    }
}

/// A pane, which can have the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pane {
    /// One of the four lists.
    List(Level),
    /// The versions of what is selected, newest first.
    Timeline,
    /// The value of the version that is shown.
    Value,
}

impl Pane {
    /// All panes in the order of their numbers.
    pub const ALL: [Self; 6] = [
        Self::List(Level::Applications),
        Self::List(Level::Users),
        Self::List(Level::Collections),
        Self::List(Level::Entries),
        Self::Timeline,
        Self::Value,
    ];

    /// Returns the pane's number, 1 to 6: the key that focuses it.
    pub fn number(self) -> usize {
        match self {
            Self::List(level) => level.depth() + 1,
            Self::Timeline => 5,
            Self::Value => 6,
        }
    }

    /// Returns the pane so many places on, going round.
    #[must_use]
    pub fn step(self, by: isize) -> Self {
        let count = Self::ALL.len();
        let at = (self.number() - 1).wrapping_add_signed(by).wrapping_add(count) % count;
        Self::ALL[at]
    }
}
