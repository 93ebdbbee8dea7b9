//! Colours for text that may not be JSON yet.

use std::ops::Range;

use super::parse::{is_word, leading_word};
use super::scan;

/// What a piece of a line is, for the highlighter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// A string with a colon behind it.
    Key,
    /// Any other string; without its closing quote it goes to the end of the line.
    String,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Keyword,
    /// A bracket, comma or colon.
    Punctuation,
    /// What has no place in JSON: other words, broken numbers, stray characters.
    Error,
}

/// Returns the pieces of one line of text, JSON or not, as byte ranges in ascending order, without the white space.
///
/// Knows nothing of the lines around it, and needn't: no JSON token goes over the end of a line.
pub fn lex_line(line: &str) -> Vec<(Range<usize>, Token)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = line[at..].chars().next() {
        let start = at;
        let token = match first {
            ' ' | '\t' | '\r' | '\n' => {
                at += 1;
                continue;
            }
            '"' => {
                at = string_end(line, start);
                if line[at..].trim_start().starts_with(':') { Token::Key } else { Token::String }
            }
            '{' | '}' | '[' | ']' | ',' | ':' => {
                at += 1;
                Token::Punctuation
            }
            '-' | '0'..='9' => {
                at += number_like(&line[at..]);
                if scan::number(line, start).is_ok_and(|end| end == at) { Token::Number } else { Token::Error }
            }
            _ if is_word(first) => {
                let word = leading_word(&line[at..]);
                at += word.len();
                if matches!(word, "true" | "false" | "null") { Token::Keyword } else { Token::Error }
            }
            _ => {
                at += first.len_utf8();
                Token::Error
            }
        };
        tokens.push((start..at, token));
    }
    tokens
}

/// Returns the end of the string that starts at `start`: behind the next quote without a backslash, or the line's end.
fn string_end(line: &str, start: usize) -> usize {
    let mut escaped = false;
    for (offset, byte) in line.bytes().enumerate().skip(start + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return offset + 1,
            _ => {}
        }
    }
    line.len()
}

/// Returns the length of what someone who writes a number there may have meant as one.
fn number_like(text: &str) -> usize {
    let outside = |character| !is_word(character) && !matches!(character, '+' | '-' | '.');
    text.find(outside).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{parse, pretty, strategies};
    use super::*;

    /// Returns the pieces of `line` with a letter each: k(ey), s(tring), n(umber), w(ord), p(unctuation), e(rror).
    fn lexed(line: &str) -> Vec<(char, &str)> {
        let letter = |token| match token {
            Token::Key => 'k',
            Token::String => 's',
            Token::Number => 'n',
            Token::Keyword => 'w',
            Token::Punctuation => 'p',
            Token::Error => 'e',
        };
        lex_line(line).into_iter().map(|(range, token)| (letter(token), &line[range])).collect()
    }

    #[test]
    fn a_line_is_taken_apart() {
        for (line, expected) in [
            ("", vec![]),
            ("  ", vec![]),
            ("  \"a\" : -1.5e3,", vec![('k', "\"a\""), ('p', ":"), ('n', "-1.5e3"), ('p', ",")]),
            ("[true, null]", vec![('p', "["), ('w', "true"), ('p', ","), ('w', "null"), ('p', "]")]),
            ("\"a\\\"b\": \"é", vec![('k', "\"a\\\"b\""), ('p', ":"), ('s', "\"é")]),
            ("\"a:", vec![('s', "\"a:")]),
            ("\"", vec![('s', "\"")]),
            ("\"\\\":", vec![('s', "\"\\\":")]),
            ("\"a\" \"b\"", vec![('s', "\"a\""), ('s', "\"b\"")]),
            ("naïve truefalse", vec![('e', "naïve"), ('e', "truefalse")]),
            ("01 1. -x 1e5 12ab", vec![('e', "01"), ('e', "1."), ('e', "-x"), ('n', "1e5"), ('e', "12ab")]),
            ("'é'", vec![('e', "'"), ('e', "é"), ('e', "'")]),
        ] {
            assert_eq!(lexed(line), expected, "{line}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn no_text_upsets_the_highlighter(text in prop_oneof![any::<String>(), strategies::damaged_json_text(), strategies::token_soup()]) {
            let mut end = 0;
            for (range, _) in lex_line(&text) {
                prop_assert!(end <= range.start && range.start < range.end);
                prop_assert!(text.get(range.clone()).is_some(), "on character boundaries");
                prop_assert!(text[end..range.start].trim().is_empty(), "only white space is left out");
                end = range.end;
            }
            prop_assert!(text[end..].trim().is_empty());
        }

        #[test]
        fn nothing_in_json_is_an_error(text in strategies::json_text()) {
            let document = parse(&text).expect("generated JSON");
            for line in pretty(&document).split('\n') {
                prop_assert!(lex_line(line).iter().all(|(_, token)| *token != Token::Error), "{}", line);
            }
        }
    }
}
