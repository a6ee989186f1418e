//! See `rules/conflicting-extensions.md`.

use std::collections::BTreeMap;

use super::places::is_on;
use super::wording::names;
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::setting::Setting;
use crate::rule::{Check, Context, Finding};
use crate::source::SourceId;

/// Two exporters of one catalog.
pub struct ConflictingExtensions;

impl Check for ConflictingExtensions {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let exporting: Vec<&Instance> =
            cx.now.instances.iter().filter(|instance| exporter(cx, instance).is_some()).collect();
        let mut files: BTreeMap<SourceId, Vec<&Setting>> = BTreeMap::new();
        for setting in &cx.now.settings {
            if matches!(setting.parameter, Parameter::Module(_)) && is_on(Some(setting)) {
                files.entry(setting.at.source).or_default().push(setting);
            }
        }
        for (file, modules) in files {
            // A list of modules that none of the files above an instance's own is by is every installation's.
            let readers: Vec<&Instance> = cx.now.readers_of(file).collect();
            let users: Vec<&Instance> = if readers.is_empty() {
                exporting.clone()
            } else {
                readers.into_iter().filter(|reader| exporter(cx, reader).is_some()).collect()
            };
            findings.extend(finding(cx, &modules, &users));
        }
    }
}

fn finding(cx: &Context<'_>, modules: &[&Setting], users: &[&Instance]) -> Option<Finding> {
    let (first, others) = modules.split_first()?;
    let exporter = users.first().and_then(|user| exporter(cx, user))?;
    let count = if others.is_empty() {
        "a module".to_owned()
    } else {
        format!("{} modules", modules.len())
    };
    let message = format!(
        "{count} of the older services are enabled beside the Commerce Optimizer connector of {}",
        names(users)
    );
    let message =
        if others.is_empty() { message.replace("services are", "services is") } else { message };
    let finding = Finding::new(first.at, message)
        .label("sends the catalog, too")
        .see(exporter.at, "the connector is set up")
        .help("remove these modules with composer, or disable them: with both, the catalog is sent twice and the services answer with 401 and 403")
        .of(users.iter().map(|user| user.name.clone()));
    Some(others.iter().fold(finding, |finding, setting| finding.see(setting.at, "and this one")))
}

/// What shows that an instance exports to Commerce Optimizer.
fn exporter<'a>(cx: &Context<'a>, instance: &Instance) -> Option<&'a Setting> {
    let shows =
        [Parameter::ExporterTenant, Parameter::ExporterUrl, Parameter::ExporterClientSecret];
    let mut shows = shows.into_iter().filter_map(|parameter| cx.now.in_force(instance, parameter));
    shows.find(|setting| setting.value.is_real())
}
