//! What decides and what is decided: chains, `if` and `case`.

use std::ops::Range;

use super::arithmetic::assigned;
use super::symbol::{Flow, Piece, State, Symbol, symbol, text};
use super::test::either;
use super::tree::{Arm, Case, CaseArm, Kind, Sign, Statement};
use super::walk::Walk;

/// Commands that only ask.
const ASKING: [&str; 10] =
    ["[", "test", "true", "false", ":", "grep", "egrep", "fgrep", "expr", "return"];

/// How deep functions that only ask call others.
const MAX_ASKED: usize = 12;

impl<'t> Walk<'t> {
    pub(super) fn chain(
        &mut self,
        first: &'t Statement,
        more: &'t [(Sign, Range<usize>, Statement)],
        state: &mut State,
    ) -> Option<bool> {
        let mut status = self.statement(first, state, true);
        let mut start = first.at.start;
        // Whether what was run since then only asks.
        let mut asks = self.asks(first, state, 0);
        let mut is_chosen = false;
        for (sign, at, statement) in more {
            // `[ … ] && this || that`: what is chosen does what it is for.
            if is_chosen && status.is_none() && *sign == Sign::Or {
                status = Some(true);
            }
            is_chosen = status == Some(true) && *sign == Sign::And;
            let is_run = status.map(|is| is == (*sign == Sign::And));
            match is_run {
                Some(true) => {
                    // What decided is done; an assignment stays.
                    if asks {
                        self.mask(start..at.end, "");
                    } else {
                        self.mask(at.clone(), ";");
                    }
                    asks = self.asks(statement, state, 0);
                    status = self.statement(statement, state, true);
                    start = statement.at.start;
                }
                Some(false) => {
                    if asks {
                        self.mask(start..at.end, "");
                        start = at.end;
                    }
                    self.mask(at.start..statement.at.end, "");
                }
                None => {
                    let mut way = state.clone();
                    self.statement(statement, &mut way, false);
                    *state = State::merged(vec![std::mem::take(state), way]);
                    status = None;
                }
            }
            if state.flow != Flow::Next {
                break;
            }
        }
        status
    }

    /// Whether a statement only asks, and changes nothing: a test, or a function that is no more than tests.
    fn asks(&self, statement: &Statement, state: &State, depth: usize) -> bool {
        if depth > MAX_ASKED {
            return false;
        }
        let all = |list: &[Statement]| list.iter().all(|one| self.asks(one, state, depth + 1));
        match &statement.kind {
            Kind::Test(_) => true,
            Kind::Arithmetic => assigned(self.slice(&statement.at)).is_empty(),
            Kind::Not(inner) => self.asks(inner, state, depth + 1),
            Kind::Group(list) | Kind::Subshell(list) => all(list),
            Kind::Pipe(parts) => parts.split_last().is_some_and(|(last, before)| {
                let says = |one: &Statement| {
                    let text = self.slice(&one.at);
                    text.starts_with("echo ") || text.starts_with("printf ")
                };
                self.asks(last, state, depth + 1) && before.iter().all(says)
            }),
            Kind::Chain(first, more) => {
                self.asks(first, state, depth + 1)
                    && more.iter().all(|(_, _, one)| self.asks(one, state, depth + 1))
            }
            Kind::If(arms, _) => arms
                .iter()
                .all(|arm| arm.asked.as_ref().is_none_or(|asked| all(asked)) && all(&arm.body)),
            Kind::Case(case) => case.arms.iter().all(|arm| all(&arm.body)),
            Kind::Loop(..) | Kind::Function(..) => false,
            Kind::Command(words) => {
                let first = words.first().map(|word| self.slice(word)).unwrap_or_default();
                match first {
                    name if ASKING.contains(&name) => true,
                    name if name.contains('$') => {
                        let said = text(&symbol(name, state));
                        said.is_some_and(|said| matches!(said.as_str(), "true" | "false" | ":"))
                    }
                    name => {
                        self.function(name).is_some_and(|body| self.asks(body, state, depth + 1))
                    }
                }
            }
        }
    }

    pub(super) fn branches(
        &mut self,
        arms: &'t [Arm],
        end: &Range<usize>,
        state: &mut State,
    ) -> Option<bool> {
        let mut ways: Vec<State> = Vec::new();
        let mut is_open = true;
        // What it comes to where one arm is certain.
        let mut status = None;
        // Whether an arm stands that may be run.
        let mut has_arm = false;
        for arm in arms {
            if !is_open {
                self.mask(arm.keyword.start..arm.end, "");
                continue;
            }
            let is_run = match &arm.asked {
                Some(asked) => self.list(asked, state),
                None => Some(true),
            };
            match is_run {
                Some(false) => self.mask(arm.keyword.start..arm.end, ""),
                Some(true) if !has_arm => {
                    self.mask(arm.keyword.start..arm.then.end, "");
                    status = self.list(&arm.body, state);
                    ways.push(std::mem::take(state));
                    is_open = false;
                }
                Some(true) => {
                    if arm.asked.is_some() {
                        self.mask(arm.keyword.start..arm.then.end, "else");
                    }
                    let mut way = state.clone();
                    self.list(&arm.body, &mut way);
                    ways.push(way);
                    is_open = false;
                }
                None => {
                    if !has_arm && self.slice(&arm.keyword) == "elif" {
                        self.mask(arm.keyword.clone(), "if");
                    }
                    has_arm = true;
                    let mut way = state.clone();
                    self.list(&arm.body, &mut way);
                    ways.push(way);
                }
            }
        }
        if !has_arm {
            self.mask(end.clone(), ";");
        }
        if is_open {
            ways.push(std::mem::take(state));
        }
        *state = State::merged(ways);
        status
    }

    pub(super) fn case(&mut self, case: &'t Case, state: &mut State) -> Option<bool> {
        let written = self.slice(&case.subject);
        let subject = symbol(written, state);
        let mut taken = Some(None);
        for (index, arm) in case.arms.iter().enumerate() {
            let mut matches = Some(false);
            for pattern in &arm.patterns {
                let pattern = self.slice(pattern);
                let one = self.compared.equals(&subject, pattern, written, state);
                matches = either(matches, one);
            }
            taken = match (taken, matches) {
                (Some(None), Some(true)) => Some(Some(index)),
                (Some(None), None) => None,
                (known, _) => known,
            };
        }
        // `*` is for what is none of the words: which one that is, only a run says.
        let is_told = text(&subject).is_some() || self.is_other(&subject);
        let Some(taken) = taken.filter(|_| is_told) else {
            let mut ways = Vec::new();
            for arm in &case.arms {
                let mut way = state.clone();
                self.list(&arm.body, &mut way);
                ways.push(way);
            }
            let is_all =
                |arm: &CaseArm| arm.patterns.iter().any(|pattern| self.slice(pattern) == "*");
            if !case.arms.iter().any(is_all) {
                ways.push(state.clone());
            }
            *state = State::merged(ways);
            return None;
        };
        let start = case.arms.first().map_or(case.end.start, |arm| arm.head.start);
        let word = self.text.get(..case.subject.start).and_then(|before| before.rfind("case"));
        self.mask(word.unwrap_or(case.subject.start)..start, "");
        // Where no arm is taken, it comes to nothing bad.
        let mut status = Some(true);
        for (index, arm) in case.arms.iter().enumerate() {
            if Some(index) == taken {
                self.mask(arm.head.clone(), "");
                status = self.list(&arm.body, state);
                self.mask(arm.end.clone(), ";");
            } else {
                self.mask(arm.head.start..arm.end.end, "");
            }
        }
        self.mask(case.end.clone(), ";");
        status
    }

    pub(super) fn is_other(&self, symbol: &Symbol) -> bool {
        match symbol.as_deref() {
            Some([Piece::Input(input)]) => self.compared.others.contains_key(input),
            _ => false,
        }
    }
}
