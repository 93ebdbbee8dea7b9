//! One after the other, the states in which the explorer can be: for what must hold in all of them.

use super::driver::Explorer;

/// Leads an explorer with an entry selected through its states, and calls `check` with the name of each.
pub async fn each_state(explorer: &mut Explorer, mut check: impl FnMut(&mut Explorer, &str)) {
    check(explorer, "lists");
    for (keys, name) in [
        ("5 [", "timeline"),
        ("=", "difference"),
        ("s", "side by side"),
        ("s s", "difference looked at another way"),
        ("m [", "difference from the marked version"),
        ("=", "value"),
        ("f", "full screen"),
        ("f w", "wrapped"),
        ("6 / a", "search"),
        ("esc 4 / a", "filter"),
        ("esc . ", "deleted ones"),
        ("?", "help"),
        ("esc a", "form"),
        ("x y z", "form with text"),
        ("esc d", "deletion"),
        ("esc R", "renaming"),
        ("esc 5 [ r", "restoring"),
        ("esc 3", "collection"),
        ("2", "user"),
        ("4 g e", "editor"),
    ] {
        explorer.keys(keys.trim_end()).await;
        check(explorer, name);
    }
    explorer.paste("{\"broken\": ");
    check(explorer, "editor with a mistake");
    explorer.keys("ctrl-s").await;
    check(explorer, "mistake not saved");
    explorer.keys("esc").await;
    check(explorer, "unsaved");
    explorer.keys("enter ctrl-a").await.paste(r#"{"mine": "\u001b[31m\u202e", "price": 99}"#);
    explorer.keys("ctrl-s").await;
    check(explorer, "review");
    explorer.other_writes("eve\u{1b}[7m@cli", "{\"price\": 1, \"theirs\u{202e}\": [1]}").await;
    explorer.keys("enter").await;
    check(explorer, "conflict");
    explorer.keys("e").await;
    check(explorer, "typing a value in the merge");
    explorer.keys("esc T").await;
    check(explorer, "settled merge");
    explorer.keys("enter").await;
    check(explorer, "looking over the merge");
    explorer.keys("esc esc").await;
    check(explorer, "editor after a conflict");
    explorer.keys("esc down enter").await;
    assert!(explorer.app.editing.is_none() && explorer.app.overlays.is_empty());
}
