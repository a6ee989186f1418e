//! What every help ends with: examples that work when they are pasted, and exit codes.

pub(super) const PROGRAM: &str = "\
Examples:
  commerce-lint init                       write a configuration for this folder
  commerce-lint check                      check it
  commerce-lint instances deploy/          list the instances of another one
  commerce-lint explain shared-data-space  say what a rule is about

Exit codes:
  0  nothing at or above --fail-on
  1  findings
  2  usage or configuration error
  3  a file that carries settings could not be read whole";

pub(super) const CHECK: &str = "\
Examples:
  commerce-lint check                        the tree in this folder
  commerce-lint check deploy/ --output-format line
  commerce-lint check --base origin/main     what this branch changes, too
  commerce-lint check --staged               what the next commit takes
  commerce-lint check --pushed origin        what is pushed, in a pre-push hook
  commerce-lint check --received             the same, in a pre-receive hook
  commerce-lint check --diff                 what --fix would change
  commerce-lint check - --stdin-path k8s/a.yaml < draft.yaml
  commerce-lint check --history              keys that were committed once, too
  commerce-lint check --fail-on warning --config ci/commerce-lint.toml
  commerce-lint check --output-format github --output sarif=report.sarif

An option can be given by the environment variable beside it; the command line
wins. Switches are 1 or 0, true or false, yes or no, on or off.

Exit codes:
  0  nothing at or above --fail-on
  1  findings
  2  usage or configuration error
  3  a file that carries settings could not be read whole";

pub(super) const REPORT: &str = "\
Examples:
  commerce-lint report --html review.html
  commerce-lint report --html review.html --no-config --no-waivers

With the second, nothing in the tree can silence anything.

Exit codes:
  0  nothing at or above --fail-on
  1  findings
  2  usage or configuration error
  3  a file that carries settings could not be read whole";

pub(super) const CONFIG: &str = "\
Examples:
  commerce-lint config
  commerce-lint config deploy/
  commerce-lint config --preset strict > strict.toml

Exit codes:
  0  printed
  2  usage or configuration error";

pub(super) const INSTANCES: &str = "\
Examples:
  commerce-lint instances
  commerce-lint instances deploy/ --explain   what each ends up with, and why
  commerce-lint instances production          the same of one
  commerce-lint instances --output-format json
  commerce-lint instances --output-format mermaid > instances.mmd
  commerce-lint instances --output-format dot | dot -Tsvg > instances.svg

Exit codes:
  0  listed
  2  usage or configuration error
  3  listed, but a file that carries settings could not be read whole";

pub(super) const FACTS: &str = "\
Examples:
  commerce-lint facts --repo payments/eu-shop > facts.ndjson
  commerce-lint schema --facts                what each line has
  COMMERCE_LINT_FLEET_KEY=$(cat fleet.key) commerce-lint facts --repo eu-shop

Without the key, which is the same for all repositories of an organisation, no
key of a shop has a name. Findings decide nothing here.

Exit codes:
  0  printed
  2  usage or configuration error
  3  printed, but a file that carries settings could not be read whole";

pub(super) const FLEET: &str = "\
Examples:
  commerce-lint fleet checkouts/ --output facts/
  cd facts && cat duckdb.sql shared-data-spaces.sql | duckdb

Each run adds a snapshot to the folder. A checkout that cannot be read, and a
folder in which there is none, is listed in the table `run`, and stops no other.

Exit codes:
  0  written, and every repository was read whole
  2  usage or configuration error
  3  written, but a repository was not read whole, or not at all";

pub(super) const BASELINE: &str = "\
Examples:
  commerce-lint baseline            write commerce-lint.baseline.toml
  commerce-lint baseline --update   drop what is mended, take in what is new
  commerce-lint baseline --include-key 3f2a9c01d4e7   accept a private key, too

Exit codes:
  0  written
  2  usage or configuration error, or a baseline is there
  3  written, but a file that carries settings could not be read whole";

pub(super) const RULES: &str = "\
Examples:
  commerce-lint rules
  commerce-lint rules | grep key
  commerce-lint rules --rules policy/   those of a folder, too

Exit codes:
  0  listed
  2  usage error";

pub(super) const TEST_RULES: &str = "\
Examples:
  commerce-lint test-rules policy/           say what differs from the pages
  commerce-lint test-rules policy/ --bless   write it into the pages

Exit codes:
  0  every rule says what its page says
  1  something differs
  2  usage error, or a page with mistakes";

pub(super) const NEW_RULE: &str = "\
Examples:
  commerce-lint new-rule policy/acme/gateway-is-ours.md

Exit codes:
  0  written
  2  usage error, or there is such a page already";

pub(super) const EXPLAIN: &str = "\
Examples:
  commerce-lint explain plaintext-private-key
  commerce-lint explain shared-data-space > page.md   as Markdown

Exit codes:
  0  printed
  2  usage error, or no such rule";

pub(super) const INIT: &str = "\
Examples:
  commerce-lint init                   write commerce-lint.toml into this folder
  commerce-lint init deploy/ --print   show what it would write for another one

What it declares leaves the findings as they are; what it cannot declare stands
there as a comment. A configuration that is there is never overwritten.

Exit codes:
  0  written
  2  usage error, or a configuration is there
  3  written, but a file that carries settings could not be read whole";

pub(super) const SCHEMA: &str = "\
Examples:
  commerce-lint schema > commerce-lint.schema.json
  commerce-lint schema --facts > facts.schema.json

An editor that knows TOML schemas (taplo, Even Better TOML) takes it by the
first line of the configuration: `#:schema ./commerce-lint.schema.json`.

Exit codes:
  0  printed
  2  usage error";

pub(super) const COMPLETIONS: &str = "\
Examples, each for the file that its shell reads when it starts:
  source <(commerce-lint completions bash)          ~/.bashrc
  source <(commerce-lint completions zsh)           ~/.zshrc, after `compinit`
  commerce-lint completions fish | source           ~/.config/fish/config.fish
  eval (commerce-lint completions elvish | slurp)   ~/.config/elvish/rc.elv
  commerce-lint completions powershell | Out-String | Invoke-Expression

The last is for the file that `$PROFILE` names in PowerShell.

Exit codes:
  0  printed
  2  usage error";

pub(super) const LSP: &str = "\
Examples:
  commerce-lint lsp                        what an editor starts

Exit codes:
  0  the editor said that it goes
  1  it was gone without a word
  2  usage error";

pub(super) const MCP: &str = "\
Examples:
  commerce-lint mcp                        what a client starts, in its folder
  commerce-lint mcp deploy/                for another one

They change nothing and read nothing beside the folder.

Exit codes:
  0  the client is gone
  2  usage or configuration error";

pub(super) const MAN: &str = "\
Examples:
  commerce-lint man | man -l -
  commerce-lint man > ~/.local/share/man/man1/commerce-lint.1

Exit codes:
  0  printed
  2  usage error";
