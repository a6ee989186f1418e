//! What scripts take of files of the tree by `jq` and `yq`: `jq -r ".$ENVIRONMENT.dataSpaceId" config/environments.json`.
//!
//! Sources: the jq manual, *Invoking jq*, *Basic filters*, `select`; the documentation of yq, *Traverse (Read)*, *Env Variable Operators*. What only
//! running would tell, a variable in the place of a key or of a file's name, stands for any.

use globset::GlobMatcher;

use super::globs;
use super::names::{Name, Space};
use super::rename::ANY;
use super::roots::around;
use super::running::runs_commands;
use crate::resolve::conventions::parent;
use crate::source::Source;
use crate::syntax::beside;

/// The programs that take values out of documents.
const PROGRAMS: [&str; 5] = ["jq", "yq", "gojq", "jaq", "dasel"];

/// Options with two words of their own.
const GIVING: [&str; 4] = ["--arg", "--argjson", "--slurpfile", "--rawfile"];

/// Words of `yq` before its expression.
const SUBCOMMANDS: [&str; 4] = ["e", "eval", "r", "read"];

/// The longest command that is looked at.
const LONGEST: usize = 512;

/// What the output of a command in the file at `path` takes of other files, and which these may be; none where it does not.
#[must_use]
pub fn name(path: &str, written: &str) -> Option<(Name, Vec<GlobMatcher>)> {
    let written = written.trim().trim_matches('"');
    let plain = || written.strip_prefix('`').and_then(|inner| inner.strip_suffix('`'));
    let command = written.strip_prefix("$(").and_then(|inner| inner.strip_suffix(')'));
    let (filter, file) = query(command.or_else(plain)?)?;
    let files = files(path, &file).iter().filter_map(|glob| globs::matcher(glob)).collect();
    Some((Name { space: Space::Decoded, path: steps(&filter)? }, files))
}

/// The globs of the files that the commands of a source take values of.
#[must_use]
pub fn named(source: &Source) -> Vec<String> {
    let (path, text) = (source.path(), source.text());
    if !(runs_commands(path) || text.starts_with("#!")) || !text.contains("q ") {
        return Vec::new();
    }
    let starts = text.match_indices("$(").map(|(at, open)| (at + open.len(), ')'));
    let starts = starts.chain(text.match_indices('`').map(|(at, open)| (at + open.len(), '`')));
    let commands = starts.filter_map(|(at, close)| {
        let line = text.get(at..)?;
        let is_asking = |program: &&str| line.trim_start().starts_with(program);
        PROGRAMS.iter().chain(&["cat "]).any(is_asking).then_some(())?;
        let mut end = LONGEST.min(line.len());
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        let line = line.get(..end)?.lines().next()?;
        line.match_indices(close).find_map(|(end, _)| query(line.get(..end)?))
    });
    commands.flat_map(|(_, file)| files(path, &file)).collect()
}

/// The filter of a command that takes a value out of a file, and the file.
fn query(command: &str) -> Option<(String, String)> {
    let words = words(command)?;
    let at = words
        .iter()
        .position(|word| PROGRAMS.contains(&word.rsplit('/').next().unwrap_or_default()))?;
    let before = match words.get(..at)? {
        [] => None,
        [cat, file, pipe] if cat == "cat" && pipe == "|" => Some(file),
        _ => return None,
    };
    let mut rest: Vec<&String> = Vec::new();
    let mut left = 0;
    for word in words.get(at + 1..)? {
        if left > 0 {
            left -= 1;
        } else if GIVING.contains(&word.as_str()) {
            left = 2;
        } else if !(word.starts_with('-') || word == "<" || word.starts_with("2>")) {
            rest.push(word);
        }
    }
    if rest.first().is_some_and(|word| SUBCOMMANDS.contains(&word.as_str())) {
        rest.remove(0);
    }
    let [filter, file] = rest.into_iter().chain(before).collect::<Vec<_>>()[..] else {
        return None;
    };
    Some((filter.clone(), file.clone()))
}

/// The words of a command without their quotes; what a variable or another command puts in stays as it is written.
fn words(command: &str) -> Option<Vec<String>> {
    if command.len() > LONGEST {
        return None;
    }
    let mut words = Vec::new();
    let (mut word, mut is_open) = (String::new(), false);
    let mut quote: Option<char> = None;
    let mut depth = 0_usize;
    let mut letters = command.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('$', _) if quote != Some('\'') && letters.peek() == Some(&'(') => {
                depth += 1;
                word.push_str("$(");
                letters.next();
            }
            (')', _) if depth > 0 => {
                depth -= 1;
                word.push(')');
            }
            (_, _) if depth > 0 => word.push(letter),
            ('\\', None | Some('"')) => word.extend(letters.next()),
            (_, Some(open)) if letter == open => quote = None,
            ('"' | '\'', None) => (quote, is_open) = (Some(letter), true),
            (' ' | '\t' | '|' | '<', None) => {
                if is_open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                is_open = false;
                words.extend((!matches!(letter, ' ' | '\t')).then(|| letter.to_string()));
            }
            (';' | '&' | '\n', None) => return None,
            _ => word.push(letter),
        }
    }
    if is_open || !word.is_empty() {
        words.push(word);
    }
    (quote.is_none() && depth == 0).then_some(words)
}

/// The keys on the way that a filter goes: `.a["b"].c`, any for a variable, for each of several and for the one that is selected.
fn steps(filter: &str) -> Option<Vec<String>> {
    let filter = filter.split("//").next().unwrap_or_default();
    let mut found: Vec<String> = Vec::new();
    for part in filter.split('|').map(str::trim) {
        if part.starts_with("select(") && part.ends_with(')') {
            // Which one it is, the value beside it says.
            let is_any = found.last().is_some_and(|last| last == ANY);
            is_any.then_some(())?;
            continue;
        }
        let mut rest = part.strip_prefix('.')?;
        while !rest.is_empty() {
            let (key, behind) = step(rest)?;
            found.push(key);
            rest = behind.strip_prefix('.').unwrap_or(behind);
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The next key of a filter, and what stands behind it.
fn step(rest: &str) -> Option<(String, &str)> {
    let any = || ANY.to_owned();
    if let Some(inner) = rest.strip_prefix('[') {
        let (key, behind) = inner.split_once(']')?;
        let quoted = key.trim().trim_matches(['"', '\'']);
        let is_variable = quoted.starts_with('$') || quoted.contains("env");
        let is_written = quoted.len() < key.trim().len() && !quoted.contains('$');
        return match quoted {
            "" => Some((any(), behind)),
            _ if is_written => Some((quoted.to_owned(), behind)),
            _ if is_variable => Some((any(), behind)),
            _ => None,
        };
    }
    if let Some(inner) = rest.strip_prefix('"') {
        let (key, behind) = inner.split_once('"')?;
        let key = if key.starts_with('$') { any() } else { key.to_owned() };
        return (!key.contains('$')).then_some((key, behind));
    }
    if rest.starts_with('$') {
        let end = match rest.strip_prefix("${") {
            // A hole of a pipeline's, `${{ inputs.env }}`.
            Some(inner) if inner.starts_with('{') => rest.find("}}")? + 2,
            Some(inner) => inner.find('}')? + 3,
            None => rest.find(['.', '[', ' ']).unwrap_or(rest.len()),
        };
        let behind = rest.get(end..)?;
        let is_whole = behind.is_empty() || behind.starts_with(['.', '[']);
        return is_whole.then(|| (any(), behind));
    }
    let end =
        rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '-');
    let (key, behind) = rest.split_at(end.unwrap_or(rest.len()));
    (!key.is_empty() && (behind.is_empty() || behind.starts_with(['.', '['])))
        .then(|| (key.to_owned(), behind))
}

/// The globs of the files that a word of a script may mean: from the script's folder, or from one above it, where it is run.
fn files(path: &str, word: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut is_fixed = false;
    if word.starts_with('/') {
        return Vec::new();
    }
    // What stands in front is a folder that the script is in, or is run in: `$(dirname "$0")/`, `$ROOT/`.
    let named = match word.strip_prefix("$(").and_then(|rest| rest.rsplit_once(")/")) {
        Some((_, named)) => named,
        None => word
            .split_once('/')
            .filter(|(first, _)| first.starts_with('$'))
            .map_or(word, |(_, rest)| rest),
    };
    for part in named.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part.contains([')', '`']) {
            return Vec::new();
        }
        let glob = globs::of_shell(part);
        is_fixed |= glob.trim_matches('*').len() > 1;
        parts.push(glob);
    }
    if !is_fixed {
        return Vec::new();
    }
    let named = parts.join("/");
    let folders = around(parent(path));
    folders.filter_map(|folder| beside(&format!("{}/x", globset::escape(folder)), &named)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_goes_a_way_of_keys() {
        for (filter, expected) in [
            (".production.dataSpaceId", Some("production.dataSpaceId")),
            (".$ENV.id", Some("*.id")),
            (".${ENV}.id // empty", Some("*.id")),
            (".[$env].id", Some("*.id")),
            (".[\"a-b\"][\"id\"]", Some("a-b.id")),
            (".\"$ENV\".id", Some("*.id")),
            (".[] | select(.name == $env) | .id", Some("*.id")),
            (".[env(ENV)].id", Some("*.id")),
            (".spaces_$ENV", None),
            (". | length", None),
            (".a + .b", None),
            ("keys", None),
        ] {
            let found = steps(filter).map(|steps| steps.join("."));
            assert_eq!(found.as_deref(), expected, "{filter}");
        }
    }

    #[test]
    fn a_command_names_its_filter_and_its_file() {
        for command in [
            "jq -r .a x.json",
            "jq -er --arg env \"$1\" '.a' x.json",
            "jq .a < x.json",
            "cat x.json | jq -r .a",
            "yq e .a x.json",
        ] {
            let found = query(command);
            assert_eq!(found, Some((".a".to_owned(), "x.json".to_owned())), "{command}");
        }
        for command in
            ["jq -r .a", "curl x | jq .a", "jq .a x.json y.json", "echo jq", "jq '.a x.json"]
        {
            assert_eq!(query(command), None, "{command}");
        }
    }

    #[test]
    fn a_file_stands_in_the_folder_of_its_script_or_above() {
        let of = |word: &str| files("bin/deploy.sh", word).join(" ");
        assert_eq!(of("config/x.json"), "bin/config/x.json config/x.json");
        assert_eq!(of("$(dirname \"$0\")/../config/$1.json"), "config/*.json");
        assert_eq!(of("$ROOT/x.json"), "bin/x.json x.json");
        assert_eq!((of("$1"), of("/etc/x.json")), (String::new(), String::new()));
    }
}
