//! A private key that earlier commits hold.

use super::setting::Secret;

/// A private key that earlier commits hold and the tree no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buried {
    /// The key, where it was committed first.
    pub secret: Secret,
    /// Where it was, the first one first; never empty.
    pub stays: Vec<Stay>,
    /// Whether a commit or a tag says it in its message, and no file holds it.
    pub is_message: bool,
}

/// One path that a key was at for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The path from the root of the repository.
    pub path: String,
    /// The commit that brought it, abbreviated.
    pub introduced: String,
    /// The commit that took it away; none where something still leads to it.
    pub removed: Option<String>,
}
