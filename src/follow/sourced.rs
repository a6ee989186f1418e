//! The files that scripts take in by names with holes: `. "$(dirname "$0")/conf/$1.conf"`.
//!
//! Source: POSIX, *Shell Command Language*, `dot`. One of them is read for each run.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobMatcher;

use super::globs::{matcher, of_shell};
use crate::model::setting::Setting;
use crate::recognise::{Contribution, Include, Recognised};
use crate::source::{Location, SourceId};
use crate::sources::Sources;
use crate::syntax::file_name;
use crate::syntax::shell::files::fixed;

/// The files that a script may take in; none where it names no such.
#[must_use]
pub fn files(path: &str, text: &str) -> Vec<GlobMatcher> {
    let whole = |written| fixed(path, written).map(|file| globset::escape(&file));
    let globs = named(path, text).filter_map(|written| whole(written).or_else(|| glob(written)));
    globs.filter_map(|glob| matcher(&glob)).collect()
}

/// Lets what a script does take in the files that it names whole, where names stand in the place of its values: `. ./common.sh`.
pub fn take_in(sources: &Sources, recognised: &mut [Recognised]) {
    let is_open = |part: &Contribution| part.settings.iter().any(Setting::has_reference);
    let parts =
        recognised.iter().flat_map(|found| &found.contributions).filter(|part| is_open(part));
    let scripts: BTreeSet<SourceId> = parts.map(|part| part.source).collect();
    if scripts.is_empty() {
        return;
    }
    let paths: BTreeSet<&str> = sources.paths().map(|(_, path)| path).collect();
    let taken = |id: &SourceId| {
        let source = sources.get(*id)?;
        let path = source.path();
        let named = named(path, source.text()).filter_map(|written| fixed(path, written));
        let known: Vec<String> = named.filter(|file| paths.contains(file.as_str())).collect();
        (!known.is_empty()).then_some((*id, known))
    };
    let taken: BTreeMap<SourceId, Vec<String>> = scripts.iter().filter_map(taken).collect();
    for part in recognised.iter_mut().flat_map(|found| &mut found.contributions) {
        let known = taken.get(&part.source).filter(|_| is_open(part)).into_iter().flatten();
        let at = Location::new(part.source, 0, 0);
        part.includes.extend(known.map(|path| Include { path: path.clone(), at, is_firm: false }));
    }
}

/// What a script names behind the words that take a file in.
fn named<'t>(path: &str, text: &'t str) -> impl Iterator<Item = &'t str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit('.').next().unwrap_or_default();
    let is_makefile = extension == "mk" || name.to_ascii_lowercase().starts_with("makefile");
    let is_script = is_makefile
        || matches!(extension, "sh" | "bash" | "zsh")
        || !name.contains('.') && text.starts_with("#!");
    let including: &[&str] =
        if is_makefile { &["include ", "-include ", "sinclude "] } else { &[". ", "source "] };
    let lines = if is_script { text } else { "" }.lines();
    lines.filter_map(|line| {
        let line = line.trim_start();
        including.iter().find_map(|word| line.strip_prefix(word))
    })
}

/// What may be taken in by what is written, as a glob: any file that ends so, whatever stands in the place of variables.
#[must_use]
pub fn any(path: &str, written: &str) -> Option<String> {
    if let Some(file) = fixed(path, written) {
        // A pipeline's scripts run at the root.
        let file = file_name(&file);
        return Some(format!("**/{}", globset::escape(file)));
    }
    let named = written.split([';', '#', '&', '|']).next()?.trim().trim_matches(['"', '\'']);
    let mut parts: Vec<String> = Vec::new();
    for part in named.rsplit('/').take(2) {
        if part.contains([')', '"', '`']) || part.is_empty() || part == "." || part == ".." {
            break;
        }
        let glob = of_shell(part);
        parts.push(glob);
    }
    parts.reverse();
    let is_told = parts.iter().any(|part| part.trim_matches('*').len() > 1);
    is_told.then(|| format!("**/{}", parts.join("/")))
}

/// A file's name with a hole as a glob: what stands before the last folders that are written is passed over.
fn glob(written: &str) -> Option<String> {
    let written = written.split([';', '#', '&', '|']).next()?.trim().trim_matches(['"', '\'']);
    let mut parts: Vec<String> = Vec::new();
    let mut holes = 0;
    for part in written.rsplit('/') {
        let hole = part.find('$');
        // Of a hole in front, nobody knows how deep it is.
        let is_front = part.contains([')', '"']) && !part.starts_with("$(") || part == "..";
        if is_front || part.is_empty() || part == "." || hole.is_some() && parts.len() > 1 {
            break;
        }
        match hole {
            None => parts.push(part.to_owned()),
            Some(at) => {
                let (before, rest) = part.split_at(at);
                let end = rest.find(['.', '-', '}', ')']).map_or(rest.len(), |end| {
                    end + usize::from(rest.get(end..).is_some_and(|r| r.starts_with(['}', ')'])))
                });
                parts.push(format!("{before}*{}", rest.get(end..).unwrap_or_default()));
                holes += 1;
            }
        }
    }
    parts.reverse();
    let is_told = parts.iter().any(|part| !part.starts_with('*') || part.len() > 1);
    (holes == 1 && is_told).then(|| format!("**/{}", parts.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_stands_for_any_name() {
        for (written, expected) in [
            ("\"$(dirname \"$0\")/conf/$1.conf\"", Some("**/conf/*.conf")),
            ("conf/${ENV}.sh", Some("**/conf/*.sh")),
            ("\"$ROOT/envs/$ENVIRONMENT/vars.sh\"", Some("**/envs/*/vars.sh")),
            ("./conf/settings-$1.env", Some("**/conf/settings-*.env")),
            ("conf/common.sh", None),
            ("\"$1\"", None),
        ] {
            assert_eq!(glob(written).as_deref(), expected, "{written}");
        }
    }
}
