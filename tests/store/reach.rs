//! Who may touch what: entries only through a collection of their application, and nothing on a read-only connection.

use dynamini::model::at::At;
use dynamini::model::{Application, CollectionKey, EntryKey, Filter, Subject};
use dynamini::store::{Base, StoreError};

use super::wire::WRITES;
use super::world::{World, name, value, version};

contract!(
    entries_are_reached_only_through_a_collection_of_their_application,
    a_collection_that_was_found_is_not_looked_for_again,
    a_read_only_store_sends_no_write,
    a_read_only_store_can_read_everything,
);

macro_rules! assert_not_found {
    ($($result:expr),+ $(,)?) => { $(
        match $result {
            Err(StoreError::NotFound { .. }) => {}
            other => panic!("{}: {other:?}", stringify!($result)),
        }
    )+ };
}

async fn entries_are_reached_only_through_a_collection_of_their_application(world: World) {
    let ann = world.writer("ann");
    let own = ann.entry(&world, "1").await;
    let (collection, entry) = match &own {
        Subject::Entry(key) => (&key.collection, key),
        Subject::Collection(_) => panic!("not an entry"),
    };
    let foreign_collection = CollectionKey { application: Application::new("shop"), ..collection.clone() };
    let foreign = Subject::from(EntryKey { collection: foreign_collection.clone(), ..entry.clone() });
    // The same key of rows: only the application tells them apart.
    assert_eq!((foreign.partition(), foreign.sort_prefix()), (own.partition(), own.sort_prefix()));

    for writer in [ann.clone(), world.writer("mallory")] {
        assert_not_found!(
            writer.entries(&foreign_collection, Filter::Latest, true).all().await,
            writer.history(&foreign).all().await,
            writer.at(&foreign, At::Newest).await,
            writer.at(&foreign, At::Version(version(0))).await,
            writer.at(&foreign, At::Back(0)).await,
            writer.at(&foreign, At::Time(version(0).time())).await,
            writer.update(&foreign, &value("2"), Base::Any).await,
            writer.update(&foreign, &value("2"), Base::Version(version(0))).await,
            writer.restore(&foreign, version(0), None, Base::Any).await,
            writer.undelete(&foreign, Base::Any).await,
            writer.delete(&foreign, Base::Any).await,
            writer.create_entry(&foreign_collection, "f", "1", None).await,
            writer.delete(&foreign_collection.clone().into(), Base::Any).await,
            writer.at(&foreign_collection.clone().into(), At::Newest).await,
        );
        assert!(writer.history(&foreign_collection.clone().into()).all().await.unwrap().items.is_empty());
    }
    assert_eq!(ann.log(&own).await, ["e 1 +0"]);
    assert_eq!(ann.list(collection, Filter::All).await, ["e 1 +0"]);
}

async fn a_collection_that_was_found_is_not_looked_for_again(world: World) {
    let entry = world.writer("ann").entry(&world, "1").await;
    let bob = world.writer("bob");
    let (first, _) = bob.wire.count(bob.list(entry.collection(), Filter::Latest)).await;
    let (second, _) = bob.wire.count(bob.list(entry.collection(), Filter::Latest)).await;
    assert_eq!((first, second), (2, 1));
}

async fn a_read_only_store_sends_no_write(world: World) {
    let entry = world.writer("ann").entry(&world, "1").await;
    let collection = Subject::from(entry.collection().clone());
    let reader = world.writer_with("reader", |options| options.read_only = true);
    assert!(reader.is_read_only());
    let refused = [
        reader.create_collection(&world.application, &world.user, "other").await.err(),
        reader.create_entry(entry.collection(), "f", "1", None).await.err(),
        reader.update(&entry, &value("2"), Base::Any).await.err(),
        reader.update(&collection, &name("x"), Base::Version(version(0))).await.err(),
        reader.restore(&entry, version(0), None, Base::Any).await.err(),
        reader.undelete(&entry, Base::Any).await.err(),
        reader.delete(&entry, Base::Any).await.err(),
        reader.delete(&collection, Base::Version(version(0))).await.err(),
    ];
    for error in refused {
        assert!(matches!(error, Some(StoreError::ReadOnly)), "{error:?}");
    }
    assert!(reader.wire.sent().iter().all(|sent| !WRITES.contains(&sent.as_str())), "{:?}", reader.wire.sent());

    let elsewhere = world.without_tables().writer_with("reader", |options| options.read_only = true);
    assert!(matches!(elsewhere.init().await, Err(StoreError::ReadOnly)));
    assert_eq!(elsewhere.wire.sent(), ["DescribeTable"]);
}

async fn a_read_only_store_can_read_everything(world: World) {
    let entry = world.writer("ann").entry(&world, "1").await;
    let reader = world.writer_with("reader", |options| options.read_only = true);
    reader.init().await.unwrap();
    assert_eq!(reader.list_collections(&world, Filter::Latest).await, ["notes - +0"]);
    assert_eq!(reader.list(entry.collection(), Filter::Latest).await, ["e 1 +0"]);
    assert_eq!(reader.log(&entry).await, ["e 1 +0"]);
}
