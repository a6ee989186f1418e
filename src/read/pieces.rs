//! Reads piece by piece what may be large.

use std::fs::File as Handle;
use std::io::{self, Cursor, Seek as _};

use crate::discover::git::objects::BlobStream;
use crate::sift::sift;
use crate::source::Part;
use crate::syntax::sql::abridge::Abridger;

/// How much of a file is held at a time until it proves interesting; even, for UTF-16.
pub(super) const PIECE: usize = 256 * 1024;

/// Something to read that can start again.
pub(super) trait Stream: io::Read {
    fn restart(&mut self) -> io::Result<()>;
}

impl Stream for Handle {
    fn restart(&mut self) -> io::Result<()> {
        self.rewind()
    }
}

impl Stream for Cursor<&[u8]> {
    fn restart(&mut self) -> io::Result<()> {
        self.rewind()
    }
}

impl Stream for BlobStream<'_> {
    fn restart(&mut self) -> io::Result<()> {
        BlobStream::restart(self)
    }
}

/// Reads a dump that matters from its start, piece by piece: what is held is a piece and what matters, which the limit bounds
/// (twice while it is put together).
pub(super) fn abridge(
    text: &mut impl io::Read,
    name: &str,
    limit: u64,
    buffer: &mut [u8],
) -> io::Result<Result<Vec<Part>, String>> {
    let tells = |string: &[u8]| sift(name, string).secrets;
    let mut abridger = Abridger::new(&tells, usize::try_from(limit).unwrap_or(usize::MAX));
    loop {
        let length = fill(text, buffer, 0, u64::MAX)?;
        let is_last = length < PIECE;
        abridger.push(buffer.get(..length).unwrap_or_default(), is_last);
        if is_last {
            break;
        }
    }
    let reason = || format!("holds more than {} of settings (limits.file-bytes)", size(limit));
    Ok(abridger.parts().ok_or_else(reason))
}

/// Reads until the buffer is full or the file ends, and returns how much of the buffer holds the file.
///
/// A file of `expected` bytes that gave exactly as many is not asked once more whether it has ended: a call in five for small files.
pub(super) fn fill(
    handle: &mut impl io::Read,
    buffer: &mut [u8],
    start: usize,
    expected: u64,
) -> io::Result<usize> {
    let mut length = start;
    loop {
        let room = buffer.get_mut(length..).unwrap_or_default();
        if room.is_empty() {
            return Ok(length);
        }
        match handle.read(room) {
            Ok(0) => return Ok(length),
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length as u64 == expected {
            return Ok(length);
        }
    }
}

pub(super) fn size(bytes: u64) -> String {
    match bytes {
        _ if bytes > 0 && bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        _ if bytes > 0 && bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        1 => "1 byte".into(),
        _ => format!("{bytes} bytes"),
    }
}
