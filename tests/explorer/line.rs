//! The line between an explorer and its engine, which a test breaks and mends.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use dynamini::store::embedded::{self, Engine};

/// What the line does to requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Up,
    /// Nothing arrives.
    Down,
    /// Nothing arrives after so many more requests.
    DownAfter(usize),
    /// After so many more requests one is refused, since the capacity is used up.
    ThrottlesAfter(usize),
    /// Every request is answered with that error.
    Answers(&'static str),
    /// Writes are answered with that error.
    AnswersWrites(&'static str),
}

#[derive(Clone, Debug, Default)]
pub struct Line(Arc<Mutex<State>>);

impl Line {
    pub fn is(&self, state: State) {
        *self.0.lock().expect("no test panics meanwhile") = state;
    }

    pub fn state(&self) -> State {
        *self.0.lock().expect("no test panics meanwhile")
    }

    pub fn client(&self, engine: &Engine) -> aws_sdk_dynamodb::Client {
        let inner = engine.http_client();
        let http = SharedHttpClient::new(LineClient { inner, line: self.clone() });
        let config = embedded::client(engine).config().to_builder().http_client(http).build();
        aws_sdk_dynamodb::Client::from_conf(config)
    }
}

#[derive(Debug)]
struct LineClient {
    inner: SharedHttpClient,
    line: Line,
}

impl HttpClient for LineClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(LineConnector { inner, line: self.line.clone() })
    }
}

#[derive(Debug)]
struct LineConnector {
    inner: SharedHttpConnector,
    line: Line,
}

impl HttpConnector for LineConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let writes =
            ["PutItem", "UpdateItem", "TransactWriteItems"].iter().any(|operation| target.ends_with(operation));
        let mut state = self.line.0.lock().expect("no test panics meanwhile");
        if let State::DownAfter(spared) = *state {
            *state = spared.checked_sub(1).map_or(State::Down, State::DownAfter);
        }
        if let State::ThrottlesAfter(spared) = *state {
            let Some(spared) = spared.checked_sub(1) else {
                *state = State::Up;
                return HttpConnectorFuture::ready(Ok(error("ProvisionedThroughputExceededException")));
            };
            *state = State::ThrottlesAfter(spared);
        }
        match *state {
            State::Down => HttpConnectorFuture::ready(Err(ConnectorError::io("connection refused".into()))),
            State::Answers(code) => HttpConnectorFuture::ready(Ok(error(code))),
            State::AnswersWrites(code) if writes => HttpConnectorFuture::ready(Ok(error(code))),
            State::Up | State::DownAfter(_) | State::ThrottlesAfter(_) | State::AnswersWrites(_) => {
                self.inner.call(request)
            }
        }
    }
}

fn error(code: &str) -> HttpResponse {
    let body =
        serde_json::json!({ "__type": format!("com.amazon.coral.service#{code}"), "message": "the test said so" });
    let status = StatusCode::try_from(400).expect("it is a status");
    let mut response = HttpResponse::new(status, SdkBody::from(body.to_string()));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}
