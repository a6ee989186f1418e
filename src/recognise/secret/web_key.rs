//! JSON Web Keys: RFC 7517, with the numbers of RFC 7518, section 6, and RFC 8037.

use super::armour::decode;
use super::form::Form;
use super::key::{Key, rsa_fingerprint};
use crate::model::fingerprint::Fingerprint;
use crate::source::Span;

/// How far the braces of a key may stand from its `kty`.
const LONGEST: usize = 1 << 14;

/// Brackets around the members of a key: of JSON, of the same in an address, of an array of PHP.
const BRACKETS: [(&[u8], &[u8]); 3] = [(b"{", b"}"), (b"%7B", b"%7D"), (b"[", b"]")];

/// How a quote is spelt within other texts.
const QUOTES: [&str; 5] = ["\\u0022", "&quot;", "&#34;", "%22", "'"];

/// Reads the private key around the member `kty` at `at`: its place, and what it is. Nothing of it stands before `floor`.
pub(super) fn read(text: &[u8], at: usize, floor: usize) -> Option<(Span, Key)> {
    let floor = floor.max(at.saturating_sub(LONGEST));
    let within = |(open, close): &(&[u8], &[u8])| {
        Some((opening(text, at, floor, (open, close))?, closing(text, at, (open, close))?))
    };
    let mut around = BRACKETS.iter().filter_map(within).chain(lines(text, at, floor));
    around.find_map(|(start, end)| {
        let key = key(&members(text.get(start..end)?), end - start)?;
        Some((Span::new(start, end), key))
    })
}

/// The private key that members make.
fn key(members: &[(String, String)], len: usize) -> Option<Key> {
    let member = |name: &str| {
        let found = members.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        found.map(|value| number(value)).filter(|number| !number.is_empty())
    };
    let private = member("d")?;
    let kind = members.iter().find(|(name, _)| name == "kty").map(|(_, kind)| kind.as_str());
    let fingerprint = match kind? {
        "RSA" => {
            let (modulus, exponent) = (member("n")?, member("e")?);
            let is_whole = modulus.len() >= 48 && private.len() >= 32;
            is_whole.then(|| rsa_fingerprint(&modulus, &exponent))?
        }
        "EC" => {
            let (x, y) = (member("x")?, member("y")?);
            let is_whole = x.len() >= 14 && private.len() >= 14;
            is_whole.then(|| Fingerprint::of("ec", &[&[4], x.as_slice(), &y].concat()))?
        }
        "OKP" => (private.len() >= 32).then(|| Fingerprint::of("edwards", &private))?,
        _ => return None,
    };
    Some(Key { form: Form::WebKey, encrypted: false, fingerprint, len })
}

fn opening(text: &[u8], at: usize, floor: usize, (open, close): (&[u8], &[u8])) -> Option<usize> {
    let mut depth = 0_usize;
    let before = text.get(floor..at)?;
    let found = (0..before.len()).rev().find(|&place| {
        let here = before.get(place..).unwrap_or_default();
        if here.starts_with(close) {
            depth += 1;
        } else if here.starts_with(open) {
            let Some(less) = depth.checked_sub(1) else { return true };
            depth = less;
        }
        false
    })?;
    Some(floor + found)
}

/// What follows the member `kty` at `at` and stands before another key.
fn behind(text: &[u8], at: usize) -> Option<&[u8]> {
    let after = text.get(at + 3..text.len().min(at + LONGEST))?;
    let next = memchr::memmem::find(after, b"kty").unwrap_or(after.len());
    after.get(..next)
}

/// Behind the bracket that closes the members around `at`.
fn closing(text: &[u8], at: usize, (open, close): (&[u8], &[u8])) -> Option<usize> {
    let after = behind(text, at)?;
    let mut depth = 0_usize;
    let found = (0..after.len()).find(|&place| {
        let here = after.get(place..).unwrap_or_default();
        if here.starts_with(open) {
            depth += 1;
        } else if here.starts_with(close) {
            let Some(less) = depth.checked_sub(1) else { return true };
            depth = less;
        }
        false
    })?;
    Some(at + 3 + found + close.len())
}

/// The lines around `at` that begin as its own does, each with a member: a mapping of YAML, a table of TOML.
fn lines(text: &[u8], at: usize, floor: usize) -> Option<(usize, usize)> {
    let (before, after) = (text.get(floor..at)?, behind(text, at)?);
    let line_start =
        floor + before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let (margin, is_item) = margin(text.get(line_start..)?)?;
    // The name is the first word of its line, in quotes or not.
    let is_first = |lead: &[u8]| lead.iter().all(|byte| b"\"'".contains(byte));
    text.get(line_start + margin..at).filter(|lead| is_first(lead))?;
    let mut start = line_start;
    for line in text.get(floor..line_start)?.split_inclusive(|byte| *byte == b'\n').rev() {
        let is_first = match self::margin(line) {
            _ if is_item => break,
            Some((there, is_item)) if there == margin => is_item,
            Some((there, false)) if there > margin => false,
            _ => break,
        };
        start -= line.len();
        if is_first {
            break;
        }
    }
    let mut end = at + 3;
    for (index, line) in after.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match self::margin(line) {
            _ if index == 0 => {}
            Some((there, false)) if there == margin => {}
            Some((there, _)) if there > margin => {}
            _ => break,
        }
        end += line.len();
    }
    let end = text.get(..end)?.trim_ascii_end().len();
    (start < end).then_some((start + margin.min(end - start), end))
}

/// How far a line with a name is indented, dashes of a list included, and whether it has one.
fn margin(line: &[u8]) -> Option<(usize, bool)> {
    let is_margin = |byte: &u8| matches!(byte, b' ' | b'\t');
    let blanks = line.iter().take_while(|byte| is_margin(byte)).count();
    let rest = line.get(blanks..)?;
    let is_item = rest.starts_with(b"- ");
    let dashes = if is_item { 2 } else { 0 };
    let rest = rest.get(dashes..)?;
    let more = rest.iter().take_while(|byte| is_item && is_margin(byte)).count();
    let begins = |byte: &u8| byte.is_ascii_alphanumeric() || b"\"'_-".contains(byte);
    rest.get(more).filter(|byte| begins(byte)).map(|_| (blanks + dashes + more, is_item))
}

/// The members whose values are words, whatever their quotes are, and whatever stands between a name and its value.
fn members(object: &[u8]) -> Vec<(String, String)> {
    let mut text = String::from_utf8_lossy(object).into_owned();
    for quote in QUOTES {
        text = text.replace(quote, "\"");
    }
    let text = text.replace("%3A", ":").replace("%20", " ").replace('\\', "");
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-_+/".contains(letter);
    let mut members = Vec::new();
    let mut rest = text.as_str();
    // The name before a sign of assignment.
    let mut name = None;
    while let Some(from) = rest.find(is_word) {
        let (between, at) = rest.split_at(from);
        let len = at.find(|letter| !is_word(letter)).unwrap_or(at.len());
        let (word, after) = at.split_at(len);
        let sign: String =
            between.chars().filter(|letter| !matches!(letter, '"' | ' ' | '\t')).collect();
        let name_before = name.take().filter(|_| [":", "=", "=>"].contains(&sign.as_str()));
        match name_before {
            Some(name) => members.push((name, word.to_owned())),
            None => name = Some(word.to_owned()),
        }
        rest = after;
    }
    members
}

/// Base64 for URLs; nothing where it is none.
fn number(text: &str) -> Vec<u8> {
    let chars = text.bytes().map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte,
    });
    decode(&chars.collect::<Vec<u8>>())
}
