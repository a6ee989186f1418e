//! The files of variables that `terraform apply -var-file=a.tfvars -var-file=b.tfvars` names, in their order: the last one wins.
//!
//! Sources: the Terraform documentation, *Input Variables*, `-var-file`; the Nomad documentation, *job run*.

use super::Reader;
use super::programs::program;
use crate::recognise::Include;
use crate::syntax::Node;

/// The programs that take such files.
const PROGRAMS: [&str; 4] = ["terraform", "tofu", "terragrunt", "nomad"];

/// The option that names one.
const OPTIONS: [&str; 2] = ["-var-file", "--var-file"];

impl Reader<'_> {
    /// Keeps which files of variables a command takes, with what is said of its instance.
    pub(super) fn variable_files(&mut self, words: &[Node]) {
        if !words.iter().any(|word| PROGRAMS.contains(&program(word))) {
            return;
        }
        let mut includes: Vec<Include> = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let text = word.as_str().unwrap_or_default();
            let (option, value) =
                text.split_once('=').map_or((text, None), |(option, value)| (option, Some(value)));
            if !OPTIONS.contains(&option) {
                continue;
            }
            let next = || words.get(index + 1).and_then(Node::as_str);
            if let Some(file) = value.or_else(next) {
                includes.extend(self.named(file, word));
            }
        }
        if !includes.is_empty() {
            for said in self.branches.said(self.said.as_ref()) {
                self.taken.push((said, includes.clone()));
            }
        }
    }
}
