//! Rules without code: what a setting must be, written in a rule's page.
//!
//! Eight predicates, no operators, no variables. Where the content of a value is not known, nothing is said of it; what a secret holds is
//! never compared with what a page says, so that no page can guess it.

mod groups;
pub mod reader;
mod template;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use super::changes::place_of;
use super::wording::{self, excerpt, names, quoted};
use crate::model::instance::Instance;
use crate::model::parameter::Parameter;
use crate::model::pattern::{PathPattern, fits};
use crate::model::public;
use crate::model::setting::{Setting, Value};
use crate::rule::{Check, Context, Finding};
use crate::source::Location;
use template::Template;
pub use terms::{Asked, Assertion, Must, When};
use terms::{Use, folded};

/// The check of a page without code.
pub struct Assertions(pub Vec<Assertion>);

impl Check for Assertions {
    /// What an earlier assertion of the page said of an instance, a later one does not say again.
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        let mut told: BTreeSet<String> = BTreeSet::new();
        for assertion in &self.0 {
            let holds = |instance: &&Instance| assertion.when.holds(cx, instance);
            let instances: Vec<&Instance> = cx.now.instances.iter().filter(holds).collect();
            let mut found = assertion.findings(cx, &instances);
            found.retain(|finding| !told.contains(&finding.message));
            told.extend(found.iter().map(|finding| finding.message.clone()));
            findings.append(&mut found);
        }
    }
}

impl When {
    fn holds(&self, cx: &Context<'_>, instance: &Instance) -> bool {
        let is_of_kind = self.kinds.is_empty() || self.kinds.contains(&instance.kind.value);
        let is_named = self.instances.is_empty()
            || self.instances.iter().any(|pattern| fits(pattern, &instance.name));
        is_of_kind
            && is_named
            && self.settings.iter().all(|(path, must)| {
                let values = values(cx, instance, path).map(|(setting, _)| &setting.value);
                let mut values = values.peekable();
                match values.peek() {
                    None => instance.opaque.is_empty() && must.holds(&Value::Blank) == Some(true),
                    Some(_) => values.any(|value| must.holds(value) == Some(true)),
                }
            })
    }

    fn covers(&self, setting: &Setting) -> bool {
        let layer = setting.carrier.layer();
        (self.carriers.is_empty() || self.carriers.contains(&setting.carrier))
            && (self.layers.is_empty() || self.layers.contains(&layer))
    }
}

impl Must {
    /// Whether a single value is as it must be; none where that is not known, or no question for a single value.
    fn holds(&self, value: &Value) -> Option<bool> {
        let text = match value {
            Value::Literal(text) => Some(text.as_str()),
            Value::Blank => Some(""),
            _ => None,
        };
        match self {
            Self::BeSet => Some(value.is_present()),
            Self::BeUnset => Some(!value.is_present()),
            Self::Be(these) => {
                Some(these.iter().any(|one| folded(one) == folded(text.unwrap_or_default())))
                    .filter(|_| text.is_some())
            }
            Self::Match(regex) => Some(regex.is_match(text?)),
            Self::BeReference => match value {
                Value::Literal(_)
                | Value::Secret(..)
                | Value::Public(_)
                | Value::Ciphertext { .. } => Some(false),
                Value::Reference => Some(true),
                _ => None,
            },
            Self::BeUnique | Self::BeSame => None,
        }
    }

    /// Whether it says what a value looks like: then not any word will do.
    fn says_a_look(&self) -> bool {
        matches!(self, Self::Be(_) | Self::Match(_))
            && self.holds(&Value::Literal("word".to_owned())) == Some(false)
    }

    /// The words on the place where it does not hold.
    fn label(&self) -> &'static str {
        match self {
            Self::BeSet => "not set",
            Self::BeUnset => "set here",
            Self::Be(_) | Self::Match(_) => "not allowed",
            Self::BeReference => "written out",
            Self::BeUnique | Self::BeSame => "",
        }
    }
}

impl Assertion {
    fn findings<'a>(&'a self, cx: &Context<'a>, instances: &[&'a Instance]) -> Vec<Finding> {
        let names: Vec<(&Instance, Value)> = match self.asked.first() {
            Some(Asked::Name) => named(instances, |of| &of.name),
            Some(Asked::Account) => named(instances, |of| &of.account.value),
            _ => Vec::new(),
        };
        if !names.is_empty() {
            let of_names = names.iter().filter(|(_, value)| self.must.holds(value) == Some(false));
            let found = of_names.filter_map(|(instance, value)| {
                let at = place_of(cx.now, instance)?;
                let one = Use {
                    what: "name",
                    path: "instance/name",
                    value,
                    parameter: None,
                    at,
                    users: vec![instance],
                };
                Some(self.finding(&one))
            });
            return found.collect();
        }
        match self.must {
            Must::BeUnique => groups::shared(self, cx, instances),
            Must::BeSame => groups::different(self, cx, instances),
            Must::BeSet => self.absent(cx, instances),
            _ => {
                let faulty = self.uses(cx, instances).into_values().filter(|found| {
                    // What is blank is not there: only `be-unset` and `be-set` are about that.
                    *found.value != Value::Blank
                        && (self.must.holds(found.value) == Some(false)
                            || found.is_misplaced_secret() && self.must.says_a_look())
                });
                faulty.map(|found| self.finding(&found)).collect()
            }
        }
    }

    /// The values asked for, by place.
    fn uses<'a>(
        &self,
        cx: &Context<'a>,
        instances: &[&'a Instance],
    ) -> BTreeMap<Location, Use<'a>> {
        let mut uses: BTreeMap<Location, Use<'a>> = BTreeMap::new();
        for &instance in instances {
            for path in self.paths() {
                for (setting, path) in values(cx, instance, path) {
                    if !self.when.covers(setting) {
                        continue;
                    }
                    let what = path.rsplit('/').next().unwrap_or(path);
                    let one = Use {
                        what,
                        path,
                        value: &setting.value,
                        parameter: Some(setting.parameter),
                        at: setting.at,
                        users: Vec::new(),
                    };
                    let known = uses.entry(setting.at).or_insert(one);
                    if known.users.last().is_none_or(|last| last.name != instance.name) {
                        known.users.push(instance);
                    }
                }
            }
        }
        uses
    }

    fn paths(&self) -> impl Iterator<Item = &PathPattern> {
        self.asked.iter().filter_map(|asked| match asked {
            Asked::Settings(path) => Some(path),
            _ => None,
        })
    }

    /// The instances in which nothing is set that must be.
    fn absent<'a>(&'a self, cx: &Context<'a>, instances: &[&'a Instance]) -> Vec<Finding> {
        let mut found = Vec::new();
        for &instance in instances.iter().filter(|instance| instance.opaque.is_empty()) {
            for path in self.paths() {
                let mut blank = None;
                let mut is_set = false;
                for (setting, _) in values(cx, instance, path) {
                    is_set |= setting.value.is_present();
                    blank = blank.or(Some(setting.at));
                }
                let place = blank.or_else(|| place_of(cx.now, instance));
                if let Some(at) = place.filter(|_| !is_set) {
                    let what = path.text().rsplit('/').next().unwrap_or_default();
                    let users = vec![instance];
                    let (value, path) = (&Value::Blank, path.text());
                    let one = Use { what, path, value, parameter: None, at, users };
                    found.push(self.finding(&one));
                    break;
                }
            }
        }
        found
    }

    fn finding(&self, found: &Use<'_>) -> Finding {
        let message = match &self.message {
            Some(template) => Self::filled(template, found),
            None => self.told(found),
        };
        let help = self.help.as_ref().map_or_else(
            || "see what the page of this rule says, and change it here".to_owned(),
            |template| Self::filled(template, found),
        );
        Finding::new(found.at, message)
            .label(self.must.label())
            .help(help)
            .of(found.users.iter().map(|user| user.name.clone()))
    }

    fn filled(template: &Template, found: &Use<'_>) -> String {
        template.filled(&[
            ("instance", names(&found.users)),
            ("value", found.shown()),
            ("setting", quoted(found.what)),
            ("path", quoted(found.path)),
        ])
    }

    /// What is said where the page says nothing of its own.
    fn told(&self, found: &Use<'_>) -> String {
        let Use { what, path, users, .. } = found;
        let (of, value) = (names(users), found.shown());
        match &self.must {
            Must::BeSet => format!("`{path}` is not set in {of}"),
            Must::BeUnset => format!("`{what}` is set in {of}"),
            Must::Be(these) => {
                let these: Vec<String> = these.iter().map(|one| quoted(one)).collect();
                format!("`{what}` of {of} is {value}, not {}", these.join(" or "))
            }
            Must::Match(regex) => {
                format!("`{what}` of {of} is {value}, which does not match `{regex}`")
            }
            Must::BeReference => format!("`{what}` of {of} is written out: it must be a reference"),
            Must::BeUnique => format!("`{what}` {value} is the same in {of}"),
            Must::BeSame => format!("`{what}` is not the same in {of}"),
        }
    }
}

fn named<'a>(
    instances: &[&'a Instance],
    of: fn(&Instance) -> &String,
) -> Vec<(&'a Instance, Value)> {
    instances.iter().map(|&instance| (instance, Value::Literal(of(instance).clone()))).collect()
}

/// The settings in force in an instance whose paths match, each with its path: at default scope, and for one website or store where Magento
/// reads them so.
fn values<'a>(
    cx: &Context<'a>,
    instance: &'a Instance,
    pattern: &PathPattern,
) -> impl Iterator<Item = (&'a Setting, &'static str)> {
    let everywhere = instance.settings.iter().map(|(parameter, found)| (*parameter, found));
    let scoped = instance.scoped.iter().map(|((parameter, _), found)| (*parameter, found));
    let scoped = scoped.filter(|(parameter, _)| parameter.has_scopes());
    let found = everywhere.chain(scoped).filter(|(parameter, _)| pattern.matches(parameter.path()));
    let found: Vec<_> =
        found.map(|(parameter, found)| (cx.now.setting(found.winner), parameter.path())).collect();
    found.into_iter()
}

impl Use<'_> {
    /// Whether it is a secret where no secret belongs: whatever it is, it has not the look of what belongs there.
    fn is_misplaced_secret(&self) -> bool {
        let has_look = |parameter: Parameter| !parameter.is_secret() && public::has_look(parameter);
        matches!(self.value, Value::Secret(..)) && self.parameter.is_some_and(has_look)
    }

    /// The value as a message may show it.
    fn shown(&self) -> String {
        match (self.value, self.parameter) {
            (Value::Literal(text), Some(parameter)) => wording::value(parameter, text.trim()),
            (value, _) => shown(value),
        }
    }
}

/// A value that nothing is known of, as a message may show it.
fn shown(value: &Value) -> String {
    match value {
        Value::Literal(text) => excerpt(text.trim()),
        Value::Blank => "blank".into(),
        Value::Secret(..) => "a secret".into(),
        Value::Public(public) => public.words().into(),
        Value::Ciphertext { .. } => "ciphertext".into(),
        Value::Reference => "a reference".into(),
        Value::Placeholder => "a placeholder".into(),
        Value::Masked => "stars".into(),
        Value::Unknown => "not known".into(),
        Value::OneOf(_) => "one of several".into(),
    }
}
