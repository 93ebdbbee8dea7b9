//! Editing a value: here, in the person's own editor, and what is asked before it is stored or lost.

use dynamini::tui::event::{Effect, Event, Outside, Reply};
use dynamini::tui::pane::Pane;

use super::driver::Explorer;

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_edited_reviewed_and_saved() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("e").await.shows("Edit  desk  based on 2026-11-22 07:39:00").shows("\"price\": 12");
    explorer.keys("ctrl-a").await.text(r#"{"price":15,"stock":3,"tags":["brass"]}"#).await.shows("✎ changed");
    explorer.keys("ctrl-s").await.shows("Save entry \"desk\"").shows("-   \"price\": 12,").shows("+   \"price\": 15,");
    explorer.keys("enter").await.shows("✓ saved").shows("\"price\": 15").shows("3 versions").shows("ada@cli");
    assert!(explorer.app.editing.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn esc_in_the_review_goes_back_to_the_text() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(r#"{"price":15}"#).await.keys("ctrl-s esc").await.shows("{\"price\":15}").hides("Save entry");
    explorer.keys("ctrl-s enter").await.shows("✓ saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_review_is_compared_beside_the_screen_and_enter_waits_for_it() {
    let mut explorer = Explorer::lamp().await;
    let items: Vec<_> = (0..1000).map(|item| format!("\"{item:030}\"")).collect();
    let large = |first: &str| format!("[\"{first}\",{}]", items.join(","));
    explorer.other_writes("bob@cli", &large("older")).await;
    explorer.other_writes("bob@cli", &large("newer")).await;
    explorer.keys("ctrl-r [").await;
    explorer.keys_at_once("r");
    explorer.shows("Restore the entry of").shows("comparing…").keys_at_once("esc");
    explorer.hides("Restore the entry of").settle().await;
    explorer.keys_at_once("r enter");
    assert!(explorer.app.writes.is_empty(), "nothing is written before it shows");
    explorer.settle().await;
    explorer.shows("restored as a new version").hides("Restore the entry of").shows("\"older\"");
    explorer.edit(&large("older").replace(',', ",\n")).await.keys("ctrl-s").await.shows("nothing has changed");
    explorer
        .keys("ctrl-a")
        .await
        .paste(&large("mine").replace(',', ",\n"))
        .keys("ctrl-s")
        .await
        .shows("+   \"mine\",")
        .keys("enter")
        .await;
    explorer.shows("✓ saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_review_is_read_to_its_last_line() {
    let mut explorer = Explorer::lamp().await;
    let items = (1..=90).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
    explorer.edit(&format!("[{items}]")).await.keys("ctrl-s").await.shows("-   \"price\": 12,").hides("+   90");
    explorer.keys("G").await.shows("+   90").shows("92 + ]").keys("g").await.shows("-   \"price\": 12,");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_marked_and_not_saved() {
    let mut explorer = Explorer::lamp().await;
    explorer
        .edit("{\"price\": }")
        .await
        .shows("✗")
        .keys("ctrl-s")
        .await
        .shows("so it can't be saved: ^E goes to the mistake");
    assert!(explorer.app.overlays.is_empty());
    explorer.shows("{\"price\": }");
    explorer.keys("left 1 6 ctrl-s").await.shows("Save entry");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_changed_is_nothing_to_save() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("e ctrl-s").await.shows("nothing has changed: nothing to save");
    explorer.edit(r#"{"tags":["brass"],  "stock":3,"price":12}"#).await.keys("ctrl-s").await;
    explorer.shows("nothing has changed: nothing to save");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_editor_closes_and_a_changed_one_asks_with_the_cursor_on_keeping() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("e esc").await.hides("Edit  desk");
    explorer.edit("{}").await.keys("esc").await.shows("Close the editor?").shows("▸ Go on editing");
    explorer.keys("enter").await.shows("Edit  desk").hides("Close the editor?");
    explorer.keys("esc esc").await.shows("Edit  desk").hides("Close the editor?");
    explorer
        .keys("esc down enter")
        .await
        .hides("Edit  desk")
        .shows("what was typed was discarded")
        .shows("\"price\": 12");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_editor_undoes_formats_and_searches() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(r#"{"a":[1,2]}"#).await.shows(r#"{"a":[1,2]}"#).keys("ctrl-t").await.shows("\"a\": [");
    explorer.keys("ctrl-u").await.shows(r#"{"a":[1,2]}"#).keys("ctrl-u").await.shows("\"price\": 12");
    explorer.keys("ctrl-y").await.shows(r#"{"a":[1,2]}"#);
    explorer.keys("ctrl-f").await.text("2").await.keys("esc").await.shows("Edit  desk");
    explorer.keys("f1").await.shows("Keys of the editor").shows("format (pretty-print)").keys("esc").await;
    explorer.hides("Keys of the editor").shows("Edit  desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_editor_are_as_high_as_it_is() {
    let mut explorer = Explorer::lamp().await;
    let items = (1..=200).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
    explorer.other_writes("bob@cli", &format!("[{items}]")).await;
    explorer.keys("ctrl-r e pagedown").await;
    let editor = &explorer.app.editing.as_ref().expect("the editor is open").editor;
    let height = explorer.app.rows_of(Pane::Value);
    assert!((height - 3..=height).contains(&editor.position().0), "line {:?} of {height}", editor.position());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_value_is_edited_on_top_of_the_newest() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("[ e").await.shows("based on 2026-11-22 07:39:00").shows("\"price\": 10");
    explorer.keys("ctrl-s").await.shows("-   \"price\": 12,").shows("+   \"price\": 10,");
    explorer.keys("enter").await.shows("✓ saved").shows("3 versions");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_value_is_not_edited() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("3 e").await.shows("select an entry first");
    explorer.keys("4 d down enter . e").await.shows("it is deleted: r brings it back");
    assert!(explorer.app.editing.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_is_not_json_is_edited_as_it_is() {
    let mut explorer = Explorer::own_demo().await;
    explorer.go_to(&["sandbox", "u-1042", "oddities", "not JSON"]).await;
    explorer.keys("e").await.shows("limit: 5000 # YAML, really").shows("✗");
    explorer.keys("ctrl-a").await.paste("{}").keys("ctrl-s enter").await.shows("saved");
}

fn came_back(text: Result<String, String>, problem: Option<String>) -> Event {
    Event::Reply(Reply::EditedOutside(Outside { text, problem, lies_beside: false, is_kept: false }))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_goes_to_the_persons_editor_and_comes_back_to_the_review() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("E").await;
    let [Effect::EditOutside(typed)] = &explorer.asked[..] else { panic!("{:?}", explorer.asked) };
    assert!(typed.text.contains("\"price\": 12"));
    let edited = typed.text.replace("12", "77");
    explorer.take(came_back(Ok(edited), None));
    explorer.shows("Save entry").shows("+   \"price\": 77,").keys("enter").await.shows("✓ saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_invalid_or_not_at_all_stays_in_the_editor_here() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("E").await.take(came_back(Ok("{\"price\": oops}\n".into()), None));
    explorer.shows("{\"price\": oops}").shows("not JSON yet").shows("✎ changed");
    explorer.keys("ctrl-o").await;
    assert!(matches!(explorer.asked.last(), Some(Effect::EditOutside(typed)) if typed.text.contains("oops")));
    explorer.take(came_back(Err("vi could not be started: no such file.".into()), None));
    explorer.shows("vi could not be started").shows("{\"price\": oops}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_editor_left_that_crashed_is_here_and_one_undo_brings_back_what_was_before() {
    let mut explorer = Explorer::lamp().await;
    let crash = Some("nano ended with signal: 11 (SIGSEGV)".to_owned());
    explorer.keys("E").await.take(came_back(Ok("{\"pri".into()), crash));
    explorer.shows("{\"pri").shows("nano ended with signal: 11").shows("^U brings back");
    explorer.keys("ctrl-u").await.shows("\"price\": 12").hides("✎ changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_text_from_outside_closes_the_editor() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("E").await;
    let [Effect::EditOutside(typed)] = &explorer.asked[..] else { panic!("{:?}", explorer.asked) };
    let text = format!("{}\n", typed.text);
    explorer.take(came_back(Ok(text), None));
    explorer.shows("nothing was changed").hides("Edit  desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_too_large_for_the_editor_is_for_the_persons_own() {
    let mut explorer = Explorer::lamp().await;
    explorer.other_writes("bob@cli", &format!("[{}0]", "1,".repeat(70_000))).await;
    explorer.keys("ctrl-r e").await.shows("E opens it in $EDITOR");
    assert!(explorer.app.editing.is_none());
    explorer.keys("E").await;
    let Some(Effect::EditOutside(typed)) = explorer.asked.last() else { panic!("{:?}", explorer.asked.len()) };
    let edited = typed.text.replace("\n  0\n", "\n  2\n");
    explorer.take(came_back(Ok(edited), None));
    explorer.shows("Save entry").keys("enter").await.shows("✓ saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_asks_only_where_something_is_unsaved() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit("{}").await.keys("ctrl-c").await.shows("Leave with an unsaved edit?").shows("▸ Stay");
    explorer.keys("enter").await.shows("Edit  desk");
    assert_eq!(explorer.asked, []);
    explorer.keys("ctrl-c down enter").await;
    assert_eq!(explorer.asked, [Effect::Quit]);
    for key in ["q", "ctrl-c"] {
        let mut explorer = Explorer::lamp().await;
        explorer.keys(key).await;
        assert_eq!(explorer.asked, [Effect::Quit], "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_at_an_older_version_in_the_editor_leaves_nothing_behind() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("[ e").await.shows("text of").shows("\"colour\": \"red\"").keys("esc").await;
    explorer.hides("Close the editor?").hides("based on").keys("q").await;
    assert!(explorer.asked.contains(&Effect::Quit), "nothing is unsaved");
    let mut explorer = Explorer::lamp().await;
    explorer.keys("[ e").await.text(" ").await.keys("esc").await.shows("Close the editor?");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_is_drawn_anew_from_everywhere() {
    let mut explorer = Explorer::lamp().await;
    for keys in ["ctrl-l", "e ctrl-l", "f1 ctrl-l"] {
        explorer.asked.clear();
        explorer.keys(keys).await;
        assert!(explorer.asked.contains(&Effect::Redraw), "{keys}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_goes_back_to_where_it_was_before_the_editor() {
    let mut explorer = Explorer::lamp().await;
    for (pane, keys) in [("4", "e esc"), ("5", "e esc"), ("6", "e esc")] {
        explorer.keys(pane).await;
        let before = explorer.app.focus;
        explorer.keys(keys).await.hides("based on");
        assert_eq!(explorer.app.focus, before);
    }
    explorer.keys("4").await.edit("{}").await.keys("ctrl-s enter").await.shows("✓ saved");
    assert_ne!(explorer.app.focus, Pane::Value, "it came from the list");
}
