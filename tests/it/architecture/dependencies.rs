//! What is built on: each crate says what it is for, and none talks to a network.

use std::fs;
use std::path::Path;

/// Crates that talk to a network or carry C for it.
const BANNED: &[&str] = &[
    "attohttpc",
    "aws-lc-rs",
    "curl",
    "h2",
    "hyper",
    "hyper-util",
    "isahc",
    "minreq",
    "native-tls",
    "openssl",
    "openssl-sys",
    "reqwest",
    "ring",
    "rustls",
    "surf",
    "tokio",
    "tungstenite",
    "ureq",
];

#[test]
fn every_dependency_says_what_it_is_for() {
    let silent = silent_dependencies(&manifest_file("Cargo.toml"));
    assert!(silent.is_empty(), "without a comment in Cargo.toml: {silent:?}");
}

#[test]
fn nothing_in_the_lock_file_talks_to_a_network() {
    let lock = manifest_file("Cargo.lock");
    let locked = |name: &&&str| lock.contains(&format!("name = \"{name}\"\n"));
    let found: Vec<&&str> = BANNED.iter().filter(locked).collect();
    assert!(found.is_empty(), "{found:?}: nothing is fetched");
    let policy = manifest_file(".cargo/deny.toml");
    if !policy.is_empty() {
        let missing: Vec<&&str> =
            BANNED.iter().filter(|name| !policy.contains(&format!("\"{name}\""))).collect();
        assert!(missing.is_empty(), "{missing:?} are not banned in .cargo/deny.toml");
    }
}

#[test]
fn what_is_fuzzed_is_built_on_what_the_program_is_built_on() {
    let (own, fuzzed) = (manifest_file("Cargo.lock"), manifest_file("fuzz/Cargo.lock"));
    assert_eq!(apart(&own, &fuzzed), Vec::<&str>::new(), "fuzz/README.md says how to follow");
    let silent = silent_dependencies(&manifest_file("fuzz/Cargo.toml"));
    assert!(silent.is_empty(), "without a comment in fuzz/Cargo.toml: {silent:?}");
}

#[test]
fn another_version_of_what_is_fuzzed_is_found() {
    let lock = |versions: &[(&str, &str)]| {
        let entry = |(name, version): &(&str, &str)| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n")
        };
        versions.iter().map(entry).collect::<String>()
    };
    let own = lock(&[("a", "1"), ("b", "1"), ("b", "2")]);
    assert_eq!(apart(&own, &lock(&[("a", "2"), ("b", "2"), ("c", "1")])), ["a"]);
}

/// The crates of a lock file that the program's has in other versions alone.
fn apart<'a>(own: &'a str, other: &'a str) -> Vec<&'a str> {
    let versions = |lock: &'a str| {
        let lines = lock.lines().zip(lock.lines().skip(1));
        lines.filter_map(|(name, version)| Some((name.strip_prefix("name = ")?, version)))
    };
    let is_apart = |(name, version): &(&str, &str)| {
        let mut known = versions(own).filter(|(known, _)| known == name).peekable();
        known.peek().is_some() && !known.any(|(_, known)| known == *version)
    };
    versions(other).filter(is_apart).map(|(name, _)| name.trim_matches('"')).collect()
}

#[test]
fn a_dependency_without_a_comment_is_found() {
    assert_eq!(
        silent_dependencies(
            "[dependencies]\n# Why.\na = \"1\"\nb = \"1\"\n[profile.release]\nc = 1\n"
        ),
        ["b"]
    );
}

fn silent_dependencies(manifest: &str) -> Vec<String> {
    let (mut is_list, mut is_told) = (false, false);
    let mut silent = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_list = line.trim_end_matches(']').ends_with("dependencies");
        } else if is_list && !is_told && !line.starts_with('#') {
            silent.extend(line.split_once(" =").map(|(name, _)| name.to_owned()));
        }
        is_told = line.starts_with('#');
    }
    silent
}

/// A file at the root; empty where a published package leaves it out.
fn manifest_file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap_or_default()
}
