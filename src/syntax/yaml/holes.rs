//! Hides template code from a parser: Helm and Jinja holes become filler of the same byte length.
//!
//! Every span of the masked text is a span of the file, and what meets a hole is known to be an expression.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use memchr::memmem;

/// How long a hole may be, so that two stray braces far apart are none.
const MAX_HOLE: usize = 4096;

/// How long a template comment may be.
const MAX_COMMENT: usize = 65_536;

/// How many lines above and below a hole are looked at.
const MAX_NEAR: usize = 8;

/// The places that were masked, sorted, none inside another.
#[derive(Debug, Default)]
pub struct Holes(Vec<Range<usize>>);

impl Holes {
    /// Whether a masked byte lies in `start..end`.
    #[must_use]
    pub fn meet(&self, start: usize, end: usize) -> bool {
        let before = self.0.partition_point(|hole| hole.start < end);
        before.checked_sub(1).and_then(|last| self.0.get(last)).is_some_and(|hole| hole.end > start)
    }

    /// Whether nothing was masked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one more masked place.
    pub fn add(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.0.retain(|hole| hole.start < range.start || hole.end > range.end);
        self.0.insert(self.0.partition_point(|hole| hole.start < range.start), range);
    }
}

/// Masks `{{ … }}`, `{% … %}` and `{# … #}`, and the backslashes of `!php/const` tags, which no YAML tag may hold.
///
/// A hole among other text becomes underscores: they are fit for a plain scalar and, after a backslash, for a quoted one. A hole alone
/// on its line becomes a comment at the same column: nothing between settings, yet content inside a block scalar; so does one between a
/// key and the entries below it. `${{ … }}` is no hole.
#[must_use]
pub fn mask(text: &str) -> (Cow<'_, str>, Holes) {
    let mut holes = find(text);
    let constants = backslashes(text);
    if holes.is_empty() && constants.is_empty() {
        return (Cow::Borrowed(text), Holes::default());
    }
    let mut masked = String::with_capacity(text.len());
    let fences = fences(text, &holes);
    let mut rest = holes.as_slice();
    while let Some(first) = rest.first() {
        let pairs = rest.iter().zip(rest.iter().skip(1));
        let joined = pairs.take_while(|(one, other)| is_blank(text, one.end, other.start));
        let (group, next) = rest.split_at(joined.count() + 1);
        let last = group.last().map_or(first.end, |hole| hole.end);
        let alone = ends_line(text, last) && begins_nothing(text, first.start, last);
        let mut pad = if alone { padding(text, first.start, last) } else { 0 };
        for hole in group {
            masked.push_str(text.get(masked.len()..hole.start).unwrap_or_default());
            let is_fence = alone && fences.contains(&hole.start) && starts_line(text, hole.start);
            masked.push_str(if is_fence { "--- " } else { "" });
            pad = pad.min(hole.len());
            masked.extend(std::iter::repeat_n(' ', pad));
            let left = hole.end.saturating_sub(masked.len());
            masked.extend(std::iter::repeat_n(if alone { '#' } else { '_' }, left));
            pad = 0;
        }
        rest = next;
    }
    masked.push_str(text.get(masked.len()..).unwrap_or_default());
    for at in constants {
        if masked.as_bytes().get(at) == Some(&b'\\') {
            masked.replace_range(at..=at, "_");
            holes.push(at..at + 1);
        }
    }
    holes.sort_by_key(|hole| hole.start);
    (Cow::Owned(masked), Holes(holes))
}

/// Where named templates of Go's begin and end, by the starts of these holes: each is a document of its own, whatever stands before it.
fn fences(text: &str, holes: &[Range<usize>]) -> BTreeSet<usize> {
    let mut fences = BTreeSet::new();
    if memmem::find(text.as_bytes(), b"define").is_none() {
        return fences;
    }
    let mut open: Vec<bool> = Vec::new();
    for hole in holes {
        let inner = text.get(hole.start + 2..hole.end).unwrap_or_default();
        let inner = inner.trim_start_matches('-').trim_start();
        let end = inner.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(inner.len());
        let word = inner.get(..end).unwrap_or_default();
        let is_fence = match word {
            "if" | "with" | "range" | "block" | "define" => {
                open.push(word == "define");
                word == "define"
            }
            "end" => open.pop() == Some(true),
            _ => false,
        };
        fences.extend(is_fence.then_some(hole.start));
    }
    fences
}

fn starts_line(text: &str, at: usize) -> bool {
    line_start(text, at) == at
}

fn is_blank(text: &str, start: usize, end: usize) -> bool {
    text.get(start..end)
        .is_some_and(|between| between.bytes().all(|byte| matches!(byte, b' ' | b'\t')))
}

/// Whether only blanks or a comment stand after `end` on its line.
fn ends_line(text: &str, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default().trim_start_matches([' ', '\t', '\r']);
    after.is_empty() || after.starts_with(['\n', '#'])
}

/// Whether the hole is its whole line, or stands where `labels: {{ include … }}` goes on with more labels below.
fn begins_nothing(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(line_start(text, start)..start).unwrap_or_default();
    if before.trim().is_empty() {
        return true;
    }
    let column = before.len() - before.trim_start_matches([' ', '-']).len();
    before.trim_end().ends_with(':')
        && line_below(text, end).is_some_and(|line| {
            indent(line) > column && (line.contains(": ") || line.trim_end().ends_with(':'))
        })
}

/// How far a comment must move right so that it does not end a block scalar which goes on below.
fn padding(text: &str, start: usize, end: usize) -> usize {
    let line = line_start(text, start);
    let above = text
        .get(..line)
        .unwrap_or_default()
        .lines()
        .rev()
        .take(MAX_NEAR)
        .find(|line| is_text(line));
    let below = line_below(text, end).map_or(0, indent);
    if above.is_some_and(|above| start - line <= indent(above)) {
        below.saturating_sub(start - line)
    } else {
        0
    }
}

/// The next line with something else than a hole on it.
fn line_below(text: &str, from: usize) -> Option<&str> {
    text.get(from..)?.lines().skip(1).take(MAX_NEAR).find(|line| is_text(line))
}

fn is_text(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !["{{", "{%", "{#"].iter().any(|open| line.starts_with(open))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The start of the line an offset is on.
#[must_use]
pub fn line_start(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    memchr::memrchr(b'\n', before).map_or(0, |end| end + 1)
}

fn find(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut holes = Vec::new();
    let mut comment_end = Some(0);
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'{', rest)) {
        let open = at + found;
        at = open + 1;
        let close: &[u8; 2] = match bytes.get(open + 1) {
            Some(b'{') => b"}}",
            Some(b'%') => b"%}",
            Some(b'#') => b"#}",
            _ => continue,
        };
        if close == b"}}" && open > 0 && bytes.get(open - 1) == Some(&b'$') {
            at = open + 2;
            continue;
        }
        let mut from = open + 2;
        let inside = bytes.get(from..).unwrap_or_default();
        if close == b"}}" && (inside.starts_with(b"/*") || inside.starts_with(b"- /*")) {
            while comment_end.is_some_and(|end| end < from + 2) {
                let rest = bytes.get(from + 2..).unwrap_or_default();
                comment_end = memmem::find(rest, b"*/").map(|end| from + 2 + end);
            }
            from = comment_end.filter(|end| end - open < MAX_COMMENT).unwrap_or(from);
        }
        if let Some(end) = hole_end(bytes, open, from, *close) {
            holes.push(open..end);
            at = end;
        }
    }
    holes
}

/// One past the end of the hole that opens at `open`, looked for behind `from`.
fn hole_end(bytes: &[u8], open: usize, from: usize, close: [u8; 2]) -> Option<usize> {
    let limit = bytes.len().min(from + MAX_HOLE);
    let opening = bytes.get(open..open + 2)?;
    let mut at = from;
    while let Some((&byte, rest)) = bytes.get(at..limit).and_then(<[u8]>::split_first) {
        let next = rest.first()?;
        match byte {
            _ if [byte, *next] == close => return Some(at + 2),
            b'{' if opening == [byte, *next] => return None,
            b'\n' if is_comment(bytes, open) => return None,
            quote @ (b'"' | b'\'' | b'`') if close != *b"#}" => {
                let end = memchr::memchr2(quote, b'\n', rest);
                let within = end.filter(|&end| rest.get(end) == Some(&quote));
                let within = within.and_then(|end| rest.get(..end));
                let skips =
                    |within: &&[u8]| quote != b'\'' || memmem::find(within, &close).is_none();
                at += within.filter(skips).map_or(0, |within| within.len() + 1);
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether the line up to `open` begins as a YAML comment.
fn is_comment(bytes: &[u8], open: usize) -> bool {
    let before = bytes.get(..open).unwrap_or_default();
    let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    before.get(start..).unwrap_or_default().trim_ascii_start().starts_with(b"#")
}

/// The backslashes of tags such as `!php/const:\PDO::ATTR`, as Adobe's `.magento.env.yaml` examples write them.
fn backslashes(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for tag in memmem::find_iter(text.as_bytes(), b"!php/const:") {
        let (before, token) = text.as_bytes().split_at(tag);
        let token = token.get(..MAX_HOLE).unwrap_or(token);
        let token = token.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        if before.last().is_none_or(u8::is_ascii_whitespace) {
            found.extend(memchr::memchr_iter(b'\\', token).map(|at| tag + at));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let (masked, _) = mask(text);
        assert_eq!(masked.len(), text.len());
        masked.into_owned()
    }

    #[test]
    fn a_hole_among_text_becomes_a_word() {
        assert_eq!(masked("a: {{ b }}:80"), "a: _______:80");
        assert_eq!(masked("a: \"{{ é \"}}\" }}\""), "a: \"_____________\"");
        assert_eq!(masked("{{ a\n  b }}: {% c %}"), "___________: _______");
    }

    #[test]
    fn a_hole_alone_on_its_line_becomes_a_comment() {
        assert_eq!(masked("a:\n  {{- if b }}\n  c: 1\n"), "a:\n  ###########\n  c: 1\n");
        assert_eq!(masked("{{/* {{ a }}\n\n */}} # b\n"), "################### # b\n");
    }

    #[test]
    fn a_hole_inside_a_block_does_not_end_it() {
        assert_eq!(
            masked("a: |\n   b\n{{ if c }}\n   d\n{{ end }}\n"),
            "a: |\n   b\n   #######\n   d\n#########\n"
        );
    }

    #[test]
    fn a_hole_with_entries_below_its_key_becomes_a_comment() {
        assert_eq!(
            masked("a: {{ b }}\n  {{ if c }}\n  d: 1\n"),
            "a: #######\n  ##########\n  d: 1\n"
        );
        assert_eq!(masked("a: {{ b }}\nd: 1\n"), "a: _______\nd: 1\n");
    }

    #[test]
    fn what_only_looks_like_a_hole_stays() {
        for text in
            ["a: ${{ secrets.B }}", "a: {b: {c: 1}}", "a: '{{'", "# {{ a\nb: }}", "{a: ${B}}"]
        {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn php_constants_are_fit_for_a_tag() {
        assert_eq!(masked("!php/const:\\PDO::A : \"\\n\""), "!php/const:_PDO::A : \"\\n\"");
    }

    #[test]
    fn stray_braces_take_linear_time() {
        for stray in [
            "{{ ",
            "{{/* ",
            "{{/* */ ",
            "{% ",
            "{{ \"",
            "{# '",
            "!php/const:\\",
            "# {{ a\n",
            "{{a}}",
            "b{{a}}",
        ] {
            assert_eq!(mask(&stray.repeat(200_000)).0.len(), stray.len() * 200_000);
        }
    }
}
