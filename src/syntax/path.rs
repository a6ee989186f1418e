//! What the name of a file tells of its format.

/// The last part of a path.
#[must_use]
pub fn file_name(path: &str) -> &str {
    memchr::memrchr(b'/', path.as_bytes()).map_or(path, |at| path.get(at + 1..).unwrap_or(path))
}

/// Resolves a path named in the file at `path`; none where it leaves the tree or holds a variable.
#[must_use]
pub fn beside(path: &str, named: &str) -> Option<String> {
    if named.starts_with('/') || named.contains("://") || named.contains('$') {
        return None;
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(named.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The file name without trailing suffixes of templates and samples: `env.php.dist` and `env.php.j2` are written in the format of `env.php`.
#[must_use]
pub fn stem_of_sample(path: &str) -> &str {
    let mut stem = path;
    while let Some(shorter) = SUFFIXES.iter().find_map(|suffix| stem.strip_suffix(suffix)) {
        stem = shorter;
    }
    stem
}

/// Suffixes of samples, of copies and of templates that a deployment fills.
const SUFFIXES: [&str; 13] = [
    ".dist",
    ".sample",
    ".example",
    ".template",
    ".tftpl",
    ".tpl",
    ".bak",
    ".orig",
    ".j2",
    ".jinja2",
    ".erb",
    ".tmpl",
    ".gotmpl",
];
