//! What is deleted under a user or an application, in one list.

use super::driver::{Explorer, Setup};
use dynamini::model::{Application, User};
use dynamini::store::Base;
use insta::assert_snapshot;

/// A store of two users, each with a deleted entry; one also with a deleted collection that holds one.
async fn with_deleted(size: (u16, u16)) -> Explorer {
    let explorer = Explorer::lamp_with(Setup { size, ..Setup::default() }).await;
    let bob = explorer.other_writer("bob@cli").await;
    let shop = Application::new("shop");
    for (user, collection, entry, whole) in
        [("ada", "lamps", "old desk", false), ("ada", "chairs", "stool", true), ("eve", "beds", "cot", false)]
    {
        let made = bob.create_collection(&shop, &User::new(user), collection).await.expect("it is created");
        let key = made.value.record.subject.collection().clone();
        let entry = bob.create_entry(&key, entry, "{}", None).await.expect("it is created").value.subject;
        bob.delete(&entry, Base::Any).await.expect("it is deleted");
        if whole {
            bob.delete(&made.value.record.subject, Base::Any).await.expect("it is deleted");
        }
    }
    explorer
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trash_of_a_user_lists_collections_and_entries_with_who_and_when() {
    let mut explorer = Box::pin(with_deleted((120, 36))).await;
    explorer.keys("t").await.shows("Trash of shop › ada   3").shows("entry old desk   in lamps");
    explorer.shows("collection chairs").shows("entry stool   in chairs").hides("cot");
    assert_snapshot!("trash_120x36", explorer.screen());
    explorer.keys("esc").await.hides("Trash of");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trash_of_an_application_goes_through_its_users() {
    let mut explorer = Box::pin(with_deleted((80, 24))).await;
    explorer.keys("1 t").await.shows("Trash of shop   4").shows("entry cot   in beds");
    assert_snapshot!("trash_80x24", explorer.screen());
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_shows_what_is_deleted_where_it_is() {
    let mut explorer = Box::pin(with_deleted((120, 36))).await;
    explorer.keys("1 t /").await.text("cot\n").await.shows("1 of 4").keys("enter").await;
    explorer.hides("Trash of").shows("▸ cot").shows("▸ beds").shows("▸ eve").shows("deleted").shows("bob@cli");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_trash_says_so() {
    let mut explorer = Explorer::lamp().await;
    explorer.keys("t").await.shows("Nothing is deleted here.").keys("t").await.hides("Trash of");
}
