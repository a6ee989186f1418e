//! The words of paths and names: which say an environment, which say that a file is shared, which say nothing.
//!
//! The words themselves stand in `vocabulary.rs`.

use super::vocabulary::{
    self, BASES, CERTAIN, DIRECTIONS, NUMBERED, PAIRS, PERHAPS, is_product, is_structural,
};
use crate::recognise::secret::random::lowered;

/// The key over the name of a call of a Terraform module.
pub const MODULE: &str = "module";

/// An environment as a path or a name says it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Environment {
    /// The word of the output, a number kept: `staging`, `uat-2`.
    pub name: String,
    /// What stands there.
    pub written: String,
    /// What it begins as a common word, where it may be part of a name: `hero` in `local-hero`.
    pub begins: Option<String>,
}

impl Environment {
    /// Whether this is the real shop.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.name.split('-').next() == Some("production")
    }

    /// What everything else is: of production, all that is none.
    #[must_use]
    pub fn otherwise(&self) -> Option<Self> {
        let name = NON_PRODUCTION.to_owned();
        let written = self.written.clone();
        self.is_production().then_some(Self { name, written, begins: None })
    }

    /// What one name says that has the words of two: `uat-prod`, `staging-live` are no production, and not the one of either word alone.
    fn beside(self, other: &Self) -> Self {
        if self.name == other.name {
            return other.clone();
        }
        let written = format!("{}-{}", self.written, other.written);
        let (first, second) = match (self.is_group(), other.is_group()) {
            // A group of environments says less than one of them.
            (true, false) if !other.is_production() => return other.clone(),
            (false, true) if !self.is_production() => return self,
            (true, _) | (_, true) => {
                return Self { name: NON_PRODUCTION.to_owned(), written, begins: None };
            }
            _ if self.is_production() => (&other.name, &self.name),
            _ => (&self.name, &other.name),
        };
        Self { name: format!("{first}-{second}"), written, begins: None }
    }

    /// What is said deeper in a path wins, but a production within what is none is none.
    fn within(self, inner: Self) -> Self {
        let is_less = inner.is_group() && !self.is_production();
        if is_less || self.is_group() && inner.is_production() { self } else { inner }
    }

    /// Whether it is the word for all environments that are not production.
    fn is_group(&self) -> bool {
        self.name == NON_PRODUCTION
    }
}

/// The word for all environments that are not production.
const NON_PRODUCTION: &str = "nonproduction";

/// The words of a name, in order. Of an availability zone, the region: `eu-central-1a` and `us-central1-b` are machines of theirs.
///
/// Sources: the documentation of AWS and of Google Cloud, *Regions and zones*.
pub fn tokens(name: &str) -> impl Iterator<Item = &str> {
    let words = name.split(['.', '_', '-', ' ', '+', '@', '~', '(', ')', ',', '=', ':']);
    let mut before = "";
    words.filter(|word| !word.is_empty()).filter_map(move |word| {
        let direction = before.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let is_region = DIRECTIONS.iter().any(|name| direction.eq_ignore_ascii_case(name));
        let is_numbered = direction.len() < before.len();
        before = word;
        let zone = word.strip_suffix(|letter: char| matches!(letter, 'a'..='f'));
        let number = zone.filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
        match number.filter(|_| is_region) {
            Some("") if is_numbered => None,
            Some(number) if !number.is_empty() => Some(number),
            _ => Some(word),
        }
    })
}

/// How the environment is said elsewhere than in a name: a word of the name that can be one is part of the name then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Whether by a word that means nothing else, or by a whole name.
    pub firmly: bool,
    /// The one that a whole name says: `prod/demo-shop.yaml`.
    pub wholly: Option<&'static str>,
}

impl Elsewhere {
    /// What is said beside one of several names.
    #[must_use]
    pub fn beside(name: &str, saying: Saying) -> Self {
        Self { firmly: saying.firmly > usize::from(says_firmly(name)), wholly: saying.wholly }
    }
}

/// How several names say environments.
#[derive(Clone, Copy, Debug, Default)]
pub struct Saying {
    firmly: usize,
    wholly: Option<&'static str>,
}

impl Saying {
    /// Reads the names.
    pub fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        names.fold(Self::default(), |all, name| Self {
            firmly: all.firmly + usize::from(says_firmly(name)),
            wholly: said_wholly(name).or(all.wholly),
        })
    }
}

/// Whether a word that can be an environment, or a base, is the start of a name: `live-concerts` in `tenants/`, `local-hero-prod`, `demo-shop` in
/// `prod/`, `base-camp-prod`; with the words `behind` it. An environment that the name ends with is meant before one that it begins with.
#[must_use]
pub fn is_start_of_name(token: &str, behind: &[&str], said: Elsewhere) -> bool {
    let is_name = |next: &&str| {
        matches!(meaning(next), Meaning::Name(_))
            || vocabulary::SELLING.contains(next)
            || is_product(next) && said.wholly.is_some()
    };
    if !behind.first().is_some_and(is_name) {
        return false;
    }
    let mut last =
        behind.iter().rev().filter(|word| !is_number(word) && !vocabulary::is_format(word));
    let ends =
        behind.len() > 1 && last.next().is_some_and(|word| vocabulary::environment(word).is_some());
    if PERHAPS.contains(&token) {
        let says_more = behind.iter().skip(1).any(|word| vocabulary::environment(word).is_some());
        return said.firmly || says_more;
    }
    let environment = vocabulary::environment(token);
    // `prod/prod-kiwi.yaml` says it twice.
    let is_other = said.wholly.is_some() && environment != said.wholly;
    (environment.is_some() || is_base(token)) && (is_other || ends)
}

/// Whether a name says an environment and no more, or by a word that means nothing else.
#[must_use]
pub fn says_firmly(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let (mut is_said, mut is_named) = (false, false);
    for word in tokens(&lower) {
        match vocabulary::environment(word) {
            Some(_) if CERTAIN.contains(&word) => return true,
            Some(_) => is_said = true,
            None => is_named |= !is_structural(word) && !is_number(word),
        }
    }
    is_said && !is_named
}

/// The environment that a name says, where it says no more.
fn said_wholly(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let mut said = None;
    for word in tokens(&lower) {
        match vocabulary::environment(word) {
            Some(environment) => said = Some(environment),
            None if is_product(word) || vocabulary::SELLING.contains(&word) => return None,
            None if is_structural(word) || is_number(word) => {}
            None => return None,
        }
    }
    said
}

/// Whether a name has a word that means an environment and nothing else.
#[must_use]
pub fn says_certainly(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    tokens(&lower).any(|word| CERTAIN.contains(&word))
}

/// What the words of a path or name say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The environment, the last one said.
    pub environment: Option<Environment>,
    /// The words that tell instances apart, in order.
    pub names: Vec<String>,
    /// Whether a word says that several instances inherit this, and whether it says so firmly.
    pub base: Option<bool>,
    /// How the environment is said elsewhere, where a word of a name that may be one is part of the name.
    pub elsewhere: Elsewhere,
}

impl Words {
    /// The names, where none of them is a word for roles, formats and work.
    pub fn telling(&self) -> &[String] {
        let tells = self.names.iter().all(|name| !super::vocabulary::is_idle(name));
        if tells { &self.names } else { &[] }
    }

    /// Reads the words of a path: each part between slashes on its own.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        let mut words = Self::default();
        let mut folder = "";
        // A whole word beats a part: in `prod/stage-door/` the door is no stage.
        let saying = Saying::of(path.split('/'));
        for part in path.split('/') {
            words.elsewhere = Elsewhere::beside(part, saying);
            match numbered_in(folder, part) {
                Some(name) => words.push(&name),
                None if is_collection(folder) => words.read_child(part),
                None => words.read(part),
            }
            folder = part;
        }
        words.elsewhere = Elsewhere::beside("", saying);
        words
    }

    /// Adds the words of one name.
    pub fn read(&mut self, name: &str) {
        self.read_as(name, false);
    }

    /// Adds the words of a name that stands in a collection: what a shop sells can be its name there.
    pub fn read_child(&mut self, name: &str) {
        self.read_as(name, true);
    }

    fn read_as(&mut self, name: &str, is_child: bool) {
        let lower = lowered(name);
        let tokens: Vec<&str> = tokens(&lower).collect();
        let mut rest = tokens.as_slice();
        let mut before = Meaning::Nothing;
        let mut of_this: Option<Environment> = None;
        let outer = self.environment.take();
        let around = self.elsewhere;
        let said = |token: &str| {
            let others = tokens.iter().any(|word| *word != token && CERTAIN.contains(word));
            Elsewhere { firmly: is_child || others || around.firmly, ..around }
        };
        while let [token, behind @ ..] = rest {
            rest = behind;
            let pair = behind
                .first()
                .and_then(|next| PAIRS.iter().find(|(one, two, _)| one == token && two == next));
            let meaning = if let Some((one, two, environment)) = pair {
                rest = behind.get(1..).unwrap_or_default();
                if environment.is_empty() {
                    Meaning::Nothing
                } else {
                    Meaning::environment(environment, &format!("{one}-{two}"))
                }
            } else if is_number(token) {
                before.numbered(token)
            } else if is_child && is_product(token) || is_start_of_name(token, behind, said(token))
            {
                Meaning::Name((*token).to_owned())
            } else {
                let mut before = tokens.iter().take_while(|word| *word != token);
                let begins =
                    PERHAPS.contains(token) && before.all(|word| vocabulary::is_format(word));
                let name = behind.first().and_then(|next| meaning(next).name());
                meaning(token).beginning(name.filter(|_| begins))
            };
            if let Meaning::Environment(found) = &meaning {
                let is_numbered = matches!(&before, Meaning::Environment(one) if is_number(token) && Some(one) == of_this.as_ref());
                let first = of_this.take().filter(|_| !is_numbered);
                of_this = Some(first.map_or_else(|| found.clone(), |first| first.beside(found)));
            }
            self.add(&mut before, meaning);
        }
        self.environment = match (outer, of_this) {
            (outer, None) => outer,
            (Some(outer), Some(inner)) => Some(outer.within(inner)),
            (None, inner) => inner,
        };
    }

    fn add(&mut self, before: &mut Meaning, meaning: Meaning) {
        match &meaning {
            Meaning::Renamed(name) => {
                self.names.pop();
                self.push(name);
            }
            Meaning::Name(name) => self.push(name),
            Meaning::Base(firm) => self.base = Some(*firm || self.base == Some(true)),
            Meaning::Environment(_) | Meaning::Nothing | Meaning::Structural(_) => {}
        }
        *before = meaning;
    }

    fn push(&mut self, name: &str) {
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
    }
}

/// What one word says.
#[derive(Clone, Debug)]
enum Meaning {
    Nothing,
    Structural(String),
    Environment(Environment),
    Name(String),
    /// A name that takes the place of the last one.
    Renamed(String),
    Base(bool),
}

impl Meaning {
    fn environment(name: &str, written: &str) -> Self {
        let (name, written) = (name.to_owned(), written.to_owned());
        Self::Environment(Environment { name, written, begins: None })
    }

    /// The same, with the name that it begins: of an environment.
    fn beginning(mut self, name: Option<String>) -> Self {
        if let Self::Environment(environment) = &mut self {
            environment.begins = name;
        }
        self
    }

    /// The word, where it is a name.
    fn name(self) -> Option<String> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    /// What a number or a single letter behind this word says.
    fn numbered(&self, number: &str) -> Self {
        match self {
            Self::Environment(Environment { name, written, .. })
                if number.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                Self::environment(
                    &format!("{name}-{}", number.trim_start_matches('0')),
                    &format!("{written}-{number}"),
                )
            }
            Self::Structural(word) if NUMBERED.contains(&word.as_str()) => {
                Self::Name(format!("{word}-{number}"))
            }
            Self::Name(name) => Self::Renamed(format!("{name}-{number}")),
            _ => Self::Nothing,
        }
    }
}

/// The name of a folder with a number or a single letter beneath one that collects: `brands/a` is `brand-a`.
fn numbered_in(folder: &str, part: &str) -> Option<String> {
    let one = folder.strip_suffix('s').filter(|one| NUMBERED.contains(one))?;
    (!part.is_empty() && is_number(part)).then(|| format!("{one}-{}", part.to_ascii_lowercase()))
}

/// Whether a word is a number, a version or a single letter.
#[must_use]
pub fn is_number(token: &str) -> bool {
    let digits = token.strip_prefix('v').filter(|rest| !rest.is_empty()).unwrap_or(token);
    token.len() == 1 || digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn meaning(token: &str) -> Meaning {
    if let Some(name) = vocabulary::environment(token) {
        return Meaning::environment(name, token);
    }
    if let Some(&(_, firm)) = BASES.iter().find(|(word, _)| *word == token) {
        return Meaning::Base(firm);
    }
    if is_structural(token) {
        return Meaning::Structural(token.to_owned());
    }
    let stem = token.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = token.get(stem.len()..).unwrap_or_default();
    if !number.is_empty() {
        if let Some(name) = vocabulary::environment(stem) {
            return Meaning::environment(&format!("{name}-{number}"), token);
        }
        if NUMBERED.contains(&stem) {
            return Meaning::Name(format!("{stem}-{number}"));
        }
        if is_structural(stem) {
            return Meaning::Nothing;
        }
    }
    Meaning::Name(token.to_owned())
}

/// Whether a folder's or file's bare name says that several instances inherit it.
#[must_use]
pub fn is_base(name: &str) -> bool {
    BASES.iter().any(|(word, _)| *word == name)
}

/// Whether a folder collects one thing per instance, so that the names in it are names of instances.
#[must_use]
pub fn is_collection(folder: &str) -> bool {
    vocabulary::is_collection(folder)
}

/// The environment that a whole name says, and nothing else: `staging`, `uat2`, `review/$BRANCH`.
#[must_use]
pub fn bare_environment(name: &str) -> Option<Environment> {
    let name = name.split_once("/$").map_or(name, |(name, _)| name);
    let mut words = Words::default();
    words.read(name);
    let whole = name.to_ascii_lowercase().replace(['_', ' ', '.'], "-");
    words.environment.filter(|environment| environment.written == whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str) -> String {
        let words = Words::of_path(path);
        let environment = words.environment.map(|environment| environment.name).unwrap_or_default();
        format!(
            "{}|{environment}{}",
            words.names.join(" "),
            if words.base.is_some() { "|base" } else { "" }
        )
    }

    #[test]
    fn paths_of_one_instance_say_the_same() {
        for path in [
            "k8s/prod/configmap.yaml",
            "app/etc/env.prod.php",
            "values-production.yaml",
            ".env.live",
            "env.php.prod",
            "deploy/PROD/secrets.json",
        ] {
            assert_eq!(said(path), "|production", "{path}");
        }
    }

    #[test]
    fn names_and_numbers_tell_instances_apart() {
        for (path, expected) in [
            ("sites/eu/prod/env.php", "eu|production"),
            ("shops/acme/app/etc/env.staging.php", "acme|staging"),
            ("values-acme-uat2.yaml", "acme|uat-2"),
            ("envs/uat-03/.env", "|uat-3"),
            ("shop-a.env", "shop-a|"),
            ("brands/B/env.php", "brand-b|"),
            ("site2/env.php", "site-2|"),
            ("web1/env.php", "|"),
            ("01-configmap.yaml", "|"),
            ("k8s/pre-prod/configmap.yaml", "|preproduction"),
            ("k8s/non-prod/staging/configmap.yaml", "|staging"),
            ("k8s/prod/live-search.yaml", "|production"),
            ("k8s/staging/production-keys.yaml", "|staging"),
            ("k8s/base/configmap.yaml", "||base"),
            ("acme/group_vars/all.yml", "acme||base"),
            ("bereitstellung/abnahme/env.php", "|acceptance"),
            ("umgebungen/entwicklung/.env", "|development"),
            ("environnements/recette/env.php", "|acceptance"),
            ("umbrella/values-prod.yaml", "|production"),
            ("live/non-prod/eu/play/terragrunt.hcl", "eu play|nonproduction"),
            ("k8s/staging/non-prod/a.yaml", "|staging"),
            ("tenants/live-concerts/beta/.env", "live concerts beta|"),
            ("brands/price/prod/.env", "price|production"),
            ("instances/price-0008/production/.env", "price-0008|production"),
            ("envs/uat-prod/.env", "|uat-production"),
            ("envs/prod-uat/.env", "|uat-production"),
            ("envs/staging-live/.env", "|staging-production"),
            ("k8s/local-hero-prod/.env", "local hero|production"),
            ("envs/prod-2/.env", "|production-2"),
            ("deploy/prod/stage-door/.env", "stage door|production"),
            ("envs/prod/demo-shop.values.yaml", "demo|production"),
            ("envs/stage/demo-shop.values.yaml", "demo|staging"),
            ("clusters/stage/tenants/prod-tools/a.yaml", "prod tools|staging"),
            ("k8s/dev-outlet-prod/a.yaml", "dev outlet|production"),
            ("envs/prod-kiwi/a.yaml", "kiwi|production"),
            ("envs/prod/prod-kiwi.yaml", "kiwi|production"),
            ("values-base-camp-prod.yaml", "base camp|production"),
            ("values-common-kiwi.yaml", "kiwi||base"),
            ("envs/prod/common.yaml", "|production|base"),
            ("deploy/prod-test-kitchen.conf", "test kitchen|production"),
            ("gitops/test-kitchen/staging.yml", "test kitchen|staging"),
        ] {
            assert_eq!(said(path), expected, "{path}");
        }
    }
}
