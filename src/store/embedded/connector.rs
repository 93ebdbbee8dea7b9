//! The HTTP client that answers the SDK's requests from the engine.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use super::Engine;
use super::fault::EngineFault;
use super::operation::Answer;

/// What stands before the name of the operation in the header that carries it.
const TARGET_PREFIX: &str = "DynamoDB_20120810.";

/// Returns an HTTP client whose every request goes to `engine`.
pub(super) fn http_client(engine: Engine) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(EngineConnector { engine });
    http_client_fn(move |_settings, _components| connector.clone())
}

#[derive(Debug)]
struct EngineConnector {
    engine: Engine,
}

impl HttpConnector for EngineConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let engine = self.engine.clone();
        HttpConnectorFuture::new(async move {
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            let operation = target.strip_prefix(TARGET_PREFIX).unwrap_or(target).to_owned();
            let body = request.into_body();
            let work = move || match body.bytes() {
                Some(bytes) => Ok(engine.answer(&operation, bytes)),
                None => Err(ConnectorError::user("the request's body is a stream".into())),
            };
            let answer = match tokio::task::spawn_blocking(work).await {
                Ok(answer) => answer?,
                Err(error) if error.is_panic() => Answer::fault(EngineFault::Crashed, "the embedded engine panicked"),
                Err(error) => return Err(ConnectorError::other(error.into(), None)),
            };
            response(answer)
        })
    }
}

fn response(answer: Answer) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(answer.status).map_err(|error| ConnectorError::other(error.into(), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(answer.body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    Ok(response)
}
