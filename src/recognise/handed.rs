//! Names that a tool is handed values for on its command line: `helm --set saas.space=…`, `terraform -var space=…`, `ansible-playbook -e
//! space=…`, `aws cloudformation deploy --parameter-overrides Space=…`, `docker build --build-arg SPACE=…`. Which names stand for settings,
//! what follows references knows.
//!
//! Sources: the help texts of `helm upgrade`, `terraform apply`, `ansible-playbook`, `aws cloudformation deploy` and `docker build`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::command::programs::program;
use crate::model::parameter::Parameter;
use crate::model::setting::Scope;
use crate::syntax::Node;
use crate::syntax::shell::files::Files;

/// The tools that take values of names, with the options before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// The values of a chart.
    Helm,
    /// The variables of a Terraform module.
    Terraform,
    /// The variables of a play.
    Ansible,
    /// The parameters of a template of AWS.
    Aws,
    /// The arguments of a Dockerfile.
    Docker,
    /// The variables of a job, which its steps hand to the steps behind them.
    Job,
    /// The variables of the shell that runs `envsubst`.
    Envsubst,
}

impl Tool {
    /// The tool that a command runs.
    #[must_use]
    pub fn of(words: &[Node]) -> Option<Self> {
        words.iter().find_map(|word| match program(word) {
            "helm" | "helmfile" | "werf" => Some(Self::Helm),
            "terraform" | "tofu" | "terragrunt" | "nomad" => Some(Self::Terraform),
            "ansible-playbook" | "ansible" => Some(Self::Ansible),
            "aws" | "sam" => Some(Self::Aws),
            "docker" | "podman" | "buildah" | "nerdctl" | "kaniko" | "executor" => {
                Some(Self::Docker)
            }
            _ => None,
        })
    }

    /// Whether names and their values stand behind an option.
    #[must_use]
    pub fn takes(self, option: &str) -> bool {
        match self {
            Self::Helm => matches!(option, "--set" | "--set-string" | "--state-values-set"),
            Self::Terraform => matches!(option, "-var" | "--var"),
            Self::Ansible => matches!(option, "-e" | "--extra-vars"),
            Self::Aws => option == "--parameter-overrides",
            Self::Docker => option == "--build-arg",
            Self::Job | Self::Envsubst => false,
        }
    }

    /// Whether several words can stand behind one option.
    #[must_use]
    pub fn takes_several(self) -> bool {
        self == Self::Aws
    }
}

/// The names that stand for settings, by the tool that is handed them.
#[derive(Clone, Debug, Default)]
pub struct Handed {
    names: BTreeMap<(Tool, String), Vec<(Parameter, Scope)>>,
    /// The files that scripts run and take in, where these are read with it.
    pub files: Option<Arc<Files>>,
}

impl Handed {
    /// No names, and the files that scripts run and take in.
    #[must_use]
    pub fn with_files(files: Files) -> Self {
        Self { files: Some(Arc::new(files)), ..Self::default() }
    }

    /// Adds a setting that a name stands for.
    pub fn add(&mut self, tool: Tool, name: &str, setting: (Parameter, Scope)) {
        let known = self.names.entry((tool, name.to_owned())).or_default();
        if !known.contains(&setting) {
            known.push(setting);
        }
    }

    /// Whether no name stands for a setting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The settings that a name stands for.
    #[must_use]
    pub fn of(&self, tool: Tool, name: &str) -> &[(Parameter, Scope)] {
        self.names.get(&(tool, name.to_owned())).map_or(&[], Vec::as_slice)
    }
}
