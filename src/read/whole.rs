//! Reads files whole, whatever they hold.

use crate::discover::File;
use crate::discover::git::objects::Blob;
use crate::discover::git::{ObjectId, Repository};

/// Reads files that the repository keeps, none larger than `most` bytes, whatever they hold; `found` gets each one's index.
pub fn kept_whole(
    repository: &Repository,
    files: &[&File],
    most: u64,
    found: &mut dyn FnMut(usize, &[u8]),
) {
    let kept: Vec<(usize, &ObjectId)> =
        (0..).zip(files).filter_map(|(index, file)| Some((index, file.blob.as_ref()?))).collect();
    let ids: Vec<&ObjectId> = kept.iter().map(|(_, id)| *id).collect();
    // What git does not answer for gives nothing.
    let _ = repository.blobs(&ids, most, &mut |at, blob| {
        if let (Some((index, _)), Blob::Bytes(bytes)) = (kept.get(at), blob) {
            found(*index, bytes);
        }
    });
}
