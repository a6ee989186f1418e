//! Which dialect a file is written in: by its name, else by what its text looks like. One table: another carrier is another row.
//!
//! A name is a hint and decides where it is one of a format's own. A file of any other name is read by its shape, where it names a setting.

use crate::model::setting::Carrier;
use crate::model::uuid::is_uuid;
use crate::source::{Source, Span};
use crate::syntax::directives::Directives;
use crate::syntax::{Format, file_name, format_of, stem_of_sample};

/// Files that a format's own names do not tell, and a name by which they would.
pub const NAMED: [(&str, &str); 23] = [
    ("*.sls", "x.yaml"),
    (".ebextensions/*.config", "x.yaml"),
    ("*.nomad", "x.hcl"),
    ("*.jsonnet", "x.json5"),
    ("*.libsonnet", "x.json5"),
    ("*.groovy", "x.jenkinsfile"),
    ("*.rake", "x.rb"),
    ("Rakefile", "x.rb"),
    ("Capfile", "x.rb"),
    ("*.service", "x.ini"),
    ("*.timer", "x.ini"),
    ("*.container", "x.ini"),
    ("Caddyfile", "x.conf"),
    (".envrc", "x.sh"),
    (".environment", "x.sh"),
    ("*.fish", "x.sh"),
    ("crontab", "x.sh"),
    ("*.crontab", "x.sh"),
    ("*.cron", "x.sh"),
    ("cron.d/*", "x.sh"),
    ("*.magerun", "x.sh"),
    ("Procfile", "x.sh"),
    ("Kustomization", "x.yaml"),
];

/// Whether a text looks like something.
type Shape = fn(&str) -> bool;

/// What texts look like, and a name of that format.
const SHAPED: [(Shape, &str); 5] = [
    (is_script, "x.sh"),
    (is_php, "x.php"),
    (is_assignments, "x.env"),
    (is_mapping, "x.yaml"),
    (is_in_sections, "x.ini"),
];

/// Files for people: what they name, they set nowhere.
const PROSE: [&str; 9] = ["md", "markdown", "rst", "adoc", "html", "htm", "tex", "svg", "lock"];

/// The format that a file is written in; `text` counts where the name says none.
#[must_use]
pub fn format(path: &str, text: &str) -> Option<&'static dyn Format> {
    let by_name = format_of(path).or_else(|| {
        let (_, like) = NAMED.iter().find(|(pattern, _)| matches(pattern, stem_of_sample(path)))?;
        format_of(like)
    });
    by_name.or_else(|| {
        let (_, like) = SHAPED.iter().find(|(is_it, _)| !is_prose(path) && is_it(text))?;
        format_of(like)
    })
}

/// Whether a file is written for people.
#[must_use]
pub fn is_prose(path: &str) -> bool {
    let extension = file_name(path).rsplit_once('.').map_or("", |(_, extension)| extension);
    PROSE.iter().any(|prose| prose.eq_ignore_ascii_case(extension))
}

/// The first connector's path or variable that a text of no format that is read spells.
#[must_use]
pub fn names_connector(text: &str) -> Option<Span> {
    let word = |at: usize, belongs: fn(char) -> bool| {
        let name = text.get(at..).unwrap_or_default();
        let end = name.find(|letter| !belongs(letter)).unwrap_or(name.len());
        (name.get(..end).unwrap_or_default(), Span::new(at, at + end))
    };
    let is_of_path = |letter: char| letter.is_ascii_alphanumeric() || "_/.".contains(letter);
    // In properties of Java's and Phing's the steps of a path have dots between them.
    let steps = ["services_connector/", "services_connector.services_"];
    let path = steps.iter().filter_map(|path| text.find(path)).min();
    let path = path.map(|at| word(at, is_of_path).1);
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let variable = text.match_indices("CONFIG__").find_map(|(at, _)| {
        let (name, span) = word(at, is_of_name);
        name.to_ascii_uppercase().contains("SERVICES_CONNECTOR").then_some(span)
    });
    path.into_iter().chain(variable).min()
}

/// How far behind a name its value is looked for, in bytes.
const REACH: usize = 160;

/// What a command has that writes: Magento's verbs and their options.
const WRITING: [&str; 5] =
    ["config:set", "config:sensitive:set", "config:env:set", "--lock-env", "--lock-config"];

/// What a command has that asks for a value or looks for it.
const ASKING: [&str; 3] = [":show", ":get", "grep"];

/// The first connector's path or variable that is given an id, in a text whose reader found nothing: the id stands next to it, or a command that
/// writes names it. In a remark, where a command asks for it, and in a query, it is none. What no service of Compose's takes is set nowhere.
#[must_use]
pub fn names_value(text: &str) -> Option<Span> {
    if text.lines().any(|line| line.trim_end() == "services:") {
        return None;
    }
    let mut start = 0;
    text.split_inclusive('\n').find_map(|line| {
        let from = start;
        start += line.len();
        let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
        let is_remark = ["#", "//", ";", "--", "*", "!", "<!--"]
            .iter()
            .any(|sign| line.trim_start().starts_with(sign));
        let found = names_connector(line).filter(|_| !is_remark && !has(&ASKING))?.range();
        let (start, end) = (from + found.start, from + found.end);
        let mut until = (end + REACH).min(text.len());
        while !text.is_char_boundary(until) {
            until -= 1;
        }
        let behind = text.get(end..until).unwrap_or_default();
        let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let mut words = behind.split(|letter| !is_of_word(letter)).filter(|word| !word.is_empty());
        // A comparison in a query has a word of it between: `AND value =`.
        let is_given =
            words.clone().next().is_some_and(is_uuid) || has(&WRITING) && words.any(is_uuid);
        is_given.then(|| Span::new(start, end))
    })
}

/// Whether a text of a program says that it sets something of the connector's: it is the name of one setting and nothing else, or has a value of it, or
/// a command that writes.
#[must_use]
pub fn names_unread(source: &Source, at: Span) -> bool {
    let written = source.slice(at);
    let named = names_connector(written);
    let bare = written.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let is_alone = named.is_some_and(|named| written.get(named.range()) == Some(bare));
    let has = |words: &[&str]| words.iter().any(|word| written.contains(word));
    let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let has_id = written.split(|letter| !is_of_word(letter)).any(is_uuid);
    named.is_some() && !has(&ASKING) && (is_alone || has(&WRITING) || has_id)
}

/// The connector's first section in a program that gives configuration: what declares a class or a function by a name alone gives none.
#[must_use]
pub fn names_in_program(text: &str) -> Option<Span> {
    const DECLARING: [&str; 5] = ["class ", "interface ", "trait ", "enum ", "namespace "];
    let at = text.find("services_connector")?;
    let declares = |line: &str| {
        let line = line.trim_start();
        let line = ["abstract ", "final ", "readonly "]
            .iter()
            .fold(line, |line, word| line.strip_prefix(word).unwrap_or(line));
        DECLARING.iter().any(|word| line.starts_with(word))
    };
    let is_set = text.contains("return") || text.contains("services_connector/");
    let end = at + "services_connector".len();
    (is_set && !text.lines().any(declares)).then(|| Span::new(at, end))
}

/// The first connector's path or variable in a text of which a format passes over what it does not know; in a remark, it is none.
#[must_use]
pub fn passes_over(format: &dyn Format, text: &str) -> Option<Span> {
    if !format.is(&Directives) {
        return None;
    }
    let mut start = 0;
    text.split_inclusive('\n').find_map(|line| {
        let from = start;
        start += line.len();
        let is_remark = line.trim_start().starts_with(['#', ';', '!']);
        let found = names_connector(line).filter(|_| !is_remark)?.range();
        Some(Span::new(from + found.start, from + found.end))
    })
}

/// Whether a path is one of a pattern: `*.sls`, `.ebextensions/*.config`, `crontab`.
fn matches(pattern: &str, path: &str) -> bool {
    let name = file_name(path);
    let (folder, pattern) = pattern.rsplit_once('/').map_or((None, pattern), |(f, p)| (Some(f), p));
    let is_in = folder.is_none_or(|folder| format!("/{path}").contains(&format!("/{folder}/")));
    is_in
        && pattern.strip_prefix('*').map_or(name.eq_ignore_ascii_case(pattern), |end| {
            name.len() > end.len() && name.to_ascii_lowercase().ends_with(end)
        })
}

/// `#!/bin/sh`, `#!/usr/bin/env bash`.
fn is_script(text: &str) -> bool {
    let Some(line) = text.strip_prefix("#!").and_then(|rest| rest.lines().next()) else {
        return false;
    };
    let mut programs = line.split([' ', '/', '\t']);
    programs.any(|word| ["sh", "bash", "zsh", "dash", "ash", "ksh"].contains(&word))
}

fn is_php(text: &str) -> bool {
    text.trim_start().starts_with("<?php")
}

/// The lines that say something.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

/// Nothing but `NAME=value`.
fn is_assignments(text: &str) -> bool {
    let assigns = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line);
        line.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
    };
    lines(text).next().is_some() && lines(text).all(assigns)
}

/// Keys with values, as YAML has them: every line that is not indented is `key:`, an item or a document's mark.
fn is_mapping(text: &str) -> bool {
    let is_key = |line: &str| {
        let key = line.split_once(':');
        key.is_some_and(|(key, behind)| {
            (behind.is_empty() || behind.starts_with([' ', '\r']))
                && !key.is_empty()
                && !key.contains([' ', '\t', '(', '{', '$', '='])
        })
    };
    let mut outer = lines(text).filter(|line| !line.starts_with([' ', '\t']));
    let is_part = |line: &str| line.starts_with("- ") || line.trim_end() == "---" || is_key(line);
    lines(text).any(is_key) && outer.all(is_part)
}

/// Sections of names: `[web]`, `[web:vars]`, and whatever stands in them.
fn is_in_sections(text: &str) -> bool {
    let first = lines(text).find(|line| !line.trim_start().starts_with(';'));
    let name = first.and_then(|line| line.trim().strip_prefix('[')?.strip_suffix(']'));
    name.is_some_and(|name| {
        let is_of_name = |letter: char| letter.is_alphanumeric() || "_-.:".contains(letter);
        name.starts_with(char::is_alphabetic) && name.chars().all(is_of_name)
    })
}

/// How config paths in a file are delivered, by the file's name.
pub(crate) fn carrier_of(path: &str) -> Carrier {
    let name = file_name(path).to_ascii_lowercase();
    let is_php = format!("{name}.").contains(".php.");
    if is_php && name.starts_with("config.") {
        Carrier::ConfigPhp
    } else if is_php {
        Carrier::EnvPhp
    } else if path.contains("config/store/") {
        Carrier::ConfigImportExport
    } else {
        Carrier::Document
    }
}

/// How `CONFIG__…` names in a file are delivered, by the file's name.
pub(crate) fn variable_carrier_of(path: &str) -> Carrier {
    let name = file_name(path);
    if name == ".magento.app.yaml" {
        Carrier::CloudApplication
    } else if name.starts_with(".env") || name.contains(".env") {
        Carrier::Dotenv
    } else {
        Carrier::Environment
    }
}

/// Whether a file is a Helm template: YAML only after rendering.
pub(crate) fn is_template(source: &Source) -> bool {
    let is_filled = file_name(source.path())
        .rsplit_once('.')
        .is_some_and(|(_, end)| matches!(end, "j2" | "jinja2" | "erb" | "tmpl" | "gotmpl"));
    let is_of_chart = format!("/{}", source.path()).contains("/templates/");
    let holes = ["{{", "{%", "<%"];
    let has_holes =
        |count: usize| holes.iter().take(count).any(|hole| source.text().contains(hole));
    is_filled && has_holes(holes.len()) || is_of_chart && has_holes(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_its_format_where_its_name_does_not() {
        let of = |path, text| format(path, text).map(Format::name);
        assert_eq!(of("bin/deploy-uat", "#!/usr/bin/env bash\nx\n"), Some("shell"));
        assert_eq!(of("env.production", "# a\nA=1\nexport B=2\n"), Some("dotenv"));
        assert_eq!(of("group_vars/production/vars", "---\na:\n  b: 1\n"), Some("YAML"));
        assert_eq!(of("etc/env.inc", "<?php return [];"), Some("PHP"));
        assert_eq!(of("inv/staging", "; x\n[web:vars]\na=1\n"), Some("INI and web servers"));
        assert_eq!(of("README.md", "A=1\n"), None);
        assert_eq!(of("notes", "it is so: x\nA=1\n"), None);
        assert_eq!(of("x", "#!/usr/bin/python3\nA=1\nfoo()\n"), None);
    }

    #[test]
    fn every_row_leads_to_a_format() {
        for (pattern, like) in NAMED {
            assert!(format_of(like).is_some(), "{like}");
            let path = pattern.replace('*', "name");
            assert!(format(&path, "").is_some(), "{pattern}");
        }
        for (_, like) in SHAPED {
            assert!(format_of(like).is_some(), "{like}");
        }
    }

    #[test]
    fn an_id_near_a_name_is_seen_where_no_reader_takes_it() {
        let id = "3f1c9a52-7d0e-4b68-9c41-0a2b3c4d5e6f";
        let named = |text: &str| names_value(text).is_some();
        assert!(named(&format!(
            "run = \"x services_connector/services_id/environment_id {id}\"\n"
        )));
        assert!(named(&format!("c+=(--lock-env services_connector/a/b)\nc+=(\"{id}\")\n")));
        assert!(!named(&format!(
            "x(services_connector/services_id/environment_id)\ny(\"{id}\")\n"
        )));
        assert!(!named(&format!("WHERE path = 'services_connector/a/b' AND value <> '{id}'\n")));
        assert!(!named(&format!("# services_connector/services_id/environment_id {id}\n")));
        assert!(!named("x(services_connector/services_id/environment_id)\n"));
        assert!(!named(&format!(
            "config:show services_connector/services_id/project_id | grep {id}"
        )));
        assert!(!named(&format!("x-old:\n  services_connector/a/b: {id}\nservices:\n")));
        assert!(!named(&format!("# ä{}services_connector/a\n{id}", "x".repeat(300))));
    }

    #[test]
    fn a_connector_is_named_by_its_paths_and_variables() {
        let named = |text: &'static str| names_connector(text).and_then(|at| text.get(at.range()));
        let path = "services_connector/services_id/project_id";
        assert_eq!(named("'services_connector/services_id/project_id';"), Some(path));
        let variable = "CONFIG__DEFAULT__SERVICES_CONNECTOR__X";
        assert_eq!(named("x CONFIG__DEFAULT__SERVICES_CONNECTOR__X y"), Some(variable));
        assert_eq!(named("CONFIG__DEFAULT__WEB__X services_connector"), None);
    }
}
