//! From a role on the screen to its style. Views name roles; only this file names colours.
//!
//! No state is told by colour alone: each role that matters also has a modifier here, or a glyph where it is drawn.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Plain text.
    Text,
    /// Text that explains or counts, beside what matters.
    Quiet,
    /// What stands out in a line: a title, a name.
    Strong,
    /// The border of a pane.
    Border,
    /// The border and title of the pane that has the focus.
    Focus,
    /// The selected row in the focused pane.
    Selected,
    /// The selected row in another pane.
    SelectedElsewhere,
    /// A row, or part of one, that is deleted.
    Deleted,
    /// A key that can be pressed.
    Key,
    /// Something went well.
    Good,
    /// Something to look out for.
    Warning,
    /// Something failed, or is wrong in the text.
    Bad,
    /// A match of a filter or a search.
    Match,
    /// The connection may be written to.
    ReadWrite,
    /// The connection is read-only.
    ReadOnly,
    /// The connection is protected.
    Protected,
    /// Another moment than now is shown.
    Past,
    /// The border of a pane that shows another moment than now.
    PastBorder,
    /// Text that a difference adds.
    Added,
    /// Text that a difference removes.
    Removed,
    /// The words within a line that a difference is about.
    Word,
    /// Text that a difference finds in another place.
    Moved,
    /// A line number.
    LineNumber,
    /// A JSON object's key.
    JsonKey,
    /// A JSON string.
    JsonString,
    /// A JSON number.
    JsonNumber,
    /// `true`, `false`, `null`.
    JsonKeyword,
    /// Brackets, commas and colons of JSON.
    JsonPunctuation,
}

/// How many colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// The sixteen colours that every terminal has and that follow its own scheme.
    #[default]
    Sixteen,
    /// None: `NO_COLOR` is set, or the terminal has none.
    Plain,
}

/// The styles of the roles.
#[derive(Clone, Copy, Debug, Default)]
pub struct Theme {
    palette: Palette,
}

impl Theme {
    /// Returns the theme of a palette.
    pub fn new(palette: Palette) -> Self {
        Self { palette }
    }

    /// Returns whether there are colours.
    pub fn has_colours(self) -> bool {
        self.palette != Palette::Plain
    }

    /// Returns the style of a role in the colour that marks a connection, an ANSI number, where there are colours.
    pub fn marked(self, role: Role, colour: Option<u8>) -> Style {
        let style = self.style(role);
        match colour {
            Some(colour) if self.has_colours() => style.fg(Color::Indexed(colour)),
            _ => style,
        }
    }

    /// Returns the style of a role: a colour where the palette has any, and modifiers that tell it apart without.
    #[expect(clippy::match_same_arms, reason = "roles that look alike today stand apart")]
    pub fn style(self, role: Role) -> Style {
        let (color, modifier) = match role {
            Role::Text => (None, Modifier::empty()),
            Role::Quiet | Role::LineNumber | Role::Border | Role::JsonPunctuation => {
                (Some(Color::DarkGray), Modifier::empty())
            }
            Role::Strong => (None, Modifier::BOLD),
            Role::Focus => (Some(Color::Cyan), Modifier::BOLD),
            Role::Selected => (None, Modifier::REVERSED.union(Modifier::BOLD)),
            Role::SelectedElsewhere => (None, Modifier::BOLD),
            Role::Deleted => (Some(Color::DarkGray), Modifier::CROSSED_OUT),
            Role::Key => (Some(Color::Cyan), Modifier::BOLD),
            Role::Good => (Some(Color::Green), Modifier::empty()),
            Role::Warning => (Some(Color::Yellow), Modifier::BOLD),
            Role::Bad => (Some(Color::Red), Modifier::BOLD.union(Modifier::UNDERLINED)),
            Role::Match => (Some(Color::Yellow), Modifier::UNDERLINED.union(Modifier::BOLD)),
            Role::ReadWrite => (Some(Color::Yellow), Modifier::BOLD),
            Role::ReadOnly => (Some(Color::Green), Modifier::BOLD),
            Role::Protected => (Some(Color::Red), Modifier::BOLD.union(Modifier::REVERSED)),
            Role::Past => (Some(Color::Magenta), Modifier::BOLD.union(Modifier::REVERSED)),
            Role::PastBorder => (Some(Color::Magenta), Modifier::empty()),
            Role::Added => (Some(Color::Green), Modifier::BOLD),
            Role::Removed => (Some(Color::Red), Modifier::empty()),
            Role::Word => (None, Modifier::BOLD.union(Modifier::UNDERLINED)),
            Role::Moved => (Some(Color::Cyan), Modifier::empty()),
            Role::JsonKey => (Some(Color::Blue), Modifier::empty()),
            Role::JsonString => (Some(Color::Green), Modifier::empty()),
            Role::JsonNumber => (Some(Color::Magenta), Modifier::empty()),
            Role::JsonKeyword => (Some(Color::Yellow), Modifier::empty()),
        };
        let style = Style::new().add_modifier(modifier);
        match (self.palette, color) {
            (Palette::Sixteen, Some(color)) => style.fg(color),
            _ => style,
        }
    }
}
