//! A tree in the making: its files, and whose each value in them is.

use std::collections::{BTreeMap, BTreeSet};

use super::spec::{Change, Fault, Spec};
use super::words::{Random, is_production};

/// The variable of the data space.
pub const VARIABLE: &str = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";
/// Its config path.
pub const PATH: &str = "services_connector/services_id/environment_id";

/// A state of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revision {
    Now,
    Before,
}

/// One installation, as the generator knows it.
#[derive(Clone, Debug)]
pub struct Installation {
    /// Its brand and environment, for people.
    pub label: String,
    pub brand: usize,
    pub environment: Option<usize>,
    pub is_production: Option<bool>,
}

/// A value in a file.
struct Slot {
    owners: Vec<usize>,
    value: usize,
    rank: usize,
}

/// Files, and whose each value in them is.
pub struct Tree<'a> {
    pub spec: &'a Spec,
    pub revision: Revision,
    pub installations: Vec<Installation>,
    pub files: BTreeMap<String, String>,
    slots: Vec<Slot>,
    contradicted: BTreeSet<usize>,
}

/// A value by the file and by how many ids stand before it there.
pub type At = (String, usize);

/// What is true of one installation.
#[derive(Clone, Debug)]
pub struct Truth {
    pub label: String,
    /// None where no word says.
    pub is_production: Option<bool>,
    pub in_force: Option<String>,
    pub values: BTreeSet<At>,
}

/// A tree as it is written, and what is true of it.
pub struct Written {
    pub files: BTreeMap<String, String>,
    pub truth: Vec<Truth>,
    /// `rule: installations`.
    pub findings: BTreeSet<String>,
}

impl<'a> Tree<'a> {
    /// Builds a state of the tree that a specification is of.
    pub fn write(spec: &'a Spec, revision: Revision) -> Written {
        let installations = spec.installations(revision);
        let mut tree = Self {
            spec,
            revision,
            installations,
            files: BTreeMap::new(),
            slots: Vec::new(),
            contradicted: BTreeSet::new(),
        };
        (spec.shape().build)(&mut tree);
        if spec.noise {
            tree.noise();
        }
        tree.written()
    }

    pub fn file(&mut self, path: impl Into<String>, text: impl Into<String>) {
        let path: String = path.into();
        let text: String = text.into();
        let path = path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        let is_new = self.files.insert(path.clone(), text).is_none();
        assert!(is_new, "{path} is written twice");
    }

    /// The numbers of the installations.
    pub fn all(&self) -> std::ops::Range<usize> {
        0..self.installations.len()
    }

    /// The data space of an installation.
    pub fn own(&mut self, installation: usize) -> String {
        let value = self.value_of(installation);
        self.slot(vec![installation], value, 1)
    }

    /// A value that several installations inherit.
    pub fn base(&mut self, owners: Vec<usize>) -> String {
        let value = 1000
            + owners.iter().map(|&one| self.installations[one].brand).min().unwrap_or_default();
        let value = if self.revision == Revision::Before && self.spec.change == Change::Base {
            value + 500
        } else {
            value
        };
        self.slot(owners, value, 0)
    }

    /// A data space of an installation that contradicts its own.
    pub fn other(&mut self, installation: usize) -> String {
        self.contradicted.insert(installation);
        self.slot(vec![installation], 3000, 1)
    }

    /// Whether an installation sets nothing itself.
    pub fn is_bare_heir(&self, installation: usize) -> bool {
        self.spec.bare_heir.is_some_and(|heir| self.key(installation) == self.spec.key(heir))
    }

    fn slot(&mut self, owners: Vec<usize>, value: usize, rank: usize) -> String {
        self.slots.push(Slot { owners, value, rank });
        format!("⟦{}⟧", self.slots.len() - 1)
    }

    /// An installation's number among all of the specification, whatever state has it.
    fn key(&self, installation: usize) -> (usize, Option<usize>) {
        let Installation { brand, environment, .. } = &self.installations[installation];
        (*brand, *environment)
    }

    fn value_of(&self, installation: usize) -> usize {
        let key = self.key(installation);
        let number =
            |of: (usize, Option<usize>)| of.0 * 20 + of.1.map_or(0, |environment| environment + 1);
        if let Change::Value(changed) = self.spec.change
            && self.revision == Revision::Before
            && self.spec.key(changed) == key
        {
            return 2000 + number(key);
        }
        match &self.spec.fault {
            Fault::Share(all) if all.iter().any(|&one| self.spec.key(one) == key) => {
                number(self.spec.key(all[0]))
            }
            _ => number(key),
        }
    }

    fn noise(&mut self) {
        let sample = uuid(self.spec.salt, 4000);
        self.file("README.md", format!("Set `{VARIABLE}` to the data space.\n"));
        self.file(
            "composer.json",
            "{\"require\": {\"magento/product-enterprise-edition\": \"2.4.8\"}}\n",
        );
        self.file("docs/setup/.env", format!("{VARIABLE}={sample}\n"));
        self.file("examples/production/.env", format!("{VARIABLE}={sample}\n"));
        self.file(
            "ops/perf/ingress.yaml",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: perf\n",
        );
    }

    fn written(self) -> Written {
        let Self { spec, files, slots, installations, contradicted, .. } = self;
        let mut truth: Vec<Truth> = installations
            .iter()
            .map(|one| Truth {
                label: one.label.clone(),
                is_production: one.is_production,
                in_force: None,
                values: BTreeSet::new(),
            })
            .collect();
        let mut ranks = vec![None; truth.len()];
        let mut rendered = BTreeMap::new();
        for (path, text) in files {
            let mut out = String::new();
            for (piece, part) in text.split('⟦').enumerate() {
                let Some((number, rest)) = part.split_once('⟧').filter(|_| piece > 0) else {
                    out += part;
                    continue;
                };
                let slot = &slots[number.parse::<usize>().expect("a slot is a number")];
                let id = uuid(spec.salt, slot.value);
                let at = (path.clone(), ids(&out));
                for &owner in &slot.owners {
                    truth[owner].values.insert(at.clone());
                    if ranks[owner].is_none_or(|rank| rank < slot.rank) {
                        ranks[owner] = Some(slot.rank);
                        truth[owner].in_force = Some(id.clone());
                    }
                }
                out += &id;
                out += rest;
            }
            rendered.insert(path, out);
        }
        let mut findings = BTreeSet::new();
        for &one in &contradicted {
            findings.insert(format!("contradictory-setting: {}", truth[one].label));
            truth[one].in_force = None;
        }
        let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for one in &truth {
            if let Some(id) = &one.in_force {
                users.entry(id).or_default().push(&one.label);
            }
        }
        for labels in users.values_mut().filter(|labels| labels.len() > 1) {
            labels.sort_unstable();
            findings.insert(format!("shared-data-space: {}", labels.join(", ")));
        }
        Written { files: rendered, truth, findings }
    }
}

impl Installation {
    pub fn new(spec: &Spec, brand: usize, environment: Option<usize>) -> Self {
        let word = environment.map(|one| spec.environments[one].as_str());
        let label = word.map_or_else(
            || spec.brands[brand].clone(),
            |word| format!("{}/{word}", spec.brands[brand]),
        );
        Self { label, brand, environment, is_production: word.and_then(is_production) }
    }
}

/// How many ids stand in a text.
pub fn ids(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_id = |window: &[u8]| {
        window.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    let (mut at, mut count) = (0, 0);
    while let Some(window) = bytes.get(at..at + 36) {
        let found = is_id(window);
        count += usize::from(found);
        at += if found { 36 } else { 1 };
    }
    count
}

/// An id for the number of a value.
fn uuid(salt: u64, value: usize) -> String {
    let mut random = Random::new(salt ^ (value as u64).wrapping_mul(0x1_0000_01b3));
    let (a, b) = (random.next(), random.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        (b >> 48) & 0xfff,
        b & 0xffff_ffff_ffff
    )
}
