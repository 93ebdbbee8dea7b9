//! What stands between a person and a write: read-only, protected connections, and the command line that does the same.

use super::driver::{Explorer, Setup};
use dynamini::model::at::At;
use dynamini::store::{Base, Cost, StoreError};
use dynamini::tui::event::Effect;
use insta::assert_snapshot;

const MINE: &str = r#"{"price":15,"stock":3,"tags":["brass"]}"#;

async fn protected() -> Explorer {
    Explorer::lamp_with(Setup { is_protected: true, ..Setup::default() }).await
}

/// The command line that was copied last, in the words after the flags of the connection.
fn copied(explorer: &Explorer) -> String {
    let Some(Effect::Copy(line)) = explorer.asked.last() else { panic!("nothing was copied: {:?}", explorer.asked) };
    line.replace(r"dynamini --data-dir '/srv/it'\''s here' ", "… ")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_switch_refuses_writes_in_the_store_too() {
    let mut explorer = Explorer::lamp().await;
    explorer.edit(MINE).await.keys("ctrl-s").await;
    // The review is open already when the switch is turned: it is the store that refuses.
    explorer.keys("esc esc down enter").await.keys("!").await.shows("READ-ONLY").shows("every write is refused");
    explorer.keys("e").await.shows("it was switched to read-only").hides("✎");
    explorer.keys("u").await.keys("!").await.shows("writes go through again").shows(" RW ");
    explorer.edit(MINE).await.keys("ctrl-s").await;
    explorer.carry_out(vec![Effect::ReadOnly(true)]);
    explorer.keys("enter").await.shows("not written: the connection is read-only").shows("Save entry");
    explorer.carry_out(vec![Effect::ReadOnly(false)]);
    explorer.keys("enter").await.shows("✓ saved");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protected_connection_shows_it_and_asks_before_each_write() {
    let mut explorer = protected().await;
    explorer.shows(" PROTECTED ");
    explorer.edit(MINE).await.keys("ctrl-s enter").await.shows("Write to local?").shows("save entry \"desk\"");
    explorer.app.cost = Cost::default();
    assert_snapshot!("protected_120x36", explorer.screen());
    // The cursor is on Cancel; the review stays.
    explorer.keys("enter").await.shows("Save entry \"desk\"").shows("2 versions");
    explorer.keys("enter down enter").await.shows("✓ saved").shows("3 versions");
    explorer.keys("R").await.text("2\n").await.shows("rename entry \"desk\" to \"desk2\"").keys("down enter").await;
    explorer.shows("▸ desk2").keys("u enter down enter").await.shows("▸ desk ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_protected_connection_wants_its_name_before_more_than_one_item_and_before_writes_are_let_through() {
    let mut explorer = protected().await;
    explorer.keys("3 d down enter").await.shows("Type the connection's name to delete collection \"lamps\"");
    explorer.text("loca\n").await.shows("that is not its name").text("l\n").await.shows("deleted; u");
    explorer
        .keys("!")
        .await
        .shows("READ-ONLY")
        .keys("!")
        .await
        .shows("Type the connection's name to let writes through");
    explorer
        .keys("esc")
        .await
        .shows("READ-ONLY")
        .keys("!")
        .await
        .text("local\n")
        .await
        .shows("writes go through again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_label_shows_on_small_screens_too() {
    for size in [(80, 24), (40, 8)] {
        let mut explorer = Explorer::lamp_with(Setup { size, is_protected: true, ..Setup::default() }).await;
        explorer.shows("PROTECTED").keys("d").await.shows("PROTECTED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_can_be_copied_as_the_command_that_does_the_same() {
    let mut explorer = Explorer::lamp().await;
    let newest = explorer.app.timeline().and_then(|timeline| timeline.newest()).expect("the lamp shows").clone();
    let (version, entry) = (newest.version, newest.subject.id().to_owned());
    let collection = newest.subject.collection().id.to_string();
    let address = format!("shop/ada/{collection}/{entry}");
    explorer.edit(MINE).await.keys("ctrl-s y").await;
    assert_eq!(copied(&explorer), format!("… put --if-version {version} -- {address} <<'JSON'\n{MINE}\nJSON"));
    explorer.keys("esc esc down enter d y").await;
    assert_eq!(copied(&explorer), format!("… rm --if-version {version} -- {address}"));
    explorer.keys("esc R").await.text(" lamp").await.keys("ctrl-y").await;
    assert_eq!(copied(&explorer), format!("… rename --if-version {version} -- {address} 'desk lamp'"));
    explorer.keys("esc [ r y").await;
    let older = explorer.app.timeline().and_then(|timeline| timeline.shown()).expect("a version shows").version;
    assert_eq!(copied(&explorer), format!("… restore --if-version {version} -- {address}@{older}"));
    explorer.keys("esc 4 a").await.text("a/b@7\n").await.keys("ctrl-s y").await;
    let create = format!("… put --create-only -- shop/ada/{collection}/a%2Fb%407 <<'JSON'\n{{}}\nJSON");
    assert_eq!(copied(&explorer), create);
    explorer.keys("esc esc down enter 3 a").await.text("it's").await.keys("ctrl-y").await;
    assert_eq!(copied(&explorer), r"… create -- 'shop/ada/it'\''s'");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_read_only_sends_no_write() {
    let explorer = Explorer::lamp().await;
    let subject = explorer.app.subject().expect("the lamp is selected");
    let eve = explorer.other_writer("eve").await;
    eve.set_read_only(true);
    let before = eve.total().requests;
    assert!(matches!(eve.delete(&subject, Base::Any).await, Err(StoreError::ReadOnly)));
    assert_eq!(eve.total().requests, before);
    eve.set_read_only(false);
    eve.delete(&subject, Base::Any).await.expect("writes go through");
    assert!(eve.at(&subject, At::Newest).await.expect("it is there").value.is_deleted());
}
