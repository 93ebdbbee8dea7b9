//! The pictures to take: what to run, what to press, when to look.

/// One picture.
pub struct Scene {
    /// The file's name, without `.png`.
    pub name: &'static str,
    /// The title of the window in the picture.
    pub title: &'static str,
    /// What cargo builds first, as arguments of `cargo build`.
    pub build: &'static [&'static str],
    /// The program, below cargo's directory for the profile.
    pub program: &'static str,
    /// The program's arguments.
    pub args: &'static [&'static str],
    /// Variables added to the terminal's fixed environment.
    pub env: &'static [(&'static str, &'static str)],
    /// Columns and rows.
    pub size: (u16, u16),
    /// What to do before the picture is taken; it should end with a wait.
    pub steps: &'static [&'static [Step]],
}

/// One step of a scene.
pub enum Step {
    /// Presses keys, named as for the terminal harness.
    Keys(&'static str),
    /// Types or pastes text, as a terminal does.
    Paste(&'static str),
    /// Waits until the screen shows a text.
    WaitFor(&'static str),
    /// Waits until the screen no longer shows a text.
    WaitForGone(&'static str),
}

use Step::{Keys, Paste, WaitFor, WaitForGone};

const BUILD: &[&str] = &["--package", "dynamini", "--bin", "dynamini"];
const SIZE: (u16, u16) = (120, 36);

/// The clock stands still, so that ages and times are the same each time.
const NOW: (&str, &str) = ("DYNAMINI_NOW", "2026-11-22T09:44:00Z");

/// Someone else's change while an entry is open: what `$EDITOR` is told to do in the conflict's scene. It writes one
/// version as another author, through the program that started it, and then edits the text it was given.
const MEANWHILE: &str = "\
    entry=billing/u-1042/invoices/inv-2026-0007; \
    /proc/$PPID/exe get $entry | sed 's/\"limit\": 12500/\"limit\": 8000/; s/\"sent\"/\"disputed\"/' \
    | /proc/$PPID/exe --author bob@cli put $entry - --note 'the customer called' >/dev/null; \
    sed -i 's/\"limit\": 12500/\"limit\": 20000/; s/\"JPY\"/\"CHF\"/'";

/// From the first screen to the invoice with the long history.
const TO_THE_STORY: &[Step] = &[
    WaitFor("billing"),
    Keys("j l"),
    WaitFor("u-1042"),
    Keys("l"),
    WaitFor("invoices"),
    Keys("j j l"),
    WaitFor("Entries 291"),
    Keys("j j j j j j"),
];

/// All pictures, in the order they are taken.
pub const SCENES: &[Scene] = &[
    Scene {
        name: "explorer",
        title: "dynamini --demo",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        env: &[NOW],
        size: SIZE,
        steps: &[TO_THE_STORY, &[WaitFor("raise limit"), Keys("="), WaitFor("Difference"), WaitFor("+ ")]],
    },
    Scene {
        name: "editor",
        title: "dynamini --demo: a mistake while typing",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        env: &[NOW],
        size: SIZE,
        steps: &[
            TO_THE_STORY,
            &[
                WaitFor("raise limit"),
                Keys("e"),
                WaitFor("based on"),
                Keys("down down end backspace"),
                WaitFor("✗ line"),
            ],
        ],
    },
    Scene {
        name: "review",
        title: "dynamini --demo: what will change",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        env: &[NOW],
        size: SIZE,
        steps: &[
            TO_THE_STORY,
            &[
                WaitFor("raise limit"),
                Keys("e"),
                WaitFor("based on"),
                Keys("down end backspace backspace"),
                Paste("-b\","),
                Keys("end enter"),
                Paste("\"paidBy\": {\"method\": \"card\", \"last4\": \"4242\"},"),
                WaitForGone("✗"),
                Keys("ctrl-s"),
                WaitFor("Enter write it"),
            ],
        ],
    },
    Scene {
        name: "conflict",
        title: "dynamini: someone else was first",
        build: BUILD,
        program: "dynamini",
        args: &["--author", "ada@cli"],
        env: &[NOW, ("EDITOR", MEANWHILE)],
        size: SIZE,
        steps: &[
            &[WaitFor("Welcome"), Keys("enter")],
            TO_THE_STORY,
            &[WaitFor("raise limit"), Keys("E"), WaitFor("Enter write it"), Keys("enter"), WaitFor("They changed")],
        ],
    },
    Scene {
        name: "small",
        title: "dynamini --demo, 80x24",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        env: &[NOW],
        size: (80, 24),
        steps: &[TO_THE_STORY, &[WaitFor("versions loaded")]],
    },
];
