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
    /// Of several names at one place, how many count before it: the first that gives something is what the place holds.
    pub behind: u8,
}

/// The ways that lead to values, by the places of these.
pub type Ways = BTreeMap<Location, Vec<Way>>;
