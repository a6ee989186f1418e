//! Base64 around a text that holds a key: a run of characters on one line, or wrapped, escaped and joined over many.

use super::armour::decode;
use super::needles;
use super::token::{Chars, Lexeme, Token, is_base64, lex};

/// A line shorter than this is no line of wrapped base64: the run ends with it.
const SHORTEST_LINE: usize = 32;
/// The most that may stand between two quoted pieces.
const LONGEST_GAP: usize = 64;

/// A run of base64.
pub(super) struct Run {
    pub chars: Chars,
    pub start: usize,
    pub end: usize,
}

/// The text a run decodes to, one byte for each byte.
pub(super) struct Decoded {
    pub text: String,
    /// How many characters precede the first whole group of four.
    pub skipped: usize,
}

/// Widens what stands at `start..end` to the whole run around it, not further back than `floor`.
///
/// Runs of a text do not meet, and the line after a run is looked at no more than twice: all runs together take linear time.
pub(super) fn widen(text: &[u8], start: usize, end: usize, floor: usize) -> Run {
    let near = back(text, start, floor);
    let mut first = near;
    while let Some(earlier) = line_before(text, first, floor) {
        first = earlier;
    }
    let run = gather(text, first);
    if run.end < end { gather(text, near) } else { run }
}

impl Run {
    /// Decodes the run from each beginning that puts the words `PRIVATE KEY` in place; usually there is one.
    pub(super) fn decoded(&self) -> impl Iterator<Item = Decoded> {
        let skips = needles::skips(&self.chars.bytes);
        skips.into_iter().map(|skipped| {
            let mut bytes = decode(self.chars.bytes.get(skipped..).unwrap_or_default());
            for byte in bytes.iter_mut().filter(|byte| !byte.is_ascii()) {
                *byte = b'?';
            }
            Decoded { text: String::from_utf8(bytes).unwrap_or_default(), skipped }
        })
    }

    /// The text that the whole run decodes to; none where it is no text.
    pub(super) fn text(&self) -> Option<Decoded> {
        let text = String::from_utf8(decode(&self.chars.bytes)).ok()?;
        let one_a_byte = |letter: char| std::iter::repeat_n('?', letter.len_utf8());
        let mut plain = String::with_capacity(text.len());
        for letter in text.chars() {
            if letter.is_ascii() {
                plain.push(letter);
            } else {
                plain.extend(one_a_byte(letter));
            }
        }
        Some(Decoded { text: plain, skipped: 0 })
    }

    /// Where in the outer text the character stands that holds byte `offset` of what was decoded.
    pub(super) fn place(&self, skipped: usize, offset: usize) -> usize {
        self.chars.place(skipped + offset * 4 / 3).unwrap_or(self.end).clamp(self.start, self.end)
    }
}

/// Goes back over base64 characters.
fn back(text: &[u8], start: usize, floor: usize) -> usize {
    let before = text.get(floor..start).unwrap_or_default();
    let len = before.iter().rev().take_while(|&&byte| is_base64(byte)).count();
    let first = start - len;
    // The letter of an escape is none of ours.
    let escaped = text.get(..first).is_some_and(|before| before.ends_with(b"\\"));
    let letter = matches!(text.get(first), Some(b'n' | b'r' | b't'));
    if escaped && letter && first < start { first + 1 } else { first }
}

/// The beginning of the line of base64 before the line that begins at `start`, if there is one.
fn line_before(text: &[u8], start: usize, floor: usize) -> Option<usize> {
    let mut before = text.get(floor..start)?;
    let mut breaks = false;
    loop {
        before = match before {
            [rest @ .., b'\n' | b'\r'] | [rest @ .., b'\\', b'n' | b'r'] => {
                breaks = true;
                rest
            }
            [rest @ .., b' ' | b'\t'] => rest,
            // More than one backslash before the letter.
            [.., b'\\'] if breaks => before.trim_ascii_end().strip_suffix(b"\\")?,
            _ => break,
        };
    }
    let end = floor + before.len();
    let first = back(text, end, floor);
    (breaks && end - first >= SHORTEST_LINE).then_some(first)
}

/// Reads the run that begins at `start`.
pub(super) fn gather(text: &[u8], start: usize) -> Run {
    let mut run = Run { chars: Chars::default(), start, end: start };
    let mut longest = usize::MAX;
    let mut at = start;
    let mut gap = Gap::None;
    loop {
        let before = run.chars.bytes.len();
        let (end, padded) = piece(text, at, &mut run.chars);
        let len = run.chars.bytes.len() - before;
        if len == 0 || len > longest || !gap.allows(text, end, len == longest || padded) {
            run.chars.truncate(before);
            break;
        }
        run.end = end;
        // The first line can be shorter, by the name of the setting that precedes it.
        let shorter = !matches!(gap, Gap::None) && longest != usize::MAX && len < longest;
        if padded || len < SHORTEST_LINE || shorter {
            break;
        }
        if !matches!(gap, Gap::None) {
            longest = len;
        }
        let Some(next) = Gap::after(text, end) else { break };
        (gap, at) = next;
    }
    run
}

/// Gathers characters up to the first that is none, or to the end of the padding.
fn piece(text: &[u8], start: usize, chars: &mut Chars) -> (usize, bool) {
    let (mut at, mut padded) = (start, false);
    while let Some(Lexeme { token, end, .. }) = lex(text, at) {
        match token {
            Token::Char(b'=') if at == start => break,
            Token::Char(b'=') => padded = true,
            _ if padded => break,
            Token::Char(byte) | Token::Other(byte @ (b'-' | b'_')) => chars.push(byte, at),
            _ => break,
        }
        at = end;
    }
    (at, padded)
}

/// What stands between two pieces of a run.
enum Gap {
    None,
    Blanks,
    Lines,
    Quotes,
}

impl Gap {
    /// The gap at `start` and the beginning of what follows it.
    fn after(text: &[u8], start: usize) -> Option<(Self, usize)> {
        let (mut at, mut gap) = (start, Self::Blanks);
        while let Some(Lexeme { token, end, .. }) = lex(text, at) {
            match token {
                Token::Blank => {}
                Token::Break => gap = Self::Lines,
                Token::Other(b'#' | b'*' | b'>' | b'|') if matches!(gap, Self::Lines) => {}
                Token::Quote => return Self::quotes(text, end).map(|end| (Self::Quotes, end)),
                _ => break,
            }
            at = end;
        }
        (at > start).then_some((gap, at))
    }

    /// The end of the next opening quote, where what stands before it can be an operator.
    fn quotes(text: &[u8], start: usize) -> Option<usize> {
        let mut at = start;
        while let Some(Lexeme { token, end, .. }) =
            lex(text, at).filter(|_| at - start <= LONGEST_GAP)
        {
            match token {
                Token::Quote => return Some(end),
                Token::Other(b'{' | b'}' | b':') | Token::Dashes => return None,
                _ if text.get(at..)?.starts_with(b"=>") => return None,
                _ => at = end,
            }
        }
        None
    }

    /// Whether a piece that ends at `end` can belong to what stands before the gap.
    fn allows(&self, text: &[u8], end: usize, fits: bool) -> bool {
        let mut rest = std::iter::successors(lex(text, end), |lexeme| lex(text, lexeme.end))
            .map(|lexeme| lexeme.token)
            .take(LONGEST_GAP);
        match self {
            Self::None => true,
            Self::Blanks => fits,
            Self::Lines => rest.find(|token| *token != Token::Blank).is_none_or(|token| {
                matches!(token, Token::Break | Token::Quote | Token::Other(b'<' | b',' | b';'))
            }),
            Self::Quotes => {
                rest.next() == Some(Token::Quote)
                    && rest.find(|token| *token != Token::Blank).is_none_or(|token| {
                        !matches!(token, Token::Other(b':') | Token::Char(b'='))
                    })
            }
        }
    }
}
