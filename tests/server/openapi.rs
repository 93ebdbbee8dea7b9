//! The description of the API against the server that gives it.

use dynamini::server::routes::ROUTES;
use serde_json::Value;

use super::desk::{Desk, Start};

fn methods(item: &Value) -> Vec<&String> {
    item.as_object().unwrap().keys().filter(|key| *key != "parameters").collect()
}

#[tokio::test]
async fn the_description_names_the_routes_that_there_are() {
    let desk = Desk::open().await;
    let document = desk.nobody().get("/openapi.json").await.with(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    let mut described: Vec<_> = paths
        .iter()
        .flat_map(|(path, item)| {
            methods(item).into_iter().map(move |method| (path.clone(), method.to_ascii_uppercase()))
        })
        .collect();
    let mut routes: Vec<_> =
        ROUTES.iter().map(|route| (route.path.to_owned(), route.method.name().to_owned())).collect();
    described.sort();
    routes.sort();
    assert_eq!(described, routes);

    // What is described is answered, and every other method is not.
    for (path, item) in paths {
        let real = path.replace("{user}", "ann").replace("{collection}", "c").replace("{entry}", "e");
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            let reply = desk.client().send(method, &real, &[], "").await;
            let is_described = methods(item).iter().any(|described| described.eq_ignore_ascii_case(method));
            assert_eq!(reply.status != 405, is_described, "{method} {path}: {reply:?}");
            if is_described {
                let known = &item[method.to_ascii_lowercase()]["responses"];
                assert!(!known[reply.status.to_string()].is_null(), "{method} {path} answers {}", reply.status);
            }
            if !is_described {
                let other = &item[methods(item)[0].as_str()]["responses"];
                assert!(other["405"].is_object(), "{method} {path} answers 405");
            }
            let without = desk.nobody().send(method, &real, &[], "").await.status == 401;
            let secured = item[method.to_ascii_lowercase()]["security"].is_array();
            assert_eq!(without, secured, "{method} {path}");
        }
        let named = item["parameters"].as_array().map_or(0, Vec::len);
        assert_eq!(named, path.matches('{').count(), "{path}");
    }
}

#[tokio::test]
async fn what_a_server_that_is_read_only_refuses_is_described() {
    let desk = Desk::open_with(Start { read_only: true, ..Start::default() }).await;
    let document = desk.nobody().get("/openapi.json").await.json();
    for route in ROUTES {
        let path = route.path.replace("{user}", "ann").replace("{collection}", "c").replace("{entry}", "e");
        let reply = desk.client().send(route.method.name(), &path, &[], r#"{"name":"x"}"#).await;
        assert_eq!(reply.status == 403, route.action.writes(), "{route:?}: {reply:?}");
        let described = &document["paths"][route.path][route.method.name().to_ascii_lowercase()]["responses"];
        assert_eq!(described["403"].is_object(), route.action.writes(), "{route:?}");
    }
}

#[tokio::test]
async fn every_header_that_a_script_may_read_is_described() {
    let desk = Desk::open().await;
    let reply = desk.nobody().get("/openapi.json").await;
    let document = reply.json();
    for name in reply.header("access-control-expose-headers").unwrap().split(", ") {
        assert!(document["components"]["headers"][name].is_object(), "{name}");
    }
    let entry = &document["paths"]["/api/user/{user}/collection/{collection}/entry/{entry}"];
    assert!(entry["get"]["responses"]["304"].is_object());
    assert!(entry["put"].to_string().contains("parameters/prefer"), "{}", entry["put"]);
}

#[tokio::test]
async fn what_the_description_refers_to_is_there() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let desk = Desk::open().await;
    let document = desk.nobody().get("/openapi.json").await.json();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 50, "{}", found.len());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    let operations: Vec<_> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| methods(item).into_iter().map(|method| item[method]["operationId"].as_str().unwrap()))
        .collect();
    assert!(operations.contains(&"changeEntry") && operations.contains(&"listEveryCollection"), "{operations:?}");
}
