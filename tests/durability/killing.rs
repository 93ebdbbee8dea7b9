//! Kill -9 of processes that write, 200 times on one file, so that damage would add up.

use std::path::Path;
use std::process::Stdio;

use dynamini::model::{Application, CollectionKey, User};
use dynamini::store::Store;
use tokio::runtime::Runtime;

use super::audit;
use super::dice::Dice;
use super::program::{DONE, Place};
use super::victim::{Victim, spin};
use super::writer::{Acknowledged, Orders, name, open, value};

const KILLS: u64 = 200;

/// How many entries, of all there are, a writer is told about.
const SHARED: usize = 4;

/// A store that is written to by processes that get killed, and all that they were told is written.
struct Scene {
    directory: tempfile::TempDir,
    runtime: Runtime,
    dice: Dice,
    home: CollectionKey,
    entries: Vec<String>,
    writes: Vec<Acknowledged>,
    writers: u64,
}

impl Scene {
    fn new(test: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let mut dice = Dice::of_this_run(test);
        let (home, first) = runtime.block_on(async {
            let store = open(directory.path(), "setup").await.unwrap();
            let (application, user) = (Application::new("app"), User::new("ann"));
            let home = store.create_collection(&application, &user, &name(dice.next())).await.unwrap().value.record;
            let mut first = vec![home.clone()];
            for _ in 0..SHARED {
                let (name, value) = (name(dice.next()), value(dice.next()));
                let key = home.subject.collection();
                first.push(store.create_entry(key, &name, &value, None).await.unwrap().value);
            }
            (home.subject.collection().clone(), first)
        });
        let mut scene = Self { directory, runtime, dice, home, entries: Vec::new(), writes: Vec::new(), writers: 0 };
        scene.note(first.iter().map(Acknowledged::of).collect());
        scene
    }

    fn directory(&self) -> &Path {
        self.directory.path()
    }

    fn start(&mut self) -> Victim {
        self.writers += 1;
        let entries = (0..SHARED).map(|_| self.dice.pick(&self.entries).clone()).collect();
        Victim::start(&Orders {
            directory: self.directory().to_owned(),
            author: format!("writer-{}", self.writers),
            seed: self.dice.next(),
            collection: self.home.id.to_string(),
            entries,
        })
    }

    fn note(&mut self, writes: Vec<Acknowledged>) {
        for write in writes {
            if write.noun == "entry" && !self.entries.contains(&write.id) {
                self.entries.push(write.id.clone());
            }
            self.writes.push(write);
        }
    }

    fn open(&self) -> Store {
        self.runtime.block_on(open(self.directory(), "audit")).expect("the file opens")
    }

    /// Looks after a kill whether what a writer was told is there.
    fn check(&mut self, writes: Vec<Acknowledged>) {
        let store = self.open();
        self.runtime.block_on(audit::acknowledged(&store, &self.home, &writes));
        self.note(writes);
    }

    /// Looks at everything.
    fn finish(self, test: &str) {
        let store = self.open();
        let summary = self.runtime.block_on(async {
            audit::claims(&store, &self.home, self.directory()).await;
            audit::whole(&store, &self.home, &self.writes).await
        });
        drop(store);
        audit::file(self.directory());
        println!("{test}: {summary}");
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_a_writer_is_killed() {
    const TEST: &str = "one writer";
    let mut scene = Scene::new(TEST);
    let mut other = None;
    for kill in 0..KILLS {
        // While the file is open here too, its log goes on growing until a writer folds it in; while it is not, the
        // next to open the file must read the log that the killed one left.
        match kill % 50 {
            10 => other = Some(scene.open()),
            40 => other = None,
            _ => {}
        }
        let mut victim = scene.start();
        // None: it may be killed while it opens the file.
        victim.wait_for(scene.dice.below(10));
        let writes = victim.kill(&mut scene.dice);
        scene.check(writes);
    }
    drop(other);
    scene.finish(TEST);
}

#[test]
fn nothing_acknowledged_is_lost_when_one_or_both_of_two_writers_are_killed() {
    const TEST: &str = "two writers";
    let mut scene = Scene::new(TEST);
    let mut kills = 0;
    let (mut one, mut other) = (scene.start(), scene.start());
    while kills < KILLS {
        one.wait_for(scene.dice.below(6));
        let writes = one.kill(&mut scene.dice);
        if scene.dice.one_in(2) {
            let more = other.kill(&mut scene.dice);
            scene.check(more);
            kills += 1;
            other = scene.start();
        } else {
            // What the dead one held, it holds no more: the other goes on.
            other.wait_for(2);
        }
        scene.check(writes);
        kills += 1;
        // The one that went on is the next to be killed.
        one = other;
        other = scene.start();
    }
    for last in [one, other] {
        let writes = last.kill(&mut scene.dice);
        scene.check(writes);
    }
    scene.finish(TEST);
}

#[test]
fn a_store_can_be_used_whose_first_process_was_killed_while_it_made_it() {
    let mut dice = Dice::of_this_run("first process");
    for _ in 0..40 {
        let place = Place::new();
        let mut first = place.command(&["create", "app/ann/first"]).stdout(Stdio::null()).spawn().unwrap();
        spin(dice.below(25_000));
        first.kill().unwrap();
        first.wait().unwrap();
        place.run(&["create", "app/ann/first"]).with(DONE);
        assert!(place.run(&["ls", "app/ann"]).with(DONE).out.contains("first"));
        audit::file(&place.data());
    }
}
