//! `auth`: settings and roles, and many users with a preference each.

use super::history::{DAY, Dice, HOUR, Sample, YEAR};

/// How many users have preferences, so that the list of users is longer than a screen.
const USERS: i64 = 40;

pub(super) fn add(sample: &mut Sample) {
    let settings = sample.collection(("auth", "u-1042", "settings"), (2 * YEAR, "ada@cli"));
    sample
        .entry(
            &settings,
            "password-policy",
            (2 * YEAR, "ada@cli"),
            r#"{"minLength":8,"requireDigit":true,"rotateDays":90,"history":3,"lockout":{"attempts":10,"minutes":5}}"#,
        )
        .edit(590 * DAY, "ada@cli", "", &["minLength = 10"])
        .edit(410 * DAY, "bob@cli", "audit finding 14", &["lockout.attempts = 5", "lockout.minutes = 15"])
        .edit(212 * DAY, "grace@security", "NIST 800-63B: length over rotation", &["minLength = 15", "- rotateDays"])
        .edit(211 * DAY, "grace@security", "", &["requireDigit = false", "breachedPasswords = \"refuse\""])
        .edit(20 * DAY, "bob@cli", "", &["passkeys = {\"enabled\":true,\"attestation\":\"none\"}"]);
    sample
        .entry(
            &settings,
            "sso",
            (500 * DAY, "ada@cli"),
            r#"{"protocol":"saml2","issuer":"https://login.lanternfish.example","clockSkewSeconds":30,"domains":["lanternfish.example"]}"#,
        )
        .edit(300 * DAY, "ada@cli", "moved to OpenID Connect", &["protocol = \"oidc\"", "scopes = [\"openid\",\"email\"]"])
        .edit(299 * DAY, "grace@security", "", &["clockSkewSeconds = 5"])
        .restore(298 * DAY, "bob@cli", "half the office could not sign in", 1)
        .edit(90 * DAY, "ada@cli", "", &["domains.1 = \"lanternfish.co.jp\""]);
    sample
        .entry(&settings, "session", (400 * DAY, ""), r#"{"idleMinutes":30,"absoluteHours":12,"sameSite":"lax"}"#)
        .edit(35 * HOUR, "grace@security", "", &["sameSite = \"strict\""]);

    let roles = sample.collection(("auth", "u-1042", "roles"), (2 * YEAR, "ada@cli"));
    for (name, permissions, ago) in [
        ("viewer", r#"["read:*"]"#, 700),
        ("editor", r#"["read:*","write:catalog","write:posts"]"#, 690),
        ("accountant", r#"["read:billing","write:billing/invoices","export:billing"]"#, 500),
        ("owner", r#"["*"]"#, 700),
    ] {
        let value = format!(r#"{{"permissions":{permissions},"inherits":[],"mfa":false}}"#);
        let role = sample.entry(&roles, name, (ago * DAY, "ada@cli"), value);
        role.edit(212 * DAY, "grace@security", "second factor for all that write", &["mfa = true"]);
        if name == "editor" {
            role.edit(60 * DAY, "bob@cli", "", &["inherits = [\"viewer\"]", "- permissions.0"]);
        }
    }
    sample
        .entry(&roles, "intern", (350 * DAY, "bob@cli"), r#"{"permissions":["read:posts"]}"#)
        .delete(170 * DAY, "ada@cli");

    for number in 0..USERS {
        let user = format!("u-{}", 1040 + number * 7);
        let mut dice = Dice::new(&user);
        let ago = (30 + dice.below(900)) * DAY;
        let key = sample.collection(("auth", &user, "preferences"), (ago, ""));
        let theme = dice.pick(&["light", "dark", "system"]);
        let language = dice.pick(&["en", "de", "ja", "he", "ar", "pt-BR"]);
        let value = format!(
            r#"{{"theme":"{theme}","language":"{language}","pageSize":{},"digest":{{"weekly":true,"hour":{}}}}}"#,
            25 * (1 + dice.below(4)),
            6 + dice.below(5),
        );
        sample.entry(&key, "interface", (ago, ""), value);
    }
}
