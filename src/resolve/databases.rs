//! Whose database a file of rows is for, and what a script makes of a copy: only words say, those of the path and of the shop's new address.

use std::collections::BTreeSet;

use super::identity::Identity;
use super::piece::Piece;
use super::reasons::left_out;
use super::samples::is_sample;
use super::words::Words;
use crate::declared::Known;
use crate::model::attribution::Unattributed;
use crate::model::edit::Edit;
use crate::model::instance::Kind;
use crate::recognise::{Contribution, xml};
use crate::sources::Sources;

/// Why rows, and defaults of modules, belong to no instance.
const UNNAMED: &str = "nothing says whose database it is, and what else is here has its own";

/// Starts of words for scripts that make a copy of a database harmless.
const SANITISING: [&str; 6] = ["sanit", "anonym", "scrub", "obfusc", "pseudonym", "depersonal"];

/// Domains of tools for local environments.
const LOCAL: [&str; 3] = [".ddev.site", ".lndo.site", ".docksal.site"];

/// A file's edits, each with what the database is for once they are done; none of samples.
#[must_use]
pub fn judged(mut edits: Vec<Edit>, sources: &Sources) -> Vec<Edit> {
    edits.retain(|edit| !is_sample(sources.path(edit.at.source)));
    let Some(path) = edits.first().map(|edit| sources.path(edit.at.source).to_ascii_lowercase())
    else {
        return edits;
    };
    let hosts: Vec<&str> = edits.iter().filter_map(|edit| edit.host.as_deref()).collect();
    let said = hosts.iter().find_map(|host| kind_of_host(host));
    let kind = said.unwrap_or_else(|| kind_of_path(&path, !hosts.is_empty()));
    for edit in &mut edits {
        edit.kind = edit.host.as_deref().and_then(kind_of_host).unwrap_or(kind);
    }
    edits
}

fn kind_of_host(host: &str) -> Option<Kind> {
    let host = host.to_ascii_lowercase();
    let is_local = host.starts_with("127.")
        || LOCAL.iter().any(|domain| host.ends_with(domain))
        || matches!(host.rsplit('.').next(), Some("localhost" | "test" | "local"));
    let mut words = Words::default();
    words.read(&host);
    match words.environment {
        _ if is_local => Some(Kind::NonProduction),
        Some(environment) if !environment.is_production() => Some(Kind::NonProduction),
        Some(_) => Some(Kind::Production),
        None => None,
    }
}

/// `has_host`: an address that says nothing can be a production's, whatever was cleaned on the way.
fn kind_of_path(path: &str, has_host: bool) -> Kind {
    let mut names = path.split(|letter: char| !letter.is_ascii_alphanumeric());
    let is_sanitising = names.any(|name| SANITISING.iter().any(|start| name.starts_with(start)));
    match Words::of_path(path).environment {
        _ if is_sanitising && !has_host => Kind::NonProduction,
        Some(environment) if environment.is_production() => Kind::Production,
        Some(_) => Kind::NonProduction,
        None if is_sanitising => Kind::NonProduction,
        None => Kind::Unknown,
    }
}

/// Leaves out what makes no instance by itself: modules' defaults where nothing else is set, and what a database holds where nothing says whose it is and the rest of the tree shows instances: a dump beside `env.staging.php`
/// and `env.prod.php` is a copy of one of them, not a third installation.
pub fn leave_out_unnamed(
    pieces: &mut Vec<Piece>,
    sources: &Sources,
    declared: &Known<'_>,
) -> Vec<Unattributed> {
    let is_module = |part: &Contribution| xml::is_module_default(sources.path(part.source));
    let is_other = |piece: &&Piece| {
        let part = &piece.contribution;
        !part.is_database && !part.settings.is_empty() && !is_module(part)
    };
    let others: BTreeSet<Identity> =
        pieces.iter().filter(is_other).map(|piece| piece.claim.identity()).collect();
    let is_named = |piece: &Piece| {
        let part = &piece.contribution;
        if is_module(part) {
            return !others.is_empty();
        }
        let own = piece.claim.identity();
        let path = sources.path(part.source);
        !part.is_database
            || own.environment.is_some()
            || others.is_empty()
            || others.contains(&own)
            || !declared.of(path).is_empty()
    };
    let mut left = Vec::new();
    pieces.retain(|piece| {
        let is_kept = is_named(piece);
        if !is_kept {
            left.extend(left_out(&piece.contribution.settings, UNNAMED));
        }
        is_kept
    });
    left
}
