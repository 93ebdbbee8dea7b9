//! Panics: on the drawing thread the terminal is given back first; elsewhere the message waits until it is.

use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;

use super::screen;

/// Messages of panics on other threads, which would garble the screen.
static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Installs the panic hook, once; the calling thread is the one that draws.
pub(super) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let drawing = thread::current().id();
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == drawing {
                screen::leave();
            }
            if screen::is_ours() || screen::is_aside() {
                keep(info);
            } else {
                previous(info);
            }
        }));
    });
}

/// Prints the messages kept so far.
pub(super) fn print_kept() {
    let kept = std::mem::take(&mut *KEPT.lock().unwrap_or_else(PoisonError::into_inner));
    for message in kept {
        // A closed standard error has no reader left to care.
        writeln!(io::stderr(), "{message}").ok();
    }
}

fn keep(info: &PanicHookInfo<'_>) {
    let current = thread::current();
    let message = format!("thread '{}' {info}", current.name().unwrap_or("<unnamed>"));
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).push(message);
}
