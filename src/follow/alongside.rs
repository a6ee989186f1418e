//! What the arms of a pipeline or a script say of themselves beside a setting: `if main`, `TARGET=production`, `SPACE=…`, `else`,
//! `TARGET=staging`. A variable that every arm gives the name of another environment says which one each is for.
//!
//! An arm goes, by its indentation, from the line that asks to where something stands as far out as that line.

use std::collections::{BTreeMap, BTreeSet};

use crate::recognise::{Contribution, Recognised, Said};
use crate::resolve::words::bare_environment;
use crate::sources::Sources;

/// How far above a setting the line is looked for that asks, and how long an arm is at most, in lines.
const MOST_LINES: usize = 80;

/// The environments that a text gives variables, by these.
type Given = BTreeMap<String, String>;

/// Calls arms by the environments that they name.
pub fn name(sources: &Sources, recognised: &mut [Recognised]) {
    for found in recognised {
        let mut arms: BTreeMap<Vec<String>, Vec<(usize, Given)>> = BTreeMap::new();
        for (index, part) in found.contributions.iter().enumerate() {
            let Some((around, at)) = around(part).zip(part.settings.first().map(|one| one.at))
            else {
                continue;
            };
            let text = sources.get(at.source).map_or("", |source| source.text());
            let given = arm(text, at.span.start as usize).map(given).unwrap_or_default();
            arms.entry(around).or_default().push((index, given));
        }
        let says = |index: usize| found.contributions.get(index).is_some_and(says);
        let is_open = |arms: &[(usize, Given)]| !arms.iter().all(|(index, _)| says(*index));
        arms.retain(|_, arms| arms.len() > 1 && is_open(arms));
        for arms in arms.into_values() {
            let Some(variable) = telling(&arms) else { continue };
            for (index, given) in &arms {
                let names = found.contributions.get_mut(*index).and_then(|part| part.said.as_mut());
                if let Some((said, word)) = names.zip(given.get(&variable)) {
                    call(&mut said.names, word);
                }
            }
        }
    }
}

/// What stands around the arm of a part; none where it stands in no one arm.
fn around(part: &Contribution) -> Option<Vec<String>> {
    let names = &part.said.as_ref()?.names;
    let at = position(names)?;
    let rest = names.get(at + 2..)?;
    let is_same = |name: &&String| names.get(at) == Some(name);
    (position_of_arm(rest).is_none() && !rest.iter().any(|name| is_same(&name)))
        .then(|| names.iter().take(at).chain(rest).cloned().collect())
}

/// Whether a part stands in an arm whose word is an environment.
fn says(part: &Contribution) -> bool {
    let names = part.said.as_ref().map_or(&[][..], |said| &said.names);
    let word = position(names).and_then(|at| names.get(at + 1));
    word.is_some_and(|word| bare_environment(word).is_some())
}

/// Where the arm of a part is told: by its word, else by the branch that GitLab's rules give for its environment.
fn position(names: &[String]) -> Option<usize> {
    let of_rule = || names.iter().position(|name| name == Said::ENVIRONMENT);
    position_of_arm(names).or_else(of_rule)
}

fn position_of_arm(names: &[String]) -> Option<usize> {
    names.iter().position(|name| name == Said::CASE || name == Said::OTHERWISE)
}

/// Gives an arm another word.
fn call(names: &mut [String], word: &str) {
    let Some(at) = position(names) else { return };
    if let Some([how, own]) = names.get_mut(at..at + 2) {
        Said::CASE.clone_into(how);
        *own = word.to_ascii_lowercase();
    }
}

/// The first variable to which each of some arms gives an environment of its own.
fn telling(arms: &[(usize, Given)]) -> Option<String> {
    let (_, first) = arms.first()?;
    let tells = |variable: &&String| {
        let words: Option<BTreeSet<String>> = arms
            .iter()
            .map(|(_, given)| given.get(*variable).map(|word| word.to_ascii_lowercase()))
            .collect();
        words.is_some_and(|words| words.len() == arms.len())
    };
    first.keys().find(tells).cloned()
}

/// The text of the arm in which a place stands.
fn arm(text: &str, at: usize) -> Option<&str> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let mut outermost = indentation(text.get(start..)?.lines().next()?);
    let mut end = start;
    for _ in 0..MOST_LINES {
        let above = text.get(..end.checked_sub(1)?)?;
        let from = above.rfind('\n').map_or(0, |at| at + 1);
        let line = above.get(from..)?;
        let own = indentation(line);
        if !line.trim().is_empty() && own < outermost {
            outermost = own;
            if asks(line) {
                let body = text.get(end..)?;
                let is_over = |line: &&str| !line.trim().is_empty() && indentation(line) <= own;
                let lines = body.split_inclusive('\n').take(MOST_LINES);
                let length = lines.take_while(|line| !is_over(line)).map(str::len).sum();
                return body.get(..length);
            }
        }
        end = from;
    }
    None
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line begins an arm.
fn asks(line: &str) -> bool {
    let line = line.trim();
    let mut words = line.split(|letter: char| !letter.is_ascii_alphabetic());
    words.any(|word| matches!(word, "if" | "elif" | "elseif" | "else" | "case" | "then" | "when"))
        || line.ends_with(')')
}

/// The variables that a text gives the names of environments.
fn given(text: &str) -> Given {
    let mut found = Given::new();
    let mut named: Option<&str> = None;
    for line in text.lines() {
        let Some((name, value)) = assignment(line) else { continue };
        let before = named.take();
        if name == "name" && bare_environment(value).is_none() {
            named = Some(value);
            continue;
        }
        let name = before.filter(|_| name == "value").unwrap_or(name);
        if bare_environment(value).is_some() {
            found.insert(name.to_owned(), value.to_owned());
        }
    }
    found
}

/// `NAME=value`, `name: value`, `def name = 'value'`, `echo "NAME=value" >> "$GITHUB_ENV"`, `##vso[task.setvariable variable=NAME]value`.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    let (name, value) = if let Some((_, rest)) = line.split_once("setvariable variable=") {
        let (name, value) = rest.split_once(']')?;
        (name.split(';').next()?, value)
    } else {
        let (name, value) = line.split_once(['=', ':'])?;
        (name.trim().rsplit(|letter: char| !is_of_name(letter)).next()?, value)
    };
    let value = value.trim_start_matches([' ', '"', '\'']);
    let value = value.split(|letter: char| !is_of_name(letter)).next()?;
    (!name.is_empty() && !value.is_empty()).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arm_says_its_environment_in_a_variable() {
        for (text, expected) in [
            ("if x; then\n  T=production\n  S=id\nelse\n  T=staging\nfi\n", "T production"),
            ("if x; then\n  T=production\nelse\n  S=id\n  T=staging\nfi\n", "T staging"),
            ("  main)\n    S=id\n    export T='live' ;;\n  uat)\n    T=uat\n", "T live"),
            (
                "- ${{ if x }}:\n    - name: S\n      value: id\n    - name: T\n      value: uat\n- ${{ else }}:\n",
                "T uat",
            ),
            ("if (x) {\n  def t = 'uat'\n  s = 'id'\n} else {\n", "t uat"),
            ("- if: x\n  variables:\n    S: id\n    T: uat\n- if: y\n", "T uat"),
            ("if x\n  echo \"T=uat\" >> $GITHUB_ENV\n  echo S=id\nfi", "T uat"),
            (
                "if x\n  echo \"##vso[task.setvariable variable=T;isOutput=true]uat\"\n  echo S=id\nfi",
                "T uat",
            ),
            ("T=uat\nS=id\n", ""),
        ] {
            let at = text.find("id").expect("an id stands in it");
            let given = arm(text, at).map(given).unwrap_or_default();
            let shown: Vec<String> =
                given.iter().map(|(name, word)| format!("{name} {word}")).collect();
            assert_eq!(shown.join(", "), expected, "{text}");
        }
    }

    #[test]
    fn what_all_arms_give_alike_tells_nothing() {
        let given = |word: &str| Given::from([("M".to_owned(), word.to_owned())]);
        assert_eq!(telling(&[(0, given("production")), (1, given("production"))]), None);
        assert_eq!(telling(&[(0, given("production")), (1, given("uat"))]).as_deref(), Some("M"));
        assert_eq!(telling(&[(0, given("production")), (1, Given::new())]), None);
    }
}
