//! The wire between a store and its engine: it counts requests, and does to them what a test plans.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

/// The operations that write.
pub const WRITES: [&str; 7] =
    ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "CreateTable", "DeleteTable"];

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is to happen to one request.
enum Plan {
    /// It is carried out and its reply is lost.
    LoseReply,
    /// It does not arrive.
    Cut,
    /// It does not arrive, and this is the reply.
    Answer { status: u16, body: String },
    /// Something else happens right before it is carried out.
    After(Work),
}

/// One writer's wire.
#[derive(Clone, Default)]
pub struct Wire(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    sent: Vec<String>,
    plans: VecDeque<(&'static str, Plan)>,
}

impl Wire {
    /// Carries out the next request of the operation and loses its reply.
    pub fn lose_reply_to(&self, operation: &'static str) {
        self.plan(operation, Plan::LoseReply);
    }

    /// Keeps the next request of the operation from arriving.
    pub fn cut(&self, operation: &'static str) {
        self.plan(operation, Plan::Cut);
    }

    /// Answers the next request of the operation with an error as the service words it.
    pub fn answer(&self, operation: &'static str, code: &str, message: &str) {
        let (status, space) = match code {
            "InternalServerError" => (500, "com.amazonaws.dynamodb.v20120810"),
            "UnrecognizedClientException" | "AccessDeniedException" | "ExpiredTokenException" => {
                (400, "com.amazon.coral.service")
            }
            _ if code.starts_with("Engine") => (503, "com.dynamini"),
            _ => (400, "com.amazonaws.dynamodb.v20120810"),
        };
        let body = serde_json::json!({ "__type": format!("{space}#{code}"), "message": message }).to_string();
        self.plan(operation, Plan::Answer { status, body });
    }

    /// Lets something happen right before the next request of the operation is carried out.
    pub fn before(&self, operation: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.plan(operation, Plan::After(Box::pin(work)));
    }

    /// Returns the operations sent so far.
    pub fn sent(&self) -> Vec<String> {
        self.0.lock().unwrap().sent.clone()
    }

    /// Returns how many requests were sent while the work was done, and what came of it.
    pub fn count<T>(&self, work: impl Future<Output = T>) -> impl Future<Output = (usize, T)> {
        let work = Box::pin(work);
        async move {
            let before = self.sent().len();
            let result = work.await;
            (self.sent().len() - before, result)
        }
    }

    /// Returns the HTTP client that sends through this wire to `inner`.
    pub fn around(&self, inner: SharedHttpClient) -> SharedHttpClient {
        SharedHttpClient::new(WireClient { inner, wire: self.clone() })
    }

    fn plan(&self, operation: &'static str, plan: Plan) {
        self.0.lock().unwrap().plans.push_back((operation, plan));
    }

    fn note(&self, operation: &str) -> Option<Plan> {
        let mut state = self.0.lock().unwrap();
        state.sent.push(operation.to_owned());
        let index = state.plans.iter().position(|(planned, _)| *planned == operation)?;
        state.plans.remove(index).map(|(_, plan)| plan)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

#[derive(Debug)]
struct WireClient {
    inner: SharedHttpClient,
    wire: Wire,
}

impl HttpClient for WireClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(WireConnector { inner, wire: self.wire.clone() })
    }
}

#[derive(Debug)]
struct WireConnector {
    inner: SharedHttpConnector,
    wire: Wire,
}

impl HttpConnector for WireConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let inner = self.inner.clone();
        let plan = self.wire.note(&operation);
        HttpConnectorFuture::new(async move {
            match plan {
                None => inner.call(request).await,
                Some(Plan::LoseReply) => {
                    inner.call(request).await?;
                    Err(broken())
                }
                Some(Plan::Cut) => Err(broken()),
                Some(Plan::Answer { status, body }) => {
                    let status = StatusCode::try_from(status).unwrap();
                    let mut response = HttpResponse::new(status, SdkBody::from(body));
                    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
                    Ok(response)
                }
                Some(Plan::After(work)) => {
                    work.await;
                    inner.call(request).await
                }
            }
        })
    }
}

fn broken() -> ConnectorError {
    ConnectorError::io("the connection broke off".into())
}
