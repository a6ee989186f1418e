//! PEM armour in whatever a file dresses it: indented, escaped, quoted, joined from pieces, commented out.
//!
//! A walk begins behind a marker and ends before the next five dashes, so that no two walks of a text meet and all of them together
//! take linear time.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::{memmem, memrchr};

use super::form::Encoding;
use super::token::{Chars, Lexeme, Token, lex};

/// The longest walk, in bytes of the text: a key of 16,384 bits takes 13 KiB, a PGP block with pictures more.
const LONGEST_BODY: usize = 1 << 20;
/// The most that may stand between two quoted pieces of one key: an operator, a call, an assignment.
const LONGEST_GAP: usize = 64;

/// Base64 as people leave it: padding or none, any last bits.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What the words of a marker say about the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Rsa,
    Ec,
    Dsa,
    Pgp,
    Sealed,
    Other,
}

impl Label {
    /// What the word between `BEGIN` and `PRIVATE KEY` says.
    fn of(word: Option<&str>) -> Self {
        match word {
            Some("RSA") => Self::Rsa,
            Some("EC") => Self::Ec,
            Some("DSA") => Self::Dsa,
            Some("PGP") => Self::Pgp,
            Some("ENCRYPTED") => Self::Sealed,
            _ => Self::Other,
        }
    }
}

/// A `-----BEGIN … PRIVATE KEY-----` or `-----END … PRIVATE KEY-----`.
pub(super) struct Marker {
    pub begins: bool,
    pub label: Label,
    pub start: usize,
    pub end: usize,
    /// Whether blanks are written `+`, as in a form's data.
    plus: bool,
}

impl Marker {
    /// The same marker in a text in which it begins at `start`.
    pub(super) fn at(&self, start: usize) -> Self {
        Self { start, end: start + (self.end - self.start), ..*self }
    }
}

/// Reads the marker around the words `PRIVATE KEY` at `start..end`.
pub(super) fn marker(text: &[u8], start: usize, end: usize) -> Option<Marker> {
    let from = start.saturating_sub(40);
    let before = text.get(from..start)?;
    let dashes = memmem::rfind(before, b"-----")?;
    let words = std::str::from_utf8(before.get(dashes + 5..)?).ok()?.replace("%20", " ");
    let plus = words.contains('+');
    let words = words.replace('+', " ");
    let mut words = words.strip_suffix(' ')?.split(' ');
    let begins = match words.next()? {
        "BEGIN" => true,
        "END" => false,
        _ => return None,
    };
    let label = Label::of(words.next().filter(|_| words.next().is_none()));
    let after = text.get(end..)?;
    let blocks: [&[u8]; 4] = [b" BLOCK-----", b"%20BLOCK-----", b"+BLOCK-----", b"-----"];
    let close = blocks.into_iter().find(|close| after.starts_with(close))?;
    Some(Marker { begins, label, start: from + dashes, end: end + close.len(), plus })
}

/// Reads what can be a `BEGIN` marker with dashes or words amiss around the words `PRIVATE KEY` at `start..end`.
pub(super) fn damaged(text: &[u8], start: usize, end: usize) -> Option<Marker> {
    let from = start.saturating_sub(40);
    let begin = from + memmem::rfind(text.get(from..start)?, b"BEGIN")?;
    let rest = past_dashes(text.get(end..)?);
    let word = str::from_utf8(text.get(begin + 5..start)?).unwrap_or_default().trim();
    let label = Label::of(Some(word));
    Some(Marker { begins: true, label, start: begin, end: text.len() - rest.len(), plus: false })
}

/// What follows the dashes of a marker, which can be of any kind.
pub(super) fn past_dashes(region: &[u8]) -> &[u8] {
    let mut rest = region;
    for part in [&b" BLOCK"[..], b" "] {
        rest = rest.strip_prefix(part).unwrap_or(rest);
    }
    loop {
        // U+2010 to U+2015 are dashes, and U+2212.
        rest = match rest {
            [b'-', after @ ..]
            | [0xE2, 0x80, 0x90..=0x95, after @ ..]
            | [0xE2, 0x88, 0x92, after @ ..] => after,
            _ => return rest,
        };
    }
}

/// What follows a `BEGIN` marker.
pub(super) struct Body {
    pub chars: Chars,
    pub encoding: Encoding,
    /// Whether encapsulated headers say that it is encrypted.
    pub encrypted: bool,
    /// Whether an `END` marker closes it.
    pub closed: bool,
    /// Where it ends in the text, the `END` marker included.
    pub end: usize,
}

/// Gathers the base64 characters after `marker` as far as they can belong to it.
pub(super) fn walk(text: &[u8], marker: &Marker) -> Body {
    let chars = Chars::default();
    let encoding = if marker.plus { Encoding::Percent } else { Encoding::Plain };
    let mut body = Body { chars, encoding, encrypted: false, closed: false, end: marker.end };
    let margin = Margin::of(text, marker.start);
    let (mut at, mut line_starts, mut outside) = (marker.end, false, None);
    while let Some(Lexeme { token, end, encoding }) = lex(text, at) {
        if token == Token::Dashes || at - marker.end > LONGEST_BODY {
            break;
        }
        if let Some(quote) = outside {
            match token {
                Token::Quote => {
                    outside = None;
                    body.encoding = body.encoding.max(Encoding::Joined);
                }
                Token::Other(b'{' | b'}' | b':') => break,
                _ if at - quote > LONGEST_GAP => break,
                _ => {}
            }
            at = end;
            continue;
        }
        let mut next = end;
        match token {
            Token::Char(b'+') if marker.plus && end == at + 1 => {}
            Token::Char(b'+')
                if margin.plus && text.get(..at).is_some_and(|line| line.ends_with(b"\n")) => {}
            Token::Char(b'/') if line_starts && margin.comment_at(text, at) => {
                (next, line_starts) = (at + margin.comment.len(), false);
            }
            Token::Char(byte) => {
                let quoted = body.encoding == Encoding::Joined;
                let header = body.chars.bytes.is_empty().then(|| header(text, at, quoted));
                if let Some(header) = header.flatten() {
                    body.encrypted |= header.encrypted;
                    (next, line_starts) = (header.end, true);
                } else {
                    body.encoding = body.encoding.max(encoding);
                    body.chars.push(byte, at);
                    body.end = end;
                    line_starts = false;
                }
            }
            Token::Blank | Token::Break | Token::Other(b',' | b'|') => {
                line_starts |= token == Token::Break;
                body.encoding = body.encoding.max(encoding);
            }
            Token::Quote => outside = Some(end),
            Token::Other(b'#' | b'>' | b'*' | b';' | b'-') if line_starts => {}
            Token::Dashes | Token::Other(_) => break,
        }
        at = next;
    }
    if let Some(end) = end_marker(text, at) {
        (body.closed, body.end) = (true, end);
    }
    body
}

/// Decodes base64 up to its padding; nothing where it is none.
pub(super) fn decode(chars: &[u8]) -> Vec<u8> {
    let len = chars.iter().position(|&byte| byte == b'=').unwrap_or(chars.len());
    // A last character alone holds no byte.
    let len = if len % 4 == 1 { len - 1 } else { len };
    LENIENT.decode(chars.get(..len).unwrap_or_default()).unwrap_or_default()
}

/// What stands before base64 on every line of a diff or a comment, where the same byte could be base64.
struct Margin<'a> {
    plus: bool,
    /// `//`, `///`, `//!`, or nothing.
    comment: &'a [u8],
}

impl<'a> Margin<'a> {
    /// Reads it off the line that holds the marker.
    fn of(text: &'a [u8], marker: usize) -> Self {
        let window = text.get(marker.saturating_sub(256)..marker).unwrap_or_default();
        let line =
            memrchr(b'\n', window).map_or(window, |end| window.get(end + 1..).unwrap_or_default());
        let words = line.iter().position(|byte| !b" \t+-*>#".contains(byte)).unwrap_or(line.len());
        let words = line.get(words..).unwrap_or_default();
        let len = words.iter().take_while(|byte| b"/!".contains(byte)).count();
        let comment = words.get(..len).filter(|comment| comment.starts_with(b"//"));
        Self { plus: line.starts_with(b"+"), comment: comment.unwrap_or_default() }
    }

    fn comment_at(&self, text: &[u8], at: usize) -> bool {
        let here = text.get(at..).unwrap_or_default();
        !self.comment.is_empty() && here.starts_with(self.comment)
    }
}

struct Header {
    encrypted: bool,
    end: usize,
}

/// An encapsulated header (RFC 1421, RFC 9580) at `start`: `Proc-Type`, `DEK-Info`, `Version`, `Comment` …
fn header(text: &[u8], start: usize, quoted: bool) -> Option<Header> {
    let rest = text.get(start..)?;
    let len = rest.iter().take(80).position(|&byte| !byte.is_ascii_alphabetic() && byte != b'-')?;
    let name = rest.get(..len)?;
    let value = start + len + 1;
    if rest.get(len) != Some(&b':') || name.starts_with(b"-") {
        return None;
    }
    // The values of these two are one word, so that they end even where all is on one line.
    let word = matches!(name, b"Proc-Type" | b"DEK-Info");
    let mut at = value;
    while let Some(Lexeme { token, end, .. }) = lex(text, at) {
        let ends = match token {
            Token::Break | Token::Dashes => true,
            Token::Blank => {
                word && text.get(value..at).is_some_and(|value| !value.trim_ascii().is_empty())
            }
            Token::Quote => word || quoted,
            _ => at - value > 1000,
        };
        if ends {
            break;
        }
        at = end;
    }
    let value = text.get(value..at)?;
    let encrypted = name == b"DEK-Info" || word && memmem::find(value, b"ENCRYPTED").is_some();
    Some(Header { encrypted, end: at })
}

/// Where the `END` marker at `start` ends.
fn end_marker(text: &[u8], start: usize) -> Option<usize> {
    // One dash more where the line itself was removed in a diff.
    let rest = text.get(start..)?;
    let (extra, words) = match rest.strip_prefix(b"-----END") {
        Some(words) => (0, words),
        None => (1, rest.strip_prefix(b"------END")?),
    };
    let close = memmem::find(words.get(..words.len().min(48))?, b"-----")?;
    Some(start + extra + 8 + close + 5)
}
