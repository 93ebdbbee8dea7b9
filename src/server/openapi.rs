//! The description of the API, made from the table of routes.

use super::routes::{Action, Route, by_path};
use crate::json::Object;

/// Returns the description, an `OpenAPI` 3.1 document.
pub(super) fn document() -> String {
    let mut info = Object::default();
    info.text("title", Some("dynamini"));
    info.text("version", Some(env!("CARGO_PKG_VERSION")));
    info.text("description", Some("Versioned JSON collections, the API of dynamodb-mini 0.2.4."));

    let mut paths = Object::default();
    for (path, routes) in by_path() {
        paths.raw(path, &path_item(path, routes));
    }

    let mut whole = Object::default();
    whole.text("openapi", Some("3.1.0"));
    whole.raw("info", &info.close());
    whole.raw("paths", &paths.close());
    whole.raw("components", COMPONENTS);
    whole.close()
}

fn path_item(path: &str, routes: &[Route]) -> String {
    let mut item = Object::default();
    let params: Vec<_> = ["user", "collection", "entry"]
        .into_iter()
        .filter(|name| path.contains(&format!("{{{name}}}")))
        .map(|name| format!(r#"{{"name":"{name}","in":"path","required":true,"schema":{{"type":"string"}}}}"#))
        .collect();
    if !params.is_empty() {
        item.raw("parameters", &format!("[{}]", params.join(",")));
    }
    for route in routes {
        item.raw(&route.method.name().to_ascii_lowercase(), &operation(route));
    }
    item.close()
}

fn operation(route: &Route) -> String {
    let action = route.action;
    let mut operation = Object::default();
    operation.text("summary", Some(route.summary));
    let name = format!("{action:?}");
    operation.text("operationId", Some(&(name[..1].to_ascii_lowercase() + &name[1..])));
    if action.needs_key() {
        operation.raw("security", r#"[{"apiKey":[]}]"#);
    }
    let mut params = Vec::new();
    if action.takes_filter() {
        params.push(r##"{"$ref":"#/components/parameters/filter"}"##);
    }
    if takes_condition(action) {
        params.push(r##"{"$ref":"#/components/parameters/ifMatch"}"##);
    }
    if !params.is_empty() {
        operation.raw("parameters", &format!("[{}]", params.join(",")));
    }
    if let Some(schema) = body(action) {
        operation.raw(
            "requestBody",
            &format!(r##"{{"required":true,"content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/{schema}"}}}}}}}}"##),
        );
    }
    let mut responses = Object::default();
    for (status, response) in responses_of(action) {
        responses.raw(status, &response);
    }
    operation.raw("responses", &responses.close());
    operation.close()
}

const fn takes_condition(action: Action) -> bool {
    matches!(action, Action::RenameCollection | Action::DeleteCollection | Action::ChangeEntry | Action::DeleteEntry)
}

const fn body(action: Action) -> Option<&'static str> {
    match action {
        Action::CreateCollection | Action::RenameCollection => Some("CollectionChange"),
        Action::CreateEntry | Action::ChangeEntry => Some("EntryChange"),
        _ => None,
    }
}

fn responses_of(action: Action) -> Vec<(&'static str, String)> {
    let plain = |text: &str| format!(r#"{{"description":"{text}"}}"#);
    let reference = |name: &str| format!(r##"{{"$ref":"#/components/responses/{name}"}}"##);
    let mut all = vec![match action {
        Action::ListEveryCollection | Action::ListCollections | Action::ShowCollection => {
            ("200", reference("Collections"))
        }
        Action::ListEntries | Action::ShowEntry => ("200", reference("Entries")),
        Action::CreateCollection | Action::CreateEntry => ("201", reference("Created")),
        Action::RenameCollection | Action::DeleteCollection | Action::ChangeEntry | Action::DeleteEntry => {
            ("200", reference("Written"))
        }
        Action::Health => ("200", plain("The server is there.")),
        Action::Describe => ("200", plain("This document.")),
    }];
    if !action.needs_key() {
        return all;
    }
    if !matches!(action, Action::ListEveryCollection) {
        all.push(("400", reference("Bad")));
    }
    all.push(("401", plain("No key, or none of an application.")));
    if action.writes() {
        all.push(("403", plain("The server is read-only.")));
    }
    let is_list = matches!(
        action,
        Action::ListEveryCollection | Action::ListCollections | Action::ListEntries | Action::CreateCollection
    );
    if !is_list {
        all.push(("404", plain("There is no such thing, or it is deleted.")));
    }
    if takes_condition(action) {
        all.push(("412", reference("Changed")));
    }
    if action.takes_body() {
        all.push(("408", reference("Bad")));
        all.push(("413", reference("TooLarge")));
    }
    all.extend([("429", reference("Throttled")), ("500", reference("Failed")), ("503", reference("Failed"))]);
    all
}

/// What the operations refer to.
const COMPONENTS: &str = include_str!("openapi/components.json");
