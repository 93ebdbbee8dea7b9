//! Every reply says what it consumed.

use dynamini::model::Filter;
use dynamini::model::at::At;
use dynamini::store::{Base, Cost};

use super::world::{World, base, value, version};

contract!(
    reads_and_writes_tell_their_units_and_requests,
    the_meter_adds_up_what_all_calls_consumed,
    a_conditional_edit_costs_more_than_an_unconditional_one,
    a_clone_can_count_its_own_calls_also_those_that_fail,
);

fn check(cost: Cost, sent: usize, reads: bool, writes: bool) {
    assert_eq!(cost.requests, sent as u64, "{cost:?}");
    assert_eq!((cost.rcu > 0.0, cost.wcu > 0.0, cost.writes > 0), (reads, writes, writes), "{cost:?}");
}

async fn reads_and_writes_tell_their_units_and_requests(world: World) {
    let ann = world.writer("ann");
    let (sent, created) = ann.wire.count(ann.create_collection(&world.application, &world.user, "notes")).await;
    let created = created.unwrap();
    check(created.cost, sent, true, true);
    let collection = created.value.record.subject.collection().clone();
    let (sent, entry) = ann.wire.count(ann.create_entry(&collection, "e", "1", None)).await;
    let entry = entry.unwrap();
    check(entry.cost, sent, true, true);
    let entry = entry.value.subject;

    let (sent, written) = ann.wire.count(ann.update(&entry, &value("2"), base(0))).await;
    check(written.unwrap().cost, sent, true, true);
    let (sent, written) = ann.wire.count(ann.restore(&entry, version(0), None, base(1))).await;
    check(written.unwrap().cost, sent, true, true);
    let (sent, written) = ann.wire.count(ann.delete(&entry, base(2))).await;
    check(written.unwrap().cost, sent, true, true);
    let (sent, written) = ann.wire.count(ann.undelete(&entry, Base::Any)).await;
    check(written.unwrap().cost, sent, true, true);

    let (sent, read) = ann.wire.count(ann.at(&entry, At::Back(1))).await;
    check(read.unwrap().cost, sent, true, false);
    let (sent, read) = ann.wire.count(ann.history(&entry).all()).await;
    check(read.unwrap().cost, sent, true, false);
    let (sent, read) = ann.wire.count(ann.entries(&collection, Filter::All, true).all()).await;
    check(read.unwrap().cost, sent, true, false);
    let mut users = ann.users(&world.application);
    let (sent, read) = ann.wire.count(users.next()).await;
    check(read.unwrap().unwrap().cost, sent, true, false);
}

async fn the_meter_adds_up_what_all_calls_consumed(world: World) {
    let ann = world.writer("ann");
    let mut sum = Cost::default();
    let created = ann.create_collection(&world.application, &world.user, "notes").await.unwrap();
    sum += created.cost;
    let collection = created.value.record.subject.collection().clone();
    sum += ann.create_entry(&collection, "e", "1", None).await.unwrap().cost;
    sum += ann.entries(&collection, Filter::Latest, true).all().await.unwrap().cost;
    assert_eq!(ann.total(), sum);
    assert_eq!(ann.store.clone().total(), sum, "clones share the meter");
}

async fn a_conditional_edit_costs_more_than_an_unconditional_one(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let conditional = ann.update(&entry, &value("2"), base(0)).await.unwrap().cost;
    let unconditional = ann.update(&entry, &value("3"), Base::Any).await.unwrap().cost;
    assert!(conditional.wcu > unconditional.wcu, "{conditional:?} and {unconditional:?}");
}

async fn a_clone_can_count_its_own_calls_also_those_that_fail(world: World) {
    let ann = world.writer("ann");
    let entry = ann.entry(&world, "1").await;
    let before = ann.total();
    let own = ann.store.counted();
    let (sent, refused) = ann.wire.count(own.update(&entry, &value("2"), base(7))).await;
    assert!(refused.is_err());
    check(own.spent(), sent, true, false);
    ann.at(&entry, At::Newest).await.unwrap();
    assert_eq!(own.spent().requests, sent as u64, "others are not counted");
    assert_eq!(ann.total().requests, before.requests + sent as u64 + 1, "the whole is");
    assert_eq!(ann.store.spent(), Cost::default());
}
