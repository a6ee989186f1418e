//! The map of instances as a Mermaid flowchart, for documentation that draws it from a `mermaid` block.

use std::fmt::Write as _;
use std::io;

use super::map::{self, Map};
use super::{Report, Reporter, printable};

/// `instances --output-format mermaid`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mermaid;

/// The longest label, in columns.
const WIDEST: usize = 60;

impl Reporter for Mermaid {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let map = Map::new(run.inventory);
        let mut text = "flowchart LR\n".to_owned();
        if map.instances.is_empty() {
            text.push_str("  none[\"no instances found\"]\n");
        }
        if !run.summary.complete {
            let _ =
                writeln!(text, "  unread[/\"{}\"/]", run.incompleteness().trim_start_matches("; "));
        }
        for (index, pair) in map.pairs.iter().enumerate() {
            let lines = [
                format!("{} key pair", pair.slot.word()),
                format!("api key {}", pair.api_key),
                format!("private key {}", pair.private_key),
            ];
            let _ = writeln!(text, "  k{index}{{{{\"{}\"}}}}", escaped(&lines));
        }
        for (index, node) in map.instances.iter().enumerate() {
            let kind = node.instance.kind.value.word().to_owned();
            let lines = [node.instance.name.clone(), kind, node.unknown.clone()];
            let _ = writeln!(text, "  i{index}[\"{}\"]", escaped(&lines));
        }
        for (index, space) in map.spaces.iter().enumerate() {
            let shared =
                if space.is_shared { map::shared_by(space.users.len()) } else { String::new() };
            let lines = [space.id.clone(), space.types.clone(), shared.to_uppercase()];
            let class = if space.is_shared { ":::shared" } else { "" };
            let _ = writeln!(text, "  s{index}[(\"{}\")]{class}", escaped(&lines));
        }
        for (index, pair) in map.pairs.iter().enumerate() {
            for user in &pair.users {
                let _ = writeln!(text, "  k{index} --- i{user}");
            }
        }
        for (index, space) in map.spaces.iter().enumerate() {
            let edge = if space.is_shared { "==>" } else { "-->" };
            for user in &space.users {
                let _ = writeln!(text, "  i{user} {edge} s{index}");
            }
            for reader in &space.readers {
                let _ = writeln!(text, "  i{reader} -. reads .-> s{index}");
            }
        }
        if map.shared() > 0 {
            text.push_str("  classDef shared stroke:#b42318,stroke-width:4px\n");
        }
        out.write_all(text.as_bytes())
    }
}

/// Lines as one label between quotes: nothing of ASCII but what is plain text there stands as itself.
fn escaped(lines: &[String]) -> String {
    let mut out = String::new();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push_str("<br/>");
        }
        let label = printable::label(line, WIDEST);
        let mut rest = label.chars();
        while let Some(letter) = rest.next() {
            if let Some(twin) = twin(letter, rest.as_str()) {
                out.push(twin);
            } else if letter.is_ascii_alphanumeric()
                || " -_.,()".contains(letter)
                || !letter.is_ascii()
            {
                out.push(letter);
            } else {
                let _ = write!(out, "#{};", u32::from(letter));
            }
        }
    }
    out
}

/// What is drawn in the place of a letter that begins a formula, an icon or a new line: Mermaid looks for those after it has read the
/// numbers of letters.
fn twin(letter: char, rest: &str) -> Option<char> {
    match letter {
        '$' if rest.starts_with('$') => Some('\u{ff04}'),
        ':' if rest.starts_with("fa-") => Some('\u{a789}'),
        '\\' if rest.starts_with('n') => Some('\u{2216}'),
        _ => None,
    }
}
