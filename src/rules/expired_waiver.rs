//! See `rules/expired-waiver.md`.

use crate::rule::{Check, Context, Finding};

/// A waiver past its last day. A check knows no day: the engine tells it.
pub struct ExpiredWaiver;

impl Check for ExpiredWaiver {
    fn check(&self, _: &Context<'_>, _: &mut Vec<Finding>) {}
}
