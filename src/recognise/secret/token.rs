//! The smallest pieces of key material in a file: characters of base64, and whatever a format puts between them.

use super::form::Encoding;

/// What stands at one place of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A character of standard base64, padding included, however it is written.
    Char(u8),
    Blank,
    Break,
    Quote,
    /// Five dashes: where a PEM marker begins.
    Dashes,
    Other(u8),
}

/// A token and where it ends.
#[derive(Clone, Copy)]
pub(super) struct Lexeme {
    pub token: Token,
    pub end: usize,
    /// The dress this token gives away.
    pub encoding: Encoding,
}

/// Reads the token at `at`; nothing at the end of the text.
pub(super) fn lex(text: &[u8], at: usize) -> Option<Lexeme> {
    let rest = text.get(at..)?;
    let (token, len, encoding) = match rest {
        [] => return None,
        [b'-', b'-', b'-', b'-', b'-', ..] => (Token::Dashes, 5, Encoding::Plain),
        [b'\\', ..] => escape(rest),
        [b'&', ..] => entity(rest).unwrap_or((Token::Other(b'&'), 1, Encoding::Plain)),
        [b'%', ..] => percent(rest).unwrap_or((Token::Other(b'%'), 1, Encoding::Plain)),
        [b'<', ..] => tag(rest).unwrap_or((Token::Other(b'<'), 1, Encoding::Plain)),
        [byte, ..] => (meaning(u32::from(*byte)), 1, Encoding::Plain),
    };
    Some(Lexeme { token, end: at + len, encoding })
}

/// Whether a byte is of the base64 alphabet, standard or for URLs, padding not included.
pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn meaning(code: u32) -> Token {
    match u8::try_from(code) {
        Ok(byte @ (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=')) => {
            Token::Char(byte)
        }
        Ok(b' ' | b'\t') => Token::Blank,
        Ok(b'\r' | b'\n') => Token::Break,
        Ok(b'"' | b'\'' | b'`') => Token::Quote,
        Ok(byte) => Token::Other(byte),
        Err(_) => Token::Other(b'?'),
    }
}

type Found = (Token, usize, Encoding);

/// `\n`, `\\n`, `\/`, `\u002b`, `\x2b`, `\012`, `\"`, or a backslash that ends a line.
fn escape(rest: &[u8]) -> Found {
    let slashes = rest.iter().take_while(|&&byte| byte == b'\\').count();
    let after = rest.get(slashes..).unwrap_or_default();
    let (token, len) = match after {
        [b'n' | b'r', ..] => (Token::Break, 1),
        [b't', ..] => (Token::Blank, 1),
        [b'/' | b'+' | b'=' | b'"' | b'\'' | b'`', ..] => {
            (after.first().map_or(Token::Blank, |&byte| meaning(byte.into())), 1)
        }
        [b'u', digits @ ..] => (number(digits, 4, 16).map_or(Token::Other(b'\\'), meaning), 5),
        [b'x', digits @ ..] => (number(digits, 2, 16).map_or(Token::Other(b'\\'), meaning), 3),
        [b'0'..=b'3', ..] => (number(after, 3, 8).map_or(Token::Other(b'\\'), meaning), 3),
        [b' ' | b'\t' | b'\r' | b'\n', ..] => return (Token::Blank, slashes, Encoding::Joined),
        _ => (Token::Other(b'\\'), 0),
    };
    if token == Token::Other(b'\\') {
        return (token, slashes, Encoding::Plain);
    }
    (token, slashes + len, Encoding::Escaped)
}

/// `&#10;`, `&#xA;`, `&quot;`, and the same escaped once more.
fn entity(rest: &[u8]) -> Option<Found> {
    let mut body = rest.get(1..)?;
    while let Some(inner) = body.strip_prefix(b"amp;") {
        body = inner;
    }
    let end = body.iter().take(10).position(|&byte| byte == b';')?;
    let token = match body.get(..end)? {
        [b'#', b'x' | b'X', digits @ ..] => meaning(number(digits, digits.len(), 16)?),
        [b'#', digits @ ..] => meaning(number(digits, digits.len(), 10)?),
        b"quot" | b"apos" => Token::Quote,
        b"nbsp" => Token::Blank,
        b"NewLine" => Token::Break,
        _ => return None,
    };
    Some((token, rest.len() - body.len() + end + 1, Encoding::Entities))
}

fn percent(rest: &[u8]) -> Option<Found> {
    let mut body = rest.get(1..)?;
    while let Some(inner @ [_, _, ..]) = body.strip_prefix(b"25") {
        body = inner;
    }
    let token = meaning(number(body, 2, 16)?);
    Some((token, rest.len() - body.len() + 2, Encoding::Percent))
}

fn tag(rest: &[u8]) -> Option<Found> {
    let tags: [&[u8]; 4] = [b"<br>", b"<br/>", b"<br />", b"<BR>"];
    let tag = tags.into_iter().find(|tag| rest.starts_with(tag))?;
    Some((Token::Break, tag.len(), Encoding::Entities))
}

fn number(digits: &[u8], len: usize, radix: u32) -> Option<u32> {
    let digits = std::str::from_utf8(digits.get(..len)?).ok()?;
    u32::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))
}

/// Characters of base64 gathered from a text, and where each one stood.
#[derive(Default)]
pub(super) struct Chars {
    pub bytes: Vec<u8>,
    /// For each stretch without interruption: its first character, and where that stands in the text.
    stretches: Vec<(usize, usize)>,
}

impl Chars {
    /// Adds the character that stands at `at`.
    pub(super) fn push(&mut self, byte: u8, at: usize) {
        let follows = |&(first, start): &(usize, usize)| at == start + (self.bytes.len() - first);
        if !self.stretches.last().is_some_and(follows) {
            self.stretches.push((self.bytes.len(), at));
        }
        self.bytes.push(match byte {
            b'-' => b'+',
            b'_' => b'/',
            _ => byte,
        });
    }

    /// Forgets all but the first `len` characters.
    pub(super) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
        self.stretches.retain(|&(first, _)| first < len);
    }

    /// Where in the text character `index` stands.
    pub(super) fn place(&self, index: usize) -> Option<usize> {
        let after = self.stretches.partition_point(|&(first, _)| first <= index);
        let &(first, start) = self.stretches.get(after.checked_sub(1)?)?;
        Some(start + (index - first))
    }

    /// The length of the longest stretch.
    pub(super) fn longest(&self) -> usize {
        let ends = self.stretches.iter().skip(1).map(|&(first, _)| first);
        let ends = ends.chain([self.bytes.len()]);
        self.stretches.iter().zip(ends).map(|(&(first, _), end)| end - first).max().unwrap_or(0)
    }
}
