//! What reading a file gives.

use crate::sift::Sifted;
use crate::source::Part;

/// What reading a file gave.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing to read: a link, a FIFO, a device, a folder, or what the index lists and the folder has no more. Its name counts for nothing either.
    Skipped,
    /// Read to its end, and nothing in it can matter.
    Clean,
    /// All of a file that can matter.
    Text {
        /// The file as it is on disk.
        bytes: Vec<u8>,
        /// What it may hold.
        sifted: Sifted,
    },
    /// What matters of a dump that is larger than the limit.
    Parts {
        /// The statements on settings, and strings that may hold a key, in order.
        parts: Vec<Part>,
    },
    /// What a compressed file holds, where it may matter.
    Unpacked {
        /// All of the text without compression, as far as it is sound, or what matters of a dump that is larger than the limit.
        parts: Vec<Part>,
        /// Whether the compression breaks off or is not sound.
        is_broken: bool,
    },
    /// Read to its end: an archive, which is not unpacked, in whose bytes nothing shows.
    Packed,
    /// All of a file that can be a private key, or a store of some, in bytes.
    Store {
        /// The file as it is on disk.
        bytes: Vec<u8>,
    },
    /// A pointer to a file that Git LFS keeps elsewhere.
    Pointer,
    /// Not read whole although it may hold settings.
    Unread {
        /// A clause about the file: "is larger than …".
        reason: String,
    },
}
