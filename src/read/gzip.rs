//! What files compressed by gzip hold: the settings of SQL dumps, private keys in all of them.
//!
//! They are unpacked piece by piece and no further than the limit allows, whatever they unpack to.

use std::io::{self, Read as _};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::content::Content;
use super::packed;
use super::pieces::{PIECE, Stream, abridge, fill, size};
use crate::sift::{OVERLAP, Sifted, sift};
use crate::source::Part;
use crate::syntax::Format as _;
use crate::syntax::sql::Sql;

/// How far a dump is unpacked, in limits; what is kept of it is one at most.
const UNPACKED: u64 = 64;

/// Whether a file is compressed by gzip, whatever it is called.
pub(super) fn is_gzip(start: &[u8]) -> bool {
    start.starts_with(&[0x1F, 0x8B, 8])
}

/// Whether a name is that of a dump that gzip has compressed.
pub(super) fn is_dump(name: &str) -> bool {
    let within = unpacked_name(name);
    within.len() < name.len() && Sql.claims(within)
}

/// What is said of compression that ends too early or is not what it should be.
pub const BROKEN: &str = "the compression breaks off or is not sound";

/// The name of what a compressed file holds.
#[must_use]
pub fn unpacked_name(name: &str) -> &str {
    let path = Path::new(name);
    let is_gz = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
    if is_gz { name.get(..name.len() - ".gz".len()).unwrap_or(name) } else { name }
}

/// Looks into a compressed file: at all of it within the limit, and of a larger dump at what matters.
pub(super) fn unpack(
    stream: &mut impl Stream,
    name: &str,
    limit: u64,
    buffer: &mut [u8],
) -> io::Result<Content> {
    let name = unpacked_name(name);
    let is_dump = Sql.claims(name);
    let mut text = Unpacking::from_start(stream, limit)?;
    let mut start = 0;
    let mut sifted = Sifted::default();
    let mut is_packed = None;
    loop {
        let length = fill(&mut text, buffer, start, u64::MAX)?;
        is_packed.get_or_insert_with(|| is_packed_within(buffer, length));
        sifted = sifted.or(sift(name, buffer.get(..length).unwrap_or_default()));
        if length < PIECE {
            break;
        }
        buffer.copy_within(PIECE - OVERLAP.., 0);
        start = OVERLAP;
    }
    let goes_on = text.goes_on()?;
    if is_dump && goes_on {
        return unpack_dump(stream, name, limit, buffer);
    }
    let matters = sifted.secrets || is_dump && (sifted.settings || sifted.perhaps);
    if is_dump && text.is_broken && !matters {
        return Ok(Content::Unread { reason: format!("holds what is unknown: {BROKEN}") });
    }
    if !matters {
        let is_packed = is_packed.unwrap_or_default();
        return Ok(if is_packed { Content::Packed } else { Content::Clean });
    }
    if goes_on {
        return Ok(beyond(limit));
    }
    let mut text = Unpacking::from_start(stream, limit)?;
    let mut bytes = Vec::new();
    text.read_to_end(&mut bytes)?;
    let parts = vec![Part { bytes, byte: 0, line: 1, column: 1 }];
    Ok(Content::Unpacked { parts, is_broken: text.is_broken })
}

fn is_packed_within(buffer: &[u8], length: usize) -> bool {
    packed::is_packed(buffer.get(..length).unwrap_or_default())
}

fn unpack_dump(
    stream: &mut impl Stream,
    name: &str,
    limit: u64,
    buffer: &mut [u8],
) -> io::Result<Content> {
    let bound = limit.saturating_mul(UNPACKED);
    let mut text = Unpacking::from_start(stream, bound)?;
    Ok(match abridge(&mut text, name, limit, buffer)? {
        Ok(_) if text.goes_on()? => beyond(bound),
        Ok(parts) if parts.is_empty() && text.is_broken => {
            Content::Unread { reason: format!("holds what is unknown: {BROKEN}") }
        }
        Ok(parts) if parts.is_empty() => Content::Clean,
        Ok(parts) => Content::Unpacked { parts, is_broken: text.is_broken },
        Err(reason) => Content::Unread { reason },
    })
}

fn beyond(bound: u64) -> Content {
    Content::Unread { reason: format!("unpacks to more than {} (limits.file-bytes)", size(bound)) }
}

/// The text of a compressed file, no more of it than is allowed. Where the compression is not sound, the text ends: that is no error of the
/// file system.
struct Unpacking<'a, S: Stream> {
    text: io::Take<MultiGzDecoder<io::BufReader<&'a mut S>>>,
    is_broken: bool,
}

impl<'a, S: Stream> Unpacking<'a, S> {
    fn from_start(stream: &'a mut S, bound: u64) -> io::Result<Self> {
        stream.restart()?;
        let text = MultiGzDecoder::new(io::BufReader::new(stream)).take(bound);
        Ok(Self { text, is_broken: false })
    }

    /// Whether there is more than is allowed.
    fn goes_on(&mut self) -> io::Result<bool> {
        let is_at_bound = self.text.limit() == 0;
        self.text.set_limit(1);
        Ok(is_at_bound && self.read(&mut [0])? > 0)
    }
}

impl<S: Stream> io::Read for Unpacking<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.text.read(buffer) {
            // The system's own errors are the file's.
            Err(error)
                if error.kind() != io::ErrorKind::Interrupted && error.raw_os_error().is_none() =>
            {
                // What follows a sound file, such as a tape's zeros, is none of it.
                self.is_broken |= error.kind() == io::ErrorKind::UnexpectedEof
                    || error.to_string().starts_with("corrupt");
                Ok(0)
            }
            read => read,
        }
    }
}
