//! The invariants of `src/lib.rs`, held by reading `src/` as text: who may know whom, who may touch the world, how long a file may be.
//!
//! Comments, texts and test modules do not count. What is found is told with the file, the name it used, and why not.

mod budgets;
mod circles;
mod dependencies;
mod doors;
mod glossary;
mod owners;
mod scanner;

use std::fs;
use std::path::Path;

use budgets::budget;
use owners::{OWNERS, Owner};
use scanner::{after, code_of, words};

/// A room of `src/`, what of the crate it may use, and why nothing else.
struct Room {
    path: &'static str,
    may_use: &'static [&'static str],
    because: &'static str,
}

const KNOWS_NO_OUTPUT: &str = "it knows no rule, severity, output or command line";
const IS_PURE: &str =
    "a check uses `rule` and `model` only: no format, no I/O, no configuration file, no other rule";

/// What every check shares stands in `rules/otherwise.rs`, `rules/places.rs`, `rules/remedy.rs` and `rules/wording.rs`, what every check of a change shares in `rules/changes/`.
const IN_A_CHECK: &[&str] = &[
    "changes",
    "data_spaces",
    "defaults",
    "api_keys",
    "key_pairs",
    "model",
    "otherwise",
    "parting",
    "places",
    "remedy",
    "rule",
    "source",
    "users",
    "wording",
];

const IN_EXAMINE: &[&str] = &[
    "discover",
    "examine",
    "known",
    "model",
    "progress",
    "read",
    "recognise",
    "sift",
    "source",
    "sources",
    "syntax",
];

const IN_FOLLOW: &[&str] =
    &["follow", "model", "recognise", "resolve", "source", "sources", "syntax"];

const IN_LOAD: &[&str] = &["examine", "follow", "read", "source"];

/// The first room whose path is the start of a file's path decides.
const ROOMS: &[Room] = &[
    Room { path: "encoding.rs", may_use: &[], because: "it looks at bytes" },
    Room { path: "source.rs", may_use: &["encoding"], because: KNOWS_NO_OUTPUT },
    Room { path: "checkouts.rs", may_use: &["source"], because: "it sorts paths" },
    Room { path: "sources.rs", may_use: &["checkouts", "source"], because: KNOWS_NO_OUTPUT },
    Room { path: "fault.rs", may_use: &[], because: "it puts what the system says in words" },
    Room { path: "exit.rs", may_use: &[], because: "an exit code is a number" },
    Room { path: "suggest.rs", may_use: &[], because: "it compares words" },
    Room { path: "date.rs", may_use: &[], because: "a day is a number" },
    Room { path: "clock.rs", may_use: &["date", "error"], because: "the time becomes a day" },
    Room {
        path: "waivers/",
        may_use: &["config", "date", "model", "rule", "source", "sources", "suggest", "syntax"],
        because: "what is accepted depends on findings and on the texts that accept them, not on who asks",
    },
    Room {
        path: "baseline.rs",
        may_use: &[
            "Outcome", "cli", "config", "error", "fault", "mask", "read", "report", "states",
            "waivers", "write",
        ],
        because: "a command runs the pipeline and knows none of its parts",
    },
    Room { path: "syntax/", may_use: &["source", "syntax"], because: KNOWS_NO_OUTPUT },
    Room { path: "model/", may_use: &["model", "source", "syntax"], because: KNOWS_NO_OUTPUT },
    Room {
        path: "recognise/",
        may_use: &["model", "recognise", "sift", "source", "syntax"],
        because: KNOWS_NO_OUTPUT,
    },
    Room {
        path: "resolve/",
        may_use: &["declared", "model", "recognise", "resolve", "source", "sources", "syntax"],
        because: KNOWS_NO_OUTPUT,
    },
    Room { path: "follow/", may_use: IN_FOLLOW, because: KNOWS_NO_OUTPUT },
    Room { path: "load.rs", may_use: IN_LOAD, because: "it reads what names lead to" },
    Room { path: "sift/", may_use: &["model", "sift", "syntax"], because: "it stands below all" },
    Room { path: "discover/", may_use: &["discover", "fault"], because: "it lists files alone" },
    Room {
        path: "read/",
        may_use: &["discover", "encoding", "fault", "sift", "source", "syntax"],
        because: "it reads files and knows nothing of what stands in them but what the sift tells, and how a dump is read in pieces",
    },
    Room {
        path: "known.rs",
        may_use: &["discover", "mask", "model", "read", "write"],
        because: "it remembers contents by name, and knows nothing of what stands in them",
    },
    Room {
        path: "trends.rs",
        may_use: &["model", "rule", "source", "sources"],
        because: "it compares findings, whatever found them",
    },
    Room { path: "examine/", may_use: IN_EXAMINE, because: "it takes each file alone, no rule" },
    Room { path: "fix.rs", may_use: &["rule", "source"], because: "it is texts and places" },
    Room { path: "rule.rs", may_use: &["model", "source"], because: "it stands below every rule" },
    Room {
        path: "rules/mod.rs",
        may_use: &["error", "rule", "rules", "suggest"],
        because: "a list",
    },
    Room {
        path: "rules/packs.rs",
        may_use: &["model", "rule", "rules", "source"],
        because: IS_PURE,
    },
    Room {
        path: "rules/page/",
        may_use: &["rule", "rules", "source", "suggest", "syntax"],
        because: "a page is text, of whose mistakes each has a place",
    },
    Room {
        path: "rules/assertion/",
        may_use: &["changes", "model", "rule", "rules", "source", "suggest", "syntax", "wording"],
        because: "it reads what a page asserts, and is else a check like any other",
    },
    Room {
        path: "rules/changes/",
        may_use: &["model", "places", "rule", "rules", "source", "wording"],
        because: IS_PURE,
    },
    Room { path: "rules/", may_use: IN_A_CHECK, because: IS_PURE },
    Room {
        path: "check.rs",
        may_use: &["config", "model", "rule", "source"],
        because: "the engine knows rules by their trait alone",
    },
    Room {
        path: "declared/",
        may_use: &["declared", "model", "source"],
        because: "what is declared is data, whoever says it",
    },
    Room {
        path: "config/",
        may_use: &["config", "date", "declared", "model", "rule", "source", "suggest"],
        because: "a configuration is data",
    },
    Room { path: "policy/mod.rs", may_use: &["model", "rule", "source"], because: "it is data" },
    Room {
        path: "policy/",
        may_use: &["config", "date", "declared", "rule", "source", "sources"],
        because: "it reads a policy off the configuration, for reporters that do not know one",
    },
    Room {
        path: "mask/",
        may_use: &["mask", "model", "recognise", "source", "syntax"],
        because: "it stands below every output, and hides what recognisers of secrets find",
    },
    Room {
        path: "report/",
        may_use: &[
            "declared", "fix", "mask", "model", "policy", "report", "rule", "source", "sources",
            "syntax",
        ],
        because: "reporters see diagnostics, the inventory and sources, and how a declaration is written; never a concrete rule",
    },
    Room {
        path: "inventories.rs",
        may_use: &[
            "config", "declared", "error", "examine", "follow", "history", "load", "model",
            "resolve", "sources", "states",
        ],
        because: "it joins the files of all states",
    },
    Room {
        path: "judge/",
        may_use: &[
            "check",
            "config",
            "declared",
            "date",
            "discover",
            "examine",
            "inventories",
            "mask",
            "model",
            "resolve",
            "rule",
            "rules",
            "source",
            "sources",
            "states",
            "trends",
            "waivers",
        ],
        because: "it brings rules and policy together, and knows none of them by name",
    },
    Room {
        path: "history.rs",
        may_use: &["discover", "examine", "model", "source", "sources", "syntax"],
        because: "it joins what is said of earlier commits",
    },
    Room {
        path: "states/",
        may_use: &[
            "config", "declared", "date", "discover", "error", "examine", "fault", "model",
            "progress", "read", "rule", "rules", "source", "sources",
        ],
        because: "it opens what is compared and knows nothing of what stands in it",
    },
    Room { path: "progress.rs", may_use: &[], because: "it counts, and knows not what" },
    Room {
        path: "init/",
        may_use: &[
            "check", "config", "declared", "error", "examine", "follow", "init", "load", "mask",
            "model", "report", "resolve", "rule", "rules", "run", "source", "sources", "states",
        ],
        because: "it turns an inventory into a configuration: nothing of files, terminals, the command line",
    },
    Room {
        path: "command.rs",
        may_use: &[
            "rule",
            "Outcome",
            "baseline",
            "cli",
            "clock",
            "config",
            "discover",
            "editor",
            "error",
            "exit",
            "facts",
            "fault",
            "fleet",
            "init",
            "mask",
            "mcp",
            "mend",
            "policy_in_force",
            "progress",
            "publish",
            "read",
            "report",
            "rules",
            "run",
            "states",
            "trials",
            "write",
        ],
        because: "a command runs the pipeline and knows none of its parts",
    },
    Room {
        path: "mend/",
        may_use: &[
            "Outcome", "discover", "error", "fault", "fix", "mend", "model", "report", "rule",
            "run", "source", "states", "syntax", "waivers", "write",
        ],
        because: "it runs the pipeline on what it changes, and knows no check",
    },
    Room { path: "rpc.rs", may_use: &[], because: "it knows messages, not what they say" },
    Room {
        path: "mcp/",
        may_use: &[
            "Outcome", "clock", "discover", "error", "facts", "mask", "mcp", "read", "report",
            "rpc", "rules", "run", "states",
        ],
        because: "it runs the pipeline for a client, and knows neither rules nor files",
    },
    Room {
        path: "editor/",
        may_use: &[
            "Outcome", "clock", "config", "date", "discover", "editor", "error", "fix", "mask",
            "mend", "model", "read", "report", "rpc", "rule", "rules", "run", "source", "sources",
            "states",
        ],
        because: "it runs the pipeline for an editor, and knows neither checks nor files",
    },
    Room {
        path: "trials.rs",
        may_use: &[
            "Outcome", "error", "fault", "mask", "report", "rules", "run", "states", "write",
        ],
        because: "it runs the pipeline on what pages show",
    },
    Room {
        path: "facts/",
        may_use: &["Outcome", "facts", "mask", "model", "report", "rule", "source"],
        because: "it tells what a run found, and knows nothing of how or where it is told",
    },
    Room {
        path: "fleet/",
        may_use: &[
            "Outcome", "cli", "clock", "discover", "error", "exit", "facts", "fault", "fleet",
            "mask", "model", "report", "rule", "run", "states", "write",
        ],
        because: "it runs the pipeline on many trees, and knows none of its parts",
    },
    Room {
        path: "fuzzing.rs",
        may_use: &["config", "discover", "editor", "error", "mask", "read", "rules"],
        because: "it hands bytes to what reads them, and no program has it",
    },
    Room { path: "write.rs", may_use: &["mask"], because: "it puts bytes where they are to be" },
    Room {
        path: "publish.rs",
        may_use: &[
            "rule", "cli", "date", "error", "fault", "mask", "progress", "report", "several",
            "write",
        ],
        because: "it knows formats and files, and nothing of what is reported",
    },
    Room { path: "several.rs", may_use: &["cli", "report"], because: "it joins documents" },
    Room {
        path: "links.rs",
        may_use: &["discover", "model", "read", "resolve", "sources"],
        because: "it tells where a link leads, and follows none",
    },
    Room {
        path: "cli/",
        may_use: &["cli", "date", "fix", "model", "report", "rule", "suggest"],
        because: "it is clap and nothing but clap",
    },
    Room {
        path: "error.rs",
        may_use: &["config", "discover", "mask", "source"],
        because: "errors are of the tool, not of the checked tree",
    },
];

#[test]
fn rooms_know_only_what_stands_below_them() {
    let flaws: Vec<String> = sources().iter().flat_map(|(path, text)| uses(path, text)).collect();
    assert!(flaws.is_empty(), "\n{}", flaws.join("\n"));
}

#[test]
fn the_world_is_touched_only_where_it_may_be() {
    let flaws: Vec<String> = sources().iter().flat_map(|(path, text)| owned(path, text)).collect();
    assert!(flaws.is_empty(), "\n{}", flaws.join("\n"));
}

#[test]
fn every_module_says_what_it_is() {
    for (path, text) in sources() {
        assert!(text.starts_with("//! "), "src/{path} does not open with `//!`");
    }
}

#[test]
fn the_scanner_finds_what_is_planted() {
    let planted = "//! A check.\nuse crate::{model::setting, report};\n\
        use crate::config::Level;\nfn f() { super::shared::g(); std::fs::read(\"x\"); }\n";
    assert_eq!(uses("rules/planted.rs", planted).len(), 3);
    assert_eq!(owned("rules/planted.rs", planted).len(), 1);
    assert_eq!(owned("lib.rs", "use std::{fs, io}; fn f() { fs::read(io::stdout()); }").len(), 2);
    assert_eq!(uses("source.rs", "use super::rule;").len(), 1);
    assert_eq!(uses("syntax/yaml.rs", "use super::Node; use super::super::rule;").len(), 1);
    assert_eq!(uses("attic.rs", "").len(), 1, "a file without a room is told");
    let harmless = "// use crate::report;\nconst A: &str = \"crate::report \\\" std::fs\";\n\
        const B: char = '\"'; /* miette */ fn f<'a>(x: &'a str) {}\nlet toml_text = 1;\n\
        #[cfg(test)]\nmod tests { use crate::report; }\n";
    assert_eq!(uses("rules/planted.rs", harmless), Vec::<String>::new());
    assert_eq!(owned("rules/planted.rs", harmless), Vec::<String>::new());
    assert_eq!((budget("src/rules/a.rs"), budget("src/lib.rs")), (80, 500));
}

/// What a file uses of the crate and may not.
fn uses(path: &str, text: &str) -> Vec<String> {
    if matches!(path, "lib.rs" | "main.rs") {
        return Vec::new();
    }
    let Some(room) = ROOMS.iter().find(|room| path.starts_with(room.path)) else {
        return vec![format!("src/{path} has no room: add one to ROOMS in tests/it/architecture/")];
    };
    let code = code_of(text);
    let is_top = !path.contains('/') || path.ends_with("/mod.rs") && path.matches('/').count() == 1;
    let mut used = after(&code, "crate::");
    if is_top {
        used.extend(after(&code, "super::"));
    } else {
        used.extend(after(&code, "super::super::"));
        if room.may_use == IN_A_CHECK {
            used.extend(after(&code, "super::"));
        }
    }
    used.retain(|name| !room.may_use.contains(&name.as_str()));
    used.iter()
        .map(|name| format!("src/{path} uses `crate::{name}`, but {}", room.because))
        .collect()
}

/// What a file names that belongs to other files.
fn owned(path: &str, text: &str) -> Vec<String> {
    let code = code_of(text);
    let is_foreign = |owner: &&Owner| !owner.files.iter().any(|file| path.starts_with(file));
    OWNERS
        .iter()
        .filter(is_foreign)
        .filter(|owner| {
            let mut places = words(&code, owner.name);
            let last = owner.name.chars().next_back();
            let is_path = owner.name.contains("::") || last == Some('!');
            let is_module = owner.name.chars().all(|c| c.is_lowercase() || c == '_');
            places.any(|rest| is_path || !is_module || rest.starts_with("::"))
                || words(&code, &format!("use {}", owner.name)).next().is_some()
        })
        .map(|owner| format!("src/{path} uses `{}`, but {}", owner.name, owner.because))
        .collect()
}

/// The files of `src/`, by path within it.
fn sources() -> Vec<(String, String)> {
    let is_code = |path: &str| Path::new(path).extension().is_some_and(|end| end == "rs");
    files("src").into_iter().filter(|(path, _)| is_code(path)).collect()
}

/// The files of a folder, by path within it, but what cargo makes.
fn files(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let is_made = |name: &std::ffi::OsStr| name == "target" || name == "Cargo.lock";
    let mut files: Vec<(String, String)> = walkdir::WalkDir::new(&root)
        .into_iter()
        .filter_entry(|entry| !is_made(entry.file_name()))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(&root).ok()?.to_str()?.replace('\\', "/");
            Some((path, fs::read_to_string(entry.path()).ok()?.replace("\r\n", "\n")))
        })
        .collect();
    files.sort();
    files
}
