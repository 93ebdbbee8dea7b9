//! What can go wrong with one request: the columns of the table.

use dynamini::store::StoreError;

use super::operations::NEWEST;
use crate::store::wire::Wire;
use crate::store::wire::mishap::{Break, Mishap, NoCredentials};
use crate::store::world::World;

/// A way for a request to go wrong.
pub struct Fault {
    /// The head of its column.
    pub name: &'static str,
    /// In how many forms it comes; the requests of the table take turns.
    pub forms: usize,
    pub strike: fn(&Target),
    /// Whether it can happen to a request of that operation.
    pub concerns: fn(operation: &str) -> bool,
    /// What a call may fail with.
    pub allows: fn(&StoreError) -> bool,
    /// Whether it may be impossible to say what became of a write.
    pub may_leave_unsure: bool,
    /// Whether someone else may do a part of what is asked, so that it says less.
    pub others_may_do_it: bool,
}

/// The request that it happens to.
pub struct Target<'a> {
    pub wire: &'a Wire,
    pub world: &'a World,
    pub operation: &'a str,
    /// How many requests go well before it.
    pub spared: usize,
    pub form: usize,
}

impl Fault {
    fn new(name: &'static str, forms: usize, strike: fn(&Target)) -> Self {
        Self {
            name,
            forms,
            strike,
            concerns: |_| true,
            allows: |_| false,
            may_leave_unsure: false,
            others_may_do_it: false,
        }
    }

    fn only_for(self, concerns: fn(&str) -> bool) -> Self {
        Self { concerns, ..self }
    }

    fn ends_in(self, allows: fn(&StoreError) -> bool) -> Self {
        Self { allows, ..self }
    }

    fn or_unsure(self) -> Self {
        Self { may_leave_unsure: true, ..self }
    }
}

impl Target<'_> {
    fn once(&self, mishap: Mishap) {
        self.wire.plan_after(self.spared, mishap);
    }

    fn ever_after(&self, mishap: Mishap) {
        self.wire.plan_from(self.spared, mishap);
    }

    fn answer(&self, codes: &[&str], message: &str) {
        self.once(Mishap::answer(codes[self.form], message));
    }

    /// Moves the clock by so many milliseconds while the request is under way.
    fn set_clock(&self, ms: i64) {
        let clock = self.world.clock.clone();
        self.once(Mishap::meanwhile(async move { clock.set(ms) }));
    }
}

const THROTTLED: [&str; 3] = ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"];
const EXPIRED: [&str; 2] = ["ExpiredTokenException", "UnrecognizedClientException"];
const FAILED: &str = "InternalServerError";
const NOT_FOUND: &str = "ResourceNotFoundException";
const HOUR: i64 = 3_600_000;

/// Returns everything that can go wrong.
pub fn all() -> Vec<Fault> {
    [slow_or_refused(), broken_off(), not_allowed(), for_good(), clocks()].into_iter().flatten().collect()
}

fn slow_or_refused() -> Vec<Fault> {
    let latency = |at: &Target| {
        at.once(Mishap::meanwhile(async {
            for _ in 0..5 {
                tokio::task::yield_now().await;
            }
        }));
    };
    let throttled_part = |at: &Target| {
        at.once(Mishap::cancel(["ThrottlingError", "ProvisionedThroughputExceeded"][at.form]));
    };
    let row_in_use = |at: &Target| {
        at.once(match at.operation {
            "TransactWriteItems" => Mishap::cancel("TransactionConflict"),
            _ => Mishap::answer("TransactionConflictException", "Transaction is ongoing for the item"),
        });
    };
    let error_503 = |at: &Target| {
        let body = ["", "<html>503 Service Unavailable</html>"];
        at.once(match at.form {
            0 => Mishap::answer("ServiceUnavailable", "Service is unavailable"),
            form => Mishap::Answer { status: 503, body: body[form - 1].to_owned() },
        });
    };
    vec![
        Fault::new("latency", 1, latency),
        Fault::new("throttled", 3, |at| at.answer(&THROTTLED, "Rate exceeded")).ends_in(throttled),
        Fault::new("throttled part", 2, throttled_part).only_for(|operation| operation == "TransactWriteItems"),
        Fault::new("row in use", 1, row_in_use)
            .only_for(|operation| matches!(operation, "TransactWriteItems" | "PutItem" | "UpdateItem"))
            .ends_in(|error| matches!(error, StoreError::Busy) && waits(error)),
        Fault::new("500 before", 1, |at| at.once(Mishap::answer(FAILED, "Internal server error")))
            .ends_in(failed_inside),
        Fault::new("500 after", 1, |at| at.once(Mishap::answer_after(FAILED, "Internal server error")))
            .ends_in(failed_inside),
        Fault::new("503", 3, error_503).ends_in(|error| failed_inside(error) || unreachable(error)),
    ]
}

fn broken_off() -> Vec<Fault> {
    let reply_lost = |at: &Target| {
        at.once(if at.form == 0 { Mishap::After(Break::TimeOut) } else { Mishap::Silence });
    };
    let cut_short = |at: &Target| {
        let cuts: [fn(Vec<u8>) -> Vec<u8>; 2] =
            [|body| body[..body.len() / 2].to_vec(), |body| body[..body.len() - 1].to_vec()];
        at.once(Mishap::Garble(cuts[at.form]));
    };
    vec![
        Fault::new("nobody there", 1, |at| at.once(Mishap::Before(Break::Refused))).ends_in(unreachable),
        Fault::new("reset before", 1, |at| at.once(Mishap::Before(Break::Reset))).ends_in(unreachable),
        Fault::new("reset after", 1, |at| at.once(Mishap::After(Break::Reset))).ends_in(unreachable),
        Fault::new("reply lost", 2, reply_lost).ends_in(unreachable),
        Fault::new("arrives late", 1, |at| at.once(Mishap::Late(1))).ends_in(unreachable),
        Fault::new("cut short", 2, cut_short).ends_in(unreachable),
    ]
}

fn not_allowed() -> Vec<Fault> {
    let signed_out = |at: &Target| {
        at.once(Mishap::SignIn([NoCredentials::Missing, NoCredentials::NotRenewed][at.form]));
    };
    let being_created = |at: &Target| {
        let other = at.world.writer("other");
        at.once(match at.operation {
            "DescribeTable" => Mishap::Garble(|body| {
                String::from_utf8(body).unwrap().replace("\"ACTIVE\"", "\"CREATING\"").into_bytes()
            }),
            "CreateTable" => Mishap::meanwhile(async move { drop(other.init().await.unwrap()) }),
            _ => Mishap::answer(NOT_FOUND, "Requested resource not found"),
        });
    };
    vec![
        Fault::new("expired", 2, |at| at.answer(&EXPIRED, "The security token is expired")).ends_in(needs_renewal),
        Fault::new("signed out", 2, signed_out).ends_in(needs_sign_in),
        Fault::new("denied", 1, |at| at.answer(&["AccessDeniedException"], "not authorized")).ends_in(denied),
        Fault::new("table missing", 1, |at| at.answer(&[NOT_FOUND], "Requested resource not found"))
            .only_for(|operation| operation != "CreateTable")
            .ends_in(missing),
        Fault { others_may_do_it: true, ..Fault::new("being created", 1, being_created).ends_in(missing) },
    ]
}

/// What does not end with one request. Where a reply was lost before, nobody tells what became of a write.
fn for_good() -> Vec<Fault> {
    fn lost_then(at: &Target, mishap: Mishap) {
        at.once(Mishap::After(Break::Reset));
        at.ever_after(mishap);
    }
    fn throttle(at: &Target) -> Mishap {
        Mishap::answer(THROTTLED[at.form], "Rate exceeded")
    }
    vec![
        Fault::new("no network", 1, |at| at.ever_after(Mishap::Before(Break::Refused))).ends_in(unreachable),
        Fault::new("all reset", 1, |at| at.ever_after(Mishap::Before(Break::Reset))).ends_in(unreachable).or_unsure(),
        Fault::new("all throttled", 3, |at| at.ever_after(throttle(at))).ends_in(throttled),
        Fault::new("lost, no network", 1, |at| lost_then(at, Mishap::Before(Break::Refused)))
            .ends_in(unreachable)
            .or_unsure(),
        Fault::new("lost, throttled", 3, |at| lost_then(at, throttle(at)))
            .ends_in(|error| throttled(error) || unreachable(error))
            .or_unsure(),
        Fault::new("lost, expired", 2, |at| lost_then(at, Mishap::answer(EXPIRED[at.form], "expired")))
            .ends_in(|error| needs_renewal(error) || unreachable(error))
            .or_unsure(),
    ]
}

fn clocks() -> Vec<Fault> {
    vec![
        Fault::new("clock back", 1, |at| at.set_clock(-HOUR)),
        Fault::new("clock on", 1, |at| at.set_clock(HOUR)),
        Fault::new("clock still", 1, |at| at.set_clock(NEWEST)),
    ]
}

/// Of the ways out, a person is told to wait, to sign in, or to do something else.
fn waits(error: &StoreError) -> bool {
    error.is_transient() && !error.needs_sign_in()
}

fn signs_in(error: &StoreError) -> bool {
    error.needs_sign_in() && !error.is_transient()
}

fn does_something_else(error: &StoreError) -> bool {
    !error.is_transient() && !error.needs_sign_in()
}

fn throttled(error: &StoreError) -> bool {
    matches!(error, StoreError::Throttled { .. }) && waits(error)
}

fn unreachable(error: &StoreError) -> bool {
    matches!(error, StoreError::Unreachable { .. }) && waits(error)
}

fn failed_inside(error: &StoreError) -> bool {
    let codes = [FAILED, "ServiceUnavailable"];
    matches!(error, StoreError::Service { code, .. } if codes.contains(&code.as_str())) && waits(error)
}

fn needs_renewal(error: &StoreError) -> bool {
    matches!(error, StoreError::CredentialsExpired { .. }) && signs_in(error)
}

fn needs_sign_in(error: &StoreError) -> bool {
    let signed_out = |error| matches!(error, &StoreError::CredentialsMissing { .. });
    (signed_out(error) || needs_renewal(error)) && signs_in(error)
}

fn denied(error: &StoreError) -> bool {
    matches!(error, StoreError::AccessDenied { .. }) && does_something_else(error)
}

fn missing(error: &StoreError) -> bool {
    matches!(error, StoreError::TableMissing { .. }) && does_something_else(error)
}
