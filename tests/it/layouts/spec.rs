//! What a tree is to be: drawn from numbers, and made smaller where a tree fails.

use super::carriers::CARRIERS;
use super::shapes::{Environments, SHAPES, Shape};
use super::tree::{Installation, Revision};
use super::words::{self, Random};

/// What is wrong in a tree. Installations are numbers in the whole matrix of brands and environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Nothing,
    /// These installations have one data space.
    Share(Vec<usize>),
    /// Two roles of one installation differ.
    Contradict,
}

/// What a change does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Nothing,
    /// The data space of one installation.
    Value(usize),
    /// What heirs inherit.
    Base,
    /// All files get another root.
    Move,
    /// One installation is new.
    Add(usize),
    /// One installation goes.
    Remove(usize),
}

/// Everything that decides a tree.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
#[derive(Clone, Debug)]
pub struct Spec {
    pub salt: u64,
    pub shape: usize,
    pub carrier: usize,
    pub brands: Vec<String>,
    pub kind_of_names: &'static str,
    /// None where no word says what an installation is for.
    pub environments: Vec<String>,
    /// Installations that there are none of.
    pub missing: Vec<usize>,
    pub root: String,
    pub between: String,
    pub below: String,
    pub roles: Vec<String>,
    /// Another carrier of the same installations, below another root.
    pub second: Option<usize>,
    pub synonyms: bool,
    /// Whether a base stands below what installations set.
    pub base: bool,
    /// The installation that sets nothing itself.
    pub bare_heir: Option<usize>,
    pub environment_first: bool,
    pub noise: bool,
    pub fault: Fault,
    pub change: Change,
    pub checkout: String,
}

/// Takes one thing away.
type Smaller<'a> = &'a dyn Fn(&mut Spec);

impl Spec {
    /// Draws a tree.
    pub fn draw(seed: u64) -> Self {
        let mut random = Random::new(seed);
        // Half of the trees say by folders and names of files whose a value is.
        let paths = SHAPES.iter().take_while(|shape| shape.is_path).count();
        let at = if random.chance(50) {
            random.below(paths)
        } else {
            paths + random.below(SHAPES.len() - paths)
        };
        let shape = &SHAPES[at];
        let mut kind = &words::NAMES[random.below(words::NAMES.len())];
        let environments = environments(&mut random, shape);
        // What a word of an environment within a name means where nothing else says it is nobody's to judge.
        let is_doubtful = kind.name.contains("one an environment") && environments.len() < 2;
        let fitting = kind.words.iter().filter(|word| shape.names.fits(word)).count();
        if random.chance(25) || is_doubtful || fitting < 2 {
            kind = &words::INVENTED;
        }
        let kind_of_names = kind.name;
        let pool: Vec<&str> =
            kind.words.iter().copied().filter(|word| shape.names.fits(word)).collect();
        let least = if environments.is_empty() && !shape.is_path { 2 } else { 1 };
        let count = (least + random.below(4)).min(pool.len());
        let mut brands: Vec<String> = Vec::new();
        while brands.len() < count {
            let name = random.pick(&pool).to_owned();
            if !brands.contains(&name) {
                brands.push(name);
            }
        }
        let mut spec = Self {
            salt: random.next(),
            shape: at,
            carrier: random.below(CARRIERS.len()),
            brands,
            kind_of_names,
            environments,
            missing: Vec::new(),
            root: random.pick(words::ROOTS).into(),
            between: random.pick(words::BETWEEN).into(),
            below: random.pick(words::BETWEEN).into(),
            roles: Vec::new(),
            second: None,
            synonyms: random.chance(30),
            base: shape.has_base && random.chance(60),
            bare_heir: None,
            environment_first: random.chance(15),
            noise: random.chance(30),
            fault: Fault::Nothing,
            change: Change::Nothing,
            checkout: random.pick(words::CHECKOUTS).into(),
        };
        if shape.has_roles && random.chance(15) {
            spec.roles = random.pick(words::ROLES).iter().map(|&role| role.to_owned()).collect();
        } else if shape.is_path && random.chance(20) {
            spec.second = Some(random.below(CARRIERS.len()));
        }
        if spec.whole() > 3 && random.chance(20) {
            spec.missing = vec![random.below(spec.whole())];
        }
        let there = spec.there();
        if spec.base && random.chance(50) {
            spec.bare_heir = Some(random.pick(&there));
        }
        spec.fault = spec.drawn_fault(&mut random, shape);
        spec.change = spec.drawn_change(&mut random);
        spec
    }

    /// A tree in which nothing is said yet.
    pub fn plain() -> Self {
        Self {
            salt: 0,
            shape: 0,
            carrier: 0,
            brands: Vec::new(),
            kind_of_names: words::INVENTED.name,
            environments: Vec::new(),
            missing: Vec::new(),
            root: String::new(),
            between: String::new(),
            below: String::new(),
            roles: Vec::new(),
            second: None,
            synonyms: false,
            base: false,
            bare_heir: None,
            environment_first: false,
            noise: false,
            fault: Fault::Nothing,
            change: Change::Nothing,
            checkout: "tree".into(),
        }
    }

    fn drawn_fault(&self, random: &mut Random, shape: &Shape) -> Fault {
        if !self.roles.is_empty() && random.chance(25) {
            return Fault::Contradict;
        }
        let there = self.there();
        let first = random.pick(&there);
        let others: Vec<usize> = there
            .into_iter()
            .filter(|&one| {
                one != first && (shape.shares_brands || self.key(one).0 == self.key(first).0)
            })
            .collect();
        if others.is_empty() || random.chance(55) {
            return Fault::Nothing;
        }
        let mut all = vec![first, random.pick(&others)];
        all.extend(others.into_iter().filter(|_| random.chance(15)));
        all.sort_unstable();
        all.dedup();
        Fault::Share(all)
    }

    fn drawn_change(&self, random: &mut Random) -> Change {
        let there = self.there();
        let one = random.pick(&there);
        match random.below(10) {
            0..=2 => Change::Value(one),
            3 if self.base => Change::Base,
            4 if !self.root.is_empty() && self.shape().is_path => Change::Move,
            5 if there.len() > 2 => Change::Add(one),
            6 if there.len() > 2 => Change::Remove(one),
            _ => Change::Nothing,
        }
    }

    pub fn shape(&self) -> &'static Shape {
        &SHAPES[self.shape]
    }

    /// How many installations a whole matrix has.
    pub fn whole(&self) -> usize {
        self.brands.len() * self.environments.len().max(1)
    }

    /// Brand and environment of a number.
    pub fn key(&self, number: usize) -> (usize, Option<usize>) {
        match self.environments.len() {
            0 => (number, None),
            width => (number / width, Some(number % width)),
        }
    }

    fn there(&self) -> Vec<usize> {
        (0..self.whole()).filter(|one| !self.missing.contains(one)).collect()
    }

    pub fn installations(&self, revision: Revision) -> Vec<Installation> {
        let is_there = |one: &usize| match (self.change, revision) {
            (Change::Add(new), Revision::Before) => *one != new,
            (Change::Remove(gone), Revision::Now) => *one != gone,
            _ => true,
        };
        let there = self.there().into_iter().filter(is_there).map(|one| self.key(one));
        there.map(|(brand, environment)| Installation::new(self, brand, environment)).collect()
    }

    /// The root in a state of the tree.
    pub fn root_in(&self, revision: Revision) -> &str {
        if self.change == Change::Move && revision == Revision::Before { "old" } else { &self.root }
    }

    /// Trees that are smaller by one thing.
    pub fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut with = |change: &dyn Fn(&mut Self)| {
            let mut spec = self.clone();
            change(&mut spec);
            all.push(spec);
        };
        let keep = |spec: &mut Self,
                    kept: &dyn Fn((usize, Option<usize>)) -> bool,
                    width: usize,
                    brand: usize| {
            // Numbers change where the matrix does.
            let renumbered = |one: usize| {
                let (of, environment) = self.key(one);
                kept((of, environment)).then(|| {
                    let of = of - usize::from(of > brand);
                    environment.map_or(of, |environment| of * width + environment.min(width - 1))
                })
            };
            let all =
                |list: &[usize]| list.iter().copied().filter_map(renumbered).collect::<Vec<_>>();
            spec.missing = all(&spec.missing);
            spec.bare_heir = spec.bare_heir.and_then(renumbered);
            if let Fault::Share(list) = &spec.fault {
                let list = all(list);
                spec.fault = if list.len() > 1 { Fault::Share(list) } else { Fault::Nothing };
            }
            spec.change = match spec.change {
                Change::Value(one) => renumbered(one).map_or(Change::Nothing, Change::Value),
                Change::Add(one) => renumbered(one).map_or(Change::Nothing, Change::Add),
                Change::Remove(one) => renumbered(one).map_or(Change::Nothing, Change::Remove),
                other => other,
            };
        };
        if self.brands.len() > 1 {
            for brand in 0..self.brands.len() {
                with(&|spec| {
                    keep(spec, &|(of, _)| of != brand, spec.environments.len(), brand);
                    spec.brands.remove(brand);
                });
            }
        }
        // A name with an environment's word in it is beyond doubt beside two environments alone.
        let least = if self.kind_of_names.ends_with("environment's") { 2 } else { 1 };
        if self.environments.len() > least {
            let gone = self.environments.len() - 1;
            with(&|spec| {
                keep(spec, &|(_, of)| of != Some(gone), gone, usize::MAX);
                spec.environments.pop();
            });
        }
        let plain: [(bool, Smaller<'_>); 14] = [
            (self.change != Change::Nothing, &|spec| spec.change = Change::Nothing),
            (self.fault != Fault::Nothing, &|spec| spec.fault = Fault::Nothing),
            (self.noise, &|spec| spec.noise = false),
            (self.second.is_some(), &|spec| spec.second = None),
            (!self.roles.is_empty() && self.fault != Fault::Contradict, &|spec| spec.roles.clear()),
            (self.roles.len() > 2, &|spec| spec.roles.truncate(2)),
            (self.bare_heir.is_some(), &|spec| spec.bare_heir = None),
            (self.base && self.bare_heir.is_none(), &|spec| spec.base = false),
            (!self.between.is_empty(), &|spec| spec.between.clear()),
            (!self.below.is_empty(), &|spec| spec.below.clear()),
            (self.environment_first, &|spec| spec.environment_first = false),
            (!self.missing.is_empty(), &|spec| spec.missing.clear()),
            (self.checkout != "tree", &|spec| spec.checkout = "tree".into()),
            (self.root != "deploy" && self.change != Change::Move, &|spec| {
                spec.root = "deploy".into();
            }),
        ];
        for (_, change) in plain.into_iter().filter(|(is_open, _)| *is_open) {
            with(change);
        }
        if self.kind_of_names != words::INVENTED.name {
            for (at, name) in self.brands.iter().enumerate() {
                let other = words::INVENTED.words[at];
                if name != other {
                    with(&|spec| spec.brands[at] = other.into());
                }
            }
        }
        for (at, word) in self.environments.iter().enumerate() {
            let plain = if words::is_production(word) == Some(true) { "prod" } else { "staging" };
            if word != plain && !self.environments.iter().any(|other| other == plain) {
                with(&|spec| spec.environments[at] = plain.into());
            }
        }
        all.retain(|spec| {
            [Revision::Now, Revision::Before].iter().all(|of| !spec.installations(*of).is_empty())
        });
        all
    }
}

fn environments(random: &mut Random, shape: &Shape) -> Vec<String> {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    match shape.environments {
        Environments::Never => return Vec::new(),
        Environments::Perhaps if random.chance(15) => return Vec::new(),
        _ if random.chance(15) => return owned(random.pick(words::REGIONS)),
        _ => {}
    }
    let mut all = vec![random.pick(words::PRODUCTION)];
    for _ in 0..random.below(4) {
        let other = random.pick(words::OTHERS);
        if !all.iter().any(|known| words::meaning(known) == words::meaning(other)) {
            all.push(other);
        }
    }
    if all.len() > 1 && random.chance(10) {
        all.remove(0);
    }
    owned(&all)
}
