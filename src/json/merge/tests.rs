use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::super::changes::{overlapping, touched};
use super::super::{Segment, diff, strategies};
use super::*;

fn merge_texts(base: &str, theirs: &str, mine: &str) -> Merge {
    let [base, theirs, mine] = [base, theirs, mine].map(|text| parse(text).expect("legal JSON"));
    merge(&base, &theirs, &mine)
}

/// Returns the clashes as lines: `path: base, theirs, mine`, `-` for nothing.
fn clashes(merge: &Merge) -> Vec<String> {
    let told = |value: &Option<String>| value.clone().unwrap_or("-".to_owned());
    let line = |it: &Clash| format!("{}: {}, {}, {}", it.path, told(&it.base), told(&it.theirs), told(&it.mine));
    merge.clashes().iter().map(line).collect()
}

fn settled(mut merge: Merge, choice: &Choice) -> String {
    for clash in 0..merge.clashes().len() {
        merge.settle(clash, Some(choice.clone())).expect("it is the choice of a side");
    }
    merge.merged().expect("every clash is settled")
}

#[test]
fn changes_that_do_not_touch_are_joined() {
    for (what, base, theirs, mine, expected) in [
        ("nobody changed", r#"{"a": 1}"#, r#"{"a": 1}"#, r#"{"a": 1}"#, r#"{"a":1}"#),
        ("only they", "1", "2", "1", "2"),
        ("only I", "1", "1", "2", "2"),
        ("two members", r#"{"a": 1, "b": 1}"#, r#"{"a": 2, "b": 1}"#, r#"{"a": 1, "b": 2}"#, r#"{"a":2,"b":2}"#),
        (
            "both alike",
            r#"{"a": 1}"#,
            r#"{"a": {"b": 2, "c": 3}}"#,
            r#"{"a": {"c": 3, "b": 2}}"#,
            r#"{"a":{"b":2,"c":3}}"#,
        ),
        (
            "two levels down",
            r#"{"a": {"b": 1, "c": 1}}"#,
            r#"{"a": {"b": 2, "c": 1}}"#,
            r#"{"a": {"b": 1, "c": 2}}"#,
            r#"{"a":{"b":2,"c":2}}"#,
        ),
        ("both added a member", "{}", r#"{"a": 1}"#, r#"{"b": 1}"#, r#"{"b":1,"a":1}"#),
        ("both added an object", "{}", r#"{"a": {"b": 1}}"#, r#"{"a": {"c": 1}}"#, r#"{"a":{"c":1,"b":1}}"#),
        ("they removed, I changed another", r#"{"a": 1, "b": 1}"#, r#"{"b": 1}"#, r#"{"a": 1, "b": 2}"#, r#"{"b":2}"#),
        ("I removed, they changed another", r#"{"a": 1, "b": 1}"#, r#"{"a": 1, "b": 2}"#, r#"{"b": 1}"#, r#"{"b":2}"#),
        ("both removed the same", r#"{"a": 1, "b": 1}"#, r#"{"b": 1}"#, r#"{"b": 1, "c": 1}"#, r#"{"b":1,"c":1}"#),
        ("all removed between two", r#"{"a": 1, "b": 1}"#, r#"{"a": 1}"#, r#"{"b": 1}"#, "{}"),
        ("items in two places", "[1, 2, 3]", "[0, 1, 2, 3]", "[1, 2, 3, 4]", "[0,1,2,3,4]"),
        ("an item taken out on each side", "[1, 2, 3, 4]", "[2, 3, 4]", "[1, 2, 3]", "[2,3]"),
        ("the same item taken out", "[1, 2, 3]", "[1, 3]", "[1, 3]", "[1,3]"),
        ("the same items put in", "[1, 2]", "[1, 7, 8, 2]", "[0, 1, 7, 8, 2]", "[0,1,7,8,2]"),
        ("put in beside what was taken out", "[1, 2]", "[1, 7, 2]", "[1]", "[1,7]"),
        ("an item changed behind one put in", r#"[{"n": 1}]"#, r#"[{"n": 2}]"#, r#"[0, {"n": 1}]"#, r#"[0,{"n":2}]"#),
        (
            "one item changed by both",
            r#"[{"n": 1, "m": 1}]"#,
            r#"[{"n": 2, "m": 1}]"#,
            r#"[{"n": 1, "m": 2}]"#,
            r#"[{"n":2,"m":2}]"#,
        ),
        ("everything taken out and one put in", "[1, 2]", "[]", "[1, 2, 3]", "[3]"),
    ] {
        let merge = merge_texts(base, theirs, mine);
        assert_eq!(clashes(&merge), [""; 0], "{what}");
        assert_eq!(merge.merged().as_deref(), Some(expected), "{what}");
    }
}

#[test]
fn what_can_not_both_hold_is_a_clash() {
    for (what, base, theirs, mine, clash, as_theirs, as_mine) in [
        ("the whole document", "1", "2", "3", ".: 1, 2, 3", "2", "3"),
        ("the spelling of a number", "[1]", "[1.0]", "[1.00]", ".[0]: 1, 1.0, 1.00", "[1.0]", "[1.00]"),
        ("a member", r#"{"a": 1}"#, r#"{"a": 2}"#, r#"{"a": 3}"#, ".a: 1, 2, 3", r#"{"a":2}"#, r#"{"a":3}"#),
        ("they removed", r#"{"a": 1}"#, "{}", r#"{"a": 3}"#, ".a: 1, -, 3", "{}", r#"{"a":3}"#),
        ("I removed", r#"{"a": 1}"#, r#"{"a": 2}"#, "{}", ".a: 1, 2, -", r#"{"a":2}"#, "{}"),
        ("both added", "{}", r#"{"a": 2}"#, r#"{"a": [3]}"#, ".a: -, 2, [3]", r#"{"a":2}"#, r#"{"a":[3]}"#),
        (
            "both added an array",
            "{}",
            r#"{"a": [2]}"#,
            r#"{"a": [3]}"#,
            ".a: -, [2], [3]",
            r#"{"a":[2]}"#,
            r#"{"a":[3]}"#,
        ),
        (
            "another kind",
            r#"{"a": {"b": 1}}"#,
            r#"{"a": []}"#,
            r#"{"a": {"b": 2}}"#,
            r#".a: {"b":1}, [], {"b":2}"#,
            r#"{"a":[]}"#,
            r#"{"a":{"b":2}}"#,
        ),
        (
            "an object for a text",
            r#"{"a": "b"}"#,
            r#"{"a": {"b": 1}}"#,
            r#"{"a": {"c": 1}}"#,
            r#".a: "b", {"b":1}, {"c":1}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"a":{"c":1}}"#,
        ),
        ("an item", "[1, 2]", "[1, 3]", "[1, 4]", ".[1]: 2, 3, 4", "[1,3]", "[1,4]"),
        ("an item they took out", "[1, 2, 3]", "[1, 3]", "[0, 1, 9, 3]", ".[2]: 2, -, 9", "[0,1,3]", "[0,1,9,3]"),
        ("an item I took out", "[1, 2, 3]", "[1, 9, 3]", "[1, 3]", ".[1]: 2, 9, -", "[1,9,3]", "[1,3]"),
        ("both put in at the end", "[1]", "[1, 2]", "[0, 1, 3, 4]", ".[2]: -, [2], [3,4]", "[0,1,2]", "[0,1,3,4]"),
        ("the same in another order", "[1]", "[1, 2, 3]", "[1, 3, 2]", ".[1]: -, [2,3], [3,2]", "[1,2,3]", "[1,3,2]"),
        (
            "a key that is there twice",
            r#"{"a": 1, "b": 1, "a": 2}"#,
            r#"{"a": 1, "b": 2, "a": 2}"#,
            r#"{"a": 3, "b": 1, "a": 2}"#,
            r#".: {"a":1,"b":1,"a":2}, {"a":1,"b":2,"a":2}, {"a":3,"b":1,"a":2}"#,
            r#"{"a":1,"b":2,"a":2}"#,
            r#"{"a":3,"b":1,"a":2}"#,
        ),
    ] {
        let merge = merge_texts(base, theirs, mine);
        assert_eq!(clashes(&merge), [clash], "{what}");
        assert!(!merge.is_settled() && merge.merged().is_none(), "{what}");
        assert_eq!(merge.preview(), as_theirs, "{what}");
        assert_eq!(settled(merge.clone(), &Choice::Theirs), as_theirs, "{what}");
        assert_eq!(settled(merge, &Choice::Mine), as_mine, "{what}");
    }
}

#[test]
fn every_token_is_as_typed_and_members_are_in_their_order() {
    let base = r#"{"big": 12345678901234567890, "e": 1e400, "s": "\ud800", "x": 0, "y": 0}"#;
    let theirs = r#"{"y": 1, "s": "\ud800", "e": 1e400, "big": 12345678901234567890.0, "x": 0, "\u00e9": "\/"}"#;
    let mine = r#"{"first": 0, "big": 12345678901234567890, "after big": 1E+2, "and": -0, "e": 1e400, "s": "\ud801", "x": 0, "y": 0}"#;
    let expected = r#"{"first":0,"y":1,"s":"\ud801","e":1e400,"big":12345678901234567890.0,"after big":1E+2,"and":-0,"x":0,"\u00e9":"\/"}"#;
    assert_eq!(merge_texts(base, theirs, mine).merged().as_deref(), Some(expected));
}

#[test]
fn a_spelling_that_only_one_side_changed_is_kept() {
    for (base, theirs, mine, expected) in [
        (r#"["é"]"#, r#"["é"]"#, r#"["\u00e9"]"#, r#"["\u00e9"]"#),
        (r#"["é"]"#, r#"["\u00e9"]"#, r#"["é"]"#, r#"["\u00e9"]"#),
        (r#"{"a":1,"b":2}"#, r#"{ "a": 1, "b": 2 }"#, r#"{"b": 2, "a": 1}"#, r#"{"b":2,"a":1}"#),
    ] {
        assert_eq!(merge_texts(base, theirs, mine).merged().as_deref(), Some(expected));
    }
}

#[test]
fn a_clash_is_settled_again_and_opened_again() {
    let mut merge = merge_texts(r#"{"a": 1, "b": 1}"#, r#"{"a": 2, "b": 2}"#, r#"{"a": 3}"#);
    assert_eq!(clashes(&merge), [".a: 1, 2, 3", ".b: 1, 2, -"]);
    assert_eq!(merge.settle(0, Some(Choice::Value(" [ 4.0 ] ".to_owned()))), Ok(()));
    assert_eq!(merge.choice(0), Some(&Choice::Value("[4.0]".to_owned())));
    assert_eq!((merge.merged(), merge.preview().as_str()), (None, r#"{"a":[4.0],"b":2}"#));
    assert_eq!(merge.settle(1, Some(Choice::Mine)), Ok(()));
    assert_eq!(merge.merged().as_deref(), Some(r#"{"a":[4.0]}"#));
    assert_eq!(merge.settle(0, Some(Choice::Mine)), Ok(()));
    assert_eq!(merge.merged().as_deref(), Some(r#"{"a":3}"#));
    assert_eq!(merge.settle(1, None), Ok(()));
    assert_eq!((merge.choice(1), merge.merged()), (None, None));
    assert_eq!(merge.settle(2, Some(Choice::Mine)), Ok(()), "there is no third clash");
    assert_eq!(merge.choice(2), None);
}

#[test]
fn a_typed_value_that_does_not_fit_leaves_the_choice_before() {
    let typed = |text: &str| Some(Choice::Value(text.to_owned()));
    let mut merge = merge_texts("[[]]", "[[1]]", "[[2]]");
    assert_eq!(merge.settle(0, Some(Choice::Mine)), Ok(()));
    assert!(matches!(merge.settle(0, typed("[3")), Err(Unsettled::NotJson(_))));
    assert_eq!(merge.settle(0, typed("3")), Err(Unsettled::NotItems));
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(merge.settle(0, typed(&nested(MAX_DEPTH))), Err(Unsettled::TooDeep));
    assert_eq!(merge.merged().as_deref(), Some("[[2]]"));
    assert_eq!(merge.settle(0, typed(&nested(MAX_DEPTH - 1))), Ok(()));
    assert!(parse(&merge.merged().expect("it is settled")).is_ok());
    assert_eq!(merge.settle(0, typed("[]")), Ok(()));
    assert_eq!(merge.merged().as_deref(), Some("[[]]"));

    let mut merge = merge_texts("[[0]]", "[[1]]", "[[2]]");
    assert_eq!(merge.settle(0, typed(&nested(MAX_DEPTH - 1))), Err(Unsettled::TooDeep));
    assert_eq!(merge.settle(0, typed(&nested(MAX_DEPTH - 2))), Ok(()));
    assert!(parse(&merge.merged().expect("it is settled")).is_ok());
}

/// Takes some of `base`'s items out, changes some, and puts some in; new items count from `fresh`.
fn edited(base: &[u32], edits: Vec<(Index, u8)>, mut fresh: u32) -> Vec<u32> {
    let mut items = base.to_vec();
    for (place, edit) in edits {
        let at = place.index(items.len() + 1);
        let end = (at + usize::from(edit != 0)).min(items.len());
        items.splice(at..end, (edit != 1).then_some(fresh));
        fresh += 1;
    }
    items
}

fn is_part_in_order(part: &[u32], whole: &[u32]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|item| rest.any(|other| other == item))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Items that occur once tell by themselves who put them in and who took them out.
    #[test]
    fn no_item_is_lost_nor_comes_back(
        len in 0..12_u32,
        (theirs, mine) in (vec((any::<Index>(), 0..3_u8), 0..8), vec((any::<Index>(), 0..3_u8), 0..8)),
    ) {
        let base: Vec<u32> = (100..100 + len).collect();
        let (theirs, mine) = (edited(&base, theirs, 200), edited(&base, mine, 300));
        let merge = merge_texts(&format!("{base:?}"), &format!("{theirs:?}"), &format!("{mine:?}"));
        let asked: Vec<u32> = merge.clashes().iter().flat_map(|clash| {
            let mine = clash.mine.as_deref().unwrap_or_default();
            mine.split(['[', ',', ']']).filter_map(|item| item.parse().ok()).collect::<Vec<_>>()
        }).collect();
        let merged: Vec<u32> = serde_json::from_str(&settled(merge, &Choice::Theirs)).expect("an array of numbers");

        let mut expected: Vec<u32> = base.iter().copied().filter(|it| theirs.contains(it) && mine.contains(it)).collect();
        expected.extend(theirs.iter().filter(|it| !base.contains(it)));
        expected.extend(mine.iter().filter(|it| !base.contains(it) && !asked.contains(it)));
        expected.sort_unstable();
        let mut found = merged.clone();
        found.sort_unstable();
        prop_assert_eq!(found, expected, "{:?} {:?} {:?} -> {:?}", base, theirs, mine, merged);
        for side in [theirs, mine] {
            let of_side: Vec<u32> = merged.iter().copied().filter(|item| side.contains(item)).collect();
            prop_assert!(is_part_in_order(&of_side, &side), "{:?} in {:?}", of_side, side);
        }
    }

    #[test]
    fn what_i_changed_apart_from_them_is_there_whatever_is_chosen(
        (base, theirs) in strategies::related_values(),
        edits in strategies::value_edits(),
        choice in prop::sample::select(vec![Choice::Theirs, Choice::Mine]),
    ) {
        let mine = strategies::edited_value(&base, edits);
        let [base_text, theirs_text, mine_text] = [&base, &theirs, &mine].map(ToString::to_string);
        let merged = settled(merge_texts(&base_text, &theirs_text, &mine_text), &choice);
        let merged: serde_json::Value = serde_json::from_str(&merged).expect("legal JSON");
        let changes = |side: &str| diff(&parse(&base_text).expect("legal"), &parse(side).expect("legal"));
        let (theirs, my_changes) = (changes(&theirs_text), changes(&mine_text));
        let met = overlapping(&theirs, &my_changes);
        // In an array that I put items into or took some out of, a clash that they win can move what is behind.
        let may_move = |at: &[Segment]| my_changes.iter().map(touched).any(|array| array.len() < at.len() && at.starts_with(array));
        for change in my_changes.iter().filter(|change| !met.contains(&change.path)) {
            let at = touched(change);
            if may_move(at) {
                continue;
            }
            prop_assert_eq!(strategies::value_at(&merged, at), strategies::value_at(&mine, at), "{}", change.path);
        }
    }
}
