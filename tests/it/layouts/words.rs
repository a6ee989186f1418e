//! The words that trees are made of: names of every kind, environments, folders. None of them is taken from the program.

/// What a sequence of numbers says, the same on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// `SplitMix64`.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    pub fn below(&mut self, most: usize) -> usize {
        let most = u64::try_from(most.max(1)).unwrap_or(1);
        usize::try_from(self.next() % most).unwrap_or_default()
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A kind of name, and names of it.
pub struct Kind {
    pub name: &'static str,
    pub words: &'static [&'static str],
}

pub const INVENTED: Kind = Kind {
    name: "invented",
    words: &[
        "kiwi", "papaya", "zorblax", "whimbrel", "quillon", "vantoro", "mirabel", "okapi", "plinth",
    ],
};

/// Every kind of name. Words of roles and of bases are left out: there the laws say that they are none.
pub const NAMES: &[Kind] = &[
    INVENTED,
    Kind {
        name: "commerce",
        words: &[
            "price", "order", "tax", "market", "media", "store", "auto", "home", "tools",
            "product", "customer", "catalog",
        ],
    },
    Kind {
        name: "holds an environment's word",
        words: &[
            "prodigy",
            "liverpool",
            "devon",
            "stagecoach",
            "livestock",
            "protest",
            "uatara",
            "demodex",
            "latest",
            "localis",
        ],
    },
    Kind {
        name: "domain",
        words: &[
            "kiwi.example",
            "www.papaya.example",
            "shop.plinth.example",
            "price.example",
            "kiwi.co.example",
        ],
    },
    Kind { name: "number", words: &["0008", "0042", "1", "2", "7", "2024", "s01", "s02"] },
    Kind { name: "country", words: &["de", "fr", "us", "uk", "at", "germany", "brazil", "apac"] },
    Kind {
        name: "two words",
        words: &[
            "media-market",
            "price-tag",
            "blue-moon",
            "order-house",
            "big-store",
            "tax-0007",
            "price-0008",
            "shop-one",
        ],
    },
    Kind {
        name: "two words, one an environment's",
        words: &["local-hero", "live-concerts", "test-kitchen", "stage-door", "demo-derby"],
    },
    Kind {
        name: "structure",
        words: &[
            "k8s", "deploy", "config", "app", "charts", "platform", "docker", "infra", "more",
            "site", "cluster", "magento", "data", "stack", "main",
        ],
    },
];

pub const PRODUCTION: &[&str] = &["production", "prod", "prd", "live"];

pub const OTHERS: &[&str] = &[
    "staging",
    "stage",
    "stg",
    "uat",
    "qa",
    "test",
    "dev",
    "development",
    "preprod",
    "integration",
    "acceptance",
    "local",
    "demo",
    "non-prod",
];

/// Environments of regions: the region tells apart, the word says what they are for.
pub const REGIONS: &[&[&str]] = &[
    &["eu-prod", "us-prod"],
    &["prod-eu", "prod-us", "staging-eu"],
    &["eu-prod", "us-prod", "eu-stage", "us-stage"],
    &["emea-live", "apac-live", "emea-uat"],
];

/// Another spelling of an environment, as another tool of the same team writes it.
pub fn synonym(environment: &str) -> &str {
    match environment {
        "production" | "prd" | "live" => "prod",
        "prod" => "production",
        "staging" | "stg" => "stage",
        "stage" => "staging",
        "development" => "dev",
        "dev" => "development",
        other => other,
    }
}

/// The environment that a word means.
pub fn meaning(environment: &str) -> &str {
    match environment {
        "prod" | "prd" | "live" => "production",
        "stage" | "stg" => "staging",
        "development" => "dev",
        other => other,
    }
}

/// Whether an environment is production; none where no word of it says.
pub fn is_production(environment: &str) -> Option<bool> {
    let is_other = |part: &str| OTHERS.contains(&part);
    if is_other(environment) || environment.split('-').any(is_other) {
        return Some(false);
    }
    environment.split('-').any(|part| PRODUCTION.contains(&part)).then_some(true)
}

/// Folders above all that varies.
pub const ROOTS: &[&str] = &[
    "",
    "brands",
    "shops",
    "tenants",
    "deploy",
    "k8s",
    "infra",
    "platform",
    "environments",
    "instances/more",
    "kunden",
    "fleet",
    "deploy/magento",
    "config",
    "clusters",
    "wolpertinger",
    "sites",
];

/// Folders between what varies, and below it.
pub const BETWEEN: &[&str] =
    &["", "", "", "", "more", "platform", "magento", "k8s", "current", "etc", "gondwana"];

/// Folders of one installation's parts: one of them is known as a role, which makes roles of all.
pub const ROLES: &[&[&str]] = &[
    &["php", "feedgen"],
    &["web", "cron"],
    &["php", "erp-sync"],
    &["fpm", "varnish", "pim-import"],
    &["worker", "web"],
    &["admin", "storefront-api"],
];

/// What the folder of the checkout is called: it says nothing.
pub const CHECKOUTS: &[&str] = &[
    "tree",
    "shop",
    "shop-staging",
    "shop-production",
    "shop_PR-12@2",
    "magento",
    "live",
    "kiwi-prod",
    "repo",
];
