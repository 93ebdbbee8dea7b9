//! An explorer that is killed while it saves.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::Duration;

use uuid::Uuid;

use super::failing::{DIRECTORY, child};
use super::*;

/// The text of a child's save with that number: it grows, and tells whether it is whole.
fn text_of(save: usize) -> String {
    format!("{save} {} {save}", "x".repeat(save * 20_000))
}

/// Says what was saved, for the parent to hear.
const ACKNOWLEDGED: &str = "saved ";

#[test]
fn an_explorer_killed_at_any_moment_keeps_what_it_said_was_kept() {
    let place = place();
    let mut kept_before = HashSet::new();
    for round in 0..30 {
        let mut killed = child("", "drafts::tests::killed::saves_until_it_is_killed", place.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the test can run itself");
        let random = Uuid::new_v4().as_u128();
        let mut saves = BufReader::new(killed.stdout.take().expect("it is piped")).lines();
        let mut numbers = saves
            .by_ref()
            .map_while(Result::ok)
            .filter_map(|line| line.split_once(ACKNOWLEDGED).and_then(|(_, number)| number.parse::<usize>().ok()));
        let mut last = 0;
        for _ in 0..=random % 6 {
            last = numbers.next().expect("it saves until it is killed");
        }
        // Any moment between two saves, or within one: this is what is tested, not waited for.
        thread::sleep(Duration::from_micros(u64::try_from((random >> 8) % 5_000).expect("it is small")));
        killed.kill().expect("it runs");
        killed.wait().expect("it was killed");
        // What it said before it died.
        last = numbers.last().unwrap_or(last);

        let drafts = open(place.path());
        let kept = listed(&drafts);
        assert_eq!(kept.len(), round + 1, "every one of them");
        let new: Vec<_> = kept.iter().filter(|kept| kept_before.insert(kept.id)).collect();
        assert_eq!(new.len(), 1);
        assert_eq!(new[0].owner, Owner::Ended);
        let text = &new[0].draft.as_ref().expect("it is whole").text;
        assert!(*text == text_of(last) || *text == text_of(last + 1), "of {last} saves it has {text:.20}");
        assert_eq!(files(place.path(), ".tmp"), [""; 0], "what was half-written is tidied away");
    }
}

#[test]
#[ignore = "the child of the test above"]
fn saves_until_it_is_killed() {
    let Some(place) = std::env::var_os(DIRECTORY) else { return };
    let drafts = open(place.as_ref());
    let id = drafts.new_id();
    for save in 1.. {
        drafts.save(&draft(id, &text_of(save))).expect("it can be kept");
        let mut output = io::stdout().lock();
        writeln!(output, "{ACKNOWLEDGED}{save}").and_then(|()| output.flush()).expect("the parent listens");
    }
}
