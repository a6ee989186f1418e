//! Commands that put one value into a store: the parameters of AWS, the variables and secrets of GitHub's and GitLab's environments.
//!
//! Sources: the AWS CLI reference, `put-parameter`; the GitHub CLI manual, `gh variable set`, `gh secret set`; the GitLab CLI documentation,
//! `glab variable set`.

use super::programs::program;
use super::reader::Reader;
use crate::model::setting::{Carrier, Setting, Value};
use crate::recognise::Said;
use crate::recognise::document::variable;
use crate::syntax::Node;

impl Reader<'_> {
    /// Reads `gh variable set CONFIG__… --env production --body …` and `glab variable set CONFIG__… … --scope production`.
    pub(super) fn set_variable(&mut self, words: &[Node]) {
        let at = words.iter().position(|word| matches!(program(word), "gh" | "glab"));
        let Some([tool, store, set, given @ ..]) = at.and_then(|at| words.get(at..)) else {
            return;
        };
        let is_store = store.as_str().is_some_and(|store| matches!(store, "variable" | "secret"));
        if !is_store || !set.as_str().is_some_and(|set| matches!(set, "set" | "update" | "create"))
        {
            return;
        }
        let is_github = program(tool) == "gh";
        let ((named, n), (valued, v)) = if is_github {
            (("env", "-e"), ("body", "-b"))
        } else {
            (("scope", "-s"), ("value", "-v"))
        };
        let found = given
            .iter()
            .enumerate()
            .find_map(|(at, word)| Some((at, word, word.as_str().and_then(variable)?)));
        let Some((at, name, (parameter, scope))) = found else { return };
        let is_option = |word: &&Node| word.as_str().is_some_and(|word| word.starts_with('-'));
        let behind = given.get(at + 1).filter(|word| !is_github && !is_option(word));
        let environment = self.option_of(given, named, n);
        let given = self.option_of(given, valued, v).or_else(|| behind.cloned());
        let (value, at) =
            given.map_or((Value::Reference, name.at), |value| self.value(parameter, &value));
        let carrier = Carrier::Environment;
        let setting = Setting { parameter, scope, carrier, value, at, key_at: name.at };
        let said = environment.map(|environment| {
            let environment = environment.as_str().unwrap_or(Said::COMPUTED).to_owned();
            Said { how: Said::KEYS, names: vec![Said::ENVIRONMENT.to_owned(), environment] }
        });
        self.add(Some(setting), said);
    }

    /// Reads `aws ssm put-parameter --name /shop/prod/CONFIG__… --value …`.
    pub(super) fn put_parameter(&mut self, words: &[Node]) {
        if !words.iter().any(|word| word.as_str() == Some("put-parameter")) {
            return;
        }
        let Some(name) = self.option_of(words, "name", "") else { return };
        let path: Vec<String> =
            name.as_str().unwrap_or_default().split('/').map(str::to_owned).collect();
        let Some((parameter, scope)) = path.last().and_then(|last| variable(last)) else { return };
        let (value, at) = self
            .option_of(words, "value", "")
            .map_or((Value::Reference, name.at), |value| self.value(parameter, &value));
        let carrier = Carrier::Environment;
        let setting = Setting { parameter, scope, carrier, value, at, key_at: name.at };
        // A store of parameters has folders.
        let mut names = self.said.as_ref().map_or_else(Vec::new, |said| said.names.clone());
        names.extend(
            path.iter().filter(|part| !part.is_empty()).map(|part| part.to_ascii_lowercase()),
        );
        names.pop();
        let said = (!names.is_empty()).then_some(Said { how: Said::KEYS, names });
        self.add(Some(setting), said);
    }

    /// The value of an option by its long name, or by its short one where it has one.
    fn option_of(&self, words: &[Node], long: &str, short: &str) -> Option<Node> {
        let mut pairs = words.iter().enumerate();
        pairs.find_map(|(at, word)| {
            let next = words.get(at + 1);
            let is_short = !short.is_empty() && word.as_str() == Some(short);
            if is_short { next.cloned() } else { self.option_value(long, word, next) }
        })
    }
}
