//! Scripts inside commands: what `bash -c`, `su -c`, `ssh` and `eval` are given.

use super::word::FILLER;
use crate::syntax::Node;

/// What a script inside a script is wrapped in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// A word: its quotes and escapes go.
    Word,
    /// A here-document: its escapes go.
    Document,
}

const SHELLS: [&str; 6] = ["bash", "sh", "zsh", "dash", "ash", "ksh"];

/// Programs other than shells that run the script behind `-c`.
const RUNNERS: [&str; 7] = ["su", "runuser", "shell", "script", "ssh", "sg", "watch"];

/// The program that a word names, without its folder.
pub fn program(word: &Node) -> &str {
    let text = word.as_str().unwrap_or_default();
    text.rsplit('/').next().unwrap_or_default()
}

/// The program that a word starts, be it a command of its own: `ssh host "mysql shop"`.
pub fn started(word: &Node) -> &str {
    let first = word.as_str().and_then(|text| text.split_whitespace().next());
    first.unwrap_or_default().rsplit('/').next().unwrap_or_default()
}

/// Whether a command runs what it reads from its input.
pub fn reads_a_script(command: &Node) -> bool {
    let is_shell = |word: &Node| SHELLS.contains(&program(word)) || program(word) == "ssh";
    let is_ready = |word: &Node| matches!(program(word), "cat" | "tee" | "echo");
    let is_client = |word: &Node| matches!(started(word), "mysql" | "mariadb" | "psql");
    let runs = command.items().iter().any(is_shell) && !command.items().iter().any(is_client);
    runs && !command.items().first().is_some_and(is_ready)
}

/// The words of a command that are scripts, by index.
pub fn scripts(command: &Node) -> Vec<usize> {
    let words = command.items();
    if words.first().is_some_and(|word| matches!(program(word), "eval" | "RUN")) {
        return (1..words.len()).collect();
    }
    let is = |names: &[&str]| words.iter().position(|word| names.contains(&program(word)));
    let (shell, ssh) = (is(&SHELLS).or_else(|| is(&RUNNERS)), is(&["ssh"]));
    let is_option = |word: &Node| {
        let text = word.as_str().unwrap_or_default();
        text == "--command"
            || (text.starts_with('-') && !text.starts_with("--") && text.ends_with('c'))
    };
    let from = shell.unwrap_or(words.len());
    let behind_option = (from..words.len())
        .find(|&index| words.get(index).is_some_and(is_option))
        .map(|option| option + 1);
    let sent = ssh.into_iter().flat_map(|ssh| ssh + 1..words.len()).filter(|&index| {
        words
            .get(index)
            .is_some_and(|word| word.as_str().is_none_or(|text| text.contains([' ', '\n', ';'])))
    });
    let mut found: Vec<usize> = behind_option.into_iter().chain(sent).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// A quoted text as the script that it is, of the same length.
pub fn masked(text: &str, quote: Quote) -> String {
    let inner = |mark| text.strip_prefix(mark)?.strip_suffix(mark);
    if quote == Quote::Word
        && let Some(plain) = inner('\'').filter(|inner| !inner.contains('\''))
    {
        return format!(" {plain} ");
    }
    if quote == Quote::Word
        && let Some(inner) = inner('"')
    {
        return format!(" {} ", masked(inner, Quote::Document));
    }
    let mut out = String::with_capacity(text.len());
    let mut open = (quote == Quote::Document).then_some('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, open) {
            ('\'', None) => open = Some('\''),
            ('\'', Some('\'')) => open = None,
            ('"', None) => open = Some('"'),
            ('"', Some('"')) if quote == Quote::Word => open = None,
            ('\\', None | Some('"')) => {
                let is_special = |next: &char| open.is_none() || "\"\\$`\n".contains(*next);
                match characters.next_if(is_special) {
                    Some('\n') => out.extend([FILLER, FILLER]),
                    Some(next) => out.extend([FILLER, next]),
                    None => out.push('\\'),
                }
                continue;
            }
            _ => {
                out.push(character);
                continue;
            }
        }
        out.push(FILLER);
    }
    out
}
