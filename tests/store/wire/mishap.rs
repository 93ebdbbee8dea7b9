//! What can happen to a request.

use std::pin::Pin;

use aws_smithy_runtime_api::client::result::ConnectorError;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What happens to one request.
pub enum Mishap {
    /// It does not arrive.
    Before(Break),
    /// It is carried out and its reply is lost.
    After(Break),
    /// Its sender gives up on it, and it is carried out right before the so manieth request after it is.
    Late(usize),
    /// It is carried out and no reply comes, until the SDK's own time for it is up.
    Silence,
    /// It does not arrive, and this is the reply.
    Answer { status: u16, body: String },
    /// It is carried out, and this is the reply all the same.
    AnswerAfter { status: u16, body: String },
    /// It is carried out, and this arrives instead of its reply.
    Garble(fn(Vec<u8>) -> Vec<u8>),
    /// Something else happens right before it is carried out.
    Meanwhile(Work),
    /// There are no credentials to sign it with.
    SignIn(NoCredentials),
}

/// How a connection ends.
#[derive(Clone, Copy)]
pub enum Break {
    /// It is reset.
    Reset,
    /// Nothing comes until the connection's time for it is up.
    TimeOut,
    /// There was nobody to connect to.
    Refused,
}

/// Why there are no credentials.
#[derive(Clone, Copy)]
pub enum NoCredentials {
    /// There never were any.
    Missing,
    /// They could not be renewed.
    NotRenewed,
}

impl Mishap {
    pub fn before(how: Break) -> Self {
        Self::Before(how)
    }

    pub fn after(how: Break) -> Self {
        Self::After(how)
    }

    /// An error reply of the service, with the status and the name space that it gives the code.
    pub fn answer(code: &str, message: &str) -> Self {
        let (status, space) = match code {
            "InternalServerError" => (500, "com.amazonaws.dynamodb.v20120810"),
            "ServiceUnavailable" => (503, "com.amazonaws.dynamodb.v20120810"),
            "UnrecognizedClientException"
            | "AccessDeniedException"
            | "ExpiredTokenException"
            | "ThrottlingException"
            | "RequestLimitExceeded" => (400, "com.amazon.coral.service"),
            _ if code.starts_with("Engine") => (503, "com.dynamini"),
            _ => (400, "com.amazonaws.dynamodb.v20120810"),
        };
        let body = serde_json::json!({ "__type": format!("{space}#{code}"), "message": message }).to_string();
        Self::Answer { status, body }
    }

    /// The same after the request was carried out.
    pub fn answer_after(code: &str, message: &str) -> Self {
        match Self::answer(code, message) {
            Self::Answer { status, body } => Self::AnswerAfter { status, body },
            other => other,
        }
    }

    /// The reply to a transaction that was cancelled for its last part.
    pub fn cancel(code: &str) -> Self {
        let reasons = [serde_json::json!({ "Code": "None" }), serde_json::json!({ "Code": code, "Message": "why" })];
        let body = serde_json::json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": format!("Transaction cancelled, please refer cancellation reasons for specific reasons [None, {code}]"),
            "CancellationReasons": reasons,
        });
        Self::Answer { status: 400, body: body.to_string() }
    }

    pub fn meanwhile(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self::Meanwhile(Box::pin(work))
    }

    pub(super) fn is_sign_in(&self) -> bool {
        matches!(self, Self::SignIn(_))
    }

    /// The same once more, for a plan that lasts.
    pub(super) fn again(&self) -> Self {
        match self {
            Self::Before(how) => Self::Before(*how),
            Self::After(how) => Self::After(*how),
            Self::Late(others) => Self::Late(*others),
            Self::Silence => Self::Silence,
            Self::Answer { status, body } => Self::Answer { status: *status, body: body.clone() },
            Self::AnswerAfter { status, body } => Self::AnswerAfter { status: *status, body: body.clone() },
            Self::Garble(garble) => Self::Garble(*garble),
            Self::SignIn(why) => Self::SignIn(*why),
            Self::Meanwhile(_) => panic!("what happens meanwhile happens once"),
        }
    }
}

impl Break {
    pub(super) fn error(self) -> ConnectorError {
        match self {
            Self::Reset => ConnectorError::io("the connection broke off".into()),
            Self::TimeOut => ConnectorError::timeout("no reply came in time".into()),
            Self::Refused => {
                ConnectorError::io(std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "nobody is there").into())
            }
        }
    }
}
