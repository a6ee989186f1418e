//! For which of several environments an expression of a document gives a value: `${{ inputs.target == 'production' && 'a' || 'b' }}`.
//!
//! Sources: the Terraform language, *Conditional Expressions*; the GitHub documentation, *Evaluate expressions in workflows and actions*; the Jinja
//! documentation, *If Expression*; the AWS documentation, *Condition functions*.

use crate::recognise::choice;
use crate::resolve::words::bare_environment;
use crate::source::{Location, Source};
use crate::syntax::php::arms::Arm;

/// How far an expression goes on both sides of a value.
const REACH: usize = 2_000;

/// The arm of a conditional expression in which a value stands.
#[must_use]
pub fn arm(source: &Source, at: Location) -> Option<Arm> {
    let text = source.text();
    let (start, end) = (at.span.start as usize, at.span.end as usize);
    let before = within(text.get(..start)?, true)?;
    let behind = within(text.get(end..)?, false)?;
    let hole = before.rfind("{{").and_then(|open| before.get(open + 2..));
    if let Some(key) = choice::key_of(source, at) {
        return Some(Arm::For(vec![key.to_owned()]));
    }
    if let Some(between) = hole.filter(|between| !between.contains("}}")) {
        let rest = behind.split("}}").next()?;
        return of_operators(text, between).or_else(|| of_words(between, rest));
    }
    if let Some(between) = template(before) {
        return of_template(text, between);
    }
    of_terraform(before)
}

/// What stands from the `If` of a template of AWS on that a place is in: of those in each other, the one whose bracket is open.
fn template(before: &str) -> Option<&str> {
    let open = before.rfind("!If").max(before.rfind("Fn::If"))?;
    let between = before.get(open..)?;
    let depth = |bracket: char| between.matches(bracket).count();
    if depth('[') > 0 && depth('[') == depth(']') {
        return template(before.get(..open)?).map(|outer| {
            let start = (outer.as_ptr() as usize).saturating_sub(before.as_ptr() as usize);
            before.get(start..).unwrap_or(outer)
        });
    }
    Some(between)
}

/// The part of a text that is near a place.
fn within(text: &str, is_end: bool) -> Option<&str> {
    let mut cut = if is_end { text.len().saturating_sub(REACH) } else { REACH.min(text.len()) };
    while !text.is_char_boundary(cut) {
        cut += 1;
    }
    if is_end { text.get(cut..) } else { text.get(..cut) }
}

/// `… && 'value' || …`: what stands between the hole's start and the value.
fn of_operators(text: &str, between: &str) -> Option<Arm> {
    if !between.contains("&&") {
        return None;
    }
    let piece = between.rsplit("||").next()?;
    if let Some((condition, _)) = piece.rsplit_once("&&") {
        let condition = bare(condition);
        return arm_of(condition).map(|arm| settled(arm, || one_side(text, condition)));
    }
    let conditions: Vec<&str> =
        between.split("||").filter_map(|piece| Some(bare(piece.rsplit_once("&&")?.0))).collect();
    match conditions.as_slice() {
        [only] => arm_of(only).map(|arm| settled(otherwise(arm), || other_side(text, only))),
        several => Some(Arm::Otherwise(several.iter().filter_map(|one| compared(one)).collect())),
    }
}

/// The arm of what is under a condition.
fn arm_of(condition: &str) -> Option<Arm> {
    let words = vec![compared(condition)?];
    Some(if condition.contains("!=") { Arm::Otherwise(words) } else { Arm::For(words) })
}

/// The arm of what is not under it.
fn otherwise(arm: Arm) -> Arm {
    match arm {
        Arm::For(words) => Arm::Otherwise(words),
        Arm::Otherwise(words) => Arm::For(words),
    }
}

/// The arm itself where it says an environment; else that of the environment which is named for the same condition elsewhere.
fn settled(arm: Arm, elsewhere: impl FnOnce() -> Option<String>) -> Arm {
    let (Arm::For(words) | Arm::Otherwise(words)) = &arm;
    if words.iter().any(|word| bare_environment(word).is_some()) {
        return arm;
    }
    elsewhere().map_or(arm, |word| Arm::For(vec![word]))
}

fn bare(condition: &str) -> &str {
    condition.trim_matches([' ', '(', ')', '\n'])
}

/// The text that a condition compares something with.
fn compared(condition: &str) -> Option<String> {
    let (left, right) = condition.split_once("==").or_else(|| condition.split_once("!="))?;
    let quoted = |side: &str| {
        let quote = side.find(['\'', '"'])?;
        let inner = side.get(quote + 1..)?;
        inner.split(['\'', '"']).next().map(str::to_owned)
    };
    let text = quoted(right).or_else(|| quoted(left))?;
    let text =
        text.strip_prefix("refs/heads/").or(text.strip_prefix("refs/tags/")).unwrap_or(&text);
    Some(text.to_owned())
}

/// The environment that another expression names under the same condition: `environment: ${{ github.ref == … && 'production' || 'staging' }}`.
fn one_side(text: &str, condition: &str) -> Option<String> {
    sides(text, condition)?.0
}

/// The environment that another expression names where the same condition does not hold.
fn other_side(text: &str, condition: &str) -> Option<String> {
    sides(text, condition)?.1
}

/// The environments that another expression names where a condition holds and where it does not: that of a job, else that of a variable.
fn sides(text: &str, condition: &str) -> Option<(Option<String>, Option<String>)> {
    let asked = arm_of(condition)?;
    let lines = || text.lines().filter(|line| line.contains("&&") && line.contains("{{"));
    let named = |line: &str| {
        let hole = line.split_once("{{")?.1.split("}}").next()?;
        let (question, results) = hole.split_once("&&")?;
        let (held, other) = results.split_once("||")?;
        let environment = |written: &str| {
            let word = bare(written).strip_prefix('\'')?.strip_suffix('\'')?;
            bare_environment(word).map(|_| word.to_owned())
        };
        let (held, other) = (environment(held), environment(other));
        held.as_ref().or(other.as_ref())?;
        let own = arm_of(bare(question))?;
        if own == asked {
            return Some((held, other));
        }
        (otherwise(own) == asked).then_some((other, held))
    };
    let of_job = lines().filter(|line| names_one(line)).find_map(named);
    of_job.or_else(|| lines().filter(|line| !names_one(line)).find_map(named))
}

/// Whether a line names the environment of a job.
fn names_one(line: &str) -> bool {
    let key = line.trim_start_matches([' ', '-']).split(':').next().unwrap_or_default();
    matches!(key, "environment" | "name")
}

/// `'value' if environment == 'production' else 'other'`.
fn of_words(between: &str, rest: &str) -> Option<Arm> {
    let rest = rest.trim_start_matches(['\'', '"']).trim_start();
    if let Some(condition) = rest.strip_prefix("if ") {
        return arm_of(condition.split(" else ").next()?);
    }
    let before = between.trim_end_matches(['\'', '"']).trim_end().strip_suffix("else")?;
    let conditions: Vec<&str> = before.split(" if ").skip(1).collect();
    match conditions.as_slice() {
        [only] => arm_of(only).map(otherwise),
        several => Some(Arm::Otherwise(several.iter().filter_map(|one| compared(one)).collect())),
    }
}

/// `!If [IsProduction, value, other]` with `IsProduction: !Equals [!Ref Stage, production]`.
fn of_template(text: &str, between: &str) -> Option<Arm> {
    let items = between.split([',', '\n', '[']).skip(1);
    let clean = |item: &str| item.trim_matches([' ', '-', '"', '\'', ']', '{', '}']).to_owned();
    let items: Vec<String> = items.map(clean).filter(|item| !item.is_empty()).collect();
    let (name, others) = items.split_first()?;
    let word = text.match_indices(name.as_str()).find_map(|(at, _)| {
        let behind = text.get(at + name.len()..)?.trim_start_matches('"').strip_prefix(':')?;
        let behind = behind.trim_start_matches([' ', '\n', '{', '"']);
        let equals =
            behind.strip_prefix("!Equals").or_else(|| behind.strip_prefix("Fn::Equals"))?;
        let operands = equals.split(['[', '\n']).skip(1).take(3).collect::<Vec<_>>().join(",");
        let operands = operands.split(']').next().unwrap_or_default().to_owned();
        let mut words = operands.split(',').map(clean);
        words.find(|word| bare_environment(word).is_some())
    })?;
    Some(if others.is_empty() { Arm::For(vec![word]) } else { Arm::Otherwise(vec![word]) })
}

/// `var.stage == "production" ? "value" : "other"`.
fn of_terraform(before: &str) -> Option<Arm> {
    // Over several lines it stands in parentheses.
    let expression = before.rsplit(['{', '}', ',', '[']).next()?;
    let (condition, behind) = expression.rsplit_once('?')?;
    let condition = condition.rsplit(" : ").next()?;
    let words = vec![compared(condition)?];
    let is_other = behind.contains(':') != condition.contains("!=");
    Some(if is_other { Arm::Otherwise(words) } else { Arm::For(words) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn of(text: &str) -> Option<Arm> {
        let source = Source::new("x.yaml".to_owned(), text.as_bytes().to_vec());
        let start = text.find("id").expect("an id stands in it");
        arm(&source, Location::new(SourceId(0), start, start + 2))
    }

    #[test]
    fn a_value_is_for_what_its_condition_is_compared_with() {
        for text in [
            "a: ${{ inputs.target == 'uat' && 'id' || 'b' }}",
            "a: ${{ inputs.target == 'prod' && 'a' || inputs.target == 'uat' && 'id' }}",
            "a: ${{ github.ref == 'refs/heads/uat' && 'id' || 'b' }}",
            "environment: ${{ github.ref == 'refs/heads/x' && 'uat' || 'b' }}\na: ${{ github.ref == 'refs/heads/x' && 'id' || 'b' }}",
            "environment: ${{ github.ref == 'refs/heads/x' && 'b' || 'uat' }}\na: ${{ github.ref == 'refs/heads/x' && 'b' || 'id' }}",
            "a: \"{{ 'id' if env == 'uat' else 'b' }}\"",
            "C:\n  IsUat: !Equals [!Ref Stage, uat]\nR: !If [IsUat, id, b]",
            "{\"IsUat\": {\"Fn::Equals\": [{\"Ref\": \"Stage\"}, \"uat\"]}, \"R\": {\"Fn::If\": [\"IsUat\", \"id\", \"b\"]}}",
            "C:\n  IsUat: !Equals [!Ref Stage, uat]\nR: !If\n  - IsUat\n  - id\n  - b",
            "a = var.stage == \"uat\" ? \"id\" : \"b\"",
            "a: ${{ inputs.target != 'uat' && 'b' || 'id' }}",
            "a: \"{{ 'b' if env != 'uat' else 'id' }}\"",
            "C:\n  IsUat: !Equals [!Ref Stage, uat]\nR: !If [Other, !If [IsUat, id, b], c]",
        ] {
            assert_eq!(of(text), Some(Arm::For(vec!["uat".to_owned()])), "{text}");
        }
        for text in [
            "a: ${{ inputs.target == 'uat' && 'b' || 'id' }}",
            "a: \"{{ 'b' if env == 'uat' else 'id' }}\"",
            "C:\n  IsUat: !Equals [!Ref Stage, uat]\nR: !If [IsUat, b, id]",
            "a = var.stage == \"uat\" ? \"b\" : \"id\"",
            "a: ${{ inputs.target != 'uat' && 'id' || 'b' }}",
            "a: \"{{ 'id' if env != 'uat' else 'b' }}\"",
            "C:\n  IsUat: !Equals [!Ref Stage, uat]\nR: !If [IsUat, !If [Other, b, c], id]",
        ] {
            assert_eq!(of(text), Some(Arm::Otherwise(vec!["uat".to_owned()])), "{text}");
        }
        for text in ["a: id", "a: ${{ 'x' }} id", "R: !If [Other, id, b]"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
