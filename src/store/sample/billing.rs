//! `billing`: some three hundred invoices, one of them with a long story, and customers from all over the world.

use super::doc::quoted;
use super::history::{DAY, Dice, HOUR, Sample, YEAR};
use crate::model::CollectionKey;

/// How many invoices the large collection holds.
const INVOICES: i64 = 318;
/// The invoice that everything happened to.
const STORY: i64 = 7;

/// What is sold, and its price in cents.
const ARTICLES: [(&str, i64); 6] = [
    ("Pendant lamp \"Anglerfish\"", 18_900),
    ("Desk lamp \"Firefly\"", 6_450),
    ("LED strip 5 m, warm white", 2_990),
    ("Shade, linen, ⌀ 40 cm", 4_200),
    ("Fitting by an electrician", 9_500),
    ("Express delivery", 1_490),
];

/// Customers by name, city and currency.
const CUSTOMERS: [(&str, &str, &str); 10] = [
    ("Zoë Müller GmbH", "Köln", "EUR"),
    ("株式会社 山田照明", "大阪市", "JPY"),
    ("אור ירושלים בע״מ", "ירושלים", "ILS"),
    ("مؤسسة النور", "القاهرة", "EGP"),
    ("Café Ångström 💡", "Göteborg", "SEK"),
    ("O'Neill & Sons", "Cork", "EUR"),
    ("ООО «Светлячок»", "Алматы", "KZT"),
    ("한빛조명", "서울", "KRW"),
    ("Hotel Lux", "Zürich", "CHF"),
    ("Núñez y Hnos.", "A Coruña", "EUR"),
];

pub(super) fn add(sample: &mut Sample) {
    let invoices = sample.collection(("billing", "u-1042", "invoices"), (2 * YEAR, "ada@cli"));
    for number in 1..=INVOICES {
        invoice(sample, &invoices, number);
    }
    customers(sample);

    let rates = sample.collection(("billing", "u-1042", "tax-rates"), (2 * YEAR, ""));
    for (country, rate) in [("DE", "19.0"), ("JP", "10"), ("IL", "18"), ("SE", "25.0"), ("CH", "7.7"), ("IE", "23")] {
        let value = format!(r#"{{"country":"{country}","standard":{rate},"reduced":[],"source":"manual"}}"#);
        let history = sample.entry(&rates, &format!("vat-{country}"), (700 * DAY, ""), value);
        if country == "CH" {
            history.edit(690 * DAY, "ada@cli", "AHV 21", &["standard = 8.1", "reduced = [2.6,3.8]"]);
        }
    }

    let reminders = ("billing", "u-1042", "reminders");
    let dunning = sample.collection_with(reminders, (600 * DAY, "bob@cli"), |collection| {
        collection.rename(200 * DAY, "chiyo@tokyo", "dunning 督促").rename(199 * DAY, "ada@cli", "dunning");
    });
    for (level, days) in [(1, 14), (2, 28), (3, 42)] {
        let value = format!(
            r#"{{"level":{level},"afterDays":{days},"fee":0,"text":"Dear {{{{name}}}},\n\nyou may have missed our invoice {{{{number}}}}.\n"}}"#
        );
        let history = sample.entry(&dunning, &format!("level-{level}"), (600 * DAY, "bob@cli"), value);
        history.edit(150 * DAY, "bob@cli", "", &[format!("fee = {}", (level - 1) * 500)]);
    }
    let old = ("billing", "u-1042", "invoices-2019");
    let archive = sample.collection_with(old, (3 * YEAR, ""), |collection| {
        collection.delete(400 * DAY, "ada@cli");
    });
    sample.entry(&archive, "inv-2019-0001", (3 * YEAR, ""), r#"{"number":"2019-0001","status":"paid","total":12900}"#);

    let other = sample.collection(("billing", "u-1044", "invoices"), (300 * DAY, "svc-billing"));
    for number in [901, 902, 903] {
        invoice(sample, &other, number);
    }
}

fn invoice(sample: &mut Sample, invoices: &CollectionKey, number: i64) {
    let name = format!("inv-2026-{number:04}");
    let mut dice = Dice::new(&name);
    // Numbered in the order of their days, the last ones of this week.
    let ago = (INVOICES - number).max(0) * DAY + dice.below(9 * HOUR) + 2 * HOUR;
    let value = draft(sample, &mut dice, number, ago);
    let (sent, due) = (sample.date(ago - DAY), sample.date(ago - 15 * DAY));
    let fate = dice.below(10);
    let history = sample.entry(invoices, &name, (ago, "svc-billing"), value);
    if number == STORY {
        story(history, ago);
        return;
    }
    if ago < 2 * DAY {
        return;
    }
    let dates = [format!("issued = \"{sent}\""), format!("due = \"{due}\""), "status = \"sent\"".to_owned()];
    history.edit(ago - DAY, "svc-billing", "", &dates);
    if ago < 20 * DAY {
        return;
    }
    match fate {
        0 => {
            history.edit(ago - 16 * DAY, "svc-dunning", "reminder 1", &["status = \"overdue\"", "reminders = 1"]);
        }
        1 => {
            history.delete(ago - 3 * DAY, "bob@cli");
        }
        2..5 => {
            history.edit(ago - 12 * DAY, "svc-bank", "", &["status = \"paid\"", "payment.method = \"sepa\""]);
        }
        _ => {}
    }
}

fn draft(sample: &Sample, dice: &mut Dice, number: i64, ago: i64) -> String {
    let (customer, city, currency) = *dice.pick(&CUSTOMERS.each_ref());
    let mut net = 0;
    let lines: Vec<String> = (0..=dice.below(3))
        .map(|position| {
            let (article, price) = *dice.pick(&ARTICLES.each_ref());
            let quantity = 1 + dice.below(6);
            net += quantity * price;
            format!(
                r#"{{"pos":{},"article":{},"quantity":{quantity},"unitPrice":{price}}}"#,
                position + 1,
                quoted(article)
            )
        })
        .collect();
    format!(
        r#"{{"number":"2026-{number:04}","status":"draft","created":"{}","customer":{{"id":"c-{}","name":{},"city":{},"limit":{}}},"currency":"{currency}","lines":[{}],"totals":{{"net":{net},"tax":{},"gross":{}}},"tags":[]}}"#,
        sample.date(ago),
        100 + dice.below(900),
        quoted(customer),
        quoted(city),
        500 * (2 + dice.below(20)),
        lines.join(","),
        net * 19 / 100,
        net + net * 19 / 100,
    )
}

/// An invoice that was haggled over for most of a year: 60 versions by six authors.
fn story(history: &mut super::history::History, created: i64) {
    let mut ago = created - DAY;
    let mut later = |minutes| {
        ago -= minutes;
        ago
    };
    history
        .edit(
            later(HOUR),
            "ada@cli",
            "the right customer",
            &[r#"customer.name = "Zoë 株式会社""#, r#"customer.city = "大阪市 / Köln""#, "customer.limit = 5000"],
        )
        .edit(
            later(HOUR),
            "svc-billing",
            "",
            &[r#"status = "sent""#, r#"delivery = {"method":"e-mail","bounced":false}"#],
        )
        .edit(later(DAY), "svc-billing", "", &["delivery.bounced = true"])
        .rename(later(30), "bob@cli", "inv-2026-0007 (bounced)")
        .edit(later(DAY), "bob@cli", "by post then", &[r#"delivery.method = "post""#, "- delivery.bounced"])
        .rename(later(10), "bob@cli", "inv-2026-0007")
        .edit(
            later(2 * DAY),
            "chiyo@tokyo",
            "お客様のご要望により 🙏",
            &[r#"tags = ["日本","優先"]"#, r#"currency = "JPY""#],
        )
        .edit(later(DAY), "ada@cli", "", &[r#"currency = "EUR""#])
        .restore(later(DAY), "chiyo@tokyo", "the contract says yen", 1)
        .edit(later(3 * DAY), "dana@haifa", "", &[r#"remark = "לתשלום תוך 30 יום (net 30)""#]);
    // A haggle: quantities, discounts and limits back and forth.
    let notes = ["they called", "", "as agreed on the phone", "", "", "typo", "approved by Ada", "", "second thoughts"];
    let authors = ["ada@cli", "bob@cli", "svc-billing", "chiyo@tokyo", "", "dana@haifa"];
    let mut dice = Dice::new("the story of invoice 7");
    for round in 0..37 {
        let discount = dice.below(8) * 5;
        let changes = match round % 4 {
            0 => vec![format!("lines.0.quantity = {}", 1 + dice.below(40))],
            1 => vec![format!("discount.percent = {discount}"), format!("discount.code = \"GLOW{discount}\"")],
            2 => vec![format!("customer.limit = {}", 500 * (5 + dice.below(20)))],
            _ => vec![
                format!("totals.net = {}", 10_000 + dice.below(90_000)),
                format!("totals.gross = {}", 100_000 + dice.below(20_000)),
            ],
        };
        let step = 3 * DAY + dice.below(5 * DAY);
        history.edit(later(step), dice.pick(&authors), dice.pick(&notes), &changes);
        match round {
            11 => {
                history.delete(later(DAY), "bob@cli").undelete(later(20), "ada@cli");
            }
            23 => {
                history.restore(later(DAY), "ada@cli", "back to what was signed", 9);
            }
            _ => {}
        }
    }
    // The last days are told from the present, since that is what is looked at first.
    history
        .edit(12 * DAY, "ada@cli", "", &[r#"contact = {"name":"Zoë","phone":"+49 221 555 0107"}"#])
        .edit(9 * DAY, "svc-dunning", "reminder 1", &["reminders = 1", r#"status = "overdue""#])
        .edit(6 * DAY, "svc-dunning", "reminder 2", &["reminders = 2"])
        .edit(5 * DAY, "dana@haifa", "", &["reminders = 0", r#"status = "disputed""#])
        .restore(2 * DAY, "ada@cli", "the dispute is settled", 3)
        .delete(15 * HOUR + 4, "bob@cli")
        .undelete(15 * HOUR, "svc-billing")
        .edit(14 * HOUR, "svc-bank", "", &[r#"payment = {"method":"sepa","received":500000,"open":750000}"#])
        .edit(11 * HOUR, "bob@cli", "pasted from the terminal", &["notes = \"approved\\u001b[31m in red\\u001b[0m\""])
        .edit(3 * HOUR, "chiyo@tokyo", "", &[r#"tags = ["日本","優先","分割払い 💴"]"#])
        .edit(2, "ada@cli", "raise limit", &["customer.limit = 12500", r#"status = "sent""#]);
}

fn customers(sample: &mut Sample) {
    let customers = sample.collection(("billing", "u-1042", "customers"), (2 * YEAR, "ada@cli"));
    for (index, (name, city, currency)) in (1..).zip(CUSTOMERS) {
        let ago = (720 - index * 60) * DAY;
        let value = format!(
            r#"{{"name":{},"address":{{"city":{},"lines":[]}},"currency":"{currency}","vatId":null,"rating":"A"}}"#,
            quoted(name),
            quoted(city)
        );
        let history = sample.entry(&customers, name, (ago, "ada@cli"), value);
        if index % 3 == 0 {
            history.edit(ago / 2, "bob@cli", "", &["rating = \"B\"", "address.lines.0 = \"c/o 1 Harbour Rd\""]);
        }
    }
    sample
        .entry(&customers, "株式会社 🧾", (90 * DAY, "chiyo@tokyo"), r#"{"name":"株式会社 🧾","住所":{"都道府県":"東京都","市区町村":"千代田区","番地":"丸の内1-9-1"},"担当者":"佐藤 千代","家族":"👩‍👩‍👧‍👦","旗":"🇯🇵","与信限度額":1200000}"#)
        .edit(40 * DAY, "chiyo@tokyo", "限度額を引き上げ", &["与信限度額 = 2500000"])
        .edit(DAY, "ada@cli", "", &[r#"rating = "A+""#]);
}
