//! The page of the manual, from the definition of the command line.

use std::fmt::Write as _;

use clap::{Arg, CommandFactory as _};
use clap_mangen::Man;

use super::Cli;

/// The page of the manual, in roff: the program, then a section for each of its commands.
#[must_use]
pub fn manual() -> String {
    let mut program = Cli::command();
    program.build();
    let release = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
    let page = Man::new(program.clone());
    let mut roff = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n".to_owned();
    let _ = writeln!(roff, ".TH {} 1 \"\" \"{release}\" \"User Commands\"", program.get_name());
    roff += &rendered(|out| {
        page.render_name_section(out)?;
        page.render_synopsis_section(out)?;
        page.render_description_section(out)?;
        page.render_options_section(out)
    });
    roff += &below(&program);
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        let is_general = |arg: &Arg| arg.is_global_set() || arg.get_id() == "help";
        let own =
            command.clone().mut_args(|arg| if is_general(&arg) { arg.hide(true) } else { arg });
        let page = Man::new(own.clone());
        let _ = writeln!(roff, ".SH \"{}\"", command.get_name().to_uppercase());
        let sections = rendered(|out| {
            page.render_description_section(out)?;
            page.render_synopsis_section(out)?;
            if own.get_arguments().any(|arg| !arg.is_hide_set()) {
                page.render_options_section(out)?;
            }
            Ok(())
        });
        let part = sections.replacen(".SH DESCRIPTION\n", "", 1) + &below(command);
        roff += &part.replace(".SH ", ".SS ");
    }
    roff
}

/// Sections without the definitions that each of them brings along; one at the top is enough.
fn rendered(sections: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    sections(&mut out).expect("writing to memory does not fail");
    let is_kept = |line: &&str| !line.starts_with(".ie \\n(.g") && !line.starts_with(".el .ds Aq");
    let kept: String =
        text(out).lines().filter(is_kept).map(|line| line.to_owned() + "\n").collect();
    kept.replace("\n.br\n\n.br\n", "\n.sp\n")
}

/// What stands below the options in `--help`, its lines as they are.
fn below(command: &clap::Command) -> String {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (examples, exits) = help.split_once("Exit codes:").unwrap_or((&help, ""));
    let mut roff = String::new();
    for (heading, text) in [("EXAMPLES", examples), ("EXIT STATUS", exits)] {
        let is_heading = |line: &str| line.starts_with("Example") && line.ends_with(':');
        let lines = text.lines().filter(|line| !is_heading(line));
        let lines: Vec<&str> = lines.collect();
        if lines.iter().all(|line| line.is_empty()) {
            continue;
        }
        let _ = writeln!(roff, ".SH {heading}\n.nf");
        for line in lines.join("\n").trim_end().lines() {
            let escaped = line.replace('\\', "\\e").replace('-', "\\-");
            let start = if escaped.starts_with(['.', '\'']) { "\\&" } else { "" };
            let _ = writeln!(roff, "{start}{escaped}");
        }
        roff += ".fi\n";
    }
    roff
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("texts of the command line are UTF-8")
}
