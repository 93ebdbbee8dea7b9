//! The access log: a line for each request when its answer is out.
//!
//! Lines are written by a thread of their own, so that who reads them slowly never holds a request up: what doesn't fit
//! into the queue is counted and told when there is room again. A line holds the route, never the path, a header or a
//! body, so that no key and no value can reach it.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use axum::http::Method;
use jiff::Timestamp;

use super::call::Call;
use crate::config::LogForm;
use crate::json::Object;
use crate::text::display_safe;

/// How many lines wait to be written.
const QUEUE: usize = 4096;
/// Stands in a line for what there is none of.
const NONE: &str = "-";
/// The methods that HTTP has. Another one is whatever the client wrote.
const KNOWN: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
    Method::CONNECT,
];
/// How long the last lines are waited for.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Where requests are logged. Cheap to clone; clones write to the same place.
#[derive(Clone)]
pub struct Log {
    lines: SyncSender<String>,
    lost: Arc<AtomicU64>,
    form: LogForm,
    debug: bool,
}

/// The end of a log, which is there when all its clones are gone and everything is written.
pub struct LogEnd(Receiver<()>);

impl Log {
    /// Starts a log that writes to `out`. With `debug` a request that was refused is logged with the reason, otherwise
    /// one that failed in the store only.
    pub fn start(out: impl Write + Send + 'static, form: LogForm, debug: bool) -> io::Result<(Self, LogEnd)> {
        let (lines, queue) = sync_channel(QUEUE);
        let (end, ended) = sync_channel(1);
        let lost = Arc::new(AtomicU64::new(0));
        let log = Self { lines, lost: Arc::clone(&lost), form, debug };
        std::thread::Builder::new().name("access log".to_owned()).spawn(move || {
            write(out, &queue, &lost, form);
            drop(end);
        })?;
        Ok((log, LogEnd(ended)))
    }

    /// Logs a message of the server itself.
    pub(super) fn message(&self, text: &str) {
        self.line(message(self.form, text));
    }

    /// Logs a request. `status` is `None` where the client left before the answer, `is_whole` whether all of it was sent.
    pub(super) fn request(&self, call: &Call, status: Option<u16>, is_whole: bool) {
        let spent = call.store.spent();
        let failed = status.is_none_or(|status| status >= 500) || call.tells() || !is_whole;
        self.entry(&Entry {
            time: Timestamp::now(),
            method: if KNOWN.contains(&call.method) { call.method.as_str() } else { NONE },
            route: call.route.get().copied(),
            status,
            ms: call.began.elapsed().as_secs_f64() * 1000.0,
            rcu: spent.rcu,
            wcu: spent.wcu,
            application: call.application.get().map(crate::model::Application::as_str),
            left_out: call.left_out(),
            is_whole,
            reason: call.reason.get().map(String::as_str).filter(|_| failed || self.debug),
        });
    }

    /// Logs what was no request at all, or too large a one, and refused with that status before it got here.
    pub(super) fn refused(&self, status: u16, reason: &str) {
        self.entry(&Entry {
            time: Timestamp::now(),
            method: NONE,
            route: None,
            status: Some(status),
            ms: 0.0,
            rcu: 0.0,
            wcu: 0.0,
            application: None,
            left_out: 0,
            is_whole: true,
            reason: Some(reason).filter(|_| self.debug),
        });
    }

    fn entry(&self, entry: &Entry<'_>) {
        self.line(match self.form {
            LogForm::Text => entry.text(),
            LogForm::Json => entry.json(),
        });
    }

    fn line(&self, line: String) {
        if self.lines.try_send(line).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl LogEnd {
    /// Waits until the last lines are written, for a second at most.
    pub fn wait(self) {
        // Either the thread has ended or the time has; there is nobody to tell.
        let _ = self.0.recv_timeout(LAST_LINES);
    }
}

fn write(out: impl Write, queue: &Receiver<String>, lost: &AtomicU64, form: LogForm) {
    let mut out = BufWriter::new(out);
    while let Ok(first) = queue.recv() {
        // Nobody can be told that the log can't be written; requests go on.
        let mut line = Some(first);
        while let Some(text) = line {
            let _ = writeln!(out, "{text}");
            line = queue.try_recv().ok();
        }
        let missing = lost.swap(0, Ordering::Relaxed);
        if missing > 0 {
            let _ = writeln!(
                out,
                "{}",
                message(form, &format!("{missing} lines of this log were lost: it is read too slowly"))
            );
        }
        let _ = out.flush();
    }
}

fn message(form: LogForm, text: &str) -> String {
    let time = format!("{:.3}", Timestamp::now());
    match form {
        LogForm::Text => format!("{time} {}", display_safe(text)),
        LogForm::Json => {
            let mut object = Object::default();
            object.text("time", Some(&time));
            object.text("message", Some(text));
            object.close()
        }
    }
}

/// What a line says.
struct Entry<'a> {
    time: Timestamp,
    method: &'a str,
    route: Option<&'static str>,
    status: Option<u16>,
    ms: f64,
    rcu: f64,
    wcu: f64,
    application: Option<&'a str>,
    left_out: usize,
    is_whole: bool,
    reason: Option<&'a str>,
}

impl Entry<'_> {
    fn text(&self) -> String {
        let status = self.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
        let (route, application) = (self.route.unwrap_or(NONE), self.application.unwrap_or(NONE));
        let mut line = format!(
            "{:.3} {} {route} {status} {:.1} ms {} RCU {} WCU {}",
            self.time,
            self.method,
            self.ms,
            self.rcu,
            self.wcu,
            display_safe(application),
        );
        if self.left_out > 0 {
            line += &format!(" {} rows left out", self.left_out);
        }
        if !self.is_whole {
            line += " broken off";
        }
        if let Some(reason) = self.reason {
            line += &format!(": {}", display_safe(reason));
        }
        line
    }

    fn json(&self) -> String {
        let mut object = Object::default();
        object.text("time", Some(&format!("{:.3}", self.time)));
        object.text("method", Some(self.method));
        object.text("route", self.route);
        object.raw("status", &self.status.map_or_else(|| "null".to_owned(), |status| status.to_string()));
        object.raw("ms", &format!("{:.1}", self.ms));
        object.raw("rcu", &self.rcu.to_string());
        object.raw("wcu", &self.wcu.to_string());
        object.text("application", self.application);
        if self.left_out > 0 {
            object.raw("leftOut", &self.left_out.to_string());
        }
        if !self.is_whole {
            object.raw("brokenOff", "true");
        }
        object.text("reason", self.reason);
        object.close()
    }
}
