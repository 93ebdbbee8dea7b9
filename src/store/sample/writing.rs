//! `blog`, `search` and `support`: texts in several scripts, and settings that refer to them.

use super::history::{DAY, HOUR, Sample, YEAR};

pub(super) fn add(sample: &mut Sample) {
    let posts = sample.collection(("blog", "u-1042", "posts"), (YEAR, "mira@press"));
    for (days, name, title, body) in [
        (330, "hello-world", "Hello, world 👋", "We sell lamps. The sea taught us how."),
        (300, "why-warm-white", "Why warm white?", "2700 K is the colour of a campfire seen from ten steps."),
        (250, "大阪に出店しました", "大阪に出店しました 🎉", "心斎橋の新しいお店で、光と影をお楽しみください。"),
        (210, "אור-בקצה", "אור בקצה המנהרה", "מנורת Anglerfish זמינה עכשיו ב־189 €."),
        (150, "ضوء-البحر", "ضوء البحر", "مصباح جديد مستوحى من قنديل البحر، بسعر ١٨٩ يورو."),
        (90, "z̸a̸l̸g̸o̸", "Lights out: a ghost story", "T̷h̴e̵ ̶l̷a̸m̴p̵ ̶f̸l̵i̶c̷k̸e̵r̷e̶d̸.\n\nThen it did not."),
        (12, "black-friday", "Dark Friday", "We switch everything off for a day."),
    ] {
        let quote = |text| super::doc::quoted(text);
        let value =
            format!(r#"{{"title":{},"state":"draft","author":"mira","body":{},"tags":[]}}"#, quote(title), quote(body));
        let post = sample.entry(&posts, name, (days * DAY, "mira@press"), value);
        post.edit(days * DAY - 2 * HOUR, "mira@press", "", &["tags = [\"lamps\",\"news\"]"]);
        post.edit(days * DAY - 5 * HOUR, "lin@shop", "ship it", &["state = \"published\"", "views = 0"]);
        post.edit(days * DAY / 2, "svc-stats", "", &[format!("views = {}", days * 137 % 9973)]);
    }
    sample
        .entry(
            &posts,
            "draft-about-the-competition",
            (20 * DAY, "mira@press"),
            r#"{"title":"They sell candles","state":"draft"}"#,
        )
        .rename(19 * DAY, "mira@press", "on-candles")
        .delete(19 * DAY - 5, "ada@cli");

    let search = sample.collection(("search", "u-1042", "settings"), (YEAR, "ravi@search"));
    sample
        .entry(
            &search,
            "ranking",
            (340 * DAY, "ravi@search"),
            r#"{"weights":{"title":3.0,"body":1.0,"sku":10.0},"boost":{"inStock":1.2},"minScore":0.05}"#,
        )
        .edit(200 * DAY, "ravi@search", "", &["weights.title = 4.5"])
        .edit(199 * DAY, "ravi@search", "experiment 12", &["boost.new = 1.1", "minScore = 0.1"])
        .edit(190 * DAY, "ravi@search", "experiment 12 lost", &["- boost.new", "minScore = 0.05"])
        .edit(7 * DAY, "lin@shop", "", &["boost.inStock = 1.35"]);
    sample
        .entry(&search, "stop-words", (340 * DAY, "ravi@search"), r#"["the","a","of","der","die","das","の","は","ה"]"#)
        .edit(100 * DAY, "chiyo@tokyo", "", &["9 = \"を\""]);
    let synonyms = sample.collection(("search", "u-1042", "synonyms"), (YEAR, "ravi@search"));
    for (name, words) in [
        ("lamp", r#"["light","luminaire","Leuchte","ランプ","מנורה","مصباح","💡"]"#),
        ("dimmer", r#"["dimmable","調光","Dämmerung"]"#),
        ("glow", r#"["shine","gleam","glöd","きらめき","✨"]"#),
    ] {
        let history = sample.entry(&synonyms, name, (300 * DAY, "ravi@search"), format!(r#"{{"words":{words}}}"#));
        history.edit(45 * DAY, "ravi@search", "", &["bidirectional = true"]);
    }

    let tickets = sample.collection(("support", "u-2001", "tickets"), (120 * DAY, "svc-desk"));
    for (number, subject) in
        [(4711, "Lamp hums in B flat"), (4712, "Rechnung fehlt"), (4713, "電球が切れました"), (4714, "🔥🔥🔥")]
    {
        let value = format!(
            r#"{{"subject":"{subject}","state":"open","messages":[{{"from":"customer","text":"{subject}?"}}]}}"#
        );
        let ago = (4720 - number) * DAY;
        sample
            .entry(&tickets, &format!("#{number}"), (ago, "svc-desk"), value)
            .edit(ago - 3 * HOUR, "sam@desk", "", &[r#"messages.1 = {"from":"sam","text":"On it!"}"#])
            .edit(ago - DAY, "sam@desk", "", &[r#"state = "closed""#]);
    }
}
