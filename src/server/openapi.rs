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
    let params = [
        (action.takes_filter(), "filter"),
        (action.takes_condition(), "ifMatch"),
        (action.shows(), "ifNoneMatch"),
        (action.writes(), "prefer"),
    ];
    let params = params.iter().filter(|(takes, _)| *takes);
    let params: Vec<_> = params.map(|(_, name)| format!(r##"{{"$ref":"#/components/parameters/{name}"}}"##)).collect();
    if !params.is_empty() {
        operation.raw("parameters", &format!("[{}]", params.join(",")));
    }
    if action.takes_body() {
        let schema = if action.is_of_entries() { "EntryChange" } else { "CollectionChange" };
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

fn responses_of(action: Action) -> Vec<(&'static str, String)> {
    let plain = |text: &str| format!(r#"{{"description":"{text}"}}"#);
    let reference = |name: &str| format!(r##"{{"$ref":"#/components/responses/{name}"}}"##);
    let of = |collections, entries| reference(if action.is_of_entries() { entries } else { collections });
    let mut all = vec![match action {
        Action::Health => ("200", plain("The server is there.")),
        Action::Describe => ("200", plain("This document.")),
        action if action.creates() => ("201", of("CreatedCollection", "CreatedEntry")),
        action if action.writes() => ("200", of("WrittenCollection", "WrittenEntry")),
        _ => ("200", of("Collections", "Entries")),
    }];
    all.push(("405", reference("NotAllowed")));
    if !action.needs_key() {
        return all;
    }
    if action.shows() {
        all.push(("304", reference("NotModified")));
    }
    if action != Action::ListEveryCollection {
        all.push(("400", reference("Bad")));
    }
    all.push(("401", plain("No key, or none of an application.")));
    if action.writes() {
        all.push(("403", plain("The server is read-only.")));
    }
    if !action.lists() && action != Action::CreateCollection {
        all.push(("404", plain("There is no such thing, or it is deleted.")));
    }
    if action.takes_condition() {
        all.push(("412", reference("Changed")));
    }
    if action.takes_body() {
        all.push(("408", reference("Bad")));
        all.push(("413", reference("TooLarge")));
    }
    all.extend([("429", reference("Throttled")), ("500", reference("Failed")), ("503", reference("Failed"))]);
    all.sort_by_key(|(status, _)| *status);
    all
}

/// What the operations refer to.
const COMPONENTS: &str = include_str!("openapi/components.json");
