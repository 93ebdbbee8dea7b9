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
    /// The text of the config file.
    pub config: &'static str,
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
    /// Runs a shell command to its end beside the program, which it finds as `$DYNAMINI`: what someone else does.
    Beside(&'static str),
    /// Kills the program and starts it again, at this time.
    KillAndStart(&'static str),
}

use Step::{Beside, Keys, KillAndStart, Paste, WaitFor, WaitForGone};

const BUILD: &[&str] = &["--package", "dynamini", "--bin", "dynamini"];
const SIZE: (u16, u16) = (120, 36);

/// When the program starts. The clock stands still, so that ages and times are the same each time.
pub const NOW: &str = "2026-11-22T09:44:00Z";

/// A connection on which every write is asked for.
const PROTECTED: &str = r#"
connection = "prod"
[connections.prod]
protected = true
colour = "red"
"#;

/// Someone else's change of the invoice with the long history, as another author.
const MEANWHILE: &str = r#"
entry=billing/u-1042/invoices/inv-2026-0007
"$DYNAMINI" get $entry | sed 's/"limit": 12500/"limit": 8000/; s/"sent"/"disputed"/; s/: 24/: 20/' |
    "$DYNAMINI" --author bob@cli put $entry - --note 'the customer called'
"#;

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

/// Loads the sample data into the empty store, which keeps it.
const WITH_SAMPLE: &[Step] = &[WaitFor("Welcome"), Keys("enter")];

/// Opens the invoice in the editor, and types another status, limit and currency.
const EDIT: &[Step] = &[
    WaitFor("inv-2026-0007 30"),
    Keys("e"),
    WaitFor("based on"),
    Keys("down down end backspace backspace backspace backspace backspace backspace"),
    Paste("paid\","),
    Keys("down down down down down down end backspace backspace backspace backspace backspace"),
    Paste("20000"),
    Keys("down down end backspace backspace backspace backspace backspace"),
    Paste("CHF\","),
    WaitFor("✎ changed"),
    WaitForGone("✗"),
];

/// All pictures, in the order they are taken.
pub const SCENES: &[Scene] = &[
    Scene {
        name: "explorer",
        title: "dynamini --demo",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        config: "",
        size: SIZE,
        steps: &[TO_THE_STORY, &[WaitFor("raise limit"), Keys("="), WaitFor("Difference"), WaitFor("+ ")]],
    },
    Scene {
        name: "side-by-side",
        title: "dynamini --demo: two versions side by side",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        config: "",
        size: SIZE,
        steps: &[
            TO_THE_STORY,
            &[
                WaitFor("raise limit"),
                Keys("[ [ [ m"),
                WaitFor("◆ base"),
                Keys("] ] ] s f"),
                WaitFor("side by side, s as text"),
            ],
        ],
    },
    Scene {
        name: "blame",
        title: "dynamini --demo: who last changed each line",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        config: "",
        size: SIZE,
        steps: &[
            TO_THE_STORY,
            &[WaitFor("raise limit"), Keys("b"), WaitFor("59 compared"), Keys("j j"), WaitFor(".status  string")],
        ],
    },
    Scene {
        name: "editor",
        title: "dynamini --demo: a mistake while typing",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        config: "",
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
        config: "",
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
        config: "",
        size: SIZE,
        steps: &[
            WITH_SAMPLE,
            TO_THE_STORY,
            EDIT,
            &[Beside(MEANWHILE), Keys("ctrl-s"), WaitFor("Enter write it"), Keys("enter"), WaitFor("to be settled: 2")],
            &[Keys("m"), WaitFor("to be settled: 1")],
        ],
    },
    Scene {
        name: "drafts",
        title: "dynamini: started again after two crashes",
        build: BUILD,
        program: "dynamini",
        args: &["--author", "ada@cli"],
        config: "",
        size: (100, 24),
        steps: &[
            WITH_SAMPLE,
            TO_THE_STORY,
            EDIT,
            &[
                WaitFor("1 draft"),
                Beside(MEANWHILE),
                KillAndStart("2026-11-22T11:20:00Z"),
                WaitFor("changed since"),
                Keys("esc"),
                WaitForGone("typed and not stored"),
            ],
            TO_THE_STORY,
            &[
                WaitFor("the customer called"),
                Keys("a"),
                WaitFor("New entry"),
                Paste("inv-2027-0001"),
                Keys("enter"),
                WaitFor("Edit  new entry"),
                Paste("\"number\": \"2027-0001\","),
                WaitFor("2 drafts"),
                KillAndStart("2026-11-22T11:52:00Z"),
                WaitFor("changed since"),
                WaitFor("not JSON yet"),
            ],
        ],
    },
    Scene {
        name: "undo",
        title: "dynamini --demo: what this session wrote",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        config: "",
        size: SIZE,
        steps: &[
            TO_THE_STORY,
            EDIT,
            &[Keys("ctrl-s"), WaitFor("Enter write it"), Keys("enter"), WaitFor("u undoes it"), WaitFor("  now  ")],
            &[
                Keys("R"),
                WaitFor("Rename the entry"),
                Keys("ctrl-u"),
                Paste("inv-7"),
                Keys("enter"),
                WaitFor("renamed  "),
            ],
            &[Keys("d"), WaitFor("Delete"), Keys("down enter"), WaitFor("deleted; u")],
            &[Keys("u"), WaitFor("Undo: bring back"), Keys("enter"), WaitFor("U redoes it")],
            &[Keys("W"), WaitFor("Written in this session")],
        ],
    },
    Scene {
        name: "plan",
        title: "dynamini --demo: what brings a collection back to a moment",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        config: "",
        size: SIZE,
        steps: &[
            TO_THE_STORY,
            &[Keys("B"), WaitFor("Bring back"), Paste("3 days ago"), WaitFor("3d ago"), Keys("enter")],
            &[WaitFor("WCU"), WaitFor("^S carry out"), WaitFor("as it was")],
        ],
    },
    Scene {
        name: "protected",
        title: "dynamini, 80x24: a protected connection",
        build: BUILD,
        program: "dynamini",
        args: &["--author", "ada@cli"],
        config: PROTECTED,
        size: (80, 24),
        steps: &[
            &[WaitFor("Welcome"), Keys("enter"), WaitFor("Type the connection's name"), Keys("prod enter")],
            TO_THE_STORY,
            EDIT,
            &[Keys("ctrl-s"), WaitFor("Enter write it"), Keys("enter"), WaitFor("Write to prod?")],
        ],
    },
    Scene {
        name: "asof",
        title: "dynamini --demo: the whole explorer as it was a week ago",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        config: "",
        size: SIZE,
        steps: &[
            TO_THE_STORY,
            &[WaitFor("raise limit"), Keys("T"), WaitFor("Look at a moment"), Paste("1 week ago"), Keys("enter")],
            &[WaitFor("AS OF"), WaitFor("inv-2026-0007"), WaitFor("versions")],
        ],
    },
    Scene {
        name: "small",
        title: "dynamini --demo, 80x24",
        build: BUILD,
        program: "dynamini",
        args: &["--demo", "--author", "ada@cli"],
        config: "",
        size: (80, 24),
        steps: &[TO_THE_STORY, &[WaitFor("versions loaded")]],
    },
];
