//! See `rules/unprotected-cloud-variable.md`.

use crate::model::command::{Command, Verb};
use crate::model::parameter::Parameter;
use crate::model::setting::Value;
use crate::rule::{Check, Context, Finding};

/// A Cloud variable that shows a secret, or that hands a data space down to other environments.
pub struct UnprotectedCloudVariable;

impl Check for UnprotectedCloudVariable {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let creating = cx.now.commands.iter().filter(|command| {
            // What is computed can hold the option that seems to be missing.
            command.verb == Verb::CreateVariable && !command.is_computed
        });
        for command in creating {
            for setting in command.settings.iter().filter(|set| set.value != Value::Blank) {
                let name = setting.parameter.name();
                let (message, label, help) = if setting.parameter.is_secret() {
                    if is(command, "sensitive", true) {
                        continue;
                    }
                    let message = format!("the variable of the secret `{name}` is not sensitive");
                    let help = "add `--sensitive true`: without it the console and `variable:get` show the value to all who can see the project";
                    (message, "shown in the console", help)
                } else if setting.parameter == Parameter::DataSpace {
                    if is_of_project(command) {
                        let message =
                            format!("every environment of the project gets this `{name}`");
                        let help = "create the variable for one environment, `--level environment --environment … --inheritable false`: two environments with one data space mix their data";
                        (message, "of the whole project", help)
                    } else if is(command, "inheritable", false) {
                        continue;
                    } else {
                        let message = format!("child environments inherit this `{name}`");
                        let help = "add `--inheritable false`: without it every branch of this environment gets its data space, and two environments with one data space mix their data";
                        (message, "inherited by children", help)
                    }
                } else {
                    continue;
                };
                let finding = Finding::new(setting.key_at, message).label(label).help(help);
                findings.push(finding.of(cx.now.readers(setting.at)));
            }
        }
    }
}

/// Whether an option says so; one without a value says yes, one whose value is not certain may say either.
fn is(command: &Command, option: &str, wanted: bool) -> bool {
    let Some(found) = command.option(option) else { return false };
    match found.value.as_deref() {
        Some(text) => matches!(text, "true" | "1" | "yes") == wanted,
        None => true,
    }
}

fn is_of_project(command: &Command) -> bool {
    let level = command.option("level").and_then(|level| level.value.as_deref());
    matches!(level, Some("project" | "p"))
}
