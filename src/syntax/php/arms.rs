//! In which arms of a program its texts stand: `'production' => …`, `case 'staging':`, `if ($stage === 'production') {`, `$is ? … : …`.
//!
//! Read off the tokens, without running anything: what an arm is for is the text that it is compared with.
//!
//! Source: the PHP manual, *Control Structures*.

use std::collections::BTreeMap;

use super::lexer::{Kind, Lexer, Token};
use super::strings;

/// What an arm is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arm {
    /// These words.
    For(Vec<String>),
    /// All but these words.
    Otherwise(Vec<String>),
}

impl Arm {
    fn otherwise(self) -> Self {
        match self {
            Self::For(words) => Self::Otherwise(words),
            Self::Otherwise(words) => Self::For(words),
        }
    }
}

/// The arms around each text of a program that stands in some, by where the text starts, outermost first.
#[must_use]
pub fn arms(text: &str) -> BTreeMap<usize, Vec<Arm>> {
    let mut reader = Reader {
        text,
        outer: Vec::new(),
        top: Frame::default(),
        meant: BTreeMap::new(),
        waiting: None,
        last_if: None,
        found: BTreeMap::new(),
    };
    let mut lexer = Lexer::new(text, true);
    let mut before = [Kind::Eof, Kind::Eof];
    loop {
        let token = lexer.next();
        if token.kind == Kind::Eof || reader.found.len() > MOST {
            break;
        }
        reader.take(token, before);
        before = [before[1], token.kind];
    }
    reader.found
}

/// How many texts are told, and how deep brackets stand in each other.
const MOST: usize = 10_000;
const MAX_DEPTH: usize = 200;

/// What is open: a bracket, with what is known of the place in it.
#[derive(Clone, Debug, Default)]
struct Frame {
    /// What the bracket itself is for.
    own: Option<Arm>,
    /// The last `case`.
    case: Option<Arm>,
    /// The key of the element, or the branch of a conditional expression.
    element: Option<Arm>,
    /// The texts since the last comma or arrow, which may be keys; those that are compared.
    texts: Vec<String>,
    compared: Vec<String>,
    is_negated: bool,
    /// The word in front of the bracket, and the last one in it.
    head: String,
    word: String,
    /// The variable that a statement assigns.
    assigned: Option<String>,
    /// Whether a `case` is being read, and whether the last one has said nothing yet.
    in_case: bool,
    is_fresh: bool,
}

struct Reader<'t> {
    text: &'t str,
    outer: Vec<Frame>,
    top: Frame,
    /// What variables are compared with, where they hold whether something is so.
    meant: BTreeMap<String, Arm>,
    /// What the bracket or the colon that comes next is for.
    waiting: Option<Arm>,
    /// What the last `if` at each depth was for.
    last_if: Option<Arm>,
    found: BTreeMap<usize, Vec<Arm>>,
}

impl Reader<'_> {
    fn take(&mut self, token: Token, before: [Kind; 2]) {
        if !matches!(token.kind, Kind::Mark(b'{' | b':')) {
            self.waiting = None;
        }
        let written = self.text.get(token.start..token.end).unwrap_or_default();
        match token.kind {
            Kind::Text => self.text(token, written, before),
            Kind::Word => self.word(&written.to_ascii_lowercase()),
            Kind::Variable => self.variable(written, before[1]),
            Kind::Arrow => {
                let top = self.top();
                let is_default = top.word == "default";
                let keys = std::mem::take(&mut top.texts);
                top.compared.clear();
                top.element = match (keys.is_empty(), is_default) {
                    (true, true) => Some(Arm::Otherwise(Vec::new())),
                    (true, false) => None,
                    (false, _) => Some(Arm::For(keys)),
                };
                top.word.clear();
            }
            Kind::Operator => {
                if matches!(written, "!=" | "!==" | "<>") {
                    self.top().is_negated = true;
                }
            }
            // `?:` is no condition.
            Kind::Mark(b':') if before[1] == Kind::Mark(b'?') => self.top().element = None,
            Kind::Mark(mark) => self.mark(mark),
            _ => {}
        }
    }

    fn top(&mut self) -> &mut Frame {
        &mut self.top
    }

    fn text(&mut self, token: Token, written: &str, before: [Kind; 2]) {
        let arms: Vec<Arm> = self
            .outer
            .iter()
            .chain([&self.top])
            .flat_map(|frame| [&frame.own, &frame.case, &frame.element])
            .flatten()
            .cloned()
            .collect();
        let value = strings::value(written, token.closed);
        let top = self.top();
        if let Some(value) = value {
            // An index or the argument of a function is compared with nothing.
            let is_index = before[1] == Kind::Mark(b'[') && before[0] == Kind::Variable;
            let is_argument = before[1] == Kind::Mark(b'(')
                && before[0] == Kind::Word
                && !matches!(top.word.as_str(), "if" | "elseif");
            if !is_index && !is_argument && value.len() <= 64 {
                top.texts.push(value.clone());
                top.compared.push(value);
            }
        }
        top.is_fresh &= top.in_case;
        if !arms.is_empty() {
            self.found.insert(token.start, arms);
        }
    }

    fn word(&mut self, word: &str) {
        match word {
            "else" => {
                self.waiting = self.last_if.clone().map(Arm::otherwise);
            }
            "case" => {
                let top = self.top();
                (top.in_case, top.texts) = (true, Vec::new());
            }
            "break" | "return" => self.end_statement(),
            "endif" => self.top().case = None,
            _ => {}
        }
        let top = self.top();
        word.clone_into(&mut top.word);
    }

    fn variable(&mut self, name: &str, before: Kind) {
        let meant = self.meant.get(name).cloned();
        let top = self.top();
        if matches!(before, Kind::Mark(b';' | b'{' | b'}') | Kind::Eof | Kind::Html) {
            top.assigned = Some(name.to_owned());
        }
        if let Some(arm) = meant {
            let (words, is_negated) = match arm {
                Arm::For(words) => (words, false),
                Arm::Otherwise(words) => (words, true),
            };
            top.compared.extend(words);
            top.is_negated ^= is_negated;
        }
    }

    /// What the comparison that was read is for.
    fn compared(top: &mut Frame) -> Option<Arm> {
        let words = std::mem::take(&mut top.compared);
        let is_negated = std::mem::take(&mut top.is_negated);
        let arm = (!words.is_empty()).then_some(Arm::For(words))?;
        Some(if is_negated { arm.otherwise() } else { arm })
    }

    fn end_statement(&mut self) {
        let top = self.top();
        let arm = Self::compared(top);
        let assigned = top.assigned.take();
        (top.element, top.texts) = (None, Vec::new());
        if let Some((name, arm)) = assigned.zip(arm) {
            self.meant.insert(name, arm);
        }
    }

    fn mark(&mut self, mark: u8) {
        match mark {
            b'!' => self.top().is_negated ^= true,
            b'(' | b'[' | b'{' => {
                let word = self.top().word.clone();
                let own = if mark == b'{' { self.waiting.take() } else { None };
                if self.outer.len() < MAX_DEPTH {
                    let inner = Frame { own, head: word.clone(), word, ..Frame::default() };
                    self.outer.push(std::mem::replace(&mut self.top, inner));
                }
            }
            b')' | b']' | b'}' => self.close(mark),
            b',' => {
                let top = self.top();
                // Several keys of one arm stand before its arrow.
                if top.element.take().is_some() {
                    top.texts.clear();
                }
                top.compared.clear();
            }
            b'?' => {
                let top = self.top();
                let arm = Self::compared(top);
                if arm.is_some() {
                    top.element = arm;
                }
            }
            b':' => self.colon(),
            b';' => self.end_statement(),
            _ => {}
        }
    }

    fn colon(&mut self) {
        let top = &mut self.top;
        if std::mem::take(&mut top.in_case) {
            let mut words = std::mem::take(&mut top.texts);
            // `case 'uat': case 'staging':` are one arm.
            if top.is_fresh
                && let Some(Arm::For(known)) = top.case.take()
            {
                words.extend(known);
            }
            (top.case, top.is_fresh) = (Some(Arm::For(words)), true);
            top.compared.clear();
        } else if let Some(arm) = self.waiting.take() {
            // `if ($stage === 'production'):`
            top.case = Some(arm);
        } else if top.word == "default" {
            top.case = Some(Arm::Otherwise(Vec::new()));
            top.word.clear();
        } else if let Some(arm) = top.element.take() {
            top.element = Some(arm.otherwise());
        }
    }

    fn close(&mut self, mark: u8) {
        let Some(outer) = self.outer.pop() else { return };
        let mut closed = std::mem::replace(&mut self.top, outer);
        if mark == b')' {
            let arm = Self::compared(&mut closed);
            let is_condition = matches!(closed.head.as_str(), "if" | "elseif");
            let top = self.top();
            match arm {
                Some(arm) if is_condition => {
                    self.waiting = Some(arm.clone());
                    self.last_if = Some(arm);
                }
                // What stands in brackets is part of what is compared.
                Some(Arm::For(words)) if closed.head != "getenv" => top.compared.extend(words),
                _ => {}
            }
        } else if mark == b'}' {
            let top = self.top();
            (top.assigned, top.texts) = (None, Vec::new());
            top.compared.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, word: &str) -> Vec<Arm> {
        let text = format!("<?php\n{text}");
        let at = text.find(word).expect("it is there") - 1;
        arms(&text).remove(&at).unwrap_or_default()
    }

    fn words(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_text_is_told_the_words_that_its_arm_is_for() {
        let uat = Arm::For(words(&["uat"]));
        for text in [
            "$x = match ($env) { 'uat' => 'id', default => 'b' };",
            "$m = ['prod' => 'a', 'uat' => 'id'];",
            "switch ($env) { case 'prod': $x = 'a'; break; case 'uat': $x = 'id'; break; }",
            "if ($env === 'prod') { $x = 'a'; } elseif ($env == 'uat') { $x = 'id'; }",
            "$x = getenv('ENV') === 'uat' ? 'id' : 'b';",
            "$is = getenv('ENV') === 'uat'; $x = $is ? 'id' : 'b';",
            "$is = getenv('ENV') === 'uat'; return ['a' => ['b' => $is ? 'id' : 'b', 'c' => 'd']];",
            "if (($_SERVER['ENV'] ?? '') === 'uat') { $x = 'id'; }",
            "if (getenv('STAGE') === 'uat') { $x = ['a' => ['b' => 'id']]; }",
            "if (getenv('STAGE') === 'prod') { $x = ['a']; } elseif (getenv('STAGE') === 'uat') { $x = ['id']; }",
            "if ($env == 'prod'): $x = 'a'; elseif ($env == 'uat'): $x = 'id'; endif;",
        ] {
            let found = of(text, "id'");
            assert!(found.contains(&uat), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_stands_in_the_other_arm_is_for_all_but_its_words() {
        for text in [
            "if ($env === 'uat') { $x = 'a'; } else { $x = 'id'; }",
            "$x = $env === 'uat' ? 'a' : 'id';",
            "if ($env !== 'uat') { $x = 'id'; }",
        ] {
            let found = of(text, "id'");
            assert!(found.contains(&Arm::Otherwise(words(&["uat"]))), "{text}: {found:?}");
        }
        let found = of("$x = match ($env) { 'uat' => 'a', default => 'id' };", "id'");
        assert!(found.contains(&Arm::Otherwise(Vec::new())));
    }

    #[test]
    fn several_words_can_be_of_one_arm() {
        for text in [
            "$x = match ($env) { 'uat', 'qa' => 'id' };",
            "switch ($env) { case 'qa': case 'uat': $x = 'id'; }",
        ] {
            let is_both = |arm: &Arm| matches!(arm, Arm::For(words) if words.len() == 2);
            assert!(of(text, "id'").iter().any(is_both), "{text}");
        }
    }

    #[test]
    fn what_stands_in_none_is_told_nothing() {
        assert_eq!(of("if ($env === 'uat') $y = $z ? 'a' : 'b'; $x = 'id';", "id'"), Vec::new());
        assert_eq!(of("$x = getenv('X') ?: 'id';", "id'"), Vec::new());
        assert_eq!(of("if ($env === 'uat'): $y = 'a'; endif; $x = 'id';", "id'"), Vec::new());
        assert_eq!(of("$x = 'id'; if ($env === 'uat') { $y = 'a'; }", "id'"), Vec::new());
        assert_eq!(of("if ($env === 'uat') { $y = 'a'; } $x = 'id';", "id'"), Vec::new());
    }
}
