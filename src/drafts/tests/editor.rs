//! The person's own editor, which may do anything to its file at any time.

use super::*;

fn hand_out(drafts: &Drafts, id: DraftId, text: &str) -> PathBuf {
    drafts.hand_out(&draft(id, text)).expect("it can be written")
}

/// What an editor does.
fn writes(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::write(path, bytes).expect("it can be written");
}

#[test]
fn what_the_editor_wrote_comes_back_and_its_file_is_gone_once_that_is_saved() {
    let place = place();
    let drafts = open(place.path());
    let id = drafts.new_id();
    let path = hand_out(&drafts, id, "before");
    assert!(path.to_string_lossy().ends_with(".json"));
    assert_eq!(fs::read_to_string(&path).expect("it is there"), "before\n");
    writes(&path, "after\n");
    assert_eq!(drafts.take_back(&id).as_deref(), Ok("after"));
    assert!(path.exists(), "nothing has saved it yet");
    drafts.save(&draft(id, "after, and more")).expect("it can be kept");
    assert!(!path.exists());
    assert_eq!(drafts.take(&id), Ok(draft(id, "after, and more")));
}

#[test]
fn an_editor_that_changed_nothing_changes_nothing() {
    let place = place();
    let drafts = open(place.path());
    for text in ["", "\n", "a", "a\n\n", "a\r\n"] {
        let id = drafts.new_id();
        hand_out(&drafts, id, text);
        assert_eq!(drafts.take_back(&id).as_deref(), Ok(text));
        assert_eq!(drafts.take(&id), Ok(draft(id, text)));
    }
}

#[test]
fn what_the_editor_wrote_before_everything_crashed_is_the_draft_s_text() {
    let place = place();
    let first = open(place.path());
    let id = first.new_id();
    let path = hand_out(&first, id, "before");
    writes(&path, "after\n");
    drop(first);

    let second = open(place.path());
    let kept = listed(&second);
    assert_eq!(kept.len(), 1);
    let expected = |draft: &Draft| (draft.text == "after", draft.left.before.as_deref() == Some("before"));
    assert_eq!(kept[0].draft.as_ref().map(expected), Ok((true, true)), "{kept:?}");
    let taken = second.take(&id).expect("its explorer has ended");
    assert_eq!(expected(&taken), (true, true), "{taken:?}");
    drop(second);

    let third = open(place.path());
    let taken = third.take(&taken.id).expect("its explorer has ended too");
    assert_eq!(expected(&taken), (true, true), "nothing was saved in between: {taken:?}");
    third.save(&taken).expect("it can be kept");
    let left = listed(&third).remove(0).draft.map(|draft| draft.left);
    assert_eq!(left, Ok(Left::default()));
    assert_eq!(files(place.path(), ".json").len(), 1, "the editor's file has been read");
}

#[test]
fn a_save_while_the_editor_runs_does_not_hide_what_it_writes() {
    let place = place();
    let drafts = open(place.path());
    let id = drafts.new_id();
    let path = hand_out(&drafts, id, "before");
    writes(&path, "half");
    // A signal that ends the explorer has it save what it has.
    drafts.save(&draft(id, "before")).expect("it can be kept");
    writes(&path, "after");
    drop(drafts);
    assert_eq!(open(place.path()).take(&id).expect("its explorer has ended").text, "after");
}

#[test]
fn an_editor_that_wrote_garbage_costs_neither_text() {
    let place = place();
    let drafts = open(place.path());
    let id = drafts.new_id();
    let path = hand_out(&drafts, id, "before");
    writes(&path, b"\xff\xfegarbage");
    assert_eq!(drafts.take_back(&id), Err(DraftError::NotText { path: path.clone() }));
    drafts.save(&draft(id, "typed after that")).expect("it can be kept");
    drop(drafts);

    let drafts = open(place.path());
    let kept = listed(&drafts);
    assert_eq!(kept[0].draft.as_ref().map(|draft| &draft.left.beside), Ok(&vec![path.clone()]));
    let taken = drafts.take(&id).expect("its explorer has ended");
    assert_eq!(taken.text, "typed after that");
    assert_eq!(fs::read(&taken.left.beside[0]).expect("it is there"), b"\xff\xfegarbage");
    let next = hand_out(&drafts, taken.id, "once more");
    assert!(!taken.left.beside.contains(&next), "it must not be written over");
    drafts.discard(&taken.id).expect("it is ours");
    assert_eq!(files(place.path(), ".json"), [""; 0]);
}

#[test]
fn an_editor_that_emptied_its_file_and_crashed_leaves_the_text_as_it_was() {
    let place = place();
    let first = open(place.path());
    let id = first.new_id();
    writes(&hand_out(&first, id, "before"), "");
    drop(first);
    let taken = open(place.path()).take(&id).expect("its explorer has ended");
    assert_eq!((taken.text.as_str(), taken.left), ("before", Left::default()));
}

#[test]
fn an_editor_that_goes_on_in_the_background_is_not_overheard() {
    let place = place();
    let drafts = open(place.path());
    let id = drafts.new_id();
    let path = hand_out(&drafts, id, "before");
    assert_eq!(drafts.take_back(&id).as_deref(), Ok("before"), "it returned at once");
    writes(&path, "written a minute later");
    drafts.save(&draft(id, "typed in the explorer")).expect("it can be kept");
    let kept = drafts.take(&id).expect("it is ours");
    assert_eq!((kept.text.as_str(), kept.left.beside), ("typed in the explorer", vec![path.clone()]));
    let next = hand_out(&drafts, id, "typed in the explorer");
    assert_ne!(next, path);
}

#[test]
fn an_editor_that_removed_its_file_leaves_the_text_as_it_was() {
    let place = place();
    let drafts = open(place.path());
    let id = drafts.new_id();
    let path = hand_out(&drafts, id, "before");
    fs::remove_file(&path).expect("it is there");
    let error = drafts.take_back(&id).expect_err("there is no file").to_string();
    assert!(error.contains(&*path.to_string_lossy()), "{error}");
    assert_eq!(texts(&drafts), ["before"]);
}

#[test]
fn what_an_editor_wrote_is_listed_by_itself_where_its_draft_is_lost() {
    let place = place();
    let first = open(place.path());
    let (lost, damaged) = (first.new_id(), first.new_id());
    let paths = [lost, damaged].map(|id| hand_out(&first, id, "before"));
    fs::remove_file(directory::draft(place.path(), lost)).expect("it is there");
    writes(&directory::draft(place.path(), damaged), "");
    drop(first);

    let drafts = open(place.path());
    for path in &paths {
        let alone = Err(DraftError::Alone { path: path.clone() });
        assert!(listed(&drafts).iter().any(|kept| kept.draft == alone), "{:?}", listed(&drafts));
    }
    assert_eq!(drafts.take(&lost), Err(DraftError::Alone { path: paths[0].clone() }));
    for id in [lost, damaged] {
        drafts.discard(&id).expect("its explorer has ended");
    }
    assert_eq!(listed(&drafts), []);
}

#[test]
fn a_crash_in_the_middle_of_taking_over_loses_nothing_that_the_editor_wrote() {
    let place = place();
    let first = open(place.path());
    let id = first.new_id();
    writes(&hand_out(&first, id, "before"), "after");
    drop(first);
    // The draft was renamed, what the editor wrote not yet.
    let crashed = open(place.path());
    let halfway = crashed.new_id();
    fs::rename(directory::draft(place.path(), id), directory::draft(place.path(), halfway)).expect("it is there");
    drop(crashed);

    let drafts = open(place.path());
    drafts.discard(&id).expect("there is no draft of that name");
    assert_eq!(texts(&drafts), ["after"]);
    assert_eq!(drafts.take(&halfway).expect("its explorer has ended").text, "after");
    assert_eq!(listed(&drafts).len(), 1);
}
