//! Globs by which documents name files of the tree.

use std::collections::BTreeSet;

use globset::{Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

/// A glob from the root of the tree, as Argo CD has them: `*` stands for what is no `/`.
#[must_use]
pub fn matcher(glob: &str) -> Option<GlobMatcher> {
    Some(built(glob)?.compile_matcher())
}

/// All of some globs at once, each searched for once.
#[must_use]
pub fn set(globs: impl Iterator<Item = String>) -> GlobSet {
    let globs: BTreeSet<String> = globs.collect();
    let mut set = GlobSetBuilder::new();
    for glob in globs.iter().filter_map(|glob| built(glob)) {
        set.add(glob);
    }
    set.build().unwrap_or_default()
}

fn built(glob: &str) -> Option<Glob> {
    GlobBuilder::new(glob.trim_start_matches("./")).literal_separator(true).build().ok()
}
