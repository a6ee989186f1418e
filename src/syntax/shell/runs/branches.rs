//! What decides and what is decided: chains, `if` and `case`.

use std::ops::Range;

use super::symbol::{Flow, Piece, State, Symbol, symbol, text};
use super::tree::{Arm, Case, CaseArm, Sign, Statement};
use super::walk::Walk;

impl<'t> Walk<'t> {
    pub(super) fn chain(
        &mut self,
        first: &'t Statement,
        more: &'t [(Sign, Range<usize>, Statement)],
        state: &mut State,
    ) -> Option<bool> {
        let mut status = self.statement(first, state, true);
        let mut start = first.at.start;
        for (sign, at, statement) in more {
            let is_run = status.map(|is| is == (*sign == Sign::And));
            match is_run {
                Some(true) => {
                    // What decided is done; an assignment stays.
                    if self.is_test(start..at.start) {
                        self.mask(start..at.end, "");
                    } else {
                        self.mask(at.clone(), ";");
                    }
                    status = self.statement(statement, state, true);
                    start = statement.at.start;
                }
                Some(false) => {
                    if self.is_test(start..at.start) {
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

    /// Whether a text is no more than a test.
    pub(super) fn is_test(&self, range: Range<usize>) -> bool {
        let text = self.slice(&range).trim_start_matches(['!', ' ']);
        ["[", "test ", "true", "false", ":"].iter().any(|word| text.starts_with(word))
    }

    pub(super) fn branches(
        &mut self,
        arms: &'t [Arm],
        end: &Range<usize>,
        state: &mut State,
    ) -> Option<bool> {
        let mut ways: Vec<State> = Vec::new();
        let mut is_open = true;
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
                    self.list(&arm.body, state);
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
        None
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
                matches = match (matches, one) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                };
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
        for (index, arm) in case.arms.iter().enumerate() {
            if Some(index) == taken {
                self.mask(arm.head.clone(), "");
                self.list(&arm.body, state);
                self.mask(arm.end.clone(), ";");
            } else {
                self.mask(arm.head.start..arm.end.end, "");
            }
        }
        self.mask(case.end.clone(), ";");
        None
    }

    pub(super) fn is_other(&self, symbol: &Symbol) -> bool {
        match symbol.as_deref() {
            Some([Piece::Input(input)]) => self.compared.others.contains_key(input),
            _ => false,
        }
    }
}
