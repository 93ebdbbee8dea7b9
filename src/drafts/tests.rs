//! What a person can count on when something was typed and not stored.

use std::collections::HashSet;
use std::sync::{Arc, Barrier};
use std::thread;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, User, Version};

mod editor;
mod failing;
mod killed;

fn place() -> TempDir {
    tempfile::tempdir().expect("a directory can be made")
}

fn open(place: &Path) -> Drafts {
    Drafts::open(place).expect("the directory can be opened")
}

/// A draft of the one entry that these tests edit.
fn draft(id: DraftId, text: &str) -> Draft {
    let collection = CollectionKey {
        application: Application::new("billing"),
        user: User::new("u-1"),
        id: CollectionId::new("c0ffee"),
    };
    let base = Base {
        version: Version::from_ms(1_700_000_000_000),
        name: Some("inv-7".to_owned()),
        value: Some("{\"total\": 12345678901234567890}".to_owned()),
        deleted: false,
    };
    Draft {
        id,
        connection: "work".to_owned(),
        home: "eu-west-1, tables a and b".to_owned(),
        work: Work::Version { entry: EntryKey { collection, id: EntryId::new("e1") }, base },
        names: Names { collection: Some("invoices".to_owned()), entry: None },
        text: text.to_owned(),
        cursor: (3, 14),
        begun: 1_700_000_001_000,
        changed: 1_700_000_002_000,
        left: Left::default(),
    }
}

/// Keeps a text in a new draft and returns its id.
fn keep(drafts: &Drafts, text: &str) -> DraftId {
    let id = drafts.new_id();
    drafts.save(&draft(id, text)).expect("it can be kept");
    id
}

fn listed(drafts: &Drafts) -> Vec<Kept> {
    drafts.list().expect("the drafts can be listed")
}

/// The texts that are listed, sorted.
fn texts(drafts: &Drafts) -> Vec<String> {
    let mut texts: Vec<_> = listed(drafts).into_iter().map(|kept| kept.draft.expect("it can be read").text).collect();
    texts.sort();
    texts
}

/// The names of the files with this ending.
fn files(place: &Path, ending: &str) -> Vec<String> {
    let names = fs::read_dir(place).expect("it is there").map(|file| file.expect("it can be read").file_name());
    names.filter_map(|name| name.into_string().ok()).filter(|name| name.ends_with(ending)).collect()
}

#[test]
fn what_was_typed_is_listed_after_an_explorer_that_said_no_goodbye() {
    let place = place();
    let first = open(place.path());
    let written = draft(first.new_id(), "{\"total\": ");
    first.save(&written).expect("it can be kept");
    drop(first);

    let second = open(place.path());
    let kept = listed(&second);
    assert_eq!((kept.len(), kept[0].owner), (1, Owner::Ended));
    assert_eq!(kept[0].draft.as_ref(), Ok(&written));

    let taken = second.take(&written.id).expect("its explorer has ended");
    assert_ne!(taken.id, written.id);
    assert_eq!(Draft { id: written.id, ..taken.clone() }, written);
    let kept = listed(&second);
    assert_eq!((kept.len(), kept[0].id, kept[0].owner), (1, taken.id, Owner::Ours));
}

#[test]
fn a_new_entry_is_kept_with_the_name_it_is_to_have() {
    let place = place();
    let drafts = open(place.path());
    let mut new = draft(drafts.new_id(), "[]");
    let Work::Version { entry, .. } = new.work else { unreachable!("it is a version") };
    new.work = Work::Entry { collection: entry.collection, name: "näme / \"quoted\"".to_owned() };
    drafts.save(&new).expect("it can be kept");
    assert_eq!(drafts.take(&new.id), Ok(new));
}

#[test]
fn a_draft_is_saved_over_its_older_text_and_gone_once_it_is_discarded() {
    let place = place();
    let drafts = open(place.path());
    let id = keep(&drafts, "older");
    drafts.save(&draft(id, "newer")).expect("it can be kept");
    assert_eq!(texts(&drafts), ["newer"]);
    drafts.discard(&id).expect("it is ours");
    drafts.discard(&id).expect("gone already is no error");
    assert_eq!(listed(&drafts), []);
    assert_eq!(drafts.take(&id), Err(DraftError::Gone { id }));
}

#[test]
fn those_changed_last_are_listed_first() {
    let place = place();
    let drafts = open(place.path());
    for (text, changed) in [("b", 2), ("c", 3), ("a", 1)] {
        let draft = Draft { changed, ..draft(drafts.new_id(), text) };
        drafts.save(&draft).expect("it can be kept");
    }
    let order: Vec<_> = listed(&drafts).into_iter().filter_map(|kept| Some(kept.draft.ok()?.text)).collect();
    assert_eq!(order, ["c", "b", "a"]);
}

#[test]
fn two_explorers_on_one_entry_have_two_drafts() {
    let place = place();
    let (first, second) = (open(place.path()), open(place.path()));
    let (one, two) = (keep(&first, "one"), keep(&second, "two"));
    first.save(&draft(one, "one more")).expect("it can be kept");
    assert_eq!(texts(&first), ["one more", "two"]);
    assert_eq!(texts(&second), ["one more", "two"]);
    assert_eq!(second.save(&draft(one, "over it")), Err(DraftError::InUse { id: one }));
    assert_eq!(second.hand_out(&draft(one, "over it")), Err(DraftError::InUse { id: one }));
    let owners: HashSet<_> = listed(&first).iter().map(|kept| (kept.id, kept.owner == Owner::Ours)).collect();
    assert_eq!(owners, HashSet::from([(one, true), (two, false)]));
}

#[test]
fn a_draft_of_an_explorer_that_runs_is_neither_taken_over_nor_discarded() {
    let place = place();
    let (first, second) = (open(place.path()), open(place.path()));
    let id = keep(&first, "mine");
    assert_eq!(listed(&second)[0].owner, Owner::Running);
    assert_eq!(second.take(&id), Err(DraftError::InUse { id }));
    assert_eq!(second.discard(&id), Err(DraftError::InUse { id }));
    assert_eq!(texts(&first), ["mine"]);
    drop(first);
    assert_eq!(second.take(&id).expect("it has ended").text, "mine");
    second.discard(&id).expect("it is not there under its old name");
    assert_eq!(texts(&second), ["mine"]);
}

#[test]
fn an_ended_explorers_draft_can_be_discarded_without_taking_it_over() {
    let place = place();
    let id = keep(&open(place.path()), "old");
    let drafts = open(place.path());
    drafts.discard(&id).expect("its explorer has ended");
    assert_eq!(files(place.path(), ".json"), [""; 0]);
}

#[test]
fn of_two_who_take_over_a_draft_at_once_exactly_one_gets_it() {
    let place = place();
    let (one, two) = (Arc::new(open(place.path())), Arc::new(open(place.path())));
    for round in 0..50 {
        let id = keep(&open(place.path()), &format!("text {round}"));
        let start = Arc::new(Barrier::new(2));
        let takers = [&one, &two].map(|drafts| {
            let (drafts, start) = (Arc::clone(drafts), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                drafts.take(&id)
            })
        });
        let results = takers.map(|taker| taker.join().expect("it does not panic"));
        let taken: Vec<_> = results.iter().flatten().collect();
        assert_eq!(taken.len(), 1, "{results:?}");
        assert_eq!(taken[0].text, format!("text {round}"));
        assert!(results.contains(&Err(DraftError::Gone { id })), "{results:?}");
        assert_eq!(listed(&one).len(), round + 1);
    }
}

#[test]
fn explorers_that_start_at_once_don_t_take_each_other_for_ended() {
    let place = place();
    let starters: Vec<_> = (0..4)
        .map(|_| {
            let directory = place.path().to_owned();
            thread::spawn(move || (0..25).map(|_| open(&directory)).collect::<Vec<_>>())
        })
        .collect();
    let sessions: Vec<_> = starters.into_iter().flat_map(|thread| thread.join().expect("it does not panic")).collect();
    for session in &sessions {
        keep(session, "typed");
    }
    let last = open(place.path());
    let owners = || listed(&last).iter().map(|kept| kept.owner).collect::<Vec<_>>();
    assert_eq!(owners(), [Owner::Running; 100]);
    drop(sessions);
    assert_eq!(owners(), [Owner::Ended; 100]);
}

#[test]
fn what_ended_explorers_left_half_written_is_tidied_away_and_what_runs_is_left_alone() {
    let place = place();
    let (ended, running) = (open(place.path()), open(place.path()));
    let half = |drafts: &Drafts| directory::temporary(place.path(), drafts.new_id());
    let (of_ended, of_running) = (half(&ended), half(&running));
    for path in [&of_ended, &of_running] {
        fs::write(path, "{\"form").expect("it can be written");
    }
    let id = keep(&ended, "whole");
    drop(ended);
    let next = open(place.path());
    assert_eq!(files(place.path(), ".lock").len(), 2, "one of each that runs");
    assert!(!of_ended.exists() && of_running.exists());
    assert_eq!(next.take(&id).expect("its explorer has ended").text, "whole");
}

#[test]
fn a_damaged_or_newer_draft_is_listed_with_the_reason_and_stays_until_it_is_discarded() {
    let place = place();
    let first = open(place.path());
    let ids = [keep(&first, "cut off"), keep(&first, "from tomorrow"), keep(&first, "whole"), keep(&first, "odd")];
    let path = |id: DraftId| directory::draft(place.path(), id);
    let whole = fs::read_to_string(path(ids[0])).expect("it is there");
    let cut = &whole[..whole.len() - 20];
    fs::write(path(ids[0]), cut).expect("it can be written");
    fs::write(path(ids[1]), "{\"format\": 2, \"text\": [\"from tomorrow\"]}").expect("it can be written");
    fs::write(path(ids[3]), whole.replace("1700000000000", "yesterday")).expect("it can be written");
    drop(first);

    let drafts = open(place.path());
    let of = |id| listed(&drafts).into_iter().find(|kept| kept.id == id).map(|kept| kept.draft);
    assert_eq!(listed(&drafts).len(), 4);
    for (id, fault) in [(ids[0], "EOF while parsing"), (ids[3], "`version`")] {
        let Some(Err(DraftError::Damaged { path: named, reason })) = of(id) else { unreachable!("{:?}", of(id)) };
        assert!(named == path(id) && reason.contains(fault), "{reason}");
    }
    assert_eq!(of(ids[1]), Some(Err(DraftError::Newer { path: path(ids[1]) })));
    assert_eq!(of(ids[2]).and_then(Result::ok).map(|draft| draft.text).as_deref(), Some("whole"));

    assert!(matches!(drafts.take(&ids[0]), Err(DraftError::Damaged { .. })));
    assert_eq!(drafts.take(&ids[1]), Err(DraftError::Newer { path: path(ids[1]) }));
    assert_eq!(fs::read_to_string(path(ids[0])).expect("it is there"), cut);
    for id in ids {
        drafts.discard(&id).expect("it can be discarded");
    }
    assert_eq!(listed(&drafts), []);
}

#[test]
fn keys_that_a_later_version_adds_to_the_format_are_passed_over() {
    let place = place();
    let drafts = open(place.path());
    let id = keep(&drafts, "typed");
    let path = directory::draft(place.path(), id);
    let more = fs::read_to_string(&path).expect("it is there").replacen('{', "{\"mood\": {\"good\": [true]},", 1);
    fs::write(&path, more).expect("it can be written");
    assert_eq!(drafts.take(&id), Ok(draft(id, "typed")));
}

#[test]
fn other_files_in_the_directory_are_left_alone() {
    let place = place();
    let notes = ["notes.txt", "draft-1.json", "x.lock", "x.tmp"].map(|name| place.path().join(name));
    for path in &notes {
        fs::write(path, "mine").expect("it can be written");
    }
    let drafts = open(place.path());
    assert_eq!(listed(&drafts), []);
    drop(open(place.path()));
    assert!(notes.iter().all(|path| path.exists()));
}

#[cfg(unix)]
#[test]
fn only_their_owner_can_read_them() {
    use std::os::unix::fs::PermissionsExt;

    let place = place();
    let inside = place.path().join("data/dynamini/drafts");
    let drafts = open(&inside);
    let id = keep(&drafts, "secret");
    drafts.hand_out(&draft(id, "secret")).expect("it can be written");
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    for directory in [&*inside, &place.path().join("data")] {
        assert_eq!(mode(directory), 0o700, "{directory:?}");
    }
    let all = files(&inside, "");
    assert_eq!(all.len(), 3, "{all:?}");
    for name in all {
        assert_eq!(mode(&inside.join(&name)), 0o600, "{name}");
    }
}

#[test]
fn a_text_of_several_megabytes_comes_back_whole() {
    let place = place();
    let drafts = open(place.path());
    let text = "{\"ключ\": \"\\ud800 \u{1f600}\"}\r\n".repeat(150_000);
    let id = keep(&drafts, &text);
    assert!(text.len() > 4_000_000);
    assert!(drafts.take(&id).expect("it is ours").text == text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_comes_back_as_typed(text in any::<String>(), base in any::<Option<String>>(), line in any::<usize>()) {
        let place = place();
        let drafts = open(place.path());
        let mut written = draft(drafts.new_id(), &text);
        written.cursor.0 = line;
        if let Work::Version { base: of, .. } = &mut written.work {
            of.value = base;
        }
        drafts.save(&written).expect("it can be kept");
        prop_assert_eq!(drafts.take(&written.id), Ok(written.clone()));
        drafts.hand_out(&written).expect("it can be written");
        prop_assert_eq!(drafts.take_back(&written.id), Ok(text));
    }
}
