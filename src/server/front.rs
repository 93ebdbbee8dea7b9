//! What every request goes through, whatever it asks for: a line in the log, the leave for browsers, a plain path.

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, CACHE_CONTROL, CONNECTION, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use super::Server;
use super::call::Call;
use super::refusal::Refusal;
use super::rest::Lent;
use super::routes::API_KEY;
use super::{answer, path};

/// What a browser may send, as the original says it.
const METHODS: HeaderValue = HeaderValue::from_static("GET,HEAD,PUT,PATCH,POST,DELETE");
/// The headers of answers that a script in a browser may read.
const EXPOSED: HeaderValue = HeaderValue::from_static("ETag, Location, Retry-After, X-Slipped-In, X-Unreadable-Rows");

/// Puts what every request goes through before the routes: before a path is matched, not after.
pub(super) fn wrap(routes: Router, server: Arc<Server>) -> Router {
    Router::new().fallback_service(routes).layer(from_fn_with_state(server, front))
}

async fn front(State(server): State<Arc<Server>>, mut request: Request, next: Next) -> Response {
    let call = Arc::new(Call::new(server, &mut request));
    let mut line = Line { call: Arc::clone(&call), status: None, is_whole: false };
    let body = (!request.body().is_end_stream()).then(|| Lent::new(mem::take(request.body_mut())));
    if let Some(body) = &body {
        *request.body_mut() = Body::new(body.clone());
    }
    let mut response = if call.method == Method::OPTIONS {
        preflight(&call.headers)
    } else {
        match path::plain(request.uri()) {
            Some(uri) => {
                *request.uri_mut() = uri;
                request.extensions_mut().insert(Arc::clone(&call));
                next.run(request).await
            }
            None => Refusal::Bad("the path is not percent-encoded UTF-8".to_owned()).answer(&call),
        }
    };
    // Where the connection is closed after the answer, nothing more is waited for.
    if let Some(body) = body.filter(|_| !response.headers().contains_key(CONNECTION)) {
        body.discard(&call).await;
    }
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    // One path has another answer for another key, and may have another one any moment.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.append(VARY, HeaderValue::from_static(API_KEY));
    line.status = Some(response.status().as_u16());
    response.map(|body| Body::new(Logged::new(body, line)))
}

/// Answers what a browser asks before it sends a request of another origin; it sends no key with that.
fn preflight(asked: &HeaderMap) -> Response {
    let mut response = answer::empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    if let Some(wanted) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        headers.insert(VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
    }
    response
}

/// The line of a request, which is logged when it is dropped: with the last of the answer, or when the client leaves.
struct Line {
    call: Arc<Call>,
    status: Option<u16>,
    is_whole: bool,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.call.server.log.request(&self.call, self.status, self.is_whole);
    }
}

/// The body of an answer, with the line that waits for its end.
struct Logged {
    body: Body,
    line: Line,
}

impl Logged {
    fn new(body: Body, mut line: Line) -> Self {
        // Of the answer to HEAD nobody takes the body.
        line.is_whole = body.is_end_stream() || line.call.method == Method::HEAD;
        Self { body, line }
    }
}

impl HttpBody for Logged {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        self.line.is_whole = match &frame {
            Poll::Ready(None) => true,
            Poll::Ready(Some(Ok(_))) => self.body.is_end_stream(),
            Poll::Ready(Some(Err(_))) | Poll::Pending => false,
        };
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
