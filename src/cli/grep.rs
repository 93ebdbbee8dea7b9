//! `grep`: finds a text, a path or a value in the versions of entries, and prints what it finds as it comes.

use std::collections::HashMap;
use std::io::{self, IsTerminal};
use std::ops::ControlFlow;

use super::Session;
use super::args::{Format, Grep};
use super::failure::{Exit, Failure};
use super::find::{self, Wanted};
use super::list::warn;
use super::output::say;
use super::progress::Progress;
use super::record::{Object, address_of, compact, local_time};
use crate::history::search::{Hit, Place, Places, Search};
use crate::model::at::At;
use crate::model::{Address, CollectionKey, Filter, Record, Subject};
use crate::store::{Contents, Page, Scope, patiently};
use crate::text;

/// The cells that what was found may take on a line, after the address and the path.
const EXCERPT: usize = 100;

/// What stands where nobody is recorded as the author.
const NOBODY: &str = "-";

/// Prints where it is found. Returns [`Exit::Done`] if it was found anywhere, else [`Exit::Failed`].
pub async fn grep(session: &mut Session, grep: &Grep) -> Result<Exit, Failure> {
    let (search, address) = read(grep)?;
    let moment = session.moment(grep.as_of.as_deref())?;
    super::without_version(&address, "all versions are searched, or with --latest the newest ones")?;
    let wanted = match (moment, grep.latest) {
        (None, true) => Wanted::Live,
        (None, false) => Wanted::LiveFirst,
        (Some(moment), true) => Wanted::LiveAt(moment),
        (Some(moment), false) => Wanted::LiveFirstAt(moment),
    };
    let mut run = Run { session, search, grep, collections: HashMap::new(), entry: None, tally: Tally::default() };
    let (scope, collection) = find::scope(&run.session.store, &address, wanted).await?;
    if let Some(collection) = &collection {
        run.note(collection);
    }
    match scope {
        Scope::Entry(entry) if grep.latest => {
            let at = moment.map_or(At::Newest, |moment| At::Time(moment.time()));
            let newest = run.session.store.at(&entry.into(), at).await?;
            run.page(&Page { items: vec![newest.value], ..Page::default() })?;
        }
        scope => {
            let filter = if grep.latest { Filter::Latest } else { Filter::All };
            run.all(run.session.store.contents(scope, moment, filter, run.search.needs_values())).await?;
        }
    }
    run.finish()
}

/// Returns what to look for and where: with a path the only argument without a flag is the address.
fn read(grep: &Grep) -> Result<(Search, Address), Failure> {
    let (search, address) = match (&grep.path, &grep.pattern, &grep.address) {
        (Some(_), Some(_), Some(_)) => {
            return Err(Failure::Usage(
                "--path takes the place of PATTERN: give `grep --path .a.b ADDRESS`, or .a.b=VALUE for a value there"
                    .to_owned(),
            ));
        }
        (Some(path), address, None) | (Some(path), None, address) => {
            (Search::path(path).map_err(|error| Failure::Usage(format!("--path: {error}")))?, address)
        }
        (None, pattern, address) => {
            let text = pattern.as_deref().filter(|text| !text.is_empty());
            let text = text.ok_or_else(|| Failure::Usage("give a text to find, or a path with --path".to_owned()))?;
            let asked = Places { values: grep.values, names: grep.names, notes: grep.notes };
            let none = Places { values: false, names: false, notes: false };
            let places = if asked == none { Places::ALL } else { asked };
            (Search::text(text, grep.ignore_case, places), address)
        }
    };
    let address = address.as_deref().unwrap_or_default().parse::<Address>();
    Ok((search, address.map_err(|error| Failure::Usage(error.to_string()))?))
}

/// A search while it runs. One page of versions is held at a time.
struct Run<'a> {
    session: &'a mut Session,
    search: Search,
    grep: &'a Grep,
    /// The newest version of each collection that has passed by.
    collections: HashMap<CollectionKey, Record>,
    /// The entry whose versions are passing by.
    entry: Option<Entry>,
    tally: Tally,
}

/// An entry whose versions are passing by, newest first.
struct Entry {
    subject: Subject,
    /// By the name of its newest version, without a version.
    address: Address,
    /// How many versions matched.
    matching: usize,
}

/// What a search came upon.
#[derive(Default)]
struct Tally {
    entries: usize,
    matching: usize,
    searched: usize,
}

impl Run<'_> {
    async fn all(&mut self, mut contents: Contents) -> Result<(), Failure> {
        let mut progress = Progress::new();
        while let Some(page) = patiently(&mut contents, || progress.waits()).await? {
            progress.clear();
            self.page(&page)?;
            if let Some(entry) = self.entry.as_ref().filter(|entry| entry.is_decided(self.grep)) {
                contents.skip(&entry.subject);
            }
            let searched = self.tally.searched;
            progress.tell(|| format!("{} searched, {:.1} RCU", text::count(searched), self.session.store.total().rcu));
        }
        Ok(())
    }

    fn page(&mut self, page: &Page<Record>) -> Result<(), Failure> {
        for record in &page.items {
            match record.subject {
                Subject::Collection(_) => self.note(record),
                Subject::Entry(_) => self.version(record)?,
            }
        }
        // What is good of the page stands before the warnings, in the order of the requests.
        self.session.out.flush()?;
        page.unreadable.iter().for_each(warn);
        Ok(())
    }

    /// Keeps the first version of a collection that passes by, the newest one, for the addresses of its entries.
    fn note(&mut self, collection: &Record) {
        let key = collection.subject.collection();
        if !self.collections.contains_key(key) {
            self.collections.insert(key.clone(), collection.clone());
        }
    }

    fn version(&mut self, record: &Record) -> Result<(), Failure> {
        let mut entry = match self.entry.take() {
            Some(entry) if entry.subject == record.subject => entry,
            before => {
                self.entry = before;
                self.end_entry()?;
                let collection = self.collections.get(record.subject.collection());
                Entry { subject: record.subject.clone(), address: address_of(collection, record), matching: 0 }
            }
        };
        if !entry.is_decided(self.grep) {
            self.tally.searched += 1;
            let matches = if self.grep.addresses || self.grep.count {
                self.search.is_in(record)
            } else {
                self.print(&entry.address, record)?
            };
            entry.matching += usize::from(matches);
        }
        self.entry = Some(entry);
        Ok(())
    }

    /// Prints each find in a version; returns whether there is any.
    fn print(&mut self, address: &Address, record: &Record) -> Result<bool, Failure> {
        let address = with_version(address, record).to_string();
        let out = &mut self.session.out;
        let (mut any, mut written) = (false, Ok(()));
        let _ = self.search.visit(record, &mut |hit| {
            any = true;
            written = match out.format {
                Format::Table => out.line(&line(&address, record, &hit)),
                Format::Json | Format::Ndjson => out.item(&json(&address, record, &hit)),
            };
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written?;
        Ok(any)
    }

    /// Closes the account of the entry whose versions have passed by.
    fn end_entry(&mut self) -> Result<(), Failure> {
        let Some(entry) = self.entry.take().filter(|entry| entry.matching > 0) else { return Ok(()) };
        self.tally.entries += 1;
        self.tally.matching += entry.matching;
        if !self.grep.addresses && !self.grep.count {
            return Ok(());
        }
        let address = entry.address.to_string();
        match (self.session.out.format, self.grep.count) {
            (Format::Table, true) => self.session.out.line(&format!("{address}  {}", entry.matching))?,
            (Format::Table, false) => self.session.out.line(&address)?,
            (Format::Json | Format::Ndjson, count) => {
                let mut object = identified(&address, &entry.subject);
                if count {
                    object.raw("count", &entry.matching.to_string());
                }
                self.session.out.item(&object.close())?;
            }
        }
        Ok(())
    }

    /// Ends the output, and tells a person what the search came to.
    fn finish(mut self) -> Result<Exit, Failure> {
        self.end_entry()?;
        match self.session.out.format {
            Format::Table => self.session.out.flush()?,
            Format::Json | Format::Ndjson => self.session.out.end_list()?,
        }
        if io::stderr().is_terminal() {
            let Tally { entries, matching, searched } = self.tally;
            let cost = self.session.store.total();
            say(format_args!(
                "{} in {}; searched {} with {} of {:.1} read units",
                text::number(matching, "version matches", "versions match"),
                text::number(entries, "entry", "entries"),
                text::number(searched, "version", "versions"),
                text::number(usize::try_from(cost.requests).unwrap_or(usize::MAX), "request", "requests"),
                cost.rcu,
            ));
        }
        Ok(if self.tally.matching > 0 { Exit::Done } else { Exit::Failed })
    }
}

impl Entry {
    /// Returns whether nothing more of this entry can change what is printed.
    fn is_decided(&self, grep: &Grep) -> bool {
        grep.addresses && self.matching > 0
    }
}

fn with_version(address: &Address, record: &Record) -> Address {
    let mut address = address.clone();
    if let Address::Collection { at, .. } | Address::Entry { at, .. } = &mut address {
        *at = Some(At::Version(record.version));
    }
    address
}

/// Returns a find on one line: which version, when, by whom, where in it, and what.
fn line(address: &str, record: &Record, hit: &Hit<'_>) -> String {
    let author = record.author.as_deref().unwrap_or(NOBODY);
    format!("{address}  {}  {author}  {}: {}", local_time(record.version), hit.place, hit.excerpt(EXCERPT))
}

fn identified(address: &str, subject: &Subject) -> Object {
    let key = subject.collection();
    let mut object = Object::default();
    object.text("address", Some(address));
    object.text("application", Some(key.application.as_str()));
    object.text("user", Some(key.user.as_str()));
    object.text("collection", Some(key.id.as_str()));
    object.text("entry", Some(subject.id()));
    object
}

fn json(address: &str, record: &Record, hit: &Hit<'_>) -> String {
    let mut object = identified(address, &record.subject);
    object.raw("version", &record.version.to_string());
    object.text("author", record.author.as_deref());
    object.text("name", record.name.as_deref());
    match &hit.place {
        Place::Name => object.text("in", Some("name")),
        Place::Note => {
            object.text("in", Some("note"));
            object.text("note", Some(hit.text));
        }
        Place::Path(path) => {
            object.text("in", Some("value"));
            object.text("path", Some(&path.to_string()));
            object.raw("value", &compact(hit.text).unwrap_or_else(|| super::record::quoted(hit.text)));
        }
        Place::Line(line) => {
            object.text("in", Some("value"));
            object.raw("line", &line.to_string());
            object.text("text", Some(hit.text));
        }
    }
    object.close()
}
