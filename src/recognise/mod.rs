//! [`Node`]s and text → settings and secrets: one file per carrier family.
//!
//! A recogniser looks for a vocabulary (known config paths, `CONFIG__…` names, Kubernetes kinds), wherever in a document it stands. It
//! knows no file format and no rule, and it never decides which instance it reads for: it repeats what the document says.

pub(crate) mod choice;
pub(crate) mod ciphertext;
pub(crate) mod command;
pub(crate) mod compose;
pub(crate) mod conditions;
pub mod console;
mod contribution;
pub(crate) mod deployer;
pub mod dialects;
pub(crate) mod document;
pub(crate) mod embedded;
mod fallback;
mod gitlab;
pub(crate) mod gitops;
pub(crate) mod handed;
pub(crate) mod helmfile;
pub(crate) mod kubernetes;
pub(crate) mod kustomize;
mod letters;
pub(crate) mod matrix;
mod objects;
pub(crate) mod pipeline;
pub(crate) mod program;
mod scalar;
mod scripts;
pub mod secret;
mod session;
pub(crate) mod sql;
pub(crate) mod storefront;
mod taskfile;
pub mod value;
pub(crate) mod written;
pub(crate) mod xml;

use crate::model::fingerprint::Fingerprint;
use crate::source::{Source, SourceId};
use crate::syntax::attributes::Attributes;
use crate::syntax::hcl::Hcl;
use crate::syntax::json::Json;
use crate::syntax::php::Php;
use crate::syntax::program::Program;
use crate::syntax::shell::Shell;
use crate::syntax::sql::Sql;
use crate::syntax::xml::Xml;
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format, Node, Parsed, Problem, file_name};
pub use contribution::{
    Contribution, Deployment, Holder, Include, Object, Opaque, Recognised, Said,
};
use dialects::{carrier_of, is_template, variable_carrier_of};
use document::Reader;
use handed::Handed;

/// Recognises the settings of a parsed file, whatever its text spells: whoever asks knows by the [`sift`](crate::sift) that there may be some.
#[must_use]
pub fn read(source: &Source, id: SourceId, parsed: &Parsed) -> Recognised {
    read_with(source, id, parsed, &Handed::default())
}

/// Recognises the settings of a parsed file, and those that its commands hand on by other names.
#[must_use]
pub fn read_with(source: &Source, id: SourceId, parsed: &Parsed, handed: &Handed) -> Recognised {
    let mut recognised = Recognised::default();
    recognised.storefronts.extend(parsed.documents.iter().flat_map(storefront::copies));
    let open = conditions::open(source);
    for mut found in found((source, id), parsed, handed, &mut recognised) {
        conditions::forget(&open, &mut found);
        for contribution in &mut found {
            recognised.problems.append(&mut contribution.problems);
        }
        let (idle, found): (Vec<_>, Vec<_>) = found.into_iter().partition(Contribution::is_empty);
        let is_whole = parsed.problems.is_empty() && !is_template(source);
        let is_object = |part: &Contribution| is_whole && !part.objects.is_empty();
        recognised.idle.extend(idle.into_iter().filter(is_object));
        recognised.contributions.extend(found.into_iter().map(|mut contribution| {
            // A key in the place of a name goes by its fingerprint.
            let names = contribution.said.iter_mut().flat_map(|said| &mut said.names);
            for name in names.filter(|name| secret::holds_key(name)) {
                *name = Fingerprint::of("text", name.as_bytes()).to_string();
            }
            contribution
        }));
    }
    // A template is no YAML until it is rendered: what could be read counts, what could not is expected.
    if !is_template(source) {
        recognised.problems.extend(parsed.problems.iter().cloned());
    }
    recognised.problems.extend(invalid_bytes(source, &recognised.contributions));
    recognised
}

/// What each document gives; all scripts of one file give together.
fn found(
    (source, id): (&Source, SourceId),
    parsed: &Parsed,
    handed: &Handed,
    recognised: &mut Recognised,
) -> Vec<Vec<Contribution>> {
    let format = dialects::format(source.path(), source.text());
    let is = |one: &dyn Format| format.is_some_and(|format| format.is(one));
    if Shell::ALL.iter().any(|shell| is(shell)) {
        let is_of_targets = is(&Shell::Make) || is(&Shell::Just);
        let how = if is_of_targets { Said::TARGET } else { Said::STAGE };
        let mut reader = command::Reader::new(source, id, handed);
        for document in &parsed.documents {
            let (script, above) = command::named(document, how);
            reader.read(script, &above);
        }
        recognised.edits.append(&mut reader.edits);
        let runs = command::runs::of((source, id), format, handed, &reader);
        if !runs.is_empty() {
            reader.tell_runs_apart((source, id), handed, runs);
        }
        let mut found = reader.finish();
        let idle = command::idle::idle_targets(id, parsed, how, &found);
        found.extend(idle);
        return vec![found];
    }
    if Program::ALL.iter().any(|program| is(program)) {
        return vec![program::contributions((source, handed), &parsed.documents, &[], recognised)];
    }
    if is(&Attributes) {
        let is_read =
            |document: &&Node| !document.entries().is_empty() && !program::is_script(document);
        let attributes = parsed.documents.iter().filter(is_read);
        let mut found: Vec<Contribution> =
            attributes.flat_map(|document| contributions(source, id, document)).collect();
        let ran = program::contributions((source, handed), &parsed.documents, &found, recognised);
        found.extend(ran);
        return vec![found];
    }
    let is_gitlab = pipeline::has_jobs_at_top(source.path());
    let joined = if is_gitlab { gitlab::joined(&parsed.documents) } else { None };
    let documents = joined.as_ref().map_or(parsed.documents.as_slice(), std::slice::from_ref);
    let each = documents.iter().map(|document| {
        let merged = if is_gitlab {
            gitlab::merged(source, document).unwrap_or_else(|problem| {
                recognised.problems.push(problem);
                None
            })
        } else {
            None
        };
        let document = merged.as_ref().unwrap_or(document);
        if is(&Sql) {
            let found = sql::recognise(source, id, document);
            recognised.edits.extend(found.edits);
            return found.contributions;
        }
        let found = contributions(source, id, document);
        if is(&Yaml) || is(&Json) {
            let found = pipeline::with_scripts((source, handed), document, found, recognised);
            let mut found = matrix::spread(source, document, found);
            found.extend(helmfile::contributions((source, id), document, documents));
            found.extend(pipeline::idle_jobs(source, document, &found));
            found.extend(pipeline::idle_environments(document, &found));
            if deployer::claims_yaml(source.path()) {
                found.extend(deployer::idle_hosts(document));
            }
            found
        } else if is(&Hcl) {
            pipeline::with_scripts((source, handed), document, found, recognised)
        } else if is(&Php) && deployer::claims(source) {
            let mut found = pipeline::with_scripts((source, handed), document, found, recognised);
            found.extend(deployer::idle_hosts(document));
            found
        } else {
            found
        }
    });
    each.collect()
}

fn contributions(source: &Source, id: SourceId, document: &Node) -> Vec<Contribution> {
    if kustomize::claims(source.path()) && !gitops::is_deployment(document) {
        return vec![kustomize::contribution(source, id, document)];
    }
    if Xml.claims(source.path()) {
        return vec![xml::contribution(source, id, document)];
    }
    if objects::is_object(document) {
        return kubernetes::contributions(source, id, document);
    }
    if compose::claims(source.path(), document) {
        return compose::contributions(source, id, document);
    }
    let mut reader =
        Reader::new(source, carrier_of(source.path()), variable_carrier_of(source.path()));
    reader.read(document);
    if file_name(source.path()) == ".magento.app.yaml" {
        // Cloud keeps secrets in variables of the console.
        reader.opaque.push(Opaque { at: document.at, holder: Holder::Outside });
    }
    if file_name(source.path()) == ".magento.env.yaml" {
        // Its `stage` is a step of the build, and no environment.
        reader.contexts.iter_mut().for_each(Vec::clear);
    }
    by_keys(id, document, reader)
}

/// A contribution for each run of settings with the same keys above: `production:` and `staging:` in one file are two instances. What has
/// another value in another section with the same keys has no order with it; at the top of a document the last word wins.
fn by_keys(id: SourceId, document: &Node, reader: Reader<'_>) -> Vec<Contribution> {
    let mut parts: Vec<Contribution> = Vec::new();
    let part = |names: Vec<String>, settings| Contribution {
        said: (!names.is_empty()).then_some(Said { how: Said::KEYS, names }),
        settings,
        opaque: reader.opaque.clone(),
        ..Contribution::of(id)
    };
    for (setting, names) in reader.settings.into_iter().zip(reader.contexts) {
        let said =
            |part: &Contribution| part.said.as_ref().map_or(&[][..], |said| &said.names) == names;
        let is_at_top = || document.entries().iter().any(|entry| entry.key.at == setting.key_at);
        match parts.last_mut().filter(|last| said(last)) {
            Some(last) if !last.gives_another(&setting) || is_at_top() => {
                last.settings.push(setting);
            }
            Some(last) => {
                let names = last.said.as_ref().map_or_else(Vec::new, |said| said.names.clone());
                parts.push(part(names, vec![setting]));
            }
            None => parts.push(part(names, vec![setting])),
        }
    }
    if parts.is_empty() {
        parts.push(part(Vec::new(), Vec::new()));
    }
    if let Some(first) = parts.first_mut() {
        first.problems = reader.problems;
    }
    parts
}

fn invalid_bytes(source: &Source, contributions: &[Contribution]) -> Vec<Problem> {
    let settings = contributions.iter().flat_map(|contribution| &contribution.settings);
    settings
        .filter(|setting| {
            source.has_invalid_bytes(setting.at.span)
                || source.has_invalid_bytes(setting.key_at.span)
        })
        .map(|setting| Problem {
            at: setting.at,
            message: "a setting holds bytes that are not UTF-8".into(),
        })
        .collect()
}
