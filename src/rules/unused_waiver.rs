//! See `rules/unused-waiver.md`.

use crate::rule::{Check, Context, Finding};

/// A waiver that accepts nothing. What waivers do is known only when all rules have run: the engine tells it.
pub struct UnusedWaiver;

impl Check for UnusedWaiver {
    fn check(&self, _: &Context<'_>, _: &mut Vec<Finding>) {}
}
