//! Rows that others wrote: every odd kind seen in real tables shows, and none hides a good one.

use dynamini::model::at::At;
use dynamini::model::{CollectionKey, EntryId, EntryKey, Filter, Subject, User};

use super::world::{START, World, base, line, row, value, version};

contract!(
    a_row_without_a_value_or_a_name_is_a_version,
    a_value_of_any_kind_is_given_as_it_stands,
    a_key_that_is_not_of_the_form_is_listed_as_unreadable,
    a_collection_whose_user_holds_a_hash_sign_shows,
    a_name_that_is_not_text_is_listed_as_unreadable,
    an_entry_whose_id_begins_like_anothers_is_kept_apart,
    a_claim_of_ours_shows_nowhere,
    attributes_of_others_stay_where_they_are,
);

fn entry(collection: &CollectionKey, id: &str) -> Subject {
    EntryKey { collection: collection.clone(), id: EntryId::new(id) }.into()
}

async fn a_row_without_a_value_or_a_name_is_a_version(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let partition = collection.entries_partition();
    let rows: [(i64, &[(&str, &str)]); 4] =
        [(1, &[]), (2, &[("name", "only a name")]), (3, &[("value", "1")]), (4, &[("name", ""), ("value", "")])];
    for (ms, attributes) in rows {
        world.put_entry_row(&partition, &format!("e#{}", START + ms), attributes).await;
    }
    let log = ann.log(&entry(&collection, "e")).await;
    assert_eq!(log, ["  +4", "- 1 +3", "only a name - +2", "- - +1"]);
    assert_eq!(ann.list(&collection, Filter::Latest).await, ["  +4"]);

    world.put_collection_row("billing", &format!("ann#nameless#{START}"), &[]).await;
    assert_eq!(ann.list_collections(&world, Filter::Latest).await, ["- - +0", "notes - +0"]);
}

async fn a_value_of_any_kind_is_given_as_it_stands(world: World) {
    let ann = world.writer("ann");
    let odd = ann.entry(&world, "1").await;
    let texts = ["[1, 2]", "12345678901234567890", "true", "null", "\"text\"", "{not JSON", "  ", "undefined"];
    for (ms, text) in (1..).zip(texts) {
        world.original_writes(&odd, ms, "e", text).await;
        assert_eq!(ann.at(&odd, At::Newest).await.unwrap().value.value.as_deref(), Some(text));
    }
    let values: Vec<_> = ann.history(&odd).all().await.unwrap().items.into_iter().map(|it| it.value.unwrap()).collect();
    assert!(values.iter().rev().skip(1).eq(texts), "{values:?}");
    ann.update(&odd, &value("{}"), base(8)).await.unwrap();
}

async fn a_key_that_is_not_of_the_form_is_listed_as_unreadable(world: World) {
    let ann = world.writer("ann");
    let good = ann.entry(&world, "1").await;
    let collection = good.collection().clone();
    let partition = collection.entries_partition();
    for sort in ["no hash sign", "e#later", "zzz#", "e#17000000000000000"] {
        world.put_entry_row(&partition, sort, &[("name", "odd"), ("value", "2")]).await;
    }
    for filter in [Filter::Latest, Filter::Current, Filter::All] {
        let page = ann.entries(&collection, filter, true).all().await.unwrap();
        assert_eq!(page.items.iter().map(line).collect::<Vec<_>>(), ["e 1 +0"]);
        let mut sorts: Vec<_> = page.unreadable.iter().map(|row| row.sort.as_str()).collect();
        sorts.sort_unstable();
        assert_eq!(sorts, ["e#17000000000000000", "e#later", "no hash sign", "zzz#"]);
        let row = page.unreadable.iter().find(|row| row.sort == "zzz#").unwrap();
        assert_eq!(row.partition, partition);
        let attributes = [("name".to_owned(), "odd".to_owned()), ("value".to_owned(), "2".to_owned())];
        assert_eq!(row.attributes, attributes);
    }

    world.put_collection_row("billing", "no hash sign", &[("name", "odd")]).await;
    world.put_collection_row("billing", "ann#odd", &[("name", "odd")]).await;
    let page = ann.collections(&world.application, &world.user, Filter::Latest).all().await.unwrap();
    assert_eq!((page.items.len(), page.unreadable.len()), (1, 1));
    assert_eq!(page.unreadable[0].sort, "ann#odd");
    let page = ann.users(&world.application).next().await.unwrap().unwrap();
    assert_eq!(page.items, [User::new("ann")]);
    assert_eq!(page.unreadable[0].sort, "no hash sign");
}

async fn a_collection_whose_user_holds_a_hash_sign_shows(world: World) {
    let ann = world.writer("ann");
    ann.new_collection(&world, "notes").await;
    world.put_collection_row("billing", &format!("ann#too#c1#{START}"), &[("name", "odd")]).await;
    for filter in [Filter::Latest, Filter::Current, Filter::All] {
        let page = ann.collections(&world.application, &world.user, filter).all().await.unwrap();
        assert_eq!(page.items.iter().map(line).collect::<Vec<_>>(), ["notes - +0"]);
        assert_eq!(page.unreadable.len(), 1, "{filter:?}");
        assert_eq!(page.unreadable[0].sort, format!("ann#too#c1#{START}"));
    }
}

async fn a_name_that_is_not_text_is_listed_as_unreadable(world: World) {
    let ann = world.writer("ann");
    let good = ann.entry(&world, "1").await;
    let sort = good.sort_key(version(5));
    let mut odd = row(&[("userCollection", good.partition().as_str()), ("entryVersion", sort.as_str())]);
    odd.insert("name".to_owned(), aws_sdk_dynamodb::types::AttributeValue::N("7".to_owned()));
    world.put(&world.tables.entries, odd).await;

    let page = ann.history(&good).all().await.unwrap();
    assert_eq!(page.items.iter().map(line).collect::<Vec<_>>(), ["e 1 +0"]);
    assert_eq!(page.unreadable.iter().map(|row| &row.sort).collect::<Vec<_>>(), [&sort]);
    let page = ann.entries(good.collection(), Filter::Latest, true).all().await.unwrap();
    assert_eq!((page.items.len(), page.unreadable.len()), (1, 1));
}

async fn an_entry_whose_id_begins_like_anothers_is_kept_apart(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let (short, long) = (entry(&collection, "a"), entry(&collection, "a#b"));
    for ms in [0, 1] {
        world.original_writes(&short, ms, "short", &ms.to_string()).await;
    }
    for ms in 2..150 {
        world.original_writes(&long, ms, "long", &ms.to_string()).await;
    }
    assert_eq!(ann.log(&short).await, ["short 1 +1", "short 0 +0"]);
    assert_eq!(ann.log(&long).await.len(), 148);
    assert_eq!(ann.list(&collection, Filter::Latest).await, ["long 149 +149", "short 1 +1"]);
    assert_eq!(line(&ann.at(&short, At::Newest).await.unwrap().value), "short 1 +1");

    let written = ann.update(&short, &value("2"), base(1)).await.unwrap().value;
    assert_eq!((line(&written.record), written.slipped_in), ("short 2 +2".to_owned(), Vec::new()));
    assert_eq!(ann.log(&long).await.len(), 148);
}

async fn a_claim_of_ours_shows_nowhere(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let page = ann.entries(&collection, Filter::All, true).all().await.unwrap();
    assert_eq!((page.items, page.unreadable), (Vec::new(), Vec::new()));
}

async fn attributes_of_others_stay_where_they_are(world: World) {
    let ann = world.writer("ann");
    let collection = ann.new_collection(&world, "notes").await;
    let theirs = entry(&collection, "e");
    let sort = theirs.sort_key(version(0));
    world.put_entry_row(&theirs.partition(), &sort, &[("name", "e"), ("value", "1"), ("colour", "red")]).await;
    ann.update(&theirs, &value("2"), base(0)).await.unwrap();
    ann.delete(&theirs, base(1)).await.unwrap();
    assert_eq!(world.rows(&theirs).await[0]["colour"], "red");
}
