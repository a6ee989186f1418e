//! Machines of one installation: files of hosts beside each other that differ by a number or a role, and set the same.
//!
//! `host_vars/prod-01.yml` beside `host_vars/prod-02.yml` with one data space are two nodes of production. What sets another value is another
//! installation's, whatever its name. Hosts and pools of a web server with one document root are one installation, too: its websites.

use std::collections::{BTreeMap, BTreeSet};

use super::belongings::Belongings;
use super::conventions::parent;
use super::piece::Piece;
use super::vocabulary;
use super::words::{Environment, is_number, tokens};
use crate::model::fingerprint::Fingerprint;
use crate::model::parameter::Parameter;
use crate::sources::Sources;

/// The folders in which a file is a host's.
const OF_HOSTS: [&str; 5] = ["host_vars", "hosts", "minions", "nodes", "pillar"];

/// Gives the files of hosts that set the same the name that is left without numbers and roles.
pub fn settle(pieces: &mut [Piece], sources: &Sources) {
    settle_roots(pieces, sources);
    settle_domain(pieces, sources);
    let mut alike: BTreeMap<(String, Vec<String>, Option<String>), Vec<usize>> = BTreeMap::new();
    for (at, piece) in pieces.iter().enumerate() {
        let path = sources.path(piece.contribution.source);
        let folder = folder_of_hosts(path).filter(|_| !is_shop(path));
        if let Some(folder) = folder
            && !piece.contribution.settings.is_empty()
            && !piece.claim.is_part
        {
            let mut names: Vec<String> =
                piece.claim.names.iter().filter_map(|one| stem(one)).collect();
            names.sort();
            names.dedup();
            let environment = piece.claim.environment.as_ref().map(unnumbered);
            alike.entry((folder, names, environment)).or_default().push(at);
        }
    }
    for ((_, names, environment), places) in alike.into_iter().filter(|(_, at)| at.len() > 1) {
        if !are_equal(pieces, &places) || are_apart(pieces, &places, sources) {
            continue;
        }
        for at in places {
            let Some(piece) = pieces.get_mut(at) else { continue };
            piece.claim.names.clone_from(&names);
            if let Some((own, name)) = piece.claim.environment.as_mut().zip(environment.clone()) {
                own.name = name;
            }
        }
    }
}

/// The folder of the files of hosts that one stands among; where each host has a folder, all of them with what stands in it:
/// `hosts/*/etc/magento.env`.
fn folder_of_hosts(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let at = parts.iter().position(|part| OF_HOSTS.contains(part))?;
    if parts.len() < at + 3 {
        return (parts.len() > at + 1).then(|| parent(path).to_owned());
    }
    let (before, behind) = parts.split_at_checked(at + 2)?;
    let above = before.get(..=at)?.join("/");
    Some(format!("{above}/*/{}", behind.join("/")))
}

/// Gives the files of one folder that have one document root and set the same the words that they all have.
fn settle_roots(pieces: &mut [Piece], sources: &Sources) {
    let mut alike: BTreeMap<(&str, String, Option<String>), Vec<usize>> = BTreeMap::new();
    for (at, piece) in pieces.iter().enumerate() {
        let path = sources.path(piece.contribution.source);
        if let Some(root) = piece.root.clone() {
            let environment = piece.claim.identity().environment;
            alike.entry((parent(path), root, environment)).or_default().push(at);
        }
    }
    for places in alike.into_values().filter(|at| at.len() > 1) {
        if !are_equal(pieces, &places) {
            continue;
        }
        let names = places.iter().filter_map(|at| pieces.get(*at));
        let names = names.map(|piece| piece.claim.names.iter().cloned().collect::<BTreeSet<_>>());
        let common = names.reduce(|one, other| &one & &other).unwrap_or_default();
        for at in places {
            if let Some(piece) = pieces.get_mut(at) {
                piece.claim.names.retain(|name| common.contains(name));
            }
        }
    }
}

/// Takes the domain of all hosts, or what theirs have in common, from their names, where nothing else is called so: `cron01.stg.kiwi.internal`.
fn settle_domain(pieces: &mut [Piece], sources: &Sources) {
    let mut hosts: Vec<(usize, BTreeSet<String>)> = Vec::new();
    let mut others: BTreeSet<&String> = BTreeSet::new();
    for (at, piece) in pieces.iter().enumerate() {
        match domain_of_host(sources.path(piece.contribution.source)) {
            Some(domain) => hosts.push((at, tokens(&domain).map(str::to_owned).collect())),
            None => others.extend(&piece.claim.names),
        }
    }
    let domains = hosts.iter().map(|(_, domain)| domain.clone());
    let common = domains.reduce(|one, other| &one & &other).unwrap_or_default();
    if common.iter().any(|word| others.contains(word)) {
        return;
    }
    for (at, _) in hosts {
        if let Some(piece) = pieces.get_mut(at) {
            piece.claim.names.retain(|name| !common.contains(name));
        }
    }
}

/// The last two labels of the host that a file of variables is for, where its name has more; three of `kiwi.co.uk`.
fn domain_of_host(path: &str) -> Option<String> {
    let mut parts = path.split('/').skip_while(|part| !OF_HOSTS.contains(part)).skip(1);
    let host = parts.next()?.to_ascii_lowercase();
    let host = ["yml", "yaml", "json", "sls"]
        .iter()
        .find_map(|end| host.strip_suffix(end)?.strip_suffix('.'))
        .unwrap_or(&host);
    let (before, last) = host.rsplit_once('.')?;
    let (rest, owner) = before.rsplit_once('.')?;
    let is_of_country = last.len() == 2 && matches!(owner, "co" | "com" | "net" | "org");
    match rest.rsplit_once('.').filter(|_| is_of_country) {
        Some((_, name)) => Some(format!("{name}.{owner}.{last}")),
        None => Some(format!("{owner}.{last}")),
    }
}

/// Whether a path's host is called like a shop that has a number: `shop1`. `shop-1` and `shop01` are machines of one.
fn is_shop(path: &str) -> bool {
    let mut parts = path.split('/').skip_while(|part| !OF_HOSTS.contains(part)).skip(1);
    let host = parts.next().and_then(|host| host.split('.').next()).unwrap_or_default();
    let last = host.rsplit(['-', '_']).next().unwrap_or_default();
    let stem = last.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = last.strip_prefix(stem).unwrap_or_default();
    vocabulary::NUMBERED.contains(&stem) && !number.is_empty() && !number.starts_with('0')
}

/// A name without its number; none where a role or a number is left.
fn stem(name: &str) -> Option<String> {
    let is_of_number = |letter: char| letter.is_ascii_digit() || letter == '-';
    let stem = name.trim_end_matches(is_of_number);
    let is_idle = stem.is_empty()
        || is_number(stem)
        || vocabulary::is_role(stem)
        || vocabulary::is_workload(stem)
        || vocabulary::MACHINES.contains(&stem);
    (!is_idle).then(|| stem.to_owned())
}

fn unnumbered(environment: &Environment) -> String {
    let name = environment.name.as_str();
    match name.rsplit_once('-') {
        Some((stem, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Whether what belongs to an installation differs between files: `store` and `main` can be two shops.
fn are_apart(pieces: &[Piece], places: &[usize], sources: &Sources) -> bool {
    let texts = places.iter().filter_map(|at| sources.get(pieces.get(*at)?.contribution.source));
    let mut known = texts.map(|source| Belongings::of(source.text()));
    let first = known.next().unwrap_or_default();
    known.any(|other| first.are_of_one(&other) == Some(false))
}

/// Whether files give every setting that two of them give one value.
fn are_equal(pieces: &[Piece], places: &[usize]) -> bool {
    let mut known: BTreeMap<Parameter, Fingerprint> = BTreeMap::new();
    let settings = places
        .iter()
        .filter_map(|at| pieces.get(*at))
        .flat_map(|piece| &piece.contribution.settings);
    let mut given =
        settings.filter_map(|setting| Some((setting.parameter, setting.fingerprint()?)));
    given.all(|(parameter, value)| *known.entry(parameter).or_insert(value) == value)
}
