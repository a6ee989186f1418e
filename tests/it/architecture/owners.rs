//! Who alone may use a name: a library, the file system, what prints.

/// A name, the files that may use it, and why no other.
pub struct Owner {
    pub name: &'static str,
    pub files: &'static [&'static str],
    pub because: &'static str,
}

const TOUCHES_FILES: &[&str] = &[
    "discover/",
    "read/",
    "write.rs",
    // Asks the kernel how long a test has had a core.
    "syntax/effort.rs",
];
const NO_PARSER_LEAVES: &str = "no parser library's node or span leaves its file";

pub const OWNERS: &[Owner] = &[
    Owner {
        name: "miette",
        files: &["error.rs", "main.rs", "report/pretty"],
        because: "the model and the rules do not depend on how they are drawn",
    },
    Owner { name: "clap", files: &["cli/"], because: "the command line is one room" },
    Owner { name: "clap_complete", files: &["cli/"], because: "the command line is one room" },
    Owner { name: "clap_mangen", files: &["cli/"], because: "the command line is one room" },
    Owner { name: "terminal_size", files: &["main.rs"], because: "the rest is pure" },
    Owner { name: "std::fs", files: TOUCHES_FILES, because: "only these touch the file system" },
    Owner { name: "fs", files: TOUCHES_FILES, because: "only these touch the file system" },
    Owner { name: "walkdir", files: TOUCHES_FILES, because: "only these touch the file system" },
    Owner { name: "libc", files: TOUCHES_FILES, because: "only these touch the file system" },
    Owner { name: "std::process::Command", files: &["discover/"], because: "only git is started" },
    Owner { name: "Command::new", files: &["discover/"], because: "only git is started" },
    Owner { name: "std::process", files: &["discover/", "main.rs"], because: "only main exits" },
    Owner { name: "process::exit", files: &[], because: "main returns its exit code" },
    Owner { name: "std::net", files: &[], because: "nothing is fetched" },
    Owner {
        name: "std::env",
        files: &["main.rs", "discover/", "cli/variables.rs", "write.rs"],
        because: "the rest is pure",
    },
    Owner { name: "SystemTime", files: &["main.rs"], because: "the day comes from outside" },
    Owner { name: "RandomState", files: &["baseline.rs", "facts/key.rs"], because: "it is salt" },
    Owner { name: "println!", files: &["main.rs"], because: "only main prints" },
    Owner { name: "print!", files: &["main.rs"], because: "only main prints" },
    Owner { name: "eprintln!", files: &["main.rs"], because: "only main prints" },
    Owner { name: "eprint!", files: &["main.rs"], because: "only main prints" },
    Owner { name: "io::stdout", files: &["main.rs"], because: "only main prints" },
    Owner { name: "io::stderr", files: &["main.rs"], because: "only main prints" },
    Owner { name: "HashMap", files: &[], because: "its order differs from run to run" },
    Owner { name: "HashSet", files: &[], because: "its order differs from run to run" },
    Owner { name: "granit_parser", files: &["syntax/yaml"], because: NO_PARSER_LEAVES },
    Owner { name: "hcl_edit", files: &["syntax/hcl"], because: NO_PARSER_LEAVES },
    Owner { name: "jsonc_parser", files: &["syntax/json"], because: NO_PARSER_LEAVES },
    Owner {
        name: "toml",
        files: &["config/", "syntax/mod.rs", "syntax/toml"],
        because: NO_PARSER_LEAVES,
    },
    Owner { name: "quick_xml", files: &["syntax/xml.rs"], because: NO_PARSER_LEAVES },
    Owner {
        name: "serde_json",
        files: &["config/schema", "editor/", "facts/", "mcp/", "report/json", "rpc.rs", "several"],
        because: NO_PARSER_LEAVES,
    },
    Owner { name: "pulldown_cmark", files: &["report/html/page"], because: NO_PARSER_LEAVES },
    Owner {
        name: "chacha20poly1305",
        files: &["recognise/ciphertext.rs"],
        because: "what it decrypts stays there",
    },
    Owner {
        name: "flate2",
        files: &["read/gzip.rs", "recognise/secret/search.rs"],
        because: "what is unpacked is bounded there",
    },
    Owner { name: "der", files: &["recognise/"], because: NO_PARSER_LEAVES },
    Owner { name: "strsim", files: &["suggest.rs"], because: "one way to suggest a word" },
];
