//! Where each letter of a text stands in the way it is written: behind escapes, doubled quotes, folded lines.
//!
//! Nothing here knows which format wrote it. Each letter has to be found again in its turn; where one is not, none has a place.

/// The places of a text's bytes in the text that it is written as.
pub struct Letters(Vec<(u32, u32)>);

/// What a format may fold, indent by and leave out.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// The longest text whose letters are looked for.
const LONGEST: usize = 4 << 20;

impl Letters {
    /// Finds every letter of `text` in `written`, quotes and headers of blocks included; none where the two do not fit.
    #[must_use]
    pub fn of(written: &str, text: &str) -> Option<Self> {
        if written.len() > LONGEST || text.len() > LONGEST {
            return None;
        }
        let (start, quote) = opening(written);
        let ways = [true, false].into_iter();
        let found =
            ways.filter_map(|escapes| Walk { written, at: start, quote, escapes }.all(text));
        found.map(Self).next()
    }

    /// Where bytes of the text stand, in bytes of what is written; none where they are none of it.
    #[must_use]
    pub fn place(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        if start >= end {
            let at = self.0.get(start).map(|(from, _)| *from);
            let at =
                at.or_else(|| self.0.last().map(|(_, to)| *to).filter(|_| start == self.0.len()))?;
            return Some((at as usize, at as usize));
        }
        let (from, _) = self.0.get(start)?;
        let (_, to) = self.0.get(end - 1)?;
        Some((*from as usize, *to as usize))
    }
}

/// Where the text begins, and by what quote it is enclosed.
fn opening(written: &str) -> (usize, Option<char>) {
    let line = written.find('\n').map_or(written.len(), |end| end + 1);
    for fence in ["\"\"\"", "'''"] {
        if let Some(rest) = written.strip_prefix(fence).filter(|rest| rest.len() >= fence.len()) {
            let is_line = rest.starts_with('\n') || rest.starts_with("\r\n");
            return (if is_line { line } else { fence.len() }, None);
        }
    }
    match written.chars().next() {
        Some(quote @ ('"' | '\'')) => (1, Some(quote)),
        Some('>' | '|') => (line, None),
        Some('<') if written.starts_with("<<") => (line, None),
        Some('$') if written.starts_with("$'") => (2, None),
        _ => (0, None),
    }
}

/// How far a text is found.
struct Walk<'a> {
    written: &'a str,
    at: usize,
    quote: Option<char>,
    /// Whether a backslash changes what follows it.
    escapes: bool,
}

impl Walk<'_> {
    fn all(mut self, text: &str) -> Option<Vec<(u32, u32)>> {
        let mut places = Vec::with_capacity(text.len());
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let length = self.length(letter, letters.peek().copied())?;
            let place = |offset: usize| u32::try_from(offset).ok();
            let place = (place(self.at)?, place(self.at + length)?);
            places.extend(std::iter::repeat_n(place, letter.len_utf8()));
            self.at += length;
        }
        Some(places)
    }

    fn rest(&self) -> &str {
        self.written.get(self.at..).unwrap_or_default()
    }

    /// How many bytes the next letter takes, once what stands for nothing is skipped.
    fn length(&mut self, letter: char, next: Option<char>) -> Option<usize> {
        loop {
            let rest = self.rest();
            if self.escapes
                && let Some(escaped) = rest.strip_prefix('\\')
            {
                if let Some((length, _)) = escape(escaped).filter(|(_, of)| *of == letter) {
                    return Some(1 + length);
                }
                if escaped.starts_with(['\n', '\r']) {
                    self.at += 1 + escaped.len() - escaped.trim_start().len();
                    continue;
                }
                return (letter == '\\').then_some(1);
            }
            if self.quote == Some(letter) {
                let doubled = rest.strip_prefix(letter).and_then(|rest| rest.strip_prefix(letter));
                return doubled.map(|_| 2 * letter.len_utf8());
            }
            let is_doubled = next == Some('{') && matches!(letter, '$' | '%');
            if is_doubled && rest.starts_with([letter]) && rest.get(1..)?.starts_with([letter]) {
                return Some(2);
            }
            if rest.starts_with(letter) {
                return Some(letter.len_utf8());
            }
            let blanks = rest.len() - rest.trim_start_matches(BLANKS).len();
            let line = rest.get(..blanks)?.find('\n');
            if BLANKS.contains(&letter) {
                // The end of a folded line stands for a blank.
                return line.map(|end| end + 1);
            }
            let is_indented =
                self.written.get(..self.at)?.trim_end_matches([' ', '\t']).ends_with('\n');
            if blanks == 0 || line.is_none() && !is_indented {
                return None;
            }
            self.at += blanks;
        }
    }
}

/// What an escape stands for, and its length without the backslash.
fn escape(escaped: &str) -> Option<(usize, char)> {
    let code = |from: usize, length: usize| {
        let digits = escaped.get(from..from + length)?;
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
        u32::from_str_radix(digits, 16).ok()
    };
    let letter = escaped.chars().next()?;
    let simple = |of: char| Some((1, of));
    match letter {
        'n' => simple('\n'),
        't' => simple('\t'),
        'r' => simple('\r'),
        '0' => simple('\0'),
        'a' => simple('\u{7}'),
        'b' => simple('\u{8}'),
        'v' => simple('\u{b}'),
        'f' => simple('\u{c}'),
        'e' => simple('\u{1b}'),
        'N' => simple('\u{85}'),
        '_' => simple('\u{a0}'),
        'x' => Some((3, char::from_u32(code(1, 2)?)?)),
        'U' => Some((9, char::from_u32(code(1, 8)?)?)),
        'u' if escaped.starts_with("u{") => {
            let end = escaped.find('}')?;
            Some((end + 1, char::from_u32(code(2, end.checked_sub(2)?)?)?))
        }
        'u' => {
            let first = code(1, 4)?;
            let second = escaped.get(5..7).filter(|mark| *mark == "\\u").and_then(|_| code(7, 4));
            let (Some(second), 0xD800..0xDC00) = (second, first) else {
                return Some((5, char::from_u32(first)?));
            };
            let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
            Some((11, char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + low)?))
        }
        other => Some((other.len_utf8(), other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place<'a>(written: &'a str, text: &str, part: &str) -> Option<&'a str> {
        let start = text.find(part).unwrap();
        let (from, to) = Letters::of(written, text)?.place(start, start + part.len())?;
        written.get(from..to)
    }

    #[test]
    fn a_part_is_found_however_the_text_is_written() {
        for (written, text, part, expected) in [
            (r#""a=b\nc=d""#, "a=b\nc=d", "c=d", "c=d"),
            (r#""{\"a\":\"b\"}""#, r#"{"a":"b"}"#, "\"b\"", r#"\"b\""#),
            (r#""\u0061\/b\\""#, "a/b\\", "/b\\", r"\/b\\"),
            (r#""\ud83d\ude00x""#, "😀x", "x", "x"),
            (r#""\u{1F600}x""#, "😀x", "😀", r"\u{1F600}"),
            ("'it''s a'", "it's a", "'s", "''s"),
            (r"'a\nb'", r"a\nb", "nb", "nb"),
            (r"'a\\b'", r"a\\b", "b", "b"),
            ("\"a\\\n   b\"", "ab", "b", "b"),
            ("\"a\n\n   b\n   c\"", "a\nb c", "b c", "b\n   c"),
            (">-\n  a\n  b\n", "a b", "b", "b"),
            (">-\n  a\n    b\n  c\n", "a\n  b\nc", "c", "c"),
            ("|\r\n  a\r\n  b\r\n", "a\nb\n", "b", "b"),
            ("<<-E\n  $${a}\n  b=c\n  E", "${a}\nb=c\n", "b=c", "b=c"),
            ("\"\"\"\na=\\\"b\\\"\nc\"\"\"", "a=\"b\"\nc", "c", "c"),
        ] {
            assert_eq!(place(written, text, part), Some(expected), "{written}");
        }
    }

    #[test]
    fn a_text_that_is_not_what_is_written_has_no_places() {
        for (written, text) in
            [("\"ab\"", "ac"), ("'a' . 'b'", "ab"), ("YT1i", "a=b"), ("\"a b\"", "ab")]
        {
            assert!(Letters::of(written, text).is_none(), "{written}");
        }
    }
}
