//! The text of a configuration, with what was guessed in its comments.

use std::fmt::Write as _;

use super::candidate::{Candidate, is_name};
use crate::config::schema;
use crate::model::instance::Kind;
use crate::report::printable;

const TAIL: &str = r#"
# Files that are not read at all.
# exclude = ["legacy/**"]

# An installation under two names; whose key pairs an instance has, where its project does not say; an instance that is a branch.
# [instances.standby]
# files = ["deploy/standby/**"]
# same-as = "production"
# account = "europe"
# [instances.integration]
# branch = "integration"

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

/// The whole file.
pub(super) fn written(candidates: &[Candidate<'_>]) -> String {
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
    if candidates.is_empty() {
        out += "\n# No instance was found: no file of this tree carries a setting of the connector. That is sound where the database or a\n\
            # secret store holds them all.\n\
            # [instances.production]\n# files = [\"deploy/prod/**\"]\n# kind = \"production\"\n";
    }
    for candidate in candidates {
        out += "\n";
        out += &block(candidate);
    }
    out += "\n";
    out + rest
}

fn block(candidate: &Candidate<'_>) -> String {
    let instance = candidate.instance;
    let mut lines = Vec::new();
    let name = if is_name(&instance.name) { instance.name.as_str() } else { "name" };
    lines.push(format!("[instances.{}]", key(name)));
    match candidate.files.as_slice() {
        [] => {}
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
    let mut out = String::new();
    if let Some(why) = &candidate.obstacle {
        let _ = writeln!(out, "# Found and not declared: {why}.");
    }
    for line in lines {
        let is_comment = line.starts_with('#') || candidate.obstacle.is_none();
        let _ = writeln!(out, "{}{line}", if is_comment { "" } else { "# " });
    }
    out
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
