//! One setting that an instance ends up with: what stands there, where it was read, and what it takes the place of.

use std::fmt::Write as _;

use super::escape::html;
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, Value};
use crate::report::prose::place;
use crate::report::{Report, columns, disclosure, facts};

/// How many values are named that another takes the place of.
const MAX_OVERRIDDEN: usize = 4;

/// What is in force, where it was read, and what it takes the place of; none where nothing sets it.
#[must_use]
pub(super) fn setting(
    run: &Report<'_>,
    instance: &Instance,
    parameter: Parameter,
    what: &str,
) -> Option<String> {
    let found = run.inventory.in_force(instance, parameter)?;
    let mut out = format!(
        "<span class=\"part\"><span class=\"what\">{what}</span> <code>{}</code><span class=\"from\">{}</span>",
        html(&text(found)),
        html(&place(found.at, run.sources))
    );
    let mut under: Vec<&Setting> = Vec::new();
    for id in instance.settings.get(&parameter).into_iter().flat_map(|one| &one.overridden) {
        let one = run.inventory.setting(*id);
        if one.at != found.at && under.iter().all(|other| other.at != one.at) {
            under.push(one);
        }
    }
    for one in under.iter().take(MAX_OVERRIDDEN) {
        let at = html(&place(one.at, run.sources));
        let what = html(&text(one));
        let _ = write!(out, "<span class=\"from\">overrides <code>{what}</code> {at}</span>");
    }
    let left = under.len().saturating_sub(MAX_OVERRIDDEN);
    if left > 0 {
        let _ = write!(out, "<span class=\"from\">overrides {left} more</span>");
    }
    Some(out + "</span>")
}

/// What stands there; keys have names, and other secrets are not shown at all.
fn text(setting: &Setting) -> String {
    match (&setting.value, setting.parameter) {
        (value, Parameter::ApiKey(_) | Parameter::ReadOnlyApiKey) => facts::named(value),
        (value, parameter) if parameter.is_secret() => facts::named(value),
        (Value::Literal(text), parameter) => columns::shown(&disclosure::literal(parameter, text)),
        (value, _) => facts::state(value).to_owned(),
    }
}
