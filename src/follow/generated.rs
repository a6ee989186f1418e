//! Kustomize's generators that take a whole file for a value: `files: [CONFIG__…=data-space.txt]`.
//!
//! Source: the Kustomize reference, *configMapGenerator*, *secretGenerator*: the key is given, the value is what the file holds.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::setting::{Carrier, Setting, Value};
use crate::recognise::value::of_text;
use crate::recognise::{Recognised, kustomize};
use crate::source::{Location, Source, SourceId};
use crate::sources::Sources;
use crate::syntax::Format as _;
use crate::syntax::yaml::Yaml;

/// Gives the settings of generators what stands in their files, where the tree has these; and what files of variables give that generators
/// read is what their objects hold.
pub fn apply(sources: &Sources, recognised: &mut [Recognised]) {
    let all = || recognised.iter().flat_map(|found| &found.contributions);
    let made = all().filter(|part| kustomize::claims(sources.path(part.source)));
    let read: BTreeSet<String> =
        made.flat_map(|part| &part.includes).map(|include| include.path.clone()).collect();
    for part in recognised.iter_mut().flat_map(|found| &mut found.contributions) {
        if !part.is_object && read.contains(sources.path(part.source)) {
            let settings = part.settings.iter_mut();
            let of_files = settings.filter(|setting| setting.carrier == Carrier::Dotenv);
            of_files.for_each(|setting| setting.carrier = Carrier::ConfigMap);
        }
    }
    let mut by_path: Option<BTreeMap<&str, SourceId>> = None;
    let parts = recognised.iter_mut().flat_map(|found| &mut found.contributions);
    for part in parts.filter(|part| kustomize::claims(sources.path(part.source))) {
        let Some(source) = sources.get(part.source) else { continue };
        for setting in part.settings.iter_mut().filter(|one| one.value == Value::Reference) {
            let Some(path) = kustomize::file_of(source, setting) else { continue };
            let by_path = by_path
                .get_or_insert_with(|| sources.paths().map(|(id, path)| (path, id)).collect());
            if let Some(id) = by_path.get(path.as_str()) {
                fill(setting, *id, sources);
            }
        }
    }
}

/// The files of variables from which generators make objects, each with the names of these.
#[must_use]
pub fn named(sources: &Sources) -> BTreeMap<String, BTreeSet<String>> {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (id, _) in sources.paths().filter(|(_, path)| kustomize::claims(path)) {
        let source = sources.get(id).filter(|source| source.text().contains("Generator"));
        let Some(source) = source else { continue };
        for document in &Yaml.parse(id, source.text()).documents {
            for (name, file) in kustomize::files_of_variables(source, document) {
                named.entry(file).or_default().insert(name);
            }
        }
    }
    named
}

fn fill(setting: &mut Setting, id: SourceId, sources: &Sources) {
    let Some(text) = sources.get(id).map(Source::text) else { return };
    let value = text.trim_end_matches(['\n', '\r']);
    setting.value = of_text(setting.parameter, value);
    setting.at = Location::new(id, 0, value.len());
}
