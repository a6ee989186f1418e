//! The files of variables that a command puts into a namespace or a container: `kubectl -n shop create configmap env --from-env-file=a.env`,
//! `docker run --name shop --env-file a.env`.
//!
//! Sources: the help texts of `kubectl create configmap`, `kubectl create secret generic`, `docker run`, `podman run`.

use super::Reader;
use super::programs::program;
use crate::recognise::{Include, Said};
use crate::syntax::Node;

/// A program, the option that names a file, and those that say where it goes.
const PROGRAMS: [(&str, &str, &[&str]); 5] = [
    ("kubectl", "--from-env-file", &["-n", "--namespace"]),
    ("oc", "--from-env-file", &["-n", "--namespace"]),
    ("docker", "--env-file", &["--name"]),
    ("nerdctl", "--env-file", &["--name"]),
    ("podman", "--env-file", &["--name"]),
];

/// What `docker` does with such a file other than to run a container with it.
const OTHERS: [&str; 3] = ["compose", "stack", "buildx"];

/// The options that name such files, as texts spell them.
pub const OPTIONS: [&str; 2] = ["--from-env-file", "--env-file"];

impl Reader<'_> {
    /// Keeps which files of variables a command takes, with what is said of its instance.
    pub(super) fn env_files(&mut self, words: &[Node]) {
        let texts = || words.iter().map(|word| word.as_str().unwrap_or_default());
        let known = words.iter().enumerate().find_map(|(at, word)| {
            let name = program(word);
            PROGRAMS.iter().find(|(program, ..)| *program == name).map(|known| (at, known))
        });
        let Some((at, (_, option, places))) = known else { return };
        if texts().skip(at + 1).any(|text| OTHERS.contains(&text)) {
            return;
        }
        let mut includes: Vec<Include> = Vec::new();
        let mut place: Option<&str> = None;
        for (index, word) in words.iter().enumerate().skip(at + 1) {
            let text = word.as_str().unwrap_or_default();
            let (name, value) =
                text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            let next = || words.get(index + 1).and_then(Node::as_str);
            if name == *option {
                let file = value.or_else(next);
                includes.extend(file.into_iter().flat_map(|file| self.named(file, word)));
            } else if places.contains(&name) {
                place = value.or_else(next);
            }
        }
        if includes.is_empty() {
            return;
        }
        let place = place.filter(|place| !place.is_empty() && !place.contains(['$', '{']));
        for said in self.branches.said(self.said.as_ref()) {
            let named =
                || place.map(|place| Said { how: Said::NAMESPACE, names: vec![place.to_owned()] });
            self.taken.push((said.or_else(named), includes.clone()));
        }
    }
}
