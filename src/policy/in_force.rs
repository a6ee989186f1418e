//! Reads the policy off the configuration and off what became of the findings.

use std::collections::BTreeSet;

use super::{Declaration, Origin, Policy, Standing, WaiverInForce};
use crate::config::baseline::FILE_NAME;
use crate::config::{self, Config, FILE_NAMES};
use crate::date::Date;
use crate::declared::{Declared, Pattern};
use crate::rule::Accepted;
use crate::source::{Location, SourceId};
use crate::sources::Sources;

/// What a policy is read off.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The configuration in force.
    pub config: &'a Config,
    /// Who says so.
    pub origin: Origin,
    /// Its file, and that of the configuration before the change.
    pub texts: [Option<SourceId>; 2],
    /// The baseline: its file, and how many findings it lists.
    pub baseline: Option<(SourceId, usize)>,
    /// The day of the run; none where nothing is accepted.
    pub today: Option<Date>,
    /// What is accepted.
    pub accepted: &'a [Accepted],
    /// The places of what is wrong with the waivers.
    pub told: &'a BTreeSet<Location>,
    /// The files that are checked.
    pub sources: &'a Sources,
}

/// The policy of a run.
#[must_use]
pub fn in_force(grounds: &Basis<'_>) -> Policy {
    let Basis { config, origin, texts, baseline, today, .. } = *grounds;
    let [written, before] = texts;
    let severities = config.levels.iter().map(|(id, level)| (id.clone(), level.severity()));
    let waivers = config.waivers.iter().filter_map(|waiver| self::waiver(waiver, grounds));
    let declared =
        config.declared.instances.iter().map(|(name, declared)| declaration(name, declared));
    let patterns = config.declared.patterns.iter().map(pattern);
    Policy {
        origin,
        written,
        before,
        passed_over: passed_over(grounds),
        severities: severities.collect(),
        excluded: config.exclude.patterns().to_vec(),
        file_bytes: config.limits.file_bytes,
        declared: declared.chain(patterns).collect(),
        denied: config.declared.denied.patterns().to_vec(),
        fails_on_warnings: config.fails_on_warnings,
        is_failing_locked: config.fails_on_warnings && config.is_locked(&[Config::PRESET_KEY]),
        max_waiver_days: config.policy.max_waiver_days,
        day: today.map(|day| day.to_string()),
        waivers: waivers.collect(),
        baseline,
    }
}

/// The tool's own files at the root of the tree, but for those that count.
fn passed_over(grounds: &Basis<'_>) -> Vec<SourceId> {
    let own = [grounds.texts[0], grounds.baseline.map(|(file, _)| file)];
    let own = own.map(|file| file.map_or("", |file| grounds.sources.path(file)));
    let is_passed =
        |path: &str| (FILE_NAMES.contains(&path) || path == FILE_NAME) && !own.contains(&path);
    grounds.sources.paths().filter(|(_, path)| is_passed(path)).map(|(file, _)| file).collect()
}

fn waiver(waiver: &config::waiver::Waiver, grounds: &Basis<'_>) -> Option<WaiverInForce> {
    let config::waiver::Waiver { rule, path, instances, value, reason, expires, .. } = waiver;
    let place = |span| Some(Location { source: grounds.texts[0]?, span });
    let at = place(waiver.at)?;
    let days_left = grounds.today.map(|today| expires.days_since(today));
    let is_told = |at: Option<Location>| at.is_some_and(|at| grounds.told.contains(&at));
    let accepted = || grounds.accepted.iter().filter(|one| one.at == Some(at)).count();
    let parts = [Some(waiver.at), waiver.path_at, waiver.value_at].into_iter().flatten();
    let mut spans = parts.chain(waiver.instances_at.iter().copied());
    let standing = match days_left {
        None => Standing::Ignored,
        Some(..0) => Standing::Expired,
        Some(_) if is_told(place(waiver.expires_at)) => Standing::TooFar,
        Some(_) if accepted() == 0 && spans.any(|span| is_told(place(span))) => Standing::Unused,
        Some(_) => Standing::Accepts(accepted()),
    };
    Some(WaiverInForce {
        rule: rule.clone(),
        paths: path.as_ref().map_or_else(Vec::new, |path| path.patterns().to_vec()),
        instances: instances.clone(),
        value: *value,
        reason: reason.clone(),
        expires: expires.to_string(),
        days_left,
        at,
        standing,
    })
}

fn pattern(pattern: &Pattern) -> Declaration {
    let Pattern { files, kind } = pattern;
    let account = files.account().map(|account| ("account", vec![account.to_owned()]));
    let said = [("files", vec![files.pattern().to_owned()])].into_iter().chain(account);
    Declaration { name: files.name().to_owned(), kind: *kind, said: said.collect() }
}

fn declaration(name: &str, declared: &Declared) -> Declaration {
    let Declared { files, inherits, kind, account, branch, same_as } = declared;
    let one = |value: &Option<String>| value.iter().cloned().collect::<Vec<String>>();
    let said = [
        ("files", files.patterns().to_vec()),
        ("inherits", inherits.patterns().to_vec()),
        ("account", one(account)),
        ("branch", one(branch)),
        ("same-as", one(same_as)),
    ];
    let said = said.into_iter().filter(|(_, values)| !values.is_empty()).collect();
    Declaration { name: name.to_owned(), kind: *kind, said }
}
