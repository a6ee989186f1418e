//! What the system says of a file, by which one that has not changed is known again.

use std::fs::{self, Metadata};
use std::path::Path;

/// What changes when a file is written, replaced or renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    /// When the content changed, and when anything of the file did: seconds and nanoseconds since 1970.
    modified: (i64, i64),
    changed: (i64, i64),
}

/// The stamp of the file at a path; none where it is no file, or could change without another stamp.
#[must_use]
pub fn stamp(path: &Path) -> Option<Stamp> {
    of(&fs::symlink_metadata(path).ok()?)
}

/// How long ago a file must have changed: two changes within one tick of a file system's clock have one stamp.
#[cfg(unix)]
const SETTLED: i64 = 3;

/// The stamp of a file, taken before it is read: what is written meanwhile gives it another.
#[cfg(unix)]
pub(super) fn of(found: &Metadata) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt as _;
    let now = std::time::UNIX_EPOCH.elapsed().ok()?;
    let age = i64::try_from(now.as_secs()).ok()?.saturating_sub(found.ctime());
    (found.is_file() && age >= SETTLED).then(|| Stamp {
        device: found.dev(),
        inode: found.ino(),
        size: found.size(),
        modified: (found.mtime(), found.mtime_nsec()),
        changed: (found.ctime(), found.ctime_nsec()),
    })
}

/// Elsewhere the system does not say when anything of a file changed, and every file is read.
#[cfg(not(unix))]
pub(super) fn of(_: &Metadata) -> Option<Stamp> {
    None
}
