//! The steps of a job: one is run after the other.

use super::branches;
use crate::recognise::Said;

/// The key over the steps of a job.
pub const STEPS: &str = "steps";

/// What stands above all steps of a job that deploys to one environment, where a step says nothing of its own: the names of steps tell nothing.
pub fn job_of(above: &[String]) -> &[String] {
    let is = |name: &'static str| above.iter().position(|key| key == name);
    let Some(steps) = is(STEPS).filter(|_| is(Said::ENVIRONMENT).is_some()) else { return above };
    let own = above.get(steps..).unwrap_or_default();
    let says = |key: &String| {
        [Said::CASE, Said::OTHERWISE, Said::ENVIRONMENT, branches::COLLECTION]
            .contains(&key.as_str())
    };
    if own.iter().any(says) { above } else { above.get(..=steps).unwrap_or(above) }
}
