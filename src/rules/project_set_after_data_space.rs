//! See `rules/project-set-after-data-space.md`.

use std::collections::BTreeMap;

use crate::model::command::{Command, Verb};
use crate::model::parameter::Parameter;
use crate::model::setting::{Layer, Scope, Setting, Value};
use crate::rule::{Check, Context, Finding};
use crate::source::SourceId;

/// A script that saves the project behind the data space: Magento deletes the data space.
pub struct ProjectSetAfterDataSpace;

impl Check for ProjectSetAfterDataSpace {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut scripts: BTreeMap<(SourceId, usize), Vec<&Command>> = BTreeMap::new();
        for command in &cx.now.commands {
            scripts.entry(command.script).or_default().push(command);
        }
        findings.extend(scripts.values().filter_map(|commands| {
            let last = |parameter| {
                let places = commands.iter().enumerate().rev();
                let mut set = places.filter_map(|(index, command)| {
                    Some((index, *command, saved(command, parameter)?))
                });
                set.next()
            };
            let (data_space_index, before, data_space) = last(Parameter::DataSpace)?;
            let (project_index, command, project) = last(Parameter::Project)?;
            // Only Magento's own command saves the way the Admin does; a blank data space has nothing to lose.
            let deletes = command.verb == Verb::Set
                && !command.is_computed
                && !command.excludes(before)
                && data_space.value != Value::Blank;
            (deletes && project_index > data_space_index).then(|| finding(cx, project, data_space))
        }));
    }
}

/// What a command saves for a parameter in the database.
fn saved(command: &Command, parameter: Parameter) -> Option<&Setting> {
    command.settings.iter().find(|setting| {
        setting.parameter == parameter
            && setting.scope == Scope::Default
            && setting.carrier.layer() == Layer::Database
    })
}

fn finding(cx: &Context<'_>, project: &Setting, data_space: &Setting) -> Finding {
    Finding::new(project.key_at, "the project is saved after the data space, which deletes the data space")
        .label("deletes the data space")
        .see(data_space.key_at, "saved before")
        .help(
            "save `services_connector/services_id/project_id` first and `services_connector/services_id/environment_id` after it: \
             without its data space the instance is cut off from Adobe's services",
        )
        .of(cx.now.readers(project.at))
}
