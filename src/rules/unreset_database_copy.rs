//! See `rules/unreset-database-copy.md`.

use std::collections::BTreeMap;

use crate::model::edit::{Edit, RowChange, Rows};
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::{Parameter, Slot};
use crate::model::setting::{Carrier, Layer, Setting};
use crate::rule::{Check, Context, Finding};
use crate::source::SourceId;

const PRIVATE_KEY: Parameter = Parameter::PrivateKey(Slot::Production);

/// A copy of a database that is made non-production and keeps the data space.
pub struct UnresetDatabaseCopy;

impl Check for UnresetDatabaseCopy {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        // Scripts of one tree may share the work; what production's own set is what a copy has.
        let by_command = |setting: &Setting| {
            (setting.parameter, setting.carrier) == (Parameter::DataSpace, Carrier::ConfigSet)
                && !cx.now.is_read_by_production_alone(setting.at.source)
        };
        let is_reset = cx.now.edits.iter().any(|edit| edit.touches(Parameter::DataSpace))
            || cx.now.settings.iter().any(by_command);
        if is_reset || !can_hold_a_data_space(cx) || every_copy_has_its_own(cx) {
            return;
        }
        let mut scripts: BTreeMap<SourceId, &Edit> = BTreeMap::new();
        for edit in cx.now.edits.iter().filter(|edit| makes_a_copy(edit)) {
            scripts.entry(edit.at.source).or_insert(edit);
        }
        for edit in scripts.into_values() {
            let keys = edit.touches(PRIVATE_KEY);
            let what = if keys { "blanks the keys" } else { "changes the address" };
            let what = format!("this script {what} of a copied database and leaves its");
            let finding = Finding::new(edit.at, format!("{what} `environment_id`")).label("not the data space").help(
                "reset `services_connector/services_id/environment_id` here, or set the copy's own: until then it writes into the original's data space",
            );
            findings.push(finding.of(cx.now.readers(edit.at)));
        }
    }
}

fn makes_a_copy(edit: &Edit) -> bool {
    let blanks = edit.change != RowChange::Set && edit.touches(PRIVATE_KEY);
    edit.moves_the_shop() && edit.kind == Kind::NonProduction
        || blanks && edit.kind != Kind::Production
}

/// Whether the tree uses the connector, and its data space may stand in the database: what a file of the shop sets is not copied with it.
fn can_hold_a_data_space(cx: &Context<'_>) -> bool {
    let is_connector = |path: &str| path.contains("services_connector/services_");
    let is_used = cx
        .now
        .settings
        .iter()
        .any(|setting| is_connector(setting.parameter.path()) && setting.value.is_present());
    let names_it = |edit: &Edit| match &edit.rows {
        Rows::Path(text) | Rows::Like(text) => text.contains("services_connector"),
        Rows::Any => false,
    };
    let is_kept_in_files = cx.now.instances.iter().any(|instance| {
        let own = cx.now.in_force(instance, Parameter::DataSpace);
        instance.kind.value != Kind::NonProduction
            && own.is_some_and(|setting| setting.carrier.layer() > Layer::Database)
    });
    !is_kept_in_files && (is_used || cx.now.edits.iter().any(names_it))
}

fn every_copy_has_its_own(cx: &Context<'_>) -> bool {
    let is_copy = |instance: &&Instance| instance.kind.value == Kind::NonProduction;
    let mut copies = cx.now.instances.iter().filter(is_copy).peekable();
    copies.peek().is_some()
        && copies.all(|copy| cx.now.in_force(copy, Parameter::DataSpace).is_some())
}
