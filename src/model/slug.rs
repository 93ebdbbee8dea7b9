//! The slug of a user name: what the original server stores instead of what was typed.

use std::sync::LazyLock;

/// What each code point becomes that isn't removed, by code point.
///
/// Each line of the table is a code point in hexadecimal, a tab, and the replacement. White space and the hyphen become
/// a hyphen there.
static REPLACEMENTS: LazyLock<Vec<(char, &str)>> = LazyLock::new(|| {
    let parse = |line: &'static str| {
        let (code, replacement) = line.split_once('\t')?;
        Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, replacement))
    };
    include_str!("slug.tsv")
        .lines()
        .map(|line| parse(line).expect("each line of slug.tsv is a code point, a tab and its replacement"))
        .collect()
});

/// Returns the slug of `text`, as the original server makes it of a user name before storing or looking it up.
///
/// Accents are folded, a few symbols spelt out (`&` as `and`), and what has no replacement is removed, so it never holds
/// `#` or `/`; the case is kept. White space at either end is trimmed, then each run of white space and hyphens becomes
/// one `-`; hyphens at either end stay. The slug of a slug is the slug itself. It may be empty.
pub fn slug(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for c in text.chars() {
        match replacement(c) {
            // White space stays white space until both ends are trimmed.
            Some("-") if c != '-' => spaced.push(' '),
            Some(replacement) => spaced.push_str(replacement),
            None => {}
        }
    }
    let mut slug = String::with_capacity(spaced.len());
    for c in spaced.trim_matches(' ').chars() {
        let c = if c == ' ' { '-' } else { c };
        if c != '-' || !slug.ends_with('-') {
            slug.push(c);
        }
    }
    slug
}

fn replacement(c: char) -> Option<&'static str> {
    let at = REPLACEMENTS.binary_search_by_key(&c, |(code, _)| *code).ok()?;
    Some(REPLACEMENTS[at].1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_table_is_sorted_and_complete() {
        assert_eq!(REPLACEMENTS.len(), 591);
        assert!(REPLACEMENTS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn ascii_keeps_what_a_key_may_hold() {
        for c in (0..=0x7f_u8).map(char::from) {
            let expected = match c {
                c if c.is_ascii_alphanumeric() => c.to_string(),
                '!' | '"' | '\'' | '(' | ')' | '*' | '+' | '.' | ':' | '@' | '_' | '~' | '-' => c.to_string(),
                '\t'..='\r' | ' ' => "-".to_owned(),
                '$' => "dollar".to_owned(),
                '%' => "percent".to_owned(),
                '&' => "and".to_owned(),
                '<' => "less".to_owned(),
                '>' => "greater".to_owned(),
                '|' => "or".to_owned(),
                _ => String::new(),
            };
            assert_eq!(slug(&format!("a{c}b")), format!("a{expected}b"), "{c:?}");
        }
    }

    #[test]
    fn latin_1_is_folded_and_spelt_out() {
        let letters = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ";
        assert_eq!(slug(letters), "AAAAAAAECEEEEIIIIDNOOOOOOUUUUYTHssaaaaaaaeceeeeiiiidnoooooouuuuythy");
        assert_eq!(slug("¢£¤¥©ª®º"), "centpoundcurrencyyen(c)a(r)o");
        assert_eq!(slug("¡¦§¨«¬\u{ad}¯°±²³´µ¶·¸¹»¼½¾¿×÷"), "");
        assert_eq!(slug("a\u{a0}b"), "a-b");
        assert_eq!(slug("a\u{80}\u{85}\u{9f}b"), "ab");
    }

    #[test]
    fn other_scripts_are_spelt_out_where_the_table_knows_them() {
        for (text, expected) in [
            ("Αθήνα", "A8hna"),
            ("Ψυχή", "PSyxh"),
            ("Достоевский", "Dostoevskij"),
            ("Щука", "Shuka"),
            ("თბილისი", "tbilisi"),
            ("Đặng Thị Ngọc", "DJang-Thi-Ngoc"),
            ("100 円 元 €", "100-yen-yuan-euro"),
            ("₣ ₹", "french-franc-indian-rupee"),
            ("日本語", ""),
            ("Smile 😀 more", "Smile-more"),
            ("e\u{301}", "e"),
            ("“quoted”… ‘it’", "\"quoted\"...-'it'"),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
    }

    #[test]
    fn white_space_is_trimmed_and_runs_become_one_hyphen() {
        for (text, expected) in [
            ("Some User", "Some-User"),
            ("  padded\t\n", "padded"),
            ("a - -- b", "a-b"),
            ("a\u{3000}\u{2003}b", "a-b"),
            ("\u{feff}name", "name"),
            ("# name ?", "name"),
            ("-kept-", "-kept-"),
            (" - kept - ", "-kept-"),
            ("   ", ""),
            ("", ""),
            ("a#b/c?d,e;f=g[h]i{j}k\\l^m`n", "abcdefghijklmn"),
            ("me&you 50% $5", "meandyou-50percent-dollar5"),
        ] {
            assert_eq!(slug(text), expected, "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_slug_fits_into_a_key_and_is_its_own_slug(text in any::<String>()) {
            let slug_of_text = slug(&text);
            prop_assert!(slug_of_text.is_ascii() && !slug_of_text.contains(['#', '/', ' ']), "{slug_of_text}");
            prop_assert!(!slug_of_text.contains("--"));
            prop_assert_eq!(slug(&slug_of_text), slug_of_text);
        }
    }
}
