//! A configuration as it was read, with what it stands on.

use super::packs::Packs;
use crate::config::Config;
use crate::config::weakening::Loosened;

/// A configuration on top of those that it extends, and its text where it can be pointed at.
#[derive(Default)]
pub(super) struct Configuration {
    pub config: Config,
    pub text: Option<(String, String)>,
    pub packs: Packs,
    /// What it extends, those that hold less first.
    pub extended: Vec<Extended>,
    /// What it would make weaker that is locked.
    pub breaches: Vec<Loosened>,
}

/// A policy that a configuration extends.
#[derive(Clone, Debug, Default)]
pub struct Extended {
    /// Its path as it is shown.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Whether it is no file of the tree.
    pub is_outside: bool,
}
