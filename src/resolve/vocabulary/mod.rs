//! The vocabulary of paths and names: hints, a word a line in the tables beside this file. To teach the tool a word, add it to one of them.
//!
//! A word says how strong a difference is; whether there is one, the tree says (see `apart`).

use std::sync::LazyLock;

/// Words that are environments even in the name of a job: it can hardly be about anything else.
pub const CERTAIN: &[&str] = &[
    "production",
    "prod",
    "prd",
    "prodn",
    "staging",
    "stg",
    "preproduction",
    "preprod",
    "preprd",
    "ppd",
    "prelive",
    "pre-prod",
    "pre-production",
    "pre-live",
    "uat",
    "user-acceptance",
    "dev",
    "development",
    "devel",
    "demo",
    "training",
    "nonproduction",
    "nonprod",
];

/// Words for environments that are common words, too: at the start of a name they can be a part of it.
pub const PERHAPS: &[&str] = &[
    "live",
    "local",
    "stage",
    "test",
    "testing",
    "quality",
    "review",
    "preview",
    "performance",
    "training",
    "demo",
    "lower",
    "integration",
    "acceptance",
    "accept",
    "sandbox",
    "develop",
];

/// Environments whose name as a job's whole name is a task: what runs the tests, and which key pair is used.
pub const TASKS: &[&str] =
    &["test", "ci", "qa", "integration", "acceptance", "performance", "preview", "sandbox"];

/// Words of tasks that try a shop out without being one.
pub const TRIALS: &[&str] = &[
    "tests",
    "phpunit",
    "unit",
    "e2e",
    "behat",
    "cypress",
    "playwright",
    "lint",
    "check",
    "checks",
];

/// Words for bringing something to an environment, and whether they mean the whole installation.
pub const DEPLOYING: &[(&str, bool)] = &[
    ("deploy", true),
    ("deploys", true),
    ("deployment", true),
    ("rollout", true),
    ("rollback", true),
    ("redeploy", true),
    ("restore", false),
    ("revert", false),
    ("promote", true),
    ("provision", true),
    ("release", false),
    ("publish", false),
    ("ship", false),
    ("configure", false),
    ("config", false),
    ("setup", false),
    ("install", false),
    ("apply", false),
    ("set", false),
];

/// Pairs of words that mean one thing together: the environment they say, or nothing.
pub const PAIRS: &[(&str, &str, &str)] = &[
    ("pre", "prod", "preproduction"),
    ("pre", "production", "preproduction"),
    ("pre", "live", "preproduction"),
    ("pre", "produktion", "preproduction"),
    ("non", "prod", "nonproduction"),
    ("non", "production", "nonproduction"),
    ("not", "production", "nonproduction"),
    ("user", "acceptance", "uat"),
    ("load", "test", "performance"),
    ("smoke", "test", ""),
    ("live", "search", ""),
    ("core", "config", ""),
    ("live", "reload", ""),
    ("infrastructure", "live", ""),
    ("infra", "live", ""),
    ("usr", "local", ""),
    ("user", "data", ""),
    ("gitlab", "ci", ""),
    ("circle", "ci", ""),
    ("test", "connection", ""),
    ("production", "key", ""),
    ("production", "keys", ""),
    ("production", "api", ""),
    ("production", "private", ""),
    ("production", "credentials", ""),
    ("sandbox", "key", ""),
    ("sandbox", "keys", ""),
    ("sandbox", "api", ""),
    ("sandbox", "private", ""),
    ("sandbox", "credentials", ""),
];

/// Words of files that several instances inherit. The second half alone is too weak a word to say so without heirs.
pub const BASES: &[(&str, bool)] = &[
    ("base", true),
    ("common", true),
    ("shared", true),
    ("all", true),
    ("default", false),
    ("defaults", false),
    ("global", false),
];

/// Words for what sells, behind which nothing stands: `demo-shop` is a shop whatever `demo` means.
pub const SELLING: &[&str] = &["shop", "shops", "store", "stores", "market", "outlet", "mall"];

/// Words for machines, of which one installation has several, each with a number: `node1` beside `node2`.
pub const MACHINES: &[&str] = &["node", "server", "srv", "host", "vm", "machine"];

/// Words for what stands by for production, with its data space.
pub const STANDBY: &[&str] = &["dr", "failover", "passive", "replica", "secondary", "standby"];

/// Words for copies that somebody kept, behind the name of what was copied: `production.bak`, `production_old`.
pub const KEPT: &[&str] = &["bak", "backup", "copy", "old", "orig", "save", "disabled"];

/// The words for what a shop sells or shows that are parts of Magento, too: services and jobs are called after them. All others are names there.
pub const SUBSYSTEMS: &[&str] = &[
    "analytics",
    "attributes",
    "captcha",
    "catalog",
    "categories",
    "category",
    "checkout",
    "cms",
    "content",
    "cookie",
    "cookies",
    "external",
    "extra",
    "extras",
    "features",
    "feed",
    "general",
    "graphql",
    "image",
    "images",
    "media",
    "network",
    "newsletter",
    "payment",
    "payments",
    "paypal",
    "percona",
    "private",
    "product",
    "products",
    "pub",
    "public",
    "recaptcha",
    "recommendations",
    "recovery",
    "resource",
    "search",
    "seo",
    "shipping",
    "solr",
    "sphinx",
    "storage",
    "theme",
    "themes",
    "tracking",
    "update",
    "upgrade",
    "vault",
];

/// The words for what is done again and again with something of a shop: `order-sync`.
pub const WORKING: [&str; 18] = [
    "consumer",
    "consumers",
    "cron",
    "export",
    "exporter",
    "exports",
    "feed",
    "feeds",
    "import",
    "importer",
    "imports",
    "indexer",
    "job",
    "jobs",
    "queue",
    "sync",
    "worker",
    "workers",
];

/// The words before the number of a region: `eu-central-1`.
pub const DIRECTIONS: [&str; 9] = [
    "central",
    "east",
    "north",
    "northeast",
    "northwest",
    "south",
    "southeast",
    "southwest",
    "west",
];

/// Words before a number or a letter that make a name together: `shop-a`, `site2`.
pub const NUMBERED: &[&str] = &[
    "account",
    "brand",
    "brands",
    "client",
    "cluster",
    "customer",
    "instance",
    "market",
    "merchant",
    "region",
    "shop",
    "site",
    "store",
    "storefront",
    "tenant",
];

/// Folders and name parts of samples, tests, copies and other people's code: no instance is deployed from them.
pub const SAMPLE_FOLDERS: &[&str] = &[
    "examples",
    "example",
    "docs",
    "doc",
    "documentation",
    "tests",
    "fixture",
    "fixtures",
    "mock",
    "mocks",
    "stubs",
    "spec",
    "specs",
    "e2e",
    "testdata",
    "samples",
    "sample",
    "vendor",
    "node_modules",
    "__tests__",
    "molecule",
    "archive",
    "archived",
    "backup",
    "backups",
];

/// Those of them that can be a part of what is deployed: a component `backup` of a cluster.
pub const COPY_FOLDERS: &[&str] = &["archive", "archived", "backup", "backups"];

pub const SAMPLE_WORDS: &[&str] = &[
    "dist", "sample", "example", "template", "skel", "bak", "backup", "copy", "old", "orig",
    "save", "disabled",
];

/// The table that a word stands in; it stands in one alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    Environment(&'static str),
    Collection,
    Role,
    Workload,
    Format,
    Product,
}

/// The words of all tables, and where each is found by its hash.
struct Words {
    all: Vec<(&'static str, Table)>,
    /// One more than the number of a word; 0 where there is none.
    slots: [u16; SLOTS],
}

/// Several times as many as there are words: most that are asked for are none of them, and that is told by one empty slot.
const SLOTS: usize = 4096;

impl Words {
    fn new() -> Self {
        let environments = include_str!("environments.txt").lines();
        let environments = environments.filter_map(|line| line.split_once(' '));
        let others = [
            (include_str!("collections.txt"), Table::Collection),
            (include_str!("roles.txt"), Table::Role),
            (include_str!("workloads.txt"), Table::Workload),
            (include_str!("formats.txt"), Table::Format),
            (include_str!("products.txt"), Table::Product),
        ];
        let others = others.into_iter();
        let others = others.flat_map(|(words, table)| words.lines().map(move |word| (word, table)));
        let environments = environments.map(|(word, means)| (word, Table::Environment(means)));
        let mut words = Self { all: environments.chain(others).collect(), slots: [0; SLOTS] };
        for (number, (word, _)) in (1..).zip(&words.all) {
            let free = probes(word).find(|at| words.slots.get(*at) == Some(&0));
            if let Some(slot) = free.and_then(|at| words.slots.get_mut(at)) {
                *slot = number;
            }
        }
        words
    }

    fn get(&self, word: &str) -> Option<Table> {
        for at in probes(word) {
            let number = usize::from(*self.slots.get(at)?);
            let (known, table) = self.all.get(number.checked_sub(1)?)?;
            if *known == word {
                return Some(*table);
            }
        }
        None
    }
}

/// The slots in which a word may be found, in order.
fn probes(word: &str) -> impl Iterator<Item = usize> + use<> {
    let mut head = [0; 8];
    head.iter_mut().zip(word.bytes()).for_each(|(to, from)| *to = from);
    let last = word.bytes().last().unwrap_or_default();
    let own = u64::from_le_bytes(head) ^ (word.len() as u64) << 56 ^ u64::from(last) << 48;
    // Fibonacci hashing: the highest bits are the mixed ones.
    let mixed = own.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - SLOTS.trailing_zeros());
    let first = usize::try_from(mixed).unwrap_or_default();
    (0..SLOTS).map(move |more| (first + more) % SLOTS)
}

/// Looks a word up in all tables at once: every word of every path is asked for.
fn table(word: &str) -> Option<Table> {
    static WORDS: LazyLock<Words> = LazyLock::new(Words::new);
    WORDS.get(word)
}

/// The environment that a word means: the word of the output.
#[must_use]
pub fn environment(word: &str) -> Option<&'static str> {
    if let Some(Table::Environment(name)) = table(word) { Some(name) } else { None }
}

/// Whether what stands under a word are the names of instances: `brands`, `tenants`.
#[must_use]
pub fn is_collection(word: &str) -> bool {
    table(word) == Some(Table::Collection)
}

/// Whether a word is a part of one installation: `php`, `cron`, `worker`.
#[must_use]
pub fn is_role(word: &str) -> bool {
    table(word) == Some(Table::Role)
}

/// Whether a word is of a workload, which in a document is a part of one installation: `app` beside `feedgen`.
#[must_use]
pub fn is_workload(word: &str) -> bool {
    table(word) == Some(Table::Workload)
}

/// Whether a word is a tool, a format, or a place of files: `k8s`, `yaml`, `config`.
#[must_use]
pub fn is_format(word: &str) -> bool {
    table(word) == Some(Table::Format)
}

/// Whether a word is of what a shop sells or shows: a topic of files, or the name of a shop.
#[must_use]
pub fn is_product(word: &str) -> bool {
    table(word) == Some(Table::Product)
}

/// Whether a word alone tells no two instances apart.
#[must_use]
pub fn is_structural(word: &str) -> bool {
    !matches!(table(word), None | Some(Table::Environment(_)))
}

/// Whether a word is a tool's, a format's or a role's.
pub fn is_idle(word: &str) -> bool {
    is_format(word) || is_role(word) || is_workload(word)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn the_tables_are_sorted_and_disjoint() {
        let tables = [
            include_str!("environments.txt"),
            include_str!("collections.txt"),
            include_str!("roles.txt"),
            include_str!("workloads.txt"),
            include_str!("formats.txt"),
            include_str!("products.txt"),
        ];
        let mut seen = BTreeSet::new();
        for table in tables {
            let lines: Vec<&str> = table.lines().collect();
            assert!(lines.is_sorted_by(|a, b| a < b), "{lines:?}");
            for line in lines {
                let word = line.split(' ').next().unwrap_or_default();
                assert!(seen.insert(word), "`{word}` stands in two tables");
            }
        }
    }
}
