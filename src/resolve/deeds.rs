//! What jobs, targets, units and workflows do: one that runs what it is called after is an action, not a shop.
//!
//! `reindex` runs `./reindex.sh`, or `bin/magento indexer:reindex`; `kiwi` is an argument, a host or a folder of what its job runs.

use super::address::Segment;
use super::piece::Piece;
use super::surroundings::surroundings;
use super::words::tokens;
use crate::sources::Sources;

/// How many lines a job has at most.
const MOST_LINES: usize = 400;

/// The extensions of programs that are files.
const PROGRAMS: [&str; 7] = [".sh", ".bash", ".py", ".php", ".js", ".rb", ".ps1"];

/// The words behind which a program, or what is run of it, is named.
const RUNNING: [&str; 15] = [
    "make", "run", "yarn", "npm", "npx", "pnpm", "task", "just", "composer", "exec", "sh", "bash",
    "php", "dep", "cap",
];

/// The keys whose values are names of jobs or of what starts them, and those whose values are scripts.
const NAMING: [&str; 7] = ["name", "stage", "job", "displayname", "on", "branches", "tags"];
const SCRIPTS: [&str; 6] = ["run", "script", "bash", "sh", "command", "cmd"];

/// What a piece has to do with the words of a segment of its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It runs what it is called after.
    Done,
    /// It says one of the words for another reason: an argument, a host, a folder.
    Said,
    /// It says none of them.
    Unsaid,
}

/// What a piece does with what a segment of its address is called after.
#[must_use]
pub fn deed(piece: &Piece, segment: &Segment, sources: &Sources) -> Deed {
    let block = surroundings(piece, segment, sources);
    let mut deed = Deed::Unsaid;
    for line in block.into_iter().flat_map(str::lines).take(MOST_LINES) {
        match runs(line, &segment.rest) {
            Some(true) => deed = Deed::Done,
            Some(false) => return Deed::Said,
            None => {}
        }
    }
    deed
}

/// Whether a line runs one of the words, or says one for another reason; none where it says none.
fn runs(line: &str, words: &[String]) -> Option<bool> {
    let line = line.trim().trim_start_matches("- ").to_ascii_lowercase();
    // The name itself.
    let key = line.split_once(": ").map(|(key, _)| key).filter(|key| !key.contains(' '));
    if line.ends_with(':') || key.is_some_and(|key| NAMING.contains(&key)) {
        return None;
    }
    let mut before = "";
    let mut found = None;
    for written in line.split([' ', '\t', '"', '\'', '[', ']', '{', '}', ',', ';', '`']) {
        if written.is_empty() {
            continue;
        }
        let is_behind = std::mem::replace(&mut before, written);
        // Groovy's `stage('reindex')` is the name of one.
        if is_behind == "stage(" || is_behind == "node(" {
            continue;
        }
        let is_key = written.ends_with(':');
        let is_said =
            tokens(&written.replace('/', " ")).any(|word| words.iter().any(|own| own == word));
        if !is_said || is_key {
            continue;
        }
        let (program, verb) = (PROGRAMS.iter().any(|end| written.ends_with(end)), ':');
        let is_script = is_behind.strip_suffix(':').is_some_and(|key| SCRIPTS.contains(&key));
        let is_first = is_behind.is_empty() || is_script || is_behind == "&&";
        let is_program = program
            || RUNNING.contains(&is_behind)
            || is_behind.ends_with("bin/magento")
            || written.contains(verb) && !written.contains(['@', '/', '='])
            || is_first && !written.contains(['=', '@']);
        if !is_program {
            return Some(false);
        }
        found = Some(true);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_run_is_an_action_and_what_it_is_given_is_none() {
        let words = vec!["reindex".to_owned()];
        for line in [
            "    - ./reindex.sh",
            "run: bin/magento indexer:reindex",
            "ExecStart=/srv/shop/bin/reindex.sh",
            "script: [export A=b, ./reindex.sh]",
            "  make reindex",
        ] {
            assert_eq!(runs(line, &words), Some(true), "{line}");
        }
        for line in [
            "./deploy.sh reindex",
            "ssh reindex@host true",
            "cd /srv/reindex && ls",
            "deployment: reindex",
        ] {
            assert_eq!(runs(line, &words), Some(false), "{line}");
        }
        for line in ["reindex:", "- name: reindex", "- stage: reindex", "image: php"] {
            assert_eq!(runs(line, &words), None, "{line}");
        }
    }
}
