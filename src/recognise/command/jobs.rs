//! What is run after what: the steps of a job, and commands that are run where others fail.

use super::branches;
use super::reader::Reader;
use crate::recognise::Said;
use crate::syntax::Node;
use crate::syntax::shell::SURE;

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

impl Reader<'_> {
    /// Whether another command decides about one: `config:set … || config:set …`, `is_production && config:set …`. In a folder that was
    /// changed to before, it is run.
    pub(super) fn is_decided(&self, command: &Node, last: Option<&Node>, was: bool) -> bool {
        let start = command.at.span.start as usize;
        let is_own = command.at.source == self.id;
        let text = self.run.as_deref().filter(|_| is_own).unwrap_or(self.source.text());
        let before = text.get(..start).unwrap_or_default();
        let before = before.trim_end_matches([' ', '\t', '\n', '\\', '{', '(']);
        let is_sure = || {
            let first = last.and_then(|last| last.items().first()).and_then(Node::as_str);
            first.is_none_or(|word| SURE.contains(&word))
        };
        before.ends_with("||")
            || was && before.ends_with(['&', '|'])
            || before.ends_with("&&") && !is_sure()
    }
}
