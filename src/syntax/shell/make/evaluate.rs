//! A makefile as make reads it, given its words: what its variables hold in the end, and which rules there are.
//!
//! What an undecided condition assigns is unknown behind it, and so is everything behind a file that is taken in and is not of the tree. Sources:
//! the GNU Make manual, *How make Reads a Makefile*, *Target-specific Variable Values*.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::functions::{is_empty, matched, words};
use super::statements::{Assign, How, Statement, Test, statements};
use super::values::{Context, Held, Raw, Scope, Value, Variable, joined};
use crate::source::SourceId;
use crate::syntax::shell::files::Files;
use crate::syntax::shell::runs::symbol::Piece;

/// A makefile, and the files of the tree that it can take in.
#[derive(Clone, Copy)]
pub struct File<'a> {
    pub id: SourceId,
    pub text: &'a str,
    pub files: Option<&'a Files>,
}

/// A rule with its recipe.
#[derive(Clone, Debug, Default)]
pub struct Rule<'a> {
    pub targets: Vec<String>,
    /// What its targets must match, where it says that beside them.
    pub pattern: Option<String>,
    pub before: Vec<String>,
    pub lines: Vec<Raw<'a>>,
}

/// What a target has alone.
#[derive(Clone, Debug)]
pub struct Own<'a> {
    /// The target, or a pattern of several.
    pub target: String,
    name: String,
    how: How,
    value: Raw<'a>,
    is_override: bool,
}

/// What make knows when it begins to run recipes.
#[derive(Default)]
pub struct Made<'a> {
    pub scope: Scope<'a>,
    pub rules: Vec<Rule<'a>>,
    pub own: Vec<Own<'a>>,
    pub exported: BTreeSet<String>,
    /// The special targets that it has, which change how recipes are run.
    pub special: BTreeSet<&'static str>,
    pub phony: Vec<String>,
    /// Whether make ends with an error.
    pub is_dead: bool,
    /// Whether there may be other rules and recipes than those that are known.
    pub is_open: bool,
    /// The makefile itself.
    pub file: Option<File<'a>>,
    depth: usize,
}

/// The special target that gives one shell to all lines of a recipe, and the one that exports every variable.
pub const ONE_SHELL: &str = ".ONESHELL";
pub const EXPORTS_ALL: &str = ".EXPORT_ALL_VARIABLES";

/// How deep files and templates stand in each other.
const MAX_DEPTH: usize = 8;

/// Reads a makefile with what make is given.
pub fn evaluated<'a>(file: File<'a>, scope: Scope<'a>) -> Made<'a> {
    let mut made = Made { scope, file: Some(file), ..Made::default() };
    let whole = Raw { id: file.id, start: 0, text: file.text, arguments: None, is_doubled: false };
    made.read(&whole, &Context::default());
    made
}

impl<'a> Made<'a> {
    /// Reads a part of a makefile, or of a file that it takes in.
    pub fn read(&mut self, unit: &Raw<'a>, context: &Context<'a>) {
        let cost = self.scope.spent.get() + unit.text.len();
        self.scope.spent.set(cost);
        if self.depth >= MAX_DEPTH || self.scope.is_spent() {
            self.is_open = true;
            return;
        }
        self.depth += 1;
        match statements(unit.text, 0..unit.text.len()) {
            Some(statements) => self.run(unit, &statements, context),
            None => self.is_open = true,
        }
        self.depth -= 1;
    }

    fn run(&mut self, unit: &Raw<'a>, statements: &[Statement], context: &Context<'a>) {
        for statement in statements {
            match statement {
                Statement::Assign(assign) => self.assign(unit, assign, context),
                Statement::Export(names) => {
                    let names = self.scope.expand(&unit.part(names.clone()), context);
                    let names = names.and_then(|names| names.known()).unwrap_or_default();
                    self.special.extend(names.trim().is_empty().then_some(EXPORTS_ALL));
                    self.exported.extend(words(&names).into_iter().map(str::to_owned));
                }
                Statement::Rule { targets, pattern, before } => {
                    self.rule(unit, targets, pattern.as_ref(), before, context);
                }
                Statement::Recipe(line) => {
                    if let Some(rule) = self.rules.last_mut() {
                        rule.lines.push(unit.part(line.clone()));
                    }
                }
                Statement::Include(files) => self.include(&unit.part(files.clone()), context),
                Statement::Expand(line) => self.template(&unit.part(line.clone()), context),
                Statement::If(arms) => {
                    let mut known = Some(false);
                    let mut open: Vec<&[Statement]> = Vec::new();
                    for arm in arms {
                        let test = match &arm.test {
                            Some(test) => self.test(unit, test, context),
                            None => Some(true),
                        };
                        if test == Some(false) {
                            continue;
                        }
                        known = test;
                        if test.is_some() || !ends(unit, &arm.body) {
                            open.push(&arm.body);
                        }
                        if test == Some(true) {
                            break;
                        }
                    }
                    match open.as_slice() {
                        [only] if known == Some(true) => {
                            self.run(unit, only, context);
                        }
                        _ => self.undecided(unit, &open, context),
                    }
                }
            }
        }
    }

    /// Reads arms of which at most one is read.
    fn undecided(&mut self, unit: &Raw<'a>, arms: &[&[Statement]], context: &Context<'a>) {
        let is_dead = self.is_dead;
        for arm in arms {
            self.run(unit, arm, context);
            let mut names = Vec::new();
            self.is_open |= !assigned(arm, &mut names);
            for name in names {
                let name = unit.part(name).text.to_owned();
                let unknown = Variable { held: Held::Unknown, is_firm: false };
                self.scope.variables.insert(name, unknown);
            }
        }
        self.is_dead = is_dead;
    }

    fn test(&self, unit: &Raw<'a>, test: &Test, context: &Context<'a>) -> Option<bool> {
        let context = &Context { is_asked: true, ..context.clone() };
        let (is, is_negated) = match test {
            Test::Defined { is_negated, name } => {
                let name = unit.part(name.clone());
                let name = self.scope.expand(&name, context)?.known()?;
                let value = self.scope.lookup(&name, unit, context)?;
                (!self.is_nothing(&value)?, *is_negated)
            }
            Test::Equal { is_negated, sides: [left, right] } => {
                let left = self.scope.expand(&unit.part(left.clone()), context)?;
                let right = self.scope.expand(&unit.part(right.clone()), context)?;
                let is = match (left.known(), right.known()) {
                    (Some(left), Some(right)) => left == right,
                    (Some(word), None) => self.is(&right, &word)?,
                    (None, Some(word)) => self.is(&left, &word)?,
                    (None, None) => return None,
                };
                (is, *is_negated)
            }
        };
        Some(is != is_negated)
    }

    fn is(&self, value: &Value, word: &str) -> Option<bool> {
        if word.is_empty() {
            return self.is_nothing(value);
        }
        let symbol = Some(value.pieces.clone());
        self.scope.compared.borrow_mut().is(&symbol, word, word)
    }

    /// Whether a value is empty. What is given or not is asked for by its name.
    fn is_nothing(&self, value: &Value) -> Option<bool> {
        let [Piece::Input(input)] = value.pieces.as_slice() else { return is_empty(value) };
        let word = input.to_ascii_lowercase();
        let is = self.scope.compared.borrow_mut().is(&Some(value.pieces.clone()), &word, input);
        is.map(|is| !is)
    }

    fn assign(&mut self, unit: &Raw<'a>, assign: &Assign, context: &Context<'a>) {
        let name = self.scope.expand(&unit.part(assign.name.clone()), context);
        let Some(name) = name.and_then(|name| name.known()) else {
            self.is_open = true;
            return;
        };
        if assign.is_exported {
            self.exported.insert(name.clone());
        }
        let (how, value) = (assign.how, unit.part(assign.value.clone()));
        let is_override = assign.is_override;
        let Some(targets) = &assign.targets else {
            let before = self.scope.variables.get(&name).cloned();
            let after = self.after(before, how, &value, context, is_override);
            self.scope.variables.insert(name, after);
            return;
        };
        let targets = self.scope.expand(&unit.part(targets.clone()), context);
        let Some(targets) = targets.and_then(|targets| targets.known()) else {
            self.is_open = true;
            return;
        };
        for target in words(&targets) {
            let (target, name, value) = (target.to_owned(), name.clone(), value.clone());
            self.own.push(Own { target, name, how, value, is_override });
        }
    }

    /// What a variable holds behind an assignment.
    fn after(
        &self,
        before: Option<Variable<'a>>,
        how: How,
        value: &Raw<'a>,
        context: &Context<'a>,
        is_firm: bool,
    ) -> Variable<'a> {
        if before.as_ref().is_some_and(|before| before.is_firm) && !is_firm {
            return before.unwrap_or(Variable { held: Held::Unknown, is_firm });
        }
        let simple = || self.scope.expand(value, context).map_or(Held::Unknown, Held::Simple);
        let held = match (how, before.map(|before| before.held)) {
            (How::Recursive, _) | (How::Append, None) => Held::Recursive(vec![value.clone()]),
            (How::Simple, _) => simple(),
            (How::Default, None | Some(Held::Default)) => Held::Default,
            (How::Default, Some(held)) => held,
            (How::Append, Some(Held::Recursive(mut texts))) => {
                texts.push(value.clone());
                Held::Recursive(texts)
            }
            (How::Append, Some(Held::Simple(before))) => match simple() {
                Held::Simple(more) => {
                    joined(vec![before, Value::text(" "), more]).map_or(Held::Unknown, Held::Simple)
                }
                _ => Held::Unknown,
            },
            (How::Append | How::Shell, _) => Held::Unknown,
        };
        Variable { held, is_firm }
    }

    fn rule(
        &mut self,
        unit: &Raw<'a>,
        targets: &Range<usize>,
        pattern: Option<&Range<usize>>,
        before: &Range<usize>,
        context: &Context<'a>,
    ) {
        let expand =
            |range: &Range<usize>| self.scope.expand(&unit.part(range.clone()), context)?.known();
        let list = |text: &str| words(text).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let written = unit.part(before.clone());
        let (before, inline) = match written.text.split_once(';') {
            Some((before, inline)) => (before, Some(written.within(inline.trim_start()))),
            None => (written.text, None),
        };
        let before = self.scope.expand(&written.within(before), context);
        let before = before.and_then(|before| before.known()).unwrap_or_default();
        let Some(targets) = expand(targets) else {
            self.is_open = true;
            self.rules.push(Rule::default());
            return;
        };
        let pattern = pattern.and_then(expand).map(|pattern| pattern.trim().to_owned());
        match targets.trim() {
            ".PHONY" => self.phony.extend(list(&before)),
            ".ONESHELL" => drop(self.special.insert(ONE_SHELL)),
            ".EXPORT_ALL_VARIABLES" => drop(self.special.insert(EXPORTS_ALL)),
            _ => {}
        }
        let (targets, before) = (list(&targets), list(before.trim_start_matches('|')));
        let lines = inline.into_iter().collect();
        self.rules.push(Rule { targets, pattern, before, lines });
    }

    /// The variables of a target beside those of all, and of what depends on it.
    pub fn context(&self, target: &str, stem: &Value, above: &Context<'a>) -> Context<'a> {
        let mut context = above.clone();
        context.locals = BTreeMap::from([("*".to_owned(), stem.clone())]);
        for own in &self.own {
            let is_own = matched(&own.target, target).is_some();
            if !is_own {
                continue;
            }
            let before = context.own.get(&own.name).or(self.scope.variables.get(&own.name));
            // `$*` is that of the target which the variable is given for.
            let how = if own.value.text.contains("$*") { How::Simple } else { own.how };
            let after = self.after(before.cloned(), how, &own.value, &context, own.is_override);
            context.own.insert(own.name.clone(), after);
        }
        context
    }
}

/// Whether an arm ends with an error.
fn ends(unit: &Raw<'_>, arm: &[Statement]) -> bool {
    arm.iter().any(|statement| match statement {
        Statement::Expand(line) => {
            let text = unit.text.get(line.clone()).unwrap_or_default();
            text.starts_with("$(error") || text.starts_with("${error")
        }
        _ => false,
    })
}

/// The names that statements assign for all; says whether they do nothing else.
fn assigned(statements: &[Statement], names: &mut Vec<Range<usize>>) -> bool {
    statements.iter().all(|statement| match statement {
        Statement::Assign(assign) if assign.targets.is_none() => {
            names.push(assign.name.clone());
            true
        }
        Statement::If(arms) => {
            let all: Vec<bool> = arms.iter().map(|arm| assigned(&arm.body, names)).collect();
            all.into_iter().all(|is| is)
        }
        Statement::Export(_) | Statement::Expand(_) => true,
        _ => false,
    })
}
