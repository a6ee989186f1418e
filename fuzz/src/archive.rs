//! Several files in one text: each behind a line `-- its/path --`.

use std::path::{Component, Path, PathBuf};

/// The most files that are taken.
const MOST: usize = 24;

/// The files of an archive. None leads out of a folder, and none belongs to git, which is not asked.
pub fn files(bytes: &[u8]) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match path(line) {
            Some(path) if files.len() < MOST => files.push((path, Vec::new())),
            _ => {
                if let Some((_, text)) = files.last_mut() {
                    text.extend_from_slice(line);
                }
            }
        }
    }
    files
}

fn path(line: &[u8]) -> Option<PathBuf> {
    let line = std::str::from_utf8(line).ok()?;
    let path = Path::new(line.trim_end().strip_prefix("-- ")?.strip_suffix(" --")?);
    let is_plain = |part| matches!(part, Component::Normal(name) if name != ".git");
    let is_one = path.components().all(is_plain) && !path.as_os_str().is_empty();
    let is_short = path.as_os_str().len() < 200 && path.components().count() < 12;
    (is_one && is_short && !line.contains('\0')).then(|| path.to_owned())
}
