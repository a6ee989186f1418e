//! The content of files in the object store, read by `git cat-file`.

use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::process::{Child, ChildStdout};

use super::calls::not_run;
use super::error::GitError;
use super::id::ObjectId;
use super::patience::Patient;
use super::repository::Repository;

/// What the object store has under a name.
#[derive(Debug)]
pub enum Blob<'a> {
    /// A file's content.
    Bytes(&'a [u8]),
    /// More than the limit; [`BlobStream`] reads it piece by piece.
    Large(u64),
    /// Nothing, as in a clone without all objects.
    Missing,
}

impl Repository {
    /// Reads blobs in the order given, through one process; no more than `limit` bytes are held.
    ///
    /// # Errors
    /// Where git ends before it has answered for all of them: those that it answered for are found.
    pub fn blobs(
        &self,
        ids: &[&ObjectId],
        limit: u64,
        found: &mut dyn FnMut(usize, Blob<'_>),
    ) -> Result<(), GitError> {
        let ended = |error: io::Error| match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => not_run(&error),
            _ => GitError::Failed("git stopped in the middle of reading".into()),
        };
        let mut child =
            self.converse(&["cat-file", "--batch", "--buffer"]).map_err(|error| not_run(&error))?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(ended(io::ErrorKind::BrokenPipe.into()));
        };
        let answered = std::thread::scope(|scope| {
            // It stops reading where we do not read its answers: both at the same time.
            let asking = std::thread::Builder::new().spawn_scoped(scope, move || {
                let names: String = ids.iter().flat_map(|id| [id.as_str(), "\n"]).collect();
                // Where git is gone, its missing answers tell.
                let _ = input.write_all(names.as_bytes());
            });
            if let Err(error) = asking {
                let _ = child.kill();
                return Err(error);
            }
            let mut output = BufReader::with_capacity(64 << 10, Patient::of(output));
            let mut bytes = Vec::new();
            let answered = (0..ids.len()).try_for_each(|index| {
                answer(&mut output, &mut bytes, limit, &mut |blob| found(index, blob))
            });
            if answered.is_err() {
                let _ = child.kill();
            }
            answered
        });
        let _ = child.wait();
        answered.map_err(ended)
    }
}

/// Reads one answer: `<name> blob <size>`, the bytes and a line feed; or `<name> missing`.
pub(super) fn answer(
    output: &mut impl BufRead,
    bytes: &mut Vec<u8>,
    limit: u64,
    found: &mut dyn FnMut(Blob<'_>),
) -> io::Result<()> {
    /// Far more than a name, a type and a size take.
    const LONGEST: u64 = 1 << 10;
    let mut head = Vec::new();
    output.take(LONGEST).read_until(b'\n', &mut head)?;
    let head = String::from_utf8_lossy(&head);
    let mut words = head.split_whitespace().skip(1);
    let size = match (words.next(), words.next().map(str::parse::<u64>)) {
        (Some("missing"), None) => {
            found(Blob::Missing);
            return Ok(());
        }
        (Some(_), Some(Ok(size))) => size,
        _ => return Err(io::ErrorKind::InvalidData.into()),
    };
    // With its line feed.
    let whole = size.checked_add(1).ok_or(io::ErrorKind::InvalidData)?;
    if size > limit {
        let skipped = io::copy(&mut output.take(whole), &mut io::sink())?;
        found(Blob::Large(size));
        return if skipped == whole { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
    }
    bytes.clear();
    output.take(whole).read_to_end(bytes)?;
    if bytes.pop() != Some(b'\n') || bytes.len() as u64 != size {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    found(Blob::Bytes(bytes));
    Ok(())
}

/// A large blob, read piece by piece.
#[derive(Debug)]
pub struct BlobStream<'a> {
    repository: &'a Repository,
    id: &'a ObjectId,
    child: Child,
    output: Patient<ChildStdout>,
}

impl<'a> BlobStream<'a> {
    /// Starts reading.
    ///
    /// # Errors
    /// Where git cannot be started.
    pub fn open(repository: &'a Repository, id: &'a ObjectId) -> io::Result<Self> {
        let mut child = repository.start(&["cat-file", "blob", id.as_str()])?;
        let output = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { repository, id, child, output: Patient::of(output) })
    }

    /// Starts again from the first byte.
    ///
    /// # Errors
    /// Where git cannot be started.
    pub fn restart(&mut self) -> io::Result<()> {
        *self = Self::open(self.repository, self.id)?;
        Ok(())
    }
}

impl Read for BlobStream<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.output.read(room)
    }
}

impl Drop for BlobStream<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_that_nothing_has_is_no_answer() {
        let mut sizes = Vec::new();
        for (size, is_answer) in [
            ("3", true),
            ("9", false),
            ("18446744073709551614", false),
            ("18446744073709551615", false),
        ] {
            let said = format!("0000 blob {size}\nabc\n");
            let answered = answer(&mut said.as_bytes(), &mut Vec::new(), 8, &mut |blob| {
                if let Blob::Bytes(bytes) = blob {
                    sizes.push(bytes.len());
                }
            });
            assert_eq!(answered.is_ok(), is_answer, "{size}");
        }
        assert_eq!(sizes, [3]);
    }
}
