//! Where a PHP string ends, and what it says.
//!
//! A string that is never closed ends before the next line that starts an entry or closes an array, so the entries after it still count.

use memchr::{memchr, memchr2, memchr3};

/// What may be tried only so often in one file, so that reading stays linear.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    recoveries: u8,
    interpolations: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { recoveries: 32, interpolations: true }
    }
}

/// The end of the string whose opening quote stands at `start`, and whether it is closed.
pub(super) fn quoted_end(bytes: &[u8], start: usize, limits: &mut Limits) -> (usize, bool) {
    let quote = byte(bytes, start);
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let found = if quote == b'"' {
            memchr3(b'"', b'\\', b'{', rest)
        } else {
            memchr2(quote, b'\\', rest)
        };
        let Some(offset) = found else {
            return (recovered_end(bytes, start + 1, bytes.len(), limits), false);
        };
        let here = at + offset;
        at = match byte(bytes, here) {
            b'\\' => here + 2,
            b'{' => interpolation_end(bytes, here, limits).unwrap_or(here + 1),
            _ if swallows_entry(bytes, start, here) && limits.recoveries > 0 => {
                return (recovered_end(bytes, start + 1, here, limits), false);
            }
            _ => return (here + 1, true),
        };
    }
}

/// The end of the heredoc or nowdoc whose `<<<` stands at `start`, and whether it is closed; `None` where none starts.
pub(super) fn heredoc_end(
    bytes: &[u8],
    start: usize,
    limits: &mut Limits,
) -> Option<(usize, bool)> {
    let header = Header::read(bytes, start)?;
    let mut line = header.body;
    while line < bytes.len() {
        let rest = bytes.get(line + blanks(bytes, line)..).unwrap_or_default();
        if rest.starts_with(header.label)
            && !rest.get(header.label.len()).is_some_and(|&next| is_word(next))
        {
            return Some((bytes.len() - rest.len() + header.label.len(), true));
        }
        let Some(length) = memchr(b'\n', rest) else { break };
        line = bytes.len() - rest.len() + length + 1;
    }
    Some((recovered_end(bytes, header.body, bytes.len(), limits), false))
}

/// The value of a string or heredoc, quotes included; `None` where something is interpolated. Bytes that are no UTF-8 become U+FFFD.
pub(super) fn value(raw: &str, closed: bool) -> Option<String> {
    let raw = raw.strip_prefix(['b', 'B']).unwrap_or(raw);
    let end = raw.len() - usize::from(closed);
    match raw.as_bytes().first()? {
        b'\'' => Some(single_quoted(raw.get(1..end)?)),
        b'"' => escaped(raw.get(1..end)?, true),
        _ => heredoc(raw, closed),
    }
}

/// Whether a byte can stand inside a name.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

struct Header<'a> {
    label: &'a [u8],
    literal: bool,
    body: usize,
}

impl<'a> Header<'a> {
    fn read(bytes: &'a [u8], start: usize) -> Option<Self> {
        let mut at = start + 3;
        at += blanks(bytes, at);
        let quote = Some(byte(bytes, at)).filter(|quote| matches!(quote, b'\'' | b'"'));
        at += usize::from(quote.is_some());
        let rest = bytes.get(at..)?;
        let length = rest.iter().take_while(|&&byte| is_word(byte)).count();
        let label = rest.get(..length).filter(|label| !label.is_empty())?;
        if byte(label, 0).is_ascii_digit() {
            return None;
        }
        at += length;
        if let Some(quote) = quote {
            (byte(bytes, at) == quote).then_some(())?;
            at += 1;
        }
        at += usize::from(byte(bytes, at) == b'\r');
        (byte(bytes, at) == b'\n').then_some(Self {
            label,
            literal: quote == Some(b'\''),
            body: at + 1,
        })
    }
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}

fn blanks(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}

/// The end of `{$…}` or `${…}` in a double-quoted string, where it stands on one line.
fn interpolation_end(bytes: &[u8], brace: usize, limits: &mut Limits) -> Option<usize> {
    let opens = byte(bytes, brace + 1) == b'$' || byte(bytes, brace - 1) == b'$';
    if !opens || !limits.interpolations {
        return None;
    }
    let mut depth = 0_usize;
    let mut quote = None;
    let mut at = brace;
    loop {
        match (byte(bytes, at), quote) {
            (0 | b'\n', _) => {
                limits.interpolations = false;
                return None;
            }
            (b'\\', Some(_)) => at += 1,
            (found, Some(open)) => quote = Some(open).filter(|_| found != open),
            (found @ (b'\'' | b'"'), None) => quote = Some(found),
            (b'{', None) => depth += 1,
            (b'}', None) if depth == 1 => return Some(at + 1),
            (b'}', None) => depth -= 1,
            _ => {}
        }
        at += 1;
    }
}

/// Whether the quote at `here`, which would close a string of several lines, opens the key or the value of an entry: what follows it
/// may not follow a string, so the string before it was never closed.
fn swallows_entry(bytes: &[u8], start: usize, here: usize) -> bool {
    let next = byte(bytes, here + 1);
    let word = next.is_ascii_alphanumeric() || next == b'_';
    if !word && !matches!(next, b'\'' | b'"' | b'-' | b'/') {
        return false;
    }
    let before = bytes.get(start + 1..here).unwrap_or_default();
    let window = before.len().saturating_sub(300);
    let near = before.get(window..).unwrap_or_default();
    let Some(newline) = memchr::memrchr(b'\n', near) else { return false };
    let line = start + 1 + window + newline + 1;
    if line + blanks(bytes, line) == here {
        return word && inline_string(bytes, here).is_some();
    }
    let key = near.get(newline + 1..).unwrap_or_default();
    key.trim_ascii_end().ends_with(b"=>") && starts_entry(bytes, line)
}

/// The end of the string at `at` where it is short and on one line.
fn inline_string(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at + 1..)?;
    let rest = rest.get(..256).unwrap_or(rest);
    let length = memchr3(byte(bytes, at), b'\n', b'\\', rest)?;
    (byte(rest, length) == byte(bytes, at)).then_some(at + 1 + length + 1)
}

fn starts_entry(bytes: &[u8], line: usize) -> bool {
    let at = line + blanks(bytes, line);
    match byte(bytes, at) {
        b']' | b')' => true,
        b'\'' | b'"' => inline_string(bytes, at).is_some_and(|end| {
            bytes.get(end + blanks(bytes, end)..).unwrap_or_default().starts_with(b"=>")
        }),
        _ => false,
    }
}

/// Where a string that is never closed ends: before the first line up to `limit` that starts an entry, without its separator.
fn recovered_end(bytes: &[u8], content: usize, limit: usize, limits: &mut Limits) -> usize {
    let mut end = if limit < bytes.len() {
        let before = bytes.get(..limit).unwrap_or_default();
        memchr::memrchr(b'\n', before).unwrap_or(limit)
    } else {
        limit
    };
    if limits.recoveries > 0 {
        limits.recoveries -= 1;
        let within = bytes.get(content..end).unwrap_or_default();
        let mut breaks = memchr::memchr_iter(b'\n', within).map(|offset| content + offset);
        end = breaks.find(|&newline| starts_entry(bytes, newline + 1)).unwrap_or(end);
    }
    let content = content.min(end);
    let kept = bytes.get(content..end).unwrap_or_default().trim_ascii_end();
    let kept = kept.strip_suffix(b",").or_else(|| kept.strip_suffix(b";")).unwrap_or(kept);
    content + kept.len()
}

fn single_quoted(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) =
        memchr(b'\\', rest.as_bytes()).and_then(|at| Some((rest.get(..at)?, rest.get(at + 1..)?)))
    {
        out.push_str(before);
        rest = after;
        let escaped = after.strip_prefix('\\').map(|rest| ('\\', rest));
        match escaped.or_else(|| after.strip_prefix('\'').map(|rest| ('\'', rest))) {
            Some((character, after)) => {
                out.push(character);
                rest = after;
            }
            None => out.push('\\'),
        }
    }
    out.push_str(rest);
    out
}

/// The first line of a heredoc that is indented less than its end, which PHP refuses.
pub(super) fn outdented_line(raw: &str, closed: bool) -> Option<usize> {
    if !closed || !raw.starts_with('<') {
        return None;
    }
    let header = Header::read(raw.as_bytes(), 0)?;
    let last = memchr::memrchr(b'\n', raw.as_bytes())? + 1;
    let indent = blanks(raw.as_bytes(), last);
    let mut line = header.body;
    raw.get(header.body..last)?.split_inclusive('\n').find_map(|text| {
        let start = line;
        line += text.len();
        let short = blanks(text.as_bytes(), 0) < indent && !text.trim().is_empty();
        short.then_some(start)
    })
}

fn heredoc(raw: &str, closed: bool) -> Option<String> {
    let header = Header::read(raw.as_bytes(), 0)?;
    let body = raw.get(header.body..)?;
    if !closed {
        return if header.literal { Some(body.into()) } else { escaped(body, false) };
    }
    let last = memchr::memrchr(b'\n', body.as_bytes());
    let indent = blanks(body.as_bytes(), last.map_or(0, |newline| newline + 1));
    let lines = body.get(..last.unwrap_or(0))?;
    let lines = lines.strip_suffix('\r').unwrap_or(lines);
    let mut out = String::with_capacity(lines.len());
    for line in lines.split_inclusive('\n') {
        let skipped = blanks(line.as_bytes(), 0).min(indent);
        out.push_str(line.get(skipped..)?);
    }
    if header.literal { Some(out) } else { escaped(&out, false) }
}

/// Resolves the escapes of a double-quoted string or heredoc; only the former escapes its quote.
fn escaped(body: &str, quoted: bool) -> Option<String> {
    let bytes = body.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(offset) = memchr3(b'\\', b'$', b'{', bytes.get(at..).unwrap_or_default()) {
        let here = at + offset;
        out.extend_from_slice(bytes.get(at..here)?);
        let next = byte(bytes, here + 1);
        match byte(bytes, here) {
            b'$' if next == b'{' || is_word(next) && !next.is_ascii_digit() => return None,
            b'{' if next == b'$' => return None,
            b'\\' => {
                at = here + escape(bytes.get(here..)?, quoted, &mut out);
                continue;
            }
            plain => out.push(plain),
        }
        at = here + 1;
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    Some(
        String::from_utf8(out)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    )
}

/// Adds what the escape at the start of `bytes` stands for; returns how many bytes it has.
fn escape(bytes: &[u8], quoted: bool, out: &mut Vec<u8>) -> usize {
    let simple = match byte(bytes, 1) {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'v' => 0x0b,
        b'e' => 0x1b,
        b'f' => 0x0c,
        b'\\' => b'\\',
        b'$' => b'$',
        b'"' if quoted => b'"',
        _ => 0,
    };
    if simple != 0 {
        out.push(simple);
        return 2;
    }
    let digits = |from: usize, most: usize, radix: u32| {
        let rest = bytes.get(from..).unwrap_or_default();
        rest.iter().take(most).take_while(|&&byte| char::from(byte).is_digit(radix)).count()
    };
    let number = |from: usize, length: usize, radix: u32| {
        let text = std::str::from_utf8(bytes.get(from..from + length)?).ok()?;
        u32::from_str_radix(text, radix).ok()
    };
    let octal = digits(1, 3, 8);
    let hex = if matches!(byte(bytes, 1), b'x' | b'X') { digits(2, 2, 16) } else { 0 };
    if let Some(code) = number(1, octal, 8).or_else(|| number(2, hex, 16)) {
        // PHP lets an octal escape overflow a byte.
        out.push((code & 0xff).to_le_bytes().first().copied().unwrap_or_default());
        return if octal > 0 { 1 + octal } else { 2 + hex };
    }
    if bytes.get(1..).unwrap_or_default().starts_with(b"u{") {
        let length = digits(3, 16, 16);
        let character = number(3, length, 16).and_then(char::from_u32);
        if let Some(character) = character.filter(|_| byte(bytes, 3 + length) == b'}') {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return 3 + length + 1;
        }
    }
    out.push(b'\\');
    1
}
