//! The words of paths and names: which say an environment, which say that a file is shared, which say nothing.
//!
//! The words themselves stand in `vocabulary.rs`.

use super::vocabulary::{
    self, BASES, CERTAIN, DEPLOYING, NUMBERED, PAIRS, PERHAPS, TASKS, TRIALS, is_product,
    is_structural,
};

/// An environment as a path or a name says it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Environment {
    /// The word of the output, a number kept: `staging`, `uat-2`.
    pub name: String,
    /// What stands there.
    pub written: String,
}

impl Environment {
    /// Whether this is the real shop.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.name.split('-').next() == Some("production")
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
            (true, _) | (_, true) => return Self { name: NON_PRODUCTION.to_owned(), written },
            _ if self.is_production() => (&other.name, &self.name),
            _ => (&self.name, &other.name),
        };
        Self { name: format!("{first}-{second}"), written }
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

/// The words of a name, in order.
pub fn tokens(name: &str) -> impl Iterator<Item = &str> {
    name.split(['.', '_', '-', ' ', '+', '@', '~', '(', ')', ',', '='])
        .filter(|word| !word.is_empty())
}

/// Whether a word that can be an environment is the start of a name: `live-concerts` in `tenants/`, `local-hero-prod`, `test-kitchen-live`.
fn is_part_of_name(token: &str, (all, behind): (&[&str], &[&str]), is_name: bool) -> bool {
    let says = |word: &&str| *word != token && CERTAIN.contains(word);
    is_start_of_name(token, behind, is_name || all.iter().any(says))
}

/// Whether a word that can be an environment is the start of a name, with the words `behind` it. `is_said`: the environment is said elsewhere;
/// one that the name ends with is meant before one that it begins with.
#[must_use]
pub fn is_start_of_name(token: &str, behind: &[&str], is_said: bool) -> bool {
    let says_more = || behind.iter().skip(1).any(|word| vocabulary::environment(word).is_some());
    PERHAPS.contains(&token)
        && behind.first().is_some_and(|next| matches!(meaning(next), Meaning::Name(_)))
        && (is_said || says_more())
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
    /// Whether the environment is said firmly elsewhere, so that a word of a name that may be one is part of the name.
    pub is_said: bool,
}

impl Words {
    /// Reads the words of a path: each part between slashes on its own.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        let mut words = Self::default();
        let mut folder = "";
        // A whole word beats a part: in `prod/stage-door/` the door is no stage.
        let saying = path.split('/').filter(|part| says_firmly(part)).count();
        for part in path.split('/') {
            words.is_said = saying > usize::from(says_firmly(part));
            match numbered_in(folder, part) {
                Some(name) => words.push(&name),
                None if is_collection(folder) => words.read_child(part),
                None => words.read(part),
            }
            folder = part;
        }
        words.is_said = saying > 0;
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
        let lower = name.to_ascii_lowercase();
        let tokens: Vec<&str> = tokens(&lower).collect();
        let mut rest = tokens.as_slice();
        let mut before = Meaning::Nothing;
        let mut of_this: Option<Environment> = None;
        let outer = self.environment.take();
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
            } else if is_child && is_product(token)
                || is_part_of_name(token, (tokens.as_slice(), behind), is_child || self.is_said)
            {
                Meaning::Name((*token).to_owned())
            } else {
                meaning(token)
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
        Self::Environment(Environment { name: name.to_owned(), written: written.to_owned() })
    }

    /// What a number or a single letter behind this word says.
    fn numbered(&self, number: &str) -> Self {
        match self {
            Self::Environment(Environment { name, written })
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

/// Whether a word is a number or a single letter.
#[must_use]
pub fn is_number(token: &str) -> bool {
    token.len() == 1 || token.bytes().all(|byte| byte.is_ascii_digit())
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

/// Whether a target or a stage is a task of its own, whose settings no other shares: it runs tests, or may speak of an environment.
#[must_use]
pub fn is_trial(name: &str) -> bool {
    let mut words = Words::default();
    words.read(name);
    let is_word = |token: &str| TRIALS.iter().any(|trial| token.eq_ignore_ascii_case(trial));
    words.environment.is_some() || name.split(|c: char| !c.is_ascii_alphanumeric()).any(is_word)
}

/// The environment that the name of a job, a target or a stage says.
///
/// A whole name says it, and so does a word that means nothing else. Any other (`test`, `live`) does behind a word for deploying. Of one that
/// sets nothing itself (`is_idle`) no more is known than its name, so that it must speak of deploying, and of no part of the shop.
#[must_use]
pub fn task_environment(name: &str, is_idle: bool) -> Option<Environment> {
    let name = &name.replace(':', "-");
    if let Some(environment) = bare_environment(name) {
        // `Stage 1` is a step.
        let is_step = environment.written.starts_with("stage") && environment.name != "staging";
        return Some(environment).filter(|found| !is_step && !TASKS.contains(&found.name.as_str()));
    }
    let mut words = Words::default();
    words.read(name);
    let environment = words.environment?;
    let lower = name.to_ascii_lowercase();
    let tokens: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let deploying = |token: &str| DEPLOYING.iter().find(|(word, _)| *word == token);
    let deploys = tokens
        .iter()
        .position(|token| deploying(token).is_some_and(|(_, whole)| *whole || !is_idle));
    let first = environment.written.split('-').next().unwrap_or_default();
    let said = tokens.iter().rposition(|token| *token == first);
    let is_behind = deploys.zip(said).is_some_and(|(deploys, said)| deploys < said);
    let is_certain = CERTAIN.contains(&environment.written.as_str());
    let says = if is_idle {
        let names_part = |name: &String| name != "to" && deploying(name).is_none();
        deploys.is_some() && (is_certain || is_behind) && !words.names.iter().any(names_part)
    } else {
        is_certain || is_behind
    };
    says.then_some(environment)
}

/// The words of the name of a job, a target or a stage that say neither what it does nor where: those of a brand, perhaps.
#[must_use]
pub fn task_names(name: &str) -> Vec<String> {
    let mut words = Words::default();
    words.read(&name.replace([':', '/'], "-"));
    let is_task = |name: &String| {
        name == "to" || DEPLOYING.iter().any(|(word, _)| word == name) || is_trial(name)
    };
    words.names.retain(|name| !is_task(name));
    words.names
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
            ("deploy/prod-test-kitchen.conf", "test kitchen|production"),
            ("gitops/test-kitchen/staging.yml", "test kitchen|staging"),
        ] {
            assert_eq!(said(path), expected, "{path}");
        }
    }
}
