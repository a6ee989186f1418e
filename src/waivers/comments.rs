//! `commerce-lint: allow <rule> -- reason` in a comment: accepts a warning on its line or, alone on its own, on the next one.

use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem;

use super::embedded;
use super::grounds::{Grounds, Reason, Rules, Seen, Written};
use crate::rule::{Finding, NEVER_WAIVED, UNUSED_WAIVER, WEAKENED_POLICY};
use crate::source::{Location, Source, SourceId};
use crate::sources::{Sources, State};
use crate::suggest::nearest;
use crate::syntax::comments::REMARK;
use crate::syntax::format_of;

/// How many comments of one file count; what is behind them accepts nothing.
const MOST: usize = 1000;

const FORM: &str = "write `commerce-lint: allow <rule> -- reason`";

/// How it ends that a comment allows what is not there: nothing is lost with it.
pub const IDLE_COMMENT: &str = ", which is not found here";

/// The comments for this tool, by file.
pub struct Comments {
    allowed: BTreeMap<SourceId, Vec<Allowed>>,
    /// Comments that say nothing we understand, with their files.
    mistakes: Vec<(SourceId, Finding)>,
}

/// A comment that allows something.
struct Allowed {
    rule: String,
    reason: String,
    at: Location,
    /// The lines it is about, first and last.
    lines: (usize, usize),
    /// Whether the change that is checked adds it.
    is_new: bool,
    fate: Fate,
}

/// What became of a comment.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Fate {
    /// What it is about is not found.
    #[default]
    Idle,
    /// What it is about is an error.
    IsError,
    /// What it is about never runs.
    IsOff,
    /// What it is about is as new as it is.
    TooNew,
    /// It accepts something.
    Used,
}

impl Comments {
    /// Reads the comments of every file of some states whose text was kept, but for the tool's own.
    pub fn read(sources: &Sources, own: &[&str], states: &[State], rules: Rules<'_>) -> Self {
        let mut comments = Self { allowed: BTreeMap::new(), mistakes: Vec::new() };
        let views: Vec<Sources> = states.iter().map(|state| sources.of(*state)).collect();
        let files: BTreeMap<SourceId, &str> = views.iter().flat_map(Sources::paths).collect();
        for (id, path) in files.into_iter().filter(|(_, path)| !own.contains(path)) {
            let Some(source) = sources.get(id) else { continue };
            let Some(format) = format_of(path) else { continue };
            let text = source.text();
            if memmem::find(text.as_bytes(), REMARK.as_bytes()).is_none() {
                continue;
            }
            let mut allowed: Vec<Allowed> = Vec::new();
            let found = embedded::comments(format, id, source);
            for span in embedded::strays(text, &found, MOST) {
                let said = source.slice(span).strip_prefix(REMARK).unwrap_or_default().trim_start();
                if is_order(said, rules) {
                    let at = Location { source: id, span };
                    let finding = Finding::new(
                        at,
                        "this comment stands in a text that is not searched for comments",
                    );
                    let help = "put it into a comment of the file itself, or add a waiver with an end to commerce-lint.toml";
                    comments.mistakes.push((id, finding.label("accepts nothing").help(help)));
                }
            }
            for comment in found.into_iter().take(MOST) {
                let at = Location { source: id, span: comment.text };
                let line = |offset| source.line_number(source.line_of(offset));
                let (first, last) = (line(comment.at.start), line(comment.at.end));
                let said = source.slice(comment.text);
                let said = said.strip_prefix(REMARK).unwrap_or(said).trim_start();
                if !is_order(said, rules) {
                    continue;
                }
                match understood(said, rules) {
                    Ok((rule, reason)) => allowed.push(Allowed {
                        fate: Fate::from_start(&rule, rules),
                        rule,
                        reason,
                        at,
                        lines: if comment.alone { (last + 1, last + 1) } else { (first, last) },
                        is_new: false,
                    }),
                    Err((message, help)) => {
                        let finding = Finding::new(at, message).label("accepts nothing");
                        comments.mistakes.push((id, finding.help(help)));
                    }
                }
            }
            stack(&mut allowed, source);
            comments.allowed.insert(id, allowed);
        }
        comments
    }

    /// What the comments say.
    pub fn written(&self, sources: &Sources) -> Vec<Written> {
        let all = self.allowed.iter().flat_map(|(id, allowed)| allowed.iter().map(|of| (*id, of)));
        all.map(|(id, of)| of.written(sources.path(id))).collect()
    }

    /// Finds out which comments the change adds. One that was there stays known where its file gets another name, or it another place;
    /// a second one like it does not.
    pub fn know(&mut self, before: &[Written], sources: &Sources) {
        let mut known: BTreeMap<Written, usize> = BTreeMap::new();
        for written in before {
            *known.entry(written.clone()).or_default() += 1;
        }
        let all = self.allowed.iter_mut();
        let mut unknown: Vec<(SourceId, &mut Allowed)> =
            all.flat_map(|(id, allowed)| allowed.iter_mut().map(|of| (*id, of))).collect();
        unknown.retain(|(id, of)| !take(&mut known, &of.written(sources.path(*id))));
        let mut moved: BTreeMap<Written, usize> = BTreeMap::new();
        for (written, left) in known {
            *moved.entry(Written { path: String::new(), ..written }).or_default() += left;
        }
        unknown.retain(|(_, of)| !take(&mut moved, &of.written("")));
        for (_, of) in unknown {
            of.is_new = true;
        }
    }

    /// Why a finding is accepted, if it is.
    pub fn accept(&mut self, seen: &Seen<'_>, grounds: &Grounds<'_>) -> Option<Reason> {
        let at = seen.diagnostic.finding.primary.at;
        let mut reason = None;
        for allowed in self.allowed.get_mut(&at.source)? {
            let (first, last) = allowed.lines;
            if allowed.rule != seen.diagnostic.rule || !(first..=last).contains(&seen.line) {
                continue;
            }
            if allowed.fate == Fate::IsError {
                continue;
            }
            if allowed.is_new && !grounds.lets_new(seen) {
                allowed.settle(Fate::TooNew);
                continue;
            }
            allowed.settle(Fate::Used);
            let (text, at) = (allowed.reason.clone(), Some(allowed.at));
            reason = reason.or(Some(Reason { text, at, is_intended: false }));
        }
        reason
    }

    /// What is wrong with the comments of the state that is checked; each branch has its own run. In a file that deploys nothing they are told only where something is found: a sample is copied with its
    /// comments, and nobody mends other people's code.
    pub fn told(
        self,
        found: &BTreeSet<SourceId>,
        grounds: &Grounds<'_>,
        sources: &Sources,
    ) -> Vec<(&'static str, Finding)> {
        let here: BTreeSet<SourceId> = sources.of(State(0)).paths().map(|(id, _)| id).collect();
        let is_told = |id: SourceId| {
            let matters = found.contains(&id) || !(grounds.is_sample)(sources.path(id));
            matters && here.contains(&id)
        };
        let mistakes = self.mistakes.into_iter().filter(|(id, _)| is_told(*id));
        let mut told: Vec<_> = mistakes.map(|(_, finding)| (UNUSED_WAIVER, finding)).collect();
        let allowed = self.allowed.into_iter().filter(|(id, _)| is_told(*id));
        for Allowed { rule, at, fate, .. } in allowed.flat_map(|(_, allowed)| allowed) {
            let what = format!("this comment allows `{rule}`");
            if let Some(locked) = grounds.locked(at, &what, &rule) {
                told.push((WEAKENED_POLICY, locked));
                continue;
            }
            let (message, help) = match fate {
                Fate::Used => continue,
                Fate::Idle if grounds.may_miss(&rule, sources.path(at.source)) => continue,
                Fate::IsError => (
                    format!("this comment cannot allow `{rule}`, which is an error here"),
                    "mend what is wrong, or add a waiver with an end to commerce-lint.toml: only there are errors accepted",
                ),
                Fate::IsOff => {
                    (format!("{what}, which is off"), "remove the comment, or turn the rule on")
                }
                Fate::TooNew => (
                    format!("this comment cannot allow `{rule}`, which comes with the same change"),
                    "mend what is wrong, or let whoever answers for it accept it in a change that is pushed or merged before: a comment that a change adds accepts only what was found before",
                ),
                Fate::Idle => (
                    format!("{what}{IDLE_COMMENT}"),
                    "remove the comment; it is about its own line or, alone on a line, about the next one",
                ),
            };
            let finding = Finding::new(at, message).label("accepts nothing").help(help);
            told.push((UNUSED_WAIVER, finding));
        }
        told
    }
}

impl Fate {
    fn from_start(rule: &str, rules: Rules<'_>) -> Self {
        if rules.errors.contains(&rule) {
            Self::IsError
        } else if rules.off.contains(&rule) {
            Self::IsOff
        } else {
            Self::Idle
        }
    }
}

impl Allowed {
    /// Keeps what says most of the comment: that it accepts something.
    fn settle(&mut self, fate: Fate) {
        if self.fate != Fate::Used {
            self.fate = fate;
        }
    }
}

impl Allowed {
    fn written(&self, path: &str) -> Written {
        Written { path: path.to_owned(), rule: self.rule.clone(), reason: self.reason.clone() }
    }
}

/// Takes one of what is left, if anything is.
fn take(left: &mut BTreeMap<Written, usize>, written: &Written) -> bool {
    let left = left.get_mut(written).filter(|left| **left > 0);
    left.map(|left| *left -= 1).is_some()
}

/// Comments one above the other are about the line below all of them.
fn stack(allowed: &mut [Allowed], source: &Source) {
    let mut next: Option<(usize, (usize, usize))> = None;
    for comment in allowed.iter_mut().rev() {
        let line = source.line_number(source.line_of(comment.at.span.start));
        if let Some((below, lines)) = next
            && comment.lines == (below, below)
            && lines.0 > below
        {
            comment.lines = lines;
        }
        next = Some((line, comment.lines));
    }
}

/// What people write who have another tool's word in mind.
const ORDERS: [&str; 8] =
    ["accept", "disable", "ignore", "off", "permit", "skip", "suppress", "waive"];

/// Whether a comment is meant to accept something, and does not merely speak of this tool.
fn is_order(said: &str, rules: Rules<'_>) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || "-_".contains(c);
    let mut words = said.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    let Some(first) = words.next().map(str::to_lowercase) else { return true };
    let (verb, _) = first.split_once(['-', '_']).unwrap_or((&first, ""));
    let is_rule = |word: &str| nearest(word, rules.all.iter().copied()).is_some();
    verb == "allow"
        || rules.all.contains(&first.as_str())
        || ORDERS.contains(&verb) && words.next().is_none_or(|word| word == "all" || is_rule(word))
}

/// The rule and the reason in a comment, or what is wrong with it and what to write.
fn understood(said: &str, rules: Rules<'_>) -> Result<(String, String), (String, String)> {
    let allowed = said.strip_prefix("allow").filter(|rest| rest.starts_with(char::is_whitespace));
    let Some(allowed) = allowed else {
        return Err(("this comment says nothing that is understood".into(), FORM.into()));
    };
    // XML forbids two hyphens in a comment.
    let ends = ["--", " - ", "—"].into_iter().filter_map(|sign| allowed.split_once(sign));
    let (rule, reason) = ends.min_by_key(|(rule, _)| rule.len()).unwrap_or((allowed, ""));
    let (rule, reason) = (rule.trim(), reason.trim());
    if rule.is_empty() {
        return Err(("this comment names no rule".into(), FORM.into()));
    }
    if let Some((first, _)) = rule.split_once([' ', '\t', ',', ':'])
        && !rules.all.contains(&rule)
    {
        let is_other = |id: &&str| *id != first && rule.contains(*id);
        if rules.all.contains(&first) && !rules.all.iter().any(is_other) {
            return Err(without_reason(first));
        }
        let message = "this comment allows more than one rule".into();
        return Err((message, format!("{FORM}, one comment for each rule")));
    }
    if !rules.all.contains(&rule) {
        let near = nearest(rule, rules.all.iter().copied());
        let help = near.map_or_else(
            || "`commerce-lint rules` lists the rules".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        // What is not nearly a rule is perhaps a key in the wrong place.
        let shown = if near.is_some() { rule.into() } else { abridged(rule) };
        return Err((format!("this comment allows the unknown rule `{shown}`"), help));
    }
    if NEVER_WAIVED.contains(&rule) {
        return Err((format!("`{rule}` cannot be waived"), "mend what it points at".into()));
    }
    if reason.is_empty() {
        return Err(without_reason(rule));
    }
    Ok((rule.to_owned(), reason.to_owned()))
}

fn without_reason(rule: &str) -> (String, String) {
    let help = format!("write `commerce-lint: allow {rule} -- ` and why this is acceptable");
    (format!("this comment allows `{rule}` without a reason"), help)
}

/// The start of a text that may be a secret.
fn abridged(text: &str) -> String {
    const MOST: usize = 6;
    let mut shown: String = text.chars().take(MOST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
