//! Reads the files of a tree, from its folder or from the object store, and sifts them; the only module that opens files.
//!
//! Only regular files are read: the last part of a path is never followed if it is a link, and opening never waits. Memory does not depend on
//! the size of what holds nothing of interest.

mod content;
pub(crate) mod gzip;
pub(crate) mod input;
mod packed;
mod pieces;
pub(crate) mod stamp;
pub(crate) mod whole;

use std::fs::{self, File as Handle};
use std::io::{self, Cursor, Read as _};
use std::path::Path;

use crate::discover::File;
use crate::discover::git::objects::{Blob, BlobStream};
use crate::discover::git::{GitError, ObjectId, Repository};
use crate::encoding::Encoding;
use crate::fault::{is_gone, reason};
use crate::sift::{OVERLAP, Sifted, may_join_names, sift};
use crate::source::Part;
use crate::syntax::Format as _;
use crate::syntax::sql::Sql;
pub use content::Content;
use pieces::{PIECE, Stream, abridge, fill, size};
use stamp::Stamp;

/// What is said of a file whose content git has not.
pub const MISSING: &str = "is not in this clone of the repository";

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest file that is parsed, in bytes.
    pub file_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 64 << 20 }
    }
}

/// Reads one file of a tree; `buffer` is kept for the next file.
///
/// Folders on the way to the file are followed: [`discover`](crate::discover::discover) lists nothing behind a link.
pub fn read(root: &Path, file: &File, limits: &Limits, buffer: &mut Vec<u8>) -> Content {
    read_stamped(root, file, limits, buffer).0
}

/// Does the same, and tells by what the file is known again if it has not changed.
pub fn read_stamped(
    root: &Path,
    file: &File,
    limits: &Limits,
    buffer: &mut Vec<u8>,
) -> (Content, Option<Stamp>) {
    if let Some(reason) = &file.unreadable {
        return (Content::Unread { reason: reason.clone() }, None);
    }
    if let Some(text) = &file.text {
        let (mut stream, length) = (Cursor::new(text.bytes()), text.bytes().len() as u64);
        let read = read_stream(&mut stream, length, &file.name, limits.file_bytes, buffer);
        return (or_reason(read), None);
    }
    let path = root.join(&file.path);
    let read = |mut handle: Handle| {
        let metadata = handle.metadata()?;
        if !metadata.is_file() {
            return Ok((Content::Skipped, None));
        }
        let stamp = stamp::of(&metadata);
        read_stream(&mut handle, metadata.len(), &file.name, limits.file_bytes, buffer)
            .map(|content| (content, stamp))
    };
    match open(&path).and_then(read) {
        Ok(read) => read,
        Err(error) if is_worth_a_word(&path) => {
            (Content::Unread { reason: format!("cannot be read: {}", reason(&error)) }, None)
        }
        Err(_) if file.was_there => {
            (Content::Unread { reason: "is gone since the folder was listed".into() }, None)
        }
        Err(_) => (Content::Skipped, None),
    }
}

/// Reads files of a tree that the repository keeps, in the order given; `found` gets each one's index with what it gave.
pub fn read_kept(
    repository: &Repository,
    files: &[&File],
    limits: &Limits,
    found: &mut dyn FnMut(usize, Content),
) {
    let mut buffer = Vec::new();
    let kept: Vec<(usize, &File, &ObjectId)> = (0..)
        .zip(files)
        .filter_map(|(index, file)| Some((index, *file, file.blob.as_ref()?)))
        .collect();
    let ids: Vec<&ObjectId> = kept.iter().map(|(.., id)| *id).collect();
    let mut large = Vec::new();
    let mut done = 0;
    let ended = repository.blobs(&ids, limits.file_bytes, &mut |at, blob| {
        done = at + 1;
        let Some((index, file, id)) = kept.get(at) else { return };
        match blob {
            Blob::Bytes(bytes) => {
                let mut stream = Cursor::new(bytes);
                let length = bytes.len() as u64;
                let read =
                    read_stream(&mut stream, length, &file.name, limits.file_bytes, &mut buffer);
                found(*index, or_reason(read));
            }
            // It is read by another process, which can start again.
            Blob::Large(size) => large.push((*index, *file, *id, size)),
            Blob::Missing => {
                let reason = MISSING.to_owned();
                found(*index, Content::Unread { reason });
            }
        }
    });
    for (index, file, id, size) in large {
        let read = BlobStream::open(repository, id).and_then(|mut stream| {
            read_stream(&mut stream, size, &file.name, limits.file_bytes, &mut buffer)
        });
        found(index, or_reason(read));
    }
    if let Err(why) = ended {
        for (index, ..) in kept.iter().skip(done) {
            found(*index, Content::Unread { reason: format!("cannot be read: {why}") });
        }
    }
    for (index, file) in (0..).zip(files).filter(|(_, file)| file.blob.is_none()) {
        let reason = file.unreadable.clone().unwrap_or_else(|| "cannot be read".into());
        found(index, Content::Unread { reason });
    }
}

/// The text of a file that the repository keeps, such as its configuration, of `most` bytes.
///
/// # Errors
/// Where it cannot be read, is no text, or is larger.
pub fn kept_text(repository: &Repository, file: &File, most: u64) -> Result<String, GitError> {
    let unread = |why: &str| GitError::Failed(format!("cannot read `{}`: {why}", file.name));
    let id = file.blob.as_ref().ok_or_else(|| unread("it is no file"))?;
    let mut text = Err(unread("it is not in this clone of the repository"));
    repository.blobs(&[id], most, &mut |_, blob| match blob {
        Blob::Bytes(bytes) => {
            text = String::from_utf8(bytes.to_vec()).map_err(|_| unread("it is not UTF-8"));
        }
        Blob::Large(_) => text = Err(unread(&larger_than(most))),
        Blob::Missing => {}
    })?;
    text
}

fn or_reason(read: io::Result<Content>) -> Content {
    read.unwrap_or_else(|error| Content::Unread {
        reason: format!("cannot be read: {}", reason(&error)),
    })
}

/// Far beyond any configuration that a person writes, in bytes.
pub const LARGEST_CONFIGURATION: u64 = 1 << 20;

/// Far beyond any baseline that a person reviews, in bytes.
pub const LARGEST_BASELINE: u64 = 16 << 20;

fn larger_than(most: u64) -> String {
    format!("it is larger than {}", size(most))
}

/// Reads a configuration or a baseline of a checked tree. Nothing on the way to it may be a link: whoever writes the tree could have us print
/// any file of this machine. It is no device either, which could make us wait.
///
/// # Errors
/// Where it is a link, and as [`configuration`].
pub fn configuration_of_tree(root: &Path, name: &Path, most: u64) -> io::Result<String> {
    let mut path = root.to_owned();
    for part in name.components() {
        path.push(part);
        if fs::symlink_metadata(&path)?.is_symlink() {
            return Err(io::Error::other(LINK));
        }
    }
    let found = fs::symlink_metadata(&path)?;
    if !found.is_file() && !found.is_dir() {
        return Err(io::Error::other("it is no file"));
    }
    text_of(open(&path)?, most)
}

/// Why a configuration that is a link is not read.
pub const LINK: &str =
    "it is a link, and no link of a checked tree is followed: put the file in its place";

/// Reads a configuration or a baseline that a user names, which may be a link.
///
/// # Errors
/// Where it is not there, not a text, or larger than `most` bytes.
pub fn configuration(path: &Path, most: u64) -> io::Result<String> {
    text_of(Handle::open(path)?, most)
}

/// Reads what this tool keeps for itself in a repository's own folder. No link is followed.
///
/// # Errors
/// Where it is not there, a link, or larger than `most` bytes.
pub fn kept_aside(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let handle = open(path)?;
    let found = handle.metadata()?;
    if !found.is_file() || found.len() > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default());
    handle.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn text_of(handle: Handle, most: u64) -> io::Result<String> {
    let mut text = String::new();
    handle.take(most + 1).read_to_string(&mut text)?;
    if text.len() as u64 > most {
        return Err(io::Error::other(larger_than(most)));
    }
    Ok(text)
}

/// Whether there is anything at a path, be it a link that leads nowhere.
pub(crate) fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Whether a link stands at a path.
pub(crate) fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
}

/// Whether what could not be opened may be a file, and not a link, a socket or nothing any more.
fn is_worth_a_word(path: &Path) -> bool {
    match fs::symlink_metadata(path) {
        Ok(found) => found.is_file(),
        Err(error) => !is_gone(&error),
    }
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<Handle> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // `O_NONBLOCK`: opening a FIFO without a writer would wait for one.
    Handle::options()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC)
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<Handle> {
    if fs::symlink_metadata(path)?.is_file() {
        Handle::open(path)
    } else {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// Reads a stream of `size` bytes as far as it is needed.
fn read_stream(
    stream: &mut impl Stream,
    size: u64,
    name: &str,
    limit: u64,
    buffer: &mut Vec<u8>,
) -> io::Result<Content> {
    // Places in a text are counted in 32 bits.
    let limit = limit.min(u64::from(u32::MAX));
    buffer.resize(PIECE, 0);
    let mut length = fill(stream, buffer, 0, size)?;
    let start = buffer.get(..length).unwrap_or_default();
    if gzip::is_gzip(start) {
        return gzip::unpack(stream, name, limit, buffer);
    }
    if size <= LARGEST_POINTER && is_pointer(start) {
        return Ok(Content::Pointer);
    }
    let (encoding, _) = Encoding::of(start);
    let is_wide = encoding != Encoding::Narrow;
    let whole = length < PIECE;
    if whole && packed::is_store(name, start) {
        return Ok(Content::Store { bytes: start.to_vec() });
    }
    let is_packed = packed::is_packed(start);
    if gzip::is_dump(name) && !is_packed && length > 0 {
        return uncompressed(stream, size, name, limit);
    }
    loop {
        let piece = buffer.get(..length).unwrap_or_default();
        let sifted = sift_as(encoding, name, piece);
        if is_wide && !sifted.has_content() && sift(name, piece).has_content() {
            let reason = "starts as UTF-16 or UTF-32 and is not; save it as UTF-8".into();
            return Ok(Content::Unread { reason });
        }
        if sifted.has_content() && encoding == Encoding::Utf32 {
            return Ok(Content::Unread { reason: "is UTF-32; save it as UTF-8".into() });
        }
        if sifted.any() && whole && length as u64 <= limit {
            return Ok(Content::Text { bytes: piece.to_vec(), sifted });
        }
        if sifted.has_content() && !is_wide && size > limit && Sql.claims(name) {
            stream.restart()?;
            return Ok(abridge(stream, name, limit, buffer)?.map_or_else(
                |reason| Content::Unread { reason },
                |parts| if parts.is_empty() { Content::Clean } else { Content::Parts { parts } },
            ));
        }
        // What is too large to be parsed is reported only where it is known to matter.
        let is_telling = sifted.settings || sifted.secrets;
        if is_telling || sifted.any() && size <= limit {
            return read_whole(stream, size, name, limit, encoding);
        }
        if length < PIECE && size > limit && may_join_names(name) {
            return Ok(too_large(limit));
        }
        if length < PIECE {
            return Ok(if is_packed { Content::Packed } else { Content::Clean });
        }
        buffer.copy_within(PIECE - OVERLAP.., 0);
        length = fill(stream, buffer, OVERLAP, u64::MAX)?;
    }
}

/// A dump whose name says that it is compressed, and which is not: text is read, anything else is told.
fn uncompressed(
    stream: &mut impl Stream,
    length: u64,
    name: &str,
    limit: u64,
) -> io::Result<Content> {
    if length > limit {
        return Ok(too_large(limit));
    }
    let mut bytes = Vec::new();
    stream.restart()?;
    stream.take(limit).read_to_end(&mut bytes)?;
    if bytes.contains(&0) || str::from_utf8(&bytes).is_err() {
        let reason = "is neither compressed by gzip, as its name says, nor text".to_owned();
        return Ok(Content::Unread { reason });
    }
    if !sift(gzip::unpacked_name(name), &bytes).any() {
        return Ok(Content::Clean);
    }
    let parts = vec![Part { bytes, byte: 0, line: 1, column: 1 }];
    Ok(Content::Unpacked { parts, is_broken: false })
}

/// Reads a file that matters from its start, within the limit.
fn read_whole(
    stream: &mut impl Stream,
    length: u64,
    name: &str,
    limit: u64,
    encoding: Encoding,
) -> io::Result<Content> {
    // UTF-16 can take half as much again as UTF-8.
    let is_wide = encoding != Encoding::Narrow;
    let limit = if is_wide { limit.min(u64::from(u32::MAX / 2)) } else { limit };
    if length > limit {
        return Ok(too_large(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    stream.restart()?;
    stream.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Ok(too_large(limit));
    }
    let sifted = sift_as(encoding, name, &bytes);
    Ok(Content::Text { bytes, sifted })
}

fn too_large(limit: u64) -> Content {
    Content::Unread { reason: format!("is larger than {} (limits.file-bytes)", size(limit)) }
}

fn sift_as(encoding: Encoding, name: &str, bytes: &[u8]) -> Sifted {
    encoding.ascii(bytes).map_or_else(|| sift(name, bytes), |ascii| sift(name, &ascii))
}

/// Whether a file is a pointer to one that Git LFS keeps: nothing else stands in it. Source: the specification of Git LFS, *The pointer*.
fn is_pointer(text: &[u8]) -> bool {
    let is_known = |line: &[u8]| {
        [&b"oid "[..], b"size ", b"ext-"].iter().any(|key| line.starts_with(key))
            && memchr::memchr_iter(b' ', line).count() == 1
    };
    let rest = text.strip_prefix(POINTER).and_then(|rest| rest.strip_suffix(b"\n"));
    rest.is_some_and(|rest| rest.split(|&byte| byte == b'\n').all(is_known))
}

/// What a pointer to a file of Git LFS starts with.
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";

/// A pointer is smaller than this. Source: the same.
const LARGEST_POINTER: u64 = 1024;
