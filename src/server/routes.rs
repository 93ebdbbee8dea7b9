//! The routes: one table, from which the router and the description of the API are made.

use std::sync::Arc;

use axum::extract::{RawPathParams, Request};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter};
use axum::{Extension, Router};

use super::call::Call;
use super::refusal::Refusal;
use super::{answer, body, collections, entries, openapi, subject};
use crate::model::slug::slug;
use crate::model::{Application, CollectionId, CollectionKey, EntryId, EntryKey, Filter, User};

/// The header with the key of an application.
pub(super) const API_KEY: &str = "x-api-key";
/// The most bytes that a user and the id of a collection may have together: a sort key is them, two `#` and a version of
/// 13 digits, and has at most 1024.
const LONGEST_COLLECTION: usize = 1024 - 2 - 13;
/// The most bytes that the id of an entry may have: its sort key is it, a `#` and a version.
const LONGEST_ENTRY: usize = 1024 - 1 - 13;

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Lists the collections of all users.
    ListEveryCollection,
    /// Lists the collections of a user.
    ListCollections,
    /// Creates a collection.
    CreateCollection,
    /// Shows a collection.
    ShowCollection,
    /// Renames a collection.
    RenameCollection,
    /// Deletes a collection.
    DeleteCollection,
    /// Lists the entries of a collection.
    ListEntries,
    /// Creates an entry.
    CreateEntry,
    /// Shows an entry.
    ShowEntry,
    /// Changes an entry.
    ChangeEntry,
    /// Deletes an entry.
    DeleteEntry,
    /// Says that the server is there.
    Health,
    /// Describes the API.
    Describe,
}

/// The method of a route. A route for GET answers HEAD as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

impl Method {
    /// Returns the name as it stands in a request.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    const fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
            Self::Delete => MethodFilter::DELETE,
        }
    }
}

/// A route.
#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path; `{user}`, `{collection}` and `{entry}` stand for one part each.
    pub path: &'static str,
    /// What it does.
    pub action: Action,
    /// The same in words.
    pub summary: &'static str,
}

const fn route(method: Method, path: &'static str, action: Action, summary: &'static str) -> Route {
    Route { method, path, action, summary }
}

const EVERY: &str = "/api/collection";
const COLLECTIONS: &str = "/api/user/{user}/collection";
const COLLECTION: &str = "/api/user/{user}/collection/{collection}";
const ENTRIES: &str = "/api/user/{user}/collection/{collection}/entry";
const ENTRY: &str = "/api/user/{user}/collection/{collection}/entry/{entry}";

/// All routes.
pub const ROUTES: &[Route] = &[
    route(Method::Get, EVERY, Action::ListEveryCollection, "List the collections of all users of the application"),
    route(Method::Get, COLLECTIONS, Action::ListCollections, "List the collections of a user"),
    route(
        Method::Post,
        COLLECTIONS,
        Action::CreateCollection,
        "Create a collection, or find the one that has the name already",
    ),
    route(Method::Get, COLLECTION, Action::ShowCollection, "Show a collection"),
    route(Method::Put, COLLECTION, Action::RenameCollection, "Rename a collection"),
    route(Method::Delete, COLLECTION, Action::DeleteCollection, "Soft-delete a collection"),
    route(Method::Get, ENTRIES, Action::ListEntries, "List the entries of a collection"),
    route(Method::Post, ENTRIES, Action::CreateEntry, "Create an entry"),
    route(Method::Get, ENTRY, Action::ShowEntry, "Show an entry"),
    route(Method::Put, ENTRY, Action::ChangeEntry, "Change an entry; what is left out stays as it is"),
    route(Method::Delete, ENTRY, Action::DeleteEntry, "Soft-delete an entry"),
    route(Method::Get, "/health", Action::Health, "Say that the server is there"),
    route(Method::Get, "/openapi.json", Action::Describe, "Describe this API"),
];

impl Action {
    /// Returns whether it is for applications, which have keys.
    pub const fn needs_key(self) -> bool {
        !matches!(self, Self::Health | Self::Describe)
    }

    /// Returns whether it is about entries; else it is about collections.
    pub const fn is_of_entries(self) -> bool {
        matches!(self, Self::ListEntries | Self::CreateEntry | Self::ShowEntry | Self::ChangeEntry | Self::DeleteEntry)
    }

    /// Returns whether it gives many.
    pub const fn lists(self) -> bool {
        matches!(self, Self::ListEveryCollection | Self::ListCollections | Self::ListEntries)
    }

    /// Returns whether it gives one, which has a version that may be known.
    pub const fn shows(self) -> bool {
        matches!(self, Self::ShowCollection | Self::ShowEntry)
    }

    /// Returns whether it makes something new.
    pub const fn creates(self) -> bool {
        matches!(self, Self::CreateCollection | Self::CreateEntry)
    }

    /// Returns whether it takes a body.
    pub const fn takes_body(self) -> bool {
        self.creates() || matches!(self, Self::RenameCollection | Self::ChangeEntry)
    }

    /// Returns whether it changes what is stored.
    pub const fn writes(self) -> bool {
        self.takes_body() || matches!(self, Self::DeleteCollection | Self::DeleteEntry)
    }

    /// Returns whether it can be meant for one version.
    pub const fn takes_condition(self) -> bool {
        self.writes() && !self.creates()
    }

    /// Returns whether `?filter=` tells which versions are meant.
    pub const fn takes_filter(self) -> bool {
        self.lists() || self.shows()
    }
}

/// Returns the router of all routes.
pub(super) fn router() -> Router {
    let not_found = || async { answer::empty(StatusCode::NOT_FOUND) };
    let mut router = Router::new().fallback(not_found);
    for (path, routes) in by_path() {
        let mut methods = MethodRouter::new().fallback(move |Extension(call): Extension<Arc<Call>>| async move {
            call.route.get_or_init(|| path);
            answer::empty(StatusCode::METHOD_NOT_ALLOWED)
        });
        for route in routes {
            let handler = move |Extension(call): Extension<Arc<Call>>, params: RawPathParams, request: Request| async move {
                call.route.get_or_init(|| path);
                match carry_out(&call, route.action, &params, request).await {
                    Ok(response) => response,
                    Err(refusal) => refusal.answer(&call),
                }
            };
            methods = methods.on(route.method.filter(), handler);
        }
        router = router.route(path, methods);
    }
    router
}

/// Returns the paths, each with its routes.
pub(super) fn by_path() -> impl Iterator<Item = (&'static str, &'static [Route])> {
    // Those of one path stand together.
    ROUTES.chunk_by(|a, b| a.path == b.path).map(|routes| (routes[0].path, routes))
}

/// Does what a request is for: first it is known whose it is, then what it says. What is no list the store must do in
/// time.
async fn carry_out(
    call: &Arc<Call>,
    action: Action,
    params: &RawPathParams,
    request: Request,
) -> Result<Response, Refusal> {
    let filter = filter(request.uri().query().unwrap_or_default());
    let place = || Place::of(call, params);
    let payload = || body::read(call, request.into_body());
    match action {
        Action::Health => Ok(answer::json(StatusCode::OK, r#"{"status":"ok"}"#)),
        Action::Describe => Ok(answer::json(StatusCode::OK, openapi::document())),
        Action::ListEveryCollection => collections::list(call, &place()?.application, None, filter).await,
        Action::ListCollections => {
            let place = place()?;
            collections::list(call, &place.application, Some(place.user()?), filter).await
        }
        Action::CreateCollection => {
            let (place, payload) = (place()?, payload().await?);
            call.in_time(collections::create(call, &place.application, place.user()?, payload)).await
        }
        Action::ShowCollection => subject::show(call, &place()?.collection()?.into(), filter).await,
        Action::RenameCollection => {
            let (key, payload) = (place()?.collection()?, payload().await?);
            call.in_time(collections::rename(call, key, payload)).await
        }
        Action::DeleteCollection => call.in_time(subject::delete(call, &place()?.collection()?.into())).await,
        Action::ListEntries => match place()?.collection() {
            Ok(collection) => entries::list(call, &collection, filter).await,
            Err(_) => Ok(answer::json(StatusCode::OK, "[]")),
        },
        Action::CreateEntry => {
            let (collection, payload) = (place()?.collection()?, payload().await?);
            call.in_time(entries::create(call, &collection, payload)).await
        }
        Action::ShowEntry => subject::show(call, &place()?.entry()?.into(), filter).await,
        Action::ChangeEntry => {
            let (key, payload) = (place()?.entry()?, payload().await?);
            call.in_time(entries::change(call, key, payload)).await
        }
        Action::DeleteEntry => call.in_time(subject::delete(call, &place()?.entry()?.into())).await,
    }
}

/// Returns the application whose key the request carries.
fn application(call: &Call) -> Option<Application> {
    call.server.keys.application(call.headers.get(API_KEY)?.as_bytes())
}

/// Returns which versions the query asks for; whatever it doesn't know are the latest ones.
fn filter(query: &str) -> Filter {
    let mut filters = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "filter");
    match (filters.next().as_ref().map(|(_, filter)| &**filter), filters.next()) {
        (Some("current"), None) => Filter::Current,
        (Some("all"), None) => Filter::All,
        _ => Filter::Latest,
    }
}

fn within(what: &str, size: usize, limit: usize) -> Result<(), Refusal> {
    match size.checked_sub(limit) {
        None | Some(0) => Ok(()),
        Some(over) => Err(Refusal::Bad(format!("{what}: {size} bytes are {over} over the limit of {limit}"))),
    }
}

/// What a path names, under the application of the caller. Names and ids are slugs, as the original makes them.
struct Place {
    application: Application,
    user: Option<User>,
    collection: Option<CollectionId>,
    entry: Option<EntryId>,
}

impl Place {
    /// Fails without a key, where nothing of the user's name is left, and where the names are longer than any that can
    /// be stored.
    fn of(call: &Call, params: &RawPathParams) -> Result<Self, Refusal> {
        let application = application(call).ok_or(Refusal::Unknown)?;
        call.application.get_or_init(|| application.clone());
        let slug_of = |name| params.iter().find(|(param, _)| *param == name).map(|(_, text)| slug(text));
        let [user, collection, entry] = ["user", "collection", "entry"].map(slug_of);
        if user.as_deref() == Some("") {
            return Err(Refusal::Bad(
                "nothing of the user's name can be stored: it needs letters or digits".to_owned(),
            ));
        }
        let size = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        within("the user and the id of the collection", size(&user) + size(&collection), LONGEST_COLLECTION)?;
        within("the id of the entry", size(&entry), LONGEST_ENTRY)?;
        let id = |id: Option<String>| id.filter(|id| !id.is_empty());
        Ok(Self {
            application,
            user: user.map(User::new),
            collection: id(collection).map(CollectionId::new),
            entry: id(entry).map(EntryId::new),
        })
    }

    fn user(&self) -> Result<&User, Refusal> {
        self.user.as_ref().ok_or(Refusal::Absent)
    }

    fn collection(&self) -> Result<CollectionKey, Refusal> {
        let id = self.collection.clone().ok_or(Refusal::Absent)?;
        Ok(CollectionKey { application: self.application.clone(), user: self.user()?.clone(), id })
    }

    fn entry(&self) -> Result<EntryKey, Refusal> {
        let id = self.entry.clone().ok_or(Refusal::Absent)?;
        Ok(EntryKey { collection: self.collection()?, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_is_none_means_the_latest() {
        for (query, expected) in [
            ("", Filter::Latest),
            ("filter=latest", Filter::Latest),
            ("filter=current", Filter::Current),
            ("a=b&filter=all", Filter::All),
            ("filter=%61ll", Filter::All),
            ("%66ilter=current&", Filter::Current),
            ("filter=+all", Filter::Latest),
            ("filter=ALL", Filter::Latest),
            ("filter=", Filter::Latest),
            ("filter=all&filter=all", Filter::Latest),
            ("Filter=all", Filter::Latest),
        ] {
            assert_eq!(filter(query), expected, "{query}");
        }
    }
}
