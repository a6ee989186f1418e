//! What an instance may have although nothing of its own sets it: what is merely not there says nothing of it.

use crate::model::command::Verb;
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::rule::Context;

/// Whether an instance may have a parameter although nothing of its own sets it, or has it in a way that another rule says is no use: under
/// a name that is nearly the right one, or for one website alone.
#[must_use]
pub fn is_given_otherwise(cx: &Context<'_>, instance: &Instance, parameter: Parameter) -> bool {
    let is_meant = |found: &Parameter| match found {
        Parameter::Misspelt(miss) => miss.meant == parameter.path(),
        _ => false,
    };
    instance.settings.keys().any(is_meant)
        || instance.scoped.keys().any(|(found, _)| *found == parameter || is_meant(found))
        || is_handed_out(cx, parameter)
}

/// Whether a script creates a Cloud variable of this parameter for environments that it does not name: all of the project, the ones below,
/// or whichever it is run for. Any instance may have it from there.
fn is_handed_out(cx: &Context<'_>, parameter: Parameter) -> bool {
    let creating = cx.now.commands.iter().filter(|command| command.verb == Verb::CreateVariable);
    let mut for_any = creating.filter(|command| {
        let says = |name| command.option(name).and_then(|option| option.value.as_deref());
        let is_kept = matches!(says("inheritable"), Some("false" | "0" | "no"));
        !is_kept || says("environment").is_none() || matches!(says("level"), Some("project" | "p"))
    });
    for_any.any(|command| {
        let mut set = command.settings.iter();
        set.any(|set| set.parameter == parameter && set.value.is_present())
    })
}
