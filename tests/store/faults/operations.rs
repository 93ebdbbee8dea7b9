//! Every call of the store: the rows of the table.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use dynamini::model::at::At;
use dynamini::model::{CollectionKey, EntryId, EntryKey, Filter, Record, Subject};
use dynamini::store::{Base, Records, StoreError, Written};

use crate::store::world::{START, World, Writer, base, line, name, value, version};

/// The milliseconds of the newest version of what is written to.
pub const NEWEST: i64 = 2;
/// The milliseconds of a deletion.
const DELETED_AT: &str = "2023-11-14T22:13:20.002Z";
/// More than one page of everything.
const MANY: usize = 104;

/// One call of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Applications,
    Users,
    Collections,
    Entries,
    EveryEntry,
    History,
    Newest,
    OneVersion,
    OneBack,
    AtATime,
    Update,
    UpdateAny,
    RenameCollection,
    Restore,
    RestoreAny,
    Undelete,
    UndeleteAny,
    Delete,
    DeleteAny,
    DeleteCollection,
    CreateCollection,
    FindCollection,
    CreateEntry,
    Init,
    InitAgain,
    CheckTables,
}
use Operation::{
    Applications, AtATime, CheckTables, Collections, CreateCollection, CreateEntry, Delete, DeleteAny,
    DeleteCollection, Entries, EveryEntry, FindCollection, History, Init, InitAgain, Newest, OneBack, OneVersion,
    RenameCollection, Restore, RestoreAny, Undelete, UndeleteAny, Update, UpdateAny, Users,
};

/// What a call said.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// In words, without the moment.
    pub text: String,
    /// The version that it says is stored.
    pub record: Option<Record>,
}

/// The place where an operation is tried: a collection, an entry of three versions, and one that is deleted.
#[derive(Clone)]
pub struct Scene {
    pub world: World,
    is_large: bool,
    collection: CollectionKey,
    entry: Subject,
    gone: Subject,
}

impl Operation {
    pub const ALL: [Self; 26] = [
        Applications,
        Users,
        Collections,
        Entries,
        EveryEntry,
        History,
        Newest,
        OneVersion,
        OneBack,
        AtATime,
        Update,
        UpdateAny,
        RenameCollection,
        Restore,
        RestoreAny,
        Undelete,
        UndeleteAny,
        Delete,
        DeleteAny,
        DeleteCollection,
        CreateCollection,
        FindCollection,
        CreateEntry,
        Init,
        InitAgain,
        CheckTables,
    ];

    /// Returns the head of its row.
    pub fn name(self) -> &'static str {
        match self {
            Applications => "applications",
            Users => "users",
            Collections => "collections",
            Entries => "entries",
            EveryEntry => "entries, all versions",
            History => "history",
            Newest => "newest version",
            OneVersion => "one version",
            OneBack => "one version back",
            AtATime => "version at a time",
            Update => "update",
            UpdateAny => "update, any base",
            RenameCollection => "rename a collection",
            Restore => "restore",
            RestoreAny => "restore, any base",
            Undelete => "undelete",
            UndeleteAny => "undelete, any base",
            Delete => "delete",
            DeleteAny => "delete, any base",
            DeleteCollection => "delete a collection",
            CreateCollection => "create a collection",
            FindCollection => "create one again",
            CreateEntry => "create an entry",
            Init => "init",
            InitAgain => "init again",
            CheckTables => "check tables",
        }
    }

    pub fn only_reads(self) -> bool {
        matches!(
            self,
            Applications
                | Users
                | Collections
                | Entries
                | EveryEntry
                | History
                | Newest
                | OneVersion
                | OneBack
                | AtATime
                | CheckTables
        )
    }

    /// Makes a world to try it in, and in it a place; a large one for what only reads.
    pub async fn prepare(self) -> Scene {
        let world = World::in_memory().await;
        let scene = self.stage(&world).await;
        if self.only_reads() {
            scene.fill().await;
        }
        Scene { is_large: self.only_reads(), ..scene }
    }

    /// Makes one more place, of which the others don't know.
    pub async fn stage(self, world: &World) -> Scene {
        let scene = Scene::new(world.apart()).await;
        match self {
            Init => Scene { world: scene.world.without_tables(), ..scene },
            _ => scene,
        }
    }

    /// Makes the call.
    pub async fn act(self, writer: &Writer, scene: &Scene) -> Result<Said, StoreError> {
        let Scene { world, collection, entry, gone, .. } = scene;
        let (application, user) = (&world.application, &world.user);
        let notes = Subject::from(collection.clone());
        let at = async |at| writer.at(entry, at).await.map(|found| found_record(found.value));
        let on_base = base(NEWEST);
        match self {
            Applications => {
                let (mut listing, mut names) = (writer.applications(), Vec::new());
                while let Some(page) = listing.next().await? {
                    names.extend(page.items.iter().map(ToString::to_string));
                }
                Ok(list(names))
            }
            Users => {
                let (mut listing, mut names) = (writer.users(application), Vec::new());
                while let Some(page) = listing.next().await? {
                    names.extend(page.items.iter().map(ToString::to_string));
                }
                Ok(list(names))
            }
            Collections => records(writer.collections(application, user, Filter::Latest)).await,
            Entries => records(writer.entries(collection, Filter::Latest, true)).await,
            EveryEntry => records(writer.entries(collection, Filter::All, false)).await,
            History => records(writer.history(entry)).await,
            Newest => at(At::Newest).await,
            OneVersion => at(At::Version(version(0))).await,
            OneBack => at(At::Back(1)).await,
            AtATime => at(At::Time(version(1).time())).await,
            Update => writer.update(entry, &value("new"), on_base).await.map(|done| written(done.value)),
            UpdateAny => writer.update(entry, &value("new"), Base::Any).await.map(|done| written(done.value)),
            RenameCollection => writer.update(&notes, &name("ideas"), on_base).await.map(|done| written(done.value)),
            Restore => writer.restore(entry, version(0), None, on_base).await.map(|done| written(done.value)),
            RestoreAny => writer.restore(entry, version(0), None, Base::Any).await.map(|done| written(done.value)),
            Undelete => writer.undelete(gone, on_base).await.map(|done| written(done.value)),
            UndeleteAny => writer.undelete(gone, Base::Any).await.map(|done| written(done.value)),
            Delete => writer.delete(entry, on_base).await.map(|done| written(done.value)),
            DeleteAny => writer.delete(entry, Base::Any).await.map(|done| written(done.value)),
            DeleteCollection => writer.delete(&notes, Base::Any).await.map(|done| written(done.value)),
            CreateCollection | FindCollection => {
                let name = if self == CreateCollection { "plans" } else { "notes" };
                let created = writer.create_collection(application, user, name).await?.value;
                let said = found_record(created.record);
                Ok(Said { text: format!("{} new: {}", said.text, created.is_new), ..said })
            }
            CreateEntry => {
                let created = writer.create_entry(collection, "f", "1", None).await?;
                Ok(found_record(created.value))
            }
            Init | InitAgain => {
                let reports = writer.init().await?.value;
                Ok(list(reports.map(|report| format!("new: {}", report.is_new)).to_vec()))
            }
            CheckTables => writer.check_tables().await.map(|_| list(Vec::new())),
        }
    }
}

impl Scene {
    async fn new(world: World) -> Self {
        let collection = world.collection("c0ffee00-0000-4000-8000-000000000000");
        let entry = |id: &str| Subject::from(EntryKey { collection: collection.clone(), id: EntryId::new(id) });
        let scene = Self {
            world: world.clone(),
            is_large: false,
            entry: entry("e"),
            gone: entry("g"),
            collection: collection.clone(),
        };
        let collection = Subject::from(collection);
        let text = |value| [("name", "e"), ("value", value)];
        world.fill([(collection, version(NEWEST))], &[("name", "notes")]).await;
        for (ms, value) in [(0, "\"first\""), (1, "\"second\""), (NEWEST, "\"third\"")] {
            world.fill([(scene.entry.clone(), version(ms))], &text(value)).await;
        }
        let deleted = [("name", "g"), ("value", "0"), ("deletedAt", DELETED_AT)];
        world.fill([(scene.gone.clone(), version(NEWEST))], &deleted).await;
        world.clock.set(10);
        scene
    }

    /// Adds enough of everything for several pages.
    async fn fill(&self) {
        let entry = |id: String| Subject::from(EntryKey { collection: self.collection.clone(), id: EntryId::new(id) });
        let attributes = [("name", "one of many"), ("value", "1")];
        let entries = (0..MANY).map(|number| (entry(format!("many-{number:03}")), version(0)));
        self.world.fill(entries, &attributes).await;
        let old = (1..=MANY).map(|number| (self.entry.clone(), version(-i64::try_from(number).unwrap())));
        self.world.fill(old, &attributes).await;
        let collections =
            (0..MANY).map(|number| (self.world.collection(&format!("many-{number:03}")).into(), version(0)));
        self.world.fill(collections, &attributes[..1]).await;
        for user in ["bob", "cyd", "dot"] {
            let key = CollectionKey { user: dynamini::model::User::new(user), ..self.world.collection("theirs") };
            self.world.fill([(key.into(), version(0))], &attributes[..1]).await;
        }
        let shop =
            CollectionKey { application: dynamini::model::Application::new("shop"), ..self.world.collection("s") };
        let versions = (0..500).map(|number| (Subject::from(shop.clone()), version(number)));
        self.world.fill(versions, &attributes[..1]).await;
    }

    /// Tells everything that is stored, in a form that doesn't depend on moments and ids drawn at random; nothing
    /// where there is much of it, which is only read.
    pub async fn picture(&self) -> Vec<String> {
        let mut picture = Vec::new();
        if self.is_large {
            return picture;
        }
        let tables = &self.world.tables;
        let application = self.world.application.to_string();
        let rows = self.rows(&tables.collections, "application", &application).await;
        let entries = self.rows(&tables.entries, "userCollection", "nobody").await;
        picture.push(format!("tables: {}, {}", rows.is_some(), entries.is_some()));
        let collections = by_subject(rows.unwrap_or_default(), "userCollectionVersion");
        picture.extend(collections.values().map(history));
        for id in collections.keys() {
            for partition in [format!("{id}#"), format!("{id}#claim")] {
                let rows = self.rows(&tables.entries, "userCollection", &partition).await.unwrap_or_default();
                picture.extend(by_subject(rows, "entryVersion").values().map(history));
            }
        }
        picture.sort();
        picture
    }

    /// Returns the rows of a partition, or `None` where there is no such table.
    async fn rows(&self, table: &str, hash: &str, partition: &str) -> Option<Vec<HashMap<String, AttributeValue>>> {
        let query = self.world.client().query().table_name(table).consistent_read(true);
        let query = query.key_condition_expression("#hash = :hash").expression_attribute_names("#hash", hash);
        let query = query.expression_attribute_values(":hash", AttributeValue::S(partition.to_owned()));
        query.send().await.ok()?.items
    }
}

/// The attributes of a row.
type Row = BTreeMap<String, String>;

/// Sorts rows out by their ids, and those of one by their versions.
fn by_subject(rows: Vec<HashMap<String, AttributeValue>>, range: &str) -> BTreeMap<String, BTreeMap<i64, Row>> {
    let mut subjects = BTreeMap::<String, BTreeMap<i64, Row>>::new();
    for row in rows {
        let text = |value: AttributeValue| value.as_s().unwrap().clone();
        let mut row: Row = row.into_iter().map(|(name, value)| (name, text(value))).collect();
        let sort = row.remove(range).unwrap();
        let (id, ms) = sort.rsplit_once('#').unwrap_or((&sort, "0"));
        subjects.entry(id.to_owned()).or_default().insert(ms.parse().unwrap(), row);
    }
    subjects
}

/// Tells the versions of one subject, oldest first and numbered, so that a clock's steps don't show.
fn history(versions: &BTreeMap<i64, Row>) -> String {
    let numbers: BTreeMap<String, usize> = versions.keys().map(i64::to_string).zip(0..).collect();
    let tell = |row: &Row| {
        let part = |name: &str| match row.get(name).map(String::as_str) {
            None => String::new(),
            Some(_) if name == "deletedAt" => " deleted".to_owned(),
            Some(text) if name == "supersededBy" || name == "restoredFrom" => match numbers.get(text) {
                Some(number) => format!(" {name} {number}"),
                None => format!(" {name} nothing"),
            },
            Some(text) => format!(" {text}"),
        };
        ["name", "value", "note", "deletedAt", "restoredFrom", "supersededBy"].map(part).concat()
    };
    versions.values().map(tell).collect::<Vec<_>>().join(" |")
}

async fn records(mut listing: Records) -> Result<Said, StoreError> {
    let mut lines = Vec::new();
    while let Some(page) = listing.next().await? {
        assert!(page.unreadable.is_empty());
        lines.extend(page.items.iter().map(line));
    }
    assert!(listing.is_complete());
    Ok(list(lines))
}

fn list(mut lines: Vec<String>) -> Said {
    lines.sort();
    Said { text: lines.join("\n"), record: None }
}

fn found_record(record: Record) -> Said {
    let moment = format!(" +{}", record.version.ms() - START);
    Said { text: line(&record).replace(&moment, ""), record: Some(record) }
}

fn written(written: Written) -> Said {
    let said = found_record(written.record);
    Said { text: format!("{}, between: {:?}", said.text, written.slipped_in), ..said }
}
