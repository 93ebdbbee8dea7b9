//! Histories against a small model: whatever several writers do, one after the other and whatever their clock says, the
//! store answers as a plain list of versions would, and shows afterwards what such a list holds.

mod history;
mod steps;

use dynamini::model::at::At;
use dynamini::model::{CollectionKey, Filter, Record, Subject, Version};
use dynamini::store::{Base, Costed, Edit, StoreError, Written};
use jiff::Timestamp;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use super::world::{START, World, Writer};
use history::{Model, Moment, told};
use steps::{Act, On, Step, Story, stories};

/// How many stories are tried, on all processors together.
const STORIES: u32 = 2000;

#[test]
fn every_story_goes_as_in_the_model() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let share = STORIES.div_ceil(u32::try_from(threads).unwrap());
    let failures: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| try_stories(share))).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Tries so many stories; returns the shortest that goes wrong.
fn try_stories(count: u32) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut world = runtime.block_on(World::in_memory());
    world.signs = false;
    let writers = ["ann", "bob", "cyd"].map(|name| world.writer(name));
    let config = Config { cases: count, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    let result = TestRunner::new(config).run(&stories(), |story| {
        let mut teller = Teller { world: world.apart(), writers: writers.clone(), model: Model::default() };
        // The writers' clock is the first world's, which stands still between the steps.
        teller.world.clock = world.clock.clone();
        teller.world.clock.set(0);
        runtime.block_on(teller.tell(&story)).map_err(TestCaseError::fail)
    });
    match result {
        Ok(()) => None,
        Err(TestError::Fail(reason, story)) => Some(format!("{story:#?}\n{reason}")),
        Err(TestError::Abort(reason)) => Some(format!("given up: {reason}")),
    }
}

/// Lets a story happen in the store and in the model.
struct Teller {
    world: World,
    writers: [Writer; 3],
    model: Model,
}

/// Compares what the store says with what the model says.
fn compare<T: PartialEq + std::fmt::Debug>(what: &str, store: &T, model: &T) -> Result<(), String> {
    if store == model { Ok(()) } else { Err(format!("{what}:\n  store {store:?}\n  model {model:?}")) }
}

/// Names the kind of an error, with the numbers that it holds.
fn kind(error: &StoreError) -> String {
    match error {
        StoreError::VersionConflict { expected, actual } => {
            format!("conflict {} {}", expected.ms() - START, actual.ms() - START)
        }
        StoreError::Deleted { .. } => "deleted".to_owned(),
        StoreError::NotDeleted { .. } => "not deleted".to_owned(),
        StoreError::AlreadyNewest { .. } => "already newest".to_owned(),
        StoreError::NotFound { .. } => "not found".to_owned(),
        other => format!("{other:?}"),
    }
}

impl Teller {
    async fn tell(&mut self, story: &Story) -> Result<(), String> {
        let mut now = 0;
        for (number, step) in story.steps.iter().enumerate() {
            now += step.clock;
            self.world.clock.set(now);
            self.take(step, now).await.map_err(|reason| format!("step {}: {reason}", number + 1))?;
        }
        self.compare_listings().await?;
        for (subject, moment) in &story.questions {
            self.ask(*subject, *moment, now).await?;
        }
        Ok(())
    }

    async fn take(&mut self, step: &Step, now: i64) -> Result<(), String> {
        let writer = &self.writers[step.writer];
        let (application, user) = (&self.world.application, &self.world.user);
        match &step.act {
            Act::CreateCollection { name } => {
                let made = writer.create_collection(application, user, name).await;
                let made = made.map_err(|error| kind(&error))?.value;
                let model = self.model.create_collection(name, &made.record.subject, now);
                compare("a new collection", &(made.is_new, told(&made.record)), &model)
            }
            Act::CreateEntry { collection, name, value } => {
                let Some(collection) = self.model.collection(*collection) else { return Ok(()) };
                let key = collection.subject.collection().clone();
                let made = writer.create_entry(&key, name, value, None).await.map(|made| made.value);
                let subject = made.as_ref().map(|record| record.subject.clone()).ok();
                let model = self.model.create_entry(&key, subject, name, value, now);
                compare("a new entry", &said(made), &model)
            }
            Act::Original { subject, value } => {
                let Some(history) = self.model.pick(*subject) else { return Ok(()) };
                let subject = history.subject.clone();
                if self.model.original(&subject, value, now) {
                    self.world.original_writes(&subject, now, "of the original", value).await;
                }
                Ok(())
            }
            Act::Edit { on, name, value } => {
                let Some((subject, base)) = self.base(*on) else { return Ok(()) };
                let value = value.clone().filter(|_| matches!(subject, Subject::Entry(_)));
                let edit = Edit { name: name.clone(), value, note: None, undelete: false };
                let written = writer.update(&subject, &edit, base).await;
                compare("an edit", &written_as(written)?, &self.model.edit(&subject, &edit, base, now))
            }
            Act::Delete { on } => {
                let Some((subject, base)) = self.base(*on) else { return Ok(()) };
                let written = writer.delete(&subject, base).await;
                compare("a deletion", &written_as(written)?, &self.model.delete(&subject, base, now))
            }
            Act::Undelete { on } => {
                let Some((subject, base)) = self.base(*on) else { return Ok(()) };
                let written = writer.undelete(&subject, base).await;
                compare("an undeletion", &written_as(written)?, &self.model.undelete(&subject, base, now))
            }
            Act::Restore { on, back } => {
                let Some((subject, base)) = self.base(*on) else { return Ok(()) };
                let old = self.model.of(&subject).back(back % self.model.of(&subject).versions.len());
                let written = writer.restore(&subject, version(old), None, base).await;
                compare("a restoration", &written_as(written)?, &self.model.restore(&subject, old, base, now))
            }
        }
    }

    /// Returns what a step is about and what it is based on, or `None` while there is nothing yet.
    fn base(&self, on: On) -> Option<(Subject, Base)> {
        let history = self.model.pick(on.subject)?;
        let base = match on.base {
            None => Base::Any,
            Some(back) => Base::Version(version(history.back(back % history.versions.len()))),
        };
        Some((history.subject.clone(), base))
    }

    async fn compare_listings(&self) -> Result<(), String> {
        let reader = &self.writers[0];
        let (application, user) = (&self.world.application, &self.world.user);
        for filter in [Filter::Latest, Filter::Current, Filter::All] {
            let listed = reader.collections(application, user, filter).all().await.unwrap().items;
            compare(&format!("collections, {filter:?}"), &lines(&listed), &self.model.listing(None, filter))?;
            for collection in self.model.collections() {
                let key: &CollectionKey = collection.subject.collection();
                let listed = reader.entries(key, filter, true).all().await.unwrap().items;
                compare(&format!("entries, {filter:?}"), &lines(&listed), &self.model.listing(Some(key), filter))?;
            }
        }
        for history in &self.model.histories {
            let versions = reader.history(&history.subject).all().await.unwrap().items;
            let told: Vec<_> = versions.iter().map(told).collect();
            compare("a history", &told, &history.newest_first())?;
        }
        Ok(())
    }

    async fn ask(&self, subject: usize, moment: Moment, now: i64) -> Result<(), String> {
        let Some(history) = self.model.pick(subject) else { return Ok(()) };
        let at = match moment {
            Moment::Version(ms) => At::Version(version(ms)),
            Moment::OneOf(back) => At::Version(version(history.back(back % history.versions.len()))),
            Moment::Newest | Moment::Back(0) => At::Newest,
            Moment::Back(steps) => At::Back(steps),
            Moment::Time(ms) => At::Time(Timestamp::from_millisecond(START + now + ms).unwrap()),
        };
        let found = self.writers[1].at(&history.subject, at).await.map(|found| found.value);
        compare(&format!("{at:?}"), &said(found), &history.at(moment, now))
    }
}

/// Tells what a write said; fails where it saw a version between the base and its own, since nobody wrote meanwhile.
fn written_as(result: Result<Costed<Written>, StoreError>) -> Result<Result<String, String>, String> {
    match result {
        Ok(written) if !written.value.slipped_in.is_empty() => Err(format!("nobody wrote between: {written:?}")),
        Ok(written) => Ok(Ok(told(&written.value.record))),
        Err(error) => Ok(Err(kind(&error))),
    }
}

fn said(result: Result<Record, StoreError>) -> Result<String, String> {
    result.map(|record| told(&record)).map_err(|error| kind(&error))
}

fn lines(records: &[Record]) -> Vec<String> {
    let mut lines: Vec<_> = records.iter().map(told).collect();
    lines.sort();
    lines
}

fn version(ms: i64) -> Version {
    Version::from_ms(START + ms)
}
