//! Users and ids go by their slugs, for every character that may come.

use super::desk::{Desk, encoded};

/// What stays as it is: letters, digits, and the punctuation that the original keeps.
const KEPT: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!\"'()*+-.:@_~";

/// What becomes something else, written down by hand from what the original answers.
const CHANGED: &[(&str, &str)] = &[
    ("\t\n\u{b}\u{c}\r \u{a0}\u{3000}\u{feff}", "-"),
    ("$", "dollar"),
    ("%", "percent"),
    ("&", "and"),
    ("<", "less"),
    (">", "greater"),
    ("|", "or"),
    ("¢", "cent"),
    ("£", "pound"),
    ("¤", "currency"),
    ("¥", "yen"),
    ("€", "euro"),
    ("₹", "indian-rupee"),
    ("©", "(c)"),
    ("®", "(r)"),
    ("…", "..."),
    ("“”", "\""),
    ("ªàáâãäåαάа", "a"),
    ("ÀÁÂÃÄÅΑΆА", "A"),
    ("æ", "ae"),
    ("Æ", "AE"),
    ("βб", "b"),
    ("ΒБ", "B"),
    ("çц", "c"),
    ("ÇЦ", "C"),
    ("ч", "ch"),
    ("Ч", "Ch"),
    ("ðδд", "d"),
    ("ÐΔД", "D"),
    ("èéêëεέеэ", "e"),
    ("ÈÉÊËΕЕЭ", "E"),
    ("ƒφф", "f"),
    ("γгґ", "g"),
    ("ΓГ", "G"),
    ("ηх", "h"),
    ("ìíîïιίи", "i"),
    ("ÌÍÎÏΙИ", "I"),
    ("й", "j"),
    ("ñνн", "n"),
    ("ÑΝН", "N"),
    ("ºòóôõöøοо", "o"),
    ("ÒÓÔÕÖØΟО", "O"),
    ("ψ", "ps"),
    ("Ψ", "PS"),
    ("ςσс", "s"),
    ("ȘΣС", "S"),
    ("шщ", "sh"),
    ("ß", "ss"),
    ("țτт", "t"),
    ("þ", "th"),
    ("Þ", "TH"),
    ("ùúûüуъ", "u"),
    ("ÙÚÛÜУ", "U"),
    ("в", "v"),
    ("В", "V"),
    ("ωώ", "w"),
    ("ýÿυы", "y"),
    ("ÝΥЫ", "Y"),
    ("я", "ya"),
    ("є", "ye"),
    ("ї", "yi"),
    ("ё", "yo"),
    ("Ё", "Yo"),
    ("ю", "yu"),
    ("ж", "zh"),
    ("θ", "8"),
    ("ξ", "3"),
];

/// What is left of nothing, besides what no table names in ASCII and Latin-1.
const GONE: &str = "ьЬſ日本語中文字한국😀🎉❤\u{200d}—";

/// What the original makes of a character between two letters.
fn expected(char: char) -> String {
    if KEPT.contains(char) {
        return char.to_string();
    }
    let changed = CHANGED.iter().find(|(chars, _)| chars.contains(char));
    changed.map_or_else(String::new, |(_, text)| (*text).to_owned())
}

#[tokio::test]
async fn a_user_is_found_under_whatever_was_typed() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let latin_1 = (0_u8..=255).map(char::from);
    let others = CHANGED.iter().flat_map(|(chars, _)| chars.chars()).chain(GONE.chars());
    for char in latin_1.chain(others.filter(|char| u32::from(*char) > 255)) {
        let user = encoded(&format!("a{char}b"));
        let stored = format!("a{}b", expected(char));
        let reply = ann.post(&format!("/api/user/{user}/collection"), r#"{"name":"n"}"#).await.with(201);
        let id = reply.location().rsplit('/').next().unwrap().to_owned();
        for same in [&user, &encoded(&stored)] {
            let list = ann.get(&format!("/api/user/{same}/collection")).await.with(200).json();
            assert_eq!(list[0]["meta"]["user"], *stored, "{char:?}");
            assert_eq!(list[0]["meta"]["collection"], *id, "{char:?}");
        }
        ann.get(&reply.location()).await.with(200);
    }
}

#[tokio::test]
async fn a_user_of_whom_nothing_is_left_is_refused() {
    let desk = Desk::open().await;
    let ann = desk.client();
    for user in
        ["%20", "%23", "%2F%3F", "日本", "%F0%9F%98%80", "%5B%5D"].map(|user| user.replace("日本", &encoded("日本")))
    {
        for path in [format!("/api/user/{user}/collection"), format!("/api/user/{user}/collection/c/entry/e")] {
            let reply = ann.get(&path).await.with(400).json();
            assert!(reply["error"].as_str().unwrap().contains("user"), "{reply}");
        }
    }
    ann.get("/api/user//collection").await.with(400).json();
    ann.get("/api/user/%FF/collection").await.with(400).json();
    ann.get("/api/user/%zz/collection").await.with(400).json();
}

#[tokio::test]
async fn names_that_share_a_slug_are_one() {
    let desk = Desk::open().await;
    let ann = desk.client();
    let path = ann.collection("Foo-Bar", "posts").await;
    for user in ["Foo%20Bar", "Foo-Bar", "%20Foo%20-%20Bar%20", "F%C3%B6o%20Bar", "Foo%20%23Bar"] {
        assert_eq!(ann.get(&format!("/api/user/{user}/collection")).await.names(), ["posts"], "{user}");
    }
    // Ids, too: a space at an end is no part of one.
    assert_eq!(ann.get(&format!("{path}%20")).await.names(), ["posts"]);
}
