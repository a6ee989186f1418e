//! What make does for a target: its recipe, and what its prerequisites do otherwise than for themselves, as scripts.
//!
//! What a goal's prerequisites do is theirs, unless the goal gives them other variables. Sources: the GNU Make manual, *Target-specific Variable
//! Values*, *Pattern Rules*, *Static Pattern Rules*, *Recursive Use of make*.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::evaluate::{EXPORTS_ALL, Made, ONE_SHELL, Rule, evaluated};
use super::functions::{matched, words};
use super::recipes;
use super::statements::{PREFIXES, split};
use super::values::{Context, Held, Raw, Scope, Value};
use crate::source::{Source, SourceId};
use crate::syntax::shell::mask::Mask;
use crate::syntax::shell::runs::Ran;
use crate::syntax::shell::runs::conditions::Compared;
use crate::syntax::shell::runs::symbol::Piece;
use crate::syntax::shell::variables::Variables;

/// How deep make runs make.
const MAX_DEPTH: usize = 3;

/// What make can be told to make.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Goal {
    pub name: String,
    /// What the pattern of its rule leaves open.
    pub stem: Option<String>,
}

impl Goal {
    /// Whether its name is known.
    pub fn is_whole(&self) -> bool {
        !self.name.contains('%')
    }
}

/// What a goal does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub scripts: Vec<Ran>,
    /// The targets that it gives variables.
    pub handed: Vec<String>,
    /// Whether something is not known that it may be given.
    pub is_unresolved: bool,
}

/// What make can be told to make: the targets of rules, and what matches their patterns.
pub fn goals(made: &Made<'_>) -> Vec<Goal> {
    let is_plain = |name: &&String| !name.starts_with('.') || name.len() > 1 && is_file(name);
    let targets = made.rules.iter().flat_map(|rule| &rule.targets);
    let before = made.rules.iter().flat_map(|rule| &rule.before).chain(&made.phony);
    let owners = made.own.iter().map(|own| &own.target);
    let mut names: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for name in targets.chain(before).chain(owners).filter(is_plain) {
        if !name.contains('%') && seen.insert(name.clone()) {
            names.push(name.clone());
        }
    }
    let mut goals: Vec<Goal> = Vec::new();
    let mut matching: BTreeSet<&String> = BTreeSet::new();
    for name in names {
        let Some((rule, stem)) = made.rule_of(&name) else { continue };
        matching.extend(rule.targets.iter().filter(|target| target.contains('%')));
        goals.push(Goal { name, stem: Some(stem).filter(|stem| !stem.is_empty()) });
    }
    let patterns =
        made.rules.iter().filter(|rule| !rule.lines.is_empty() && rule.pattern.is_none());
    let patterns = patterns.flat_map(|rule| &rule.targets);
    for pattern in patterns.filter(|target| target.contains('%') && !matching.contains(target)) {
        goals.push(Goal { name: pattern.clone(), stem: None });
    }
    goals
}

/// Whether a target that begins with a dot is a file: special targets are written in capitals.
fn is_file(name: &str) -> bool {
    name.chars().any(|letter| letter.is_ascii_lowercase())
}

impl<'a> Made<'a> {
    /// The rule whose recipe makes a target, and the stem of its pattern.
    fn rule_of(&self, name: &str) -> Option<(&Rule<'a>, String)> {
        let with_recipe = || self.rules.iter().filter(|rule| !rule.lines.is_empty());
        let own = with_recipe().rfind(|rule| rule.targets.iter().any(|target| target == name));
        if let Some(rule) = own {
            let stem = rule.pattern.as_ref().and_then(|pattern| matched(pattern, name));
            return Some((rule, stem.unwrap_or_default().to_owned()));
        }
        let pattern = with_recipe().filter(|rule| rule.pattern.is_none()).find_map(|rule| {
            let mut patterns = rule.targets.iter().filter(|target| target.contains('%'));
            let stem = patterns.find_map(|target| matched(target, name))?;
            Some((rule, stem.to_owned()))
        });
        let is_known = self.rules.iter().any(|rule| rule.targets.iter().any(|one| one == name));
        let empty = || self.rules.iter().find(|rule| rule.targets.iter().any(|one| one == name));
        pattern.or_else(|| Some((empty().filter(|_| is_known)?, String::new())))
    }

    /// What make does for a goal.
    pub fn script(&self, goal: &Goal, depth: usize) -> Done {
        let mut done = Done::default();
        let mut seen = BTreeSet::new();
        self.dependent(&goal.name, &Context::default(), &mut seen, &mut done);
        let rule = self.rule_of(&goal.name).map(|(rule, stem)| (rule, Value::text(stem)));
        let open = || {
            let rule = self.rules.iter().find(|rule| rule.targets.contains(&goal.name))?;
            Some((rule, Value::input("*")))
        };
        let is_open = !goal.is_whole();
        let Some((rule, stem)) = (if is_open { open() } else { rule }) else { return done };
        let stem = match (is_open, self.scope.words.get("*")) {
            (true, Some(word)) => Value::text(word.as_str()),
            _ => stem,
        };
        let context = self.named(&goal.name, &stem, &Context::default());
        self.recipe(rule, &context, depth, &mut done);
        done
    }

    /// What a target's recipe is expanded with.
    fn named(&self, name: &str, stem: &Value, above: &Context<'a>) -> Context<'a> {
        let mut context = self.context(name, stem, above);
        let target = match name.split_once('%') {
            Some((before, behind)) => {
                let text = |text: &str| Piece::Text(text.to_owned());
                let mut pieces = vec![text(before)];
                pieces.extend(stem.pieces.clone());
                pieces.push(text(behind));
                Value { pieces, at: None }
            }
            None => Value::text(name),
        };
        context.locals.insert("@".to_owned(), target);
        context
    }

    /// What the prerequisites of a target do otherwise than for themselves.
    fn dependent(
        &self,
        name: &str,
        above: &Context<'a>,
        seen: &mut BTreeSet<String>,
        done: &mut Done,
    ) {
        let stem = self.rule_of(name).map(|(_, stem)| stem).unwrap_or_default();
        let context = self.context(name, &Value::text(stem), above);
        if context.own.is_empty() {
            return;
        }
        let rules = self.rules.iter().filter(|rule| {
            let mut targets = rule.targets.iter();
            targets.any(|target| matched(target, name).is_some())
        });
        let before: Vec<&String> = rules.flat_map(|rule| &rule.before).collect();
        for target in before {
            if seen.len() > 32 || !seen.insert(target.clone()) {
                continue;
            }
            self.dependent(target, &context, seen, done);
            let Some((rule, stem)) = self.rule_of(target) else { continue };
            let stem = Value::text(stem);
            let (mut with, mut alone) = (Done::default(), Done::default());
            self.recipe(rule, &self.named(target, &stem, &context), 0, &mut with);
            let own = Context { is_alone: true, ..Context::default() };
            self.recipe(rule, &self.named(target, &stem, &own), 0, &mut alone);
            if with.scripts != alone.scripts {
                done.handed.extend(alone.is_unresolved.then(|| target.clone()));
                done.handed.append(&mut with.handed);
                done.scripts.append(&mut with.scripts);
                done.is_unresolved |= with.is_unresolved;
            }
        }
    }

    /// Adds the scripts of a rule's recipe.
    fn recipe(&self, rule: &Rule<'a>, context: &Context<'a>, depth: usize, done: &mut Done) {
        let mut lines: Vec<Raw<'a>> = Vec::new();
        for line in &rule.lines {
            if let Some(body) = self.body(line, context) {
                self.shell(&std::mem::take(&mut lines), context, done);
                self.shell(&body, context, done);
            } else if let Some((goal, given)) = self.made_again(line, context) {
                self.shell(&std::mem::take(&mut lines), context, done);
                self.again(&goal, given, depth, done);
            } else {
                lines.push(line.clone());
            }
        }
        self.shell(&lines, context, done);
    }

    /// The lines of a definition, where a line of a recipe is nothing but its expansion.
    fn body(&self, line: &Raw<'a>, context: &Context<'a>) -> Option<Vec<Raw<'a>>> {
        let written = line.text.trim();
        let inside = written.strip_prefix("$(")?.strip_suffix(')')?;
        let called = inside.strip_prefix("call ").unwrap_or(inside);
        let parts = split(called, ',');
        let name = parts.first()?.trim();
        let Held::Recursive(texts) =
            &context.own.get(name).or(self.scope.variables.get(name))?.held
        else {
            return None;
        };
        let [body] = texts.as_slice() else { return None };
        let arguments: Option<Vec<Value>> =
            parts.iter().map(|part| self.scope.expand(&line.within(part), context)).collect();
        let arguments = (inside.len() > called.len()).then_some(Rc::new(arguments?));
        let mut start = 0;
        let lines = body.text.split_inclusive('\n').map(|line| {
            let lead = line.len() - line.trim_start_matches(PREFIXES).len();
            let part = body.part(start + lead..start + line.len());
            start += line.len();
            Raw { arguments: arguments.clone().or(part.arguments.clone()), ..part }
        });
        Some(lines.collect())
    }

    /// The goal and the variables of a line that runs make on this makefile.
    fn made_again(
        &self,
        line: &Raw<'a>,
        context: &Context<'a>,
    ) -> Option<(String, BTreeMap<String, Value>)> {
        let rest = line.text.trim();
        let rest =
            ["$(MAKE)", "${MAKE}", "make"].iter().find_map(|word| rest.strip_prefix(word))?;
        let rest = rest.strip_prefix([' ', '\t'])?;
        if rest.contains([';', '&', '|', '\n', '\\']) {
            return None;
        }
        let (mut goal, mut given) = (None, BTreeMap::new());
        for word in words(rest) {
            match word.split_once('=') {
                _ if matches!(word, "--no-print-directory" | "-s" | "--silent") => {}
                _ if word.starts_with('-') => return None,
                Some((name, value)) => {
                    let value = line.within(value.trim_matches(['"', '\'']));
                    let name = name.trim_end_matches(':').to_owned();
                    given.insert(name, self.scope.expand(&value, context)?);
                }
                None if goal.is_none() => {
                    goal = Some(self.scope.expand(&line.within(word), context)?.known()?);
                }
                None => return None,
            }
        }
        Some((goal?, given))
    }

    /// What make does when it is run again on this makefile.
    fn again(&self, goal: &str, given: BTreeMap<String, Value>, depth: usize, done: &mut Done) {
        let Some(file) = self.file.filter(|_| depth < MAX_DEPTH) else { return };
        let mut all = self.scope.given.clone();
        all.extend(given);
        let others = self.scope.compared.borrow().others.clone();
        let scope = Scope {
            given: all,
            words: self.scope.words.clone(),
            compared: Compared { others, ..Compared::default() }.into(),
            spent: self.scope.spent.clone(),
            ..Scope::default()
        };
        let made = evaluated(file, scope);
        self.scope.spent.set(made.scope.spent.get());
        if made.is_dead || made.is_open {
            return;
        }
        let goal = Goal { name: goal.to_owned(), stem: None };
        let mut more = made.script(&goal, depth + 1);
        let (before, is_unresolved) = self.alone(&goal);
        if more.scripts != before {
            done.handed.extend(is_unresolved.then_some(goal.name));
            done.handed.append(&mut more.handed);
            done.scripts.append(&mut more.scripts);
            done.is_unresolved |= more.is_unresolved;
        }
    }

    /// What a goal does where nothing gives it anything, and whether something is not known of it.
    fn alone(&self, goal: &Goal) -> (Vec<Ran>, bool) {
        let mut done = Done::default();
        if let Some((rule, stem)) = self.rule_of(&goal.name) {
            let own = Context { is_alone: true, ..Context::default() };
            let context = self.named(&goal.name, &Value::text(stem), &own);
            self.shell(&rule.lines, &context, &mut done);
        }
        (done.scripts, done.is_unresolved)
    }

    /// Adds the scripts of lines.
    fn shell(&self, lines: &[Raw<'a>], context: &Context<'a>, done: &mut Done) {
        let mut from = 0;
        while from < lines.len() {
            // Each line has a shell of its own, unless a makefile says otherwise.
            let same = lines.get(from..).unwrap_or_default().iter().enumerate();
            let is_next = |(index, line): &(usize, &Raw<'a>)| {
                let last = (from + index).checked_sub(1).and_then(|before| lines.get(before));
                let is_joined = |last: &Raw<'a>| {
                    (self.special.contains(ONE_SHELL)
                        || last.text.trim_end_matches(['\r', '\n']).ends_with('\\'))
                        && last.id == line.id
                        && last.start < line.start
                };
                *index == 0 || last.is_some_and(is_joined)
            };
            let count = same.take_while(is_next).count().max(1);
            let part = lines.get(from..from + count).unwrap_or_default();
            self.part(part, context, done);
            from += count;
        }
    }

    fn part(&self, lines: &[Raw<'a>], context: &Context<'a>, done: &mut Done) {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let (base, end) = (first.start, last.start + last.text.len());
        let Some(text) = self.text(first.id).and_then(|text| text.get(base..end)) else { return };
        let mut mask = Mask::of(text);
        let mut variables = Variables::with_places();
        let mut count = 0;
        self.scope.spent.set(self.scope.spent.get() + text.len());
        for line in lines {
            for hole in recipes::show(
                line.text,
                (line.start - base, line.is_doubled),
                &mut count,
                &mut mask,
            ) {
                let raw = line.part(hole.written);
                match self.scope.reference(&raw, context) {
                    Some(value) => {
                        let text = value.known().and_then(|text| literal(&text));
                        done.is_unresolved |= value.known().is_none();
                        if let Some(text) = text {
                            variables.assign_from(&hole.name, Some(&text), value.at);
                        }
                    }
                    None => done.is_unresolved = true,
                }
            }
        }
        let mut exported: Vec<String> = Vec::new();
        let known = self.scope.variables.keys().chain(context.own.keys());
        let known: BTreeSet<&String> = known.chain(&self.exported).collect();
        for name in known {
            if !self.special.contains(EXPORTS_ALL) && !self.exported.contains(name) {
                continue;
            }
            exported.push(name.clone());
            let raw =
                Raw { id: first.id, start: base, text: "", arguments: None, is_doubled: false };
            let value = self.scope.lookup(name, &raw, context);
            let text = value.as_ref().and_then(Value::known).and_then(|text| literal(&text));
            if let Some(text) = text {
                let at = value.and_then(|value| value.at);
                variables.assign_from(name, Some(&text), at);
            }
        }
        let text = mask.finish();
        done.scripts.push(Ran { id: Some(first.id), text, base, variables, exported });
    }

    fn text(&self, id: SourceId) -> Option<&'a str> {
        let file = self.file?;
        if file.id == id {
            return Some(file.text);
        }
        file.files?.get(id).map(Source::text)
    }
}

/// What a shell has of a text that make puts in its place; none where it would read more than a text.
fn literal(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = ['"', '\''].into_iter().find_map(|quote| {
        text.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !inner.contains(quote))
    });
    let bare = bare.unwrap_or(text);
    let is_plain = !bare.contains(['"', '\'', '\\', '$', '`', ';', '&', '|', '<', '>', '\n']);
    is_plain.then(|| bare.to_owned())
}
