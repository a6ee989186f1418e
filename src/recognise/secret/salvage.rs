//! Armour that was damaged on its way: markers without their dashes or lost, something else for the line breaks, lines lost or planted.
//!
//! Nothing is taken for a key by its looks: what is left is put together in a few ways and read. Each looks at no more than stands between two
//! markers, so that all of them together take linear time.

use std::fmt;

use super::armour::{decode, past_dashes};
use super::key::Key;
use super::token::{Lexeme, Token, lex};
use super::{asn1, openssh, partial};

/// How far a damaged key is looked for behind its marker, or before it.
const LONGEST: usize = 1 << 15;
/// The most that stands for a line break.
const SEPARATOR: usize = 24;
/// How long lines of base64 are.
const WIDTHS: [usize; 5] = [64, 76, 60, 48, 72];
/// How base64 of a private key begins.
const STARTS: [&[u8]; 9] =
    [b"MII", b"MIG", b"MIH", b"MHc", b"MHQ", b"MC4", b"MEE", b"MFM", b"b3BlbnNzaC1"];

/// What is wrong with a key's armour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Damage {
    /// The key is whole; its markers or its lines are not.
    Armour,
    /// A part of the key is lost.
    Cut,
    /// Its first line is lost.
    Headless,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Armour => "with a damaged marker or line breaks",
            Self::Cut => "that was cut or lost a part",
            Self::Headless => "without its first line",
        })
    }
}

/// What was read behind or before a marker.
pub(super) struct Salvaged {
    pub key: Key,
    pub damage: Damage,
}

/// Where the text ends that can belong to the marker before `start`: before the next marker's words.
pub(super) fn region_end(text: &[u8], start: usize) -> usize {
    let end = text.len().min(start + LONGEST);
    let region = text.get(start..end).unwrap_or_default();
    memchr::memmem::find(region, b"PRIVATE KEY").map_or(end, |next| start + next)
}

/// Reads the key in `region`, which follows the words of a `BEGIN` marker.
pub(super) fn behind(region: &[u8]) -> Option<Salvaged> {
    let body = past_dashes(region);
    let mut ways = vec![lines(body)];
    if let Some(separator) = separator(body) {
        ways.push(without(body, separator));
    }
    ways.push(characters(body));
    let whole = ways.iter().find_map(|chars| {
        let data = decode(chars);
        openssh::read(&data).or_else(|| asn1::read(&data))
    });
    let cut = || {
        ways.iter().find_map(|chars| {
            let shifted = (0..4).filter_map(|skip| chars.get(skip..)).map(decode);
            partial::from_start(&decode(chars))
                .or_else(|| shifted.into_iter().find_map(|data| partial::from_exponent(&data)))
        })
    };
    whole
        .map(|key| Salvaged { key, damage: Damage::Armour })
        .or_else(|| cut().map(|key| Salvaged { key, damage: Damage::Cut }))
}

/// Reads the key whose last line ends before the words of an `END` marker at `end`, and not before `floor`; says where it begins.
pub(super) fn before(text: &[u8], end: usize, floor: usize) -> Option<(usize, Salvaged)> {
    let floor = floor.max(end.saturating_sub(LONGEST));
    let region = text.get(floor..end)?;
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_\\ \t\r\n".contains(byte);
    let len = region.iter().rev().take_while(|byte| belongs(byte)).count();
    let start = end - len;
    let body = text.get(start..end)?;
    if len < 64 {
        return None;
    }
    let begins = STARTS.iter().filter_map(|begin| memchr::memmem::find(body, begin)).min();
    if let Some(begin) = begins
        && let Some(found) = behind(body.get(begin..)?)
    {
        let damage = found.damage.max(Damage::Headless);
        return Some((start + begin, Salvaged { damage, ..found }));
    }
    let chars = lines(body);
    let shifted = (0..4).filter_map(|skip| chars.get(skip..)).map(decode);
    let key = shifted.into_iter().find_map(|data| partial::from_exponent(&data))?;
    let blanks = body.len() - body.trim_ascii_start().len();
    Some((start + blanks, Salvaged { key, damage: Damage::Headless }))
}

/// What stands for the first line break, where the body begins soon behind it.
fn separator(body: &[u8]) -> Option<&[u8]> {
    let window = body.get(..body.len().min(SEPARATOR + 12))?;
    let at = STARTS.iter().filter_map(|start| memchr::memmem::find(window, start)).min()?;
    body.get(..at).filter(|separator| (1..=SEPARATOR).contains(&separator.len()))
}

/// The base64 characters of a body without what separates its lines. Letters can stand for a line break, and in a line, too: so lines of
/// one length are counted off where they are.
fn without(body: &[u8], separator: &[u8]) -> Vec<u8> {
    let rest = body.get(separator.len()..).unwrap_or_default();
    let is_line =
        |width: &usize| rest.get(*width..).is_some_and(|rest| rest.starts_with(separator));
    let mut kept = Vec::with_capacity(body.len());
    if let Some(width) = WIDTHS.into_iter().find(is_line) {
        let mut rest = rest;
        while let Some((line, after)) = rest.split_at_checked(width) {
            kept.extend(line);
            let Some(after) = after.strip_prefix(separator) else {
                rest = after;
                break;
            };
            rest = after;
        }
        let last = memchr::memmem::find(rest, separator).unwrap_or(rest.len());
        kept.extend(rest.get(..last).unwrap_or_default());
    } else {
        let mut from = 0;
        for at in memchr::memmem::find_iter(body, separator) {
            kept.extend(body.get(from..at).unwrap_or_default());
            from = at + separator.len();
        }
        kept.extend(body.get(from..).unwrap_or_default());
    }
    kept.retain(|byte| is_char(*byte));
    kept
}

/// Every base64 character of a body.
fn characters(body: &[u8]) -> Vec<u8> {
    body.iter().copied().filter(|byte| is_char(*byte)).collect()
}

fn is_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}

/// The base64 characters of the lines that hold no dashes, whatever else stands between them.
fn lines(body: &[u8]) -> Vec<u8> {
    let (mut kept, mut line) = (Vec::with_capacity(body.len()), Vec::new());
    let (mut at, mut is_marker) = (0, false);
    let mut end_line = |line: &mut Vec<u8>, is_marker: &mut bool| {
        if !*is_marker {
            kept.append(line);
        }
        line.clear();
        *is_marker = false;
    };
    while let Some(Lexeme { token, end, .. }) = lex(body, at) {
        match token {
            Token::Char(byte) => line.push(byte),
            Token::Dashes => is_marker = true,
            Token::Break => end_line(&mut line, &mut is_marker),
            Token::Blank | Token::Quote | Token::Other(_) => {}
        }
        at = end;
    }
    end_line(&mut line, &mut is_marker);
    kept
}
