//! What the statements of all languages share.

use super::parser::Parser;
use super::tree::{Expression, Statement, Test, What};

impl Parser<'_> {
    /// Reads statements up to where they end, which is left; what is none is stepped over.
    pub fn statements(
        &mut self,
        is_over: &dyn Fn(&mut Self) -> bool,
        read: fn(&mut Self) -> Vec<Statement>,
    ) -> Vec<Statement> {
        let mut found = Vec::new();
        loop {
            self.lines();
            if self.is_end() || is_over(self) {
                return found;
            }
            let before = self.at;
            match self.within(read) {
                Some(read) => found.extend(read),
                None => self.skip_line(),
            }
            if self.at == before {
                self.bump();
            }
        }
    }
}

/// What assignments give: names their values, and variables of the environment.
pub fn assigned(targets: Vec<Expression>, value: &Expression) -> Vec<Statement> {
    let mut found = Vec::new();
    let several = match (&value.what, targets.len()) {
        (What::List(items), count) if count > 1 && items.len() == count => items.clone(),
        _ => Vec::new(),
    };
    let names: Vec<&str> = targets.iter().filter_map(Expression::name).collect();
    // `a, b = b, a`: all values are read before any is given.
    let is_mixed = |value: &Expression| names.iter().any(|name| value.mentions(name));
    let several: Vec<Expression> = if several.iter().any(is_mixed) {
        several.iter().map(|value| Expression::unknown(value.at.clone())).collect()
    } else {
        several
    };
    for (number, target) in targets.into_iter().enumerate() {
        let value = several.get(number).unwrap_or(value).clone();
        match target.what {
            What::Name(name) => found.push(Statement::Assign(name, value)),
            What::Item(map, key) => match (&map.what, key.plain()) {
                (What::Name(name), Some(variable)) if is_environment(name) => {
                    found.push(Statement::Export(variable, key.at, value));
                }
                _ => {
                    // One item of a map is another now.
                    let at = map.at.clone();
                    found.push(Statement::Value(value));
                    let root = map.root().map(str::to_owned);
                    let changed = root.map(|name| Statement::Assign(name, Expression::unknown(at)));
                    found.extend(changed);
                }
            },
            _ => found.push(Statement::Value(value)),
        }
    }
    found
}

/// Whether a name is that of the variables of the environment.
///
/// Sources: the Python documentation, `os.environ`; the Ruby documentation, `ENV`.
fn is_environment(name: &str) -> bool {
    matches!(name, "os.environ" | "environ" | "ENV")
}

/// For what an arm behind a condition is.
pub fn test_of(condition: &Expression) -> Test {
    if let What::Test(test) = &condition.what { test.clone() } else { Test::Unknown }
}

/// Lets a name have the value of a block.
pub fn assign_last(body: &mut [Statement], name: &str) {
    let Some(last) = body.last_mut() else { return };
    match last {
        Statement::Value(value) => *last = Statement::Assign(name.to_owned(), value.clone()),
        Statement::Branch(arms) => {
            for arm in arms {
                assign_last(&mut arm.body, name);
            }
        }
        Statement::Block(body) => assign_last(body, name),
        _ => {}
    }
}
