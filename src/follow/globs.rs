//! Globs by which documents name files of the tree.

use globset::{GlobBuilder, GlobMatcher};

/// A glob from the root of the tree, as Argo CD has them: `*` stands for what is no `/`.
#[must_use]
pub fn matcher(glob: &str) -> Option<GlobMatcher> {
    let glob = GlobBuilder::new(glob.trim_start_matches("./")).literal_separator(true).build();
    Some(glob.ok()?.compile_matcher())
}
