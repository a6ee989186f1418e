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

/// A part of a path as a shell has it, as a glob: any name for what a variable puts in.
#[must_use]
pub fn of_shell(part: &str) -> String {
    let mut glob = String::new();
    let mut rest = part;
    while let Some(at) = rest.find('$') {
        let (before, hole) = rest.split_at(at);
        let braced = hole.strip_prefix("${").and_then(|inner| inner.find('}')).map(|end| end + 3);
        let plain = || {
            let is_end = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
            hole.get(1..).and_then(|name| name.find(is_end)).map_or(hole.len(), |end| end + 1)
        };
        glob.push_str(&globset::escape(before));
        glob.push('*');
        rest = hole.get(braced.unwrap_or_else(plain)..).unwrap_or_default();
    }
    glob.push_str(&globset::escape(rest));
    glob
}

fn built(glob: &str) -> Option<Glob> {
    GlobBuilder::new(glob.trim_start_matches("./")).literal_separator(true).build().ok()
}
