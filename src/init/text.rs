//! The text of a configuration, with what was guessed in its comments.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::branches::Branch;
use super::candidate::Candidate;
use crate::config::schema;
use crate::declared::Pattern;
use crate::model::instance::Kind;
use crate::report::printable;

const TAIL: &str = r#"
# Files that are not read at all.
# exclude = ["legacy/**"]

# An installation under two names; whose key pairs an instance has, where its project does not say; an instance that is a branch.
# [instances.standby]
# inherits = ["deploy/common.env"]
# files = ["deploy/standby/**"]
# same-as = "production"
# account = "europe"
# [instances.integration]
# branch = "integration"

# Many instances at once, by names in their paths; and files that make none, but are searched for keys.
# [[instances-from]]
# files = "brands/{brand}/{env}/**"
# name = "{brand}-{env}"
# [not-instances]
# files = ["playground/**"]

# Levels of rules: `commerce-lint rules` lists them, `commerce-lint explain RULE` says what they are about.
# [rules]
# placeholder-value = "off"     # or "warning", "error"

# Findings that are accepted for a time: `commerce-lint explain RULE` says when that is wise.
# [[waivers]]
# rule = "placeholder-value"
# path = "deploy/demo/**"
# reason = "the demo has no services"
# expires = 2027-06-30

# Larger files that may hold settings are reported, not read.
# [limits]
# file-bytes = "64 MiB"
"#;

/// How many names stand in a comment.
const MOST_NAMES: usize = 6;

/// The whole file: patterns with the instances that they declare, then single instances.
pub(super) fn written(
    patterns: &[(Pattern, BTreeSet<String>)],
    candidates: &[Candidate<'_>],
    (branches, are_declared): (&[Branch], bool),
) -> String {
    let schema = schema::FILE_NAME;
    let mut out = format!(
        "\
#:schema ./{schema}
# What this tree says about itself to commerce-lint, as `commerce-lint init` found it: no finding changes by it.
# Look at what was guessed, and mend what is wrong: what is declared wins over every guess.
# A file that no pattern takes still goes by the words of its path, to the instance of that name; a pattern for files
# to come is \"deploy/prod/**\".
# For an editor that checks this file: commerce-lint schema > {schema}
"
    );
    // Keys of the root come before all tables.
    let (exclude, rest) = TAIL.split_once("\n\n").unwrap_or_default();
    out += exclude;
    out += "\n";
    out += &branch_blocks(branches, are_declared);
    if candidates.is_empty() && branches.is_empty() {
        out += "\n# No instance was found: no file of this tree carries a setting of the connector. That is sound where the database or a\n\
            # secret store holds them all.\n\
            # [instances.production]\n# files = [\"deploy/prod/**\"]\n# kind = \"production\"\n";
    }
    for (pattern, names) in patterns {
        out += "\n";
        out += &pattern_block(pattern, names);
    }
    let (declared, others): (Vec<_>, Vec<_>) =
        candidates.iter().partition(|candidate| candidate.obstacle.is_none());
    for candidate in declared.iter().filter(|candidate| !candidate.is_by_pattern) {
        out += "\n";
        out += &block(candidate);
    }
    if !others.is_empty() {
        out += "\n# Found and not declared:\n";
        for candidate in others {
            let _ = writeln!(out, "#   {}", candidate.told());
        }
    }
    out += "\n";
    out + rest
}

/// What declares branches; in comments where it would change findings.
fn branch_blocks(branches: &[Branch], are_declared: bool) -> String {
    if branches.is_empty() {
        return String::new();
    }
    let mut out = "\n# On Adobe Commerce Cloud each environment is a branch, and has what its branch holds.\n".to_owned();
    if !are_declared {
        out += "# Take off the signs to have them all checked in one run: the findings will be others then. The instances that are declared below\n            # are those of the branch that is checked out, and go.\n";
    }
    let sign = if are_declared { "" } else { "# " };
    for Branch { name, kind } in branches {
        let _ = writeln!(
            out,
            "{sign}[instances.{}]\n{sign}branch = {}",
            key(name),
            printable::toml(name)
        );
        let _ = match kind {
            Some(kind) => writeln!(out, "{sign}kind = \"{}\"  # by its name", kind.word()),
            None => writeln!(out, "{sign}kind = \"production\"  # no other branch is called so"),
        };
    }
    out
}

fn pattern_block(pattern: &Pattern, names: &BTreeSet<String>) -> String {
    let mut shown: Vec<String> =
        names.iter().take(MOST_NAMES).map(|name| printable::text(name)).collect();
    if let Some(more @ 1..) = names.len().checked_sub(MOST_NAMES) {
        shown.push(format!("{more} more"));
    }
    let mut out =
        format!("# {} instances: {}.\n[[instances-from]]\n", names.len(), shown.join(", "));
    let files = &pattern.files;
    let _ = writeln!(out, "files = {}", printable::toml(files.pattern()));
    let _ = writeln!(out, "name = {}", printable::toml(files.name()));
    let _ = match pattern.kind {
        Some(kind) => writeln!(out, "kind = \"{}\"", kind.word()),
        None => writeln!(out, "# kind: as the words of each name and path say"),
    };
    out
}

fn block(candidate: &Candidate<'_>) -> String {
    let instance = candidate.instance;
    let mut lines = Vec::new();
    lines.push(format!("[instances.{}]", key(&instance.name)));
    match candidate.files.as_slice() {
        [(only, why)] => {
            lines.push(format!("files = [{}]  # {}", printable::toml(only), printable::text(why)));
        }
        files => {
            lines.push("files = [".to_owned());
            let file = |(pattern, why): &(String, String)| {
                format!("  {},  # {}", printable::toml(pattern), printable::text(why))
            };
            lines.extend(files.iter().map(file));
            lines.push("]".to_owned());
        }
    }
    lines.push(match instance.kind.value {
        Kind::Unknown => {
            "# kind = \"production\"  # or \"non-production\": nothing says which".into()
        }
        kind => format!("kind = \"{}\"  # {}", kind.word(), candidate.kind_from()),
    });
    if let Some(account) = &candidate.declared.account {
        let from = printable::text(&instance.account.said_by);
        lines.push(format!(
            "account = {}  # {from}: instances of one account have the same key pairs",
            printable::toml(account)
        ));
    }
    let inherited = candidate.inherited.iter().map(|(path, why)| {
        format!("# inherits {}: {}", printable::toml(path), printable::text(why))
    });
    lines.extend(inherited);
    lines.push(String::new());
    lines.join("\n")
}

/// A name as a key of TOML: bare where it can be.
fn key(name: &str) -> String {
    let is_bare =
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_bare { name.to_owned() } else { printable::toml(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::rules;

    #[test]
    fn what_stands_there_as_a_comment_is_a_configuration() {
        let is_toml = |line: &&str| line.starts_with('[') || line.contains(" = ");
        let lines = TAIL.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_toml);
        let mut text = lines.collect::<Vec<_>>().join("\n");
        text += "\n[instances.production]\nfiles = [\"a\"]\n";
        let config = Config::parse(&text, &rules::ids()).expect("it is one");
        assert_eq!((config.declared.instances.len(), config.waivers.len()), (3, 1), "{text}");
    }
}
