//! What is asked on a terminal before many are brought back.

use crate::desk::Desk;
use crate::terminal::Terminal;

#[test]
fn what_someone_else_writes_before_the_yes_is_skipped_and_the_command_for_it_is_told() {
    let desk = Desk::new();
    let record = desk.run(&["get", "shop/ada/lamps/desk", "--output", "ndjson"], "");
    let record: serde_json::Value = serde_json::from_str(&record).expect("it is JSON");
    let first = record["meta"]["version"].to_string();
    desk.run(&["put", "shop/ada/lamps/desk"], "99");
    let restore = desk.launch().args(["restore", "shop/ada/lamps", "--as-of", &first]).size(200, 36);
    let terminal = Terminal::spawn(&restore);
    terminal.wait_for("carry out 1 write? [y/N]");
    desk.run(&["put", "shop/ada/lamps/desk"], "100");
    terminal.send("y\r");
    terminal.wait_for("1 skipped, since someone else wrote to it; this does what is left: dynamini --data-dir");
    assert_eq!(terminal.wait_exit().exit_code(), 4);
    assert_eq!(desk.stored(), "100\n");
    // By its id: the name may be another one by then.
    let text = terminal.screen_text();
    let collection = record["meta"]["collection"].as_str().expect("it is in one");
    assert!(text.contains(&format!(" -- shop/ada/{collection}")), "{text}");
    desk.run(&["restore", &format!("shop/ada/{collection}"), "--as-of", &first, "--yes"], "");
    assert_eq!(desk.stored(), "{\n  \"price\": 12\n}\n");
}
