//! The wire between a store and its engine: it counts requests, and does to them what a test plans.
//!
//! It lies below the SDK's retries, so that each try of a request is one request here. Requests are counted and planned
//! by operation or all together; a plan is for one of them, or for all from one on.

pub mod mishap;
mod sdk;

use std::fmt;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::sync::Notify;

use mishap::{Break, Mishap};

/// The operations that write.
pub const WRITES: [&str; 7] =
    ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "CreateTable", "DeleteTable"];

/// One writer's wire.
#[derive(Clone, Default)]
pub struct Wire(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Told when the time that the SDK waits for a reply is over.
    time_is_up: Notify,
}

#[derive(Default)]
struct State {
    sent: Vec<String>,
    /// The rows that each page was asked for.
    limits: Vec<u64>,
    plans: Vec<Plan>,
    mishaps: usize,
    under_way: usize,
    /// The most requests that were under way at once.
    most_at_once: usize,
    /// A request that is still under way although its sender gave up on it, and how many others come before it.
    late: Option<(usize, HttpConnectorFuture)>,
}

/// What is to happen to which requests.
struct Plan {
    /// The operation, or any.
    operation: Option<&'static str>,
    /// How many requests pass by before.
    spared: usize,
    /// Whether all later ones are met too.
    lasts: bool,
    mishap: Mishap,
}

impl Wire {
    /// Carries out the next request of the operation and loses its reply.
    pub fn lose_reply_to(&self, operation: &'static str) {
        self.plan(operation, Mishap::after(Break::Reset));
    }

    /// Keeps the next request of the operation from arriving.
    pub fn cut(&self, operation: &'static str) {
        self.plan(operation, Mishap::before(Break::Reset));
    }

    /// Answers the next request of the operation with an error as the service words it.
    pub fn answer(&self, operation: &'static str, code: &str, message: &str) {
        self.plan(operation, Mishap::answer(code, message));
    }

    /// Lets something happen right before the next request of the operation is carried out.
    pub fn before(&self, operation: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.plan(operation, Mishap::meanwhile(work));
    }

    /// Lets a mishap meet the next request of the operation.
    pub fn plan(&self, operation: &'static str, mishap: Mishap) {
        self.add(Plan { operation: Some(operation), spared: 0, lasts: false, mishap });
    }

    /// Lets a mishap meet one request, after so many others from now on.
    pub fn plan_after(&self, spared: usize, mishap: Mishap) {
        self.add(Plan { operation: None, spared, lasts: false, mishap });
    }

    /// Lets a mishap meet every request after so many others from now on.
    pub fn plan_from(&self, spared: usize, mishap: Mishap) {
        self.add(Plan { operation: None, spared, lasts: true, mishap });
    }

    /// Lets nothing more happen to any request.
    pub fn repair(&self) {
        self.0.state.lock().unwrap().plans.clear();
    }

    /// Returns how many times something happened to a request.
    pub fn mishaps(&self) -> usize {
        self.0.state.lock().unwrap().mishaps
    }

    /// Returns the operations sent so far.
    pub fn sent(&self) -> Vec<String> {
        self.0.state.lock().unwrap().sent.clone()
    }

    /// Returns how many rows each page so far was asked for.
    pub fn limits(&self) -> Vec<u64> {
        self.0.state.lock().unwrap().limits.clone()
    }

    /// Returns how many requests were under way at once at most.
    pub fn most_at_once(&self) -> usize {
        self.0.state.lock().unwrap().most_at_once
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

    fn add(&self, plan: Plan) {
        self.0.state.lock().unwrap().plans.push(plan);
    }

    /// Notes a request and returns what is to happen to it.
    fn note(&self, operation: &str) -> Option<Mishap> {
        let mut state = self.0.state.lock().unwrap();
        state.sent.push(operation.to_owned());
        state.next(|plan| !plan.mishap.is_sign_in() && plan.operation.is_none_or(|planned| planned == operation))
    }

    /// Returns what is to happen when credentials are asked for, once before each request.
    fn note_sign_in(&self) -> Option<Mishap> {
        self.0.state.lock().unwrap().next(|plan| plan.mishap.is_sign_in())
    }

    /// Returns the late request where the next one is the one that it comes before.
    fn take_late(&self) -> Option<HttpConnectorFuture> {
        let mut state = self.0.state.lock().unwrap();
        let (others, _) = state.late.as_mut()?;
        *others = others.saturating_sub(1);
        if *others == 0 { state.late.take().map(|(_, late)| late) } else { None }
    }
}

impl State {
    /// Returns the mishap of the first of the plans whose turn it is.
    fn next(&mut self, concerns: impl Fn(&Plan) -> bool) -> Option<Mishap> {
        for (index, plan) in self.plans.iter_mut().enumerate().filter(|(_, plan)| concerns(plan)) {
            if plan.spared > 0 {
                plan.spared -= 1;
                continue;
            }
            self.mishaps += 1;
            return Some(if plan.lasts { plan.mishap.again() } else { self.plans.remove(index).mishap });
        }
        None
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
        let (inner, wire) = (self.inner.clone(), self.wire.clone());
        let mishap = wire.note(&operation);
        let body: Option<serde_json::Value> = request.body().bytes().and_then(|body| serde_json::from_slice(body).ok());
        let limit = body.and_then(|body| body["Limit"].as_u64());
        wire.0.state.lock().unwrap().limits.extend(limit);
        let under_way = UnderWay::begin(&wire);
        HttpConnectorFuture::new(async move {
            let _under_way = under_way;
            if let Some(late) = wire.take_late() {
                let _ = late.await;
            }
            match mishap {
                None | Some(Mishap::SignIn(_)) => inner.call(request).await,
                Some(Mishap::Before(how)) => Err(how.error()),
                Some(Mishap::After(how)) => {
                    inner.call(request).await?;
                    Err(how.error())
                }
                Some(Mishap::Late(others)) => {
                    wire.0.state.lock().unwrap().late = Some((others, inner.call(request)));
                    Err(Break::TimeOut.error())
                }
                Some(Mishap::Silence) => {
                    inner.call(request).await?;
                    // By then the SDK looks at its clock.
                    tokio::task::yield_now().await;
                    wire.0.time_is_up.notify_waiters();
                    std::future::pending().await
                }
                Some(Mishap::Answer { status, body }) => Ok(reply(status, body.into_bytes())),
                Some(Mishap::AnswerAfter { status, body }) => {
                    inner.call(request).await?;
                    Ok(reply(status, body.into_bytes()))
                }
                Some(Mishap::Garble(garble)) => {
                    let whole = inner.call(request).await?;
                    let status = whole.status().as_u16();
                    let body = ByteStream::new(whole.into_body()).collect().await.unwrap();
                    Ok(reply(status, garble(body.to_vec())))
                }
                Some(Mishap::Meanwhile(work)) => {
                    work.await;
                    inner.call(request).await
                }
            }
        })
    }
}

/// A request as long as it is under way.
struct UnderWay(Wire);

impl UnderWay {
    fn begin(wire: &Wire) -> Self {
        let mut state = wire.0.state.lock().unwrap();
        state.under_way += 1;
        state.most_at_once = state.most_at_once.max(state.under_way);
        Self(wire.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.state.lock().unwrap().under_way -= 1;
    }
}

fn reply(status: u16, body: Vec<u8>) -> HttpResponse {
    let status = StatusCode::try_from(status).unwrap();
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}
