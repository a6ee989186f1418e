//! Files that expressions decode: `yamldecode(file("env/${terraform.workspace}.yaml")).space`, and those from which sets make their objects.
//!
//! Sources: the Terraform language, `file`, `yamldecode`, `jsondecode`, *References to Named Values* (`path`); the Terragrunt documentation,
//! `find_in_parent_folders`. What nobody computes here, a hole in a path, stands for any name.

use globset::GlobMatcher;

use super::names::{Name, Space, is_terraform};
use super::rename::ANY;
use super::roots::around;
use super::{globs, queries};
use crate::recognise::gitops;
use crate::resolve::conventions::parent;
use crate::source::{Source, SourceId};
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, beside};

/// The functions that make values of the text of a file.
const DECODING: [&str; 2] = ["yamldecode(", "jsondecode("];

/// The function that gives the text of a file.
const FILE: &str = "file(";

/// The function that looks for a file in the folders above.
const ABOVE: &str = "find_in_parent_folders(";

/// Where the folder of a file itself stands in a path.
const HERE: [&str; 5] = [
    "${path.module}/",
    "${path.root}/",
    "${path.cwd}/",
    "${get_terragrunt_dir()}/",
    "${get_original_terragrunt_dir()}/",
];

/// Stands for a hole while a path is resolved: no letter of a path.
const HOLE: &str = "\u{1}";

/// What an expression in the file at `path` takes of files that it decodes, and which these may be; none where it does not.
#[must_use]
pub fn name(path: &str, written: &str) -> Option<(Name, Vec<GlobMatcher>)> {
    if !is_terraform(path) {
        return queries::name(path, written);
    }
    let written = written.trim();
    let hole = written.strip_prefix("\"${").and_then(|rest| rest.strip_suffix("}\""));
    let written = hole.unwrap_or(written).trim();
    let inner = DECODING.iter().find_map(|function| written.strip_prefix(function))?;
    let inner = inner.trim_start().strip_prefix(FILE)?.trim_start();
    let (argument, rest) = argument(inner)?;
    let rest = rest.trim_start().strip_prefix(')')?;
    let files = files(path, argument).iter().filter_map(|glob| globs::matcher(glob)).collect();
    Some((Name { space: Space::Decoded, path: steps(rest)? }, files))
}

/// The one file that a text in quotes names, with nothing before its end but holes for the folder of the file at `path`.
#[must_use]
pub fn file_of(path: &str, written: &str) -> Option<String> {
    let inner = written.strip_prefix('"')?;
    let holes = HERE.iter().find(|here| inner.starts_with(**here)).map_or(0, |here| here.len());
    let end = holes + inner.get(holes..)?.find('"')?;
    path_of(path, written.get(..end + 2)?)
}

/// The one path that a text in quotes is, if that holds no hole but for the folder of the file at `path`.
#[must_use]
pub fn path_of(path: &str, written: &str) -> Option<String> {
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    let rest = HERE.iter().find_map(|here| inner.strip_prefix(here)).unwrap_or(inner);
    beside(path, rest)
}

/// The globs of the files that the text of a source has decoded, or makes objects of.
#[must_use]
pub fn named(source: &Source) -> Vec<String> {
    let (path, text) = (source.path(), source.text());
    if is_terraform(path) {
        let decoding = text.match_indices(FILE).filter(|(at, _)| {
            let before = text.get(..*at).unwrap_or_default().trim_end();
            DECODING.iter().any(|function| before.ends_with(function))
        });
        let arguments = decoding.filter_map(|(at, word)| text.get(at + word.len()..));
        let arguments = arguments.filter_map(|inner| argument(inner.trim_start()));
        return arguments.flat_map(|(argument, _)| files(path, argument)).collect();
    }
    let queried = queries::named(source);
    if !queried.is_empty() {
        return queried;
    }
    if !text.contains("ApplicationSet") || !text.contains("files:") || !Yaml.claims(path) {
        return Vec::new();
    }
    let documents = Yaml.parse(SourceId(0), text).documents;
    documents.iter().filter(|set| gitops::is_deployment(set)).flat_map(gitops::generating).collect()
}

/// The argument of a call, and what stands behind its parenthesis: a text, or a call within it.
fn argument(inner: &str) -> Option<(&str, &str)> {
    if let Some(text) = inner.strip_prefix('"') {
        // A hole can hold quotes of its own.
        let mut depth = 0_usize;
        let end = text.char_indices().find_map(|(at, letter)| {
            match letter {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                '"' if depth == 0 => return Some(at),
                _ => {}
            }
            None
        })?;
        let behind = text.get(end + 1..)?.trim_start().strip_prefix(')')?;
        return Some((inner.get(..end + 2)?, behind));
    }
    let call = inner.strip_prefix(ABOVE)?;
    let end = inner.len() - call.len() + call.find(')')? + 1;
    let behind = inner.get(end..)?.trim_start().strip_prefix(')')?;
    Some((inner.get(..end)?, behind))
}

/// The globs of the files that an argument may mean.
fn files(path: &str, argument: &str) -> Vec<String> {
    if let Some(name) = argument.strip_prefix(ABOVE).and_then(|rest| rest.strip_suffix(')')) {
        let name = globset::escape(name.trim().trim_matches('"'));
        let folder = parent(path);
        let join = |folder: &str| match folder {
            "" => name.clone(),
            folder => format!("{}/{name}", globset::escape(folder)),
        };
        // What units include is read where they stand: beneath it.
        let beneath = match folder {
            "" => format!("**/{name}"),
            folder => format!("{}/**/{name}", globset::escape(folder)),
        };
        return around(folder).map(join).chain([beneath]).collect();
    }
    let mut rest = argument.trim_matches('"');
    rest = HERE.iter().find_map(|here| rest.strip_prefix(here)).unwrap_or(rest);
    let mut found = String::new();
    while let Some((before, behind)) = rest.split_once("${") {
        found.push_str(before);
        found.push_str(HOLE);
        let Some((_, behind)) = behind.split_once('}') else { return Vec::new() };
        rest = behind;
    }
    found.push_str(rest);
    if found.starts_with(HOLE) {
        return Vec::new();
    }
    let file = beside(path, &found);
    file.map(|file| globset::escape(&file).replace(HOLE, "*")).into_iter().collect()
}

/// The keys that are taken behind a call: `.a["b"]`, and any for one that only running would tell.
fn steps(rest: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = rest.trim();
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (key, behind) = inner.split_once(']')?;
            let key = key.trim();
            let written = key.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
            let any = || key.parse::<usize>().is_err().then_some(ANY);
            found.push(written.or_else(any)?.to_owned());
            rest = behind;
        } else {
            let inner = rest.strip_prefix('.')?;
            let end = inner.find(['.', '[']).unwrap_or(inner.len());
            found.push(inner.get(..end)?.to_owned());
            rest = inner.get(end..)?;
        }
    }
    let is_key = |key: &String| {
        let is_of_key = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
        key == ANY || !key.is_empty() && key.chars().all(is_of_key)
    };
    found.iter().all(is_key).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_of_a_decoded_file_is_a_name_in_it() {
        let of = |written: &str| {
            let (name, files) = name("infra/live/main.tf", written)?;
            let files: Vec<String> =
                files.iter().map(|glob| glob.glob().glob().to_owned()).collect();
            Some(format!("{} in {}", name.path.join("."), files.join(" ")))
        };
        for (written, expected) in [
            (
                "yamldecode(file(\"env/${terraform.workspace}.yaml\")).saas.space",
                "saas.space in infra/live/env/*.yaml",
            ),
            (
                "jsondecode( file(\"${path.module}/../ids.json\") )[\"a\"][var.env].b",
                "a.*.b in infra/ids.json",
            ),
            (
                "\"${yamldecode(file(\"${path.root}/x-${var.envs[\"a\"]}.yml\")).b}\"",
                "b in infra/live/x-*.yml",
            ),
            (
                "yamldecode(file(find_in_parent_folders(\"env.yaml\")))",
                " in infra/live/env.yaml infra/env.yaml env.yaml infra/live/**/env.yaml",
            ),
        ] {
            assert_eq!(of(written).as_deref(), Some(expected), "{written}");
        }
        for written in [
            "yamldecode(var.text).a",
            "yamldecode(file(var.file)).a",
            "file(\"a.yaml\")",
            "yamldecode(file(\"a.yaml\"))[0]",
            "yamldecode(file(\"a.yaml\")) == {}",
        ] {
            assert_eq!(of(written), None, "{written}");
        }
        let no_file = "yamldecode(file(\"${var.folder}/a.yaml\")).a";
        assert_eq!(of(no_file).as_deref(), Some("a in "));
    }
}
