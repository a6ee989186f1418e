//! The files that `docker compose -f a.yaml -f b.yaml` puts over each other, in their order: the last one wins.
//!
//! Source: the Docker documentation, *docker compose*, `--file`, and *Environment variables*, `COMPOSE_FILE`: a list with colons between.

use super::reader::Reader;
use crate::recognise::Include;
use crate::syntax::Node;

/// The programs, each with what stands behind it where that is one of its own.
const PROGRAMS: [(&str, Option<&str>); 4] = [
    ("docker-compose", None),
    ("podman-compose", None),
    ("docker", Some("compose")),
    ("podman", Some("compose")),
];

/// The variable that names the files where no option does.
const FILES: &str = "COMPOSE_FILE=";

impl Reader<'_> {
    /// Keeps which files a project is made of, with what is said of its instance.
    pub(super) fn compose(&mut self, words: &[Node]) {
        let texts: Vec<&str> = words.iter().map(|word| word.as_str().unwrap_or_default()).collect();
        let named = |at: &usize| {
            let program = texts.get(*at).and_then(|text| text.rsplit('/').next());
            PROGRAMS.iter().any(|(name, behind)| {
                program == Some(*name)
                    && behind.is_none_or(|behind| texts.get(at + 1) == Some(&behind))
            })
        };
        let Some(program) = (0..texts.len()).find(named) else { return };
        let mut files: Vec<(&str, &Node)> = Vec::new();
        let mut index = program + 1;
        while let (Some(&text), Some(word)) = (texts.get(index), words.get(index)) {
            index += 1;
            if matches!(text, "-f" | "--file") {
                files.extend(texts.get(index).copied().zip(words.get(index)));
                index += 1;
            } else if let Some(file) = text.strip_prefix("--file=") {
                files.push((file, word));
            } else if matches!(text, "up" | "exec" | "run") {
                // Behind it stand options of its own.
                break;
            }
        }
        if files.is_empty() {
            let before = texts.iter().zip(words).take(program);
            let lists = before.filter_map(|(text, word)| Some((text.strip_prefix(FILES)?, word)));
            files = lists
                .flat_map(|(list, word)| list.split(':').map(move |file| (file, word)))
                .collect();
        }
        let files = files.into_iter().filter(|(file, _)| !matches!(*file, "" | "-"));
        let includes: Vec<Include> =
            files.flat_map(|(file, word)| self.named(file, word)).collect();
        if !includes.is_empty() {
            for said in self.branches.said(self.said.as_ref()) {
                self.taken.push((said, includes.clone()));
            }
        }
    }
}
