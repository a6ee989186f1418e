//! The files of a tree that scripts run and take in: `./deploy.sh production`, `. "conf/$1.sh"`.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::source::{Source, SourceId};
use crate::syntax::{beside, file_name};

/// How many files are asked for what a name with a hole in it stands for.
const MOST_ALIKE: usize = 256;

/// Files by their paths.
#[derive(Debug, Default)]
pub struct Files {
    by_path: BTreeMap<String, SourceId>,
    by_name: BTreeMap<String, Vec<String>>,
    sources: BTreeMap<SourceId, Arc<Source>>,
}

impl Files {
    /// Adds a file.
    pub fn add(&mut self, id: SourceId, source: Arc<Source>) {
        let path = source.path().to_owned();
        self.by_name.entry(file_name(&path).to_owned()).or_default().push(path.clone());
        self.by_path.insert(path, id);
        self.sources.insert(id, source);
    }

    /// A file.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(&id).map(|source| &**source)
    }

    /// The file that a script names: beside itself, or where it is run, at the root of the tree; else the only one that ends so.
    #[must_use]
    pub fn named(&self, script: SourceId, word: &str) -> Option<(SourceId, &Source)> {
        let path = self.get(script).map_or("", Source::path);
        let near = beside("", word).into_iter().chain(beside(path, word));
        let found = near.into_iter().find_map(|path| self.by_path.get(&path)).copied();
        let only = || {
            let end = word.trim_start_matches("./");
            let is_end = |path: &&String| {
                path.strip_suffix(end)
                    .is_some_and(|before| before.is_empty() || before.ends_with('/'))
            };
            let mut all = self.by_name.get(file_name(end))?.iter().filter(is_end);
            let only = all.next().filter(|_| all.next().is_none() && !word.starts_with('/'))?;
            self.by_path.get(only).copied()
        };
        let id = found.or_else(only)?;
        Some((id, self.get(id)?))
    }

    /// The file that a script names by its own folder: `"$(dirname "$0")/common.sh"`.
    #[must_use]
    pub fn of_folder(&self, script: SourceId, written: &str) -> Option<(SourceId, &Source)> {
        let path = self.get(script).map_or("", Source::path);
        let file = fixed(path, written)?;
        let id = *self.by_path.get(&file)?;
        Some((id, self.get(id)?))
    }

    /// The folder of a script.
    #[must_use]
    pub fn folder(&self, script: SourceId) -> &str {
        let path = self.get(script).map_or("", Source::path);
        path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The paths that start so.
    pub fn starting(&self, start: &str) -> impl Iterator<Item = &str> {
        let start = start.to_owned();
        let from = self.by_path.range(start.clone()..).map(|(path, _)| path.as_str());
        from.take_while(move |path| path.starts_with(&start)).take(MOST_ALIKE)
    }
}

/// A script's own folder, as scripts ask for it: `dirname "$0"`, `cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd`.
static OWN_FOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x) ^\s* (?: cd \s+ (?: -- \s+ | -P \s+ )? )? "? (?: \$\( \s* )? dirname \s+ (?: -- \s+ )? "?
        (?: \$\( \s* (?: readlink \s+ -f | realpath ) \s+ (?: -- \s+ )? "? )?
        \$ \{? (?: 0 | BASH_SOURCE (?: \[0\] )? ) \}? "? (?: \s* \) )? "? (?: \s* \) )? "?
        (?P<behind> (?: / [\w.-]+ )* ) "? (?: \s* > \s* /dev/null (?: \s* 2>&1 )? )? (?: \s* && \s* pwd (?: \s+ -P )? )? \s* $"#,
    )
    .ok()
});

/// What a program says of a script's own folder, where that is asked for: `folder`, with what goes on behind it.
#[must_use]
pub fn own_folder(asked: &str, folder: &str) -> Option<String> {
    let captures = OWN_FOLDER.as_ref()?.captures(asked)?;
    let behind = captures.name("behind").map_or("", |found| found.as_str());
    let folder = if folder.is_empty() { "." } else { folder };
    Some(format!("{folder}{behind}"))
}

/// The path of a file that is named whole; what a script calls its own folder is that.
#[must_use]
pub fn fixed(path: &str, written: &str) -> Option<String> {
    let file = behind_own_folder(written);
    let file = file.split([';', '#', '&', '|']).next()?.trim().trim_matches(['"', '\'']);
    let is_whole = !file.is_empty() && !file.contains(['$', '*', '`']);
    beside(path, file).filter(|_| is_whole)
}

/// What stands behind what a script calls its own folder; all of it where it calls none.
#[must_use]
pub fn behind_own_folder(written: &str) -> &str {
    let is_own = ["dirname", "BASH_SOURCE", "${0%"].iter().any(|word| written.contains(word));
    match written.rsplit_once([')', '}']).filter(|_| is_own) {
        Some((_, behind)) => behind.trim_start_matches(['"', '/']),
        None => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_asks_for_its_own_folder() {
        for (asked, expected) in [
            ("dirname \"$0\"", Some("bin")),
            ("dirname -- \"${BASH_SOURCE[0]}\"", Some("bin")),
            ("dirname \"$(readlink -f \"$0\")\"", Some("bin")),
            ("cd \"$(dirname \"$0\")\" && pwd", Some("bin")),
            (
                "cd \"$(dirname \"${BASH_SOURCE[0]}\")/..\" >/dev/null 2>&1 && pwd -P",
                Some("bin/.."),
            ),
            ("dirname \"$1\"", None),
            ("cd \"$(dirname \"$0\")\" && ls", None),
        ] {
            assert_eq!(own_folder(asked, "bin").as_deref(), expected, "{asked}");
        }
    }

    #[test]
    fn a_file_that_is_named_whole_stands_beside_its_script() {
        for (written, expected) in [
            ("\"$(dirname \"$0\")/common.sh\"", Some("bin/common.sh")),
            ("\"$(dirname \"${BASH_SOURCE[0]}\")/../lib/ids.sh\"", Some("lib/ids.sh")),
            ("${0%/*}/common.sh", Some("bin/common.sh")),
            ("\"$(cd \"$(dirname \"$0\")\" && pwd)/../lib/ids\" || exit", Some("lib/ids")),
            ("\"$(cd \"$(dirname \"$0\")\" && pwd)/../lib/ids\"", Some("lib/ids")),
            ("./common.sh", Some("bin/common.sh")),
            ("common.sh  # ids", Some("bin/common.sh")),
            ("\"conf/$1.conf\"", None),
            ("\"$ROOT/common.sh\"", None),
        ] {
            assert_eq!(fixed("bin/run.sh", written).as_deref(), expected, "{written}");
        }
    }
}
