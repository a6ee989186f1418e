//! What an assertion is made of.

use regex::Regex;

use super::template::Template;
use crate::model::instance::{Instance, Kind};
use crate::model::parameter::Parameter;
use crate::model::pattern::PathPattern;
use crate::model::setting::{Carrier, Layer, Value};
use crate::model::uuid::fold_uuid;
use crate::source::Location;

/// What must hold.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// What is asked for, in the order of the page.
    pub asked: Vec<Asked>,
    /// What it must be.
    pub must: Must,
    /// Where that holds.
    pub when: When,
    /// What is said where it does not hold, and what to do then.
    pub message: Option<Template>,
    /// The same.
    pub help: Option<Template>,
}

/// What an assertion asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The settings of a pattern of paths.
    Settings(PathPattern),
    /// `instance/name`.
    Name,
    /// `instance/account`.
    Account,
}

/// What must be.
#[derive(Clone, Debug)]
pub enum Must {
    /// There is a value.
    BeSet,
    /// There is none.
    BeUnset,
    /// The value is one of these.
    Be(Vec<String>),
    /// The value matches.
    Match(Box<Regex>),
    /// The value is kept elsewhere.
    BeReference,
    /// No other installation has the value.
    BeUnique,
    /// All instances have the same value.
    BeSame,
}

/// Where an assertion holds; an empty list is no condition.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// Of instances of these kinds.
    pub kinds: Vec<Kind>,
    /// Of instances whose names match one of these.
    pub instances: Vec<String>,
    /// Of values that these bring.
    pub carriers: Vec<Carrier>,
    /// Of values in these layers.
    pub layers: Vec<Layer>,
    /// Of instances in which other settings are so; what is not set is an empty text.
    pub settings: Vec<(PathPattern, Must)>,
}

/// A value that is asked for, with the instances that it is in force in.
pub(super) struct Use<'a> {
    pub what: &'a str,
    pub path: &'a str,
    pub value: &'a Value,
    /// What it is a value of; none for what is no setting.
    pub parameter: Option<Parameter>,
    pub at: Location,
    pub users: Vec<&'a Instance>,
}

/// A text in one spelling: case and blanks count for nothing.
pub(super) fn folded(text: &str) -> String {
    fold_uuid(text).unwrap_or_else(|| text.trim().to_ascii_lowercase())
}
