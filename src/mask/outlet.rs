//! The way out: whatever the program prints or writes passes through here, line by line.
//!
//! Everything that is shown of a file or of a name is masked where it is taken. What gets by that, by a mistake of ours, meets this: no key
//! and nothing of a key's shape leaves in one piece.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{shape, starred};
use crate::recognise::secret;
use crate::source::Span;

/// A stream that only masked text reaches.
pub struct Outlet<'a> {
    to: &'a mut dyn Write,
    /// The line that is not ended yet.
    line: Vec<u8>,
}

impl<'a> Outlet<'a> {
    /// Leads to a stream.
    pub fn new(to: &'a mut dyn Write) -> Self {
        Self { to, line: Vec::new() }
    }
}

impl Write for Outlet<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.to.write_all(masked(&line).as_bytes())?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.to.write_all(masked(&line).as_bytes())?;
        self.to.flush()
    }
}

impl Drop for Outlet<'_> {
    /// What nobody flushed is not lost; where it cannot be written, nobody is left to be told.
    fn drop(&mut self) {
        let _ = self.flush();
    }
}

/// The content of a file that the program writes: only masked text can be one.
pub struct Page(Vec<u8>);

impl Page {
    /// Takes a whole content.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        let lines = content.split_inclusive(|byte| *byte == b'\n');
        Self(lines.flat_map(|line| masked(line).into_owned().into_bytes()).collect())
    }

    /// Takes what is made of hashes alone, and no text of anybody's.
    #[must_use]
    pub fn of_hashes(content: &[u8]) -> Self {
        Self(content.to_vec())
    }

    /// The bytes to be written.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

fn masked(line: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(line);
    let keys = secret::find(&text).into_iter().map(|key| key.span);
    let mut spans: Vec<Span> = keys.chain(shape::suspects(&text)).collect();
    if spans.is_empty() {
        return text;
    }
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let joins = next.start <= kept.end;
        kept.end = if joins { kept.end.max(next.end) } else { kept.end };
        joins
    });
    Cow::Owned(starred(&text, &spans))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_does_not_leave_in_however_many_writes() {
        let key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC";
        let mut out = Vec::new();
        let mut outlet = Outlet::new(&mut out);
        for part in ["a ", &key[..9], &key[9..], " b\n", key] {
            outlet.write_all(part.as_bytes()).unwrap();
        }
        drop(outlet);
        let stars = "*".repeat(key.len());
        assert_eq!(String::from_utf8(out).unwrap(), format!("a {stars} b\n{stars}"));
        assert_eq!(
            Page::of(format!("{key}\n").as_bytes()).bytes(),
            format!("{stars}\n").as_bytes()
        );
    }
}
