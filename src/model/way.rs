//! How a value reaches the setting that it is given to, where names stand between.

use std::collections::BTreeMap;

use crate::source::Location;

/// A place that names a value instead of holding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Where the name stands.
    pub at: Location,
    /// The name.
    pub name: String,
}

/// The ways that lead to values, by the places of these.
pub type Ways = BTreeMap<Location, Vec<Way>>;
