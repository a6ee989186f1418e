//! Links by which one environment would have another's file: none is followed, and where one says so is told.

use crate::discover::{Tree, aside};
use crate::model::inventory::Inventory;
use crate::read;
use crate::resolve::words::Words;
use crate::sources::Sources;

/// The most that a link can say, in bytes.
const LONGEST: u64 = 4096;

/// The most links that are told, one note each.
const MOST: usize = 5;

/// What a person should know of the links of a tree; untrusted text.
pub fn notes(
    tree: &Tree,
    excluded: &dyn Fn(&str) -> bool,
    now: &Inventory,
    sources: &Sources,
) -> Vec<String> {
    let links = tree.aside.links.iter().filter(|name| !excluded(name));
    let told = links.filter_map(|name| {
        let link = Words::of_path(name).environment?;
        let target = led_to(name, &target(tree, name)?)?;
        let other = Words::of_path(&target).environment?;
        if link.name == other.name {
            return None;
        }
        let within = format!("{target}/");
        let owner = now.instances.iter().find(|instance| {
            let mut own = instance.feeds.iter().filter(|feed| !feed.inherited);
            own.any(|feed| {
                let path = sources.path(feed.source);
                path == target || path.starts_with(&within)
            })
        })?;
        Some(format!(
            "`{name}` is a link to `{target}`, which `{}` has its settings from, and is not followed: if it is deployed as it is, both have one data space",
            owner.name
        ))
    });
    told.take(MOST).collect()
}

/// What a link says.
fn target(tree: &Tree, name: &str) -> Option<String> {
    let Some(repository) = &tree.repository else { return aside::target(tree, name) };
    let file = tree.aside.kept_links.iter().find(|file| file.name == name)?;
    read::kept_text(repository, file, LONGEST).ok()
}

/// The path that a link leads to, where that is in the tree.
fn led_to(link: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let folder = link.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_within_the_tree() {
        for (link, target, expected) in [
            ("staging/.env", "../production/.env", Some("production/.env")),
            ("staging", "./production/", Some("production")),
            ("staging/.env", "../../x", None),
            ("staging/.env", "/etc/x", None),
        ] {
            assert_eq!(led_to(link, target).as_deref(), expected, "{link}");
        }
    }
}
