//! Makes text from data safe to show: whatever acts on the terminal, or shows nothing, becomes a visible escape.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// The most combining marks kept on one base character; no living orthography stacks more.
const MAX_MARKS: usize = 4;
/// The most joiners kept in one emoji; the longest recommended sequences (a family of four) have three.
const MAX_JOINS: usize = 4;

const ZERO_WIDTH_JOINER: char = '\u{200d}';
const EMOJI_PRESENTATION: char = '\u{fe0f}';
const ENCLOSING_KEYCAP: char = '\u{20e3}';

/// Returns `text` as one line that is safe on a terminal; borrowed when nothing had to change.
///
/// Escaped are the control characters (`\n`, `\r` and `\t` by those names, others as `\u001b`), bidirectional controls,
/// zero-width and other invisible characters, line and paragraph separators, tag characters and noncharacters (beyond
/// U+FFFF as `\u{e0041}`), combining marks beyond four in a row or without a character to stand on, and joiners and
/// variation selectors outside emoji. No grapheme of the result has a width of zero.
///
/// Applying it twice changes nothing more. The result is for eyes only: a backslash stays as it is, so an escape that
/// stood in the text cannot be told from one made here.
pub fn display_safe(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// Returns `text` like [`display_safe`], but keeps line feeds and tabs: for printing several lines on stdout or stderr.
pub fn display_safe_lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| matches!(c, '\n' | '\t'))
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.bytes().all(|b| matches!(b, b' '..=b'~') || keep(char::from(b))) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::new();
    let mut copied = 0;
    let mut context = Context::default();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if keep(c) {
            context = Context::default();
        } else if !context.accepts(c, chars.peek().map(|&(_, next)| next)) {
            context = Context::default();
            safe.push_str(&text[copied..at]);
            push_escape(&mut safe, c);
            copied = at + c.len_utf8();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    safe.push_str(&text[copied..]);
    Cow::Owned(safe)
}

fn push_escape(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c => {
            let code = u32::from(c);
            if code <= 0xffff { write!(out, "\\u{code:04x}") } else { write!(out, "\\u{{{code:x}}}") }
                .expect("writing to a String cannot fail");
        }
    }
}

/// What the next character would attach to. After an escape there is nothing: a mark there would change the escape.
#[derive(Default)]
struct Context {
    /// The character kept just before.
    previous: Option<char>,
    /// The last character kept that takes room of its own; `None` right after a joiner.
    base: Option<char>,
    /// Combining marks kept on `base`.
    marks: usize,
    /// Joiners kept in the emoji that is being read.
    joins: usize,
}

impl Context {
    /// Tells whether `c` may stay, followed as it is by `next`, and if so takes it in.
    fn accepts(&mut self, c: char, next: Option<char>) -> bool {
        let accepted = match c {
            ' '..='~' => self.begin(c),
            ZERO_WIDTH_JOINER => self.join(next),
            EMOJI_PRESENTATION => self.previous.is_some_and(|previous| takes_presentation(previous, next)),
            c if is_hidden(c) => false,
            c if is_skin_tone(c) => self.base.is_some_and(is_pictographic) || self.begin(c),
            c if is_mark(c) => self.stack(c),
            c => self.begin(c),
        };
        if accepted {
            self.previous = Some(c);
        }
        accepted
    }

    fn begin(&mut self, c: char) -> bool {
        // Only a joiner leaves joins behind without a base: the emoji goes on.
        if self.base.is_some() {
            self.joins = 0;
        }
        self.base = Some(c);
        self.marks = 0;
        true
    }

    fn join(&mut self, next: Option<char>) -> bool {
        let joins = self.joins < MAX_JOINS
            && self.marks == 0
            && self.base.is_some_and(is_pictographic)
            && next.is_some_and(is_pictographic);
        if joins {
            self.joins += 1;
            self.base = None;
        }
        joins
    }

    fn stack(&mut self, c: char) -> bool {
        let stacks = self.marks < MAX_MARKS && self.previous.is_some_and(|previous| attaches(previous, c));
        if stacks {
            self.marks += 1;
        }
        stacks
    }
}

/// Tells whether `c` shows nothing of its own or acts on what surrounds it: control characters, Unicode's
/// `Default_Ignorable_Code_Point`, line and paragraph separators, annotation and hieroglyph controls, noncharacters.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Tells whether `c` stands on the character before it. The halfwidth sound marks have a cell of their own on terminals.
fn is_mark(c: char) -> bool {
    c.width() == Some(0) && !matches!(c, '\u{ff9e}' | '\u{ff9f}')
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Tells whether U+FE0F between `previous` and `next` belongs to an emoji: after a pictograph, or within a keycap.
fn takes_presentation(previous: char, next: Option<char>) -> bool {
    match previous {
        '0'..='9' | '#' | '*' => next == Some(ENCLOSING_KEYCAP),
        _ => is_pictographic(previous),
    }
}

/// Tells whether `c` is an `Extended_Pictographic` character: only those stay in one grapheme with an emoji that is
/// joined to them (rule GB11 of Unicode's annex 29), so the segmentation tables answer it.
fn is_pictographic(c: char) -> bool {
    !c.is_ascii() && is_one_grapheme(&[c, ZERO_WIDTH_JOINER, '\u{2764}'])
}

/// Tells whether `mark` becomes one grapheme with `previous`. Vowels and finals of decomposed Hangul only do so after
/// their like; alone they would take no cell and vanish.
fn attaches(previous: char, mark: char) -> bool {
    is_one_grapheme(&[previous, mark])
}

fn is_one_grapheme(chars: &[char]) -> bool {
    chars.iter().collect::<String>().graphemes(true).nth(1).is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::width;
    use super::*;

    /// Text in which hostile and well-formed pieces meet often.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            prop::sample::select(vec![
                "a",
                "1",
                "#",
                "\u{301}",
                "\u{200d}",
                "\u{fe0f}",
                "\u{20e3}",
                "❤",
                "👩",
                "🏽",
                "🇫",
                "🇮",
                "\u{1b}[2J",
                "\n",
                "\t",
                "\u{202e}",
                "\u{1100}",
                "\u{1161}",
                "\u{11a8}",
                "한",
                "クﾞ",
                "क",
                "\u{94d}",
                "ا",
                "\u{e0041}",
                "\u{600}",
                "\u{fdd0}",
                "ลั",
                "\\",
            ])
            .prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    #[test]
    fn plain_text_is_borrowed() {
        for plain in [
            "",
            "orders 2024",
            "Zoë Straße",
            "日本語",
            "한국어",
            "नमस्ते",
            "ภาษาไทย",
            "שלום",
            "مرحبا",
            "❤️",
            "👩‍👩‍👧‍👦",
            "👍🏽",
            "1️⃣",
            "🇫🇮",
            "ｶﾞ",
        ] {
            assert!(matches!(display_safe(plain), Cow::Borrowed(_)), "{plain}");
            assert_eq!(display_safe(plain), plain);
        }
    }

    #[test]
    fn what_acts_or_hides_becomes_visible() {
        for (hostile, shown) in [
            ("\u{1b}[31mred", r"\u001b[31mred"),
            ("\u{9b}2J", r"\u009b2J"),
            ("a\u{7f}b\0", r"a\u007fb\u0000"),
            ("line\nnext\r\tend", r"line\nnext\r\tend"),
            ("user\u{202e}nimda", r"user\u202enimda"),
            ("a\u{2066}b\u{2069}\u{61c}", r"a\u2066b\u2069\u061c"),
            ("zero\u{200b}width\u{feff}\u{ad}", r"zero\u200bwidth\ufeff\u00ad"),
            ("a\u{2028}b\u{2029}", r"a\u2028b\u2029"),
            ("tag\u{e0041}", r"tag\u{e0041}"),
            ("\u{fdd0}\u{ffff}\u{10ffff}", r"\ufdd0\uffff\u{10ffff}"),
            ("\u{3164}\u{115f}\u{180e}", r"\u3164\u115f\u180e"),
            ("pass\u{200d}word", r"pass\u200dword"),
            ("a\u{fe0f}b\u{fe00}", r"a\ufe0fb\ufe00"),
        ] {
            assert_eq!(display_safe(hostile), shown);
        }
    }

    #[test]
    fn only_four_marks_stay_on_one_character() {
        let zalgo = format!("z{}o", "\u{301}".repeat(6));
        assert_eq!(display_safe(&zalgo), format!("z{}\\u0301\\u0301o", "\u{301}".repeat(4)));
    }

    #[test]
    fn a_mark_needs_a_character_to_stand_on() {
        assert_eq!(display_safe("\u{301}a"), r"\u0301a");
        assert_eq!(display_safe("\u{1b}\u{301}"), r"\u001b\u0301");
        assert_eq!(display_safe_lines("a\n\u{301}"), "a\n\\u0301");
        assert_eq!(display_safe("a\u{1161}"), r"a\u1161", "a Hangul vowel needs a consonant");
        assert_eq!(display_safe("\u{1112}\u{1161}\u{11ab}"), "\u{1112}\u{1161}\u{11ab}");
    }

    #[test]
    fn joiners_and_selectors_stay_only_inside_emoji() {
        for emoji in ["❤️‍🔥", "👩🏽‍🚀", "👩🏻‍❤️‍💋‍👨🏻", "🏳️‍🌈", "#️⃣", "©️"]
        {
            assert_eq!(display_safe(emoji), emoji);
        }
        assert_eq!(display_safe("👩\u{200d}"), r"👩\u200d");
        assert_eq!(display_safe("👩\u{200d}a"), r"👩\u200da");
        assert_eq!(display_safe("❤\u{fe0f}\u{fe0f}"), "❤\u{fe0f}\\ufe0f");
        assert_eq!(display_safe("1\u{fe0f}2"), r"1\ufe0f2");
        assert_eq!(display_safe("क\u{94d}\u{200d}ष"), "क\u{94d}\\u200dष");
        let crowd = ["👩"; 8].join("\u{200d}");
        assert_eq!(display_safe(&crowd), "👩\u{200d}👩\u{200d}👩\u{200d}👩\u{200d}👩\\u200d👩\u{200d}👩\u{200d}👩");
    }

    #[test]
    fn lines_and_tabs_stay_where_several_lines_are_shown() {
        assert_eq!(display_safe_lines("{\n\t\"a\": 1\r\n}"), "{\n\t\"a\": 1\\r\n}");
        assert!(matches!(display_safe_lines("{\n  \"a\": \"ä\"\n}"), Cow::Borrowed(_)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn nothing_hidden_is_left(text in text()) {
            let one_line = display_safe(&text);
            prop_assert!(!one_line.contains(char::is_control), "{one_line:?}");
            for c in one_line.chars() {
                prop_assert!(!is_hidden(c) || c == EMOJI_PRESENTATION || c == ZERO_WIDTH_JOINER, "{one_line:?}");
            }
            let lines = display_safe_lines(&text);
            prop_assert!(!lines.contains(|c: char| c.is_control() && c != '\n' && c != '\t'), "{lines:?}");
        }

        #[test]
        fn every_grapheme_takes_room_on_the_screen(text in text()) {
            let safe = display_safe(&text);
            for grapheme in safe.graphemes(true) {
                prop_assert!(width(grapheme) > 0, "{grapheme:?} in {safe:?}");
            }
        }
    }
}
