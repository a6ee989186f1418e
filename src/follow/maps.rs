//! Names that take one value of a map, by a key that says whose it is: `local.spaces[terraform.workspace]`, `each.value.data_space`,
//! `index .Values.spaces .Values.env`. Every key of the map is looked at, or the one that is written: `local.spaces["prod"]`.
//!
//! `spaces[env]` of a play.
//!
//! Sources: the Ansible documentation, *Using variables*, *Referencing key:value dictionary variables*; the Terraform language, `for_each`, *References to Named Values*, `lookup`; the Helm documentation, *Template Function List*
//! (`index`, `get`, `pluck`).

use super::names::{Name, Space, intrinsic, is_terraform};
use super::rename::ANY;

/// The name of what a text in a file takes from a map; none where it takes nothing so.
#[must_use]
pub fn name(path: &str, text: &str, written: &str) -> Option<Name> {
    let written = written.trim().trim_matches(['"', '\'']).trim();
    if written.len() > 512 {
        return None;
    }
    if is_terraform(path) {
        let inner = written.strip_prefix("${").and_then(|inner| inner.strip_suffix('}'));
        return of_terraform(inner.unwrap_or(written).trim(), text);
    }
    if let Some(rest) = text
        .trim_end()
        .strip_suffix("!FindInMap")
        .map(|_| written)
        .or_else(|| written.strip_prefix("!FindInMap"))
        .or_else(|| intrinsic(written, "Fn::FindInMap"))
    {
        return of_mapping(rest.trim());
    }
    let inner = written.strip_prefix("{{")?.strip_suffix("}}")?;
    let inner = inner.trim_matches('-').trim();
    of_helm(inner).or_else(|| of_jinja(inner))
}

/// `spaces[env]`, `shops[inventory_hostname].space`, `spaces.get(env)`, each with filters that keep it.
fn of_jinja(inner: &str) -> Option<Name> {
    let (call, filters) = inner.split_once('|').map_or((inner, ""), |(call, rest)| (call, rest));
    let keeps =
        |filter: &str| matches!(filter.trim(), "" | "quote" | "string" | "trim" | "mandatory");
    let call = call.trim();
    let (map, key, rest) = if let Some((map, rest)) = call.split_once(".get(") {
        (map, rest.strip_suffix(')')?, "")
    } else {
        let (map, rest) = call.split_once('[')?;
        // The groups of a host: `spaces[group_names[0]]`.
        let item = rest.split_once("[0]]").filter(|(key, _)| !key.contains(']'));
        let (key, rest) = item.or_else(|| rest.split_once(']'))?;
        (map, key, rest)
    };
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_.".contains(letter);
    let is_variable = !key.is_empty() && key.chars().all(is_name) && key.parse::<u64>().is_err();
    let steps = map.split('.').chain([ANY]).chain(rest.split('.').skip(1));
    let is_kept = filters.split('|').all(keeps) && is_variable && !map.starts_with('.');
    named(Space::Play, steps).filter(|_| is_kept && !matches!(map, "hostvars" | "vars" | "groups"))
}

/// `!FindInMap [Map, !Ref Stage, Name]`.
///
/// Source: the AWS documentation, `Fn::FindInMap`.
fn of_mapping(written: &str) -> Option<Name> {
    let bare = |part: &str| part.trim().trim_matches(['"', '\'']).to_owned();
    let parts: Vec<String> =
        match written.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => inner.split(',').map(bare).collect(),
            None => written.split("- ").skip(1).map(bare).collect(),
        };
    let mut parts = parts.iter().map(String::as_str);
    let (map, _, key) = (parts.next()?, parts.next()?, parts.next()?);
    named(Space::Template, ["Mappings", map, ANY, key].into_iter())
}

/// What locals of a file take of one that Terragrunt reads, by the text before: `space = local.env.locals.space`, then `local.space`; `env =
/// read_terragrunt_config(…).locals`, then `local.env.space`.
///
/// Source: the Terragrunt documentation, `read_terragrunt_config`.
#[must_use]
pub fn of_read(path: &str, before: &str, written: &str) -> Option<Name> {
    const READING: &str = "read_terragrunt_config(";
    let given = |name: &str| {
        let assigned = |line: &'_ str| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == name).then(|| value.trim().to_owned())
        };
        before.lines().rev().find_map(assigned)
    };
    let read = |taken: &str| -> Option<Name> {
        let (local, beneath) = taken.strip_prefix("local.")?.split_once('.')?;
        let value = given(local).filter(|value| value.starts_with(READING))?;
        let beneath = match beneath.strip_prefix("locals.") {
            Some(beneath) => beneath,
            None => Some(beneath).filter(|_| value.ends_with(").locals"))?,
        };
        named(Space::Read, beneath.split('.'))
    };
    if !is_terraform(path) || !before.contains(READING) {
        return None;
    }
    let own = written.strip_prefix("local.").filter(|name| !name.contains('.'));
    own.map_or_else(|| read(written), |own| read(&given(own)?))
}

/// `local.m[KEY].x`, `var.m[KEY]["x"]`, `lookup(local.m, KEY)`, `each.value.x` beneath a `for_each = local.m`.
fn of_terraform(written: &str, before: &str) -> Option<Name> {
    if let Some(rest) = written.strip_prefix("each.value") {
        let each = before.rsplit("for_each").next().filter(|rest| rest.len() < before.len())?;
        let map = each.trim_start().strip_prefix('=')?.lines().next()?.trim();
        return joined(&format!("{map}.{ANY}"), rest);
    }
    if let Some(inner) = written.strip_prefix("lookup(").and_then(|inner| inner.strip_suffix(')')) {
        let mut arguments = inner.split(',');
        let (map, key) = (arguments.next()?.trim(), arguments.next()?.trim());
        return joined(&keyed(map, key)?, "");
    }
    let (map, rest) = written.split_once('[')?;
    let (key, rest) = rest.split_once(']')?;
    joined(&keyed(map, key.trim())?, rest)
}

/// A map and which of its keys is taken; any, where only running would tell.
fn keyed(map: &str, key: &str) -> Option<String> {
    let key = match key.strip_prefix('"').and_then(|key| key.strip_suffix('"')) {
        Some(written) => written,
        None => is_variable(key).then_some(ANY)?,
    };
    Some(format!("{map}.{key}"))
}

/// The name of a map with its key, and what is taken beneath.
fn joined(map: &str, rest: &str) -> Option<Name> {
    let (space, map) = map.split_once('.')?;
    let space = match space {
        "var" => Space::Variable,
        "local" => Space::Local,
        _ => return None,
    };
    let rest = rest.replace("[\"", ".").replace("\"]", "");
    let steps = map.split('.').chain(rest.split('.').skip(1));
    named(space, steps)
}

/// `index .Values.m .Values.env "x"`, `get .Values.m .Values.env`, `pluck .Values.env .Values.m | first`, `(index .Values.m .Values.env).x`.
fn of_helm(inner: &str) -> Option<Name> {
    let (call, mut filters) =
        inner.split_once('|').map_or((inner, ""), |(call, rest)| (call, rest));
    let (call, beneath) = match call.trim().strip_prefix('(') {
        Some(inner) => inner.split_once(')')?,
        None => (call.trim(), ""),
    };
    let words: Vec<&str> = call.split_whitespace().collect();
    let (key, map, more) = match words.as_slice() {
        ["index" | "get", map, key, more @ ..] => (key, map, more),
        ["pluck", key, map] => {
            filters = filters.trim_start().strip_prefix("first")?;
            (key, map, &[][..])
        }
        _ => return None,
    };
    let keeps =
        |filter: &str| matches!(filter.trim(), "" | "quote" | "squote" | "toString" | "trim");
    let is_kept = filters.split('|').all(keeps);
    let map = map
        .trim_start_matches('$')
        .strip_prefix(".Values.")
        .filter(|_| is_kept && is_variable(key))?;
    let more = more.iter().map(|key| key.trim_matches('"'));
    named(
        Space::Values,
        map.split('.').chain([ANY]).chain(more).chain(beneath.trim().split('.').skip(1)),
    )
}

/// Whether a key is what only running would tell.
fn is_variable(key: &str) -> bool {
    let key = key.trim_start_matches('$');
    key.contains('.') && !key.contains(['"', '\'', ' ', '('])
}

fn named<'s>(space: Space, steps: impl Iterator<Item = &'s str>) -> Option<Name> {
    let path: Vec<String> = steps.map(str::to_owned).collect();
    let is_key = |key: &String| {
        let is_of_key = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
        key == ANY || !key.is_empty() && key.chars().all(is_of_key)
    };
    path.iter().all(is_key).then_some(Name { space, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_of_a_map_is_any_of_its_keys() {
        let shown = |path: &str, text: &str, written: &str| {
            name(path, text, written).map(|name| name.shown())
        };
        let each = "resource \"x\" \"y\" {\n  for_each = local.shops\n  a = ";
        for (written, expected) in [
            ("local.spaces[terraform.workspace]", Some("local.spaces.*")),
            ("var.shops[var.env].data_space", Some("var.shops.*.data_space")),
            ("local.a.b[local.env][\"x\"]", Some("local.a.b.*.x")),
            ("\"${local.spaces[var.env]}\"", Some("local.spaces.*")),
            ("lookup(local.spaces, terraform.workspace, \"\")", Some("local.spaces.*")),
            ("each.value.data_space", Some("local.shops.*.data_space")),
            ("each.value[\"data_space\"]", Some("local.shops.*.data_space")),
            ("each.value", Some("local.shops.*")),
            ("local.spaces[\"prod\"]", Some("local.spaces.prod")),
            ("local.shops[\"prod\"].data_space", Some("local.shops.prod.data_space")),
            ("lookup(local.spaces, \"prod\", \"\")", Some("local.spaces.prod")),
            ("local.list[0]", None),
            ("data.x.y[var.env]", None),
            ("each.key", None),
        ] {
            assert_eq!(shown("main.tf", each, written).as_deref(), expected, "{written}");
        }
        assert_eq!(shown("main.tf", "a = ", "each.value.x"), None);
        let locals = "locals {\n  env = read_terragrunt_config(find_in_parent_folders(\"env.hcl\"))\n  \
            all = read_terragrunt_config(\"env.hcl\").locals\n  space = local.env.locals.saas_space\n  id = local.all.id\n  other = local.space\n}\n";
        for (written, expected) in [
            ("local.env.locals.saas_space", Some("locals.saas_space")),
            ("local.all.saas.space", Some("locals.saas.space")),
            ("local.space", Some("locals.saas_space")),
            ("local.id", Some("locals.id")),
            ("local.env.saas_space", None),
            ("local.other", None),
        ] {
            let read = of_read("terragrunt.hcl", locals, written).map(|name| name.shown());
            assert_eq!(read.as_deref(), expected, "{written}");
        }
        for (written, expected) in [
            ("{{ index .Values.spaces .Values.env }}", Some(".Values.spaces.*")),
            (
                "{{ index .Values.shops .Values.env \"space\" | quote }}",
                Some(".Values.shops.*.space"),
            ),
            ("{{- (index $.Values.shops $.Values.env).space -}}", Some(".Values.shops.*.space")),
            ("{{ get .Values.spaces .Release.Namespace }}", Some(".Values.spaces.*")),
            (
                "{{ pluck .Values.werf.env .Values.a.spaces | first | quote }}",
                Some(".Values.a.spaces.*"),
            ),
            ("{{ spaces[env] }}", Some("spaces.*")),
            ("{{ shops[inventory_hostname].space | quote }}", Some("shops.*.space")),
            ("{{ spaces.get(deploy_env) }}", Some("spaces.*")),
            ("{{ spaces[group_names[0]].space }}", Some("spaces.*.space")),
            ("{{ spaces[0] }}", None),
            ("{{ spaces['prod'] }}", None),
            ("{{ hostvars[inventory_hostname].space }}", None),
            ("{{ index .Values.spaces \"prod\" }}", None),
            ("{{ index .Values.spaces .Values.env | upper }}", None),
            ("{{ .Values.a }}", None),
        ] {
            assert_eq!(shown("templates/a.yaml", "", written).as_deref(), expected, "{written}");
        }
    }
}
