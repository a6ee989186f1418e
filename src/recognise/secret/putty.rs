//! Keys of programs for SSH that are neither PEM nor OpenSSH's: PuTTY's own format, and that of ssh.com.
//!
//! Sources: PuTTY's manual, appendix *PPK file format*; the section *Private key file format* of ssh.com's own.

use std::collections::BTreeSet;

use super::armour::decode;
use super::form::Form;
use super::key::Key;
use crate::model::fingerprint::Fingerprint;
use crate::source::Span;

/// The longest key.
const LONGEST: usize = 1 << 15;
/// The shortest private part, in bytes.
const SHORTEST: usize = 32;
/// How a key of ssh.com begins, where it is not encrypted as a whole.
const MAGIC: &[u8] = b"\x3f\x6f\xf9\xeb";
const SSH_COM: &str = "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----";
const SSH_COM_END: &str = "---- END SSH2 ENCRYPTED PRIVATE KEY ----";

/// Reads the key of PuTTY that begins at `start`, and says where it ends.
pub(super) fn read(text: &str, start: usize) -> Option<(usize, Key)> {
    let mut lines = Lines::at(text, start);
    let mut encryption = None;
    let mut private = None;
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name {
            "Encryption" => encryption = Some(value),
            "Public-Lines" => drop(lines.body(value)?),
            "Private-Lines" => {
                private = Some(lines.body(value)?);
                break;
            }
            _ => {}
        }
    }
    let private = private.filter(|body| body.len() >= SHORTEST)?;
    let fingerprint = Fingerprint::of("putty", &private);
    let encrypted = encryption? != "none";
    let len = lines.end - start;
    Some((lines.end, Key { form: Form::Putty, encrypted, fingerprint, len }))
}

/// Reads the key of ssh.com whose marker holds the words at `words`: where it stands, and what it is.
pub(super) fn ssh_com(text: &str, words: usize) -> Option<(Span, Key)> {
    let start = words.checked_sub(SSH_COM.find("PRIVATE")?)?;
    let rest = text.get(start..)?.strip_prefix(SSH_COM)?;
    let rest = rest.get(..rest.len().min(LONGEST)).or_else(|| rest.get(..rest.len().min(1024)))?;
    let len = rest.find(SSH_COM_END)?;
    let body = rest.get(..len)?.replace("\\r", "").replace("\\n", "\n");
    let lines = body.lines().filter(|line| !line.contains(':') && !line.ends_with('\\'));
    let chars: String = lines.flat_map(str::split_whitespace).collect();
    let data = decode(chars.as_bytes());
    let is_varied = data.iter().collect::<BTreeSet<_>>().len() >= 24;
    let is_open =
        data.starts_with(MAGIC) && memchr::memmem::find(&data, b"\0\0\0\x04none").is_some();
    let end = start + SSH_COM.len() + len + SSH_COM_END.len();
    let fingerprint = Fingerprint::of("key", &data);
    let key = Key { form: Form::SshCom, encrypted: !is_open, fingerprint, len: end - start };
    (is_varied && data.len() >= SHORTEST).then_some((Span::new(start, end), key))
}

/// The lines of a text, whose breaks can be escaped.
struct Lines<'a> {
    text: &'a str,
    /// Where the next line starts.
    at: usize,
    /// Where the last one ended.
    end: usize,
    limit: usize,
}

impl<'a> Lines<'a> {
    fn at(text: &'a str, start: usize) -> Self {
        Self { text, at: start, end: start, limit: text.len().min(start + LONGEST) }
    }

    fn next(&mut self) -> Option<&'a str> {
        let bytes =
            self.text.as_bytes().get(self.at..self.limit).filter(|rest| !rest.is_empty())?;
        let len = (0..bytes.len())
            .find(|&at| {
                bytes.get(at) == Some(&b'\n')
                    || bytes.get(at..).is_some_and(|rest| rest.starts_with(b"\\n"))
            })
            .unwrap_or(bytes.len());
        let line = self.text.get(self.at..self.at + len)?;
        self.end = self.at + line.trim_end_matches(['\r', '\\', '"', '\'']).len();
        let is_escaped = bytes.get(len) == Some(&b'\\');
        self.at += len + if is_escaped { 2 } else { 1 };
        Some(line.trim_matches([' ', '\t', '\r', '\\']))
    }

    /// The bytes of as many lines of base64 as `count` says.
    fn body(&mut self, count: &str) -> Option<Vec<u8>> {
        let count: usize = count.parse().ok()?;
        let mut chars = String::new();
        for _ in 0..count.min(1024) {
            chars += self.next()?;
        }
        Some(decode(chars.as_bytes()))
    }
}
