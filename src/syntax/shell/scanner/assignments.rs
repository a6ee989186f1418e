//! What commands do to a script's variables.

use super::fields::fields;
use super::state::Scanner;
use crate::source::Location;
use crate::syntax::shell::variables::Known;
use crate::syntax::shell::word::{FILLER, Word, name_length};

/// Commands that assign what their words say.
pub const ASSIGNING: [&str; 6] = ["export", "local", "readonly", "declare", "typeset", "ENV"];

impl Scanner<'_, '_> {
    /// Learns what the command does to the script's variables.
    pub(super) fn assign(&mut self, words: &[Word]) {
        let first = words.first().map(|word| word.text.as_str()).unwrap_or_default();
        if first == "case" {
            self.variables.open();
        }
        // `IFS= read -r NAME`, `builtin read NAME`.
        let is_before = |word: &&Word| {
            matches!(word.text.as_str(), "command" | "builtin" | "exec")
                || assignment(self.words.slice(word.at.clone())).is_some()
        };
        let own = words.get(words.iter().take_while(is_before).count()..).unwrap_or_default();
        if let Some((verb, rest)) = own.split_first() {
            let names = self.written_by(&verb.text, rest);
            for name in &names {
                self.variables.assign(name, None);
            }
            if verb.text == "read" {
                self.read_given(&names);
            }
            match verb.text.as_str() {
                // What a program says can assign anything; an agent of keys assigns its own.
                "eval" if !rest.iter().any(|word| self.is_of_agent(word)) => {
                    self.variables.forget_all();
                    return;
                }
                "shift" => {
                    self.shift(rest);
                    return;
                }
                "set"
                    if rest.first().is_some_and(|word| !word.text.starts_with(['-', '+']))
                        || rest.iter().any(|word| word.text == "--") =>
                {
                    self.shift(rest);
                    return;
                }
                _ if !names.is_empty() => return,
                _ => {}
            }
        }
        self.assign_items(words);
        let is_pure =
            words.iter().all(|word| assignment(self.words.slice(word.at.clone())).is_some());
        if first == "set"
            && words.iter().any(|word| matches!(word.text.as_str(), "-a" | "allexport"))
        {
            self.variables.export(None);
        }
        if !is_pure && !ASSIGNING.contains(&first) {
            return;
        }
        let exports = first == "export" || words.iter().any(|word| word.text == "-x");
        for word in words.iter().skip(1).filter(|_| exports) {
            let name = self.words.slice(word.at.clone());
            self.variables.export(Some(name.get(..name_length(name)).unwrap_or_default()));
        }
        // `export "$LINE"`: it can be any of them.
        let is_any = |word: &&Word| {
            let text = self.words.slice(word.at.clone());
            let bare = text.trim_start_matches(['"', '\'']);
            assignment(text).is_none() && bare.starts_with(['$', '`'])
        };
        if words.iter().skip(1).any(|word| is_any(&word)) {
            self.variables.forget_all();
            return;
        }
        for word in words {
            let written = self.words.slice(word.at.clone());
            // `export "NAME=value"`
            let bare = if is_pure { written } else { written.trim_start_matches(['"', '\'']) };
            let Some((name, is_added)) = assignment(bare) else {
                continue;
            };
            let value = word.text.split_once('=').map(|(_, value)| value);
            // Behind a command that may fail, it may keep what it has.
            let may_keep = self.is_behind && self.variables.get(name).is_some();
            let is_known = !word.is_unknown && !is_added && !self.is_chained && !may_keep;
            let own = || self.variables.keeps_places().then(|| self.given_at(word)).flatten();
            let origin = word.origin.or_else(own);
            self.variables.assign_from(name, value.filter(|_| is_known), origin);
        }
    }
}

impl Scanner<'_, '_> {
    /// Gives variables the fields of a text that `read` is given: `read -r a b <<< "$pair"`.
    fn read_given(&mut self, names: &[String]) {
        let Some(given) = self.given.take().filter(|given| !given.is_unknown) else { return };
        if self.is_chained {
            return;
        }
        let origin = given.origin.unwrap_or_else(|| self.place(&given));
        // Where the text is written as it is, its fields are parts of it.
        let is_whole = origin.span.range().len() == given.text.len();
        for (index, name) in names.iter().enumerate() {
            let range = fields(&given.text, " \t", names.len()).get(index).cloned();
            let text = range.clone().and_then(|range| given.text.get(range));
            let part = range.filter(|_| is_whole).map(|range| {
                let start = origin.span.start as usize;
                Location::new(origin.source, start + range.start, start + range.end)
            });
            self.variables.assign_from(name, Some(text.unwrap_or_default()), part.or(Some(origin)));
        }
    }

    /// The variables that a command writes to what only running it would tell.
    ///
    /// Source: the Bash manual, *Shell Builtin Commands*.
    fn written_by(&self, verb: &str, words: &[Word]) -> Vec<String> {
        let name = |word: &Word| {
            let text = self.words.slice(word.at.clone());
            let text = text.trim_start_matches(['"', '\'']);
            text.get(..name_length(text)).unwrap_or_default().to_owned()
        };
        let names: Vec<String> = match verb {
            "read" => {
                let options = words.iter().take_while(|word| word.text.starts_with('-')).count();
                words.iter().skip(options).map(name).collect()
            }
            "for" | "select" | "mapfile" | "readarray" | "getopts" | "unset" | "ARG"
            | "let" => words.iter().map(name).collect(),
            // Which one it is, an argument says.
            "printf" if words.windows(2).any(|two| matches!(two, [option, given] if option.text == "-v" && name(given).is_empty())) => {
                self.variables.names().map(str::to_owned).collect()
            }
            "printf" => {
                let given = words.windows(2).filter_map(|two| match two {
                    [option, given] if option.text == "-v" => Some(name(given)),
                    _ => None,
                });
                given.collect()
            }
            // Another name for a variable: what is written to it is written to that.
            "declare" | "local" | "typeset"
                if words
                    .iter()
                    .any(|word| word.text.starts_with('-') && word.text.contains('n')) =>
            {
                let both = words.iter().filter_map(|word| word.text.split_once('='));
                both.flat_map(|(name, other)| [name.to_owned(), other.to_owned()]).collect()
            }
            _ => Vec::new(),
        };
        names.into_iter().filter(|name| !name.is_empty()).collect()
    }

    /// Where in the file the text stands that a word assigns, where it is written there as it is.
    pub(super) fn given_at(&self, word: &Word) -> Option<Location> {
        let written = self.words.slice(word.at.clone());
        let (_, value) = written.split_once('=')?;
        let (_, text) = word.text.split_once('=')?;
        let start = word.at.start + written.len() - value.len() + value.find(text)?;
        let base = self.script.base;
        let at = Location::new(self.script.id, base + start, base + start + text.len());
        (!text.is_empty()).then_some(at)
    }

    /// Learns what a command gives a map: `SPACES[production]=…`.
    fn assign_items(&mut self, words: &[Word]) {
        for word in words {
            let written = self.words.slice(word.at.clone());
            let (name, rest) = written.split_at(name_length(written));
            let Some((key, _)) = rest.strip_prefix('[').and_then(|rest| rest.split_once("]="))
            else {
                continue;
            };
            let text = word.text.split_once("]=").map(|(_, text)| text.to_owned());
            let is_known = !word.is_unknown && !self.is_chained && !key.contains(['$', '`']);
            let origin = word.origin.or_else(|| self.given_at(word));
            let item = Known { text: text.filter(|_| is_known), origin };
            self.variables.assign_item(name, key.trim_matches(['"', '\'']), item);
        }
    }

    /// Whether a word is what an agent of keys says.
    fn is_of_agent(&self, word: &Word) -> bool {
        self.words.slice(word.at.clone()).contains("ssh-agent")
    }

    /// Moves the arguments on, or takes them for unknown.
    fn shift(&mut self, words: &[Word]) {
        let first = words.first().map_or("1", |word| word.text.as_str());
        let by = first.parse::<usize>().ok().filter(|_| words.len() < 2 && !self.is_chained);
        let all: Vec<Known> =
            (1..=9).map(|number: usize| self.variables.known(&number.to_string())).collect();
        for number in 1..=9_usize {
            let moved = by.and_then(|by| all.get(number + by - 1)).cloned().unwrap_or_default();
            let (text, origin) = (moved.text.as_deref(), moved.origin);
            self.variables.assign_from(&number.to_string(), text, origin);
        }
        let list = self.variables.list("$@").map(<[Known]>::to_vec);
        if let Some((by, list)) = by.zip(list) {
            self.variables.assign_list("@", list.into_iter().skip(by).collect());
        }
    }
}

/// The name that a word assigns, and whether it adds to what is there.
pub fn assignment(text: &str) -> Option<(&str, bool)> {
    let (name, rest) = text.split_at_checked(name_length(text))?;
    let rest = rest.trim_start_matches(FILLER);
    let is_added = rest.starts_with("+=");
    (!name.is_empty() && (rest.starts_with('=') || is_added)).then_some((name, is_added))
}

#[cfg(test)]
mod tests {
    use crate::source::SourceId;
    use crate::syntax::format_of;

    /// What the last word of a script is known to be.
    fn last_word(script: &str) -> Option<String> {
        let parsed = format_of("a.sh").expect("it is a script").parse(SourceId(0), script);
        let command = parsed.documents.first()?.items().last()?;
        command.items().last()?.as_str().map(str::to_owned)
    }

    #[test]
    fn what_a_command_writes_is_not_known_behind_it() {
        for writing in [
            "read -r ID < file",
            "IFS= read -r ID < file",
            "builtin read ID",
            "command read -r other ID",
            "printf -v ID '%s' \"$(vault read id)\"",
            "let ID=1",
            "declare -n other=ID; other=$(cat file)",
            "eval \"$(vault env)\"",
            "eval `vault env`",
            "eval \"ID=two\"",
            "export \"$LINE\"",
            "declare \"$NAME=$value\"",
            "printf -v \"$1\" x",
            "grep -q x f && ID=two",
            ". ./conf.sh",
            "source conf/$1.sh",
            "unset ID",
            "mapfile -t ID < file",
        ] {
            let script = format!("ID=one\n{writing}\nsay $ID\n");
            assert_eq!(last_word(&script), None, "{writing}");
        }
        for sound in [
            "eval \"$(ssh-agent -s)\"",
            "read -r ANSWER",
            "printf '%s' \"$ID\"",
            "printf -v OTHER '%s' x",
            "let other=1",
            "command -v php",
            "declare -r OTHER=x",
            ". /etc/os-release",
            "cd x && OTHER=y",
        ] {
            let script = format!("ID=one\n{sound}\nsay $ID\n");
            assert_eq!(last_word(&script).as_deref(), Some("one"), "{sound}");
        }
    }
}
