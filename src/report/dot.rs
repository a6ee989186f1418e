//! The map of instances in Graphviz' language: `dot -Tsvg` draws it.

use std::fmt::Write as _;
use std::io;

use super::map::{self, Map};
use super::{Report, Reporter, printable};

/// `instances --output-format dot`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dot;

/// The longest label, in columns.
const WIDEST: usize = 60;

impl Reporter for Dot {
    fn report(&self, run: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let map = Map::new(run.inventory);
        let mut text = "digraph instances {\n  rankdir=LR;\n  node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=11];\n".to_owned();
        if map.instances.is_empty() {
            text.push_str("  none [label=\"no instances found\", shape=plaintext];\n");
        }
        if !run.summary.complete {
            let words = run.incompleteness();
            let words = words.trim_start_matches("; ");
            let _ = writeln!(text, "  unread [label=\"{words}\", shape=note];");
        }
        for (index, pair) in map.pairs.iter().enumerate() {
            let lines = [
                format!("{} key pair", pair.slot.word()),
                format!("api key {}", pair.api_key),
                format!("private key {}", pair.private_key),
            ];
            let _ = writeln!(text, "  k{index} [label=\"{}\", shape=hexagon];", escaped(&lines));
        }
        for (index, node) in map.instances.iter().enumerate() {
            let kind = node.instance.kind.value.word().to_owned();
            let lines = [node.instance.name.clone(), kind, node.unknown.clone()];
            let _ = writeln!(text, "  i{index} [label=\"{}\", shape=box];", escaped(&lines));
        }
        for (index, space) in map.spaces.iter().enumerate() {
            let (shared, style) = if space.is_shared {
                (
                    map::shared_by(space.users.len()).to_uppercase(),
                    ", color=\"#b42318\", penwidth=4",
                )
            } else {
                (String::new(), "")
            };
            let lines = [space.id.clone(), space.types.clone(), shared];
            let label = escaped(&lines);
            let _ = writeln!(text, "  s{index} [label=\"{label}\", shape=cylinder{style}];");
        }
        for (index, pair) in map.pairs.iter().enumerate() {
            for user in &pair.users {
                let _ = writeln!(text, "  k{index} -> i{user} [dir=none, color=\"#6b7785\"];");
            }
        }
        for (index, space) in map.spaces.iter().enumerate() {
            let style = if space.is_shared { " [color=\"#b42318\", penwidth=3]" } else { "" };
            for user in &space.users {
                let _ = writeln!(text, "  i{user} -> s{index}{style};");
            }
            for reader in &space.readers {
                let _ = writeln!(text, "  i{reader} -> s{index} [style=dashed, label=\"reads\"];");
            }
        }
        text.push_str("}\n");
        out.write_all(text.as_bytes())
    }
}

/// Lines as one label between quotes; Graphviz reads escapes and entities there.
fn escaped(lines: &[String]) -> String {
    let shown = lines.iter().filter(|line| !line.is_empty()).map(|line| {
        let label = printable::label(line, WIDEST);
        label.replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"")
    });
    shown.collect::<Vec<_>>().join("\\n")
}
