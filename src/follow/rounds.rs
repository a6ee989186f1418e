//! What a task of Ansible's takes from each item of the list or the map that it is done for: `{{ item.data_space }}` beneath `loop: "{{ shops }}"`.
//!
//! Sources: the Ansible documentation, *Loops* (`loop`, `with_items`, `with_dict`, `loop_control`), *Using filters to manipulate data*
//! (`dict2items`).

use super::names::{Name, Space};
use super::rename::{ANY, Wanted};
use crate::resolve::conventions::extension;
use crate::source::{Source, SourceId, Span};
use crate::syntax::yaml::Yaml;
use crate::syntax::{Format as _, Node};

/// The keys of a task that say for what it is done again.
const LOOPS: [&str; 5] = ["loop", "with_items", "with_list", "with_dict", "with_flattened"];

/// What stands for an item where the task calls it nothing else.
const ITEM: &str = "item";

/// The key at which a task says what it calls an item.
const CALLED: &str = "loop_var";

/// The name of what a hole at a place takes from each item of its task's loop: a key of each item of a list or a map by its name, of a list that
/// is written there beneath [`ANY`].
#[must_use]
pub fn name(source: &Source, span: Span, written: &str) -> Option<Name> {
    let written = written.trim().trim_matches(['"', '\'']).trim();
    let inner = written.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let taken = inner.split('|').next()?.trim().replace("['", ".").replace("']", "");
    if extension(source.path()) != "yaml" || !LOOPS.iter().any(|key| source.text().contains(key)) {
        return None;
    }
    let mut steps = taken.split('.');
    let first = steps
        .next()
        .filter(|first| *first == ITEM || source.text().contains(&format!("{CALLED}: {first}")))?;
    let parsed = Yaml.parse(SourceId(0), source.text());
    let task = parsed.documents.iter().find_map(|document| task_at(document, span))?;
    let (key, items) = items_of(task)?;
    (first == variable_of(task)).then_some(())?;
    let steps: Vec<&str> = steps.collect();
    let is_part = |part: &&str| {
        let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
        !part.is_empty() && part.chars().all(is_of_name)
    };
    if !steps.iter().all(is_part) {
        return None;
    }
    let named = |above: &[&str], steps: &[&str]| {
        let path = above.iter().chain(&[ANY]).chain(steps).map(|step| (*step).to_owned());
        Name { space: Space::Play, path: path.collect() }
    };
    if !items.items().is_empty() || !items.entries().is_empty() {
        let steps = steps.strip_prefix(&["value"]).filter(|_| key == "with_dict").unwrap_or(&steps);
        return (!steps.is_empty()).then(|| named(&[], steps));
    }
    let looped = source.slice(items.at.span).trim_matches(['"', '\'']).trim();
    let looped = looped.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let (list, filters) = looped.split_once('|').unwrap_or((looped, ""));
    let filters: Vec<&str> = filters.split('|').map(str::trim).collect();
    let is_map = key == "with_dict" || filters == ["dict2items"];
    let is_kept = |filter: &&str| matches!(*filter, "" | "list" | "flatten" | "flatten(levels=1)");
    let above: Vec<&str> = list.trim().split('.').collect();
    let is_plain = above.iter().all(is_part) && (is_map || filters.iter().all(is_kept));
    let steps = if is_map { steps.strip_prefix(&["value"])? } else { &steps };
    (is_plain && (is_map || !steps.is_empty())).then(|| named(&above, steps))
}

/// Looks in each item that stands in the loop of the task at a place.
pub fn want_items(
    wanted: &mut Wanted,
    (number, at): (usize, Span),
    document: &Node,
    steps: &[String],
) {
    let Some((_, items)) = task_at(document, at).and_then(items_of) else { return };
    let of_map = items.entries().iter().map(|entry| &entry.value);
    for item in items.items().iter().chain(of_map) {
        wanted.want_in(item, steps, number);
    }
}

/// The innermost mapping around a place that is done again for each of several.
fn task_at(node: &Node, span: Span) -> Option<&Node> {
    if !span.within(node.at.span) {
        return None;
    }
    let beneath = node.entries().iter().map(|entry| &entry.value).chain(node.items());
    let inner = beneath.filter(|inner| span.within(inner.at.span)).find_map(|it| task_at(it, span));
    inner.or_else(|| items_of(node).map(|_| node))
}

/// The key of a task's loop, and what it goes through.
fn items_of(task: &Node) -> Option<(&'static str, &Node)> {
    LOOPS.iter().find_map(|key| Some((*key, task.get(key)?)))
}

/// What a task calls an item.
fn variable_of(task: &Node) -> &str {
    let named = task.get("loop_control").and_then(|control| control.get(CALLED));
    named.and_then(Node::as_str).unwrap_or(ITEM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_one_of_what_its_task_goes_through() {
        let of = |task: &str, hole: &str| {
            let text = format!("- lineinfile: {{path: x}}\n  line: \"{hole}\"\n{task}");
            let at = text.find(hole).expect("it stands there");
            let source = Source::new("tasks/main.yml".to_owned(), text.clone().into_bytes());
            name(&source, Span::new(at, at + hole.len()), hole).map(|name| name.path.join("."))
        };
        for (task, hole, expected) in [
            ("  loop: \"{{ shops }}\"\n", "{{ item.space }}", Some("shops.*.space")),
            ("  with_items: '{{ a.b }}'\n", "{{ item['space'] }}", Some("a.b.*.space")),
            ("  with_dict: \"{{ shops }}\"\n", "{{ item.value.space }}", Some("shops.*.space")),
            ("  loop: \"{{ shops | dict2items }}\"\n", "{{ item.value }}", Some("shops.*")),
            ("  loop: [{space: x}]\n", "{{ item.space }}", Some("*.space")),
            (
                "  loop: \"{{ shops }}\"\n  loop_control: {loop_var: shop}\n",
                "{{ shop.space }}",
                Some("shops.*.space"),
            ),
            ("  loop: \"{{ shops }}\"\n", "{{ space }}", None),
            ("  loop: \"{{ shops }}\"\n", "{{ item }}", None),
            ("  loop: \"{{ shops | selectattr('x') }}\"\n", "{{ item.space }}", None),
            ("  when: x\n", "{{ item.space }}", None),
        ] {
            assert_eq!(of(task, hole).as_deref(), expected, "{task}{hole}");
        }
    }
}
