//! Runs a program in a true pseudo-terminal and looks at what it shows there.
//!
//! A test starts a program with [`Terminal::spawn`], types with [`Terminal::keys`], and waits with
//! [`Terminal::wait_for`] for what the screen shows next. Nothing here sleeps: a thread reads what the program
//! writes, feeds it to a terminal emulator and wakes whoever waits. Every wait has a deadline, and a wait that ends
//! without success panics with the screen as text.
//!
//! Use it from a test with `#[path = "support/terminal.rs"] mod terminal;`.
#![allow(dead_code, reason = "each test binary that includes this module uses a part of it")]
#![allow(clippy::panic, reason = "a harness reports a failed wait by panicking")]

use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

pub use portable_pty::ExitStatus;
use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use rustix::termios::{InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, tcgetattr, tcsetattr};

#[path = "terminal/clean.rs"]
mod clean;
#[path = "terminal/emulator.rs"]
mod emulator;
#[path = "terminal/keys.rs"]
mod keys;

use emulator::Emulator;

/// The prompt of the shell of [`Terminal::spawn_under_shell`].
const PROMPT: &str = "harness$ ";

/// What to run, and in how large a terminal: 120 columns by 36 rows and a deadline of 20 s unless said otherwise.
///
/// The program gets none of this process's environment, only a fixed one (see [`Launch::new`]) and what
/// [`Launch::env`] adds.
#[derive(Clone, Debug)]
pub struct Launch {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    cwd: Option<PathBuf>,
    size: (u16, u16),
    deadline: Duration,
    answers_kitty: bool,
}

impl Launch {
    /// Describes a run of `program`, a path or a name found in `/usr/local/bin`, `/usr/bin` or `/bin`.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let env = [
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("SHELL", "/bin/sh"),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            env: env.map(|(name, value)| (name.into(), value.into())).into(),
            cwd: None,
            size: (120, 36),
            deadline: Duration::from_secs(20),
            answers_kitty: false,
        }
    }

    /// Adds one argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Lets another command start the program: its words come first.
    pub fn under(mut self, words: [&str; 4]) -> Self {
        let program = std::mem::replace(&mut self.program, words[0].into());
        self.args.splice(0..0, words[1..].iter().map(OsString::from).chain([program]));
        self
    }

    /// Sets an environment variable; the last value set for a name counts.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sets the working directory, which is this process's own otherwise.
    pub fn cwd(mut self, dir: impl AsRef<Path>) -> Self {
        self.cwd = Some(dir.as_ref().to_owned());
        self
    }

    /// Sets the size of the terminal in columns and rows.
    pub fn size(mut self, cols: u16, rows: u16) -> Self {
        self.size = (cols, rows);
        self
    }

    /// Sets how long each wait may take.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Makes the terminal one that knows the kitty keyboard protocol: it answers `CSI ? u`.
    ///
    /// It still encodes keys in the old way, which that protocol's flag for ambiguous keys allows for most of them.
    pub fn answers_kitty(mut self) -> Self {
        self.answers_kitty = true;
        self
    }

    fn command(&self) -> CommandBuilder {
        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.args);
        command.env_clear();
        for (name, value) in &self.env {
            command.env(name, value);
        }
        let cwd = self.cwd.clone().unwrap_or_else(|| std::env::current_dir().expect("the working directory exists"));
        assert!(cwd.is_dir(), "{} is not a directory", cwd.display());
        command.cwd(cwd);
        command
    }

    /// Returns the command line as a shell reads it.
    fn command_line(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.args);
        let quoted = words.map(|word| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''")));
        quoted.collect::<Vec<_>>().join(" ")
    }
}

/// What the threads and the test share.
struct State {
    emulator: Emulator,
    /// Set once everything the program wrote has been read.
    output_ended: bool,
    exit: Option<ExitStatus>,
    hanging_up: bool,
}

/// A program running in a pseudo-terminal. Dropping it kills the program and waits for its end.
pub struct Terminal {
    state: Arc<(Mutex<State>, Condvar)>,
    input: Option<Sender<Vec<u8>>>,
    master: Option<Box<dyn MasterPty + Send>>,
    pid: Pid,
    deadline: Duration,
    prompts_seen: Cell<usize>,
}

impl Terminal {
    /// Starts the program of `launch`.
    pub fn spawn(launch: &Launch) -> Self {
        let (cols, rows) = launch.size;
        let pair = native_pty_system().openpty(pty_size(cols, rows)).expect("the system has pseudo-terminals");
        let mut child = pair.slave.spawn_command(launch.command()).unwrap_or_else(|error| panic!("{error:#}"));
        // Only the program holds the terminal's far side now, so its end is the end of the output.
        drop(pair.slave);
        let pid = child.process_id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)).expect("a child has an id");
        let emulator = Emulator::new(cols, rows, launch.answers_kitty);
        let state = State { emulator, output_ended: false, exit: None, hanging_up: false };
        let state = Arc::new((Mutex::new(state), Condvar::new()));

        // Writing has a thread of its own: a long paste may fill the terminal's buffer while the program waits for
        // its own output to be read.
        let (input, inbox) = channel::<Vec<u8>>();
        let mut writer = pair.master.take_writer().expect("the writer is taken once");
        thread::spawn(move || {
            for bytes in inbox {
                if writer.write_all(&bytes).is_err() {
                    break;
                }
            }
        });
        let reader = pair.master.try_clone_reader().expect("the terminal can be read");
        let (shared, answers) = (Arc::clone(&state), input.clone());
        thread::spawn(move || read_output(reader, &shared, &answers));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            let status = child.wait().expect("a child is waited for once");
            lock(&shared.0).exit = Some(status);
            shared.1.notify_all();
        });
        let (master, deadline) = (Some(pair.master), launch.deadline);
        Self { state, input: Some(input), master, pid, deadline, prompts_seen: Cell::new(0) }
    }

    /// Starts an interactive shell with job control and types the command line of `launch` into it.
    ///
    /// [`Terminal::wait_for_prompt`] then waits for the program to stop or end, and [`Terminal::shell`] types the
    /// next command (`fg`, `exit`).
    pub fn spawn_under_shell(launch: &Launch) -> Self {
        let mut shell = launch.clone().env("PS1", PROMPT);
        shell.program = "/bin/sh".into();
        shell.args = vec!["-i".into()];
        let terminal = Self::spawn(&shell);
        terminal.wait_for_prompt();
        terminal.shell(&launch.command_line());
        terminal
    }

    /// Types a line into the shell of [`Terminal::spawn_under_shell`].
    pub fn shell(&self, line: &str) {
        self.send(&format!("{line}\r"));
    }

    /// Waits until the shell shows its next prompt, one that no earlier call of this function waited for.
    pub fn wait_for_prompt(&self) {
        let prompts = |state: &State| {
            let raw = state.emulator.raw();
            raw.windows(PROMPT.len()).filter(|bytes| *bytes == PROMPT.as_bytes()).count()
        };
        let wanted = self.prompts_seen.get() + 1;
        self.wait("the shell's next prompt", |state| prompts(state) >= wanted);
        self.prompts_seen.set(wanted);
    }

    /// Sends `bytes` as they are.
    pub fn send(&self, bytes: &str) {
        let input = self.input.as_ref().expect("the terminal is there until it hangs up");
        // The writing thread ends only when the program is gone, which the next wait reports with the screen.
        input.send(bytes.as_bytes().to_vec()).ok();
    }

    /// Presses keys named in a list separated by white space: `"j j enter"`, `"ctrl-s"`, `"shift-tab"`, `"f1"`.
    ///
    /// What is not the name of a key is typed as it stands (`"hello space world"`). `esc` has to come last: a
    /// terminal program takes Esc with a key right behind it for Alt and that key, so wait for its effect first.
    pub fn keys(&self, keys: &str) {
        let application_cursor = self.screen().application_cursor();
        self.send(&keys::encode(keys, application_cursor));
    }

    /// Pastes `text`: between the brackets of bracketed paste if the program asked for it, else as if typed.
    pub fn paste(&self, text: &str) {
        if self.screen().bracketed_paste() {
            self.send(&format!("\x1b[200~{text}\x1b[201~"));
        } else {
            self.send(text);
        }
    }

    /// Waits until the screen shows `text` within one row.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(&format!("{text:?}"), |screen| screen.contents().contains(text));
    }

    /// Waits until the screen no longer shows `text`.
    pub fn wait_for_gone(&self, text: &str) {
        self.wait_until(&format!("{text:?} to be gone"), |screen| !screen.contents().contains(text));
    }

    /// Waits until `shown` holds for the screen; `what` names it in the panic of a wait that fails.
    ///
    /// `shown` sees whole frames only, where the program marks them with synchronized updates.
    pub fn wait_until(&self, what: &str, mut shown: impl FnMut(&vt100::Screen) -> bool) {
        self.wait(what, |state| shown(state.emulator.shown()));
    }

    /// Changes the terminal's size, which the program learns by SIGWINCH.
    pub fn resize(&self, cols: u16, rows: u16) {
        // The emulator first, so that it never reads output for the new size at the old one.
        self.lock().emulator.resize(cols, rows);
        self.master().resize(pty_size(cols, rows)).expect("the terminal can be resized");
    }

    /// Sends a signal (`"TERM"`, `"HUP"`, `"INT"`, `"QUIT"`, `"TSTP"`, `"STOP"`, `"CONT"`, `"KILL"`) to the program in
    /// the terminal's foreground: under a shell to its job there, else to the program that was started.
    pub fn signal(&self, name: &str) {
        let signal = match name {
            "TERM" => Signal::TERM,
            "HUP" => Signal::HUP,
            "INT" => Signal::INT,
            "QUIT" => Signal::QUIT,
            "TSTP" => Signal::TSTP,
            "STOP" => Signal::STOP,
            "CONT" => Signal::CONT,
            "KILL" => Signal::KILL,
            _ => panic!("{name} is none of the signals that the harness sends"),
        };
        let foreground = self.foreground().unwrap_or_else(|| panic!("no program to signal; {}", self.picture()));
        kill_process(foreground, signal).expect("the program is there and may be signalled");
    }

    /// Waits until so many bytes were typed that the program hasn't read.
    pub fn wait_for_unread(&self, bytes: u64) {
        let path = self.master().tty_name().expect("a terminal has a name");
        let tty = rustix::fs::open(&path, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("the terminal opens");
        let end = Instant::now() + self.deadline;
        while rustix::io::ioctl_fionread(&tty).expect("a terminal tells what is to be read") < bytes {
            assert!(Instant::now() < end, "waited {:?} in vain for {bytes} bytes to be typed", self.deadline);
            thread::yield_now();
        }
    }

    /// Takes the terminal away, as when its window is closed: the program gets SIGHUP, and end of file on reading.
    pub fn hang_up(&mut self) {
        let master = self.master.take().expect("the terminal is there until it hangs up");
        let path = master.tty_name().expect("a terminal has a name");
        let tty = rustix::fs::open(&path, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("the terminal opens");
        // The writer would say goodbye with a line feed and ^D, as if typed, if the terminal had a key for it.
        let mut termios = tcgetattr(&tty).expect("a terminal has attributes");
        termios.special_codes[SpecialCodeIndex::VEOF] = 0;
        tcsetattr(&tty, OptionalActions::Now, &termios).expect("a terminal's attributes can be set");
        self.lock().hanging_up = true;
        // A byte of output wakes the reading thread, which then lets go of the terminal.
        rustix::io::write(&tty, b"\0").expect("the terminal can be written");
        drop((tty, master, self.input.take()));
        drop(self.wait_raw("the terminal to hang up", |state| state.output_ended));
    }

    /// Returns the id of the program's process.
    pub fn process(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// Waits until the program has ended and everything it wrote is on the screen.
    pub fn wait_exit(&self) -> ExitStatus {
        let state = self.wait_raw("the program to end", |state| state.exit.is_some() && state.output_ended);
        state.exit.clone().expect("the wait was for it")
    }

    /// Returns the text on the screen, without colours, rows separated by line feeds.
    pub fn screen_text(&self) -> String {
        self.screen().contents()
    }

    /// Returns the screen as a person sees it now: the last whole frame.
    pub fn screen(&self) -> vt100::Screen {
        self.lock().emulator.shown().clone()
    }

    /// Returns every byte the program has written so far.
    pub fn raw_output(&self) -> Vec<u8> {
        self.lock().emulator.raw().to_vec()
    }

    /// Returns the title the program gave its window, if it did.
    pub fn title(&self) -> Option<String> {
        self.lock().emulator.title().map(str::to_owned)
    }

    /// Returns what the program last put on the clipboard (OSC 52), in base64 as it was sent.
    pub fn clipboard(&self) -> Option<String> {
        self.lock().emulator.clipboard().map(str::to_owned)
    }

    /// Asserts that a program that has ended, or stopped under a shell, left the terminal as it found it.
    ///
    /// The panic lists everything that was left changed: alternate screen, cursor, colours, bracketed paste, mouse,
    /// focus reports, keyboard modes, kitty keyboard flags on either screen, an open synchronized update, raw mode.
    pub fn assert_left_clean(&self) {
        let termios = self.master().get_termios().expect("a terminal has attributes");
        let state = self.lock();
        let mut left = clean::left_on_screen(&state.emulator);
        left.extend(clean::left_in_line_discipline(
            InputModes::from_bits_retain(termios.input_flags.bits()),
            OutputModes::from_bits_retain(termios.output_flags.bits()),
            LocalModes::from_bits_retain(termios.local_flags.bits()),
        ));
        drop(state);
        assert!(left.is_empty(), "the terminal was not left clean: {}; {}", left.join(", "), self.picture());
    }

    /// Waits for a state of the screen; a program that has ended shows nothing new.
    fn wait(&self, what: &str, reached: impl FnMut(&State) -> bool) {
        let mut reached = reached;
        let mut held = false;
        let state = self.wait_raw(what, |state| {
            held = reached(state);
            held || state.output_ended
        });
        drop(state);
        assert!(held, "the program ended while waiting for {what}; {}", self.picture());
    }

    fn wait_raw(&self, what: &str, mut reached: impl FnMut(&State) -> bool) -> MutexGuard<'_, State> {
        let end = Instant::now() + self.deadline;
        let mut state = self.lock();
        while !reached(&state) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                drop(state);
                panic!("waited {:?} in vain for {what}; {}", self.deadline, self.picture());
            }
            (state, _) = self.state.1.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner);
        }
        state
    }

    /// Returns the screen in a frame, for a panic's message.
    fn picture(&self) -> String {
        let screen = self.screen();
        let (rows, cols) = screen.size();
        let line = "-".repeat(usize::from(cols.get()));
        let exit = self.lock().exit.as_ref().map_or(String::new(), |status| format!(" ({status})"));
        let text = screen.rows(0, cols.get()).fold(String::new(), |text, row| text + "|" + &row + "\n");
        format!("the screen of {cols}x{rows}{exit} is\n+{line}\n{text}+{line}")
    }

    fn foreground(&self) -> Option<Pid> {
        if self.lock().exit.is_some() {
            return None;
        }
        self.master().process_group_leader().and_then(Pid::from_raw)
    }

    fn master(&self) -> &(dyn MasterPty + Send) {
        self.master.as_deref().expect("the terminal is there until it hangs up")
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state.0)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A process that is gone already makes these fail, which is as good.
        if self.lock().exit.is_none() {
            if let Some(job) = self.master.as_ref().and_then(|master| Pid::from_raw(master.process_group_leader()?)) {
                kill_process_group(job, Signal::KILL).ok();
            }
            kill_process(self.pid, Signal::KILL).ok();
        }
        // So that what the program had open is closed when the test goes on; a killed program ends soon.
        let (state, changed) = &*self.state;
        drop(changed.wait_timeout_while(lock(state), self.deadline, |state| state.exit.is_none()));
    }
}

fn read_output(mut reader: impl Read, shared: &(Mutex<State>, Condvar), answers: &Sender<Vec<u8>>) {
    let mut buffer = [0; 16 * 1024];
    loop {
        let read = reader.read(&mut buffer);
        let mut state = lock(&shared.0);
        match read {
            Ok(length @ 1..) if !state.hanging_up => {
                let answer = state.emulator.process(&buffer[..length]);
                // Nobody is left to read the answer if this fails.
                answers.send(answer).ok();
                shared.1.notify_all();
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            _ => {
                // Let go of the terminal before telling that it is gone.
                drop(state);
                drop(reader);
                state = lock(&shared.0);
                state.output_ended = true;
                shared.1.notify_all();
                return;
            }
        }
    }
}

/// Locks, also after a panic in another thread, whose own message is the one to read.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pty_size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}
