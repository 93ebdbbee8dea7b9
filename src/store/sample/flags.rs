//! `flags`: feature toggles that are rolled out step by step, and rolled back.

use super::history::{DAY, Dice, HOUR, Sample, YEAR};

const TOGGLES: [&str; 24] = [
    "checkout.one-page",
    "checkout.apple-pay",
    "checkout.gift-wrap",
    "search.semantic",
    "search.typo-tolerance",
    "search.synonyms-v2",
    "catalog.3d-preview",
    "catalog.compare",
    "catalog.back-in-stock",
    "billing.e-invoice",
    "billing.instalments",
    "billing.reverse-charge",
    "auth.passkeys",
    "auth.magic-link",
    "auth.remember-device",
    "ui.dark-mode",
    "ui.new-header",
    "ui.right-to-left",
    "ui.reduced-motion",
    "ops.read-replica",
    "ops.cache-warmup",
    "ops.canary",
    "fun.konami-code",
    "fun.disco-lamp 🪩",
];

pub(super) fn add(sample: &mut Sample) {
    let toggles = sample.collection(("flags", "u-1042", "feature-toggles"), (YEAR, "kai@web"));
    for (name, index) in TOGGLES.into_iter().zip(0..) {
        let mut dice = Dice::new(name);
        let mut ago = (60 + dice.below(300)) * DAY;
        let owner = dice.pick(&["kai@web", "noor@mobile", "ada@cli"]);
        let value = format!(
            r#"{{"enabled":false,"owner":"{owner}","rollout":{{"percent":0,"countries":[]}},"variants":{{"control":50,"treatment":50}},"expires":null}}"#
        );
        let history = sample.entry(&toggles, name, (ago, owner), value);
        for percent in [1, 5, 25, 50, 100].into_iter().take(2 + index % 4) {
            ago -= ago / 6 + HOUR;
            let mut changes = vec![format!("rollout.percent = {percent}")];
            if percent == 1 {
                changes.push("enabled = true".to_owned());
                changes.push("rollout.countries = [\"DE\"]".to_owned());
            }
            history.edit(ago, owner, if percent == 100 { "everyone" } else { "" }, &changes);
        }
        ago -= ago / 6 + HOUR;
        match index % 6 {
            1 => history.restore(ago, "on-call", "error rate doubled, back to the step before", 1),
            3 => history.edit(ago, owner, "winner", &["- variants.control", "variants.treatment = 100"]),
            5 => history.delete(ago, owner),
            _ => history,
        };
    }

    let settings = sample.collection(("flags", "u-1042", "settings"), (YEAR, "kai@web"));
    sample
        .entry(&settings, "defaults", (YEAR, "kai@web"), r#"{"stickiness":"userId","salt":"b5f1","ttlSeconds":300}"#)
        .edit(80 * DAY, "noor@mobile", "phones keep flags for longer", &["ttlSeconds = 3600"])
        .edit(79 * DAY, "kai@web", "but not for an hour", &["ttlSeconds = 900"]);
}
