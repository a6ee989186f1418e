//! The command line: clap and nothing but clap.

pub(crate) mod baseline;
pub(crate) mod chosen;
pub mod color;
pub(crate) mod completions;
mod examples;
pub(crate) mod fleet;
pub mod format;
pub(crate) mod manual;
pub(crate) mod mending;
pub(crate) mod revisions;
pub(crate) mod schema;
pub(crate) mod setup;
pub(crate) mod tree;
mod values;
pub(crate) mod variables;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::styling::AnsiColor;
use clap::builder::{NonEmptyStringValueParser, Styles};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{
    ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum, ValueHint,
};
use clap_complete::Shell;

use self::baseline::Baseline;
use self::chosen::{Chosen, PolicyInForce};
use self::color::{ColorChoice, Colors};
use self::fleet::{Facts, Fleet};
use self::format::{CheckFormat, InstancesFormat, Output, Outputs, RulesFormat};
use self::mending::Mending;
use self::revisions::{Revisions, STATES};
use self::schema::Schema;
use self::setup::Init;
use self::tree::POLICY;
pub use self::tree::{Packs, Tree};
use self::values::{date, switch};
use crate::date::Date;
use crate::report::printable;
use crate::rule::Severity;

/// Checks the deployment trees of Adobe Commerce instances.
///
/// Finds the instances that a tree deploys, and what is dangerous between them: a data space that two of them share, a private key in
/// plaintext, key pairs that compete.
#[derive(Debug, Parser)]
#[command(name = "commerce-lint", version, arg_required_else_help = true, after_help = examples::PROGRAM)]
#[command(max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(help_heading = "General options")]
    pub color: ColorChoice,
    /// Show no progress.
    ///
    /// It is shown on terminals alone, and only where a run takes long.
    #[arg(long, global = true, value_parser = switch, help_heading = "General options")]
    #[arg(env = "COMMERCE_LINT_NO_PROGRESS", hide_env_values = true)]
    pub no_progress: bool,
    /// The command as it was given.
    #[arg(skip)]
    pub line: String,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a tree and report what is wrong.
    #[command(after_help = examples::CHECK)]
    Check(Check),
    /// Check a tree and write one page for a security review.
    #[command(after_help = examples::REPORT)]
    Report(Review),
    /// List the instances of a tree and what they end up with.
    #[command(after_help = examples::INSTANCES)]
    Instances(Instances),
    /// Print what a run knows of a repository, a fact a line, for whoever puts those of many together.
    #[command(after_help = examples::FACTS)]
    Facts(Facts),
    /// Write the facts of every checkout in a folder, as tables for engines of SQL.
    #[command(after_help = examples::FLEET)]
    Fleet(Fleet),
    /// Write down what is found today, so that only what is new is reported.
    #[command(after_help = examples::BASELINE)]
    Baseline(Baseline),
    /// Print the policy in force, and where each line of it comes from.
    #[command(after_help = examples::CONFIG)]
    Config(PolicyInForce),
    /// List the rules.
    #[command(after_help = examples::RULES)]
    Rules {
        /// How the rules are written.
        #[arg(long, alias = "format", value_name = "FORMAT", default_value = "list")]
        output_format: RulesFormat,
        /// Which rules there are, beside ours.
        #[command(flatten)]
        packs: Packs,
    },
    /// Print a rule's page.
    #[command(after_help = examples::EXPLAIN)]
    Explain {
        /// Which rules there are, beside ours.
        #[command(flatten)]
        packs: Packs,
        /// The rule's id, as `commerce-lint rules` lists it.
        rule: String,
    },
    /// Run the examples of rules of your own.
    #[command(after_help = examples::TEST_RULES)]
    TestRules {
        /// The folder of their pages.
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        folder: PathBuf,
        /// Write down in the pages what their rules say.
        #[arg(long)]
        bless: bool,
    },
    /// Write the page of a new rule of your own.
    #[command(after_help = examples::NEW_RULE)]
    NewRule {
        /// The page, as `policy/acme/gateway-is-ours.md`.
        #[arg(value_name = "PAGE", value_hint = ValueHint::FilePath)]
        page: PathBuf,
    },
    /// Write a configuration file that declares the instances of a tree.
    #[command(after_help = examples::INIT)]
    Init(Init),
    /// Print the JSON Schema of the configuration file, for editors.
    #[command(after_help = examples::SCHEMA)]
    Schema(Schema),
    /// Serve the tools `check`, `instances`, `explain` and `facts`, by the Model Context Protocol.
    #[command(after_help = examples::MCP)]
    Mcp {
        /// The folder that they read, and nothing beside it.
        #[command(flatten)]
        tree: Tree,
    },
    /// Print the script that completes the command line in a shell.
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the page of the manual, in roff.
    #[command(after_help = examples::MAN)]
    Man,
    /// Serve an editor: findings while one types, by the Language Server Protocol.
    #[command(after_help = examples::LSP)]
    Lsp {
        /// Speak by standard input and output, which is the only way.
        #[arg(long)]
        stdio: bool,
    },
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// How the findings are written.
    #[arg(long, alias = "format", value_name = "FORMAT", default_value = "pretty")]
    #[arg(env = "COMMERCE_LINT_OUTPUT_FORMAT", hide_env_values = true)]
    pub output_format: CheckFormat,
    /// Also write the findings to a file, as `sarif=report.sarif`; may be given several times.
    ///
    /// The variable takes one a line.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = format::outputs)]
    #[arg(env = "COMMERCE_LINT_OUTPUT", hide_env_values = true)]
    pub output: Vec<Outputs>,
    /// Check what git pushes to this remote and compare it with what the remote has.
    ///
    /// For `pre-push` hooks, which git tells by standard input.
    #[arg(long, value_name = "REMOTE", help_heading = STATES)]
    #[arg(conflicts_with_all = ["base", "from", "to", "staged"])]
    pub pushed: Option<String>,
    /// Check what this repository receives and compare it with what it has.
    ///
    /// For `pre-receive` hooks, which git tells by standard input.
    #[arg(long, help_heading = STATES)]
    #[arg(conflicts_with_all = ["base", "from", "to", "staged", "pushed"])]
    pub received: bool,
    /// The file of this folder that standard input is the text of, where PATH is `-`.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(conflicts_with_all = ["from", "to", "staged", "pushed", "received"])]
    pub stdin_path: Option<PathBuf>,
    /// How many findings are shown at most, errors first; 0 shows all.
    ///
    /// `pretty` shows 200 unless it is said; formats for programs always have all.
    #[arg(long, value_name = "N", env = "COMMERCE_LINT_MAX_FINDINGS", hide_env_values = true)]
    pub max_findings: Option<usize>,
    /// Write how many findings each rule has instead of the findings.
    #[arg(long, conflicts_with = "output_format")]
    pub statistics: bool,
    /// What is mended.
    #[command(flatten)]
    pub mending: Mending,
    /// What is checked.
    #[command(flatten)]
    pub checked: Checked,
}

impl Check {
    /// The reports that go to files.
    #[must_use]
    pub fn outputs(&self) -> Vec<Output> {
        self.output.iter().flat_map(|outputs| &outputs.0).cloned().collect()
    }

    /// Whether some report carries what would mend what is found.
    #[must_use]
    pub fn carries_fixes(&self) -> bool {
        let outputs = self.outputs();
        let mut formats = outputs.iter().map(|output| output.format).chain([self.output_format]);
        formats.any(CheckFormat::carries_fixes)
    }
}

/// Options of `report`.
#[derive(Debug, Args)]
pub struct Review {
    /// Where the page goes; it is one file and needs no other.
    #[arg(long, value_name = "FILE", value_parser = format::page, value_hint = ValueHint::FilePath)]
    pub html: PathBuf,
    /// What is checked.
    #[command(flatten)]
    pub checked: Checked,
}

/// What is checked, against which policy, and what that makes of the exit code.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Checked {
    /// The least severity that makes the exit code 1: `error`, unless the policy says `warning`.
    #[arg(long, value_name = "SEVERITY")]
    #[arg(env = "COMMERCE_LINT_FAIL_ON", hide_env_values = true)]
    pub fail_on: Option<FailOn>,
    /// Also fail for what stood before the change.
    ///
    /// Where states are compared, only what the change makes worse counts otherwise.
    #[arg(long, value_parser = switch)]
    #[arg(env = "COMMERCE_LINT_FAIL_ON_STANDING", hide_env_values = true)]
    pub fail_on_standing: bool,
    /// Also show what stood before the change.
    #[arg(long, value_parser = switch)]
    #[arg(env = "COMMERCE_LINT_ALL", hide_env_values = true)]
    pub all: bool,
    /// Exit with 0 whatever was found or could not be read.
    ///
    /// What goes wrong with the run itself is still 2.
    #[arg(long, value_parser = switch)]
    #[arg(env = "COMMERCE_LINT_EXIT_ZERO", hide_env_values = true)]
    pub exit_zero: bool,
    /// Which states are compared.
    #[command(flatten)]
    pub revisions: Revisions,
    /// The tree.
    #[command(flatten)]
    pub tree: Tree,
    /// What is said beside the configuration.
    #[command(flatten)]
    pub chosen: Chosen,
    /// Take the configuration from a revision, or from a file whose name ends in `.toml`, whatever the tree says.
    #[arg(long, value_name = "REV|FILE", help_heading = POLICY)]
    #[arg(env = "COMMERCE_LINT_POLICY_FROM", hide_env_values = true, value_parser = NonEmptyStringValueParser::new())]
    #[arg(value_hint = ValueHint::AnyPath)]
    pub policy_from: Option<String>,
    /// Accept nothing: read no waivers, no baseline and no comments.
    #[arg(long, value_parser = switch, help_heading = POLICY)]
    #[arg(env = "COMMERCE_LINT_NO_WAIVERS", hide_env_values = true)]
    pub no_waivers: bool,
    /// The day to check on instead of today: waivers end.
    ///
    /// Without it, `SOURCE_DATE_EPOCH` says the day where it is set.
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = POLICY)]
    pub now: Option<Date>,
    /// Read all that git keeps, and keep nothing for the next run in `.git/commerce-lint`.
    ///
    /// The same as with `--no-config`, `--no-waivers` and `--policy-from`, which trust nothing that is there.
    #[arg(help_heading = "General options", hide_short_help = true)]
    #[arg(long, value_parser = switch, env = "COMMERCE_LINT_NO_CACHE", hide_env_values = true)]
    pub no_cache: bool,
}

/// Options of `instances`.
#[derive(Debug, Args)]
pub struct Instances {
    /// How the instances are written.
    #[arg(long, alias = "format", value_name = "FORMAT", default_value = "table")]
    pub output_format: InstancesFormat,
    /// Say what each instance ends up with, and why each value belongs to it, or to none.
    #[arg(long)]
    pub explain: bool,
    /// The tree.
    #[command(flatten)]
    pub tree: Tree,
    /// An instance that is meant, in full; PATH may be left out before it.
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
}

/// Which findings make the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors.
    #[value(alias = "")]
    Error,
    /// Errors and warnings.
    Warning,
    /// None.
    Never,
}

impl FailOn {
    /// The least severity that makes the exit code 1.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Never => None,
        }
    }
}

/// What is printed instead of doing anything: help, the version, or what is wrong with the arguments.
#[derive(Debug, PartialEq, Eq)]
pub struct Notice {
    /// The text.
    pub text: String,
    /// The exit code: 0 where the text was asked for and goes to standard output, else 2.
    pub exit: u8,
}

/// Parses the arguments, the program's own name included.
///
/// # Errors
/// What is to be printed instead.
pub fn parse(arguments: &[OsString], colors: Colors) -> Result<Cli, Notice> {
    let heading = AnsiColor::Green.on_default().bold();
    let styles =
        Styles::styled().header(heading).usage(heading).literal(AnsiColor::Cyan.on_default());
    let parse = |arguments: &[OsString]| -> Result<Cli, clap::Error> {
        let definition = variables::without_empty(Cli::command()).styles(styles.clone());
        let matches = definition.try_get_matches_from(arguments)?;
        let mut cli = Cli::from_arg_matches(&matches)?;
        let words = arguments.iter().skip(1).map(|word| word.to_string_lossy());
        cli.line =
            std::iter::once("commerce-lint".into()).chain(words).collect::<Vec<_>>().join(" ");
        if let Command::Check(check) = &cli.command
            && let Some(file) = format::clash(&check.outputs())
        {
            let twice = format!("two reports go to one file: `{}`", file.display());
            return Err(Cli::command().error(ErrorKind::ArgumentConflict, twice));
        }
        let (tree, policy_from) = match &mut cli.command {
            Command::Check(Check { checked, .. }) | Command::Report(Review { checked, .. }) => {
                (&mut checked.tree, checked.policy_from.is_some())
            }
            Command::Instances(Instances { tree, .. })
            | Command::Facts(Facts { tree, .. })
            | Command::Fleet(Fleet { tree, .. })
            | Command::Mcp { tree }
            | Command::Config(PolicyInForce { tree, .. }) => (tree, false),
            _ => return Ok(cli),
        };
        if let Some((_, matches)) = matches.subcommand() {
            one_configuration(matches, policy_from, tree)?;
        }
        Ok(cli)
    };
    parse(arguments).map_err(|stop: clap::Error| {
        // What clap says quotes the arguments as they are: it is said of harmless ones.
        let harmless = |argument: &OsString| printable::text(&argument.to_string_lossy()).into();
        let harmless: Vec<OsString> = arguments.iter().map(harmless).collect();
        let stop = parse(&harmless).err().unwrap_or(stop);
        let (text, exit) = (stop.render(), if stop.use_stderr() { 2 } else { 0 });
        let color = if exit == 0 { colors.out } else { colors.remarks };
        let culprit = variables::culprit(&stop, &Cli::command(), &harmless);
        let culprit = culprit.map(|name| format!("\nThe value is that of the variable {name}.\n"));
        let mut text = text;
        text.push_str(&culprit.unwrap_or_default());
        let plain = text.to_string();
        // It also quotes variables of the environment.
        let lines: Vec<String> = plain.split('\n').map(printable::text).collect();
        let harmless = lines.join("\n");
        let text = if color && harmless == plain { text.ansi().to_string() } else { harmless };
        Notice { text, exit }
    })
}

/// Of the ways to say where the configuration is, the one on the command line wins over the environment's; two there are a mistake.
fn one_configuration(
    matches: &ArgMatches,
    policy_from: bool,
    tree: &mut Tree,
) -> Result<(), clap::Error> {
    let is_said = |id| matches.value_source(id) == Some(ValueSource::CommandLine);
    match (is_said("config"), is_said("no_config"), policy_from) {
        (true, false, false) => tree.no_config = false,
        (false, true, false) => tree.config = None,
        (false, false, _) => {}
        _ => {
            let clash = "`--config`, `--no-config` and `--policy-from` cannot be used together";
            return Err(Cli::command().error(ErrorKind::ArgumentConflict, clash));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
