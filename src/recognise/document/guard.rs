//! For what alone a job, a step or a task runs: `if: github.ref == 'refs/heads/main'`, `when: env == "production"`.
//!
//! Only a comparison with one text of what says where something is deployed: a branch, an input, a variable, a group of hosts. Of several
//! that "or" joins, nobody knows which one holds.
//!
//! Sources: the GitHub documentation, *Contexts reference*, *Evaluate expressions in workflows and actions*; the Azure Pipelines documentation,
//! *Specify conditions*; the Ansible documentation, *Conditionals*, *Special Variables*; the Woodpecker documentation, *Workflow syntax* (`when`);
//! the `CircleCI` documentation, *Logic statements*.

use crate::recognise::Said;
use crate::syntax::Node;

/// How a mapping is for a word: as it ([`Said::CASE`]), or for any other ([`Said::OTHERWISE`]).
pub type Guard<'n> = (&'static str, &'n str);

/// The contexts of GitHub's expressions that say what is deployed where; who asked for it, and what went before, is none.
const OF_GITHUB: [&str; 8] = [
    "github.ref",
    "github.ref_name",
    "github.base_ref",
    "github.head_ref",
    "github.event.inputs.",
    "inputs.",
    "matrix.",
    "env.",
];

/// The one word that a mapping is for; none where it says none, or several.
#[must_use]
pub fn guard(node: &Node) -> Option<Guard<'_>> {
    let has = |keys: &[&str]| keys.iter().any(|key| node.get(key).is_some());
    let text = |key: &str| node.get(key).and_then(Node::as_str);
    if has(&["run", "uses", "steps"])
        && let Some(condition) = text("if")
    {
        return joined(condition, "&&", "||", of_github);
    }
    if has(&["script", "bash", "pwsh", "task", "steps", "jobs"])
        && let Some(condition) = text("condition")
    {
        return of_azure(condition);
    }
    if node.get("script").is_some()
        && let Some(guard) = of_gitlab(node)
    {
        return Some(guard);
    }
    let when = node.get("when")?;
    if let Some(equal) = when.get("condition").and_then(|of| of.get("equal")) {
        return of_circle(equal.items());
    }
    let listed = if let [only] = when.items() { only } else { when };
    if let Some(branch) = listed.get("branch") {
        let branch = if let [only] = branch.items() { only } else { branch };
        return branch.as_str().filter(|word| is_word(word)).map(|word| (Said::CASE, word));
    }
    // Of a list, all hold.
    let conditions =
        if when.items().is_empty() { std::slice::from_ref(when) } else { when.items() };
    conditions.iter().filter_map(Node::as_str).find_map(|one| joined(one, " and ", " or ", of_play))
}

/// The first of the comparisons that "and" joins which says something.
fn joined<'n>(
    text: &'n str,
    and: &str,
    or: &str,
    read: impl Fn(&'n str) -> Option<Guard<'n>>,
) -> Option<Guard<'n>> {
    let text = text.trim();
    let inner = text.strip_prefix("${{").and_then(|inner| inner.strip_suffix("}}"));
    let text = inner.unwrap_or(text);
    if text.contains(or) {
        return None;
    }
    text.split(and).find_map(|one| read(one.trim_matches(['(', ')', ' ', '\n'])))
}

/// `github.ref == 'refs/heads/main'`.
fn of_github(comparison: &str) -> Option<Guard<'_>> {
    compared(comparison, |asked| {
        OF_GITHUB.iter().any(|context| match context.strip_suffix('.') {
            Some(_) => asked.starts_with(context),
            None => asked == *context,
        })
    })
}

/// `env == "production"`, `'production' in group_names`, `inventory_hostname in groups['production']`.
fn of_play(comparison: &str) -> Option<Guard<'_>> {
    let is_negated = comparison.contains(" not in ");
    let how = if is_negated { Said::OTHERWISE } else { Said::CASE };
    let word = if is_negated { " not in " } else { " in " };
    if let Some((left, right)) = comparison.split_once(word) {
        let named = match right.trim() {
            "group_names" => left,
            right if left.trim() == "inventory_hostname" => {
                let key = right.strip_prefix("groups")?;
                key.trim_start_matches(['.', '[']).trim_end_matches(']')
            }
            _ => return None,
        };
        let word = named.trim().trim_matches(['"', '\'']);
        return Some((how, word)).filter(|_| is_word(word));
    }
    // Facts of a machine and items of a loop say nothing of what is deployed.
    compared(comparison, |asked| {
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.');
        asked.chars().all(is_name) && !asked.starts_with("ansible_") && !asked.starts_with("item")
    })
}

/// A comparison of what is asked for with a text in quotes.
fn compared(comparison: &str, is_asked: impl Fn(&str) -> bool) -> Option<Guard<'_>> {
    // `=~ /^main$/` is one word.
    if let Some((asked, pattern)) = comparison.split_once("=~") {
        let word = pattern.trim().strip_prefix("/^")?.strip_suffix("$/")?;
        return (is_asked(asked.trim()) && is_word(word) && !word.contains('.'))
            .then_some((Said::CASE, word));
    }
    let (how, sides) = match comparison.split_once("==") {
        Some(sides) => (Said::CASE, sides),
        None => (Said::OTHERWISE, comparison.split_once("!=")?),
    };
    let quoted = |side: &'_ str| {
        let side = side.trim();
        let quote = side.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        let inner = side.len().checked_sub(1).filter(|end| side.ends_with(quote) && *end > 0)?;
        Some((1, inner))
    };
    let pairs = [(sides.0.trim(), sides.1.trim()), (sides.1.trim(), sides.0.trim())];
    pairs.into_iter().find_map(|(asked, text)| {
        let (start, end) = quoted(text)?;
        let word = text.get(start..end)?;
        let word = word.strip_prefix("refs/heads/").unwrap_or(word);
        (is_asked(asked) && is_word(word)).then_some((how, word))
    })
}

/// `and(succeeded(), eq(variables['Build.SourceBranchName'], 'main'))`.
fn of_azure(text: &str) -> Option<Guard<'_>> {
    if text.contains("or(") {
        return None;
    }
    let mut places = text.match_indices("eq(").chain(text.match_indices("ne("));
    places.find_map(|(at, name)| {
        let inner = text.get(at + 3..)?;
        let (asked, rest) = inner.split_once(',')?;
        let word = rest.split_once(')')?.0.trim().strip_prefix('\'')?.strip_suffix('\'')?;
        let word = word.strip_prefix("refs/heads/").unwrap_or(word);
        let is_asked = asked.contains("SourceBranch") || asked.contains("parameters");
        let how = if name == "eq(" { Said::CASE } else { Said::OTHERWISE };
        (is_asked && is_word(word)).then_some((how, word))
    })
}

/// `only: [main]`, `rules: [{if: '$CI_COMMIT_BRANCH == "main"'}]`, where they name one branch.
fn of_gitlab(job: &Node) -> Option<Guard<'_>> {
    if let Some(only) = job.get("only") {
        let refs = only.get("refs").unwrap_or(only);
        let [one] = refs.items() else { return None };
        return one.as_str().filter(|word| is_word(word)).map(|word| (Said::CASE, word));
    }
    let is_never = |rule: &&Node| rule.get("when").and_then(Node::as_str) == Some("never");
    let mut rules = job.get("rules")?.items().iter().filter(|rule| !is_never(rule));
    let (rule, None) = (rules.next()?, rules.next()) else { return None };
    // What started a pipeline says nothing of where it deploys.
    let asks = |asked: &str| {
        let started = ["$CI_PIPELINE_SOURCE", "$CI_MERGE_REQUEST", "$CI_COMMIT_MESSAGE"];
        asked.starts_with('$') && !started.iter().any(|name| asked.starts_with(name))
    };
    joined(rule.get("if")?.as_str()?, "&&", "||", |one| compared(one, asks))
}

/// `equal: [main, << pipeline.git.branch >>]`.
fn of_circle(operands: &[Node]) -> Option<Guard<'_>> {
    let texts: Vec<&str> = operands.iter().filter_map(Node::as_str).collect();
    let [one, other] = texts.as_slice() else { return None };
    let is_asked = |text: &str| text.contains("git.branch") || text.contains("parameters.");
    let word = match (is_asked(one), is_asked(other)) {
        (true, false) => other,
        (false, true) => one,
        _ => return None,
    };
    Some((Said::CASE, *word)).filter(|_| is_word(word))
}

/// Whether a text can be the name of a branch, an environment or a shop.
fn is_word(text: &str) -> bool {
    let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    let has_letters = text.chars().any(|letter| letter.is_ascii_alphabetic());
    has_letters && text.chars().all(is_of_word) && !matches!(text, "true" | "false")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::syntax::Format as _;
    use crate::syntax::yaml::Yaml;

    #[test]
    fn a_comparison_says_for_what_something_runs() {
        let case = |word: &str| Some(format!("{} {word}", Said::CASE));
        let otherwise = |word: &str| Some(format!("{} {word}", Said::OTHERWISE));
        for (text, expected) in [
            ("run: x\nif: github.ref == 'refs/heads/main'", case("main")),
            ("run: x\nif: ${{ github.ref_name == 'uat' && success() }}", case("uat")),
            ("run: x\nif: \"'uat' == inputs.target\"", case("uat")),
            ("uses: x\nif: github.event.inputs.env != 'uat'", otherwise("uat")),
            ("run: x\nif: github.event_name == 'push'", None),
            ("run: x\nif: inputs.dry == 'true'", None),
            ("run: x\nif: inputs.a == 'b' || inputs.a == 'c'", None),
            ("if: github.ref == 'refs/heads/main'", None),
            (
                "script: x\ncondition: and(succeeded(), eq(variables['Build.SourceBranchName'], 'uat'))",
                case("uat"),
            ),
            (
                "script: x\ncondition: ne(variables['Build.SourceBranch'], 'refs/heads/uat')",
                otherwise("uat"),
            ),
            ("script: x\ncondition: or(eq(parameters.a, 'b'), failed())", None),
            ("command: x\nwhen: env == 'uat'", case("uat")),
            ("command: x\nwhen: [a is defined, \"env != 'uat'\"]", otherwise("uat")),
            ("command: x\nwhen: \"'uat' in group_names\"", case("uat")),
            ("command: x\nwhen: \"'uat' not in group_names\"", otherwise("uat")),
            ("command: x\nwhen: inventory_hostname in groups['uat']", case("uat")),
            ("command: x\nwhen: ansible_os_family == 'Debian'", None),
            ("command: x\nwhen: item.name == 'a'", None),
            ("command: x\nwhen: result.rc == 0", None),
            ("commands: [x]\nwhen: {branch: uat}", case("uat")),
            ("commands: [x]\nwhen: [{branch: [uat], event: push}]", case("uat")),
            ("commands: [x]\nwhen: {branch: [uat, main]}", None),
            (
                "steps: [x]\nwhen: {condition: {equal: [uat, << pipeline.git.branch >>]}}",
                case("uat"),
            ),
        ] {
            let parsed = Yaml.parse(SourceId(0), text);
            let found = parsed.documents.first().and_then(guard);
            assert_eq!(found.map(|(how, word)| format!("{how} {word}")), expected, "{text}");
        }
    }
}
