//! `catalog`: products, and an export of all of them in one large nested value.

use super::doc::quoted;
use super::history::{DAY, Dice, HOUR, Sample, YEAR};

/// Kinds of lamps, in the languages of the shop.
const KINDS: [(&str, &str, &str); 12] = [
    ("pendant", "Pendelleuchte", "ペンダントライト"),
    ("desk", "Schreibtischlampe", "デスクランプ"),
    ("floor", "Stehleuchte", "フロアランプ"),
    ("wall", "Wandleuchte", "ウォールライト"),
    ("ceiling", "Deckenleuchte", "シーリングライト"),
    ("strip", "LED-Band", "テープライト"),
    ("bulb", "Leuchtmittel", "電球"),
    ("garden", "Gartenleuchte", "ガーデンライト"),
    ("night", "Nachtlicht", "常夜灯"),
    ("spot", "Strahler", "スポットライト"),
    ("shade", "Lampenschirm", "シェード"),
    ("lantern", "Laterne", "提灯 🏮"),
];
const NAMES: [&str; 6] = ["Anglerfish", "Firefly", "Medusa", "Noctiluca", "Vampyroteuthis", "Glow-worm"];
const COLOURS: [&str; 5] = ["brass", "soot black", "oxblood", "Ω-green", "eggshell"];

pub(super) fn add(sample: &mut Sample) {
    let products = sample.collection(("catalog", "u-1042", "products"), (2 * YEAR, "lin@shop"));
    for (kind, german, japanese) in KINDS {
        for name in &NAMES[..3] {
            let slug = format!("{kind}-{}", name.to_lowercase());
            let mut dice = Dice::new(&slug);
            let ago = (200 + dice.below(400)) * DAY;
            let price = 990 + 100 * dice.below(300);
            let value = format!(
                r#"{{"sku":"LF-{}","title":{{"de":{},"ja":{}}},"price":{price},"stock":{},"active":true}}"#,
                1000 + dice.below(9000),
                quoted(&format!("{german} {name}")),
                quoted(&format!("{japanese} {name}")),
                dice.below(200),
            );
            sample
                .entry(&products, &slug, (ago, "lin@shop"), value)
                .edit(ago / 2, "svc-stock", "", &[format!("stock = {}", dice.below(200))])
                .edit(
                    ago / 5,
                    "lin@shop",
                    dice.pick(&["", "spring sale", "copper got dearer"]),
                    &[format!("price = {}", price + 50 * (1 + dice.below(20)))],
                );
        }
    }

    let exports = sample.collection(("catalog", "u-1042", "exports"), (YEAR, "svc-export"));
    sample.entry(&exports, "full-export", (30 * DAY, "svc-export"), export(1)).put(
        5 * HOUR,
        "svc-export",
        "all categories",
        export(KINDS.len()),
    );
    sample.entry(
        &exports,
        "matryoshka",
        (100 * DAY, "lin@shop"),
        format!(r#"{}"a very small lamp"{}"#, r#"{"open":["#.repeat(60), "]}".repeat(60)),
    );
}

/// Returns categories with their products and variants, some 25 KB each.
fn export(categories: usize) -> String {
    let categories = KINDS[..categories].iter().map(|(kind, german, japanese)| {
        let products = NAMES.iter().map(|name| {
            let mut dice = Dice::new(&format!("{kind} {name}"));
            let variants = (0..20).map(|number| {
                format!(
                    r#"{{"sku":"LF-{}-{number:02}","colour":"{}","price":{{"net":{},"currency":"EUR"}},"dimensions":{{"mm":[{},{},{}],"grams":{}}},"lumen":{},"kelvin":2700,"dimmable":{}}}"#,
                    1000 + dice.below(9000),
                    dice.pick(&COLOURS),
                    990 + dice.below(30_000),
                    50 + dice.below(500),
                    50 + dice.below(500),
                    50 + dice.below(900),
                    100 + dice.below(5000),
                    100 * (2 + dice.below(20)),
                    dice.below(2) == 1,
                )
            });
            let variants = variants.collect::<Vec<_>>().join(",");
            format!(r#"{{"name":"{name}","designer":{{"name":"Inês Âncora","since":2014}},"variants":[{variants}]}}"#)
        });
        let products = products.collect::<Vec<_>>().join(",");
        format!(r#""{kind}":{{"title":{{"de":"{german}","ja":"{japanese}"}},"products":[{products}]}}"#)
    });
    format!(r#"{{"schema":3,"categories":{{{}}}}}"#, categories.collect::<Vec<_>>().join(","))
}
