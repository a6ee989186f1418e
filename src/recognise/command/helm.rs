//! The files of values that `helm upgrade -f a.yaml -f b.yaml` names, in their order: the last one wins.
//!
//! Source: the help texts of `helm install`, `upgrade` and `template`.

use super::reader::Reader;
use crate::recognise::{Include, Said};
use crate::syntax::Node;
use crate::syntax::beside;

/// The commands that take values.
const TAKING: [&str; 3] = ["upgrade", "install", "template"];

/// The options that take a word of their own and are no switch.
const WITH_WORD: [&str; 14] = [
    "-n",
    "--namespace",
    "--set",
    "--set-string",
    "--set-file",
    "--version",
    "--timeout",
    "--kube-context",
    "--kubeconfig",
    "--repo",
    "--history-max",
    "--post-renderer",
    "-o",
    "--output",
];

impl Reader<'_> {
    /// Keeps which files of values a release takes, with what is said of its instance.
    pub(super) fn helm(&mut self, words: &[Node]) {
        let texts: Vec<&str> = words.iter().map(|word| word.as_str().unwrap_or_default()).collect();
        let helm = texts.iter().position(|text| text.rsplit('/').next() == Some("helm"));
        let behind = helm.and_then(|at| texts.get(at + 1..)).unwrap_or_default();
        if !behind.iter().any(|text| TAKING.contains(text)) {
            return;
        }
        let first = texts.len() - behind.len();
        let (mut files, mut plain, mut namespace) = (Vec::new(), Vec::new(), None);
        let mut index = first;
        while let (Some(&text), Some(word)) = (texts.get(index), words.get(index)) {
            index += 1;
            let next = texts.get(index).copied().unwrap_or_default();
            if matches!(text, "-f" | "--values") {
                files.extend(next.split(',').map(|file| (file, words.get(index).unwrap_or(word))));
                index += 1;
            } else if let Some(file) = text.strip_prefix("--values=") {
                files.extend(file.split(',').map(|file| (file, word)));
            } else if matches!(text, "-n" | "--namespace") {
                namespace = Some(next);
                index += 1;
            } else if let Some(name) = text.strip_prefix("--namespace=") {
                namespace = Some(name);
            } else if WITH_WORD.contains(&text) {
                index += 1;
            } else if !text.starts_with('-') && !TAKING.contains(&text) {
                plain.push((text, word));
            }
        }
        let chart = plain.get(1).map(|(chart, word)| (format!("{chart}/values.yaml"), *word));
        let chart = chart.filter(|(chart, _)| !chart.starts_with("/values"));
        let files = files.into_iter().map(|(file, word)| (file.to_owned(), word));
        let includes: Vec<Include> = chart
            .into_iter()
            .chain(files)
            .flat_map(|(file, word)| self.named(&file, word))
            .collect();
        let name =
            namespace.filter(|name| !name.is_empty()).or(plain.first().map(|(name, _)| *name));
        let name = name.filter(|name| !name.contains(['$', '{']));
        for said in self.branches.said(self.said.as_ref()) {
            let named =
                || name.map(|name| Said { how: Said::NAMESPACE, names: vec![name.to_owned()] });
            self.taken.push((said.or_else(named), includes.clone()));
        }
    }

    /// A file that a command names, from the root of the tree or from the folder of the script.
    pub(super) fn named(&self, file: &str, word: &Node) -> Vec<Include> {
        let path = self.source.path();
        let mut paths: Vec<String> =
            [beside("", file), beside(path, file)].into_iter().flatten().collect();
        paths.dedup();
        paths.into_iter().map(|path| Include { path, at: word.at, is_firm: true }).collect()
    }
}
