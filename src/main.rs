//! The program: the command line, or the explorer where no command is given.

use std::env;
use std::process::ExitCode;

use dynamini::cli::{self, Outcome};

fn main() -> ExitCode {
    match cli::run(env::args_os()) {
        Outcome::Finished(code) => code,
        Outcome::Explore(start) => cli::explore(*start),
    }
}
